//! What a generation holds, counted in one walk over it.

use super::cubes::Cubes;
use crate::home::Config;
use graph_store::rdf::{NamedNode, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, Term, TermRef};
use graph_store::{Snapshot, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};
use vocabularies::{aarre, edm, prov, rdf};

/// How many of the entities that are mentioned most are named.
const MOST: usize = 200;
/// How many of the last runs over a dataset are told.
const RUNS: usize = 20;

/// `stats.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Statistics {
    /// When it was published, in UTC.
    pub published: String,
    /// Statements in all graphs.
    pub triples: u64,
    /// Items of all datasets.
    pub items: u64,
    /// Items by sector.
    pub sectors: Vec<Count>,
    /// Each dataset, in the order of the configuration.
    pub datasets: Vec<DatasetStatistics>,
    /// Statements by graph.
    pub graphs: Vec<Count>,
    /// Distinct entities that records share, by kind: agents, places, concepts, times, works.
    pub entities: BTreeMap<String, u64>,
    /// Instances by class.
    pub classes: Vec<Count>,
    /// Statements by property.
    pub properties: Vec<Count>,
    /// Those whom most items mention.
    pub agents: Vec<Count>,
    /// The places that most items mention.
    pub places: Vec<Count>,
    /// The subjects, genres and materials that most items mention.
    pub concepts: Vec<Count>,
    /// Statements, those that several graphs make counted once.
    pub statements: u64,
    /// Distinct IRIs, blank nodes and literals.
    pub terms: u64,
    /// What each property links, by IRI, over all graphs.
    pub property_statistics: Vec<PropertyStatistics>,
    /// The sets of properties that most subjects have, no more and no less.
    pub characteristic_sets: Vec<CharacteristicSet>,
}

/// A property in numbers; a statement that several graphs make counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PropertyStatistics {
    /// The property.
    pub iri: String,
    /// Its statements.
    pub statements: u64,
    /// How many things have it.
    pub subjects: u64,
    /// How many different values it has.
    pub objects: u64,
}

/// Things that are described alike.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CharacteristicSet {
    /// Their properties.
    pub properties: Vec<String>,
    /// How many things have exactly these.
    pub subjects: u64,
}

/// Something with a number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Count {
    /// What is counted.
    pub iri: String,
    /// Its name, where it has one.
    pub label: Option<String>,
    /// How many.
    pub count: u64,
}

/// A dataset in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DatasetStatistics {
    /// Its short name.
    pub id: String,
    /// Its name.
    pub title: Option<String>,
    /// Who owns the records.
    pub owner: Option<String>,
    /// The sector that most of its items belong to.
    pub sector: Option<String>,
    /// Its items.
    pub items: u64,
    /// Its statements.
    pub triples: u64,
    /// Instances by class in its graph.
    pub classes: Vec<Count>,
    /// Statements by property in its graph.
    pub properties: Vec<Count>,
    /// The last runs over it, the newest first.
    pub runs: Vec<RunStatistics>,
}

/// A run over a dataset that came to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunStatistics {
    /// The run.
    pub iri: String,
    /// When it began, as `xsd:dateTime`.
    pub began: String,
    /// When it ended, as `xsd:dateTime`.
    pub ended: String,
    /// The records that became documents.
    pub records: u64,
}

#[derive(Default)]
struct Tally {
    graphs: BTreeMap<String, GraphTally>,
    mentions: HashMap<String, u64>,
    sectors: BTreeMap<String, u64>,
    dataset_sectors: BTreeMap<String, BTreeMap<String, u64>>,
    dataset_items: BTreeMap<String, u64>,
}

/// What one graph has.
#[derive(Default)]
struct GraphTally {
    statements: u64,
    classes: HashMap<String, u64>,
    properties: HashMap<String, u64>,
}

impl Statistics {
    /// Counts what the store holds, the catalogue left out: that is about to be written anew. The cubes are counted in
    /// the same walk.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn count(
        snapshot: &Snapshot,
        config: &Config,
        published: String,
        cubes: &mut Cubes<'_>,
    ) -> Result<Self, StoreError> {
        let catalogue = super::catalogue_graph(&config.base);
        let shared = format!("{}/id/", config.base);
        let mut tally = Tally::default();
        for graph in snapshot.graphs()? {
            if graph.as_str() != catalogue {
                let name = graph.as_str().to_owned();
                cubes.enter(&name)?;
                tally.graph(&name, snapshot.quads_of_graph(graph.as_ref()), &shared, cubes)?;
                cubes.leave()?;
            }
        }
        tally.into_statistics(snapshot, config, published)
    }
}

impl Tally {
    fn graph(
        &mut self,
        graph: &str,
        quads: impl Iterator<Item = Result<Quad, StoreError>>,
        shared: &str,
        cubes: &mut Cubes<'_>,
    ) -> Result<(), StoreError> {
        // The quads of a subject stand together, so one set is enough for what an item mentions.
        let (mut subject, mut mentioned) = (String::new(), HashSet::new());
        let mut of_graph = GraphTally::default();
        for quad in quads {
            let quad = quad?;
            of_graph.statements += 1;
            add(&mut of_graph.properties, quad.predicate.as_str());
            cubes.take(&quad)?;
            let NamedOrBlankNodeRef::NamedNode(node) = quad.subject.as_ref() else { continue };
            if node.as_str() != subject {
                subject.clear();
                subject.push_str(node.as_str());
                mentioned.clear();
            }
            let TermRef::NamedNode(object) = quad.object.as_ref() else { continue };
            if quad.predicate == rdf::TYPE {
                add(&mut of_graph.classes, object.as_str());
                if object == edm::PROVIDED_CHO {
                    *self.dataset_items.entry(graph.to_owned()).or_default() += 1;
                }
            } else if quad.predicate == aarre::SECTOR {
                *self.sectors.entry(object.as_str().to_owned()).or_default() += 1;
                let of_dataset = self.dataset_sectors.entry(graph.to_owned()).or_default();
                *of_dataset.entry(object.as_str().to_owned()).or_default() += 1;
            } else if let Some(rest) = object.as_str().strip_prefix(shared)
                && KINDS.iter().any(|kind| rest.strip_prefix(kind).is_some_and(|key| key.starts_with('/')))
                && !subject.contains('#')
                && mentioned.insert(object.as_str().to_owned())
            {
                add(&mut self.mentions, object.as_str());
            }
        }
        self.graphs.insert(graph.to_owned(), of_graph);
        Ok(())
    }

    fn into_statistics(
        mut self,
        snapshot: &Snapshot,
        config: &Config,
        published: String,
    ) -> Result<Statistics, StoreError> {
        let (mut classes, mut properties) = (HashMap::new(), HashMap::new());
        for graph in self.graphs.values() {
            for (all, own) in [(&mut classes, &graph.classes), (&mut properties, &graph.properties)] {
                own.iter().for_each(|(iri, count)| *all.entry(iri.clone()).or_default() += count);
            }
        }
        let mut runs = runs(snapshot, config)?;
        let statements: BTreeMap<String, u64> =
            self.graphs.iter().map(|(graph, tally)| (graph.clone(), tally.statements)).collect();
        let datasets: Vec<DatasetStatistics> = config
            .datasets
            .iter()
            .map(|dataset| {
                let graph = config.base.graph(dataset.id.as_str());
                let sectors = self.dataset_sectors.get(&graph);
                let sector = sectors.and_then(|counts| counts.iter().max_by_key(|(_, count)| **count));
                let own = self.graphs.remove(&graph).unwrap_or_default();
                DatasetStatistics {
                    id: dataset.id.to_string(),
                    title: Some(dataset.title.clone()),
                    owner: dataset.owner.clone(),
                    sector: sector.map(|(iri, _)| iri.clone()),
                    items: self.dataset_items.get(&graph).copied().unwrap_or_default(),
                    triples: own.statements,
                    classes: counts(own.classes),
                    properties: counts(own.properties),
                    runs: runs.remove(dataset.id.as_str()).unwrap_or_default(),
                }
            })
            .collect();
        let mut entities: BTreeMap<String, u64> = BTreeMap::new();
        let mut by_kind: HashMap<&str, Vec<(&str, u64)>> = HashMap::new();
        let shared = format!("{}/id/", config.base);
        for (iri, count) in &self.mentions {
            let kind = iri[shared.len()..].split('/').next().unwrap_or_default();
            *entities.entry(format!("{kind}s")).or_default() += 1;
            by_kind.entry(kind).or_default().push((iri, *count));
        }
        let mut most = |kind: &str| named(by_kind.remove(kind).unwrap_or_default(), snapshot);
        let (agents, places, concepts) = (most("agent")?, most("place")?, most("concept")?);
        Ok(Statistics {
            published,
            triples: statements.values().sum(),
            items: self.dataset_items.values().sum(),
            sectors: counts(self.sectors),
            datasets,
            graphs: counts(statements),
            entities,
            classes: counts(classes),
            properties: counts(properties),
            agents,
            places,
            concepts,
            ..Statistics::default()
        })
    }
}

/// The last [`RUNS`] runs over each dataset that came to their end.
fn runs(snapshot: &Snapshot, config: &Config) -> Result<HashMap<String, Vec<RunStatistics>>, StoreError> {
    let mut runs: HashMap<String, Vec<RunStatistics>> = HashMap::new();
    for dataset in &config.datasets {
        let node = NamedNode::new_unchecked(config.base.shared("dataset", dataset.id.as_str()));
        let of_dataset = runs.entry(dataset.id.to_string()).or_default();
        for quad in snapshot.matching(None, Some(aarre::DATASET), Some(TermRef::from(node.as_ref())), None) {
            let NamedOrBlankNode::NamedNode(run) = quad?.subject else { continue };
            let mut told = RunStatistics { iri: run.as_str().to_owned(), ..RunStatistics::default() };
            for quad in snapshot.matching(Some(run.as_ref()), None, None, None) {
                let quad = quad?;
                let Term::Literal(value) = quad.object else { continue };
                if quad.predicate == prov::STARTED_AT_TIME {
                    told.began = value.value().to_owned();
                } else if quad.predicate == prov::ENDED_AT_TIME {
                    told.ended = value.value().to_owned();
                } else if quad.predicate == aarre::RECORDS_OUT {
                    told.records = value.value().parse().unwrap_or_default();
                }
            }
            if !told.ended.is_empty() {
                of_dataset.push(told);
            }
        }
        of_dataset.sort_by(|one, other| other.began.cmp(&one.began).then_with(|| other.iri.cmp(&one.iri)));
        of_dataset.truncate(RUNS);
    }
    Ok(runs)
}

/// The kinds of entities that records share.
const KINDS: [&str; 5] = ["agent", "place", "concept", "time", "work"];

fn add(counts: &mut HashMap<String, u64>, key: &str) {
    // Looked up before it is inserted: nearly always it is there, and no string has to be made.
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => {
            counts.insert(key.to_owned(), 1);
        }
    }
}

/// Most first; what is equal, by IRI.
pub(super) fn counts(counts: impl IntoIterator<Item = (String, u64)>) -> Vec<Count> {
    let mut counts: Vec<Count> = counts
        .into_iter()
        .map(|(iri, count)| Count { label: vocabularies::qname(&iri), iri, count })
        .collect();
    counts.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.iri.cmp(&other.iri)));
    counts
}

/// The first [`MOST`] with their names.
fn named(mut entities: Vec<(&str, u64)>, snapshot: &Snapshot) -> Result<Vec<Count>, StoreError> {
    entities.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    entities.truncate(MOST);
    let iris: Vec<&str> = entities.iter().map(|(iri, _)| *iri).collect();
    let labels = snapshot.labels(&iris, &["en"])?;
    Ok(entities
        .into_iter()
        .map(|(iri, count)| Count {
            iri: iri.to_owned(),
            label: labels.get(iri).map(|label| label.text.clone()),
            count,
        })
        .collect())
}
