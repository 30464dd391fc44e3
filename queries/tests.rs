#![expect(clippy::unwrap_used, reason = "tests")]

use super::{ALL, by_id};
use spargebra::algebra::GraphPattern;
use spargebra::{Query as Parsed, SparqlParser};
use std::collections::BTreeSet;
use std::path::Path;

/// What may stand between angle brackets: namespaces of ontologies and of their code lists, never an
/// installation's own IRIs.
const NAMESPACES: &[&str] = &[
    "http://creativecommons.org/",
    "http://id.loc.gov/",
    "http://purl.org/dc/",
    "http://purl.org/linked-data/cube#",
    "http://rdfs.org/ns/void#",
    "http://rdvocab.info/ElementsGr2/",
    "http://terminology.lido-schema.org/",
    "http://www.cidoc-crm.org/cidoc-crm/",
    "http://www.europeana.eu/schemas/edm/",
    "http://www.openarchives.org/ore/terms/",
    "http://www.opengis.net/def/function/geosparql/",
    "http://www.opengis.net/def/uom/OGC/1.0/",
    "http://www.opengis.net/ont/geosparql#",
    "http://www.w3.org/",
    "http://xmlns.com/foaf/0.1/",
    "https://w3id.org/aarre/ns#",
    "https://www.ica.org/standards/RiC/",
];

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

#[test]
fn every_file_is_in_the_table_and_every_id_once() {
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".rq").unwrap_or_else(|| panic!("{name} is no query")).to_owned())
        .collect();
    let ids: BTreeSet<String> = ALL.iter().map(|query| query.id.to_owned()).collect();
    assert_eq!(ids.len(), ALL.len(), "an id stands twice in the table of lib.rs");
    assert_eq!(files, ids, "the folder and the table of lib.rs differ");
    assert!(ALL.iter().all(|query| by_id(query.id) == Some(query)));
    assert_eq!(by_id("no-such-query"), None);
}

#[test]
fn headers_say_something() {
    for query in ALL {
        let id = query.id;
        assert!(id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')), "{id}: odd id");
        assert!((8..=70).contains(&query.title.chars().count()), "{id}: a title of a few words");
        assert!(!query.title.ends_with('.'), "{id}: a title has no full stop");
        assert!(query.description.chars().count() >= 60, "{id}: say what is asked and why it is interesting");
        assert!(query.description.ends_with('.'), "{id}: whole sentences");
        assert!(
            query.text.starts_with("PREFIX "),
            "{id}: the header has three lines, then come the prefixes"
        );
    }
    let titles: BTreeSet<_> = ALL.iter().map(|query| query.title).collect();
    assert_eq!(titles.len(), ALL.len(), "two queries have one title");
}

#[test]
fn every_query_is_a_select_that_ends_and_has_an_order() {
    for query in ALL {
        let parsed = match SparqlParser::new().parse_query(query.text) {
            Ok(parsed) => parsed,
            Err(error) => panic!("{}: {error}", query.id),
        };
        let Parsed::Select { dataset, pattern, .. } = parsed else { panic!("{}: not a SELECT", query.id) };
        assert!(dataset.is_none(), "{}: a graph is chosen by who runs the query", query.id);
        let GraphPattern::Slice { inner, length: Some(length), .. } = pattern else {
            panic!("{}: no LIMIT", query.id)
        };
        assert!(length <= 500, "{}: {length} rows are no table for people", query.id);
        let inner = match *inner {
            GraphPattern::Project { inner, .. } | GraphPattern::Distinct { inner } => *inner,
            other => other,
        };
        let inner = if let GraphPattern::Project { inner, .. } = inner { *inner } else { inner };
        assert!(matches!(inner, GraphPattern::OrderBy { .. }), "{}: no ORDER BY", query.id);
    }
}

#[test]
fn no_query_knows_the_base_of_an_installation() {
    for query in ALL {
        assert!(!query.text.to_ascii_uppercase().contains("\nBASE "), "{}: a base", query.id);
        for iri in query.text.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(iri, _)| iri) {
            if iri.contains(':') && !iri.contains(char::is_whitespace) {
                assert!(NAMESPACES.iter().any(|known| iri.starts_with(known)), "{}: <{iri}>", query.id);
            }
        }
    }
}

#[test]
fn the_readme_lists_every_query_in_this_order() {
    let readme = std::fs::read_to_string(folder().parent().unwrap().join("README.md")).unwrap();
    let listed: Vec<(&str, &str)> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| [`")?.split_once("`](examples/"))
        .map(|(id, rest)| (id, rest.split(" | ").nth(1).unwrap_or_default().trim_end_matches(" |")))
        .collect();
    let expected: Vec<_> = ALL.iter().map(|query| (query.id, query.title)).collect();
    assert_eq!(listed, expected);
}
