//! A run in numbers: what stands in `summary.json`, and what the page and the tables are made from.

use super::compare::Comparison;
use super::tiers::{Content, Metadata, Obstacle};
use loaders::FieldCount;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of the records of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// The file.
    pub file: String,
    /// The identifier of the format it was read as; empty when it could not be read at all.
    pub format: String,
    /// Records met, whole or broken.
    pub records: u64,
    /// Records that became documents.
    pub documents: u64,
    /// Records set aside.
    pub quarantined: u64,
    /// Records that a repository says are deleted.
    #[serde(default)]
    pub deleted: u64,
    /// Statements in the documents.
    pub statements: u64,
    /// Issues in the documents.
    pub issues: u64,
}

/// A file that could not be read as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultReport {
    /// The file or folder.
    pub file: String,
    /// What was met.
    pub met: String,
    /// What was expected.
    pub expected: String,
}

/// A piece of input that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineReport {
    /// The file.
    pub file: String,
    /// The number of the record in the file, from 1.
    pub record: u64,
    /// The offset in bytes where it begins.
    pub byte: u64,
    /// The line where it begins, for formats that have lines.
    pub line: Option<u64>,
    /// The record's identifier, where one could be read.
    pub id: Option<String>,
    /// What was met.
    pub met: String,
    /// What was expected.
    pub expected: String,
}

/// All issues of one kind in one field of the source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueReport {
    /// The kind, e.g. `date.unreadable`.
    pub kind: String,
    /// The field, its positions left out, e.g. `lido:eventDate`.
    pub field: String,
    /// How many there are.
    pub count: u64,
    /// What was expected of the first.
    pub expected: String,
    /// The first of them, at most [`IssueReport::EXAMPLES`].
    pub examples: Vec<IssueExample>,
}

impl IssueReport {
    /// How many issues of one kind and field the summary itself names.
    pub const EXAMPLES: usize = 10;
}

/// One issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueExample {
    /// The owner's identifier of the record.
    pub record: String,
    /// The item's IRI.
    pub iri: String,
    /// The place in the record.
    pub path: String,
    /// What was met.
    pub met: String,
}

/// How many items have a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyReport {
    /// What a researcher would call it, e.g. `Title`.
    pub label: String,
    /// The property with its prefix, e.g. `dc:title`.
    pub property: String,
    /// Items that have it.
    pub items: u64,
    /// Values of it in all items.
    pub values: u64,
}

/// How often a field of the source was met and how often something came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldReport {
    /// The field, e.g. `245$a`.
    pub field: String,
    /// Records that have it.
    pub records: u64,
    /// How often it stands in all records.
    pub met: u64,
    /// How often no statement and no issue came of it.
    pub unused: u64,
    /// The first text from which nothing was made.
    pub example: String,
}

impl From<FieldCount> for FieldReport {
    fn from(count: FieldCount) -> Self {
        let FieldCount { field, records, met, unused, example, .. } = count;
        Self { field, records, met, unused, example }
    }
}

/// The tiers of the Europeana Publishing Framework, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierReport {
    /// Items by content tier.
    pub content: BTreeMap<Content, u64>,
    /// Items by metadata tier, the smallest of the three that follow.
    pub metadata: BTreeMap<Metadata, u64>,
    /// Items by tier of languages.
    pub languages: BTreeMap<Metadata, u64>,
    /// Items by tier of enabling elements.
    pub elements: BTreeMap<Metadata, u64>,
    /// Items by tier of contextual classes.
    pub classes: BTreeMap<Metadata, u64>,
    /// What keeps items from content tier 4, with some of them.
    pub obstacles: BTreeMap<Obstacle, ObstacleReport>,
}

/// Items with one obstacle to a higher content tier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObstacleReport {
    /// How many.
    pub items: u64,
    /// The first of them, at most [`ObstacleReport::EXAMPLES`]: their IRIs.
    pub examples: Vec<String>,
}

impl ObstacleReport {
    /// How many items the summary itself names.
    pub const EXAMPLES: usize = 5;
}

/// A run in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// The dataset.
    pub dataset: String,
    /// When the run began, as `xsd:dateTime`; empty for a conversion without a home.
    pub began: String,
    /// Sums over all files.
    pub total: FileReport,
    /// Each file, in the order in which it was read.
    pub files: Vec<FileReport>,
    /// Files and folders that could not be read as a whole.
    pub faults: Vec<FaultReport>,
    /// The first records that were set aside, at most [`Summary::EXAMPLES`]; the report's folder has them all.
    pub set_aside: Vec<QuarantineReport>,
    /// How many issues of each kind, by code.
    pub issues_by_kind: BTreeMap<String, u64>,
    /// Issues by kind and field, the most frequent first.
    pub issues: Vec<IssueReport>,
    /// Documents of items; others describe an agent, a place or a concept.
    pub items: u64,
    /// How many items have each property of the core layer.
    pub completeness: Vec<PropertyReport>,
    /// The fields of the source, by name.
    pub fields: Vec<FieldReport>,
    /// The tiers of the items.
    pub tiers: TierReport,
    /// What is different from the run before.
    pub comparison: Option<Comparison>,
}

impl Summary {
    /// How many records that were set aside the summary itself names.
    pub const EXAMPLES: usize = 20;

    /// Whether every piece of input became a document.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.total.quarantined == 0 && self.faults.is_empty()
    }
}
