//! Which generation is served, and how the next one takes its place.
//!
//! Every request takes the current generation once, at its beginning, and sees nothing else until its end.
//! A watcher looks each second whether `current` names another one; that one is opened and tried before it
//! takes the place, so a generation that cannot be read never replaces one that can. The old one is closed
//! when the last request that uses it has ended.

use crate::config::ServeError;
use crate::problem::Problem;
use crate::sparql::{Plan, Pool};
use crate::statistics::Statistics;
use graph_store::{
    Asked, Cancellation, DatasetParameters, Engine, Limits, ResultFormat, Snapshot, SolutionFormat, Touch,
    prepare,
};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How long the smallest query may take before the generation counts as not answering.
pub(crate) const READY: Duration = Duration::from_secs(1);

/// A generation that is open.
#[derive(Debug)]
pub(crate) struct Generation {
    pub(crate) number: u64,
    /// What tells the content of this generation from another's of the same number.
    pub(crate) seed: u64,
    pub(crate) folder: PathBuf,
    pub(crate) snapshot: Snapshot,
    pub(crate) engine: Engine,
    /// The processes in which queries on it run, unless they run on threads here.
    pub(crate) workers: Option<Arc<Pool>>,
    pub(crate) statistics: Statistics,
}

impl Generation {
    fn open(generations: &Path, number: u64, plan: Option<&Plan>) -> Result<Self, ServeError> {
        let folder = generations.join(number.to_string());
        let failed = |reason: String| ServeError::Generation { number, reason };
        let snapshot = Snapshot::open(&folder.join("store")).map_err(|error| failed(error.to_string()))?;
        // A look-up now finds a damaged store before anybody relies on it.
        snapshot.exists("urn:aarre:probe").map_err(|error| failed(error.to_string()))?;
        let statistics = match std::fs::read(folder.join("stats.json")) {
            Ok(bytes) => Statistics::read(&bytes),
            Err(_) => Statistics::default(),
        };
        let manifest = std::fs::read(folder.join("MANIFEST.sha256")).unwrap_or_default();
        // Without an index the store answers, which is open already.
        let engine = if folder.join("index").is_dir() {
            Engine::open(&folder).map_err(|error| failed(error.to_string()))?
        } else {
            Engine::plain(&snapshot)
        };
        // Its workers are there before the first request sees it.
        let workers = plan
            .map(|plan| tokio::runtime::Handle::current().block_on(Pool::open(plan.clone(), &folder)))
            .transpose()
            .map_err(failed)?;
        let seed = xxhash_rust::xxh3::xxh3_64(&manifest);
        Ok(Self { number, seed, folder, snapshot, engine, workers, statistics })
    }

    /// Tells this generation from every other that this process may serve.
    pub(crate) fn identity(&self) -> u64 {
        self.seed ^ self.number.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// A digest of the statements that a query can touch. Generations in which these are the same have the same one;
    /// without an index only the generation itself is known to be the same.
    pub(crate) fn fingerprint(&self, touch: &Touch) -> u128 {
        match self.engine.index() {
            Some(index) => index.fingerprint(touch),
            None => u128::from(self.seed) << 64 | u128::from(self.number),
        }
    }

    /// A real query, though a small one: whether this generation answers.
    pub(crate) fn answers(&self) -> Result<(), Problem> {
        const PROBE: &str = "ASK { ?s ?p ?o }";
        let query =
            prepare(PROBE, &DatasetParameters::default()).map_err(|error| Problem::internal(&error))?;
        let format = ResultFormat::Solutions(SolutionFormat::Json);
        let limits = Limits { deadline: Some(Instant::now() + READY), ..Limits::default() };
        let done = {
            let cancellation = Cancellation::new();
            let asked = Asked::new(&query, &limits, &cancellation);
            self.engine.evaluate(&asked, format, &mut std::io::sink())
        };
        done.map(drop).map_err(|error| Problem::internal(&error))
    }
}

/// The place of the current generation.
#[derive(Debug)]
pub(crate) struct Generations {
    folder: PathBuf,
    plan: Option<Plan>,
    current: RwLock<Arc<Generation>>,
    identity: AtomicU64,
}

impl Generations {
    /// Opens what `current` names.
    pub(crate) fn open(home: &Path, plan: Option<Plan>) -> Result<Self, ServeError> {
        let folder = home.join("generations");
        let number = named(&folder).ok_or_else(|| ServeError::NoGeneration { home: folder.clone() })?;
        let current = Arc::new(Generation::open(&folder, number, plan.as_ref())?);
        let identity = AtomicU64::new(current.identity());
        Ok(Self { folder, plan, current: RwLock::new(current), identity })
    }

    /// The identity of the current generation, without taking hold of it.
    pub(crate) fn identity(&self) -> u64 {
        self.identity.load(Ordering::Acquire)
    }

    /// The generation for one request.
    pub(crate) fn current(&self) -> Arc<Generation> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks each second for another generation, for as long as the server lives.
    pub(crate) async fn watch(self: Arc<Self>) {
        let mut refused = None;
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let this = Arc::clone(&self);
            let seen = tokio::task::spawn_blocking(move || this.look()).await;
            // A generation that cannot be opened is told once, not each second.
            if let Ok(Err(error)) = seen {
                let error = error.to_string();
                if refused.as_ref() != Some(&error) {
                    tracing::error!(%error, "the new generation is not served; the old one stays");
                    refused = Some(error);
                }
            } else {
                refused = None;
            }
        }
    }

    fn look(&self) -> Result<(), ServeError> {
        let before = self.current();
        let Some(number) = named(&self.folder) else { return Ok(()) };
        if number == before.number {
            return Ok(());
        }
        let next = Arc::new(Generation::open(&self.folder, number, self.plan.as_ref())?);
        let identity = next.identity();
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        self.identity.store(identity, Ordering::Release);
        tracing::info!(from = before.number, to = number, "another generation is served");
        Ok(())
    }
}

/// The number that `current` names: a link to the folder, or a file with its name.
fn named(generations: &Path) -> Option<u64> {
    let current = generations.join("current");
    let target = match std::fs::read_link(&current) {
        Ok(target) => target.file_name()?.to_str()?.to_owned(),
        Err(_) => std::fs::read_to_string(&current).ok()?,
    };
    target.trim().parse().ok()
}
