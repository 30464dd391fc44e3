//! What all requests share.

use crate::config::{Config, ServeError};
use crate::generation::Generations;
use crate::path::Place;
use crate::sparql::{self, Cache, Engine};
use std::sync::Arc;

/// The running application.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) place: Place,
    pub(crate) generations: Arc<Generations>,
    pub(crate) engine: Engine,
    pub(crate) cache: Cache,
}

/// The application as routes get it.
pub(crate) type Shared = Arc<App>;

impl App {
    /// Opens the current generation of the home.
    pub(crate) fn open(config: Config) -> Result<Shared, ServeError> {
        Ok(Arc::new(Self {
            place: Place::new(&config.base),
            generations: Arc::new(Generations::open(&config.home)?),
            engine: Engine::new(config.query_threads, config.query_queue, config.query_timeout),
            cache: sparql::cache(config.cache_bytes),
            config,
        }))
    }
}
