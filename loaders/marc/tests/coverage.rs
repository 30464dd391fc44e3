//! Every subfield that the cases of other projects exercise is told, or is left out for a reason that `left-out.tsv` gives.
//!
//! Whether a subfield is told is found out, not claimed: it is taken out of a real record, and the graph has to change.

use super::super::record::MarcRecord;
use super::super::table::{How, how_of, rows};
use super::super::{Marc21, MarcXml, describe};
use graph_model::{Base, DatasetId, Description, Document, Format};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The folders with a case a field.
const CASES: &[&str] = &["marc2rda-field", "marc2rda-sets", "loc-marc2bibframe2"];
/// A subfield that changes nothing in so many records is not told.
const TRIES: u32 = 40;

/// The rows of the table: tag (X for any digit), codes, reason.
fn left_out() -> Vec<(&'static str, &'static str, &'static str)> {
    let cells = |row: &'static str| {
        let mut cells = row.split('\t');
        Some((cells.next()?, cells.next()?, cells.next()?))
    };
    rows(include_str!("../left-out.tsv")).filter_map(cells).collect()
}

fn is_of(tag: &str, pattern: &str) -> bool {
    tag.len() == pattern.len()
        && tag.chars().zip(pattern.chars()).all(|(tag, pattern)| pattern == 'X' || tag == pattern)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn records(bytes: &[u8]) -> Vec<MarcRecord> {
    let entry = crate::detect(&bytes[..bytes.len().min(64 << 10)]).map(|format| format.id);
    match entry {
        Some("marc21") => Marc21.records(Box::new(bytes)).flatten().collect(),
        Some("marcxml") => MarcXml.records(Box::new(bytes)).flatten().collect(),
        _ => Vec::new(),
    }
}

fn said(record: &MarcRecord) -> u128 {
    let (base, dataset) = (Base::new("https://example.org").unwrap(), DatasetId::new("x").unwrap());
    let mut document = Document::new();
    describe::describe(record, &mut Description::new(&base, &dataset, "1", &mut document));
    document.fingerprint()
}

/// The record without the text of one subfield.
fn without(record: &MarcRecord, subfield: usize) -> MarcRecord {
    let mut less = record.clone();
    less.subfields[subfield].text = (0, 0);
    less
}

#[test]
fn every_subfield_of_the_cases_is_told_or_left_out_for_a_reason() {
    let Some(data) = std::env::var_os("AARRE_REAL_DATA").filter(|path| !path.is_empty()) else { return };
    let mut paths = Vec::new();
    for case in CASES {
        files(&Path::new(&data).join("marc").join(case), &mut paths);
    }
    let mut told: BTreeSet<(String, char)> = BTreeSet::new();
    let mut silent: BTreeMap<(String, char), u32> = BTreeMap::new();
    for path in paths {
        for record in records(&fs::read(path).unwrap()) {
            let whole = said(&record);
            for field in &record.fields {
                let tag = String::from_utf8_lossy(&field.tag).into_owned();
                // Local fields are each library's own.
                let local = tag.contains('9') || !tag.bytes().all(|byte| byte.is_ascii_digit());
                if local || matches!(how_of(&tag), Some(How::LeftOut)) {
                    continue;
                }
                for at in field.subfields.0..field.subfields.1 {
                    let subfield = record.subfields[at as usize];
                    let pair = (tag.clone(), char::from(subfield.code));
                    if told.contains(&pair) || subfield.text.0 == subfield.text.1 {
                        continue;
                    }
                    let tries = silent.entry(pair.clone()).or_default();
                    *tries += 1;
                    if *tries <= TRIES && said(&without(&record, at as usize)) != whole {
                        silent.remove(&pair);
                        told.insert(pair);
                    }
                }
            }
        }
    }
    assert!(told.len() > 400, "the cases are there: {}", told.len());
    let table = left_out();
    let row_of = |(tag, code): &(String, char)| {
        table.iter().find(|(pattern, codes, _)| is_of(tag, pattern) && codes.contains(*code))
    };
    let uncovered: Vec<String> = silent
        .keys()
        .filter(|pair| row_of(pair).is_none())
        .map(|(tag, code)| format!("{tag}${code}"))
        .collect();
    assert!(uncovered.is_empty(), "neither told nor left out for a reason: {}", uncovered.join(" "));
    let stale: Vec<String> = told
        .iter()
        .filter(|pair| row_of(pair).is_some_and(|(pattern, ..)| !pattern.contains('X')))
        .map(|(tag, code)| format!("{tag}${code}"))
        .collect();
    assert!(stale.is_empty(), "left out, so the table says, and told all the same: {}", stale.join(" "));
}

#[test]
fn the_table_of_what_is_left_out_is_in_order_and_in_the_readme() {
    let table = left_out();
    assert!(table.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)), "sorted, and no row twice");
    let readme = include_str!("../README.md");
    for (tag, codes, reason) in table {
        assert!(!reason.is_empty() && !codes.is_empty(), "{tag}");
        let row = format!("| {tag} | {codes} | {reason} |");
        assert!(readme.contains(&row), "README.md has no row {row}");
        assert!(
            tag.contains('X') || !matches!(how_of(tag), None | Some(How::LeftOut)),
            "{tag} is left out as a whole"
        );
    }
}
