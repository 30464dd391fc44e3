//! One EAC-CPF record and the name that its owner gave it.

use crate::shared::xml::{Element, ElementRef};
use std::borrow::Cow;

/// An `eac-cpf` or `eac` element, whole.
#[derive(Debug)]
pub struct EacRecord(Element);

impl EacRecord {
    pub(super) fn new(element: Element) -> Self {
        Self(element)
    }

    pub(super) fn element(&self) -> &Element {
        &self.0
    }

    pub(super) fn root(&self) -> ElementRef<'_> {
        self.0.root()
    }

    /// `recordId`, the older `eacid` or the element's own identifier; without one a name made from all the text of the
    /// record. `None` for a record without any text.
    pub(super) fn local(&self) -> Option<Cow<'_, str>> {
        self.given().or_else(|| content_name(self.root()).map(Cow::Owned))
    }

    /// The identifier that the owner gave.
    pub(super) fn given(&self) -> Option<Cow<'_, str>> {
        let root = self.root();
        let told = ["control/recordId", "eacheader/eacid"]
            .into_iter()
            .flat_map(|path| root.path(path))
            .map(ElementRef::text)
            .find(|id| !id.is_empty());
        let own = || ["id", "xml:id"].into_iter().find_map(|name| root.attribute(name)).map(str::trim);
        told.or_else(|| own().filter(|id| !id.is_empty()).map(Cow::Borrowed))
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
    let rest = &raw[memchr::memmem::find(raw, b"recordId")?..];
    let rest = &rest[memchr::memchr(b'>', rest)? + 1..];
    let id = std::str::from_utf8(&rest[..memchr::memchr(b'<', rest)?]).ok()?.trim();
    (!id.is_empty() && id.len() <= 200).then(|| id.to_owned())
}
