//! The inside of a worker process: it reads queries from standard input and writes answers to standard output, and
//! can do nothing else.
//!
//! One thread reads, so that it hears a cancellation while the other, which has a deep stack, evaluates. When the
//! input ends, the server is gone and so is the worker. Every answer ends with one word about how it ended; a worker
//! that dies leaves that word out, and the server knows.

mod cage;
mod outside;
pub(crate) mod wire;

use crate::sparql::{Ended, Fault, Form, evaluate};
use graph_store::{
    Allowed, Asked, Cancellation, DatasetParameters, Engine, Limits, Notes, ScanLimits, prepare_here,
};
use outside::Outside;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use thiserror::Error;
use wire::Question;

/// Evaluation recurses as deep as the query nests.
const STACK: usize = 64 << 20;
/// How much of an answer is written at a time.
const CHUNK: usize = 64 << 10;
/// Queries that take less time than this take little memory.
const QUICK: Duration = Duration::from_millis(20);
/// How much less important than the server a worker is: look-ups and pages come before queries.
const NICENESS: i32 = 5;
/// The server has looked at the query already, with limits of its own; what it took is taken here.
const TAKEN: ScanLimits = ScanLimits {
    bytes: usize::MAX,
    depth: usize::MAX,
    patterns: usize::MAX,
    operators: usize::MAX,
    path_steps: usize::MAX,
    values_rows: usize::MAX,
};

/// How a worker is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The folder of the generation.
    pub generation: PathBuf,
    /// How much private memory it may take, in bytes.
    pub memory: u64,
}

/// Why a worker ended before its server did.
#[derive(Debug, Error)]
pub enum WorkerError {
    /// The generation cannot be opened.
    #[error("{0}")]
    Open(#[from] graph_store::StoreError),
    /// The server cannot be heard or told, or the system refuses a limit.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// The query that is being evaluated, for who hears that it is not wanted any more.
type Current = Arc<Mutex<Option<(u64, Cancellation)>>>;

/// Works until the server closes standard input. Nothing else in the process may print.
///
/// # Errors
/// [`WorkerError`] when the generation or the pipes fail.
pub fn run(setup: &Setup) -> Result<(), WorkerError> {
    // Before any thread is there, so that all of them are kept from the network.
    let open = cage::close().err();
    let _ = rustix::process::nice(NICENESS);
    let engine = Engine::open(&setup.generation)?;
    cage::bound(setup.memory)?;
    let mut input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let ready = serde_json::to_vec(&wire::Ready { open }).map_err(io::Error::other)?;
    wire::send(&mut output, wire::READY, &ready)?;
    let current = Current::default();
    // Half of what is free now may stay taken after a query; then a fresh worker takes over.
    let limit = cage::taken().map(|taken| taken + setup.memory.saturating_sub(taken) / 2);
    let (ask, asked) = mpsc::channel();
    let (hear, heard) = mpsc::channel();
    let outside = Outside::new(output.try_clone()?, heard);
    std::thread::Builder::new().name("query".to_owned()).stack_size(STACK).spawn({
        let current = Arc::clone(&current);
        // What an evaluation counts itself is not all that it takes.
        let memory = setup.memory / 3 * 2;
        move || answer_all(&engine, memory, &asked, &current, &outside, output, limit)
    })?;
    listen(
        &mut input,
        &current,
        |answer| hear.send(answer).is_ok(),
        |question, cancel| ask.send((question, cancel)).is_ok(),
    )
}

fn listen(
    input: &mut impl Read,
    current: &Current,
    mut hear: impl FnMut(Vec<u8>) -> bool,
    mut ask: impl FnMut(Question, Cancellation) -> bool,
) -> Result<(), WorkerError> {
    while let Some((kind, content)) = wire::receive(input)? {
        if kind == wire::ASK {
            let question: Question = serde_json::from_slice(&content).map_err(io::Error::other)?;
            let cancel = Cancellation::new();
            *current.lock().unwrap_or_else(PoisonError::into_inner) = Some((question.number, cancel.clone()));
            if !ask(question, cancel) {
                break;
            }
        } else if kind == wire::CALLED {
            if !hear(content) {
                break;
            }
        } else if kind == wire::CANCEL {
            let number = content.try_into().map_or(0, u64::from_le_bytes);
            let current = current.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((running, cancel)) = &*current
                && *running == number
            {
                cancel.cancel();
            }
        }
    }
    Ok(())
}

fn answer_all(
    engine: &Engine,
    memory: u64,
    asked: &Receiver<(Question, Cancellation)>,
    current: &Current,
    outside: &Outside,
    output: File,
    limit: Option<u64>,
) {
    let mut out = Sending { output, buffer: Vec::with_capacity(CHUNK * 2) };
    for (question, cancel) in asked {
        out.begin();
        let begun = Instant::now();
        let mut plan = None;
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            answer(engine, memory, &question, (&cancel, outside), &mut plan, &mut out)
        }));
        let panicked = caught.is_err();
        let result = caught.unwrap_or_else(|panic| Err(Fault::of_panic(&*panic)));
        // A quick query has not taken much, and asking would take longer than some.
        let full = panicked || begun.elapsed() > QUICK && cage::taken() > limit;
        let end = wire::End { result, full, plan };
        current.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A server that cannot be told is gone, which the other thread hears.
        if out.end(&end).is_err() {
            return;
        }
    }
}

fn answer(
    engine: &Engine,
    memory: u64,
    question: &Question,
    (cancel, outside): (&Cancellation, &Outside),
    plan: &mut Option<String>,
    out: &mut Sending,
) -> Result<Ended, Fault> {
    let begun = Instant::now();
    let time = Duration::from_millis(question.milliseconds);
    cage::allow(time);
    let limits = Limits { deadline: Some(begun + time), max_memory: memory, ..Limits::default() };
    let dataset = DatasetParameters {
        default_graphs: question.default_graphs.clone(),
        named_graphs: question.named_graphs.clone(),
    };
    // The server took it, so what is missing here is room for the parser's stack.
    let prepared =
        prepare_here(&question.text, &dataset, &TAKEN, Allowed::Checked).map_err(|_| Fault::Memory)?;
    let form = Form::named(prepared.kind(), &question.form)
        .ok_or_else(|| Fault::Internal(format!("no format '{}'", question.form)))?;
    let notes = Notes::new();
    let asked = Asked::new(&prepared, &limits, cancel).noting(&notes).calling(Some(outside));
    let result = evaluate(engine, &asked, form, question.lines, out);
    if begun.elapsed() >= Duration::from_millis(question.slow) {
        *plan = Some(notes.line(&prepared));
    }
    result
}

/// The writer of an answer: parts of a fair size, and the last one together with the end.
struct Sending {
    output: File,
    /// Room for a head, then what is not yet sent.
    buffer: Vec<u8>,
}

impl Sending {
    fn begin(&mut self) {
        self.buffer.clear();
        self.buffer.resize(wire::HEAD, 0);
    }

    /// Puts the head before what is there, if anything is.
    fn close_part(&mut self) {
        let length = self.buffer.len() - wire::HEAD;
        if length == 0 {
            self.buffer.clear();
        } else {
            self.buffer[..wire::HEAD].copy_from_slice(&wire::head(wire::BYTES, length));
        }
    }

    fn end(&mut self, end: &wire::End) -> io::Result<()> {
        // What came before a fault is not worth sending.
        if end.result.is_err() {
            self.begin();
        }
        self.close_part();
        wire::push(&mut self.buffer, wire::END, &serde_json::to_vec(end).map_err(io::Error::other)?);
        self.output.write_all(&self.buffer)
    }
}

impl Write for Sending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for bytes in bytes.chunks(CHUNK) {
            self.buffer.extend_from_slice(bytes);
            if self.buffer.len() >= CHUNK {
                self.close_part();
                self.output.write_all(&self.buffer)?;
                self.begin();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // The end flushes; flushing earlier would send a part of its own for nothing.
        Ok(())
    }
}
