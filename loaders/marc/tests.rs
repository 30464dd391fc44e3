//! Fixtures, and input that somebody broke on purpose.
#![expect(clippy::unwrap_used, reason = "tests")]

mod coverage;
mod loc;
mod mutations;

use super::{AlephSeq, Marc21, MarcJson, MarcLine, MarcXml};
use crate::shared::check::{check_all, convert};
use crate::{Convert, Outcome, Target};
use graph_model::{Base, DatasetId};
use std::ops::ControlFlow;

const FIXTURES: &str = "loaders/marc/fixtures";

#[test]
fn fixtures_in_xml() {
    check_all(&MarcXml, FIXTURES, &[".xml"]);
}

#[test]
fn fixtures_in_iso_2709() {
    check_all(&Marc21, FIXTURES, &[".mrc"]);
}

#[test]
fn fixtures_in_json() {
    check_all(&MarcJson, FIXTURES, &[".json"]);
}

#[test]
fn fixtures_in_lines() {
    check_all(&MarcLine, FIXTURES, &[".mrk", ".line"]);
}

#[test]
fn fixtures_of_aleph() {
    check_all(&AlephSeq, FIXTURES, &[".alephseq"]);
}

#[test]
fn each_syntax_is_known_by_its_first_bytes() {
    for (name, id) in [
        ("001-a-plain-book.xml", "marcxml"),
        ("013-inside-oai-pmh.xml", "marcxml"),
        ("101-two-records-in-utf-8.mrc", "marc21"),
        ("201-marc-in-json.json", "marcjson"),
        ("202-other-forms-one-a-line.json", "marcjson"),
        ("203-brackets-out-of-step.json", "marcjson"),
        ("301-marcedit.mrk", "marcline"),
        ("302-yaz-marcdump.line", "marcline"),
        ("401-aleph.alephseq", "alephseq"),
    ] {
        let [bytes] = inputs(name).try_into().unwrap();
        assert_eq!(crate::detect(&bytes).map(|format| format.id), Some(id), "{name}");
    }
}

/// How many pieces the bytes give.
fn pieces(format: &dyn Convert, bytes: &[u8]) -> usize {
    let (documents, others) = outcomes(format, bytes);
    documents + others
}

/// How many documents the bytes give, and how many other pieces.
fn outcomes(format: &dyn Convert, bytes: &[u8]) -> (usize, usize) {
    let (base, dataset) = (Base::new("https://example.org").unwrap(), DatasetId::new("x").unwrap());
    let (mut documents, mut others) = (0, 0);
    let _ = format.convert_on_this_thread(Box::new(bytes), Target::new(&base, &dataset), &mut |outcome| {
        *if matches!(outcome, Outcome::Document { .. }) { &mut documents } else { &mut others } += 1;
        ControlFlow::Continue(())
    });
    (documents, others)
}

/// All fixtures with one ending, with their bytes.
fn inputs(ending: &str) -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/marc/fixtures");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn every_terminator_gives_one_piece_whatever_stands_before_it() {
    // A small generator with a fixed seed: the same breakage in every run.
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    for input in inputs(".mrc") {
        for _ in 0..60 {
            let mut bytes = input.clone();
            for _ in 0..1 + random() % 4 {
                if bytes.is_empty() {
                    break;
                }
                let at = random() % bytes.len();
                match random() % 3 {
                    0 => bytes[at] = random() as u8,
                    1 => drop(bytes.remove(at)),
                    _ => bytes.truncate(at),
                }
            }
            let terminators = bytes.iter().filter(|b| **b == 0x1D).count();
            let rest = bytes.rsplit(|b| *b == 0x1D).next().unwrap_or_default();
            let rest = rest.iter().any(|b| !matches!(b, b'\n' | b'\r' | b' ' | b'\t' | 0 | 0x1A));
            let count = pieces(&Marc21, &bytes);
            assert!(
                count == (terminators + usize::from(rest)).max(1) || bytes.starts_with(b"\xEF\xBB"),
                "{bytes:?}"
            );
        }
    }
}

#[test]
fn the_word_record_ends_nothing_but_a_record() {
    let record = |text: &str| {
        format!(
            "<record><controlfield tag='001'>1</controlfield><datafield tag='245' ind1='0' ind2='0'>\
             <subfield code='a'>{text}</subfield></datafield></record>"
        )
    };
    for (text, expected) in [
        ("Sound recordings! A record?", (2, 0)),
        ("<!-- </record> -->A", (2, 0)),
        ("<![CDATA[</record>]]>A", (2, 0)),
        ("<?x </record> ?>A", (2, 0)),
        ("</records>A", (1, 1)),
        ("</record>A", (1, 1)),
    ] {
        // Wherever the input is cut into pieces.
        for before in [0, 16_300, 16_340, 16_384] {
            let xml =
                format!("<collection>{}{}{}</collection>", " ".repeat(before), record(text), record("B"));
            assert_eq!(outcomes(&MarcXml, xml.as_bytes()), expected, "{text} after {before}");
        }
    }
}

#[test]
fn broken_xml_never_panics_and_is_never_silent() {
    for input in inputs(".xml") {
        let step = input.len() / 40 + 1;
        for at in (0..input.len()).step_by(step) {
            assert!(pieces(&MarcXml, &input[..at]) > 0, "cut at {at}");
            let mut bytes = input.clone();
            bytes[at] = b'<';
            pieces(&MarcXml, &bytes);
            bytes[at] = 0xFF;
            assert!(pieces(&MarcXml, &bytes) > 0);
        }
    }
}

#[test]
fn a_record_longer_than_its_leader_can_say() {
    // Five digits hold 99,999; longer records say 99999 or 0 and their addresses run over.
    let mut directory = String::new();
    let mut data = String::new();
    let mut add = |tag: &str, field: &str| {
        directory.push_str(&format!("{tag}{:04}{:05}", (field.len() + 1) % 10_000, data.len() % 100_000));
        data.push_str(field);
        data.push('\u{1E}');
    };
    add("001", "long");
    add("245", "00\u{1F}aPitkä tietue");
    for _ in 0..30 {
        add("500", &format!("  \u{1F}a{}", "huomautus ".repeat(500)));
    }
    let base = 24 + directory.len() + 1;
    let record = format!("99999nam a22{base:05}4i 4500{directory}\u{1E}{data}\u{1D}");
    let (graph, issues) = convert(&Marc21, record.as_bytes());
    assert!(graph.contains("\"Pitkä tietue\""), "{issues}");
    assert_eq!(issues.matches("quarantined").count(), 0, "{issues}");
}
