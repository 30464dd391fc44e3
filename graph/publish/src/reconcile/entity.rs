//! The entities that records share, as the owners' graphs describe them.

use graph_model::{Base, Bound, TimeSpan};
use graph_reconcile::authority::Draft;
use graph_reconcile::matching::Mention;
use graph_reconcile::{Kind, Label, Note, Point, Role, Years};
use graph_store::rdf::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use graph_store::{Snapshot, StoreError};
use std::borrow::Cow;
use std::collections::BTreeSet;
use vocabularies::{dc, dcterms, edm, foaf, owl, rdagr2, rdf, skos, wgs84};

/// The classes of what is reconciled, and where its IRIs stand.
const CLASSES: [(NamedNodeRef<'static>, &str); 3] =
    [(edm::AGENT, "agent"), (edm::PLACE, "place"), (skos::CONCEPT, "concept")];
/// How many mentions of an entity are looked at to find records, and of how many records.
const REFERENCES: usize = 64;
const RECORDS: usize = 4;
/// How many names of others in the same records are told.
const BESIDE: usize = 24;

/// Reads entities from the graphs of the owners; what reconciliation itself wrote is no evidence.
pub(super) struct Entities {
    pub(super) view: Snapshot,
    base: Base,
    prefix: String,
    graphs: Vec<NamedNode>,
}

impl Entities {
    pub(super) fn new(view: Snapshot, base: &Base, datasets: impl Iterator<Item = String>) -> Self {
        let graphs = datasets.map(|id| NamedNode::new_unchecked(base.graph(&id))).collect();
        Self { view, base: base.clone(), prefix: format!("{base}/id/"), graphs }
    }

    /// Every entity once, in the order of the store. Nothing is remembered: whether one was met in the graph of another
    /// dataset already is asked of the store.
    pub(super) fn each(
        &self,
        mut take: impl FnMut(String) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for (class, kind) in CLASSES {
            let prefix = format!("{}{kind}/", self.prefix);
            for (place, graph) in self.graphs.iter().enumerate() {
                for quad in
                    self.view.matching(None, Some(rdf::TYPE), Some(class.into()), Some(graph.as_ref()))
                {
                    let NamedOrBlankNode::NamedNode(entity) = quad?.subject else { continue };
                    if !entity.as_str().starts_with(&prefix) || entity.as_str().contains('#') {
                        continue;
                    }
                    let mut before = false;
                    for earlier in &self.graphs[..place] {
                        let same = (
                            Some(entity.as_ref()),
                            Some(rdf::TYPE),
                            Some(class.into()),
                            Some(earlier.as_ref()),
                        );
                        before |=
                            self.view.matching(same.0, same.1, same.2, same.3).next().transpose()?.is_some();
                    }
                    if !before {
                        take(entity.into_string())?;
                    }
                }
            }
        }
        Ok(())
    }

    /// What the owners' records say of an entity.
    pub(super) fn said(&self, iri: &str) -> Result<Vec<Quad>, StoreError> {
        let node = NamedNodeRef::new_unchecked(iri);
        let mut said = Vec::new();
        for quad in self.view.matching(Some(node), None, None, None) {
            let quad = quad?;
            if self.is_owners(&quad.graph_name) {
                said.push(quad);
            }
        }
        Ok(said)
    }

    fn is_owners(&self, graph: &GraphName) -> bool {
        matches!(graph, GraphName::NamedNode(graph) if self.graphs.contains(graph))
    }

    /// An entity as it is to be found elsewhere: with what a few of its records say beside it.
    pub(super) fn mention(&self, draft: Draft) -> Result<Mention, StoreError> {
        let within = self.within(&draft);
        let mut mention = Mention {
            iri: draft.iri,
            kind: draft.kind,
            labels: draft.labels,
            born: draft.born,
            died: draft.died,
            active: None,
            point: draft.point,
            within,
            occupations: draft.occupations,
            identifiers: draft.same_as,
            beside: Vec::new(),
        };
        // A notion is what its name says; who stands beside it tells nothing.
        if mention.kind != Kind::Concept {
            self.look_into_records(&mut mention)?;
        }
        Ok(mention)
    }

    /// What tells a place from its namesakes is part of its key only, after its name.
    fn within(&self, draft: &Draft) -> Vec<String> {
        if draft.kind != Kind::Place {
            return Vec::new();
        }
        let Some(key) = draft.iri.strip_prefix(&self.prefix).and_then(|rest| rest.strip_prefix("place/"))
        else {
            return Vec::new();
        };
        let key = decoded(key);
        let of_names = draft.labels.iter().filter_map(|label| {
            let rest = key.strip_prefix(graph_model::content_key(&[&label.text]).as_str())?;
            rest.strip_prefix('-').map(|rest| rest.replace('-', " "))
        });
        of_names.min_by_key(String::len).into_iter().collect()
    }

    fn look_into_records(&self, mention: &mut Mention) -> Result<(), StoreError> {
        let node = NamedNode::new_unchecked(mention.iri.as_str());
        let mut records: Vec<(String, GraphName, bool)> = Vec::new();
        for quad in self.view.matching(None, None, Some(node.as_ref().into()), None).take(REFERENCES) {
            let quad = quad?;
            let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { continue };
            if !self.is_owners(&quad.graph_name) {
                continue;
            }
            let item = subject.as_str().split('#').next().unwrap_or_default();
            let made = quad.predicate == dc::CREATOR || quad.predicate == dc::CONTRIBUTOR;
            match records.iter_mut().find(|(known, ..)| known == item) {
                Some(known) => known.2 |= made,
                None => records.push((item.to_owned(), quad.graph_name, made)),
            }
        }
        // What somebody made says more of them than what speaks of them.
        records.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| one.0.cmp(&other.0)));
        let mut beside = BTreeSet::new();
        for (item, graph, made) in records.into_iter().take(RECORDS) {
            let GraphName::NamedNode(graph) = graph else { continue };
            let item = NamedNodeRef::new_unchecked(&item);
            for quad in self.view.matching(Some(item), None, None, Some(graph.as_ref())) {
                let quad = quad?;
                let Term::NamedNode(object) = &quad.object else { continue };
                let Some(rest) = object.as_str().strip_prefix(&self.prefix) else { continue };
                let Some((kind, key)) = rest.split_once('/') else { continue };
                if kind == "time"
                    && made
                    && [dcterms::CREATED, dcterms::ISSUED].contains(&quad.predicate.as_ref())
                {
                    if let Some(met) = years(&decoded(key)) {
                        let all = mention.active.map_or(met, |active| Years {
                            from: active.from.min(met.from),
                            to: active.to.max(met.to),
                        });
                        mention.active = Some(all);
                    }
                } else if matches!(kind, "agent" | "place") && object.as_str() != mention.iri {
                    // The key is the name in small letters, and the years of a life; reading the name itself would cost more.
                    beside.insert(decoded(key).replace('-', " "));
                }
            }
        }
        mention.beside = beside.into_iter().take(BESIDE).collect();
        Ok(())
    }

    /// Whether two may be merged: entities that records share, of one kind, of this installation.
    pub(super) fn shared_kind<'i>(base: &Base, iri: &'i str) -> Option<&'i str> {
        let rest = iri.strip_prefix(base.as_str())?.strip_prefix("/id/")?;
        let (kind, key) = rest.split_once('/')?;
        (matches!(kind, "agent" | "place" | "concept") && !key.is_empty() && !key.contains(['#', '/']))
            .then_some(kind)
    }

    /// The graphs of the datasets.
    pub(super) fn graphs(&self) -> &[NamedNode] {
        &self.graphs
    }

    /// What the IRIs of entities and items begin with.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The base of the installation's IRIs.
    pub(super) fn base(&self) -> &Base {
        &self.base
    }
}

/// An entity, and those that were merged into it, as an entry of an index.
pub(crate) fn draft(iri: &str, said: &[Quad]) -> Draft {
    let mut draft = Draft { iri: iri.to_owned(), kind: kind(said), ..Draft::default() };
    let (mut lat, mut long) = (None, None);
    for quad in said {
        let predicate = quad.predicate.as_ref();
        match &quad.object {
            Term::Literal(literal) => {
                let text = literal.value();
                let language = || literal.language().map(|tag| Cow::Owned(tag.to_ascii_lowercase()));
                if let Some(role) = role(predicate) {
                    draft.labels.push(Label {
                        role,
                        language: language(),
                        text: Cow::Owned(text.to_owned()),
                    });
                } else if [rdagr2::DATE_OF_BIRTH, rdagr2::DATE_OF_ESTABLISHMENT].contains(&predicate) {
                    draft.born = draft.born.or_else(|| years(text));
                } else if [rdagr2::DATE_OF_DEATH, rdagr2::DATE_OF_TERMINATION].contains(&predicate) {
                    draft.died = draft.died.or_else(|| years(text));
                } else if predicate == wgs84::LAT {
                    lat = text.parse::<f64>().ok();
                } else if predicate == wgs84::LONG {
                    long = text.parse::<f64>().ok();
                } else if predicate == rdagr2::PROFESSION_OR_OCCUPATION {
                    draft.occupations.push(text.to_owned());
                } else if [rdagr2::BIOGRAPHICAL_INFORMATION, skos::NOTE, skos::DEFINITION]
                    .contains(&predicate)
                {
                    draft.notes.push(Note { language: language(), text: Cow::Owned(text.to_owned()) });
                }
            }
            Term::NamedNode(object) => {
                let object = object.as_str();
                if predicate == owl::SAME_AS || predicate == skos::EXACT_MATCH {
                    draft.same_as.push(object.to_owned());
                } else if predicate == rdf::TYPE {
                    draft.types.push(object.to_owned());
                } else if predicate == skos::BROADER || predicate == dcterms::IS_PART_OF {
                    draft.broader.push(object.to_owned());
                } else if predicate == rdagr2::PROFESSION_OR_OCCUPATION {
                    draft.occupations.push(object.to_owned());
                }
            }
            _ => {}
        }
    }
    draft.point = lat.zip(long).and_then(|(lat, long)| Point::new(lat, long));
    draft
}

/// What a property makes of a name.
pub(super) fn role(predicate: NamedNodeRef<'_>) -> Option<Role> {
    if predicate == skos::PREF_LABEL {
        Some(Role::Preferred)
    } else if predicate == skos::ALT_LABEL || predicate == foaf::NAME {
        Some(Role::Alternative)
    } else if predicate == skos::HIDDEN_LABEL {
        Some(Role::Hidden)
    } else {
        None
    }
}

fn kind(said: &[Quad]) -> Kind {
    let classes: Vec<NamedNodeRef<'_>> = said
        .iter()
        .filter(|quad| quad.predicate == rdf::TYPE)
        .filter_map(|quad| match &quad.object {
            Term::NamedNode(class) => Some(class.as_ref()),
            _ => None,
        })
        .collect();
    let kinds = [
        (foaf::PERSON, Kind::Person),
        (foaf::GROUP, Kind::Family),
        (foaf::ORGANIZATION, Kind::Organization),
        (edm::PLACE, Kind::Place),
        (skos::CONCEPT, Kind::Concept),
    ];
    let mut found = kinds.iter().filter(|(class, _)| classes.contains(class)).map(|(_, kind)| *kind);
    match (found.next(), found.next()) {
        (Some(kind), None) => kind,
        // Records that differ about it tell nothing.
        _ => Kind::Unknown,
    }
}

/// The years that a date of the graph lies in: a year, a month, a day, or EDTF.
pub(crate) fn years(text: &str) -> Option<Years> {
    let span: TimeSpan = loaders::shared::dates::read_edtf(text)?;
    let year = |bound: &Option<Bound>| {
        let (Bound::Year(text) | Bound::YearMonth(text) | Bound::Day(text)) = bound.as_ref()?;
        let sign = usize::from(text.starts_with('-'));
        let end = text[sign..].find('-').map_or(text.len(), |at| at + sign);
        text[..end].parse::<i16>().ok()
    };
    match (year(&span.begin), year(&span.end)) {
        (Some(from), Some(to)) => Some(Years::between(from, to)),
        // An open end says only one side; what is known is no range.
        _ => None,
    }
}

/// A segment of an IRI as text.
pub(super) fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let hex = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (byte, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &behind[2..];
            }
            _ => {
                bytes.push(byte);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
