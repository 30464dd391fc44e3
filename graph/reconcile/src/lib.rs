//! Reconciliation: which entities of the graph are one and the same, with the evidence.
//!
//! * [`authority`]: mirrors of authority files, and the graph's own entities in the same form.
//! * [`names`]: names taken apart, and the keys they are looked up by.
//! * [`matching`]: which entry a mention means, with a probability and what that rests on.
//! * [`editions`]: which items of several libraries are of the same edition.
//! * [`decisions`]: what people decided, which overrules all of it.
//!
//! Nothing here edits what an owner said: links stand in a graph of their own.

#[cfg(test)]
extern crate self as graph_reconcile;

pub mod authority;
pub mod decisions;
pub mod editions;
mod kind;
mod label;
pub mod matching;
pub mod names;
mod years;

pub use kind::Kind;
pub use label::{Label, Note, Role};
pub use years::{Point, Years};

use std::collections::BTreeMap;

/// That two entities are the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The entity whose IRI sorts first.
    pub one: String,
    /// The other entity.
    pub other: String,
    /// The authority's IRI that both records gave.
    pub evidence: String,
}

/// Links entities that carry the same identifier, from pairs of entity and identifier in any order.
///
/// A group of n entities gives n − 1 links, from the first by IRI to each other one; a pair that several
/// identifiers prove is linked once, with the first identifier. An identifier that more than `most` entities
/// carry is no evidence but a placeholder (a scheme's root, a "not known" entry) and links nothing; it is
/// given back as suspicious.
///
/// ```
/// let pairs = [("https://x.org/id/agent/a", "http://viaf.org/viaf/1"), ("https://x.org/id/agent/b", "http://viaf.org/viaf/1")];
/// let (links, suspicious) = graph_reconcile::by_shared_identifier(pairs, 20);
/// assert_eq!(links[0].evidence, "http://viaf.org/viaf/1");
/// assert!(suspicious.is_empty());
/// ```
pub fn by_shared_identifier<'p>(
    pairs: impl IntoIterator<Item = (&'p str, &'p str)>,
    most: usize,
) -> (Vec<Link>, Vec<String>) {
    let mut carriers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (entity, identifier) in pairs {
        carriers.entry(authority::normalised(identifier).into_owned()).or_default().push(entity);
    }
    let (mut links, mut suspicious) = (BTreeMap::new(), Vec::new());
    for (identifier, mut entities) in carriers {
        entities.sort_unstable();
        entities.dedup();
        if entities.len() > most {
            suspicious.push(identifier);
            continue;
        }
        let Some((first, others)) = entities.split_first() else { continue };
        for other in others {
            links.entry(((*first).to_owned(), (*other).to_owned())).or_insert_with(|| identifier.clone());
        }
    }
    let links = links.into_iter().map(|((one, other), evidence)| Link { one, other, evidence }).collect();
    (links, suspicious)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_linked_to_its_first_and_a_pair_once() {
        let pairs = [
            ("c", "http://viaf.org/viaf/1"),
            ("a", "https://viaf.org/viaf/1/"),
            ("b", "http://viaf.org/viaf/1"),
            ("a", "http://isni.org/isni/1"),
            ("b", "http://isni.org/isni/1"),
            ("d", "http://isni.org/isni/2"),
        ];
        let (links, suspicious) = by_shared_identifier(pairs, 20);
        let ends: Vec<_> = links.iter().map(|link| (link.one.as_str(), link.other.as_str())).collect();
        assert_eq!(ends, [("a", "b"), ("a", "c")]);
        assert_eq!(links[0].evidence, "http://isni.org/isni/1");
        assert!(suspicious.is_empty());
    }

    #[test]
    fn a_placeholder_links_nothing() {
        let names: Vec<String> = (0..30).map(|number| format!("e{number}")).collect();
        let (links, suspicious) =
            by_shared_identifier(names.iter().map(|name| (name.as_str(), "http://x.org/0")), 20);
        assert!(links.is_empty());
        assert_eq!(suspicious, ["http://x.org/0"]);
    }
}
