//! The whole record: the core begun, then what the shared mapping tells.

use crate::shared::core::{self, Sector};
use crate::shared::dc;
use crate::shared::oai::Enveloped;
use graph_model::{Description, IssueKind};

pub(super) fn describe(record: &Enveloped, out: &mut Description<'_>) {
    let root = record.root();
    out.rule("dc.dc.item", "dc");
    core::begin(out, dc::sector(root).unwrap_or(Sector::Library), dc::edm_type(root));
    for note in record.element().notes() {
        let (met, expected) = note.words();
        out.issue(IssueKind::BadEncoding, &met, expected);
    }
    if record.delivery().is_none() && dc::identifier(root).is_none() {
        let met = out.local().to_owned();
        out.issue(IssueKind::MissingIdentifier, &met, "a dc:identifier");
    }
    dc::describe(root, out);
}
