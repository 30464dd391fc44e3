//! Whose turn it is: so many queries at once, so much engine time for each client, a short queue, fair between
//! clients.
//!
//! A client's account holds seconds of engine time. They come back with time, up to the burst; a query is paid for
//! when it has ended, by the time that it held its place. Who is in debt, or has too many queries under way, is told
//! so with 429; when the queue is full or the wait too long, everybody is with 503.
//!
//! Of those who wait, the next turn goes to the client with the fewest running queries, among these to the one whose
//! queries took the least time so far, and then to who came first. A full queue sends away who would be last. One place
//! is for short queries, when all others are taken: long ones end there soon, so that look-ups never wait for long behind
//! queries of minutes.

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
    /// Free places, the one for short queries not among them.
    free: usize,
    /// Whether there is a place for short queries and nobody has it.
    short_free: bool,
    accounts: HashMap<Client, Account>,
    waiting: Vec<Waiter>,
    /// What became of those who waited and do not know it yet.
    called: HashMap<u64, Called>,
    next: u64,
}

/// What a waiter is woken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Called {
    Place(Place),
    /// Somebody with a better claim came when the queue was full.
    Displaced,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Ordinary,
    Short,
}

struct Account {
    seconds: f64,
    at: Instant,
    running: u64,
    waiting: u64,
    /// What a query of this client takes, in seconds: a mean that forgets.
    usual: f64,
}

impl Account {
    /// Who has the lower rank goes first. Times count by their powers of two, so that small differences do not.
    fn rank(&self) -> (u64, i32) {
        #[expect(clippy::cast_possible_truncation, reason = "a logarithm of seconds is a small number")]
        let usual = self.usual.max(0.001).log2().floor() as i32;
        (self.running, usual)
    }
}

/// What a query of a client is thought to take that asks for the first time, in seconds.
const UNKNOWN: f64 = 1.0;
/// How much of the mean the last query makes.
const LAST: f64 = 0.3;

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
        // With a single place there is none to be kept.
        let short = places > 1;
        let state = State { free: places - usize::from(short), short_free: short, ..State::default() };
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
            if state.waiting.is_empty()
                && let Some(place) = state.take_place()
            {
                state.account(client, &self.rules, now).running += 1;
                return Ok(Turn::new(self, client, place));
            }
            if state.waiting.len() as u64 >= self.rules.queue {
                state.displace(client)?;
            }
            let (call, called) = oneshot::channel();
            let number = state.next;
            state.next += 1;
            state.account(client, &self.rules, now).waiting += 1;
            state.waiting.push(Waiter { number, client, call });
            state.call_next();
            (number, called)
        };
        let queued = Queued { budget: self, number, client };
        let woken = tokio::time::timeout(self.rules.patience, called).await;
        let place = if woken.is_ok() { self.state().called.remove(&number) } else { None };
        drop(queued);
        match place {
            Some(Called::Place(place)) => Ok(Turn::new(self, client, place)),
            _ => Err(Problem::busy(self.rules.patience.as_secs().clamp(2, 30))),
        }
    }

    /// How many queries wait for a place.
    pub(crate) fn waiting(&self) -> u64 {
        self.state().waiting.len() as u64
    }

    /// Gives a place back. Without a time nothing ran there.
    fn release(&self, client: Client, place: Place, used: Option<Duration>) {
        let mut state = self.state();
        let account = state.account(client, &self.rules, Instant::now());
        if let Some(used) = used {
            account.seconds -= used.as_secs_f64();
            account.usual += LAST * (used.as_secs_f64() - account.usual);
        }
        account.running = account.running.saturating_sub(1);
        match place {
            Place::Ordinary => state.free += 1,
            Place::Short => state.short_free = true,
        }
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
            usual: UNKNOWN,
        });
        let since = now.saturating_duration_since(account.at).as_secs_f64();
        account.seconds = (account.seconds + since * rules.rate).min(rules.burst);
        account.at = now;
        account
    }

    /// Gives free places to those who wait.
    fn call_next(&mut self) {
        loop {
            let best = self.waiting.iter().enumerate().min_by_key(|(_, w)| (self.rank(w.client), w.number));
            let Some((at, _)) = best else { return };
            let Some(place) = self.take_place() else { return };
            let client = self.leave(at, Called::Place(place));
            if let Some(account) = self.accounts.get_mut(&client) {
                account.running += 1;
            }
        }
    }

    /// Wakes a waiter, which finds what it was called for, even if it gives up at this moment.
    fn leave(&mut self, at: usize, called: Called) -> Client {
        let waiter = self.waiting.remove(at);
        if let Some(account) = self.accounts.get_mut(&waiter.client) {
            account.waiting = account.waiting.saturating_sub(1);
        }
        self.called.insert(waiter.number, called);
        let _ = waiter.call.send(());
        waiter.client
    }

    fn rank(&self, client: Client) -> (u64, i32) {
        self.accounts.get(&client).map(Account::rank).unwrap_or_default()
    }

    /// Makes room in a full queue for a client with a better claim than the last one's.
    fn displace(&mut self, client: Client) -> Result<(), Problem> {
        let last = self.waiting.iter().enumerate().max_by_key(|(_, w)| (self.rank(w.client), w.number));
        match last {
            Some((at, waiter)) if self.rank(client) < self.rank(waiter.client) => {
                self.leave(at, Called::Displaced);
                Ok(())
            }
            _ => Err(Problem::busy(2)),
        }
    }

    fn take_place(&mut self) -> Option<Place> {
        if self.free > 0 {
            self.free -= 1;
            return Some(Place::Ordinary);
        }
        std::mem::take(&mut self.short_free).then_some(Place::Short)
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
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        let mut state = self.budget.state();
        if let Some(at) = state.waiting.iter().position(|waiter| waiter.number == self.number) {
            state.waiting.remove(at);
            if let Some(account) = state.accounts.get_mut(&self.client) {
                account.waiting = account.waiting.saturating_sub(1);
            }
            return;
        }
        // Nothing is left of who took its turn. Who gave up in the moment in which it was called gives its place back.
        let called = state.called.remove(&self.number);
        drop(state);
        if let Some(Called::Place(place)) = called {
            self.budget.release(self.client, place, None);
        }
    }
}

/// A turn. Dropping it ends it and charges the client for the time.
pub(crate) struct Turn {
    budget: Budget,
    client: Client,
    place: Place,
    begun: Instant,
}

impl Turn {
    fn new(budget: &Budget, client: Client, place: Place) -> Self {
        Self { budget: budget.clone(), client, place, begun: Instant::now() }
    }

    /// Whether it is the place for short queries.
    pub(crate) fn is_short(&self) -> bool {
        self.place == Place::Short
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.budget.release(self.client, self.place, Some(self.begun.elapsed()));
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

    fn free(budget: &Budget) -> (usize, bool) {
        let state = budget.state();
        (state.free, state.short_free)
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
        assert_eq!(refused(&budget, client(1)).await.0, 503, "no better claim than the others have");
        drop(a);
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(*order.lock().unwrap(), [2], "who has none running goes first");
        drop(b);
        for turn in waiting {
            drop(turn.await.unwrap());
        }
        assert_eq!(free(&budget), (1, true));
    }

    #[tokio::test]
    async fn short_queries_go_first_and_have_a_place() {
        let budget = budget(2, |limits| limits.queue = 1);
        let quick = budget.turn(client(1)).await.unwrap();
        assert!(!quick.is_short());
        drop(quick);
        assert!(budget.state().accounts[&client(1)].usual < UNKNOWN);
        let (long, short) = (budget.turn(client(2)).await.unwrap(), budget.turn(client(3)).await.unwrap());
        assert_eq!((long.is_short(), short.is_short()), (false, true));
        let waiting = {
            let budget = budget.clone();
            tokio::spawn(
                async move { budget.turn(client(4)).await.err().map(|problem| problem.status.as_u16()) },
            )
        };
        tokio::task::yield_now().await;
        assert_eq!(
            refused(&budget, client(5)).await.0,
            503,
            "nobody knows more of this one than of the other"
        );
        let known = {
            let budget = budget.clone();
            tokio::spawn(async move { budget.turn(client(1)).await.unwrap().is_short() })
        };
        assert_eq!(
            waiting.await.unwrap(),
            Some(503),
            "who is known to be quick takes the place in the queue"
        );
        drop(short);
        assert!(known.await.unwrap());
        drop(long);
        assert_eq!(free(&budget), (1, true));
        assert!(budget.state().called.is_empty());
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
