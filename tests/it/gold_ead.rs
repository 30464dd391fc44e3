//! EAD beside the RiC-O that experts made of it: the Archives nationales de France publish finding aids, small cases and
//! whole ones, with their own conversion. Both graphs are read as facts, and the facts compared.
//!
//! A fact is a class, whose it is, and a value. What their conversion repeats (a title on the record set and again on its
//! instantiation; a tree told from above and from below) is one fact. What stands in no input, because it is of the
//! owner's system (patterns of addresses, rules and agents that all its finding aids have), is listed and not compared.

mod ours;
mod theirs;

use self::theirs::Gold;
use crate::command::root;
use crate::real_data::show;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const RICO: &str = "https://www.ica.org/standards/RiC/ontology#";

/// The least part of the facts that both models can say that has to be the same.
const LEAST: f64 = 0.85;

/// Why some facts differ, by class and a word of the value (empty for all of the class).
const CHOICES: &[(&str, &str, &str)] = &[
    (
        "digital copy of the original",
        "",
        "EAD 2002 does not say whether a digital object is a copy; EAD3's @daotype does, and is used",
    ),
    ("finding aid, published", "", "a range of years is kept whole; theirs keeps its first day"),
    ("general notes", "Périodiques", "the heading of a note of a known kind is left out"),
    ("general notes", "Lien:", "the link is told as a link"),
    ("general notes", "ADLoiret", "the words of a link stay in the note that has them"),
    ("language", "und", "'undetermined' is no language"),
    ("language, of which members", "und", "'undetermined' is no language"),
    ("provenance", "Archite", "a role in front of a name is told as the role of the one who is named"),
    ("provenance", "Artiste", "a role in front of a name is told as the role of the one who is named"),
    (
        "type of record set",
        "recordSetType/",
        "a type of the owner's own file; the words for the level are kept",
    ),
    ("link", "media/download", "a file of the owner's system has an address only there"),
    ("link", "livret-CNT", "the full stop of the sentence is taken off, as theirs does in another place"),
];

type Facts = BTreeMap<&'static str, BTreeSet<(String, String)>>;

#[derive(Default)]
struct Row {
    gold: usize,
    ours: usize,
    agree: usize,
    choice: usize,
    missing: usize,
}

fn data() -> Option<PathBuf> {
    std::env::var_os("AARRE_REAL_DATA").filter(|path| !path.is_empty()).map(PathBuf::from)
}

#[test]
fn the_facts_of_ead_agree_with_those_of_experts() {
    let Some(data) = data() else { return };
    let mut told = String::new();
    for (title, pairs) in [("Small cases", cases(&data)), ("Whole finding aids", finding_aids(&data))] {
        let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
        let mut beyond: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut missing = String::new();
        for (input, expected) in &pairs {
            let (gold, unsayable) = Gold::read(&fs::read(expected).unwrap());
            for (what, count) in unsayable {
                *beyond.entry(what).or_default() += count;
            }
            let ours = ours::read(&completed(&fs::read(input).unwrap()));
            let classes: BTreeSet<_> = gold.keys().chain(ours.keys()).copied().collect();
            for class in classes {
                let empty = BTreeSet::new();
                let (gold, ours) = (gold.get(class).unwrap_or(&empty), ours.get(class).unwrap_or(&empty));
                let row = rows.entry(class).or_default();
                row.gold += gold.len();
                row.ours += ours.len();
                for fact in gold {
                    let chosen = CHOICES.iter().any(|(of, word, _)| *of == class && fact.1.contains(word));
                    if ours.contains(fact) {
                        row.agree += 1;
                    } else if chosen {
                        row.choice += 1;
                    } else {
                        row.missing += 1;
                        let file =
                            input.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
                        let _ = writeln!(missing, "{file}: {class}: {fact:?}");
                    }
                }
            }
        }
        table(title, &rows, &beyond, &mut told);
        show(&missing);
        let (agree, gold) = (sum(&rows, |row| row.agree), sum(&rows, |row| row.gold));
        assert!(gold > 300, "{title}: there are facts to compare");
        assert!(agree as f64 >= LEAST * gold as f64, "{title}: {agree} of {gold} facts agree\n{told}");
    }
    show(&told);
    let readme = fs::read_to_string(root().join("loaders/ead/README.md")).unwrap();
    for line in told.lines() {
        assert!(readme.contains(line), "loaders/ead/README.md has to tell: {line}\n\n{told}");
    }
    for (_, _, reason) in CHOICES {
        assert!(readme.contains(reason), "loaders/ead/README.md has to tell why: {reason}");
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

fn cases(data: &Path) -> Vec<(PathBuf, PathBuf)> {
    let folder = data.join("gold-rico/ead2rico");
    let mut cases: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases.into_iter().map(|case| (case.join("input.xml"), case.join("expected.xml"))).collect()
}

fn finding_aids(data: &Path) -> Vec<(PathBuf, PathBuf)> {
    let folder = data.join("ead/an-france");
    let mut pairs: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "xml"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().replace("_IR_", "_RecordResource_");
            (path, folder.join(name).with_extension("rdf"))
        })
        .filter(|(_, expected)| expected.exists())
        .collect();
    pairs.sort();
    pairs
}

/// Three cases are a header alone. That is no finding aid, and goes to quarantine; with an empty description what their
/// headers say can be compared.
fn completed(input: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(input.to_vec()).unwrap();
    if text.contains("<archdesc") { text } else { text.replace("</ead>", "<archdesc/></ead>") }.into_bytes()
}

/// White space apart, which depends on how each side writes lists and paragraphs.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn add(facts: &mut Facts, class: &'static str, subject: &str, value: impl Into<String>) {
    let value = value.into();
    if !value.is_empty() {
        facts.entry(class).or_default().insert((subject.to_owned(), value));
    }
}

/// Statements by subject.
#[derive(Default)]
struct Graph(BTreeMap<String, Vec<(String, Value)>>);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Value {
    Iri(String),
    Text(String),
}

impl Graph {
    fn all<'g>(&'g self, subject: &str, property: &'g str) -> impl Iterator<Item = &'g str> + use<'g> {
        let statements = self.0.get(subject).map_or(&[][..], Vec::as_slice);
        statements.iter().filter(move |(met, _)| met == property).map(|(_, value)| match value {
            Value::Iri(text) | Value::Text(text) => text.as_str(),
        })
    }

    fn rico<'g>(&'g self, subject: &str, name: &str) -> Vec<&'g str> {
        let property = format!("{RICO}{name}");
        let statements = self.0.get(subject).map_or(&[][..], Vec::as_slice);
        statements
            .iter()
            .filter(|(met, _)| *met == property)
            .map(|(_, value)| match value {
                Value::Iri(text) | Value::Text(text) => text.as_str(),
            })
            .collect()
    }
}

const DC_TYPE: &str = "http://purl.org/dc/elements/1.1/type";
const DC_LANGUAGE: &str = "http://purl.org/dc/elements/1.1/language";
const LABEL: &str = "http://www.w3.org/2000/01/rdf-schema#label";
const PREF_LABEL: &str = "http://www.w3.org/2004/02/skos/core#prefLabel";
const NOTATION: &str = "http://www.w3.org/2004/02/skos/core#notation";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// Notes whose text is compared line by line: RiC-O's name, the class of facts.
const NOTES: [(&str, &str); 7] = [
    ("accruals", "accruals"),
    ("conditionsOfAccess", "conditions of access"),
    ("conditionsOfUse", "conditions of use"),
    ("generalDescription", "general notes"),
    ("history", "history"),
    ("scopeAndContent", "scope and content"),
    ("structure", "arrangement"),
];

/// An address, or the local identifier where it is one of the owner's system.
fn address(href: &str) -> String {
    let owner = "https://www.siv.archives-nationales.culture.gouv.fr/siv/";
    let local = href
        .strip_prefix(owner)
        .and_then(|rest| rest.strip_prefix("IR/").or_else(|| rest.strip_prefix("UD/")));
    local.unwrap_or(href).to_owned()
}
