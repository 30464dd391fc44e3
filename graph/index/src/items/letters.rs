//! What a word is, and how it is compared.
//!
//! A word is a run of letters and figures. It has two forms: as it is written, without case and in the form of Unicode's
//! compatibility (NFKC); and folded, without the marks above and below Latin and Greek letters, so that `saatio` finds
//! `säätiö`. Where the two differ, the index has both, and a search ranks what is written as it was asked above what is only
//! folded alike. Cyrillic keeps its letters: й and ї are not и and і with something above them.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longer words are cut.
const LONGEST: usize = 96;
/// How far the words of two texts are apart, so that no phrase reaches from one into the other.
const APART: usize = 16;
/// What a folded form begins with in the index where it is another than the written one.
pub(super) const FOLDED: char = '\u{1}';

/// Calls `take` for each word: its place, its form as written, and the folded form where that is another. Lines are apart
/// from each other.
pub(super) fn words(text: &str, mut take: impl FnMut(usize, &str, Option<&str>)) {
    let (mut word, mut folded) = (String::new(), String::new());
    let mut place = 0;
    let mut last = None;
    let mut letters = text.nfkc().flat_map(char::to_lowercase).peekable();
    loop {
        let letter = letters.next();
        match letter {
            Some(letter) if letter.is_alphanumeric() || is_combining_mark(letter) && !word.is_empty() => {
                if word.len() < LONGEST {
                    word.push(letter);
                }
            }
            // Within a word of Cyrillic an apostrophe is a sign between letters: пʼять is one word.
            Some('\'' | '’' | 'ʼ' | '`')
                if last.is_some_and(is_cyrillic) && letters.peek().copied().is_some_and(is_cyrillic) => {}
            other => {
                if !word.is_empty() {
                    fold(&word, &mut folded);
                    take(place, &word, (folded != word).then_some(folded.as_str()));
                    place += 1;
                    word.clear();
                }
                match other {
                    None => return,
                    Some('\n') => place += APART,
                    Some(_) => {}
                }
            }
        }
        last = letter;
    }
}

/// The folded form of a word in small letters.
pub(super) fn fold(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.push_str(word);
        return;
    }
    for letter in word.chars() {
        match letter {
            'ё' => out.push('е'),
            'ґ' => out.push('г'),
            letter if is_cyrillic(letter) => out.push(letter),
            letter => {
                for part in std::iter::once(letter).nfd() {
                    match part {
                        'ø' => out.push('o'),
                        'æ' => out.push_str("ae"),
                        'œ' => out.push_str("oe"),
                        'ß' => out.push_str("ss"),
                        'ł' => out.push('l'),
                        'đ' | 'ð' => out.push('d'),
                        'þ' => out.push_str("th"),
                        'ı' => out.push('i'),
                        'ŧ' => out.push('t'),
                        'ŋ' => out.push('n'),
                        'ħ' => out.push('h'),
                        part if is_combining_mark(part) && !is_indic(part) => {}
                        part => out.push(part),
                    }
                }
            }
        }
    }
}

fn is_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{52f}')
}

/// The beginning of a text that is so many bytes long at most.
pub(super) fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// Vowel signs, which are no ornament.
fn is_indic(mark: char) -> bool {
    matches!(mark, '\u{900}'..='\u{1abf}' | '\u{3099}' | '\u{309a}')
}

/// The text as titles are sorted and looked up by their beginning: words apart by one blank, without marks save that å, ä and
/// ö come after z, as in Finnish and Swedish.
pub(super) fn sorting(text: &str, out: &mut String) {
    out.clear();
    words(text, |_, word, folded| {
        if !out.is_empty() {
            out.push(' ');
        }
        if folded.is_none() {
            out.push_str(word);
            return;
        }
        let (mut letter, mut plain) = (String::new(), String::new());
        for one in word.chars() {
            match one {
                'å' => out.push_str("{\u{1}"),
                'ä' | 'æ' => out.push_str("{\u{2}"),
                'ö' | 'ø' => out.push_str("{\u{3}"),
                one => {
                    letter.clear();
                    letter.push(one);
                    fold(&letter, &mut plain);
                    out.push_str(&plain);
                }
            }
        }
    });
}

/// The forms by which an identifier is found: its letters and figures alone; of an ISBN of ten figures the one of thirteen,
/// too.
pub(super) fn identifiers(text: &str) -> Vec<String> {
    let mut key = String::new();
    words(text, |_, word, _| key.push_str(word));
    if key.is_empty() || key.len() > 4 * LONGEST {
        return Vec::new();
    }
    let of = |key: &str| key.strip_prefix("isbn").map(str::to_owned);
    let bare = of(&key);
    let isbn = thirteen(bare.as_deref().unwrap_or(&key));
    let mut keys = vec![key];
    keys.extend(bare);
    keys.extend(isbn);
    keys
}

/// The ISBN of thirteen figures of one of ten, if it is one.
fn thirteen(key: &str) -> Option<String> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    let (first, check) = key.as_bytes().split_at_checked(9)?;
    let &[check] = check else { return None };
    let check = if check == b'x' { 10 } else { digit(check)? };
    let first: Option<Vec<u32>> = first.iter().map(|byte| digit(*byte)).collect();
    let first = first?;
    let sum: u32 = first.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    if !(sum + check).is_multiple_of(11) {
        return None;
    }
    let all = [9, 7, 8].into_iter().chain(first);
    let sum: u32 = all.zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    Some(format!("978{}{}", &key[..9], (10 - sum % 10) % 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        words(text, |place, word, folded| {
            all.push(format!(
                "{place}:{word}{}",
                folded.map(|folded| format!("/{folded}")).unwrap_or_default()
            ));
        });
        all
    }

    #[test]
    fn words_have_a_written_and_a_folded_form() {
        assert_eq!(
            cut("Säätiö, SÄÄTIÖ ja A\u{30a}bo"),
            ["0:säätiö/saatio", "1:säätiö/saatio", "2:ja", "3:åbo/abo"]
        );
        assert_eq!(cut("ﬁnska Straße\nØresund"), ["0:finska", "1:straße/strasse", "18:øresund/oresund"]);
        assert_eq!(
            cut("Київ, п’ять їжаків й Ґонта"),
            ["0:київ", "1:пять", "2:їжаків", "3:й", "4:ґонта/гонта"]
        );
        assert_eq!(cut("Lemminkäinen's"), ["0:lemminkäinen/lemminkainen", "1:s"]);
        assert_eq!(cut(" –!\n"), Vec::<String>::new());
    }

    #[test]
    fn identifiers_are_letters_and_figures() {
        assert_eq!(identifiers("A I 223"), ["ai223"]);
        assert_eq!(identifiers("ISBN 0-19-283570-X"), ["isbn019283570x", "019283570x", "9780192835703"]);
        assert_eq!(identifiers("0-19-283570-1"), ["0192835701"]);
        assert_eq!(identifiers(" - "), Vec::<String>::new());
    }

    #[test]
    fn finnish_and_swedish_letters_come_last() {
        let mut titles = ["Öinen", "Zorn", "Äiti", "Åbo", "Élan", "Eka", "Київ"];
        titles.sort_by_cached_key(|title| {
            let mut key = String::new();
            sorting(title, &mut key);
            key
        });
        assert_eq!(titles, ["Eka", "Élan", "Zorn", "Åbo", "Äiti", "Öinen", "Київ"]);
    }
}
