//! The one interface of evaluation: whoever has a query gets its answer here, and never asks by which means.
//!
//! A generation with an index is answered from it, and its store is not even opened: by the executor over ids
//! (`ids/`), and what that leaves by spareval over the same columns (`columns.rs`). A generation without an index is
//! answered by Oxigraph from the store.

use super::columns;
use super::evaluate::{Asked, Cancellation, EvaluateError, Evaluated, Limits, Watch, within};
use super::explain::{Explanation, Notes, Step};
use super::federation;
use super::format::ResultFormat;
use super::ids::{self, Scope, Which};
use super::prepare::Prepared;
use super::search;
use crate::error::StoreError;
use crate::snapshot::Snapshot;
use graph_index::Index;
use graph_index::items::Items;
use std::fmt;
use std::io::Write;
use std::path::Path;

/// What answers queries over one generation; cheap to clone, to be shared by threads.
#[derive(Clone)]
pub struct Engine {
    means: Means,
    items: Option<Items>,
}

#[derive(Clone)]
enum Means {
    /// Oxigraph, with the union of graphs as the engine has it: a statement of two graphs comes twice.
    Plain(Snapshot),
    /// The executor over ids, and spareval over the columns for what it leaves.
    Ids(Index),
    /// spareval over the columns alone.
    Columns(Index),
}

impl Engine {
    /// Opens the folder of a generation.
    ///
    /// # Errors
    /// [`StoreError::Open`] or [`StoreError::Index`] when what it needs is missing or damaged.
    pub fn open(generation: &Path) -> Result<Self, StoreError> {
        let folder = generation.join("index");
        if folder.is_dir() {
            let index = Index::open(&folder)?;
            let search = generation.join("search");
            let items = if search.is_dir() { Some(Items::open(&search, &index)?) } else { None };
            return Ok(Self { means: Means::Ids(index), items });
        }
        Ok(Self::plain(&Snapshot::open(&generation.join("store"))?))
    }

    /// Over an index.
    #[must_use]
    pub fn indexed(index: Index) -> Self {
        Self { means: Means::Ids(index), items: None }
    }

    /// spareval over an index, without the executor over ids: the answers are the same. For comparison.
    #[must_use]
    pub fn by_columns(index: Index) -> Self {
        Self { means: Means::Columns(index), items: None }
    }

    /// Oxigraph alone, as it is. For comparison, and for a generation without an index.
    #[must_use]
    pub fn plain(snapshot: &Snapshot) -> Self {
        Self { means: Means::Plain(snapshot.clone()), items: None }
    }

    /// The index, if answers come from one.
    #[must_use]
    pub fn index(&self) -> Option<&Index> {
        match &self.means {
            Means::Plain(_) => None,
            Means::Ids(index) | Means::Columns(index) => Some(index),
        }
    }

    /// The items, searchable, if the generation has them so.
    #[must_use]
    pub fn items(&self) -> Option<&Items> {
        self.items.as_ref()
    }

    /// Evaluates on this thread and writes the answer. Evaluation recurses along the query: bring a stack of 64 MiB.
    ///
    /// # Errors
    /// [`EvaluateError`]; what was written by then must not be taken for an answer.
    pub fn evaluate(
        &self,
        asked: &Asked<'_>,
        format: ResultFormat,
        out: &mut dyn Write,
    ) -> Result<Evaluated, EvaluateError> {
        let (index, by_ids) = match &self.means {
            Means::Plain(snapshot) => return snapshot.evaluate(asked, format, out),
            Means::Ids(index) => (index, true),
            Means::Columns(index) => (index, false),
        };
        within(asked, |watch| {
            if !format.suits(asked.prepared.kind()) {
                return Err(EvaluateError::Format(format));
            }
            let called = federation::resolved(asked.prepared, asked)?;
            let prepared = called.as_ref().unwrap_or(asked.prepared);
            let searched = search::resolved(prepared, index, self.items.as_ref(), asked.cancellation)?;
            let prepared = searched.as_ref().unwrap_or(prepared);
            let scope = Scope::of(prepared, index);
            let resolved = prepared.resolved(&scope);
            let prepared = resolved.as_ref().unwrap_or(prepared);
            let mut done = None;
            if by_ids {
                done = ids::answer(index, &scope, prepared, format, Which::All, watch, out)
                    .map_err(|error| watch.told(error))?;
            }
            let done = match done {
                Some(done) => done,
                None => {
                    asked.note(|| Step::said("all of it by spareval over the columns of the index"));
                    columns::answer(index, &scope, prepared, format, watch, out)?
                }
            };
            // Columns that cannot be read look empty while an answer is made.
            match index.damage() {
                None => Ok(done),
                Some(damage) => Err(EvaluateError::Damaged(damage.to_string())),
            }
        })
    }

    /// The answer of a query that looks like little work and cannot do harm, whatever its text: it runs no code but that of
    /// the index, recurses little and compares rather than computes. `None` for any other query. Give it narrow limits: they
    /// are kept to within a few million steps. When they are not enough, [`Engine::evaluate`] has the same answer.
    ///
    /// # Errors
    /// [`EvaluateError`]; what was written by then must not be taken for an answer.
    pub fn look_up(
        &self,
        prepared: &Prepared,
        format: ResultFormat,
        limits: &Limits,
        out: &mut dyn Write,
    ) -> Result<Option<Evaluated>, EvaluateError> {
        let Means::Ids(index) = &self.means else { return Ok(None) };
        // What another endpoint says is never little work, and a form of its own is a worker's.
        let other = prepared.calls() || prepared.resolves();
        if other || !prepared.is_plain() || !format.suits(prepared.kind()) {
            return Ok(None);
        }
        let cancellation = Cancellation::new();
        let watch = Watch { limits, cancellation: &cancellation, notes: None };
        let scope = Scope::of(prepared, index);
        let done = ids::answer(index, &scope, prepared, format, Which::Little, &watch, out)?;
        match index.damage() {
            None => Ok(done),
            Some(damage) => Err(EvaluateError::Damaged(damage.to_string())),
        }
    }

    /// How a query is answered: it is evaluated within the limits, and each part told with its rows.
    #[must_use]
    pub fn explain(&self, asked: &Asked<'_>) -> Explanation {
        let own = Notes::new();
        let notes = asked.notes.unwrap_or(&own);
        let asked = &Asked { notes: Some(notes), ..*asked };
        let index = match &self.means {
            Means::Plain(_) => return Explanation::plain(asked.prepared),
            Means::Columns(_) => return Explanation::columns(asked.prepared),
            Means::Ids(index) => index,
        };
        let run = within(asked, |watch| {
            let called = federation::resolved(asked.prepared, asked)?;
            let prepared = called.as_ref().unwrap_or(asked.prepared);
            let searched = search::resolved(prepared, index, self.items.as_ref(), asked.cancellation)?;
            let prepared = searched.as_ref().unwrap_or(prepared);
            let scope = Scope::of(prepared, index);
            let resolved = prepared.resolved(&scope);
            ids::explain(index, &scope, resolved.as_ref().unwrap_or(prepared), watch)
                .map_err(|error| watch.told(error))
        });
        match run.transpose() {
            Some(rows) => Explanation::ids(asked.prepared, notes, rows),
            None => Explanation::columns(asked.prepared),
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}
