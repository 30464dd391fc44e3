//! The operators, one after another, from the leaves up.

use super::compatible::Overlap;
use super::executor::Executor;
use super::expression::Condition;
use super::plan::{Plan, Test};
use super::rows::{Rows, UNBOUND};
use super::want::Want;
use crate::query::evaluate::EvaluateError;
use crate::query::explain::Step;
use oxrdf::Variable;
use spargebra::algebra::GraphPattern;

impl Executor<'_> {
    /// The solutions of an operator.
    pub(super) fn run(&self, plan: &Plan, want: &Want) -> Result<Rows, EvaluateError> {
        self.poll()?;
        match plan {
            Plan::Join(join) => self.join(join, None, want),
            Plan::Values(rows) => Ok(rows.clone()),
            Plan::Optional { left, right, conditions } => {
                if want.set
                    && !right.possible().iter().any(|name| want.needs(name) && !left.certain().contains(name))
                {
                    return self.run(left, want);
                }
                let mut need = want.and(&right.possible());
                for condition in conditions {
                    need = need.and(condition.variables());
                }
                let rows = self.run(left, &need)?;
                self.optional(rows, right, conditions, want)
            }
            Plan::Union(branches) => self.union(branches, want),
            Plan::Minus { left, right } => self.minus(left, right, want),
            Plan::Filter { inner, tests } => {
                let mut need = want.unlimited();
                for test in tests {
                    need = need.and(&test_variables(test));
                }
                let rows = self.run(inner, &need)?;
                let rows = self.filter(rows, tests)?;
                Ok(self.prune(rows, want))
            }
            Plan::Extend { inner, variable, value } => {
                let rows = self.run(inner, &want.and(value.variables()))?;
                self.extended(rows, variable, value, want)
            }
            Plan::Project { inner, variables } => {
                let kept: Vec<Variable> = variables.iter().filter(|name| want.needs(name)).cloned().collect();
                let inner_want = Want { limit: want.limit, set: want.set, ..Want::columns(kept.clone()) };
                Ok(self.run(inner, &inner_want)?.project(&kept))
            }
            Plan::Distinct(inner) => {
                let all = Want::columns(inner.possible());
                let rows =
                    self.run(inner, &Want { set: true, ..if want.set { want.unlimited() } else { all } })?;
                let before = rows.len();
                let rows = self.distinct(rows)?;
                self.note(|| Step::left(rows.len(), format!("distinct: {} of {before} rows", rows.len())));
                Ok(rows)
            }
            Plan::Slice { inner, start, length } => {
                let most = length.map(|length| start.saturating_add(length));
                let limit = match (most, want.limit) {
                    (Some(most), Some(limit)) => Some(most.min(start.saturating_add(limit))),
                    (most, limit) => most.or_else(|| limit.map(|limit| start.saturating_add(limit))),
                };
                let mut rows = self.run(inner, &Want { limit, ..want.every() })?;
                rows.slice(*start, *length);
                Ok(rows)
            }
            Plan::Order { inner, keys } => self.sorted(inner, keys, want),
            Plan::Group { inner, keys, aggregates } => self.group(inner, keys, aggregates),
            Plan::Foreign { pattern, variables } => self.foreign_rows(pattern, variables),
        }
    }

    /// Rows joined with what an operator gives.
    pub(super) fn attach(&self, rows: Rows, plan: &Plan, want: &Want) -> Result<Rows, EvaluateError> {
        let shared = shared(&rows, plan);
        if !shared.is_empty() && plan.takes_bindings() && bound(&rows, &shared) {
            return self.put_in(rows, plan, want);
        }
        let _held = self.hold(&rows)?;
        let other = self.deeper(|| self.run(plan, &want.and(rows.variables()).every()))?;
        self.join_apart(&rows, &other, want)
    }

    /// An operator evaluated with rows put in; only if [`Plan::takes_bindings`], and what is shared is bound.
    fn put_in(&self, rows: Rows, plan: &Plan, want: &Want) -> Result<Rows, EvaluateError> {
        match plan {
            Plan::Join(join) => self.join(join, Some(rows), want),
            Plan::Union(branches) => {
                let mut all = Rows::none(Vec::new());
                for branch in branches {
                    all.append(self.attach(rows.clone(), branch, want)?);
                    self.fits(all.bytes())?;
                }
                Ok(all)
            }
            Plan::Filter { inner, tests } => {
                let need = tests.iter().fold(want.clone(), |need, test| need.and(&test_variables(test)));
                let rows = self.put_in(rows, inner, &need)?;
                self.filter(rows, tests)
            }
            plan => {
                let other = self.run(plan, &want.and(rows.variables()).every())?;
                self.join_apart(&rows, &other, want)
            }
        }
    }

    fn union(&self, branches: &[Plan], want: &Want) -> Result<Rows, EvaluateError> {
        let mut all = Rows::none(Vec::new());
        for branch in branches {
            let limit = want.limit.map(|limit| limit.saturating_sub(all.len()));
            if limit == Some(0) {
                break;
            }
            let more = self.deeper(|| self.run(branch, &Want { limit, ..want.clone() }))?;
            all.append(more);
            self.fits(all.bytes())?;
        }
        self.note(|| Step::left(all.len(), format!("union: {} rows", all.len())));
        Ok(all)
    }

    /// Rows with what goes with them on the right, or as they are.
    pub(super) fn optional(
        &self,
        rows: Rows,
        right: &Plan,
        conditions: &[Condition],
        want: &Want,
    ) -> Result<Rows, EvaluateError> {
        if rows.is_empty() {
            return Ok(rows);
        }
        let need = conditions.iter().fold(want.every(), |need, condition| need.and(condition.variables()));
        let _held = self.hold(&rows)?;
        let before = rows.len();
        let shared = shared(&rows, right);
        let joined = if !shared.is_empty() && right.takes_bindings() && bound(&rows, &shared) {
            let mark = self.fresh();
            let mut marked = rows.clone();
            marked.push(mark.clone(), (0..rows.len() as u32).collect());
            let mut joined = self.deeper(|| self.put_in(marked, right, &need.and([&mark])))?;
            self.all_true(&mut joined, conditions)?;
            let met = joined.column(&mark).map(<[u32]>::to_vec).unwrap_or_default();
            let kept: Vec<Variable> =
                joined.variables().iter().filter(|&name| *name != mark).cloned().collect();
            self.with_the_rest(&rows, joined.project(&kept), &met)?
        } else {
            let other = self.deeper(|| self.run(right, &need.and(rows.variables())))?;
            self.left_join_apart(&rows, &other, &need, |joined| {
                let mut all: Option<Vec<bool>> = None;
                for condition in conditions {
                    let mask = condition.keep(joined, &self.locals.borrow())?;
                    all = Some(match all {
                        None => mask,
                        Some(all) => all.into_iter().zip(mask).map(|(one, other)| one && other).collect(),
                    });
                }
                Ok(all)
            })?
        };
        self.note(|| Step::left(joined.len(), format!("optional: {before} rows become {}", joined.len())));
        Ok(self.prune(joined, want))
    }

    fn minus(&self, left: &Plan, right: &Plan, want: &Want) -> Result<Rows, EvaluateError> {
        let shared: Vec<Variable> = {
            let right = right.possible();
            left.possible().into_iter().filter(|name| right.contains(name)).collect()
        };
        if shared.is_empty() {
            return self.run(left, want);
        }
        let mut rows = self.run(left, &want.and(&shared).unlimited())?;
        let certain = right.certain();
        let met = if right.takes_bindings()
            && shared.iter().all(|name| certain.contains(name))
            && bound(&rows, &shared)
        {
            self.exists(&rows, right)?
        } else {
            let _held = self.hold(&rows)?;
            let other = self.deeper(|| self.run(right, &Want { set: true, ..Want::columns(shared) }))?;
            self.met_rows(&rows, &other, Overlap::Needed)?
        };
        let before = rows.len();
        rows.keep(&met.into_iter().map(|met| !met).collect::<Vec<_>>());
        self.note(|| Step::left(rows.len(), format!("minus: {} of {before} rows", rows.len())));
        Ok(self.prune(rows, want))
    }

    fn all_true(&self, rows: &mut Rows, conditions: &[Condition]) -> Result<(), EvaluateError> {
        for condition in conditions {
            let mask = condition.keep(rows, &self.locals.borrow())?;
            rows.keep(&mask);
        }
        Ok(())
    }

    pub(super) fn filter(&self, mut rows: Rows, tests: &[Test]) -> Result<Rows, EvaluateError> {
        for test in tests {
            if rows.is_empty() {
                break;
            }
            let before = rows.len();
            let mask = match test {
                Test::Condition(condition) => condition.keep(&rows, &self.locals.borrow())?,
                Test::Exists { plan, wanted } => {
                    self.exists(&rows, plan)?.into_iter().map(|met| met == *wanted).collect()
                }
            };
            rows.keep(&mask);
            self.note(|| Step::left(rows.len(), format!("filter: {} of {before} rows", rows.len())));
        }
        Ok(rows)
    }

    /// Which rows have a solution of the operator that is compatible.
    fn exists(&self, rows: &Rows, plan: &Plan) -> Result<Vec<bool>, EvaluateError> {
        let shared = shared(rows, plan);
        if shared.is_empty() {
            let one = Want { limit: Some(1), set: true, ..Want::columns(Vec::new()) };
            let any = !self.deeper(|| self.run(plan, &one))?.is_empty();
            return Ok(vec![any; rows.len()]);
        }
        let _held = self.hold(rows)?;
        if !plan.takes_bindings() || !bound(rows, &shared) {
            let other = self.deeper(|| self.run(plan, &Want { set: true, ..Want::columns(shared) }))?;
            return self.met_rows(rows, &other, Overlap::Free);
        }
        let mark = self.fresh();
        let mut marked = rows.clone().project(&shared);
        marked.push(mark.clone(), (0..rows.len() as u32).collect());
        let want = Want { set: true, ..Want::columns(vec![mark.clone()]) };
        let joined = self.deeper(|| self.put_in(marked, plan, &want))?;
        let mut met = vec![false; rows.len()];
        for &row in joined.column(&mark).unwrap_or_default() {
            met[row as usize] = true;
        }
        Ok(met)
    }

    pub(super) fn extended(
        &self,
        mut rows: Rows,
        variable: &Variable,
        value: &super::expression::Value,
        want: &Want,
    ) -> Result<Rows, EvaluateError> {
        if want.needs(variable) {
            let column = value.compute(&rows, &mut self.locals.borrow_mut())?;
            self.fits(column.len() as u64 * 4)?;
            rows.push(variable.clone(), column);
        }
        Ok(self.prune(rows, want))
    }

    /// What spareval says of a part, over the columns.
    fn foreign_rows(&self, pattern: &GraphPattern, variables: &[Variable]) -> Result<Rows, EvaluateError> {
        let mut columns: Vec<Vec<u32>> = vec![Vec::new(); variables.len()];
        let mut rows = 0;
        crate::query::columns::each_solution(
            self.index,
            self.scope,
            self.base.clone(),
            pattern,
            variables,
            self.watch,
            |row| {
                for (column, term) in columns.iter_mut().zip(row) {
                    column.push(term.map_or(Ok(UNBOUND), |term| self.intern(term))?);
                }
                rows += 1;
                self.grow(rows, variables.len())
            },
        )?;
        self.note(|| Step::left(rows, format!("evaluated by spareval over the columns: {rows} rows")));
        if variables.is_empty() {
            return Ok(Rows::blank(rows));
        }
        Ok(Rows::new(variables.to_vec(), columns))
    }
}

pub(super) fn test_variables(test: &Test) -> Vec<Variable> {
    match test {
        Test::Condition(condition) => condition.variables().to_vec(),
        Test::Exists { plan, .. } => plan.possible(),
    }
}

/// The variables of an operator that the rows have.
fn shared(rows: &Rows, plan: &Plan) -> Vec<Variable> {
    let mut shared = plan.possible();
    shared.retain(|name| rows.position(name).is_some());
    shared
}

/// Whether these variables are bound in all rows.
fn bound(rows: &Rows, variables: &[Variable]) -> bool {
    variables.iter().all(|name| rows.column(name).is_none_or(|column| !column.contains(&UNBOUND)))
}
