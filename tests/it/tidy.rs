//! The rules of the house, held by a test: floors, ownership, where IRIs and SPARQL may stand, size.

use crate::command::root;
use cargo_metadata::{DependencyKind, MetadataCommand};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each crate and its floor. A crate names only crates on a strictly lower floor.
const FLOORS: &[(&str, u8)] = &[
    ("vocabularies", 0),
    ("queries", 0),
    ("graph-model", 1),
    ("graph-index", 1),
    ("loaders", 2),
    ("graph-harvest", 2),
    ("graph-reconcile", 2),
    ("graph-store", 2),
    ("graph-publish", 3),
    ("graph-serve", 3),
    ("graph-cli", 4),
    ("benches", 5),
    ("fuzz", 5),
    ("tests", 5),
];

/// Libraries that only one crate may name.
const OWNED: &[(&str, &[&str])] = &[
    ("quick-xml", &["loaders"]),
    ("csv", &["loaders"]),
    ("reqwest", &["graph-harvest"]),
    ("oxigraph", &["graph-store"]),
    ("spargebra", &["graph-store"]),
    ("axum", &["graph-serve"]),
    ("spareval", &["graph-store"]),
    ("tantivy", &["graph-index"]),
    ("moka", &["graph-serve"]),
    ("clap", &["graph-cli"]),
    ("anyhow", &["graph-cli"]),
];

/// No file of code is longer; tables and generated code are not Rust files.
const LINES: usize = 600;

fn fail_on(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn crates_name_only_lower_floors() {
    let floors: BTreeMap<_, _> = FLOORS.iter().copied().collect();
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let mut faults = Vec::new();
    for package in &metadata.packages {
        let name = package.name.as_str();
        let Some(floor) = floors.get(name) else {
            faults.push(format!("{name} stands on no floor; give it one in tests/it/tidy.rs"));
            continue;
        };
        for dependency in &package.dependencies {
            let below = dependency.name.as_str();
            if dependency.kind == DependencyKind::Development {
                continue;
            }
            if let Some(other) = floors.get(below)
                && other >= floor
            {
                faults.push(format!("{name} (floor {floor}) → {below} (floor {other})"));
            }
            if let Some((_, owners)) = OWNED.iter().find(|(owned, _)| *owned == below)
                && !owners.contains(&name)
            {
                faults.push(format!("{name} names {below}, which belongs to {}", owners.join(", ")));
            }
        }
    }
    assert_eq!(metadata.packages.len(), FLOORS.len(), "a floor for each crate, a crate for each floor");
    fail_on(&faults);
}

#[test]
fn ontology_iris_stand_in_vocabularies_only() {
    let hosts = [
        "www.w3.org",
        "w3.org",
        "purl.org",
        "www.europeana.eu/schemas",
        "id.loc.gov",
        "www.cidoc-crm.org",
        "www.ica.org",
        "schema.org",
        "rdvocab.info",
        "xmlns.com",
        "www.openarchives.org/ore",
        "rdfs.org",
        "www.opengis.net/ont",
        "w3id.org/aarre",
    ];
    let mut faults = Vec::new();
    for (path, text) in sources(&["vocabularies", "tests", "benches"]) {
        for (number, line) in code_lines(&text) {
            // The names of XML's own namespaces are syntax, not ontology.
            if line.contains("/XML/1998/namespace")
                || line.contains("/1999/xlink")
                || line.contains("/2000/xmlns")
                || line.contains("/2001/XMLSchema-instance")
            {
                continue;
            }
            // Nor are the records of authority files, which links are made to.
            if line.contains("id.loc.gov/authorities/") {
                continue;
            }
            for host in hosts {
                if line.contains(&format!("\"http://{host}")) || line.contains(&format!("\"https://{host}")) {
                    faults.push(format!("{}:{number}: an IRI of {host}; use vocabularies::", path.display()));
                }
            }
        }
    }
    fail_on(&faults);
}

#[test]
fn sparql_stands_in_queries_only() {
    let marks = [
        "SELECT ?",
        "SELECT DISTINCT ?",
        "SELECT *",
        "SELECT (",
        "CONSTRUCT {",
        "DESCRIBE <",
        "INSERT DATA",
        "PREFIX ",
    ];
    let mut faults = Vec::new();
    for (path, text) in sources(&["queries", "tests", "benches"]) {
        for (number, line) in code_lines(&text) {
            if marks.iter().any(|mark| line.contains(mark)) {
                faults.push(format!("{}:{number}: SPARQL in code; put it into queries/", path.display()));
            }
        }
    }
    fail_on(&faults);
}

#[test]
fn loaders_ask_no_clock_file_or_network() {
    let marks = ["std::fs", "std::net", "std::env", "SystemTime", "Instant::now"];
    let mut faults = Vec::new();
    for (path, text) in sources(&[]) {
        let lower = ["loaders/", "graph/model/", "graph/reconcile/"];
        if path.ends_with("shared/check.rs") || !lower.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        for (number, line) in code_lines(&text) {
            if let Some(mark) = marks.iter().find(|mark| line.contains(*mark)) {
                faults.push(format!("{}:{number}: {mark}", path.display()));
            }
        }
    }
    fail_on(&faults);
}

#[test]
fn only_the_command_prints_and_exits() {
    let marks = ["println!", "eprintln!", "process::exit", "env::var"];
    let mut faults = Vec::new();
    for (path, text) in sources(&["tests", "benches", "graph/cli"]) {
        let harness = path.ends_with("build.rs") || path.ends_with("shared/check.rs");
        if harness {
            continue;
        }
        for (number, line) in code_lines(&text) {
            if let Some(mark) = marks.iter().find(|mark| line.contains(*mark)) {
                faults.push(format!("{}:{number}: {mark}", path.display()));
            }
        }
    }
    fail_on(&faults);
}

#[test]
fn formats_do_not_name_each_other() {
    let root = root();
    let formats: Vec<String> = fs::read_dir(root.join("loaders"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("mod.rs").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name != "shared")
        .collect();
    assert!(!formats.is_empty());
    let mut faults = Vec::new();
    for (path, text) in sources(&[]) {
        let Some(own) = formats.iter().find(|format| path.starts_with(format!("loaders/{format}"))) else {
            continue;
        };
        for other in formats.iter().filter(|other| *other != own) {
            for (number, line) in code_lines(&text) {
                if line.contains(&format!("crate::{other}::")) {
                    faults.push(format!("{}:{number}: {own} → {other}", path.display()));
                }
            }
        }
    }
    for format in formats {
        if !root.join("loaders").join(&format).join("README.md").exists() {
            faults.push(format!("loaders/{format} has no README.md with its coverage"));
        }
    }
    fail_on(&faults);
}

#[test]
fn one_file_one_story() {
    let faults: Vec<_> = sources(&[])
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES)
        .map(|(path, lines)| format!("{}: {lines} lines, {LINES} at most", path.display()))
        .collect();
    fail_on(&faults);
}

#[test]
fn licences_are_allowed() {
    let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
    let list = deny.split("allow = [").nth(1).unwrap().split(']').next().unwrap();
    let allowed: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).exec().unwrap();
    let mut faults = Vec::new();
    for package in &metadata.packages {
        // An SPDX expression is good when one side of an OR has only allowed parts.
        let licence = package.license.as_deref().unwrap_or("none").replace('/', " OR ");
        let licence = licence.replace(['(', ')'], " ");
        let good =
            licence.split(" OR ").any(|side| side.split(" AND ").all(|part| allowed.contains(&part.trim())));
        if !good {
            faults.push(format!("{} {}: {licence}", package.name, package.version));
        }
    }
    fail_on(&faults);
}

/// The Rust files of the project, by their path in it, without tests and without those below the folders
/// named.
fn sources(without: &[&str]) -> Vec<(PathBuf, String)> {
    let root = root();
    let mut files = Vec::new();
    for folder in ["vocabularies", "queries", "graph", "loaders", "benches", "tests"] {
        walk(&root.join(folder), &mut files);
    }
    assert!(files.len() > 20, "the walk finds the project's files");
    let mut sources: Vec<_> = files
        .into_iter()
        .map(|path| (path.strip_prefix(&root).unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .filter(|(path, _)| {
            !path.ends_with("tests.rs") && !path.iter().any(|part| part == "tests" || part == "examples")
                || path.starts_with("tests")
        })
        .filter(|(path, _)| !without.iter().any(|folder| path.starts_with(folder)))
        .collect();
    sources.sort();
    sources
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") {
                walk(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The lines of code with their numbers: no comments, and nothing from the first test module on.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.trim_start().starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line))
}

#[test]
fn every_format_has_a_fuzz_target() {
    let folder = root().join("tests/fuzz/targets");
    let manifest = fs::read_to_string(root().join("tests/fuzz/Cargo.toml")).unwrap();
    let mut faults = Vec::new();
    for format in loaders::FORMATS {
        let target = fs::read_to_string(folder.join(format!("{}.rs", format.id))).unwrap_or_default();
        if !target.contains(&format!("\"{}\"", format.id)) {
            faults.push(format!("tests/fuzz/targets/{}.rs does not fuzz {}", format.id, format.id));
        }
        if !manifest.contains(&format!("targets/{}.rs", format.id)) {
            faults.push(format!("tests/fuzz/Cargo.toml has no target {}", format.id));
        }
    }
    fail_on(&faults);
}
