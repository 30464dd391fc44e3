//! Holdings records (leader/06 `u`, `v`, `x`, `y`): what one library has of a thing.
//!
//! The item is a `bf:Item` of the record in 004, with its holder, shelf mark and the holdings in words (866-868).
//! The coded patterns and enumerations (853-865) are left out.

use super::access;
use super::reading::Reading;
use super::record::MarcRecord;
use crate::shared::core::{self, Sector};
use graph_model::Description;
use vocabularies::{bf, dc};

/// Describes one holdings record.
pub(super) fn describe<'r>(record: &'r MarcRecord, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    out.rule("marc-holdings.leader.item", "LDR/06");
    core::begin(out, Sector::Library, None);
    let item = out.item();
    out.a(item, bf::ITEM);
    out.text(item, dc::IDENTIFIER, out.local().to_owned().as_str(), None);
    let held = record.control("004").trim();
    if !held.is_empty() {
        out.rule("marc-holdings.004.item-of", "004");
        let system = record.control("003").trim();
        let local = if system.is_empty() { held.to_owned() } else { format!("{system}-{held}") };
        if local != out.local() {
            let instance = out.sibling(&local);
            out.link(item, bf::ITEM_OF, instance);
        }
    }
    for field in record.fields() {
        reading.count(&field);
        match field.tag() {
            "852" => {
                access::describe(&field, reading, out);
                reading.rule(out, "marc-holdings.852.shelf-mark", &field, "khijm");
                out.text(item, bf::SHELF_MARK, &field.joined("khijm"), None);
                reading.rule(out, "marc-holdings.852.description", &field, "abckhijm");
                out.text(item, dc::DESCRIPTION, &field.joined("abckhijm"), None);
            }
            "866" | "867" | "868" => {
                reading.rule(out, "marc-holdings.866.holdings", &field, "a");
                out.text(item, dc::DESCRIPTION, &field.joined("a"), None);
            }
            "856" => access::describe(&field, reading, out),
            _ => {}
        }
    }
}
