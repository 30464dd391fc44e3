//! Shapes against a graph.

use super::{Bound, Constraint, Finding, Graph, Path, Severity, Shape, Shapes};
use oxrdf::{LiteralRef, NamedNode, NamedNodeRef, Term, TermRef};
use std::collections::BTreeMap;
use vocabularies::{rdf, sh, xsd};

impl Shapes {
    pub(super) fn validate(&self, graph: &Graph) -> Vec<Finding> {
        let mut findings = Vec::new();
        for shape in &self.0 {
            for node in graph.nodes.keys() {
                if shape.targets.iter().any(|class| graph.is_a(node, class.as_ref())) {
                    let node = Term::NamedNode(NamedNode::new_unchecked(node));
                    shape.check(&node, graph, shape.severity.unwrap_or(Severity::Violation), &mut findings);
                }
            }
        }
        findings.sort();
        findings.dedup();
        findings
    }
}

impl Graph {
    fn said(&self, node: &str) -> &[(NamedNode, Term)] {
        self.nodes.get(node).map(Vec::as_slice).unwrap_or_default()
    }

    fn is_a(&self, node: &str, class: NamedNodeRef<'_>) -> bool {
        self.said(node).iter().any(|(predicate, object)| {
            predicate.as_ref() == rdf::TYPE && object.as_ref() == TermRef::NamedNode(class)
        })
    }

    fn values(&self, node: &Term, path: &Path) -> Vec<Term> {
        let mut values = match path {
            Path::Property(property) => self
                .said(&name(node))
                .iter()
                .filter(|(predicate, _)| predicate == property)
                .map(|(_, object)| object.clone())
                .collect::<Vec<_>>(),
            Path::Inverse(property) => self
                .nodes
                .iter()
                .filter(|(_, said)| {
                    said.iter().any(|(predicate, object)| predicate == property && object == node)
                })
                .map(|(subject, _)| NamedNode::new_unchecked(subject).into())
                .collect(),
        };
        let mut at = 0;
        // A graph is a set: what stands twice counts once.
        while at < values.len() {
            if values[..at].contains(&values[at]) {
                values.remove(at);
            } else {
                at += 1;
            }
        }
        values
    }
}

fn name(node: &Term) -> String {
    match node {
        Term::NamedNode(node) => node.as_str().to_owned(),
        other => other.to_string(),
    }
}

impl Shape {
    /// Checks a node, or with a path the values of the property.
    fn check(&self, node: &Term, graph: &Graph, severity: Severity, findings: &mut Vec<Finding>) {
        let values = match &self.path {
            None => vec![node.clone()],
            Some(path) => graph.values(node, path),
        };
        let path = self.path.as_ref().map(|path| match path {
            Path::Property(property) | Path::Inverse(property) => property.as_str().to_owned(),
        });
        for constraint in &self.constraints {
            for value in constraint.unfit(&values, graph) {
                findings.push(Finding {
                    severity,
                    node: name(node),
                    path: path.clone(),
                    component: constraint.component(),
                    value: value.map(ToString::to_string),
                });
            }
        }
        for property in &self.properties {
            for value in &values {
                property.check(value, graph, property.severity.unwrap_or(Severity::Violation), findings);
            }
        }
    }

    fn fits(&self, node: &Term, graph: &Graph) -> bool {
        let mut findings = Vec::new();
        self.check(node, graph, Severity::Violation, &mut findings);
        findings.is_empty()
    }
}

impl Constraint {
    /// The values that do not fit; `None` where their number does not.
    fn unfit<'v>(&self, values: &'v [Term], graph: &Graph) -> Vec<Option<&'v Term>> {
        let those = |fits: &dyn Fn(&Term) -> bool| {
            values.iter().filter(|value| !fits(value)).map(Some).collect::<Vec<_>>()
        };
        let number = |fits: bool| if fits { Vec::new() } else { vec![None] };
        match self {
            Self::MinCount(least) => number(values.len() >= *least),
            Self::MaxCount(most) => number(values.len() <= *most),
            Self::HasValue(value) => number(values.contains(value)),
            Self::UniqueLang => {
                let mut tags: BTreeMap<String, usize> = BTreeMap::new();
                for value in values {
                    if let Term::Literal(literal) = value
                        && let Some(tag) = literal.language()
                    {
                        *tags.entry(tag.to_ascii_lowercase()).or_default() += 1;
                    }
                }
                tags.values().filter(|count| **count > 1).map(|_| None).collect()
            }
            Self::Class(class) => those(&|value| graph.is_a(&name(value), class.as_ref())),
            Self::Datatype(datatype) => those(&|value| {
                matches!(value, Term::Literal(literal)
                    if literal.datatype() == datatype.as_ref() && is_well_formed(literal.as_ref()))
            }),
            Self::NodeKind(kind) => those(&|value| {
                let kinds: &[NamedNodeRef<'_>] = match value {
                    Term::NamedNode(_) => &[sh::IRI, sh::IRI_OR_LITERAL, sh::BLANK_NODE_OR_IRI],
                    Term::BlankNode(_) => &[sh::BLANK_NODE, sh::BLANK_NODE_OR_IRI, sh::BLANK_NODE_OR_LITERAL],
                    _ => &[sh::LITERAL, sh::IRI_OR_LITERAL, sh::BLANK_NODE_OR_LITERAL],
                };
                kinds.contains(&kind.as_ref())
            }),
            Self::MinLength(least) => {
                those(&|value| words(value).is_some_and(|text| text.chars().count() >= *least))
            }
            Self::MaxLength(most) => {
                those(&|value| words(value).is_some_and(|text| text.chars().count() <= *most))
            }
            Self::Pattern(pattern) => those(&|value| words(value).is_some_and(|text| pattern.is_match(text))),
            Self::LanguageIn(tags) => those(&|value| {
                let tag = match value {
                    Term::Literal(literal) => literal.language().map(str::to_ascii_lowercase),
                    _ => None,
                };
                tag.is_some_and(|tag| {
                    tags.iter().any(|range| {
                        let range = range.to_ascii_lowercase();
                        tag == range || tag.strip_prefix(&range).is_some_and(|rest| rest.starts_with('-'))
                    })
                })
            }),
            Self::In(list) => those(&|value| list.contains(value)),
            Self::Bound(bound, edge) => those(&|value| {
                let met: Option<f64> = match value {
                    Term::Literal(literal) => literal.value().parse().ok(),
                    _ => None,
                };
                met.is_some_and(|met| match bound {
                    Bound::MinInclusive => met >= *edge,
                    Bound::MaxInclusive => met <= *edge,
                    Bound::MinExclusive => met > *edge,
                    Bound::MaxExclusive => met < *edge,
                })
            }),
            Self::Or(shapes) => those(&|value| shapes.iter().any(|shape| shape.fits(value, graph))),
            Self::And(shapes) => those(&|value| shapes.iter().all(|shape| shape.fits(value, graph))),
            Self::Xone(shapes) => {
                those(&|value| shapes.iter().filter(|shape| shape.fits(value, graph)).count() == 1)
            }
            Self::Not(shape) => those(&|value| !shape.fits(value, graph)),
            Self::Node(shape) => those(&|value| shape.fits(value, graph)),
        }
    }

    fn component(&self) -> &'static str {
        match self {
            Self::Class(_) => "ClassConstraintComponent",
            Self::Datatype(_) => "DatatypeConstraintComponent",
            Self::NodeKind(_) => "NodeKindConstraintComponent",
            Self::MinCount(_) => "MinCountConstraintComponent",
            Self::MaxCount(_) => "MaxCountConstraintComponent",
            Self::MinLength(_) => "MinLengthConstraintComponent",
            Self::MaxLength(_) => "MaxLengthConstraintComponent",
            Self::Pattern(_) => "PatternConstraintComponent",
            Self::UniqueLang => "UniqueLangConstraintComponent",
            Self::LanguageIn(_) => "LanguageInConstraintComponent",
            Self::In(_) => "InConstraintComponent",
            Self::HasValue(_) => "HasValueConstraintComponent",
            Self::Bound(Bound::MinInclusive, _) => "MinInclusiveConstraintComponent",
            Self::Bound(Bound::MaxInclusive, _) => "MaxInclusiveConstraintComponent",
            Self::Bound(Bound::MinExclusive, _) => "MinExclusiveConstraintComponent",
            Self::Bound(Bound::MaxExclusive, _) => "MaxExclusiveConstraintComponent",
            Self::Or(_) => "OrConstraintComponent",
            Self::And(_) => "AndConstraintComponent",
            Self::Xone(_) => "XoneConstraintComponent",
            Self::Not(_) => "NotConstraintComponent",
            Self::Node(_) => "NodeConstraintComponent",
        }
    }
}

/// The text of an IRI or literal; a blank node has none.
fn words(value: &Term) -> Option<&str> {
    match value {
        Term::NamedNode(node) => Some(node.as_str()),
        Term::Literal(literal) => Some(literal.value()),
        _ => None,
    }
}

/// Whether a literal is what its datatype says, for the datatypes that shapes ask for.
fn is_well_formed(literal: LiteralRef<'_>) -> bool {
    let text = literal.value();
    let digits = |text: &str, least: usize| text.len() >= least && text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.strip_prefix('-').unwrap_or(text).split('-').collect();
    let month = |text: &str| digits(text, 2) && matches!(text.parse(), Ok(1..=12));
    let day = |text: &str| digits(text, 2) && matches!(text.parse(), Ok(1..=31));
    match literal.datatype() {
        xsd::G_YEAR => matches!(parts.as_slice(), [year] if digits(year, 4)),
        xsd::G_YEAR_MONTH => matches!(parts.as_slice(), [year, m] if digits(year, 4) && month(m)),
        xsd::DATE => matches!(parts.as_slice(), [year, m, d] if digits(year, 4) && month(m) && day(d)),
        xsd::INTEGER => digits(text.strip_prefix(['-', '+']).unwrap_or(text), 1),
        xsd::DECIMAL => {
            let number = text.strip_prefix(['-', '+']).unwrap_or(text);
            let (whole, part) = number.split_once('.').unwrap_or((number, ""));
            digits(whole, 0) && digits(part, 0) && !(whole.is_empty() && part.is_empty())
        }
        xsd::DOUBLE => text.parse::<f64>().is_ok(),
        xsd::BOOLEAN => matches!(text, "true" | "false" | "1" | "0"),
        _ => true,
    }
}
