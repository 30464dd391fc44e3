//! Site maps (sitemaps.org, protocol 0.9): an index, and lists of pages by kind.
//!
//! The lists are slices of the generation's index, made when they are asked for; no generation has to keep a second list
//! of all it holds.

use super::xml;
use crate::conditional::Tag;
use crate::generation::Generation;
use crate::path::Place;
use crate::problem::Problem;
use crate::ranks::Ranks;
use crate::state::Shared;
use crate::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use graph_index::{Pairs, TermId};
use graph_store::rdf::NamedNodeRef;
use std::ops::Range;
use vocabularies::{bf, dcat, edm, rdf, skos};

/// How many entities a list goes through; the protocol allows 50,000 pages and 50 MB.
const SLICE: usize = 20_000;
const XML: &str = "application/xml; charset=utf-8";

/// The kinds of pages, and the class of what they are about.
const KINDS: [(&str, NamedNodeRef<'static>); 6] = [
    ("datasets", dcat::DATASET_CLASS),
    ("items", edm::PROVIDED_CHO),
    ("agents", edm::AGENT),
    ("places", edm::PLACE),
    ("concepts", skos::CONCEPT),
    ("works", bf::WORK),
];

#[derive(Template)]
#[template(path = "sitemap-index.xml")]
struct IndexView {
    addresses: Vec<String>,
    published: String,
}

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct PartView {
    addresses: Vec<String>,
}

/// `/sitemap.xml`.
pub(super) async fn index(State(app): State<Shared>, headers: HeaderMap) -> Response {
    let generation = app.generations.current();
    let tag = Tag::new(generation.number, generation.seed, &["sitemap"]);
    if tag.is_held(&headers) {
        return tag.not_modified("Accept-Encoding");
    }
    let mut addresses = vec![format!("{}/sitemaps/site.xml", app.place.base())];
    for (kind, class) in KINDS {
        let parts = of_class(&generation, class).len().div_ceil(SLICE);
        let address = |part| format!("{}/sitemaps/{kind}-{part}.xml", app.place.base());
        addresses.extend((1..=parts).map(address));
    }
    let published = generation.statistics.published.clone().unwrap_or_default();
    xml(&IndexView { addresses, published }, XML, &tag)
}

/// `/sitemaps/items-1.xml` and its siblings.
pub(super) async fn part(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let name = visit.path.strip_prefix("/sitemaps/").unwrap_or_default().to_owned();
    let generation = app.generations.current();
    let tag = Tag::new(generation.number, generation.seed, &["sitemaps", &name]);
    if tag.is_held(&headers) {
        return tag.not_modified("Accept-Encoding");
    }
    if name == "site.xml" {
        let pages =
            ["/", "/browse/institution", "/statistics", "/sparql", "/dumps/", "/limits", "/reconcile"];
        let addresses = pages.map(|page| format!("{}{page}", app.place.base())).into();
        return xml(&PartView { addresses }, XML, &tag);
    }
    let Some((class, slice)) = slice(&name) else {
        return Problem::not_found("the site maps are listed in /sitemap.xml").into_response();
    };
    let made = tokio::task::spawn_blocking(move || {
        let found = of_class(&generation, class);
        if slice.start >= found.len() {
            return Problem::not_found("the site maps are listed in /sitemap.xml").into_response();
        }
        let found = found.slice(slice.start..slice.end.min(found.len()));
        xml(&PartView { addresses: addresses(&app.place, &generation, found) }, XML, &tag)
    });
    made.await.unwrap_or_else(|error| Problem::internal(&error).into_response())
}

/// What the name of a list stands for: a class, and places among its instances.
fn slice(name: &str) -> Option<(NamedNodeRef<'static>, Range<usize>)> {
    let (kind, number) = name.strip_suffix(".xml")?.rsplit_once('-')?;
    let number: usize = number.parse().ok()?;
    // `items-01.xml` is no second name of `items-1.xml`.
    let class = KINDS.iter().find(|(other, _)| *other == kind && format!("{kind}-{number}.xml") == name)?.1;
    let start = number.checked_sub(1)?.checked_mul(SLICE)?;
    Some((class, start..start.checked_add(SLICE)?))
}

fn of_class<'g>(generation: &'g Generation, class: NamedNodeRef<'static>) -> Pairs<'g> {
    let of = |ranks: Ranks<'g>| Some(ranks.subjects(rdf::TYPE, ranks.id(class.as_str())?));
    Ranks::of(generation).and_then(of).unwrap_or_default()
}

/// The pages about those of our own; a fragment has no page.
fn addresses(place: &Place, generation: &Generation, found: Pairs<'_>) -> Vec<String> {
    let Some(ranks) = Ranks::of(generation) else { return Vec::new() };
    let page = |id: &u32| {
        ranks.index.terms().with_text(TermId(*id), |iri, _, _| {
            let rest = place.rest(iri).filter(|_| !iri.contains('#'))?;
            Some(format!("{}/page/{rest}", place.base()))
        })
    };
    found.values.iter().filter_map(page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_lists() {
        assert_eq!(slice("items-1.xml"), Some((edm::PROVIDED_CHO, 0..SLICE)));
        assert_eq!(slice("agents-3.xml"), Some((edm::AGENT, 2 * SLICE..3 * SLICE)));
        for name in ["items-0.xml", "items-01.xml", "items-+1.xml", "items-1", "letters-1.xml", "-1.xml", ""]
        {
            assert_eq!(slice(name), None, "{name}");
        }
        assert_eq!(slice(&format!("items-{}.xml", usize::MAX)), None);
    }
}
