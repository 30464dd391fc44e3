//! Random queries over small random datasets, answered in three ways: by the executor over ids, by spareval over the
//! columns, and by Oxigraph's own store with the union of all graphs as its default graph. The three must agree.
//!
//! `AARRE_RANDOM_QUERIES` says how many queries there are a dataset; a failure prints the seed, the query and both answers.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod data;
mod generate;
mod little;
mod mixed;
mod standard;
mod twelve;

use super::ids::{compare_terms, same_value};
use super::{
    Asked, Cancellation, DatasetParameters, Engine, EvaluateError, Limits, Prepared, ResultFormat,
    SolutionFormat, prepare,
};
use crate::snapshot::Snapshot;
use data::Data;
use generate::{Generated, Generator};
use oxigraph::model::GraphName;
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput};
use oxrdf::Term;
use std::cmp::Ordering;
use std::time::{Duration, Instant};

type Row = Vec<Option<Term>>;

/// A little random, always the same for the same seed.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, number: usize) -> usize {
        (self.next() % number as u64) as usize
    }

    pub(super) fn once_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    pub(super) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }
}

/// The rows of an answer; `None` when it took too long or too much.
fn rows(engine: &Engine, prepared: &Prepared, query: &str) -> Option<(Vec<String>, Vec<Row>)> {
    let limits = Limits {
        deadline: Some(Instant::now() + Duration::from_secs(3)),
        max_memory: 200 << 20,
        ..Limits::default()
    };
    let mut out = Vec::new();
    let format = ResultFormat::Solutions(SolutionFormat::Json);
    match engine.evaluate(&Asked::new(prepared, &limits, &Cancellation::new()), format, &mut out) {
        Ok(_) => {}
        Err(EvaluateError::Timeout | EvaluateError::Memory { .. }) => return None,
        Err(error) => panic!("{error}\n{query}"),
    }
    match QueryResultsParser::from_format(QueryResultsFormat::Json).for_slice(&out).unwrap() {
        SliceQueryResultsParserOutput::Boolean(yes) => {
            Some((Vec::new(), if yes { vec![Vec::new()] } else { Vec::new() }))
        }
        SliceQueryResultsParserOutput::Solutions(solutions) => {
            let names = solutions.variables().iter().map(|name| name.as_str().to_owned()).collect();
            Some((names, solutions.map(|row| row.unwrap().values().to_vec()).collect()))
        }
    }
}

/// The rows, each with the values of its variables as a person would read them, sorted.
fn lines(engine: &Engine, prepared: &Prepared) -> Vec<String> {
    let text = |term: &Option<Term>| match term {
        Some(Term::NamedNode(node)) => node.as_str().trim_start_matches("http://x/").to_owned(),
        Some(Term::Literal(literal)) => literal.value().to_owned(),
        other => other.as_ref().map_or_else(String::new, ToString::to_string),
    };
    let (_, rows) = rows(engine, prepared, "").unwrap();
    let mut lines: Vec<String> =
        rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join(" ")).collect();
    lines.sort_unstable();
    lines
}

fn texts(rows: &[Row]) -> Vec<String> {
    let text = |term: &Option<Term>| term.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let mut texts: Vec<String> =
        rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join(" ")).collect();
    texts.sort_unstable();
    texts
}

fn by_key(one: &Option<Term>, other: &Option<Term>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) if same_value(one, other) => Ordering::Equal,
        (Some(one), Some(other)) => compare_terms(one, other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}

/// Whether rows are a right outcome of the whole rows with the modifiers.
fn agrees(made: &[Row], whole: &[Row], query: &Generated, names: &[String]) -> Result<(), String> {
    let slice = query.limit.is_some() || query.offset > 0;
    let left = whole.len().saturating_sub(query.offset);
    let expected = query.limit.map_or(left, |limit| limit.min(left));
    if made.len() != expected {
        return Err(format!("{} rows, expected {expected}", made.len()));
    }
    let (mut made_texts, whole_texts) = (texts(made), texts(whole));
    if slice {
        let mut all = whole_texts.into_iter().peekable();
        made_texts.retain(|text| {
            while all.next_if(|other| other < text).is_some() {}
            all.next_if(|other| other == text).is_none()
        });
        if let Some(text) = made_texts.first() {
            return Err(format!("a row that is not among all rows, or too often: {text}"));
        }
    } else if made_texts != whole_texts {
        let odd = made_texts.iter().find(|text| !whole_texts.contains(text));
        let missing = whole_texts.iter().find(|text| !made_texts.contains(text));
        return Err(format!("other rows: {odd:?} is odd, {missing:?} is missing"));
    }
    if let Some((name, descending)) = &query.order {
        let Some(at) = names.iter().position(|other| other == name) else { return Ok(()) };
        let turn = |order: Ordering| if *descending { order.reverse() } else { order };
        for pair in made.windows(2) {
            if turn(by_key(&pair[0][at], &pair[1][at])) == Ordering::Greater {
                return Err(format!("not in order: {:?} before {:?}", pair[0][at], pair[1][at]));
            }
        }
        if slice {
            let mut keys: Vec<&Option<Term>> = whole.iter().map(|row| &row[at]).collect();
            keys.sort_by(|one, other| turn(by_key(one, other)));
            for (row, key) in made.iter().zip(&keys[query.offset.min(keys.len())..]) {
                if by_key(&row[at], key) != Ordering::Equal {
                    return Err(format!("the key {:?} stands where {key:?} should", row[at]));
                }
            }
        }
    }
    Ok(())
}

fn check(data: &Data, query: &Generated) -> Result<bool, String> {
    let text = query.text();
    let none = DatasetParameters::default();
    let prepared = prepare(&text, &none).map_err(|error| format!("{error}\n{text}"))?;
    let mut whole = prepare(&query.whole(), &none).map_err(|error| format!("{error}\n{text}"))?;
    let Some((names, expected)) = rows(&data.columns, &whole, &text) else { return Ok(false) };
    let Some((_, made)) = rows(&data.ids, &prepared, &text) else { return Ok(false) };
    agrees(&made, &expected, query, &names).map_err(|fault| format!("executor: {fault}\n{text}"))?;
    if let Some(looked_up) = look_up(data, &prepared)
        && looked_up != evaluated(data, &prepared)
    {
        return Err(format!("looked up otherwise than evaluated\n{text}"));
    }
    if query.has_dataset {
        return Ok(true);
    }
    whole.default_graphs = Some(vec![GraphName::DefaultGraph]);
    let Some((_, reference)) = rows(&data.oxigraph, &whole, &text) else { return Ok(false) };
    let plain = query.clone().without_modifiers();
    agrees(&expected, &reference, &plain, &names).map_err(|fault| format!("columns: {fault}\n{text}"))?;
    Ok(true)
}

const JSON: ResultFormat = ResultFormat::Solutions(SolutionFormat::Json);

fn look_up(data: &Data, prepared: &Prepared) -> Option<Vec<u8>> {
    let limits = Limits { max_memory: 4 << 20, max_bytes: 1 << 20, ..Limits::default() };
    let mut out = Vec::new();
    data.ids.look_up(prepared, JSON, &limits, &mut out).ok()?.map(|_| out)
}

fn evaluated(data: &Data, prepared: &Prepared) -> Vec<u8> {
    let mut out = Vec::new();
    data.ids
        .evaluate(&Asked::new(prepared, &Limits::default(), &Cancellation::new()), JSON, &mut out)
        .unwrap();
    out
}

#[test]
fn look_ups_are_told_from_work() {
    let data = Data::new(5);
    let asked = |text: &str| {
        let text = format!("PREFIX : <http://x/> {text}");
        let prepared = prepare(&text, &DatasetParameters::default()).unwrap();
        let looked_up = look_up(&data, &prepared);
        assert!(looked_up.is_none() || looked_up == Some(evaluated(&data, &prepared)), "{text}");
        looked_up.is_some()
    };
    for little in [
        "SELECT * { :e1 ?p ?o }",
        "ASK { ?s a :C1 }",
        "SELECT ?s (COUNT(*) AS ?n) { ?s a :C1 ; ?p ?o FILTER(LANG(?o) = \"fi\" || isIRI(?o)) } GROUP BY ?s",
        "SELECT * { :e1 :p+ ?o OPTIONAL { ?o :q ?r } FILTER NOT EXISTS { ?o :n 1 } } ORDER BY ?o LIMIT 3",
        "SELECT * { VALUES ?s { :e1 :e2 } { ?s :p ?o } UNION { ?o :p ?s } }",
    ] {
        assert!(asked(little), "{little}");
    }
    for work in [
        "SELECT * { :e1 ?p ?o FILTER(REGEX(STR(?o), \"(a+)+b\")) }",
        "SELECT * { :e1 ?p ?o BIND(CONCAT(STR(?o), STR(?o)) AS ?x) }",
        "SELECT (GROUP_CONCAT(?o) AS ?all) { :e1 ?p ?o }",
        "SELECT * { :e1 ?p ?o FILTER(?o * ?o > 3) }",
        "SELECT * { GRAPH ?g { :e1 :p* ?o } }",
        // More rows than a look-up may hold.
        "SELECT * { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f } ORDER BY ?f",
    ] {
        assert!(!asked(work), "{work}");
    }
}

#[test]
fn random_queries_have_one_answer() {
    let queries: u64 =
        std::env::var("AARRE_RANDOM_QUERIES").ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    let work = std::thread::Builder::new().stack_size(64 << 20);
    let run = move || {
        let (mut compared, mut all, mut faults) = (0, 0, Vec::new());
        for dataset in 0..6 {
            let data = Data::new(dataset);
            for n in 0..queries {
                let query = Generator::new(Random(dataset * 1_000_000 + n)).query();
                all += 1;
                match check(&data, &query) {
                    Ok(answered) => compared += u64::from(answered),
                    Err(fault) => faults.push(format!("dataset {dataset}, query {n}: {fault}")),
                }
            }
        }
        faults.sort_by_key(String::len);
        let shortest = faults.iter().take(8).cloned().collect::<Vec<_>>().join("\n\n");
        assert!(
            faults.is_empty(),
            "{} of {all} queries have two answers; the shortest:\n{shortest}",
            faults.len()
        );
        assert!(compared * 10 > all * 9, "only {compared} of {all} queries were answered in time");
    };
    work.spawn(run).unwrap().join().unwrap();
}

#[test]
fn limits_end_it_over_ids_too() {
    let data = Data::new(5);
    let ask = |text: &str, limits: &Limits| {
        let prepared = prepare(text, &DatasetParameters::default()).unwrap();
        let csv = ResultFormat::Solutions(SolutionFormat::Csv);
        data.ids.evaluate(&Asked::new(&prepared, limits, &Cancellation::new()), csv, &mut Vec::new())
    };
    let cross = "SELECT DISTINCT * { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h }";
    let small = Limits { max_memory: 1 << 20, ..Limits::default() };
    assert!(matches!(ask(cross, &small), Err(EvaluateError::Memory { limit: 1_048_576 })));
    let count = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h }";
    assert_eq!(ask(count, &small).unwrap().rows, 1);
    let past = Limits { deadline: Some(Instant::now()), ..Limits::default() };
    assert!(matches!(ask(count, &past), Err(EvaluateError::Timeout)));
    let short = Limits { max_bytes: 10, ..Limits::default() };
    assert!(matches!(ask("SELECT * { ?s ?p ?o }", &short), Err(EvaluateError::TooLarge { limit: 10 })));
}

/// An answer may be larger than the memory that a query has.
#[test]
fn products_are_written_as_they_are_made() {
    let data = Data::new(5);
    let small = Limits { max_memory: 64 << 10, ..Limits::default() };
    let ask = |text: &str, format: ResultFormat| {
        let prepared = prepare(text, &DatasetParameters::default()).unwrap();
        let mut out = Vec::new();
        data.ids
            .evaluate(&Asked::new(&prepared, &small, &Cancellation::new()), format, &mut out)
            .map(|done| done.rows)
    };
    let csv = ResultFormat::Solutions(SolutionFormat::Csv);
    let statements = ask("SELECT * { ?a ?p ?b }", csv).unwrap();
    assert_eq!(ask("SELECT * { ?a ?p ?b . ?c ?q ?d }", csv).unwrap(), statements * statements);
    let parts = [
        "SELECT ?a ?x { ?a ?p ?b . ?c ?q ?d . BIND(STR(?p) AS ?x) FILTER(BOUND(?x)) }",
        "SELECT * { ?a ?p ?b . ?c ?q ?d OPTIONAL { ?a :nothing ?n } FILTER NOT EXISTS { ?c :nothing ?m } }",
        "SELECT * { { ?a ?p ?b . ?c ?q ?d } UNION { ?x :nothing ?y } }",
        "SELECT * { ?a ?p ?b . ?c ?q ?d } OFFSET 0",
    ];
    for part in parts {
        let text = format!("PREFIX : <http://x/> {part}");
        let written = ask(&text, csv);
        assert!(matches!(written, Ok(rows) if rows == statements * statements), "{part}: {written:?}");
    }
    let some = statements * statements - 7;
    let text = format!("SELECT * {{ ?a ?p ?b . ?c ?q ?d }} OFFSET 5 LIMIT {some}");
    assert_eq!(ask(&text, csv).unwrap(), statements * statements - 7);
    // Sorting has to hold them all.
    let sorted = ask("SELECT * { ?a ?p ?b . ?c ?q ?d } ORDER BY ?a", csv);
    assert!(matches!(sorted, Err(EvaluateError::Memory { .. })), "{sorted:?}");
}

/// What the words of the index tell comes before the patterns.
#[test]
fn words_begin_a_join() {
    let data = Data::new(5);
    let text = "SELECT ?a { ?a ?p ?b . ?a ?q ?c FILTER(CONTAINS(STR(?c), \"urku\") || false) FILTER(CONTAINS(?b, \"urku\")) }";
    let prepared = prepare(text, &DatasetParameters::default()).unwrap();
    let told = data.ids.explain(&Asked::new(&prepared, &Limits::default(), &Cancellation::new())).to_string();
    assert!(told.contains("words: "), "{told}");
}

#[test]
fn what_is_done_is_told() {
    let data = Data::new(3);
    let text = "PREFIX : <http://x/> SELECT ?a { ?a a :C1 . ?a :n ?n OPTIONAL { ?a :q ?b } } ORDER BY ?n";
    let prepared = prepare(text, &DatasetParameters::default()).unwrap();
    let (limits, cancellation) = (Limits::default(), Cancellation::new());
    let asked = Asked::new(&prepared, &limits, &cancellation);
    let told = data.ids.explain(&asked).to_string();
    for part in [
        "answered by the index, over ids",
        "statements",
        "optional:",
        "in order:",
        "?a",
        "?n",
        "expected about",
        "solutions",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    let told = data.columns.explain(&asked);
    assert!(told.by.starts_with("spareval"), "{}", told.by);
}

fn plain(store: oxigraph::store::Store) -> Engine {
    Engine::plain(&Snapshot { store })
}
