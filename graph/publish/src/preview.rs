//! What rules would alter, on a sample of records and before anything is loaded: the statements, issues and findings of
//! SHACL that each record has with them and without.

use crate::convert::{Conversion, ConvertError, Converted, Fate};
use crate::report::Report;
use crate::rules::RuleFile;
use crate::shapes::{Finding, Shapes};
use graph_model::{Document, ObjectRef, write_iri, write_text};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Ends a pass that has seen enough records.
#[derive(Debug, thiserror::Error)]
#[error("enough was seen")]
struct Enough;

/// A statement, its parts as in N-Triples, with where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The subject.
    pub subject: String,
    /// The predicate.
    pub predicate: String,
    /// The object.
    pub object: String,
    /// The rule that made it.
    pub rule: String,
    /// The place in the record.
    pub path: String,
}

/// What is different about one record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The owner's identifier.
    pub record: String,
    /// The IRI of its item.
    pub iri: String,
    /// The file that it came from.
    pub file: String,
    /// Statements that go.
    pub removed: Vec<Said>,
    /// Statements that come.
    pub added: Vec<Said>,
    /// Issues that vanish.
    pub issues_gone: Vec<String>,
    /// Issues that appear.
    pub issues_new: Vec<String>,
    /// Findings of SHACL that vanish.
    pub shacl_gone: Vec<String>,
    /// Findings of SHACL that appear.
    pub shacl_new: Vec<String>,
}

impl Changed {
    fn is_nothing(&self) -> bool {
        self.removed.is_empty()
            && self.added.is_empty()
            && self.issues_gone.is_empty()
            && self.issues_new.is_empty()
    }
}

/// Statements of one rule that come and go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// How many go.
    pub removed: u64,
    /// How many come.
    pub added: u64,
}

/// What rules would alter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// How many records were looked at.
    pub records: u64,
    /// Those that would be different.
    pub changed: Vec<Changed>,
    /// Statements that come and go, by the rule that makes them.
    pub by_rule: BTreeMap<String, Count>,
    /// Rules that say something and said nothing about any of the records.
    pub idle: Vec<String>,
    /// Findings of SHACL in the records as they would be, by kind.
    pub shacl: BTreeMap<String, u64>,
}

/// One record as one side has it.
struct Seen {
    iri: String,
    file: String,
    statements: BTreeMap<(String, String, String), (String, String)>,
    issues: BTreeSet<String>,
    findings: BTreeSet<Finding>,
}

/// Compares the first records of some files as two conversions have them, which differ in their rules. What cannot be read
/// is told in the report.
///
/// # Errors
/// When a conversion fails; never for anything in the records.
pub fn compare(
    before: &Conversion<'_>,
    after: &Conversion<'_>,
    paths: &[PathBuf],
    records: u64,
    shapes: &Shapes,
    report: &mut Report,
) -> Result<Comparison, ConvertError> {
    let mut old = look(before, paths, records, shapes, &mut Report::counted(before.dataset.as_str()))?;
    let new = look(after, paths, records, shapes, report)?;
    let mut comparison = Comparison { records: new.len() as u64, ..Comparison::default() };
    let mut active: BTreeSet<String> = BTreeSet::new();
    for (record, seen) in new {
        active.extend(seen.statements.values().map(|(rule, _)| rule.clone()));
        for finding in &seen.findings {
            let path = finding
                .path
                .as_deref()
                .map(|path| vocabularies::qname(path).unwrap_or_else(|| path.to_owned()));
            let component = finding.component.trim_end_matches("ConstraintComponent");
            let kind = format!("{} of {component} {}", finding.severity, path.unwrap_or_default());
            *comparison.shacl.entry(kind.trim_end().to_owned()).or_default() += 1;
        }
        let other = old.remove(&record).unwrap_or_else(|| Seen::nothing(&seen));
        comparison.add(record, &other, &seen);
    }
    for (record, gone) in old {
        let nothing = Seen::nothing(&gone);
        comparison.add(record, &gone, &nothing);
    }
    if let Some(rules) = after.rules.and_then(RuleFile::rules) {
        comparison.idle = rules.that_say().filter(|id| !active.contains(*id)).map(str::to_owned).collect();
    }
    Ok(comparison)
}

fn look(
    conversion: &Conversion<'_>,
    paths: &[PathBuf],
    records: u64,
    shapes: &Shapes,
    report: &mut Report,
) -> Result<BTreeMap<String, Seen>, ConvertError> {
    let mut seen = BTreeMap::new();
    let mut count = 0;
    let passed = conversion.paths(paths, report, &mut |Converted { document, file, .. }| {
        seen.entry(document.local().to_owned()).or_insert_with(|| Seen::new(document, file, shapes));
        count += 1;
        if count >= records { Err(Box::new(Enough)) } else { Ok(Fate::Taken) }
    });
    match passed {
        Err(ConvertError::Sink(inner)) if inner.is::<Enough>() => Ok(seen),
        Err(error) => Err(error),
        Ok(()) => Ok(seen),
    }
}

impl Seen {
    fn new(document: &Document, file: &str, shapes: &Shapes) -> Self {
        let statements = document
            .statements()
            .map(|statement| {
                let key = (
                    in_brackets(statement.subject),
                    in_brackets(statement.predicate.as_str()),
                    object(&statement.object),
                );
                (key, (statement.rule.to_owned(), statement.path.to_owned()))
            })
            .collect();
        Self {
            iri: document.iri().to_owned(),
            file: file.to_owned(),
            statements,
            issues: document.issues().iter().map(ToString::to_string).collect(),
            findings: shapes.look_at(document).into_iter().collect(),
        }
    }

    fn nothing(of: &Self) -> Self {
        Self {
            iri: of.iri.clone(),
            file: of.file.clone(),
            statements: BTreeMap::new(),
            issues: BTreeSet::new(),
            findings: BTreeSet::new(),
        }
    }

    /// What it says and another does not.
    fn beyond(&self, other: &Self) -> Vec<Said> {
        let new = self.statements.iter().filter(|(key, _)| !other.statements.contains_key(*key));
        new.map(|((subject, predicate, object), (rule, path))| Said {
            subject: subject.clone(),
            predicate: predicate.clone(),
            object: object.clone(),
            rule: rule.clone(),
            path: path.clone(),
        })
        .collect()
    }
}

impl Comparison {
    fn add(&mut self, record: String, before: &Seen, after: &Seen) {
        let issues = |one: &Seen, other: &Seen| one.issues.difference(&other.issues).cloned().collect();
        let shacl = |one: &Seen, other: &Seen| {
            one.findings.difference(&other.findings).map(ToString::to_string).collect()
        };
        let changed = Changed {
            record,
            iri: after.iri.clone(),
            file: after.file.clone(),
            removed: before.beyond(after),
            added: after.beyond(before),
            issues_gone: issues(before, after),
            issues_new: issues(after, before),
            shacl_gone: shacl(before, after),
            shacl_new: shacl(after, before),
        };
        for said in &changed.removed {
            self.by_rule.entry(said.rule.clone()).or_default().removed += 1;
        }
        for said in &changed.added {
            self.by_rule.entry(said.rule.clone()).or_default().added += 1;
        }
        if !changed.is_nothing() {
            self.changed.push(changed);
        }
    }

    /// How many statements come and go in all.
    #[must_use]
    pub fn total(&self) -> Count {
        self.by_rule.values().fold(Count::default(), |sum, count| Count {
            removed: sum.removed + count.removed,
            added: sum.added + count.added,
        })
    }
}

fn in_brackets(iri: &str) -> String {
    let mut text = Vec::with_capacity(iri.len() + 2);
    write_iri(iri, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn object(object: &ObjectRef<'_>) -> String {
    let mut text = Vec::new();
    match object {
        ObjectRef::Iri(iri) => write_iri(iri, &mut text),
        ObjectRef::Text(value, tag) => {
            write_text(value, &mut text);
            if let Some(tag) = tag {
                text.push(b'@');
                text.extend_from_slice(tag.as_bytes());
            }
        }
        ObjectRef::Typed(value, datatype) => {
            write_text(value, &mut text);
            text.extend_from_slice(b"^^");
            write_iri(datatype.as_str(), &mut text);
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::convert::Unwatched;
    use graph_model::{Base, DatasetId};
    use loaders::rules::TableFiles;
    use std::path::Path;

    #[test]
    fn a_comparison_tells_what_comes_and_goes() {
        let folder = tempfile::tempdir().unwrap();
        let records = folder.path().join("books.xml");
        let books = include_str!("../demo/library/books.xml");
        std::fs::write(&records, books).unwrap();
        let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("d").unwrap());
        let text = "[[rule]]\nname = \"untitled\"\ndrop = \"marc.245a.title\"\n[[rule]]\nname = \"none\"\nfield = \"695$a\"\nto = \"dc:subject\"\n\
                    [[rule]]\nname = \"shelf\"\nconstant = \"Shelf 1\"\nto = \"dc:coverage\"\n";
        let rules = RuleFile::parse(Path::new("house.toml"), text.to_owned(), &TableFiles::new()).unwrap();
        let without = Conversion {
            base: &base,
            dataset: &dataset,
            owner: Some("A library"),
            format: None,
            rules: None,
            lines: None,
            watch: &Unwatched,
        };
        let with = Conversion { rules: Some(&rules), ..without };
        let shapes = Shapes::shipped().unwrap();
        let met = compare(&without, &with, &[records], 10, &shapes, &mut Report::counted("d")).unwrap();
        assert_eq!((met.records, met.changed.len()), (10, 10));
        assert_eq!(met.idle, ["owner.none"]);
        assert_eq!(met.by_rule["owner.shelf"], Count { removed: 0, added: 10 });
        assert!(met.by_rule["marc.245a.title"].removed >= 10);
        let lost = met.changed.iter().filter(|one| one.shacl_new.iter().any(|new| new.contains("of Or")));
        // One of the ten has another title or a description, which is enough.
        assert_eq!(lost.count(), 9, "{:?}", met.changed[0]);
        let same =
            compare(&with, &with, &[folder.path().join("books.xml")], 10, &shapes, &mut Report::counted("d"));
        assert!(same.unwrap().changed.is_empty());
    }
}
