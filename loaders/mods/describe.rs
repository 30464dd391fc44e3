//! The whole record: the core begun, then what the shared mapping tells.

use crate::shared::core::{self, Sector};
use crate::shared::mods;
use crate::shared::oai::Enveloped;
use graph_model::{Description, IssueKind};

pub(super) fn describe(record: &Enveloped, out: &mut Description<'_>) {
    let root = record.root();
    out.rule("mods.mods.item", "mods:mods");
    core::begin(out, mods::sector(root).unwrap_or(Sector::Library), mods::edm_type(root));
    for note in record.element().notes() {
        let (met, expected) = note.words();
        out.issue(IssueKind::BadEncoding, &met, expected);
    }
    if record.delivery().is_none() && mods::identifier(root).is_none() {
        let met = out.local().to_owned();
        out.issue(IssueKind::MissingIdentifier, &met, "a mods:recordIdentifier or mods:identifier");
    }
    mods::describe(root, out);
}
