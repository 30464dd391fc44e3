//! Judges from outside: pySHACL looks at the graphs, xmllint at the fixtures.
//!
//! What they may find is written down with its reason: `tests/judges/violations.tsv` and `tests/judges/invalid.tsv`. A row
//! that is no longer found is a fault, too. Each judge is passed over with a printed line where it cannot be had, but not
//! in CI, which sets `AARRE_REQUIRE_REAL_DATA`.

mod shacl;
mod xml;

use crate::command::root;
use crate::real_data::{show, walk};
use std::fs;
use std::path::PathBuf;

/// A judge that cannot be had: a fault in CI, a line elsewhere.
fn passed_over(why: &str) {
    assert!(std::env::var_os("AARRE_REQUIRE_REAL_DATA").is_none(), "{why}");
    show(&format!("skipped: {why}"));
}

/// A folder that the environment names.
fn folder(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The inputs among the loaders' fixtures, by their name below `loaders/`.
fn fixtures() -> Vec<(String, PathBuf)> {
    let loaders = root().join("loaders");
    let mut files = Vec::new();
    walk(&loaders, &mut files);
    files
        .into_iter()
        .map(|path| (path.strip_prefix(&loaders).unwrap().to_str().unwrap().to_owned(), path))
        .filter(|(name, path)| {
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            name.contains("/fixtures/") && !matches!(ending, "nt" | "issues" | "toml" | "md" | "py")
        })
        .collect()
}

/// The rows of a table beside the judges, remarks left out.
fn table(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join("tests/judges").join(name)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}
