//! Graphs, and sets of them.

use crate::error::IndexError;
use crate::map::{Column, Folder};
use crate::statements::members;
use crate::terms::TermId;

/// For each graph its name's id, or [`Graphs::DEFAULT`], and the number of its quads: u64.
pub(crate) const GRAPHS: &str = "graphs";
/// Where the members of each set of graphs end: u32.
pub(crate) const SET_ENDS: &str = "graphs.set-ends";
/// The members of the sets: u32.
pub(crate) const SET_MEMBERS: &str = "graphs.set-members";

/// The graphs of an index.
#[derive(Debug, Clone)]
pub struct Graphs {
    names: Vec<u32>,
    counts: Vec<u64>,
    ends: Column<u32>,
    members: Column<u32>,
}

impl Graphs {
    /// Stands for the graph without a name.
    pub const DEFAULT: u32 = u32::MAX;

    pub(crate) fn open(folder: &Folder) -> Result<Self, IndexError> {
        let column = folder.column::<u64>(GRAPHS)?;
        let damaged = |reason: &str| IndexError::damaged(&folder.path(GRAPHS), reason);
        let (rows, rest) = column.as_chunks::<2>();
        let names: Option<Vec<u32>> = rows.iter().map(|row| u32::try_from(row[0]).ok()).collect();
        let names = names.filter(|_| rest.is_empty()).ok_or_else(|| damaged("its rows are no graphs"))?;
        if !names.is_sorted() {
            return Err(damaged("the graphs are not in order"));
        }
        let counts = rows.iter().map(|row| row[1]).collect();
        Ok(Self { names, counts, ends: folder.column(SET_ENDS)?, members: folder.column(SET_MEMBERS)? })
    }

    /// The graphs that have quads or were named to the builder: the ids of their names in order, and at the end
    /// [`Graphs::DEFAULT`] if the graph without a name has quads.
    #[must_use]
    pub fn names(&self) -> &[u32] {
        &self.names
    }

    /// The graphs of a set, in order as in [`Graphs::names`].
    #[must_use]
    pub fn set(&self, set: u32) -> &[u32] {
        members(&self.ends, &self.members, set as usize)
    }

    /// How many sets there are; their numbers are below it.
    #[must_use]
    pub fn sets(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    /// How many quads a graph has.
    #[must_use]
    pub fn count_of(&self, graph: TermId) -> u64 {
        self.names
            .binary_search(&graph.0)
            .ok()
            .and_then(|at| self.counts.get(at))
            .copied()
            .unwrap_or_default()
    }

    /// How many quads there are: a statement counts as often as there are graphs that make it.
    #[must_use]
    pub fn quads(&self) -> u64 {
        self.counts.iter().sum()
    }
}
