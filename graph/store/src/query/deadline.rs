//! One thread that keeps all deadlines of the process, as what evaluates may look only at a cancellation.
//!
//! It sleeps until the earliest deadline that it knew when it fell asleep. A query that ended in time takes its entry away
//! and lets it sleep, and one with a later deadline does too; so it is woken about once in the time that a query may take.

use super::evaluate::Cancellation;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long it sleeps when there is nothing to keep.
const IDLE: Duration = Duration::from_secs(3_600);

static KEEPER: Mutex<Keeper> = Mutex::new(Keeper { runs: false, wakes: None, entries: Vec::new(), next: 0 });
static EARLIER: Condvar = Condvar::new();

struct Keeper {
    runs: bool,
    /// When it will look by itself.
    wakes: Option<Instant>,
    entries: Vec<(u64, Instant, Cancellation)>,
    next: u64,
}

/// A deadline that is kept until this is dropped.
pub(super) struct Kept(u64);

impl Drop for Kept {
    fn drop(&mut self) {
        keeper().entries.retain(|(number, ..)| *number != self.0);
    }
}

/// Cancels at the deadline.
///
/// # Errors
/// When there is no thread to be had.
pub(super) fn keep(deadline: Instant, cancellation: &Cancellation) -> io::Result<Kept> {
    let mut keeper = keeper();
    if !keeper.runs {
        thread::Builder::new().name("deadlines".to_owned()).stack_size(64 << 10).spawn(watch)?;
        keeper.runs = true;
    }
    let number = keeper.next;
    keeper.next += 1;
    keeper.entries.push((number, deadline, cancellation.clone()));
    if keeper.wakes.is_some_and(|wakes| deadline < wakes) {
        EARLIER.notify_one();
    }
    Ok(Kept(number))
}

fn watch() {
    let mut keeper = keeper();
    loop {
        let now = Instant::now();
        keeper.entries.retain(|(_, deadline, cancellation)| {
            let late = *deadline <= now;
            if late {
                cancellation.cancel();
            }
            !late
        });
        let first = keeper.entries.iter().map(|(_, deadline, _)| *deadline).min();
        let sleep = first.map_or(IDLE, |first| first.saturating_duration_since(now));
        keeper.wakes = Some(now + sleep);
        keeper = EARLIER.wait_timeout(keeper, sleep).unwrap_or_else(PoisonError::into_inner).0;
    }
}

fn keeper() -> MutexGuard<'static, Keeper> {
    KEEPER.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_late_are_cancelled_and_the_ended_are_not() {
        let (far, near, ended) = (Cancellation::new(), Cancellation::new(), Cancellation::new());
        let now = Instant::now();
        let _far = keep(now + Duration::from_secs(600), &far).unwrap();
        drop(keep(now + Duration::from_millis(1), &ended).unwrap());
        let _near = keep(now + Duration::from_millis(30), &near).unwrap();
        while !near.is_cancelled() {
            assert!(now.elapsed() < Duration::from_secs(60), "the deadline is not kept");
            thread::sleep(Duration::from_millis(5));
        }
        assert!(!far.is_cancelled());
    }
}
