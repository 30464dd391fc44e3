//! Hostile files: those of `tests/hostile/files/`, whose table says what becomes of each, and big ones that are made
//! here. Nothing panics, nothing is lost, memory stays bounded.

use crate::command::{binary, root};
use graph_model::{Base, DatasetId};
use loaders::{FORMATS, FormatEntry, Outcome, Setup, Target, format_by_id};
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::process::{Command, Stdio};

const MAPPING: &str = r#"
id = "id"
sector = "museum"
[[column]]
name = "title"
to = "title"
[[column]]
name = "size"
to = "measurement"
dimension = "height"
unit = "cm"
"#;

/// Documents and records set aside.
fn counts(format: &FormatEntry, bytes: &[u8]) -> (u64, u64) {
    let (base, dataset) = (Base::new("https://example.org").unwrap(), DatasetId::new("x").unwrap());
    let mapping =
        if format.id == "xml" { format!("{MAPPING}\n[records]\nat = \"r\"\n") } else { MAPPING.to_owned() };
    let converter = (format.setup)(Setup { mapping: Some(&mapping) }).unwrap();
    let (mut documents, mut aside) = (0, 0);
    let _ = converter.convert(Box::new(bytes), Target::new(&base, &dataset), &mut |outcome| {
        match outcome {
            Outcome::Document { .. } => documents += 1,
            Outcome::Deleted { .. } => {}
            Outcome::Quarantined(broken) => {
                assert!(!broken.met.starts_with("a fault in the mapping"), "{}: {}", format.id, broken.met);
                aside += 1;
            }
        }
        ControlFlow::Continue(())
    });
    (documents, aside)
}

#[test]
fn hostile_files_become_what_their_table_says() {
    let folder = root().join("tests/hostile/files");
    let table = fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let rows: Vec<Vec<&str>> =
        table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    let mut files: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "expected.tsv")
        .collect();
    files.sort();
    assert_eq!(files, rows.iter().map(|row| row[0]).collect::<Vec<_>>(), "each file has its row");
    let mut faults = Vec::new();
    for row in rows {
        let bytes = fs::read(folder.join(row[0])).unwrap();
        let met = counts(format_by_id(row[1]).unwrap(), &bytes);
        let fits = |expected: &str, met: u64| expected == "-" || expected == met.to_string();
        if !fits(row[2], met.0) || !fits(row[3], met.1) || (row[2] == "-" && met == (0, 0)) {
            faults.push(format!("{}: {met:?}, expected {} and {} ({})", row[0], row[2], row[3], row[4]));
        }
        // Whatever a file is taken for, nothing panics.
        for format in FORMATS {
            counts(format, &bytes);
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Feeds the binary, which may have so much memory, and gives its exit code and what it said.
fn limited(
    format: &str,
    mebibytes: u64,
    feed: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.toml");
    fs::write(&rules, MAPPING).unwrap();
    let mut child = Command::new("bash")
        .arg("-c")
        .arg(format!("ulimit -v {} && exec \"$0\" \"$@\"", mebibytes << 10))
        .arg(binary())
        .args(["convert", "--stdin", "--format", format, "--out", "/dev/null"])
        .args(if matches!(format, "json" | "csv") {
            vec!["--rules", rules.to_str().unwrap()]
        } else {
            vec![]
        })
        .env_remove("AARRE_HOME")
        // Each thread would reserve an arena of its own, which the limit counts and memory does not.
        .env("MALLOC_ARENA_MAX", "2")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // Whoever gives up early closes the pipe, which is no fault of the feeder.
    let _ = feed(&mut input);
    drop(input);
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn repeat(out: &mut dyn io::Write, text: &str, mebibytes: usize) -> io::Result<()> {
    let block = text.repeat((1 << 20) / text.len() + 1);
    for _ in 0..mebibytes {
        out.write_all(block.as_bytes())?;
    }
    Ok(())
}

#[test]
fn a_hundred_megabytes_of_anything_fit_into_half_a_gibibyte() {
    const LIDO: &str =
        "<lido:lido xmlns:lido=\"http://www.lido-schema.org\"><lido:lidoRecID>1</lido:lidoRecID>";
    const MARC: &str = "<collection xmlns=\"http://www.loc.gov/MARC21/slim\">";
    type Case = (&'static str, &'static str, &'static str, &'static str);
    let cases: [Case; 6] = [
        ("one text without an end", "lido", LIDO, "endless "),
        ("elements in elements", "lido", LIDO, "<lido:a>"),
        (
            "one attribute without an end",
            "marcxml",
            "<collection xmlns=\"http://www.loc.gov/MARC21/slim\"><record a=\"",
            "x",
        ),
        ("empty records", "marcxml", MARC, "<record/>"),
        ("arrays in arrays", "json", "", "["),
        ("one cell without an end", "csv", "id,title\n1,\"", "x"),
    ];
    for (what, format, head, rest) in cases {
        let (code, said) = limited(format, 512, |out| {
            out.write_all(head.as_bytes())?;
            repeat(out, rest, 100)
        });
        assert!(matches!(code, 0 | 1 | 3), "{what}: exit {code}: {said}");
        assert!(!said.contains("panicked"), "{what}: {said}");
    }
}
