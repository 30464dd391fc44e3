//! EAC-CPF beside the RiC-O that experts made of it: the Archives nationales de France publish authority records, small
//! cases and whole ones, with their own conversion. Both graphs are read as facts by the same questions, and the facts
//! compared.
//!
//! What stands in no input, because it is of the owner's system (addresses of pages, numbers of rules, labels composed of
//! other facts), is counted apart. A date is compared by its first day where it begins something and by its last where it
//! ends something, so that 1965 and 1965-01-01 begin alike.

mod side;

use crate::command::root;
use graph_model::{Base, DatasetId, ObjectRef};
use loaders::{Outcome, Setup, Target};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedOrBlankNode, Term};
use side::{Side, Words};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

const RICO: &str = "https://www.ica.org/standards/RiC/ontology#";
const ANF: &str = "https://rdf.archives-nationales.culture.gouv.fr/";

/// The least part of the facts that both models can say that has to be the same.
const LEAST: f64 = 0.85;

/// Why some facts differ, by class and a word of the value (empty for all of the class).
const CHOICES: &[(&str, &str, &str)] = &[
    ("relation", "isOrWasSubdivisionOf", SUBDIVISION),
    ("relation", "hasOrHadSubdivision", SUBDIVISION),
    ("relation of its kind", "GroupSubdivisionRelation", SUBDIVISION),
    ("relation", "hasOrHadLeader", LEADER),
    ("relation", "isOrWasLeaderOf", LEADER),
    ("relation of its kind", "LeadershipRelation", LEADER),
    ("relation of its kind", "AgentHierarchicalRelation from 111111 to 005205", LEADER),
    (
        "language of a name",
        "",
        "a name whose record does not tell its language has none; theirs takes French for all",
    ),
];

const SUBDIVISION: &str = "a legal status or a word in a name (Cabinet) does not say that what is subordinate is a \
    subdivision; an arc role or a mark in the note does, and is used";
const LEADER: &str = "the word 'directeur' in a note does not say who leads whom; the note is kept";

type Facts = BTreeMap<&'static str, BTreeSet<String>>;

/// A graph as a table from subjects to what is said of them.
type Graph = BTreeMap<String, Vec<(String, Value)>>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Iri(String),
    Text(String, Option<String>),
}

#[derive(Default)]
struct Row {
    gold: usize,
    ours: usize,
    agree: usize,
    choice: usize,
    missing: usize,
}

#[test]
fn the_facts_of_eac_agree_with_those_of_experts() {
    let Some(data) = crate::real_data::data() else { return };
    let mut told = String::new();
    for (title, pairs) in [("Small cases", cases(&data)), ("Whole records", records(&data))] {
        assert!(pairs.len() >= 20, "{title}: there are pairs");
        let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
        let mut beyond: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut missing = String::new();
        for (input, expected) in &pairs {
            let xml = fs::read_to_string(input).unwrap();
            let gold = theirs(&fs::read(expected).unwrap());
            only_theirs(&gold, &mut beyond);
            let gold = Side { graph: &gold, words: Words::Entries(entries(&xml)) }.facts();
            let ours = ours(xml.as_bytes());
            let ours = Side { graph: &ours, words: Words::Labels }.facts();
            compare(input, &gold, &ours, &mut rows, &mut missing);
        }
        table(title, &rows, &beyond, &mut told);
        if std::env::var_os("AARRE_SHOW_MISSING").is_some() {
            crate::real_data::show(&missing);
        }
        let (agree, gold) = (sum(&rows, |row| row.agree), sum(&rows, |row| row.gold));
        assert!(gold > 100, "{title}: there are facts to compare");
        assert!(
            agree as f64 >= LEAST * gold as f64,
            "{title}: {agree} of {gold} facts agree\n{told}\n{missing}"
        );
    }
    let readme = fs::read_to_string(root().join("loaders/eac/README.md")).unwrap();
    for line in told.lines() {
        assert!(readme.contains(line), "loaders/eac/README.md has to tell: {line}\n\n{told}");
    }
    for (_, _, reason) in CHOICES {
        assert!(readme.contains(reason), "loaders/eac/README.md has to tell why: {reason}");
    }
}

fn compare(
    input: &Path,
    gold: &Facts,
    ours: &Facts,
    rows: &mut BTreeMap<&'static str, Row>,
    missing: &mut String,
) {
    let classes: BTreeSet<_> = gold.keys().chain(ours.keys()).copied().collect();
    let empty = BTreeSet::new();
    for class in classes {
        let (gold, ours) = (gold.get(class).unwrap_or(&empty), ours.get(class).unwrap_or(&empty));
        let row = rows.entry(class).or_default();
        row.gold += gold.len();
        row.ours += ours.len();
        for fact in gold {
            if ours.contains(fact) {
                row.agree += 1;
            } else if CHOICES.iter().any(|(of, word, _)| *of == class && fact.contains(word)) {
                row.choice += 1;
                let _ = writeln!(missing, "{} (choice): {class}: {fact}; ours {ours:?}", input.display());
            } else {
                row.missing += 1;
                let _ = writeln!(missing, "{}: {class}: {fact}; ours {ours:?}", input.display());
            }
        }
    }
}

fn sum(rows: &BTreeMap<&'static str, Row>, count: fn(&Row) -> usize) -> usize {
    rows.values().map(count).sum()
}

fn table(
    title: &str,
    rows: &BTreeMap<&'static str, Row>,
    beyond: &BTreeMap<&'static str, usize>,
    out: &mut String,
) {
    let _ =
        writeln!(out, "| {title} | theirs | ours | agree | by choice | missing |\n|---|---|---|---|---|---|");
    for (class, row) in rows.iter().filter(|(_, row)| row.gold > 0) {
        let Row { gold, ours, agree, choice, missing } = row;
        let _ = writeln!(out, "| {class} | {gold} | {ours} | {agree} | {choice} | {missing} |");
    }
    let total = |count| sum(rows, count);
    let (gold, agree) = (total(|row| row.gold), total(|row| row.agree));
    let (choice, missing) = (total(|row| row.choice), total(|row| row.missing));
    let part = 100.0 * agree as f64 / gold as f64;
    let _ = writeln!(out, "| **all: {part:.1} % agree** | {gold} | | {agree} | {choice} | {missing} |");
    for (what, count) in beyond {
        let _ = writeln!(out, "| only theirs: {what} | {count} | | | | |");
    }
    out.push('\n');
}

/// The small cases: one record and its graph in each folder.
fn cases(data: &Path) -> Vec<(PathBuf, PathBuf)> {
    let mut pairs: Vec<_> = fs::read_dir(data.join("gold-rico/eac2rico"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|folder| (folder.join("input.xml"), folder.join("expected.xml")))
        .filter(|(_, expected)| expected.exists())
        .collect();
    pairs.sort();
    pairs
}

/// The whole records of the example that comes with the ontology.
fn records(data: &Path) -> Vec<(PathBuf, PathBuf)> {
    let folder = data.join("eac/an-france");
    let mut pairs: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| {
            let number = name.strip_prefix("FRAN_NP_")?.strip_suffix(".xml")?.to_owned();
            Some((folder.join(&name), folder.join(format!("FRAN_Agent_{number}.rdf"))))
        })
        .filter(|(_, expected)| expected.exists())
        .collect();
    pairs.sort();
    pairs
}

fn theirs(bytes: &[u8]) -> Graph {
    let mut graph = Graph::new();
    let parser = RdfParser::from_format(RdfFormat::RdfXml).with_base_iri(ANF).unwrap();
    for quad in parser.for_slice(bytes) {
        let quad = quad.unwrap();
        let subject = match quad.subject {
            NamedOrBlankNode::NamedNode(node) => node.into_string(),
            NamedOrBlankNode::BlankNode(node) => node.to_string(),
        };
        let value = match quad.object {
            Term::NamedNode(node) => Value::Iri(node.into_string()),
            Term::BlankNode(node) => Value::Iri(node.to_string()),
            Term::Literal(literal) => {
                let tag = literal.language().map(str::to_owned);
                Value::Text(literal.value().to_owned(), tag)
            }
            Term::Triple(_) => continue,
        };
        graph.entry(subject).or_default().push((quad.predicate.into_string(), value));
    }
    graph
}

fn ours(bytes: &[u8]) -> Graph {
    let mut graph = Graph::new();
    let format = loaders::format_by_id("eac").unwrap();
    let converter = (format.setup)(Setup { mapping: None }).unwrap();
    let (base, dataset) = (Base::new("https://example.org").unwrap(), DatasetId::new("gold").unwrap());
    let target =
        Target { base: &base, dataset: &dataset, owner: None, lines: None, rules: None, usage: None };
    let flow = converter.convert_on_this_thread(Box::new(bytes), target, &mut |outcome| {
        let Outcome::Document { document, .. } = outcome else { panic!("a record was set aside") };
        for statement in document.statements() {
            let value = match statement.object {
                ObjectRef::Iri(iri) => Value::Iri(iri.to_owned()),
                ObjectRef::Text(text, tag) => Value::Text(text.to_owned(), tag.map(str::to_owned)),
                ObjectRef::Typed(text, _) => Value::Text(text.to_owned(), None),
            };
            let said = (statement.predicate.as_str().to_owned(), value);
            graph.entry(statement.subject.to_owned()).or_default().push(said);
        }
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    graph
}

/// The words of the entries of the owner's vocabularies, which their graph names by number alone.
fn entries(xml: &str) -> BTreeMap<String, String> {
    let marker = "vocabularySource=\"";
    xml.match_indices(marker)
        .filter_map(|(at, _)| {
            let rest = &xml[at + marker.len()..];
            let (code, rest) = rest.split_once('"')?;
            let (_, rest) = rest.split_once('>')?;
            let (words, _) = rest.split_once('<')?;
            Some((code.to_owned(), words.split_whitespace().collect::<Vec<_>>().join(" ")))
        })
        .collect()
}

/// What their graph says that no input does.
fn only_theirs(graph: &Graph, beyond: &mut BTreeMap<&'static str, usize>) {
    for (subject, said) in graph {
        let composed = ["Relation/", "agentName/"].iter().any(|folder| subject.contains(folder));
        for (predicate, value) in said {
            let local = predicate.rsplit(['#', '/']).next().unwrap_or_default();
            let what = match (local, value) {
                ("label", _) if composed => "labels composed of other facts",
                ("isOrWasRegulatedBy", _) => "numbers of rules in the owner's list",
                ("hasOrHadHolder", _) => "the holder of the file, the same for all",
                ("format", _) => "the format of the file, the same for all",
                ("isOrWasAffectedBy", _) => {
                    "who changed the record when (names staff; we tell the first and last day)"
                }
                ("seeAlso", Value::Iri(iri)) if iri.contains("siv.archives-nationales") => {
                    "the address of the page in the owner's system"
                }
                ("authorizedBy", Value::Iri(iri)) if iri.contains("/rule/") => {
                    "a decree by its number in the owner's list"
                }
                ("hasOrHadLocation", _) if subject.contains("/place/") => {
                    "what a place lies in, from the owner's list of places"
                }
                _ => continue,
            };
            *beyond.entry(what).or_default() += 1;
        }
    }
}
