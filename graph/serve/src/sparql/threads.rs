//! Queries on threads of this process, each with a deep stack: for tests, and for who serves only friends.
//!
//! Evaluation recurses as deep as the query nests, so a query gets 64 MiB of stack. It is cancelled at its deadline
//! and when nobody waits for it any more; a query that does not listen keeps its turn until it really ends, so that
//! stubborn queries cannot pile up. Nothing here bounds memory: that takes a worker process.

use super::answer::Part;
use super::evaluate::{Fault, evaluate};
use super::runner::{GRACE, Task};
use super::sending::{Patience, Sending};
use super::slow;
use crate::problem::Problem;
use graph_store::{Asked, Cancellation, Engine, Limits, Notes};
use std::io::Write as _;
use tokio::runtime::Handle;

const STACK: usize = 64 << 20;

/// Starts the task on a thread of its own.
///
/// # Errors
/// When there is no thread to be had.
pub(crate) fn start(engine: &Engine, task: Task) -> Result<(), Problem> {
    let cancel = Cancellation::new();
    watch(&Handle::current(), &task, &cancel);
    let engine = engine.clone();
    let mut out = Sending::new(task.sender.clone(), Patience::Until(task.deadline + GRACE));
    let run = move || {
        let notes = Notes::new();
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let job = &task.job;
            let limits = Limits { deadline: Some(task.deadline), ..Limits::default() };
            let services = task.federation.as_ref().map(|federation| &*federation.services);
            let asked = Asked::new(&job.prepared, &limits, &cancel).noting(&notes).calling(services);
            let ended = evaluate(&engine, &asked, job.form, job.lines, &mut out)?;
            out.flush().map_err(|_| Fault::Cancelled)?;
            Ok(ended)
        }));
        let end = caught.unwrap_or_else(|panic| Err(Fault::of_panic(&*panic)));
        let end = end.map_err(|fault| task.problem(fault));
        let outcome = slow::outcome(&end);
        slow::told(&task, outcome, || Some(notes.line(&task.job.prepared)));
        // Nobody listens when the client left or the deadline passed; then there is nobody to tell.
        let _ = out.send(Part::End(end));
    };
    std::thread::Builder::new()
        .name("query".to_owned())
        .stack_size(STACK)
        .spawn(run)
        .map(drop)
        .map_err(|error| Problem::internal(&error))
}

/// Cancels when nobody waits for the answer any more, or the operator says so.
fn watch(runtime: &Handle, task: &Task, cancel: &Cancellation) {
    let (sender, entry, cancel) = (task.sender.downgrade(), task.entry.clone(), cancel.clone());
    runtime.spawn(async move {
        // A strong sender would keep the way open for ever.
        let gone = async {
            while let Some(sender) = sender.upgrade() {
                if tokio::time::timeout(GRACE, sender.closed()).await.is_ok() {
                    break;
                }
            }
        };
        tokio::select! {
            () = gone => {}
            () = entry.stopped() => {}
        }
        cancel.cancel();
    });
}
