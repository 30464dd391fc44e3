//! The queries that run at this moment, for the operator: what they are, how long they run, and a way to stop one.

use super::client::Client;
use super::runner::Asker;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;

/// One running query.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: Arc<str>,
    pub(crate) client: Client,
    pub(crate) text: String,
    pub(crate) begun: Instant,
    /// How much of its answer is there.
    pub(crate) bytes: AtomicU64,
    /// The process that it runs in; 0 for this one.
    pub(crate) process: AtomicU64,
    stop: AtomicBool,
    told: Notify,
}

impl Entry {
    /// Ends when the operator stops the query.
    pub(crate) async fn stopped(&self) {
        let told = self.told.notified();
        tokio::pin!(told);
        told.as_mut().enable();
        if !self.was_stopped() {
            told.await;
        }
    }

    /// Whether the operator stopped it.
    pub(crate) fn was_stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

/// The list. An entry leaves it when the query has ended and nobody holds it any more.
#[derive(Debug, Default)]
pub(crate) struct Running(Mutex<BTreeMap<Arc<str>, Weak<Entry>>>);

impl Running {
    pub(super) fn enter(&self, asker: &Asker, text: &str) -> Arc<Entry> {
        let entry = Arc::new(Entry {
            id: Arc::clone(&asker.id),
            client: asker.client,
            text: text.to_owned(),
            begun: Instant::now(),
            bytes: AtomicU64::new(0),
            process: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            told: Notify::new(),
        });
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.retain(|_, entry| entry.strong_count() > 0);
        list.insert(Arc::clone(&asker.id), Arc::downgrade(&entry));
        entry
    }

    /// All of them, the oldest first.
    pub(crate) fn list(&self) -> Vec<Arc<Entry>> {
        let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut entries: Vec<_> = list.values().filter_map(Weak::upgrade).collect();
        entries.sort_by_key(|entry| entry.begun);
        entries
    }

    /// Stops the query of that name, if it runs.
    pub(crate) fn stop(&self, id: &str) -> bool {
        let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = list.get(id).and_then(Weak::upgrade) else { return false };
        entry.stop.store(true, Ordering::Release);
        entry.told.notify_waiters();
        true
    }
}

/// A new name for a query, unlike any before, also before the last restart.
pub(crate) fn name() -> Arc<str> {
    static BEGUN: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    });
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:x}-{}", *BEGUN, NEXT.fetch_add(1, Ordering::Relaxed)).into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn what_runs_is_listed_and_can_be_stopped() {
        let running = Running::default();
        let asker = Asker { client: Client::local(), id: name() };
        let entry = running.enter(&asker, "ask {}");
        assert_eq!(running.list().len(), 1);
        assert!(!running.stop("nothing"));
        let waiting = tokio::spawn({
            let entry = Arc::clone(&entry);
            async move { entry.stopped().await }
        });
        tokio::task::yield_now().await;
        assert!(running.stop(&asker.id) && entry.was_stopped());
        tokio::time::timeout(Duration::from_secs(1), waiting).await.unwrap().unwrap();
        tokio::time::timeout(Duration::from_secs(1), entry.stopped()).await.unwrap();
        drop(entry);
        assert_eq!(running.list().len(), 0);
        assert!(!running.stop(&asker.id));
        assert_ne!(name(), name());
    }
}
