//! Reconciliation for everybody: the Reconciliation Service API of the W3C community group, over the graph itself and over
//! each mirror of an authority file, as OpenRefine and its kin speak it.
//!
//! Version 0.2 and the draft of 1.0 have different manifests and different messages, so each has a root of its own:
//!
//! ```text
//! /reconcile/{service}                    0.2: the manifest; queries= and extend= by GET or POST
//! /reconcile/{service}/properties         0.2: which properties there are for a type
//! /reconcile/{service}/draft              1.0: the manifest
//! /reconcile/{service}/draft/match        1.0: queries, by POST
//! /reconcile/{service}/draft/extend       1.0: values of properties, by POST; …/propose
//! /reconcile/{service}/suggest/{what}     both: entities, types and properties by their beginnings; also under …/draft
//! /reconcile/{service}/preview?id=        both: a small page; also under …/draft
//! /reconcile/{service}/view?id=           to the entity itself
//! ```
//!
//! `graph` is the service over the graph, which `/reconcile` answers too; the others have the names of their mirrors.
//! Entities are identified by their IRIs: what a client keeps is what it can dereference.

mod ask;
mod draft;
mod extend;
mod old;
mod preview;
mod properties;
mod services;
mod suggest;

use crate::body;
use crate::language::Language;
use crate::negotiate::{self, HTML, JSON};
use crate::pages::{Layout, page};
use crate::problem::Problem;
use crate::state::{App, Shared};
use crate::visit::Visit;
use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;
use services::Service;
pub(crate) use services::Services;
use std::sync::Arc;
use std::time::Duration;

/// The name of the service over the graph itself.
const GRAPH: &str = "graph";
/// How many questions one request may hold.
const BATCH: usize = 50;
/// How many requests are answered at the same time.
pub(crate) const PLACES: usize = 8;
/// How long a request waits for a place.
const PATIENCE: Duration = Duration::from_secs(10);

/// The addresses of all services.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/reconcile", get(all).post(own))
        .route("/reconcile/{service}", get(old_root).post(old_root))
        .route("/reconcile/{service}/properties", get(proposed))
        .route("/reconcile/{service}/suggest/{what}", get(suggested))
        .route("/reconcile/{service}/preview", get(previewed))
        .route("/reconcile/{service}/view", get(viewed))
        .route("/reconcile/{service}/draft", get(draft_root))
        .route("/reconcile/{service}/draft/match", axum::routing::post(draft_match))
        .route("/reconcile/{service}/draft/extend", axum::routing::post(draft_extend))
        .route("/reconcile/{service}/draft/extend/propose", get(proposed))
        .route("/reconcile/{service}/draft/suggest/{what}", get(suggested))
        .route("/reconcile/{service}/draft/preview", get(previewed))
        .route("/reconcile/{service}/draft/view", get(viewed))
}

/// The services as a page shows them.
struct Shown {
    title: String,
    entries: u64,
    /// When the mirror was made.
    since: String,
    licence: String,
    address: String,
}

#[derive(Template)]
#[template(path = "reconcile.html")]
struct ServicesPage {
    at: Layout,
    services: Vec<Shown>,
}

/// `/reconcile`: to people the list of services, to programs the service over the graph.
async fn all(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let asks = ["queries", "extend"].iter().any(|name| visit.parameters.get(name).is_some());
    let for_people = !asks
        && match visit.parameters.get("format") {
            Some(format) => format == HTML.id,
            None => negotiate::best(&headers, &[JSON, HTML]).is_some_and(|media| *media == HTML),
        };
    if !for_people {
        return old_answer(app, GRAPH.to_owned(), visit, Method::GET, HeaderMap::new(), Body::empty()).await;
    }
    let generation = app.generations.current();
    let services = app
        .services
        .all(&generation)
        .iter()
        .map(|service| Shown {
            title: service.title(&app).to_owned(),
            entries: u64::from(service.authority.len()),
            since: service.authority.about().added.get(..10).unwrap_or_default().to_owned(),
            licence: service.authority.about().licence.clone().unwrap_or_default(),
            address: service.address(&app),
        })
        .collect();
    let at = Layout::new(&app, &visit, generation.number, visit.language.word("reconcile"));
    page(StatusCode::OK, visit.language, &ServicesPage { at, services })
}

/// `POST /reconcile`.
async fn own(
    State(app): State<Shared>,
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    content: Body,
) -> Response {
    old_answer(app, GRAPH.to_owned(), visit, method, headers, content).await
}

/// `/reconcile/{service}` in version 0.2.
async fn old_root(
    State(app): State<Shared>,
    Path(service): Path<String>,
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    content: Body,
) -> Response {
    old_answer(app, service, visit, method, headers, content).await
}

async fn old_answer(
    app: Shared,
    service: String,
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    content: Body,
) -> Response {
    let mut visit = visit;
    if method == Method::POST {
        match body::form(&headers, content).await {
            Ok(form) => visit.parameters.extend(form),
            Err(problem) => return problem.into_response(),
        }
    }
    let answer = move |app: &App, service: &Service| {
        let (queries, extend) = (visit.parameters.get("queries"), visit.parameters.get("extend"));
        match (queries, extend) {
            (Some(_), Some(_)) => {
                Err(Problem::bad_request("send queries or extend, one of them in a request"))
            }
            (Some(queries), None) => old::answer(service, queries, visit.language),
            (None, Some(extend)) => old::extend(service, extend, visit.language),
            (None, None) if method == Method::POST => Err(Problem::bad_request(
                "send a batch of questions as the form field 'queries', or a data extension as 'extend'",
            )),
            (None, None) => Ok(old::manifest(app, service, visit.language)),
        }
    };
    answered(app, service, answer).await
}

async fn proposed(State(app): State<Shared>, Path(service): Path<String>, visit: Visit) -> Response {
    answered(app, service, move |_, service| Ok(extend::propose(service, &visit))).await
}

async fn draft_root(State(app): State<Shared>, Path(service): Path<String>, visit: Visit) -> Response {
    answered(app, service, move |app, service| Ok(draft::manifest(app, service, visit.language))).await
}

async fn draft_match(
    State(app): State<Shared>,
    Path(service): Path<String>,
    visit: Visit,
    headers: HeaderMap,
    content: Body,
) -> Response {
    posted(app, service, &visit, &headers, content, draft::answer).await
}

async fn draft_extend(
    State(app): State<Shared>,
    Path(service): Path<String>,
    visit: Visit,
    headers: HeaderMap,
    content: Body,
) -> Response {
    posted(app, service, &visit, &headers, content, draft::extend).await
}

/// Answers what was sent in JSON.
async fn posted(
    app: Shared,
    service: String,
    visit: &Visit,
    headers: &HeaderMap,
    content: Body,
    make: fn(&Service, &str, Language) -> Result<Value, Problem>,
) -> Response {
    let language = visit.language;
    match body::json(headers, content).await {
        Ok(text) => answered(app, service, move |_, service| make(service, &text, language)).await,
        Err(problem) => problem.into_response(),
    }
}

async fn suggested(
    State(app): State<Shared>,
    Path((service, what)): Path<(String, String)>,
    visit: Visit,
) -> Response {
    answered(app, service, move |_, service| suggest::answer(service, &what, &visit)).await
}

async fn previewed(State(app): State<Shared>, Path(service): Path<String>, visit: Visit) -> Response {
    let shown = within(&app, &service, move |app, service| preview::page(app, service, &visit)).await;
    shown.unwrap_or_else(IntoResponse::into_response)
}

/// `/reconcile/{service}/view?id=`: identifiers are IRIs, which cannot stand inside of an address as they are.
async fn viewed(State(app): State<Shared>, Path(service): Path<String>, visit: Visit) -> Response {
    let found = within(&app, &service, move |_, service| {
        let id = visit.parameters.get("id").unwrap_or_default();
        let entry = service.authority.by_iri(id);
        entry.map(|entry| service.authority.entry(entry).iri().into_owned()).ok_or_else(|| unknown(id))
    });
    match found.await {
        Ok(iri) => (StatusCode::SEE_OTHER, [(header::LOCATION, iri)]).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn unknown(id: &str) -> Problem {
    Problem::not_found(format!("this service has no entity '{id}'; entities are identified by their IRIs"))
}

/// Answers in JSON with what is made of a service.
async fn answered(
    app: Shared,
    service: String,
    make: impl FnOnce(&App, &Service) -> Result<Value, Problem> + Send + 'static,
) -> Response {
    match within(&app, &service, make).await {
        Ok(value) => ([(header::CONTENT_TYPE, JSON.content_type)], value.to_string()).into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// Finds the service and works with it on a thread that may wait for the disk, when a place for that is free.
async fn within<T: Send + 'static>(
    app: &Shared,
    service: &str,
    make: impl FnOnce(&App, &Service) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let generation = app.generations.current();
    let service = app.services.named(service, &generation).ok_or_else(|| {
        let known: Vec<String> =
            app.services.all(&generation).iter().map(|service| service.name.clone()).collect();
        Problem::not_found(format!(
            "there is no reconciliation service '{service}'; there are: {}",
            known.join(", ")
        ))
    })?;
    let waiting = tokio::time::timeout(PATIENCE, Arc::clone(&app.reconciling).acquire_owned());
    let Ok(Ok(place)) = waiting.await else { return Err(Problem::busy(PATIENCE.as_secs())) };
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        make(&app, &service)
    })
    .await
    .map_err(|error| Problem::internal(&error))?
}
