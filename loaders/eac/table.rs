//! `mapping.tsv` and `relations.tsv`: what words, codes and types mean.

use crate::shared::words::WordMap;
use oxrdf::NamedNodeRef;
use std::sync::LazyLock;

type Words = WordMap<&'static str>;

static TABLE: LazyLock<WordMap<Words>> = LazyLock::new(|| {
    let mut table: WordMap<Words> = WordMap::default();
    for [kind, word, value] in rows(include_str!("mapping.tsv")) {
        table.entry(kind).or_default().insert(word, value);
    }
    table
});

/// The part that the agent of the record plays in a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The relation goes out from it.
    Source,
    /// The relation leads to it.
    Target,
    /// Neither end comes first.
    Both,
}

/// What a word about a relation between two agents means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Relation {
    pub(super) class: NamedNodeRef<'static>,
    pub(super) way: Way,
    pub(super) property: NamedNodeRef<'static>,
    /// The property when the word was used from the wrong end.
    pub(super) inverse: Option<NamedNodeRef<'static>>,
}

impl Relation {
    /// The same relation, seen from its other end.
    pub(super) fn turned(self) -> Self {
        let way = match self.way {
            Way::Source => Way::Target,
            Way::Target => Way::Source,
            Way::Both => Way::Both,
        };
        match self.inverse {
            Some(inverse) => Self { way, property: inverse, inverse: Some(self.property), ..self },
            None => self,
        }
    }
}

static RELATIONS: LazyLock<WordMap<Relation>> = LazyLock::new(|| {
    rows(include_str!("relations.tsv"))
        .filter_map(|[word, class, way, property, inverse]| {
            let way = match way {
                "source" => Way::Source,
                "target" => Way::Target,
                _ => Way::Both,
            };
            let relation =
                Relation { class: term(class)?, way, property: term(property)?, inverse: term(inverse) };
            Some((word, relation))
        })
        .collect()
});

/// All rows of a table.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut columns = line.split('\t');
        std::array::from_fn(|_| columns.next().unwrap_or_default())
    })
}

/// The value of a word of a kind. Case and what stands around it do not count; of a type given as an IRI, the last
/// segment is the word.
pub(super) fn find(kind: &str, word: &str) -> Option<&'static str> {
    let words = TABLE.get(kind)?;
    let word = last_segment(word);
    words.get(word).copied().or_else(|| words.get(word.to_lowercase().trim_end_matches(':')).copied())
}

/// Whether a word of the kind stands anywhere in the text.
pub(super) fn mentions(kind: &str, text: &str) -> bool {
    let text = text.to_lowercase();
    TABLE.get(kind).is_some_and(|words| words.keys().any(|word| text.contains(word)))
}

/// What a type, arc role or role of a relation between agents means.
pub(super) fn relation(word: &str) -> Option<Relation> {
    let word = last_segment(word).to_lowercase();
    // `is member of` and `is_member_of` are the arc role `isMemberOf`; `temporal-earlier` keeps its hyphen.
    let packed = || word.chars().filter(|c| !matches!(c, ' ' | '_')).collect::<String>();
    RELATIONS.get(word.as_str()).or_else(|| RELATIONS.get(packed().as_str())).copied()
}

/// The last segment of an IRI or of a colon's sides, or the trimmed text itself.
pub(super) fn last_segment(text: &str) -> &str {
    let text = text.trim();
    if text.starts_with("http") {
        text.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or(text)
    } else {
        text.rsplit(':').next().filter(|last| !last.is_empty()).unwrap_or(text).trim()
    }
}

/// The term of a vocabulary that a prefixed name means.
pub(super) fn term(name: &str) -> Option<NamedNodeRef<'static>> {
    let (prefix, local) = name.split_once(':')?;
    let (_, namespace) = vocabularies::PREFIXES.iter().find(|(known, _)| *known == prefix)?;
    Some(NamedNodeRef::new_unchecked(vocabularies::term(&format!("{namespace}{local}"))?.iri))
}

/// An authority's IRI of the thing itself instead of the page about it; any other IRI as it is. A full stop at the end is
/// that of a sentence.
pub(super) fn thing(iri: &str) -> String {
    let iri = iri.trim().trim_end_matches('.');
    let rows = TABLE.get("iri").into_iter().flatten();
    // Of two beginnings that fit, the longer one knows better.
    match rows.filter(|(from, _)| iri.starts_with(*from)).max_by_key(|(from, _)| from.len()) {
        Some((from, to)) => joined(to, iri[from.len()..].trim_end_matches("#about")),
        None => iri.to_owned(),
    }
}

/// The IRI of an entry in an authority file, by the file's code.
pub(super) fn entry(code: &str, number: &str) -> Option<String> {
    Some(joined(find("authority", code)?, number))
}

/// The IRI in DBpedia of what a Wikipedia article is about.
pub(super) fn dbpedia(page: &str) -> Option<String> {
    let (_, rest) = page.trim().split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let language = host.strip_suffix(".wikipedia.org")?.trim_end_matches(".m");
    let title = path.strip_prefix("wiki/")?.split(['#', '?']).next()?;
    let namespace = TABLE.get("dbpedia")?.get(language)?;
    (!title.is_empty()).then(|| format!("{namespace}{title}"))
}

/// A number behind its prefix, and before what the prefix says after a blank.
fn joined(prefix: &str, number: &str) -> String {
    let (before, after) = prefix.split_once(' ').unwrap_or((prefix, ""));
    format!("{before}{number}{after}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_their_terms_are_known() {
        let keys: Vec<_> =
            rows(include_str!("mapping.tsv")).map(|[kind, word, _]: [&str; 3]| (kind, word)).collect();
        assert!(keys.is_sorted_by(|a, b| a < b), "mapping.tsv is sorted, each key once");
        for [kind, word, value] in rows(include_str!("mapping.tsv")) {
            assert!(!value.is_empty(), "{kind} {word}");
            if kind == "resource" {
                assert!(term(value).is_some(), "{word}: {value}");
            }
            if !matches!(kind, "iri" | "script" | "dbpedia") {
                assert_eq!(word, word.to_lowercase(), "words are in lower case");
            }
        }
        let words: Vec<_> = rows(include_str!("relations.tsv")).map(|[word, ..]: [&str; 5]| word).collect();
        assert!(words.is_sorted_by(|a, b| a < b), "relations.tsv is sorted, each word once");
        assert_eq!(RELATIONS.len(), words.len(), "every class and property is known");
        for [word, _, way, _, inverse] in rows(include_str!("relations.tsv")) {
            assert!(inverse.is_empty() || term(inverse).is_some(), "{word}: {inverse}");
            assert!(matches!(way, "source" | "target" | "both"), "{word}: {way}");
        }
        for table in [include_str!("mapping.tsv"), include_str!("relations.tsv")] {
            for header in ["# title:", "# source:", "# licence:", "# date:"] {
                assert!(table.contains(header), "{header}");
            }
        }
    }

    #[test]
    fn pages_become_things() {
        for (page, expected) in [
            ("https://www.wikidata.org/wiki/Q1", "http://www.wikidata.org/entity/Q1"),
            (
                "http://catalogue.bnf.fr/ark:/12148/cb11868511w",
                "https://data.bnf.fr/ark:/12148/cb11868511w#about",
            ),
            (
                "https://data.bnf.fr/ark:/12148/cb11868511w#about",
                "https://data.bnf.fr/ark:/12148/cb11868511w#about",
            ),
            ("https://example.org/1.", "https://example.org/1"),
        ] {
            assert_eq!(thing(page), expected);
        }
        let article = "https://fr.wikipedia.org/wiki/Victor_Hugo#Vie";
        assert_eq!(dbpedia(article).as_deref(), Some("http://fr.dbpedia.org/resource/Victor_Hugo"));
        assert_eq!(dbpedia("https://example.org/wiki/X"), None);
    }

    #[test]
    fn relations_turn_round() {
        let member = relation("http://example.org/roles#isMemberOf").unwrap();
        assert_eq!((member.way, member.turned().way), (Way::Target, Way::Source));
        assert_eq!(member.turned().property, relation("has member").unwrap().property);
        assert!(relation("temporal-earlier").is_some() && relation("nonsense").is_none());
    }
}
