//! The start page: what the graph holds, and how to use it.

use crate::conditional::Tag;
use crate::pages::{Layout, grouped, page};
use crate::state::Shared;
use crate::value::{Value, Words};
use crate::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use queries::Query;

/// How many questions the start page asks; the query page has them all.
const EXAMPLES: usize = 6;

/// How many names each list of the start page has.
const NAMES: usize = 16;

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    at: Layout,
    items: String,
    triples: String,
    sectors: Vec<Named>,
    datasets: Vec<DatasetView>,
    lists: Vec<NameList>,
    examples: Vec<&'static Query>,
    base: String,
}

/// A name with a number beside it.
pub(super) struct Named {
    pub(super) name: Value,
    pub(super) count: String,
}

struct DatasetView {
    title: String,
    owner: String,
    sector: String,
    items: String,
    href: String,
}

struct NameList {
    kind: &'static str,
    heading: &'static str,
    names: Vec<Named>,
}

/// `/`.
pub(crate) async fn start(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let generation = app.generations.current();
    let parts = ["start", visit.language.tag(), visit.suffix.as_str()];
    let tag = Tag::new(generation.number, generation.seed, &parts);
    if tag.is_held(&headers) {
        return tag.not_modified("Accept, Accept-Language");
    }
    let statistics = &generation.statistics;
    let words = Words::new(&app.place, visit.language, &visit.suffix);
    let at = Layout::new(&app, &visit, generation.number, app.config.title.clone());
    let lists =
        [("agent", &statistics.agents), ("place", &statistics.places), ("concept", &statistics.concepts)]
            .into_iter()
            .filter(|(_, counts)| !counts.is_empty())
            .map(|(kind, counts)| NameList {
                kind,
                heading: at.word(plural(kind)),
                names: counts.iter().take(NAMES).map(|count| named(count, &words)).collect(),
            })
            .collect();
    let view = StartPage {
        items: grouped(statistics.items),
        triples: grouped(statistics.triples),
        sectors: statistics.sectors.iter().map(|count| named(count, &words)).collect(),
        datasets: statistics
            .datasets
            .iter()
            .map(|dataset| DatasetView {
                title: dataset.title.clone().unwrap_or_else(|| dataset.id.clone()),
                owner: dataset.owner.clone().unwrap_or_default(),
                sector: dataset.sector.as_deref().map(|iri| words.name(iri).text).unwrap_or_default(),
                items: grouped(dataset.items),
                href: at.href(&format!("/page/dataset/{}", dataset.id)),
            })
            .collect(),
        lists,
        examples: queries::ALL.iter().take(EXAMPLES).collect(),
        base: app.place.base().to_owned(),
        at,
    };
    let mut response = page(StatusCode::OK, visit.language, &view);
    tag.mark(response.headers_mut());
    response
}

/// The key of the word for many of a kind.
pub(super) fn plural(kind: &str) -> &'static str {
    match kind {
        "agent" => "agents",
        "place" => "places",
        _ => "concepts",
    }
}

/// A count with the name that the statistics or the vocabularies have for it.
pub(super) fn named(count: &crate::statistics::Count, words: &Words<'_>) -> Named {
    let mut name = words.iri(&count.iri);
    if let Some(label) = count.label.as_ref().filter(|_| words.place.rest(&count.iri).is_some()) {
        name.text.clone_from(label);
    }
    Named { name, count: grouped(count.count) }
}
