//! Property paths (SPARQL 1.1, 9 and 18.4) over ids.
//!
//! From a known end a path is followed, once for each distinct value in the rows; closures are sets, as the standard has
//! them. A sequence at the top of a path comes here as two patterns already. Where the two differ, this does as
//! spareval: a path of length zero needs a term that the graph has.

use super::executor::Executor;
use super::pattern::Slot;
use super::rows::{Rows, UNBOUND};
use super::scope::Active;
use super::want::Want;
use crate::query::evaluate::EvaluateError;
use graph_index::{Index, Pairs, TermId};
use oxrdf::{NamedNode, Variable};
use rustc_hash::{FxHashMap, FxHashSet};
use spargebra::algebra::PropertyPathExpression as Expression;
use std::collections::hash_map::Entry;

/// A path between two places.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) subject: Slot,
    pub(super) object: Slot,
    forward: Step,
    backward: Step,
    active: Active,
    pub(super) text: String,
}

#[derive(Debug, Clone)]
enum Step {
    Forward(u32),
    Backward(u32),
    Sequence(Box<Self>, Box<Self>),
    Alternative(Box<Self>, Box<Self>),
    Star(Box<Self>),
    Plus(Box<Self>),
    Maybe(Box<Self>),
    ForwardNot(Vec<u32>),
    BackwardNot(Vec<u32>),
}

impl Step {
    fn of(index: &Index, path: &Expression) -> Self {
        let id = |node: &NamedNode| index.terms().id(node.as_ref().into()).map_or(UNBOUND, |id| id.0);
        let of = |path: &Expression| Box::new(Self::of(index, path));
        match path {
            Expression::NamedNode(node) => Self::Forward(id(node)),
            Expression::Reverse(path) => Self::of(index, path).reversed(),
            Expression::Sequence(first, then) => Self::Sequence(of(first), of(then)),
            Expression::Alternative(one, other) => Self::Alternative(of(one), of(other)),
            Expression::ZeroOrMore(path) => Self::Star(of(path)),
            Expression::OneOrMore(path) => Self::Plus(of(path)),
            Expression::ZeroOrOne(path) => Self::Maybe(of(path)),
            Expression::NegatedPropertySet(nodes) => Self::ForwardNot(nodes.iter().map(id).collect()),
        }
    }

    fn reversed(&self) -> Self {
        let turn = |step: &Self| Box::new(step.reversed());
        match self {
            Self::Forward(id) => Self::Backward(*id),
            Self::Backward(id) => Self::Forward(*id),
            Self::Sequence(first, then) => Self::Sequence(turn(then), turn(first)),
            Self::Alternative(one, other) => Self::Alternative(turn(one), turn(other)),
            Self::Star(step) => Self::Star(turn(step)),
            Self::Plus(step) => Self::Plus(turn(step)),
            Self::Maybe(step) => Self::Maybe(turn(step)),
            Self::ForwardNot(ids) => Self::BackwardNot(ids.clone()),
            Self::BackwardNot(ids) => Self::ForwardNot(ids.clone()),
        }
    }
}

impl Path {
    pub(super) fn new(
        index: &Index,
        subject: Slot,
        path: &Expression,
        object: Slot,
        active: Active,
        text: String,
    ) -> Self {
        let forward = Step::of(index, path);
        let backward = forward.reversed();
        Self { subject, object, backward, forward, active, text }
    }

    pub(super) fn variables(&self) -> Vec<Variable> {
        let mut variables: Vec<Variable> = self.subject.variable().into_iter().cloned().collect();
        if let Some(object) = self.object.variable()
            && !variables.contains(object)
        {
            variables.push(object.clone());
        }
        variables
    }
}

/// One end of a path for the rows.
enum End<'r> {
    Known(u32),
    Column(&'r [u32]),
    Free,
}

impl End<'_> {
    fn at(&self, row: usize) -> Option<u32> {
        match self {
            Self::Known(id) => Some(*id),
            Self::Column(column) => Some(column[row]),
            Self::Free => None,
        }
    }
}

fn end<'r>(slot: &Slot, rows: &'r Rows) -> End<'r> {
    match slot {
        Slot::Id(id) => End::Known(*id),
        Slot::Variable(variable) => rows.column(variable).map_or(End::Free, End::Column),
    }
}

impl Executor<'_> {
    /// Joins rows with a path. No value of its variables in the rows may be unbound.
    pub(super) fn follow(&self, rows: &Rows, path: &Path, want: &Want) -> Result<Rows, EvaluateError> {
        let (subject, object) = (end(&path.subject, rows), end(&path.object, rows));
        if matches!((&subject, &object), (End::Free, End::Free)) {
            let all = self.all_of(path)?;
            return self.cross(rows, &all, want);
        }
        let mut known: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let (mut from, mut values) = (Vec::new(), Vec::new());
        let mut kept = 0;
        for row in 0..rows.len() {
            let (step, start, target) = match (subject.at(row), object.at(row)) {
                (Some(subject), target) => (&path.forward, subject, target),
                (None, Some(object)) => (&path.backward, object, None),
                (None, None) => continue,
            };
            let ends = match known.entry(start) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    let mut ends = Vec::new();
                    self.ends(step, start, &path.active, &mut ends)?;
                    kept += ends.len();
                    self.fits(kept as u64 * 4)?;
                    place.insert(ends)
                }
            };
            if let Some(target) = target {
                if ends.contains(&target) {
                    from.push(row as u32);
                }
            } else {
                values.extend_from_slice(ends);
                from.resize(from.len() + ends.len(), row as u32);
            }
            if row.is_multiple_of(super::executor::POLL) || !ends.is_empty() {
                self.poll()?;
                self.fits((from.len() * (rows.variables().len() + 2)) as u64 * 4)?;
            }
        }
        let mut joined = rows.pick(&from);
        let free = match (subject, object) {
            (End::Free, _) => path.subject.variable(),
            (_, End::Free) => path.object.variable(),
            _ => None,
        };
        if let Some(free) = free {
            joined.push(free.clone(), values);
        }
        Ok(joined)
    }

    /// Both ends of a path, from everywhere.
    fn all_of(&self, path: &Path) -> Result<Rows, EvaluateError> {
        let (Some(subject), Some(object)) = (path.subject.variable(), path.object.variable()) else {
            return Ok(Rows::none(path.variables()));
        };
        let (mut starts, mut ends, mut met) = (Vec::new(), Vec::new(), Vec::new());
        for (n, start) in self.starts(&path.forward, &path.active)?.into_iter().enumerate() {
            met.clear();
            self.ends(&path.forward, start, &path.active, &mut met)?;
            if subject == object {
                met.retain(|&end| end == start);
            }
            starts.resize(starts.len() + met.len(), start);
            ends.extend_from_slice(&met);
            if n.is_multiple_of(256) {
                self.poll()?;
                self.fits(starts.len() as u64 * 8)?;
            }
        }
        if subject == object {
            return Ok(Rows::new(vec![subject.clone()], vec![starts]));
        }
        Ok(Rows::new(vec![subject.clone(), object.clone()], vec![starts, ends]))
    }

    /// Where a path can begin; more than that does no harm.
    fn starts(&self, step: &Step, active: &Active) -> Result<Vec<u32>, EvaluateError> {
        let statements = self.index.statements();
        let mut starts = match step {
            Step::Forward(id) => self.copied(statements.by_subject(TermId(*id)).keys)?,
            Step::Backward(id) => self.copied(statements.by_object(TermId(*id)).keys)?,
            Step::Sequence(first, _) => return self.starts(first, active),
            Step::Plus(step) => return self.starts(step, active),
            Step::Alternative(one, other) => {
                let mut starts = self.starts(one, active)?;
                starts.extend(self.starts(other, active)?);
                starts.sort_unstable();
                starts
            }
            Step::Star(_) | Step::Maybe(_) | Step::ForwardNot(_) | Step::BackwardNot(_) => {
                let mut nodes = Vec::new();
                for id in 0..self.index.terms().len() {
                    if self.is_node(id, active) {
                        nodes.push(id);
                    }
                    if id.is_multiple_of(4_096) {
                        self.poll()?;
                    }
                }
                nodes
            }
        };
        starts.dedup();
        self.fits(starts.len() as u64 * 4)?;
        Ok(starts)
    }

    fn copied(&self, ids: &[u32]) -> Result<Vec<u32>, EvaluateError> {
        self.fits(ids.len() as u64 * 4)?;
        Ok(ids.to_vec())
    }

    /// Where a path leads from a term; as often as there are ways, except where the standard has a set.
    fn ends(
        &self,
        step: &Step,
        start: u32,
        active: &Active,
        out: &mut Vec<u32>,
    ) -> Result<(), EvaluateError> {
        self.step_on()?;
        let statements = self.index.statements();
        let mut add = |pairs: Pairs<'_>| {
            let read = pairs.values.iter().zip(pairs.graphs).filter(|&(_, &set)| active.reads(set));
            out.extend(read.map(|(&value, _)| value));
        };
        match step {
            Step::Forward(id) => add(statements.by_subject(TermId(*id)).of(start)),
            Step::Backward(id) => add(statements.by_object(TermId(*id)).of(start)),
            Step::ForwardNot(ids) => {
                for &predicate in statements.predicates_of_subject(TermId(start)) {
                    if !ids.contains(&predicate) {
                        add(statements.by_subject(TermId(predicate)).of(start));
                    }
                }
            }
            Step::BackwardNot(ids) => {
                for &predicate in statements.predicates_of_object(TermId(start)) {
                    if !ids.contains(&predicate) {
                        add(statements.by_object(TermId(predicate)).of(start));
                    }
                }
            }
            Step::Sequence(first, then) => {
                let mut middles = Vec::new();
                self.ends(first, start, active, &mut middles)?;
                for middle in middles {
                    self.ends(then, middle, active, out)?;
                    self.grow(out.len(), 1)?;
                }
            }
            Step::Alternative(one, other) => {
                let mut both = Vec::new();
                self.ends(one, start, active, &mut both)?;
                self.ends(other, start, active, &mut both)?;
                distinct(both, out);
            }
            Step::Maybe(step) => {
                if self.is_node(start, active) {
                    let mut both = vec![start];
                    self.ends(step, start, active, &mut both)?;
                    distinct(both, out);
                }
            }
            Step::Star(step) => {
                if self.is_node(start, active) {
                    self.closure(step, vec![start], active, out)?;
                }
            }
            Step::Plus(step) => {
                let mut first = Vec::new();
                self.ends(step, start, active, &mut first)?;
                self.closure(step, first, active, out)?;
            }
        }
        Ok(())
    }

    fn closure(
        &self,
        step: &Step,
        first: Vec<u32>,
        active: &Active,
        out: &mut Vec<u32>,
    ) -> Result<(), EvaluateError> {
        let mut seen = FxHashSet::default();
        let mut todo = Vec::new();
        let mut met = first;
        loop {
            for node in met.drain(..) {
                if seen.insert(node) {
                    out.push(node);
                    todo.push(node);
                    self.grow(seen.len(), 6)?;
                }
            }
            let Some(node) = todo.pop() else { return Ok(()) };
            self.ends(step, node, active, &mut met)?;
        }
    }

    /// Whether a graph has a term as subject or object.
    fn is_node(&self, id: u32, active: &Active) -> bool {
        let statements = self.index.statements();
        let (out, into) =
            (statements.predicates_of_subject(TermId(id)), statements.predicates_of_object(TermId(id)));
        if *active == Active::All {
            return !out.is_empty() || !into.is_empty();
        }
        let reads = |pairs: Pairs<'_>| pairs.graphs.iter().any(|&set| active.reads(set));
        out.iter().any(|&predicate| reads(statements.by_subject(TermId(predicate)).of(id)))
            || into.iter().any(|&predicate| reads(statements.by_object(TermId(predicate)).of(id)))
    }
}

fn distinct(nodes: Vec<u32>, out: &mut Vec<u32>) {
    let mut seen = FxHashSet::default();
    out.extend(nodes.into_iter().filter(|&node| seen.insert(node)));
}
