//! Counts over all documents of a run: issues by kind and field, properties of the core layer, fields of the source,
//! tiers. Its size is bounded whatever the records are.

use super::summary::{
    FieldReport, IssueExample, IssueReport, ObstacleReport, PropertyReport, Summary, TierReport,
};
use super::tiers::Tiers;
use graph_model::{Document, Issue, NodeKind};
use loaders::Usage;
use oxrdf::NamedNodeRef;
use std::collections::{BTreeMap, HashMap};
use vocabularies::{dc, dcterms, edm};

/// How many pairs of kind and field are told apart; more are counted together for each kind.
const ISSUE_ROWS: usize = 2_000;
/// What stands for the fields of the issues beyond.
const OTHERS: &str = "(others)";

/// What a researcher asks of an item, and the properties that answer, on the item or its aggregation.
const QUESTIONS: &[(&str, &[NamedNodeRef<'static>])] = &[
    ("Title", &[dc::TITLE]),
    ("Other titles", &[dcterms::ALTERNATIVE]),
    ("Creator", &[dc::CREATOR]),
    ("Contributor", &[dc::CONTRIBUTOR]),
    ("Publisher", &[dc::PUBLISHER]),
    ("Made when", &[dcterms::CREATED]),
    ("Issued when", &[dcterms::ISSUED]),
    ("Period that it is about", &[dcterms::TEMPORAL]),
    ("Place that it is about or from", &[dcterms::SPATIAL]),
    ("Where it is now", &[edm::CURRENT_LOCATION]),
    ("What it is", &[dc::TYPE]),
    ("Material or carrier", &[dcterms::MEDIUM]),
    ("Subject", &[dc::SUBJECT]),
    ("Language", &[dc::LANGUAGE]),
    ("Extent", &[dcterms::EXTENT]),
    ("Identifier", &[dc::IDENTIFIER]),
    ("Part of", &[dcterms::IS_PART_OF]),
    ("Description", &[dc::DESCRIPTION]),
    ("Kind of media", &[edm::TYPE]),
    ("Institution", &[edm::DATA_PROVIDER]),
    ("Page of the owner", &[edm::IS_SHOWN_AT]),
    ("Digital object", &[edm::IS_SHOWN_BY, edm::HAS_VIEW]),
    ("Preview", &[edm::OBJECT]),
    ("Rights to the object", &[edm::RIGHTS]),
];

/// Counts over all documents of a run.
#[derive(Debug, Default)]
pub(super) struct Tally {
    items: u64,
    questions: Vec<(u64, u64)>,
    kinds: BTreeMap<&'static str, u64>,
    issues: HashMap<(&'static str, String), IssueReport>,
    fields: Usage,
    tiers: TierReport,
}

impl Tally {
    /// Counts one document and its issues.
    pub(super) fn document(&mut self, document: &Document) {
        for issue in document.issues() {
            self.issue(document, issue);
        }
        // Of a record in parts, the first tells what it is.
        if !document.part().begins() {
            return;
        }
        let Some(tiers) = Tiers::of(document) else { return };
        self.items += 1;
        self.answers(document);
        let report = &mut self.tiers;
        *report.content.entry(tiers.content).or_default() += 1;
        *report.metadata.entry(tiers.metadata()).or_default() += 1;
        *report.languages.entry(tiers.languages).or_default() += 1;
        *report.elements.entry(tiers.elements).or_default() += 1;
        *report.classes.entry(tiers.classes).or_default() += 1;
        if let Some(obstacle) = tiers.obstacle {
            let row = report.obstacles.entry(obstacle).or_default();
            row.items += 1;
            if row.examples.len() < ObstacleReport::EXAMPLES {
                row.examples.push(document.iri().to_owned());
            }
        }
    }

    /// Adds what was counted of the fields of the source.
    pub(super) fn fields(&mut self, usage: Usage) {
        self.fields.merge(usage);
    }

    /// Puts the counts into the summary.
    pub(super) fn close(&mut self, summary: &mut Summary) {
        let counts = std::mem::take(self);
        summary.items = counts.items;
        summary.issues_by_kind =
            counts.kinds.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect();
        summary.issues = counts.issues.into_values().collect();
        summary.issues.sort_by(|a, b| {
            b.count.cmp(&a.count).then_with(|| (&a.kind, &a.field).cmp(&(&b.kind, &b.field)))
        });
        summary.completeness = QUESTIONS
            .iter()
            .zip(counts.questions.into_iter().chain(std::iter::repeat((0, 0))))
            .map(|((label, properties), (items, values))| PropertyReport {
                label: (*label).to_owned(),
                property: names(properties),
                items,
                values,
            })
            .collect();
        summary.fields = counts.fields.into_rows().into_iter().map(FieldReport::from).collect();
        summary.tiers = counts.tiers;
    }

    fn issue(&mut self, document: &Document, issue: &Issue) {
        let kind = issue.kind.code();
        *self.kinds.entry(kind).or_default() += 1;
        let mut key = (kind, graph_model::without_positions(&issue.path).into_owned());
        if self.issues.len() >= ISSUE_ROWS && !self.issues.contains_key(&key) {
            key.1 = OTHERS.to_owned();
        }
        let row = self.issues.entry(key).or_insert_with_key(|(kind, field)| IssueReport {
            kind: (*kind).to_owned(),
            field: field.clone(),
            expected: issue.expected.to_string(),
            ..IssueReport::default()
        });
        row.count += 1;
        if row.examples.len() < IssueReport::EXAMPLES {
            row.examples.push(IssueExample {
                record: document.local().to_owned(),
                iri: document.iri().to_owned(),
                path: issue.path.clone(),
                met: issue.met.clone(),
            });
        }
    }

    /// Counts which questions the item answers.
    fn answers(&mut self, document: &Document) {
        self.questions.resize(QUESTIONS.len(), (0, 0));
        let mut answered = 0_u32;
        for statement in document.statements() {
            if !matches!(statement.subject_kind, NodeKind::Item | NodeKind::Fragment) {
                continue;
            }
            let asked = |(_, properties): &(&str, &[NamedNodeRef<'static>])| {
                properties.contains(&statement.predicate)
            };
            let Some(place) = QUESTIONS.iter().position(asked) else { continue };
            // Fragments other than the aggregation have properties of their own; the item's alone answer.
            let on_aggregation = statement.predicate.as_str().starts_with(edm::NAMESPACE)
                && statement.subject.ends_with("#aggregation");
            if statement.subject_kind == NodeKind::Item || on_aggregation {
                self.questions[place].1 += 1;
                answered |= 1 << place;
            }
        }
        for (place, row) in self.questions.iter_mut().enumerate() {
            row.0 += u64::from(answered >> place & 1);
        }
    }
}

fn names(properties: &[NamedNodeRef<'static>]) -> String {
    let names = properties.iter().filter_map(|property| vocabularies::qname(property.as_str()));
    names.collect::<Vec<_>>().join(", ")
}

/// The rows of `completeness.csv`.
pub(super) fn completeness_rows(summary: &Summary) -> impl Iterator<Item = Vec<String>> + '_ {
    let head = ["property", "label", "items_with", "items", "values"].map(str::to_owned).to_vec();
    std::iter::once(head).chain(summary.completeness.iter().map(|row| {
        vec![
            row.property.clone(),
            row.label.clone(),
            row.items.to_string(),
            summary.items.to_string(),
            row.values.to_string(),
        ]
    }))
}

/// The rows of `fields.csv`.
pub(super) fn field_rows(summary: &Summary) -> impl Iterator<Item = Vec<String>> + '_ {
    let head = ["field", "records", "met", "unused", "example"].map(str::to_owned).to_vec();
    std::iter::once(head).chain(summary.fields.iter().map(|row| {
        vec![
            row.field.clone(),
            row.records.to_string(),
            row.met.to_string(),
            row.unused.to_string(),
            row.example.clone(),
        ]
    }))
}
