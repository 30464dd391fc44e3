//! `ORDER BY`, by rank.
//!
//! The ids of the index are in the order of `ORDER BY`, so sorting is sorting numbers; an unbound value comes first. Terms
//! that differ but have one value (`1` and `1.0`) are equal as keys, which shows only when another key follows. With a
//! limit only so many are put in order, and where the first key is the object of a pattern its column is walked from that
//! end. Rows that are equal by all keys come in the order of their other columns, so that an answer is always the same.

use super::compare::{compare, same_value};
use super::executor::Executor;
use super::plan::{Key, KeyValue, Plan};
use super::rows::{Rows, UNBOUND};
use super::want::Want;
use crate::query::evaluate::EvaluateError;
use crate::query::explain::Step;
use graph_index::{Kind, TermId};
use oxrdf::{Term, Variable};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

impl Executor<'_> {
    /// Rows in order; with a limit, at least the first ones.
    pub(super) fn sorted(&self, inner: &Plan, keys: &[Key], want: &Want) -> Result<Rows, EvaluateError> {
        let need = keys.iter().fold(want.every(), |need, key| need.and(key.value.variables()));
        let rows = match want.limit {
            Some(limit) => self.top(inner, keys, limit, &need)?,
            None => self.run(inner, &need)?,
        };
        let _held = self.hold(&rows)?;
        let order = self.order(&rows, keys, want.limit)?;
        self.note(|| Step::left(order.len(), format!("in order: {} of {} rows", order.len(), rows.len())));
        let kept: Vec<Variable> = rows.variables().iter().filter(|name| want.needs(name)).cloned().collect();
        Ok(rows.project(&kept).pick(&order))
    }

    /// Solutions that have among them those that come first.
    fn top(&self, plan: &Plan, keys: &[Key], limit: usize, want: &Want) -> Result<Rows, EvaluateError> {
        let only = |names: &[Variable]| {
            keys.iter().flat_map(|key| key.value.variables()).all(|name| names.contains(name))
        };
        match plan {
            Plan::Join(join) => {
                if let Some(Key { value: KeyValue::Variable(by), descending }) = keys.first()
                    && let Some(rows) = self.join_from_end(join, by, *descending, limit, want)?
                {
                    return Ok(rows);
                }
                self.run(plan, want)
            }
            // Each row on the left gives one or more, and the keys are those of the left.
            Plan::Optional { left, right, conditions } if only(&left.certain()) => {
                let mut need = want.and(&right.possible());
                for condition in conditions {
                    need = need.and(condition.variables());
                }
                let rows = self.top(left, keys, limit, &need)?;
                let order = self.order(&rows, keys, Some(limit))?;
                let first = rows.pick(&order);
                self.optional(first, right, conditions, want)
            }
            Plan::Extend { inner, variable, value }
                if !keys.iter().any(|key| key.value.variables().contains(variable)) =>
            {
                let rows = self.top(inner, keys, limit, &want.and(value.variables()))?;
                let order = self.order(&rows, keys, Some(limit))?;
                let first = rows.pick(&order);
                self.extended(first, variable, value, want)
            }
            plan => self.run(plan, want),
        }
    }

    /// The numbers of the rows in order, or of the first ones.
    pub(super) fn order(
        &self,
        rows: &Rows,
        keys: &[Key],
        limit: Option<usize>,
    ) -> Result<Vec<u32>, EvaluateError> {
        self.fits(rows.len() as u64 * (16 + 4 * keys.len() as u64))?;
        let mut ranks: Vec<Vec<u32>> = Vec::with_capacity(keys.len());
        for (n, key) in keys.iter().enumerate() {
            let computed;
            let column = match &key.value {
                KeyValue::Variable(variable) => match rows.column(variable) {
                    Some(column) => column,
                    None => continue,
                },
                KeyValue::Value(value) => {
                    computed = value.compute(rows, &mut self.locals.borrow_mut())?;
                    &computed
                }
            };
            let mut rank = self.ranks(column, n + 1 < keys.len())?;
            if key.descending {
                rank.iter_mut().for_each(|rank| *rank = !*rank);
            }
            ranks.push(rank);
            self.poll()?;
        }
        let ties = |one: u32, other: u32| {
            let (one, other) = (one as usize, other as usize);
            let by = |columns: &[Vec<u32>]| {
                columns
                    .iter()
                    .map(|column| column[one].cmp(&column[other]))
                    .find(|order| order.is_ne())
                    .unwrap_or(Ordering::Equal)
            };
            by(ranks.get(1..).unwrap_or_default()).then_with(|| by(rows.columns())).then(one.cmp(&other))
        };
        let mut order: Vec<(u32, u32)> = match ranks.first() {
            Some(first) => first.iter().copied().zip(0..).collect(),
            None => (0..rows.len() as u32).map(|row| (0, row)).collect(),
        };
        let compare =
            |one: &(u32, u32), other: &(u32, u32)| one.0.cmp(&other.0).then_with(|| ties(one.1, other.1));
        if let Some(limit) = limit.filter(|&limit| limit < order.len()) {
            if limit == 0 {
                return Ok(Vec::new());
            }
            order.select_nth_unstable_by(limit - 1, compare);
            order.truncate(limit);
        }
        order.sort_unstable_by(compare);
        self.poll()?;
        Ok(order.into_iter().map(|(_, row)| row).collect())
    }

    /// Numbers in the order of the values; equal ones for equal values, if that matters.
    fn ranks(&self, column: &[u32], equal: bool) -> Result<Vec<u32>, EvaluateError> {
        let known = self.index.terms().len();
        if column.iter().any(|&id| id >= known && id != UNBOUND) {
            return self.ranks_of_terms(column);
        }
        let may_tie = |kind: Kind| {
            !matches!(
                kind,
                Kind::BlankNode
                    | Kind::NamedNode
                    | Kind::String
                    | Kind::LanguageString
                    | Kind::DirectionalString
            )
        };
        let ties = equal
            && Kind::ALL.into_iter().filter(|&kind| may_tie(kind)).any(|kind| {
                let ids = self.index.terms().ids_of(kind);
                !ids.is_empty() && column.iter().any(|id| ids.contains(id))
            });
        if ties {
            return self.ranks_of_terms(column);
        }
        Ok(column.iter().map(|&id| id.wrapping_add(1)).collect())
    }

    /// The same where terms have to be looked at: each distinct one once.
    fn ranks_of_terms(&self, column: &[u32]) -> Result<Vec<u32>, EvaluateError> {
        let mut distinct: Vec<u32> = column.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let mut terms: Vec<(u32, Option<Term>)> = Vec::with_capacity(distinct.len());
        for (n, id) in distinct.into_iter().enumerate() {
            self.grow(n, 40)?;
            terms.push((id, self.term(id)));
        }
        terms.sort_by(|(_, one), (_, other)| match (one, other) {
            (Some(one), Some(other)) => compare(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        });
        self.poll()?;
        let mut rank = 0;
        let mut ranks: FxHashMap<u32, u32> = FxHashMap::default();
        for (n, (id, term)) in terms.iter().enumerate() {
            let before = n.checked_sub(1).and_then(|before| terms[before].1.as_ref());
            if n > 0 && !before.zip(term.as_ref()).is_some_and(|(one, other)| same_value(one, other)) {
                rank += 1;
            }
            ranks.insert(*id, rank);
        }
        Ok(column.iter().map(|id| ranks.get(id).copied().unwrap_or_default()).collect())
    }

    /// A term of the index before another, by value; for the least and the greatest of a group.
    pub(super) fn compare_ids(&self, one: u32, other: u32) -> Ordering {
        let known = self.index.terms().len();
        if one < known && other < known {
            return TermId(one).cmp(&TermId(other));
        }
        match (self.term(one), self.term(other)) {
            (Some(one), Some(other)) => compare(&one, &other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        }
    }
}
