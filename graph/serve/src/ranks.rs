//! Short ways to the index of a generation: what points where, as sorted numbers.
//!
//! A look-up here is some binary searches in mapped columns, so pages can count and join what a famous entity has by the
//! hundred thousand. A generation without an index has no lists; publishing makes one.

use crate::generation::Generation;
use graph_index::{Index, Pairs, TermId};
use graph_store::rdf::NamedNodeRef;

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
