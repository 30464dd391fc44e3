//! Joins of patterns, paths and other parts, one part after another.

use super::executor::Executor;
use super::expression::Condition;
use super::flow::{BATCH, Sink};
use super::order::{Counted, Ranges, Sofar};
use super::pattern::{Pattern, Run};
use super::plan::{Item, Join, Plan};
use super::rows::{Rows, UNBOUND};
use super::want::Want;
use crate::query::evaluate::EvaluateError;
use crate::query::explain::Step;
use oxrdf::Variable;

/// How many statements the first piece of a join with a limit begins with.
const PIECE: usize = 256;

type Pending<'j> = Vec<(&'j Item, Counted)>;

/// A join while it is made.
struct Work<'j> {
    pending: Pending<'j>,
    conditions: Vec<&'j Condition>,
    ranges: &'j Ranges,
}

impl Executor<'_> {
    /// The solutions of all parts together, joined with the input if there is any.
    pub(super) fn join(&self, join: &Join, input: Option<Rows>, want: &Want) -> Result<Rows, EvaluateError> {
        let mut all: Option<Rows> = None;
        let limit = want.limit.unwrap_or(usize::MAX);
        let batch = want.limit.map_or(f64::INFINITY, |_| BATCH as f64);
        self.join_by(join, input, want, batch, &mut |more| {
            let all = match &mut all {
                Some(all) => {
                    all.append(more);
                    self.fits(all.bytes())?;
                    all
                }
                None => all.insert(more),
            };
            Ok(all.len() < limit)
        })?;
        Ok(all.unwrap_or_default())
    }

    /// Hands the solutions of all parts together on, as many at a time as the batch says, about; at least once. With a
    /// limit first a few are looked for.
    pub(super) fn join_by(
        &self,
        join: &Join,
        input: Option<Rows>,
        want: &Want,
        batch: f64,
        sink: &mut Sink<'_>,
    ) -> Result<bool, EvaluateError> {
        let mut ranges = Ranges::default();
        for condition in &join.conditions {
            if let Some((variable, range)) = condition.range() {
                ranges.add(variable, range);
            }
        }
        let mut pending: Pending<'_> =
            join.items.iter().map(|item| (item, self.counted(item, &ranges))).collect();
        if pending.iter().any(|(item, counted)| matches!(item, Item::Pattern(_)) && counted.count == 0) {
            self.note(|| Step::left(0, "a pattern has no statement: nothing"));
            return sink(Rows::none(want_of(join, input.as_ref(), want)));
        }
        let searched = if input.is_none() { self.searched(join, &pending)? } else { Vec::new() };
        let found = |at: usize| searched.iter().any(|(condition, _)| *condition == at);
        let conditions = join.conditions.iter().enumerate().filter(|(at, _)| !found(*at));
        let conditions = conditions.map(|(_, condition)| condition).collect();
        pending.extend(searched.iter().map(|(_, item)| (item, self.counted(item, &ranges))));
        let work = Work { pending, conditions, ranges: &ranges };
        match input {
            Some(rows) => {
                let sofar = Sofar::of(&rows);
                self.go_on(rows, sofar, work, want, batch, sink)
            }
            None => self.begin(work, want, batch, sink),
        }
    }

    /// Conditions on texts whose words the index knows, each with the values that fulfil it: they are a part of the join
    /// like any other, and may come first. Only for variables of patterns, whose values are terms of the index.
    fn searched(&self, join: &Join, pending: &Pending<'_>) -> Result<Vec<(usize, Item)>, EvaluateError> {
        // The join asks the condition about as often as its smallest part has rows.
        let asked = pending.iter().map(|(_, counted)| counted.count).min().unwrap_or_default();
        let asked = usize::try_from(asked).unwrap_or(usize::MAX);
        let mut searched = Vec::new();
        for (at, condition) in join.conditions.iter().enumerate() {
            let [variable] = condition.variables() else { continue };
            let bound = join.items.iter().any(|item| match item {
                Item::Pattern(pattern) => {
                    pattern.subject.variable() == Some(variable)
                        || pattern.object.variable() == Some(variable)
                }
                _ => false,
            });
            if bound && let Some(ids) = condition.search(asked)? {
                self.note(|| {
                    let text = format!("words: {} texts fulfil the condition on {variable}", ids.len());
                    Step::left(ids.len(), text)
                });
                self.fits(ids.len() as u64 * 4)?;
                let values = Plan::Values(Rows::new(vec![variable.clone()], vec![ids]));
                searched.push((at, Item::Plan(values)));
            }
        }
        Ok(searched)
    }

    fn begin(
        &self,
        mut work: Work<'_>,
        want: &Want,
        batch: f64,
        sink: &mut Sink<'_>,
    ) -> Result<bool, EvaluateError> {
        let mut sofar = Sofar::nothing();
        let Some(first) = self.next(&work.pending, &sofar) else {
            return self.go_on(Rows::blank(1), sofar, work, want, batch, sink);
        };
        let (item, counted) = work.pending.remove(first);
        let promise = self.promise(item, counted, &sofar);
        let need = work.need(want);
        let rows = match item {
            Item::Pattern(pattern) => {
                let by_object = work.prefers_objects(pattern, &need);
                let range = work.ranges.of(&pattern.object).filter(|_| pattern.subject != pattern.object);
                let runs = pattern.runs(self.index, range, by_object);
                let alone = work.pending.is_empty() && work.conditions.is_empty();
                let pieces = match want.limit {
                    Some(limit) if !alone => {
                        self.note(|| Step::said(format!("piece by piece until {limit} are found:")));
                        growing(&runs, limit)
                    }
                    None if batch.is_finite() && counted.count as f64 > batch => {
                        self.note(|| {
                            Step::said(format!("{}: {} statements, by batches", pattern.text, counted.count))
                        });
                        even(&runs, batch as usize)
                    }
                    _ => Vec::new(),
                };
                if !pieces.is_empty() {
                    return self.by_pieces(pattern, &pieces, &work, &want.unlimited(), batch, sink);
                }
                let want = if alone { want.clone() } else { need.unlimited() };
                let rows = self.scan(pattern, &runs, &want)?;
                self.note(|| {
                    let text = format!("{}: {} of {} statements", pattern.text, rows.len(), counted.count);
                    Step::left(rows.len(), text)
                });
                rows
            }
            Item::Path(path) => {
                let rows = self.follow(&Rows::blank(1), path, &need)?;
                self.note(|| {
                    let text = format!("path {}: {} rows", path.text, rows.len());
                    Step::left(rows.len(), text).expected(promise.rows)
                });
                rows
            }
            Item::Plan(plan) => self.deeper(|| self.run(plan, &need.every()))?,
        };
        sofar.after(rows.len() as f64, &promise.values);
        self.go_on(rows, sofar, work, want, batch, sink)
    }

    /// Joins piece after piece of the statements of one pattern with the rest, until it is enough.
    fn by_pieces(
        &self,
        pattern: &Pattern,
        pieces: &[Run<'_>],
        work: &Work<'_>,
        want: &Want,
        batch: f64,
        sink: &mut Sink<'_>,
    ) -> Result<bool, EvaluateError> {
        let need = work.need(want).unlimited();
        for piece in pieces {
            let rows = self.scan(pattern, &[*piece], &need)?;
            let sofar = Sofar::of(&rows);
            if !self.go_on(rows, sofar, work.clone(), want, batch, sink)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Of the join's solutions at least those that come first by a variable that is the object of a pattern: its column is
    /// walked from that end. `None` when that is not likely to be less work than all of them.
    pub(super) fn join_from_end(
        &self,
        join: &Join,
        by: &Variable,
        descending: bool,
        limit: usize,
        want: &Want,
    ) -> Result<Option<Rows>, EvaluateError> {
        let mut ranges = Ranges::default();
        for (variable, range) in join.conditions.iter().filter_map(Condition::range) {
            ranges.add(variable, range);
        }
        let mut pending: Pending<'_> =
            join.items.iter().map(|item| (item, self.counted(item, &ranges))).collect();
        let walked = pending.iter().position(|(item, _)| match item {
            Item::Pattern(pattern) => {
                pattern.object.variable() == Some(by)
                    && pattern.predicate.id().is_some()
                    && pattern.subject.variable().is_some()
                    && !pattern.repeats()
            }
            _ => false,
        });
        let Some(walked) = walked else { return Ok(None) };
        let smallest = pending.iter().map(|(_, counted)| counted.count).min().unwrap_or_default() as f64;
        let (item, counted) = pending.remove(walked);
        let Item::Pattern(pattern) = item else { return Ok(None) };
        // If the solutions lie evenly, so many statements are walked.
        let mut whole = Sofar::nothing();
        let mut rest = pending.clone();
        rest.push((item, counted));
        while let Some(at) = self.next(&rest, &whole) {
            let (item, counted) = rest.swap_remove(at);
            let promise = self.promise(item, counted, &whole);
            whole.after(promise.rows, &promise.values);
        }
        let doubt =
            if join.conditions.len() > usize::from(ranges.of(&pattern.object).is_some()) { 0.2 } else { 1.0 };
        let likely = limit as f64 * counted.count as f64 / (whole.rows * doubt).max(1.0);
        if likely > smallest / 2.0 || counted.count == 0 {
            return Ok(None);
        }
        let runs = pattern.runs(self.index, ranges.of(&pattern.object), true);
        let [run] = runs.as_slice() else { return Ok(None) };
        let pieces = from_end(*run, limit, descending);
        self.note(|| {
            let end = if descending { "end" } else { "beginning" };
            Step::said(format!("{}: from the {end} until {limit} are found", pattern.text))
        });
        let work = Work { pending, conditions: join.conditions.iter().collect(), ranges: &ranges };
        let mut all = Rows::none(want.known().map(<[_]>::to_vec).unwrap_or_default());
        // A piece is taken whole: the rows in it come in any order.
        for piece in pieces {
            self.by_pieces(pattern, &[piece], &work, &want.unlimited(), f64::INFINITY, &mut |more| {
                all.append(more);
                self.fits(all.bytes())?;
                Ok(true)
            })?;
            if all.len() >= limit {
                break;
            }
        }
        Ok(Some(all))
    }

    /// Takes the parts that are left, each time the one that promises least. Where a part promises more than the batch, the
    /// rows are taken some at a time.
    fn go_on(
        &self,
        mut rows: Rows,
        mut sofar: Sofar,
        mut work: Work<'_>,
        want: &Want,
        batch: f64,
        sink: &mut Sink<'_>,
    ) -> Result<bool, EvaluateError> {
        // What is evaluated apart would be so again for each batch.
        let batch = if work.pending.iter().all(|(item, _)| again(item)) { batch } else { f64::INFINITY };
        loop {
            let mut at = 0;
            while at < work.conditions.len() {
                // A part that is still to come may bind what is unbound so far.
                let ready = work.conditions[at]
                    .variables()
                    .iter()
                    .all(|name| rows.column(name).is_some_and(|column| !column.contains(&UNBOUND)));
                if ready || work.pending.is_empty() {
                    let condition = work.conditions.remove(at);
                    let before = rows.len();
                    let mask = condition.keep(&rows, &self.locals.borrow())?;
                    rows.keep(&mask);
                    sofar.rows = rows.len() as f64;
                    self.note(|| Step::left(rows.len(), format!("filter: {} of {before} rows", rows.len())));
                } else {
                    at += 1;
                }
            }
            let Some(next) = self.next(&work.pending, &sofar) else { break };
            let (item, counted) = work.pending[next];
            let promise = self.promise(item, counted, &sofar);
            if rows.is_empty() {
                work.pending.remove(next);
                return sink(Rows::none(rows_and(&rows, &work, item)));
            }
            let _held = self.hold(&rows)?;
            let before = rows.len();
            if promise.rows > batch {
                if let Item::Pattern(pattern) = item
                    && !pattern.variables().iter().any(|name| rows.position(name).is_some())
                {
                    work.pending.remove(next);
                    return self.product(&rows, &sofar, pattern, &work, want, batch, sink);
                }
                if before > 1 {
                    let some = ((before as f64 * batch / promise.rows) as usize).clamp(1, before - 1);
                    for from in (0..before).step_by(some) {
                        let part = rows.part(from..before.min(from + some));
                        let sofar = sofar.part(part.len());
                        if !self.go_on(part, sofar, work.clone(), want, batch, sink)? {
                            return Ok(false);
                        }
                    }
                    return Ok(true);
                }
            }
            work.pending.remove(next);
            let need = work.need(want).unlimited();
            let variables = item.possible();
            let open = rows
                .variables()
                .iter()
                .zip(rows.columns())
                .any(|(name, column)| variables.contains(name) && column.contains(&UNBOUND));
            rows = match item {
                Item::Plan(plan) => self.attach(rows, plan, &need)?,
                item if open => {
                    let apart = self.one(item, &need.and(rows.variables()), work.ranges)?;
                    self.join_apart(&rows, &apart, &need)?
                }
                Item::Pattern(pattern) => {
                    let range = work.ranges.of(&pattern.object).filter(|_| pattern.subject != pattern.object);
                    self.step(rows, pattern, range, &need)?
                }
                Item::Path(path) => self.follow(&rows, path, &need)?,
            };
            self.note(|| {
                let after = rows.len();
                let text = match item {
                    Item::Pattern(Pattern { text, .. }) => {
                        format!("{text}: {} statements, {before} rows become {after}", counted.count)
                    }
                    Item::Path(path) => format!("path {}: {before} rows become {after}", path.text),
                    Item::Plan(_) => format!("with the part: {before} rows become {after}"),
                };
                Step::left(after, text).expected(promise.rows)
            });
            sofar.after(rows.len() as f64, &promise.values);
            if want.set && rows.len() > 1 {
                let need = work.need(want);
                if rows.variables().iter().any(|name| !need.needs(name))
                    || item.possible().iter().any(|name| !need.needs(name))
                {
                    rows = self.distinct(self.prune(rows, &need))?;
                    sofar.rows = rows.len() as f64;
                }
            }
        }
        sink(self.prune(rows, want))
    }

    /// Every row with every statement of a pattern that shares no variable with them, some statements at a time.
    #[expect(clippy::too_many_arguments, reason = "a part of the loop above")]
    fn product(
        &self,
        rows: &Rows,
        sofar: &Sofar,
        pattern: &Pattern,
        work: &Work<'_>,
        want: &Want,
        batch: f64,
        sink: &mut Sink<'_>,
    ) -> Result<bool, EvaluateError> {
        let need = work.need(want).unlimited();
        let range = work.ranges.of(&pattern.object).filter(|_| pattern.subject != pattern.object);
        let runs = pattern.runs(self.index, range, false);
        let some = (batch / rows.len() as f64) as usize;
        for piece in even(&runs, some.max(1)) {
            let scanned = self.scan(pattern, &[piece], &need)?;
            let crossed = self.cross(rows, &scanned, &need)?;
            let mut sofar = sofar.part(crossed.len());
            let values = scanned.variables().iter().map(|name| (name.clone(), scanned.len() as f64));
            sofar.after(crossed.len() as f64, &values.collect::<Vec<_>>());
            if !self.go_on(crossed, sofar, work.clone(), want, batch, sink)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// One part alone.
    fn one(&self, item: &Item, want: &Want, ranges: &Ranges) -> Result<Rows, EvaluateError> {
        match item {
            Item::Pattern(pattern) => {
                let range = ranges.of(&pattern.object).filter(|_| pattern.subject != pattern.object);
                self.scan(pattern, &pattern.runs(self.index, range, false), &want.every())
            }
            Item::Path(path) => self.follow(&Rows::blank(1), path, want),
            Item::Plan(plan) => self.run(plan, &want.every()),
        }
    }

    /// Without the columns that nobody wants.
    pub(super) fn prune(&self, rows: Rows, want: &Want) -> Rows {
        if rows.variables().iter().all(|name| want.needs(name)) {
            return rows;
        }
        let kept: Vec<Variable> = rows.variables().iter().filter(|name| want.needs(name)).cloned().collect();
        rows.project(&kept)
    }
}

impl<'j> Work<'j> {
    fn clone(&self) -> Self {
        Self { pending: self.pending.clone(), conditions: self.conditions.clone(), ranges: self.ranges }
    }

    /// The columns that the rest of the join and its caller need.
    fn need(&self, want: &Want) -> Want {
        let mut need = want.clone();
        for (item, _) in &self.pending {
            need = need.and(&item.possible());
        }
        for condition in &self.conditions {
            need = need.and(condition.variables());
        }
        need
    }

    /// Whether statements by object serve what comes next better than by subject.
    fn prefers_objects(&self, pattern: &Pattern, need: &Want) -> bool {
        let (Some(subject), Some(object)) = (pattern.subject.variable(), pattern.object.variable()) else {
            return false;
        };
        let met =
            |variable: &Variable| self.pending.iter().any(|(item, _)| item.possible().contains(variable));
        !need.needs(subject) || (met(object) && !met(subject))
    }
}

/// Whether a part costs no more by batches than at once.
pub(super) fn again(item: &Item) -> bool {
    matches!(item, Item::Pattern(_) | Item::Plan(Plan::Values(_)))
}

/// Pieces of runs, all of about one size.
fn even<'i>(runs: &[Run<'i>], size: usize) -> Vec<Run<'i>> {
    let pieces = |run: &Run<'i>| {
        let (run, len) = (*run, run.pairs.len());
        (0..len).step_by(size).map(move |at| run.slice(at..at.saturating_add(size).min(len)))
    };
    runs.iter().flat_map(pieces).collect()
}

/// Pieces of runs that grow, so that a few rows are found soon and many without many pieces.
fn growing<'i>(runs: &[Run<'i>], limit: usize) -> Vec<Run<'i>> {
    let mut size = limit.saturating_mul(4).max(PIECE);
    let mut pieces = Vec::new();
    for run in runs {
        let mut at = 0;
        while at < run.pairs.len() {
            let end = at.saturating_add(size).min(run.pairs.len());
            pieces.push(run.slice(at..end));
            at = end;
            size = size.saturating_mul(4);
        }
    }
    pieces
}

/// The same from one end of a run by object; statements with the same object stay together.
fn from_end(run: Run<'_>, limit: usize, descending: bool) -> Vec<Run<'_>> {
    let keys = run.pairs.keys;
    let mut size = limit.saturating_mul(4).max(PIECE);
    let mut pieces = Vec::new();
    let (mut from, mut to) = (0, keys.len());
    while from < to {
        if descending {
            let cut = to.saturating_sub(size).max(from);
            let start = keys[..to].partition_point(|&key| key < keys[cut]).max(from);
            pieces.push(run.slice(start..to));
            to = start;
        } else {
            let cut = from.saturating_add(size).min(to) - 1;
            let end = keys.partition_point(|&key| key <= keys[cut]).min(to);
            pieces.push(run.slice(from..end));
            from = end;
        }
        size = size.saturating_mul(4);
    }
    pieces
}

fn want_of(join: &Join, input: Option<&Rows>, want: &Want) -> Vec<Variable> {
    let mut all: Vec<Variable> = input.map(|rows| rows.variables().to_vec()).unwrap_or_default();
    for variable in join.items.iter().flat_map(Item::possible) {
        if !all.contains(&variable) {
            all.push(variable);
        }
    }
    all.retain(|variable| want.needs(variable));
    all
}

fn rows_and(rows: &Rows, work: &Work<'_>, item: &Item) -> Vec<Variable> {
    let mut all = rows.variables().to_vec();
    for variable in
        item.possible().into_iter().chain(work.pending.iter().flat_map(|(item, _)| item.possible()))
    {
        if !all.contains(&variable) {
            all.push(variable);
        }
    }
    all
}
