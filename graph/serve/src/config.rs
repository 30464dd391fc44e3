//! What the server is told, and what can stop it.

use graph_model::Base;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;

/// How to serve a home. [`Config::new`] gives values that suit a small machine.
#[derive(Debug, Clone)]
pub struct Config {
    /// The home; its `generations/` folder is read, nothing is ever written.
    pub home: PathBuf,
    /// The base of the graph's IRIs. It need not be the address that is listened on.
    pub base: Base,
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What the collection is called on its pages.
    pub title: String,
    /// How long a query may run.
    pub query_timeout: Duration,
    /// How many queries run at the same time.
    pub query_threads: NonZeroUsize,
    /// How many queries may wait for their turn; the next one is told to come back.
    pub query_queue: usize,
    /// How many bytes of query answers are kept.
    pub cache_bytes: u64,
    /// The folder behind `/media/`, if there is one.
    pub media_dir: Option<PathBuf>,
    /// How many connections one address may hold open.
    pub connections_per_address: usize,
    /// How long requests that are being answered may still take after the shutdown began.
    pub drain: Duration,
}

impl Config {
    /// The given home and base, listening on a free port of the loopback address.
    #[must_use]
    pub fn new(home: PathBuf, base: Base) -> Self {
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            home,
            base,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            title: "Aarre".to_owned(),
            query_timeout: Duration::from_secs(30),
            query_threads: cores.saturating_add(1),
            query_queue: 32,
            cache_bytes: 128 << 20,
            media_dir: None,
            connections_per_address: 256,
            drain: Duration::from_secs(10),
        }
    }
}

/// Why serving could not begin or go on.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Nothing was published yet.
    #[error("there is no generation to serve in {home}: run `aarre publish` first")]
    NoGeneration {
        /// The generations folder that was looked in.
        home: PathBuf,
    },
    /// The current generation cannot be read.
    #[error("generation {number} cannot be opened: {reason}")]
    Generation {
        /// Its number.
        number: u64,
        /// What the store or the file system said.
        reason: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        reason: std::io::Error,
    },
}
