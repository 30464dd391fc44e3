//! What stands next in text that is wholly in the buffer: tags, texts and references, which nearly all of XML is.
//!
//! This only finds where they end, by the same marks as `quick-xml`. Comments, CDATA sections, declarations, and an
//! ampersand that begins no reference are left to it.

use quick_xml::parser::{ElementParser, Parser as _};

/// What stands next in plain text.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    Start,
    End,
    Text,
    Reference,
    /// It goes on behind the end of the buffer.
    More,
    Other,
}

/// What stands at the beginning of plain text, and how long it is.
pub(super) fn shape(text: &[u8]) -> (Shape, usize) {
    let (shape, length) = match text {
        [b'<'] => (Shape::More, None),
        [b'<', b'!' | b'?', ..] | [] => (Shape::Other, Some(0)),
        [b'<', b'/', name @ ..] => (Shape::End, memchr::memchr(b'>', name).map(|at| at + 3)),
        [b'<', tag @ ..] => (Shape::Start, ElementParser::default().feed(tag).map(|at| at + 2)),
        [b'&', name @ ..] => match memchr::memchr3(b';', b'&', b'<', name) {
            Some(at) if name[at] != b';' => (Shape::Other, Some(0)),
            at => (Shape::Reference, at.map(|at| at + 2)),
        },
        _ => (Shape::Text, memchr::memchr2(b'<', b'&', text)),
    };
    length.map_or((Shape::More, 0), |length| (shape, length))
}

/// White space as XML knows it.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_found_by_their_marks() {
        for (text, length) in [
            ("<a b='>' c=\">\">x", Some(15)),
            ("</a >x", Some(5)),
            ("x y<", Some(3)),
            ("x&", Some(1)),
            ("&amp;x", Some(5)),
            ("<a b='>", None),
            ("</a", None),
            ("<", None),
            ("x", None),
            ("&am", None),
        ] {
            let (shape, met) = shape(text.as_bytes());
            assert_eq!((!matches!(shape, Shape::More)).then_some(met), length, "{text}");
        }
        for other in ["", "<!-- -->", "<?xml?>", "& b;", "&a<b;", "&a&b;"] {
            let odd = matches!(shape(other.as_bytes()).0, Shape::Other);
            assert_eq!(odd, other != "& b;", "{other}");
        }
    }
}
