//! Hierarchies: the units of an archive, the parts of a whole, the narrower and broader of concepts and places.
//!
//! A concept of this graph stands in the hierarchy of the authority that it is linked with; the names there lead to the
//! concepts of this graph that are linked with the same entries.

use crate::generation::Generation;
use crate::pages::page;
use crate::problem::Problem;
use crate::ranks::Ranks;
use crate::state::{App, Shared};
use crate::value::{Value, Words};
use crate::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use graph_index::TermId;
use graph_store::rdf::NamedNodeRef;
use vocabularies::{aarre, dcterms, skos};

/// How many levels are followed upwards.
const LEVELS: usize = 16;
/// How many branches of one level are shown; the page of the whole has all.
const BRANCHES: usize = 200;

/// A branch of a tree.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) name: Value,
    /// How many branches it has itself.
    pub(super) below: usize,
    /// Where they are fetched from.
    pub(super) source: String,
    /// Whether the page is about it.
    pub(super) here: bool,
}

/// The branches of one level, as part of a page.
#[derive(Template)]
#[template(path = "branches.html")]
struct Branches {
    branches: Vec<Branch>,
    more: usize,
    more_words: String,
}

/// Where a concept or a place stands: the broader ones from the top, those beside it, the narrower ones.
#[derive(Debug, Default)]
pub(super) struct Standing {
    pub(super) broader: Vec<Value>,
    pub(super) level: Vec<Branch>,
    pub(super) narrower: Vec<Branch>,
}

/// `/tree/{rest}`: the branches of an entity.
pub(crate) async fn branches(State(app): State<Shared>, visit: Visit) -> Response {
    let generation = app.generations.current();
    let language = visit.language;
    let read = tokio::task::spawn_blocking(move || read(&app, &visit, &generation));
    match read.await {
        Ok(Ok(view)) => page(StatusCode::OK, language, &view),
        Ok(Err(problem)) => problem.into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

fn read(app: &App, visit: &Visit, generation: &Generation) -> Result<Branches, Problem> {
    let rest = visit.path.strip_prefix("/tree/").unwrap_or_default();
    let nothing = || Problem::not_found("there is no such tree");
    let ranks = Ranks::of(generation).ok_or_else(nothing)?;
    let id = ranks.id(&app.place.iri(rest)).ok_or_else(nothing)?;
    let mut words = Words::new(&app.place, visit.language, &visit.suffix);
    let (branches, all) = below(generation, ranks, id, None, &mut words)?;
    let more = all.saturating_sub(branches.len());
    Ok(Branches { branches, more, more_words: visit.language.plural("tree.more", more as u64) })
}

/// The branches of an entity: its parts, or what is narrower. Also how many there are.
fn below(
    generation: &Generation,
    ranks: Ranks<'_>,
    whole: TermId,
    here: Option<u32>,
    words: &mut Words<'_>,
) -> Result<(Vec<Branch>, usize), Problem> {
    let parts = ranks.subjects(dcterms::IS_PART_OF, whole);
    let mut ids: Vec<u32> = if parts.is_empty() { narrower(ranks, whole) } else { parts.values.to_vec() };
    let all = ids.len();
    // What archivists put in order stays so; the rest goes by name.
    let sequence = |id: &u32| {
        let number = ranks.objects(TermId(*id), aarre::SEQUENCE).values.first();
        number.and_then(|number| ranks.text(*number).parse::<u64>().ok()).unwrap_or(u64::MAX)
    };
    ids.sort_by_cached_key(sequence);
    ids.truncate(BRANCHES);
    let mut branches = Vec::with_capacity(ids.len());
    for id in &ids {
        branches.push(branch(generation, ranks, *id, here, words)?);
    }
    if parts.is_empty() {
        branches.sort_by_cached_key(|branch| branch.name.text.to_lowercase());
    }
    Ok((branches, all))
}

fn branch(
    generation: &Generation,
    ranks: Ranks<'_>,
    id: u32,
    here: Option<u32>,
    words: &mut Words<'_>,
) -> Result<Branch, Problem> {
    let own = of_this_graph(ranks, id, words);
    let iri = ranks.text(own.unwrap_or(id));
    let parts = ranks.subjects(dcterms::IS_PART_OF, TermId(id)).len();
    let below = if parts > 0 { parts } else { narrower(ranks, TermId(id)).len() };
    let place = words.place;
    let source = place.rest(&iri).map(|rest| format!("{}/tree/{rest}{}", place.root(), words.suffix));
    Ok(Branch {
        name: name(generation, ranks, id, words)?,
        below,
        source: source.unwrap_or_default(),
        here: here.is_some_and(|here| here == id || Some(here) == own),
    })
}

/// The name of an entry, which leads to the entity of this graph that is linked with it.
fn name(generation: &Generation, ranks: Ranks<'_>, id: u32, words: &mut Words<'_>) -> Result<Value, Problem> {
    let own = of_this_graph(ranks, id, words);
    let iri = ranks.text(own.unwrap_or(id));
    words.learn(&generation.snapshot, [iri.as_str()])?;
    let value = words.iri(&iri);
    // An authority's entry on this very host has no page here.
    let nowhere = own.is_none() && iri.starts_with(words.place.base());
    Ok(Value { href: value.href.filter(|_| !nowhere), ..value })
}

/// The entity of this graph that an entry of an authority is linked with, or the entity itself.
fn of_this_graph(ranks: Ranks<'_>, id: u32, words: &Words<'_>) -> Option<u32> {
    let is_own = |id: &u32| words.place.rest(&ranks.text(*id)).is_some();
    if is_own(&id) {
        return Some(id);
    }
    ranks.subjects(skos::EXACT_MATCH, TermId(id)).values.iter().copied().find(is_own)
}

/// The entity and the entries that it is linked with.
fn same(ranks: Ranks<'_>, id: TermId) -> Vec<u32> {
    let mut same = vec![id.0];
    same.extend_from_slice(ranks.objects(id, skos::EXACT_MATCH).values);
    same
}

fn narrower(ranks: Ranks<'_>, id: TermId) -> Vec<u32> {
    along(ranks, id, |id| {
        let mut found = ranks.subjects(skos::BROADER, id).values.to_vec();
        found.extend_from_slice(ranks.objects(id, skos::NARROWER).values);
        found
    })
}

fn broader(ranks: Ranks<'_>, id: TermId) -> Vec<u32> {
    along(ranks, id, |id| {
        let mut found = ranks.objects(id, skos::BROADER).values.to_vec();
        found.extend_from_slice(ranks.subjects(skos::NARROWER, id).values);
        found
    })
}

fn along(ranks: Ranks<'_>, id: TermId, step: impl Fn(TermId) -> Vec<u32>) -> Vec<u32> {
    let mut found: Vec<u32> = same(ranks, id).into_iter().flat_map(|id| step(TermId(id))).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Where a concept or a place stands; nothing when it stands alone.
pub(super) fn standing(
    generation: &Generation,
    iri: &str,
    words: &mut Words<'_>,
) -> Result<Option<Standing>, Problem> {
    let Some(ranks) = Ranks::of(generation) else { return Ok(None) };
    let Some(id) = ranks.id(iri) else { return Ok(None) };
    let mut chain: Vec<u32> = Vec::new();
    let mut at = broader(ranks, id).first().copied();
    while let Some(above) =
        at.filter(|above| *above != id.0 && !chain.contains(above) && chain.len() < LEVELS)
    {
        chain.push(above);
        at = broader(ranks, TermId(above)).first().copied();
    }
    let whole = !ranks.subjects(dcterms::IS_PART_OF, id).is_empty();
    let narrower = if whole { Vec::new() } else { below(generation, ranks, id, None, words)?.0 };
    let mut standing = Standing { narrower, ..Standing::default() };
    if let Some(parent) = chain.first() {
        standing.level = below(generation, ranks, TermId(*parent), Some(id.0), words)?.0;
    }
    for above in chain.iter().rev() {
        standing.broader.push(name(generation, ranks, *above, words)?);
    }
    let alone = standing.broader.is_empty() && standing.narrower.is_empty();
    Ok((!alone).then_some(standing))
}

/// The parts of a whole, as branches; `None` without any.
pub(super) fn parts(
    generation: &Generation,
    iri: &str,
    words: &mut Words<'_>,
) -> Result<Option<(Vec<Branch>, usize)>, Problem> {
    let Some(ranks) = Ranks::of(generation) else { return Ok(None) };
    let Some(id) = ranks.id(iri).filter(|id| !ranks.subjects(dcterms::IS_PART_OF, *id).is_empty()) else {
        return Ok(None);
    };
    below(generation, ranks, id, None, words).map(Some)
}

/// Whether the property is one that a hierarchy shows.
pub(super) fn shows(property: NamedNodeRef<'_>) -> bool {
    [skos::BROADER, skos::NARROWER].contains(&property)
}
