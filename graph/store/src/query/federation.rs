//! Other endpoints, named by `SERVICE`.
//!
//! A query may name those that the operator lists, and no others: not by a variable, not under another name. Nothing here
//! opens a connection; whoever evaluates brings a [`Services`] that does, or none.
//!
//! Before a query is evaluated, each `SERVICE` is replaced by the `VALUES` that its endpoint answers, as searches are
//! ([`super::search`]). So every engine gives the same answer, and the endpoint is asked once, for its whole pattern: what
//! narrows it (`VALUES`, `FILTER`, `LIMIT`) belongs inside the braces. Blank nodes of another endpoint mean nothing here,
//! so they become IRIs (RDF 1.1 Concepts, 3.5).

use super::evaluate::{Asked, Cancellation, EvaluateError};
use super::parts::children;
use super::prepare::Prepared;
use super::search::{each, is_here};
use super::standard::pattern_mut;
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput};
use oxrdf::{NamedNode, Term, Variable};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{GroundTerm, NamedNodePattern};
use std::fmt;
use std::time::Instant;

/// How many rows of another endpoint are taken.
const MOST_ROWS: usize = 10_000;

/// Who asks other endpoints.
pub trait Services: fmt::Debug + Send + Sync {
    /// Sends a query to an endpoint that is allowed, and gives its answer in the SPARQL 1.1 Query Results JSON Format.
    ///
    /// # Errors
    /// Why there is no answer, for people.
    fn ask(
        &self,
        service: &str,
        query: &str,
        until: Option<Instant>,
        cancellation: &Cancellation,
    ) -> Result<Vec<u8>, String>;
}

/// Which endpoints a query may name.
#[derive(Debug, Clone, Copy)]
pub enum Allowed<'a> {
    /// Those whose addresses are, or are below, one of these.
    Listed(&'a [String]),
    /// Any, as another process has looked at the query already.
    Checked,
}

impl Allowed<'_> {
    /// Whether none can be.
    pub(super) fn is_none(self) -> bool {
        matches!(self, Self::Listed([]))
    }

    /// Whether the endpoint is one of them.
    #[must_use]
    pub fn has(self, service: &str) -> bool {
        match self {
            Self::Checked => true,
            Self::Listed(list) => list.iter().any(|entry| covers(entry, service)),
        }
    }
}

/// Whether an address is the one that is listed, or below it. The listed host and port have to end where the address's do.
fn covers(entry: &str, service: &str) -> bool {
    let web = entry.starts_with("https://") || entry.starts_with("http://");
    let Some(rest) = service.strip_prefix(entry).filter(|_| web) else { return false };
    let ends = rest.is_empty() || entry.ends_with('/') || rest.starts_with(['/', '?']);
    // Steps upwards would lead out of what is listed again.
    ends && !rest.contains("..")
        && !rest.contains(['\\', '@', '#'])
        && !rest.to_ascii_lowercase().contains("%2e")
}

/// The services that a pattern names, but for the searches here: `None` for a variable.
pub(super) fn named(pattern: &GraphPattern) -> Vec<Option<&NamedNode>> {
    let mut found = match pattern {
        GraphPattern::Service { name: NamedNodePattern::NamedNode(name), .. } if is_here(name) => {
            return Vec::new();
        }
        GraphPattern::Service { name, inner, .. } => {
            // What is nested is the other endpoint's to call, which would be a way around the list.
            let inside = named(inner);
            let name = match name {
                NamedNodePattern::NamedNode(name) if inside.is_empty() => Some(name),
                _ => None,
            };
            return vec![name];
        }
        _ => Vec::new(),
    };
    found.extend(children(pattern).into_iter().flat_map(named));
    found
}

/// The query with what its services answered; `None` when it names none.
pub(super) fn resolved(prepared: &Prepared, asked: &Asked<'_>) -> Result<Option<Prepared>, EvaluateError> {
    if !prepared.calls() {
        return Ok(None);
    }
    let mut query = Query::clone(&prepared.query);
    each(pattern_mut(&mut query), &mut |pattern| {
        let GraphPattern::Service { name: NamedNodePattern::NamedNode(name), inner, silent } = pattern else {
            return Ok(());
        };
        if is_here(name) {
            return Ok(());
        }
        *pattern = match answered(name, inner, asked) {
            Ok(values) => values,
            Err(EvaluateError::Service(_)) if *silent => {
                GraphPattern::Values { variables: Vec::new(), bindings: vec![Vec::new()] }
            }
            Err(error) => return Err(error),
        };
        Ok(())
    })?;
    Ok(Some(prepared.by(query)))
}

fn answered(
    service: &NamedNode,
    inner: &GraphPattern,
    asked: &Asked<'_>,
) -> Result<GraphPattern, EvaluateError> {
    let failed = |why: String| EvaluateError::Service(format!("{service}: {why}"));
    let services = asked.services.ok_or_else(|| failed("nobody here asks other endpoints".to_owned()))?;
    let mut variables: Vec<Variable> = Vec::new();
    inner.on_in_scope_variable(|variable| {
        if !variables.contains(variable) {
            variables.push(variable.clone());
        }
    });
    variables.sort_unstable();
    let query = if variables.is_empty() {
        Query::Ask { dataset: None, pattern: inner.clone(), base_iri: None }
    } else {
        let pattern = GraphPattern::Project { inner: Box::new(inner.clone()), variables: variables.clone() };
        Query::Select { dataset: None, pattern, base_iri: None }
    };
    let deadline = asked.limits.deadline;
    let bytes = services.ask(service.as_str(), &query.to_string(), deadline, asked.cancellation);
    if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
        return Err(EvaluateError::Timeout);
    }
    if asked.cancellation.is_cancelled() {
        return Err(EvaluateError::Cancelled);
    }
    let bindings = rows(&bytes.map_err(&failed)?, service, &variables).map_err(failed)?;
    Ok(GraphPattern::Values { variables, bindings })
}

type Row = Vec<Option<GroundTerm>>;

/// The rows of an answer, with the variables in the order given.
fn rows(bytes: &[u8], service: &NamedNode, variables: &[Variable]) -> Result<Vec<Row>, String> {
    let wrong = |error: &dyn fmt::Display| format!("its answer cannot be read: {error}");
    let parser = QueryResultsParser::from_format(QueryResultsFormat::Json);
    let solutions = match parser.for_slice(bytes).map_err(|error| wrong(&error))? {
        SliceQueryResultsParserOutput::Boolean(yes) if variables.is_empty() => {
            return Ok(if yes { vec![Vec::new()] } else { Vec::new() });
        }
        SliceQueryResultsParserOutput::Boolean(_) => return Err("it answered yes or no, not rows".to_owned()),
        SliceQueryResultsParserOutput::Solutions(solutions) => solutions,
    };
    let mut rows = Vec::new();
    for solution in solutions {
        if rows.len() == MOST_ROWS {
            return Err(format!("it has more than {MOST_ROWS} rows; narrow what is asked inside of SERVICE"));
        }
        let solution = solution.map_err(|error| wrong(&error))?;
        let row =
            variables.iter().map(|variable| solution.get(variable).and_then(|term| ground(term, service)));
        rows.push(row.collect());
    }
    Ok(rows)
}

fn ground(term: &Term, service: &NamedNode) -> Option<GroundTerm> {
    let Term::BlankNode(node) = term else { return GroundTerm::try_from(term.clone()).ok() };
    let iri = format!("{}/.well-known/genid/{}", service.as_str().trim_end_matches('/'), node.as_str());
    NamedNode::new(iri).ok().map(GroundTerm::from)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::query::{DatasetParameters, QueryErrorKind, ScanLimits, prepare_for};

    #[test]
    fn only_what_is_listed_can_be_named() {
        let list =
            ["https://a.example/sparql".to_owned(), "http://b.example".to_owned(), "file:///".to_owned()];
        for (service, allowed) in [
            ("https://a.example/sparql", true),
            ("https://a.example/sparql?x=1", true),
            ("https://a.example/sparql/more", true),
            ("http://b.example/any/where", true),
            ("https://a.example/", false),
            ("https://a.example/sparqly", false),
            ("http://a.example/sparql", false),
            ("https://a.example/sparql/../admin", false),
            ("https://a.example/sparql/%2E%2e/admin", false),
            ("http://b.example.org/", false),
            ("http://b.example:8080/", false),
            ("http://b.example@127.0.0.1/", false),
            ("http://b.example/@127.0.0.1", false),
            ("http://127.0.0.1/", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(Allowed::Listed(&list).has(service), allowed, "{service}");
            for silent in ["", "SILENT "] {
                let text = format!("SELECT * {{ ?s ?p ?o SERVICE {silent}<{service}> {{ ?s ?q ?r }} }}");
                let limits = ScanLimits::default();
                let dataset = DatasetParameters::default();
                let prepared = prepare_for(&text, &dataset, &limits, Allowed::Listed(&list));
                assert_eq!(prepared.is_ok(), allowed, "{text}");
                let none = prepare_for(&text, &dataset, &limits, Allowed::Listed(&[]));
                assert_eq!(none.unwrap_err().kind, QueryErrorKind::Service, "{text}");
            }
        }
        for text in [
            "SELECT * { VALUES ?x { <http://b.example> } SERVICE ?x { ?s ?p ?o } }",
            "SELECT * { SERVICE <http://b.example> { SERVICE <http://c.example> { ?s ?p ?o } } }",
            "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <http://c.example> { ?s ?p ?o } } }",
            "SELECT (EXISTS { SERVICE <http://c.example> {} } AS ?x) {}",
        ] {
            let limits = ScanLimits::default();
            let refused = prepare_for(text, &DatasetParameters::default(), &limits, Allowed::Listed(&list));
            assert_eq!(refused.unwrap_err().kind, QueryErrorKind::Service, "{text}");
        }
    }
}
