//! The harness of fixtures: bytes in, N-Triples and issues out, compared with what stands beside the input.
//!
//! For `fixtures/003-date-before-christ.xml` the graph is `003-date-before-christ.nt` (canonical N-Triples, sorted) and
//! the issues are `003-date-before-christ.issues` (absent when there are none). `AARRE_BLESS=1 cargo test -p loaders`
//! rewrites both; the diff is the review.

use crate::{Convert, Outcome, Target};
use graph_model::{Base, DatasetId, write_statement};
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Converts a fixture and compares. `input` is relative to the root of the repository, e.g.
/// `loaders/marc/fixtures/003-x.xml`.
///
/// # Panics
/// When the graph or the issues differ from what stands beside the input.
pub fn check(format: &dyn Convert, input: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join(input);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{input}: {error}"));
    let (graph, issues) = convert(format, &bytes);
    compare(&path.with_extension("nt"), &graph);
    compare(&path.with_extension("issues"), &issues);
}

/// Checks every file of a folder that has one of the given endings, in order of name.
///
/// # Panics
/// As [`check`], and when there is no such file.
pub fn check_all(format: &dyn Convert, folder: &str, endings: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let entries = std::fs::read_dir(&root).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| endings.iter().any(|ending| name.ends_with(ending)))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "{folder}: no fixture with the ending {}", endings.join(" or "));
    for name in names {
        check(format, &format!("{folder}/{name}"));
    }
}

/// The sorted graph and the issues of some bytes, as text. Documents of a fixture share one graph, so that an entity that
/// two records describe stands once.
#[must_use]
pub fn convert(format: &dyn Convert, bytes: &[u8]) -> (String, String) {
    let (base, dataset) = fixture_base();
    let mut lines: Vec<String> = Vec::new();
    let mut issues = String::new();
    let mut buffer = Vec::new();
    let flow = format.convert(Box::new(bytes), Target::new(&base, &dataset), &mut |outcome| {
        match outcome {
            Outcome::Document { document, .. } => {
                for statement in document.statements() {
                    buffer.clear();
                    write_statement(&statement, None, &mut buffer);
                    lines.push(String::from_utf8_lossy(&buffer).trim_end().to_owned());
                }
                for issue in document.issues() {
                    let _ = writeln!(issues, "{}\t{issue}", document.local());
                }
            }
            Outcome::Deleted { identifier, position } => {
                let _ = writeln!(issues, "deleted {identifier}\trecord {}", position.record);
            }
            Outcome::Quarantined(broken) => {
                let position = broken.position;
                let line = position.line.map(|line| format!(", line {line}")).unwrap_or_default();
                let id = broken.id.as_deref().unwrap_or("-");
                let _ = writeln!(
                    issues,
                    "quarantined {id}\trecord {}, byte {}{line}: {broken}; {} bytes kept",
                    position.record,
                    position.byte,
                    broken.raw.len()
                );
            }
        }
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    lines.sort_unstable();
    lines.dedup();
    let mut graph = lines.join("\n");
    if !graph.is_empty() {
        graph.push('\n');
    }
    (graph, issues)
}

#[expect(clippy::expect_used, reason = "the two are fixed and valid")]
fn fixture_base() -> (Base, DatasetId) {
    (
        Base::new("https://data.example.org").expect("a valid base"),
        DatasetId::new("fixture").expect("a valid name"),
    )
}

fn compare(path: &PathBuf, met: &str) {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    // Lines that begin with # are remarks, such as `# FIXME why`.
    let remarks: String =
        expected.lines().filter(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let expected_lines: Vec<&str> = expected.lines().filter(|line| !line.starts_with('#')).collect();
    let met_lines: Vec<&str> = met.lines().collect();
    if expected_lines == met_lines {
        return;
    }
    if std::env::var_os("AARRE_BLESS").is_some() {
        let written = if met.is_empty() && remarks.is_empty() {
            if path.exists() { std::fs::remove_file(path) } else { Ok(()) }
        } else {
            std::fs::write(path, format!("{remarks}{met}"))
        };
        written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let missing =
        expected_lines.iter().filter(|line| !met_lines.contains(line)).map(|line| format!("- {line}\n"));
    let extra =
        met_lines.iter().filter(|line| !expected_lines.contains(line)).map(|line| format!("+ {line}\n"));
    let difference: String = missing.chain(extra).collect();
    panic!("{} differs (AARRE_BLESS=1 rewrites it):\n{difference}", path.display());
}
