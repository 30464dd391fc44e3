//! One answer to one question: by whatever engine, in whatever process, kept or fresh.
//!
//! The fast ways of the executor over ids are judged by spareval over the same columns, and both by Oxigraph's own
//! store, over the demo graph: all examples, and questions made from the graph itself. Bytes are compared where bytes
//! are promised: an answer that is kept, one that is made anew, and one of another process.

use crate::real_data::show;
use crate::server::{self, Home};
use graph_index::Index;
use graph_store::{
    Asked, Cancellation, DatasetParameters, Engine, EvaluateError, GraphFormat, Limits, Prepared, QueryKind,
    ResultFormat, Snapshot, SolutionFormat, prepare,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// The engines over one generation: the executor over ids, spareval over the columns, Oxigraph.
pub(crate) struct Engines {
    pub(crate) ids: Engine,
    pub(crate) columns: Engine,
    pub(crate) oxigraph: Engine,
}

impl Engines {
    pub(crate) fn open(generation: &Path) -> Self {
        let index = Index::open(&generation.join("index")).unwrap();
        let snapshot = Snapshot::open(&generation.join("store")).unwrap();
        Self {
            ids: Engine::indexed(index.clone()),
            columns: Engine::by_columns(index),
            oxigraph: Engine::plain(&snapshot),
        }
    }
}

/// The lines of an answer, sorted; `None` when it took too long or too much.
pub(crate) fn lines(engine: &Engine, prepared: &Prepared) -> Result<Option<Vec<String>>, String> {
    let limits = Limits {
        deadline: Some(Instant::now() + Duration::from_secs(10)),
        max_memory: 400 << 20,
        ..Limits::default()
    };
    let format = match prepared.kind() {
        QueryKind::Select => ResultFormat::Solutions(SolutionFormat::Tsv),
        QueryKind::Ask => ResultFormat::Solutions(SolutionFormat::Json),
        QueryKind::Construct | QueryKind::Describe => ResultFormat::Graph(GraphFormat::NTriples),
    };
    let mut out = Vec::new();
    let cancellation = Cancellation::new();
    match engine.evaluate(&Asked::new(prepared, &limits, &cancellation), format, &mut out) {
        Ok(_) => {}
        Err(EvaluateError::Timeout | EvaluateError::Memory { .. }) => return Ok(None),
        // What one engine refuses, all have to.
        Err(error) => return Err(error.to_string()),
    }
    let mut lines: Vec<String> = String::from_utf8(out).unwrap().lines().map(str::to_owned).collect();
    lines.sort_unstable();
    // A graph is a set, however often a statement of it is written.
    if matches!(format, ResultFormat::Graph(_)) {
        lines.dedup();
    }
    Ok(Some(lines))
}

/// What differs between two engines' answers to a query in these words; `None` when one of them did not end.
pub(crate) fn differ(
    one: &Engine,
    other: &Engine,
    prepared: &Prepared,
    text: &str,
) -> Option<Result<(), String>> {
    // In which order texts are joined is left open, so only what they are made of counts.
    let joined = text.contains("GROUP_CONCAT");
    let answer = |engine| {
        let mut lines = lines(engine, prepared)?;
        for line in lines.iter_mut().flatten().filter(|_| joined) {
            let mut letters: Vec<char> = line.chars().collect();
            letters.sort_unstable();
            *line = letters.into_iter().collect();
        }
        lines.iter_mut().for_each(|lines| lines.sort_unstable());
        Ok::<_, String>(lines)
    };
    let (made, expected) = (answer(one), answer(other));
    Some(match (made, expected) {
        (Ok(None), _) | (_, Ok(None)) => return None,
        (Ok(Some(made)), Ok(Some(expected))) if made == expected => Ok(()),
        (Err(_), Err(_)) => Ok(()),
        (Ok(Some(made)), Ok(Some(expected))) => {
            let odd = made.iter().find(|line| !expected.contains(line));
            let missing = expected.iter().find(|line| !made.contains(line));
            let (n, m) = (made.len(), expected.len());
            Err(format!("{n} and {m} lines; {odd:?} is odd, {missing:?} is missing"))
        }
        (made, expected) => Err(format!("one of them fails: {:?}, {:?}", made.err(), expected.err())),
    })
}

/// Questions about a graph that are made from what is in it: each property alone, in pairs that meet in a subject, with
/// what compares and cuts and groups. What is sorted and cut is text, as the standard leaves open in which order other
/// values of different kinds stand.
fn questions(engine: &Engine) -> Vec<String> {
    let asked = |text: &str| {
        let prepared = prepare(text, &DatasetParameters::default()).unwrap();
        lines(engine, &prepared).unwrap().unwrap()
    };
    let properties: Vec<String> =
        asked("SELECT ?p { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(*) > 3)").into_iter().skip(1).collect();
    let properties: Vec<&str> =
        properties.iter().map(String::as_str).filter(|line| line.starts_with('<')).collect();
    let mut questions = vec![
        "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?o) AS ?m) { ?s ?p ?o } GROUP BY ?p".to_owned(),
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g".to_owned(),
        "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s a ?type } } }".to_owned(),
        "SELECT ?type (COUNT(?s) AS ?n) { ?s a ?type } GROUP BY ?type".to_owned(),
    ];
    for (at, p) in properties.iter().enumerate() {
        for form in [
            "SELECT ?s ?o { ?s @p ?o } ORDER BY STR(?o) LANG(?o) DATATYPE(?o) ?s LIMIT 20",
            "SELECT ?s ?o { ?s @p ?o } ORDER BY DESC(STR(?o)) LANG(?o) DATATYPE(?o) ?s LIMIT 20 OFFSET 5",
            "SELECT ?o (COUNT(*) AS ?n) { ?s @p ?o } GROUP BY ?o",
            "SELECT (COUNT(DISTINCT ?s) AS ?n) (MIN(STR(?o)) AS ?a) (MAX(STR(?o)) AS ?b) { ?s @p ?o }",
            "SELECT DISTINCT ?type { ?s a ?type ; @p ?o FILTER(ISIRI(?o)) }",
            "SELECT ?s ?o { ?s @p ?o FILTER(CONTAINS(LCASE(STR(?o)), \"ka\")) }",
            "SELECT ?s ?o { ?s @p ?o FILTER(REGEX(STR(?o), \"^[A-K].*a\", \"i\")) }",
            "SELECT ?s ?o { ?s @p ?o FILTER(?o > \"K\" && ?o <= \"V\") }",
            "SELECT ?s ?o { ?s @p ?o FILTER(?o >= \"1850\"^^<http://www.w3.org/2001/XMLSchema#gYear>) }",
            "SELECT ?s (LANG(?o) AS ?l) (DATATYPE(?o) AS ?d) { ?s @p ?o FILTER(LANG(?o) = \"fi\" || LANG(?o) = \"\") }",
            "ASK { ?s @p ?o . ?o @p ?again }",
            "SELECT ?s ?o { ?s @p+ ?o }",
        ] {
            questions.push(form.replace("@p", p));
        }
        // Each meets a few others.
        for step in [1, 7, 19] {
            let q = properties[(at + step) % properties.len()];
            for form in [
                "SELECT ?s ?a ?b { ?s @p ?a ; @q ?b }",
                "SELECT ?s ?a ?b { ?s @p ?a OPTIONAL { ?s @q ?b } }",
                "SELECT ?s ?a { ?s @p ?a MINUS { ?s @q ?b } }",
                "SELECT ?s ?a { ?s @p ?a FILTER NOT EXISTS { ?s @q ?a } FILTER EXISTS { ?s ?any ?a } }",
                "SELECT ?a (COUNT(DISTINCT ?s) AS ?n) { { ?s @p ?a } UNION { ?s @q ?a } } GROUP BY ?a",
                "SELECT ?a ?c { ?a @p ?b . ?c @q ?b FILTER(?a != ?c) }",
                "SELECT DISTINCT ?a ?b { ?a @p/@q ?b }",
                "SELECT ?a (GROUP_CONCAT(STR(?b)) AS ?all) { ?a @p ?b } GROUP BY ?a HAVING (COUNT(*) = 1)",
            ] {
                questions.push(form.replace("@p", p).replace("@q", q));
            }
        }
    }
    // A third of them in one graph.
    let graphs = asked("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }");
    let graphs: Vec<&String> = graphs.iter().filter(|line| line.starts_with('<')).collect();
    for (at, question) in questions.iter_mut().enumerate().filter(|(at, _)| at % 3 == 0) {
        let from = format!("FROM {} ", graphs[at % graphs.len()]);
        let at = question.find('{').unwrap();
        question.insert_str(at, &from);
    }
    questions
}

#[test]
fn the_engines_agree_over_the_demo_graph() {
    let (home, _) = server::demo();
    let folder = fs::canonicalize(home.path().join("generations/current")).unwrap();
    let work = move || {
        let engines = Engines::open(&folder);
        let mut questions = questions(&engines.columns);
        let made = questions.len();
        questions.extend(queries::ALL.iter().map(|query| query.text.to_owned()));
        let (mut compared, mut with_store, mut faults) = (0, 0, Vec::new());
        for text in &questions {
            let prepared = prepare(text, &DatasetParameters::default()).unwrap();
            let Some(verdict) = differ(&engines.ids, &engines.columns, &prepared, text) else { continue };
            compared += 1;
            faults.extend(verdict.err().map(|fault| format!("ids, columns: {fault}\n{text}")));
            // In the union of graphs Oxigraph has a statement as often as graphs make it; within one it has it once.
            if text.contains("FROM <")
                && let Some(verdict) = differ(&engines.columns, &engines.oxigraph, &prepared, text)
            {
                with_store += 1;
                faults.extend(verdict.err().map(|fault| format!("columns, store: {fault}\n{text}")));
            }
        }
        faults.sort_by_key(String::len);
        faults.truncate(8);
        assert!(faults.is_empty(), "{}", faults.join("\n\n"));
        assert!(made > 500 && compared * 100 > questions.len() * 95, "{compared} of {made} were compared");
        assert!(with_store * 4 > made, "{with_store} of {made} were compared with the store");
        show(&format!("{compared} questions with one answer, {with_store} of them of the store as well"));
    };
    std::thread::Builder::new().stack_size(64 << 20).spawn(work).unwrap().join().unwrap();
}

/// Graphs, as no example makes one.
const GRAPHS: [&str; 2] = [
    "PREFIX dc: <http://purl.org/dc/elements/1.1/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
     CONSTRUCT { ?work dc:creator ?by . ?by skos:prefLabel ?name }
     WHERE { ?work dc:creator ?by . ?by skos:prefLabel ?name }",
    "PREFIX dc: <http://purl.org/dc/elements/1.1/>
     DESCRIBE ?work { ?work dc:title ?title FILTER(CONTAINS(?title, \"Kalevala\")) }",
];

/// The formats that can hold the answer of a query.
fn formats(text: &str) -> &'static [&'static str] {
    let kind = prepare(text, &DatasetParameters::default()).unwrap().kind();
    match kind {
        QueryKind::Select | QueryKind::Ask => &["json", "xml", "csv", "tsv"],
        QueryKind::Construct | QueryKind::Describe => &["ttl", "jsonld", "nt", "rdf", "nq", "trig"],
    }
}

/// The answer with what is said about where it came from.
fn ask(server: &server::Server, query: &'static str, format: &str) -> (String, Vec<u8>) {
    let path = format!("/sparql?format={format}");
    let request = server.post(&path).header("content-type", "application/sparql-query").body(query);
    let answer = request.send().unwrap();
    assert_eq!(answer.status(), 200, "{query}");
    let came = answer.headers()["aarre-cache"].to_str().unwrap().to_owned();
    (came, answer.bytes().unwrap().to_vec())
}

#[test]
fn fresh_and_kept_answers_and_those_of_other_processes_are_one_to_the_byte() {
    let (demo, _) = server::demo();
    // Two servers that nobody has asked yet: one with workers, one that keeps nothing and works on threads.
    let (one, other): (Home, Home) =
        (demo.beside(""), demo.beside("[serve]\nworkers = 0\ncache_bytes = 0\n"));
    let (keeping, forgetful) = (one.serve(), other.serve());
    let mut compared = BTreeMap::new();
    let graphs = GRAPHS.into_iter().map(|text| ("a graph", text));
    for (id, text) in queries::ALL.iter().map(|query| (query.id, query.text)).chain(graphs) {
        let file = one.path().join("query.rq");
        fs::write(&file, text).unwrap();
        for (at, format) in formats(text).iter().enumerate() {
            let (first, fresh) = ask(&keeping, text, format);
            let (second, kept) = ask(&keeping, text, format);
            assert_eq!((first.as_str(), second.as_str()), ("miss", "hit"), "{id} {format}");
            assert!(fresh == kept, "{id} {format}: the kept answer is another one");
            let (_, elsewhere) = ask(&forgetful, text, format);
            assert!(fresh == elsewhere, "{id} {format}: another process answers otherwise");
            if at == 0 {
                let ran = one.aarre(&["query", "--format", format, file.to_str().unwrap()]);
                assert!(fresh == ran.out.as_bytes(), "{id} {format}: the command line answers otherwise");
            }
            *compared.entry(*format).or_insert(0) += 1;
        }
    }
    let met: BTreeSet<&str> = compared.keys().copied().collect();
    assert_eq!(met.len(), 10, "{met:?}");
    show(&format!("the same bytes fresh, kept and elsewhere: {compared:?}"));
}
