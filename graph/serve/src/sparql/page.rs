//! The query form and its answers as pages.

use super::code::{self, Code};
use super::is_graph;
use super::request::Asked;
use super::table::{Cell, ROWS, Shown};
use crate::conditional::Tag;
use crate::generation::Generation;
use crate::graphs;
use crate::negotiate::{self, HTML};
use crate::pages::{Layout, page};
use crate::parameters::encode;
use crate::problem::Problem;
use crate::state::App;
use crate::value::{Value, Words};
use crate::visit::Visit;
use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use graph_store::rdf::Term;
use graph_store::{DatasetParameters, prepare};
use queries::Query;

#[derive(Template)]
#[template(path = "sparql.html")]
struct QueryPage {
    at: Layout,
    /// The address for programs.
    endpoint: String,
    query: String,
    lines: usize,
    chosen: Option<&'static Query>,
    examples: &'static [Query],
    problem: Option<Fault>,
    answer: Option<AnswerView>,
    downloads: Vec<(&'static str, String)>,
    /// The query as programs ask it.
    code: Vec<Code>,
}

/// What is wrong with a query, with the line it is in.
struct Fault {
    detail: String,
    place: Option<(usize, usize)>,
    line: String,
}

struct AnswerView {
    columns: Vec<String>,
    rows: Vec<Vec<Option<Value>>>,
    truth: Option<bool>,
    summary: String,
}

/// The form for people, the description of the service for machines.
pub(super) fn without_query(
    app: &App,
    visit: &Visit,
    generation: &Generation,
    asked: &Asked,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let mut offers = graphs::OFFERS.to_vec();
    // A page comes last: only who asks for HTML gets HTML.
    offers.push(HTML);
    let as_page = match negotiate::asked(&asked.parameters).as_slice() {
        [] => negotiate::best(headers, &offers) == Some(&HTML),
        ids => ids.contains(&HTML.id),
    };
    if as_page {
        return Ok(form(app, visit, generation, asked));
    }
    if asked.query.is_some() || !asked.default_graphs.is_empty() || !asked.named_graphs.is_empty() {
        return Err(Problem::bad_request("there is no query; send it as the parameter 'query'"));
    }
    let media = negotiate::chosen(&asked.parameters, headers, &graphs::OFFERS)?;
    crate::service::describe(app, generation, *media)
}

fn form(app: &App, visit: &Visit, generation: &Generation, asked: &Asked) -> Response {
    let view = QueryPage { answer: None, ..blank(app, visit, generation, asked) };
    let tag = Tag::new(generation.number, generation.seed, &["sparql form", visit.language.tag()]);
    let mut response = page(StatusCode::OK, visit.language, &view);
    tag.mark(response.headers_mut());
    response
}

/// The form with what is wrong.
pub(super) fn with_problem(
    app: &App,
    visit: &Visit,
    generation: &Generation,
    asked: &Asked,
    problem: &Problem,
) -> Response {
    let view = blank(app, visit, generation, asked);
    let line = problem
        .place
        .and_then(|(line, _)| view.query.lines().nth(line.saturating_sub(1)))
        .unwrap_or_default()
        .to_owned();
    let fault = Fault { detail: problem.detail.clone(), place: problem.place, line };
    let mut response = page(problem.status, visit.language, &QueryPage { problem: Some(fault), ..view });
    problem.mark(&mut response);
    response
}

/// The form with the answer below.
pub(super) fn with_answer(
    app: &App,
    visit: &Visit,
    generation: &Generation,
    asked: &Asked,
    shown: Result<Shown, Problem>,
) -> Result<Response, Problem> {
    let shown = match shown {
        Ok(shown) => shown,
        Err(problem) => return Ok(with_problem(app, visit, generation, asked, &problem)),
    };
    let view = blank(app, visit, generation, asked);
    let formats: &[&str] =
        if shown.graph { &["ttl", "nt", "jsonld", "rdf"] } else { &["csv", "json", "tsv", "xml"] };
    let address = address(asked);
    let downloads =
        formats.iter().map(|id| (*id, view.at.file(&format!("/sparql?{address}&format={id}")))).collect();
    let answer = Some(answer(app, visit, generation, &view.at, shown)?);
    Ok(page(StatusCode::OK, visit.language, &QueryPage { answer, downloads, ..view }))
}

fn answer(
    app: &App,
    visit: &Visit,
    generation: &Generation,
    at: &Layout,
    shown: Shown,
) -> Result<AnswerView, Problem> {
    let mut words = Words::new(&app.place, visit.language, &visit.suffix);
    let iris = shown.rows.iter().flatten().filter_map(|cell| match cell {
        Cell::Term(Term::NamedNode(node)) if app.place.rest(node.as_str()).is_some() => Some(node.as_str()),
        _ => None,
    });
    words.learn(&generation.snapshot, iris)?;
    let rows: Vec<Vec<Option<Value>>> = shown
        .rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| match cell {
                    Cell::Term(term) => Some(words.term(term.as_ref())),
                    Cell::Bare(text) => Some(Value { text: text.clone(), ..Value::default() }),
                    Cell::Unbound => None,
                })
                .collect()
        })
        .collect();
    let columns = if shown.graph {
        ["sparql.subject", "sparql.predicate", "sparql.object"].map(|key| at.word(key).to_owned()).to_vec()
    } else {
        shown.columns
    };
    let summary = match (shown.truth, shown.cut, rows.len()) {
        (Some(true), ..) => at.word("sparql.yes").to_owned(),
        (Some(false), ..) => at.word("sparql.no").to_owned(),
        (None, true, _) => at.phrase("sparql.cut", ROWS),
        (None, false, 0) => at.word("sparql.none").to_owned(),
        (None, false, 1) => at.word("sparql.row").to_owned(),
        (None, false, n) => at.phrase("sparql.rows", n),
    };
    Ok(AnswerView { columns, rows, truth: shown.truth, summary })
}

fn blank(app: &App, visit: &Visit, generation: &Generation, asked: &Asked) -> QueryPage {
    let chosen = asked.parameters.get("example").and_then(queries::by_id);
    let query = match (asked.query.as_deref(), chosen) {
        (Some(query), _) => query.replace("\r\n", "\n"),
        (None, Some(example)) => example.text.trim().to_owned(),
        (None, None) => queries::ALL.first().map(|query| query.text.trim().to_owned()).unwrap_or_default(),
    };
    let same = queries::ALL.iter().find(|example| example.text.trim() == query.trim());
    let at = Layout::new(app, visit, generation.number, visit.language.word("sparql.heading"));
    let endpoint = format!("{}/sparql", app.place.base());
    // A query that cannot be asked is no code either.
    let code = match prepare(&query, &DatasetParameters::default()) {
        Ok(prepared) => code::of(&endpoint, &query, is_graph(prepared.kind())).into(),
        Err(_) => Vec::new(),
    };
    QueryPage {
        at,
        endpoint,
        code,
        lines: query.lines().count().clamp(10, 30),
        query,
        chosen: same.or(chosen),
        examples: queries::ALL,
        problem: None,
        answer: None,
        downloads: Vec::new(),
    }
}

/// The query as parameters of an address.
fn address(asked: &Asked) -> String {
    let mut address = format!("query={}", encode(asked.query.as_deref().unwrap_or_default()));
    for (name, values) in
        [("default-graph-uri", &asked.default_graphs), ("named-graph-uri", &asked.named_graphs)]
    {
        for value in values {
            address.push_str(&format!("&{name}={}", encode(value)));
        }
    }
    address
}
