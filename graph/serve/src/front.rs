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
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use axum::response::Response;
use hyper::body::{Frame, Incoming};
use std::convert::Infallible;
use std::future::poll_fn;
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
            let request = request.map(Body::new);
            return Answering::Later(Box::pin(route(self.front.router.clone(), self.peer, request)));
        };
        let class = Class::of(app.place.inside(request.uri().path()));
        if class.is_kept()
            && let Some(response) = app.hot.answer(&request, b"", app.generations.identity())
        {
            found(app, class, self.peer, begun, &request, &response);
            return Answering::Now(Some(response));
        }
        let (app, router, peer) = (app.clone(), self.front.router.clone(), self.peer);
        Answering::Later(Box::pin(async move {
            let (request, body) = if class.is_kept() && Hot::reads(&request) {
                let (request, body) = with_body(request).await;
                if let Some(body) = &body
                    && let Some(response) = app.hot.answer(&request, body, app.generations.identity())
                {
                    found(&app, class, peer, begun, &request, &response);
                    return response;
                }
                (request, body)
            } else {
                let bodiless = *request.method() != Method::POST;
                (request.map(Body::new), bodiless.then(Bytes::new))
            };
            let place = body.filter(|_| class.is_kept()).and_then(|body| Hot::place(&request, &body));
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

async fn route(router: Router, peer: SocketAddr, mut request: Request<Body>) -> Response {
    request.extensions_mut().insert(ConnectInfo(peer));
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The request with its body beside it, if all of that came together with the headers, as a short one does. What did not
/// come yet is left to the route, which has patience and limits for it.
async fn with_body(request: Request<Incoming>) -> (Request<Body>, Option<Bytes>) {
    let (parts, mut rest) = request.into_parts();
    let first = poll_fn(|context| {
        Poll::Ready(match Pin::new(&mut rest).poll_frame(context) {
            Poll::Ready(frame) => frame,
            Poll::Pending => None,
        })
    })
    .await;
    let whole = match &first {
        Some(Ok(frame)) if rest.is_end_stream() => frame.data_ref().cloned(),
        _ => None,
    };
    let body = match &whole {
        Some(bytes) => Body::from(bytes.clone()),
        None => Body::new(Begun { first, rest }),
    };
    (Request::from_parts(parts, body), whole)
}

/// A body whose first frame was taken, and is given back.
struct Begun {
    first: Option<Result<Frame<Bytes>, hyper::Error>>,
    rest: Incoming,
}

impl HttpBody for Begun {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(first)),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }
}

/// An answer that was ready.
fn found<B>(
    app: &Shared,
    class: Class,
    peer: SocketAddr,
    begun: Instant,
    request: &Request<B>,
    response: &Response,
) {
    app.telemetry.hot();
    let client = Client::seen(peer.ip(), request.headers(), &app.config.proxies);
    told(app, class, client, begun.elapsed(), request.method(), request.uri().path(), response);
}

/// In the extensions of a response: what the access log tells of a query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows(pub(crate) u64);

fn told(
    app: &Shared,
    class: Class,
    client: Client,
    took: Duration,
    method: &Method,
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
