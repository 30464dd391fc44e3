//! A name for a record to which its owner gave none.

use crate::shared::xml::ElementRef;

/// A name from all the text and attributes of a record; `None` where there is none. FNV-1a of 64 bits needs no crate and
/// never changes.
pub(crate) fn content_name(root: ElementRef<'_>) -> Option<String> {
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    let mut any = false;
    let attributes = std::iter::once(root).chain(root.descendants()).flat_map(ElementRef::attributes);
    let pieces = root.texts().chain(attributes.map(|(_, value)| value)).map(str::trim);
    for text in pieces.filter(|text| !text.is_empty()) {
        any = true;
        // 0xFF is in no UTF-8 text, so it parts the pieces without doubt.
        for byte in text.bytes().chain([0xFF]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    any.then(|| format!("content-{hash:016x}"))
}
