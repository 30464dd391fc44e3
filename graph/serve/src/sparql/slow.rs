//! The log of slow queries: which, how it ended, and how it was answered as far as it was.
//!
//! It is written when the evaluation has really ended, also when its client left long ago.

use super::evaluate::Ended;
use super::runner::Task;
use crate::problem::Problem;
use metrics::counter;

/// How much of a query, and of how it was answered, the log shows.
const SHOWN: usize = 2 << 10;

/// How an evaluation ended, in a word.
pub(super) fn outcome(end: &Result<Ended, Problem>) -> &'static str {
    match end {
        Ok(_) => "answered",
        Err(problem) => problem.kind,
    }
}

/// Tells of an evaluation that ended, if it was slow.
pub(super) fn told(task: &Task, outcome: &'static str, plan: impl FnOnce() -> Option<String>) {
    let took = task.entry.begun.elapsed();
    if took < task.slow {
        return;
    }
    counter!("aarre_slow_queries_total").increment(1);
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    // A worker that had to be killed takes that with it.
    let plan = plan().unwrap_or_else(|| "unknown".to_owned());
    tracing::warn!(
        target: "graph_serve::slow",
        id = %task.entry.id,
        milliseconds,
        outcome,
        query = shown(&task.entry.text),
        plan = shown(&plan),
        "a slow query"
    );
}

fn shown(text: &str) -> &str {
    let mut end = text.len().min(SHOWN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
