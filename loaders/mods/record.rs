//! The name that the owner gave a record.

use crate::shared::mods;
use crate::shared::oai::Enveloped;
use crate::shared::record_name::content_name;
use std::borrow::Cow;

/// The identifier of the envelope, under which the repository will also say that the record is gone; without one
/// `recordIdentifier` or another identifier of the owner, or a name made from all the text of the record. `None` for a
/// record without any text.
pub(super) fn local(record: &Enveloped) -> Option<Cow<'_, str>> {
    record
        .delivery()
        .map(|delivery| delivery.identifier)
        .or_else(|| mods::identifier(record.root()))
        .or_else(|| content_name(record.root()).map(Cow::Owned))
}
