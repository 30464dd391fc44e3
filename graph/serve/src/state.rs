//! What all requests share.

use crate::config::{Config, ServeError};
use crate::generation::Generations;
use crate::path::Place;
use crate::sparql::{self, Cache, Plan, Runner};
use std::sync::Arc;

/// The running application.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) place: Place,
    pub(crate) generations: Arc<Generations>,
    pub(crate) runner: Runner,
    pub(crate) cache: Cache,
}

/// The application as routes get it.
pub(crate) type Shared = Arc<App>;

impl App {
    /// Opens the current generation of the home.
    pub(crate) fn open(config: Config) -> Result<Shared, ServeError> {
        let places = config.places.get();
        let plan = config.workers.clone().map(|program| Plan {
            program,
            places,
            memory: config.limits.memory << 20,
            queries: config.limits.queries_per_worker,
        });
        Ok(Arc::new(Self {
            place: Place::new(&config.base),
            generations: Arc::new(Generations::open(&config.home, plan)?),
            runner: Runner::new(places, &config.limits),
            cache: sparql::cache(config.cache_bytes),
            config,
        }))
    }
}
