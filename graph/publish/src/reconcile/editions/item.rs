//! An item of a library as it is compared.

use super::super::ReconcileError;
use super::super::entity::{Entities, decoded, years};
use graph_index::varint;
use graph_reconcile::editions::{Description, Edition};
use graph_store::StoreError;
use graph_store::rdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use vocabularies::{aarre, bf, dc, dcterms, edm, rdf};

/// An item: its number in this run, its dataset, and what its record says.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    pub(super) number: u32,
    pub(super) dataset: u32,
    pub(super) iri: String,
    /// The works that its record names.
    pub(super) works: Vec<String>,
    /// Title and maker, for the name of a work where no record names one.
    pub(super) called: Vec<String>,
    pub(super) edition: Edition,
    /// Whether it is a thing that has editions.
    pub(super) is_compared: bool,
}

/// Every item, dataset by dataset in the order of the store.
pub(super) fn each(
    entities: &Entities,
    take: &mut dyn FnMut(Item) -> Result<(), ReconcileError>,
) -> Result<(), ReconcileError> {
    let (mut number, mut said) = (0_u32, Vec::new());
    for (dataset, graph) in entities.graphs().iter().enumerate() {
        let of_graph = entities.view.matching(
            None,
            Some(rdf::TYPE),
            Some(edm::PROVIDED_CHO.into()),
            Some(graph.as_ref()),
        );
        for quad in of_graph {
            let NamedOrBlankNode::NamedNode(item) = quad?.subject else { continue };
            if item.as_str().contains('#') || !entities.base().owns(item.as_str()) {
                continue;
            }
            said.clear();
            for quad in entities.view.matching(Some(item.as_ref()), None, None, Some(graph.as_ref())) {
                said.push(quad?);
            }
            let mut found = read(entities, graph, item.as_str(), &said)?;
            (found.number, found.dataset) = (number, dataset as u32);
            // More than four thousand million items are not numbered, and not compared.
            let Some(next) = number.checked_add(1) else { return Ok(()) };
            number = next;
            take(found)?;
        }
    }
    Ok(())
}

fn read(entities: &Entities, graph: &NamedNode, iri: &str, said: &[Quad]) -> Result<Item, StoreError> {
    let prefix = entities.prefix();
    let (mut item, mut told) = (Item { iri: iri.to_owned(), ..Item::default() }, Description::default());
    let (mut in_library, mut maker) = (false, None);
    for quad in said {
        let predicate = quad.predicate.as_ref();
        match &quad.object {
            Term::Literal(literal) => {
                let text = literal.value();
                let list = if predicate == dc::TITLE {
                    &mut told.titles
                } else if predicate == dc::CREATOR || predicate == dc::CONTRIBUTOR {
                    &mut told.agents
                } else if predicate == dc::PUBLISHER {
                    &mut told.publishers
                } else if predicate == dc::LANGUAGE {
                    &mut told.languages
                } else if predicate == bf::EDITION_STATEMENT {
                    &mut told.statements
                } else if predicate == dcterms::EXTENT {
                    &mut told.extents
                } else if predicate == dc::IDENTIFIER {
                    &mut told.identifiers
                } else if predicate == edm::TYPE {
                    &mut told.forms
                } else {
                    continue;
                };
                list.push(text.to_owned());
            }
            Term::NamedNode(object) => {
                let object = object.as_str();
                let shared = |kind: &str| object.strip_prefix(prefix)?.strip_prefix(kind);
                if predicate == dc::CREATOR || predicate == dc::CONTRIBUTOR {
                    told.agents.extend(shared("agent/").map(decoded));
                    maker = maker.or_else(|| (predicate == dc::CREATOR).then(|| object.to_owned()));
                } else if predicate == dc::PUBLISHER {
                    told.publishers.extend(shared("agent/").map(decoded));
                } else if predicate == dcterms::ISSUED {
                    told.issued = told.issued.or_else(|| years(&decoded(shared("time/")?)));
                } else if predicate == bf::CARRIER {
                    told.carriers.extend(object.rsplit('/').next().map(str::to_owned));
                } else if predicate == bf::INSTANCE_OF {
                    item.works.push(object.to_owned());
                } else if predicate == bf::TITLE && is_fragment(object, iri) {
                    parts(entities, graph, object, &mut told)?;
                } else if predicate == rdf::TYPE {
                    in_library |= object == bf::INSTANCE.as_str();
                } else if predicate == aarre::SECTOR {
                    in_library |= object == aarre::LIBRARY.as_str();
                }
            }
            _ => {}
        }
    }
    item.works.sort_unstable();
    item.edition = Edition::read(&told);
    item.is_compared = in_library || item.edition.has_number();
    item.called = told.titles.into_iter().take(1).chain(maker).collect();
    Ok(item)
}

fn is_fragment(object: &str, iri: &str) -> bool {
    object.strip_prefix(iri).is_some_and(|rest| rest.starts_with('#'))
}

/// The number of the part, which stands with the title.
fn parts(
    entities: &Entities,
    graph: &NamedNode,
    title: &str,
    told: &mut Description,
) -> Result<(), StoreError> {
    let title = NamedNodeRef::new_unchecked(title);
    let number = entities.view.matching(Some(title), Some(bf::PART_NUMBER), None, Some(graph.as_ref()));
    for quad in number {
        if let Term::Literal(number) = quad?.object {
            told.parts.push(number.value().to_owned());
        }
    }
    Ok(())
}

impl Item {
    /// Appends it to bytes; whether it is compared is known of what is written.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.number.to_be_bytes());
        out.extend_from_slice(&self.dataset.to_be_bytes());
        write_texts(out, [self.iri.as_str()].into_iter());
        write_texts(out, self.works.iter().map(String::as_str));
        write_texts(out, self.called.iter().map(String::as_str));
        let mut edition = Vec::new();
        self.edition.write(&mut edition);
        varint::write(edition.len() as u64, out);
        out.extend_from_slice(&edition);
    }

    pub(super) fn read(mut bytes: &[u8]) -> Option<Self> {
        Self::take(&mut bytes)
    }

    /// Reads one from the beginning of bytes, which begin behind it then.
    pub(super) fn take(rest: &mut &[u8]) -> Option<Self> {
        let (number, behind) = rest.split_first_chunk()?;
        let (dataset, behind) = behind.split_first_chunk()?;
        *rest = behind;
        let iri = read_texts(rest)?.into_iter().next()?;
        let (works, called) = (read_texts(rest)?, read_texts(rest)?);
        let (length, behind) = varint::read(rest)?;
        let (edition, behind) = behind.split_at_checked(usize::try_from(length).ok()?)?;
        *rest = behind;
        Some(Self {
            number: u32::from_be_bytes(*number),
            dataset: u32::from_be_bytes(*dataset),
            iri,
            works,
            called,
            edition: Edition::from_bytes(edition)?,
            is_compared: true,
        })
    }
}

/// Appends texts with their number and lengths.
pub(super) fn write_texts<'t>(out: &mut Vec<u8>, texts: impl ExactSizeIterator<Item = &'t str>) {
    varint::write(texts.len() as u64, out);
    for text in texts {
        varint::write(text.len() as u64, out);
        out.extend_from_slice(text.as_bytes());
    }
}

/// What [`write_texts`] wrote at the beginning of bytes, which begin behind it then.
pub(super) fn read_texts(rest: &mut &[u8]) -> Option<Vec<String>> {
    let (count, behind) = varint::read(rest)?;
    *rest = behind;
    let mut texts = Vec::new();
    for _ in 0..count {
        let (length, behind) = varint::read(rest)?;
        let (text, behind) = behind.split_at_checked(usize::try_from(length).ok()?)?;
        texts.push(std::str::from_utf8(text).ok()?.to_owned());
        *rest = behind;
    }
    Some(texts)
}
