//! Where evaluation differs from the standard, the query is brought into a form in which it does not.
//!
//! Oxigraph's evaluator, and with it all that has to give the same answers, differs from SPARQL 1.1 in three things that
//! the suites of the W3C show:
//! - the variable of `GRAPH ?g { … }` is bound inside of the braces from the start, where the standard (18.6) evaluates
//!   the pattern in each graph and joins its name afterwards. That shows when something inside looks at the variable, or
//!   counts, or cuts; then the graphs are written out, each in an arm of a `UNION`;
//! - a path of no steps from a constant is found only where the constant is a node of the graph; the standard (18.4)
//!   finds it anyway. Where the constant is no node, the path is the constant itself;
//! - `GROUP_CONCAT` keeps a language that all texts have in common; in the standard (18.5.1.7) it is plain text.

use super::parts::{children, children_mut, parts};
use super::touch::can_be_empty;
use oxrdf::{NamedNode, Term, Variable};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, Function, GraphPattern};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern};

/// Graphs are written out up to this number: a query grows with each.
const MOST_GRAPHS: usize = 128;

/// What has to be known of the data.
pub(super) trait Data {
    /// The graphs that `GRAPH ?g` ranges over, in order; no more than asked for.
    fn named_graphs(&self, most: usize) -> Vec<NamedNode>;
    /// Whether `GRAPH` can reach a graph of that name.
    fn has_graph(&self, graph: &NamedNode) -> bool;
    /// Whether a term is subject or object of a statement in the default graph, or in the graph of that name.
    fn is_node(&self, term: &Term, graph: Option<&NamedNode>) -> bool;
}

/// Whether a query says something that [`resolved`] would bring into another form.
pub(super) fn is_needed(pattern: &GraphPattern) -> bool {
    let here = match pattern {
        GraphPattern::Graph { name: NamedNodePattern::Variable(name), inner } => !is_plain(inner, name),
        GraphPattern::Path { subject, path, object } => {
            can_be_empty(path) && (constant(subject).is_some() || constant(object).is_some())
        }
        _ => false,
    };
    here || children(pattern).into_iter().any(is_needed)
}

/// Brings the pattern of a query into a form that is evaluated as the standard has it.
pub(super) fn resolve(pattern: &mut GraphPattern, data: &dyn Data) {
    graphs(pattern, data);
    paths(pattern, None, data);
}

/// Texts that `GROUP_CONCAT` joins are plain.
pub(super) fn plain_concat(pattern: &mut GraphPattern) {
    children_mut(pattern).into_iter().for_each(plain_concat);
    let GraphPattern::Group { aggregates, .. } = pattern else { return };
    let mut renamed = Vec::new();
    for (variable, aggregate) in aggregates {
        let name = match aggregate {
            AggregateExpression::FunctionCall { name, .. } => name,
            AggregateExpression::CountSolutions { .. } => continue,
        };
        if matches!(name, AggregateFunction::GroupConcat { .. }) {
            // No query can name it.
            let tagged = Variable::new_unchecked(format!("{}#", variable.as_str()));
            renamed.push((std::mem::replace(variable, tagged.clone()), tagged));
        }
    }
    for (variable, tagged) in renamed {
        let expression = Expression::FunctionCall(Function::Str, vec![tagged.into()]);
        let inner = Box::new(std::mem::take(pattern));
        *pattern = GraphPattern::Extend { inner, variable, expression };
    }
}

/// Whether it is the same for a pattern that the variable of `GRAPH` is bound inside, and that it is joined afterwards.
pub(super) fn is_plain(pattern: &GraphPattern, name: &Variable) -> bool {
    let free = |expression: &Expression| !mentions(expression, name);
    match pattern {
        GraphPattern::Bgp { .. } => true,
        // A path of no steps from a constant is found in each graph, as long as it is told which.
        GraphPattern::Path { subject, path, object } => {
            !can_be_empty(path) || (constant(subject).is_none() && constant(object).is_none())
        }
        GraphPattern::Join { left, right } | GraphPattern::Union { left, right } => {
            is_plain(left, name) && is_plain(right, name)
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            is_plain(left, name)
                && is_plain(right, name)
                && expression.as_ref().is_none_or(free)
                && !in_scope(right, name)
        }
        GraphPattern::Filter { expr, inner } => is_plain(inner, name) && free(expr),
        GraphPattern::Extend { inner, expression, .. } => is_plain(inner, name) && free(expression),
        _ => false,
    }
}

fn in_scope(pattern: &GraphPattern, name: &Variable) -> bool {
    let mut found = false;
    pattern.on_in_scope_variable(|variable| found |= variable == name);
    found
}

/// Whether an expression looks at the variable, or at a pattern, which may.
fn mentions(expression: &Expression, name: &Variable) -> bool {
    match expression {
        Expression::Variable(variable) | Expression::Bound(variable) => variable == name,
        Expression::Exists(pattern) => !is_plain(pattern, name) || in_scope(pattern, name),
        other => parts(other).into_iter().any(|part| mentions(part, name)),
    }
}

/// Writes out the graphs of `GRAPH ?g` where that makes a difference.
fn graphs(pattern: &mut GraphPattern, data: &dyn Data) {
    children_mut(pattern).into_iter().for_each(|child| graphs(child, data));
    let GraphPattern::Graph { name: NamedNodePattern::Variable(name), inner } = pattern else { return };
    if is_plain(inner, name) {
        return;
    }
    let all = data.named_graphs(MOST_GRAPHS + 1);
    if all.len() > MOST_GRAPHS {
        return;
    }
    let arm = |graph: NamedNode| {
        let bindings = vec![vec![Some(GroundTerm::NamedNode(graph.clone()))]];
        let named = GraphPattern::Values { variables: vec![name.clone()], bindings };
        let inside = GraphPattern::Graph { name: graph.into(), inner: inner.clone() };
        GraphPattern::Join { left: Box::new(inside), right: Box::new(named) }
    };
    let either = |left, right| GraphPattern::Union { left: Box::new(left), right: Box::new(right) };
    let mut variables = vec![name.clone()];
    inner.on_in_scope_variable(|variable| {
        if !variables.contains(variable) {
            variables.push(variable.clone());
        }
    });
    let none = GraphPattern::Values { variables, bindings: Vec::new() };
    *pattern = all.into_iter().map(arm).reduce(either).unwrap_or(none);
}

/// Finds paths of no steps from constants that are no nodes.
fn paths(pattern: &mut GraphPattern, graph: Option<&NamedNode>, data: &dyn Data) {
    match pattern {
        GraphPattern::Graph { name: NamedNodePattern::NamedNode(name), inner } if data.has_graph(name) => {
            paths(inner, Some(name), data);
        }
        // In a graph that there is not, nothing is found; and what is left of the others has no such paths.
        GraphPattern::Graph { .. } => {}
        GraphPattern::Path { subject, path, object } if can_be_empty(path) => {
            let ends = (constant(subject), constant(object));
            let lost = |term: &Term| !data.is_node(term, graph);
            let only = match (ends, &*subject, &*object) {
                ((Some(one), Some(other)), ..) if lost(&one) => {
                    let same = if one == other { vec![Vec::new()] } else { Vec::new() };
                    GraphPattern::Values { variables: Vec::new(), bindings: same }
                }
                ((Some(term), None), _, TermPattern::Variable(variable))
                | ((None, Some(term)), TermPattern::Variable(variable), _)
                    if lost(&term) =>
                {
                    let Ok(term) = GroundTerm::try_from(term) else { return };
                    GraphPattern::Values {
                        variables: vec![variable.clone()],
                        bindings: vec![vec![Some(term)]],
                    }
                }
                _ => return,
            };
            *pattern = only;
        }
        other => children_mut(other).into_iter().for_each(|child| paths(child, graph, data)),
    }
}

fn constant(term: &TermPattern) -> Option<Term> {
    match term {
        TermPattern::NamedNode(node) => Some(node.clone().into()),
        TermPattern::Literal(literal) => Some(literal.clone().into()),
        _ => None,
    }
}

/// The pattern of a query.
pub(super) fn pattern_mut(query: &mut Query) -> &mut GraphPattern {
    match query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => pattern,
    }
}
