//! Threads with a deep stack, kept for who needs one next: making one costs more than reading a query.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

const STACK: usize = 64 << 20;
/// So many wait for work; more are made when they are needed, and end after it.
const IDLE: usize = 4;

type Work = Box<dyn FnOnce() + Send>;

static WAITING: Mutex<Vec<mpsc::Sender<Work>>> = Mutex::new(Vec::new());

/// Does something that recurses; `None` if it panicked.
///
/// # Errors
/// When there is no thread to be had.
pub(super) fn run<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> io::Result<Option<R>> {
    let (tell, told) = mpsc::sync_channel(1);
    let work: Work = Box::new(move || {
        // Who asked waits for it, and is told of a panic by getting nothing.
        let _ = tell.send(catch_unwind(AssertUnwindSafe(work)).ok());
    });
    let free = waiting().pop();
    let thread = match free {
        Some(thread) => thread,
        None => start()?,
    };
    if thread.send(work).is_err() {
        return Err(io::Error::other("a thread ended by itself"));
    }
    let done = told.recv().ok().flatten();
    let mut waiting = waiting();
    if waiting.len() < IDLE {
        waiting.push(thread);
    }
    Ok(done)
}

fn start() -> io::Result<mpsc::Sender<Work>> {
    let (sender, works) = mpsc::channel::<Work>();
    thread::Builder::new()
        .name("deep".to_owned())
        .stack_size(STACK)
        .spawn(move || works.into_iter().for_each(|work| work()))?;
    Ok(sender)
}

fn waiting() -> MutexGuard<'static, Vec<mpsc::Sender<Work>>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn works_at_once_deeply_and_after_a_panic() {
        fn down(levels: u32) -> u32 {
            let room = std::hint::black_box([0_u8; 4 << 10]);
            if levels == 0 { u32::from(room[0]) } else { down(levels - 1) + 1 }
        }
        let none: Option<()> = run(|| panic!("as expected")).unwrap();
        assert!(none.is_none());
        let all: Vec<_> = (0..12).map(|_| thread::spawn(|| run(|| down(4_000)).unwrap())).collect();
        assert!(all.into_iter().all(|thread| thread.join().unwrap() == Some(4_000)));
        assert!(waiting().len() <= IDLE);
    }
}
