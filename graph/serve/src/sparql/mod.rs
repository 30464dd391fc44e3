//! `/sparql`: queries from anybody.
//!
//! [`request`] reads what the SPARQL Protocol sends, [`engine`] runs it under limits, this module chooses the
//! format and keeps answers, [`table`] and [`page`] show them to people. A browser that asks without a query
//! gets the form; with one, a table.
//!
//! Answers of up to 1 MiB are kept by generation, dataset, text and format, and equal queries at the same
//! moment are one evaluation. Texts are compared as they were sent, except for blanks at the ends: the query
//! library and every application send the same text each time. What may differ at each run (`RAND`, `NOW`,
//! `UUID`, `BNODE`) is never kept.

mod cache;
mod engine;
mod page;
mod request;
mod table;

use crate::conditional::Tag;
use crate::generation::Generation;
use crate::negotiate::{self, GRAPHS, HTML, Media, RESULTS};
use crate::problem::Problem;
use crate::state::{App, Shared};
use crate::visit::Visit;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Request, header};
use axum::response::{IntoResponse, Response};
pub(crate) use cache::{Cache, cache};
use cache::{Key, kept};
pub(crate) use engine::Engine;
#[cfg(test)]
pub(crate) use engine::HELD;
use engine::{Answer, Task};
use graph_store::{
    DatasetParameters, EvaluateError, GraphFormat, Limits, Prepared, QueryErrorKind, QueryKind, ResultFormat,
    SolutionFormat, prepare,
};
use request::Asked;
use std::sync::Arc;

const VARY: &str = "Accept, Accept-Language";

/// Answers `/sparql` in every method that the protocol knows.
pub(crate) async fn answer(State(app): State<Shared>, visit: Visit, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    match respond(&app, &visit, &parts, body).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn respond(
    app: &App,
    visit: &Visit,
    parts: &axum::http::request::Parts,
    body: Body,
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
    let prepared = match prepared(text, dataset).await {
        Ok(prepared) => prepared,
        Err(problem) if as_page => return Ok(page::with_problem(app, visit, &generation, &asked, &problem)),
        Err(problem) => return Err(problem),
    };
    if as_page {
        let shown = table::evaluate_for_page(app, &generation, &prepared).await;
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
        let shown = table::evaluate_for_page(app, &generation, &prepared).await;
        return page::with_answer(app, visit, &generation, &asked, shown);
    };
    send(app, &generation, headers, Job { prepared, format, media: *media, asked: &asked, text }).await
}

/// Whether the client likes a page better than any format of answers, graphs included: without knowing the
/// query yet, that is whether HTML is asked for by name.
fn prefers_page(headers: &HeaderMap) -> bool {
    let mut offers = RESULTS.to_vec();
    offers.extend(GRAPHS);
    negotiate::best(headers, &offers) == Some(&HTML)
}

struct Job<'r> {
    prepared: Prepared,
    format: ResultFormat,
    media: Media,
    asked: &'r Asked,
    text: &'r str,
}

async fn send(
    app: &App,
    generation: &Arc<Generation>,
    headers: &HeaderMap,
    job: Job<'_>,
) -> Result<Response, Problem> {
    let key = Key {
        generation: generation.number,
        seed: generation.seed,
        query: job.text.to_owned(),
        default_graphs: job.asked.default_graphs.clone(),
        named_graphs: job.asked.named_graphs.clone(),
        format: job.media.id,
    };
    let lasting = is_lasting(job.text);
    let tag = Tag::new(
        generation.number,
        generation.seed,
        &[job.media.id, job.text, &key.default_graphs.join(" "), &key.named_graphs.join(" ")],
    );
    if lasting && tag.is_held(headers) {
        return Ok(tag.not_modified(VARY));
    }
    let run = {
        let (generation, prepared, format) = (Arc::clone(generation), job.prepared, job.format);
        move |mut task: Task<'_>| evaluate(&generation, &prepared, format, &mut task)
    };
    let body = if lasting {
        kept(app, key, run).await?
    } else {
        match app.engine.run(run).await? {
            Answer::Whole(bytes) => Body::from(bytes),
            Answer::Streamed(stream) => stream.into_body(),
        }
    };
    let mut response = ([(header::CONTENT_TYPE, job.media.content_type)], body).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static(VARY));
    if lasting {
        tag.mark(response.headers_mut());
    } else {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// Evaluates into the task's writer.
fn evaluate(
    generation: &Generation,
    prepared: &Prepared,
    format: ResultFormat,
    task: &mut Task<'_>,
) -> Result<(), Problem> {
    let limits = Limits { deadline: Some(task.deadline), ..Limits::default() };
    generation.engine.evaluate(prepared, format, &limits, task.cancel, task.out).map(drop).map_err(|error| {
        match error {
            EvaluateError::Timeout | EvaluateError::Cancelled => Problem::timeout(task.allowed.as_secs()),
            EvaluateError::TooLarge { .. } => Problem::too_large(error.to_string()),
            error => Problem::internal(&error),
        }
    })
}

/// Scans and parses on a thread that may block.
async fn prepared(text: &str, dataset: DatasetParameters) -> Result<Prepared, Problem> {
    let text = text.to_owned();
    tokio::task::spawn_blocking(move || prepare(&text, &dataset))
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
