//! Answers that are kept: what may be, under which key, and one evaluation for equal queries at the same moment.

use super::answer::{Answer, Stream};
use super::runner::{Asker, Job};
use crate::generation::Generation;
use crate::problem::Problem;
use crate::state::App;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Answers that are kept, weighed by their bytes.
pub(crate) type Cache = moka::future::Cache<Key, Bytes>;

/// What tells one answer from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(super) generation: u64,
    pub(super) seed: u64,
    pub(super) query: String,
    pub(super) default_graphs: Vec<String>,
    pub(super) named_graphs: Vec<String>,
    pub(super) format: &'static str,
}

/// An empty cache of that many bytes.
pub(crate) fn cache(bytes: u64) -> Cache {
    moka::future::Cache::builder()
        .max_capacity(bytes)
        .weigher(|key: &Key, answer: &Bytes| {
            u32::try_from(key.query.len() + answer.len() + 256).unwrap_or(u32::MAX)
        })
        .build()
}

/// Why an answer cannot be shared with those who wait for it.
#[derive(Debug)]
enum Unkept {
    Problem(Problem),
    /// It is larger than what is held; who ran it has the stream.
    Streamed,
}

/// The kept answer, or a new one that is kept if it is small. Of equal queries at the same time one runs.
pub(super) async fn kept(
    app: &App,
    key: Key,
    generation: &Arc<Generation>,
    job: Job,
    asker: &Asker,
) -> Result<Body, Problem> {
    let own: Arc<Mutex<Option<Stream>>> = Arc::default();
    let ran = AtomicBool::new(false);
    let work = {
        let (own, job, ran) = (Arc::clone(&own), job.clone(), &ran);
        async move {
            ran.store(true, Ordering::Relaxed);
            match app.runner.run(generation, job, asker).await {
                Ok(Answer::Whole(bytes, _)) => Ok(bytes),
                Ok(Answer::Streamed(stream)) => {
                    *own.lock().unwrap_or_else(PoisonError::into_inner) = Some(stream);
                    Err(Unkept::Streamed)
                }
                Err(problem) => Err(Unkept::Problem(problem)),
            }
        }
    };
    match app.cache.try_get_with(key, work).await {
        Ok(bytes) => Ok(Body::from(bytes)),
        Err(unkept) => match &*unkept {
            // What somebody else has used up is not this client's matter.
            Unkept::Problem(problem)
                if problem.status == StatusCode::TOO_MANY_REQUESTS && !ran.load(Ordering::Relaxed) =>
            {
                Ok(app.runner.run(generation, job, asker).await?.into_body())
            }
            Unkept::Problem(problem) => Err(problem.clone()),
            Unkept::Streamed => {
                let stream = own.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(stream) = stream {
                    return Ok(stream.into_body());
                }
                // Somebody else's answer turned out large: a stream has one reader, so this one runs again.
                Ok(app.runner.run(generation, job, asker).await?.into_body())
            }
        },
    }
}
