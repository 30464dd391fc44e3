//! SHACL shapes over one document: what a preview tells of a record before anything is loaded.
//!
//! The part of SHACL Core (W3C Recommendation, 20 July 2017) that shapes of the core layer use, and its near neighbours. A
//! construct that is not known here is refused when the shapes are read, so that no shape is passed over in silence. The
//! outside judge is pySHACL; `tests.rs` holds what it finds on the same graphs.
//!
//! Left out: paths other than a property or its inverse, `sh:closed`, pairs of properties, qualified value shapes, and
//! SPARQL. A document describes the entities that it shares only as far as its record does.

mod read;
#[cfg(test)]
mod tests;
mod validate;

use graph_model::{Document, ObjectRef};
use oxrdf::{Literal, NamedNode, NamedNodeRef, Term};
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt;

/// Why shapes cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("shapes '{name}': {met}; expected {expected}")]
pub struct ShapesError {
    /// The name of the file.
    pub name: String,
    /// What was met.
    pub met: String,
    /// What is known.
    pub expected: &'static str,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A violation.
    Violation,
    /// A warning.
    Warning,
    /// Worth to know.
    Info,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Violation => "violation",
            Self::Warning => "warning",
            Self::Info => "info",
        })
    }
}

/// One finding: a node that a shape does not fit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The node.
    pub node: String,
    /// The property, by its IRI; `None` where the node itself is meant.
    pub path: Option<String>,
    /// The local name of the constraint component, e.g. `MinCountConstraintComponent`.
    pub component: &'static str,
    /// The value that does not fit, in the manner of N-Triples; `None` where there are too few or too many.
    pub value: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.as_deref().map(|path| {
            let name = vocabularies::qname(path).unwrap_or_else(|| path.to_owned());
            format!(" {name}")
        });
        let component = self.component.trim_end_matches("ConstraintComponent");
        write!(f, "{} of {component}: {}{}", self.severity, self.node, path.unwrap_or_default())?;
        match &self.value {
            Some(value) => write!(f, " {value}"),
            None => Ok(()),
        }
    }
}

/// Shapes, ready to look at documents.
#[derive(Debug)]
pub struct Shapes(Vec<Shape>);

impl Shapes {
    /// The shapes that this program ships.
    ///
    /// # Errors
    /// When one of them has a construct that is not known here.
    pub fn shipped() -> Result<Self, ShapesError> {
        let mut shapes = Vec::new();
        for (name, turtle) in vocabularies::shapes::ALL {
            shapes.extend(Self::read(name, turtle)?.0);
        }
        Ok(Self(shapes))
    }

    /// What does not fit in a document, sorted.
    #[must_use]
    pub fn look_at(&self, document: &Document) -> Vec<Finding> {
        let mut graph = Graph::default();
        for statement in document.statements() {
            let object = match statement.object {
                ObjectRef::Iri(iri) => NamedNode::new_unchecked(iri).into(),
                ObjectRef::Text(text, None) => Literal::new_simple_literal(text).into(),
                ObjectRef::Text(text, Some(tag)) => {
                    Literal::new_language_tagged_literal_unchecked(text, tag).into()
                }
                ObjectRef::Typed(text, datatype) => Literal::new_typed_literal(text, datatype).into(),
            };
            graph.add(statement.subject, statement.predicate, object);
        }
        self.validate(&graph)
    }
}

/// What is said, by subject.
#[derive(Debug, Default)]
struct Graph {
    nodes: BTreeMap<String, Vec<(NamedNode, Term)>>,
}

impl Graph {
    fn add(&mut self, subject: &str, predicate: NamedNodeRef<'_>, object: Term) {
        let said = match self.nodes.get_mut(subject) {
            Some(said) => said,
            None => self.nodes.entry(subject.to_owned()).or_default(),
        };
        said.push((predicate.into_owned(), object));
    }
}

/// One shape: of nodes, or with a path of the values of a property.
#[derive(Debug, Default)]
struct Shape {
    targets: Vec<NamedNode>,
    path: Option<Path>,
    severity: Option<Severity>,
    constraints: Vec<Constraint>,
    properties: Vec<Shape>,
}

#[derive(Debug, Clone)]
enum Path {
    Property(NamedNode),
    Inverse(NamedNode),
}

#[derive(Debug)]
enum Constraint {
    Class(NamedNode),
    Datatype(NamedNode),
    NodeKind(NamedNode),
    MinCount(usize),
    MaxCount(usize),
    MinLength(usize),
    MaxLength(usize),
    Pattern(Regex),
    UniqueLang,
    LanguageIn(Vec<String>),
    In(Vec<Term>),
    HasValue(Term),
    /// A bound of numbers, and which one: the local name of the property, e.g. `minInclusive`.
    Bound(Bound, f64),
    Or(Vec<Shape>),
    And(Vec<Shape>),
    Xone(Vec<Shape>),
    Not(Box<Shape>),
    Node(Box<Shape>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    MinInclusive,
    MaxInclusive,
    MinExclusive,
    MaxExclusive,
}
