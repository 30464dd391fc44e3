//! The order of terms, and ranges of values, against the evaluator's.

use super::terms::{numbers, terms, times};
use super::{Built, build};
use crate::{Kind, TermId, Terms};
use oxrdf::vocab::xsd;
use oxrdf::{Dataset, GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term, Variable};
use proptest::prelude::*;
use spareval::{QueryEvaluator, QueryResults};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern, OrderExpression};
use spargebra::term::GroundTerm;
use std::cmp::Ordering;

fn all(terms: &[Term]) -> Built {
    let node = NamedNode::new_unchecked("http://example.org/id/0");
    let quads: Vec<Quad> = terms
        .iter()
        .map(|term| Quad::new(node.clone(), node.clone(), term.clone(), GraphName::DefaultGraph))
        .collect();
    build(&quads, 1 << 20)
}

fn ground(term: &Term) -> Option<GroundTerm> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::Literal(literal) => Some(literal.clone().into()),
        _ => None,
    }
}

fn solutions(pattern: GraphPattern) -> Vec<Vec<Option<Term>>> {
    let query = Query::Select { dataset: None, pattern, base_iri: None };
    let (evaluator, nothing) = (QueryEvaluator::new(), Dataset::new());
    let results = evaluator.prepare(&query).execute(&nothing).unwrap();
    let QueryResults::Solutions(solutions) = results else { panic!("solutions") };
    solutions.map(|solution| solution.unwrap().values().to_vec()).collect()
}

/// How the evaluator orders two terms, as `ORDER BY` of both in both sequences shows; `None` when it keeps either sequence.
fn ordered(a: &GroundTerm, b: &GroundTerm) -> Option<Ordering> {
    let v = Variable::new_unchecked("v");
    let first = |one: &GroundTerm, other: &GroundTerm| {
        let values = GraphPattern::Values {
            variables: vec![v.clone()],
            bindings: vec![vec![Some(one.clone())], vec![Some(other.clone())]],
        };
        let by = OrderExpression::Asc(Expression::Variable(v.clone()));
        let sorted = GraphPattern::OrderBy { inner: Box::new(values), expression: vec![by] };
        solutions(sorted).swap_remove(0).swap_remove(0)
    };
    let (forth, back) = (first(a, b), first(b, a));
    if forth != back {
        None
    } else if forth == Some(Term::from(a.clone())) {
        Some(Ordering::Less)
    } else {
        Some(Ordering::Greater)
    }
}

/// What `<`, `=`, `>` say of two literals: the evaluator's own word.
fn compared(a: &Literal, b: &Literal) -> [Option<bool>; 3] {
    let pair = || (Box::new(a.clone().into()), Box::new(b.clone().into()));
    let less = pair();
    let equal = pair();
    let greater = pair();
    [
        Expression::Less(less.0, less.1),
        Expression::Equal(equal.0, equal.1),
        Expression::Greater(greater.0, greater.1),
    ]
    .map(|expression| {
        let one = GraphPattern::Values { variables: vec![], bindings: vec![vec![]] };
        let variable = Variable::new_unchecked("r");
        let extended = GraphPattern::Extend { inner: Box::new(one), variable, expression };
        match solutions(extended).swap_remove(0).pop().flatten() {
            Some(Term::Literal(literal)) => Some(literal.value() == "true"),
            _ => None,
        }
    })
}

/// Whether SPARQL, or XSD behind it, says which of two terms is first.
fn defined(a: (Kind, &Term), b: (Kind, &Term)) -> bool {
    use Kind as K;
    match (a.0, b.0) {
        (K::BlankNode | K::NamedNode | K::Triple, _) | (_, K::BlankNode | K::NamedNode | K::Triple) => true,
        (K::Numeric, K::Numeric) => !not_a_number(a.1) && !not_a_number(b.1),
        (K::LanguageString | K::DirectionalString | K::OtherTyped, _) => false,
        (one, other) => one == other && one != K::Duration && !one.is_moment(),
    }
}

fn not_a_number(term: &Term) -> bool {
    matches!(term, Term::Literal(literal) if literal.value() == "NaN")
}

fn literals(index: &Terms) -> Vec<(u32, Literal)> {
    (0..index.len())
        .filter_map(|id| match index.term(TermId(id)) {
            Term::Literal(literal) => Some((id, literal)),
            _ => None,
        })
        .collect()
}

/// Ranges say what the operators say of each literal, or nothing.
fn check_around(terms: &[Term]) -> usize {
    let Built { index, folder: _folder } = all(terms);
    let literals = literals(index.terms());
    let mut told = 0;
    for (_, asked) in &literals {
        let around = index.terms().around(asked.as_ref());
        let same = index.terms().same_value(asked.as_ref());
        told += usize::from(around.is_some());
        for (id, met) in &literals {
            let [less, equal, greater] = compared(met, asked);
            if let Some(around) = &around {
                assert_eq!(around.less.contains(id), less == Some(true), "{met} < {asked}");
                assert_eq!(around.equal.contains(id), equal == Some(true), "{met} = {asked}");
                assert_eq!(around.greater.contains(id), greater == Some(true), "{met} > {asked}");
            }
            if let Some(same) = &same {
                assert_eq!(same.contains(id), equal == Some(true), "{met} = {asked}");
            }
        }
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

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
        let mut reader = index.terms().reader();
        for id in 0..index.terms().len() {
            let term = index.terms().term(TermId(id));
            prop_assert_eq!(index.terms().id(term.as_ref()), Some(TermId(id)));
            let text = index.terms().with_text(TermId(id), |text, _, _| text.to_owned());
            prop_assert_eq!(reader.with_text(TermId(id), |text, _, _| text.to_owned()), text);
            for kind in Kind::ALL {
                prop_assert_eq!(index.terms().ids_of(kind).contains(&id), index.terms().kind(TermId(id)) == kind);
            }
        }
        prop_assert!(index.damage().is_none());
    }

    #[test]
    fn beginnings_are_ranges(terms in prop::collection::vec(terms(), 1..40), prefix in "[a\\x00hä]{0,2}") {
        let Built { index, folder: _folder } = all(&terms);
        for kind in [Kind::BlankNode, Kind::NamedNode, Kind::String, Kind::LanguageString, Kind::DirectionalString] {
            let range = index.terms().starting_with(kind, &prefix).unwrap();
            for id in 0..index.terms().len() {
                let begins = index.terms().with_text(TermId(id), |text, met, _| met == kind && text.starts_with(&prefix));
                prop_assert_eq!(range.contains(&id), begins);
            }
        }
        prop_assert!(index.terms().starting_with(Kind::Numeric, &prefix).is_none());
    }

    #[test]
    fn ranks_are_in_the_order_of_the_evaluator(terms in prop::collection::vec(terms(), 1..12)) {
        let Built { index, folder: _folder } = all(&terms);
        let ids = 0..index.terms().len();
        let all: Vec<(Kind, Term)> =
            ids.map(|id| (index.terms().kind(TermId(id)), index.terms().term(TermId(id)))).collect();
        for (at, (kind, lower)) in all.iter().enumerate() {
            for (other, higher) in &all[at + 1..] {
                let (Some(a), Some(b)) = (ground(lower), ground(higher)) else { continue };
                if defined((*kind, lower), (*other, higher)) {
                    prop_assert_ne!(ordered(&a, &b), Some(Ordering::Greater), "{} before {}", lower, higher);
                }
                // Moments and durations: whatever is earlier for sure has the lower rank.
                if let (Term::Literal(a), Term::Literal(b)) = (lower, higher) {
                    prop_assert_ne!(compared(a, b)[2], Some(true).filter(|_| kind == other
                        && !matches!(kind, Kind::LanguageString | Kind::DirectionalString)), "{} before {}", lower, higher);
                }
            }
        }
    }

    #[test]
    fn ranges_of_numbers_are_what_operators_say(terms in prop::collection::vec(numbers(), 1..14)) {
        check_around(&terms);
    }

    #[test]
    fn ranges_of_times_are_what_operators_say(terms in prop::collection::vec(times(), 1..14)) {
        check_around(&terms);
    }

    #[test]
    fn ranges_of_any_terms_are_what_operators_say(terms in prop::collection::vec(terms(), 1..10)) {
        check_around(&terms);
    }
}

#[test]
fn usual_ranges_are_told() {
    let typed =
        |text: &str, datatype: NamedNodeRef<'_>| Term::from(Literal::new_typed_literal(text, datatype));
    let integers: Vec<Term> = (1800..2000).map(|year| typed(&year.to_string(), xsd::INTEGER)).collect();
    assert_eq!(check_around(&integers[..40]), 40);
    let years: Vec<Term> = (1800..1830).map(|year| typed(&year.to_string(), xsd::G_YEAR)).collect();
    assert_eq!(check_around(&years), 30);
    let decimals: Vec<Term> = (0..30).map(|n| typed(&format!("60.{n:02}"), xsd::DECIMAL)).collect();
    assert_eq!(check_around(&decimals), 30);
    // A double between them is compared with each as doubles are.
    let mixed: Vec<Term> =
        decimals.into_iter().chain([typed("60.1", xsd::DOUBLE), typed("60.15", xsd::FLOAT)]).collect();
    assert!(check_around(&mixed) >= 30);
}

#[test]
fn constants_are_found_as_a_store_holds_them() {
    let held = [
        ("1", xsd::INTEGER),
        ("1.5", xsd::DECIMAL),
        ("1.5", xsd::DOUBLE),
        ("true", xsd::BOOLEAN),
        ("2020-01-01T00:00:00Z", xsd::DATE_TIME),
        ("2020-01-01", xsd::DATE),
        ("P1Y", xsd::YEAR_MONTH_DURATION),
        ("abc", xsd::INTEGER),
    ];
    let held = held.map(|(text, datatype)| Term::from(Literal::new_typed_literal(text, datatype)));
    let Built { index, folder: _folder } = all(&held);
    let asked = [
        ("+01", xsd::INT),
        ("01.50", xsd::DECIMAL),
        ("15e-1", xsd::DOUBLE),
        ("1", xsd::BOOLEAN),
        ("2020-01-01T00:00:00.000+00:00", xsd::DATE_TIME_STAMP),
        ("2020-01-01", xsd::DATE),
        ("P12M", xsd::YEAR_MONTH_DURATION),
        ("abc", xsd::INTEGER),
    ];
    for ((text, datatype), held) in asked.into_iter().zip(&held) {
        let asked = Term::from(Literal::new_typed_literal(text, datatype));
        let found = index.terms().id_of_stored(asked.as_ref());
        assert_eq!(found, index.terms().id(held.as_ref()), "{asked} is {held}");
        assert!(found.is_some());
    }
}
