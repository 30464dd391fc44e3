//! Answers that are kept: what may be, under which key, and one evaluation for equal queries at the same moment.
//!
//! An answer is found by three things: the query in its canonical form, the format, and the fingerprint of the
//! statements that the query can touch. So nothing is ever thrown out when another generation is served: where the
//! statements are the same, so is the key, and the answer with its tag; where they are not, the old answer is
//! never found again and makes room in time. Without an index the generation itself is the fingerprint.
//!
//! A query that was sent before in the same words is not parsed again: [`Known`] tells its key from its text.
//!
//! Of equal queries at the same moment one runs, in a task of its own: who asked first may leave, the others still get
//! the answer; when all have left, it is cancelled. Answers over the limit are streamed to one of them and not
//! kept; what is wrong with a query is not kept either.

use super::answer::{Answer, Stream};
use super::runner::{Asker, Job};
use crate::conditional::Tag;
use crate::generation::Generation;
use crate::kept::Kept;
use crate::negotiate::Media;
use crate::problem::Problem;
use crate::state::Shared;
use crate::telemetry::Found;
use axum::http::StatusCode;
use graph_store::Touch;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// What tells one answer from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(super) query: graph_store::Key,
    pub(super) format: &'static str,
    pub(super) fingerprint: u128,
}

impl Key {
    /// The tag of the answer: the same on every generation on which the answer is.
    pub(super) fn tag(&self) -> Tag {
        Tag::answer(self.fingerprint, &[self.query.bytes(), self.format.as_bytes()])
    }
}

/// What a query in these words, with these parameters, comes to.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) query: graph_store::Key,
    pub(super) media: Media,
    pub(super) touch: Touch,
}

impl Known {
    pub(super) fn key(&self, generation: &Generation) -> Key {
        let fingerprint = generation.fingerprint(&self.touch);
        Key { query: self.query, format: self.media.id, fingerprint }
    }
}

/// Answers, weighed by their bytes.
pub(crate) struct Cache {
    answers: moka::sync::Cache<Key, Arc<Kept>>,
    known: moka::sync::Cache<Arc<[u8]>, Arc<Known>>,
    flights: Mutex<HashMap<Key, Weak<Flight>>>,
    /// The largest answer that is kept.
    largest: usize,
}

impl Cache {
    /// An empty cache of so many bytes, for answers of so many at most.
    pub(crate) fn new(bytes: u64, largest: usize) -> Self {
        let answers = moka::sync::Cache::builder()
            .max_capacity(bytes)
            .weigher(|_: &Key, kept: &Arc<Kept>| u32::try_from(kept.weight()).unwrap_or(u32::MAX));
        let known = moka::sync::Cache::builder().max_capacity(bytes / 16).weigher(
            |words: &Arc<[u8]>, _: &Arc<Known>| u32::try_from(words.len() + 1024).unwrap_or(u32::MAX),
        );
        Self { answers: answers.build(), known: known.build(), flights: Mutex::default(), largest }
    }

    /// What is kept, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.answers.weighted_size() + self.known.weighted_size()
    }

    /// Whether an answer is small enough.
    pub(super) fn keeps(&self, kept: &Kept) -> bool {
        kept.bytes().len() <= self.largest
    }

    pub(super) fn known(&self, words: &[u8]) -> Option<Arc<Known>> {
        self.known.get(words)
    }

    pub(super) fn learn(&self, words: Arc<[u8]>, known: Known) {
        self.known.insert(words, Arc::new(known));
    }

    pub(super) fn get(&self, key: &Key) -> Option<Arc<Kept>> {
        self.answers.get(key)
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<Key, Weak<Flight>>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer, and where it came from.
pub(super) enum Answered {
    Kept(Arc<Kept>, Found),
    Streamed(Stream),
}

/// How an evaluation for several ended.
#[derive(Clone)]
enum Outcome {
    Kept(Arc<Kept>),
    /// It is larger than what is kept; one of those who wait takes the stream.
    Streamed,
    Problem(Problem),
}

/// An evaluation that somebody waits for. When nobody does any more, it is dropped and cancels it.
struct Flight {
    outcome: watch::Receiver<Option<Outcome>>,
    stream: Arc<Mutex<Option<Stream>>>,
    task: AbortHandle,
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Flight {
    fn start(app: &Shared, key: Key, generation: &Arc<Generation>, job: Job, asker: &Asker) -> Arc<Self> {
        let (sender, outcome) = watch::channel(None);
        let stream: Arc<Mutex<Option<Stream>>> = Arc::default();
        let (app, generation, asker, slot) =
            (Arc::clone(app), Arc::clone(generation), asker.clone(), Arc::clone(&stream));
        let task = tokio::spawn(async move {
            let outcome = match app.runner.run(&generation, job, &asker).await {
                Ok(Answer::Whole(bytes, ended)) => {
                    let kept = Kept::new(bytes, Some(ended.rows));
                    if app.cache.keeps(&kept) {
                        app.cache.answers.insert(key.clone(), Arc::clone(&kept));
                    }
                    Outcome::Kept(kept)
                }
                Ok(Answer::Streamed(rest)) => {
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(rest);
                    Outcome::Streamed
                }
                Err(problem) => Outcome::Problem(problem),
            };
            // Whoever comes from now on finds the answer, or runs it anew.
            app.cache.flights().remove(&key);
            let _ = sender.send(Some(outcome));
        });
        Arc::new(Self { outcome, stream, task: task.abort_handle() })
    }
}

/// The kept answer, or a new one that is kept if it is small.
///
/// # Errors
/// What the evaluation ended with.
pub(super) async fn answer(
    app: &Shared,
    key: &Key,
    generation: &Arc<Generation>,
    job: Job,
    asker: &Asker,
) -> Result<Answered, Problem> {
    let (flight, found) = {
        let mut flights = app.cache.flights();
        if let Some(kept) = app.cache.get(key) {
            return Ok(Answered::Kept(kept, Found::Kept));
        }
        match flights.get(key).and_then(Weak::upgrade) {
            Some(flight) => (flight, Found::Shared),
            None => {
                flights.retain(|_, flight| flight.strong_count() > 0);
                let flight = Flight::start(app, key.clone(), generation, job.clone(), asker);
                flights.insert(key.clone(), Arc::downgrade(&flight));
                (flight, Found::Missed)
            }
        }
    };
    let mut waiting = flight.outcome.clone();
    let outcome = match waiting.wait_for(Option::is_some).await {
        Ok(outcome) => (*outcome).clone(),
        Err(_) => None,
    };
    match outcome {
        Some(Outcome::Kept(kept)) => return Ok(Answered::Kept(kept, found)),
        // What somebody else has used up is not this client's matter.
        Some(Outcome::Problem(problem))
            if !matches!(found, Found::Shared) || problem.status != StatusCode::TOO_MANY_REQUESTS =>
        {
            return Err(problem);
        }
        Some(Outcome::Streamed) => {
            if let Some(stream) = flight.stream.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return Ok(Answered::Streamed(stream));
            }
        }
        Some(Outcome::Problem(_)) => {}
        None => return Err(Problem::internal(&"an evaluation ended without a word")),
    }
    // Somebody else took the stream, or was refused: this one runs by itself.
    Ok(match app.runner.run(generation, job, asker).await? {
        Answer::Whole(bytes, ended) => Answered::Kept(Kept::new(bytes, Some(ended.rows)), Found::Missed),
        Answer::Streamed(stream) => Answered::Streamed(stream),
    })
}
