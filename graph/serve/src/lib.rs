//! HTTP over one generation at a time: pages for people, documents and queries for programs.
//!
//! ```text
//! listen ─► routes ─► resource  /id /page /data   an entity, by Accept
//!                  ├► sparql    /sparql           queries from anybody, under limits
//!                  ├► graphs    /graph/…          whole graphs
//!                  ├► pages     / /browse /dumps/ what there is
//!                  ├► files     /dumps /media     bytes, by range
//!                  └► health    /health
//! ```
//!
//! Every request takes the current [`generation`] once and answers from it alone; a new one takes its place
//! between requests. Nothing here writes, starts a load or opens a connection: no web request can change
//! what is served, and the endpoints that the operator lets queries name are asked by who starts the server.
//!
//! Deliberately not here: TLS and virtual hosts (a proxy's business), accounts, and updates.

mod access;
mod assets;
mod body;
mod catalogue;
mod conditional;
mod config;
mod entity;
mod files;
mod front;
mod generation;
mod graphs;
mod health;
mod hot;
mod kept;
mod language;
mod listen;
mod negotiate;
mod openapi;
mod pages;
mod parameters;
mod path;
mod patient;
mod private;
mod problem;
mod ranks;
mod reconcile;
mod resource;
mod review;
mod routes;
mod search;
mod serialize;
mod service;
mod signposts;
mod sparql;
mod state;
mod statistics;
mod telemetry;
mod value;
mod visit;
mod worker;

#[cfg(test)]
mod tests;

pub use access::AccessForm;
pub use config::{Config, Federation, ServeError};
pub use sparql::{Network, Program};
pub use worker::{Setup, WorkerError, run as run_worker};

use front::Front;
use state::{App, Shared};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How often counters are tidied.
const TIDY: Duration = Duration::from_secs(5);

/// A server that has its address and its generation, and accepts once it is told to.
pub struct Server {
    app: Shared,
    listener: TcpListener,
    address: SocketAddr,
    private: Option<TcpListener>,
}

/// Opens the current generation and takes the address.
///
/// # Errors
/// [`ServeError`] when there is nothing to serve or the address is taken.
pub async fn bind(config: Config) -> Result<Server, ServeError> {
    let opening = config.clone();
    let app = tokio::task::spawn_blocking(move || App::open(opening))
        .await
        .map_err(|error| ServeError::Generation { number: 0, reason: error.to_string() })??;
    let listener = listen::bind(config.listen).await?;
    let address =
        listener.local_addr().map_err(|reason| ServeError::Listen { address: config.listen, reason })?;
    let private = match config.private {
        Some(address) => Some(listen::bind(address).await?),
        None => None,
    };
    Ok(Server { app, listener, address, private })
}

impl Server {
    /// The address that is listened on; it tells the port where the configuration said 0.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The operator's address, if there is one.
    #[must_use]
    pub fn private_address(&self) -> Option<SocketAddr> {
        self.private.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// The number of the generation that is served at this moment.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.app.generations.current().number
    }

    /// Serves until `shutdown` ends, then lets running answers end.
    ///
    /// # Errors
    /// None at present: a connection that fails ends alone.
    pub async fn serve(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        let watcher = tokio::spawn(Arc::clone(&self.app.generations).watch());
        let tidying = tokio::spawn(async {
            loop {
                tokio::time::sleep(TIDY).await;
                telemetry::tidy();
            }
        });
        if let Some(address) = self.private_address() {
            tracing::info!(%address, "the operator's address");
        }
        let private =
            self.private.map(|listener| tokio::spawn(private::serve(listener, Arc::clone(&self.app))));
        let config = &self.app.config;
        let (limits, proxies, drain) = (config.limits.clone(), config.proxies.clone(), config.drain);
        let front = Front::public(routes::router(Arc::clone(&self.app)), Arc::clone(&self.app));
        tracing::info!(address = %self.address, generation = self.app.generations.current().number, "serving");
        listen::accept(self.listener, front, listen::Patience::new(&limits, proxies), drain, shutdown).await;
        watcher.abort();
        tidying.abort();
        if let Some(private) = private {
            private.abort();
        }
        Ok(())
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Binds and serves until `shutdown` ends.
///
/// # Errors
/// As [`bind`] and [`Server::serve`].
pub async fn serve(
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    bind(config).await?.serve(shutdown).await
}
