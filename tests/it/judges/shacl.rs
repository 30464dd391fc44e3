//! Every core item passes the project's shapes, as pySHACL reads them.

use super::{fixtures, passed_over, python, table};
use crate::command::root;
use crate::real_data::{MAPPINGS, data, show, walk};
use graph_model::{Base, DatasetId, write_statement};
use loaders::{Outcome, Setup, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many files of each format are taken from the real records, and how many records of each of them.
const FILES: usize = 3;
const RECORDS: usize = 25;

/// Several rows of it say of one identifier what contradicts: the items merge, as the owner's table has it.
const LEFT_OUT: &[&str] = &["register/sh-denkmalliste/"];

#[test]
fn pyshacl_finds_no_violation_that_is_not_expected() {
    let python = match python("requirements.txt") {
        Ok(python) => python,
        Err(why) => return passed_over(&format!("pySHACL cannot be installed: {why}")),
    };
    let scratch = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    let mut add = |name: String, lines: BTreeSet<Vec<u8>>| {
        fs::write(
            scratch.path().join(format!("{:04}.nt", names.len())),
            lines.into_iter().collect::<Vec<_>>().concat(),
        )
        .unwrap();
        names.push(name);
    };
    for (name, path) in fixtures() {
        let beside = fs::read_to_string(path.with_extension("toml")).ok();
        let mapping = beside.or_else(|| name.ends_with("025-iccd.xml").then(|| shipped("iccd.toml")));
        let lines = convert(&path, mapping.as_deref(), usize::MAX);
        if !lines.is_empty() {
            add(name, lines);
        }
    }
    let of_fixtures = fs::read_dir(scratch.path()).unwrap().count();
    assert!(of_fixtures > 100, "only {of_fixtures} fixtures give a graph");
    let real = data();
    for (name, path, mapping) in real.as_deref().map(sample).unwrap_or_default() {
        let lines = convert(&path, mapping.as_deref(), RECORDS);
        if !lines.is_empty() {
            add(format!("real: {name}"), lines);
        }
    }
    let judged = Command::new(&python)
        .arg(root().join("tests/judges/shacl.py"))
        .arg(root().join("vocabularies/shapes"))
        .arg(scratch.path())
        .output()
        .unwrap();
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    let (mut met, mut nodes, mut graphs) = (BTreeMap::new(), BTreeMap::new(), 0);
    let mut targets = 0;
    for line in String::from_utf8(judged.stdout).unwrap().lines() {
        let verdict: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = &names[verdict["graph"].as_str().unwrap().parse::<usize>().unwrap()];
        graphs += 1;
        targets += verdict["targets"].as_u64().unwrap();
        for result in verdict["results"].as_array().unwrap() {
            if result["severity"] != "Violation" {
                continue;
            }
            let path = result["path"].as_str().unwrap();
            let path = vocabularies::qname(path).unwrap_or_else(|| path.to_owned());
            let component = result["component"].as_str().unwrap().trim_end_matches("ConstraintComponent");
            let row = (name.clone(), path, component.to_owned());
            nodes.entry(row.clone()).or_insert_with(|| result["node"].as_str().unwrap().to_owned());
            *met.entry(row).or_insert(0_u64) += 1;
        }
    }
    assert_eq!(graphs, names.len(), "each graph is judged");
    assert!(targets > 1000, "the shapes aim at {targets} nodes only");
    show(&format!("pySHACL: {graphs} graphs, {targets} nodes that the shapes aim at"));
    let mut expected = BTreeMap::new();
    for row in table("violations.tsv") {
        let [graph, path, component, number, reason] = row.try_into().expect("five cells");
        assert!(!reason.is_empty(), "{graph}: a reason");
        if real.is_some() || !graph.starts_with("real: ") {
            expected.insert((graph, path, component), number.parse::<u64>().unwrap());
        }
    }
    let unexpected = met.iter().filter(|(row, number)| expected.get(row) != Some(number));
    let gone = expected.iter().filter(|(row, number)| met.get(row) != Some(number));
    let faults: Vec<String> = unexpected
        .map(|(row, number)| format!("met {}\t{}\t{}\t{number}\te.g. {}", row.0, row.1, row.2, nodes[row]))
        .chain(gone.map(|(row, number)| format!("expected {}\t{}\t{}\t{number}", row.0, row.1, row.2)))
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A few real files of each format, and of each table that has a mapping.
fn sample(data: &Path) -> Vec<(String, PathBuf, Option<String>)> {
    let mut files = Vec::new();
    walk(data, &mut files);
    let (mut taken, mut sample) = (BTreeMap::new(), Vec::new());
    for path in files {
        let name = path.strip_prefix(data).unwrap().to_str().unwrap().to_owned();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if LEFT_OUT.iter().any(|start| name.starts_with(start)) || matches!(ending, "md" | "txt") {
            continue;
        }
        let mut head = Vec::new();
        fs::File::open(&path).unwrap().take(64 << 10).read_to_end(&mut head).unwrap();
        let Some(format) = loaders::detect(&head) else { continue };
        let mapping = MAPPINGS.iter().find(|(start, _)| name.starts_with(start));
        if mapping.is_none() && matches!(format.id, "csv" | "tsv" | "json" | "xml" | "xlsx") {
            continue;
        }
        // One file of each folder tells more than three of one.
        let source: String = name.split('/').take(2).collect();
        let count = taken.entry((format.id, mapping.map(|(start, _)| *start))).or_insert_with(BTreeSet::new);
        if count.len() < FILES && count.insert(source) {
            sample.push((name, path, mapping.map(|(_, file)| shipped(file))));
        }
    }
    assert!(sample.len() > 20, "only {} real files are of a known format", sample.len());
    sample
}

fn shipped(mapping: &str) -> String {
    fs::read_to_string(root().join("loaders/table/mappings").join(mapping)).unwrap()
}

/// The statements of the first records of a file, each once, as N-Triples.
fn convert(path: &Path, mapping: Option<&str>, limit: usize) -> BTreeSet<Vec<u8>> {
    let bytes = fs::read(path).unwrap();
    let mut lines = BTreeSet::new();
    let Some(format) = loaders::detect(&bytes[..bytes.len().min(64 << 10)]) else { return lines };
    let Ok(converter) = (format.setup)(Setup { mapping }) else { return lines };
    let (base, dataset) = (Base::new("https://example.org").unwrap(), DatasetId::new("judged").unwrap());
    let target = Target { owner: Some("Example"), ..Target::new(&base, &dataset) };
    let mut documents = 0;
    let _ = converter.convert_on_this_thread(Box::new(Cursor::new(bytes)), target, &mut |outcome| {
        if let Outcome::Document { document, .. } = outcome {
            for statement in document.statements() {
                let mut line = Vec::new();
                write_statement(&statement, None, &mut line);
                lines.insert(line);
            }
            documents += 1;
        }
        if documents < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    lines
}
