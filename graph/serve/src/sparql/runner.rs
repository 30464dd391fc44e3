//! Where queries run: who may, when, and in which of two ways.
//!
//! A query waits for its turn ([`super::budget`]), is written into the list of running ones ([`super::running`]), and
//! runs in a worker process ([`super::workers`]) or, when the server was told to have none, on a thread
//! ([`super::threads`]); a look-up that is less work than handing it over runs here ([`super::here`]). The first two send what they make the same [`super::answer::way`], keep their turn until they have
//! really ended, and stop when nobody waits for them any more.

use super::answer::{Answer, Part, collect, way};
use super::budget::{Budget, Turn};
use super::client::Client;
use super::evaluate::{Fault, Form};
use super::running::{Entry, Running};
use super::{here, threads, workers};
use crate::config::Federation;
use crate::generation::Generation;
use crate::problem::Problem;
use axum::http::StatusCode;
use graph_model::ServiceLimits;
use graph_store::{DatasetParameters, Prepared};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How long past its deadline a query may still report back by itself; then it is killed.
pub(crate) const GRACE: Duration = Duration::from_millis(250);
/// How long the kill itself may take to be told.
const TELLING: Duration = Duration::from_millis(150);

/// One evaluation.
#[derive(Clone)]
pub(crate) struct Job {
    /// The query as it was sent: a worker parses it itself.
    pub(crate) text: Arc<str>,
    pub(crate) dataset: DatasetParameters,
    pub(crate) prepared: Prepared,
    pub(crate) form: Form,
    /// No more than so many lines of the answer, for a page.
    pub(crate) lines: Option<usize>,
}

/// Who asks, and under which name the query goes.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    pub(crate) client: Client,
    /// The name of the query in the answer's headers, problems, logs and the list of running queries.
    pub(crate) id: Arc<str>,
}

/// What an evaluation is given, and holds until it has ended.
pub(crate) struct Task {
    pub(crate) job: Job,
    pub(crate) sender: mpsc::Sender<Part>,
    pub(crate) deadline: Instant,
    pub(crate) seconds: u64,
    /// From how long on it is slow.
    pub(crate) slow: Duration,
    /// Whether it has so little time because the service is full.
    pub(crate) crowded: bool,
    pub(crate) entry: Arc<Entry>,
    /// The endpoints that the query may ask.
    pub(crate) federation: Option<Federation>,
    pub(crate) turn: Turn,
}

impl Task {
    /// What the client is told about a fault.
    pub(crate) fn problem(&self, fault: Fault) -> Problem {
        match fault {
            Fault::Cancelled if self.entry.was_stopped() => Problem::stopped(),
            Fault::Timeout | Fault::Cancelled => late(self.seconds, self.crowded),
            Fault::TooLarge(detail) => Problem::too_large(detail),
            Fault::Function(detail) => Problem { kind: "unknown-function", ..Problem::bad_request(detail) },
            Fault::Service(detail) => Problem::new(StatusCode::BAD_GATEWAY, "service-failed", detail),
            Fault::Memory => Problem::memory(),
            Fault::Stack => Problem::stack(),
            Fault::Order => Problem::order(),
            Fault::Killed => Problem::killed(),
            Fault::Internal(cause) => Problem::internal(&cause),
        }
    }
}

/// The one door to evaluation.
pub(crate) struct Runner {
    pub(crate) budget: Budget,
    pub(crate) running: Running,
    timeout: Duration,
    short: Duration,
    slow: Duration,
    federation: Option<Federation>,
}

/// What a query is told that did not end in time.
fn late(seconds: u64, crowded: bool) -> Problem {
    if crowded { Problem::crowded(seconds) } else { Problem::timeout(seconds) }
}

impl Runner {
    pub(crate) fn new(
        places: usize,
        limits: &ServiceLimits,
        slow: Duration,
        federation: Option<Federation>,
    ) -> Self {
        Self {
            budget: Budget::new(places, limits),
            running: Running::default(),
            timeout: Duration::from_secs(limits.seconds),
            short: Duration::from_secs(limits.short_seconds),
            slow,
            federation,
        }
    }

    /// Waits for a turn, runs the job, and returns when the answer's status is decided. Dropping the future, or the
    /// stream in the answer, cancels the query.
    ///
    /// # Errors
    /// 429 and 503 when it is not this query's turn, 504 when the deadline passed, and what the query ended with.
    pub(crate) async fn run(
        &self,
        generation: &Arc<Generation>,
        job: Job,
        asker: &Asker,
    ) -> Result<Answer, Problem> {
        let turn = self.budget.turn(asker.client).await?;
        let entry = self.running.enter(asker, &job.text);
        if generation.workers.is_some()
            && let Some(answer) = here::look_up(&generation.engine, &job)
        {
            return Ok(answer);
        }
        let crowded = turn.is_short() && self.short < self.timeout;
        let timeout = if crowded { self.short } else { self.timeout };
        let deadline = Instant::now() + timeout;
        let (sender, receiver) = way();
        let seconds = timeout.as_secs();
        let slow = self.slow;
        let task = Task {
            job,
            sender,
            deadline,
            seconds,
            slow,
            crowded,
            entry,
            federation: self.federation.clone(),
            turn,
        };
        match &generation.workers {
            Some(pool) => workers::start(pool, task),
            None => threads::start(&generation.engine, task)?,
        }
        collect(receiver, deadline + GRACE + TELLING, || late(seconds, crowded)).await
    }
}
