//! Statements of one pattern as rows.

use super::executor::{Executor, POLL};
use super::pattern::{Pattern, Run, Slot};
use super::rows::Rows;
use super::scope::Active;
use super::want::Want;
use crate::query::evaluate::EvaluateError;
use oxrdf::Variable;

impl Executor<'_> {
    /// The solutions that the statements of the runs make. Only columns that are wanted are filled.
    pub(super) fn scan(
        &self,
        pattern: &Pattern,
        runs: &[Run<'_>],
        want: &Want,
    ) -> Result<Rows, EvaluateError> {
        let variables: Vec<Variable> =
            pattern.variables().into_iter().filter(|variable| want.needs(variable)).collect();
        let total: usize = runs.iter().map(|run| run.pairs.len()).sum();
        if pattern.repeats() || pattern.active != Active::All {
            return self.scan_checked(pattern, runs, variables, want);
        }
        let most = want.limit.unwrap_or(total).min(total);
        if variables.is_empty() {
            return Ok(Rows::blank(if want.set { most.min(1) } else { most }));
        }
        self.fits(most as u64 * 4 * variables.len() as u64)?;
        // One sorted column of one run is a set once neighbours that are alike are left out.
        if want.set
            && let ([variable], [run]) = (variables.as_slice(), runs)
            && let Some(keys) = sorted(pattern, *run, variable)
        {
            let mut column: Vec<u32> = Vec::new();
            for &key in keys {
                if column.last() != Some(&key) {
                    column.push(key);
                    if want.limit.is_some_and(|limit| column.len() >= limit) {
                        break;
                    }
                    self.grow(column.len(), 1)?;
                }
            }
            return Ok(Rows::new(variables, vec![column]));
        }
        let mut columns: Vec<Vec<u32>> = variables.iter().map(|_| Vec::with_capacity(most)).collect();
        let mut left = most;
        for run in runs {
            self.poll()?;
            let length = run.pairs.len().min(left);
            for (variable, column) in variables.iter().zip(&mut columns) {
                if pattern.subject.variable() == Some(variable) {
                    column.extend_from_slice(&run.subjects()[..length]);
                } else if pattern.object.variable() == Some(variable) {
                    column.extend_from_slice(&run.objects()[..length]);
                } else {
                    column.resize(column.len() + length, run.predicate);
                }
            }
            left -= length;
            if left == 0 {
                break;
            }
        }
        Ok(Rows::new(variables, columns))
    }

    /// Looks at each statement: its graphs, and whether places of one variable agree.
    fn scan_checked(
        &self,
        pattern: &Pattern,
        runs: &[Run<'_>],
        variables: Vec<Variable>,
        want: &Want,
    ) -> Result<Rows, EvaluateError> {
        let limit = want.limit.unwrap_or(usize::MAX);
        let graph = pattern.graph();
        let mut columns: Vec<Vec<u32>> = vec![Vec::new(); variables.len()];
        let mut len = 0;
        'runs: for run in runs {
            let (subjects, objects) = (run.subjects(), run.objects());
            for at in 0..run.pairs.len() {
                if at.is_multiple_of(POLL) {
                    self.poll()?;
                }
                let set = run.pairs.graphs[at];
                if !pattern.active.reads(set) {
                    continue;
                }
                let places = [
                    (pattern.subject.variable(), subjects[at]),
                    (pattern.predicate.variable(), run.predicate),
                    (pattern.object.variable(), objects[at]),
                ];
                let mut push = |graph_id: Option<u32>| {
                    let all = places.iter().copied().chain([(graph, graph_id.unwrap_or_default())]);
                    let value = |wanted: &Variable| {
                        all.clone().find_map(|(place, id)| (place == Some(wanted)).then_some(id))
                    };
                    let agrees = all
                        .clone()
                        .all(|(place, id)| place.is_none_or(|variable| value(variable) == Some(id)));
                    if agrees {
                        for (variable, column) in variables.iter().zip(&mut columns) {
                            column.push(value(variable).unwrap_or(super::rows::UNBOUND));
                        }
                        len += 1;
                    }
                };
                if graph.is_some() {
                    self.scope.reached(set).for_each(|graph| push(Some(graph)));
                } else {
                    push(None);
                }
                if len >= limit {
                    break 'runs;
                }
                self.grow(len, variables.len())?;
            }
        }
        if variables.is_empty() {
            return Ok(Rows::blank(len));
        }
        Ok(Rows::new(variables, columns))
    }
}

/// The column of a variable, if the run is sorted by it.
fn sorted<'a>(pattern: &Pattern, run: Run<'a>, variable: &Variable) -> Option<&'a [u32]> {
    let is = |slot: &Slot| slot.variable() == Some(variable);
    if is(&pattern.subject) {
        (!run.by_object || pattern.object.id().is_some()).then(|| run.subjects())
    } else if is(&pattern.object) {
        (run.by_object || pattern.subject.id().is_some()).then(|| run.objects())
    } else {
        None
    }
}
