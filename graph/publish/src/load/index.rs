//! What the store knows of a dataset's records: one fingerprint each.

use super::provenance::Names;
use super::statement::{self, Prehashed};
use graph_store::rdf::{NamedNode, NamedOrBlankNode, Term};
use graph_store::{Snapshot, StoreError};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use vocabularies::aarre;

/// How a document relates to what the store knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Its record was seen in this load already.
    Seen,
    /// The store has the same.
    Same,
    /// The store has another version, or the remains of a load that was killed.
    Changed,
    /// The store has a tombstone.
    Revived,
    /// The store has nothing.
    New,
}

#[derive(Debug, Clone, Copy)]
enum Known {
    Seen,
    Whole(u128),
    /// Two fingerprints: a load was killed between adding and sweeping.
    Torn,
    Withdrawn,
}

/// The records of one dataset, by the hash of the item's IRI.
pub(super) struct Index {
    known: HashMap<u128, Known, Prehashed>,
}

impl Index {
    pub(super) fn read(view: &Snapshot, names: &Names) -> Result<Self, StoreError> {
        let mut known: HashMap<u128, Known, Prehashed> = HashMap::default();
        for quad in view.matching(None, Some(aarre::WITHDRAWN_AT), None, Some(names.provenance.as_ref())) {
            if let NamedOrBlankNode::NamedNode(item) = quad?.subject
                && names.is_item(item.as_str())
            {
                known.insert(statement::iri(item.as_str()), Known::Withdrawn);
            }
        }
        for quad in view.matching(None, Some(aarre::CONTENT_HASH), None, Some(names.provenance.as_ref())) {
            let quad = quad?;
            let (NamedOrBlankNode::NamedNode(item), Term::Literal(hash)) = (&quad.subject, &quad.object)
            else {
                continue;
            };
            if !names.is_item(item.as_str()) {
                continue;
            }
            let met = u128::from_str_radix(hash.value(), 16).map_or(Known::Torn, Known::Whole);
            match known.entry(statement::iri(item.as_str())) {
                Entry::Vacant(entry) => {
                    entry.insert(met);
                }
                // A second fingerprint, or one beside a tombstone.
                Entry::Occupied(mut entry) => {
                    entry.insert(Known::Torn);
                }
            }
        }
        Ok(Self { known })
    }

    /// Notes that the record was seen.
    pub(super) fn see(&mut self, item: &str, fingerprint: u128) -> State {
        match self.known.insert(statement::iri(item), Known::Seen) {
            None => State::New,
            Some(Known::Seen) => State::Seen,
            Some(Known::Withdrawn) => State::Revived,
            Some(Known::Whole(known)) if known == fingerprint => State::Same,
            Some(Known::Whole(_) | Known::Torn) => State::Changed,
        }
    }

    /// Notes that the first part of a record was seen, whose fingerprint is known with the last; gives the fingerprint that
    /// the store has of it.
    pub(super) fn see_part(&mut self, item: &str) -> (State, Option<u128>) {
        match self.known.insert(statement::iri(item), Known::Seen) {
            None => (State::New, None),
            Some(Known::Seen) => (State::Seen, None),
            Some(Known::Withdrawn) => (State::Revived, None),
            Some(Known::Whole(known)) => (State::Changed, Some(known)),
            Some(Known::Torn) => (State::Changed, None),
        }
    }

    /// The items that have a fingerprint and were not seen, in the order of the store.
    pub(super) fn missing(&self, view: &Snapshot, names: &Names) -> Result<Vec<NamedNode>, StoreError> {
        let mut missing: Vec<NamedNode> = Vec::new();
        if !self.known.values().any(|known| matches!(known, Known::Whole(_) | Known::Torn)) {
            return Ok(missing);
        }
        for quad in view.matching(None, Some(aarre::CONTENT_HASH), None, Some(names.provenance.as_ref())) {
            let NamedOrBlankNode::NamedNode(item) = quad?.subject else { continue };
            let known = self.known.get(&statement::iri(item.as_str()));
            if names.is_item(item.as_str()) && matches!(known, Some(Known::Whole(_) | Known::Torn)) {
                missing.push(item);
            }
        }
        missing.sort_unstable();
        missing.dedup();
        Ok(missing)
    }
}
