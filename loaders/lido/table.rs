//! `mapping.tsv`: what words, codes and types mean.

use crate::shared::words::WordMap;
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use std::sync::LazyLock;

type Words = WordMap<&'static str>;

static TABLE: LazyLock<WordMap<Words>> = LazyLock::new(|| {
    let mut table: WordMap<Words> = WordMap::default();
    for [kind, word, value] in rows() {
        table.entry(kind).or_default().insert(word, value);
    }
    table
});

/// All rows of the table.
pub(super) fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    include_str!("mapping.tsv").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some([columns.next()?, columns.next()?, columns.next()?])
    })
}

/// The value of a word of a kind. Case and blanks at the ends do not count; of a type given as an IRI, its
/// last segment is the word.
pub(super) fn find(kind: &str, word: &str) -> Option<&'static str> {
    let words = TABLE.get(kind)?;
    let word = code(word);
    if let Some(value) = words.get(word) {
        return Some(value);
    }
    let lower = word.to_lowercase();
    words.get(lower.trim_end_matches([':', '.'])).copied()
}

/// The last segment of an IRI, or the trimmed text itself.
pub(super) fn code(text: &str) -> &str {
    let text = text.trim();
    if text.starts_with("http") { text.rsplit(['/', '#']).next().unwrap_or(text) } else { text }
}

/// The term of a vocabulary that a prefixed name means.
pub(super) fn term(name: &str) -> Option<NamedNodeRef<'static>> {
    let (prefix, local) = name.split_once(':')?;
    let (_, namespace) = vocabularies::PREFIXES.iter().find(|(known, _)| *known == prefix)?;
    Some(NamedNodeRef::new_unchecked(vocabularies::term(&format!("{namespace}{local}"))?.iri))
}

static IRIS: LazyLock<Vec<(&'static str, &'static str)>> =
    LazyLock::new(|| rows().filter(|[kind, ..]| *kind == "iri").map(|[_, from, to]| (from, to)).collect());

/// An authority's IRI of the thing itself instead of the page about it; `None` for a page that names no
/// thing of an authority, such as an encyclopedia's.
pub(super) fn thing(iri: &str) -> Option<Cow<'_, str>> {
    let iri = iri.trim();
    match IRIS.iter().find(|(from, _)| iri.starts_with(from)) {
        Some((_, "-")) => None,
        Some((from, to)) => Some(Cow::Owned(format!("{to}{}", &iri[from.len()..]))),
        None if iri.contains(".wikipedia.org/") => None,
        None => Some(Cow::Borrowed(iri)),
    }
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
            if kind != "iri" {
                assert_eq!(word, word.to_lowercase(), "words are in lower case");
            }
            for name in value.split(' ').filter(|name| name.contains(':') && !name.contains("//")) {
                assert!(term(name).is_some(), "{kind} {word}: {name}");
            }
        }
    }

    #[test]
    fn pages_become_things() {
        assert_eq!(
            thing("https://www.wikidata.org/wiki/Q1").as_deref(),
            Some("http://www.wikidata.org/entity/Q1")
        );
        assert_eq!(thing("https://de.wikipedia.org/wiki/Terra Sigillata"), None);
        assert_eq!(thing("https://example.org/1").as_deref(), Some("https://example.org/1"));
    }
}
