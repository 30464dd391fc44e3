//! What an expression is made of: the one list of SPARQL's operators and their operands.
//!
//! A pattern inside of `EXISTS` is no expression; who walks asks for it by itself.

use spargebra::algebra::{Expression, Function};

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

/// Whether a function gives the same for the same arguments, whenever it is asked.
pub(super) fn is_lasting(function: &Function) -> bool {
    !matches!(function, Function::Rand | Function::Now | Function::Uuid | Function::StrUuid | Function::BNode)
}
