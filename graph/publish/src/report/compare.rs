//! What is different from the run before over the same dataset.

use super::summary::Summary;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

/// A number of this run beside that of the run before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What is counted, e.g. `documents` or `date.unreadable`.
    pub what: String,
    /// In the run before.
    pub before: u64,
    /// In this run.
    pub now: u64,
}

/// This run beside the run before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The name of the run before.
    pub run: String,
    /// When it began.
    pub began: String,
    /// Records, documents, records set aside, statements, issues.
    pub counts: Vec<Change>,
    /// The kinds of issues whose number is another one.
    pub issues: Vec<Change>,
    /// The properties that more or fewer items have.
    pub completeness: Vec<Change>,
    /// Fields of the source that were not met before.
    pub new_fields: Vec<String>,
    /// Fields of the source that are not met any more.
    pub gone_fields: Vec<String>,
}

impl Comparison {
    /// Compares a run with the one before.
    #[must_use]
    pub fn between(name: &str, before: &Summary, now: &Summary) -> Self {
        let count = |what: &str, of: fn(&Summary) -> u64| Change {
            what: what.to_owned(),
            before: of(before),
            now: of(now),
        };
        let properties = |summary: &Summary| -> BTreeMap<String, u64> {
            summary.completeness.iter().map(|row| (row.property.clone(), row.items)).collect()
        };
        let fields = |summary: &Summary| -> BTreeSet<String> {
            summary.fields.iter().map(|row| row.field.clone()).collect()
        };
        let (old, new) = (fields(before), fields(now));
        Self {
            run: name.to_owned(),
            began: before.began.clone(),
            counts: vec![
                count("records", |summary| summary.total.records),
                count("documents", |summary| summary.total.documents),
                count("set aside", |summary| summary.total.quarantined),
                count("statements", |summary| summary.total.statements),
                count("issues", |summary| summary.total.issues),
            ],
            issues: changes(&before.issues_by_kind, &now.issues_by_kind),
            completeness: changes(&properties(before), &properties(now)),
            new_fields: new.difference(&old).cloned().collect(),
            gone_fields: old.difference(&new).cloned().collect(),
        }
    }
}

/// The numbers that are not the same.
fn changes(before: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let number = |of: &BTreeMap<String, u64>, name| of.get(name).copied().unwrap_or_default();
    names
        .into_iter()
        .map(|name| Change { what: name.clone(), before: number(before, name), now: number(now, name) })
        .filter(|change| change.before != change.now)
        .collect()
}

/// The summary of the report in a folder; `None` when there is none that can be read.
pub(super) fn at(folder: &Path) -> Option<Summary> {
    serde_json::from_slice(&fs::read(folder.join("summary.json")).ok()?).ok()
}

/// The last run over a dataset among the reports in a folder, whatever it was called, that ended before the run that
/// writes now; `None` when there is none that can be read.
///
/// # Errors
/// When the folder cannot be listed.
pub(super) fn last(reports: &Path, dataset: &str, but: &Path) -> io::Result<Option<(String, Summary)>> {
    let mut last: Option<(String, Summary)> = None;
    for entry in fs::read_dir(reports)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // The names of runs begin with their dataset; this spares reading the reports of others.
        if entry.path() == but || !name.starts_with(dataset) {
            continue;
        }
        let Some(summary) = at(&entry.path()) else { continue };
        // A summary of an older version tells no time; its name does.
        let key = |name: &str, summary: &Summary| (summary.began.clone(), name.to_owned());
        let later = last.as_ref().is_none_or(|(known, other)| key(known, other) < key(&name, &summary));
        if summary.dataset == dataset && later {
            last = Some((name, summary));
        }
    }
    Ok(last)
}
