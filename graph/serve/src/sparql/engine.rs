//! Where queries run: threads of their own, a bounded number, each with a deep stack.
//!
//! Evaluation recurses as deep as the query nests, so a query gets 64 MiB of stack. It is cancelled at its
//! deadline and when nobody waits for it any more; a query that does not listen keeps its place in the
//! count until it really ends, so that stubborn queries cannot pile up.
//!
//! The status of an answer is decided when its first MiB is there or when it ended, whichever is first.
//! After that, a failure breaks the transfer: the last chunk is never sent, and every client sees that.

use crate::problem::Problem;
use axum::body::{Body, Bytes};
use graph_store::Cancellation;
use std::collections::VecDeque;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::io::ReaderStream;

/// How much of an answer is held back before its status is decided.
pub(crate) const HELD: usize = 1 << 20;
const STACK: usize = 64 << 20;
const CHUNK: usize = 64 << 10;
/// How long past its deadline an evaluation that was cancelled may still report back by itself.
const GRACE: Duration = Duration::from_millis(250);

/// What an evaluation is given.
pub(crate) struct Task<'w> {
    pub(crate) out: &'w mut dyn Write,
    pub(crate) cancel: &'w Cancellation,
    pub(crate) deadline: Instant,
    /// How long the deadline was away at the beginning.
    pub(crate) allowed: Duration,
}

/// The places for queries.
pub(crate) struct Engine {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    timeout: Duration,
}

/// An answer whose status is decided.
pub(crate) enum Answer {
    /// All of it.
    Whole(Bytes),
    /// Its first part, and more to come.
    Streamed(Stream),
}

impl Engine {
    pub(crate) fn new(threads: NonZeroUsize, queue: usize, timeout: Duration) -> Self {
        Self { places: Arc::new(Semaphore::new(threads.get())), waiting: AtomicUsize::new(0), queue, timeout }
    }

    /// Waits for a place, runs the work, and returns when the answer's status is decided. Dropping the
    /// future cancels the work.
    ///
    /// # Errors
    /// What the work reports, 503 when too many wait, 504 when the deadline passed.
    pub(crate) async fn run<F>(&self, work: F) -> Result<Answer, Problem>
    where
        F: FnOnce(Task<'_>) -> Result<(), Problem> + Send + 'static,
    {
        let place = self.place().await?;
        let deadline = Instant::now() + self.timeout;
        let cancel = CancelOnDrop(Cancellation::new());
        let (sender, mut receiver) = mpsc::channel(HELD / CHUNK);
        let allowed = self.timeout;
        spawn(place, deadline, cancel.0.clone(), sender, move |out, cancel| {
            work(Task { out, cancel, deadline, allowed })
        })?;
        let mut held = VecDeque::new();
        let mut size = 0;
        let collecting = async {
            while size < HELD {
                match receiver.recv().await {
                    Some(Part::Bytes(bytes)) => {
                        size += bytes.len();
                        held.push_back(bytes);
                    }
                    Some(Part::End(end)) => return Some(end),
                    None => return Some(Err(Problem::internal(&"a query thread ended without a word"))),
                }
            }
            None
        };
        match tokio::time::timeout_at((deadline + GRACE).into(), collecting).await {
            Err(_) => Err(Problem::timeout(self.timeout.as_secs())),
            Ok(Some(Err(problem))) => Err(problem),
            Ok(Some(Ok(()))) => Ok(Answer::Whole(join(&held, size))),
            Ok(None) => Ok(Answer::Streamed(Stream { held, receiver, ended: false, _cancel: cancel })),
        }
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        let _waiter = Waiter::enter(&self.waiting, self.queue)?;
        let waiting = Arc::clone(&self.places).acquire_owned();
        match tokio::time::timeout(self.timeout, waiting).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Problem::busy(self.timeout.as_secs().max(1))),
        }
    }
}

struct Waiter<'e>(&'e AtomicUsize);

impl<'e> Waiter<'e> {
    fn enter(waiting: &'e AtomicUsize, queue: usize) -> Result<Self, Problem> {
        if waiting.fetch_add(1, Ordering::AcqRel) >= queue {
            waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(Problem::busy(2));
        }
        Ok(Self(waiting))
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What a query thread sends.
enum Part {
    Bytes(Bytes),
    End(Result<(), Problem>),
}

fn spawn<F>(
    place: OwnedSemaphorePermit,
    deadline: Instant,
    cancel: Cancellation,
    sender: mpsc::Sender<Part>,
    work: F,
) -> Result<(), Problem>
where
    F: FnOnce(&mut dyn Write, &Cancellation) -> Result<(), Problem> + Send + 'static,
{
    let runtime = tokio::runtime::Handle::current();
    let run = move || {
        let _place = place;
        let mut out = Sending { buffer: Vec::with_capacity(CHUNK), sender, runtime, deadline };
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            work(&mut out, &cancel)?;
            out.flush().map_err(|error| Problem::internal(&error))
        }));
        let end = caught.unwrap_or_else(|_| Err(Problem::internal(&"a query thread panicked")));
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

/// The writer of a query thread: cuts what it is given into chunks and waits for the client, but never past
/// the deadline.
struct Sending {
    buffer: Vec<u8>,
    sender: mpsc::Sender<Part>,
    runtime: tokio::runtime::Handle,
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

struct CancelOnDrop(Cancellation);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// The rest of an answer. Dropping it, as when the client leaves, cancels the query.
pub(crate) struct Stream {
    held: VecDeque<Bytes>,
    receiver: mpsc::Receiver<Part>,
    ended: bool,
    _cancel: CancelOnDrop,
}

impl Stream {
    pub(crate) fn into_body(self) -> Body {
        Body::from_stream(ReaderStream::with_capacity(self, CHUNK))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            if let Some(bytes) = self.held.front_mut() {
                let taken = bytes.split_to(out.remaining().min(bytes.len()));
                out.put_slice(&taken);
                if bytes.is_empty() {
                    self.held.pop_front();
                }
                return Poll::Ready(Ok(()));
            }
            if self.ended {
                return Poll::Ready(Ok(()));
            }
            match ready!(self.receiver.poll_recv(context)) {
                Some(Part::Bytes(bytes)) => self.held.push_back(bytes),
                Some(Part::End(Ok(()))) => self.ended = true,
                Some(Part::End(Err(problem))) => return Poll::Ready(Err(io::Error::other(problem.detail))),
                None => return Poll::Ready(Err(io::Error::other("the query was stopped"))),
            }
        }
    }
}

fn join(parts: &VecDeque<Bytes>, size: usize) -> Bytes {
    let mut whole = Vec::with_capacity(size);
    for part in parts {
        whole.extend_from_slice(part);
    }
    whole.into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn engine(threads: usize, queue: usize, millis: u64) -> Engine {
        Engine::new(NonZeroUsize::new(threads).unwrap(), queue, Duration::from_millis(millis))
    }

    fn status(answer: Result<Answer, Problem>) -> u16 {
        answer.map_or_else(|problem| problem.status.as_u16(), |_| 200)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whole_streamed_late_and_failed_answers() {
        let engine = engine(2, 4, 400);
        let whole = engine.run(|task| task.out.write_all(b"hello").map_err(|e| Problem::internal(&e))).await;
        assert!(matches!(whole, Ok(Answer::Whole(bytes)) if bytes == "hello"));
        let failed = engine.run(|_| Err(Problem::bad_request("no"))).await;
        assert_eq!(status(failed), 400);
        assert_eq!(status(engine.run(|_| panic!("on purpose")).await), 500);
        let late = engine
            .run(|_| {
                std::thread::sleep(Duration::from_secs(2));
                Ok(())
            })
            .await;
        assert_eq!(status(late), 504);
        let broken = engine
            .run(|task| {
                for _ in 0..(3 * HELD / CHUNK) {
                    let _ = task.out.write_all(&[b'x'; CHUNK]);
                }
                Err(Problem::bad_request("halfway"))
            })
            .await;
        let Ok(Answer::Streamed(stream)) = broken else { panic!("more than what is held is streamed") };
        assert!(axum::body::to_bytes(stream.into_body(), usize::MAX).await.is_err());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_queue_is_busy_and_a_dropped_answer_is_cancelled() {
        let engine = Arc::new(engine(1, 1, 5_000));
        let (said, heard) = std::sync::mpsc::channel();
        let wait_for_cancel = move |task: Task<'_>| {
            while !task.cancel.is_cancelled() {
                std::thread::sleep(Duration::from_millis(5));
            }
            said.send(()).unwrap();
            Ok(())
        };
        let first = tokio::spawn({
            let engine = Arc::clone(&engine);
            async move { status(engine.run(wait_for_cancel).await) }
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        let second = tokio::spawn({
            let engine = Arc::clone(&engine);
            async move { status(engine.run(|_| Ok(())).await) }
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(status(engine.run(|_| Ok(())).await), 503);
        first.abort();
        assert!(heard.recv_timeout(Duration::from_secs(2)).is_ok(), "dropping the first cancels it");
        assert_eq!(second.await.unwrap(), 200);
    }
}
