//! One step of a join: rows, and the statements of a pattern that go with each.
//!
//! The columns are sorted, so a step walks rows and statements together and gallops over what does not meet. Rows that
//! are not in order are put in order first when they are many; a few are looked up one by one.

use super::executor::{Executor, POLL};
use super::pattern::{Pattern, Slot};
use super::rows::{Rows, UNBOUND};
use super::scope::Active;
use super::want::Want;
use crate::query::evaluate::EvaluateError;
use graph_index::{Pairs, TermId};
use oxrdf::Variable;
use std::ops::Range;

/// From how many rows on putting them in order is cheaper than looking each up.
const MANY: usize = 4_096;

/// Which rows go on, each with what was found for it.
#[derive(Default)]
struct Found {
    from: Vec<u32>,
    values: Vec<u32>,
    graphs: Vec<u32>,
    /// Counted instead of listed when no column is wanted.
    count: usize,
}

/// What a step looks up for the rows.
struct Lookup<'r, 'i> {
    keys: &'r [u32],
    pairs: Pairs<'i>,
    /// The value that the statement must have, row by row.
    other: Option<&'r [u32]>,
    /// The graph that it must be in, row by row.
    graph: Option<&'r [u32]>,
    range: Option<&'r Range<u32>>,
    list: bool,
    list_values: bool,
    list_graphs: bool,
    /// One statement a row is enough.
    once: bool,
}

/// What a place of a pattern is for these rows.
enum Place<'p> {
    Known(u32),
    Column(usize),
    Free(&'p Variable),
}

impl<'p> Place<'p> {
    fn of(slot: &'p Slot, rows: &Rows) -> Self {
        match slot {
            Slot::Id(id) => Self::Known(*id),
            Slot::Variable(variable) => Self::named(variable, rows),
        }
    }

    fn named(variable: &'p Variable, rows: &Rows) -> Self {
        rows.position(variable).map_or(Self::Free(variable), Self::Column)
    }
}

impl Executor<'_> {
    /// Joins rows with a pattern. No value of its variables in the rows may be [`UNBOUND`].
    pub(super) fn step(
        &self,
        rows: Rows,
        pattern: &Pattern,
        range: Option<&Range<u32>>,
        want: &Want,
    ) -> Result<Rows, EvaluateError> {
        let shared = pattern.variables().iter().any(|variable| rows.position(variable).is_some());
        if !shared {
            let need = want.and(rows.variables());
            let runs = pattern.runs(self.index, range, false);
            let scanned = self.scan(pattern, &runs, &Want { limit: None, ..need })?;
            return self.cross(&rows, &scanned, want);
        }
        let Slot::Id(predicate) = pattern.predicate else { return self.step_each(&rows, pattern, want) };
        if pattern.repeats() {
            return self.step_each(&rows, pattern, want);
        }
        let statements = self.index.statements();
        let predicate = TermId(predicate);
        let columns = rows.columns();
        let (key, pairs, other, new) =
            match (Place::of(&pattern.subject, &rows), Place::of(&pattern.object, &rows)) {
                (Place::Column(subject), Place::Column(object)) => {
                    (subject, statements.by_subject(predicate), Some(columns[object].as_slice()), None)
                }
                (Place::Column(subject), Place::Known(object)) => {
                    (subject, listed(statements.by_object(predicate).of(object)), None, None)
                }
                (Place::Known(subject), Place::Column(object)) => {
                    (object, listed(statements.by_subject(predicate).of(subject)), None, None)
                }
                (Place::Column(subject), Place::Free(new)) => {
                    (subject, statements.by_subject(predicate), None, Some(new))
                }
                (Place::Free(new), Place::Column(object)) => {
                    (object, statements.by_object(predicate), None, Some(new))
                }
                // Only the graph is shared.
                _ => return self.step_each(&rows, pattern, want),
            };
        let (graph, new_graph) = match pattern.graph().map(|graph| Place::named(graph, &rows)) {
            Some(Place::Column(at)) => (Some(columns[at].as_slice()), None),
            Some(Place::Free(graph)) => (None, Some(graph)),
            _ => (None, None),
        };
        let object_is_new = new.is_some() && new == pattern.object.variable();
        let lookup = Lookup {
            keys: &columns[key],
            pairs,
            other,
            graph,
            range: range.filter(|_| object_is_new),
            list: rows.variables().iter().any(|variable| want.needs(variable))
                || new.is_some_and(|new| want.needs(new))
                || new_graph.is_some_and(|graph| want.needs(graph)),
            list_values: new.is_some_and(|new| want.needs(new)),
            list_graphs: new_graph.is_some(),
            once: want.set && new.is_none_or(|new| !want.needs(new)) && new_graph.is_none(),
        };
        let width = rows.variables().len() + 2;
        let found = self.look_up(&lookup, &pattern.active, width)?;
        let mut joined = if lookup.list {
            self.carry(rows, &found.from, want)?
        } else {
            return Ok(Rows::blank(found.count));
        };
        if let Some(new) = new.filter(|new| want.needs(new)) {
            joined.push(new.clone(), found.values);
        }
        if let Some(graph) = new_graph.filter(|graph| want.needs(graph)) {
            joined.push(graph.clone(), found.graphs);
        }
        Ok(joined)
    }

    /// The wanted columns of the rows with these numbers.
    fn carry(&self, rows: Rows, from: &[u32], want: &Want) -> Result<Rows, EvaluateError> {
        let kept: Vec<Variable> =
            rows.variables().iter().filter(|variable| want.needs(variable)).cloned().collect();
        let rows = rows.project(&kept);
        if from.len() == rows.len() && from.iter().zip(0..).all(|(&from, at)| from == at) {
            return Ok(rows);
        }
        self.fits(from.len() as u64 * 4 * kept.len() as u64)?;
        Ok(rows.pick(from))
    }

    fn look_up(
        &self,
        lookup: &Lookup<'_, '_>,
        active: &Active,
        width: usize,
    ) -> Result<Found, EvaluateError> {
        let keys = lookup.keys;
        let mut found = Found::default();
        if lookup.pairs.is_empty() {
            return Ok(found);
        }
        let sorted = keys.is_sorted();
        if sorted || keys.len() < MANY {
            let mut at = Cursor { place: 0, end: 0, key: None };
            for (row, &key) in keys.iter().enumerate() {
                if !sorted && at.key.is_some_and(|last| key < last) {
                    at.place = lookup.pairs.keys.partition_point(|&other| other < key);
                    at.end = at.place;
                    at.key = None;
                }
                self.meet(lookup, active, row, key, &mut at, &mut found, width)?;
            }
            return Ok(found);
        }
        let mut order: Vec<u64> =
            keys.iter().zip(0_u64..).map(|(&key, row)| u64::from(key) << 32 | row).collect();
        self.fits(order.len() as u64 * 8)?;
        order.sort_unstable();
        self.poll()?;
        let mut at = Cursor { place: 0, end: 0, key: None };
        for entry in order {
            let (key, row) = ((entry >> 32) as u32, (entry & u64::from(u32::MAX)) as usize);
            self.meet(lookup, active, row, key, &mut at, &mut found, width)?;
        }
        Ok(found)
    }

    /// The statements with the key of a row.
    #[expect(
        clippy::too_many_arguments,
        reason = "the state of one loop, written out so that it stays in registers"
    )]
    fn meet(
        &self,
        lookup: &Lookup<'_, '_>,
        active: &Active,
        row: usize,
        key: u32,
        at: &mut Cursor,
        found: &mut Found,
        width: usize,
    ) -> Result<(), EvaluateError> {
        if row.is_multiple_of(POLL) {
            self.poll()?;
        }
        if at.key != Some(key) {
            at.place = lookup.pairs.seek(at.end, key);
            at.end = if lookup.pairs.keys.get(at.place) == Some(&key) {
                key.checked_add(1).map_or(lookup.pairs.len(), |next| lookup.pairs.seek(at.place, next))
            } else {
                at.place
            };
            at.key = Some(key);
        }
        let mut places = at.place..at.end;
        if places.is_empty() {
            return Ok(());
        }
        let values = &lookup.pairs.values[places.clone()];
        if let Some(other) = lookup.other {
            match values.binary_search(&other[row]) {
                Ok(place) => places = places.start + place..places.start + place + 1,
                Err(_) => return Ok(()),
            }
        } else if let Some(range) = lookup.range {
            let from = values.partition_point(|&value| value < range.start);
            let to = values.partition_point(|&value| value < range.end);
            places = places.start + from..places.start + to.max(from);
        }
        let number = row as u32;
        if *active == Active::All {
            if lookup.once {
                places.end = places.end.min(places.start + 1);
            }
            found.count += places.len();
            if lookup.list {
                if lookup.list_values {
                    found.values.extend_from_slice(&lookup.pairs.values[places.clone()]);
                }
                let before = found.from.len();
                found.from.resize(before + places.len(), number);
                if before / POLL != found.from.len() / POLL {
                    self.poll()?;
                    self.fits(found.from.len() as u64 * 4 * width as u64)?;
                }
            }
            return Ok(());
        }
        let before = found.count;
        for place in places {
            let set = lookup.pairs.graphs[place];
            let mut push = |graph: u32| {
                found.count += 1;
                if lookup.list {
                    found.from.push(number);
                    if lookup.list_values {
                        found.values.push(lookup.pairs.values[place]);
                    }
                    if lookup.list_graphs {
                        found.graphs.push(graph);
                    }
                }
            };
            match (active, lookup.graph) {
                (Active::Each(_), Some(graph)) => {
                    if self.scope.reaches(graph[row]) && self.scope.has(set, graph[row]) {
                        push(graph[row]);
                    }
                }
                (Active::Each(_), None) => self.scope.reached(set).for_each(&mut push),
                (active, _) if active.reads(set) => push(UNBOUND),
                _ => continue,
            }
            if lookup.once && found.count > before {
                break;
            }
            self.grow(found.from.len(), width)?;
        }
        Ok(())
    }

    /// For what has no way of its own (a variable as property, one variable at two places): each row's values are put
    /// into the pattern.
    fn step_each(&self, rows: &Rows, pattern: &Pattern, want: &Want) -> Result<Rows, EvaluateError> {
        let variables: Vec<Variable> = rows
            .variables()
            .iter()
            .filter(|variable| want.needs(variable))
            .cloned()
            .chain(
                pattern
                    .variables()
                    .into_iter()
                    .filter(|variable| rows.position(variable).is_none() && want.needs(variable)),
            )
            .collect();
        let inner = Want::columns(pattern.variables());
        let (mut from, mut columns) = (Vec::new(), vec![Vec::new(); variables.len()]);
        for row in 0..rows.len() {
            let fill = |slot: &Slot| match Place::of(slot, rows) {
                Place::Column(at) => Slot::Id(rows.columns()[at][row]),
                _ => slot.clone(),
            };
            let graph = pattern.graph().and_then(|graph| rows.column(graph)).map(|column| column[row]);
            let filled = Pattern {
                subject: fill(&pattern.subject),
                predicate: fill(&pattern.predicate),
                object: fill(&pattern.object),
                active: pattern.active.clone(),
                text: String::new(),
            };
            let mut met = self.scan(&filled, &filled.runs(self.index, None, false), &inner)?;
            if let (Some(graph), Some(column)) = (graph, pattern.graph().and_then(|graph| met.column(graph)))
            {
                let mask: Vec<bool> = column.iter().map(|&met| met == graph).collect();
                met.keep(&mask);
            }
            for (variable, column) in variables.iter().zip(&mut columns) {
                if rows.position(variable).is_none()
                    && let Some(values) = met.column(variable)
                {
                    column.extend_from_slice(values);
                }
            }
            from.resize(from.len() + met.len(), row as u32);
            if row.is_multiple_of(POLL) || !met.is_empty() {
                self.poll()?;
                self.fits(from.len() as u64 * 4 * (variables.len() as u64 + 1))?;
            }
        }
        let carried = rows.pick(&from);
        let mut joined = Rows::blank(from.len());
        for (variable, column) in variables.into_iter().zip(columns) {
            let values = carried.column(&variable).map_or(column, <[u32]>::to_vec);
            joined.push(variable, values);
        }
        Ok(joined)
    }

    /// Every row with every other.
    pub(super) fn cross(&self, left: &Rows, right: &Rows, want: &Want) -> Result<Rows, EvaluateError> {
        let wanted =
            |variables: &[Variable]| variables.iter().filter(|variable| want.needs(variable)).count();
        let width = wanted(left.variables()) + wanted(right.variables());
        let len = left.len().checked_mul(right.len());
        let Some(len) = len.filter(|&len| width == 0 || u32::try_from(len).is_ok()) else {
            return Err(EvaluateError::Memory { limit: self.watch.limits.max_memory });
        };
        let mut crossed = Rows::blank(len);
        let wanted =
            |variables: &[Variable]| variables.iter().filter(|variable| want.needs(variable)).count();
        self.fits(len as u64 * 4 * (wanted(left.variables()) + wanted(right.variables())) as u64)?;
        for (variable, column) in left.variables().iter().zip(left.columns()) {
            if want.needs(variable) {
                self.poll()?;
                let repeated = column.iter().flat_map(|&value| std::iter::repeat_n(value, right.len()));
                crossed.push(variable.clone(), repeated.collect());
            }
        }
        for (variable, column) in right.variables().iter().zip(right.columns()) {
            if want.needs(variable) {
                self.poll()?;
                crossed.push(variable.clone(), column.repeat(left.len()));
            }
        }
        Ok(crossed)
    }
}

/// Values of one key, as keys.
fn listed(pairs: Pairs<'_>) -> Pairs<'_> {
    Pairs { keys: pairs.values, ..pairs }
}

struct Cursor {
    place: usize,
    end: usize,
    key: Option<u32>,
}
