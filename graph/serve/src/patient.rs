//! A connection that loses patience: with a client that does not finish its headers, and with one that lets a long
//! time pass without taking or giving a byte.
//!
//! While a request is being answered, waiting is not the client's fault; so the service says when it has a request
//! ([`Mark::busy`]). The first bytes after an answer begin the next headers.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

const QUIET: u8 = 0;
const HEADERS: u8 = 1;
const BUSY: u8 = 2;

/// Where a connection is, for the service to say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mark(Arc<AtomicU8>);

impl Mark {
    /// The headers are complete: it is our turn.
    pub(crate) fn busy(&self) {
        self.0.store(BUSY, Ordering::Relaxed);
    }
}

/// A stream with limits on waiting.
#[derive(Debug)]
pub(crate) struct Patient<S> {
    stream: S,
    headers: Duration,
    idle: Duration,
    mark: Mark,
    /// When bytes went either way for the last time.
    last: Instant,
    /// When the headers that are coming began.
    begun: Instant,
    answering: bool,
    timer: Pin<Box<Sleep>>,
}

impl<S> Patient<S> {
    /// The stream, whose first headers begin now.
    pub(crate) fn new(stream: S, headers: Duration, idle: Duration, mark: Mark) -> Self {
        let now = Instant::now();
        mark.0.store(HEADERS, Ordering::Relaxed);
        let timer = Box::pin(tokio::time::sleep(headers.min(idle)));
        Self { stream, headers, idle, mark, last: now, begun: now, answering: false, timer }
    }

    /// Whether nothing may be waited for any longer.
    fn over(&mut self, writing: bool, context: &mut Context<'_>) -> bool {
        let until = match self.mark.0.load(Ordering::Relaxed) {
            HEADERS => self.begun + self.headers,
            BUSY if !writing && !self.answering => return false,
            _ => self.last + self.idle,
        };
        // The timer is set anew only when it is late or too late, not with each byte.
        if self.timer.is_elapsed() || until < self.timer.deadline() {
            self.timer.as_mut().reset(until);
        }
        while self.timer.as_mut().poll(context).is_ready() {
            if Instant::now() >= until {
                return true;
            }
            self.timer.as_mut().reset(until);
        }
        false
    }
}

fn too_late<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client took too long")))
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Pending if self.over(false, context) => too_late(),
            Poll::Pending => Poll::Pending,
            ready => {
                self.last = Instant::now();
                if self.answering {
                    self.answering = false;
                    self.begun = self.last;
                    self.mark.0.store(HEADERS, Ordering::Relaxed);
                }
                ready
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> Patient<S> {
    fn wrote<T>(&mut self, poll: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        match poll {
            Poll::Pending if self.over(true, context) => too_late(),
            Poll::Pending => Poll::Pending,
            ready => {
                self.last = Instant::now();
                if !self.answering {
                    self.answering = true;
                    self.mark.0.store(QUIET, Ordering::Relaxed);
                }
                ready
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(poll, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.wrote(poll, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    const SOON: Duration = Duration::from_millis(150);
    /// Who waits for this has waited for the wrong limit.
    const NEVER: Duration = Duration::from_secs(3_600);

    async fn times_out(server: &mut (impl AsyncRead + Unpin)) -> bool {
        let read = server.read(&mut [0]).await;
        read.is_err_and(|error| error.kind() == io::ErrorKind::TimedOut)
    }

    #[tokio::test]
    async fn headers_hurry_and_answers_do_not() {
        let (mut client, server) = tokio::io::duplex(64);
        let mark = Mark::default();
        let mut server = Patient::new(server, SOON, NEVER, mark.clone());
        let mut byte = [0];
        // The first headers do not come to an end.
        client.write_all(b"a").await.unwrap();
        server.read_exact(&mut byte).await.unwrap();
        assert!(times_out(&mut server).await);
        // A request is being answered: nobody is in a hurry.
        mark.busy();
        let waiting = tokio::time::timeout(SOON * 4, server.read(&mut byte)).await;
        assert!(waiting.is_err(), "{waiting:?}");
        // It is answered, and the next headers hurry again.
        server.write_all(b"b").await.unwrap();
        client.write_all(b"a").await.unwrap();
        server.read_exact(&mut byte).await.unwrap();
        assert!(times_out(&mut server).await);
    }

    #[tokio::test]
    async fn who_says_nothing_after_an_answer_is_left() {
        let (_client, server) = tokio::io::duplex(64);
        let mark = Mark::default();
        let mut server = Patient::new(server, NEVER, SOON, mark.clone());
        mark.busy();
        server.write_all(b"b").await.unwrap();
        assert!(times_out(&mut server).await);
    }

    #[tokio::test]
    async fn who_does_not_read_is_left() {
        let (_client, server) = tokio::io::duplex(64);
        let mark = Mark::default();
        let mut server = Patient::new(server, NEVER, SOON, mark.clone());
        mark.busy();
        let written = server.write_all(&[b'x'; 1_000]).await;
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
