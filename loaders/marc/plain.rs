//! Plain fields: what `mapping.tsv` says, done.

use super::authorities;
use super::punctuation::{full_stop, trim};
use super::reading::Reading;
use super::record::Field;
use super::table::{Plain, Shape};
use crate::shared::{dates, places};
use graph_model::{Concept, Description, Place};

/// Tells a plain field, and the same in its own script when a linked field gives it.
pub(super) fn describe<'r>(
    field: &Field<'r>,
    plain: &Plain,
    reading: &mut Reading<'r>,
    out: &mut Description<'_>,
) {
    reading.rule(out, plain.rule, field, plain.subfields);
    values(field, plain, reading.catalogue_language, out);
    if let Some(linked) = reading.in_script(field) {
        reading.rule(out, plain.rule, field, "6");
        values(&linked, plain, None, out);
    }
}

fn values(field: &Field<'_>, plain: &Plain, catalogue_language: Option<&str>, out: &mut Description<'_>) {
    let item = out.item();
    let parts = || {
        field
            .subfields()
            .filter(|(code, text)| plain.subfields.contains(*code) && !text.is_empty())
            .map(|(_, text)| text)
    };
    match plain.shape {
        Shape::Text => out.text(item, plain.property, &field.joined(plain.subfields), None),
        Shape::Isbd => out.text(item, plain.property, trim(&field.joined(plain.subfields)), None),
        Shape::Joined => {
            // Two hyphens part the titles of a table of contents, where they are not subfields of their own.
            let part = |text| trim(str::trim_end(text).trim_end_matches("--").trim_end());
            let joined = parts().map(part).collect::<Vec<_>>().join("; ");
            out.text(item, plain.property, &joined, None);
        }
        Shape::Note => out.text(item, plain.property, &field.joined(plain.subfields), catalogue_language),
        Shape::Each => parts().for_each(|text| out.text(item, plain.property, trim(text), None)),
        Shape::ControlNumber => {
            for text in parts() {
                // Spaces pad a Library of Congress control number; they are no part of it.
                let number: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                if !number.is_empty() {
                    out.text(item, plain.property, &format!("lccn:{number}"), None);
                }
            }
        }
        Shape::Concept => {
            let scheme = authorities::scheme(field);
            let same_as = authorities::iris(field);
            for text in parts() {
                let label = full_stop(trim(text));
                let concept =
                    Concept { label, language: scheme.language, scheme: scheme.iri, same_as: &same_as };
                if let Some(node) = out.concept(&concept) {
                    out.link(item, plain.property, node);
                }
            }
        }
        Shape::Place => {
            for text in parts() {
                if let Some(read) = places::read_place(trim(text))
                    && let Some(node) =
                        out.place(&Place { name: read.name, within: read.within, ..Place::default() })
                {
                    out.link(item, plain.property, node);
                }
            }
        }
        Shape::Date => {
            for text in parts() {
                if let Some(span) = dates::read_date(trim(text), None) {
                    let time = out.time(&span);
                    out.link(item, plain.property, time);
                }
            }
        }
    }
}
