//! The writer at the near end of the way: it cuts what it is given into chunks and waits for the client, but not for
//! ever.

use super::answer::{CHUNK, Part};
use std::io::{self, Write};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// How long the client may take.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Patience {
    /// For all of the answer.
    Until(Instant),
    /// For each chunk.
    Each(Duration),
}

/// The writer of a thread that may block.
pub(crate) struct Sending {
    buffer: Vec<u8>,
    sender: mpsc::Sender<Part>,
    runtime: Handle,
    patience: Patience,
    gone: bool,
}

impl Sending {
    /// To be made where the runtime is, and used on a thread of its own.
    pub(crate) fn new(sender: mpsc::Sender<Part>, patience: Patience) -> Self {
        let buffer = Vec::with_capacity(CHUNK);
        Self { buffer, sender, runtime: Handle::current(), patience, gone: false }
    }

    /// Whether nobody takes what is sent any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.gone
    }

    pub(crate) fn send(&mut self, part: Part) -> io::Result<()> {
        let until = match self.patience {
            Patience::Until(until) => until,
            Patience::Each(time) => Instant::now() + time,
        };
        // A timer belongs to a runtime, so it is made inside of it.
        let sending = async { tokio::time::timeout_at(until.into(), self.sender.send(part)).await };
        let failed = match self.runtime.block_on(sending) {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(_)) => io::Error::new(io::ErrorKind::BrokenPipe, "the client left"),
            Err(_) => io::Error::new(io::ErrorKind::TimedOut, "the client reads too slowly"),
        };
        self.gone = true;
        Err(failed)
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
