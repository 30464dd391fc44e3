//! What the validator finds is what pySHACL finds on the same graphs. `fixtures/wrong.tsv` was
//! written by it, with `fixtures/judge.py`. (pySHACL passes over years that are none, such as `99`; this validator does
//! not.)

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{Finding, Graph, Shapes};
use oxttl::NTriplesParser;
use std::collections::BTreeSet;

fn graph(text: &str) -> Graph {
    let mut graph = Graph::default();
    for triple in NTriplesParser::new().for_slice(text.as_bytes()) {
        let triple = triple.unwrap();
        let oxrdf::NamedOrBlankNode::NamedNode(subject) = triple.subject else { panic!("no blank nodes") };
        graph.add(subject.as_str(), triple.predicate.as_ref(), triple.object);
    }
    graph
}

fn row(finding: &Finding) -> String {
    let Finding { severity, node, path, component, value } = finding;
    let severity = format!("{severity:?}");
    [&severity, node, path.as_deref().unwrap_or(""), component, value.as_deref().unwrap_or("")].join("\t")
}

#[test]
fn the_findings_are_those_of_the_outside_judge() {
    let shapes = Shapes::shipped().unwrap();
    let met: BTreeSet<String> =
        shapes.validate(&graph(include_str!("fixtures/wrong.nt"))).iter().map(row).collect();
    let expected: BTreeSet<String> = include_str!("fixtures/wrong.tsv").lines().map(str::to_owned).collect();
    assert_eq!(met, expected, "{met:#?}");
    // Every kind of constraint that the shapes use was put to the test.
    let tested: BTreeSet<&str> = expected.iter().filter_map(|row| row.split('\t').nth(3)).collect();
    assert_eq!(tested.len(), 12, "{tested:?}");
    let good: Vec<String> =
        shapes.validate(&graph(include_str!("fixtures/good.nt"))).iter().map(row).collect();
    assert_eq!(good, [""; 0]);
}

#[test]
fn what_is_not_known_is_refused() {
    let error = Shapes::read(
        "x",
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <https://e.org/> . e:s sh:targetClass e:C ; sh:closed true .",
    )
    .unwrap_err();
    assert!(error.to_string().contains("closed"), "{error}");
    let path = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <https://e.org/> .
        e:s sh:targetClass e:C ; sh:property [ sh:path ( e:a e:b ) ; sh:minCount 1 ] .";
    assert!(Shapes::read("x", path).is_err());
}

#[test]
fn the_near_neighbours_are_understood() {
    let shapes = Shapes::read(
        "x",
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <https://e.org/> .
        e:s sh:targetClass e:C ;
            sh:not [ sh:class e:D ] ;
            sh:property [ sh:path e:a ; sh:hasValue e:v ; sh:maxLength 15 ] ,
                [ sh:path [ sh:inversePath e:b ] ; sh:minCount 1 ] ,
                [ sh:path e:l ; sh:languageIn ( \"fi\" ) ; sh:severity sh:Info ] ,
                [ sh:path e:n ; sh:minExclusive 3 ; sh:node [ sh:nodeKind sh:Literal ] ] .",
    )
    .unwrap();
    let type_of = vocabularies::rdf::TYPE.as_str();
    let text = format!(
        "<https://e.org/x> <{type_of}> <https://e.org/C> .
        <https://e.org/x> <{type_of}> <https://e.org/D> .
        <https://e.org/x> <https://e.org/a> <https://e.org/long-name> .
        <https://e.org/x> <https://e.org/l> \"a\"@fi-FI .
        <https://e.org/x> <https://e.org/l> \"b\"@sv .
        <https://e.org/x> <https://e.org/n> \"3\" .
        <https://e.org/x> <https://e.org/n> <https://e.org/4> ."
    );
    let found: Vec<&str> = shapes.validate(&graph(&text)).iter().map(|finding| finding.component).collect();
    assert_eq!(
        found,
        [
            "NotConstraintComponent",
            "HasValueConstraintComponent",
            "MaxLengthConstraintComponent",
            "MinCountConstraintComponent",
            "MinExclusiveConstraintComponent",
            "MinExclusiveConstraintComponent",
            "NodeConstraintComponent",
            "LanguageInConstraintComponent"
        ]
    );
}
