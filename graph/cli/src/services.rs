//! Who asks the SPARQL endpoints that the operator lets queries name.

use graph_store::{Cancellation, Services};
use std::time::Instant;

/// Asks them over the network of this process.
#[derive(Debug)]
pub(crate) struct Network;

impl Services for Network {
    fn ask(
        &self,
        service: &str,
        query: &str,
        until: Option<Instant>,
        _cancellation: &Cancellation,
    ) -> Result<Vec<u8>, String> {
        graph_harvest::ask_service(service, query, until)
    }
}
