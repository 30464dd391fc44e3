//! A digest of what a query can touch.
//!
//! A cached answer is good as long as the statements that its query can touch are the same, whatever else changed
//! between two generations. For each property and graph the index holds the sum of its statements' digests, modulo
//! 2¹²⁸. A digest is made of the texts of the terms and not of their ids, which shift whenever a term comes or goes; a
//! sum does not depend on the order. The digests are quick ones and no proof against someone who looks for two data
//! sets with one sum.

use crate::error::IndexError;
use crate::graphs::Graphs;
use crate::map::Folder;
use crate::terms::{TermId, Terms, write_key};
use crate::touch::Touch;
use oxrdf::{BlankNodeRef, NamedNodeRef, TermRef};
use std::collections::{BTreeMap, HashSet};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// For each property and graph: their ids, the number of statements, the sum's lower and upper half: u64.
pub(crate) const FINGERPRINTS: &str = "fingerprints";

/// The sums of an index.
#[derive(Debug, Clone)]
pub(crate) struct Fingerprints {
    sums: BTreeMap<(u32, u32), Sum>,
}

/// The statements of one property in one graph.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sum {
    pub(crate) statements: u64,
    pub(crate) sum: u128,
}

impl Fingerprints {
    pub(crate) fn open(folder: &Folder) -> Result<Self, IndexError> {
        let column = folder.column::<u64>(FINGERPRINTS)?;
        let (rows, rest) = column.as_chunks::<5>();
        let sums = rows.iter().map(|&[property, graph, statements, low, high]| {
            let key = (u32::try_from(property).ok()?, u32::try_from(graph).ok()?);
            Some((key, Sum { statements, sum: u128::from(high) << 64 | u128::from(low) }))
        });
        let sums: Option<BTreeMap<_, _>> = sums.collect();
        match sums.filter(|sums| rest.is_empty() && sums.len() == rows.len()) {
            Some(sums) => Ok(Self { sums }),
            None => Err(IndexError::damaged(&folder.path(FINGERPRINTS), "its rows are no sums")),
        }
    }

    /// How many statements a property has in a graph.
    pub(crate) fn count(&self, property: TermId, graph: u32) -> u64 {
        self.sums.get(&(property.0, graph)).map_or(0, |sum| sum.statements)
    }

    pub(crate) fn of(&self, touch: &Touch, terms: &Terms, graphs: &Graphs) -> u128 {
        let touched = touch
            .graphs
            .as_ref()
            .map(|names| names.iter().filter_map(|name| graph_id(name, terms)).collect::<HashSet<u32>>());
        let in_graph = |graph: u32| touched.as_ref().is_none_or(|touched| touched.contains(&graph));
        let mut total = 0_u128;
        let mut add = |graph: u32, sum: Sum| {
            if sum.statements > 0 && in_graph(graph) {
                let mut text = [0; 24];
                text[..8].copy_from_slice(&graph_digest(graph, terms).to_le_bytes());
                text[8..].copy_from_slice(&sum.sum.to_le_bytes());
                total = total.wrapping_add(xxh3_128(&text));
            }
        };
        match &touch.predicates {
            None => self.sums.iter().for_each(|((_, graph), sum)| add(*graph, *sum)),
            Some(predicates) => {
                for predicate in predicates {
                    let Some(TermId(id)) = terms.id(predicate.as_ref().into()) else { continue };
                    let rows = self.sums.range((id, 0)..=(id, u32::MAX));
                    rows.for_each(|((_, graph), sum)| add(*graph, *sum));
                }
            }
        }
        // Who reads any property may ask which graphs there are, also those without a statement.
        if touch.predicates.is_none() {
            for &graph in graphs.names().iter().filter(|graph| in_graph(**graph)) {
                total = total.wrapping_add(xxh3_128(&graph_digest(graph, terms).to_le_bytes()));
            }
        }
        total
    }
}

fn graph_id(name: &str, terms: &Terms) -> Option<u32> {
    let term = match name.strip_prefix("_:") {
        _ if name.is_empty() => return Some(Graphs::DEFAULT),
        Some(label) => TermRef::from(BlankNodeRef::new_unchecked(label)),
        None => NamedNodeRef::new_unchecked(name).into(),
    };
    terms.id(term).map(|id| id.0)
}

fn graph_digest(graph: u32, terms: &Terms) -> u64 {
    if graph == Graphs::DEFAULT {
        return 0;
    }
    let mut key = Vec::new();
    write_key(terms.term(TermId(graph)).as_ref(), &mut key);
    xxh3_64(&key)
}

/// The digest of a statement from those of its terms' keys.
#[inline]
pub(crate) fn statement(subject: u64, predicate: u64, object: u64) -> u128 {
    let mut text = [0; 24];
    text[..8].copy_from_slice(&subject.to_le_bytes());
    text[8..16].copy_from_slice(&predicate.to_le_bytes());
    text[16..].copy_from_slice(&object.to_le_bytes());
    xxh3_128(&text)
}
