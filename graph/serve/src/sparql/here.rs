//! Look-ups in this process: what is less work than handing it to a worker.
//!
//! Only what the engine says is little work and cannot do harm, within limits so narrow that being wrong about it costs
//! some milliseconds of work; then a worker does it after all, and the answer is the same.

use super::answer::Answer;
use super::evaluate::{Ended, Form};
use super::runner::Job;
use graph_store::{Engine, Limits};
use std::time::{Duration, Instant};

/// By the clock, on a machine that may be busy; the memory bounds the work well before.
const TIME: Duration = Duration::from_millis(100);
const MEMORY: u64 = 4 << 20;
/// Larger answers are streamed, which a worker does.
const BYTES: u64 = 256 << 10;

/// The answer, if it was a look-up.
pub(super) async fn look_up(engine: &Engine, job: &Job) -> Option<Answer> {
    // A page wants some lines of an answer of any length.
    if job.lines.is_some() {
        return None;
    }
    let Form::Answer(format) = job.form else { return None };
    let (engine, prepared) = (engine.clone(), job.prepared.clone());
    let looking = tokio::task::spawn_blocking(move || {
        let limits = Limits { deadline: Some(Instant::now() + TIME), max_bytes: BYTES, max_memory: MEMORY };
        let mut bytes = Vec::new();
        let done = engine.look_up(&prepared, format, &limits, &mut bytes).ok()??;
        Some(Answer::Whole(bytes.into(), Ended { rows: done.rows, cut: false }))
    });
    // Whatever went wrong, a worker says it.
    looking.await.ok()?
}
