//! Content keys and path segments: how a name becomes part of an IRI.

use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization as _;

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
        for c in part.nfkc().flat_map(char::to_lowercase).nfc() {
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
        }
    }
    key
}
