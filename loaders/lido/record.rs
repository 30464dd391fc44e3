//! One LIDO record and the name that its owner gave it.

use crate::shared::xml::{Element, ElementRef};
use std::borrow::Cow;

/// A `lido` element, whole.
#[derive(Debug)]
pub struct LidoRecord(Element);

/// Where a record's identifier was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IdentifiedBy {
    RecordId,
    WorkId,
    PublishedId,
    Content,
}

impl LidoRecord {
    pub(super) fn new(element: Element) -> Self {
        Self(element)
    }

    pub(super) fn element(&self) -> &Element {
        &self.0
    }

    pub(super) fn root(&self) -> ElementRef<'_> {
        self.0.root()
    }

    /// `lidoRecID`; without one the inventory number, the published identifier, or a name made from all the
    /// text of the record. `None` for a record without any text.
    pub(super) fn local(&self) -> Option<Cow<'_, str>> {
        self.identified().map(|(local, _)| local)
    }

    pub(super) fn identified(&self) -> Option<(Cow<'_, str>, IdentifiedBy)> {
        let root = self.root();
        let first = |path: &str| root.path(path).map(ElementRef::text).find(|text| !text.is_empty());
        const WORK: &str = "descriptiveMetadata/objectIdentificationWrap/repositoryWrap/repositorySet/workID";
        first("lidoRecID")
            .map(|id| (id, IdentifiedBy::RecordId))
            .or_else(|| first(WORK).map(|id| (id, IdentifiedBy::WorkId)))
            .or_else(|| first("objectPublishedID").map(|id| (id, IdentifiedBy::PublishedId)))
            .or_else(|| content_name(root).map(|id| (id.into(), IdentifiedBy::Content)))
    }
}

/// A name from the text of the record: FNV-1a of 64 bits, which needs no crate and never changes.
fn content_name(root: ElementRef<'_>) -> Option<String> {
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    let mut any = false;
    for text in root.texts().map(str::trim).filter(|text| !text.is_empty()) {
        any = true;
        // 0xFF is in no UTF-8 text, so it parts the pieces without doubt.
        for byte in text.bytes().chain([0xFF]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    any.then(|| format!("content-{hash:016x}"))
}

/// The identifier in the text of a record that is not well-formed, for the report.
pub(super) fn id_in(raw: &[u8]) -> Option<String> {
    let rest = &raw[memchr::memmem::find(raw, b"lidoRecID")?..];
    let rest = &rest[memchr::memchr(b'>', rest)? + 1..];
    let id = std::str::from_utf8(&rest[..memchr::memchr(b'<', rest)?]).ok()?.trim();
    (!id.is_empty() && id.len() <= 200).then(|| id.to_owned())
}
