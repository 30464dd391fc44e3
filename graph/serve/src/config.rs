//! What the server is told, and what can stop it.

use crate::access::AccessForm;
use crate::sparql::{Network, Program};
use graph_model::{Base, ServiceLimits};
use graph_store::Services;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
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
    /// The operator's own address to listen on; without it there is none.
    pub private: Option<SocketAddr>,
    /// What the collection is called on its pages.
    pub title: String,
    /// What strangers may use.
    pub limits: ServiceLimits,
    /// How many queries run at the same time.
    pub places: NonZeroUsize,
    /// How to start the processes that queries run in; without it they run on threads of this one, where nothing
    /// bounds their memory.
    pub workers: Option<Program>,
    /// The proxies that are believed about whom they speak for.
    pub proxies: Vec<Network>,
    /// How many bytes of answers are kept; 0 for none.
    pub cache_bytes: u64,
    /// How many bytes an answer that is kept may have; more than 1 MiB never has.
    pub cache_largest: usize,
    /// From how long on a query is told of as slow.
    pub slow_query: Duration,
    /// How the access log looks; without it there is none.
    pub access_log: Option<AccessForm>,
    /// The endpoints that queries may name with `SERVICE`, and who asks them; without it none.
    pub federation: Option<Federation>,
    /// The folder behind `/media/`, if there is one.
    pub media_dir: Option<PathBuf>,
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
            private: None,
            title: "Aarre".to_owned(),
            limits: ServiceLimits::default(),
            places: cores.saturating_add(1),
            workers: None,
            proxies: Vec::new(),
            cache_bytes: 128 << 20,
            cache_largest: 1 << 20,
            slow_query: Duration::from_secs(5),
            access_log: None,
            federation: None,
            media_dir: None,
            drain: Duration::from_secs(10),
        }
    }
}

/// Other endpoints that queries may name.
#[derive(Debug, Clone)]
pub struct Federation {
    /// Their addresses; what is below one is allowed as well.
    pub allowed: Vec<String>,
    /// Who asks them: processes in which queries run have no network.
    pub services: Arc<dyn Services>,
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
