//! `/sparql`: queries from anybody.
//!
//! [`request`] reads what the SPARQL Protocol sends, [`runner`] runs it under limits, this module chooses the
//! format and keeps answers, [`table`] and [`page`] show them to people. A browser that asks without a query
//! gets the form; with one, a table.
//!
//! Answers of up to 1 MiB are kept by generation, dataset, text and format, and equal queries at the same
//! moment are one evaluation. Texts are compared as they were sent, except for blanks at the ends: the query
//! library and every application send the same text each time. What may differ at each run (`RAND`, `NOW`,
//! `UUID`, `BNODE`) is never kept.

mod answer;
mod budget;
mod cache;
mod client;
mod evaluate;
mod page;
mod request;
mod runner;
mod running;
mod table;
mod threads;
mod workers;

use crate::conditional::Tag;
use crate::generation::Generation;
use crate::negotiate::{self, GRAPHS, HTML, Media, RESULTS};
use crate::problem::{About, Problem, QUERY_ID};
use crate::state::{App, Shared};
use crate::visit::Visit;
#[cfg(test)]
pub(crate) use answer::HELD;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Request, header};
use axum::response::{IntoResponse, Response};
pub(crate) use cache::{Cache, cache};
use cache::{Key, kept};
use client::Client;
pub use client::Network;
pub(crate) use evaluate::{Ended, Fault, evaluate};
use graph_model::ServiceLimits;
use graph_store::{
    DatasetParameters, GraphFormat, Prepared, QueryErrorKind, QueryKind, ResultFormat, ScanLimits,
    SolutionFormat, prepare_within,
};
pub(crate) use runner::Runner;
use runner::{Asker, Job};
pub(crate) use running::Entry;
use std::sync::Arc;
pub use workers::Program;
pub(crate) use workers::{Plan, Pool};

const VARY: &str = "Accept, Accept-Language";

/// Answers `/sparql` in every method that the protocol knows.
pub(crate) async fn answer(State(app): State<Shared>, visit: Visit, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let asker = Asker { client: Client::of(&parts, &app.config.proxies), id: running::name() };
    let mut response = match respond(&app, &visit, &parts, body, &asker).await {
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
    app: &App,
    visit: &Visit,
    parts: &axum::http::request::Parts,
    body: Body,
    asker: &Asker,
) -> Result<Response, Problem> {
    let headers = &parts.headers;
    let asked = request::read(&parts.method, headers, parts.uri.query().unwrap_or_default(), body).await?;
    let generation = app.generations.current();
    let text = asked.query.as_deref().unwrap_or_default().trim();
    if text.is_empty() {
        return page::without_query(app, visit, &generation, &asked, headers);
    }
    let as_page = asked.parameters.get("format").map_or_else(|| prefers_page(headers), |id| id == HTML.id);
    let dataset = DatasetParameters {
        default_graphs: asked.default_graphs.clone(),
        named_graphs: asked.named_graphs.clone(),
    };
    let prepared = match prepared(text, &dataset, &app.config.limits).await {
        Ok(prepared) => prepared,
        Err(problem) if as_page => return Ok(page::with_problem(app, visit, &generation, &asked, &problem)),
        Err(problem) => return Err(problem),
    };
    let shown = |prepared| table::evaluate_for_page(app, &generation, text, &dataset, prepared, asker);
    if as_page {
        let shown = shown(prepared).await;
        return page::with_answer(app, visit, &generation, &asked, shown);
    }
    let offers: &[Media] = if is_graph(prepared.kind()) { &GRAPHS } else { &RESULTS };
    let media = match asked.parameters.get("format") {
        Some(id) => negotiate::named(id, offers).ok_or_else(|| {
            let ids: Vec<&str> = offers.iter().map(|offer| offer.id).collect();
            Problem::bad_request(format!(
                "there is no format '{id}' for this query; there are {}",
                ids.join(", ")
            ))
        })?,
        None => negotiate::best(headers, offers)
            .ok_or_else(|| Problem::not_acceptable(&negotiate::listed(offers)))?,
    };
    let Some(format) = format(media) else {
        let shown = shown(prepared).await;
        return page::with_answer(app, visit, &generation, &asked, shown);
    };
    let job = Job { text: text.to_owned(), dataset, prepared, format, lines: None };
    send(app, &generation, headers, job, *media, asker).await
}

/// Whether the client likes a page better than any format of answers, graphs included: without knowing the
/// query yet, that is whether HTML is asked for by name.
fn prefers_page(headers: &HeaderMap) -> bool {
    let mut offers = RESULTS.to_vec();
    offers.extend(GRAPHS);
    negotiate::best(headers, &offers) == Some(&HTML)
}

async fn send(
    app: &App,
    generation: &Arc<Generation>,
    headers: &HeaderMap,
    job: Job,
    media: Media,
    asker: &Asker,
) -> Result<Response, Problem> {
    let key = Key {
        generation: generation.number,
        seed: generation.seed,
        query: job.text.clone(),
        default_graphs: job.dataset.default_graphs.clone(),
        named_graphs: job.dataset.named_graphs.clone(),
        format: media.id,
    };
    let lasting = is_lasting(&job.text);
    let tag = Tag::new(
        generation.number,
        generation.seed,
        &[media.id, &job.text, &key.default_graphs.join(" "), &key.named_graphs.join(" ")],
    );
    if lasting && tag.is_held(headers) {
        return Ok(tag.not_modified(VARY));
    }
    let body = if lasting {
        kept(app, key, generation, job, asker).await?
    } else {
        app.runner.run(generation, job, asker).await?.into_body()
    };
    let mut response = ([(header::CONTENT_TYPE, media.content_type)], body).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static(VARY));
    if lasting {
        tag.mark(response.headers_mut());
    } else {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// Scans and parses on a thread that may block.
async fn prepared(
    text: &str,
    dataset: &DatasetParameters,
    limits: &ServiceLimits,
) -> Result<Prepared, Problem> {
    let (text, dataset, limits) = (text.to_owned(), dataset.clone(), scan_limits(limits));
    tokio::task::spawn_blocking(move || prepare_within(&text, &dataset, &limits))
        .await
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| {
            let problem = Problem::syntax(error.message, error.line, error.column);
            match error.kind {
                QueryErrorKind::Syntax => problem,
                QueryErrorKind::Update | QueryErrorKind::Service => {
                    Problem { kind: "query-refused", ..problem }
                }
                _ => Problem { kind: "query-limits", ..problem },
            }
        })
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

/// Whether the answer is the same each time within a generation. A word inside a string may be taken for a
/// function here, and then the answer is only not kept.
fn is_lasting(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    !["RAND", "NOW", "UUID", "BNODE"].iter().any(|word| upper.contains(word))
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
        "ttl" => ResultFormat::Graph(GraphFormat::Turtle),
        "jsonld" => ResultFormat::Graph(GraphFormat::JsonLd),
        "nt" => ResultFormat::Graph(GraphFormat::NTriples),
        "rdf" => ResultFormat::Graph(GraphFormat::RdfXml),
        _ => return None,
    })
}
