//! Evaluation over the ids of a generation's index.
//!
//! The index numbers its terms in the order of `ORDER BY` and keeps each property's statements as two sorted columns. So
//! a query is mostly work on sorted numbers, and text is looked at only for what is written in the end:
//!
//! - a *pattern* is a run of a column, and its length is known without reading it (`pattern.rs`, `scan.rs`);
//! - a *join* takes one pattern after another, each time the one that promises the fewest rows now that the number of
//!   rows so far is known (`order.rs`, `joined.rs`); a step walks sorted rows and sorted statements together (`step.rs`);
//! - `OPTIONAL`, `MINUS` and `EXISTS` put the rows they have into the other side where that is the same as evaluating it
//!   apart, and otherwise join what was made apart (`run.rs`, `compatible.rs`);
//! - *conditions* over one value are ranges of ids and cut the columns before anything is read (`expression.rs`);
//! - *grouping* counts ids (`group.rs`), *sorting* sorts ranks, and with a limit walks a column from its end (`sort.rs`);
//! - *paths* are followed once for each distinct end (`path.rs`).
//!
//! Solutions are columns too (`rows.rs`), and go out in batches where no operator has to see all of them (`flow.rs`). Each operator is told which columns, how many rows, and whether repetition
//! matters to its caller (`want.rs`), so that counting fills no column and `DISTINCT` keeps no copies.
//!
//! **Exactness.** An answer is the one that spareval gives over the same columns: `query/columns.rs`, with which
//! `query/tests/` compares thousands of random queries. What cannot be taken here (`LATERAL`, paths in `GRAPH ?g`, `EXISTS`
//! that is more than a join, custom functions) is a leaf that spareval evaluates, or the whole query goes there. Where the
//! standard leaves a choice (the order of equal rows, which value is sampled), the choice is always the same one.
//!
//! **Bounds.** Rows are counted in bytes against [`Limits::max_memory`](crate::Limits), and the clock and the
//! cancellation are looked at every few thousand rows.

mod answer;
mod compare;
mod compatible;
mod compile;
mod executor;
mod expression;
mod flow;
mod group;
mod joined;
mod little;
mod order;
mod path;
mod pattern;
mod plan;
mod rows;
mod run;
mod scan;
mod scope;
mod sort;
mod step;
mod sum;
mod want;

pub(super) use answer::{Which, answer, explain};
#[cfg(test)]
pub(super) use compare::{compare as compare_terms, same_value};
pub(super) use rows::Locals;
pub(super) use scope::{Active, Scope};

/// A query's operators.
#[derive(Debug)]
pub(super) struct Compiled(plan::Plan);
