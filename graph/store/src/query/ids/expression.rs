//! Conditions and values over ids.
//!
//! A [`Condition`] is a filter, compiled once for a query; a [`Value`] is what `BIND`, a key or an argument computes.
//! Both say exactly what the evaluator of Oxigraph says (SPARQL 1.1, chapter 17, with its extensions), and differ from it
//! in how often they ask:
//! - comparing a variable with a constant is looking where its id lies: the ids of the index are in the order of values
//!   (`spans.rs`). What the order cannot tell (moments with and without a time zone, languages, durations) is compared
//!   term by term (`exact.rs`);
//! - tests of text are made once a distinct id, without taking the text out of the dictionary, and over candidates from
//!   the n-grams of the index where a pattern allows (`text.rs`);
//! - where geometries lie is asked of the boxes of the index first (`place.rs`);
//! - all else is given to that evaluator itself, once for each distinct combination of values (`general.rs`).
//!
//! A condition is *true*, *false* or an *error* ([`Truth`]); connectives follow the table of SPARQL 1.1, 17.2.
//!
//! Not compiled, so that the caller leaves the subtree to the evaluator: `EXISTS`, and what gives another value at each
//! asking or depends on the hour (`RAND`, `UUID`, `STRUUID`, `BNODE`, `NOW`).

mod compile;
mod exact;
mod general;
mod judge;
mod needle;
mod pair;
mod place;
mod spans;
mod text;
mod values;

use super::rows::{Locals, Rows};
use crate::query::evaluate::{Cancellation, EvaluateError};
use crate::query::functions;
use graph_index::{Index, Terms};
use judge::Node;
use oxiri::Iri;
use oxrdf::{TermRef, Variable};
use spareval::{ExpressionTerm, QueryEvaluator};
use spargebra::algebra::Expression;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

pub(in crate::query) use values::Value;

/// What a query's expressions are compiled and evaluated with.
pub(in crate::query) struct Context {
    index: Index,
    base: Option<Iri<String>>,
    cancellation: Cancellation,
    deadline: Option<Instant>,
    /// Made when the first expression needs it: it knows some fifty functions.
    evaluator: OnceLock<QueryEvaluator>,
}

impl Context {
    /// The index whose ids are meant, the base that `IRI()` resolves against, and what is polled in every loop.
    #[must_use]
    pub(in crate::query) fn new(
        index: &Index,
        base: Option<Iri<String>>,
        cancellation: &Cancellation,
    ) -> Self {
        Self {
            index: index.clone(),
            base,
            cancellation: cancellation.clone(),
            deadline: None,
            evaluator: OnceLock::new(),
        }
    }

    /// The same for who has nobody that cancels at the deadline.
    #[must_use]
    pub(in crate::query) fn until(self, deadline: Option<Instant>) -> Self {
        Self { deadline, ..self }
    }

    fn evaluator(&self) -> &QueryEvaluator {
        self.evaluator.get_or_init(|| functions::evaluator(&self.cancellation))
    }

    fn terms(&self) -> &Terms {
        self.index.terms()
    }

    fn check(&self) -> Result<(), EvaluateError> {
        if self.cancellation.is_cancelled() {
            return Err(EvaluateError::Cancelled);
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(EvaluateError::Timeout);
        }
        Ok(())
    }

    /// A term as expressions see it; `None` for what is unbound.
    fn value(&self, id: u32, locals: &Locals) -> Option<ExpressionTerm> {
        if id < self.terms().len() {
            Some(self.terms().term(graph_index::TermId(id)).into())
        } else {
            locals.get(id).map(|term| term.clone().into())
        }
    }

    /// The id of a constant of the query, if the index has it.
    fn id(&self, term: TermRef<'_>) -> Option<u32> {
        self.terms().id_of_stored(term).map(|id| id.0)
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("base", &self.base).finish_non_exhaustive()
    }
}

/// What a condition says of a solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Truth {
    False = 0,
    True = 1,
    /// A value is missing or of the wrong sort.
    Error = 2,
}

impl Truth {
    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::True => Self::False,
            Self::Error => Self::Error,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// A filter.
#[derive(Debug)]
pub(in crate::query) struct Condition {
    node: Box<Node>,
    variables: Vec<Variable>,
    context: Arc<Context>,
}

impl Condition {
    /// Compiles a filter; `None` when it has to be left to the evaluator.
    #[must_use]
    pub(in crate::query) fn compile(expression: &Expression, context: &Arc<Context>) -> Option<Self> {
        let mut variables = Vec::new();
        if !compile::variables(expression, &mut variables) {
            return None;
        }
        Some(Self {
            node: Box::new(Node::compile(expression, context)?),
            variables,
            context: Arc::clone(context),
        })
    }

    /// The variables that it reads, each once, in the order of their first mention.
    #[must_use]
    pub(in crate::query) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Which solutions it is true of. A variable that the rows lack is unbound.
    ///
    /// # Errors
    /// When the query was cancelled.
    pub(in crate::query) fn keep(&self, rows: &Rows, locals: &Locals) -> Result<Vec<bool>, EvaluateError> {
        let among: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
        let truths = self.node.judge(rows, locals, &self.context, &among)?;
        Ok(truths.into_iter().map(|truth| truth == Truth::True).collect())
    }

    /// All terms of the index that it is true of, if it is a condition on one variable's text, and if finding them by the
    /// words of the index is less work than to ask it of so many. Other terms of the index need not be asked any more.
    ///
    /// # Errors
    /// When the query was cancelled.
    pub(in crate::query) fn search(&self, asked: usize) -> Result<Option<Vec<u32>>, EvaluateError> {
        match &*self.node {
            Node::One(one) => one.search(&self.context, asked),
            _ => Ok(None),
        }
    }

    /// A range that holds every id of the index for which the condition can be true, for a variable that has such a
    /// range. The condition must still be asked.
    #[must_use]
    pub(in crate::query) fn range(&self) -> Option<(Variable, Range<u32>)> {
        self.variables.iter().find_map(|variable| {
            let all = 0..self.context.terms().len();
            let range = self.node.range(variable, &all);
            (range != all).then(|| (variable.clone(), range))
        })
    }
}

#[cfg(test)]
mod tests;
