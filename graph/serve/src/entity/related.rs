//! What points at an entity: the works of a person, the things about a subject, the parts of a whole.
//!
//! All of it is counted, however famous the entity is: the index has the references as sorted numbers. They are grouped
//! by property and sector; a group shows its first few and links to a page of its own. Up to [`SORTED`] things of a group
//! are in the order of their names, more in the order of their identifiers, as only the names of those shown are read.

use super::facts::{capital, mentioned, subject};
use super::order::{PICTURES, is_detail, rank};
use crate::generation::Generation;
use crate::path::document_of;
use crate::problem::Problem;
use crate::ranks::{Ranks, Realm, Realms};
use crate::search::all_items;
use crate::value::{Value, Words};
use graph_index::TermId;
use graph_store::rdf::{NamedNodeRef, Quad, Term};
use std::collections::{HashMap, HashSet};
use vocabularies::{aarre, bf, dc, dcterms, edm, foaf, skos};

/// Groups up to this size are in the order of names, and fragments in them are counted as their documents.
const SORTED: usize = 1_000;
/// How many references of the detail layer are compared, text by text, with what the core has said.
const COMPARED: usize = 150_000;
/// How many things a group shows on the entity's page, and on its own page.
const FEW: usize = 12;
const MANY: usize = 60;

/// Things that point at the entity by the same property, from the same sector.
#[derive(Debug)]
pub(super) struct Group {
    /// What names the group in an address.
    pub(super) key: String,
    pub(super) sector: String,
    /// The property as it is seen from here: `As creator`.
    pub(super) property: String,
    pub(super) count: usize,
    pub(super) things: Vec<Thing>,
    /// Whether there are more than are shown.
    pub(super) more: bool,
    /// The search for all of them, where items are told apart by the property.
    pub(super) all: Option<String>,
}

/// A thing in a list.
#[derive(Debug)]
pub(crate) struct Thing {
    pub(crate) name: Value,
    pub(crate) note: String,
    pub(crate) picture: Option<String>,
}

/// What points at an entity.
#[derive(Debug, Default)]
pub(super) struct Related {
    /// The parts of a whole, such as the files of a series.
    pub(super) parts: Option<Group>,
    pub(super) groups: Vec<Group>,
    /// The items that point here by what the core says, sorted; for what is told of all of them.
    pub(super) items: Vec<u32>,
    /// Where the next and the previous page of a single group begin.
    pub(super) next: Option<usize>,
    pub(super) previous: Option<usize>,
}

/// A group before it is shown.
struct Draft {
    realm: Realm,
    predicate: String,
    subjects: Vec<u32>,
}

/// Counts, groups, and shows the beginnings of the groups, or one `group` from `from` on.
pub(super) fn related(
    generation: &Generation,
    (iri, merged): (&str, &[String]),
    from: usize,
    group: Option<&str>,
    words: &mut Words<'_>,
) -> Result<Related, Problem> {
    let mut related = Related::default();
    let Some(ranks) = Ranks::of(generation) else { return Ok(related) };
    let realms = Realms::new(ranks, words.place.base());
    let mut drafts = drafts(ranks, &realms, iri, merged);
    for draft in drafts.iter().filter(|draft| {
        matches!(draft.realm, Realm::Item(_)) && !is_detail(&draft.predicate) && !is_part(&draft.predicate)
    }) {
        related.items.extend_from_slice(&draft.subjects);
    }
    related.items.sort_unstable();
    related.items.dedup();
    if let Some(wanted) = group {
        drafts.retain(|draft| key(draft, &realms) == wanted);
    }
    // Nothing has more references than this; a larger number is nonsense that must not overflow.
    let from = from.min(u32::MAX as usize);
    for mut draft in drafts {
        let parts = is_part(&draft.predicate);
        let limit = if group.is_some() || parts { MANY } else { FEW };
        let start = if group.is_some() { from } else { 0 };
        if group.is_some() {
            related.next = (start + limit < draft.subjects.len()).then_some(start + limit);
            related.previous = (start > 0).then(|| start.saturating_sub(limit));
        }
        sort(generation, ranks, &mut draft, words)?;
        let page = draft.subjects.iter().skip(start).take(limit);
        let page: Vec<String> = page.map(|id| document_of(&ranks.text(*id)).to_owned()).collect();
        words.learn(&generation.snapshot, page.iter().map(String::as_str))?;
        let mut things = Vec::with_capacity(page.len());
        for document in &page {
            things.push(thing(generation, document, iri, words)?);
        }
        let count = draft.subjects.len();
        let shown = Group {
            key: key(&draft, &realms),
            sector: match draft.realm {
                Realm::Item(sector) if !realms.sectors[sector].is_empty() => {
                    capital(&words.name(&realms.sectors[sector]).text)
                }
                Realm::Work => words.language.word("works").to_owned(),
                _ => String::new(),
            },
            property: seen_from_here(&draft.predicate, words),
            count,
            more: start + limit < count || start > 0,
            all: match draft.realm {
                Realm::Item(sector) if !parts && generation.engine.items().is_some() => {
                    all_items(&draft.predicate, iri, &realms.sectors[sector], words.place)
                }
                _ => None,
            },
            things,
        };
        if parts {
            related.parts = Some(shown);
        } else {
            related.groups.push(shown);
        }
    }
    Ok(related)
}

fn is_part(predicate: &str) -> bool {
    predicate == dcterms::IS_PART_OF.as_str()
}

/// The role of this entity in what points at it.
fn seen_from_here(predicate: &str, words: &Words<'_>) -> String {
    let roles = [
        (dc::CREATOR, words.language.word("as.creator")),
        (dc::CONTRIBUTOR, words.language.word("as.contributor")),
        (dc::SUBJECT, words.language.word("as.subject")),
        (dc::PUBLISHER, words.language.word("as.publisher")),
        (dcterms::SPATIAL, words.language.word("as.place")),
        (edm::CURRENT_LOCATION, words.language.word("as.location")),
        (edm::DATA_PROVIDER, words.language.word("as.provider")),
        (dc::TYPE, words.language.word("as.type")),
        (dcterms::MEDIUM, words.language.word("as.medium")),
    ];
    let role = roles.iter().find(|(property, _)| property.as_str() == predicate);
    role.map_or_else(|| capital(&words.name(predicate).text), |(_, role)| (*role).to_owned())
}

/// Groups the references. What a document says in the detail layer is not listed again when the core has said it.
fn drafts(ranks: Ranks<'_>, realms: &Realms, iri: &str, merged: &[String]) -> Vec<Draft> {
    let ignored = [
        dcterms::IS_REPLACED_BY,
        edm::AGGREGATED_CHO,
        foaf::PRIMARY_TOPIC,
        skos::NARROWER,
        dcterms::HAS_PART,
        bf::HAS_EQUIVALENT,
    ];
    let statements = ranks.index.statements();
    let mut properties: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut public = Public::new(ranks);
    for target in std::iter::once(iri).chain(merged.iter().map(String::as_str)) {
        let Some(target) = ranks.id(target) else { continue };
        for property in statements.predicates_of_object(target) {
            let pairs = statements.by_object(TermId(*property)).of(target.0);
            let subjects = properties.entry(*property).or_default();
            subjects.extend(
                pairs
                    .values
                    .iter()
                    .zip(pairs.graphs)
                    .filter(|(_, set)| public.is(**set))
                    .map(|(subject, _)| *subject),
            );
        }
    }
    let mut properties: Vec<(String, Vec<u32>)> =
        properties.into_iter().map(|(property, subjects)| (ranks.text(property), subjects)).collect();
    properties.retain(|(property, _)| !ignored.iter().any(|ignored| ignored.as_str() == property));
    // What the detail layer says stands after all that the core says.
    properties.sort_by_cached_key(|(property, _)| {
        (is_detail(property), NamedNodeRef::new(property).map_or(0, rank), property.clone())
    });
    let own: HashSet<&str> = std::iter::once(iri).chain(merged.iter().map(String::as_str)).collect();
    let mut listed: Vec<u32> = Vec::new();
    let mut drafts = Vec::new();
    let mut compared = 0;
    for (predicate, mut subjects) in properties {
        subjects.sort_unstable();
        subjects.dedup();
        // The records of an institution are its items.
        if predicate == edm::DATA_PROVIDER.as_str() {
            let mut items = Vec::with_capacity(subjects.len());
            ranks.join(&subjects, edm::AGGREGATED_CHO, |_, item| items.push(item));
            items.sort_unstable();
            items.dedup();
            subjects = items;
        }
        if is_detail(&predicate) {
            subjects.retain(|subject| !said(ranks, &listed, *subject, &mut compared));
        }
        if subjects.len() <= SORTED {
            as_documents(ranks, &mut subjects, &own);
        }
        let mut by_realm: HashMap<Realm, Vec<u32>> = HashMap::new();
        for subject in subjects {
            by_realm.entry(realms.of(subject)).or_default().push(subject);
        }
        let mut by_realm: Vec<_> = by_realm.into_iter().filter(|(realm, _)| *realm != Realm::Inner).collect();
        by_realm.sort_unstable_by_key(|(realm, _)| match realm {
            Realm::Item(sector) => (0, realms.sectors[*sector].as_str()),
            Realm::Work => (1, ""),
            _ => (2, ""),
        });
        for (realm, subjects) in by_realm {
            listed.extend_from_slice(&subjects);
            drafts.push(Draft { realm, predicate: predicate.clone(), subjects });
        }
        listed.sort_unstable();
        listed.dedup();
    }
    drafts
}

/// Whether the subject, or the document that it is a fragment of, is listed. A document's fragments follow it in the
/// order of IRIs, with at most other fragments between.
fn said(ranks: Ranks<'_>, listed: &[u32], subject: u32, compared: &mut usize) -> bool {
    let at = listed.partition_point(|other| *other <= subject);
    let Some(before) = at.checked_sub(1).and_then(|at| listed.get(at)) else { return false };
    if *before == subject {
        return true;
    }
    *compared += 1;
    *compared <= COMPARED && document_of(&ranks.text(subject)) == document_of(&ranks.text(*before))
}

/// Fragments as their documents, each once, without the entity itself.
fn as_documents(ranks: Ranks<'_>, subjects: &mut Vec<u32>, own: &HashSet<&str>) {
    let document = |subject: &u32| {
        let text = ranks.text(*subject);
        let document = document_of(&text);
        if own.contains(document) {
            return None;
        }
        // A document that says nothing itself keeps its fragment's number.
        if document == text { Some(*subject) } else { Some(ranks.id(document).map_or(*subject, |id| id.0)) }
    };
    let mut documents: Vec<u32> = subjects.iter().filter_map(document).collect();
    documents.sort_unstable();
    documents.dedup();
    *subjects = documents;
}

/// Which sets of graphs speak about the world: provenance and catalogue speak about records.
struct Public<'g> {
    ranks: Ranks<'g>,
    inner: Vec<u32>,
    known: HashMap<u32, bool>,
}

impl<'g> Public<'g> {
    fn new(ranks: Ranks<'g>) -> Self {
        let is_inner = |graph: &u32| {
            let name = ranks.text(*graph);
            matches!(name.rsplit('/').next(), Some("provenance" | "catalog"))
        };
        let named =
            ranks.index.graphs().names().iter().filter(|graph| **graph != graph_index::Graphs::DEFAULT);
        Self { ranks, inner: named.copied().filter(is_inner).collect(), known: HashMap::new() }
    }

    fn is(&mut self, set: u32) -> bool {
        let graphs = self.ranks.index.graphs();
        *self
            .known
            .entry(set)
            .or_insert_with(|| graphs.set(set).iter().any(|graph| !self.inner.contains(graph)))
    }
}

/// The group's name in an address: readable where the property has a prefix.
fn key(draft: &Draft, realms: &Realms) -> String {
    let property = vocabularies::qname(&draft.predicate).unwrap_or_else(|| draft.predicate.clone());
    match draft.realm {
        Realm::Item(sector) => {
            let sector = realms.sectors[sector].rsplit(['#', '/']).next().unwrap_or_default();
            if sector.is_empty() { property } else { format!("{property}~{sector}") }
        }
        Realm::Work => format!("{property}~works"),
        _ => property,
    }
}

/// The parts of an archival unit have the order that the archivist gave them; others that of their names.
fn sort(
    generation: &Generation,
    ranks: Ranks<'_>,
    draft: &mut Draft,
    words: &mut Words<'_>,
) -> Result<(), Problem> {
    if draft.subjects.len() > SORTED {
        return Ok(());
    }
    let parts = is_part(&draft.predicate);
    let sequence = |id: u32| {
        let number = ranks.objects(TermId(id), aarre::SEQUENCE).values.first();
        number.filter(|_| parts).map_or(Some(u64::MAX), |number| ranks.text(*number).parse().ok())
    };
    let mut keyed = Vec::with_capacity(draft.subjects.len());
    for id in &draft.subjects {
        let text = ranks.text(*id);
        let document = document_of(&text);
        words.learn(&generation.snapshot, [document])?;
        keyed.push(((sequence(*id), words.name(document).text.to_lowercase(), text), *id));
    }
    keyed.sort_unstable();
    draft.subjects = keyed.into_iter().map(|(_, id)| id).collect();
    Ok(())
}

/// A line about a thing; that it points at `about` need not be said on the page about that.
pub(crate) fn thing(
    generation: &Generation,
    iri: &str,
    about: &str,
    words: &mut Words<'_>,
) -> Result<Thing, Problem> {
    let quads = generation.snapshot.entity(iri).map_err(|error| Problem::internal(&error))?.quads;
    let noted = [dc::TYPE, dc::CREATOR, dcterms::CREATED, dcterms::ISSUED];
    let of_note = |quad: &&Quad| subject(quad) == iri && noted.contains(&quad.predicate.as_ref());
    let wanted: Vec<Quad> = quads.iter().filter(of_note).cloned().collect();
    words.learn(&generation.snapshot, mentioned(&wanted).chain([iri]))?;
    let first = |property: NamedNodeRef<'_>| {
        let says = |quad: &&Quad| {
            quad.predicate == property
                && !matches!(&quad.object, Term::NamedNode(node) if node.as_str() == about)
        };
        let quad = wanted.iter().find(says)?;
        Some(words.term(quad.object.as_ref()).text)
    };
    let date = first(dcterms::CREATED).or_else(|| first(dcterms::ISSUED));
    let note: Vec<String> = [first(dc::TYPE), first(dc::CREATOR), date].into_iter().flatten().collect();
    let picture = PICTURES.iter().find_map(|property| {
        let mut views = quads.iter().filter(|quad| quad.predicate == *property);
        views.find_map(|quad| super::facts::picture(quad, words))
    });
    Ok(Thing { name: words.iri(iri), note: note.join(" · "), picture })
}
