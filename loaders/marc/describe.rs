//! From a record to its document: the order in which the stories are told.

use super::reading::Reading;
use super::record::{Field, MarcRecord};
use super::table::{How, how_of};
use super::{
    access, agents, headings, holdings, identifiers, kinds, languages, links, places, plain, publication,
    subjects, titles, works,
};
use crate::shared::core::{self, Sector};
use graph_model::{Description, IssueKind};
use vocabularies::{bf, dc};

/// Says all that the record says.
pub(super) fn describe(record: &MarcRecord, out: &mut Description<'_>) {
    match record.with_partners() {
        Some(whole) => all(&whole, out),
        None => all(record, out),
    }
}

fn all(record: &MarcRecord, out: &mut Description<'_>) {
    for oddity in &record.oddities {
        out.issue_at(&oddity.path, oddity.kind, &oddity.met, oddity.expected);
    }
    if record.identifier().is_none() {
        out.issue_at(
            "001",
            IssueKind::MissingIdentifier,
            "",
            "a control number; one was made from the content",
        );
    }
    let mut reading = Reading::new(record, out);
    match record.leader(6) {
        'z' => headings::describe(record, &mut reading, out),
        'u' | 'v' | 'x' | 'y' => holdings::describe(record, &mut reading, out),
        _ => bibliographic(record, &mut reading, out),
    }
}

fn bibliographic<'r>(record: &'r MarcRecord, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    out.rule("marc.leader.item", "LDR/06");
    core::begin(out, Sector::Library, kinds::edm_type(record));
    let item = out.item();
    out.a(item, bf::INSTANCE);
    kinds::describe(record, out);
    if let Some(number) = record.identifier() {
        out.rule("marc.001.identifier", "001");
        out.text(item, dc::IDENTIFIER, &number, None);
    }
    out.rule("marc.041a.language", if record.tagged("041").next().is_some() { "041$a" } else { "008/35-37" });
    for language in &reading.languages {
        out.text(item, dc::LANGUAGE, language, None);
    }
    works::describe(reading, out);
    publication::date(reading, out);
    let mut unmapped: Vec<&str> = Vec::new();
    for field in record.fields() {
        reading.count(&field);
        match how_of(field.tag()) {
            Some(how) => tell(&field, how, reading, out),
            None if is_local(field.tag()) || unmapped.contains(&field.tag()) => {}
            None => {
                unmapped.push(field.tag());
                out.issue_at(
                    field.tag(),
                    IssueKind::UnmappedField,
                    &field.joined("abct"),
                    "a field of MARC 21, or a local one with a 9 in its tag",
                );
            }
        }
    }
    // A thing without a title of its own has at least the name of its work or a varying title.
    let titled = record
        .tagged("245")
        .any(|field| field.subfields().any(|(code, text)| "abknp".contains(code) && !text.is_empty()));
    let other = || record.fields().find(|field| matches!(field.tag(), "130" | "240" | "246" | "222" | "210"));
    if !titled && let Some(field) = other() {
        reading.rule(out, "marc.130-246.title", &field, "a");
        out.text(item, dc::TITLE, &works::title_of(&field), None);
    }
    if record.tagged("245").next().is_none() {
        out.issue_at("245$a", IssueKind::MissingTitle, "", "a title");
    }
}

/// Fields that the standard leaves to each library, and those of systems.
fn is_local(tag: &str) -> bool {
    tag.contains('9') || !tag.bytes().all(|b| b.is_ascii_digit())
}

fn tell<'r>(field: &Field<'r>, how: How, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    match how {
        How::Plain(plain) => {
            plain::describe(field, &plain, reading, out);
            if field.tag() == "533" {
                publication::reproduction(field, reading, out);
            }
        }
        How::Agents => agents::describe(field, reading, out),
        How::Titles => titles::describe(field, reading, out),
        How::Subjects => subjects::describe(field, reading, out),
        How::Publication => publication::describe(field, reading, out),
        How::Identifiers => identifiers::describe(field, reading, out),
        How::Classes => identifiers::class(field, reading, out),
        How::Series => links::series(field, reading, out),
        How::Links(property, rule) => links::describe(field, property, rule, reading, out),
        How::Places => places::describe(field, reading, out),
        How::Dates => publication::special_dates(field, reading, out),
        How::Extent => publication::extent(field, reading, out),
        How::Languages => languages::describe(field, reading, out),
        How::Kinds => kinds::types(field, reading, out),
        How::Rights => access::rights(field, reading, out),
        How::Access => access::describe(field, reading, out),
        How::Elsewhere | How::LeftOut => {}
    }
}
