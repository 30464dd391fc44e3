//! What a connection's requests meet first: answers that are ready, and only then the routes. Every request is counted
//! and written to the access log here, whichever way its answer came.

use crate::access::Line;
use crate::hot::{CACHE, Hot, Warm};
use crate::patient::Mark;
use crate::problem::QUERY_ID;
use crate::sparql::Client;
use crate::state::Shared;
use crate::telemetry::Class;
use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tower::ServiceExt as _;

/// The door of one listener.
#[derive(Clone)]
pub(crate) struct Front {
    router: Router,
    /// Absent on the operator's own address, where nothing is kept or counted.
    app: Option<Shared>,
}

impl Front {
    pub(crate) fn public(router: Router, app: Shared) -> Self {
        Self { router, app: Some(app) }
    }

    pub(crate) fn private(router: Router) -> Self {
        Self { router, app: None }
    }

    /// The service of one connection.
    pub(crate) fn connection(&self, peer: SocketAddr, mark: Mark) -> Connection {
        Connection { front: self.clone(), peer, mark }
    }
}

/// The requests of one connection.
pub(crate) struct Connection {
    front: Front,
    peer: SocketAddr,
    mark: Mark,
}

impl hyper::service::Service<Request<Incoming>> for Connection {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Answering {
        self.mark.busy();
        let begun = Instant::now();
        let Some(app) = &self.front.app else {
            return Answering::Later(Box::pin(route(self.front.router.clone(), self.peer, request)));
        };
        let class = Class::of(app.place.inside(request.uri().path()));
        if class.is_kept()
            && let Some(response) = app.hot.answer(&request, app.generations.identity())
        {
            app.telemetry.hot();
            let client = Client::seen(self.peer.ip(), request.headers(), &app.config.proxies);
            told(app, class, client, begun.elapsed(), request.method(), request.uri().path(), &response);
            return Answering::Now(Some(response));
        }
        let (app, router, peer) = (app.clone(), self.front.router.clone(), self.peer);
        Answering::Later(Box::pin(async move {
            let place = if class.is_kept() { Hot::place(&request) } else { None };
            let client = Client::seen(peer.ip(), request.headers(), &app.config.proxies);
            let (method, uri) = (request.method().clone(), request.uri().clone());
            let mut response = route(router, peer, request).await;
            if let (Some(place), Some(warm)) = (place, response.extensions_mut().remove::<Warm>()) {
                app.hot.keep(place, &response, warm);
            }
            told(&app, class, client, begun.elapsed(), &method, uri.path(), &response);
            response
        }))
    }
}

async fn route(router: Router, peer: SocketAddr, mut request: Request<Incoming>) -> Response {
    request.extensions_mut().insert(ConnectInfo(peer));
    match router.oneshot(request.map(Body::new)).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// In the extensions of a response: what the access log tells of a query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows(pub(crate) u64);

fn told(
    app: &Shared,
    class: Class,
    client: Client,
    took: Duration,
    method: &axum::http::Method,
    path: &str,
    response: &Response,
) {
    app.telemetry.request(class, response.status(), took);
    let Some(log) = &app.access else { return };
    let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    log.write(&Line {
        client,
        method: method.as_str(),
        path,
        status: response.status().as_u16(),
        bytes: response.body().size_hint().exact(),
        took,
        cache: text(CACHE.as_str()),
        query: text(QUERY_ID),
        rows: response.extensions().get::<Rows>().map(|rows| rows.0),
    });
}

/// An answer that is there, or one to wait for.
pub(crate) enum Answering {
    Now(Option<Response>),
    Later(Pin<Box<dyn Future<Output = Response> + Send>>),
}

impl Future for Answering {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Now(response) => {
                response.take().map_or(Poll::Pending, |response| Poll::Ready(Ok(response)))
            }
            Self::Later(later) => later.as_mut().poll(context).map(Ok),
        }
    }
}
