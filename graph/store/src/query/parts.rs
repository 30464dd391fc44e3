//! What patterns and expressions are made of: the one list of SPARQL's operators and their operands.
//!
//! A pattern inside of `EXISTS` is no expression; who walks along expressions asks for it by itself. It is a part of the
//! pattern that the expression stands in.

use spargebra::algebra::{AggregateExpression, Expression, Function, GraphPattern, OrderExpression};

/// The same for shared and for mutable references.
macro_rules! parts_of {
    ($expression:expr, $deref:ident) => {
        match $expression {
            Expression::NamedNode(_)
            | Expression::Literal(_)
            | Expression::Variable(_)
            | Expression::Bound(_)
            | Expression::Exists(_) => Vec::new(),
            Expression::Or(a, b)
            | Expression::And(a, b)
            | Expression::Equal(a, b)
            | Expression::SameTerm(a, b)
            | Expression::Greater(a, b)
            | Expression::GreaterOrEqual(a, b)
            | Expression::Less(a, b)
            | Expression::LessOrEqual(a, b)
            | Expression::Add(a, b)
            | Expression::Subtract(a, b)
            | Expression::Multiply(a, b)
            | Expression::Divide(a, b) => vec![a, b],
            Expression::If(a, b, c) => vec![a, b, c],
            Expression::UnaryPlus(a) | Expression::UnaryMinus(a) | Expression::Not(a) => vec![a],
            Expression::In(a, list) => std::iter::once(a.$deref()).chain(list).collect(),
            Expression::Coalesce(list) | Expression::FunctionCall(_, list) => list.into_iter().collect(),
        }
    };
}

/// The expressions that an expression is made of.
pub(super) fn parts(expression: &Expression) -> Vec<&Expression> {
    parts_of!(expression, as_ref)
}

/// As [`parts`], to be changed.
pub(super) fn parts_mut(expression: &mut Expression) -> Vec<&mut Expression> {
    parts_of!(expression, as_mut)
}

/// The same for shared and for mutable references.
macro_rules! children_of {
    ($pattern:expr, $deref:ident, $inside:ident, $iter:ident) => {
        match $pattern {
            // What stands in a service is the service's.
            GraphPattern::Bgp { .. }
            | GraphPattern::Path { .. }
            | GraphPattern::Values { .. }
            | GraphPattern::Service { .. } => Vec::new(),
            GraphPattern::Join { left, right }
            | GraphPattern::Lateral { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right } => vec![left.$deref(), right.$deref()],
            GraphPattern::LeftJoin { left, right, expression } => {
                let mut children = vec![left.$deref(), right.$deref()];
                expression.$iter().for_each(|expression| $inside(expression, &mut children));
                children
            }
            GraphPattern::Filter { expr: expression, inner }
            | GraphPattern::Extend { inner, expression, .. } => {
                let mut children = vec![inner.$deref()];
                $inside(expression, &mut children);
                children
            }
            GraphPattern::OrderBy { inner, expression } => {
                let mut children = vec![inner.$deref()];
                for order in expression {
                    let (OrderExpression::Asc(by) | OrderExpression::Desc(by)) = order;
                    $inside(by, &mut children);
                }
                children
            }
            GraphPattern::Group { inner, aggregates, .. } => {
                let mut children = vec![inner.$deref()];
                for (_, aggregate) in aggregates {
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        $inside(expr, &mut children);
                    }
                }
                children
            }
            GraphPattern::Graph { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => vec![inner.$deref()],
        }
    };
}

/// The patterns that a pattern is made of, those of `EXISTS` in its expressions as well.
pub(super) fn children(pattern: &GraphPattern) -> Vec<&GraphPattern> {
    children_of!(pattern, as_ref, inside, iter)
}

/// As [`children`], to be changed.
pub(super) fn children_mut(pattern: &mut GraphPattern) -> Vec<&mut GraphPattern> {
    children_of!(pattern, as_mut, inside_mut, iter_mut)
}

fn inside<'q>(expression: &'q Expression, found: &mut Vec<&'q GraphPattern>) {
    match expression {
        Expression::Exists(pattern) => found.push(pattern),
        other => parts(other).into_iter().for_each(|part| inside(part, found)),
    }
}

fn inside_mut<'q>(expression: &'q mut Expression, found: &mut Vec<&'q mut GraphPattern>) {
    match expression {
        Expression::Exists(pattern) => found.push(pattern),
        other => parts_mut(other).into_iter().for_each(|part| inside_mut(part, found)),
    }
}

/// Whether a function gives the same for the same arguments, whenever it is asked.
pub(super) fn is_lasting(function: &Function) -> bool {
    !matches!(function, Function::Rand | Function::Now | Function::Uuid | Function::StrUuid | Function::BNode)
}
