//! `/browse/{agent|place|concept}`: those whom most items mention; the institutions; and the list of dumps.
//!
//! The lists come from the statistics of the generation, which were counted once: an order by name over the
//! whole graph would take seconds.

use crate::conditional::Tag;
use crate::pages::letters::{self, Letter, Names};
use crate::pages::start::{DatasetView, Named, datasets, named, plural};
use crate::pages::{Layout, page};
use crate::problem::Problem;
use crate::ranks::Ranks;
use crate::state::Shared;
use crate::value::Words;
use crate::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "browse.html")]
struct BrowsePage {
    at: Layout,
    heading: &'static str,
    letters: Vec<Letter>,
    letter: Option<char>,
    listed: Names,
    names: Vec<Named>,
}

#[derive(Template)]
#[template(path = "institutions.html")]
struct InstitutionsPage {
    at: Layout,
    datasets: Vec<DatasetView>,
}

/// The owners of the datasets.
pub(crate) async fn institutions(State(app): State<Shared>, visit: Visit) -> Response {
    let generation = app.generations.current();
    let at = Layout::new(&app, &visit, generation.number, visit.language.word("institutions"));
    let words = Words::new(&app.place, visit.language, &visit.suffix);
    let datasets = datasets(&generation, &at, &words);
    page(StatusCode::OK, visit.language, &InstitutionsPage { at, datasets })
}

/// A list of names.
pub(crate) async fn browse(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let generation = app.generations.current();
    let statistics = &generation.statistics;
    let (kind, counts) = match visit.path.strip_prefix("/browse/").unwrap_or_default() {
        "agent" => ("agent", &statistics.agents),
        "place" => ("place", &statistics.places),
        "concept" => ("concept", &statistics.concepts),
        _ => return Problem::not_found("there are lists of agents, places and concepts").into_response(),
    };
    let asked = visit.parameters.get("letter").and_then(|text| text.chars().next());
    let letter = asked.filter(|c| c.is_alphabetic()).and_then(|c| c.to_uppercase().next());
    let from = visit.parameters.number("from", 0);
    let (own, page_of) = (letter.map(String::from).unwrap_or_default(), from.to_string());
    let parts = ["browse", kind, visit.language.tag(), visit.suffix.as_str(), own.as_str(), page_of.as_str()];
    let tag = Tag::new(generation.number, generation.seed, &parts);
    if tag.is_held(&headers) {
        return tag.not_modified("Accept, Accept-Language");
    }
    let mut words = Words::new(&app.place, visit.language, &visit.suffix);
    if let Err(problem) = words.learn(&generation.snapshot, counts.iter().map(|count| count.iri.as_str())) {
        return problem.into_response();
    }
    let heading = visit.language.word(plural(kind));
    let at = Layout::new(&app, &visit, generation.number, heading);
    let (mut letters, mut listed) = (Vec::new(), Names::default());
    if let Some(ranks) = Ranks::of(&generation) {
        letters = letters::letters(ranks, &at, kind, app.place.base(), letter);
        if let Some(letter) = letter {
            match letters::names(ranks, &generation.snapshot, &at, (kind, letter, from), &mut words) {
                Ok(names) => listed = names,
                Err(problem) => return problem.into_response(),
            }
        }
    }
    let view = BrowsePage {
        at,
        heading,
        letters,
        letter,
        listed,
        names: counts.iter().map(|count| named(count, &words)).collect(),
    };
    let mut response = page(StatusCode::OK, visit.language, &view);
    tag.mark(response.headers_mut());
    response
}

#[derive(Template)]
#[template(path = "dumps.html")]
struct DumpsPage {
    at: Layout,
    dumps: Vec<Dump>,
    published: String,
}

struct Dump {
    name: String,
    href: String,
    size: String,
    digest: String,
}

/// `/dumps/`: the whole graph as files, with their digests.
pub(crate) async fn dumps(State(app): State<Shared>, visit: Visit) -> Response {
    let generation = app.generations.current();
    let folder = generation.folder.clone();
    let root = app.place.root().to_owned();
    let listing = tokio::task::spawn_blocking(move || {
        let manifest = std::fs::read_to_string(folder.join("MANIFEST.sha256")).unwrap_or_default();
        let mut dumps = Vec::new();
        for entry in std::fs::read_dir(folder.join("dumps")).into_iter().flatten().flatten() {
            let (Ok(name), Ok(metadata)) = (entry.file_name().into_string(), entry.metadata()) else {
                continue;
            };
            if metadata.is_file() && !name.starts_with('.') {
                let mut segment = String::new();
                graph_model::encode_segment(&name, &mut segment);
                dumps.push(Dump {
                    href: format!("{root}/dumps/{segment}"),
                    size: size(metadata.len()),
                    digest: digest(&manifest, &format!("dumps/{name}")),
                    name,
                });
            }
        }
        dumps.sort_by(|a, b| a.name.cmp(&b.name));
        dumps
    });
    let dumps = listing.await.unwrap_or_default();
    let view = DumpsPage {
        at: Layout::new(&app, &visit, generation.number, visit.language.word("dumps")),
        dumps,
        published: generation.statistics.published.clone().unwrap_or_default(),
    };
    page(StatusCode::OK, visit.language, &view)
}

/// The digest that the manifest (lines of `sha256sum`) has for a file.
fn digest(manifest: &str, name: &str) -> String {
    manifest
        .lines()
        .filter_map(|line| line.split_once(char::is_whitespace))
        .find(|(_, path)| path.trim_start_matches([' ', '*']).trim_start_matches("./") == name)
        .map(|(digest, _)| digest.to_owned())
        .unwrap_or_default()
}

fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "two decimals are shown")]
    let bytes_as_float = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes_as_float / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes_as_float / 1e6),
        _ => format!("{:.2} GB", bytes_as_float / 1e9),
    }
}
