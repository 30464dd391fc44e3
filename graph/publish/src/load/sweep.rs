//! Taking away what nobody says any more.

use super::provenance::Names;
use super::statement::{self, Pen, Prehashed};
use super::{Coverage, LoadError, Loader, stage};
use graph_store::rdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use graph_store::{Change, Snapshot, StoreError, WorkingStore};
use std::collections::HashSet;

/// How many quads one step removes, about.
const STEP: usize = 20_000;

pub(super) struct Sweep<'l> {
    store: &'l WorkingStore,
    view: Snapshot,
    names: &'l Names,
    pen: &'l Pen,
    elsewhere: &'l HashSet<u128, Prehashed>,
    own: &'l [u64],
    coverage: Coverage,
    /// Entities that were looked at, by hash: each is swept once, whoever spoke of it.
    visited: HashSet<u128, Prehashed>,
    /// What was met and stays, by hash: it need not be written again.
    staying: HashSet<u128, Prehashed>,
    step: usize,
    /// How many quads went.
    pub(super) removed: u64,
    /// How many quads that were to come are there already.
    pub(super) spared: u64,
}

impl<'l> Sweep<'l> {
    pub(super) fn new(loader: &'l Loader<'_>, coverage: Coverage) -> Self {
        Self {
            store: loader.store,
            view: loader.store.view(),
            names: &loader.names,
            pen: &loader.pen,
            elsewhere: &loader.elsewhere,
            own: &loader.own,
            coverage,
            visited: HashSet::default(),
            staying: HashSet::default(),
            step: STEP.min(loader.small),
            removed: 0,
            spared: 0,
        }
    }

    /// The change of a load that is one transaction.
    pub(super) fn whole(
        &mut self,
        mut insert: Vec<Quad>,
        changed: &[NamedNode],
        deleted: &[NamedNode],
    ) -> Result<Change, LoadError> {
        let mut change = Change::default();
        for item in changed.iter().chain(deleted) {
            self.collect(item, &mut change)?;
        }
        self.noted(&mut change)?;
        let before = insert.len();
        insert.retain(|quad| !self.staying.contains(&self.pen.hash_quad(quad.as_ref())));
        self.spared += (before - insert.len()) as u64;
        change.insert.append(&mut insert);
        change.insert.extend(deleted.iter().flat_map(|item| self.names.tombstone(item)));
        self.removed += change.remove.len() as u64;
        Ok(change)
    }

    /// Several transactions, each of whole documents; the new is there already.
    pub(super) fn in_steps(&mut self, changed: &[NamedNode], deleted: &[NamedNode]) -> Result<(), LoadError> {
        let mut change = Change::default();
        self.noted(&mut change)?;
        let gone = deleted.iter().map(|item| (item, true));
        for (item, gone) in changed.iter().map(|item| (item, false)).chain(gone) {
            self.collect(item, &mut change)?;
            if gone {
                change.insert.extend(self.names.tombstone(item));
            }
            if change.len() >= self.step {
                self.removed += change.remove.len() as u64;
                self.store.apply(std::mem::take(&mut change))?;
                stage();
            }
            self.staying.clear();
        }
        self.removed += change.remove.len() as u64;
        self.store.apply(change)?;
        Ok(())
    }

    /// Looks at the entities that loads of a part left undecided.
    fn noted(&mut self, change: &mut Change) -> Result<(), StoreError> {
        if self.coverage == Coverage::Part {
            return Ok(());
        }
        for note in self.names.noted(&self.view) {
            let note = note?;
            if let Term::NamedNode(entity) = &note.object
                && self.visited.insert(statement::iri(entity.as_str()))
            {
                self.entities(None, vec![entity.clone()], change)?;
            }
            change.remove.push(note);
        }
        Ok(())
    }

    /// What the older version of an item said and nobody says any more, in the dataset's graph and in the provenance.
    fn collect(&mut self, item: &NamedNode, change: &mut Change) -> Result<(), StoreError> {
        let mut waiting = vec![item.clone()];
        let provenance = self.names.provenance.as_ref();
        for quad in self.view.matching(Some(item.as_ref()), None, None, Some(provenance)) {
            let quad = quad?;
            // A subject that nothing leads to is noted here, be it an entity or a fragment.
            self.follow(item.as_str(), &quad, &mut HashSet::new(), &mut waiting);
            self.judge(quad, true, change);
        }
        self.entities(Some(item), waiting, change)
    }

    /// Judges all that is said in the dataset's graph of the subjects that wait, and of what they lead to.
    fn entities(
        &mut self,
        item: Option<&NamedNode>,
        mut waiting: Vec<NamedNode>,
        change: &mut Change,
    ) -> Result<(), StoreError> {
        let item = item.map_or("", |item| item.as_str());
        let mut parts: HashSet<String> = waiting.iter().map(|node| node.as_str().to_owned()).collect();
        while let Some(subject) = waiting.pop() {
            let own = is_part(subject.as_str(), item);
            let graph = self.names.graph.as_ref();
            for quad in self.view.matching(Some(subject.as_ref()), None, None, Some(graph)) {
                let quad = quad?;
                self.follow(item, &quad, &mut parts, &mut waiting);
                self.judge(quad, own, change);
            }
        }
        Ok(())
    }

    fn judge(&mut self, quad: Quad, own: bool, change: &mut Change) {
        let hash = self.pen.hash_quad(quad.as_ref());
        let said = if own {
            self.own.binary_search(&statement::short(hash)).is_ok()
        } else {
            self.elsewhere.contains(&hash)
        };
        if said {
            self.staying.insert(hash);
        } else if own || self.coverage == Coverage::Whole {
            change.remove.push(quad);
        } else if let NamedOrBlankNode::NamedNode(entity) = quad.subject {
            // Records that were not seen may say it too.
            change.insert.push(self.names.note(&entity));
        }
    }

    fn follow(&mut self, item: &str, quad: &Quad, parts: &mut HashSet<String>, waiting: &mut Vec<NamedNode>) {
        let Term::NamedNode(object) = &quad.object else { return };
        let new = if is_part(object.as_str(), item) {
            parts.insert(object.as_str().to_owned())
        } else {
            !self.names.is_item(object.as_str())
                && !is_vocabulary(quad.predicate.as_ref())
                && self.visited.insert(statement::iri(object.as_str()))
        };
        if new {
            waiting.push(object.clone());
        }
    }
}

fn is_part(iri: &str, item: &str) -> bool {
    !item.is_empty() && iri.strip_prefix(item).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
}

/// A class is described by nobody's record.
fn is_vocabulary(predicate: NamedNodeRef<'_>) -> bool {
    predicate == vocabularies::rdf::TYPE
}
