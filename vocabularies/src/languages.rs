//! Languages: three-letter codes and names to BCP 47 tags.
//!
//! ISO 639-2 in its bibliographic and its terminological form, the codes that MARC has withdrawn, and the ISO 639-3
//! codes that heritage records use. A tag is the shortest there is: `fin` is `fi`.

use crate::{codes, fold};
use std::cmp::Ordering;
use std::sync::LazyLock;

/// The rows in the order of their tags; of several with one tag the first by code comes first.
static BY_TAG: LazyLock<Vec<&'static Language>> = LazyLock::new(|| {
    let mut rows: Vec<&Language> = codes::LANGUAGES.iter().collect();
    rows.sort_by(|a, b| compare(a.bcp47, b.bcp47));
    rows
});

/// Compares two tags whatever their letter case.
fn compare(a: &str, b: &str) -> Ordering {
    a.bytes().map(|b| b.to_ascii_lowercase()).cmp(b.bytes().map(|b| b.to_ascii_lowercase()))
}

/// One language code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// The three-letter code.
    pub code: &'static str,
    /// The BCP 47 tag.
    pub bcp47: &'static str,
    /// The English name.
    pub name: &'static str,
}

/// A name of a language.
pub(crate) struct LanguageName {
    pub(crate) name: &'static str,
    pub(crate) bcp47: &'static str,
}

/// The language with this three-letter code: ISO 639-2/B, 639-2/T, a withdrawn MARC code or ISO 639-3.
///
/// ```
/// use vocabularies::languages;
///
/// assert_eq!(languages::by_iso_639_2("ger").map(|language| language.bcp47), Some("de"));
/// assert_eq!(languages::by_iso_639_2("deu").map(|language| language.bcp47), Some("de"));
/// ```
#[must_use]
pub fn by_iso_639_2(code: &str) -> Option<&'static Language> {
    fold::find(codes::LANGUAGES, code, |row| row.code)
}

/// The language with this primary BCP 47 subtag (`fi`, `smn`), in either case.
#[must_use]
pub fn by_bcp47(tag: &str) -> Option<&'static Language> {
    let tag = tag.trim();
    let (rows, below) = (&*BY_TAG, |row: &&Language| compare(row.bcp47, tag).is_lt());
    let at = rows.partition_point(below);
    rows.get(at).copied().filter(|row| row.bcp47.eq_ignore_ascii_case(tag))
}

/// The language with this name, in any of some twenty European languages or in the language itself.
///
/// ```
/// use vocabularies::languages;
///
/// for name in ["Swedish", "ruotsi", "svenska", "Schwedisch", "шведська"] {
///     assert_eq!(languages::by_name(name).map(|language| language.bcp47), Some("sv"), "{name}");
/// }
/// ```
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Language> {
    by_bcp47(fold::find(codes::LANGUAGE_NAMES, name, |row| row.name)?.bcp47)
}

/// The language that a code, a tag or a name stands for, in this order.
///
/// `None` for the codes that say that there is no language or that it is not known (`und`, `zxx`, `mul`, `mis`).
#[must_use]
pub fn find(text: &str) -> Option<&'static Language> {
    let text = text.trim();
    let language = match text.len() {
        2 => by_bcp47(text),
        3 => by_iso_639_2(text),
        _ => None,
    };
    let language = language.or_else(|| by_name(text)).or_else(|| by_bcp47(text.split(['-', '_']).next()?));
    language.filter(|language| !["und", "zxx", "mul", "mis"].contains(&language.bcp47))
}

/// All language codes, sorted by code.
#[must_use]
pub fn all() -> &'static [Language] {
    codes::LANGUAGES
}
