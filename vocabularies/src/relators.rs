//! Roles: MARC relator codes and the words that cataloguers write instead of them.

use crate::{codes, fold};

/// One MARC relator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relator {
    /// The three-letter code.
    pub code: &'static str,
    /// The IRI at the Library of Congress; of the code that took its place for a withdrawn one.
    pub iri: &'static str,
    /// The English label.
    pub label: &'static str,
}

/// A word for a role.
pub(crate) struct RelatorTerm {
    pub(crate) term: &'static str,
    pub(crate) code: &'static str,
}

/// The relator with this code (`aut`), in either case.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Relator> {
    fold::find(codes::RELATORS, code, |row| row.code)
}

/// The relator that a word stands for, in English, Finnish, Swedish, German, Ukrainian and some others.
///
/// Case and punctuation do not count; a code in parentheses after the word, as in `Donor (dnr)`, wins over the word.
///
/// ```
/// use vocabularies::relators;
///
/// assert_eq!(relators::by_term("kuvittaja.").map(|role| role.code), Some("ill"));
/// assert_eq!(relators::by_term("Donor (dnr)").map(|role| role.code), Some("dnr"));
/// ```
#[must_use]
pub fn by_term(term: &str) -> Option<&'static Relator> {
    let (word, code) = match term.trim_end().trim_end_matches([')', '.', ',']).rsplit_once('(') {
        Some((word, code)) => (word, by_code(code)),
        None => (term, None),
    };
    code.or_else(|| by_word(term)).or_else(|| by_word(word))
}

fn by_word(word: &str) -> Option<&'static Relator> {
    by_code(fold::find(codes::RELATOR_TERMS, word, |row| row.term)?.code)
}

/// The relator with this IRI, `http` or `https`, with or without a trailing slash.
#[must_use]
pub fn by_iri(iri: &str) -> Option<&'static Relator> {
    let (before, code) = iri.trim().trim_end_matches('/').rsplit_once('/')?;
    before.ends_with("id.loc.gov/vocabulary/relators").then(|| by_code(code))?
}

/// All relators, sorted by code.
#[must_use]
pub fn all() -> &'static [Relator] {
    codes::RELATORS
}
