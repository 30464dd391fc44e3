//! Shapes from Turtle.

use super::{Bound, Constraint, Path, Severity, Shape, Shapes, ShapesError};
use oxrdf::{Graph, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef};
use oxttl::TurtleParser;
use vocabularies::{rdf, sh};

/// How deep shapes stand in shapes at most; one that names itself would never end.
const DEPTH: usize = 32;

impl Shapes {
    /// Reads shapes in Turtle; `name` is for messages.
    ///
    /// # Errors
    /// When the Turtle has a fault or a shape has a construct that is not known here.
    pub fn read(name: &str, turtle: &str) -> Result<Self, ShapesError> {
        let fault = |met: String, expected| ShapesError { name: name.to_owned(), met, expected };
        let mut graph = Graph::new();
        for triple in TurtleParser::new().for_slice(turtle.as_bytes()) {
            let triple = triple.map_err(|error| fault(error.to_string(), "Turtle"))?;
            graph.insert(&triple);
        }
        let mut nodes: Vec<NamedOrBlankNode> =
            graph.triples_for_predicate(sh::TARGET_CLASS).map(|triple| triple.subject.into_owned()).collect();
        nodes.sort_by_key(ToString::to_string);
        nodes.dedup();
        let reader = Reader { name, graph: &graph };
        nodes.iter().map(|node| reader.shape(node.as_ref(), 0)).collect::<Result<_, _>>().map(Self)
    }
}

struct Reader<'r> {
    name: &'r str,
    graph: &'r Graph,
}

impl Reader<'_> {
    fn fault(&self, met: impl Into<String>, expected: &'static str) -> ShapesError {
        ShapesError { name: self.name.to_owned(), met: met.into(), expected }
    }

    fn shape(&self, node: NamedOrBlankNodeRef<'_>, depth: usize) -> Result<Shape, ShapesError> {
        if depth > DEPTH {
            return Err(self.fault("shapes in shapes without end", "at most 32 levels"));
        }
        let mut shape = Shape::default();
        let mut said: Vec<_> = self.graph.triples_for_subject(node).collect();
        said.sort_by_key(ToString::to_string);
        for triple in said {
            let (predicate, object) = (triple.predicate, triple.object);
            let inner = || self.inner(object, depth);
            match predicate {
                // What only people read, and what tells shapes from other things.
                rdf::TYPE | sh::NAME | sh::DESCRIPTION | sh::MESSAGE | sh::ORDER | sh::GROUP => {}
                _ if predicate
                    .as_str()
                    .starts_with(vocabularies::rdfs::LABEL.as_str().trim_end_matches("label")) => {}
                sh::TARGET_CLASS => shape.targets.push(self.iri(object)?),
                sh::PATH => shape.path = Some(self.path(object)?),
                sh::SEVERITY => {
                    shape.severity = Some(match self.iri(object)?.as_ref() {
                        sh::VIOLATION => Severity::Violation,
                        sh::WARNING => Severity::Warning,
                        sh::INFO => Severity::Info,
                        other => {
                            return Err(self.fault(other.to_string(), "sh:Violation, sh:Warning or sh:Info"));
                        }
                    });
                }
                sh::PROPERTY => shape.properties.push(inner()?),
                sh::NODE => shape.constraints.push(Constraint::Node(Box::new(inner()?))),
                sh::NOT => shape.constraints.push(Constraint::Not(Box::new(inner()?))),
                sh::OR => shape.constraints.push(Constraint::Or(self.shapes(object, depth)?)),
                sh::AND => shape.constraints.push(Constraint::And(self.shapes(object, depth)?)),
                sh::XONE => shape.constraints.push(Constraint::Xone(self.shapes(object, depth)?)),
                sh::CLASS => shape.constraints.push(Constraint::Class(self.iri(object)?)),
                sh::DATATYPE => shape.constraints.push(Constraint::Datatype(self.iri(object)?)),
                sh::NODE_KIND => shape.constraints.push(Constraint::NodeKind(self.iri(object)?)),
                sh::MIN_COUNT => shape.constraints.push(Constraint::MinCount(self.number(object)?)),
                sh::MAX_COUNT => shape.constraints.push(Constraint::MaxCount(self.number(object)?)),
                sh::MIN_LENGTH => shape.constraints.push(Constraint::MinLength(self.number(object)?)),
                sh::MAX_LENGTH => shape.constraints.push(Constraint::MaxLength(self.number(object)?)),
                sh::MIN_INCLUSIVE => shape.constraints.push(self.bound(Bound::MinInclusive, object)?),
                sh::MAX_INCLUSIVE => shape.constraints.push(self.bound(Bound::MaxInclusive, object)?),
                sh::MIN_EXCLUSIVE => shape.constraints.push(self.bound(Bound::MinExclusive, object)?),
                sh::MAX_EXCLUSIVE => shape.constraints.push(self.bound(Bound::MaxExclusive, object)?),
                sh::PATTERN => shape.constraints.push(self.pattern(node, object)?),
                // Read with its pattern.
                sh::FLAGS => {}
                sh::UNIQUE_LANG if is_true(object) => shape.constraints.push(Constraint::UniqueLang),
                sh::UNIQUE_LANG => {}
                sh::LANGUAGE_IN => {
                    let tags = self.list(object)?.into_iter().map(|term| text(&term)).collect();
                    shape.constraints.push(Constraint::LanguageIn(tags));
                }
                sh::IN => shape.constraints.push(Constraint::In(self.list(object)?)),
                sh::HAS_VALUE => shape.constraints.push(Constraint::HasValue(object.into_owned())),
                other => {
                    return Err(
                        self.fault(other.to_string(), "a construct of SHACL Core that this validator knows")
                    );
                }
            }
        }
        Ok(shape)
    }

    fn inner(&self, object: TermRef<'_>, depth: usize) -> Result<Shape, ShapesError> {
        self.shape(self.node(object)?, depth + 1)
    }

    fn shapes(&self, object: TermRef<'_>, depth: usize) -> Result<Vec<Shape>, ShapesError> {
        self.list(object)?.iter().map(|term| self.inner(term.as_ref(), depth)).collect()
    }

    fn node<'o>(&self, object: TermRef<'o>) -> Result<NamedOrBlankNodeRef<'o>, ShapesError> {
        match object {
            TermRef::NamedNode(node) => Ok(node.into()),
            TermRef::BlankNode(node) => Ok(node.into()),
            other => Err(self.fault(other.to_string(), "a shape")),
        }
    }

    fn path(&self, object: TermRef<'_>) -> Result<Path, ShapesError> {
        match object {
            TermRef::NamedNode(property) => Ok(Path::Property(property.into_owned())),
            TermRef::BlankNode(node) => {
                match self.graph.object_for_subject_predicate(node, sh::INVERSE_PATH) {
                    Some(TermRef::NamedNode(property)) => Ok(Path::Inverse(property.into_owned())),
                    _ => Err(self.fault("a composed path", "a property, or the inverse of one")),
                }
            }
            other => Err(self.fault(other.to_string(), "a path")),
        }
    }

    fn iri(&self, object: TermRef<'_>) -> Result<NamedNode, ShapesError> {
        match object {
            TermRef::NamedNode(node) => Ok(node.into_owned()),
            other => Err(self.fault(other.to_string(), "an IRI")),
        }
    }

    fn number<N: std::str::FromStr>(&self, object: TermRef<'_>) -> Result<N, ShapesError> {
        let written = match object {
            TermRef::Literal(literal) => literal.value().parse().ok(),
            _ => None,
        };
        written.ok_or_else(|| self.fault(object.to_string(), "a number"))
    }

    fn bound(&self, bound: Bound, object: TermRef<'_>) -> Result<Constraint, ShapesError> {
        Ok(Constraint::Bound(bound, self.number(object)?))
    }

    fn pattern(&self, node: NamedOrBlankNodeRef<'_>, object: TermRef<'_>) -> Result<Constraint, ShapesError> {
        let TermRef::Literal(pattern) = object else {
            return Err(self.fault(object.to_string(), "a pattern"));
        };
        let flags = match self.graph.object_for_subject_predicate(node, sh::FLAGS) {
            Some(TermRef::Literal(flags)) if !flags.value().is_empty() => format!("(?{})", flags.value()),
            _ => String::new(),
        };
        let pattern = format!("{flags}{}", pattern.value());
        regex::Regex::new(&pattern)
            .map(Constraint::Pattern)
            .map_err(|_| self.fault(pattern, "a regular expression that takes linear time"))
    }

    fn list(&self, object: TermRef<'_>) -> Result<Vec<Term>, ShapesError> {
        let mut members = Vec::new();
        let mut rest = object;
        while rest != TermRef::NamedNode(rdf::NIL) {
            let node = self.node(rest)?;
            let part = |predicate: NamedNodeRef<'_>| self.graph.object_for_subject_predicate(node, predicate);
            let (Some(first), Some(next)) = (part(rdf::FIRST), part(rdf::REST)) else {
                return Err(self.fault(rest.to_string(), "a list"));
            };
            members.push(first.into_owned());
            if members.len() > self.graph.len() {
                return Err(self.fault("a list without end", "a list"));
            }
            rest = next;
        }
        Ok(members)
    }
}

fn is_true(object: TermRef<'_>) -> bool {
    matches!(object, TermRef::Literal(literal) if matches!(literal.value(), "true" | "1"))
}

fn text(term: &Term) -> String {
    match term {
        Term::Literal(literal) => literal.value().to_owned(),
        other => other.to_string(),
    }
}
