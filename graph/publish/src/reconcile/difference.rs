//! A graph that is made anew, of which only what differs is written.

use crate::load::{Pen, Prehashed};
use graph_store::rdf::{NamedNode, Quad};
use graph_store::{Bulk, Canonical, Change, Snapshot, StoreError, WorkingStore};
use std::collections::HashMap;

/// Up to so many quads come in one transaction; beyond, a bulk is faster and needs less memory.
const SMALL: usize = 100_000;
/// How many quads go in one transaction.
const STEP: usize = 20_000;

/// A graph on its way from what it holds to what it shall hold. Dropping it before [`Difference::finish`] changes nothing.
pub(super) struct Difference<'s> {
    store: &'s WorkingStore,
    view: Snapshot,
    graph: NamedNode,
    pen: Pen,
    /// The statements of the graph, by hash, and whether each is still made.
    known: HashMap<u128, bool, Prehashed>,
    insert: Vec<Quad>,
    bulk: Option<Bulk>,
    added: u64,
}

impl<'s> Difference<'s> {
    pub(super) fn new(store: &'s WorkingStore, graph: NamedNode) -> Result<Self, StoreError> {
        let (view, pen) = (store.view(), Pen::new(Canonical::new()?));
        let mut known = HashMap::default();
        for quad in view.quads_of_graph(graph.as_ref()) {
            known.insert(pen.hash_quad(quad?.as_ref()), false);
        }
        Ok(Self { store, view, graph, pen, known, insert: Vec::new(), bulk: None, added: 0 })
    }

    pub(super) fn graph(&self) -> &NamedNode {
        &self.graph
    }

    /// Says that the graph shall hold a quad.
    pub(super) fn put(&mut self, quad: Quad) -> Result<(), StoreError> {
        if self.known.insert(self.pen.hash_quad(quad.as_ref()), true).is_some() {
            return Ok(());
        }
        self.added += 1;
        if let Some(bulk) = &mut self.bulk {
            return bulk.push(quad);
        }
        self.insert.push(quad);
        if self.insert.len() > SMALL {
            let mut bulk = self.store.bulk()?;
            for quad in std::mem::take(&mut self.insert) {
                bulk.push(quad)?;
            }
            self.bulk = Some(bulk);
        }
        Ok(())
    }

    /// Writes what differs; gives how many quads came and went.
    pub(super) fn finish(mut self) -> Result<(u64, u64), StoreError> {
        if let Some(bulk) = self.bulk.take() {
            bulk.commit()?;
            self.store.flush()?;
        }
        let mut change = Change { remove: Vec::new(), insert: std::mem::take(&mut self.insert) };
        let mut removed = 0;
        if self.known.values().any(|made| !made) {
            for quad in self.view.quads_of_graph(self.graph.as_ref()) {
                let quad = quad?;
                if self.known.get(&self.pen.hash_quad(quad.as_ref())) == Some(&false) {
                    removed += 1;
                    change.remove.push(quad);
                }
                if change.remove.len() >= STEP {
                    self.store.apply(std::mem::take(&mut change))?;
                }
            }
        }
        self.store.apply(change)?;
        Ok((self.added, removed))
    }
}
