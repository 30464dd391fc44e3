//! Content keys and path segments: how a name becomes part of an IRI.

use std::fmt::Write as _;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

/// Appends `text` as one path segment: RFC 3986 unreserved characters stay, every other byte of the UTF-8
/// form is percent-encoded, so that IRI and URI are the same string everywhere. The segments `.` and `..`
/// are encoded too, as a client would resolve them away.
pub fn encode_segment(text: &str, out: &mut String) {
    if text == "." || text == ".." {
        for _ in text.chars() {
            out.push_str("%2E");
        }
        return;
    }
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// The content key of a name: NFKC, lower case, letters and digits kept, every run of anything else one
/// hyphen, none at the ends. Combining marks stay, as they tell names apart in many languages. Parts are
/// joined by hyphens; empty ones are left out.
///
/// ```
/// assert_eq!(graph_model::content_key(&["Gallen-Kallela, Akseli", "1865", "1931"]), "gallen-kallela-akseli-1865-1931");
/// assert_eq!(graph_model::content_key(&["  ÄÄNIS (järvi) "]), "äänis-järvi");
/// ```
#[must_use]
pub fn content_key(parts: &[&str]) -> String {
    let mut key = String::new();
    for part in parts {
        let mut gap = !key.is_empty();
        let mut add = |c: char| {
            if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) {
                if gap && !key.is_empty() {
                    key.push('-');
                }
                gap = false;
                key.push(c);
            } else if matches!(c, '\'' | 'ʼ' | '’' | 'ʹ' | '`') {
                // Apostrophes join: O'Neill and O’Neill, Прокоп'юк and Прокопʼюк are the same name.
            } else {
                gap = true;
            }
        };
        // The normal forms are dear, and most names need none of them.
        if part.is_ascii() {
            part.bytes().for_each(|b| add(char::from(b.to_ascii_lowercase())));
        } else if is_nfkc_quick(part.chars()) == IsNormalized::Yes {
            part.chars().flat_map(char::to_lowercase).for_each(add);
        } else {
            part.nfkc().flat_map(char::to_lowercase).nfc().for_each(add);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of the key, without the shortcuts.
    fn slow(text: &str) -> String {
        let plain: String = text.nfkc().flat_map(char::to_lowercase).nfc().collect();
        content_key(&[&plain])
    }

    #[test]
    fn shortcuts_give_the_same_key() {
        for text in [
            "J\u{30C}upiter",
            "İstanbul",
            "ﬁnland ½",
            "Å A\u{30A} Å",
            "ÄÄNIS (järvi)",
            "Прокоп'юк",
            "한국 ᄒ\u{1161}ᆫ",
            "ⅩⅣ.",
            "ΣΊΣΥΦΟΣ",
            "ẞ ſ",
        ] {
            assert_eq!(content_key(&[text]), slow(text), "{text}");
        }
    }
}
