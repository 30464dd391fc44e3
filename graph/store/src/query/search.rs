//! A search for words within a query.
//!
//! Three forms, all of the vocabulary of Aarre, and none ever leaves this host:
//! - `?text aarre:matches "kalev* runo~"` binds `?text` to the literals that have the words, the best
//!   [`MOST`] of them; it fits wherever a triple pattern does, `?item dc:title/aarre:matches "…"` as well;
//! - `SERVICE aarre:text { ?text aarre:query "…" ; aarre:score ?score ; aarre:limit 50 }` gives their rank besides, and
//!   takes another number of them ([`USUAL`] without one);
//! - `SERVICE aarre:items { ?item aarre:query "…" }`, with the same properties, finds items as the search page does: by their
//!   titles, by what they are linked with is called in any language, by descriptions and identifiers.
//!
//! What words of texts are, `*` and `~`, and how texts are ranked, is told in the index (`graph/index/src/words/find.rs`).
//!
//! Before a query is evaluated, each is replaced by the `VALUES` that it finds. So every engine gives the same
//! answer, and what joins with it is planned for the number of texts that there are. Without an index there is nothing
//! to search in: the first form matches no statement, the second is an error.

use super::evaluate::{Cancellation, EvaluateError};
use super::parts::children_mut;
use super::prepare::Prepared;
use super::standard::pattern_mut;
use graph_index::items::{self, Items};
use graph_index::{Index, IndexError, Search};
use oxrdf::{BlankNode, Literal, NamedNode, NamedNodeRef, Term, Variable};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};
use vocabularies::{aarre, xsd};

/// How many texts are found at most.
pub(super) const MOST: usize = 10_000;
/// How many the service finds when it is not told.
pub(super) const USUAL: usize = 100;

/// The query with what its searches found; `None` when it has none.
pub(super) fn resolved(
    prepared: &Prepared,
    index: &Index,
    items: Option<&Items>,
    cancellation: &Cancellation,
) -> Result<Option<Prepared>, EvaluateError> {
    let text = prepared.query.to_string();
    if ![aarre::MATCHES, aarre::TEXT, aarre::ITEMS].iter().any(|name| text.contains(name.as_str())) {
        return Ok(None);
    }
    let here = &Here { index, items, cancellation };
    let mut query = Query::clone(&prepared.query);
    each(pattern_mut(&mut query), &mut |pattern| {
        if let GraphPattern::Bgp { patterns } = pattern {
            let found = matches(patterns, here)?;
            let rest = GraphPattern::Bgp { patterns: std::mem::take(patterns) };
            let join = |right, left| GraphPattern::Join { left: Box::new(left), right: Box::new(right) };
            *pattern = found.into_iter().fold(rest, join);
            return Ok(());
        }
        if let Some(service) = Service::of(pattern) {
            // One that is not as it should be was refused before.
            *pattern = service.unwrap_or_default().values(here)?;
        }
        Ok::<_, EvaluateError>(())
    })?;
    Ok(Some(prepared.by(query)))
}

/// Takes the searches out of a basic graph pattern.
fn matches(patterns: &mut Vec<TriplePattern>, here: &Here<'_>) -> Result<Vec<GraphPattern>, EvaluateError> {
    let mut found = Vec::new();
    while let Some(at) = patterns.iter().position(|triple| asked(triple).is_some()) {
        let triple = patterns.swap_remove(at);
        let Some(query) = asked(&triple) else { continue };
        let variable = match &triple.subject {
            TermPattern::Variable(variable) => variable.clone(),
            TermPattern::BlankNode(node) => {
                let variable = Variable::new_unchecked(format!("#{}", node.as_str()));
                patterns.iter_mut().for_each(|triple| name(triple, node, &variable));
                variable
            }
            // A constant that a text is to be; only a literal can.
            other => {
                let TermPattern::Literal(literal) = other else { continue };
                let literal = GroundTerm::from(literal.clone());
                let service = Service { query: query.to_owned(), limit: MOST, ..Service::default() };
                let met = service.find(here)?.iter().any(|(text, _)| *text == literal);
                let row = if met { vec![Vec::new()] } else { Vec::new() };
                found.push(GraphPattern::Values { variables: Vec::new(), bindings: row });
                continue;
            }
        };
        let service =
            Service { text: Some(variable), query: query.to_owned(), limit: MOST, ..Service::default() };
        found.push(service.values(here)?);
    }
    Ok(found)
}

/// What `aarre:matches` asks for.
fn asked(triple: &TriplePattern) -> Option<&str> {
    match (&triple.predicate, &triple.object) {
        (NamedNodePattern::NamedNode(predicate), TermPattern::Literal(words))
            if *predicate == aarre::MATCHES =>
        {
            Some(words.value())
        }
        _ => None,
    }
}

/// A blank node of a pattern is a variable without a name.
fn name(triple: &mut TriplePattern, node: &BlankNode, variable: &Variable) {
    for term in [&mut triple.subject, &mut triple.object] {
        match term {
            TermPattern::BlankNode(other) if other == node => *term = variable.clone().into(),
            TermPattern::Triple(triple) => name(triple, node, variable),
            _ => {}
        }
    }
}

/// Where is searched.
struct Here<'h> {
    index: &'h Index,
    items: Option<&'h Items>,
    cancellation: &'h Cancellation,
}

/// The services that are searches here.
pub(super) const HERE: [NamedNodeRef<'static>; 2] = [aarre::TEXT, aarre::ITEMS];

/// Whether the service is a search here, which no other host is called for.
pub(super) fn is_here(name: &NamedNode) -> bool {
    HERE.contains(&name.as_ref())
}

/// What `SERVICE aarre:text` or `SERVICE aarre:items` asks for.
#[derive(Debug, Default, PartialEq)]
struct Service {
    /// Whether items are looked for, not texts.
    of_items: bool,
    text: Option<Variable>,
    query: String,
    score: Option<Variable>,
    limit: usize,
}

impl Service {
    /// `None` for what is no such service; else what is wrong with it, for people.
    fn of(pattern: &GraphPattern) -> Option<Result<Self, &'static str>> {
        let GraphPattern::Service { name: NamedNodePattern::NamedNode(name), inner, .. } = pattern else {
            return None;
        };
        is_here(name).then(|| match &**inner {
            GraphPattern::Bgp { patterns } => {
                Ok(Self { of_items: *name == aarre::ITEMS, ..Self::read(patterns)? })
            }
            _ => Err("SERVICE aarre:text takes nothing but triples about one variable; so does aarre:items"),
        })
    }

    fn read(patterns: &[TriplePattern]) -> Result<Self, &'static str> {
        let mut service = Self { limit: USUAL, ..Self::default() };
        let mut query = None;
        for triple in patterns {
            let TermPattern::Variable(subject) = &triple.subject else {
                return Err(
                    "the subject within SERVICE aarre:text is a variable, which the texts are bound to",
                );
            };
            if *service.text.get_or_insert_with(|| subject.clone()) != *subject {
                return Err("SERVICE aarre:text speaks of one variable; use it twice for two");
            }
            let NamedNodePattern::NamedNode(predicate) = &triple.predicate else {
                return Err("SERVICE aarre:text knows aarre:query, aarre:score and aarre:limit");
            };
            match &triple.object {
                TermPattern::Literal(words) if *predicate == aarre::QUERY && query.is_none() => {
                    query = Some(words.value().to_owned());
                }
                TermPattern::Variable(score) if *predicate == aarre::SCORE && service.score.is_none() => {
                    service.score = Some(score.clone());
                }
                TermPattern::Literal(limit) if *predicate == aarre::LIMIT => {
                    service.limit = limit.value().parse().map_err(|_| "aarre:limit is a whole number")?;
                }
                _ => {
                    return Err(
                        "SERVICE aarre:text takes aarre:query \"words\", aarre:score ?score and aarre:limit 50",
                    );
                }
            }
        }
        if service.limit > MOST {
            return Err("aarre:limit is 10000 at most");
        }
        if service.score.is_some() && service.score == service.text {
            return Err("aarre:score is bound to a variable of its own");
        }
        service.query = query.ok_or("SERVICE aarre:text needs aarre:query \"words\"")?;
        Ok(service)
    }

    fn find(&self, here: &Here<'_>) -> Result<Vec<(GroundTerm, f64)>, EvaluateError> {
        let index = here.index;
        if self.of_items {
            return self.find_items(here);
        }
        let poll = || if here.cancellation.is_cancelled() { Err(EvaluateError::Cancelled) } else { Ok(()) };
        let found = index.words().find(index.terms(), &Search::parse(&self.query), self.limit, poll)?;
        let literals = found.into_iter().filter_map(|found| match index.terms().term(found.id) {
            Term::Literal(literal) => Some((literal.into(), found.score)),
            _ => None,
        });
        Ok(literals.collect())
    }

    fn find_items(&self, here: &Here<'_>) -> Result<Vec<(GroundTerm, f64)>, EvaluateError> {
        let Some(items) = here.items else {
            let why = "this generation has no index of its items; publish a new one";
            return Err(EvaluateError::Service(why.to_owned()));
        };
        let asked = items::Asked { text: &self.query, count: self.limit, ..items::Asked::default() };
        // Without a word nothing is looked for, which is not the same as everything.
        if self.query.trim().is_empty() {
            return Ok(Vec::new());
        }
        let go_on = || !here.cancellation.is_cancelled();
        let answer = items.search(&asked, &go_on).map_err(|error| match error {
            IndexError::Late => EvaluateError::Cancelled,
            error => EvaluateError::Damaged(error.to_string()),
        })?;
        let most = answer.hits.first().map_or(1.0, |hit| f64::from(hit.score).max(f64::MIN_POSITIVE));
        let found = answer.hits.into_iter().filter_map(|hit| match here.index.terms().term(hit.id) {
            // Above 0 and at most 1, as all ranks are.
            Term::NamedNode(item) => Some((item.into(), (f64::from(hit.score) / most).max(0.0001))),
            _ => None,
        });
        Ok(found.collect())
    }

    fn values(&self, here: &Here<'_>) -> Result<GraphPattern, EvaluateError> {
        let Some(text) = &self.text else {
            return Ok(GraphPattern::Values { variables: Vec::new(), bindings: Vec::new() });
        };
        let row = |(found, score): (GroundTerm, f64)| {
            let mut row = vec![Some(found)];
            row.extend(self.score.iter().map(|_| Some(GroundTerm::from(decimal(score)))));
            row
        };
        let bindings = self.find(here)?.into_iter().map(row).collect();
        let variables = std::iter::once(text).chain(&self.score).cloned().collect();
        Ok(GraphPattern::Values { variables, bindings })
    }
}

/// A rank with four decimals, as a store would write it.
fn decimal(score: f64) -> Literal {
    let text = format!("{score:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    Literal::new_typed_literal(text, xsd::DECIMAL)
}

/// What is wrong with a search of the query, for people; whether it is one is told by the IRI of the service.
pub(super) fn fault(query: &Query) -> Option<&'static str> {
    let mut query = query.clone();
    each(pattern_mut(&mut query), &mut |pattern| match Service::of(pattern) {
        Some(Err(fault)) => Err(fault),
        _ => Ok(()),
    })
    .err()
}

/// Every pattern of a tree, the inner ones first, those of `EXISTS` as well.
pub(super) fn each<E>(
    pattern: &mut GraphPattern,
    visit: &mut dyn FnMut(&mut GraphPattern) -> Result<(), E>,
) -> Result<(), E> {
    for child in children_mut(pattern) {
        each(child, visit)?;
    }
    visit(pattern)
}

#[cfg(test)]
mod tests;
