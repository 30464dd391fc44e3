//! Who else holds the edition that an item is a copy of.
//!
//! The graph of links says of pairs that they are of one edition (`bf:hasEquivalent`); all that can be reached over such
//! pairs is one edition, so that a library which is linked with one of them is told on the pages of all.

use super::merged::graph;
use super::related::{Thing, thing};
use crate::generation::Generation;
use crate::problem::Problem;
use crate::state::App;
use crate::value::Words;
use graph_store::rdf::{GraphName, NamedNodeRef, Quad, Term};
use std::collections::{BTreeSet, VecDeque};
use vocabularies::{bf, edm};

/// So many other copies are told on a page.
const COPIES: usize = 48;

/// Whether a statement says that two items are of one edition; it is told under a heading of its own.
pub(super) fn is_link(app: &App, quad: &Quad) -> bool {
    quad.predicate == bf::HAS_EQUIVALENT
        && matches!(&quad.graph_name, GraphName::NamedNode(met) if *met == graph(app))
}

/// The other items of the edition, by the name of who holds them.
pub(super) fn held(
    app: &App,
    generation: &Generation,
    iri: &str,
    words: &mut Words<'_>,
) -> Result<Vec<Thing>, Problem> {
    let others = others(app, generation, iri)?;
    words.learn(&generation.snapshot, others.iter().map(String::as_str))?;
    let mut held = Vec::with_capacity(others.len());
    for other in &others {
        let mut line = thing(generation, other, iri, words)?;
        if let Some(keeper) = keeper(generation, other, words)? {
            line.note = if line.note.is_empty() { keeper } else { format!("{keeper} · {}", line.note) };
        }
        held.push(line);
    }
    held.sort_by(|one, other| one.note.cmp(&other.note));
    Ok(held)
}

fn others(app: &App, generation: &Generation, iri: &str) -> Result<BTreeSet<String>, Problem> {
    let graph = graph(app);
    let (mut met, mut waiting) = (BTreeSet::new(), VecDeque::from([iri.to_owned()]));
    while let Some(item) = waiting.pop_front() {
        let node = NamedNodeRef::new_unchecked(&item);
        let property = Some(bf::HAS_EQUIVALENT);
        let there = generation.snapshot.matching(Some(node), property, None, Some(graph.as_ref()));
        let back = generation.snapshot.matching(None, property, Some(node.into()), Some(graph.as_ref()));
        for quad in there.take(COPIES).chain(back.take(COPIES)) {
            let quad = quad.map_err(|error| Problem::internal(&error))?;
            for end in [Term::from(quad.subject), quad.object] {
                if let Term::NamedNode(other) = end
                    && other.as_str() != iri
                    && met.len() < COPIES
                    && met.insert(other.as_str().to_owned())
                {
                    waiting.push_back(other.into_string());
                }
            }
        }
    }
    Ok(met)
}

/// Who holds an item: whom its record names, or the dataset that it stands in.
fn keeper(generation: &Generation, item: &str, words: &mut Words<'_>) -> Result<Option<String>, Problem> {
    let quads = generation.snapshot.entity(item).map_err(|error| Problem::internal(&error))?.quads;
    let named = quads.into_iter().find(|quad| quad.predicate == edm::DATA_PROVIDER).map(|quad| quad.object);
    if let Some(Term::NamedNode(keeper)) = &named {
        words.learn(&generation.snapshot, [keeper.as_str()])?;
    }
    if let Some(keeper) = named {
        return Ok(Some(words.term(keeper.as_ref()).text));
    }
    let Some(dataset) = words.place.rest(item).and_then(|rest| rest.split('/').next()) else {
        return Ok(None);
    };
    let dataset = words.place.iri(&format!("dataset/{dataset}"));
    words.learn(&generation.snapshot, [dataset.as_str()])?;
    Ok(Some(words.name(&dataset).text))
}
