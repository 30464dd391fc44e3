//! From the text of a query to something that can be evaluated.

use super::canonical::{self, Key};
use super::deep;
use super::federation::{self, Allowed};
use super::scan::{ScanLimits, Scanned, scan};
use super::search;
use super::shape::Shape;
use super::standard;
use super::touch::{self, Dependence};
use graph_index::Touch;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode};
use rustc_hash::FxHashMap;
use spargebra::{Query, SparqlParser};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How deep the tree of a query may be; the engine recurses along it.
const MAX_TREE: usize = 1_500;

/// What is no larger recurses so little that any thread's stack has room for it.
const SHALLOW: ScanLimits =
    ScanLimits { bytes: 4_096, depth: 4, patterns: 32, operators: 32, path_steps: 8, values_rows: 64 };

/// The four forms of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueryKind {
    /// Rows of bindings.
    Select,
    /// Yes or no.
    Ask,
    /// A graph made from a template.
    Construct,
    /// A graph about some things.
    Describe,
}

/// Which graphs a request asks for by the SPARQL Protocol (section 2.1.4); they take the place of the query's own
/// `FROM` and `FROM NAMED`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DatasetParameters {
    /// The values of `default-graph-uri`.
    pub default_graphs: Vec<String>,
    /// The values of `named-graph-uri`.
    pub named_graphs: Vec<String>,
}

/// Why a query is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QueryErrorKind {
    /// It is no SPARQL query.
    Syntax,
    /// The text, or an IRI in it, is too long.
    TooLarge,
    /// It nests too deeply.
    TooDeep,
    /// It has too many patterns, clauses or operators.
    TooManyPatterns,
    /// It is an update.
    Update,
    /// It calls another endpoint.
    Service,
    /// A graph that the request names is no IRI.
    Dataset,
}

/// A refusal, with the place in the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct QueryError {
    /// Why.
    pub kind: QueryErrorKind,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong, for a person.
    pub message: String,
}

impl QueryError {
    pub(super) fn at(text: &str, mut offset: usize, kind: QueryErrorKind, message: String) -> Self {
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { kind, line, column, message }
    }
}

/// A query that was scanned, parsed and brought into its canonical form. Cheap to clone, and fit for any thread.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// With canonical names; [`Prepared::written`] knows those that were written.
    pub(super) query: Arc<Query>,
    pub(super) default_graphs: Option<Vec<GraphName>>,
    pub(super) named_graphs: Option<Vec<NamedOrBlankNode>>,
    pub(super) prefixes: Vec<(String, String)>,
    facts: Arc<Facts>,
}

/// What is known of a query without any data.
#[derive(Debug)]
struct Facts {
    key: Key,
    dependence: Dependence,
    /// Whether it names another endpoint.
    calls: bool,
    /// Whether it says something that is evaluated as the standard has it only in another form.
    resolves: bool,
    /// By canonical name, the name of a variable as it was written.
    written: FxHashMap<String, String>,
    plain: bool,
}

impl Prepared {
    fn new(
        mut query: Query,
        plain: bool,
        (default_graphs, named_graphs): Graphs,
        prefixes: Vec<(String, String)>,
    ) -> Self {
        let written = canonical::rename(&mut query);
        let graphs = (&default_graphs, &named_graphs);
        let key = canonical::key(&query, kind(&query), graphs, &prefixes);
        let dependence = touch::dependence(&query, graphs);
        let calls = !federation::named(standard::pattern_mut(&mut query)).is_empty();
        let resolves = standard::is_needed(standard::pattern_mut(&mut query));
        let facts = Arc::new(Facts { key, dependence, calls, resolves, written, plain });
        Self { query: Arc::new(query), default_graphs, named_graphs, prefixes, facts }
    }

    /// The query in a form that is evaluated as the standard has it; `None` for itself.
    pub(super) fn resolved(&self, data: &dyn standard::Data) -> Option<Self> {
        self.facts.resolves.then(|| {
            let mut query = Query::clone(&self.query);
            standard::resolve(standard::pattern_mut(&mut query), data);
            self.by(query)
        })
    }

    /// The same, evaluated by another query.
    pub(super) fn by(&self, query: Query) -> Self {
        Self { query: Arc::new(query), ..self.clone() }
    }

    /// Which of the four forms.
    #[must_use]
    pub fn kind(&self) -> QueryKind {
        kind(&self.query)
    }

    /// What is equal for two queries exactly if one may be answered with the answer of the other, in any format and
    /// over any data; see [`Key`]. The dataset is part of it.
    #[must_use]
    pub fn canonical(&self) -> Key {
        self.facts.key
    }

    /// Which statements the answer can depend on.
    #[must_use]
    pub fn touch(&self) -> &Touch {
        &self.facts.dependence.touch
    }

    /// Whether the same statements always give the same answer. They do not where something is random, asks the
    /// clock, calls another service, or mints blank nodes.
    #[must_use]
    pub fn lasting(&self) -> bool {
        self.facts.dependence.lasting
    }

    /// Whether each row of it is little work, whatever the data: it is small, its tree is low, and its expressions only
    /// compare and ask what a term is.
    pub(super) fn is_plain(&self) -> bool {
        self.facts.plain
    }

    /// Whether another endpoint has to be asked.
    pub(super) fn calls(&self) -> bool {
        self.facts.calls
    }

    /// Whether it is evaluated in another form, see [`Prepared::resolved`].
    pub(super) fn resolves(&self) -> bool {
        self.facts.resolves
    }

    /// A variable's name as it was written, for its name in the canonical form; `None` for one that the parser made.
    #[must_use]
    pub fn written<'p>(&'p self, name: &'p str) -> Option<&'p str> {
        let old = self.facts.written.get(name).map_or(name, String::as_str);
        let minted = old.len() >= 20 && old.bytes().all(|b| b.is_ascii_hexdigit());
        (!minted).then_some(old)
    }
}

fn kind(query: &Query) -> QueryKind {
    match query {
        Query::Select { .. } => QueryKind::Select,
        Query::Ask { .. } => QueryKind::Ask,
        Query::Construct { .. } => QueryKind::Construct,
        Query::Describe { .. } => QueryKind::Describe,
    }
}

/// Scans and parses a query. The default graph is the union of all graphs unless the request or the query names
/// others.
///
/// # Errors
/// [`QueryError`] with the place and the reason.
pub fn prepare(text: &str, dataset: &DatasetParameters) -> Result<Prepared, QueryError> {
    prepare_within(text, dataset, &ScanLimits::default())
}

/// As [`prepare`], with limits of one's own.
///
/// # Errors
/// [`QueryError`] with the place and the reason.
pub fn prepare_within(
    text: &str,
    dataset: &DatasetParameters,
    limits: &ScanLimits,
) -> Result<Prepared, QueryError> {
    prepare_for(text, dataset, limits, Allowed::Listed(&[]))
}

/// As [`prepare_within`], for who lets queries name some other endpoints.
///
/// # Errors
/// [`QueryError`] with the place and the reason.
pub fn prepare_for(
    text: &str,
    dataset: &DatasetParameters,
    limits: &ScanLimits,
    allowed: Allowed<'_>,
) -> Result<Prepared, QueryError> {
    // What is refused by the scan needs no thread.
    let scanned = scan(text, limits, allowed)?;
    refuse_update(text, scanned.update)?;
    if scanned.keeps(text.len(), &SHALLOW) {
        return prepare_scanned(text, &scanned, dataset, limits, allowed);
    }
    // Parsing, looking at the tree and, if it is refused, dropping it again all recurse.
    let (owned, dataset, limits) = (text.to_owned(), dataset.clone(), *limits);
    let listed = match allowed {
        Allowed::Listed(list) => Some(list.to_vec()),
        Allowed::Checked => None,
    };
    let prepare = move || {
        let allowed = listed.as_deref().map_or(Allowed::Checked, Allowed::Listed);
        prepare_here(&owned, &dataset, &limits, allowed)
    };
    match deep::run(prepare) {
        Ok(Some(prepared)) => prepared,
        Ok(None) => Err(fault(text, "the parser failed")),
        Err(error) => Err(fault(text, &format!("no thread for the parser: {error}"))),
    }
}

/// As [`prepare_for`], for who must not be kept: `None` for a query that is not so small that reading it is less work than
/// handing it to another thread. What the scan refuses is refused.
///
/// # Errors
/// [`QueryError`] with the place and the reason.
pub fn prepare_small(
    text: &str,
    dataset: &DatasetParameters,
    limits: &ScanLimits,
    allowed: Allowed<'_>,
) -> Result<Option<Prepared>, QueryError> {
    if text.len() > SHALLOW.bytes {
        return Ok(None);
    }
    let scanned = scan(text, limits, allowed)?;
    refuse_update(text, scanned.update)?;
    if !scanned.keeps(text.len(), &SHALLOW) {
        return Ok(None);
    }
    prepare_scanned(text, &scanned, dataset, limits, allowed).map(Some)
}

/// As [`prepare_for`], on this thread: bring a stack of 64 MiB.
///
/// # Errors
/// [`QueryError`] with the place and the reason.
pub fn prepare_here(
    text: &str,
    dataset: &DatasetParameters,
    limits: &ScanLimits,
    allowed: Allowed<'_>,
) -> Result<Prepared, QueryError> {
    let scanned = scan(text, limits, allowed)?;
    refuse_update(text, scanned.update)?;
    prepare_scanned(text, &scanned, dataset, limits, allowed)
}

fn prepare_scanned(
    text: &str,
    scanned: &Scanned<'_>,
    dataset: &DatasetParameters,
    limits: &ScanLimits,
    allowed: Allowed<'_>,
) -> Result<Prepared, QueryError> {
    let prefixes = scanned.prefixes.iter().map(|&(name, iri)| (name.to_owned(), iri.to_owned())).collect();
    let lowered = scanned.lowered(text);
    let read = lowered.as_deref().unwrap_or(text);
    let (query, plain) = parse(read, scanned.hint.as_ref(), limits, allowed)?;
    let graphs = graphs(text, &query, dataset)?;
    let plain = plain && scanned.keeps(text.len(), &SHALLOW);
    Ok(Prepared::new(query, plain, graphs, prefixes))
}

fn refuse_update(text: &str, update: Option<usize>) -> Result<(), QueryError> {
    let Some(offset) = update else { return Ok(()) };
    let message =
        "this is an update; only queries (SELECT, ASK, CONSTRUCT, DESCRIBE) are answered".to_owned();
    Err(QueryError::at(text, offset, QueryErrorKind::Update, message))
}

fn fault(text: &str, message: &str) -> QueryError {
    QueryError::at(text, 0, QueryErrorKind::Syntax, message.to_owned())
}

/// The query, and whether it is plain.
fn parse(
    text: &str,
    hint: Option<&(usize, String)>,
    limits: &ScanLimits,
    allowed: Allowed<'_>,
) -> Result<(Query, bool), QueryError> {
    let mut query = SparqlParser::new()
        .parse_query(text.trim_end())
        .map_err(|error| syntax(text, &error.to_string(), hint))?;
    let shape = Shape::of(&query);
    let permitted = |name: &Option<&NamedNode>| name.is_some_and(|name| allowed.has(name.as_str()));
    if let Some(name) =
        federation::named(standard::pattern_mut(&mut query)).iter().find(|name| !permitted(name))
    {
        let message = match name {
            Some(name) => format!("SERVICE {name} is refused: this endpoint does not call it"),
            None => "SERVICE is refused: it has to name one endpoint, and none within it".to_owned(),
        };
        return Err(QueryError::at(text, 0, QueryErrorKind::Service, message));
    }
    if shape.search
        && let Some(fault) = search::fault(&query)
    {
        return Err(QueryError::at(text, 0, QueryErrorKind::Service, fault.to_owned()));
    }
    if shape.depth > MAX_TREE {
        let message = format!("the query is a tree of {} levels; at most {MAX_TREE} are taken", shape.depth);
        return Err(QueryError::at(text, 0, QueryErrorKind::TooDeep, message));
    }
    if shape.path_steps > limits.path_steps {
        let most = limits.path_steps;
        let message = format!("a property path has {} steps; at most {most} are taken", shape.path_steps);
        return Err(QueryError::at(text, 0, QueryErrorKind::TooManyPatterns, message));
    }
    if shape.values_rows > limits.values_rows {
        let most = limits.values_rows;
        let message = format!("VALUES has {} rows; at most {most} are taken", shape.values_rows);
        return Err(QueryError::at(text, 0, QueryErrorKind::TooLarge, message));
    }
    standard::plain_concat(standard::pattern_mut(&mut query));
    Ok((query, shape.is_plain()))
}

/// The parser says `error at LINE:COLUMN: expected …` of the furthest place that it saw, and lists every character
/// that would have fitted there. Of these only whole sentences and marks are worth showing.
fn syntax(text: &str, said: &str, hint: Option<&(usize, String)>) -> QueryError {
    if let Some((offset, message)) = hint {
        return QueryError::at(text, *offset, QueryErrorKind::Syntax, message.clone());
    }
    let parts = said.strip_prefix("error at ").and_then(|rest| {
        let (place, expected) = rest.split_once(": ")?;
        let (line, column) = place.split_once(':')?;
        Some((line.parse::<usize>().ok()?, column.parse::<usize>().ok()?, expected))
    });
    let Some((line, column, expected)) = parts else { return fault(text, said) };
    let current = text.lines().nth(line - 1).unwrap_or_default();
    let split = current.char_indices().nth(column - 1).map_or(current.len(), |(at, _)| at);
    let after = &current[split..];
    let expected = expected.trim_start_matches("expected ").trim_start_matches("one of ");
    let choices: Vec<&str> = expected.split(", ").collect();
    let message = if let Some(sentence) =
        choices.iter().find(|choice| choice.contains(' ') && !choice.starts_with('['))
    {
        (*sentence).to_owned()
    } else {
        let met = match after.trim().chars().take(24).collect::<String>() {
            after if after.is_empty() => "what ends here is incomplete or wrong".to_owned(),
            after => format!("something is wrong at or before '{after}'"),
        };
        let marks: Vec<&str> = choices.into_iter().filter(|choice| choice.starts_with('"')).take(8).collect();
        if marks.is_empty() { met } else { format!("{met}; expected one of {}", marks.join(" ")) }
    };
    QueryError { kind: QueryErrorKind::Syntax, line, column, message }
}

type Graphs = (Option<Vec<GraphName>>, Option<Vec<NamedOrBlankNode>>);

/// `None` for the default graph is the union; `None` for the named ones is all of them. They are sorted, as a
/// dataset is a set and rows may come graph by graph.
fn graphs(text: &str, query: &Query, asked: &DatasetParameters) -> Result<Graphs, QueryError> {
    let parse = |iri: &String| {
        let message = || format!("the graph '{iri}' is no absolute IRI");
        NamedNode::new(iri.as_str()).map_err(|_| QueryError::at(text, 0, QueryErrorKind::Dataset, message()))
    };
    let (default, named) = if !asked.default_graphs.is_empty() || !asked.named_graphs.is_empty() {
        (
            asked.default_graphs.iter().map(parse).collect::<Result<BTreeSet<_>, _>>()?,
            asked.named_graphs.iter().map(parse).collect::<Result<BTreeSet<_>, _>>()?,
        )
    } else if let Some(dataset) = query.dataset() {
        (dataset.default.iter().cloned().collect(), dataset.named.iter().flatten().cloned().collect())
    } else {
        return Ok((None, None));
    };
    Ok((
        Some(default.into_iter().map(GraphName::from).collect()),
        Some(named.into_iter().map(NamedOrBlankNode::from).collect()),
    ))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn refused(text: &str) -> QueryError {
        prepare(text, &DatasetParameters::default()).unwrap_err()
    }

    #[test]
    fn says_where_and_what() {
        let check = |text: &str, line: usize, column: usize, message: &str| {
            let error = refused(text);
            assert_eq!(
                (error.kind, error.line, error.column),
                (QueryErrorKind::Syntax, line, column),
                "{error}"
            );
            assert!(error.message.contains(message) && error.message.len() < 300, "{error}");
        };
        check("SELECT * WHERE {\n  ?s ?p ; ?? }\n", 2, 11, "at or before '?? }'");
        check("SELECT * WHERE {\n  ?s ?p }\n", 2, 10, "what ends here is incomplete");
        check("SELECT * WHERE { ?s ex:p ?o }", 1, 21, "the prefix 'ex:' is not declared");
        check("SELECT * WHERE {\n { ?s ?p ?o }", 1, 16, "'{' is never closed");
        check("SELECT (COUNT(?x) AS ?n) ?y { ?x ?p ?y }", 1, 41, "a variable that is unbound");
        assert_eq!(refused("").kind, QueryErrorKind::Syntax);
        assert_eq!(refused("INSERT DATA { <http://x> <http://x> 1 }").kind, QueryErrorKind::Update);
        assert_eq!(refused("ASK { SERVICE SILENT ?s { ?s ?p ?o } }").kind, QueryErrorKind::Service);
    }

    #[test]
    fn the_request_names_the_graphs_before_the_query_does() {
        let text = "SELECT * FROM <http://g/1> FROM NAMED <http://g/2> { ?s ?p ?o }";
        let prepared = prepare(text, &DatasetParameters::default()).unwrap();
        assert_eq!(prepared.default_graphs.unwrap().len(), 1);
        assert_eq!(prepared.named_graphs.unwrap().len(), 1);
        let asked = DatasetParameters { default_graphs: vec!["http://g/3".into()], named_graphs: Vec::new() };
        let prepared = prepare(text, &asked).unwrap();
        assert_eq!(prepared.default_graphs.unwrap()[0].to_string(), "<http://g/3>");
        assert_eq!(prepared.named_graphs.unwrap(), []);
        let broken = DatasetParameters { named_graphs: vec!["no iri".into()], ..asked };
        assert_eq!(prepare(text, &broken).unwrap_err().kind, QueryErrorKind::Dataset);
    }

    #[test]
    fn the_largest_that_is_taken_parses_on_any_stack() {
        let deep = format!("ASK {{ {} ?s ?p ?o {} }}", "{".repeat(60), "}".repeat(60));
        let chain = format!("ASK {{ ?s ?p ?o FILTER(1{}) }}", "+1".repeat(1000));
        let comparison = format!("ASK {{ ?s ?p ?o FILTER(?o<1{}) }}", "*1".repeat(1000));
        let unions = format!("ASK {{ {{}} {} }}", "UNION {} ".repeat(120));
        let path = format!("ASK {{ ?s {}a ?o }}", "(a*|^a)/".repeat(60));
        let nested = "ASK { { { { ?s ?p ?o } } } }".to_owned();
        let brackets = "ASK { ?s ?p ?o FILTER(IF(((?o)), !((?o)), EXISTS { ?s ?p [ ?q () ] })) }".to_owned();
        let sums = format!("ASK {{ ?s ?p ?o FILTER(1{}) }}", "+1".repeat(30));
        let steps = "ASK { ?s ((a*|^a)/a?)+ ?o . ?o (a|^a)* ?s }".to_owned();
        let bools = format!("ASK {{ ?s ?p ?o FILTER(?o{}) }}", " || !?o && ?s".repeat(9));
        for text in [deep, chain, comparison, unions, path, nested, brackets, sums, steps, bools] {
            let small = std::thread::Builder::new().stack_size(512 << 10);
            let kind = small.spawn(move || prepare(&text, &DatasetParameters::default()).map(|q| q.kind()));
            assert_eq!(kind.unwrap().join().unwrap(), Ok(QueryKind::Ask));
        }
    }
}
