//! Which address does what, and what every answer carries.
//!
//! From the outside in: CORS, safety headers, compression, the dress of problems, the limit
//! on addresses; then the routes. CORS and safety headers stand outside of everything that can fail, so a
//! browser application can read an error too.

use crate::hot::CACHE;
use crate::pages;
use crate::problem::Problem;
use crate::state::Shared;
use crate::{assets, catalogue, entity, files, graphs, health, openapi, reconcile, resource, search, sparql};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::cors::{Any, CorsLayer};

/// The longest address, in bytes.
const ADDRESS: usize = 64 << 10;

/// Scripts are our own files and ask this server only; images may be the records' own, on any host.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                                 img-src 'self' http: https:; form-action 'self'; base-uri 'none'; \
                                 frame-ancestors 'none'";

/// The whole application.
pub(crate) fn router(app: Shared) -> Router {
    let compressible = DefaultPredicate::new()
        .and(NotForContentType::const_new("application/zstd"))
        .and(NotForContentType::const_new("application/gzip"));
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::OPTIONS])
        .allow_headers(Any)
        .expose_headers([
            header::ETAG,
            header::LINK,
            header::CONTENT_LOCATION,
            header::CONTENT_RANGE,
            header::RETRY_AFTER,
            HeaderName::from_static("aarre-generation"),
            HeaderName::from_static(crate::problem::QUERY_ID),
            CACHE,
        ])
        .vary([]);
    routes(&app)
        .layer(from_fn(short_address))
        .layer(from_fn_with_state(app.clone(), pages::dress))
        .layer(CompressionLayer::new().gzip(true).zstd(true).compress_when(compressible))
        .layer(from_fn(safe))
        .layer(cors)
        .with_state(app)
}

fn routes(app: &Shared) -> Router<Shared> {
    let routes = Router::new()
        .route("/", get(pages::start))
        .route("/id/{*rest}", get(resource::thing))
        .route("/page/{*rest}", get(resource::page))
        .route("/data/{*rest}", get(resource::data))
        .route("/cite/{*rest}", get(resource::cite))
        .route("/tree/{*rest}", get(entity::branches))
        .route("/sparql", get(sparql::answer).post(sparql::answer))
        .route("/search", get(search::search))
        .route("/suggest", get(search::suggest))
        .route("/sparql/terms", get(sparql::terms))
        .route("/limits", get(pages::limits))
        .route("/rdf-graph-store", get(graphs::store).fallback(graphs::write))
        .route("/graph/{*rest}", get(graphs::direct).fallback(graphs::write))
        .route("/openapi.json", get(openapi::document))
        .route("/browse/institution", get(pages::institutions))
        .route("/browse/{kind}", get(pages::browse))
        .route("/dumps/", get(pages::dumps))
        .route("/dumps", get(slash))
        .route("/dumps/{*name}", get(files::dump))
        .route("/media/{*name}", get(files::media))
        .route("/void.ttl", get(files::void))
        .route("/.well-known/void", get(files::void))
        .route("/assets/{*name}", get(assets::asset))
        .route("/robots.txt", get(files::robots))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/statistics", get(pages::statistics))
        .merge(catalogue::routes())
        .merge(reconcile::routes())
        .fallback(nothing);
    // A proxy may hand the base's own path on or cut it off; both work.
    match app.place.root() {
        "" => routes,
        root => {
            let start = format!("{root}/");
            Router::new().route(&start, get(pages::start)).nest(root, routes.clone()).merge(routes)
        }
    }
}

async fn nothing() -> Response {
    Problem::not_found("there is nothing at this address").into_response()
}

async fn slash(State(app): State<Shared>) -> Response {
    let location = format!("{}/dumps/", app.place.root());
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response()
}

async fn short_address(request: Request<Body>, next: Next) -> Response {
    let uri = request.uri();
    let length = uri.path().len() + uri.query().unwrap_or_default().len();
    if length > ADDRESS {
        let detail = format!("an address has at most {ADDRESS} bytes; send a long query by POST");
        return Problem::new(StatusCode::URI_TOO_LONG, "address-too-long", detail).into_response();
    }
    next.run(request).await
}

async fn safe(request: Request<Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
