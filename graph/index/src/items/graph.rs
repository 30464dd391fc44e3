//! How statements are followed from an item.

use super::facets::Step;
use crate::{Index, TermId};
use oxrdf::NamedNodeRef;
use std::collections::HashMap;
use vocabularies::dcterms;

/// The statements of an index, with the properties that were looked up.
pub(super) struct Walk<'i> {
    pub(super) index: &'i Index,
    properties: HashMap<NamedNodeRef<'static>, Option<TermId>>,
    /// The entities that were merged into others, and into which.
    merged: HashMap<u32, u32>,
}

impl<'i> Walk<'i> {
    pub(super) fn new(index: &'i Index) -> Self {
        let mut walk = Self { index, properties: HashMap::new(), merged: HashMap::new() };
        if let Some(replaced) = walk.property(dcterms::IS_REPLACED_BY) {
            let pairs = index.statements().by_subject(replaced);
            walk.merged = pairs.keys.iter().copied().zip(pairs.values.iter().copied()).collect();
        }
        walk
    }

    /// The id of a property, if anything has it.
    pub(super) fn property(&mut self, node: NamedNodeRef<'static>) -> Option<TermId> {
        let terms = self.index.terms();
        *self.properties.entry(node).or_insert_with(|| terms.id(node.into()))
    }

    /// The entity that stays where one was merged into another.
    pub(super) fn surviving(&self, entity: u32) -> u32 {
        self.merged.get(&entity).copied().unwrap_or(entity)
    }

    /// Calls `take` for the objects of a property.
    pub(super) fn objects(
        &mut self,
        subject: u32,
        property: NamedNodeRef<'static>,
        mut take: impl FnMut(u32),
    ) {
        if let Some(property) = self.property(property) {
            self.index
                .statements()
                .by_subject(property)
                .of(subject)
                .values
                .iter()
                .for_each(|value| take(*value));
        }
    }

    /// Adds what stands at the end of a path to `out`.
    pub(super) fn follow(&mut self, from: u32, path: &[Step], out: &mut Vec<u32>) {
        let Some((step, rest)) = path.split_first() else {
            out.push(from);
            return;
        };
        let statements = self.index.statements();
        let next: &'i [u32] = match step {
            Step::Along(property) => match self.property(*property) {
                Some(property) => statements.by_subject(property).of(from).values,
                None => &[],
            },
            Step::Back(property) => match self.property(*property) {
                Some(property) => statements.by_object(property).of(from).values,
                None => &[],
            },
        };
        for next in next {
            self.follow(*next, rest, out);
        }
    }
}
