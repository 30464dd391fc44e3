//! The start page: what the graph holds, some of its pictures, whose it is, what changed, and how to use it.
//!
//! Highlights are picked from all pictures by the content of the generation: one generation always shows the same,
//! and another one others.

use crate::catalogue;
use crate::conditional::Tag;
use crate::entity::{Thing, thing};
use crate::generation::Generation;
use crate::pages::{Layout, grouped, page};
use crate::path::document_of;
use crate::problem::Problem;
use crate::ranks::Ranks;
use crate::state::{App, Shared};
use crate::statistics::{Dataset, Run, newest};
use crate::value::{Value, Words};
use crate::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use queries::Query;
use std::collections::HashSet;
use vocabularies::edm;

/// How many questions the start page asks; the query page has them all.
const EXAMPLES: usize = 6;
/// How many names each list of the start page has.
const NAMES: usize = 8;
/// How many pictures it shows, and among how many they are looked for.
const HIGHLIGHTS: usize = 8;
const CANDIDATES: usize = 64;
/// How many runs it tells of.
const CHANGES: usize = 6;

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    at: Layout,
    figures: Vec<(String, String)>,
    highlights: Vec<Thing>,
    datasets: Vec<DatasetView>,
    lists: Vec<NameList>,
    examples: Vec<&'static Query>,
    changes: Vec<Change>,
    base: String,
}

/// A name with a number beside it.
pub(super) struct Named {
    pub(super) name: Value,
    pub(super) count: String,
}

/// A dataset and its owner.
pub(super) struct DatasetView {
    pub(super) title: String,
    pub(super) owner: String,
    pub(super) sector: String,
    pub(super) items: u64,
    pub(super) href: String,
}

struct NameList {
    kind: &'static str,
    heading: &'static str,
    more: &'static str,
    names: Vec<Named>,
}

/// A run of the pipeline over a dataset.
struct Change {
    time: String,
    day: String,
    what: String,
    href: String,
    records: u64,
}

/// `/`.
pub(crate) async fn start(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let generation = app.generations.current();
    let parts = ["start", visit.language.tag(), visit.suffix.as_str()];
    let tag = Tag::new(generation.number, generation.seed, &parts);
    if tag.is_held(&headers) {
        return tag.not_modified("Accept, Accept-Language");
    }
    let made = tokio::task::spawn_blocking(move || {
        let language = visit.language;
        match build(&app, &visit, &generation) {
            Ok(view) => page(StatusCode::OK, language, &view),
            Err(problem) => problem.into_response(),
        }
    });
    let mut response = made.await.unwrap_or_else(|error| Problem::internal(&error).into_response());
    if response.status() == StatusCode::OK {
        tag.mark(response.headers_mut());
    }
    response
}

fn build(app: &App, visit: &Visit, generation: &Generation) -> Result<StartPage, Problem> {
    let statistics = &generation.statistics;
    let mut words = Words::new(&app.place, visit.language, &visit.suffix);
    let mut at = Layout::new(app, visit, generation.number, app.config.title.clone());
    at.data = catalogue::dataset(&generation.snapshot, &app.place, &app.place.iri("dataset/all"))?;
    let lists = [
        ("agent", "start.more.agents", &statistics.agents),
        ("place", "start.more.places", &statistics.places),
        ("concept", "start.more.concepts", &statistics.concepts),
    ];
    let mut shown = Vec::new();
    for (kind, more, counts) in lists.into_iter().filter(|(_, _, counts)| !counts.is_empty()) {
        let counts = &counts[..counts.len().min(NAMES)];
        words.learn(&generation.snapshot, counts.iter().map(|count| count.iri.as_str()))?;
        let names = counts.iter().map(|count| named(count, &words)).collect();
        shown.push(NameList { kind, heading: at.word(plural(kind)), more, names });
    }
    let figure = |number: u64, word: &str| (number > 0).then(|| (grouped(number), at.word(word).to_owned()));
    let figures = [
        figure(statistics.items, "start.items"),
        figure(statistics.entities.agents, "agents"),
        figure(statistics.entities.places, "places"),
        figure(statistics.entities.concepts, "concepts"),
        figure(statistics.triples, "triples"),
    ];
    Ok(StartPage {
        figures: figures.into_iter().flatten().collect(),
        highlights: highlights(generation, &mut words)?,
        datasets: datasets(generation, &at, &words),
        lists: shown,
        examples: queries::ALL.iter().take(EXAMPLES).collect(),
        changes: changes(generation, &at, &words),
        base: app.place.base().to_owned(),
        at,
    })
}

/// The datasets with their owners, as the statistics know them.
pub(super) fn datasets(generation: &Generation, at: &Layout, words: &Words<'_>) -> Vec<DatasetView> {
    let view = |dataset: &Dataset| {
        let title = dataset.name().to_owned();
        DatasetView {
            owner: dataset.owner.clone().unwrap_or_else(|| title.clone()),
            title,
            sector: dataset.sector.as_deref().map(|iri| words.name(iri).text).unwrap_or_default(),
            items: dataset.items,
            href: at.href(&format!("/page/dataset/{}", dataset.id)),
        }
    };
    generation.statistics.datasets.iter().map(view).collect()
}

/// Items with pictures: as many sectors and pictures as there are, in an order that only the generation decides.
fn highlights(generation: &Generation, words: &mut Words<'_>) -> Result<Vec<Thing>, Problem> {
    let Some(ranks) = Ranks::of(generation) else { return Ok(Vec::new()) };
    let shown = [edm::IS_SHOWN_BY, edm::OBJECT].map(|property| ranks.all(property));
    let Some(pictures) = shown.into_iter().find(|pairs| !pairs.is_empty()) else { return Ok(Vec::new()) };
    // Steps through all places that a prime step reaches, from a start that the generation gives.
    let count = pictures.len() as u64;
    let step = [7_919, 104_729, 611_953].into_iter().find(|step| !count.is_multiple_of(*step)).unwrap_or(1)
        % count.max(2);
    let mut met = HashSet::new();
    let mut things: Vec<Thing> = Vec::new();
    for number in 0..count.min(CANDIDATES as u64) {
        let place = (generation.seed % count + number * step.max(1)) % count;
        let place = usize::try_from(place).unwrap_or_default();
        let picture = pictures.values[place];
        let subject = ranks.text(pictures.keys[place]);
        let item = match document_of(&subject) {
            document if met.contains(&Seen::Item(document.to_owned())) => continue,
            document => document.to_owned(),
        };
        // A picture that several items share is shown once, as long as there are others.
        if met.contains(&Seen::Picture(picture)) && number < count.min(CANDIDATES as u64) / 2 {
            continue;
        }
        let found = thing(generation, &item, "", words)?;
        if found.picture.is_some() && found.name.href.is_some() {
            met.extend([Seen::Item(item), Seen::Picture(picture)]);
            things.push(found);
        }
        if things.len() == HIGHLIGHTS {
            break;
        }
    }
    Ok(things)
}

#[derive(PartialEq, Eq, Hash)]
enum Seen {
    Item(String),
    Picture(u32),
}

/// The last runs of the pipeline over any dataset.
fn changes(generation: &Generation, at: &Layout, words: &Words<'_>) -> Vec<Change> {
    let change = |(dataset, run): (&Dataset, &Run)| Change {
        time: run.ended.clone(),
        day: at.day(&run.ended),
        what: dataset.name().to_owned(),
        href: words.iri(&run.iri).href.unwrap_or_default(),
        records: run.records,
    };
    newest(&generation.statistics.datasets).into_iter().take(CHANGES).map(change).collect()
}

/// The key of the word for many of a kind.
pub(super) fn plural(kind: &str) -> &'static str {
    match kind {
        "agent" => "agents",
        "place" => "places",
        _ => "concepts",
    }
}

/// A count with the name that the graph, the statistics or the vocabularies have for it.
pub(super) fn named(count: &crate::statistics::Count, words: &Words<'_>) -> Named {
    let mut name = words.iri(&count.iri);
    let known =
        count.label.as_ref().filter(|_| words.place.rest(&count.iri).is_some() && !words.knows(&count.iri));
    if let Some(label) = known {
        name.text.clone_from(label);
    }
    Named { name, count: grouped(count.count) }
}
