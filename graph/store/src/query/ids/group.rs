//! `GROUP BY` and the aggregates, over ids; and `DISTINCT`.
//!
//! Rows are numbered by their group, groups in the order in which they come. Counting needs nothing of a term; sums look at
//! each distinct number once. Types of sums and averages, and what an error does to each aggregate, are spareval's: one
//! unbound value leaves a sum, a least or a greatest value unbound, and is not counted.

use super::executor::{Executor, POLL};
use super::plan::{Aggregate, KeyValue, Plan};
use super::rows::{Rows, UNBOUND};
use super::sum::{Sum, number};
use super::want::Want;
use crate::query::evaluate::EvaluateError;
use crate::query::explain::Step;
use oxrdf::{Literal, Term, Variable};
use rustc_hash::{FxHashMap, FxHashSet};
use spareval::ExpressionTerm;
use spargebra::algebra::AggregateFunction;
use std::cmp::Ordering;

/// For each row the number of its group, and a row of each group.
struct Groups {
    of: Vec<u32>,
    first: Vec<u32>,
}

impl Executor<'_> {
    pub(super) fn group(
        &self,
        inner: &Plan,
        keys: &[Variable],
        aggregates: &[(Variable, Aggregate)],
    ) -> Result<Rows, EvaluateError> {
        let all_solutions = aggregates
            .iter()
            .any(|(_, aggregate)| matches!(aggregate, Aggregate::Solutions { distinct: true }));
        let mut want = if all_solutions { Want::default() } else { Want::columns(keys.to_vec()) };
        for (_, aggregate) in aggregates {
            want = want.and(aggregate.variables());
        }
        want.set = aggregates.iter().all(|(_, aggregate)| takes_sets(aggregate));
        let rows = self.deeper(|| self.run(inner, &want))?;
        let count_alone =
            |aggregate: &Aggregate| matches!(aggregate, Aggregate::Solutions { distinct: false });
        if keys.is_empty() && aggregates.iter().all(|(_, aggregate)| count_alone(aggregate)) {
            self.note(|| Step::left(1, format!("count: {} rows", rows.len())));
            let mut counted = Rows::blank(1);
            for (variable, _) in aggregates {
                counted.push(variable.clone(), self.integers(&[rows.len() as u64])?);
            }
            return Ok(counted);
        }
        let _held = self.hold(&rows)?;
        let groups = self.groups(&rows, keys)?;
        self.note(|| {
            let found = groups.first.len();
            Step::left(found, format!("group: {} rows become {found} groups", rows.len()))
        });
        let mut grouped = Rows::blank(groups.first.len());
        for key in keys {
            let column = match rows.column(key) {
                Some(column) if !rows.is_empty() => {
                    groups.first.iter().map(|&row| column[row as usize]).collect()
                }
                _ => vec![UNBOUND; groups.first.len()],
            };
            if grouped.position(key).is_none() {
                grouped.push(key.clone(), column);
            }
        }
        for (variable, aggregate) in aggregates {
            let column = self.aggregate_of(&rows, &groups, aggregate, all_solutions.then_some(inner))?;
            grouped.push(variable.clone(), column);
        }
        Ok(grouped)
    }

    fn groups(&self, rows: &Rows, keys: &[Variable]) -> Result<Groups, EvaluateError> {
        self.fits(rows.len() as u64 * 4)?;
        if keys.is_empty() {
            // There is one group even of no rows.
            return Ok(Groups { of: vec![0; rows.len()], first: vec![0] });
        }
        let columns: Vec<&[u32]> = keys.iter().filter_map(|key| rows.column(key)).collect();
        let Some((first, rest)) = columns.split_first() else {
            let first = if rows.is_empty() { Vec::new() } else { vec![0] };
            return Ok(Groups { of: vec![0; rows.len()], first });
        };
        let mut groups = self.number(first, None)?;
        for column in rest {
            groups = self.number(column, Some(&groups.of))?;
        }
        Ok(groups)
    }

    /// Numbers rows by a column and, if given, their numbers so far.
    fn number(&self, column: &[u32], sofar: Option<&[u32]>) -> Result<Groups, EvaluateError> {
        let (mut of, mut first) = (Vec::with_capacity(column.len()), Vec::new());
        if sofar.is_none() && column.is_sorted() {
            let mut last = None;
            for (row, &id) in column.iter().enumerate() {
                if last != Some(id) {
                    first.push(row as u32);
                    last = Some(id);
                }
                of.push(first.len() as u32 - 1);
            }
            self.poll()?;
            return Ok(Groups { of, first });
        }
        // A table over all ids is the quickest while it is not much larger than the rows.
        let (low, high) = column.iter().fold((u32::MAX, 0), |(low, high), &id| (low.min(id), high.max(id)));
        let span = high.wrapping_sub(low) as usize;
        if sofar.is_none() && span / 8 < column.len() {
            let mut numbers = vec![u32::MAX; span + 1];
            self.fits(span as u64 * 4)?;
            for (row, &id) in column.iter().enumerate() {
                let number = &mut numbers[(id - low) as usize];
                if *number == u32::MAX {
                    *number = first.len() as u32;
                    first.push(row as u32);
                }
                of.push(*number);
            }
            self.poll()?;
            return Ok(Groups { of, first });
        }
        let mut numbers: FxHashMap<u64, u32> = FxHashMap::default();
        for (row, &id) in column.iter().enumerate() {
            if row.is_multiple_of(POLL) {
                self.poll()?;
                self.fits(numbers.len() as u64 * 24)?;
            }
            let key = u64::from(sofar.map_or(0, |sofar| sofar[row])) << 32 | u64::from(id);
            of.push(*numbers.entry(key).or_insert_with(|| {
                first.push(row as u32);
                first.len() as u32 - 1
            }));
        }
        Ok(Groups { of, first })
    }

    /// Each row once, at its first place.
    pub(super) fn distinct(&self, rows: Rows) -> Result<Rows, EvaluateError> {
        if rows.variables().is_empty() {
            return Ok(Rows::blank(rows.len().min(1)));
        }
        let variables = rows.variables().to_vec();
        let groups = self.groups(&rows, &variables)?;
        if groups.first.len() == rows.len() {
            return Ok(rows);
        }
        Ok(rows.pick(&groups.first))
    }

    fn aggregate_of(
        &self,
        rows: &Rows,
        groups: &Groups,
        aggregate: &Aggregate,
        whole: Option<&Plan>,
    ) -> Result<Vec<u32>, EvaluateError> {
        let count = groups.first.len();
        let (function, argument, distinct) = match aggregate {
            Aggregate::Solutions { distinct: false } => {
                let mut counts = vec![0_u64; count];
                groups.of.iter().for_each(|&group| counts[group as usize] += 1);
                return self.integers(&counts);
            }
            Aggregate::Solutions { distinct: true } => {
                let columns = whole.map(Plan::possible).unwrap_or_default();
                let mut numbers = groups.of.clone();
                for column in columns.iter().filter_map(|name| rows.column(name)) {
                    numbers = self.number(column, Some(&numbers))?.of;
                }
                let mut seen = FxHashSet::default();
                let mut counts = vec![0_u64; count];
                for (&number, &group) in numbers.iter().zip(&groups.of) {
                    if seen.insert((group, number)) {
                        counts[group as usize] += 1;
                    }
                }
                return self.integers(&counts);
            }
            Aggregate::Of { function, argument, distinct } => (function, argument, *distinct),
        };
        let computed;
        let values = match argument {
            KeyValue::Variable(variable) => match rows.column(variable) {
                Some(column) => column,
                None => {
                    computed = vec![UNBOUND; rows.len()];
                    &computed
                }
            },
            KeyValue::Value(value) => {
                computed = value.compute(rows, &mut self.locals.borrow_mut())?;
                &computed
            }
        };
        // The rows that count: with DISTINCT the first of each value in its group.
        let mut taken: Vec<(u32, u32)> = groups.of.iter().copied().zip(values.iter().copied()).collect();
        self.fits(taken.len() as u64 * 8)?;
        if distinct && *function == AggregateFunction::Count {
            taken.retain(|&(_, value)| value != UNBOUND);
            taken.sort_unstable();
            taken.dedup();
        } else if distinct {
            let mut seen = FxHashSet::default();
            taken.retain(|&pair| seen.insert(pair));
        }
        self.poll()?;
        match function {
            AggregateFunction::Count => {
                let mut counts = vec![0_u64; count];
                for &(group, value) in &taken {
                    counts[group as usize] += u64::from(value != UNBOUND);
                }
                self.integers(&counts)
            }
            AggregateFunction::Min => self.extremes(count, &taken, Ordering::Less),
            AggregateFunction::Max => self.extremes(count, &taken, Ordering::Greater),
            AggregateFunction::Sum => self.sums(count, &taken, Sum::total),
            AggregateFunction::Avg => self.sums(count, &taken, Sum::average),
            AggregateFunction::Sample => {
                let mut samples = vec![UNBOUND; count];
                for &(group, value) in &taken {
                    if samples[group as usize] == UNBOUND {
                        samples[group as usize] = value;
                    }
                }
                samples.into_iter().map(|id| self.normal(id)).collect()
            }
            AggregateFunction::GroupConcat { separator } => {
                self.concatenate(count, &taken, separator.as_deref().unwrap_or(" "))
            }
            // Compilation leaves these to spareval.
            AggregateFunction::Custom(_) => Ok(vec![UNBOUND; count]),
        }
    }

    fn integers(&self, counts: &[u64]) -> Result<Vec<u32>, EvaluateError> {
        let mut known: FxHashMap<u64, u32> = FxHashMap::default();
        counts
            .iter()
            .map(|&count| {
                if let Some(&id) = known.get(&count) {
                    return Ok(id);
                }
                let id = self.intern(Literal::from(count as i64).into())?;
                known.insert(count, id);
                Ok(id)
            })
            .collect()
    }

    fn extremes(
        &self,
        count: usize,
        taken: &[(u32, u32)],
        wanted: Ordering,
    ) -> Result<Vec<u32>, EvaluateError> {
        let mut best: Vec<Option<u32>> = vec![None; count];
        for (n, &(group, value)) in taken.iter().enumerate() {
            if n.is_multiple_of(POLL) {
                self.poll()?;
            }
            let best = &mut best[group as usize];
            *best = match *best {
                None => Some(value),
                // An error stays one.
                Some(UNBOUND) => Some(UNBOUND),
                _ if value == UNBOUND => Some(UNBOUND),
                Some(known) if self.compare_ids(value, known) == wanted => Some(value),
                known => known,
            };
        }
        best.into_iter().map(|best| self.normal(best.unwrap_or(UNBOUND))).collect()
    }

    /// The term as an expression gives it back: numbers and dates in their canonical form.
    fn normal(&self, id: u32) -> Result<u32, EvaluateError> {
        match self.term(id) {
            Some(term @ Term::Literal(_)) => self.intern(ExpressionTerm::from(term).into()),
            _ => Ok(id),
        }
    }

    fn sums(
        &self,
        count: usize,
        taken: &[(u32, u32)],
        result: impl Fn(&Sum) -> Option<Literal>,
    ) -> Result<Vec<u32>, EvaluateError> {
        let mut known = FxHashMap::default();
        let mut sums = vec![Sum::default(); count];
        for (n, &(group, value)) in taken.iter().enumerate() {
            self.grow(n, 0)?;
            let number = *known.entry(value).or_insert_with(|| self.term(value).and_then(number));
            sums[group as usize].add(number);
        }
        sums.iter()
            .map(|sum| result(sum).map_or(Ok(UNBOUND), |literal| self.intern(literal.into())))
            .collect()
    }

    fn concatenate(
        &self,
        count: usize,
        taken: &[(u32, u32)],
        separator: &str,
    ) -> Result<Vec<u32>, EvaluateError> {
        enum Text {
            Nothing,
            Broken,
            Some(String, Option<String>),
        }
        let mut texts: Vec<Text> = (0..count).map(|_| Text::Nothing).collect();
        let mut bytes = 0_u64;
        for (n, &(group, value)) in taken.iter().enumerate() {
            if n.is_multiple_of(POLL) {
                self.poll()?;
                self.fits(bytes)?;
            }
            let text = &mut texts[group as usize];
            let (value, language) = match self.term(value).map(ExpressionTerm::from) {
                Some(ExpressionTerm::StringLiteral(value)) => (value, None),
                Some(ExpressionTerm::LangStringLiteral { value, language }) => (value, Some(language)),
                _ => {
                    *text = Text::Broken;
                    continue;
                }
            };
            bytes += (value.len() + separator.len()) as u64;
            match text {
                Text::Broken => {}
                Text::Nothing => *text = Text::Some(value, language),
                Text::Some(all, known) => {
                    if *known != language {
                        *known = None;
                    }
                    all.push_str(separator);
                    all.push_str(&value);
                }
            }
        }
        texts
            .into_iter()
            .map(|text| {
                let literal = match text {
                    Text::Broken => return Ok(UNBOUND),
                    Text::Nothing => Literal::from(""),
                    Text::Some(all, None) => Literal::from(all),
                    Text::Some(all, Some(language)) => {
                        Literal::new_language_tagged_literal_unchecked(all, language)
                    }
                };
                self.intern(literal.into())
            })
            .collect()
    }
}

/// Whether an aggregate is the same when equal solutions are left out.
fn takes_sets(aggregate: &Aggregate) -> bool {
    match aggregate {
        Aggregate::Solutions { distinct } => *distinct,
        Aggregate::Of { function, distinct, .. } => {
            *distinct || matches!(function, AggregateFunction::Min | AggregateFunction::Max)
        }
    }
}
