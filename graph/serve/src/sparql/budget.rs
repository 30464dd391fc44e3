//! Whose turn it is: so many queries at once, so much engine time for each client, a short queue, fair between
//! clients.
//!
//! A client's account holds seconds of engine time. They come back with time, up to the burst; a query is paid for
//! when it has ended, by the time that it held its place. Who is in debt, or has too many queries under way, is told
//! so with 429; when the queue is full or the wait too long, everybody is with 503. Of those who wait, the next turn
//! goes to the client with the fewest running queries, and among these to who came first.

use super::client::Client;
use crate::problem::Problem;
use graph_model::ServiceLimits;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Above so many accounts, those that say nothing are dropped.
const ACCOUNTS: usize = 4096;

/// The turns and the accounts.
#[derive(Clone)]
pub(crate) struct Budget {
    rules: Rules,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Clone, Copy)]
struct Rules {
    /// Seconds of engine time that come back each second.
    rate: f64,
    burst: f64,
    parallel: u64,
    queue: u64,
    patience: Duration,
}

#[derive(Default)]
struct State {
    free: usize,
    accounts: HashMap<Client, Account>,
    waiting: Vec<Waiter>,
    next: u64,
}

struct Account {
    seconds: f64,
    at: Instant,
    running: u64,
    waiting: u64,
}

struct Waiter {
    number: u64,
    client: Client,
    call: oneshot::Sender<()>,
}

impl Budget {
    pub(crate) fn new(places: usize, limits: &ServiceLimits) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "seconds of configuration are small numbers")]
        let (rate, burst) = (limits.engine_seconds as f64 / 60.0, limits.engine_burst as f64);
        let rules = Rules {
            rate,
            burst,
            parallel: limits.parallel,
            queue: limits.queue,
            patience: Duration::from_secs(limits.queue_seconds),
        };
        let state = State { free: places, ..State::default() };
        Self { rules, state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// 429 when the client has had enough, 503 when there are too many others.
    pub(crate) async fn turn(&self, client: Client) -> Result<Turn, Problem> {
        let (number, called) = {
            let mut state = self.state();
            let now = Instant::now();
            state.tidy(&self.rules, now);
            let account = state.account(client, &self.rules, now);
            if account.seconds <= 0.0 {
                return Err(Problem::spent(seconds_until(1.0 - account.seconds, self.rules.rate)));
            }
            if account.running + account.waiting >= self.rules.parallel {
                return Err(Problem::too_many_at_once(self.rules.parallel));
            }
            if state.free > 0 && state.waiting.is_empty() {
                state.free -= 1;
                state.account(client, &self.rules, now).running += 1;
                return Ok(Turn::new(self, client));
            }
            if state.waiting.len() as u64 >= self.rules.queue {
                return Err(Problem::busy(2));
            }
            let (call, called) = oneshot::channel();
            let number = state.next;
            state.next += 1;
            state.account(client, &self.rules, now).waiting += 1;
            state.waiting.push(Waiter { number, client, call });
            state.call_next();
            (number, called)
        };
        let mut place = Queued { budget: self, number, client, left: false };
        match tokio::time::timeout(self.rules.patience, called).await {
            Ok(Ok(())) => {
                place.left = true;
                Ok(Turn::new(self, client))
            }
            _ => Err(Problem::busy(self.rules.patience.as_secs().clamp(2, 30))),
        }
    }

    fn release(&self, client: Client, used: Duration) {
        let mut state = self.state();
        let account = state.account(client, &self.rules, Instant::now());
        account.seconds -= used.as_secs_f64();
        account.running = account.running.saturating_sub(1);
        state.free += 1;
        state.call_next();
    }
}

fn seconds_until(missing: f64, rate: f64) -> u64 {
    let seconds = (missing / rate.max(0.001)).ceil().clamp(1.0, 3_600.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped just above")]
    {
        seconds as u64
    }
}

impl State {
    /// The client's account with what came back since it was looked at.
    fn account(&mut self, client: Client, rules: &Rules, now: Instant) -> &mut Account {
        let account = self.accounts.entry(client).or_insert(Account {
            seconds: rules.burst,
            at: now,
            running: 0,
            waiting: 0,
        });
        let since = now.saturating_duration_since(account.at).as_secs_f64();
        account.seconds = (account.seconds + since * rules.rate).min(rules.burst);
        account.at = now;
        account
    }

    /// Gives free places to those who wait.
    fn call_next(&mut self) {
        while self.free > 0 {
            let running = |waiter: &Waiter| self.accounts.get(&waiter.client).map_or(0, |a| a.running);
            let best = self.waiting.iter().enumerate().min_by_key(|(_, w)| (running(w), w.number));
            let Some((at, _)) = best else { return };
            let waiter = self.waiting.remove(at);
            let Some(account) = self.accounts.get_mut(&waiter.client) else { continue };
            account.waiting = account.waiting.saturating_sub(1);
            account.running += 1;
            self.free -= 1;
            // Who gives up at this moment finds that it was called, and releases what it was given.
            let _ = waiter.call.send(());
        }
    }

    /// Drops accounts that are as good as new.
    fn tidy(&mut self, rules: &Rules, now: Instant) {
        if self.accounts.len() > ACCOUNTS {
            self.accounts.retain(|_, account| {
                let back = now.saturating_duration_since(account.at).as_secs_f64() * rules.rate;
                account.running + account.waiting > 0 || account.seconds + back < rules.burst
            });
        }
    }
}

/// A place in the queue; leaving it early gives it up.
struct Queued<'b> {
    budget: &'b Budget,
    number: u64,
    client: Client,
    left: bool,
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        if self.left {
            return;
        }
        let mut state = self.budget.state();
        if let Some(at) = state.waiting.iter().position(|waiter| waiter.number == self.number) {
            state.waiting.remove(at);
            if let Some(account) = state.accounts.get_mut(&self.client) {
                account.waiting = account.waiting.saturating_sub(1);
            }
            return;
        }
        drop(state);
        // It was called in the very moment in which it gave up.
        self.budget.release(self.client, Duration::ZERO);
    }
}

/// A turn. Dropping it ends it and charges the client for the time.
pub(crate) struct Turn {
    budget: Budget,
    client: Client,
    begun: Instant,
}

impl Turn {
    fn new(budget: &Budget, client: Client) -> Self {
        Self { budget: budget.clone(), client, begun: Instant::now() }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.budget.release(self.client, self.begun.elapsed());
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    fn client(last: u8) -> Client {
        Client::from(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)))
    }

    fn budget(places: usize, adjust: impl FnOnce(&mut ServiceLimits)) -> Budget {
        let mut limits = ServiceLimits::default();
        adjust(&mut limits);
        Budget::new(places, &limits)
    }

    async fn refused(budget: &Budget, who: Client) -> (u16, Option<u64>) {
        let problem = budget.turn(who).await.err().unwrap();
        (problem.status.as_u16(), problem.retry_after)
    }

    #[tokio::test]
    async fn a_client_has_so_many_at_once() {
        let budget = budget(9, |limits| limits.parallel = 2);
        let first = budget.turn(client(1)).await.unwrap();
        let _second = budget.turn(client(1)).await.unwrap();
        assert_eq!(refused(&budget, client(1)).await.0, 429);
        assert!(budget.turn(client(2)).await.is_ok(), "others are not concerned");
        drop(first);
        assert!(budget.turn(client(1)).await.is_ok());
    }

    #[tokio::test]
    async fn engine_time_is_paid_for_and_comes_back() {
        let budget = budget(9, |limits| (limits.engine_burst, limits.engine_seconds) = (10, 60));
        let mut turn = budget.turn(client(1)).await.unwrap();
        turn.begun = Instant::now().checked_sub(Duration::from_secs(15)).unwrap();
        drop(turn);
        let (status, retry) = refused(&budget, client(1)).await;
        assert!(status == 429 && retry.unwrap().abs_diff(6) <= 1, "{retry:?}");
        budget.state().accounts.get_mut(&client(1)).unwrap().at =
            Instant::now().checked_sub(Duration::from_secs(6)).unwrap();
        assert!(budget.turn(client(1)).await.is_ok());
    }

    #[tokio::test]
    async fn the_queue_is_short_and_fair() {
        let budget = budget(2, |limits| limits.queue = 3);
        let (a, b) = (budget.turn(client(1)).await.unwrap(), budget.turn(client(1)).await.unwrap());
        let order = Arc::new(Mutex::new(Vec::new()));
        let wait = |who: u8| {
            let (budget, order) = (budget.clone(), Arc::clone(&order));
            tokio::spawn(async move {
                let turn = budget.turn(client(who)).await.unwrap();
                order.lock().unwrap().push(who);
                turn
            })
        };
        let mut waiting = Vec::new();
        for who in [1, 1, 2] {
            waiting.push(wait(who));
            tokio::task::yield_now().await;
        }
        assert_eq!(refused(&budget, client(3)).await.0, 503);
        drop(a);
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(*order.lock().unwrap(), [2], "who has none running goes first");
        drop(b);
        for turn in waiting {
            drop(turn.await.unwrap());
        }
        assert_eq!(budget.state().free, 2);
    }

    #[tokio::test]
    async fn who_gives_up_leaves_nothing_behind() {
        let budget = budget(1, |limits| limits.queue_seconds = 0);
        let turn = budget.turn(client(1)).await.unwrap();
        assert_eq!(refused(&budget, client(2)).await.0, 503);
        assert!(budget.state().waiting.is_empty());
        drop(turn);
        assert_eq!(budget.state().free, 1);
        assert!(budget.turn(client(2)).await.is_ok());
        assert!(budget.state().accounts.values().all(|account| account.running + account.waiting == 0));
    }
}
