//! A walk over a parsed query: how deep its tree is, and how much there is of what is bounded.
//!
//! The depth of the tree is what the engine's own recursion will follow, and even dropping the tree follows it;
//! chains of operators make it deep without any bracket. The walk recurses too and belongs on a large stack.

use super::parts::parts;
use super::search;
use spargebra::Query;
use spargebra::algebra::{
    AggregateExpression, AggregateFunction, Expression, Function, GraphPattern, OrderExpression,
    PropertyPathExpression as Path,
};
use spargebra::term::NamedNodePattern;

/// What the tree of a query is like.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) depth: usize,
    /// The steps of the longest path.
    pub(super) path_steps: usize,
    /// The rows of all `VALUES`.
    pub(super) values_rows: usize,
    pub(super) search: bool,
    /// Whether an expression computes, looks into texts or calls a function.
    computes: bool,
}

/// A plain query has a tree of at most so many levels.
const LOW: usize = 24;

impl Shape {
    pub(super) fn of(query: &Query) -> Self {
        let mut shape = Self::default();
        match query {
            Query::Select { pattern, .. }
            | Query::Construct { pattern, .. }
            | Query::Describe { pattern, .. }
            | Query::Ask { pattern, .. } => shape.pattern(pattern, 1),
        }
        shape
    }

    /// Whether each row is little work: expressions only compare, and ask what a term is.
    pub(super) fn is_plain(&self) -> bool {
        self.depth <= LOW && !self.computes && !self.search
    }

    fn pattern(&mut self, pattern: &GraphPattern, depth: usize) {
        self.depth = self.depth.max(depth);
        let next = depth + 1;
        match pattern {
            GraphPattern::Bgp { .. } => {}
            GraphPattern::Values { bindings, .. } => self.values_rows += bindings.len(),
            GraphPattern::Path { path, .. } => {
                let steps = self.path(path, next);
                self.path_steps = self.path_steps.max(steps);
            }
            GraphPattern::Join { left, right }
            | GraphPattern::Lateral { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right } => {
                self.pattern(left, next);
                self.pattern(right, next);
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.pattern(left, next);
                self.pattern(right, next);
                expression.iter().for_each(|expression| self.expression(expression, next));
            }
            GraphPattern::Filter { expr: expression, inner }
            | GraphPattern::Extend { inner, expression, .. } => {
                self.pattern(inner, next);
                self.expression(expression, next);
            }
            GraphPattern::Service { name, inner, .. } => {
                // The search for words is here, and no other host is called.
                let here = matches!(name, NamedNodePattern::NamedNode(name) if search::is_here(name));
                self.search |= here;
                self.pattern(inner, next);
            }
            GraphPattern::OrderBy { inner, expression } => {
                self.pattern(inner, next);
                for order in expression {
                    let (OrderExpression::Asc(inner) | OrderExpression::Desc(inner)) = order;
                    self.expression(inner, next);
                }
            }
            GraphPattern::Group { inner, aggregates, .. } => {
                self.pattern(inner, next);
                for (_, aggregate) in aggregates {
                    if let AggregateExpression::FunctionCall { name, expr, .. } = aggregate {
                        self.computes |= matches!(
                            name,
                            AggregateFunction::GroupConcat { .. } | AggregateFunction::Custom(_)
                        );
                        self.expression(expr, next);
                    }
                }
            }
            GraphPattern::Graph { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner, next),
        }
    }

    fn expression(&mut self, expression: &Expression, depth: usize) {
        self.depth = self.depth.max(depth);
        let next = depth + 1;
        if let Expression::Exists(pattern) = expression {
            self.pattern(pattern, next);
        }
        self.computes |= !only_asks(expression);
        for part in parts(expression) {
            self.expression(part, next);
        }
    }

    /// Gives the number of steps: properties, and repetitions of something.
    fn path(&mut self, path: &Path, depth: usize) -> usize {
        self.depth = self.depth.max(depth);
        match path {
            Path::NamedNode(_) | Path::NegatedPropertySet(_) => 1,
            Path::Reverse(a) => self.path(a, depth + 1),
            Path::ZeroOrMore(a) | Path::OneOrMore(a) | Path::ZeroOrOne(a) => self.path(a, depth + 1) + 1,
            Path::Sequence(a, b) | Path::Alternative(a, b) => {
                self.path(a, depth + 1) + self.path(b, depth + 1)
            }
        }
    }
}

/// Whether an expression, apart from its parts, compares terms or asks what they are.
fn only_asks(expression: &Expression) -> bool {
    match expression {
        Expression::NamedNode(_)
        | Expression::Literal(_)
        | Expression::Variable(_)
        | Expression::Bound(_)
        | Expression::Or(..)
        | Expression::And(..)
        | Expression::Not(_)
        | Expression::Equal(..)
        | Expression::SameTerm(..)
        | Expression::Greater(..)
        | Expression::GreaterOrEqual(..)
        | Expression::Less(..)
        | Expression::LessOrEqual(..)
        | Expression::In(..)
        | Expression::Exists(_) => true,
        Expression::FunctionCall(function, _) => matches!(
            function,
            Function::Lang
                | Function::LangMatches
                | Function::Datatype
                | Function::Str
                | Function::IsIri
                | Function::IsBlank
                | Function::IsLiteral
                | Function::IsNumeric
        ),
        _ => false,
    }
}
