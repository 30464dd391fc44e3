//! What authorities say of the entries that links use: `{base}/graph/authority/{name}`.

use super::difference::Difference;
use graph_model::Base;
use graph_reconcile::authority::{About, Authority, Entry, EntryId};
use graph_reconcile::{Kind, Role, Years};
use graph_store::rdf::{Literal, NamedNode, NamedNodeRef, Quad, Term};
use graph_store::{Snapshot, StoreError, WorkingStore};
use std::collections::BTreeSet;
use vocabularies::{dcterms, edm, foaf, rdagr2, rdf, skos, wgs84, xsd};

/// Where the graphs of authorities stand below `{base}/graph/`.
const FOLDER: &str = "authority/";

/// The graph of an authority.
pub(super) fn graph(base: &Base, name: &str) -> String {
    let mut segment = String::new();
    graph_model::encode_segment(name, &mut segment);
    base.graph(&format!("{FOLDER}{segment}"))
}

/// Adds all that the used entries lie in, up to the top.
pub(super) fn complete(authority: &Authority, used: &mut BTreeSet<EntryId>) {
    let mut waiting: Vec<EntryId> = used.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        for broader in authority.entry(id).broader() {
            // A hierarchy may run in a circle; each entry is followed once.
            if let Some(broader) = authority.by_iri(&broader)
                && used.insert(broader)
            {
                waiting.push(broader);
            }
        }
    }
}

/// Makes the graph of an authority anew of the entries that are used; gives how many quads came and went.
pub(super) fn write(
    base: &Base,
    store: &WorkingStore,
    name: &str,
    authority: &Authority,
    used: &BTreeSet<EntryId>,
) -> Result<(u64, u64), StoreError> {
    let graph = NamedNode::new_unchecked(graph(base, name));
    let mut out = Writer { out: Difference::new(store, graph.clone())?, graph: graph.clone() };
    if !used.is_empty() {
        out.about(&graph, authority.about())?;
    }
    for id in used {
        out.entry(&authority.entry(*id))?;
    }
    out.out.finish()
}

/// Empties the graphs of authorities that are no more used at all.
pub(super) fn sweep(base: &Base, store: &WorkingStore, keep: &[String]) -> Result<u64, StoreError> {
    let (prefix, view) = (base.graph(FOLDER), store.view());
    let mut removed = 0;
    for gone in graphs(&view, &prefix)?.into_iter().filter(|graph| !keep.contains(graph)) {
        removed += Difference::new(store, NamedNode::new_unchecked(gone))?.finish()?.1;
    }
    Ok(removed)
}

fn graphs(view: &Snapshot, prefix: &str) -> Result<Vec<String>, StoreError> {
    Ok(view
        .graphs()?
        .into_iter()
        .map(NamedNode::into_string)
        .filter(|graph| graph.starts_with(prefix))
        .collect())
}

struct Writer<'s> {
    out: Difference<'s>,
    graph: NamedNode,
}

impl Writer<'_> {
    fn put(
        &mut self,
        subject: &NamedNode,
        predicate: NamedNodeRef<'static>,
        object: impl Into<Term>,
    ) -> Result<(), StoreError> {
        self.out.put(Quad::new(subject.clone(), predicate, object, self.graph.clone()))
    }

    fn text(
        &mut self,
        subject: &NamedNode,
        predicate: NamedNodeRef<'static>,
        text: &str,
        language: Option<&str>,
    ) -> Result<(), StoreError> {
        let literal = language.and_then(|tag| Literal::new_language_tagged_literal(text, tag).ok());
        self.put(subject, predicate, literal.unwrap_or_else(|| Literal::new_simple_literal(text)))
    }

    /// What is known of the mirror: whose it is and how old.
    fn about(&mut self, graph: &NamedNode, about: &About) -> Result<(), StoreError> {
        self.text(graph, dcterms::TITLE, about.title.as_deref().unwrap_or(&about.name), None)?;
        if !about.added.is_empty() {
            self.put(graph, dcterms::ISSUED, Literal::new_typed_literal(&about.added, xsd::DATE_TIME))?;
        }
        match &about.licence {
            Some(licence) => match NamedNode::new(licence) {
                Ok(licence) => self.put(graph, dcterms::LICENSE, licence),
                Err(_) => self.text(graph, dcterms::RIGHTS, licence, None),
            },
            None => Ok(()),
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) -> Result<(), StoreError> {
        // What is no IRI was never linked; a file may hold it all the same.
        let Ok(subject) = NamedNode::new(entry.iri()) else { return Ok(()) };
        for class in classes(entry.kind()) {
            self.put(&subject, rdf::TYPE, class.into_owned())?;
        }
        let mut preferred: Vec<Option<String>> = Vec::new();
        for label in entry.labels() {
            let language = label.language.as_deref();
            let property = match label.role {
                // SKOS S14: one preferred name a language.
                Role::Preferred if preferred.iter().all(|known| known.as_deref() != language) => {
                    preferred.push(language.map(str::to_owned));
                    skos::PREF_LABEL
                }
                Role::Preferred | Role::Alternative => skos::ALT_LABEL,
                Role::Hidden => skos::HIDDEN_LABEL,
            };
            self.text(&subject, property, &label.text, language)?;
        }
        self.years(&subject, entry)?;
        if let Some(point) = entry.point() {
            for (property, degrees) in [(wgs84::LAT, point.lat), (wgs84::LONG, point.long)] {
                self.put(&subject, property, Literal::new_typed_literal(degrees.to_string(), xsd::DECIMAL))?;
            }
        }
        for broader in entry.broader() {
            self.link(&subject, skos::BROADER, &broader)?;
        }
        for same in entry.same_as() {
            self.link(&subject, skos::EXACT_MATCH, &same)?;
        }
        for occupation in entry.occupations() {
            if NamedNode::new(occupation.as_ref()).is_ok() {
                self.link(&subject, rdagr2::PROFESSION_OR_OCCUPATION, &occupation)?;
            } else {
                self.text(&subject, rdagr2::PROFESSION_OR_OCCUPATION, &occupation, None)?;
            }
        }
        for note in entry.notes() {
            self.text(&subject, skos::NOTE, &note.text, note.language.as_deref())?;
        }
        if let Some(successor) = entry.replaced_by() {
            self.link(&subject, dcterms::IS_REPLACED_BY, &successor)?;
        }
        let graph = self.graph.clone();
        self.put(&subject, skos::IN_SCHEME, graph)
    }

    fn link(
        &mut self,
        subject: &NamedNode,
        predicate: NamedNodeRef<'static>,
        object: &str,
    ) -> Result<(), StoreError> {
        match NamedNode::new(object) {
            Ok(object) => self.put(subject, predicate, object),
            Err(_) => Ok(()),
        }
    }

    fn years(&mut self, subject: &NamedNode, entry: &Entry<'_>) -> Result<(), StoreError> {
        let (born, died) = match entry.kind() {
            Kind::Organization => (rdagr2::DATE_OF_ESTABLISHMENT, rdagr2::DATE_OF_TERMINATION),
            Kind::Period => (edm::BEGIN, edm::END),
            _ => (rdagr2::DATE_OF_BIRTH, rdagr2::DATE_OF_DEATH),
        };
        for (property, years) in [(born, entry.born()), (died, entry.died())] {
            if let Some(years) = years {
                self.put(subject, property, date(years))?;
            }
        }
        Ok(())
    }
}

fn classes(kind: Kind) -> &'static [NamedNodeRef<'static>] {
    match kind {
        Kind::Person => &[edm::AGENT, foaf::PERSON],
        Kind::Family => &[edm::AGENT, foaf::GROUP],
        Kind::Organization => &[edm::AGENT, foaf::ORGANIZATION],
        Kind::Place => &[edm::PLACE],
        Kind::Concept => &[skos::CONCEPT],
        Kind::Period => &[edm::TIME_SPAN],
        Kind::Unknown => &[],
    }
}

/// A year, or the EDTF of a range.
fn date(years: Years) -> Literal {
    let year = |year: i16| {
        if year < 0 { format!("-{:04}", -i32::from(year)) } else { format!("{year:04}") }
    };
    if years.from == years.to {
        Literal::new_typed_literal(year(years.from), xsd::G_YEAR)
    } else {
        Literal::new_simple_literal(format!("{}/{}", year(years.from), year(years.to)))
    }
}
