//! Names of people, bodies, places and notions, made comparable.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A name, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The words of it, folded, in the order of the text.
    pub tokens: Vec<String>,
}

impl Name {
    /// Reads a name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self { tokens: fold(text).split_whitespace().map(str::to_owned).collect() }
    }
}

/// The text in small letters without diacritics and punctuation.
#[must_use]
pub fn fold(text: &str) -> String {
    let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    let spaced = letters.map(|letter| if letter.is_alphanumeric() { letter } else { ' ' });
    spaced.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The key under which names that are written alike meet: the folded words in order.
#[must_use]
pub fn key(text: &str) -> String {
    let folded = fold(text);
    let mut words: Vec<_> = folded.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}
