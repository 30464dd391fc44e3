//! The words of names, folded, with what they are.

use super::fold::fold;
use super::quick::QuickMap;
use std::sync::LazyLock;

/// What a word is; one word may be several things.
pub(super) const PARTICLE: u16 = 1;
pub(super) const HONORIFIC: u16 = 1 << 1;
pub(super) const YOUNGER: u16 = 1 << 2;
pub(super) const ELDER: u16 = 1 << 3;
pub(super) const BODY: u16 = 1 << 4;
pub(super) const STAND_IN: u16 = 1 << 5;
pub(super) const FAMILY: u16 = 1 << 6;
pub(super) const CHAIN: u16 = 1 << 7;

struct Words {
    kinds: QuickMap<String, u16>,
    patronymic: Vec<String>,
    body: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words { kinds: QuickMap::default(), patronymic: Vec::new(), body: Vec::new() };
    for (word, kind) in vocabularies::names::words() {
        let folded = fold(word);
        let kind = match kind {
            "particle" | "staying" => PARTICLE,
            "honorific" => HONORIFIC,
            "younger" => YOUNGER,
            "elder" => ELDER,
            "body" => BODY,
            "stand-in" => STAND_IN,
            "family" => FAMILY,
            "chain" => CHAIN,
            "patronymic-ending" => {
                words.patronymic.push(folded);
                continue;
            }
            "body-ending" => {
                words.body.push(folded);
                continue;
            }
            // Numbers of generations are read as numbers.
            _ => continue,
        };
        if !folded.is_empty() {
            *words.kinds.entry(folded).or_default() |= kind;
        }
    }
    words.patronymic.sort();
    words.patronymic.dedup();
    words
});

/// What the folded word, or words with a blank between them, is.
pub(super) fn kinds(word: &str) -> u16 {
    WORDS.kinds.get(word).copied().unwrap_or_default()
}

/// Whether the folded word is a name after the father.
pub(super) fn is_patronymic(word: &str) -> bool {
    word.len() >= 6
        && WORDS.patronymic.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending.as_str()))
}

/// Whether a word shows a corporate body.
pub(super) fn shows_body(word: &str) -> bool {
    kinds(word) & BODY != 0
        || word.len() > 5
            && WORDS.body.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending.as_str()))
}

/// The number that a Roman numeral of a ruler writes, in small letters.
pub(super) fn roman(word: &str) -> Option<u8> {
    if word.is_empty() || word.len() > 6 {
        return None;
    }
    let (mut sum, mut after) = (0_i16, 0_i16);
    for byte in word.bytes().rev() {
        let value = match byte {
            b'i' => 1,
            b'v' => 5,
            b'x' => 10,
            _ => return None,
        };
        sum += if value < after { -value } else { value };
        after = value;
    }
    u8::try_from(sum).ok()
}
