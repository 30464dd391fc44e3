//! `/sparql`: queries from anybody.
//!
//! [`request`] reads what the SPARQL Protocol sends, [`runner`] runs it under limits, this module chooses the
//! format and keeps answers, [`table`] and [`page`] show them to people. A browser that asks without a query
//! gets the form; with one, a table.
//!
//! Answers of up to 1 MiB are kept ([`cache`]) for as long as the statements that the query can touch stay the same.
//! What may differ at each run (`RAND`, `NOW`, `UUID`, `BNODE`, blank nodes of a template) is never kept. An answer says
//! in `Aarre-Cache` whether it was kept (`hit`) or made for the request (`miss`).

mod answer;
mod budget;
mod cache;
mod client;
mod code;
mod evaluate;
mod explain;
mod here;
mod page;
mod request;
mod runner;
mod running;
mod sending;
mod slow;
mod table;
mod terms;
mod threads;
mod workers;

use crate::front::Rows;
use crate::generation::Generation;
use crate::hot::{CACHE, Warm};
use crate::kept::Kept;
use crate::negotiate::{self, GRAPHS, HTML, Media, RESULTS};
use crate::problem::{About, Problem, QUERY_ID};
use crate::state::{App, Shared};
use crate::telemetry::{ANSWERED, Found};
use crate::visit::Visit;
#[cfg(test)]
pub(crate) use answer::HELD;
pub(crate) use answer::{Part, collect, way};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Request, header};
use axum::response::{IntoResponse, Response};
pub(crate) use cache::Cache;
use cache::{Answered, Key, Known};
pub(crate) use client::Client;
pub use client::Network;
pub(crate) use evaluate::{Ended, Fault, Form, evaluate};
use graph_model::ServiceLimits;
use graph_store::{
    Allowed, DatasetParameters, GraphFormat, Prepared, QueryError, QueryErrorKind, QueryKind, ResultFormat,
    ScanLimits, SolutionFormat, prepare_for, prepare_small,
};
use request::Asked;
pub(crate) use runner::Runner;
use runner::{Asker, Job};
pub(crate) use running::Entry;
pub(crate) use sending::{Patience, Sending};
use std::sync::Arc;
use std::time::Instant;
pub(crate) use terms::terms;
pub use workers::Program;
pub(crate) use workers::{Plan, Pool};

const VARY: &str = "Accept, Accept-Language";

/// Answers `/sparql` in every method that the protocol knows.
pub(crate) async fn answer(State(app): State<Shared>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let asker = Asker { client: Client::of(&parts, &app.config.proxies), id: running::name() };
    let mut response = match respond(&app, &parts, body, &asker).await {
        Ok(response) => response,
        Err(problem) => problem.of_query(about(&app, &asker)).into_response(),
    };
    if let Ok(id) = HeaderValue::from_str(&asker.id) {
        response.headers_mut().insert(QUERY_ID, id);
    }
    response
}

/// What a problem tells about its query.
fn about(app: &App, asker: &Asker) -> About {
    let base = app.place.base();
    About { id: Arc::clone(&asker.id), limits: format!("{base}/limits"), dumps: format!("{base}/dumps/") }
}

async fn respond(
    app: &Shared,
    parts: &axum::http::request::Parts,
    body: Body,
    asker: &Asker,
) -> Result<Response, Problem> {
    let headers = &parts.headers;
    let asked = request::read(&parts.method, headers, parts.uri.query().unwrap_or_default(), body).await?;
    let generation = app.generations.current();
    let text = asked.query.as_deref().unwrap_or_default().trim();
    // Only a page is for somebody who visits.
    let visit = || Visit::new(parts, app.place.root(), app.place.inside(parts.uri.path()));
    if text.is_empty() {
        return page::without_query(app, &visit()?, &generation, &asked, headers);
    }
    let words = words(&asked, text, headers);
    if let Some(known) = app.cache.known(&words) {
        let key = known.key(&generation);
        if let Some(kept) = app.cache.get(&key) {
            app.telemetry.found(Found::Kept);
            return Ok(whole(app, &generation, headers, &key, known.media, kept, Found::Kept));
        }
    }
    let explained = explain::asked(&asked.parameters, headers)?;
    let as_page = explained.is_none()
        && match negotiate::asked(&asked.parameters).as_slice() {
            [] => prefers_page(headers),
            ids => ids.contains(&HTML.id),
        };
    let dataset = DatasetParameters {
        default_graphs: asked.default_graphs.clone(),
        named_graphs: asked.named_graphs.clone(),
    };
    let prepared = match prepared(app, text, &dataset).await {
        Ok(prepared) => prepared,
        Err(problem) if as_page => {
            return Ok(page::with_problem(app, &visit()?, &generation, &asked, &problem));
        }
        Err(problem) => return Err(problem),
    };
    if let Some(form) = explained {
        return explain::answer(app, &generation, text, dataset, prepared, form, asker).await;
    }
    let shown = |prepared| table::evaluate_for_page(app, &generation, text, &dataset, prepared, asker);
    if as_page {
        let shown = shown(prepared).await;
        return page::with_answer(app, &visit()?, &generation, &asked, shown);
    }
    let offers: &[Media] = if is_graph(prepared.kind()) { &GRAPHS } else { &RESULTS };
    let media = negotiate::chosen(&asked.parameters, headers, offers)?;
    let Some(format) = format(media) else {
        let shown = shown(prepared).await;
        return page::with_answer(app, &visit()?, &generation, &asked, shown);
    };
    let job = Job { text: text.into(), dataset, prepared, form: Form::Answer(format), lines: None };
    send(app, &generation, headers, job, *media, words, asker).await
}

/// Whether the client likes a page better than any format of answers, graphs included: without knowing the
/// query yet, that is whether HTML is asked for by name.
fn prefers_page(headers: &HeaderMap) -> bool {
    // Most programs do not say the word.
    let says =
        |value: &HeaderValue| value.as_bytes().windows(4).any(|word| word.eq_ignore_ascii_case(b"html"));
    if !headers.get_all(header::ACCEPT).iter().any(says) {
        return false;
    }
    let mut offers = RESULTS.to_vec();
    offers.extend(GRAPHS);
    negotiate::best(headers, &offers) == Some(&HTML)
}

/// All of a request that decides which query it is and in which format it is answered.
fn words(asked: &Asked, text: &str, headers: &HeaderMap) -> Arc<[u8]> {
    let mut words = Vec::with_capacity(text.len() + 128);
    let mut add = |part: &[u8]| {
        words.extend_from_slice(part);
        words.push(0xFF);
    };
    add(text.as_bytes());
    for graphs in [&asked.default_graphs, &asked.named_graphs] {
        add(&graphs.len().to_le_bytes());
        graphs.iter().for_each(|graph| add(graph.as_bytes()));
    }
    // Other parameters may choose the format, by whatever name; those of the query itself stand above.
    for (name, value) in asked.parameters.iter() {
        if name != "query" {
            add(name.as_bytes());
            add(value.as_bytes());
        }
    }
    headers.get_all(header::ACCEPT).iter().for_each(|accept| add(accept.as_bytes()));
    words.into()
}

async fn send(
    app: &Shared,
    generation: &Arc<Generation>,
    headers: &HeaderMap,
    job: Job,
    media: Media,
    words: Arc<[u8]>,
    asker: &Asker,
) -> Result<Response, Problem> {
    let begun = Instant::now();
    let (lasting, query) = (job.prepared.lasting(), job.prepared.canonical());
    let result = if lasting {
        let touch = job.prepared.touch();
        let key = Key { query, format: media.id, fingerprint: generation.fingerprint(touch) };
        app.cache.learn(words, Known { query, media, touch: touch.clone() });
        let tag = key.tag();
        if tag.is_held(headers) {
            return Ok(tag.not_modified(VARY));
        }
        match cache::answer(app, &key, generation, job, asker).await {
            Ok(Answered::Kept(kept, found)) => {
                app.telemetry.found(found);
                Ok(whole(app, generation, headers, &key, media, kept, found))
            }
            Ok(Answered::Streamed(stream)) => {
                app.telemetry.found(Found::Missed);
                let mut response = plain(media, stream.into_body());
                tag.mark(response.headers_mut());
                Ok(response)
            }
            Err(problem) => Err(problem),
        }
    } else {
        app.telemetry.found(Found::Never);
        app.runner.run(generation, job, asker).await.map(|answer| {
            let rows = answer.rows();
            let mut response = plain(media, answer.into_body());
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            if let Some(rows) = rows {
                response.extensions_mut().insert(Rows(rows));
            }
            response
        })
    };
    let was_kept = result.as_ref().is_ok_and(|response| response.headers().get(CACHE) == Some(&HIT));
    if !was_kept {
        let outcome = result.as_ref().map_or_else(|problem| problem.kind, |_| ANSWERED);
        app.telemetry.query(outcome, begun.elapsed());
    }
    result
}

const HIT: HeaderValue = HeaderValue::from_static("hit");
const MISS: HeaderValue = HeaderValue::from_static("miss");

/// An answer of which all is there.
fn whole(
    app: &App,
    generation: &Generation,
    headers: &HeaderMap,
    key: &Key,
    media: Media,
    kept: Arc<Kept>,
    found: Found,
) -> Response {
    let tag = key.tag();
    if tag.is_held(headers) {
        return tag.not_modified(VARY);
    }
    let mut response = plain(media, Body::from(kept.bytes().clone()));
    tag.mark(response.headers_mut());
    if !matches!(found, Found::Missed) {
        response.headers_mut().insert(CACHE, HIT);
    }
    if let Some(rows) = kept.rows {
        response.extensions_mut().insert(Rows(rows));
    }
    if app.cache.keeps(&kept) {
        response.extensions_mut().insert(Warm { generation: generation.identity(), tag, kept });
    }
    response
}

fn plain(media: Media, body: Body) -> Response {
    let mut response = ([(header::CONTENT_TYPE, media.content_type)], body).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static(VARY));
    response.headers_mut().insert(CACHE, MISS);
    response
}

/// Scans and parses: a small query here, another on a thread that may block.
async fn prepared(app: &Shared, text: &str, dataset: &DatasetParameters) -> Result<Prepared, Problem> {
    let limits = scan_limits(&app.config.limits);
    match prepare_small(text, dataset, &limits, allowed(app)) {
        Ok(Some(prepared)) => return Ok(prepared),
        Ok(None) => {}
        Err(error) => return Err(refused(error)),
    }
    let (text, dataset, app) = (text.to_owned(), dataset.clone(), Arc::clone(app));
    let prepare = move || prepare_for(&text, &dataset, &limits, allowed(&app));
    tokio::task::spawn_blocking(prepare).await.map_err(|error| Problem::internal(&error))?.map_err(refused)
}

/// The endpoints that a query may name.
fn allowed(app: &App) -> Allowed<'_> {
    Allowed::Listed(app.config.federation.as_ref().map_or(&[], |federation| &federation.allowed))
}

fn refused(error: QueryError) -> Problem {
    let problem = Problem::syntax(error.message, error.line, error.column);
    match error.kind {
        QueryErrorKind::Syntax => problem,
        QueryErrorKind::Update | QueryErrorKind::Service => Problem { kind: "query-refused", ..problem },
        // The request names a graph that is none; the query has no place for that.
        QueryErrorKind::Dataset => Problem::bad_request(problem.detail),
        _ => Problem { kind: "query-limits", ..problem },
    }
}

/// The limits that a query has to keep before it is looked at any closer.
fn scan_limits(limits: &ServiceLimits) -> ScanLimits {
    let size = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    ScanLimits {
        bytes: size(limits.query_bytes),
        depth: size(limits.nesting),
        patterns: size(limits.patterns),
        operators: size(limits.operators),
        path_steps: size(limits.path_steps),
        values_rows: size(limits.values_rows),
    }
}

fn is_graph(kind: QueryKind) -> bool {
    matches!(kind, QueryKind::Construct | QueryKind::Describe)
}

/// The store's name for a format; `None` for a page.
fn format(media: &Media) -> Option<ResultFormat> {
    Some(match media.id {
        "json" => ResultFormat::Solutions(SolutionFormat::Json),
        "xml" => ResultFormat::Solutions(SolutionFormat::Xml),
        "csv" => ResultFormat::Solutions(SolutionFormat::Csv),
        "tsv" => ResultFormat::Solutions(SolutionFormat::Tsv),
        "html" => return None,
        graph => ResultFormat::Graph(GraphFormat::from_extension(graph)?),
    })
}
