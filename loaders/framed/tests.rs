//! What a set of records gives does not depend on how it is cut, framed and distributed.
#![expect(clippy::expect_used, reason = "tests")]

use super::{BASE64, FRAMED};
use crate::shared::check;
use crate::{Outcome, Setup, Target, detect, format_by_id};
use base64::Engine as _;
use graph_model::{Base, DatasetId};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

const MAPPING: &str = include_str!("../../graph/publish/demo/register/monuments.mapping.toml");

/// The hashes of all N-Quads, sorted, and the words on what was set aside.
fn run(format: &str, bytes: &[u8]) -> (Vec<u64>, Vec<String>) {
    let (base, dataset) =
        (Base::new("https://example.org").expect("a base"), DatasetId::new("set").expect("a name"));
    let entry = format_by_id(format).expect("a format");
    let converter = (entry.setup)(Setup { mapping: Some(MAPPING) }).expect("a mapping that fits");
    let target = Target {
        owner: Some("Example archive"),
        lines: Some("https://example.org/graph/set"),
        ..Target::new(&base, &dataset)
    };
    let (mut hashes, mut broken) = (Vec::new(), Vec::new());
    let flow = converter.convert(Box::new(bytes), target, &mut |outcome| {
        match outcome {
            Outcome::Document { document, lines, .. } => {
                assert_eq!(lines.split_inclusive(|b| *b == b'\n').count(), document.len());
                hashes.extend(lines.split_inclusive(|b| *b == b'\n').map(xxh3_64));
            }
            Outcome::Deleted { identifier, .. } => broken.push(format!("deleted {identifier}")),
            Outcome::Quarantined(met) => broken.push(format!(
                "{} line {} {}: {met}",
                met.position.record,
                met.position.line.unwrap_or_default(),
                met.id.as_deref().unwrap_or("-")
            )),
        }
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    hashes.sort_unstable();
    (hashes, broken)
}

fn frame(id: &str, format: &str, bytes: &[u8]) -> String {
    serde_json::json!({ "id": id, "format": format, "b64": BASE64.encode(bytes) }).to_string()
}

/// The collection of the demo and the fixtures of some formats, each with the format that it is of.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = [
        "graph/publish/demo/archive",
        "graph/publish/demo/library",
        "graph/publish/demo/museum",
        "graph/publish/demo/register",
        "loaders/ead/fixtures",
        "loaders/lido/fixtures",
        "loaders/marc/fixtures",
    ];
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(root.join(folder)).expect("a folder");
        paths.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    paths.retain(|path| {
        ["xml", "mrc", "csv"].iter().any(|ending| path.extension().is_some_and(|e| e == *ending))
    });
    paths.sort();
    let read = |path: &PathBuf| std::fs::read(path).expect("a file");
    paths.iter().map(read).filter_map(|bytes| Some((detect(&bytes)?.id, bytes))).collect()
}

/// A file cut into records, each as a file of its own, where its format has records that stand alone.
fn cut(format: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = || String::from_utf8(bytes.to_vec()).ok();
    let between = |start: &str, end: &str| -> Option<Vec<Vec<u8>>> {
        let text = text()?;
        let (from, to) = (text.find(start)?, text.rfind(end)? + end.len());
        let records = text[from..to].split_inclusive(end).filter(|record| record.contains(start));
        Some(records.map(|record| [&text[..from], record, &text[to..]].concat().into_bytes()).collect())
    };
    let records = match format {
        // A broken record is found again only within its file.
        "marc21" if bytes.iter().filter(|b| **b == 0x1D).count() == 1 => None,
        "marcxml" => between("<record", "</record>"),
        "lido" => between("<lido:lido>", "</lido:lido>"),
        "csv" => text().and_then(|text| {
            let (heading, rows) = text.split_once('\n')?;
            // A line break in quotes is no end of a row.
            (!rows.contains('"'))
                .then(|| rows.lines().map(|row| format!("{heading}\n{row}\n").into_bytes()).collect())
        }),
        _ => None,
    };
    records.unwrap_or_else(|| vec![bytes.to_vec()])
}

#[test]
fn any_partition_gives_what_the_files_give() {
    let files = files();
    let mut expected: Vec<u64> = files.iter().flat_map(|(format, bytes)| run(format, bytes).0).collect();
    expected.sort_unstable();
    let formats: std::collections::BTreeSet<&str> = files.iter().map(|(format, _)| *format).collect();
    assert!(formats.len() >= 5 && expected.len() > 10_000, "{formats:?}, {} statements", expected.len());

    let whole: Vec<String> = files.iter().map(|(format, bytes)| frame("", format, bytes)).collect();
    let single: Vec<String> = files
        .iter()
        .flat_map(|(format, bytes)| {
            cut(format, bytes).into_iter().map(move |record| frame("", format, &record))
        })
        .collect();
    assert!(single.len() > 2 * whole.len(), "{} records of {} files", single.len(), whole.len());
    let reversed: Vec<String> = single.iter().rev().cloned().collect();

    let chunks = |frames: &[String], parts: usize| -> Vec<Vec<String>> {
        frames.chunks(frames.len().div_ceil(parts)).map(<[String]>::to_vec).collect()
    };
    let dealt = |parts: usize, to: &dyn Fn(usize, &str) -> usize| -> Vec<Vec<String>> {
        let mut dealt = vec![Vec::new(); parts];
        for (index, frame) in single.iter().enumerate() {
            dealt[to(index, frame) % parts].push(frame.clone());
        }
        dealt
    };
    let ways: [(&str, Vec<Vec<String>>); 7] = [
        ("whole files in one stream", chunks(&whole, 1)),
        ("whole files in three", chunks(&whole, 3)),
        ("records in one stream", chunks(&single, 1)),
        ("each record alone", chunks(&single, single.len())),
        ("records from the last to the first, in two", chunks(&reversed, 2)),
        ("records dealt to five in turn", dealt(5, &|index, _| index)),
        ("records dealt to seven by their bytes", dealt(7, &|_, frame| xxh3_64(frame.as_bytes()) as usize)),
    ];
    for (way, parts) in ways {
        let mut met: Vec<u64> =
            parts.iter().flat_map(|frames| run("framed", frames.join("\n").as_bytes()).0).collect();
        met.sort_unstable();
        assert_eq!(met.len(), expected.len(), "{way}");
        assert!(met == expected, "{way}: other statements");
    }
}

#[test]
fn fixtures() {
    let framed = (FRAMED.setup)(Setup::default()).expect("frames need nothing");
    check::check_all(framed.as_ref(), "loaders/framed/fixtures", &[".jsonl"]);
}

#[test]
fn what_cannot_be_read_is_set_aside_with_its_line() {
    let record = r#"<record><controlfield tag="001">7</controlfield></record>"#;
    let lines = [
        frame("one", "marcxml", record.as_bytes()),
        String::new(),
        r#"{"id": "two", "b64": "PHJ"#.to_owned(),
        r#"{"id": "three", "format": "marcxml", "b64": "*"}"#.to_owned(),
        frame("four", "marc1", b"x"),
        frame("five", "", b"nothing that is known"),
        // Without a format it is told from the bytes; without padding it is Base64 all the same.
        frame("six", "", record.as_bytes()).replace('=', ""),
        frame("seven", "marcxml", b"<record><controlfield tag=\"001\">8</controlfield><broken></record>"),
        frame("eight", "framed", b"{}"),
    ];
    let (hashes, broken) = run("framed", (lines.join("\r\n") + "\n").as_bytes());
    let (alone, _) = run("marcxml", record.as_bytes());
    assert_eq!(hashes.len(), 2 * alone.len());
    let starts = [
        "2 line 3 -: no framed record: ",
        "3 line 4 three: no Base64 in 'b64': ",
        "4 line 5 four: the format 'marc1'; expected one of ",
        "5 line 6 five: bytes of no known format; expected one of ",
        "7 line 8 8: XML that is not well-formed",
        "8 line 9 eight: the format 'framed'; expected one of ",
    ];
    assert_eq!(broken.len(), starts.len(), "{broken:#?}");
    for (met, start) in broken.iter().zip(starts) {
        assert!(met.starts_with(start), "{met} does not start with {start}");
    }
}

#[test]
fn frames_are_known_by_their_first_line() {
    let line = frame("one", "marcxml", &[b'x'; 100_000]);
    assert!(detect(&line.as_bytes()[..64 << 10]).is_some_and(|format| format.id == FRAMED.id));
    assert!(detect(b"{\"title\": 1}\n{\"b64\": 2}").is_none_or(|format| format.id != FRAMED.id));
}
