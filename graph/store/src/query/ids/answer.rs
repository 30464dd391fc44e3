//! From operators to an answer: rows, yes or no, a graph.

use super::compile::Left;
use super::executor::Executor;
use super::expression::Context;
use super::plan::Plan;
use super::rows::{Rows, UNBOUND};
use super::scope::Scope;
use super::want::Want;
use crate::query::evaluate::{EvaluateError, Evaluated, Watch, graph_serializer, metered};
use crate::query::format::{GraphFormat, ResultFormat, SolutionFormat};
use crate::query::prepare::Prepared;
use graph_index::{Index, TermId};
use oxigraph::sparql::results::QueryResultsSerializer;
use oxrdf::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple, Variable};
use rustc_hash::FxHashSet;
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::io::Write;
use std::sync::Arc;

/// Which queries are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::query) enum Which {
    All,
    /// Those that look like little work. Nobody cancels them, so they keep their deadline themselves.
    Little,
}

/// Answers a query; `None` when spareval has to take it whole, or when it is none of those.
pub(in crate::query) fn answer(
    index: &Index,
    scope: &Scope,
    prepared: &Prepared,
    format: ResultFormat,
    which: Which,
    watch: &Watch<'_>,
    out: &mut dyn Write,
) -> Result<Option<Evaluated>, EvaluateError> {
    let executor = executor(index, scope, prepared, which, watch);
    let Ok(plan) = executor.compile(pattern(&prepared.query)) else { return Ok(None) };
    if which == Which::Little && !executor.is_little(&plan.0) {
        return Ok(None);
    }
    executor.write(&plan.0, prepared, format, out)
}

/// Evaluates a query without writing its answer, and gives the number of its solutions; `None` when spareval has to take
/// it whole.
pub(in crate::query) fn explain(
    index: &Index,
    scope: &Scope,
    prepared: &Prepared,
    watch: &Watch<'_>,
) -> Result<Option<usize>, EvaluateError> {
    let executor = executor(index, scope, prepared, Which::All, watch);
    let Ok(plan) = executor.compile(pattern(&prepared.query)) else { return Ok(None) };
    let want = match &*prepared.query {
        Query::Ask { .. } => Want { limit: Some(1), set: true, ..Want::columns(Vec::new()) },
        _ => Want::default(),
    };
    executor.run(&plan.0, &want).map(|rows| Some(rows.len()))
}

fn executor<'a>(
    index: &'a Index,
    scope: &'a Scope,
    prepared: &Prepared,
    which: Which,
    watch: &'a Watch<'a>,
) -> Executor<'a> {
    let base = match &*prepared.query {
        Query::Select { base_iri, .. }
        | Query::Construct { base_iri, .. }
        | Query::Describe { base_iri, .. }
        | Query::Ask { base_iri, .. } => base_iri.clone(),
    };
    let until = watch.limits.deadline.filter(|_| which == Which::Little);
    let context = Context::new(index, base.clone(), watch.cancellation).until(until);
    Executor::new(index, scope, base, Arc::new(context), watch)
}

fn pattern(query: &Query) -> &GraphPattern {
    match query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => pattern,
    }
}

impl Executor<'_> {
    fn write(
        &self,
        plan: &Plan,
        prepared: &Prepared,
        format: ResultFormat,
        out: &mut dyn Write,
    ) -> Result<Option<Evaluated>, EvaluateError> {
        match (&*prepared.query, format) {
            (Query::Select { .. }, ResultFormat::Solutions(format)) => {
                metered(self.watch, out, |out| self.write_rows(plan, format, out)).map(Some)
            }
            (Query::Ask { .. }, ResultFormat::Solutions(format)) => {
                let want = Want { limit: Some(1), set: true, ..Want::columns(Vec::new()) };
                let any = !self.run(plan, &want)?.is_empty();
                metered(self.watch, out, |out| {
                    QueryResultsSerializer::from_format(format.engine())
                        .serialize_boolean_to_writer(out, any)
                        .map_err(|error| self.watch.write(error))?;
                    Ok(1)
                })
                .map(Some)
            }
            (Query::Construct { template, .. }, ResultFormat::Graph(format)) => {
                let Ok(template) = self.template(template) else { return Ok(None) };
                let variables = template.iter().flatten().filter_map(|part| match part {
                    Part::Variable(variable) => Some(variable.clone()),
                    _ => None,
                });
                let want = Want::columns(variables.collect());
                metered(self.watch, out, |out| {
                    self.write_graph(prepared, format, out, |push| {
                        let (mut seen, mut before) = (FxHashSet::default(), 0);
                        self.flow(plan, &want, &mut |rows| {
                            self.construct(&rows, before, &template, &mut seen, push)?;
                            before += rows.len();
                            Ok(true)
                        })
                        .map(drop)
                    })
                })
                .map(Some)
            }
            (Query::Describe { .. }, ResultFormat::Graph(format)) => {
                let rows = self.run(plan, &Want { set: true, ..Want::default() })?;
                metered(self.watch, out, |out| {
                    self.write_graph(prepared, format, out, |push| self.describe(&rows, push))
                })
                .map(Some)
            }
            (_, format) => Err(EvaluateError::Format(format)),
        }
    }

    fn write_rows(
        &self,
        plan: &Plan,
        format: SolutionFormat,
        out: &mut dyn Write,
    ) -> Result<u64, EvaluateError> {
        let variables = projected(plan);
        let mut serializer = QueryResultsSerializer::from_format(format.engine())
            .serialize_solutions_to_writer(out, variables.clone())
            .map_err(|error| self.watch.write(error))?;
        // The term that stood above in each column: neighbours are often alike.
        let mut terms: Vec<(u32, Option<Term>)> = vec![(UNBOUND, None); variables.len()];
        let mut written = 0;
        self.flow(plan, &Want::default(), &mut |rows| {
            let rows = rows.project(&variables);
            for row in 0..rows.len() {
                if row.is_multiple_of(256) {
                    self.poll()?;
                }
                for (column, last) in rows.columns().iter().zip(&mut terms) {
                    if last.0 != column[row] {
                        *last = (column[row], self.term(column[row]));
                    }
                }
                let bindings = rows
                    .variables()
                    .iter()
                    .zip(&terms)
                    .filter_map(|(variable, (_, term))| Some((variable, term.as_ref()?)));
                serializer.serialize(bindings).map_err(|error| self.watch.write(error))?;
            }
            written += rows.len() as u64;
            Ok(true)
        })?;
        serializer.finish().map_err(|error| self.watch.write(error))?;
        Ok(written)
    }

    fn write_graph(
        &self,
        prepared: &Prepared,
        format: GraphFormat,
        out: &mut dyn Write,
        triples: impl FnOnce(&mut dyn FnMut(Triple) -> Result<(), EvaluateError>) -> Result<(), EvaluateError>,
    ) -> Result<u64, EvaluateError> {
        let mut serializer = graph_serializer(prepared, format).for_writer(out);
        let mut rows = 0_u64;
        triples(&mut |triple| {
            rows += 1;
            if rows.is_multiple_of(256) {
                self.poll()?;
            }
            serializer.serialize_triple(&triple).map_err(|error| self.watch.write(error))
        })?;
        serializer.finish().map_err(|error| self.watch.write(error))?;
        Ok(rows)
    }

    /// The statements of a template, each once; `before` rows came before these.
    fn construct(
        &self,
        rows: &Rows,
        before: usize,
        template: &[[Part; 3]],
        seen: &mut FxHashSet<[u32; 3]>,
        push: &mut dyn FnMut(Triple) -> Result<(), EvaluateError>,
    ) -> Result<(), EvaluateError> {
        for row in 0..rows.len() {
            for parts in template {
                let mut ids = [UNBOUND; 3];
                let mut fresh = false;
                for (id, part) in ids.iter_mut().zip(parts) {
                    match part {
                        Part::Id(constant) => *id = *constant,
                        Part::Variable(variable) => {
                            *id = rows.column(variable).map_or(UNBOUND, |column| column[row]);
                        }
                        Part::Blank(_) => fresh = true,
                    }
                }
                if !fresh {
                    if ids.contains(&UNBOUND) || !seen.insert(ids) {
                        continue;
                    }
                    self.grow(seen.len(), 6)?;
                }
                let term = |n: usize| match &parts[n] {
                    Part::Blank(name) => Some(self.blank(name, before + row).into()),
                    _ => self.term(ids[n]),
                };
                if let Some(triple) = triple(term(0), term(1), term(2)) {
                    push(triple)?;
                }
            }
        }
        Ok(())
    }

    /// A blank node for one row, which the data does not have.
    fn blank(&self, name: &str, row: usize) -> BlankNode {
        let mut label = format!("{name}r{row}");
        loop {
            let node = BlankNode::new_unchecked(label.as_str());
            if self.index.terms().id(node.as_ref().into()).is_none() {
                return node;
            }
            label.push('x');
        }
    }

    fn describe(
        &self,
        rows: &Rows,
        push: &mut dyn FnMut(Triple) -> Result<(), EvaluateError>,
    ) -> Result<(), EvaluateError> {
        let statements = self.index.statements();
        let active = self.scope.default();
        let mut seen = FxHashSet::default();
        let mut todo = Vec::new();
        for row in 0..rows.len() {
            let nodes = rows.columns().iter().map(|column| column[row]).filter(|&id| id != UNBOUND);
            todo.extend(nodes.filter(|&id| seen.insert(id)));
            while let Some(node) = todo.pop() {
                for &predicate in statements.predicates_of_subject(TermId(node)) {
                    let pairs = statements.by_subject(TermId(predicate)).of(node);
                    for (&object, &set) in pairs.values.iter().zip(pairs.graphs) {
                        if !active.reads(set) {
                            continue;
                        }
                        let value = self.term(object);
                        if matches!(value, Some(Term::BlankNode(_))) && seen.insert(object) {
                            todo.push(object);
                        }
                        if let Some(triple) = triple(self.term(node), self.term(predicate), value) {
                            push(triple)?;
                        }
                    }
                }
                self.grow(seen.len(), 6)?;
            }
        }
        Ok(())
    }

    fn template(&self, template: &[TriplePattern]) -> Result<Vec<[Part; 3]>, Left> {
        let constant = |term: Term| self.intern(term).map(Part::Id).map_err(|_| Left);
        let part = |term: &TermPattern| match term {
            TermPattern::NamedNode(node) => constant(node.clone().into()),
            TermPattern::Literal(literal) => constant(literal.clone().into()),
            TermPattern::Variable(variable) => Ok(Part::Variable(variable.clone())),
            TermPattern::BlankNode(node) => Ok(Part::Blank(node.as_str().to_owned())),
            TermPattern::Triple(_) => Err(Left),
        };
        template
            .iter()
            .map(|triple| {
                let predicate = match &triple.predicate {
                    NamedNodePattern::NamedNode(node) => constant(node.clone().into()),
                    NamedNodePattern::Variable(variable) => Ok(Part::Variable(variable.clone())),
                };
                Ok([part(&triple.subject)?, predicate?, part(&triple.object)?])
            })
            .collect()
    }
}

/// A place of a template.
enum Part {
    Id(u32),
    Variable(Variable),
    Blank(String),
}

fn triple(subject: Option<Term>, predicate: Option<Term>, object: Option<Term>) -> Option<Triple> {
    let subject: NamedOrBlankNode = subject?.try_into().ok()?;
    let predicate: NamedNode = predicate?.try_into().ok()?;
    Some(Triple { subject, predicate, object: object? })
}

/// The variables of a `SELECT`, in its order.
fn projected(plan: &Plan) -> Vec<Variable> {
    match plan {
        Plan::Project { variables, .. } => variables.clone(),
        Plan::Slice { inner, .. }
        | Plan::Distinct(inner)
        | Plan::Order { inner, .. }
        | Plan::Extend { inner, .. }
        | Plan::Filter { inner, .. } => projected(inner),
        plan => plan.possible(),
    }
}
