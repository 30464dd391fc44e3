//! Schemes of subjects and genres: from the codes of the Library of Congress's list of sources (MARC `$2`, MODS `authority`)
//! to the IRI of the scheme and the language of its terms. The table is `schemes.tsv`.

use crate::shared::languages;
use std::sync::LazyLock;

/// A scheme of subjects or genres.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scheme {
    /// The IRI of the concept scheme.
    pub(crate) iri: Option<&'static str>,
    /// The language of its terms, where it has only one.
    pub(crate) language: Option<&'static str>,
}

static SCHEMES: LazyLock<Vec<(&str, Scheme)>> = LazyLock::new(|| {
    let some = |text: &'static str| (!text.is_empty()).then_some(text);
    let rows = include_str!("schemes.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.skip(1)
        .map(|row| {
            let mut cells = row.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            (cell(), Scheme { iri: some(cell()), language: some(cell()) })
        })
        .collect()
});

/// The scheme with this code; one that the table does not have tells nothing but its language part.
pub(crate) fn known(code: &str) -> Scheme {
    let code = code.trim();
    let (base, language) =
        code.split_once('/').map_or((code, None), |(base, part)| (base, languages::tag(part)));
    let found =
        SCHEMES.binary_search_by_key(&base, |(code, _)| code).map(|at| SCHEMES[at].1).unwrap_or_default();
    Scheme { language: language.or(found.language), ..found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(SCHEMES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(known("yso/swe").iri, known("yso/fin").iri);
        assert_eq!(known("allars").language, Some("sv"));
    }
}
