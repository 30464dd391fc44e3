//! Content keys and path segments: how a name becomes part of an IRI.

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
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| !UNRESERVED[usize::from(b)]) {
        let (plain, other) = rest.split_at(at);
        out.push_str(plain);
        // All bytes of a character but an ASCII one are encoded, so what is left begins with a whole one.
        let length = other.chars().next().map_or(0, char::len_utf8);
        for byte in &other.as_bytes()[..length] {
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 0xF)]);
        }
        rest = &other[length..];
    }
    out.push_str(rest);
}

const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];

/// Whether a byte stays as it is in a path segment; asked of every byte of every IRI.
const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    table
};

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
    let mut key = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in parts {
        push_key(part, &mut key);
    }
    key
}

/// Whether anything of a name is left in its content key.
#[must_use]
pub fn has_key(name: &str) -> bool {
    // One letter or digit of ASCII is enough, and nearly every name has one.
    name.bytes().any(|b| b.is_ascii_alphanumeric()) || !content_key(&[name]).is_empty()
}

/// Appends one more part to a content key.
pub(crate) fn push_key(part: &str, key: &mut String) {
    // The normal forms are dear, and most names need none of them.
    if part.is_ascii() {
        push_ascii(part, key);
    } else if is_plainly_composed(part) || is_nfkc_quick(part.chars()) == IsNormalized::Yes {
        push_letters(part.chars().flat_map(char::to_lowercase), key);
    } else {
        push_letters(part.nfkc().flat_map(char::to_lowercase).nfc(), key);
    }
}

/// [`push_letters`] for the most frequent of all letters, whole words at a time.
fn push_ascii(part: &str, key: &mut String) {
    let mut gap = !key.is_empty();
    let mut rest = part;
    while let Some(from) = rest.bytes().position(|b| b.is_ascii_alphanumeric()) {
        let (between, words) = rest.split_at(from);
        gap |= between.bytes().any(|b| !matches!(b, b'\'' | b'`'));
        if gap && !key.is_empty() {
            key.push('-');
        }
        gap = false;
        let end = words.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(words.len());
        let (word, after) = words.split_at(end);
        let begin = key.len();
        key.push_str(word);
        key[begin..].make_ascii_lowercase();
        rest = after;
    }
}

fn push_letters(letters: impl Iterator<Item = char>, key: &mut String) {
    let mut gap = !key.is_empty();
    for c in letters {
        if c.is_ascii_alphanumeric()
            || !c.is_ascii() && (c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c))
        {
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

/// Whether a text has only ASCII, letters of Latin-1 and Cyrillic below U+0480: all of it is in NFC and NFKC whatever
/// stands beside what, and that is told by the bytes alone. False says nothing.
pub(crate) fn is_plainly_composed(text: &str) -> bool {
    // C3 begins U+00C0 to U+00FF, D0 and D1 begin U+0400 to U+047F; bytes below C0 are ASCII or go on a character.
    // Looked at as a whole, without a way out, it is compared many bytes at once.
    text.bytes().fold(true, |plain, b| plain & ((b < 0xC0) | (b == 0xC3) | (b == 0xD0) | (b == 0xD1)))
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
            "O'Neill, `Tip' -- (2nd) ",
            "' x",
        ] {
            assert_eq!(content_key(&[text]), slow(text), "{text}");
        }
    }
}
