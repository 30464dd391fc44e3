//! Queries on threads of this process, each with a deep stack: for tests, and for who serves only friends.
//!
//! Evaluation recurses as deep as the query nests, so a query gets 64 MiB of stack. It is cancelled at its deadline
//! and when nobody waits for it any more; a query that does not listen keeps its turn until it really ends, so that
//! stubborn queries cannot pile up. Nothing here bounds memory: that takes a worker process.

use super::answer::{CHUNK, Part};
use super::evaluate::{Fault, evaluate};
use super::runner::{GRACE, Task};
use crate::problem::Problem;
use graph_store::{Cancellation, Engine, Limits};
use std::io::{self, Write};
use std::time::Instant;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

const STACK: usize = 64 << 20;

/// Starts the task on a thread of its own.
///
/// # Errors
/// When there is no thread to be had.
pub(crate) fn start(engine: &Engine, task: Task) -> Result<(), Problem> {
    let runtime = Handle::current();
    let cancel = Cancellation::new();
    watch(&runtime, &task, &cancel);
    let engine = engine.clone();
    let run = move || {
        let mut out = Sending {
            buffer: Vec::with_capacity(CHUNK),
            sender: task.sender.clone(),
            runtime,
            deadline: task.deadline,
        };
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let job = &task.job;
            let limits = Limits { deadline: Some(task.deadline), ..Limits::default() };
            let ended = evaluate(&engine, &job.prepared, job.format, job.lines, &limits, &cancel, &mut out)?;
            out.flush().map_err(|_| Fault::Cancelled)?;
            Ok(ended)
        }));
        let end = caught.unwrap_or_else(|_| Err(Fault::Internal("a query thread panicked".to_owned())));
        // Nobody listens when the client left or the deadline passed; then there is nobody to tell.
        let _ = out.send(Part::End(end.map_err(|fault| task.problem(fault))));
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

/// The writer of a query thread: cuts what it is given into chunks and waits for the client, but never past
/// the deadline.
struct Sending {
    buffer: Vec<u8>,
    sender: mpsc::Sender<Part>,
    runtime: Handle,
    deadline: Instant,
}

impl Sending {
    fn send(&self, part: Part) -> io::Result<()> {
        let until = (self.deadline + GRACE).into();
        // A timer belongs to a runtime, so it is made inside of it.
        let sending = async { tokio::time::timeout_at(until, self.sender.send(part)).await };
        match self.runtime.block_on(sending) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the client left")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the client reads too slowly")),
        }
    }
}

impl Write for Sending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
        self.send(Part::Bytes(full.into()))
    }
}
