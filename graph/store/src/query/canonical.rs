//! Which queries are one and the same.
//!
//! Every query is brought into a canonical form before it is evaluated: variables whose names cannot show in the answer
//! and blank nodes get names by their first occurrence, which also replaces the random names that the parser mints (for
//! aggregates, `[]`, steps of a path, `DESCRIBE`). The [`Key`] is a digest of that form; and because the form
//! itself is what is evaluated, queries of equal keys are not only equal in meaning: they are the same work in the
//! same order, and their answers are equal to the byte.
//!
//! What does not count: blanks, comments, keywords' case, the spelling of IRIs (prefixes, base) and of literals
//! (`"1"^^xsd:integer` and `1`), the order and repetition of `FROM`, names that do not show, `*` where it
//! names the same variables. What does: the names and the order of what `SELECT` returns (all of them with `*`), the
//! base IRI, which `IRI()` resolves against, and, where the answer is a graph, the prefixes, as Turtle shows them.
//!
//! The order of triple patterns counts as a rule, though it has no meaning: it may decide in which order rows come,
//! and an answer without `ORDER BY` shows that. Where it cannot show (`ASK`; counts of everything, without a slice
//! anywhere) it does not count. The arms of a `UNION` always stand as they were written: they give the rows their order,
//! and telling apart when they do not is worth little.

use super::parts::{parts, parts_mut};
use super::prepare::QueryKind;
use oxigraph::model::{GraphName, NamedOrBlankNode};
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest as _, Sha256};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern, OrderExpression};
use spargebra::term::{BlankNode, NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A digest (SHA-256, so that nobody can make two queries meet) of all that decides a query's answer over given
/// data, but for the format it is written in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key([u8; 32]);

impl Key {
    /// The digest.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

/// Renames what does not show. Gives the new names with the old ones, for whoever explains the query.
pub(super) fn rename(query: &mut Query) -> FxHashMap<String, String> {
    let mut names = Names::of(query);
    match query {
        Query::Construct { template, pattern, .. } => {
            names.pattern(pattern, Place::Inside);
            for triple in template {
                names.triple(triple);
            }
        }
        Query::Select { pattern, .. } | Query::Describe { pattern, .. } => {
            names.pattern(pattern, Place::Outside);
        }
        Query::Ask { pattern, .. } => names.pattern(pattern, Place::Inside),
    }
    names.variables.into_iter().map(|(old, new)| (new.into_string(), old)).collect()
}

/// The key of a query whose names are canonical.
pub(super) fn key(
    query: &Query,
    kind: QueryKind,
    graphs: (&Option<Vec<GraphName>>, &Option<Vec<NamedOrBlankNode>>),
    prefixes: &[(String, String)],
) -> Key {
    let mut digest = Feed(Sha256::new());
    kind.hash(&mut digest);
    graphs.hash(&mut digest);
    match query {
        Query::Construct { template, pattern, base_iri, .. } => {
            (template, pattern, base_iri, prefixes).hash(&mut digest);
        }
        Query::Describe { pattern, base_iri, .. } => (pattern, base_iri, prefixes).hash(&mut digest),
        Query::Select { base_iri, .. } | Query::Ask { base_iri, .. } if shows_no_order(query) => {
            // Sorting by what the patterns are like comes first, then names by the new order.
            let mut sorted = query.clone();
            if let Query::Select { pattern, .. } | Query::Ask { pattern, .. } = &mut sorted {
                Sorting { visible: visible(query) }.pattern(pattern);
            }
            rename(&mut sorted);
            if let Query::Select { pattern, .. } | Query::Ask { pattern, .. } = &sorted {
                (pattern, base_iri).hash(&mut digest);
            }
        }
        Query::Select { pattern, base_iri, .. } | Query::Ask { pattern, base_iri, .. } => {
            (pattern, base_iri).hash(&mut digest);
        }
    }
    Key(digest.0.finalize().into())
}

/// What is hashed goes into the digest; the derived `Hash` of the algebra tells every part from every other.
struct Feed(Sha256);

impl Hasher for Feed {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// The variables whose names the answer shows.
fn visible(query: &Query) -> FxHashSet<String> {
    let Query::Select { pattern, .. } = query else { return FxHashSet::default() };
    let mut at = pattern;
    loop {
        match at {
            GraphPattern::Slice { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::OrderBy { inner, .. } => at = inner,
            GraphPattern::Project { variables, .. } => {
                return variables.iter().map(|variable| variable.as_str().to_owned()).collect();
            }
            // The parser always projects.
            _ => return FxHashSet::default(),
        }
    }
}

/// Where a part of the query stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where the order of variables is that of the answer.
    Outside,
    /// Below that.
    Inside,
}

struct Names {
    visible: FxHashSet<String>,
    variables: FxHashMap<String, Variable>,
    blanks: FxHashMap<BlankNode, BlankNode>,
    next: usize,
}

impl Names {
    fn of(query: &Query) -> Self {
        Self {
            visible: visible(query),
            variables: FxHashMap::default(),
            blanks: FxHashMap::default(),
            next: 0,
        }
    }

    fn variable(&mut self, variable: &mut Variable) {
        if self.visible.contains(variable.as_str()) {
            return;
        }
        if let Some(name) = self.variables.get(variable.as_str()) {
            *variable = name.clone();
            return;
        }
        let name = loop {
            let name = format!("_{}", self.next);
            self.next += 1;
            if !self.visible.contains(&name) {
                break Variable::new_unchecked(name);
            }
        };
        let old = std::mem::replace(variable, name.clone());
        self.variables.insert(old.into_string(), name);
    }

    fn blank(&mut self, blank: &mut BlankNode) {
        let number = self.blanks.len();
        let name = self.blanks.entry(blank.clone());
        *blank = name.or_insert_with(|| BlankNode::new_unchecked(format!("b{number}"))).clone();
    }

    fn term(&mut self, term: &mut TermPattern) {
        match term {
            TermPattern::Variable(variable) => self.variable(variable),
            TermPattern::BlankNode(blank) => self.blank(blank),
            TermPattern::Triple(triple) => self.triple(triple),
            TermPattern::NamedNode(_) | TermPattern::Literal(_) => {}
        }
    }

    fn name(&mut self, name: &mut NamedNodePattern) {
        if let NamedNodePattern::Variable(variable) = name {
            self.variable(variable);
        }
    }

    fn triple(&mut self, triple: &mut TriplePattern) {
        self.term(&mut triple.subject);
        self.name(&mut triple.predicate);
        self.term(&mut triple.object);
    }

    /// Whatever is inside of a part gets its names before the part itself, so that the order of a list of variables,
    /// which may be that of their old names (`*`), names nothing.
    fn pattern(&mut self, pattern: &mut GraphPattern, place: Place) {
        match pattern {
            GraphPattern::Bgp { patterns } => patterns.iter_mut().for_each(|triple| self.triple(triple)),
            GraphPattern::Path { subject, object, .. } => {
                self.term(subject);
                self.term(object);
            }
            GraphPattern::Join { left, right }
            | GraphPattern::Lateral { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right } => {
                self.pattern(left, Place::Inside);
                self.pattern(right, Place::Inside);
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.pattern(left, Place::Inside);
                self.pattern(right, Place::Inside);
                if let Some(expression) = expression {
                    self.expression(expression);
                }
            }
            GraphPattern::Filter { expr, inner } => {
                self.pattern(inner, Place::Inside);
                self.expression(expr);
            }
            GraphPattern::Extend { inner, variable, expression } => {
                self.pattern(inner, Place::Inside);
                self.expression(expression);
                self.variable(variable);
            }
            GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
                self.name(name);
                self.pattern(inner, Place::Inside);
            }
            GraphPattern::Values { variables, .. } => {
                variables.iter_mut().for_each(|variable| self.variable(variable));
            }
            GraphPattern::OrderBy { inner, expression } => {
                self.pattern(inner, place);
                for order in expression {
                    let (OrderExpression::Asc(by) | OrderExpression::Desc(by)) = order;
                    self.expression(by);
                }
            }
            GraphPattern::Project { inner, variables } => {
                self.pattern(inner, Place::Inside);
                variables.iter_mut().for_each(|variable| self.variable(variable));
                if place == Place::Inside {
                    variables.sort_unstable();
                }
            }
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner, place),
            GraphPattern::Group { inner, variables, aggregates } => {
                self.pattern(inner, Place::Inside);
                variables.iter_mut().for_each(|variable| self.variable(variable));
                for (variable, aggregate) in aggregates {
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        self.expression(expr);
                    }
                    self.variable(variable);
                }
            }
        }
    }

    fn expression(&mut self, expression: &mut Expression) {
        match expression {
            Expression::Variable(variable) | Expression::Bound(variable) => self.variable(variable),
            Expression::Exists(pattern) => self.pattern(pattern, Place::Inside),
            other => parts_mut(other).into_iter().for_each(|part| self.expression(part)),
        }
    }
}

/// Whether no order of rows, anywhere in the query, can show in its answer.
fn shows_no_order(query: &Query) -> bool {
    match query {
        Query::Ask { pattern, .. } => has_no_cut(pattern),
        Query::Select { pattern, .. } => {
            let mut at = pattern;
            loop {
                match at {
                    // Only of the one row of an aggregate without groups, and only of counts.
                    GraphPattern::Project { inner, .. } => at = inner,
                    GraphPattern::Extend { inner, expression: Expression::Variable(_), .. } => at = inner,
                    GraphPattern::Group { inner, variables, aggregates } => {
                        let counts = aggregates.iter().all(|(_, aggregate)| {
                            matches!(
                                aggregate,
                                AggregateExpression::CountSolutions { .. }
                                    | AggregateExpression::FunctionCall {
                                        name: AggregateFunction::Count,
                                        expr: Expression::Variable(_),
                                        ..
                                    }
                            )
                        });
                        return variables.is_empty() && counts && has_no_cut(inner);
                    }
                    _ => return false,
                }
            }
        }
        Query::Construct { .. } | Query::Describe { .. } => false,
    }
}

/// Whether the pattern is made of what has no order only. What is left out here (slices, subqueries, groups, anything
/// that holds an `EXISTS` or computes a value) is not wrong, only not looked into.
fn has_no_cut(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => true,
        GraphPattern::Join { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right }
        | GraphPattern::LeftJoin { left, right, expression: None } => has_no_cut(left) && has_no_cut(right),
        GraphPattern::Graph { inner, .. } | GraphPattern::Project { inner, .. } => has_no_cut(inner),
        GraphPattern::Filter { expr, inner } => is_plain(expr) && has_no_cut(inner),
        _ => false,
    }
}

fn is_plain(expression: &Expression) -> bool {
    !matches!(expression, Expression::Exists(_)) && parts(expression).into_iter().all(is_plain)
}

/// Sorts the triple patterns of each basic graph pattern by their constants and visible names; what is alike stays in
/// its order. Two queries that differ in the order of patterns that are alike may therefore have different keys.
struct Sorting {
    visible: FxHashSet<String>,
}

impl Sorting {
    fn pattern(&self, pattern: &mut GraphPattern) {
        match pattern {
            GraphPattern::Bgp { patterns } => patterns.sort_by_cached_key(|triple| self.likeness(triple)),
            GraphPattern::Join { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right }
            | GraphPattern::LeftJoin { left, right, .. } => {
                self.pattern(left);
                self.pattern(right);
            }
            GraphPattern::Project { inner, .. }
            | GraphPattern::Extend { inner, .. }
            | GraphPattern::Group { inner, .. }
            | GraphPattern::Filter { inner, .. }
            | GraphPattern::Graph { inner, .. } => self.pattern(inner),
            _ => {}
        }
    }

    fn likeness(&self, triple: &TriplePattern) -> [String; 3] {
        let predicate = match &triple.predicate {
            NamedNodePattern::NamedNode(node) => node.to_string(),
            NamedNodePattern::Variable(variable) => self.variable(variable),
        };
        [predicate, self.term(&triple.object), self.term(&triple.subject)]
    }

    fn term(&self, term: &TermPattern) -> String {
        match term {
            TermPattern::Variable(variable) => self.variable(variable),
            TermPattern::BlankNode(_) => "_:".to_owned(),
            TermPattern::Triple(triple) => self.likeness(triple).join(" "),
            TermPattern::NamedNode(_) | TermPattern::Literal(_) => term.to_string(),
        }
    }

    fn variable(&self, variable: &Variable) -> String {
        if self.visible.contains(variable.as_str()) { variable.to_string() } else { "?".to_owned() }
    }
}

#[cfg(test)]
mod tests;
