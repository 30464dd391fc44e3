//! What all requests share.

use crate::access::AccessLog;
use crate::config::{Config, ServeError};
use crate::generation::Generations;
use crate::graphs;
use crate::hot::Hot;
use crate::path::Place;
use crate::reconcile::{self, Services};
use crate::search;
use crate::sparql::{Cache, Plan, Runner};
use crate::telemetry::Telemetry;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The running application.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) place: Place,
    pub(crate) generations: Arc<Generations>,
    pub(crate) runner: Runner,
    pub(crate) cache: Cache,
    pub(crate) hot: Hot,
    pub(crate) telemetry: Telemetry,
    pub(crate) access: Option<AccessLog>,
    /// The places for graphs that are being sent whole.
    pub(crate) exports: Arc<Semaphore>,
    /// The authorities that names are reconciled with.
    pub(crate) services: Services,
    /// The places for searches.
    pub(crate) searching: Arc<Semaphore>,
    /// The places for reconciling.
    pub(crate) reconciling: Arc<Semaphore>,
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
            runner: Runner::new(places, &config.limits, config.slow_query, config.federation.clone()),
            // Half for answers by their meaning, half for whole responses by the request; the bytes are often shared.
            cache: Cache::new(config.cache_bytes / 2, config.cache_largest),
            hot: Hot::new(config.cache_bytes / 2),
            telemetry: Telemetry::new(),
            access: config.access_log.map(AccessLog::start),
            exports: Arc::new(Semaphore::new(graphs::PLACES)),
            services: Services::new(&config.home),
            searching: Arc::new(Semaphore::new(search::PLACES)),
            reconciling: Arc::new(Semaphore::new(reconcile::PLACES)),
            config,
        }))
    }
}
