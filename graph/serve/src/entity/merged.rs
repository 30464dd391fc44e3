//! Entities that people merged, and the links of an entity: what the graph of links says.
//!
//! Merging changes nothing that owners say: the statements about a merged entity stand where they stood. Its IRI leads to
//! the one that it was merged into, whose document has what is said of both; a page says it of the one.

use super::facts::{Detail, grouped, mentioned, subject};
use crate::generation::Generation;
use crate::problem::Problem;
use crate::state::App;
use crate::value::Words;
use graph_store::rdf::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use graph_store::{Entity, Snapshot};
use vocabularies::{aarre, dcterms, rdf, skos};

/// How many links of an entity a page shows, and how many merged entities one may have.
const LINKS: usize = 24;
const MERGED: usize = 200;

/// The graph of links.
pub(super) fn graph(app: &App) -> NamedNode {
    NamedNode::new_unchecked(app.config.base.graph("links"))
}

/// The IRI that an entity leads to since it was merged.
pub(crate) fn successor(app: &App, iri: &str, quads: &[Quad]) -> Option<String> {
    let graph = GraphName::NamedNode(graph(app));
    quads.iter().find_map(|quad| match &quad.object {
        Term::NamedNode(node)
            if quad.predicate == dcterms::IS_REPLACED_BY
                && quad.graph_name == graph
                && subject(quad) == iri =>
        {
            Some(node.as_str().to_owned())
        }
        _ => None,
    })
}

/// Adds what is said of the entities that were merged into this one.
pub(crate) fn complete(
    app: &App,
    snapshot: &Snapshot,
    iri: &str,
    entity: &mut Entity,
) -> Result<(), Problem> {
    let failed = |error| Problem::internal(&error);
    for merged in merged(app, snapshot, iri)? {
        let more = snapshot.entity(&merged).map_err(failed)?;
        entity.complete &= more.complete;
        entity.quads.extend(more.quads);
    }
    Ok(())
}

/// The entities that were merged into this one.
pub(super) fn merged(app: &App, snapshot: &Snapshot, iri: &str) -> Result<Vec<String>, Problem> {
    let (graph, survivor) = (graph(app), NamedNodeRef::new_unchecked(iri));
    let mut merged = Vec::new();
    let replaced =
        snapshot.matching(None, Some(dcterms::IS_REPLACED_BY), Some(survivor.into()), Some(graph.as_ref()));
    for quad in replaced.take(MERGED) {
        if let NamedOrBlankNode::NamedNode(node) = quad.map_err(|error| Problem::internal(&error))?.subject {
            merged.push(node.into_string());
        }
    }
    merged.sort_unstable();
    Ok(merged)
}

/// The statements as those of one entity, without those that only say that they are one.
pub(super) fn as_one(iri: &str, merged: &[String], quads: &[Quad]) -> Vec<Quad> {
    let is_one = |node: &str| node == iri || merged.iter().any(|merged| merged == node);
    quads
        .iter()
        .filter(|quad| {
            let between = [dcterms::IS_REPLACED_BY, skos::EXACT_MATCH].contains(&quad.predicate.as_ref());
            !(between
                && is_one(subject(quad))
                && matches!(&quad.object, Term::NamedNode(node) if is_one(node.as_str())))
        })
        .map(|quad| {
            let mut quad = quad.clone();
            if is_one(subject(&quad)) {
                quad.subject = NamedNode::new_unchecked(iri).into();
            }
            quad
        })
        .collect()
}

/// The links of an entity as sections of its page: with what, from which authority, how certain and why.
pub(super) fn links(
    app: &App,
    generation: &Generation,
    iri: &str,
    words: &mut Words<'_>,
) -> Result<Vec<Detail>, Problem> {
    let graph = graph(app);
    let node = NamedNodeRef::new_unchecked(iri);
    let mut details = Vec::new();
    for end in [rdf::SUBJECT, rdf::OBJECT] {
        let assertions =
            generation.snapshot.matching(None, Some(end), Some(node.into()), Some(graph.as_ref()));
        for quad in assertions.take(LINKS - details.len()) {
            let quad = quad.map_err(|error| Problem::internal(&error))?;
            let NamedOrBlankNode::NamedNode(assertion) = quad.subject else { continue };
            details.extend(section(generation, iri, &assertion, &graph, words)?);
        }
    }
    details.sort_by(|one, other| one.anchor.cmp(&other.anchor));
    Ok(details)
}

fn section(
    generation: &Generation,
    iri: &str,
    assertion: &NamedNode,
    graph: &NamedNode,
    words: &mut Words<'_>,
) -> Result<Option<Detail>, Problem> {
    let said = generation.snapshot.matching(Some(assertion.as_ref()), None, None, Some(graph.as_ref()));
    let said = said.collect::<Result<Vec<_>, _>>().map_err(|error| Problem::internal(&error))?;
    words.learn(&generation.snapshot, mentioned(&said))?;
    let ends = [rdf::SUBJECT, rdf::OBJECT];
    let other = said.iter().find_map(|quad| match &quad.object {
        Term::NamedNode(node) if ends.contains(&quad.predicate.as_ref()) && node.as_str() != iri => {
            Some(node)
        }
        _ => None,
    });
    let Some(other) = other else { return Ok(None) };
    // The numbers of decisions are for those who decide.
    let silent = [rdf::TYPE, rdf::SUBJECT, rdf::OBJECT, aarre::DECISION_NUMBER];
    let shown: Vec<&Quad> = said.iter().filter(|quad| !silent.contains(&quad.predicate.as_ref())).collect();
    let anchor = assertion.as_str().rsplit('#').next().unwrap_or_default().to_owned();
    let mut facts = grouped(iri, &shown, words);
    for value in
        facts.iter_mut().filter(|fact| fact.iri == aarre::SCORE.as_str()).flat_map(|fact| &mut fact.values)
    {
        // Nothing that was computed is certain.
        let percent = value.text.parse::<f64>().map(|score| (score * 100.0).clamp(0.0, 99.9));
        value.text = percent.map_or_else(|_| value.text.clone(), |percent| format!("{percent:.1} %"));
    }
    let told = [aarre::EVIDENCE, aarre::LINK_METHOD].map(NamedNodeRef::as_str);
    for value in
        facts.iter_mut().filter(|fact| told.contains(&fact.iri.as_str())).flat_map(|fact| &mut fact.values)
    {
        // The matcher speaks English.
        value.lang = Some("en".to_owned()).filter(|_| words.language.tag() != "en");
    }
    Ok(Some(Detail { anchor, heading: words.name(other.as_str()).text, facts }))
}
