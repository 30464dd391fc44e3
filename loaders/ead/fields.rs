//! The fields of a description by their paths below its element: `did/unittitle`, `scopecontent/p`, `@level`.

use super::record::Record;
use super::text;
use crate::shared::xml::{ElementRef, Walk};
use graph_model::Visit;

/// Visits what is for the public; of a description that is not, only what kind of description it is.
pub(super) fn visit(record: &Record, visit: &mut Visit<'_>) {
    let mut walk = Walk::new().language(language).hide(text::is_internal);
    for (name, value) in record.own.attributes() {
        if !record.internal() || matches!(name, "audience" | "level" | "otherlevel") {
            walk.attribute(name, value, visit);
        }
    }
    if record.internal() {
        return;
    }
    let around = record.own.language().or(record.header.language);
    for child in record.own.elements() {
        walk.child(child, around, visit);
    }
}

fn language<'e>(element: ElementRef<'e>) -> Option<&'e str> {
    element.attribute("lang").or_else(|| element.attribute("xml:lang"))
}
