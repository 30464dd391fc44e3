//! The accept loop: connections from anybody, under limits.
//!
//! `axum::serve` waits for a slow client for ever. This loop closes a connection that sends nothing for ten
//! seconds or does not finish its headers in ten, bounds the connections of one address, and on shutdown
//! stops accepting, lets running answers end, and returns.

use crate::config::ServeError;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

/// How long a client may take for its first byte, and then for its headers.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes the address.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|reason| ServeError::Listen { address, reason })
}

/// Accepts connections until `shutdown` ends; then drains for at most `drain`.
pub(crate) async fn accept(
    listener: TcpListener,
    router: Router,
    per_address: usize,
    drain: Duration,
    shutdown: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let doors = Doors { open: Arc::default(), limit: per_address };
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
        let Some(door) = doors.enter(peer.ip()) else {
            tracing::debug!(%peer, "too many connections from one address");
            continue;
        };
        let watcher = graceful.watcher();
        let router = router.clone();
        tokio::spawn(async move {
            let _door = door;
            if !speaks(&stream).await {
                return;
            }
            let _ = stream.set_nodelay(true);
            let service = router.map_request(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(ConnectInfo(peer));
                request.map(axum::body::Body::new)
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .max_buf_size(128 << 10)
                .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
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
async fn speaks(stream: &TcpStream) -> bool {
    matches!(tokio::time::timeout(PATIENCE, stream.readable()).await, Ok(Ok(())))
}

/// How many connections each address holds open.
struct Doors {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    limit: usize,
}

impl Doors {
    fn enter(&self, address: IpAddr) -> Option<Door> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_insert(0);
        if *count >= self.limit {
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
