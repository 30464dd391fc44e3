//! Whether a query looks like little work, from exact counts.
//!
//! It is a guess about time only: who acts on it keeps narrow limits and does it the other way when they are not enough.

use super::executor::Executor;
use super::order::Ranges;
use super::plan::{Item, Plan, Test};

/// A join begins with at most so many statements.
const FEW: u64 = 500;

impl Executor<'_> {
    pub(super) fn is_little(&self, plan: &Plan) -> bool {
        match plan {
            Plan::Join(join) => {
                let none = Ranges::default();
                let counts = join.items.iter().map(|item| match item {
                    Item::Plan(plan) if self.is_little(plan) => 1,
                    Item::Plan(_) => u64::MAX,
                    item => self.counted(item, &none).count,
                });
                join.items.iter().all(own) && counts.min().unwrap_or(1) <= FEW
            }
            Plan::Values(_) => true,
            Plan::Union(branches) => branches.iter().all(|branch| self.is_little(branch)),
            Plan::Optional { left, right, .. } | Plan::Minus { left, right } => {
                self.is_little(left) && is_own(right)
            }
            Plan::Filter { inner, tests } => {
                let own = |test: &Test| match test {
                    Test::Condition(_) => true,
                    Test::Exists { plan, .. } => is_own(plan),
                };
                tests.iter().all(own) && self.is_little(inner)
            }
            Plan::Extend { inner, .. }
            | Plan::Project { inner, .. }
            | Plan::Distinct(inner)
            | Plan::Slice { inner, .. }
            | Plan::Order { inner, .. }
            | Plan::Group { inner, .. } => self.is_little(inner),
            Plan::Foreign { .. } => false,
        }
    }
}

fn own(item: &Item) -> bool {
    match item {
        Item::Pattern(_) | Item::Path(_) => true,
        Item::Plan(plan) => is_own(plan),
    }
}

/// Whether nothing of it is left to spareval, which does not look at the clock as often.
fn is_own(plan: &Plan) -> bool {
    match plan {
        Plan::Join(join) => join.items.iter().all(own),
        Plan::Values(_) => true,
        Plan::Union(branches) => branches.iter().all(is_own),
        Plan::Optional { left, right, .. } | Plan::Minus { left, right } => is_own(left) && is_own(right),
        Plan::Filter { inner, tests } => {
            let own = |test: &Test| match test {
                Test::Condition(_) => true,
                Test::Exists { plan, .. } => is_own(plan),
            };
            is_own(inner) && tests.iter().all(own)
        }
        Plan::Extend { inner, .. }
        | Plan::Project { inner, .. }
        | Plan::Distinct(inner)
        | Plan::Slice { inner, .. }
        | Plan::Order { inner, .. }
        | Plan::Group { inner, .. } => is_own(inner),
        Plan::Foreign { .. } => false,
    }
}
