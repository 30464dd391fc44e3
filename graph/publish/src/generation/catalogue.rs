//! The catalogue: what DCAT 3 and VoID say of the graph and of each dataset, with the counts of this generation.
//!
//! It stands in a graph of its own inside the store, so that it can be queried like everything else, and in
//! `void.ttl`. DCAT: W3C Recommendation of 22 August 2024; VoID: W3C Interest Group Note of 3 March 2011.

use super::{Count, DatasetStatistics, GenerationError, Statistics};
use crate::home::{Config, Dataset};
use graph_model::{Base, content_key};
use graph_store::rdf::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use graph_store::{Change, GraphFormat, WorkingStore, write_quads};
use std::io;
use vocabularies::{PREFIXES, dcat, dcterms, foaf, rdf, void, xsd};

/// The licence of all metadata.
const CC0: &str = "http://creativecommons.org/publicdomain/zero/1.0/";
/// Where IANA names media types.
const MEDIA_TYPES: &str = "https://www.iana.org/assignments/media-types/";
/// How many classes and properties get a partition; the long tail would drown the rest.
const PARTITIONS: usize = 100;

struct Catalogue<'c> {
    config: &'c Config,
    graph: GraphName,
    quads: Vec<Quad>,
}

/// Describes the generation; the counts are completed by those of the description itself.
pub(super) fn describe(config: &Config, statistics: &mut Statistics) -> Vec<Quad> {
    let graph = super::catalogue_graph(&config.base);
    // How many statements there are does not depend on the numbers in them.
    let own = described(config, statistics, &graph).len() as u64;
    statistics.triples += own;
    statistics.graphs.push(Count { iri: graph.clone(), label: None, count: own });
    described(config, statistics, &graph)
}

fn described(config: &Config, statistics: &Statistics, graph: &str) -> Vec<Quad> {
    let graph = GraphName::NamedNode(NamedNode::new_unchecked(graph));
    let mut catalogue = Catalogue { config, graph, quads: Vec::new() };
    catalogue.whole(statistics);
    for (dataset, numbers) in config.datasets.iter().zip(&statistics.datasets) {
        catalogue.dataset(dataset, numbers, &statistics.published);
    }
    catalogue.quads
}

/// Puts the catalogue in the place of the one before.
pub(super) fn replace(store: &WorkingStore, base: &Base, quads: &[Quad]) -> Result<(), GenerationError> {
    let graph = NamedNode::new_unchecked(super::catalogue_graph(base));
    let remove = store.view().quads_of_graph(graph.as_ref()).collect::<Result<Vec<_>, _>>()?;
    Ok(store.apply(Change { remove, insert: quads.to_vec() })?)
}

/// The catalogue as Turtle.
pub(super) fn turtle(quads: &[Quad]) -> io::Result<Vec<u8>> {
    write_quads(quads, GraphFormat::Turtle, PREFIXES, Vec::new())
}

impl Catalogue<'_> {
    fn whole(&mut self, statistics: &Statistics) {
        let base = self.config.base.clone();
        let all = self.iri(&base.shared("dataset", "all"));
        for class in [dcat::CATALOG, dcat::DATASET_CLASS, void::DATASET, void::DATASET_DESCRIPTION] {
            self.link(&all, rdf::TYPE, class.into_owned());
        }
        self.text(&all, dcterms::TITLE, &self.config.title.clone());
        self.common(&all, &statistics.published);
        self.number(&all, void::TRIPLES, statistics.triples);
        self.number(&all, void::ENTITIES, statistics.items);
        self.number(&all, void::CLASSES, statistics.classes.len() as u64);
        self.number(&all, void::PROPERTIES, statistics.properties.len() as u64);
        self.text(&all, void::URI_SPACE, &format!("{base}/id/"));
        self.link(&all, void::SPARQL_ENDPOINT, self.iri(&format!("{base}/sparql")));
        self.link(&all, foaf::HOMEPAGE, self.iri(&format!("{base}/")));
        for (name, media_type) in [("aarre.nq.gz", "gzip"), ("aarre.nq.zst", "zstd")] {
            self.distribution(&all, name, media_type);
        }
        for dataset in &self.config.datasets {
            let dataset = self.iri(&base.shared("dataset", dataset.id.as_str()));
            self.link(&all, void::SUBSET, dataset.clone());
            self.link(&all, dcat::DATASET, dataset);
        }
        let service = self.iri(&format!("{}#sparql", all.as_str()));
        self.link(&all, dcat::SERVICE, service.clone());
        self.link(&service, rdf::TYPE, dcat::DATA_SERVICE.into_owned());
        self.text(&service, dcterms::TITLE, "SPARQL");
        self.link(&service, dcat::ENDPOINT_URL, self.iri(&format!("{base}/sparql")));
        self.link(&service, dcat::SERVES_DATASET, all.clone());
        self.partitions(&all, statistics);
    }

    fn partitions(&mut self, all: &NamedNode, statistics: &Statistics) {
        let classes = statistics.classes.iter().take(PARTITIONS).enumerate();
        for (index, Count { iri, count, .. }) in classes {
            let node = self.iri(&format!("{}#class-{}", all.as_str(), index + 1));
            self.link(all, void::CLASS_PARTITION, node.clone());
            self.link(&node, void::CLASS, self.iri(iri));
            self.number(&node, void::ENTITIES, *count);
        }
        let properties = statistics.properties.iter().take(PARTITIONS).enumerate();
        for (index, Count { iri, count, .. }) in properties {
            let node = self.iri(&format!("{}#property-{}", all.as_str(), index + 1));
            self.link(all, void::PROPERTY_PARTITION, node.clone());
            self.link(&node, void::PROPERTY, self.iri(iri));
            self.number(&node, void::TRIPLES, *count);
        }
        let vocabularies = PREFIXES.iter().filter(|(_, namespace)| {
            statistics.properties.iter().any(|property| property.iri.starts_with(namespace))
        });
        for (_, namespace) in vocabularies {
            self.link(all, void::VOCABULARY, self.iri(namespace));
        }
    }

    fn dataset(&mut self, dataset: &Dataset, numbers: &DatasetStatistics, published: &str) {
        let base = self.config.base.clone();
        let node = self.iri(&base.shared("dataset", dataset.id.as_str()));
        for class in [dcat::DATASET_CLASS, void::DATASET] {
            self.link(&node, rdf::TYPE, class.into_owned());
        }
        self.text(&node, dcterms::TITLE, &dataset.title);
        if let Some(description) = &dataset.description {
            self.text(&node, dcterms::DESCRIPTION, description);
        }
        if let Some(owner) = &dataset.owner {
            let organization = self.iri(&base.shared("organization", &content_key(&[owner])));
            self.link(&node, dcterms::PUBLISHER, organization.clone());
            self.link(&organization, rdf::TYPE, foaf::ORGANIZATION.into_owned());
            self.text(&organization, foaf::NAME, owner);
        }
        self.common(&node, published);
        self.number(&node, void::TRIPLES, numbers.triples);
        self.number(&node, void::ENTITIES, numbers.items);
        self.text(&node, void::URI_SPACE, &base.item_prefix(&dataset.id));
        if numbers.triples > 0 {
            self.distribution(&node, &format!("{}.nq.zst", dataset.id), "zstd");
        }
    }

    /// Metadata is CC0, whatever the rights to the things are.
    fn common(&mut self, node: &NamedNode, published: &str) {
        self.link(node, dcterms::LICENSE, self.iri(CC0));
        let issued = Literal::new_typed_literal(published, xsd::DATE_TIME);
        self.add(node, dcterms::MODIFIED, issued);
    }

    fn distribution(&mut self, of: &NamedNode, name: &str, packing: &str) {
        let url = self.iri(&format!("{}/dumps/{name}", self.config.base));
        let node = self.iri(&format!("{}#{name}", of.as_str()));
        self.link(of, void::DATA_DUMP, url.clone());
        self.link(of, dcat::DISTRIBUTION, node.clone());
        self.link(&node, rdf::TYPE, dcat::DISTRIBUTION_CLASS.into_owned());
        self.text(&node, dcterms::TITLE, name);
        self.link(&node, dcat::DOWNLOAD_URL, url.clone());
        self.link(&node, dcat::ACCESS_URL, url);
        self.link(&node, dcterms::LICENSE, self.iri(CC0));
        let media = |name: &str| NamedNode::new_unchecked(format!("{MEDIA_TYPES}{name}"));
        self.link(&node, dcat::MEDIA_TYPE, media("application/n-quads"));
        self.link(&node, dcat::COMPRESS_FORMAT, media(&format!("application/{packing}")));
    }

    /// Names here are made from checked parts: the base, dataset identifiers, content keys and the store's own IRIs.
    fn iri(&self, iri: &str) -> NamedNode {
        NamedNode::new_unchecked(iri)
    }

    fn link(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'static>, object: NamedNode) {
        self.add(subject, predicate, object);
    }

    fn text(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'static>, text: &str) {
        self.add(subject, predicate, Literal::new_simple_literal(text));
    }

    fn number(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'static>, number: u64) {
        self.add(subject, predicate, Literal::new_typed_literal(number.to_string(), xsd::INTEGER));
    }

    fn add(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'static>, object: impl Into<Term>) {
        self.quads.push(Quad::new(subject.clone(), predicate, object, self.graph.clone()));
    }
}
