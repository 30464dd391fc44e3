//! The columns of an index as a dataset of Oxigraph's evaluator (spareval).
//!
//! Its terms are ids, four bytes each. The default graph is a set, whatever graphs it is merged of: a statement that two
//! graphs make comes once, as SPARQL 1.1 (13.2) wants it. `FROM` is settled here by sets of graphs; `FROM NAMED` is left to
//! the evaluator, which asks graph by graph.

use super::evaluate::{EvaluateError, Evaluated, Watch, metered, write};
use super::format::ResultFormat;
use super::functions;
use super::ids::{Active, Locals, Scope};
use super::prepare::Prepared;
use graph_index::{Graphs, Index, Pairs, TermId, Terms};
use oxiri::Iri;
use oxrdf::{GraphName, NamedOrBlankNode, Term, Variable};
use spareval::{InternalQuad, QueryResults, QueryableDataset};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

/// Terms that were computed need more memory than allowed.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the terms that the query computes take more than {limit} bytes")]
pub(super) struct TooManyTerms {
    pub(super) limit: u64,
}

/// Evaluates a whole query by spareval over the columns.
pub(super) fn answer(
    index: &Index,
    scope: &Scope,
    prepared: &Prepared,
    format: ResultFormat,
    watch: &Watch<'_>,
    out: &mut dyn Write,
) -> Result<Evaluated, EvaluateError> {
    let results = results(index, scope, prepared.named_graphs.as_deref(), &prepared.query, watch)?;
    metered(watch, out, |out| write(results, prepared, format, watch, out))
}

/// Evaluates a pattern by spareval over the columns, and looks at each solution.
pub(super) fn each_solution(
    index: &Index,
    scope: &Scope,
    base: Option<Iri<String>>,
    pattern: &GraphPattern,
    variables: &[Variable],
    watch: &Watch<'_>,
    mut each: impl FnMut(Vec<Option<Term>>) -> Result<(), EvaluateError>,
) -> Result<(), EvaluateError> {
    let pattern = GraphPattern::Project { inner: Box::new(pattern.clone()), variables: variables.to_vec() };
    let query = Query::Select { dataset: None, pattern, base_iri: base };
    if let QueryResults::Solutions(solutions) = results(index, scope, scope.names(), &query, watch)? {
        for solution in solutions {
            let solution = solution.map_err(|error| watch.engine(error))?;
            each(variables.iter().map(|variable| solution.get(variable).cloned()).collect())?;
        }
    }
    Ok(())
}

fn results<'a>(
    index: &'a Index,
    scope: &'a Scope,
    named: Option<&[NamedOrBlankNode]>,
    query: &Query,
    watch: &Watch<'_>,
) -> Result<QueryResults<'a>, EvaluateError> {
    let evaluator = functions::evaluator(watch.cancellation);
    let mut evaluation = evaluator.prepare(query);
    let dataset = evaluation.dataset_mut();
    // Which graphs the default graph is merged of is settled by the columns.
    dataset.set_default_graph(vec![GraphName::DefaultGraph]);
    if let Some(named) = named {
        dataset.set_available_named_graphs(named.to_vec());
    }
    evaluation
        .execute(Columns::new(index, scope, watch.limits.max_memory))
        .map_err(|error| watch.engine(error))
}

/// A view of an index with the terms that one query computes.
#[derive(Clone)]
pub(super) struct Columns<'a> {
    index: &'a Index,
    scope: &'a Scope,
    locals: Rc<RefCell<Locals>>,
    limit: u64,
}

impl<'a> Columns<'a> {
    pub(super) fn new(index: &'a Index, scope: &'a Scope, limit: u64) -> Self {
        let locals = Rc::new(RefCell::new(Locals::new(index.terms().len())));
        Self { index, scope, locals, limit }
    }

    /// The statements that match, whatever graphs make them.
    fn statements(&self, [subject, predicate, object]: [Option<u32>; 3]) -> Found<'a> {
        let statements = self.index.statements();
        let Some(predicate) = predicate else {
            let predicates = match (subject, object) {
                (Some(subject), _) => statements.predicates_of_subject(TermId(subject)),
                (None, Some(object)) => statements.predicates_of_object(TermId(object)),
                (None, None) => statements.predicates(),
            };
            let view = self.clone();
            return Box::new(
                predicates
                    .iter()
                    .flat_map(move |&predicate| view.statements([subject, Some(predicate), object])),
            );
        };
        let forward = move |pairs: Pairs<'a>| {
            (0..pairs.len()).map(move |n| [pairs.keys[n], predicate, pairs.values[n], pairs.graphs[n]])
        };
        let backward = move |pairs: Pairs<'a>| {
            (0..pairs.len()).map(move |n| [pairs.values[n], predicate, pairs.keys[n], pairs.graphs[n]])
        };
        match (subject, object) {
            (Some(subject), Some(object)) => {
                let pairs = statements.by_subject(TermId(predicate));
                Box::new(forward(
                    pairs
                        .place(subject, object)
                        .map_or_else(Pairs::default, |place| pairs.slice(place..place + 1)),
                ))
            }
            (Some(subject), None) => Box::new(forward(statements.by_subject(TermId(predicate)).of(subject))),
            (None, Some(object)) => Box::new(backward(statements.by_object(TermId(predicate)).of(object))),
            (None, None) => Box::new(forward(statements.by_subject(TermId(predicate)))),
        }
    }
}

type Found<'a> = Box<dyn Iterator<Item = [u32; 4]> + 'a>;

fn quad([subject, predicate, object, _]: [u32; 4], graph_name: Option<u32>) -> InternalQuad<u32> {
    InternalQuad { subject, predicate, object, graph_name }
}

impl<'a> QueryableDataset<'a> for Columns<'a> {
    type InternalTerm = u32;
    type Error = TooManyTerms;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&u32>,
        predicate: Option<&u32>,
        object: Option<&u32>,
        graph_name: Option<Option<&u32>>,
    ) -> impl Iterator<Item = Result<InternalQuad<u32>, TooManyTerms>> + use<'a> {
        let found = self.statements([subject.copied(), predicate.copied(), object.copied()]);
        let scope = self.scope;
        let quads: Box<dyn Iterator<Item = InternalQuad<u32>> + 'a> =
            match graph_name.map(Option::<&u32>::copied) {
                Some(None) => match scope.default() {
                    Active::All => Box::new(found.map(|statement| quad(statement, None))),
                    active => Box::new(
                        found
                            .filter(move |statement| active.reads(statement[3]))
                            .map(|statement| quad(statement, None)),
                    ),
                },
                Some(Some(graph)) => Box::new(
                    found
                        .filter(move |statement| scope.has(statement[3], graph))
                        .map(move |statement| quad(statement, Some(graph))),
                ),
                None => Box::new(found.flat_map(move |statement| {
                    scope.reached(statement[3]).map(move |graph| quad(statement, Some(graph)))
                })),
            };
        quads.map(Ok)
    }

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<u32, TooManyTerms>> + use<'a> {
        self.index.graphs().names().iter().copied().filter(|&graph| graph != Graphs::DEFAULT).map(Ok)
    }

    fn contains_internal_graph_name(&self, graph_name: &u32) -> Result<bool, TooManyTerms> {
        Ok(*graph_name != Graphs::DEFAULT && self.index.graphs().names().binary_search(graph_name).is_ok())
    }

    fn internalize_term(&self, term: Term) -> Result<u32, TooManyTerms> {
        // As a store would hold it, so that an answer does not depend on what answers.
        let term = Terms::stored(term.as_ref()).unwrap_or(term);
        if let Some(id) = self.index.terms().id(term.as_ref()) {
            return Ok(id.0);
        }
        let mut locals = self.locals.borrow_mut();
        let id = locals.intern(term);
        if locals.bytes() > self.limit { Err(TooManyTerms { limit: self.limit }) } else { Ok(id) }
    }

    fn externalize_term(&self, term: u32) -> Result<Term, TooManyTerms> {
        if let Some(term) = self.locals.borrow().get(term) {
            return Ok(term.clone());
        }
        Ok(self.index.terms().term(TermId(term)))
    }
}
