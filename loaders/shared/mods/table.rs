//! `mapping.tsv`: what the words of MODS mean.

use crate::shared::tables;
use oxrdf::NamedNodeRef;
use std::collections::HashMap;
use std::sync::LazyLock;

static TABLE: LazyLock<HashMap<(&'static str, &'static str), &'static str>> =
    LazyLock::new(|| rows().map(|[kind, word, value]| ((kind, word), value)).collect());

pub(super) fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    tables::rows(include_str!("mapping.tsv"))
        .filter_map(|mut cells| Some([cells.next()?, cells.next()?, cells.next()?]))
}

/// The value of a word of a kind; case, a final colon and blanks at the ends do not count.
pub(super) fn find(kind: &'static str, word: &str) -> Option<&'static str> {
    let word = word.trim().trim_end_matches([':', '.']).to_lowercase();
    // A lookup by a borrowed pair: the kinds live as long as the table.
    TABLE.get(&(kind, word.as_str())).copied()
}

/// The term that a word of a kind means.
pub(super) fn term(kind: &'static str, word: &str) -> Option<NamedNodeRef<'static>> {
    find(kind, word).and_then(tables::term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_terms_are_known() {
        let keys: Vec<_> = rows().map(|[kind, word, _]| (kind, word)).collect();
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
        for [kind, word, value] in rows() {
            assert_eq!(word, word.to_lowercase(), "words are in lower case");
            if value.contains(':') && !value.contains("//") {
                assert!(tables::term(value).is_some(), "{kind} {word}: {value}");
            }
        }
    }
}
