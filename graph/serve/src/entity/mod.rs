//! The page about one entity.

mod facts;
mod merged;
mod order;
mod related;

pub(crate) use merged::{complete, successor};
pub(crate) use related::{Thing, thing};

use crate::generation::Generation;
use crate::negotiate::DOCUMENTS;
use crate::pages::{self, Layout};
use crate::parameters::encode;
use crate::problem::Problem;
use crate::state::App;
use crate::value::{Value, Words, decoded};
use crate::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use facts::{Told, subject};
use graph_store::Entity;
use graph_store::rdf::{NamedNodeRef, Quad, Term};
use related::{Group, Related};
use vocabularies::{aarre, dc, dcterms, edm};

/// How many levels of a hierarchy are followed upwards.
const LEVELS: usize = 16;

#[derive(Template)]
#[template(path = "entity.html")]
struct EntityPage {
    at: Layout,
    iri: String,
    heading: Value,
    kicker: Vec<String>,
    crumbs: Vec<Value>,
    told: Told,
    related: Related,
    /// No record says anything of it.
    only_mentioned: bool,
    /// Set where only one group of what is related is shown.
    only: bool,
    complete: bool,
    syntaxes: Vec<Syntax>,
    path: String,
}

/// The document in one syntax.
struct Syntax {
    name: &'static str,
    media: &'static str,
    href: String,
}

#[derive(Template)]
#[template(path = "tombstone.html")]
struct TombstonePage {
    at: Layout,
    iri: String,
    facts: Vec<facts::Fact>,
}

/// The page about the entity at `/id/{rest}`.
pub(crate) fn page(
    app: &App,
    visit: &Visit,
    generation: &Generation,
    rest: &str,
    entity: &Entity,
) -> Response {
    match build(app, visit, generation, rest, entity) {
        Ok(view) => pages::page(StatusCode::OK, visit.language, &view),
        Err(problem) => problem.into_response(),
    }
}

/// The page that stands where an entity was.
pub(crate) fn tombstone(app: &App, visit: &Visit, generation: &Generation, entity: &Entity) -> Response {
    let iri = entity.quads.first().map(|quad| subject(quad).to_owned()).unwrap_or_default();
    let mut words = Words::new(&app.place, visit.language, &visit.suffix);
    if let Err(problem) = words.learn(&generation.snapshot, facts::mentioned(&entity.quads)) {
        return problem.into_response();
    }
    let told = facts::tell(&iri, "", &entity.quads, &provenance(app), &words);
    let facts = told.facts.into_iter().chain(told.provenance).collect();
    let at = Layout::new(app, visit, generation.number, visit.language.word("410.heading"));
    pages::page(StatusCode::GONE, visit.language, &TombstonePage { at, iri, facts })
}

fn provenance(app: &App) -> String {
    app.config.base.graph("provenance")
}

fn build(
    app: &App,
    visit: &Visit,
    generation: &Generation,
    rest: &str,
    entity: &Entity,
) -> Result<EntityPage, Problem> {
    let iri = app.place.iri(rest);
    let mut words = Words::new(&app.place, visit.language, &visit.suffix);
    // What points at it is among what is related.
    let merged = merged::merged(app, &generation.snapshot, &iri)?;
    let as_one = (!merged.is_empty()).then(|| merged::as_one(&iri, &merged, &entity.quads));
    let own: &[Quad] = match as_one.as_deref().unwrap_or(&entity.quads) {
        quads if quads.first().is_some_and(|first| subject(first) == iri) => quads,
        _ => &[],
    };
    words.learn(&generation.snapshot, facts::mentioned(own))?;
    let heading = words.name(&iri);
    let mut told = facts::tell(&iri, &heading.text, own, &provenance(app), &words);
    told.links = merged::links(app, generation, &iri, &mut words)?;
    let group = visit.parameters.get("group").filter(|group| !group.is_empty());
    let related =
        related::related(generation, (&iri, &merged), visit.parameters.number("from", 0), group, &mut words)?;
    let crumbs = crumbs(generation, &iri, own, &mut words)?;
    if !crumbs.is_empty() {
        told.facts.retain(|fact| fact.iri != dcterms::IS_PART_OF.as_str() || fact.values.len() > 1);
    }
    let syntaxes = DOCUMENTS
        .iter()
        .zip(["Turtle", "JSON-LD", "N-Triples", "RDF/XML"])
        .map(|(media, name)| Syntax {
            name,
            media: media.names.first().copied().unwrap_or_default(),
            href: format!("{}/data/{rest}.{}", app.place.root(), media.id),
        })
        .collect();
    Ok(EntityPage {
        at: Layout::new(app, visit, generation.number, heading.text.clone()),
        kicker: kicker(&iri, rest, own, &words),
        only_mentioned: own.is_empty(),
        iri,
        heading,
        crumbs,
        told,
        related,
        only: group.is_some(),
        complete: entity.complete,
        syntaxes,
        path: format!("/page/{rest}"),
    })
}

/// What the page says above the title: sector and kind.
fn kicker(iri: &str, rest: &str, quads: &[Quad], words: &Words<'_>) -> Vec<String> {
    let named = |property| object(iri, quads, property).map(|term| words.term(term.as_ref()).text);
    let sector = named(aarre::SECTOR);
    let is_item = sector.is_some() || named(edm::TYPE).is_some();
    let kind = if is_item { named(dc::TYPE) } else { facts::class_name(iri, quads, words) };
    let kind = kind.or_else(|| rest.split('/').next().map(decoded));
    [sector, kind].into_iter().flatten().map(|word| facts::capital(&word)).collect()
}

/// The wholes that the thing is part of, the largest first.
fn crumbs(
    generation: &Generation,
    iri: &str,
    quads: &[Quad],
    words: &mut Words<'_>,
) -> Result<Vec<Value>, Problem> {
    let mut found: Vec<String> = Vec::new();
    let mut parent = part_of(iri, quads);
    while let Some(whole) = parent {
        if words.place.rest(&whole).is_none()
            || whole == iri
            || found.contains(&whole)
            || found.len() == LEVELS
        {
            break;
        }
        let entity = generation.snapshot.entity(&whole).map_err(|error| Problem::internal(&error))?;
        parent = part_of(&whole, &entity.quads);
        found.push(whole);
    }
    words.learn(&generation.snapshot, found.iter().map(String::as_str))?;
    Ok(found.iter().rev().map(|iri| words.iri(iri)).collect())
}

fn part_of(iri: &str, quads: &[Quad]) -> Option<String> {
    match object(iri, quads, dcterms::IS_PART_OF)? {
        Term::NamedNode(whole) => Some(whole.as_str().to_owned()),
        _ => None,
    }
}

fn object<'q>(iri: &str, quads: &'q [Quad], property: NamedNodeRef<'_>) -> Option<&'q Term> {
    quads.iter().find(|quad| quad.predicate == property && subject(quad) == iri).map(|quad| &quad.object)
}

impl EntityPage {
    fn group_href(&self, group: &Group) -> String {
        self.at.href(&format!("{}?group={}", self.path, encode(&group.key)))
    }

    fn page_href(&self, from: usize) -> String {
        let group = match (self.only, self.related.parts.iter().chain(&self.related.groups).next()) {
            (true, Some(group)) => format!("group={}&", encode(&group.key)),
            _ => String::new(),
        };
        self.at.href(&format!("{}?{group}from={from}", self.path))
    }
}
