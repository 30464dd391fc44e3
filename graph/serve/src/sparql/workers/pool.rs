//! The workers of one generation: as many as queries may run at once, and one more that is ready when another has to
//! be killed.
//!
//! A generation brings its own pool, so a query runs on the generation that its request saw, and the pool of an old
//! one ends with the last query on it.

use super::process::{Process, Program};
use metrics::counter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Notify;

/// How long to wait before a worker that did not start is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// What all pools of a server have in common.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) program: Program,
    /// How many queries run at once.
    pub(crate) places: usize,
    /// Bytes that a worker may take.
    pub(crate) memory: u64,
    /// After how many queries a worker is replaced.
    pub(crate) queries: u64,
}

/// The workers of one generation.
pub(crate) struct Pool {
    plan: Plan,
    generation: PathBuf,
    state: Mutex<State>,
    came: Notify,
    /// Why the kernel does not keep workers from the network.
    open: Option<String>,
}

#[derive(Default)]
struct State {
    idle: Vec<Process>,
    /// Idle, busy and starting ones.
    alive: usize,
}

impl Pool {
    /// Starts the first worker and then, without waiting, the others.
    ///
    /// # Errors
    /// What the first one failed with.
    pub(crate) async fn open(plan: Plan, generation: &Path) -> Result<Arc<Self>, String> {
        let generation = std::path::absolute(generation).map_err(|error| error.to_string())?;
        let first = Process::start(&plan.program, &generation, plan.memory).await?;
        let open = first.open.clone();
        if let Some(reason) = &open {
            tracing::warn!(
                reason,
                "the kernel does not keep query workers from the network; the firewall has to"
            );
        }
        let state = Mutex::new(State { idle: vec![first], alive: 1 });
        let pool = Arc::new(Self { plan, generation, state, came: Notify::new(), open });
        pool.fill();
        Ok(pool)
    }

    /// Why the kernel does not keep workers from the network, if it does not.
    pub(crate) fn without_cage(&self) -> Option<&str> {
        self.open.as_deref()
    }

    /// How many workers wait for a query, and how many there are altogether.
    pub(crate) fn count(&self) -> (u64, u64) {
        let state = self.state();
        (state.idle.len() as u64, state.alive as u64)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A worker; who has a turn gets one as soon as one is there.
    pub(super) async fn take(&self) -> Process {
        loop {
            let came = self.came.notified();
            tokio::pin!(came);
            came.as_mut().enable();
            if let Some(process) = self.state().idle.pop() {
                return process;
            }
            came.await;
        }
    }

    /// Takes a worker back that ended its query well.
    pub(super) fn give_back(self: &Arc<Self>, process: Process) {
        if process.served >= self.plan.queries {
            return self.bury(process);
        }
        self.state().idle.push(process);
        self.came.notify_one();
    }

    /// Ends a worker; another takes its place.
    pub(super) fn bury(self: &Arc<Self>, mut process: Process) {
        process.kill();
        drop(process);
        self.replace();
    }

    /// Starts another in the place of one that has ended.
    pub(super) fn replace(self: &Arc<Self>) {
        counter!("aarre_workers_ended_total").increment(1);
        self.state().alive -= 1;
        self.fill();
    }

    /// Starts what is missing.
    fn fill(self: &Arc<Self>) {
        let missing = {
            let mut state = self.state();
            let missing = (self.plan.places + 1).saturating_sub(state.alive);
            state.alive += missing;
            missing
        };
        for _ in 0..missing {
            tokio::spawn(start(Arc::downgrade(self)));
        }
    }
}

/// Starts one worker for the pool, for as long as there is one.
async fn start(pool: Weak<Pool>) {
    loop {
        let Some((plan, generation)) =
            pool.upgrade().map(|pool| (pool.plan.clone(), pool.generation.clone()))
        else {
            return;
        };
        match Process::start(&plan.program, &generation, plan.memory).await {
            Ok(process) => {
                counter!("aarre_workers_started_total").increment(1);
                if let Some(pool) = pool.upgrade() {
                    pool.state().idle.push(process);
                    pool.came.notify_one();
                }
                return;
            }
            Err(error) => {
                tracing::error!(error, "a query worker does not start");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("generation", &self.generation).finish_non_exhaustive()
    }
}
