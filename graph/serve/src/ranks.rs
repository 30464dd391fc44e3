//! Short ways to the index of a generation: what points where, as sorted numbers.
//!
//! A look-up here is some binary searches in mapped columns, so pages can count and join what a famous entity has by the
//! hundred thousand. A generation without an index has no lists; publishing makes one.

use crate::generation::Generation;
use graph_index::{Graphs, Index, Kind, Pairs, TermId};
use graph_store::rdf::NamedNodeRef;
use std::ops::Range;
use vocabularies::aarre;

/// The index of one generation.
#[derive(Clone, Copy)]
pub(crate) struct Ranks<'g> {
    pub(crate) index: &'g Index,
}

impl<'g> Ranks<'g> {
    /// The index, if the generation has one.
    pub(crate) fn of(generation: &'g Generation) -> Option<Self> {
        generation.engine.index().map(|index| Self { index })
    }

    /// The number of an IRI that some statement has.
    pub(crate) fn id(self, iri: &str) -> Option<TermId> {
        self.index.terms().id(NamedNodeRef::new(iri).ok()?.into())
    }

    /// The statements of a property about a subject: the values are the objects, sorted.
    pub(crate) fn objects(self, subject: TermId, property: NamedNodeRef<'_>) -> Pairs<'g> {
        self.all(property).of(subject.0)
    }

    /// The statements of a property that point at an object: the values are the subjects, sorted.
    pub(crate) fn subjects(self, property: NamedNodeRef<'_>, object: TermId) -> Pairs<'g> {
        match self.index.terms().id(property.into()) {
            Some(property) => self.index.statements().by_object(property).of(object.0),
            None => Pairs::default(),
        }
    }

    /// All statements of a property, by subject.
    pub(crate) fn all(self, property: NamedNodeRef<'_>) -> Pairs<'g> {
        match self.index.terms().id(property.into()) {
            Some(property) => self.index.statements().by_subject(property),
            None => Pairs::default(),
        }
    }

    /// Walks the objects that sorted subjects have by a property, as (place among the subjects, object).
    pub(crate) fn join(self, subjects: &[u32], property: NamedNodeRef<'_>, mut met: impl FnMut(usize, u32)) {
        let column = self.all(property);
        let mut at = 0;
        for (place, subject) in subjects.iter().enumerate() {
            at = column.seek(at, *subject);
            while column.keys.get(at) == Some(subject) {
                met(place, column.values[at]);
                at += 1;
            }
            if at == column.len() {
                break;
            }
        }
    }

    /// The IRI or the text of a number.
    pub(crate) fn text(self, id: u32) -> String {
        self.index.terms().with_text(TermId(id), |text, _, _| text.to_owned())
    }
}

/// What an entity of the graph is, by the range that its number is in: IRIs that begin alike stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Realm {
    /// An item of a dataset; the place of its sector in [`Realms::sectors`].
    Item(usize),
    Work,
    /// Another entity of this graph, or of elsewhere.
    Other,
    /// Graphs and what is in them, runs, datasets: of the records, not of the world.
    Inner,
}

/// The ranges of the kinds of entities.
#[derive(Debug)]
pub(crate) struct Realms {
    ranges: Vec<(Range<u32>, Realm)>,
    /// The IRIs of the sectors that the datasets belong to; empty for a dataset that belongs to none.
    pub(crate) sectors: Vec<String>,
}

impl Realms {
    pub(crate) fn new(ranks: Ranks<'_>, base: &str) -> Self {
        const SHARED: [&str; 7] = ["agent", "place", "concept", "time", "organization", "work", "dataset"];
        let terms = ranks.index.terms();
        let below = |prefix: &str| terms.starting_with(Kind::NamedNode, prefix).unwrap_or_default();
        let mut ranges = vec![
            (below(&format!("{base}/id/work/")), Realm::Work),
            (below(&format!("{base}/id/run/")), Realm::Inner),
            (below(&format!("{base}/id/dataset/")), Realm::Inner),
            (below(&format!("{base}/graph/")), Realm::Inner),
        ];
        let sector = ranks.all(aarre::SECTOR);
        let mut sectors: Vec<String> = Vec::new();
        for graph in ranks.index.graphs().names().iter().filter(|graph| **graph != Graphs::DEFAULT) {
            let name = ranks.text(*graph);
            let Some(id) = name.strip_prefix(base).and_then(|rest| rest.strip_prefix("/graph/")) else {
                continue;
            };
            if SHARED.contains(&id) || id.contains('/') {
                continue;
            }
            let items = below(&format!("{base}/id/{id}/"));
            let known = sector.range(items.clone()).values.first();
            let iri = known.map(|sector| ranks.text(*sector)).unwrap_or_default();
            let place = sectors.iter().position(|other| *other == iri).unwrap_or_else(|| {
                sectors.push(iri);
                sectors.len() - 1
            });
            ranges.push((items, Realm::Item(place)));
        }
        ranges.retain(|(range, _)| !range.is_empty());
        ranges.sort_unstable_by_key(|(range, _)| range.start);
        Self { ranges, sectors }
    }

    pub(crate) fn of(&self, id: u32) -> Realm {
        let at = self.ranges.partition_point(|(range, _)| range.start <= id);
        match at.checked_sub(1).and_then(|at| self.ranges.get(at)) {
            Some((range, realm)) if range.contains(&id) => *realm,
            _ => Realm::Other,
        }
    }
}
