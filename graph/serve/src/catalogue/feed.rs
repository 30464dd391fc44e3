//! Feeds of changes (Atom, RFC 4287): the last runs over all datasets, or over one.

use super::xml;
use crate::conditional::Tag;
use crate::generation::Generation;
use crate::pages::link;
use crate::problem::Problem;
use crate::state::{App, Shared};
use crate::statistics::{Dataset, Run, newest};
use crate::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

/// How many runs a feed tells of.
const ENTRIES: usize = 50;
const ATOM: &str = "application/atom+xml; charset=utf-8";

#[derive(Template)]
#[template(path = "feed.xml")]
struct FeedView {
    language: &'static str,
    iri: String,
    site: String,
    title: String,
    author: String,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    iri: String,
    title: String,
    address: String,
    updated: String,
}

/// `/feed.atom`.
pub(crate) async fn all(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let generation = app.generations.current();
    let datasets: Vec<&Dataset> = generation.statistics.datasets.iter().collect();
    let title = app.config.title.clone();
    answer(&app, &visit, &generation, &headers, &title, &datasets)
}

/// `/feed/{dataset}.atom`.
pub(super) async fn one(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let generation = app.generations.current();
    let id = visit.path.strip_prefix("/feed/").and_then(|name| name.strip_suffix(".atom"));
    let Some(dataset) = generation.statistics.datasets.iter().find(|dataset| Some(dataset.id.as_str()) == id)
    else {
        return Problem::not_found("there is a feed of all, /feed.atom, and one of each dataset")
            .into_response();
    };
    answer(&app, &visit, &generation, &headers, dataset.name(), &[dataset])
}

fn answer(
    app: &App,
    visit: &Visit,
    generation: &Generation,
    headers: &HeaderMap,
    title: &str,
    datasets: &[&Dataset],
) -> Response {
    let parts = ["feed", visit.path.as_str(), visit.language.tag(), visit.suffix.as_str()];
    let tag = Tag::new(generation.number, generation.seed, &parts);
    if tag.is_held(headers) {
        return tag.not_modified("Accept-Language");
    }
    let base = app.place.base();
    let entry = |(dataset, run): (&Dataset, &Run)| Entry {
        iri: run.iri.clone(),
        title: format!("{}: {}", dataset.name(), visit.language.plural("records", run.records)),
        address: link(base, &format!("/page/dataset/{}", dataset.id), &visit.suffix),
        updated: run.ended.clone(),
    };
    let entries: Vec<Entry> = newest(datasets.iter().copied()).into_iter().take(ENTRIES).map(entry).collect();
    let published = generation.statistics.published.clone().unwrap_or_default();
    let view = FeedView {
        language: visit.language.tag(),
        iri: format!("{base}{}", visit.path),
        site: format!("{base}/"),
        title: title.to_owned(),
        author: app.config.title.clone(),
        updated: entries.first().map_or(published, |entry| entry.updated.clone()),
        entries,
    };
    xml(&view, ATOM, &tag)
}
