//! Search: a page, its results as files, and suggestions while somebody types.
//!
//! ```text
//! wish ──► items (graph-index) ──► page    list, gallery, map, timeline, facets
//!  the address                 ├─► files   CSV, JSON, JSON-LD at the same address
//!                              └─► sparql  the query that finds the same
//! ```
//!
//! The address is the state: nothing is kept between requests, so that every view can be linked to and cached. A search
//! has so many places and so much time; one that takes longer is stopped and says so.

mod files;
mod map;
mod page;
mod sparql;
mod suggest;
mod timeline;
mod values;
mod wish;

use crate::conditional::Tag;
use crate::generation::Generation;
use crate::negotiate::{self, CSV, HTML, JSON, JSON_LD, Media};
use crate::path::Place;
use crate::problem::Problem;
use crate::ranks::Ranks;
use crate::state::{App, Shared};
use crate::value::Words;
use crate::visit::Visit;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use graph_index::IndexError;
use graph_index::items::{FACETS, Items, facet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many searches run at the same time.
pub(crate) const PLACES: usize = 4;
/// How long a request waits for a place.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a search may take, and one whose results are written to a file.
const DEADLINE: Duration = Duration::from_secs(2);
const DEADLINE_OF_FILES: Duration = Duration::from_secs(10);

/// In which forms results are offered.
const OFFERS: [Media; 4] = [JSON, JSON_LD, CSV, HTML];

/// What a search needs of the generation.
struct Ground<'g> {
    app: &'g App,
    generation: &'g Generation,
    visit: &'g Visit,
    items: &'g Items,
    ranks: Ranks<'g>,
    until: Instant,
}

impl<'g> Ground<'g> {
    fn of(
        app: &'g App,
        generation: &'g Generation,
        visit: &'g Visit,
        time: Duration,
    ) -> Result<Self, Problem> {
        let ranks = Ranks::of(generation);
        match (generation.engine.items(), ranks) {
            (Some(items), Some(ranks)) => {
                Ok(Self { app, generation, visit, items, ranks, until: Instant::now() + time })
            }
            _ => Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "no-search",
                "this state of the data has no index of its items yet; the next publish makes one",
            )),
        }
    }

    fn go_on(&self) -> bool {
        Instant::now() < self.until
    }

    fn words(&self) -> Words<'g> {
        Words::new(&self.app.place, self.visit.language, &self.visit.suffix)
    }
}

fn failed(error: &IndexError) -> Problem {
    match error {
        IndexError::Late => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "search-timeout",
            "the search took longer than one search may; use fewer or longer words, or narrow it",
        ),
        error => Problem::internal(error),
    }
}

/// `/search`.
pub(crate) async fn search(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let chosen = match visit.parameters.get("format") {
        Some(id) => negotiate::named(id, &OFFERS),
        None => negotiate::best(&headers, &OFFERS),
    };
    let Some(media) = chosen else {
        return Problem::not_acceptable(&negotiate::listed(&OFFERS)).into_response();
    };
    // Where no page was asked for, a file is a file even if a browser asked.
    answered(app, visit, &headers, *media, |ground, media| {
        let wish = wish::Wish::read(ground.visit, &ground.app.place, ground.generation)?;
        if *media == HTML { page::answer(ground, &wish) } else { files::answer(ground, &wish, *media) }
    })
    .await
}

/// `/suggest`.
pub(crate) async fn suggest(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    answered(app, visit, &headers, JSON, |ground, _| suggest::answer(ground)).await
}

async fn answered(
    app: Shared,
    visit: Visit,
    headers: &HeaderMap,
    media: Media,
    answer: impl FnOnce(&Ground<'_>, &Media) -> Result<Response, Problem> + Send + 'static,
) -> Response {
    let generation = app.generations.current();
    let mut parts = vec![visit.path.as_str(), visit.language.tag(), media.id];
    parts.extend(visit.parameters.iter().flat_map(|(name, value)| [name, value]));
    let tag = Tag::new(generation.number, generation.seed, &parts);
    if tag.is_held(headers) {
        return tag.not_modified("Accept, Accept-Language");
    }
    let waiting = tokio::time::timeout(PATIENCE, Arc::clone(&app.searching).acquire_owned());
    let Ok(Ok(place)) = waiting.await else { return Problem::busy(1).into_response() };
    let made = tokio::task::spawn_blocking(move || {
        let _place = place;
        let time = if media == HTML || media == JSON { DEADLINE } else { DEADLINE_OF_FILES };
        let ground = Ground::of(&app, &generation, &visit, time)?;
        answer(&ground, &media)
    });
    let mut response = match made.await {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) => return problem.into_response(),
        Err(error) => return Problem::internal(&error).into_response(),
    };
    if response.status() == StatusCode::OK {
        tag.mark(response.headers_mut());
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language"));
    }
    response
}

/// The path of the search for all items that say so of an entity, or of those of one sector; `None` where no facet is of that
/// property.
pub(crate) fn all_items(property: &str, iri: &str, sector: &str, place: &Place) -> Option<String> {
    let facet = FACETS.iter().find(|facet| facet.is_of(property))?;
    let value = place.rest(iri).filter(|_| !iri.contains('#')).unwrap_or(iri);
    let mut path = format!("/search?{}={}", facet.key, crate::parameters::encode(value));
    if let Some(sector) = sector.strip_prefix(vocabularies::aarre::NAMESPACE) {
        path.push_str(&format!("&sector={}", crate::parameters::encode(sector)));
    }
    Some(path)
}

/// The place of a facet that is always there.
fn known(key: &str) -> usize {
    facet(key).unwrap_or_default()
}
