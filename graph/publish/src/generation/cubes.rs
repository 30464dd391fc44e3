//! Statistics as RDF Data Cubes (W3C Recommendation, 16 January 2014): how many items there are, and how many of them are
//! digitised, by sector, type, century, place, rights and month of change, in each dataset and in all.
//!
//! They are counted in the walk over the store that the other statistics are counted in, and stand in the graph of the
//! catalogue. An item counts once for each of its values, and under `aarre:notStated` when it has none. Of each dataset the
//! [`KEPT`] most frequent values are told and the others together, so that a cube stays a table that people can read.

use super::catalogue_graph;
use crate::home::Config;
use crate::reconcile::years;
use graph_reconcile::Years;
use graph_store::rdf::{GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use graph_store::{Snapshot, StoreError};
use std::collections::HashMap;
use vocabularies::{aarre, dc, dcat, dcterms, edm, ore, prov, qb, rdf, rdfs, xsd};
use xxhash_rust::xxh3::xxh3_64;

/// How many values of a dimension are told for each dataset; the others are summed up.
const KEPT: usize = 50;

/// What items are counted by.
#[derive(Debug, Clone, Copy)]
struct Dimension {
    /// The last part of the cube's IRI.
    name: &'static str,
    title: &'static str,
    /// Without one, items are counted by dataset alone.
    property: Option<NamedNodeRef<'static>>,
    range: NamedNodeRef<'static>,
}

/// The place of a dimension in [`DIMENSIONS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Dataset,
    Sector,
    Type,
    Century,
    Place,
    Rights,
    Month,
}

const DIMENSIONS: [Dimension; 7] = [
    Dimension { name: "by-dataset", title: "Items by dataset", property: None, range: dcat::DATASET_CLASS },
    Dimension {
        name: "by-sector",
        title: "Items by sector",
        property: Some(aarre::OF_SECTOR),
        range: aarre::SECTOR_CLASS,
    },
    Dimension {
        name: "by-type",
        title: "Items by type",
        property: Some(aarre::OF_TYPE),
        range: rdfs::RESOURCE,
    },
    Dimension {
        name: "by-century",
        title: "Items by century",
        property: Some(aarre::OF_CENTURY),
        range: xsd::G_YEAR,
    },
    Dimension {
        name: "by-place",
        title: "Items by municipality or place",
        property: Some(aarre::OF_PLACE),
        range: rdfs::RESOURCE,
    },
    Dimension {
        name: "by-rights",
        title: "Items by rights",
        property: Some(aarre::OF_RIGHTS),
        range: rdfs::RESOURCE,
    },
    Dimension {
        name: "by-month",
        title: "Items by month of change",
        property: Some(aarre::OF_MONTH),
        range: xsd::G_YEAR_MONTH,
    },
];

/// How many items, and how many of them can be opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counted {
    items: u64,
    digitised: u64,
}

impl Counted {
    fn count(&mut self, digitised: bool) {
        self.items += 1;
        self.digitised += u64::from(digitised);
    }

    fn add(&mut self, other: Self) {
        self.items += other.items;
        self.digitised += other.digitised;
    }
}

/// The counts of one dataset.
#[derive(Debug, Default)]
struct OfDataset {
    all: Counted,
    values: [HashMap<Term, Counted>; DIMENSIONS.len()],
}

/// The subject whose statements are coming by.
#[derive(Debug, Default)]
struct Subject {
    iri: String,
    is_item: bool,
    is_aggregation: bool,
    /// The item of an aggregation.
    item: Option<String>,
    /// The record is there, not withdrawn.
    is_kept: bool,
    values: Vec<(By, Term)>,
}

/// Counts items as the statements of the store come by.
pub(super) struct Cubes<'c> {
    snapshot: &'c Snapshot,
    config: &'c Config,
    datasets: Vec<OfDataset>,
    /// Digests of the items that can be opened, sorted.
    digitised: Vec<u64>,
    /// The dataset whose graph is walked.
    at: Option<usize>,
    in_provenance: bool,
    subject: Subject,
    centuries: HashMap<String, Vec<Term>>,
    months: HashMap<String, Option<Term>>,
}

impl<'c> Cubes<'c> {
    pub(super) fn new(snapshot: &'c Snapshot, config: &'c Config) -> Result<Self, StoreError> {
        let mut digitised = Vec::new();
        for property in [edm::IS_SHOWN_BY, edm::HAS_VIEW] {
            let mut before = String::new();
            for quad in snapshot.matching(None, Some(property), None, None) {
                let NamedOrBlankNode::NamedNode(aggregation) = quad?.subject else { continue };
                // Several views of one thing mostly stand together.
                if aggregation.as_str() != before {
                    before = aggregation.as_str().to_owned();
                    digitised.push(digest(item_of(&before)));
                }
            }
        }
        digitised.sort_unstable();
        digitised.dedup();
        let datasets = config.datasets.iter().map(|_| OfDataset::default()).collect();
        Ok(Self {
            snapshot,
            config,
            datasets,
            digitised,
            at: None,
            in_provenance: false,
            subject: Subject::default(),
            centuries: HashMap::new(),
            months: HashMap::new(),
        })
    }

    /// The graph whose statements come next.
    pub(super) fn enter(&mut self, graph: &str) -> Result<(), StoreError> {
        self.flush()?;
        let base = &self.config.base;
        self.at = self.config.datasets.iter().position(|dataset| graph == base.graph(dataset.id.as_str()));
        self.in_provenance = graph == base.graph("provenance");
        Ok(())
    }

    /// The graph has ended.
    pub(super) fn leave(&mut self) -> Result<(), StoreError> {
        self.flush()?;
        (self.at, self.in_provenance) = (None, false);
        Ok(())
    }

    /// A statement; those of one subject follow one another.
    pub(super) fn take(&mut self, quad: &Quad) -> Result<(), StoreError> {
        if self.at.is_none() && !self.in_provenance {
            return Ok(());
        }
        let NamedOrBlankNode::NamedNode(node) = &quad.subject else { return Ok(()) };
        if node.as_str() != self.subject.iri {
            self.flush()?;
            self.subject.iri.push_str(node.as_str());
        }
        let subject = &mut self.subject;
        let predicate = quad.predicate.as_ref();
        if self.in_provenance {
            if predicate == prov::WAS_GENERATED_BY {
                subject.values.push((By::Month, quad.object.clone()));
            } else if predicate == aarre::CONTENT_HASH {
                subject.is_kept = true;
            }
            return Ok(());
        }
        let by = if predicate == rdf::TYPE {
            subject.is_item |= quad.object == Term::from(edm::PROVIDED_CHO.into_owned());
            subject.is_aggregation |= quad.object == Term::from(ore::AGGREGATION.into_owned());
            return Ok(());
        } else if predicate == edm::AGGREGATED_CHO {
            if let Term::NamedNode(item) = &quad.object {
                subject.item = Some(item.as_str().to_owned());
            }
            return Ok(());
        } else if predicate == aarre::SECTOR {
            By::Sector
        } else if predicate == dc::TYPE {
            By::Type
        } else if predicate == dcterms::CREATED || predicate == dcterms::ISSUED {
            By::Century
        } else if predicate == dcterms::SPATIAL {
            By::Place
        } else if predicate == edm::RIGHTS {
            By::Rights
        } else {
            return Ok(());
        };
        subject.values.push((by, quad.object.clone()));
        Ok(())
    }

    /// Counts the subject whose statements have ended.
    fn flush(&mut self) -> Result<(), StoreError> {
        let mut subject = std::mem::take(&mut self.subject);
        if self.in_provenance {
            self.count_change(&subject)?;
        } else if let Some(at) = self.at {
            if subject.is_item {
                let digitised = self.digitised.binary_search(&digest(&subject.iri)).is_ok();
                self.datasets[at].all.count(digitised);
                for by in [By::Sector, By::Type, By::Century, By::Place] {
                    let values =
                        subject.values.iter().filter(|(other, _)| *other == by).map(|(_, term)| term);
                    if by == By::Century {
                        let mut centuries = Vec::new();
                        for term in values {
                            centuries.extend(self.centuries(term)?);
                        }
                        self.count(at, by, centuries.iter(), digitised);
                    } else {
                        self.count(at, by, values, digitised);
                    }
                }
            } else if subject.is_aggregation
                && let Some(item) = subject.item.take()
            {
                let digitised = self.digitised.binary_search(&digest(&item)).is_ok();
                let values = subject.values.iter().filter(|(by, _)| *by == By::Rights).map(|(_, term)| term);
                self.count(at, By::Rights, values, digitised);
            }
        }
        // The memory of the lists is used again.
        subject.iri.clear();
        subject.values.clear();
        self.subject = Subject { iri: subject.iri, values: subject.values, ..Subject::default() };
        Ok(())
    }

    fn count<'t>(&mut self, at: usize, by: By, values: impl Iterator<Item = &'t Term>, digitised: bool) {
        let counts = &mut self.datasets[at].values[by as usize];
        let mut seen: Vec<&Term> = Vec::new();
        for value in values {
            if !seen.contains(&value) {
                seen.push(value);
                match counts.get_mut(value) {
                    Some(counted) => counted.count(digitised),
                    None => counts.entry(value.clone()).or_default().count(digitised),
                }
            }
        }
        if seen.is_empty() {
            counts.entry(aarre::NOT_STATED.into_owned().into()).or_default().count(digitised);
        }
    }

    /// Counts a record by the month of the run that wrote it.
    fn count_change(&mut self, subject: &Subject) -> Result<(), StoreError> {
        let [(By::Month, Term::NamedNode(run)), ..] = subject.values.as_slice() else { return Ok(()) };
        let base = &self.config.base;
        let of = |iri: &str| {
            let rest = iri.strip_prefix(base.as_str())?.strip_prefix("/id/")?;
            let dataset = rest.split('/').next()?;
            self.config.datasets.iter().position(|other| other.id.as_str() == dataset)
        };
        let Some(at) = of(&subject.iri).filter(|_| subject.is_kept) else { return Ok(()) };
        let digitised = self.digitised.binary_search(&digest(&subject.iri)).is_ok();
        let month = match self.months.get(run.as_str()) {
            Some(month) => month.clone(),
            None => {
                let month = self.month(run)?;
                self.months.insert(run.as_str().to_owned(), month.clone());
                month
            }
        };
        self.count(at, By::Month, month.iter(), digitised);
        Ok(())
    }

    fn month(&self, run: &NamedNode) -> Result<Option<Term>, StoreError> {
        let mut began = self.snapshot.matching(Some(run.as_ref()), Some(prov::STARTED_AT_TIME), None, None);
        let Some(quad) = began.next().transpose()? else { return Ok(None) };
        let Term::Literal(time) = quad.object else { return Ok(None) };
        // A date and time begins with year and month: 2026-11-21T…
        let month = time.value().get(..7).filter(|month| month.as_bytes()[4] == b'-');
        Ok(month.map(|month| Literal::new_typed_literal(month, xsd::G_YEAR_MONTH).into()))
    }

    /// The centuries that a time touches, each as the year with which it begins: 1900 for 1900 to 1999.
    fn centuries(&mut self, time: &Term) -> Result<Vec<Term>, StoreError> {
        let node = match time {
            Term::NamedNode(node) => node,
            Term::Literal(literal) => {
                let read = years(literal.value()).into_iter();
                return Ok(read.flat_map(|years| centuries(years.from, years.to)).collect());
            }
            _ => return Ok(Vec::new()),
        };
        if let Some(known) = self.centuries.get(node.as_str()) {
            return Ok(known.clone());
        }
        let bound = |property| -> Result<Option<Years>, StoreError> {
            for quad in self.snapshot.matching(Some(node.as_ref()), Some(property), None, None) {
                if let Term::Literal(literal) = quad?.object
                    && let Some(years) = years(literal.value())
                {
                    return Ok(Some(years));
                }
            }
            Ok(None)
        };
        let (begin, end) = (bound(edm::BEGIN)?, bound(edm::END)?);
        let known = match (begin.or(end), end.or(begin)) {
            (Some(begin), Some(end)) => centuries(begin.from, end.to).collect(),
            _ => Vec::new(),
        };
        self.centuries.insert(node.as_str().to_owned(), known.clone());
        Ok(known)
    }

    /// The cubes as statements of the catalogue.
    pub(super) fn quads(mut self) -> Vec<Quad> {
        let base = &self.config.base;
        let graph = GraphName::NamedNode(NamedNode::new_unchecked(catalogue_graph(base)));
        let mut written = Written { graph, quads: Vec::new() };
        // An item whose aggregation states no rights, or that has no aggregation, was not met with its rights.
        for dataset in &mut self.datasets {
            let all = dataset.all;
            dataset.values[By::Dataset as usize].clear();
            for by in [By::Rights, By::Month] {
                let counts = &mut dataset.values[by as usize];
                if counts.is_empty() && all.items > 0 {
                    counts.insert(aarre::NOT_STATED.into_owned().into(), all);
                }
            }
        }
        let mut whole = OfDataset::default();
        for dataset in &self.datasets {
            whole.all.add(dataset.all);
            for (sum, values) in whole.values.iter_mut().zip(&dataset.values) {
                for (value, counted) in values {
                    sum.entry(value.clone()).or_default().add(*counted);
                }
            }
        }
        let names: Vec<&str> = self.config.datasets.iter().map(|dataset| dataset.id.as_str()).collect();
        let all: Vec<(&str, &OfDataset)> =
            std::iter::once("all").chain(names).zip(std::iter::once(&whole).chain(&self.datasets)).collect();
        for (dimension, place) in DIMENSIONS.iter().zip(0..) {
            let cube = NamedNode::new_unchecked(base.shared("statistics", dimension.name));
            written.structure(&cube, dimension);
            for (id, dataset) in &all {
                if dataset.all.items == 0 {
                    continue;
                }
                let of = NamedNode::new_unchecked(base.shared("dataset", id));
                let Some(property) = dimension.property else {
                    written.observation(&cube, &of, id, None, dataset.all);
                    continue;
                };
                for (value, counted) in told(&dataset.values[place]) {
                    written.observation(&cube, &of, id, Some((property, value)), counted);
                }
            }
        }
        written.quads
    }
}

/// The most frequent values, the most frequent first, and the others together.
fn told(values: &HashMap<Term, Counted>) -> Vec<(Term, Counted)> {
    let unstated = Term::from(aarre::NOT_STATED.into_owned());
    let mut told: Vec<(Term, Counted)> =
        values.iter().map(|(value, counted)| (value.clone(), *counted)).collect();
    told.sort_by_cached_key(|(value, counted)| {
        (*value != unstated, std::cmp::Reverse(counted.items), value.to_string())
    });
    if told.len() > KEPT {
        let mut others = Counted::default();
        told.drain(KEPT..).for_each(|(_, counted)| others.add(counted));
        told.push((aarre::OTHER_VALUES.into_owned().into(), others));
    }
    told
}

struct Written {
    graph: GraphName,
    quads: Vec<Quad>,
}

impl Written {
    fn structure(&mut self, cube: &NamedNode, dimension: &Dimension) {
        let english = |text: &str| Literal::new_language_tagged_literal_unchecked(text, "en");
        let structure = NamedNode::new_unchecked(format!("{}#structure", cube.as_str()));
        self.add(cube, rdf::TYPE, qb::DATA_SET_CLASS.into_owned());
        self.add(cube, dcterms::TITLE, english(dimension.title));
        self.add(cube, qb::STRUCTURE, structure.clone());
        self.add(&structure, rdf::TYPE, qb::DATA_STRUCTURE_DEFINITION.into_owned());
        let dimensions = [(aarre::OF_DATASET, dcat::DATASET_CLASS)]
            .into_iter()
            .chain(dimension.property.map(|property| (property, dimension.range)))
            .map(|(property, range)| (qb::DIMENSION, qb::DIMENSION_PROPERTY, property, range));
        let measures = [aarre::ITEM_COUNT, aarre::DIGITISED_COUNT]
            .map(|property| (qb::MEASURE, qb::MEASURE_PROPERTY, property, xsd::INTEGER));
        for (role, class, property, range) in dimensions.chain(measures) {
            let name = property.as_str().rsplit('#').next().unwrap_or_default();
            let component = NamedNode::new_unchecked(format!("{}-{name}", structure.as_str()));
            self.add(&structure, qb::COMPONENT, component.clone());
            self.add(&component, rdf::TYPE, qb::COMPONENT_SPECIFICATION.into_owned());
            self.add(&component, role, property.into_owned());
            let property = property.into_owned();
            self.add(&property, rdf::TYPE, class.into_owned());
            self.add(&property, rdf::TYPE, rdf::PROPERTY.into_owned());
            self.add(&property, rdfs::RANGE, range.into_owned());
            if let Some(label) = vocabularies::label_of(property.as_str()) {
                self.add(&property, rdfs::LABEL, english(label));
            }
        }
    }

    fn observation(
        &mut self,
        cube: &NamedNode,
        of: &NamedNode,
        dataset: &str,
        value: Option<(NamedNodeRef<'static>, Term)>,
        counted: Counted,
    ) {
        let key = value.as_ref().map(|(_, value)| format!("-{:016x}", digest(&value.to_string())));
        let node = format!("{}#{dataset}{}", cube.as_str(), key.unwrap_or_default());
        let node = NamedNode::new_unchecked(node);
        self.add(&node, rdf::TYPE, qb::OBSERVATION_CLASS.into_owned());
        self.add(&node, qb::DATA_SET, cube.clone());
        self.add(&node, aarre::OF_DATASET, of.clone());
        if let Some((property, value)) = value {
            self.add(&node, property, value);
        }
        for (measure, number) in
            [(aarre::ITEM_COUNT, counted.items), (aarre::DIGITISED_COUNT, counted.digitised)]
        {
            self.add(&node, measure, Literal::new_typed_literal(number.to_string(), xsd::INTEGER));
        }
    }

    fn add(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'static>, object: impl Into<Term>) {
        self.quads.push(Quad::new(subject.clone(), predicate, object, self.graph.clone()));
    }
}

/// The item that an aggregation is about is the document that it is a fragment of.
fn item_of(aggregation: &str) -> &str {
    aggregation.split('#').next().unwrap_or_default()
}

fn digest(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// The centuries that years touch, each as `xsd:gYear` of the year with which it begins.
fn centuries(from: i16, to: i16) -> impl Iterator<Item = Term> {
    (from.div_euclid(100)..=to.div_euclid(100)).map(|hundreds| {
        let begin = i32::from(hundreds) * 100;
        let text = if begin < 0 { format!("-{:04}", -begin) } else { format!("{begin:04}") };
        Literal::new_typed_literal(text, xsd::G_YEAR).into()
    })
}
