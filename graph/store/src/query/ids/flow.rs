//! Solutions in batches: an answer may be larger than what a query may hold.
//!
//! A join hands on what some statements of its first pattern make, and goes on with the next; what only looks at a row
//! at a time passes it on. What has to see all rows (sorting, grouping, `DISTINCT`) makes one batch of all, and so does
//! what would be evaluated anew for each batch.

use super::executor::Executor;
use super::joined::again;
use super::plan::{Plan, Test};
use super::rows::Rows;
use super::run::test_variables;
use super::want::Want;
use crate::query::evaluate::EvaluateError;
use oxrdf::Variable;

/// How many rows are made before they are handed on, about. The data of tests is small, and is to come in batches too.
pub(super) const BATCH: usize = if cfg!(test) { 16 } else { 1 << 16 };

/// What takes batches; it says whether it wants more.
pub(super) type Sink<'s> = dyn FnMut(Rows) -> Result<bool, EvaluateError> + 's;

impl Executor<'_> {
    /// The solutions of an operator, handed on in batches; says whether more were wanted to the end.
    pub(super) fn flow(&self, plan: &Plan, want: &Want, sink: &mut Sink<'_>) -> Result<bool, EvaluateError> {
        self.poll()?;
        match plan {
            plan if !flows(plan) => sink(self.run(plan, want)?),
            Plan::Join(join) => self.join_by(join, None, want, BATCH as f64, sink),
            Plan::Union(branches) => {
                for branch in branches {
                    if !self.flow(branch, want, sink)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Plan::Optional { left, right, conditions } => {
                let mut need = want.and(&right.possible());
                for condition in conditions {
                    need = need.and(condition.variables());
                }
                self.flow(left, &need, &mut |rows| sink(self.optional(rows, right, conditions, want)?))
            }
            Plan::Filter { inner, tests } => {
                let need = tests.iter().fold(want.clone(), |need, test| need.and(&test_variables(test)));
                self.flow(inner, &need, &mut |rows| sink(self.prune(self.filter(rows, tests)?, want)))
            }
            Plan::Extend { inner, variable, value } => {
                let need = want.and(value.variables());
                self.flow(inner, &need, &mut |rows| sink(self.extended(rows, variable, value, want)?))
            }
            Plan::Project { inner, variables } => {
                let kept: Vec<Variable> = variables.iter().filter(|name| want.needs(name)).cloned().collect();
                let need = Want { set: want.set, ..Want::columns(kept.clone()) };
                self.flow(inner, &need, &mut |rows| sink(rows.project(&kept)))
            }
            Plan::Slice { inner, start, length } => {
                let (mut skipped, mut left) = (*start, length.unwrap_or(usize::MAX));
                self.flow(inner, &want.every(), &mut |mut rows| {
                    let skip = skipped.min(rows.len());
                    rows.slice(skip, Some(left));
                    skipped -= skip;
                    left -= rows.len();
                    Ok(sink(rows)? && left > 0)
                })
            }
            plan => sink(self.run(plan, want)?),
        }
    }
}

/// Whether an operator has its solutions batch by batch, at no more than what they cost at once.
fn flows(plan: &Plan) -> bool {
    match plan {
        Plan::Join(join) => join.items.iter().all(again),
        Plan::Union(branches) => branches.iter().any(flows),
        Plan::Optional { left, right, .. } => flows(left) && meets(left, right),
        Plan::Filter { inner, tests } => {
            flows(inner)
                && tests.iter().all(|test| match test {
                    Test::Condition(_) => true,
                    Test::Exists { plan, .. } => meets(inner, plan),
                })
        }
        Plan::Extend { inner, .. } | Plan::Project { inner, .. } => flows(inner),
        // A few rows are found sooner by those who know that they are a few.
        Plan::Slice { inner, start, length } => {
            length.is_none_or(|length| start.saturating_add(length) > BATCH) && flows(inner)
        }
        _ => false,
    }
}

/// Whether rows of the left can be put into the right.
fn meets(left: &Plan, right: &Plan) -> bool {
    let (possible, certain) = (left.possible(), left.certain());
    let mut shared = right.possible();
    shared.retain(|name| possible.contains(name));
    !shared.is_empty() && right.takes_bindings() && shared.iter().all(|name| certain.contains(name))
}
