//! What waits for a decision, with the evidence.

use crate::rdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use crate::{Snapshot, StoreError};
use serde::Serialize;
use std::collections::BTreeMap;
use vocabularies::{aarre, rdf, skos};

/// How many values of one property are shown of a side.
const VALUES: usize = 6;

/// Two entities that may be the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// How likely they are, 0 to 1.
    pub score: f64,
    /// How the proposal was found.
    pub method: String,
    /// In what they agree and what keeps them from being linked.
    pub evidence: Vec<String>,
    /// The entity of the graph.
    pub one: Side,
    /// What it may be.
    pub other: Side,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// Its IRI.
    pub iri: String,
    /// Its name.
    pub label: Option<String>,
    /// What is said of it, by the short name of the property.
    pub said: BTreeMap<String, Vec<String>>,
}

/// What waits for a decision in the graph of links, the likeliest first; at most so many, with how many there are. Names are
/// given in the first of the languages that each has.
///
/// # Errors
/// When the store fails.
pub fn proposals(
    view: &Snapshot,
    links: &str,
    languages: &[&str],
    limit: usize,
) -> Result<(Vec<Proposal>, usize), StoreError> {
    let graph = NamedNode::new_unchecked(links);
    let mut waiting: Vec<(f64, NamedNode)> = Vec::new();
    let close = skos::CLOSE_MATCH.into();
    for quad in view.matching(None, Some(rdf::PREDICATE), Some(close), Some(graph.as_ref())) {
        let NamedOrBlankNode::NamedNode(assertion) = quad?.subject else { continue };
        let score = texts(view, assertion.as_ref(), aarre::SCORE, graph.as_ref())?;
        waiting.push((score.first().and_then(|score| score.parse().ok()).unwrap_or_default(), assertion));
    }
    waiting.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let all = waiting.len();
    let mut proposals = Vec::with_capacity(limit.min(all));
    for (score, assertion) in waiting.into_iter().take(limit) {
        let of = |property| texts(view, assertion.as_ref(), property, graph.as_ref());
        let side = |property| -> Result<Side, StoreError> {
            side(view, of(property)?.into_iter().next().unwrap_or_default(), languages)
        };
        proposals.push(Proposal {
            score,
            method: of(aarre::LINK_METHOD)?.into_iter().next().unwrap_or_default(),
            evidence: of(aarre::EVIDENCE)?,
            one: side(rdf::SUBJECT)?,
            other: side(rdf::OBJECT)?,
        });
    }
    Ok((proposals, all))
}

fn texts(
    view: &Snapshot,
    subject: NamedNodeRef<'_>,
    property: NamedNodeRef<'_>,
    graph: NamedNodeRef<'_>,
) -> Result<Vec<String>, StoreError> {
    let mut texts = Vec::new();
    for quad in view.matching(Some(subject), Some(property), None, Some(graph)) {
        texts.push(text(&quad?.object));
    }
    texts.sort_unstable();
    Ok(texts)
}

fn text(term: &Term) -> String {
    match term {
        Term::Literal(literal) => literal.value().to_owned(),
        Term::NamedNode(node) => node.as_str().to_owned(),
        other => other.to_string(),
    }
}

/// What every graph says of an entity, in short.
fn side(view: &Snapshot, iri: String, languages: &[&str]) -> Result<Side, StoreError> {
    let label = view.labels(&[&iri], languages)?.remove(&iri).map(|label| label.text);
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for quad in view.matching(Some(NamedNodeRef::new_unchecked(&iri)), None, None, None) {
        let quad = quad?;
        let links = [skos::CLOSE_MATCH, skos::IN_SCHEME].contains(&quad.predicate.as_ref());
        let Some(name) = vocabularies::qname(quad.predicate.as_str()).filter(|_| !links) else { continue };
        let text = text(&quad.object);
        let values = said.entry(name).or_default();
        if !values.contains(&text) && values.len() < VALUES {
            values.push(text);
        }
    }
    Ok(Side { iri, label, said })
}
