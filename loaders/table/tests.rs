//! Tables in, graphs and issues out; faults of mapping files; properties that hold for any bytes.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{CSV, Csv, JSON, Json, Mapped as _, TSV, XLSX, XML, Xlsx, Xml, mapping::Mapping};
use crate::shared::check;
use crate::{Convert, FormatEntry, Outcome, Setup, SetupError, Target};
use graph_model::{Base, DatasetId};
use proptest::prelude::*;
use std::ops::ControlFlow;
use std::path::Path;

const FIXTURES: &str = "loaders/table/fixtures";

fn ready(entry: &FormatEntry, mapping: &str) -> Box<dyn Convert> {
    (entry.setup)(Setup { mapping: Some(mapping) }).unwrap_or_else(|fault| panic!("{fault}"))
}

#[test]
fn fixtures_are_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("table/fixtures");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut count = 0;
    for name in names {
        let (stem, ending) = name.rsplit_once('.').unwrap();
        let entry = match ending {
            "csv" => &CSV,
            "tsv" => &TSV,
            "json" | "jsonl" | "geojson" => &JSON,
            "xlsx" => &XLSX,
            "xml" => &XML,
            _ => continue,
        };
        // A fixture without a mapping of its own is for the worked one of its name.
        let mapping = std::fs::read_to_string(folder.join(format!("{stem}.toml"))).unwrap_or_else(|_| {
            let worked = format!("../mappings/{}.toml", stem.split_once('-').unwrap().1);
            std::fs::read_to_string(folder.join(worked)).unwrap()
        });
        check::check(&*ready(entry, &mapping), &format!("{FIXTURES}/{name}"));
        count += 1;
    }
    assert!(count >= 12, "{count} fixtures");
}

#[test]
fn every_worked_mapping_is_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(folder.join("table/mappings"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.push(folder.join("../graph/publish/demo/register/monuments.mapping.toml"));
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        Mapping::read(&text).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
    }
}

/// Faults of mapping files: the text, and what the message must say.
#[test]
fn a_fault_of_the_mapping_names_its_place_and_what_is_allowed() {
    let good = "id = \"id\"\nsector = \"museum\"\n";
    for (text, words) in [
        (String::new(), &["line 1", "id"][..]),
        ("id = \n".to_owned(), &["line 1, column 6"]),
        ("id = \"id\"\n".to_owned(), &["sector", "museum"]),
        ("id = []\nsector = \"museum\"\n".to_owned(), &["line 1", "identifier"]),
        (
            "id = \"id\"\nsector = \"zoo\"\n".to_owned(),
            &["line 2, column 10", "'zoo'", "archive, library, museum, register"],
        ),
        (format!("{good}colour = 1\n"), &["line 3, column 1", "colour", "delimiter"]),
        (format!("{good}encoding = \"klingon\"\n"), &["line 3", "klingon", "windows-1251"]),
        (format!("{good}delimiter = \"ab\"\n"), &["line 3", "one character"]),
        (format!("{good}language = \"xx\"\n"), &["line 3", "'xx'", "BCP 47"]),
        (format!("{good}rights = \"ask us\"\n"), &["line 3", "ask us", "Creative Commons"]),
        (
            format!("{good}[[column]]\nname = \"a\"\nto = \"titel\"\n"),
            &["line 5, column 6", "'titel'", "title"],
        ),
        (
            format!("{good}[[column]]\nname = \"a\"\nto = \"dc:titel\"\n"),
            &["line 5", "'dc:titel'", "vocabulary dc"],
        ),
        (
            format!("{good}[[column]]\nname = \"a\"\nto = \"foo:bar\"\n"),
            &["line 5", "'foo:bar'", "prefixes", "dcterms"],
        ),
        (
            format!("{good}[[column]]\nname = \"a\"\nto = \"dc:date\"\nas = \"time\"\n"),
            &["line 6", "'time'", "year"],
        ),
        (format!("{good}[[column]]\nname = \"a\"\n"), &["line 3", "to"]),
        (
            format!("{good}[[column]]\nname = \"a\"\nto = \"title\"\ncolor = 1\n"),
            &["line 6", "color", "split"],
        ),
        (format!("{good}[[column]]\nname = \"a\"\nto = \"type\"\nsplit = \"\"\n"), &["line 6", "empty"]),
        (
            format!("{good}[[column]]\nname = \"a\"\nto = \"type\"\nlookup = \"x\"\n"),
            &["line 6", "'x'", "[lookups]"],
        ),
        (
            format!("{good}[[column]]\nname = \"a\"\nto = \"place\"\nparallel = [\"fi\"]\n"),
            &["line 6", "split"],
        ),
        (
            format!("{good}[[column]]\nname = \"a\"\nto = \"type\"\nsame_as = {{ b = \"c\" }}\n"),
            &["line 6", "'c'", "IRI"],
        ),
        (format!("{good}[[event]]\nkind = \"party\"\n"), &["line 4", "'party'", "production"]),
        (
            format!("{good}[[event]]\nkind = \"production\"\nstate = \"a\"\n"),
            &["line 5", "state", "condition"],
        ),
        (format!("{good}[[event]]\nkind = \"production\"\nwhen = \"a\"\n"), &["line 5", "when", "date"]),
        (format!("{good}[[event]]\ndate = \"a\"\n"), &["line 4", "without its kind", "loan", "protection"]),
        (format!("{good}[[document]]\nkind = \"photo\"\n"), &["line 4", "'photo'", "type"]),
        (
            format!("{good}[[event]]\nkind = \"move\"\nseverity = \"a\"\n"),
            &["line 5, column 12", "'severity'", "kind move", "only in condition"],
        ),
        (
            format!("{good}[[event]]\nkind = \"move\"\ndate = {{ join = \"a\" }}\n"),
            &["line 5", "'date' without its column", "columns", "value"],
        ),
        (
            format!("{good}[[event]]\nkind = \"move\"\ndate = {{ column = \"a\" }}\n"),
            &["line 5", "columns", "otherwise"],
        ),
        (format!("{good}[records]\nat = \"a//b\"\n"), &["line 4", "'a//b'", "data/items"]),
        (format!("{good}[records]\nheader = 0\n"), &["line 4", "'0'", "from 1"]),
        (format!("{good}[records]\nsheets = \"a\"\n"), &["line 4", "sheets", "sheet"]),
        (
            format!("{good}[[column]]\nname = \"a\"\nto = \"polygon\"\n"),
            &["line 4", "1 columns", "longitudes"],
        ),
        (format!("{good}[[variant]]\nwhen = {{}}\n"), &["line 4", "no condition", "when"]),
        (
            format!("{good}[[variant]]\nwhen = {{ a = \"b\" }}\nsector = \"zoo\"\n"),
            &["line 5", "'zoo'", "museum"],
        ),
    ] {
        let Err(fault @ SetupError::Mapping { .. }) = Mapping::read(&text).map(|_| ()) else {
            panic!("no fault in {text}");
        };
        let message = fault.to_string();
        for word in words {
            assert!(message.contains(word), "'{word}' is not in: {message}\nfor {text}");
        }
    }
}

#[test]
fn a_table_needs_a_mapping() {
    for entry in [&CSV, &TSV, &JSON, &XLSX, &XML] {
        let met = (entry.setup)(Setup { mapping: None }).err().unwrap();
        assert_eq!(met, SetupError::MappingMissing { format: entry.id });
    }
}

#[test]
fn tables_are_told_from_other_formats() {
    let met =
        |head: &[u8]| [&JSON, &TSV, &CSV].iter().find(|entry| (entry.sniff)(head)).map(|entry| entry.id);
    assert_eq!(met(b"a,b\n1,2\n"), Some("csv"));
    assert_eq!(met(b"\xEF\xBB\xBFa;b\n1;2\n"), Some("csv"));
    assert_eq!(met(b"a\tb\n1\t2\n"), Some("tsv"));
    assert_eq!(met(b" [ {\"a\": 1}]"), Some("json"));
    assert_eq!(met(b"{\"a\": 1}\n{\"a\": 2}"), Some("json"));
    assert!((XML.sniff)(b"<?xml version=\"1.0\"?><schede/>") && (XML.sniff)(b"\xEF\xBB\xBF\n<r>"));
    assert!(!(XML.sniff)(b"<http://example.org/1> a <http://example.org/2> ."));
    assert!(!(XML.sniff)(b"<!DOCTYPE html><html>") && !(XML.sniff)(b"<rdf:RDF"));
    for other in [
        &b""[..],
        b"<xml/>",
        b"00714cam a2200205 a 4500001001300000\x1e",
        b"Just a text\nwithout any cells\n",
        b"[1,2]",
    ] {
        assert_eq!(met(other), None, "{:?}", String::from_utf8_lossy(other));
    }
}

const ANY: &str = "id = \"a\"\nsector = \"museum\"\n[[column]]\nname = \"b\"\nto = \"title\"\n[[column]]\nname = \"c\"\nto = \"created\"\n";

const AT: &str = "id = \"a\"\nsector = \"museum\"\n[records]\nat = [\"data/items\", \"x/*\"]\n[[column]]\nname = \"b\"\nto = \"title\"\n[[event]]\nkind = \"loan\"\neach = \"l\"\ndate = \"d\"\n";

/// Documents and quarantined pieces of some bytes.
fn count(format: &dyn Convert, bytes: &[u8]) -> (usize, usize) {
    let (base, dataset) =
        (Base::new("https://data.example.org").unwrap(), DatasetId::new("fixture").unwrap());
    let (mut documents, mut quarantined) = (0, 0);
    let flow = format.convert(Box::new(bytes), Target::new(&base, &dataset), &mut |outcome| {
        match outcome {
            Outcome::Document { .. } => documents += 1,
            Outcome::Deleted { .. } => {}
            Outcome::Quarantined(_) => quarantined += 1,
        }
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    (documents, quarantined)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for format in [
            &Csv::with(Mapping::read(ANY).unwrap()) as &dyn Convert,
            &Json::with(Mapping::read(ANY).unwrap()),
            &Json::with(Mapping::read(AT).unwrap()),
            &Xml::with(Mapping::read(AT).unwrap()),
            &Xlsx::with(Mapping::read(ANY).unwrap()),
        ] {
            let _ = count(format, &bytes);
            let mut headed = b"a,b,c\n".to_vec();
            headed.extend_from_slice(&bytes);
            let _ = count(format, &headed);
        }
    }

    #[test]
    fn every_row_is_a_document_or_quarantined(
        rows in proptest::collection::vec(proptest::collection::vec("[a-z0-9 ,\"\n]{0,8}", 1..5), 0..12),
    ) {
        // What a careful writer quotes, the reader gives back row by row.
        let mut text = "a,b,c\n".to_owned();
        let mut expected = 0;
        for (number, cells) in rows.iter().enumerate() {
            let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            text.push_str(&format!("r{number},{}\n", quoted.join(",")));
            expected += 1;
        }
        let format = Csv::with(Mapping::read(ANY).unwrap());
        let (documents, quarantined) = count(&format, text.as_bytes());
        prop_assert_eq!(documents + quarantined, expected, "{}", text);
        let whole = rows.iter().filter(|cells| cells.len() >= 2).count();
        prop_assert_eq!(documents, whole, "{}", text);
    }

    #[test]
    fn a_cut_table_loses_nothing_but_its_end(at in 0_usize..200) {
        let text = "a,b,c\n1,one,1891\n2,\"two, and\nmore\",1892\n3,three,1893\n4,\"four\",\n";
        let at = at.min(text.len());
        let format = Csv::with(Mapping::read(ANY).unwrap());
        let (documents, quarantined) = count(&format, &text.as_bytes()[..at]);
        prop_assert!(documents + quarantined <= 5);
        prop_assert!(quarantined <= 2);
    }
}
