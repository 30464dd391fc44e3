//! The key that a name is looked up by, and its sound.

use super::fold::fold_into;
use std::ops::Range;
use std::sync::LazyLock;

/// Rules of `sounds.tsv` by first letter, the longest first.
static SOUNDS: LazyLock<Vec<Vec<Sound>>> = LazyLock::new(|| {
    let mut rules = vec![Vec::new(); 26];
    for (from, to) in vocabularies::names::sounds() {
        if let Some(of_letter) = place(from.as_bytes()).and_then(|place| rules.get_mut(place)) {
            of_letter.push((from, to));
        }
    }
    for of_letter in &mut rules {
        of_letter.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
    }
    rules
});

type Sound = (&'static str, &'static str);

fn place(letters: &[u8]) -> Option<usize> {
    Some(usize::from(letters.first()?.checked_sub(b'a')?))
}

/// Memory that is used again for every key.
#[derive(Debug, Default, Clone)]
pub struct KeyScratch {
    folded: String,
    sounds: String,
    words: Vec<Range<usize>>,
}

/// What a name is looked up by: the words in one spelling, in the order of the alphabet.
///
/// The forms of Cyrillic names by ISO 9, ALA-LC, BGN/PCGN, the Ukrainian national system and the popular ones meet, German
/// umlauts meet their two letters, and `Family, Given` meets `Given Family`.
///
/// ```
/// use graph_reconcile::names::key;
/// assert_eq!(key("Ševčenko, Taras"), key("Тарас Шевченко"));
/// assert_eq!(key("Mueller, Hans"), key("Hans Müller"));
/// assert_ne!(key("Маковский"), key("Маяковский"));
/// ```
#[must_use]
pub fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    key_into(text, &mut KeyScratch::default(), &mut out);
    out
}

/// Appends what [`key`] gives to a buffer. Nothing is allocated when the buffers are large enough.
pub fn key_into(text: &str, scratch: &mut KeyScratch, out: &mut String) {
    scratch.folded.clear();
    fold_into(text, &mut scratch.folded);
    let KeyScratch { folded, sounds, words } = scratch;
    sounds.clear();
    words.clear();
    for word in folded.split(' ') {
        let start = sounds.len();
        spell(word, sounds);
        if sounds.len() > start {
            words.push(start..sounds.len());
        }
    }
    join_sorted(sounds, words, out);
}

/// Writes the words of a text in the order of the alphabet with a blank between them.
pub(super) fn join_sorted(text: &str, words: &mut [Range<usize>], out: &mut String) {
    let word = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
    words.sort_unstable_by(|a, b| word(a).cmp(word(b)));
    for (number, range) in words.iter().enumerate() {
        if number > 0 {
            out.push(' ');
        }
        out.push_str(word(range));
    }
}

/// Appends one folded word in the one spelling that the schemes have in common.
pub(super) fn spell(word: &str, out: &mut String) {
    let start = out.len();
    let mut rest = word;
    while let Some(letter) = rest.chars().next() {
        let rules = place(rest.as_bytes()).and_then(|place| SOUNDS.get(place)).map(Vec::as_slice);
        // Nearly all rules end at their second letter.
        let second = rest.as_bytes().get(1);
        let may = |from: &str| from.len() == 1 || from.as_bytes().get(1) == second;
        let rule = rules.unwrap_or_default().iter().find(|(from, _)| may(from) && rest.starts_with(from));
        let Some((from, to)) = rule else {
            push(letter, start, out);
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        for letter in to.chars() {
            push(letter, start, out);
        }
        rest = &rest[from.len()..];
    }
}

/// Appends a letter, unless it doubles a consonant; an `i` before another vowel is the glide of `ia`, `ya`, `ja` and goes.
fn push(letter: char, start: usize, out: &mut String) {
    let last = out.get(start..).and_then(|word| word.chars().next_back());
    match (last, letter) {
        (Some(last), letter) if last == letter && !matches!(letter, 'a' | 'e' | 'o' | 'u' | '0'..='9') => {}
        (Some('i'), 'a' | 'e' | 'o' | 'u') => {
            out.pop();
            out.push(letter);
        }
        _ => out.push(letter),
    }
}

/// How a word sounds, roughly: a vowel at the beginning and the consonants that ears tell apart, at most six; figures stay.
///
/// ```
/// use graph_reconcile::names::phonetic;
/// assert_eq!(phonetic("Chevtchenko"), phonetic("Шевченко"));
/// assert_eq!(phonetic("Carl"), phonetic("Karl"));
/// ```
#[must_use]
pub fn phonetic(word: &str) -> String {
    let mut out = String::new();
    phonetic_into(word, &mut KeyScratch::default(), &mut out);
    out
}

/// Appends what [`phonetic`] gives to a buffer; the words of a text with a blank between them, in their order.
pub fn phonetic_into(text: &str, scratch: &mut KeyScratch, out: &mut String) {
    let KeyScratch { folded, sounds, .. } = scratch;
    folded.clear();
    fold_into(text, folded);
    for (number, word) in folded.split(' ').enumerate() {
        if number > 0 {
            out.push(' ');
        }
        sounds.clear();
        spell(word, sounds);
        sound(sounds, out);
    }
}

fn sound(word: &str, out: &mut String) {
    let (mut written, mut last) = (0, ' ');
    let mut letters = word.chars().peekable();
    let mut first = true;
    while let Some(letter) = letters.next() {
        let heard = match letter {
            'a' | 'e' | 'i' | 'o' | 'u' if first => 'a',
            'a' | 'e' | 'i' | 'o' | 'u' => ' ',
            'h' if first => 'h',
            'h' => ' ',
            'b' | 'p' => 'p',
            'd' | 't' => 't',
            'f' | 'v' => 'f',
            'c' if matches!(letters.peek(), Some('e' | 'i')) => 's',
            'c' | 'k' => 'k',
            's' | 'z' => 's',
            other => other,
        };
        first = false;
        if heard != ' ' && (heard != last || heard.is_ascii_digit()) {
            if written == 6 {
                break;
            }
            out.push(heard);
            written += 1;
        }
        last = heard;
    }
}
