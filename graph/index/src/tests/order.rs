//! The order of terms, and ranges of values, against the evaluator's.

use super::terms::terms;
use super::{Built, build};
use crate::TermId;
use oxrdf::{GraphName, NamedNode, Quad, Term};
use proptest::prelude::*;

fn all(terms: &[Term]) -> Built {
    let node = NamedNode::new_unchecked("http://example.org/id/0");
    let quads: Vec<Quad> = terms
        .iter()
        .map(|term| Quad::new(node.clone(), node.clone(), term.clone(), GraphName::DefaultGraph))
        .collect();
    build(&quads, 1 << 20)
}

proptest! {
    #[test]
    fn no_term_is_lost_or_changed(terms in prop::collection::vec(terms(), 1..60)) {
        let Built { index, folder: _folder } = all(&terms);
        for term in &terms {
            let id = index.terms().id(term.as_ref()).unwrap();
            prop_assert_eq!(&index.terms().term(id), term);
            let kind = index.terms().kind(id);
            index.terms().with_text(id, |text, met, detail| {
                assert_eq!(met, kind);
                match term {
                    Term::NamedNode(node) => assert_eq!((text, detail), (node.as_str(), "")),
                    Term::BlankNode(node) => assert_eq!((text, detail), (node.as_str(), "")),
                    Term::Literal(literal) => {
                        let expected = literal.language().unwrap_or(literal.datatype().as_str());
                        assert_eq!((text, detail), (literal.value(), expected));
                    }
                    Term::Triple(_) => assert_eq!((text, detail), (&*term.to_string(), "")),
                }
            });
        }
        for id in 0..index.terms().len() {
            let term = index.terms().term(TermId(id));
            prop_assert_eq!(index.terms().id(term.as_ref()), Some(TermId(id)));
        }
        prop_assert!(index.damage().is_none());
    }
}
