//! The one interface of evaluation: whoever has a query gets its answer here, and never asks by which means.

use super::evaluate::{Cancellation, EvaluateError, Evaluated, Limits};
use super::format::ResultFormat;
use super::prepare::Prepared;
use crate::error::StoreError;
use crate::snapshot::Snapshot;
use std::fmt;
use std::io::Write;
use std::path::Path;

/// What answers queries over one generation; cheap to clone, to be shared by threads.
#[derive(Clone)]
pub struct Engine {
    snapshot: Snapshot,
}

impl Engine {
    /// Opens the folder of a generation.
    ///
    /// # Errors
    /// [`StoreError::Open`] when what it needs is missing or damaged.
    pub fn open(generation: &Path) -> Result<Self, StoreError> {
        Ok(Self { snapshot: Snapshot::open(&generation.join("store"))? })
    }

    /// Oxigraph alone, as it is.
    #[must_use]
    pub fn plain(snapshot: &Snapshot) -> Self {
        Self { snapshot: snapshot.clone() }
    }

    /// Evaluates on this thread and writes the answer. Evaluation recurses along the query: bring a stack of 64 MiB.
    ///
    /// # Errors
    /// [`EvaluateError`]; what was written by then must not be taken for an answer.
    pub fn evaluate(
        &self,
        prepared: &Prepared,
        format: ResultFormat,
        limits: &Limits,
        cancellation: &Cancellation,
        out: &mut dyn Write,
    ) -> Result<Evaluated, EvaluateError> {
        self.snapshot.evaluate(prepared, format, limits, cancellation, out)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}
