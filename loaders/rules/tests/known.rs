//! The list of built-in rules against what the mappings say on every fixture, and against the ids in their code.

use crate::{FORMATS, Outcome, Setup, Target, detect};
use graph_model::{Base, DatasetId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

#[derive(Default)]
struct Met {
    fields: BTreeSet<String>,
    properties: BTreeSet<String>,
}

/// How many fields and properties of a rule are listed at most.
const MOST: usize = 12;

/// The folder of a format, with the formats whose fixtures it has and the rules that they met.
#[derive(Default)]
struct Folder {
    formats: BTreeSet<&'static str>,
    rules: BTreeMap<String, Met>,
}

#[test]
fn every_rule_of_the_mappings_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    for entry in std::fs::read_dir(root).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        // A frame holds records of the other formats.
        let others = ["framed", "rules", "shared"].contains(&name.as_str());
        if !others && entry.path().join("mod.rs").exists() {
            let folder = folders.entry(name).or_default();
            of_fixtures(&entry.path().join("fixtures"), folder);
            of_code(&entry.path(), folder);
        }
    }
    for format in FORMATS.iter().filter(|format| format.id != "framed") {
        let met = folders.values().any(|folder| folder.formats.contains(format.id));
        assert!(met, "no fixture of {} is detected as such", format.id);
    }
    let text = listed(&folders);
    let path = root.join("rules/known.tsv");
    if std::env::var_os("AARRE_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let ids = |text: &str| -> BTreeSet<(String, String)> {
        let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
        rows.map(|row| row.split('\t').take(2).map(str::to_owned).collect::<Vec<_>>())
            .map(|cells| (cells[0].clone(), cells[1].clone()))
            .collect()
    };
    let (listed, met) = (ids(include_str!("../known.tsv")), ids(&text));
    let missing: Vec<_> = met.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&met).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "loaders/rules/known.tsv: not listed {missing:?}, listed and gone {gone:?}; \
         AARRE_BLESS=1 cargo test -p loaders known rewrites it"
    );
}

fn listed(folders: &BTreeMap<String, Folder>) -> String {
    let mut text = "# title: The rules of the built-in mappings, with the fields they were met to read and the properties they say\n\
        # source: this project, from its fixtures and code\n# licence: CC0\n# date: 2026-11-21\n\
        formats\trule\tfields\tproperties\n"
        .to_owned();
    for folder in folders.values() {
        let formats = folder.formats.iter().copied().collect::<Vec<_>>().join(" ");
        for (id, met) in &folder.rules {
            let some = |set: &BTreeSet<String>| {
                let more = if set.len() > MOST { " …" } else { "" };
                set.iter().take(MOST).cloned().collect::<Vec<_>>().join(" ") + more
            };
            writeln!(text, "{formats}\t{id}\t{}\t{}", some(&met.fields), some(&met.properties)).unwrap();
        }
    }
    text
}

fn of_fixtures(folder: &Path, into: &mut Folder) {
    let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("d").unwrap());
    let target = Target::new(&base, &dataset);
    for path in files(folder) {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if matches!(ending, "nt" | "issues" | "toml" | "md") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let Some(format) = detect(&bytes[..bytes.len().min(64 << 10)]) else { continue };
        let mapping = std::fs::read_to_string(path.with_extension("toml")).ok();
        let Ok(converter) = (format.setup)(Setup { mapping: mapping.as_deref() }) else { continue };
        into.formats.insert(format.id);
        let _ = converter.convert_on_this_thread(Box::new(bytes.as_slice()), target, &mut |outcome| {
            if let Outcome::Document { document, .. } = outcome {
                for statement in document.statements().filter(|statement| !statement.rule.is_empty()) {
                    // The ids of a mapping file are its owner's own.
                    let (id, table) = match statement.rule.strip_prefix("table.") {
                        Some(_) => ("table.*", true),
                        None => (statement.rule, false),
                    };
                    let met = into.rules.entry(id.to_owned()).or_default();
                    if table {
                        continue;
                    }
                    let field: String = without_positions(statement.path);
                    if !field.is_empty() && !field.contains([' ', '\t']) {
                        met.fields.insert(field);
                    }
                    met.properties.extend(vocabularies::qname(statement.predicate.as_str()));
                }
            }
            ControlFlow::Continue(())
        });
    }
}

/// The ids in the code that no fixture met, and the beginnings of those that are put together, with `*` for the rest.
fn of_code(folder: &Path, into: &mut Folder) {
    let families: BTreeSet<String> = into
        .rules
        .keys()
        .filter(|id| id.as_str() != "table.*")
        .filter_map(|id| Some(id.split('.').next()?.to_owned()))
        .collect();
    for path in files(folder) {
        let is_test = path.iter().any(|part| part == "tests" || part == "tests.rs" || part == "fixtures");
        let code = path.extension().is_some_and(|ending| ending == "rs" || ending == "tsv");
        if is_test || !code {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for piece in text.split(['"', '\t', '\n']) {
            let family = piece.split('.').next().unwrap_or_default();
            if families.contains(family) && is_id(piece) {
                let mut id = String::new();
                let mut rest = piece;
                while let Some((start, after)) = rest.split_once('{') {
                    id.push_str(start);
                    id.push('*');
                    rest = after.split_once('}').map_or("", |(_, end)| end);
                }
                id.push_str(rest);
                // What is put together of nothing but parts says nothing; its fixtures do.
                if !id.starts_with(&format!("{family}.*.*")) {
                    into.rules.entry(id).or_default();
                }
            }
        }
    }
}

fn is_id(text: &str) -> bool {
    text.contains('.')
        && !text.ends_with(['.', ' '])
        && !["rs", "tsv", "md", "xml", "nt"].contains(&text.rsplit('.').next().unwrap_or_default())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '{' | '}' | ':'))
}

fn without_positions(path: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            c if !inside => plain.push(c),
            _ => {}
        }
    }
    plain
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}
