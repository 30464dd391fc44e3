//! Compares words the way a cataloguer does: case, punctuation and runs of blanks do not count.
//!
//! The text is expected in Unicode NFC, as everything is that the loaders hand on. Letters keep their diacritics:
//! `säveltäjä` is a word, `saveltaja` is not.

/// The letters of a text in lower case, with one blank where there was punctuation or white space between them.
pub(crate) fn fold(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut rest = text.chars().peekable();
    let mut lower: Option<std::char::ToLowercase> = None;
    let mut begun = false;
    std::iter::from_fn(move || {
        if let Some(letter) = lower.as_mut().and_then(Iterator::next) {
            return Some(letter);
        }
        let mut gap = false;
        while rest.next_if(|&letter| is_gap(letter)).is_some() {
            gap = true;
        }
        rest.peek()?;
        if gap && begun {
            // The gap is told once; the letter after it stays in place for the next call.
            begun = false;
            return Some(' ');
        }
        begun = true;
        let mut letters = rest.next()?.to_lowercase();
        let first = letters.next();
        lower = Some(letters);
        first
    })
}

fn is_gap(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_ascii_punctuation()
        || matches!(letter, '\u{2000}'..='\u{206f}' | '«' | '»' | '·' | '¡' | '¿' | '\u{ad}' | 'ʼ')
}

/// Finds the row whose key is `text` folded, in rows sorted by key.
pub(crate) fn find<'a, T>(rows: &'a [T], text: &str, key: impl Fn(&'a T) -> &'a str) -> Option<&'a T> {
    // A code or a single word in small letters is its own key.
    if text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return rows.get(rows.binary_search_by(|row| key(row).cmp(text)).ok()?);
    }
    // Folded once for all comparisons; bytes of UTF-8 have the order of the characters.
    let folded: String = fold(text).collect();
    let found = rows.binary_search_by(|row| key(row).cmp(&folded)).ok()?;
    rows.get(found)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_punctuation_and_blanks_do_not_count() {
        for (text, expected) in [
            ("Illustrator.", "illustrator"),
            ("  Joint\u{a0}author, ", "joint author"),
            ("CC BY-SA 4.0", "cc by sa 4 0"),
            ("Säveltäjä", "säveltäjä"),
            ("…", ""),
            ("İ", "i\u{307}"),
        ] {
            assert_eq!(fold(text).collect::<String>(), expected, "{text}");
        }
    }
}
