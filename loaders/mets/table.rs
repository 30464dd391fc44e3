//! `mapping.tsv`: what words, codes and types mean.

use oxrdf::NamedNodeRef;
use std::collections::HashMap;
use std::sync::LazyLock;

type Words = HashMap<&'static str, &'static str>;

static TABLE: LazyLock<HashMap<&'static str, Words>> = LazyLock::new(|| {
    let mut table: HashMap<&str, Words> = HashMap::new();
    for [kind, word, value] in rows() {
        table.entry(kind).or_default().insert(word, value);
    }
    table
});

fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    include_str!("mapping.tsv").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some([columns.next()?, columns.next()?, columns.next()?])
    })
}

/// The value of a word of a kind. Case, blanks at the ends and underscores for blanks do not count.
pub(super) fn find(kind: &str, word: &str) -> Option<&'static str> {
    let words = TABLE.get(kind)?;
    let lower = word.trim().to_lowercase();
    words.get(lower.as_str()).or_else(|| words.get(lower.replace('_', " ").as_str())).copied()
}

/// The term of a vocabulary that a word of a kind means.
pub(super) fn find_term(kind: &str, word: &str) -> Option<NamedNodeRef<'static>> {
    find(kind, word).and_then(term)
}

/// The term of a vocabulary that a prefixed name means.
pub(super) fn term(name: &str) -> Option<NamedNodeRef<'static>> {
    let (prefix, local) = name.split_once(':')?;
    let (_, namespace) = vocabularies::PREFIXES.iter().find(|(known, _)| *known == prefix)?;
    known(&format!("{namespace}{local}"))
}

/// The term of a vocabulary with this IRI.
pub(super) fn known(iri: &str) -> Option<NamedNodeRef<'static>> {
    Some(NamedNodeRef::new_unchecked(vocabularies::term(iri)?.iri))
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
        for line in include_str!("mapping.tsv").lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(line.split('\t').count(), 3, "{line}");
        }
        for [kind, word, value] in rows() {
            assert_eq!(word, word.to_lowercase(), "words are in lower case");
            if value.contains(':') && !value.contains("//") {
                assert!(term(value).is_some(), "{kind} {word}: {value}");
            }
        }
    }

    #[test]
    fn words_are_found_in_any_case() {
        assert_eq!(find("hash", " SHA-256 "), Some("hashFunction:sha256"));
        assert_eq!(find_term("event", "Virus_Check"), Some(vocabularies::event_type::VIR));
        assert_eq!(find("event", "dancing"), None);
    }
}
