//! The metadata record itself (`recordWrap`): its number, kind, rights, dates. It is a document of its own, beside the
//! object that it documents.

use super::administration;
use super::draft::Draft;
use super::field;
use super::table;
use crate::shared::xml::ElementRef;
use graph_model::Node;
use vocabularies::{crm, dc, dcterms, xsd};

/// Describes the record that a `recordWrap` tells of, where it tells more than its source.
pub(super) fn describe(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    const TOLD: &[&str] = &["recordID", "recordType", "recordRights", "recordInfoSet"];
    if !wrap.elements().any(|child| TOLD.contains(&child.name())) {
        return;
    }
    let item = draft.item;
    draft.out.rule("lido.recordWrap.record", "lido:recordWrap");
    let record = draft.fragment("record");
    draft.out.link(item, crm::P70I_IS_DOCUMENTED_IN, record);
    draft.out.a(record, crm::E31_DOCUMENT);
    identifiers(draft, record, wrap);
    draft.out.rule("lido.recordType.type", "lido:recordType");
    for kind in wrap.children("recordType") {
        for term in field::terms(draft, kind) {
            if let Some(node) = term.node(draft) {
                draft.out.link(record, crm::P2_HAS_TYPE, node);
            }
        }
    }
    draft.out.rule("lido.recordRights.license", "lido:recordRights");
    let mut stated = false;
    for set in wrap.children("recordRights") {
        stated |= administration::state_rights(draft, record, set, stated, dcterms::LICENSE);
    }
    dates(draft, record, wrap);
}

fn identifiers(draft: &mut Draft<'_, '_>, record: Node, wrap: ElementRef<'_>) {
    for (rule, path, steps) in [
        ("lido.recordID.identifier", "lido:recordID", "recordID"),
        ("lido.recordInfoID.identifier", "lido:recordInfoID", "recordInfoSet/recordInfoID"),
    ] {
        draft.out.rule(rule, path);
        for id in wrap.path(steps) {
            draft.out.text(record, dc::IDENTIFIER, &id.text(), None);
        }
    }
}

/// When the record was made and changed. What is written varies (`2021-12-06T15:23:14Z`, `2000-05-27 / Name`), so the day
/// is taken where it begins with one, and the words otherwise.
fn dates(draft: &mut Draft<'_, '_>, record: Node, wrap: ElementRef<'_>) {
    draft.out.rule("lido.recordMetadataDate.date", "lido:recordMetadataDate");
    for date in wrap.path("recordInfoSet/recordMetadataDate") {
        let property = match date.attribute("type").and_then(|kind| table::find("record-date", kind)) {
            Some("created") => dcterms::CREATED,
            Some("modified") => dcterms::MODIFIED,
            Some("validated") => dcterms::DATE_ACCEPTED,
            _ => dcterms::DATE,
        };
        let text = date.text();
        match day(&text) {
            Some(day) => draft.out.typed(record, property, day, xsd::DATE),
            None => draft.out.text(record, property, &text, None),
        }
    }
}

/// The day that a text begins with, where it can be one.
fn day(text: &str) -> Option<&str> {
    let (day, rest) = text.split_at_checked(10)?;
    let figures = |from: usize, to: usize| day.get(from..to)?.parse::<u32>().ok();
    let shape = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let (year, month, number) = (figures(0, 4)?, figures(5, 7)?, figures(8, 10)?);
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    let ends = rest.chars().next().is_none_or(|next| !next.is_ascii_digit());
    (shape && ends && year > 0 && (1..=days).contains(&number)).then_some(day)
}
