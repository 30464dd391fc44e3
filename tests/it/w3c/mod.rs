//! The suites of the W3C for SPARQL 1.0 and 1.1, asked of a real server through HTTP.
//!
//! All data of all tests stand in one generation, each file as a graph under its own IRI, and each request names its
//! dataset by `default-graph-uri` and `named-graph-uri`; a test without data asks of a graph that does not exist.
//! Queries are sent with a `BASE`, as over HTTP nobody knows from which file one came. Each answer is asked for in all
//! formats of its kind that can hold it whole.
//!
//! Updates are asked for, too: every one has to be refused, as no public address writes. What a suite wants and this
//! server does not do stands in `skipped.tsv` with a reason; a row there whose test passes is a fault.

mod answers;
mod manifest;
mod requests;

use crate::command::root;
use crate::engines::{Engines, differ};
use crate::judges::{folder, passed_over};
use crate::real_data::show;
use crate::server::{Home, Server};
use answers::{Answer, compare, expected, given};
use graph_store::rdf::{GraphName, NamedNode, Quad};
use graph_store::{DatasetParameters, prepare};
use manifest::{Kind, Suite, Test, read_graph};
use oxrdf::Graph;
use reqwest::blocking::Response;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A graph that is nowhere.
const EMPTY: &str = "http://example.org/there-is-no-such-graph";
const ROWS: [&str; 3] =
    ["application/sparql-results+json", "application/sparql-results+xml", "text/tab-separated-values"];
const TRIPLES: [&str; 2] = ["text/turtle", "application/n-triples"];

/// The folder of the suites, if it is there.
fn suites() -> Option<std::path::PathBuf> {
    let found = folder("AARRE_W3C_SPARQL").filter(|path| path.is_dir());
    if found.is_none() {
        passed_over("AARRE_W3C_SPARQL names no folder with the W3C's suites for SPARQL");
    }
    found
}

#[test]
fn queries_through_http() {
    let Some(root) = suites() else { return };
    let suites = Suite::all(&root);
    let tests: Vec<(usize, Test)> = suites
        .iter()
        .enumerate()
        .flat_map(|(number, suite)| suite.tests().into_iter().map(move |test| (number, test)))
        .collect();
    assert!(tests.len() > 1000, "only {} tests", tests.len());
    let mut graphs = BTreeMap::new();
    for (number, test) in tests.iter().filter(|(_, test)| test.kind != Kind::Update) {
        for iri in test.data.iter().chain(&test.named).chain(&from(test)) {
            graphs.entry(iri.clone()).or_insert_with(|| suites[*number].path(iri));
        }
    }
    let graphs = graphs
        .into_iter()
        .filter(|(_, path)| path.is_file())
        .map(|(iri, path)| {
            let graph = read_graph(&path, &iri);
            (iri, graph)
        })
        .collect();
    // Both ways to an answer are judged: the store alone, and the index of the generation.
    let mut faults = Vec::new();
    for by in ["store", "index"] {
        let home = Home::of(|_| quads(&graphs));
        let home = if by == "store" { home.without_index() } else { home };
        let server = home.serve();
        let mut ledger = Ledger::new(by);
        for (number, test) in &tests {
            ledger.enter(&suites[*number].name, &test.name, check(&server, test));
        }
        let mine = |name: &str| !requests::SUITES.iter().any(|suite| name.starts_with(suite));
        faults.extend(ledger.close(mine).into_iter().map(|fault| format!("by the {by}: {fault}")));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// All queries of the suites over all their data at once, which no suite expects anything of: whatever answers gives the
/// same.
#[test]
fn the_engines_agree_over_the_data_of_the_suites() {
    let Some(root) = suites() else { return };
    let suites = Suite::all(&root);
    let (mut graphs, mut texts) = (BTreeMap::new(), Vec::new());
    for suite in &suites {
        for test in suite.tests() {
            if matches!(test.kind, Kind::Update | Kind::Negative) {
                continue;
            }
            for iri in test.data.iter().chain(&test.named).chain(&from(&test)) {
                graphs.entry(iri.clone()).or_insert_with(|| suite.path(iri));
            }
            if let Ok(text) = fs::read_to_string(&test.query) {
                texts.push(format!("BASE <{}>\n{text}", test.base));
            }
        }
    }
    let graphs = graphs.into_iter().filter(|(_, path)| path.is_file());
    let graphs = graphs.map(|(iri, path)| (iri.clone(), read_graph(&path, &iri))).collect();
    let home = Home::of(|_| quads(&graphs));
    let folder = home.path().join("generations/1");
    let names: Vec<String> = graphs.keys().cloned().collect();
    let work = move || {
        let engines = Engines::open(&folder);
        let (mut compared, mut all, mut faults) = (0, 0, Vec::new());
        for (at, text) in texts.iter().enumerate() {
            // Over everything; then over one graph, with another by name, where Oxigraph's store is asked as well.
            let one = DatasetParameters {
                default_graphs: vec![names[at % names.len()].clone()],
                named_graphs: vec![names[at * 7 % names.len()].clone()],
            };
            for (dataset, with_store) in [(DatasetParameters::default(), false), (one, true)] {
                // What takes the order of rows, or anything else that may differ, is left out; so are the least and the
                // greatest of values of different kinds.
                let Ok(prepared) = prepare(text, &dataset) else { continue };
                let upper = text.to_ascii_uppercase();
                let open = ["LIMIT", "OFFSET", "SAMPLE", "GROUP_CONCAT", "REDUCED", "MIN(", "MAX("];
                if !prepared.lasting() || open.iter().any(|word| upper.contains(word)) {
                    continue;
                }
                all += 1;
                let pairs = [(&engines.ids, &engines.columns), (&engines.columns, &engines.oxigraph)];
                for (one, other) in &pairs[..1 + usize::from(with_store)] {
                    // Sorting values of different kinds, Oxigraph's evaluator may panic: its order is not total.
                    let verdict = catch_unwind(AssertUnwindSafe(|| differ(one, other, &prepared, text)));
                    let Ok(Some(verdict)) = verdict else { continue };
                    compared += 1;
                    faults.extend(verdict.err().map(|fault| format!("{fault}\n{text}")));
                }
            }
        }
        faults.sort_by_key(String::len);
        let number = faults.len();
        faults.truncate(8);
        assert!(faults.is_empty(), "{number} of {compared}\n{}", faults.join("\n\n"));
        assert!(all > 900 && compared > all, "{compared} of {all} were compared");
        show(&format!("{compared} comparisons of {all} questions over the data of the suites"));
    };
    std::thread::Builder::new().stack_size(64 << 20).spawn(work).unwrap().join().unwrap();
}

/// The triples of graphs under the graphs' names.
fn quads(graphs: &BTreeMap<String, Graph>) -> Vec<Quad> {
    let in_graph = |(name, graph): (&String, &Graph)| {
        let name = GraphName::NamedNode(NamedNode::new(name.as_str()).unwrap());
        let quads = graph.iter().map(|triple| triple.into_owned().in_graph(name.clone()));
        quads.collect::<Vec<_>>()
    };
    graphs.iter().flat_map(in_graph).collect()
}

/// The graphs that a query names itself.
fn from(test: &Test) -> Vec<String> {
    let text = fs::read_to_string(&test.query).unwrap_or_default();
    let mut graphs = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("FROM")
            && let Some((name, _)) =
                rest.trim_start_matches(" NAMED").trim().trim_start_matches('<').split_once('>')
            && !name.contains(':')
        {
            graphs.push(format!("{}{name}", &test.base[..=test.base.rfind('/').unwrap()]));
        }
    }
    graphs
}

fn check(server: &Server, test: &Test) -> Result<(), String> {
    let text = fs::read(&test.query).unwrap();
    if test.kind == Kind::Update {
        return refused(server, &text);
    }
    // Some of the negative tests are about the very bytes.
    let text = match String::from_utf8(text) {
        Ok(text) => format!("BASE <{}>\n{text}", test.base).into_bytes(),
        Err(error) => error.into_bytes(),
    };
    match test.kind {
        Kind::Positive => {
            let response = ask(server, test, &text, "*/*");
            // These are about syntax alone, and some call functions that are nowhere.
            match is(&response, 200) {
                Err(why) if !response.text().unwrap_or_default().contains("problem:unknown-function") => {
                    Err(why)
                }
                _ => Ok(()),
            }
        }
        Kind::Negative => is(&ask(server, test, &text, "*/*"), 400),
        Kind::Csv => {
            let path = test.result.as_ref().unwrap();
            let csv = path.extension().unwrap() == "csv";
            let format = if csv { "text/csv" } else { "text/tab-separated-values" };
            answers(server, test, &text, format, &expected(path, &test.base, false))
        }
        _ => {
            let upper = String::from_utf8_lossy(&text).to_ascii_uppercase();
            let ordered = upper.rfind("ORDER BY").is_some_and(|at| Some(at) > upper.rfind('}'));
            let expected = expected(test.result.as_ref().unwrap(), &test.base, ordered);
            let formats: &[&str] = match &expected {
                Answer::Graph(_) => &TRIPLES,
                Answer::Rows { .. } => &ROWS,
                Answer::Truth(_) => &ROWS[..2],
            };
            formats.iter().try_for_each(|format| answers(server, test, &text, format, &expected))
        }
    }
}

fn answers(server: &Server, test: &Test, text: &[u8], format: &str, expected: &Answer) -> Result<(), String> {
    let response = ask(server, test, text, format);
    if let Err(why) = is(&response, 200) {
        return Err(format!("{why}: {}", response.text().unwrap_or_default()));
    }
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    if !content_type.starts_with(format) {
        return Err(format!("asked for {format}, given {content_type}"));
    }
    let body = response.bytes().map_err(|error| error.to_string())?;
    compare(expected, &given(&content_type, &body)?, test.lax).map_err(|why| format!("{format}: {why}"))
}

fn is(response: &Response, status: u16) -> Result<(), String> {
    let given = response.status().as_u16();
    if given == status { Ok(()) } else { Err(format!("status {given} instead of {status}")) }
}

fn ask(server: &Server, test: &Test, text: &[u8], accept: &str) -> Response {
    let mut parameters = Vec::new();
    // What the request names would take the place of what the query names.
    if from(test).is_empty() {
        for (name, graphs) in [("default-graph-uri", &test.data), ("named-graph-uri", &test.named)] {
            parameters.extend(graphs.iter().map(|graph| format!("{name}={}", coded(graph.as_bytes()))));
        }
        if parameters.is_empty() {
            parameters.push(format!("default-graph-uri={}", coded(EMPTY.as_bytes())));
        }
    }
    server
        .post(&format!("/sparql?{}", parameters.join("&")))
        .header("content-type", "application/sparql-query")
        .header("accept", accept)
        .body(text.to_owned())
        .send()
        .unwrap()
}

/// Bytes as a parameter's value.
fn coded(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect()
}

/// An update is refused in whatever dress it comes.
fn refused(server: &Server, text: &[u8]) -> Result<(), String> {
    let sent = |content_type: &str, body: Vec<u8>| {
        server
            .post("/sparql")
            .header("content-type", content_type)
            .body(body)
            .send()
            .unwrap()
            .status()
            .as_u16()
    };
    let form = format!("update={}", coded(text)).into_bytes();
    let met = [
        sent("application/sparql-update", text.to_owned()),
        sent("application/sparql-query", text.to_owned()),
        sent("application/x-www-form-urlencoded", form),
    ];
    if met == [415, 400, 400] { Ok(()) } else { Err(format!("answered {met:?}")) }
}

/// What became of each test.
struct Ledger {
    skipped: BTreeMap<String, String>,
    /// Passed, skipped and all tests by suite.
    suites: BTreeMap<String, [usize; 3]>,
    met: BTreeSet<String>,
    faults: Vec<String>,
}

impl Ledger {
    /// The ledger of a run; rows of the skip list count for both ways to an answer or for one.
    fn new(by: &str) -> Self {
        let table = fs::read_to_string(root().join("tests/it/w3c/skipped.tsv")).unwrap();
        let mut skipped = BTreeMap::new();
        for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let mut cells = line.splitn(3, '\t');
            let mut cell = || cells.next().expect("a test, by what it is answered, and a reason");
            let (name, which, reason) = (cell(), cell(), cell());
            assert!(["both", "store", "index"].contains(&which), "{name}: by {which}");
            if which != "both" && which != by {
                continue;
            }
            assert!(reason.len() > 20, "{name}: a reason in words");
            assert!(skipped.insert(name.to_owned(), reason.to_owned()).is_none(), "{name} stands twice");
        }
        Self { skipped, suites: BTreeMap::new(), met: BTreeSet::new(), faults: Vec::new() }
    }

    fn enter(&mut self, suite: &str, test: &str, verdict: Result<(), String>) {
        let counts = self.suites.entry(suite.to_owned()).or_default();
        counts[2] += 1;
        self.met.insert(test.to_owned());
        match (verdict, self.skipped.contains_key(test)) {
            (Ok(()), false) => counts[0] += 1,
            (Err(_), true) => counts[1] += 1,
            (Ok(()), true) => self.faults.push(format!("{test}: skipped.tsv has it, and it passes")),
            (Err(why), false) => {
                self.faults.push(format!("{test}: {}", why.chars().take(600).collect::<String>()));
            }
        }
    }

    /// Prints the table and tells what is not as it should be; `owns` tells which rows of the skip list are this
    /// run's.
    fn close(mut self, owns: impl Fn(&str) -> bool) -> Vec<String> {
        for name in self.skipped.keys().filter(|name| owns(name) && !self.met.contains(*name)) {
            self.faults.push(format!("{name}: skipped.tsv has it, and there is no such test"));
        }
        let mut all = [0; 3];
        for (suite, counts) in &self.suites {
            show(&format!("{suite}: {} of {} passed, {} skipped", counts[0], counts[2], counts[1]));
            for (sum, count) in all.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        show(&format!("all: {} of {} passed, {} skipped", all[0], all[2], all[1]));
        self.faults
    }
}
