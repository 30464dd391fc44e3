//! Statements: every pattern, graphs, sets, sums, bytes.

use super::terms::{nodes, properties, terms};
use super::{Built, build, files};
use crate::{Builder, Graphs, Index, Pairs, TermId, Touch};
use oxrdf::{BlankNode, GraphName, NamedNode, Quad, Term};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn graphs() -> impl Strategy<Value = GraphName> {
    prop_oneof![
        Just(GraphName::DefaultGraph),
        (0..3_u8).prop_map(|n| NamedNode::new_unchecked(format!("http://example.org/graph/{n}")).into()),
        Just(BlankNode::new_unchecked("graph").into()),
    ]
}

fn quads() -> impl Strategy<Value = Vec<Quad>> {
    let quad = (nodes(), properties(), terms(), graphs()).prop_map(|(s, p, o, g)| Quad::new(s, p, o, g));
    prop::collection::vec(quad, 0..60)
}

/// The statements of a list with the graphs that make each.
fn stated(
    index: &Index,
    predicate: u32,
    pairs: Pairs<'_>,
    by_subject: bool,
) -> Vec<(String, String, String, Vec<String>)> {
    let text = |id: u32| index.terms().term(TermId(id)).to_string();
    (0..pairs.len())
        .map(|at| {
            let (key, value) = (text(pairs.keys[at]), text(pairs.values[at]));
            let (subject, object) = if by_subject { (key, value) } else { (value, key) };
            let names = index.graphs().set(pairs.graphs[at]).iter();
            let names =
                names.map(|name| if *name == Graphs::DEFAULT { "DEFAULT".to_owned() } else { text(*name) });
            (subject, text(predicate), object, names.collect())
        })
        .collect()
}

/// Every statement with its graphs, in the order of texts.
fn expected(quads: &[Quad]) -> BTreeMap<(String, String, String), BTreeSet<String>> {
    let mut statements: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for quad in quads {
        let key = (quad.subject.to_string(), quad.predicate.to_string(), quad.object.to_string());
        statements.entry(key).or_default().insert(quad.graph_name.to_string());
    }
    statements
}

/// Everything that matches the pattern, as an evaluator would find it.
fn matches(
    index: &Index,
    pattern: [Option<TermId>; 3],
) -> BTreeMap<(String, String, String), BTreeSet<String>> {
    let [subject, predicate, object] = pattern;
    let statements = index.statements();
    let predicates: Vec<u32> = match (predicate, subject, object) {
        (Some(predicate), ..) => vec![predicate.0],
        (None, Some(subject), _) => statements.predicates_of_subject(subject).to_vec(),
        (None, None, Some(object)) => statements.predicates_of_object(object).to_vec(),
        (None, None, None) => statements.predicates().to_vec(),
    };
    let mut found = BTreeMap::new();
    for predicate in predicates {
        let rows = match (subject, object) {
            (Some(subject), Some(object)) => {
                let pairs = statements.by_subject(TermId(predicate));
                let place = pairs.place(subject.0, object.0);
                let other = statements.by_object(TermId(predicate)).place(object.0, subject.0);
                assert_eq!(place.is_some(), other.is_some());
                place.map_or(vec![], |at| stated(index, predicate, pairs.slice(at..at + 1), true))
            }
            (Some(subject), None) => {
                stated(index, predicate, statements.by_subject(TermId(predicate)).of(subject.0), true)
            }
            (None, Some(object)) => {
                stated(index, predicate, statements.by_object(TermId(predicate)).of(object.0), false)
            }
            (None, None) => {
                let by_object = statements.by_object(TermId(predicate));
                assert_eq!(by_object.len() as u64, statements.count(TermId(predicate)));
                assert!(by_object.keys.is_sorted());
                stated(index, predicate, by_object, false)
            }
        };
        for (subject, predicate, object, graphs) in rows {
            let graphs: BTreeSet<String> = graphs.into_iter().collect();
            assert!(found.insert((subject, predicate, object), graphs).is_none(), "a statement stands once");
        }
    }
    found
}

fn ids(index: &Index, quad: &Quad) -> [TermId; 3] {
    [quad.subject.clone().into(), quad.predicate.clone().into(), quad.object.clone()]
        .map(|term: Term| index.terms().id(term.as_ref()).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_pattern_finds_what_a_walk_finds(quads in quads()) {
        let Built { index, folder: _folder } = build(&quads, 1 << 20);
        let all = expected(&quads);
        prop_assert_eq!(index.statements().len(), all.len() as u64);
        prop_assert_eq!(&matches(&index, [None; 3]), &all);
        for quad in quads.iter().take(12) {
            let ids = ids(&index, quad);
            let texts = [quad.subject.to_string(), quad.predicate.to_string(), quad.object.to_string()];
            for mask in 1..8_u8 {
                let bound = |place: usize| mask >> place & 1 == 1;
                let pattern = [0, 1, 2].map(|place| bound(place).then_some(ids[place]));
                let expected: BTreeMap<_, _> = all
                    .iter()
                    .filter(|((s, p, o), _)| {
                        [s, p, o].iter().zip(&texts).enumerate().all(|(at, (met, text))| !bound(at) || *met == text)
                    })
                    .map(|(key, graphs)| (key.clone(), graphs.clone()))
                    .collect();
                prop_assert_eq!(matches(&index, pattern), expected);
            }
        }
        prop_assert!(index.damage().is_none());
        index.verify().unwrap();
    }

    #[test]
    fn counts_are_those_of_a_walk(quads in quads()) {
        let Built { index, folder: _folder } = build(&quads, 1 << 20);
        let statements = index.statements();
        let mut sets: BTreeMap<String, BTreeSet<TermId>> = BTreeMap::new();
        for quad in &quads {
            let [subject, predicate, _] = ids(&index, quad);
            sets.entry(quad.subject.to_string()).or_default().insert(predicate);
            let of = |quad: &&Quad| index.terms().id(quad.predicate.as_ref().into()) == Some(predicate);
            let subjects: BTreeSet<_> = quads.iter().filter(of).map(|quad| quad.subject.to_string()).collect();
            let objects: BTreeSet<_> = quads.iter().filter(of).map(|quad| quad.object.to_string()).collect();
            prop_assert_eq!(statements.distinct_subjects(predicate) as usize, subjects.len());
            prop_assert_eq!(statements.distinct_objects(predicate) as usize, objects.len());
            prop_assert!(statements.predicates_of_subject(subject).contains(&predicate.0));
        }
        let mut counted: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        for set in sets.values() {
            *counted.entry(set.iter().map(|id| id.0).collect()).or_default() += 1;
        }
        let met: BTreeMap<Vec<u32>, u64> =
            statements.characteristic_sets().map(|(set, count)| (set.to_vec(), count)).collect();
        prop_assert_eq!(met, counted);
        let distinct: BTreeSet<String> = quads.iter().map(Quad::to_string).collect();
        prop_assert_eq!(index.graphs().quads(), distinct.len() as u64);
        for &name in index.graphs().names() {
            let text = if name == Graphs::DEFAULT { "DEFAULT".to_owned() } else { index.terms().term(TermId(name)).to_string() };
            let expected: BTreeSet<String> = quads.iter().filter(|quad| quad.graph_name.to_string() == text).map(Quad::to_string).collect();
            prop_assert_eq!(index.graphs().count_of(TermId(name)), expected.len() as u64);
        }
    }

    #[test]
    fn order_and_memory_do_not_change_a_byte(quads in quads(), repeated in 0..20_usize) {
        let large = build(&quads, 64 << 20);
        let mut other: Vec<&Quad> = quads.iter().rev().collect();
        other.extend(quads.iter().take(repeated));
        let small = build(other, 600);
        prop_assert_eq!(files(&large.folder.path().join("index")), files(&small.folder.path().join("index")));
    }

    #[test]
    fn a_fingerprint_tells_what_was_touched(quads in quads(), more in (nodes(), properties(), terms(), graphs())) {
        let more = Quad::new(more.0, more.1, more.2, more.3);
        prop_assume!(!quads.contains(&more));
        let before = build(&quads, 1 << 20);
        let after = build(quads.iter().chain([&more]), 1 << 20);
        let name = match &more.graph_name {
            GraphName::NamedNode(node) => node.as_str().to_owned(),
            GraphName::BlankNode(node) => node.to_string(),
            GraphName::DefaultGraph => String::new(),
        };
        let same = |touch: &Touch| before.index.fingerprint(touch) == after.index.fingerprint(touch);
        prop_assert!(!same(&Touch::ANY));
        prop_assert!(same(&Touch::NOTHING));
        for n in 0..4 {
            let predicate = NamedNode::new_unchecked(format!("http://example.org/property/{n}"));
            let of = |graphs: Option<BTreeSet<String>>| Touch {
                predicates: Some([predicate.clone()].into()), graphs
            };
            let touched = predicate == more.predicate;
            prop_assert_eq!(same(&of(None)), !touched);
            prop_assert_eq!(same(&of(Some([name.clone()].into()))), !touched);
            prop_assert!(same(&of(Some(["http://example.org/graph/none".to_owned()].into()))));
        }
    }
}

#[test]
fn graphs_without_quads_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::new(folder.path()).unwrap();
    let name = NamedNode::new_unchecked("http://example.org/graph/empty");
    builder.add_graph(name.as_ref().into());
    builder.finish().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let names: Vec<Term> =
        index.graphs().names().iter().map(|name| index.terms().term(TermId(*name))).collect();
    assert_eq!(names, [name.clone().into()]);
    assert!(index.statements().is_empty());
    let empty = build([], 1 << 20);
    assert!(empty.index.terms().is_empty() && empty.index.graphs().names().is_empty());
    assert_ne!(index.fingerprint(&Touch::ANY), empty.index.fingerprint(&Touch::ANY));
}
