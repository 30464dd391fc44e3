//! How a query in a worker asks other endpoints, as a worker has no network: the server does it, over the pipes.

use super::wire::{self, Call};
use graph_store::{Cancellation, Services};
use std::fs::File;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often it is asked whether anybody still waits.
const LOOK: Duration = Duration::from_millis(50);

/// The way to the server and back.
#[derive(Debug)]
pub(super) struct Outside(Mutex<(File, Receiver<Vec<u8>>)>);

impl Outside {
    /// Asks on the output, and hears answers from who reads the input.
    pub(super) fn new(output: File, answers: Receiver<Vec<u8>>) -> Self {
        Self(Mutex::new((output, answers)))
    }
}

impl Services for Outside {
    fn ask(
        &self,
        service: &str,
        query: &str,
        until: Option<Instant>,
        cancellation: &Cancellation,
    ) -> Result<Vec<u8>, String> {
        let mut way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (output, answers) = &mut *way;
        // What came too late for a query before.
        while answers.try_recv().is_ok() {}
        let call = Call { service: service.to_owned(), query: query.to_owned() };
        let content = serde_json::to_vec(&call).map_err(|error| error.to_string())?;
        wire::send(output, wire::CALL, &content).map_err(|error| error.to_string())?;
        loop {
            match answers.recv_timeout(LOOK) {
                Ok(content) => return wire::answer(&content),
                Err(RecvTimeoutError::Disconnected) => return Err("the server is gone".to_owned()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if cancellation.is_cancelled() || until.is_some_and(|until| Instant::now() >= until) {
                return Err("it did not answer in time".to_owned());
            }
        }
    }
}
