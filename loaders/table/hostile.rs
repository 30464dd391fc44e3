//! Files made to hurt: they end in quarantine, with a reason.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{JSON, XLSX, XML};
use crate::shared::check;
use crate::{FormatEntry, Setup};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

const MAPPING: &str = "id = \"a\"\nsector = \"museum\"\n[[column]]\nname = \"b\"\nto = \"title\"\n";

/// The graph and the issues of some bytes.
fn convert(entry: &FormatEntry, mapping: &str, bytes: &[u8]) -> (String, String) {
    let format = (entry.setup)(Setup { mapping: Some(mapping) }).unwrap_or_else(|fault| panic!("{fault}"));
    check::convert(&*format, bytes)
}

/// A workbook with one sheet and a list of strings.
fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    for (name, text) in [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", strings.to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>"),
        ),
    ] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const STRINGS: &str = "<sst uniqueCount=\"2\"><si><t>a</t></si><si><t>b</t></si></sst>";
const HEAD: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>";

#[test]
fn a_small_workbook_is_read() {
    let row = "<row r=\"9\"><c r=\"A9\"><v>7</v></c><c r=\"B9\" t=\"s\"><v>1</v></c></row>";
    let (graph, issues) = convert(&XLSX, MAPPING, &workbook(&format!("{HEAD}{row}"), STRINGS));
    assert!(graph.contains("/id/fixture/7> <http://purl.org/dc/elements/1.1/title> \"b\""), "{graph}");
    assert_eq!(issues, "");
}

/// What the only line of issues says.
fn refused(sheet: &str, strings: &str, words: &str) {
    let (graph, issues) = convert(&XLSX, MAPPING, &workbook(sheet, strings));
    assert_eq!(graph, "");
    assert!(
        issues.starts_with("quarantined") && issues.contains(words) && issues.lines().count() == 1,
        "{issues}"
    );
}

#[test]
fn a_workbook_that_unpacks_to_much_more_is_refused() {
    refused(&"<row></row>".repeat(400_000), STRINGS, "more than 200 times its size");
}

#[test]
fn a_list_of_strings_that_promises_memory_is_refused() {
    refused(
        HEAD,
        "<sst uniqueCount=\"99999999999999\"><si><t>a</t></si></sst>",
        "promises 99999999999999 strings",
    );
    refused(HEAD, "<sst uniqueCount=\"99999999999999999999999999\"><si><t>a</t></si></sst>", "promises");
}

#[test]
fn a_cell_beyond_what_a_spreadsheet_holds_is_refused() {
    // Letters that hardly pack, so that the ratio is not what is met.
    let mut number = 1_u64;
    let letters: String = (0..2_000_000)
        .map(|_| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'A' + (number >> 60) as u8)
        })
        .collect();
    refused(
        &format!("{HEAD}<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>{letters}</t></is></c></row>"),
        STRINGS,
        "a cell of more than",
    );
}

#[test]
fn a_workbook_cut_short_or_damaged_is_set_aside() {
    let whole = workbook(HEAD, STRINGS);
    for end in (0..whole.len()).step_by(97) {
        let (_, issues) = convert(&XLSX, MAPPING, &whole[..end]);
        assert!(issues.starts_with("quarantined"), "{end}: {issues}");
    }
    for at in (0..whole.len()).step_by(41) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        let _ = convert(&XLSX, MAPPING, &damaged);
    }
}

#[test]
fn depth_is_bounded() {
    let at = "id = \"a\"\nsector = \"museum\"\n[records]\nat = \"*/x\"\n[[column]]\nname = \"b\"\nto = \"title\"\n";
    let deep = "[".repeat(1_000_000);
    let named = "{\"k\":".repeat(100_000);
    for text in [deep.as_str(), &named, &format!("{{\"a\": 1, \"b\": {deep}")] {
        for mapping in [MAPPING, at] {
            let (graph, issues) = convert(&JSON, mapping, text.as_bytes());
            assert_eq!(graph, "");
            assert!(issues.starts_with("quarantined"), "{issues}");
        }
    }
    let elements = format!("<r>{}", "<a>".repeat(100_000));
    let (_, issues) = convert(&XML, MAPPING, elements.as_bytes());
    assert!(issues.starts_with("quarantined"), "{issues}");
    let entities = "<!DOCTYPE r [<!ENTITY a \"aaaa\">]><r><x><a>&a;</a></x></r>";
    let (_, issues) = convert(&XML, MAPPING, entities.as_bytes());
    assert!(issues.starts_with("quarantined"), "{issues}");
}

#[test]
fn records_beyond_a_damaged_one_are_read() {
    let xml = "<l><r><a>1</a><b>one</b></r><r><a>2</b></r><r><a>3</a><b>three</b></r></l>";
    let (graph, issues) = convert(&XML, MAPPING, xml.as_bytes());
    assert!(graph.contains("\"one\"") && graph.contains("\"three\""), "{graph}");
    assert_eq!(issues.lines().filter(|line| line.starts_with("quarantined")).count(), 1, "{issues}");
}
