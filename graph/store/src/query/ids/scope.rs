//! Which graphs a pattern reads.
//!
//! A statement stands in the index once, with the number of the set of graphs that make it. So a graph, and a default
//! graph merged of several, are a mark a set: reading a statement looks at one bit, and nothing comes twice.

use crate::query::prepare::Prepared;
use crate::query::standard::Data;
use graph_index::{Graphs, Index, Pairs, TermId};
use oxrdf::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, TermRef, Variable};
use std::sync::Arc;

/// What a pattern reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::query) enum Active {
    /// Every statement of the index.
    All,
    /// The statements whose set of graphs is marked.
    Marked(Arc<[bool]>),
    /// Each graph that makes a statement, by its name in the variable.
    Each(Variable),
}

impl Active {
    /// Whether a statement with this set of graphs is read.
    pub(in crate::query) fn reads(&self, set: u32) -> bool {
        match self {
            Self::All | Self::Each(_) => true,
            Self::Marked(marks) => marks.get(set as usize).copied().unwrap_or(false),
        }
    }
}

/// The dataset of a query.
#[derive(Debug, Clone)]
pub(in crate::query) struct Scope {
    index: Index,
    default: Active,
    /// The graphs that `GRAPH` can reach, sorted; `None` for all that have a name.
    named: Option<Arc<[u32]>>,
    names: Option<Vec<NamedOrBlankNode>>,
}

impl Scope {
    pub(in crate::query) fn of(prepared: &Prepared, index: &Index) -> Self {
        let id = |term: TermRef<'_>| index.terms().id(term).map(|id| id.0);
        let default = prepared.default_graphs.as_ref().map_or(Active::All, |graphs| {
            let ids: Vec<u32> = graphs
                .iter()
                .filter_map(|graph| match graph {
                    GraphName::DefaultGraph => Some(Graphs::DEFAULT),
                    GraphName::NamedNode(node) => id(node.as_ref().into()),
                    GraphName::BlankNode(node) => id(node.as_ref().into()),
                })
                .collect();
            marked(index, &ids)
        });
        let named = prepared.named_graphs.as_ref().map(|graphs| {
            let mut ids: Vec<u32> = graphs
                .iter()
                .filter_map(|graph| match graph {
                    NamedOrBlankNode::NamedNode(node) => id(node.as_ref().into()),
                    NamedOrBlankNode::BlankNode(node) => id(node.as_ref().into()),
                })
                .collect();
            ids.sort_unstable();
            ids.into()
        });
        Self { index: index.clone(), default, named, names: prepared.named_graphs.clone() }
    }

    /// The graphs that `GRAPH` can reach, as the query names them.
    pub(in crate::query) fn names(&self) -> Option<&[NamedOrBlankNode]> {
        self.names.as_deref()
    }

    /// What a pattern outside of `GRAPH` reads.
    pub(in crate::query) fn default(&self) -> Active {
        self.default.clone()
    }

    /// What `GRAPH <name>` reads.
    pub(in crate::query) fn named(&self, name: NamedNodeRef<'_>) -> Active {
        match self.index.terms().id(name.into()) {
            Some(id) if self.reaches(id.0) => marked(&self.index, &[id.0]),
            _ => Active::Marked(Arc::new([])),
        }
    }

    /// Whether `GRAPH` can reach a graph.
    pub(in crate::query) fn reaches(&self, graph: u32) -> bool {
        graph != Graphs::DEFAULT
            && self.named.as_ref().is_none_or(|named| named.binary_search(&graph).is_ok())
    }

    /// The graphs of a set that `GRAPH` can reach.
    pub(in crate::query) fn reached(&self, set: u32) -> impl Iterator<Item = u32> {
        self.index.graphs().set(set).iter().copied().filter(|&graph| self.reaches(graph))
    }

    /// Whether a set has the graph.
    pub(in crate::query) fn has(&self, set: u32, graph: u32) -> bool {
        self.index.graphs().set(set).binary_search(&graph).is_ok()
    }
}

impl Data for Scope {
    fn named_graphs(&self, most: usize) -> Vec<NamedNode> {
        if let Some(names) = &self.names {
            let named = names.iter().filter_map(|graph| match graph {
                NamedOrBlankNode::NamedNode(graph) => Some(graph.clone()),
                NamedOrBlankNode::BlankNode(_) => None,
            });
            return named.take(most).collect();
        }
        let ids = self.index.graphs().names().iter().filter(|&&graph| graph != Graphs::DEFAULT);
        let named = ids.filter_map(|&graph| match self.index.terms().term(TermId(graph)) {
            Term::NamedNode(graph) => Some(graph),
            _ => None,
        });
        named.take(most).collect()
    }

    fn has_graph(&self, graph: &NamedNode) -> bool {
        let id = self.index.terms().id(graph.as_ref().into());
        id.is_some_and(|id| self.reaches(id.0) && self.index.graphs().names().binary_search(&id.0).is_ok())
    }

    fn is_node(&self, term: &Term, graph: Option<&NamedNode>) -> bool {
        let Some(id) = self.index.terms().id(term.as_ref()) else { return false };
        let active = graph.map_or_else(|| self.default(), |graph| self.named(graph.as_ref()));
        let statements = self.index.statements();
        let reads = |pairs: Pairs<'_>| pairs.graphs.iter().any(|&set| active.reads(set));
        let out = statements.predicates_of_subject(id).iter();
        let into = statements.predicates_of_object(id).iter();
        out.map(|&predicate| statements.by_subject(TermId(predicate)).of(id.0)).any(reads)
            || into.map(|&predicate| statements.by_object(TermId(predicate)).of(id.0)).any(reads)
    }
}

/// The sets that have one of the graphs.
fn marked(index: &Index, graphs: &[u32]) -> Active {
    let all = index.graphs();
    Active::Marked(
        (0..all.sets()).map(|set| all.set(set).iter().any(|graph| graphs.contains(graph))).collect(),
    )
}
