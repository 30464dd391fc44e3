//! Look-ups, which run where nobody can kill them: what is not little must end by itself.

use super::super::{DatasetParameters, Engine, EvaluateError, Limits, ResultFormat, SolutionFormat, prepare};
use graph_index::{Builder, Index};
use oxigraph::model::{GraphName, NamedNode, Quad};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A hub with so many leaves on each of its two properties.
const LEAVES: usize = 3_000;

fn star() -> (Engine, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::new(folder.path()).unwrap();
    let node = |name: String| NamedNode::new(format!("http://x/{name}")).unwrap();
    for leaf in 0..LEAVES {
        for property in ["p", "q"] {
            let quad = Quad::new(
                node("hub".to_owned()),
                node(property.to_owned()),
                node(format!("leaf{leaf}")),
                GraphName::DefaultGraph,
            );
            builder.add(quad.as_ref()).unwrap();
        }
    }
    builder.finish().unwrap();
    (Engine::indexed(Index::open(folder.path()).unwrap()), folder)
}

/// The rows of a look-up; `None` for what is none.
fn look_up(engine: &Engine, text: &str, limits: &Limits) -> Result<Option<u64>, EvaluateError> {
    let text = format!("PREFIX : <http://x/> {text}");
    let prepared = prepare(&text, &DatasetParameters::default()).unwrap();
    let format = ResultFormat::Solutions(SolutionFormat::Csv);
    let done = engine.look_up(&prepared, format, limits, &mut Vec::new())?;
    Ok(done.map(|done| done.rows))
}

#[test]
fn what_is_little_is_answered() {
    let (engine, _folder) = star();
    for (text, rows) in [
        ("SELECT * { :leaf1 ?p ?o }", 0),
        ("SELECT * { ?s ?p :leaf1 }", 2),
        ("SELECT * { ?s :p :leaf3 , ?o FILTER(?o != :leaf1) } LIMIT 5", 5),
        ("SELECT * { :leaf1 ^:p/:q ?o }", LEAVES as u64),
        ("ASK { :hub :p :leaf7 }", 1),
    ] {
        assert_eq!(look_up(&engine, text, &Limits::default()).unwrap(), Some(rows), "{text}");
    }
}

#[test]
fn what_computes_or_is_large_is_no_look_up() {
    let (engine, _folder) = star();
    let long = format!("SELECT * {{ VALUES ?s {{ {} }} ?s :p ?o }}", ":hub ".repeat(1_000));
    let wide = format!("SELECT * {{ {} }}", ":hub :p ?o . ".repeat(40));
    for text in [
        "SELECT * { :hub :p ?o FILTER(REGEX(STR(?o), \"(a+)+b\")) }",
        "SELECT (CONCAT(STR(?o), STR(?o)) AS ?x) { :hub :p ?o }",
        "SELECT (GROUP_CONCAT(?o) AS ?x) { :hub :p ?o }",
        "SELECT * { ?s ?p ?o }",
        "SELECT * { :hub :p ?o }",
        "SELECT * { ?s (:p|:q)* ?o }",
        "SELECT (RAND() AS ?x) { :hub :p :leaf1 }",
        &long,
        &wide,
    ] {
        assert_eq!(look_up(&engine, text, &Limits::default()).unwrap(), None, "{text}");
    }
}

/// Each begins with a few statements and would take hours, or all memory; whoever does not look at the clock never comes back.
#[test]
fn what_only_begins_little_ends_by_itself() {
    let (engine, _folder) = star();
    let mut faults = Vec::new();
    for text in [
        // Nothing is found, the long way: no row is ever made.
        "ASK { :hub (:p/(^:p/(:p/^:nothing)))+ :leaf1 }",
        "ASK { :hub (:p|:p/(^:p/(:p/^:nothing)))+ :nothing }",
        "SELECT * { :leaf1 ^:p ?h . ?h (:p/(^:q/(:q/^:p/:nothing)))+ ?x }",
        // The same few nodes again and again.
        "SELECT (COUNT(*) AS ?n) { :hub (:p/(^:q/(:q/^:p)))+ ?x }",
        // Products.
        "SELECT * { :leaf1 ^:p ?a . ?b ?c ?d . ?e ?f ?g . ?h ?i ?j } ORDER BY ?j ?g ?d",
        "SELECT (COUNT(*) AS ?n) { :leaf1 ^:p ?a . ?b :p ?c . ?d :q ?e . ?f :p ?g FILTER(?c < ?e && ?e < ?g) }",
        "ASK { :leaf1 ^:p ?a . ?b :p ?c . ?d :q ?e . ?f :p ?g FILTER(STR(?c) = LANG(?g) && STR(?e) = LANG(?g)) }",
        "SELECT DISTINCT ?c ?e ?g { :leaf1 ^:p ?a . ?b :p ?c . ?d :q ?e . ?f :p ?g }",
        "SELECT * { :leaf1 ^:p ?a OPTIONAL { ?b :p ?c . ?d :q ?e . ?f :p ?g . ?h :q ?i } }",
        "SELECT * { :leaf1 ^:p ?a FILTER NOT EXISTS { ?b :p ?c . ?d :q ?e . ?f :p ?c . ?d :nothing ?e } ?j :p ?k . ?l :q ?m . ?n :p ?o }",
        "SELECT * { :leaf1 ^:p ?a . ?b :p ?c . ?d :q ?e . ?f :p ?g MINUS { ?h :p ?c . ?i :q ?e . ?j :p ?g } }",
    ] {
        let limits = Limits {
            deadline: Some(Instant::now() + Duration::from_millis(50)),
            max_memory: 256 << 10,
            max_bytes: 64 << 10,
        };
        let ended = look_up(&engine, text, &limits);
        let by_itself = matches!(
            ended,
            Err(EvaluateError::Timeout | EvaluateError::Memory { .. } | EvaluateError::TooLarge { .. })
        );
        if !by_itself {
            faults.push(format!("{text}: {ended:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
