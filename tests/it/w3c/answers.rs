//! Answers, from files of the suites and from the server, and whether two are the same.
//!
//! Blank nodes have no names: two answers are the same when some pairing of the nodes of one with those of the other
//! makes them so. Numbers are compared by value within one datatype, as the suites were written when engines still kept
//! the spelling of a number.

use super::manifest::{fragment, parse_graph, read_graph};
use oxigraph::io::RdfFormat;
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsParser, ReaderQueryResultsParserOutput};
use oxrdf::{Graph, Literal, NamedNodeRef, NamedOrBlankNode, Term};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Read;
use std::path::Path;

const RS: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#";

/// An answer.
#[derive(Debug)]
pub(super) enum Answer {
    Truth(bool),
    /// Variables by name, and rows of their values.
    Rows {
        variables: Vec<String>,
        rows: Vec<Row>,
        ordered: bool,
    },
    /// Triples as rows of three.
    Graph(Vec<Row>),
}

type Row = Vec<Option<Term>>;

/// Reads what is expected. `ordered` says whether the query sorts its answer.
pub(super) fn expected(path: &Path, base: &str, ordered: bool) -> Answer {
    let open = || fs::File::open(path).unwrap();
    match path.extension().unwrap().to_str().unwrap() {
        "srx" => rows(open(), QueryResultsFormat::Xml, ordered),
        "srj" => rows(open(), QueryResultsFormat::Json, ordered),
        "tsv" => rows(open(), QueryResultsFormat::Tsv, ordered),
        "csv" => Ok(csv(&fs::read_to_string(path).unwrap())),
        _ => {
            let graph = read_graph(path, base);
            described(&graph).unwrap_or_else(|| Ok(Answer::Graph(triples(&graph))))
        }
    }
    .unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// Reads what a server said, by its media type.
pub(super) fn given(content_type: &str, body: &[u8]) -> Result<Answer, String> {
    let essence = content_type.split(';').next().unwrap_or_default();
    match essence {
        "application/sparql-results+xml" => rows(body, QueryResultsFormat::Xml, false),
        "application/sparql-results+json" => rows(body, QueryResultsFormat::Json, false),
        "text/tab-separated-values" => rows(body, QueryResultsFormat::Tsv, false),
        "text/csv" => Ok(csv(&String::from_utf8_lossy(body))),
        other => {
            let format = RdfFormat::from_media_type(other).ok_or_else(|| format!("'{other}' is unknown"))?;
            Ok(Answer::Graph(triples(&parse_graph(body, format, "http://base.example/")?)))
        }
    }
}

fn rows(source: impl Read, format: QueryResultsFormat, ordered: bool) -> Result<Answer, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let parser = QueryResultsParser::from_format(format);
    match parser.for_reader(source).map_err(|error| told(&error))? {
        ReaderQueryResultsParserOutput::Boolean(truth) => Ok(Answer::Truth(truth)),
        ReaderQueryResultsParserOutput::Solutions(solutions) => {
            let variables: Vec<String> =
                solutions.variables().iter().map(|variable| variable.as_str().to_owned()).collect();
            let mut rows = Vec::new();
            for solution in solutions {
                let solution = solution.map_err(|error| told(&error))?;
                rows.push(
                    variables.iter().map(|variable| solution.get(variable.as_str()).cloned()).collect(),
                );
            }
            Ok(Answer::Rows { variables, rows, ordered })
        }
    }
}

/// CSV tells no kinds of terms: cells are texts, apart from blank nodes.
fn csv(text: &str) -> Answer {
    let mut lines = text.lines().map(str::trim_end);
    let variables = lines.next().unwrap_or_default().split(',').map(str::to_owned).collect();
    let cell = |cell: &str| match cell.strip_prefix("_:") {
        Some(label) => Some(oxrdf::BlankNode::new_unchecked(label).into()),
        None => Some(Literal::new_simple_literal(cell).into()),
    };
    // The suites' cells hold quoted commas and line ends nowhere that matters: equal text is equal cells.
    let rows = lines.map(|line| line.split(',').map(cell).collect()).collect();
    Answer::Rows { variables, rows, ordered: false }
}

fn triples(graph: &Graph) -> Vec<Row> {
    graph
        .iter()
        .map(|triple| {
            let subject: Term = triple.subject.into_owned().into();
            vec![Some(subject), Some(triple.predicate.into_owned().into()), Some(triple.object.into_owned())]
        })
        .collect()
}

/// The vocabulary of results that the oldest suites use.
fn described(graph: &Graph) -> Option<Result<Answer, String>> {
    let of = |subject: &NamedOrBlankNode, name: &str| -> Vec<Term> {
        let predicate = format!("{RS}{name}");
        graph
            .objects_for_subject_predicate(subject.as_ref(), NamedNodeRef::new(&predicate).unwrap())
            .map(oxrdf::TermRef::into_owned)
            .collect()
    };
    let class = format!("{RS}ResultSet");
    let set = graph
        .subjects_for_predicate_object(
            NamedNodeRef::new("http://www.w3.org/1999/02/22-rdf-syntax-ns#type").unwrap(),
            NamedNodeRef::new(&class).unwrap(),
        )
        .next()?
        .into_owned();
    let text = |term: &Term| match term {
        Term::Literal(literal) => literal.value().to_owned(),
        other => panic!("{other} is no text"),
    };
    if let Some(truth) = of(&set, "boolean").first() {
        return Some(Ok(Answer::Truth(matches!(text(truth).as_str(), "true" | "1"))));
    }
    let mut variables: Vec<String> = of(&set, "resultVariable").iter().map(text).collect();
    variables.sort();
    let mut met: Vec<(u64, Row)> = Vec::new();
    let mut ordered = false;
    for solution in of(&set, "solution") {
        let solution = super::manifest::node(&solution);
        let mut values = BTreeMap::new();
        for binding in of(&solution, "binding") {
            let binding = super::manifest::node(&binding);
            values.insert(text(&of(&binding, "variable")[0]), of(&binding, "value")[0].clone());
        }
        let index = of(&solution, "index").first().map(|index| text(index).parse().unwrap());
        ordered |= index.is_some();
        let row = variables.iter().map(|variable| values.get(variable).cloned()).collect();
        met.push((index.unwrap_or(0), row));
    }
    met.sort_by_key(|(index, _)| *index);
    let rows = met.into_iter().map(|(_, row)| row).collect();
    Some(Ok(Answer::Rows { variables, rows, ordered }))
}

/// Whether two answers are the same; otherwise why not.
pub(super) fn compare(expected: &Answer, given: &Answer, lax: bool) -> Result<(), String> {
    match (expected, given) {
        (Answer::Truth(a), Answer::Truth(b)) if a == b => Ok(()),
        (Answer::Graph(a), Answer::Graph(b)) => same(a, b, false),
        (Answer::Rows { variables, rows, ordered }, Answer::Rows { variables: others, rows: given, .. }) => {
            let mut sorted = (variables.clone(), others.clone());
            sorted.0.sort();
            sorted.1.sort();
            if sorted.0 != sorted.1 {
                return Err(format!("variables: expected {:?}, given {:?}", sorted.0, sorted.1));
            }
            let places: Vec<usize> = variables
                .iter()
                .map(|variable| others.iter().position(|other| other == variable).unwrap())
                .collect();
            let given: Vec<Row> =
                given.iter().map(|row| places.iter().map(|&place| row[place].clone()).collect()).collect();
            if lax { reduced(rows, &given) } else { same(rows, &given, *ordered) }
        }
        _ => Err(format!("expected {expected:?}, given {given:?}")),
    }
}

/// Each row at least once and at most as often as without `REDUCED`.
fn reduced(most: &[Row], given: &[Row]) -> Result<(), String> {
    let count = |rows: &[Row], row: &Row| rows.iter().filter(|other| *other == row).count();
    let wrong = most.iter().chain(given).find(|row| {
        let times = count(given, row);
        times == 0 || times > count(most, row)
    });
    wrong.map_or(Ok(()), |row| Err(format!("{row:?} stands {} times", count(given, row))))
}

fn same(expected: &[Row], given: &[Row], ordered: bool) -> Result<(), String> {
    if expected.len() != given.len() {
        return Err(format!("{} rows expected, {} given: {given:?}", expected.len(), given.len()));
    }
    let mut used = vec![false; given.len()];
    if pair(expected, given, ordered, &mut used, &mut Pairing::default()) {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, given {given:?}"))
    }
}

/// Which blank node of one side is which of the other.
#[derive(Default, Clone)]
struct Pairing(HashMap<String, String>, HashMap<String, String>);

/// Pairs the first expected row with each that fits, and goes on with the rest.
fn pair(expected: &[Row], given: &[Row], ordered: bool, used: &mut [bool], pairing: &mut Pairing) -> bool {
    let Some((row, rest)) = expected.split_first() else { return true };
    let places =
        if ordered { given.len() - expected.len()..given.len() - rest.len() } else { 0..given.len() };
    // A row without blank nodes leaves no choice: any equal row is as good as the other.
    let choices = if row.iter().flatten().any(has_blank) { usize::MAX } else { 1 };
    let mut tried = 0;
    for place in places {
        if used[place] || tried == choices {
            continue;
        }
        let mut next = pairing.clone();
        let fits = row.iter().zip(&given[place]).all(|(a, b)| match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) => equal(a, b, &mut next),
            _ => false,
        });
        if fits {
            tried += 1;
            used[place] = true;
            if pair(rest, given, ordered, used, &mut next) {
                return true;
            }
            used[place] = false;
        }
    }
    false
}

fn has_blank(term: &Term) -> bool {
    match term {
        Term::BlankNode(_) => true,
        Term::Triple(triple) => {
            matches!(triple.subject, NamedOrBlankNode::BlankNode(_)) || has_blank(&triple.object)
        }
        _ => false,
    }
}

fn equal(a: &Term, b: &Term, pairing: &mut Pairing) -> bool {
    match (a, b) {
        (Term::BlankNode(a), Term::BlankNode(b)) => {
            let (a, b) = (a.as_str().to_owned(), b.as_str().to_owned());
            match (pairing.0.get(&a), pairing.1.get(&b)) {
                (None, None) => {
                    pairing.0.insert(a.clone(), b.clone());
                    pairing.1.insert(b, a);
                    true
                }
                (Some(to), Some(from)) => *to == b && *from == a,
                _ => false,
            }
        }
        (Term::Triple(a), Term::Triple(b)) => {
            a.predicate == b.predicate
                && equal(&a.subject.clone().into(), &b.subject.clone().into(), pairing)
                && equal(&a.object, &b.object, pairing)
        }
        (Term::Literal(a), Term::Literal(b)) => a == b || same_number(a, b),
        (a, b) => a == b,
    }
}

fn same_number(a: &Literal, b: &Literal) -> bool {
    let numeric = ["integer", "decimal", "double", "float"];
    a.datatype() == b.datatype()
        && numeric.contains(&fragment(a.datatype().as_str()).as_str())
        && matches!((a.value().parse::<f64>(), b.value().parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

#[test]
fn what_differs_is_told_apart() {
    let read = |text: &str| given("text/tab-separated-values", text.as_bytes()).unwrap();
    let same = |a: &str, b: &str| compare(&read(a), &read(b), false).is_ok();
    assert!(same("?x\t?y\n_:a\t1\n_:b\t2\n", "?y\t?x\n2\t_:n\n1\t_:m\n"));
    assert!(!same("?x\t?y\n_:a\t1\n_:b\t2\n", "?x\t?y\n_:a\t1\n_:a\t2\n"));
    assert!(!same("?x\n_:a\n_:a\n", "?x\n_:a\n_:b\n"));
    assert!(same("?x\n1.0\n", "?x\n1.00\n") && !same("?x\n1.0\n", "?x\n1\n"));
    assert!(!same("?x\n1\n1\n", "?x\n1\n") && !same("?x\n1\n", "?y\n1\n"));
    let sorted = Answer::Rows {
        variables: vec!["x".to_owned()],
        rows: vec![vec![Some(Literal::from(2).into())], vec![Some(Literal::from(1).into())]],
        ordered: true,
    };
    assert!(compare(&sorted, &read("?x\n2\n1\n"), false).is_ok());
    assert!(compare(&sorted, &read("?x\n1\n2\n"), false).is_err());
    assert!(compare(&read("?x\n1\n1\n"), &read("?x\n1\n"), true).is_ok());
    assert!(compare(&read("?x\n1\n1\n"), &read("?x\n2\n"), true).is_err());
}
