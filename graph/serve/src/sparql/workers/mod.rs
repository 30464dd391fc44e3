//! Queries in worker processes: what a query does there, it does to a process that can be killed.
//!
//! Each query has an attendant here, a task that hands it to a worker and passes on what comes back. The attendant
//! keeps the deadline from outside: at the deadline it asks the worker to stop, and soon after it kills it. A worker
//! that dies, whatever the reason, costs its own query and nobody else's.

mod pool;
mod process;

use super::answer::Part;
use super::evaluate::Fault;
use super::runner::{GRACE, Task};
use crate::worker::wire::Question;
pub(crate) use pool::{Plan, Pool};
pub use process::Program;
use process::{Process, Said};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Starts the task in a worker.
pub(super) fn start(pool: &Arc<Pool>, task: Task) {
    tokio::spawn(attend(Arc::clone(pool), task));
}

/// How the attendance of a query ended.
enum Outcome {
    /// The worker said its last word about it, and can be used again or not.
    Ended(Part, bool),
    /// The worker is of no use any more.
    Lost(Fault),
    /// The worker has ended.
    Gone,
    /// Nobody waits; the worker may still be busy.
    Unwanted,
}

async fn attend(pool: Arc<Pool>, task: Task) {
    let end = task.deadline + GRACE;
    let Ok(mut process) = tokio::time::timeout_at(end.into(), pool.take()).await else {
        let _ = task.sender.try_send(Part::End(Err(task.problem(Fault::Timeout))));
        return;
    };
    task.entry.process.store(process.number(), Ordering::Relaxed);
    let number = process.served + 1;
    let outcome = match process.ask(&question(&task, number)).await {
        Ok(()) => converse(&mut process, &task, number).await,
        Err(_) => match process.next().await {
            Said::Dead(fault) => Outcome::Lost(fault),
            Said::Gone => Outcome::Gone,
            _ => Outcome::Lost(Fault::Internal("a worker does not listen".to_owned())),
        },
    };
    match outcome {
        Outcome::Ended(part, again) => {
            if again {
                pool.give_back(process);
            } else {
                pool.bury(process);
            }
            finish(task, part).await;
        }
        Outcome::Lost(fault) => {
            pool.bury(process);
            let part = Part::End(Err(task.problem(fault)));
            finish(task, part).await;
        }
        Outcome::Gone => {
            // Another one starts while this one's end is looked into.
            pool.replace();
            let fault = process.death().await;
            drop(process);
            let part = Part::End(Err(task.problem(fault)));
            finish(task, part).await;
        }
        Outcome::Unwanted => {
            process.cancel(number).await;
            match tokio::time::timeout(GRACE, ended(&mut process)).await {
                Ok(true) => pool.give_back(process),
                _ => pool.bury(process),
            }
        }
    }
}

/// The last word. The worker is free, and so is the client's turn, before the client has read all; what it still has
/// to read is in memory here and bounded.
async fn finish(task: Task, part: Part) {
    let Task { sender, turn, entry, .. } = task;
    drop((turn, entry));
    // Nobody hears it when the client has left.
    let _ = sender.send(part).await;
}

fn question(task: &Task, number: u64) -> Question {
    let left = task.deadline.saturating_duration_since(Instant::now());
    Question {
        number,
        text: task.job.text.to_string(),
        default_graphs: task.job.dataset.default_graphs.clone(),
        named_graphs: task.job.dataset.named_graphs.clone(),
        format: task.job.format.extension().to_owned(),
        lines: task.job.lines,
        milliseconds: u64::try_from(left.as_millis()).unwrap_or(u64::MAX),
    }
}

/// Passes on what the worker says until it ends, nobody wants it any more, or the time is over.
async fn converse(process: &mut Process, task: &Task, number: u64) -> Outcome {
    let mut kill: tokio::time::Instant = (task.deadline + GRACE).into();
    let mut asked_to_stop = false;
    loop {
        let said = tokio::select! {
            said = process.next() => Some(said),
            () = task.sender.closed() => return Outcome::Unwanted,
            () = tokio::time::sleep_until(kill) => return Outcome::Lost(late(task)),
            () = stop(task), if !asked_to_stop => None,
        };
        match said {
            None => {
                asked_to_stop = true;
                kill = kill.min((Instant::now() + GRACE).into());
                process.cancel(number).await;
            }
            Some(Said::Bytes(bytes)) => {
                task.entry.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                let sent = tokio::time::timeout_at(kill, task.sender.send(Part::Bytes(bytes))).await;
                match sent {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return Outcome::Unwanted,
                    Err(_) => return Outcome::Lost(late(task)),
                }
            }
            Some(Said::End(end, again)) => {
                return Outcome::Ended(Part::End(end.map_err(|fault| task.problem(fault))), again);
            }
            Some(Said::Dead(fault)) => return Outcome::Lost(fault),
            Some(Said::Gone) => return Outcome::Gone,
        }
    }
}

fn late(task: &Task) -> Fault {
    if task.entry.was_stopped() { Fault::Cancelled } else { Fault::Timeout }
}

/// Ends when the query should: at its deadline, or when the operator says so.
async fn stop(task: &Task) {
    tokio::select! {
        () = tokio::time::sleep_until(task.deadline.into()) => {}
        () = task.entry.stopped() => {}
    }
}

/// Whether the worker comes to the end of its query.
async fn ended(process: &mut Process) -> bool {
    loop {
        match process.next().await {
            Said::Bytes(_) => {}
            Said::End(_, again) => return again,
            Said::Dead(_) | Said::Gone => return false,
        }
    }
}
