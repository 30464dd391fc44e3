//! Comparing two variables.

use super::exact::Comparison;
use super::{Context, Truth};
use crate::query::evaluate::EvaluateError;
use crate::query::ids::rows::{Locals, Rows, UNBOUND};
use graph_index::{Kind, TermId};
use oxrdf::Variable;
use std::cmp::Ordering;

/// How often the token is looked at.
const POLL: usize = 1_024;

/// A comparison of two variables; without one, `sameTerm`.
#[derive(Debug)]
pub(super) struct Pair {
    comparison: Option<Comparison>,
    a: Variable,
    b: Variable,
}

impl Pair {
    pub(super) fn compare(comparison: Comparison, a: Variable, b: Variable) -> Self {
        Self { comparison: Some(comparison), a, b }
    }

    pub(super) fn same(a: Variable, b: Variable) -> Self {
        Self { comparison: None, a, b }
    }

    pub(super) fn judge(
        &self,
        rows: &Rows,
        locals: &Locals,
        context: &Context,
        among: &[u32],
    ) -> Result<Vec<Truth>, EvaluateError> {
        let (Some(a), Some(b)) = (rows.column(&self.a), rows.column(&self.b)) else {
            return Ok(vec![Truth::Error; among.len()]);
        };
        let mut truths = Vec::with_capacity(among.len());
        for (n, row) in among.iter().enumerate() {
            if n % POLL == 0 {
                context.check()?;
            }
            let (a, b) = (a[*row as usize], b[*row as usize]);
            truths.push(match self.comparison {
                _ if a == UNBOUND || b == UNBOUND => Truth::Error,
                // A term has one id.
                None => (a == b).into(),
                Some(comparison) => ids(comparison, a, b, context)
                    .or_else(|| {
                        Some(comparison.judge(&context.value(a, locals)?, &context.value(b, locals)?))
                    })
                    .unwrap_or(Truth::Error),
            });
        }
        Ok(truths)
    }
}

/// What the ids alone tell.
fn ids(comparison: Comparison, a: u32, b: u32, context: &Context) -> Option<Truth> {
    let terms = context.terms();
    if a == b && comparison != Comparison::Equal {
        return Some(comparison.of(Ordering::Equal));
    }
    if a >= terms.len() || b >= terms.len() {
        return None;
    }
    let (first, second) = (terms.kind(TermId(a)), terms.kind(TermId(b)));
    match (first, second) {
        // NaN is not equal to itself, and a triple may hold one.
        (Kind::Numeric | Kind::Triple, _) | (_, Kind::Numeric | Kind::Triple) if first == second => None,
        _ if a == b => Some(comparison.of(Ordering::Equal)),
        (Kind::String, Kind::String) => Some(comparison.of(a.cmp(&b))),
        (Kind::NamedNode | Kind::BlankNode, Kind::NamedNode | Kind::BlankNode) => {
            Some(if comparison == Comparison::Equal { Truth::False } else { Truth::Error })
        }
        (Kind::LanguageString, Kind::LanguageString) if comparison == Comparison::Equal => Some(Truth::False),
        _ => None,
    }
}
