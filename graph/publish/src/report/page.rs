//! The report as one page for people: it needs no server, no script and no other file.

use super::summary::{FieldReport, PropertyReport, Summary};
use super::tiers::{Content, Metadata, Obstacle};
use askama::Template;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io;

/// How many rows of fields a page shows; the table `fields.csv` has all.
const FIELD_ROWS: usize = 200;
/// How many files that could not be read stand among what to look at first.
const FAULTS: usize = 3;
/// How many rows of issues a page shows; `summary.json` has all, `issues.csv` each issue.
const ISSUE_ROWS: usize = 100;

/// The page.
///
/// # Errors
/// When the template fails, which needs memory to run out.
pub(super) fn of(summary: &Summary) -> io::Result<String> {
    Page { summary }.render().map_err(io::Error::other)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'s> {
    summary: &'s Summary,
}

/// One step of a ladder of tiers.
struct Step {
    name: &'static str,
    meaning: &'static str,
    items: u64,
    share: String,
}

impl Page<'_> {
    fn unused(&self) -> Vec<&FieldReport> {
        let mut rows: Vec<&FieldReport> = self.summary.fields.iter().filter(|row| row.unused > 0).collect();
        rows.sort_by(|a, b| b.unused.cmp(&a.unused).then_with(|| a.field.cmp(&b.field)));
        rows
    }

    fn fields_shown(&self) -> Vec<&FieldReport> {
        self.unused().into_iter().take(FIELD_ROWS).collect()
    }

    fn issues_shown(&self) -> &[super::IssueReport] {
        &self.summary.issues[..self.summary.issues.len().min(ISSUE_ROWS)]
    }

    /// What is worth doing first, the gravest first.
    fn advice(&self) -> Vec<String> {
        let summary = self.summary;
        let mut advice = Vec::new();
        for fault in summary.faults.iter().take(FAULTS) {
            advice.push(format!("Look at {}, which could not be read: {}.", fault.file, fault.met));
        }
        if let Some(more) = summary.faults.len().checked_sub(FAULTS).filter(|more| *more > 0) {
            advice.push(format!(
                "And at {}, which could not be read either.",
                counted(more as u64, "more file")
            ));
        }
        if summary.total.quarantined > 0 {
            advice.push(format!(
                "Mend what was set aside ({}); nothing of it is in the graph.",
                counted(summary.total.quarantined, "record")
            ));
        }
        if let Some(row) = summary.issues.first() {
            advice.push(format!(
                "Most frequent issue: {} in {}, {}. Expected is {}.",
                row.kind,
                place(&row.field),
                times(row.count),
                row.expected
            ));
        }
        let obstacles = &summary.tiers.obstacles;
        if let Some((obstacle, row)) = obstacles.iter().max_by_key(|(_, row)| row.items) {
            advice.push(format!("{}: {}", counted(row.items, "item"), remedy(*obstacle)));
        }
        // Indicators and attributes say something about a field; what matters first is the fields.
        if let Some(row) = self.unused().iter().find(|row| !row.field.contains('@')) {
            advice.push(format!(
                "Of the fields that nothing came of, {} is the most frequent ({}).",
                row.field,
                times(row.unused)
            ));
        }
        advice
    }

    fn share(&self, row: &PropertyReport) -> String {
        share(row.items, self.summary.items)
    }

    fn content_steps(&self) -> Vec<Step> {
        const STEPS: [(Content, &str, &str); 5] = [
            (Content::T4, "4", "good media that everybody may use again"),
            (Content::T3, "3", "good media that may be used again in some ways"),
            (Content::T2, "2", "media of a fair size, or good ones with closed rights"),
            (Content::T1, "1", "a page of the owner, or small media"),
            (Content::T0, "0", "below what Europeana takes"),
        ];
        STEPS
            .into_iter()
            .map(|(tier, name, meaning)| self.step(&self.summary.tiers.content, &tier, name, meaning))
            .collect()
    }

    fn metadata_steps(&self) -> Vec<Step> {
        const STEPS: [(Metadata, &str, &str); 4] = [
            (Metadata::C, "C", "a platform for knowledge"),
            (Metadata::B, "B", "explorable"),
            (Metadata::A, "A", "findable"),
            (Metadata::T0, "0", "below A"),
        ];
        STEPS
            .into_iter()
            .map(|(tier, name, meaning)| self.step(&self.summary.tiers.metadata, &tier, name, meaning))
            .collect()
    }

    /// The three that make up the metadata tier, each with the items by tier 0, A, B, C.
    fn metadata_parts(&self) -> [(&'static str, [u64; 4]); 3] {
        let tiers = &self.summary.tiers;
        let row = |counts: &BTreeMap<Metadata, u64>| {
            [Metadata::T0, Metadata::A, Metadata::B, Metadata::C]
                .map(|tier| counts.get(&tier).copied().unwrap_or_default())
        };
        [
            ("Texts and concepts with a language", row(&tiers.languages)),
            ("Elements to find things by: times, kinds, people, places", row(&tiers.elements)),
            ("Agents, concepts, places and times that are described", row(&tiers.classes)),
        ]
    }

    fn step<T: Ord>(
        &self,
        counts: &BTreeMap<T, u64>,
        tier: &T,
        name: &'static str,
        meaning: &'static str,
    ) -> Step {
        let items = counts.get(tier).copied().unwrap_or_default();
        Step { name, meaning, items, share: share(items, self.summary.items) }
    }

    fn remedy(&self, obstacle: &Obstacle) -> &'static str {
        remedy(*obstacle)
    }
}

/// What would raise the tier.
fn remedy(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::NoType => "the record does not tell whether it is text, image, sound, video or 3D.",
        Obstacle::NoPreview => "there is no preview; link one (edm:object) or the object itself.",
        Obstacle::NoMedia => "no file of the object is linked; link it (edm:isShownBy).",
        Obstacle::OtherMedia => {
            "the linked file is of no known kind, or does not fit the type of the item; tell its media type."
        }
        Obstacle::SizeUnknown => {
            "the record does not tell the pixels of the image; nothing was fetched to measure it."
        }
        Obstacle::TooSmall => {
            "the image or video is too small; offer one of at least 0.95 megapixels or 480 lines."
        }
        Obstacle::Rights => {
            "the rights, or their absence, forbid free use; state an open licence where it is so."
        }
    }
}

fn place(field: &str) -> &str {
    if field.is_empty() { "the record as a whole" } else { field }
}

/// `12.5` of 1 of 8, for people and for the width of a bar in per cent; 0 and 100 are none and all.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0".to_owned();
    }
    let nearest = (part.saturating_mul(1_000).saturating_add(whole / 2)) / whole;
    let tenths = match part {
        0 => 0,
        part if part >= whole => 1_000,
        _ => nearest.clamp(1, 999),
    };
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// `12,345`.
fn grouped(number: &u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(&number), if number == 1 { "" } else { "s" })
}

fn times(number: u64) -> String {
    if number == 1 { "once".to_owned() } else { format!("{} times", grouped(&number)) }
}

/// The difference of two numbers with its sign.
fn difference(before: &u64, now: &u64) -> impl Display {
    if now >= before {
        format!("+{}", grouped(&(now - before)))
    } else {
        format!("−{}", grouped(&(before - now)))
    }
}

/// Whether an address may stand in a link.
fn is_link(iri: &str) -> bool {
    iri.starts_with("http://") || iri.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_of_none_some_or_all() {
        for (part, whole, expected) in [
            (1, 8, "12.5"),
            (131, 147, "89.1"),
            (16, 147, "10.9"),
            (0, 147, "0"),
            (1, 100_000, "0.1"),
            (99_999, 100_000, "99.9"),
            (147, 147, "100"),
            (0, 0, "0"),
        ] {
            assert_eq!(share(part, whole), expected, "{part} of {whole}");
        }
    }
}
