//! Queries in worker processes: what a query does there, it does to a process that can be killed.
//!
//! Each query has an attendant here, a task that hands it to a worker and passes on what comes back. The attendant
//! keeps the deadline from outside: at the deadline it asks the worker to stop, and soon after it kills it. A worker
//! that dies, whatever the reason, costs its own query and nobody else's.

mod pool;
mod process;

use super::answer::Part;
use super::evaluate::Ended;
use super::evaluate::Fault;
use super::runner::{GRACE, Task};
use super::slow;
use crate::problem::Problem;
use crate::worker::wire::{Call, Question};
use graph_store::{Allowed, Cancellation};
pub(crate) use pool::{Plan, Pool};
pub use process::Program;
use process::{Process, Said};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Starts the task in a worker.
pub(super) fn start(pool: &Arc<Pool>, task: Task) {
    tokio::spawn(attend(Arc::clone(pool), task));
}

/// How the attendance of a query ended.
enum Outcome {
    /// The worker said its last word about it, and can be used again or not.
    Ended(Result<Ended, Problem>, bool, Option<String>),
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
        Outcome::Ended(end, again, plan) => {
            slow::told(&task, slow::outcome(&end), || plan);
            if again {
                pool.give_back(process);
            } else {
                pool.bury(process);
            }
            finish(task, end).await;
        }
        Outcome::Lost(fault) => {
            pool.bury(process);
            let end = Err(task.problem(fault));
            slow::told(&task, slow::outcome(&end), || None);
            finish(task, end).await;
        }
        Outcome::Gone => {
            // Another one starts while this one's end is looked into.
            pool.replace();
            let fault = process.death().await;
            drop(process);
            let end = Err(task.problem(fault));
            slow::told(&task, slow::outcome(&end), || None);
            finish(task, end).await;
        }
        Outcome::Unwanted => {
            process.cancel(number).await;
            let (again, plan) =
                tokio::time::timeout(GRACE, ended(&mut process)).await.unwrap_or((false, None));
            if again {
                pool.give_back(process);
            } else {
                pool.bury(process);
            }
            slow::told(&task, "client-left", || plan);
        }
    }
}

/// The last word. The worker is free, and so is the client's turn, before the client has read all; what it still has
/// to read is in memory here and bounded.
async fn finish(task: Task, end: Result<Ended, Problem>) {
    let Task { sender, turn, entry, .. } = task;
    drop((turn, entry));
    // Nobody hears it when the client has left.
    let _ = sender.send(Part::End(end)).await;
}

fn question(task: &Task, number: u64) -> Question {
    let left = task.deadline.saturating_duration_since(Instant::now());
    Question {
        number,
        text: task.job.text.to_string(),
        default_graphs: task.job.dataset.default_graphs.clone(),
        named_graphs: task.job.dataset.named_graphs.clone(),
        form: task.job.form.name().to_owned(),
        lines: task.job.lines,
        milliseconds: milliseconds(left),
        slow: milliseconds(task.slow),
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Passes on what the worker says until it ends, nobody wants it any more, or the time is over.
async fn converse(process: &mut Process, task: &Task, number: u64) -> Outcome {
    let mut kill: tokio::time::Instant = (task.deadline + GRACE).into();
    let mut asked_to_stop = false;
    // An answer of another endpoint that is waited for. Dropped, nobody hears it; it ends at its own deadline.
    let mut called: Option<JoinHandle<Result<Vec<u8>, String>>> = None;
    loop {
        let said = tokio::select! {
            said = process.next() => Some(said),
            answer = waited(&mut called) => {
                called = None;
                process.tell(answer.unwrap_or_else(|error| Err(error.to_string()))).await;
                continue;
            }
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
            Some(Said::End(end, again, plan)) => {
                return Outcome::Ended(end.map_err(|fault| task.problem(fault)), again, plan);
            }
            Some(Said::Call(call)) => called = Some(tokio::task::spawn_blocking(outside(task, call))),
            Some(Said::Dead(fault)) => return Outcome::Lost(fault),
            Some(Said::Gone) => return Outcome::Gone,
        }
    }
}

/// What another endpoint answered, if one is asked.
async fn waited(
    called: &mut Option<JoinHandle<Result<Vec<u8>, String>>>,
) -> Result<Result<Vec<u8>, String>, tokio::task::JoinError> {
    match called {
        Some(handle) => handle.await,
        None => std::future::pending().await,
    }
}

/// Asks another endpoint for a worker, which is not believed that it may be asked.
fn outside(task: &Task, call: Call) -> impl FnOnce() -> Result<Vec<u8>, String> + Send + 'static {
    let (federation, deadline) = (task.federation.clone(), task.deadline);
    move || match federation {
        Some(federation) if Allowed::Listed(&federation.allowed).has(&call.service) => {
            federation.services.ask(&call.service, &call.query, Some(deadline), &Cancellation::new())
        }
        _ => Err("it is not listed".to_owned()),
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

/// Whether the worker comes to the end of its query and may be used again, and how it answered if that was slow.
async fn ended(process: &mut Process) -> (bool, Option<String>) {
    loop {
        match process.next().await {
            Said::Bytes(_) | Said::Call(_) => {}
            Said::End(_, again, plan) => return (again, plan),
            Said::Dead(_) | Said::Gone => return (false, None),
        }
    }
}
