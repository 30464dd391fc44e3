//! Authority files in, mirrors out.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{AddError, Added, Problem, Told, add, list, open, remove};
use crate::convert::Unwatched;
use crate::home::{self, Home};
use graph_model::Base;
use graph_reconcile::authority::{Authority, Scratch};
use graph_reconcile::matching::{self, Matcher, Mention, Outcome, Settings};
use graph_reconcile::names::Name;
use graph_reconcile::{Kind, Label, Role, Years};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

struct Site {
    folder: tempfile::TempDir,
    home: Home,
}

fn site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    let base = Base::new("https://data.example.org").unwrap();
    fs::write(folder.path().join("aarre.toml"), home::new_config(&base)).unwrap();
    let home = Home::open(folder.path()).unwrap();
    Site { folder, home }
}

impl Site {
    fn fixture(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/authority/fixtures").join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn add(&self, name: &str, paths: &[PathBuf]) -> Result<Added, AddError> {
        add(&self.home, name, paths, &Told::default(), &Unwatched)
    }

    fn added(&self, paths: &[PathBuf]) -> (Added, Authority) {
        let added = self.add("test", paths).unwrap();
        (added, open(&self.home, "test").unwrap())
    }
}

fn labels(authority: &Authority, iri: &str) -> Vec<String> {
    let entry = authority.entry(authority.by_iri(iri).unwrap());
    let one = |label: Label<'_>| match label.language {
        Some(language) => format!("{:?} {}@{language}", label.role, label.text),
        None => format!("{:?} {}", label.role, label.text),
    };
    entry.labels().map(one).collect()
}

#[test]
fn a_thesaurus_with_labels_of_both_kinds() {
    let site = site();
    let (added, authority) = site.added(&[Site::fixture("subjects.ttl")]);
    assert_eq!((added.about.entries, added.about.set_aside), (2, 1));
    assert_eq!(added.problems.count(Problem::Nameless), 1);
    assert_eq!(
        labels(&authority, "https://terms.example.org/churches"),
        [
            "Preferred churches@en",
            "Preferred kirkot@fi",
            "Preferred kyrkor@sv",
            "Preferred церкви@uk",
            "Alternative kirkkorakennukset@fi",
            "Hidden krikot@fi"
        ]
    );
    assert_eq!(
        labels(&authority, "https://terms.example.org/buildings"),
        ["Preferred buildings@en", "Alternative houses@en"]
    );
    let churches = authority.entry(authority.by_iri("http://vocab.getty.edu/aat/300007466").unwrap());
    assert_eq!(churches.kind(), Kind::Concept);
    assert_eq!(churches.broader().collect::<Vec<_>>(), ["https://terms.example.org/buildings"]);
    assert_eq!(churches.notes().count(), 1);
}

#[test]
fn people_places_and_bodies_of_the_gnd() {
    let site = site();
    let (added, authority) = site.added(&[Site::fixture("gnd.ttl")]);
    assert_eq!(added.about.kinds.values().sum::<u32>(), 3);
    assert_eq!(added.problems.count(Problem::Date), 1);
    let sibelius = authority.entry(authority.by_iri("https://viaf.org/viaf/19865480").unwrap());
    assert_eq!(sibelius.iri(), "https://d-nb.info/gnd/118797220");
    assert_eq!((sibelius.kind(), sibelius.labels().count()), (Kind::Person, 3));
    assert_eq!((sibelius.born(), sibelius.died()), (Some(Years::one(1865)), Some(Years::one(1957))));
    assert_eq!(sibelius.occupations().collect::<Vec<_>>(), ["https://d-nb.info/gnd/4032009-1"]);
    let helsinki = authority.entry(authority.by_iri("https://d-nb.info/gnd/4024208-0").unwrap());
    let point = helsinki.point().unwrap();
    assert!((point.lat - 60.1699).abs() < 0.001 && (point.long - 24.9384).abs() < 0.001, "{point:?}");
    assert_eq!(helsinki.kind(), Kind::Place);
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    authority.candidates(&Name::parse("Jan Sibelius"), Some(Kind::Person), 3, &mut scratch, &mut out);
    assert_eq!(out[0].entry, sibelius.id());
}

#[test]
fn nodes_behind_nodes_and_entities_of_namespaces() {
    let site = site();
    let (added, authority) = site.added(&[Site::fixture("getty.rdf")]);
    assert_eq!((added.about.entries, added.about.set_aside), (1, 0));
    let edelfelt = authority.entries().next().unwrap();
    assert_eq!(edelfelt.kind(), Kind::Person);
    assert_eq!((edelfelt.born(), edelfelt.died()), (Some(Years::one(1854)), Some(Years::one(1905))));
    assert_eq!(labels(&authority, &edelfelt.iri()), ["Preferred Edelfelt, Albert"]);
}

#[test]
fn an_extract_of_wikidata_with_a_broken_line() {
    let site = site();
    let (added, authority) = site.added(&[Site::fixture("wikidata.nt")]);
    assert_eq!(added.problems.count(Problem::Syntax), 1);
    let shevchenko = authority.entry(authority.by_iri("http://viaf.org/viaf/24602065").unwrap());
    assert_eq!((shevchenko.kind(), shevchenko.born()), (Kind::Person, Some(Years::one(1814))));
    assert_eq!(shevchenko.labels().filter(|label| label.role == Role::Preferred).count(), 2);
}

#[test]
fn tables_with_known_headings_and_dumps_without() {
    let site = site();
    let told = Told { iris: Some("https://places.example.org/".to_owned()), ..Told::default() };
    let added = add(&site.home, "test", &[Site::fixture("places.csv")], &told, &Unwatched).unwrap();
    assert_eq!((added.about.entries, added.problems.count(Problem::Nameless)), (2, 1));
    assert_eq!(added.about.set_aside, 1);
    let authority = open(&site.home, "test").unwrap();
    let river = authority.entry(authority.by_iri("https://places.example.org/%D0%A4-10").unwrap());
    assert_eq!(river.kind(), Kind::Place);
    assert!((river.point().unwrap().lat - 49.386).abs() < 0.001);
    assert_eq!(labels(&authority, &river.iri()), ["Preferred Цецилія", "Alternative Tsetsyliia@uk-latn"]);
    let dump = "658225\tHelsinki\tHelsinki\tHelsingfors,Hel'sinki\t60.16952\t24.93545\tP\tPPLC\tFI\t\t01\t\t\t\t558457\t\
        \t26\tEurope/Helsinki\t2019-09-05\n";
    let (added, authority) = site.added(&[site.write("FI.txt", dump.as_bytes())]);
    assert_eq!(added.about.entries, 1);
    let helsinki =
        authority.entry(authority.by_iri("https://www.geonames.org/658225/helsinki.html").unwrap());
    assert_eq!(helsinki.types().collect::<Vec<_>>(), ["PPLC"]);
    assert_eq!(helsinki.labels().count(), 4);
}

#[test]
fn headings_of_the_library_of_congress() {
    let site = site();
    let (added, authority) = site.added(&[Site::fixture("lcsh.rdf")]);
    assert_eq!((added.about.entries, added.about.set_aside), (2, 0), "{:?}", added.problems);
    let boats = authority.entry(authority.by_iri("http://www.yso.fi/onto/yso/p1234").unwrap());
    assert_eq!(boats.kind(), Kind::Concept);
    assert_eq!(
        labels(&authority, &boats.iri()),
        ["Preferred Boats and boating@en", "Alternative Pleasure boating@en"]
    );
    assert_eq!(boats.broader().collect::<Vec<_>>(), ["http://id.loc.gov/authorities/subjects/sh85009794"]);
    let twain = authority.entry(authority.by_iri("https://id.loc.gov/authorities/names/n79021164").unwrap());
    assert_eq!((twain.kind(), twain.labels().count()), (Kind::Person, 2));
    assert_eq!((twain.born(), twain.died()), (Some(Years::one(1835)), Some(Years::one(1910))));
    let found: Vec<_> =
        authority.by_key(&Name::parse("Samuel Langhorne Clemens").key(), Some(Kind::Person)).collect();
    assert_eq!(found, [twain.id()]);
}

#[test]
fn terms_of_the_getty_with_labels_of_their_own() {
    let site = site();
    let (added, authority) = site.added(&[Site::fixture("aat.ttl")]);
    assert_eq!((added.about.entries, added.about.set_aside), (1, 0), "{:?}", added.problems);
    let paint = authority.entry(authority.by_iri("http://www.wikidata.org/entity/Q296955").unwrap());
    assert_eq!(paint.kind(), Kind::Concept);
    assert_eq!(labels(&authority, &paint.iri()), ["Preferred oil paint@en", "Alternative paint, oil@en"]);
    assert_eq!(paint.broader().collect::<Vec<_>>(), ["http://vocab.getty.edu/aat/300015045"]);
}

#[test]
fn json_ld_with_a_context_of_its_own() {
    let site = site();
    let (_, authority) = site.added(&[Site::fixture("people.jsonld")]);
    let tove = authority.entry(authority.by_iri("https://viaf.org/viaf/85331612").unwrap());
    assert_eq!((tove.kind(), tove.labels().count()), (Kind::Person, 3));
    assert_eq!((tove.born(), tove.died()), (Some(Years::one(1914)), Some(Years::one(2001))));
}

#[test]
fn authority_records_of_libraries_and_archives() {
    let site = site();
    let (added, authority) = site.added(&[Site::fixture("names.xml"), Site::fixture("creator.xml")]);
    assert_eq!(added.problems.count(Problem::File), 0, "{:?}", added.problems);
    let by_name = |name: &str| {
        let found: Vec<_> = authority.by_key(&graph_reconcile::names::key(name), None).collect();
        assert_eq!(found.len(), 1, "{name}: {:?}", added.about);
        authority.entry(found[0])
    };
    let eero = by_name("Järnefelt, Eero");
    assert_eq!(eero.id(), by_name("Erik Nikolai Järnefelt").id());
    assert_eq!(
        (eero.kind(), eero.born(), eero.died()),
        (Kind::Person, Some(Years::one(1863)), Some(Years::one(1937)))
    );
    assert!(
        eero.same_as().any(|same| same.contains("0000000121294850")),
        "{:?}",
        eero.same_as().collect::<Vec<_>>()
    );
    let works = by_name("Fiskarsin ruukki");
    assert_eq!((works.kind(), works.born()), (Kind::Organization, Some(Years::one(1649))));
    assert_eq!(works.id(), by_name("Fiskars Ironworks").id());
}

#[test]
fn a_table_says_of_what_kind_its_rows_are_or_the_operator_does() {
    let site = site();
    let (added, _) = site.added(&[Site::fixture("artists.csv")]);
    assert_eq!(added.about.kinds.get(&Kind::Unknown), Some(&2), "{:?}", added.about.kinds);
    let told = Told { kind: Kind::Person, ..Told::default() };
    let paths = [Site::fixture("artists.csv"), Site::fixture("villages.csv")];
    let added = add(&site.home, "test", &paths, &told, &Unwatched).unwrap();
    assert_eq!(
        (added.about.kinds[&Kind::Person], added.about.kinds[&Kind::Place]),
        (2, 1),
        "what is said counts"
    );
    let authority = open(&site.home, "test").unwrap();
    let halych = authority.entries().find(|entry| entry.kind() == Kind::Place).unwrap();
    assert_eq!(halych.broader().collect::<Vec<_>>(), ["Ivano-Frankivsk Oblast", "Ukraine"]);
    // With a kind and dates there is something to be sure by; what a place lies in tells it from its namesakes.
    let matcher = Matcher::new(&[("test", authority)], &Settings::default());
    let painter = Mention {
        kind: Kind::Person,
        labels: vec![Label::preferred("Helene Schjerfbeck")],
        born: Some(Years::one(1862)),
        ..Mention::default()
    };
    let village = |within: &str| Mention {
        kind: Kind::Place,
        labels: vec![Label::preferred("Halych")],
        within: vec![within.to_owned()],
        ..Mention::default()
    };
    for (mention, expected) in [
        (painter, Outcome::Linked),
        (village("Ukraine"), Outcome::Linked),
        (village("Poland"), Outcome::Review),
    ] {
        let verdict = matcher.judge(&mention, &mut matching::Scratch::default());
        assert_eq!(verdict.outcome, expected, "{mention:?} {verdict:?}");
    }
}

#[test]
fn archives_and_packed_files() {
    let site = site();
    let mut archive = Vec::new();
    for name in ["subjects.ttl", "gnd.ttl"] {
        let content = fs::read(Site::fixture(name)).unwrap();
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[156] = b'0';
        header[257..262].copy_from_slice(b"ustar");
        archive.extend_from_slice(&header);
        archive.extend_from_slice(&content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.extend_from_slice(&[0; 1024]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&archive).unwrap();
    let packed = packed.finish().unwrap();
    let (added, _) = site.added(&[site.write("both.tar.gz", &packed)]);
    assert_eq!((added.about.entries, added.about.set_aside), (5, 1));
    let (added, _) = site.added(&[site.write("cut.tar", &archive[..archive.len() - 1600])]);
    assert_eq!(added.problems.count(Problem::File), 1);
    assert!(added.about.entries >= 2);
}

#[test]
fn a_bomb_is_refused_and_the_mirror_before_stays() {
    let site = site();
    site.added(&[Site::fixture("gnd.ttl")]);
    let bomb = b"<?xml version='1.0'?><!DOCTYPE rdf:RDF [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>\n\
        <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>&b;</rdf:RDF>";
    let bomb = site.write("bomb.rdf", bomb);
    let error = site.add("test", std::slice::from_ref(&bomb)).unwrap_err().to_string();
    assert!(error.contains("entities that grow"), "{error}");
    assert_eq!(open(&site.home, "test").unwrap().len(), 3, "what was there is there still");
    let (added, _) = site.added(&[bomb, Site::fixture("gnd.ttl"), site.folder.path().join("none.ttl")]);
    assert_eq!((added.about.entries, added.problems.count(Problem::File)), (3, 2));
    let left: Vec<_> =
        fs::read_dir(site.home.authorities()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["test"]);
}

#[test]
fn mirrors_are_listed_and_removed() {
    let site = site();
    assert!(list(&site.home).unwrap().is_empty());
    assert!(matches!(site.add("No Name", &[Site::fixture("gnd.ttl")]), Err(AddError::Name(_))));
    site.added(&[Site::fixture("gnd.ttl")]);
    let all = list(&site.home).unwrap();
    assert_eq!((all.len(), all[0].name.as_str()), (1, "test"));
    let about = all[0].authority.as_ref().unwrap().about().clone();
    assert_eq!((about.sources.len(), about.sources[0].sha256.len()), (1, 64));
    assert!(about.added.ends_with('Z'));
    let error = remove(&site.home, "other").unwrap_err().to_string();
    assert_eq!(error, "no authority 'other'; there are: test");
    remove(&site.home, "test").unwrap();
    assert!(list(&site.home).unwrap().is_empty() && open(&site.home, "test").is_err());
}

#[test]
fn the_same_files_make_the_same_mirror_in_any_order() {
    let site = site();
    let files = |site: &Site| -> Vec<(String, Vec<u8>)> {
        let all = fs::read_dir(site.home.authorities().join("test")).unwrap().map(|file| file.unwrap());
        let mut all: Vec<_> = all
            .filter(|file| file.file_name() != "about.json")
            .map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()))
            .collect();
        all.sort();
        all
    };
    let [one, other] = [Site::fixture("gnd.ttl"), Site::fixture("subjects.ttl")];
    site.added(&[one.clone(), other.clone()]);
    let first = files(&site);
    site.added(&[other, one]);
    assert_eq!(files(&site), first);
}

#[test]
fn real_authority_files_as_far_as_they_are_beside_the_project() {
    let Some(data) = std::env::var_os("AARRE_REAL_DATA").filter(|data| !data.is_empty()) else { return };
    let data = Path::new(&data).join("authority");
    for (name, expected) in REAL {
        let Ok(files) = fs::read_dir(data.join(name)) else { continue };
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        // Beside entries of the GND its ontologies are there, whose names begin with letters.
        paths.retain(|path| {
            *name != "gnd-lobid" || path.file_name().unwrap().as_encoded_bytes()[0].is_ascii_digit()
        });
        let site = site();
        let (added, authority) = site.added(&paths);
        assert_eq!(u64::from(added.about.entries), *expected, "{name}: {:?}", added.problems);
        assert_eq!(added.problems.count(Problem::File), 0, "{name}: {:?}", added.problems);
        for entry in authority.entries() {
            assert!(entry.labels().next().is_some(), "{}", entry.iri());
            assert!(authority.by_iri(&entry.iri()).is_some(), "{}", entry.iri());
        }
    }
}

/// Counted by rdflib: subjects with a name in SKOS or GND that are no scheme; by Python's csv: rows with both.
const REAL: &[(&str, u64)] = &[
    // One of 878 has an IRI with a blank, which is none.
    ("ehri-terms", 877),
    ("geonames-ua", 4_638),
    ("gnd-lobid", 28),
    ("nomisma", 1_682),
    ("yso-skosmos", 272),
];
