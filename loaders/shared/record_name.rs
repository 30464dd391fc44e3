//! A name for a record to which its owner gave none, and the name in the bytes of one that cannot be read.

use crate::shared::xml::ElementRef;

/// A name from all the text and attributes of a record; `None` where there is none.
pub(crate) fn content_name(root: ElementRef<'_>) -> Option<String> {
    let attributes = std::iter::once(root).chain(root.descendants()).flat_map(ElementRef::attributes);
    name_of(root.texts().chain(attributes.map(|(_, value)| value)))
}

/// A name from pieces of text, of which the empty ones do not count; `None` where all are empty. FNV-1a of 64 bits needs no
/// crate and never changes.
pub(crate) fn name_of<'p>(pieces: impl Iterator<Item = &'p str>) -> Option<String> {
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    let mut any = false;
    for text in pieces.map(str::trim).filter(|text| !text.is_empty()) {
        any = true;
        // 0xFF is in no UTF-8 text, so it parts the pieces without doubt.
        for byte in text.bytes().chain([0xFF]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    any.then(|| format!("content-{hash:016x}"))
}

/// The text of the first element of a name in the bytes of a record that is not well-formed, for the report.
pub(crate) fn text_in(raw: &[u8], element: &str) -> Option<String> {
    let rest = &raw[memchr::memmem::find(raw, element.as_bytes())?..];
    let rest = &rest[memchr::memchr(b'>', rest)? + 1..];
    let id = std::str::from_utf8(&rest[..memchr::memchr(b'<', rest)?]).ok()?.trim();
    (!id.is_empty() && id.len() <= 200).then(|| id.to_owned())
}
