//! SPARQL 1.2 (Working Drafts of 2025), as far as the parser and the evaluator have it: what works, in every engine, and
//! what is refused. The README says the same in a sentence.

use super::standard::answers;
use super::{DatasetParameters, prepare};

/// A statement and who said it.
const DATA: &str = "
    PREFIX : <http://x/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
    GRAPH :g {
        :s :p :o .
        :r rdf:reifies <<( :s :p :o )>> ; :said :me .
        :x :title 'a'@ar--rtl , 'b'@fi
    }";

#[test]
fn what_works() {
    for (text, expected) in [
        ("VERSION '1.2' SELECT ?s { ?s :p :o }", "s"),
        // Triple terms, reifiers, annotations.
        ("SELECT ?s ?by { << ?s :p ?o >> :said ?by }", "s me"),
        ("SELECT ?r ?by { << ?s :p ?o ~ ?r >> :said ?by }", "r me"),
        ("SELECT ?s ?r ?by { ?s :p ?o ~ ?r {| :said ?by |} }", "s r me"),
        ("SELECT ?r { ?r rdf:reifies <<( :s :p :o )>> }", "r"),
        ("SELECT ?r ?o { ?r rdf:reifies <<( :s :p ?o )>> }", "r o"),
        ("SELECT ?r { VALUES ?t { <<( :s :p :o )>> } ?r rdf:reifies ?t }", "r"),
        ("SELECT ?r { ?r rdf:reifies <<( :s :p :other )>> }", ""),
        (
            "SELECT ?a ?b ?c ?d { ?r rdf:reifies ?t BIND(SUBJECT(?t) AS ?a) BIND(PREDICATE(?t) AS ?b)
             BIND(OBJECT(?t) AS ?c) BIND(isTRIPLE(?t) AS ?d) }",
            "s p o true",
        ),
        ("SELECT ?r { BIND(TRIPLE(:s, :p, :o) AS ?t) ?r rdf:reifies ?t }", "r"),
        // Texts with a direction.
        ("SELECT (LANGDIR(?t) AS ?d) (LANG(?t) AS ?l) { ?x :title ?t FILTER(hasLANGDIR(?t)) }", "rtl ar"),
        ("SELECT ?t { ?x :title ?t FILTER(hasLANG(?t) && !hasLANGDIR(?t)) }", "b"),
        ("SELECT ?x { ?x :title ?t FILTER(?t = STRLANGDIR('a', 'ar', 'rtl')) }", "x"),
        // Not in a draft, but taken: LATERAL, ADJUST, arithmetic of dates.
        ("SELECT ?by { ?r rdf:reifies ?t LATERAL { SELECT ?by { ?r :said ?by } LIMIT 1 } }", "me"),
        ("SELECT (STR('2020-01-02'^^xsd:date - '2020-01-01'^^xsd:date) AS ?d) {}", "P1D"),
    ] {
        let expected: Vec<&str> = expected.split('|').filter(|row| !row.is_empty()).collect();
        for (answer, by) in answers(DATA, text).into_iter().zip(["ids", "columns", "Oxigraph"]) {
            assert_eq!(answer, expected, "by {by}: {text}");
        }
    }
}

#[test]
fn what_is_refused() {
    // The draft's function for equal values is not there yet.
    let text = "SELECT (sameValue(1, 1.0) AS ?x) {}";
    assert!(prepare(text, &DatasetParameters::default()).is_err(), "{text}");
}
