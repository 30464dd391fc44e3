//! Look-ups in this process: what is less work than handing it to a worker, or even to another thread.
//!
//! Only what the engine says is little work and cannot do harm: a small query without functions, patterns of texts or
//! other endpoints, which begins with a few statements by exact count. It runs in place, so nobody else is served on this
//! thread meanwhile; its limits are so narrow that being wrong about it costs some milliseconds. Then a worker does
//! it after all, and the answer is the same.

use super::answer::Answer;
use super::evaluate::{Ended, Form};
use super::runner::Job;
use graph_store::{Engine, Limits};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// By the clock, on a machine that may be busy; the memory bounds the work before.
const TIME: Duration = Duration::from_millis(10);
/// What rows may take. A row is some bytes, so these are some ten thousand.
const MEMORY: u64 = 512 << 10;
/// Larger answers are streamed, which a worker does.
const BYTES: u64 = 256 << 10;

/// The answer, if it was a look-up.
pub(super) fn look_up(engine: &Engine, job: &Job) -> Option<Answer> {
    // A page wants some lines of an answer of any length.
    if job.lines.is_some() {
        return None;
    }
    let Form::Answer(format) = job.form else { return None };
    let limits = Limits { deadline: Some(Instant::now() + TIME), max_bytes: BYTES, max_memory: MEMORY };
    let mut bytes = Vec::new();
    let looking = || engine.look_up(&job.prepared, format, &limits, &mut bytes);
    // Whatever goes wrong, a worker says it.
    let done = catch_unwind(AssertUnwindSafe(looking)).ok()?.ok()??;
    Some(Answer::Whole(bytes.into(), Ended { rows: done.rows, cut: false }))
}
