//! What points at an entity: the works of a person, the things about a subject, the parts of a whole.
//!
//! Up to [`WINDOW`] references are read at once and grouped by sector and property; a group shows its first
//! few and links to a page of its own. Above that, references come page by page in the order of the index,
//! grouped within the page, so that the work of a request stays bounded however famous the entity is.

use super::facts::{capital, mentioned, subject};
use super::order::{PICTURES, is_detail, rank};
use crate::generation::Generation;
use crate::path::{Place, document_of};
use crate::problem::Problem;
use crate::value::{Value, Words};
use graph_store::Reference;
use graph_store::rdf::{GraphName, NamedNodeRef, Quad, Term};
use std::collections::{BTreeMap, HashMap, HashSet};
use vocabularies::{aarre, dc, dcterms, edm, foaf, skos};

/// How many references are read at once.
pub(super) const WINDOW: usize = 1_000;
/// How many things a group shows on the entity's page, and on its own page.
const FEW: usize = 12;
/// Stands for the sector of a work, which belongs to none; sorts after the IRIs of sectors.
const WORKS: &str = "~work";
const MANY: usize = 60;

/// Things that point at the entity by the same property, from the same sector.
#[derive(Debug)]
pub(super) struct Group {
    /// What names the group in an address.
    pub(super) key: String,
    pub(super) sector: String,
    pub(super) property: String,
    pub(super) count: usize,
    pub(super) things: Vec<Thing>,
    /// Whether there are more than are shown.
    pub(super) more: bool,
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
    /// Where the next and the previous page begin.
    pub(super) next: Option<usize>,
    pub(super) previous: Option<usize>,
}

/// A group before it is shown.
struct Draft {
    sector: String,
    predicate: String,
    documents: Vec<String>,
}

/// Reads and groups. `from` counts references, or things of `group` when one is asked for.
pub(super) fn related(
    generation: &Generation,
    (iri, merged): (&str, &[String]),
    from: usize,
    group: Option<&str>,
    words: &mut Words<'_>,
) -> Result<Related, Problem> {
    let failed = |error| Problem::internal(&error);
    let place = words.place;
    // Nothing has more references than this; a larger number is nonsense that must not overflow.
    let from = from.min(u32::MAX as usize);
    let (offset, single) = match group {
        Some(_) => (0, true),
        None => (from, false),
    };
    let mut incoming = generation.snapshot.incoming(iri, offset, WINDOW).map_err(failed)?;
    // What points at the merged ones stands on the first page.
    for merged in merged.iter().filter(|_| offset == 0) {
        let room = (2 * WINDOW).saturating_sub(incoming.references.len());
        let more = generation.snapshot.incoming(merged, 0, room).map_err(failed)?;
        incoming.references.extend(more.references);
    }
    let mut sectors = Sectors { generation, place, known: HashMap::new() };
    let drafts = drafts(iri, incoming.references, &mut sectors)?;
    let mut related = Related::default();
    if !single {
        related.next = (offset + WINDOW < incoming.total).then_some(offset + WINDOW);
        related.previous = (offset > 0).then(|| offset.saturating_sub(WINDOW));
    }
    for draft in drafts {
        let key = key(&draft);
        if group.is_some_and(|wanted| wanted != key) {
            continue;
        }
        let (start, limit) = if single { (from, MANY) } else { (0, FEW) };
        if single {
            related.next = (start + limit < draft.documents.len()).then_some(start + limit);
            related.previous = (start > 0).then(|| start.saturating_sub(limit));
        }
        let is_parts = draft.predicate == dcterms::IS_PART_OF.as_str();
        let limit = if is_parts && !single { MANY } else { limit };
        let shown = show(generation, iri, draft, (start, limit), words)?;
        if is_parts {
            related.parts = Some(shown);
        } else {
            related.groups.push(shown);
        }
    }
    Ok(related)
}

/// Groups references by sector and property. A document that points both by itself and by a fragment is
/// listed where it points by itself.
fn drafts(iri: &str, references: Vec<Reference>, sectors: &mut Sectors<'_>) -> Result<Vec<Draft>, Problem> {
    let ignored = [
        dcterms::IS_REPLACED_BY,
        edm::AGGREGATED_CHO,
        foaf::PRIMARY_TOPIC,
        skos::NARROWER,
        dcterms::HAS_PART,
    ];
    let kept: Vec<Reference> = references
        .into_iter()
        .filter(|reference| document_of(reference.subject.as_str()) != iri)
        // A link between two is no thing of a collection; the page shows it among its links.
        .filter(|reference| !sectors.is_graph(reference.subject.as_str()))
        .filter(|reference| {
            sectors.is_public(&reference.graph) && !ignored.contains(&reference.predicate.as_ref())
        })
        .collect();
    let direct: HashSet<String> = kept
        .iter()
        .map(|reference| reference.subject.as_str())
        .filter(|subject| document_of(subject) == *subject)
        .map(str::to_owned)
        .collect();
    let mut groups: BTreeMap<((bool, usize), String, String), Vec<String>> = BTreeMap::new();
    for reference in kept {
        let subject = reference.subject.as_str();
        let document = document_of(subject);
        if document != subject && direct.contains(document) {
            continue;
        }
        let sector = sectors.of(&reference.graph, document)?;
        let predicate = reference.predicate.as_str().to_owned();
        // What the detail layer says stands after all that the core says.
        let rank = (is_detail(&predicate), rank(reference.predicate.as_ref()));
        groups.entry((rank, predicate, sector)).or_default().push(document.to_owned());
    }
    let mut listed: HashSet<String> = HashSet::new();
    let mut drafts = Vec::with_capacity(groups.len());
    for ((_, predicate, sector), mut documents) in groups {
        documents.sort_unstable();
        documents.dedup();
        if is_detail(&predicate) {
            documents.retain(|document| !listed.contains(document));
        }
        listed.extend(documents.iter().cloned());
        if !documents.is_empty() {
            drafts.push(Draft { sector, predicate, documents });
        }
    }
    Ok(drafts)
}

/// The group's name in an address: readable where the property has a prefix.
fn key(draft: &Draft) -> String {
    let property = vocabularies::qname(&draft.predicate).unwrap_or_else(|| draft.predicate.clone());
    let sector = draft.sector.rsplit(['#', '/']).next().unwrap_or_default();
    if sector.is_empty() { property } else { format!("{property}~{sector}") }
}

fn show(
    generation: &Generation,
    about: &str,
    draft: Draft,
    (start, limit): (usize, usize),
    words: &mut Words<'_>,
) -> Result<Group, Problem> {
    let key = key(&draft);
    let count = draft.documents.len();
    words.learn(&generation.snapshot, draft.documents.iter().map(String::as_str))?;
    let mut documents = draft.documents;
    let sequence = |iri: &str| sequence(generation, iri);
    if draft.predicate == dcterms::IS_PART_OF.as_str() {
        // The parts of an archival unit have the order that the archivist gave them.
        documents.sort_by_cached_key(|iri| (sequence(iri), words.name(iri).text.to_lowercase(), iri.clone()));
    } else {
        documents.sort_by_cached_key(|iri| (words.name(iri).text.to_lowercase(), iri.clone()));
    }
    let page: Vec<String> = documents.into_iter().skip(start).take(limit).collect();
    let mut things = Vec::with_capacity(page.len());
    for iri in &page {
        things.push(thing(generation, iri, about, words)?);
    }
    Ok(Group {
        key,
        sector: match draft.sector.as_str() {
            "" => String::new(),
            WORKS => words.language.word("works").to_owned(),
            sector => capital(&words.name(sector).text),
        },
        property: words.name(&draft.predicate).text,
        count,
        more: start + limit < count || start > 0,
        things,
    })
}

fn sequence(generation: &Generation, iri: &str) -> u64 {
    let entity = generation.snapshot.entity(iri).unwrap_or_default();
    entity
        .quads
        .iter()
        .filter(|quad| quad.predicate == aarre::SEQUENCE && subject(quad) == iri)
        .find_map(|quad| match &quad.object {
            Term::Literal(literal) => literal.value().parse().ok(),
            _ => None,
        })
        .unwrap_or(u64::MAX)
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
    words.learn(&generation.snapshot, mentioned(&wanted))?;
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

/// The sector of each dataset, learnt from one of its items.
struct Sectors<'g> {
    generation: &'g Generation,
    place: &'g Place,
    known: HashMap<String, String>,
}

impl Sectors<'_> {
    /// Provenance and catalogue speak about records, not about the world.
    fn is_public(&self, graph: &GraphName) -> bool {
        let name = match graph {
            GraphName::NamedNode(graph) => graph.as_str().rsplit('/').next().unwrap_or_default(),
            _ => "",
        };
        !matches!(name, "provenance" | "catalog")
    }

    /// Whether an IRI is that of a graph, or of something in it, such as the assertion of a link.
    fn is_graph(&self, iri: &str) -> bool {
        iri.strip_prefix(self.place.base()).is_some_and(|rest| rest.starts_with("/graph/"))
    }

    fn of(&mut self, graph: &GraphName, document: &str) -> Result<String, Problem> {
        let is_item = self.place.rest(document).is_some_and(|rest| {
            let kind = rest.split('/').next().unwrap_or_default();
            !matches!(kind, "agent" | "place" | "concept" | "time" | "organization" | "dataset" | "work")
        });
        if !is_item {
            let is_work = self.place.rest(document).is_some_and(|rest| rest.starts_with("work/"));
            return Ok(if is_work { WORKS.to_owned() } else { String::new() });
        }
        let graph = graph.to_string();
        if let Some(sector) = self.known.get(&graph) {
            return Ok(sector.clone());
        }
        let entity = self.generation.snapshot.entity(document).map_err(|error| Problem::internal(&error))?;
        let sector = entity
            .quads
            .iter()
            .find_map(|quad| match &quad.object {
                Term::NamedNode(sector) if quad.predicate == aarre::SECTOR => {
                    Some(sector.as_str().to_owned())
                }
                _ => None,
            })
            .unwrap_or_default();
        self.known.insert(graph, sector.clone());
        Ok(sector)
    }
}
