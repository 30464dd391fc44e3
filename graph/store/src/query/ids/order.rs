//! In which order the parts of a join are taken.
//!
//! Nothing is planned ahead: after each step the number of rows is known exactly, and the part that promises the fewest
//! rows comes next. How many statements a pattern has, and how many subjects and objects a property, are read off the
//! columns; what is guessed is only how they meet: as if the smaller set of values lay within the larger.

use super::executor::Executor;
use super::path::Path;
use super::pattern::{Pattern, Slot};
use super::plan::{Item, Plan};
use super::rows::Rows;
use oxrdf::Variable;
use std::ops::Range;

/// Bounds of ids for variables, from conditions.
#[derive(Debug, Default)]
pub(super) struct Ranges(Vec<(Variable, Range<u32>)>);

impl Ranges {
    pub(super) fn add(&mut self, variable: Variable, range: Range<u32>) {
        if let Some((_, known)) = self.0.iter_mut().find(|(name, _)| *name == variable) {
            known.start = known.start.max(range.start);
            known.end = known.end.min(range.end).max(known.start);
        } else {
            self.0.push((variable, range));
        }
    }

    pub(super) fn of(&self, slot: &Slot) -> Option<&Range<u32>> {
        let variable = slot.variable()?;
        self.0.iter().find(|(name, _)| name == variable).map(|(_, range)| range)
    }
}

/// What is known of the rows of a join so far.
#[derive(Clone)]
pub(super) struct Sofar {
    pub(super) rows: f64,
    /// At most so many different values of each bound variable.
    distinct: Vec<(Variable, f64)>,
}

impl Sofar {
    pub(super) fn nothing() -> Self {
        Self { rows: 1.0, distinct: Vec::new() }
    }

    pub(super) fn of(rows: &Rows) -> Self {
        let len = rows.len() as f64;
        Self { rows: len, distinct: rows.variables().iter().map(|name| (name.clone(), len)).collect() }
    }

    /// Of some of the rows.
    pub(super) fn part(&self, rows: usize) -> Self {
        Self { rows: rows as f64, ..self.clone() }
    }

    pub(super) fn knows(&self, variable: &Variable) -> bool {
        self.distinct.iter().any(|(name, _)| name == variable)
    }

    fn values(&self, slot: &Slot) -> Option<f64> {
        let variable = slot.variable()?;
        self.distinct
            .iter()
            .find(|(name, _)| name == variable)
            .map(|(_, values)| values.min(self.rows).max(1.0))
    }

    /// After a step that left so many rows.
    pub(super) fn after(&mut self, rows: f64, seen: &[(Variable, f64)]) {
        self.rows = rows;
        for (variable, values) in seen {
            match self.distinct.iter_mut().find(|(name, _)| name == variable) {
                Some((_, known)) => *known = known.min(*values),
                None => self.distinct.push((variable.clone(), *values)),
            }
        }
    }

    pub(super) fn shares(&self, variables: &[Variable]) -> bool {
        variables.iter().any(|variable| self.knows(variable))
    }
}

/// What a part promises.
pub(super) struct Promise {
    pub(super) rows: f64,
    /// Different values of its variables.
    pub(super) values: Vec<(Variable, f64)>,
}

/// Counts that do not change while a join is ordered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) count: u64,
    subjects: u64,
    objects: u64,
}

impl Executor<'_> {
    pub(super) fn counted(&self, item: &Item, ranges: &Ranges) -> Counted {
        match item {
            Item::Pattern(pattern) => {
                let range = ranges.of(&pattern.object).filter(|_| pattern.object != pattern.subject);
                let count = pattern.count(self.index, range);
                let (subjects, objects) = pattern.distinct(self.index, count);
                Counted { count, subjects, objects }
            }
            Item::Path(path) => {
                let known = u64::from(path.subject.id().is_some() || path.object.id().is_some());
                let count = if known == 1 { 100 } else { self.index.statements().len().saturating_mul(2) };
                Counted { count, subjects: count, objects: count }
            }
            Item::Plan(plan) => {
                let count = self.guess(plan) as u64;
                Counted { count, subjects: count, objects: count }
            }
        }
    }

    /// How many rows there will be after a part is joined.
    pub(super) fn promise(&self, item: &Item, counted: Counted, sofar: &Sofar) -> Promise {
        let Counted { count, subjects, objects } = counted;
        let (count, subjects, objects) = (count as f64, subjects.max(1) as f64, objects.max(1) as f64);
        match item {
            Item::Pattern(Pattern { subject, object, .. }) => {
                let mut rows = sofar.rows * count;
                if let Some(values) = sofar.values(subject) {
                    rows /= values.max(subjects);
                }
                if let Some(values) = sofar.values(object) {
                    rows /= values.max(objects);
                }
                let seen = [(subject, subjects), (object, objects)];
                let values = seen
                    .into_iter()
                    .filter_map(|(slot, values)| Some((slot.variable()?.clone(), values)))
                    .collect();
                Promise { rows, values }
            }
            Item::Path(Path { subject, object, .. }) => {
                let known = |slot: &Slot| slot.id().is_some() || sofar.values(slot).is_some();
                let rows = match (known(subject), known(object)) {
                    (true, true) => sofar.rows,
                    (false, false) => sofar.rows * count,
                    _ => sofar.rows * 20.0,
                };
                Promise { rows, values: Vec::new() }
            }
            Item::Plan(plan) => {
                let variables = plan.possible();
                let rows = if sofar.shares(&variables) { sofar.rows.max(count) } else { sofar.rows * count };
                Promise { rows, values: variables.into_iter().map(|name| (name, count)).collect() }
            }
        }
    }

    /// About how many rows an operator gives.
    pub(super) fn guess(&self, plan: &Plan) -> f64 {
        match plan {
            Plan::Join(join) => {
                let mut ranges = Ranges::default();
                join.conditions
                    .iter()
                    .filter_map(super::expression::Condition::range)
                    .for_each(|(variable, range)| ranges.add(variable, range));
                let mut pending: Vec<(&Item, Counted)> =
                    join.items.iter().map(|item| (item, self.counted(item, &ranges))).collect();
                let mut sofar = Sofar::nothing();
                while let Some(at) = self.next(&pending, &sofar) {
                    let (item, counted) = pending.swap_remove(at);
                    let promise = self.promise(item, counted, &sofar);
                    sofar.after(promise.rows, &promise.values);
                }
                sofar.rows
            }
            Plan::Values(rows) => rows.len() as f64,
            Plan::Union(branches) => branches.iter().map(|branch| self.guess(branch)).sum(),
            Plan::Filter { inner, .. } => self.guess(inner) / 2.0,
            Plan::Slice { inner, length, .. } => {
                let inner = self.guess(inner);
                length.map_or(inner, |length| inner.min(length as f64))
            }
            Plan::Group { keys, .. } if keys.is_empty() => 1.0,
            Plan::Group { inner, .. } => self.guess(inner) / 2.0,
            Plan::Optional { left: inner, .. }
            | Plan::Minus { left: inner, .. }
            | Plan::Distinct(inner)
            | Plan::Order { inner, .. }
            | Plan::Extend { inner, .. }
            | Plan::Project { inner, .. } => self.guess(inner),
            Plan::Foreign { .. } => 100_000.0,
        }
    }

    /// The part to take next: one that shares a variable, if any does, and promises the fewest rows.
    pub(super) fn next(&self, pending: &[(&Item, Counted)], sofar: &Sofar) -> Option<usize> {
        let first = sofar.distinct.is_empty();
        pending
            .iter()
            .enumerate()
            .map(|(at, (item, counted))| {
                let apart = !first && !sofar.shares(&item.possible()) && !item.possible().is_empty();
                let rows = self.promise(item, *counted, sofar).rows;
                (at, apart, rows, counted.count)
            })
            .min_by(|one, other| {
                one.1.cmp(&other.1).then(one.2.total_cmp(&other.2)).then(one.3.cmp(&other.3))
            })
            .map(|(at, ..)| at)
    }
}
