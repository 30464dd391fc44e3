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
    let mut namer = Namer::default();
    pieces.for_each(|piece| namer.add(piece));
    namer.finish()
}

/// A name while pieces of text come.
#[derive(Debug)]
pub(crate) struct Namer {
    hash: u64,
    any: bool,
}

impl Default for Namer {
    fn default() -> Self {
        Self { hash: 0xCBF2_9CE4_8422_2325, any: false }
    }
}

impl Namer {
    /// Adds a piece; empty ones do not count.
    pub(crate) fn add(&mut self, piece: &str) {
        let piece = piece.trim();
        if piece.is_empty() {
            return;
        }
        self.any = true;
        // 0xFF is in no UTF-8 text, so it parts the pieces without doubt.
        for byte in piece.bytes().chain([0xFF]) {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }

    /// The name; `None` where nothing was added.
    pub(crate) fn finish(self) -> Option<String> {
        self.any.then(|| format!("content-{:016x}", self.hash))
    }
}

/// The text of the first element of a name in the bytes of a record that is not well-formed, for the report.
pub(crate) fn text_in(raw: &[u8], element: &str) -> Option<String> {
    let rest = &raw[memchr::memmem::find(raw, element.as_bytes())?..];
    let rest = &rest[memchr::memchr(b'>', rest)? + 1..];
    let id = std::str::from_utf8(&rest[..memchr::memchr(b'<', rest)?]).ok()?.trim();
    (!id.is_empty() && id.len() <= 200).then(|| id.to_owned())
}
