//! Reading: entities, labels, what points where.
//!
//! Look-ups here are bounded by construction: each is a handful of index seeks and a capped walk, so that they may
//! run inside the serving process, unlike queries.

use crate::error::StoreError;
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term, TermRef};
use oxigraph::store::Store;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;
use vocabularies::{dc, dcterms, foaf, rdf, rdfs, schema, skos};

/// Which properties name a thing, the best first.
const LABEL_PROPERTIES: [NamedNodeRef<'static>; 6] =
    [skos::PREF_LABEL, dc::TITLE, rdfs::LABEL, foaf::NAME, dcterms::TITLE, schema::NAME];

/// A read-only handle on a store; cheap to clone, to be shared by threads.
#[derive(Clone)]
pub struct Snapshot {
    pub(crate) store: Store,
}

/// All that is said of an entity: the quads whose subject is its IRI or a fragment of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entity {
    /// The quads, in every graph; the entity's own first, then those of its fragments by IRI, the type before
    /// other properties. The same store gives the same order.
    pub quads: Vec<Quad>,
    /// Whether these are all; an entity larger than [`Snapshot::ENTITY_LIMIT`] is cut.
    pub complete: bool,
}

/// A statement that has some entity as its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Who points.
    pub subject: NamedNode,
    /// By which property.
    pub predicate: NamedNode,
    /// Where it is said.
    pub graph: GraphName,
}

/// A page of the statements that point at an entity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Incoming {
    /// The page.
    pub references: Vec<Reference>,
    /// How many there are altogether, counted up to [`Snapshot::COUNT_LIMIT`] past the page.
    pub total: usize,
    /// Whether `total` is exact; otherwise there are more.
    pub exact: bool,
}

/// What a thing is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The text.
    pub text: String,
    /// Its BCP 47 tag, where the source told it.
    pub language: Option<String>,
}

impl Snapshot {
    /// How many quads of one entity are read at most.
    pub const ENTITY_LIMIT: usize = 20_000;
    /// How far past a page [`Snapshot::incoming`] counts.
    pub const COUNT_LIMIT: usize = 1_000;

    /// Opens a folder that nobody writes to.
    ///
    /// # Errors
    /// [`StoreError::Open`] when there is no store, or a damaged one.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let open = |reason| StoreError::Open { path: path.to_owned(), reason };
        Ok(Self { store: Store::open_read_only(path).map_err(open)? })
    }

    /// All that is said of the entity: following objects that are fragments of it, until nothing new is met.
    ///
    /// # Errors
    /// When the store fails.
    pub fn entity(&self, iri: &str) -> Result<Entity, StoreError> {
        let Ok(root) = NamedNode::new(iri) else { return Ok(Entity { quads: Vec::new(), complete: true }) };
        let mut quads = Vec::with_capacity(64);
        let mut waiting = vec![root.clone()];
        let mut met = HashSet::from([root]);
        while let Some(subject) = waiting.pop() {
            for quad in self.store.quads_for_pattern(Some(subject.as_ref().into()), None, None, None) {
                if quads.len() == Self::ENTITY_LIMIT {
                    return Ok(Entity { quads: ordered(quads, iri), complete: false });
                }
                let quad = quad?;
                if let Term::NamedNode(object) = &quad.object
                    && is_fragment(object.as_str(), iri)
                    && met.insert(object.clone())
                {
                    waiting.push(object.clone());
                }
                quads.push(quad);
            }
        }
        Ok(Entity { quads: ordered(quads, iri), complete: true })
    }

    /// The statements that point at the IRI, at most [`Self::ENTITY_LIMIT`]: all that there is to give of a thing that
    /// records name and none describes.
    ///
    /// # Errors
    /// When the store fails.
    pub fn mentions(&self, iri: &str) -> Result<Entity, StoreError> {
        let Ok(node) = NamedNode::new(iri) else { return Ok(Entity { quads: Vec::new(), complete: true }) };
        let mut pointing = self.store.quads_for_pattern(None, None, Some(TermRef::from(node.as_ref())), None);
        let mut quads = pointing.by_ref().take(Self::ENTITY_LIMIT).collect::<Result<Vec<_>, _>>()?;
        let key = |quad: &Quad| (quad.subject.to_string(), quad.predicate.as_str().to_owned());
        quads.sort_by_cached_key(key);
        Ok(Entity { quads, complete: pointing.next().transpose()?.is_none() })
    }

    /// Whether anything is said of the IRI.
    ///
    /// # Errors
    /// When the store fails.
    pub fn exists(&self, iri: &str) -> Result<bool, StoreError> {
        let Ok(node) = NamedNode::new(iri) else { return Ok(false) };
        let first = self.store.quads_for_pattern(Some(node.as_ref().into()), None, None, None).next();
        Ok(first.transpose()?.is_some())
    }

    /// A page of the statements that point at the entity, in the order of the index: stable for one store, without
    /// further meaning.
    ///
    /// # Errors
    /// When the store fails.
    pub fn incoming(&self, iri: &str, offset: usize, limit: usize) -> Result<Incoming, StoreError> {
        let Ok(node) = NamedNode::new(iri) else {
            return Ok(Incoming { exact: true, ..Incoming::default() });
        };
        let mut page = Incoming { exact: true, ..Incoming::default() };
        let end = offset.saturating_add(limit);
        for quad in self.store.quads_for_pattern(None, None, Some(TermRef::from(node.as_ref())), None) {
            if page.total == end.saturating_add(Self::COUNT_LIMIT) {
                page.exact = false;
                break;
            }
            let Quad { subject, predicate, graph_name: graph, .. } = quad?;
            let NamedOrBlankNode::NamedNode(subject) = subject else { continue };
            if (offset..end).contains(&page.total) {
                page.references.push(Reference { subject, predicate, graph });
            }
            page.total += 1;
        }
        Ok(page)
    }

    /// What the things are called, in the first of the languages that each has; else without a language, else in
    /// English, else in the first by tag. Things without a name are not in the answer.
    ///
    /// # Errors
    /// When the store fails.
    pub fn labels(&self, iris: &[&str], languages: &[&str]) -> Result<HashMap<String, Label>, StoreError> {
        let mut labels = HashMap::with_capacity(iris.len());
        for &iri in iris {
            if !labels.contains_key(iri)
                && let Some(label) = self.label(iri, languages)?
            {
                labels.insert(iri.to_owned(), label);
            }
        }
        Ok(labels)
    }

    fn label(&self, iri: &str, languages: &[&str]) -> Result<Option<Label>, StoreError> {
        let Ok(node) = NamedNode::new(iri) else { return Ok(None) };
        for property in LABEL_PROPERTIES {
            let mut best: Option<(usize, Label)> = None;
            for quad in self.store.quads_for_pattern(Some(node.as_ref().into()), Some(property), None, None) {
                let Term::Literal(literal) = quad?.object else { continue };
                let label =
                    Label { language: literal.language().map(str::to_owned), text: literal.destruct().0 };
                let rank = rank(label.language.as_deref(), languages);
                let key = (rank, &label.language, &label.text);
                if best.as_ref().is_none_or(|(rank, best)| key < (*rank, &best.language, &best.text)) {
                    best = Some((rank, label));
                }
            }
            if let Some((_, label)) = best {
                return Ok(Some(label));
            }
        }
        Ok(None)
    }

    /// The number of quads. It is counted by walking an index: about a second for five million.
    ///
    /// # Errors
    /// When the store fails.
    pub fn len(&self) -> Result<usize, StoreError> {
        Ok(self.store.len()?)
    }

    /// Whether there is no quad at all.
    ///
    /// # Errors
    /// When the store fails.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.store.is_empty()?)
    }

    /// The names of the graphs, sorted.
    ///
    /// # Errors
    /// When the store fails.
    pub fn graphs(&self) -> Result<Vec<NamedNode>, StoreError> {
        let mut graphs = Vec::new();
        for graph in self.store.named_graphs() {
            if let NamedOrBlankNode::NamedNode(graph) = graph? {
                graphs.push(graph);
            }
        }
        graphs.sort_unstable();
        Ok(graphs)
    }

    /// The quads that match, in the order of the index that serves the pattern; without a subject but with a
    /// graph, subjects and their properties stand together.
    pub fn matching(
        &self,
        subject: Option<NamedNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<NamedNodeRef<'_>>,
    ) -> impl Iterator<Item = Result<Quad, StoreError>> + use<> {
        self.store
            .quads_for_pattern(subject.map(Into::into), predicate, object, graph.map(Into::into))
            .map(|quad| Ok(quad?))
    }

    /// All quads of one graph: subjects and their properties stand together.
    pub fn quads_of_graph(
        &self,
        graph: NamedNodeRef<'_>,
    ) -> impl Iterator<Item = Result<Quad, StoreError>> + use<> {
        self.matching(None, None, None, Some(graph))
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

fn is_fragment(iri: &str, of: &str) -> bool {
    iri.strip_prefix(of).is_some_and(|rest| rest.starts_with('#'))
}

fn rank(language: Option<&str>, wanted: &[&str]) -> usize {
    let matches = |tag: &str, wanted: &str| {
        let head = tag.get(..wanted.len()).is_some_and(|head| head.eq_ignore_ascii_case(wanted));
        head && matches!(tag.as_bytes().get(wanted.len()), None | Some(b'-'))
    };
    match language {
        Some(tag) => wanted
            .iter()
            .position(|wanted| matches(tag, wanted))
            .unwrap_or(wanted.len() + if matches(tag, "en") { 1 } else { 2 }),
        None => wanted.len(),
    }
}

fn ordered(mut quads: Vec<Quad>, iri: &str) -> Vec<Quad> {
    fn subject(quad: &Quad) -> &str {
        match &quad.subject {
            NamedOrBlankNode::NamedNode(node) => node.as_str(),
            NamedOrBlankNode::BlankNode(node) => node.as_str(),
        }
    }
    fn object(quad: &Quad) -> (&str, &str) {
        match &quad.object {
            Term::NamedNode(node) => (node.as_str(), ""),
            Term::Literal(literal) => (literal.value(), literal.language().unwrap_or_default()),
            _ => ("", ""),
        }
    }
    // The root is the shortest of the subjects and a prefix of the others, so text order puts it first.
    debug_assert!(quads.iter().all(|quad| subject(quad).starts_with(iri)));
    quads.sort_by(|a, b| {
        let key = |quad: &Quad| quad.predicate != rdf::TYPE;
        subject(a)
            .cmp(subject(b))
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.predicate.as_str().cmp(b.predicate.as_str()))
            .then_with(|| object(a).cmp(&object(b)))
    });
    quads
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use oxigraph::io::RdfFormat;

    fn snapshot() -> Snapshot {
        let store = Store::new().unwrap();
        let text = r#"
            PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX dc: <http://purl.org/dc/elements/1.1/>
            PREFIX x: <http://x/>
            GRAPH x:g {
                x:1 dc:title "Talo"@fi, "House"@en ; a x:Book ; x:p <http://x/1#b> ; x:to x:10 .
                <http://x/1#b> x:p <http://x/1#a> , x:10 .
                <http://x/1#a> x:p <http://x/1#b> ; a x:Part .
                <http://x/1#lost> x:p 1 .
                x:10 skos:prefLabel "Ten"@en-GB, "Kymmenen"@fi, "10" ; dc:title "not this" .
                x:11 dc:title "zehn"@de, "dix"@fr .
            }
            GRAPH x:h { x:1 x:hash "1" }
        "#;
        store.load_from_slice(RdfFormat::TriG, text.as_bytes()).unwrap();
        Snapshot { store }
    }

    #[test]
    fn an_entity_is_itself_and_its_reachable_fragments() {
        let entity = snapshot().entity("http://x/1").unwrap();
        assert!(entity.complete);
        let subjects: Vec<String> = entity.quads.iter().map(|quad| quad.subject.to_string()).collect();
        assert_eq!(subjects.iter().filter(|s| *s == "<http://x/1>").count(), 6);
        assert_eq!(subjects.iter().filter(|s| *s == "<http://x/1#a>").count(), 2);
        assert_eq!(subjects.len(), 10);
        assert_eq!(entity.quads[0].predicate, rdf::TYPE);
        assert_eq!(subjects[6], "<http://x/1#a>");
        assert!(snapshot().entity("http://x/none").unwrap().quads.is_empty());
        assert!(snapshot().entity("not an iri").unwrap().quads.is_empty());
        assert!(snapshot().exists("http://x/1").unwrap() && !snapshot().exists("http://x/2").unwrap());
    }

    #[test]
    fn incoming_pages_and_counts() {
        let page = snapshot().incoming("http://x/10", 1, 5).unwrap();
        assert_eq!((page.references.len(), page.total, page.exact), (1, 2, true));
        assert_eq!(page.references[0].graph.to_string(), "<http://x/g>");
    }

    #[test]
    fn labels_follow_the_languages_wanted() {
        let snapshot = snapshot();
        let label = |iri: &str, languages: &[&str]| {
            snapshot.labels(&[iri], languages).unwrap().remove(iri).map(|label| label.text)
        };
        assert_eq!(label("http://x/10", &["fi"]).as_deref(), Some("Kymmenen"));
        assert_eq!(label("http://x/10", &["sv", "en"]).as_deref(), Some("Ten"));
        assert_eq!(label("http://x/10", &["sv"]).as_deref(), Some("10"));
        assert_eq!(label("http://x/1", &["sv"]).as_deref(), Some("House"));
        assert_eq!(label("http://x/11", &["sv"]).as_deref(), Some("zehn"));
        assert_eq!(label("http://x/p", &["sv"]), None);
    }
}
