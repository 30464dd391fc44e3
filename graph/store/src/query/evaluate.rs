//! Evaluation under limits, on the calling thread.
//!
//! The engine's results cannot leave their thread and its planner recurses, so the caller brings a blocking thread
//! with a large stack (64 MiB are ample) and gets bytes.

use super::columns::TooManyTerms;
use super::deadline;
use super::explain::{Notes, Step};
use super::federation::{self, Services};
use super::format::{GraphFormat, ResultFormat};
use super::functions;
use super::prepare::Prepared;
use super::standard;
use crate::snapshot::Snapshot;
use oxigraph::io::RdfSerializer;
use oxigraph::model::{GraphName, GraphNameRef, NamedNode, NamedOrBlankNode, NamedOrBlankNodeRef, Term};
use oxigraph::sparql::results::QueryResultsSerializer;
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use std::io::{self, BufWriter, Write};
use std::time::Instant;

/// A way to stop one evaluation from another thread; make a new one for each.
#[derive(Clone, Default)]
pub struct Cancellation(CancellationToken);

impl Cancellation {
    /// One that nobody has used yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What the engines poll.
    pub(super) fn token(&self) -> &CancellationToken {
        &self.0
    }

    /// Asks the evaluation to stop. It does at the next quad that it reads or row that it writes.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether somebody asked.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

impl std::fmt::Debug for Cancellation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Cancellation").field(&self.is_cancelled()).finish()
    }
}

/// What an evaluation may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// When it must be done.
    pub deadline: Option<Instant>,
    /// How many bytes the answer may have.
    pub max_bytes: u64,
    /// How many bytes intermediate results may take, where they are counted: with an index, not in Oxigraph.
    pub max_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { deadline: None, max_bytes: u64::MAX, max_memory: 1 << 30 }
    }
}

/// What is asked of an evaluation.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The query.
    pub prepared: &'a Prepared,
    /// What it may use.
    pub limits: &'a Limits,
    /// A way to stop it.
    pub cancellation: &'a Cancellation,
    /// Where is written down what is done, if anybody wants to know.
    pub notes: Option<&'a Notes>,
    /// Who asks other endpoints, if anybody does.
    pub services: Option<&'a dyn Services>,
}

impl<'a> Asked<'a> {
    /// The query under limits, with a way to stop it.
    #[must_use]
    pub fn new(prepared: &'a Prepared, limits: &'a Limits, cancellation: &'a Cancellation) -> Self {
        Self { prepared, limits, cancellation, notes: None, services: None }
    }

    /// The same, with notes of what is done.
    #[must_use]
    pub fn noting(self, notes: &'a Notes) -> Self {
        Self { notes: Some(notes), ..self }
    }

    /// The same, with somebody who asks other endpoints.
    #[must_use]
    pub fn calling(self, services: Option<&'a dyn Services>) -> Self {
        Self { services, ..self }
    }

    pub(super) fn note(&self, step: impl FnOnce() -> Step) {
        if let Some(notes) = self.notes {
            notes.push(step);
        }
    }
}

/// A finished answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evaluated {
    /// Rows of bindings or statements; one for yes or no.
    pub rows: u64,
    /// Bytes written.
    pub bytes: u64,
}

/// Why there is no whole answer. What was written until then is not one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// The deadline passed.
    #[error("the query was not answered in time")]
    Timeout,
    /// Somebody asked to stop.
    #[error("the query was cancelled")]
    Cancelled,
    /// The answer has more bytes than allowed.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// How many are allowed.
        limit: u64,
    },
    /// Intermediate results need more memory than allowed.
    #[error("the query needs more than {} MB for intermediate results; narrow it, or ask for fewer rows", limit / 1_000_000)]
    Memory {
        /// How many bytes are allowed.
        limit: u64,
    },
    /// Another endpoint, named by `SERVICE`, gave no answer.
    #[error("SERVICE {0}")]
    Service(String),
    /// The index of the generation cannot be read.
    #[error("the generation is damaged: {0}")]
    Damaged(String),
    /// The query calls a function that is not known here, or with too few or too many arguments.
    #[error("{0}")]
    Function(String),
    /// Rows were asked for as a graph, or a graph as rows.
    #[error("{format} cannot hold the answer of such a query", format = .0.media_type())]
    Format(ResultFormat),
    /// The reader of the answer is gone.
    #[error("the answer could not be written: {0}")]
    Write(#[source] io::Error),
    /// The engine refused or failed.
    #[error("the query could not be evaluated: {0}")]
    Engine(#[source] QueryEvaluationError),
}

/// Answers below so many bytes are small.
const SMALL: u64 = 1 << 20;

/// Counts what passes, and ends when it is too much.
struct Meter<'w> {
    out: &'w mut dyn Write,
    bytes: u64,
    limit: u64,
}

impl Write for Meter<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.bytes = self.bytes.saturating_add(buffer.len() as u64);
        if self.bytes > self.limit {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "too large"));
        }
        self.out.write_all(buffer)?;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What bounds one evaluation.
pub(super) struct Watch<'e> {
    pub(super) limits: &'e Limits,
    pub(super) cancellation: &'e Cancellation,
    pub(super) notes: Option<&'e Notes>,
}

impl Watch<'_> {
    fn late(&self) -> bool {
        self.limits.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// The engine may sort for long after the last quad, so each row asks again.
    pub(super) fn check(&self) -> Result<(), EvaluateError> {
        if self.cancellation.is_cancelled() || self.late() { Err(self.stopped()) } else { Ok(()) }
    }

    fn stopped(&self) -> EvaluateError {
        if self.late() { EvaluateError::Timeout } else { EvaluateError::Cancelled }
    }

    pub(super) fn engine(&self, error: QueryEvaluationError) -> EvaluateError {
        match error {
            QueryEvaluationError::Cancelled => self.stopped(),
            QueryEvaluationError::Dataset(error) if error.is::<TooManyTerms>() => {
                EvaluateError::Memory { limit: self.limits.max_memory }
            }
            QueryEvaluationError::UnsupportedCustomFunction(name) => {
                EvaluateError::Function(format!("the function {name} is not known here"))
            }
            error @ QueryEvaluationError::UnsupportedCustomFunctionArity { .. } => {
                EvaluateError::Function(error.to_string())
            }
            error => EvaluateError::Engine(error),
        }
    }

    /// What another sees as cancelled may be the deadline's keeper.
    pub(super) fn told(&self, error: EvaluateError) -> EvaluateError {
        match error {
            EvaluateError::Cancelled => self.stopped(),
            error => error,
        }
    }

    pub(super) fn write(&self, error: io::Error) -> EvaluateError {
        match error.kind() {
            io::ErrorKind::FileTooLarge => EvaluateError::TooLarge { limit: self.limits.max_bytes },
            _ => EvaluateError::Write(error),
        }
    }
}

/// Evaluates while another thread keeps the deadline, for what looks only at the cancellation.
pub(super) fn within<R>(
    asked: &Asked<'_>,
    run: impl FnOnce(&Watch<'_>) -> Result<R, EvaluateError>,
) -> Result<R, EvaluateError> {
    let Asked { limits, cancellation, notes, .. } = *asked;
    let watch = Watch { limits, cancellation, notes };
    watch.check()?;
    let keep = |deadline| deadline::keep(deadline, cancellation);
    let _kept = limits.deadline.map(keep).transpose().map_err(EvaluateError::Write)?;
    run(&watch)
}

/// Writes an answer and counts its bytes.
pub(super) fn metered(
    watch: &Watch<'_>,
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> Result<u64, EvaluateError>,
) -> Result<Evaluated, EvaluateError> {
    let meter = Meter { out, bytes: 0, limit: watch.limits.max_bytes };
    // Who has little room for an answer expects a small one, and a large piece of memory is work for the allocator.
    let room = if watch.limits.max_bytes < SMALL { 1 << 12 } else { 1 << 16 };
    let mut writer = BufWriter::with_capacity(room, meter);
    let written =
        write(&mut writer).and_then(|rows| writer.flush().map(|()| rows).map_err(|error| watch.write(error)));
    // Taken apart rather than dropped: after a failure the rest of the buffer must not follow.
    let (meter, _) = writer.into_parts();
    Ok(Evaluated { rows: written?, bytes: meter.bytes })
}

impl Snapshot {
    /// Evaluates on this thread and writes the answer. A second thread keeps the deadline; the engine looks at it
    /// when it reads quads, so that a sort or a cross product of values may overrun.
    ///
    /// # Errors
    /// [`EvaluateError`]; what was written by then must not be taken for an answer.
    pub fn evaluate(
        &self,
        asked: &Asked<'_>,
        format: ResultFormat,
        out: &mut dyn Write,
    ) -> Result<Evaluated, EvaluateError> {
        asked.note(|| Step::said("all of it by Oxigraph over its store"));
        within(asked, |watch| {
            let called = federation::resolved(asked.prepared, asked)?;
            self.run(called.as_ref().unwrap_or(asked.prepared), format, watch, out)
        })
    }

    fn run(
        &self,
        prepared: &Prepared,
        format: ResultFormat,
        watch: &Watch<'_>,
        out: &mut dyn Write,
    ) -> Result<Evaluated, EvaluateError> {
        if !format.suits(prepared.kind()) {
            return Err(EvaluateError::Format(format));
        }
        let resolved = prepared.resolved(&Graphs { store: &self.store, prepared });
        let prepared = resolved.as_ref().unwrap_or(prepared);
        let mut query = functions::register(SparqlEvaluator::new())
            .with_cancellation_token(watch.cancellation.0.clone())
            .for_query((*prepared.query).clone());
        let dataset = query.dataset_mut();
        match &prepared.default_graphs {
            Some(graphs) => dataset.set_default_graph(graphs.clone()),
            None => dataset.set_default_graph_as_union(),
        }
        if let Some(graphs) = &prepared.named_graphs {
            dataset.set_available_named_graphs(graphs.clone());
        }
        let results = query.on_store(&self.store).execute().map_err(|error| watch.engine(error))?;
        metered(watch, out, |out| write(results, prepared, format, watch, out))
    }
}

/// The graphs of a store that a query can reach.
struct Graphs<'s> {
    store: &'s Store,
    prepared: &'s Prepared,
}

impl standard::Data for Graphs<'_> {
    fn named_graphs(&self, most: usize) -> Vec<NamedNode> {
        let named = |graph: NamedOrBlankNode| match graph {
            NamedOrBlankNode::NamedNode(graph) => Some(graph),
            NamedOrBlankNode::BlankNode(_) => None,
        };
        let mut graphs: Vec<NamedNode> = match &self.prepared.named_graphs {
            Some(graphs) => graphs.iter().cloned().filter_map(named).take(most).collect(),
            None => self.store.named_graphs().filter_map(|graph| named(graph.ok()?)).take(most).collect(),
        };
        graphs.sort_unstable();
        graphs
    }

    fn has_graph(&self, graph: &NamedNode) -> bool {
        let name = NamedOrBlankNode::from(graph.clone());
        self.prepared.named_graphs.as_ref().is_none_or(|graphs| graphs.contains(&name))
            && self.store.contains_named_graph(graph).unwrap_or(false)
    }

    fn is_node(&self, term: &Term, graph: Option<&NamedNode>) -> bool {
        let graphs: Option<Vec<GraphName>> = match (graph, &self.prepared.default_graphs) {
            (Some(graph), _) => Some(vec![graph.clone().into()]),
            (None, graphs) => graphs.clone(),
        };
        let subject = match term {
            Term::NamedNode(node) => Some(NamedOrBlankNodeRef::from(node.as_ref())),
            _ => None,
        };
        let any = |graph: Option<GraphNameRef<'_>>| {
            let any = |subject, object| self.store.quads_for_pattern(subject, None, object, graph).next();
            (subject.is_some() && any(subject, None).is_some()) || any(None, Some(term.as_ref())).is_some()
        };
        match graphs {
            None => any(None),
            Some(graphs) => graphs.iter().any(|graph| any(Some(graph.as_ref()))),
        }
    }
}

/// Writes what the evaluator of Oxigraph gives.
pub(super) fn write(
    results: QueryResults<'_>,
    prepared: &Prepared,
    format: ResultFormat,
    watch: &Watch<'_>,
    out: &mut dyn Write,
) -> Result<u64, EvaluateError> {
    let mut rows = 0;
    match (results, format) {
        (QueryResults::Boolean(value), ResultFormat::Solutions(format)) => {
            QueryResultsSerializer::from_format(format.engine())
                .serialize_boolean_to_writer(out, value)
                .map_err(|error| watch.write(error))?;
            rows = 1;
        }
        (QueryResults::Solutions(solutions), ResultFormat::Solutions(format)) => {
            let mut serializer = QueryResultsSerializer::from_format(format.engine())
                .serialize_solutions_to_writer(out, solutions.variables().to_vec())
                .map_err(|error| watch.write(error))?;
            for solution in solutions {
                let solution = solution.map_err(|error| watch.engine(error))?;
                serializer.serialize(&solution).map_err(|error| watch.write(error))?;
                rows += 1;
                watch.check()?;
            }
            serializer.finish().map_err(|error| watch.write(error))?;
        }
        (QueryResults::Graph(triples), ResultFormat::Graph(format)) => {
            let mut serializer = graph_serializer(prepared, format).for_writer(out);
            for triple in triples {
                let triple = triple.map_err(|error| watch.engine(error))?;
                serializer.serialize_triple(&triple).map_err(|error| watch.write(error))?;
                rows += 1;
                watch.check()?;
            }
            serializer.finish().map_err(|error| watch.write(error))?;
        }
        (_, format) => return Err(EvaluateError::Format(format)),
    }
    Ok(rows)
}

/// A serializer with the prefixes of the query.
pub(super) fn graph_serializer(prepared: &Prepared, format: GraphFormat) -> RdfSerializer {
    let mut serializer = RdfSerializer::from_format(format.engine());
    for (name, iri) in &prepared.prefixes {
        // A relative or broken namespace abbreviates nothing, and nothing is lost without it.
        if let Ok(with) = serializer.clone().with_prefix(name, iri) {
            serializer = with;
        }
    }
    serializer
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::query::{DatasetParameters, SolutionFormat, prepare};
    use oxigraph::io::RdfFormat;
    use std::time::Duration;

    fn snapshot(quads: usize) -> Snapshot {
        let store = Store::new().unwrap();
        let text: String = (0..quads)
            .map(|n| format!("<http://x/{n}> <http://x/p> \"{n}\" <http://x/g{}> .\n", n % 2))
            .collect();
        store.load_from_slice(RdfFormat::NQuads, text.as_bytes()).unwrap();
        Snapshot { store }
    }

    type Answer = (Result<Evaluated, EvaluateError>, String);

    fn ask(snapshot: &Snapshot, text: &str, format: ResultFormat, limits: &Limits) -> Answer {
        let prepared = prepare(text, &DatasetParameters::default()).unwrap();
        let mut out = Vec::new();
        let result =
            snapshot.evaluate(&Asked::new(&prepared, limits, &Cancellation::new()), format, &mut out);
        (result, String::from_utf8(out).unwrap())
    }

    const CSV: ResultFormat = ResultFormat::Solutions(SolutionFormat::Csv);

    #[test]
    fn the_default_graph_is_the_union() {
        let snapshot = snapshot(4);
        let (done, text) = ask(&snapshot, "SELECT ?o { ?s ?p ?o } ORDER BY ?o", CSV, &Limits::default());
        assert_eq!((done.unwrap().rows, text.as_str()), (4, "o\r\n0\r\n1\r\n2\r\n3\r\n"));
        let one = "SELECT ?o FROM <http://x/g1> { ?s ?p ?o } ORDER BY ?o";
        assert_eq!(ask(&snapshot, one, CSV, &Limits::default()).1, "o\r\n1\r\n3\r\n");
        let named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }";
        assert_eq!(ask(&snapshot, named, CSV, &Limits::default()).0.unwrap().rows, 2);
    }

    #[test]
    fn every_format_suits_its_kind_and_no_other() {
        let snapshot = snapshot(4);
        let queries = [
            "SELECT * { ?s ?p ?o }",
            "ASK { ?s ?p ?o }",
            "CONSTRUCT WHERE { ?s ?p ?o }",
            "DESCRIBE <http://x/1>",
        ];
        for text in queries {
            let kind = prepare(text, &DatasetParameters::default()).unwrap().kind();
            let all = SolutionFormat::ALL.map(ResultFormat::Solutions).into_iter();
            for format in all.chain(GraphFormat::ALL.map(ResultFormat::Graph)) {
                let (done, body) = ask(&snapshot, text, format, &Limits::default());
                assert_eq!(done.is_ok(), format.suits(kind), "{text} {format:?}");
                assert_eq!(body.is_empty(), !format.suits(kind), "{text} {format:?}");
            }
        }
        let turtle = ResultFormat::Graph(GraphFormat::Turtle);
        let (_, body) = ask(&snapshot, "PREFIX x: <http://x/> DESCRIBE x:1", turtle, &Limits::default());
        assert_eq!(body, "@prefix x: <http://x/> .\nx:1 x:p \"1\" .\n");
    }

    #[test]
    fn limits_end_it() {
        let snapshot = snapshot(3_000);
        let cross = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }";
        let soon = Limits { deadline: Some(Instant::now() + Duration::from_millis(50)), ..Limits::default() };
        assert!(matches!(ask(&snapshot, cross, CSV, &soon).0, Err(EvaluateError::Timeout)));
        let past = Limits { deadline: Some(Instant::now()), ..Limits::default() };
        assert!(matches!(ask(&snapshot, "ASK {}", CSV, &past).0, Err(EvaluateError::Timeout)));
        let small = Limits { max_bytes: 1_000, ..Limits::default() };
        let (done, body) = ask(&snapshot, "SELECT * { ?s ?p ?o }", CSV, &small);
        assert!(matches!(done, Err(EvaluateError::TooLarge { limit: 1_000 })), "{done:?}");
        assert!(body.len() <= 1_000);
        let cancellation = Cancellation::new();
        cancellation.cancel();
        let prepared = prepare(cross, &DatasetParameters::default()).unwrap();
        let done = snapshot.evaluate(
            &Asked::new(&prepared, &Limits::default(), &cancellation),
            CSV,
            &mut Vec::new(),
        );
        assert!(matches!(done, Err(EvaluateError::Cancelled)));
    }
}
