//! What all operators share: the index, the terms computed, and the watch on time and memory.

use super::expression::Context;
use super::rows::{Locals, Rows, UNBOUND};
use super::scope::Scope;
use crate::query::evaluate::{EvaluateError, Watch};
use crate::query::explain::Step;
use graph_index::{Index, TermId};
use oxiri::Iri;
use oxrdf::{Term, Variable};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Rows between two looks at the clock.
pub(super) const POLL: usize = 4_096;

/// The evaluation of one query.
pub(in crate::query) struct Executor<'a> {
    pub(super) index: &'a Index,
    pub(super) scope: &'a Scope,
    pub(super) base: Option<Iri<String>>,
    pub(super) context: Arc<Context>,
    pub(super) locals: RefCell<Locals>,
    pub(super) watch: &'a Watch<'a>,
    held: Cell<u64>,
    steps: Cell<usize>,
    names: Cell<u32>,
    depth: Cell<usize>,
}

/// Memory that an operator keeps while others work.
pub(super) struct Held<'e> {
    held: &'e Cell<u64>,
    bytes: u64,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.held.set(self.held.get() - self.bytes);
    }
}

impl<'a> Executor<'a> {
    pub(in crate::query) fn new(
        index: &'a Index,
        scope: &'a Scope,
        base: Option<Iri<String>>,
        context: Arc<Context>,
        watch: &'a Watch<'a>,
    ) -> Self {
        Self {
            index,
            scope,
            base,
            context,
            locals: RefCell::new(Locals::new(index.terms().len())),
            watch,
            held: Cell::new(0),
            steps: Cell::new(0),
            names: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// A step for people, indented below what calls for it.
    pub(super) fn note(&self, step: impl FnOnce() -> Step) {
        if let Some(notes) = self.watch.notes {
            notes.push(|| Step { level: self.depth.get(), ..step() });
        }
    }

    /// A part of the query as notes show it; empty when nobody reads them.
    pub(super) fn shown(&self, part: &impl ToString) -> String {
        if self.watch.notes.is_some() { part.to_string() } else { String::new() }
    }

    /// Lines of what is done inside are indented further.
    pub(super) fn deeper<R>(&self, inside: impl FnOnce() -> R) -> R {
        self.depth.set(self.depth.get() + 1);
        let result = inside();
        self.depth.set(self.depth.get() - 1);
        result
    }

    /// Whether the time is up or somebody asked to stop.
    pub(super) fn poll(&self) -> Result<(), EvaluateError> {
        self.watch.check()
    }

    /// In a loop that may make nothing for long.
    pub(super) fn step_on(&self) -> Result<(), EvaluateError> {
        let steps = self.steps.get().wrapping_add(1);
        self.steps.set(steps);
        if steps.is_multiple_of(POLL) { self.poll() } else { Ok(()) }
    }

    /// In a loop that has made so many rows of so many columns.
    pub(super) fn grow(&self, rows: usize, columns: usize) -> Result<(), EvaluateError> {
        if rows.is_multiple_of(POLL) {
            self.poll()?;
            self.fits(rows as u64 * columns as u64 * 4)?;
        }
        Ok(())
    }

    /// Whether so many bytes more may be had.
    pub(super) fn fits(&self, bytes: u64) -> Result<(), EvaluateError> {
        let limit = self.watch.limits.max_memory;
        if self.held.get() + self.locals.borrow().bytes() + bytes > limit {
            return Err(EvaluateError::Memory { limit });
        }
        Ok(())
    }

    /// Counts rows that are kept while others are made.
    pub(super) fn hold(&self, rows: &Rows) -> Result<Held<'_>, EvaluateError> {
        let bytes = rows.bytes();
        self.fits(bytes)?;
        self.held.set(self.held.get() + bytes);
        Ok(Held { held: &self.held, bytes })
    }

    /// A variable that no query can name.
    pub(super) fn fresh(&self) -> Variable {
        self.names.set(self.names.get() + 1);
        Variable::new_unchecked(format!("#{}", self.names.get()))
    }

    /// The term of an id.
    pub(super) fn term(&self, id: u32) -> Option<Term> {
        if id == UNBOUND {
            return None;
        }
        if id < self.index.terms().len() {
            return Some(self.index.terms().term(TermId(id)));
        }
        self.locals.borrow().get(id).cloned()
    }

    /// The id of a term that was computed.
    pub(super) fn intern(&self, term: Term) -> Result<u32, EvaluateError> {
        let term = graph_index::Terms::stored(term.as_ref()).unwrap_or(term);
        if let Some(id) = self.index.terms().id(term.as_ref()) {
            return Ok(id.0);
        }
        let id = self.locals.borrow_mut().intern(term);
        self.fits(0)?;
        Ok(id)
    }
}
