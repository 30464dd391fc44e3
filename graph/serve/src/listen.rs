//! The accept loop: connections from anybody, under limits.
//!
//! `axum::serve` waits for a slow client for ever. This loop closes a connection that does not begin to speak, does
//! not finish its headers, or lets a minute pass without a byte in either direction; it bounds the connections of
//! one address, and on shutdown stops accepting, lets running answers end, and returns.

use crate::config::ServeError;
use crate::front::Front;
use crate::patient::{Mark, Patient};
use crate::sparql::Network;
use graph_model::ServiceLimits;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// How long clients may take, and how many connections an address may hold.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    first_byte: Duration,
    idle: Duration,
    per_address: usize,
    /// Those behind a proxy are many.
    proxies: Vec<Network>,
}

impl Patience {
    pub(crate) fn new(limits: &ServiceLimits, proxies: Vec<Network>) -> Self {
        Self {
            first_byte: Duration::from_secs(limits.first_byte_seconds),
            idle: Duration::from_secs(limits.idle_seconds),
            per_address: usize::try_from(limits.connections).unwrap_or(usize::MAX),
            proxies,
        }
    }

    fn connections(&self, address: IpAddr) -> usize {
        if self.proxies.iter().any(|proxy| proxy.holds(address)) { usize::MAX } else { self.per_address }
    }
}

/// Takes the address.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|reason| ServeError::Listen { address, reason })
}

/// Accepts connections until `shutdown` ends; then drains for at most `drain`.
pub(crate) async fn accept(
    listener: TcpListener,
    front: Front,
    patience: Patience,
    drain: Duration,
    shutdown: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let doors = Doors { open: Arc::default() };
    tokio::pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most often: pausing lets running requests give some back.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let Some(door) = doors.enter(peer.ip(), patience.connections(peer.ip())) else {
            tracing::debug!(%peer, "too many connections from one address");
            continue;
        };
        let watcher = graceful.watcher();
        let (first_byte, idle) = (patience.first_byte, patience.idle);
        let front = front.clone();
        tokio::spawn(async move {
            let _door = door;
            if !speaks(&stream, first_byte).await {
                return;
            }
            let _ = stream.set_nodelay(true);
            let mark = Mark::default();
            let stream = Patient::new(stream, first_byte, idle, mark.clone());
            let service = front.connection(peer, mark);
            // The stream itself is what loses patience.
            let connection =
                http1::Builder::new().max_buf_size(128 << 10).serve_connection(TokioIo::new(stream), service);
            if let Err(error) = watcher.watch(connection).await {
                tracing::debug!(%peer, %error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were still being sent when the time for draining was over");
    }
}

/// Whether a first byte comes in time.
async fn speaks(stream: &TcpStream, patience: Duration) -> bool {
    matches!(tokio::time::timeout(patience, stream.readable()).await, Ok(Ok(())))
}

/// How many connections each address holds open.
struct Doors {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Doors {
    fn enter(&self, address: IpAddr, limit: usize) -> Option<Door> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_insert(0);
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(Door { open: Arc::clone(&self.open), address })
    }
}

/// One open connection; leaving is dropping.
struct Door {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl Drop for Door {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}
