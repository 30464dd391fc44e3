//! An answer on its way: held until its status is decided, then passed on.
//!
//! The status is decided when the first MiB is there or when the answer ended, whichever is first. After that, a
//! failure breaks the transfer: the last chunk is never sent, and every client sees that. What is on its way is
//! bounded, so that a slow client slows the query and fills no memory.

use super::evaluate::Ended;
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::mpsc;
use tokio_util::io::ReaderStream;

/// How much of an answer is held back before its status is decided.
pub(crate) const HELD: usize = 1 << 20;
/// How much is handed on at a time.
pub(crate) const CHUNK: usize = 64 << 10;

/// What comes from where a query runs.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Bytes(Bytes),
    End(Result<Ended, Problem>),
}

/// The way from where a query runs; when the receiver is dropped, nobody wants the answer any more.
pub(crate) fn way() -> (mpsc::Sender<Part>, mpsc::Receiver<Part>) {
    mpsc::channel(HELD / CHUNK)
}

/// An answer whose status is decided.
pub(crate) enum Answer {
    /// All of it.
    Whole(Bytes, Ended),
    /// Its first part, and more to come.
    Streamed(Stream),
}

impl Answer {
    /// How many rows it has, where that is known.
    pub(crate) fn rows(&self) -> Option<u64> {
        match self {
            Self::Whole(_, ended) => Some(ended.rows),
            Self::Streamed(_) => None,
        }
    }

    pub(crate) fn into_body(self) -> Body {
        match self {
            Self::Whole(bytes, _) => Body::from(bytes),
            Self::Streamed(stream) => stream.into_body(),
        }
    }
}

/// Waits until the status is decided, but not past the moment given.
///
/// # Errors
/// What the query ended with, or `late` when it said nothing in time.
pub(crate) async fn collect(
    mut receiver: mpsc::Receiver<Part>,
    until: Instant,
    late: impl FnOnce() -> Problem,
) -> Result<Answer, Problem> {
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
                None => return Some(Err(Problem::internal(&"a query ended without a word"))),
            }
        }
        None
    };
    match tokio::time::timeout_at(until.into(), collecting).await {
        Err(_) => Err(late()),
        Ok(Some(Err(problem))) => Err(problem),
        Ok(Some(Ok(ended))) => Ok(Answer::Whole(join(held, size), ended)),
        Ok(None) => Ok(Answer::Streamed(Stream { held, receiver, ended: false })),
    }
}

/// The rest of an answer. Dropping it, as when the client leaves, cancels the query.
pub(crate) struct Stream {
    held: VecDeque<Bytes>,
    receiver: mpsc::Receiver<Part>,
    ended: bool,
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
                Some(Part::End(Ok(_))) => self.ended = true,
                Some(Part::End(Err(problem))) => return Poll::Ready(Err(io::Error::other(problem.detail))),
                None => return Poll::Ready(Err(io::Error::other("the query was stopped"))),
            }
        }
    }
}

fn join(mut parts: VecDeque<Bytes>, size: usize) -> Bytes {
    if parts.len() == 1
        && let Some(only) = parts.pop_front()
    {
        return only;
    }
    let mut whole = Vec::with_capacity(size);
    for part in parts {
        whole.extend_from_slice(&part);
    }
    whole.into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::time::Duration;

    async fn collected(parts: Vec<Part>, keep_open: bool) -> Result<Answer, Problem> {
        let (sender, receiver) = way();
        let until = Instant::now() + Duration::from_millis(200);
        let sending = tokio::spawn(async move {
            for part in parts {
                sender.send(part).await.ok().unwrap();
            }
            if keep_open {
                sender.closed().await;
            }
        });
        let answer = collect(receiver, until, || Problem::timeout(1)).await;
        if answer.is_err() {
            sending.await.unwrap();
        }
        answer
    }

    fn bytes(length: usize) -> Part {
        Part::Bytes(vec![b'x'; length].into())
    }

    #[tokio::test]
    async fn whole_failed_late_silent_and_broken_answers() {
        let ended = Ended { rows: 2, cut: false };
        let whole = collected(vec![bytes(3), bytes(4), Part::End(Ok(ended))], false).await;
        assert!(matches!(whole, Ok(Answer::Whole(bytes, end)) if bytes == "xxxxxxx" && end == ended));
        // What came before a failure is not sent to anybody.
        let failed = collected(vec![bytes(3), Part::End(Err(Problem::memory()))], false).await;
        assert_eq!(failed.err().unwrap().status, 422);
        assert_eq!(collected(vec![bytes(3)], true).await.err().unwrap().status, 504);
        assert_eq!(collected(vec![bytes(3)], false).await.err().unwrap().status, 500);
        for end in [vec![Part::End(Err(Problem::memory()))], vec![]] {
            let parts = [vec![bytes(HELD), bytes(9)], end].concat();
            let Ok(answer) = collected(parts, false).await else { unreachable!("it is streamed") };
            assert!(axum::body::to_bytes(answer.into_body(), usize::MAX).await.is_err());
        }
        let parts = vec![bytes(HELD), bytes(9), Part::End(Ok(ended))];
        let Ok(answer) = collected(parts, false).await else { unreachable!("it is streamed") };
        assert_eq!(axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().len(), HELD + 9);
    }
}
