//! The page about one entity.

mod cite;
mod dataset;
mod editions;
mod events;
mod facts;
mod map;
mod merged;
mod order;
mod overview;
mod related;
mod sources;
mod tree;

pub(crate) use merged::{complete, successor};
pub(crate) use related::{Thing, thing};
pub(crate) use tree::branches;

use crate::catalogue;
use crate::generation::Generation;
use crate::negotiate::DOCUMENTS;
use crate::pages::{self, Layout};
use crate::parameters::encode;
use crate::problem::Problem;
use crate::ranks::Ranks;
use crate::state::App;
use crate::value::{Value, Words, decoded};
use crate::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cite::Citation;
use events::Event;
use facts::{Fact, Told, subject};
use graph_store::Entity;
use graph_store::rdf::{NamedNodeRef, Quad, Term};
use map::{Dot, Map};
use overview::Overview;
use related::{Group, Related};
use sources::Sources;
use tree::{Branch, Standing};
use vocabularies::{aarre, dc, dcterms, edm, void};

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
    /// The same edition elsewhere.
    held: Vec<Thing>,
    sections: Vec<Section>,
    events: Vec<Event>,
    map: Option<Map>,
    overview: Overview,
    dataset: Option<dataset::Dataset>,
    standing: Option<Standing>,
    parts: Vec<Branch>,
    related: Related,
    citation: Citation,
    sources: Sources,
    rights: Vec<Fact>,
    /// Whether it is an item of a collection rather than somebody or something that items mention.
    is_item: bool,
    /// No record says anything of it.
    only_mentioned: bool,
    /// Set where only one group of what is related is shown.
    only: bool,
    complete: bool,
    syntaxes: Vec<Syntax>,
    path: String,
}

/// Facts that belong together.
struct Section {
    heading: &'static str,
    facts: Vec<Fact>,
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
    facts: Vec<Fact>,
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
        Ok(view) => {
            let mut response = pages::page(StatusCode::OK, visit.language, &view);
            let services = view.told.pictures.iter().filter_map(|picture| picture.service.as_deref());
            let hosts: Vec<&str> = services.filter_map(facts::origin).collect();
            if let Some(policy) = policy(&hosts) {
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            response
        }
        Err(problem) => problem.into_response(),
    }
}

/// The policy of a page whose pictures come in tiles: its scripts may ask the servers of these pictures, nobody else.
fn policy(hosts: &[&str]) -> Option<HeaderValue> {
    let wider = format!("connect-src 'self' {}", hosts.join(" "));
    let policy = crate::routes::POLICY.replace("connect-src 'self'", &wider);
    HeaderValue::from_str(&policy).ok().filter(|_| !hosts.is_empty())
}

/// `/cite/….bib` and `/cite/….ris`: how to cite a thing, for programs that keep references.
pub(crate) fn citation(
    app: &App,
    visit: &Visit,
    generation: &Generation,
    rest: &str,
    quads: &[Quad],
) -> Result<Citation, Problem> {
    let iri = app.place.iri(rest);
    let mut words = Words::new(&app.place, visit.language, &visit.suffix);
    words.learn(&generation.snapshot, facts::mentioned(quads).chain([iri.as_str()]))?;
    let state = visit.language.phrase("state", &generation.number.to_string());
    Ok(Citation::of(&iri, &words.name(&iri).text, quads, &words, state))
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
    // Who else holds the edition is told under a heading of its own.
    let counts = |quad: &Quad| rest.starts_with("dataset/") && is_for_machines(quad);
    let said: Vec<Quad> =
        own.iter().filter(|quad| !editions::is_link(app, quad) && !counts(quad)).cloned().collect();
    let mut told = facts::tell(&iri, &heading.text, &said, &provenance(app), &words);
    let held = editions::held(app, generation, &iri, &mut words)?;
    told.links = merged::links(app, generation, &iri, &mut words)?;
    let group = visit.parameters.get("group").filter(|group| !group.is_empty());
    let related =
        related::related(generation, (&iri, &merged), visit.parameters.number("from", 0), group, &mut words)?;
    let crumbs = crumbs(generation, &iri, own, &mut words)?;
    if !crumbs.is_empty() {
        told.facts.retain(|fact| fact.iri != dcterms::IS_PART_OF.as_str() || fact.values.len() > 1);
    }
    let is_item = object(&iri, own, aarre::SECTOR).is_some() || object(&iri, own, edm::TYPE).is_some();
    let overview = if group.is_none() && !is_item {
        overview::overview(generation, &iri, &related.items, &mut words)?
    } else {
        Overview::default()
    };
    let standing =
        if group.is_none() && !is_item { tree::standing(generation, &iri, &mut words)? } else { None };
    if standing.is_some() {
        told.facts.retain(|fact| !tree::shows(NamedNodeRef::new_unchecked(&fact.iri)));
    }
    let parts = if group.is_none() && is_item {
        tree::parts(generation, &iri, &mut words)?.map(|(branches, _)| branches).unwrap_or_default()
    } else {
        Vec::new()
    };
    let here = position(generation, &iri, &told);
    let map = here.and_then(|(latitude, longitude)| {
        Map::of(vec![Dot { name: Value { href: None, ..words.iri(&iri) }, count: 1, latitude, longitude }])
    });
    let sources = if group.is_none() {
        sources::sources(app, generation, &iri, own, &mut words)?
    } else {
        Sources::default()
    };
    let citation = citation(app, visit, generation, rest, own)?;
    let rights: Vec<Fact> = {
        let (rights, record) = told.record.into_iter().partition(|fact| order::is_rights(&fact.iri));
        told.record = record;
        rights
    };
    let syntaxes = DOCUMENTS
        .iter()
        .zip(["Turtle", "JSON-LD", "N-Triples", "RDF/XML"])
        .map(|(media, name)| Syntax {
            name,
            media: media.names.first().copied().unwrap_or_default(),
            href: format!("{}/data/{rest}.{}", app.place.root(), media.id),
        })
        .collect();
    let mut at = Layout::new(app, visit, generation.number, heading.text.clone());
    if rest.starts_with("dataset/") {
        at.data = catalogue::dataset(&generation.snapshot, &app.place, &iri)?;
    }
    if let Some(text) = told.facts.iter().find(|fact| fact.iri == dc::DESCRIPTION.as_str()) {
        at.description =
            text.values.first().map(|value| value.text.chars().take(200).collect()).unwrap_or_default();
    }
    let events = events::events(&told.details);
    let dataset = dataset::dataset(generation, rest, &at, &words);
    Ok(EntityPage {
        at,
        sections: sections(std::mem::take(&mut told.facts), visit.language),
        events,
        map,
        overview,
        dataset,
        standing,
        parts,
        citation,
        sources,
        rights,
        is_item,
        held,
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

/// The facts of an entity in groups, in the order of a page.
fn sections(facts: Vec<Fact>, language: crate::language::Language) -> Vec<Section> {
    let mut sections: Vec<Section> = [
        language.word("facts.what"),
        language.word("facts.making"),
        language.word("facts.about"),
        language.word("facts.where"),
        language.word("facts.number"),
        language.word("facts.other"),
    ]
    .into_iter()
    .map(|heading| Section { heading, facts: Vec::new() })
    .collect();
    for fact in facts {
        sections[order::section(&fact.iri)].facts.push(fact);
    }
    sections.retain(|section| !section.facts.is_empty());
    sections
}

/// Where it is: by its own coordinates, or by those of what it is linked with.
fn position(generation: &Generation, iri: &str, told: &Told) -> Option<(f64, f64)> {
    told.coordinates.as_ref().map(|point| (point.latitude, point.longitude)).or_else(|| {
        let ranks = Ranks::of(generation)?;
        overview::position(ranks, ranks.id(iri)?.0)
    })
}

/// What a dataset says of itself by the hundred: how many of which class and property it has, and in which vocabularies.
fn is_for_machines(quad: &Quad) -> bool {
    let counted = [void::CLASS_PARTITION, void::PROPERTY_PARTITION, void::VOCABULARY, void::URI_SPACE];
    let fragment = subject(quad).split_once('#').map_or("", |(_, fragment)| fragment);
    counted.contains(&quad.predicate.as_ref())
        || fragment.starts_with("class-")
        || fragment.starts_with("property-")
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
        match &group.all {
            Some(path) => self.at.href(path),
            None => self.at.href(&format!("{}?group={}", self.path, encode(&group.key))),
        }
    }

    fn cite_href(&self, ending: &str) -> String {
        let rest = self.path.strip_prefix("/page/").unwrap_or_default();
        self.at.href(&format!("/cite/{rest}.{ending}"))
    }

    fn page_href(&self, from: usize) -> String {
        let group = match (self.only, self.related.parts.iter().chain(&self.related.groups).next()) {
            (true, Some(group)) => format!("group={}&", encode(&group.key)),
            _ => String::new(),
        };
        self.at.href(&format!("{}?{group}from={from}", self.path))
    }
}
