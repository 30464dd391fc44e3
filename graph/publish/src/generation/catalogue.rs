//! The catalogue: what DCAT and VoID say of the graph and of each dataset, with the counts of this generation.
//!
//! It stands in a graph of its own inside the store, so that it can be queried like everything else, and in
//! `void.ttl`. DCAT-AP 3.0 (SEMIC, 2024) over DCAT 3 (W3C Recommendation, 22 August 2024); VoID: W3C Interest Group
//! Note of 3 March 2011.
//!
//! A dataset's partitions count the statements of its own graph. How many statements there are in all, each counted once
//! however many graphs make it, is known when the index has been built; so the partitions of the whole, and the sizes of the dumps,
//! stand in `void.ttl` alone.

use super::{Count, DatasetStatistics, GenerationError, Statistics};
use crate::home::{Config, Dataset, Frequency};
use graph_model::{Base, content_key};
use graph_store::rdf::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use graph_store::{Change, GraphFormat, WorkingStore, write_quads};
use std::fs;
use std::io;
use std::path::Path;
use vocabularies::{
    PREFIXES, aarre, dcat, dcterms, eu_access_right, eu_data_theme, eu_file_type, eu_frequency, foaf, rdf,
    skos, vcard, void, xsd,
};

/// The licence of all metadata.
const CC0: &str = "http://creativecommons.org/publicdomain/zero/1.0/";
/// Where IANA names media types.
const MEDIA_TYPES: &str = "https://www.iana.org/assignments/media-types/";
/// Both packings of the dump of everything, with their media types.
const DUMPS: [(&str, &str); 2] = [("aarre.nq.gz", "gzip"), ("aarre.nq.zst", "zstd")];

/// Statements about the catalogue, as they are made.
struct Catalogue<'c> {
    config: &'c Config,
    base: &'c Base,
    graph: GraphName,
    quads: Vec<Quad>,
}

/// Describes the generation. Its own statements are counted in the statistics, and the graph of the catalogue with them.
pub(super) fn describe(config: &Config, statistics: &mut Statistics, cubes: Vec<Quad>) -> Vec<Quad> {
    let mut catalogue = Catalogue::new(config);
    catalogue.whole(statistics);
    for (dataset, numbers) in config.datasets.iter().zip(&statistics.datasets) {
        catalogue.dataset(dataset, numbers, &statistics.published);
    }
    catalogue.quads.extend(cubes);
    let mut quads = catalogue.quads;
    // Two datasets of one owner say the same of the owner.
    quads.sort_by_cached_key(ToString::to_string);
    quads.dedup();
    let own = quads.len() as u64;
    statistics.triples += own;
    statistics.graphs.push(Count { iri: super::catalogue_graph(&config.base), label: None, count: own });
    quads
}

/// Puts the catalogue in the place of the one before.
pub(super) fn replace(store: &WorkingStore, base: &Base, quads: &[Quad]) -> Result<(), GenerationError> {
    let graph = NamedNode::new_unchecked(super::catalogue_graph(base));
    let remove = store.view().quads_of_graph(graph.as_ref()).collect::<Result<Vec<_>, _>>()?;
    Ok(store.apply(Change { remove, insert: quads.to_vec() })?)
}

/// The catalogue as Turtle, with what is known only now: the numbers of the whole, and the sizes of the dumps in the folder.
pub(super) fn turtle(
    quads: &[Quad],
    config: &Config,
    statistics: &Statistics,
    dumps: &Path,
) -> io::Result<Vec<u8>> {
    let mut rest = Catalogue::new(config);
    rest.numbers(statistics);
    rest.sizes(dumps)?;
    // Statistics in cubes are data of the catalogue, not a part of its description.
    let cubes = config.base.shared("statistics", "");
    let said = quads.iter().filter(|quad| !quad.subject.to_string().contains(&cubes)).cloned();
    rest.quads.splice(0..0, said);
    rest.quads.sort_by_cached_key(|quad| quad.subject.to_string());
    write_quads(&rest.quads, GraphFormat::Turtle, PREFIXES, Vec::new())
}

impl<'c> Catalogue<'c> {
    fn new(config: &'c Config) -> Self {
        let graph = NamedNode::new_unchecked(super::catalogue_graph(&config.base));
        Self { config, base: &config.base, graph: GraphName::NamedNode(graph), quads: Vec::new() }
    }

    /// The IRI of the whole.
    fn all(&self) -> NamedNode {
        self.iri(&self.base.shared("dataset", "all"))
    }

    fn whole(&mut self, statistics: &Statistics) {
        let (config, base, all) = (self.config, self.base, self.all());
        for class in [dcat::CATALOG_CLASS, dcat::DATASET_CLASS, void::DATASET, void::DATASET_DESCRIPTION] {
            self.link(&all, rdf::TYPE, class.into_owned());
        }
        self.text(&all, dcterms::TITLE, &config.title);
        match &config.catalogue.description {
            Some(description) => self.text(&all, dcterms::DESCRIPTION, description),
            None => self.english(&all, dcterms::DESCRIPTION, &contents(config)),
        }
        let publisher = config.catalogue.publisher.as_deref().unwrap_or(&config.title);
        self.agent(&all, dcterms::PUBLISHER, publisher, config.catalogue.homepage.as_deref());
        self.contact(&all, publisher, config.catalogue.contact.as_deref());
        self.common(&all, &statistics.published);
        self.number(&all, void::ENTITIES, statistics.items);
        self.text(&all, void::URI_SPACE, &format!("{base}/id/"));
        self.link(&all, void::SPARQL_ENDPOINT, self.iri(&format!("{base}/sparql")));
        let home = self.iri(&format!("{base}/"));
        self.page(&all, foaf::HOMEPAGE, home);
        let themes = self.iri(scheme(eu_data_theme::EDUC));
        self.link(&themes, rdf::TYPE, skos::CONCEPT_SCHEME.into_owned());
        self.english(&themes, dcterms::TITLE, "Data themes of the European Union");
        self.link(&all, dcat::THEME_TAXONOMY, themes);
        for (name, packing) in DUMPS {
            self.distribution(&all, name, packing);
        }
        for dataset in &config.datasets {
            let dataset = self.iri(&base.shared("dataset", dataset.id.as_str()));
            self.link(&all, void::SUBSET, dataset.clone());
            self.link(&all, dcat::DATASET, dataset);
        }
        let service = self.iri(&format!("{}#sparql", all.as_str()));
        self.link(&all, dcat::SERVICE, service.clone());
        self.link(&service, rdf::TYPE, dcat::DATA_SERVICE.into_owned());
        self.english(&service, dcterms::TITLE, "SPARQL endpoint");
        self.link(&service, dcat::ENDPOINT_URL, self.iri(&format!("{base}/sparql")));
        self.link(&service, dcat::ENDPOINT_DESCRIPTION, self.iri(&format!("{base}/openapi.json")));
        self.link(&service, dcat::SERVES_DATASET, all.clone());
        self.licence(&service);
        self.vocabularies(&all, &statistics.properties);
    }

    fn dataset(&mut self, dataset: &Dataset, numbers: &DatasetStatistics, published: &str) {
        let base = self.base;
        let node = self.iri(&base.shared("dataset", dataset.id.as_str()));
        for class in [dcat::DATASET_CLASS, void::DATASET] {
            self.link(&node, rdf::TYPE, class.into_owned());
        }
        self.text(&node, dcterms::TITLE, &dataset.title);
        let owner = dataset.owner.as_deref();
        match &dataset.description {
            Some(description) => self.text(&node, dcterms::DESCRIPTION, description),
            None => {
                let whose = owner.map_or_else(|| dataset.title.clone(), str::to_owned);
                self.english(&node, dcterms::DESCRIPTION, &format!("Records of {whose} as linked data."));
            }
        }
        if let Some(owner) = owner {
            self.agent(&node, dcterms::PUBLISHER, owner, None);
        }
        self.contact(&node, owner.unwrap_or(&dataset.title), dataset.contact.as_deref());
        if let Some(homepage) = &dataset.homepage {
            let homepage = self.iri(homepage);
            self.page(&node, dcat::LANDING_PAGE, homepage);
        }
        if let Some(agreement) = &dataset.agreement {
            match NamedNode::new(agreement) {
                Ok(agreement) => {
                    self.link(&agreement, rdf::TYPE, dcterms::RIGHTS_STATEMENT.into_owned());
                    self.link(&node, dcterms::RIGHTS, agreement);
                }
                Err(_) => {
                    let statement = self.iri(&format!("{}#agreement", node.as_str()));
                    self.link(&statement, rdf::TYPE, dcterms::RIGHTS_STATEMENT.into_owned());
                    self.text(&statement, skos::PREF_LABEL, agreement);
                    self.link(&node, dcterms::RIGHTS, statement);
                }
            }
        }
        if let Some(frequency) = dataset.frequency {
            self.listed(&node, dcterms::ACCRUAL_PERIODICITY, code(frequency), dcterms::FREQUENCY);
        }
        if let Some(sector) = &numbers.sector {
            self.link(&node, aarre::SECTOR, self.iri(sector));
        }
        let changed = numbers.runs.first().map_or(published, |run| run.ended.as_str());
        self.common(&node, changed);
        self.number(&node, void::TRIPLES, numbers.triples);
        self.number(&node, void::ENTITIES, numbers.items);
        self.text(&node, void::URI_SPACE, &base.item_prefix(&dataset.id));
        if numbers.triples > 0 {
            self.distribution(&node, &format!("{}.nq.zst", dataset.id), "zstd");
        }
        self.partitions(&node, &numbers.classes, &numbers.properties);
        self.vocabularies(&node, &numbers.properties);
    }

    /// What is counted over all graphs, each statement once.
    fn numbers(&mut self, statistics: &Statistics) {
        let all = self.all();
        self.number(&all, void::TRIPLES, statistics.statements);
        self.number(&all, void::CLASSES, statistics.classes.len() as u64);
        self.number(&all, void::PROPERTIES, statistics.properties.len() as u64);
        self.partitions(&all, &statistics.classes, &statistics.properties);
    }

    fn sizes(&mut self, dumps: &Path) -> io::Result<()> {
        let all = self.all();
        let mut files: Vec<(NamedNode, String)> =
            DUMPS.iter().map(|(name, _)| (all.clone(), (*name).to_owned())).collect();
        for dataset in &self.config.datasets {
            let node = self.iri(&self.base.shared("dataset", dataset.id.as_str()));
            files.push((node, format!("{}.nq.zst", dataset.id)));
        }
        for (of, name) in files {
            // A dataset without statements has no file.
            let Ok(metadata) = fs::metadata(dumps.join(&name)) else { continue };
            let node = self.iri(&format!("{}#{name}", of.as_str()));
            let size = Literal::new_typed_literal(metadata.len().to_string(), xsd::NON_NEGATIVE_INTEGER);
            self.add(&node, dcat::BYTE_SIZE, size);
        }
        Ok(())
    }

    fn partitions(&mut self, of: &NamedNode, classes: &[Count], properties: &[Count]) {
        for Count { iri, count, .. } in classes {
            let node = self.iri(&format!("{}#class-{}", of.as_str(), part(iri)));
            self.link(of, void::CLASS_PARTITION, node.clone());
            self.link(&node, void::CLASS, self.iri(iri));
            self.number(&node, void::ENTITIES, *count);
        }
        for Count { iri, count, .. } in properties {
            let node = self.iri(&format!("{}#property-{}", of.as_str(), part(iri)));
            self.link(of, void::PROPERTY_PARTITION, node.clone());
            self.link(&node, void::PROPERTY, self.iri(iri));
            self.number(&node, void::TRIPLES, *count);
        }
    }

    fn vocabularies(&mut self, of: &NamedNode, properties: &[Count]) {
        let used = |namespace: &str| properties.iter().any(|property| property.iri.starts_with(namespace));
        for (_, namespace) in PREFIXES.iter().filter(|(_, namespace)| used(namespace)) {
            self.link(of, void::VOCABULARY, self.iri(namespace));
        }
    }

    /// Metadata is CC0 and public, whatever the rights to the things are.
    fn common(&mut self, node: &NamedNode, changed: &str) {
        self.licence(node);
        let changed = Literal::new_typed_literal(changed, xsd::DATE_TIME);
        self.add(node, dcterms::MODIFIED, changed);
        self.listed(node, dcterms::ACCESS_RIGHTS, eu_access_right::PUBLIC, dcterms::RIGHTS_STATEMENT);
        self.listed(node, dcat::THEME, eu_data_theme::EDUC, skos::CONCEPT);
    }

    /// A value of one of the authority tables of the European Union, each of which is a concept scheme.
    fn listed(
        &mut self,
        of: &NamedNode,
        property: NamedNodeRef<'static>,
        value: NamedNodeRef<'static>,
        class: NamedNodeRef<'static>,
    ) {
        let (node, scheme) = (value.into_owned(), self.iri(scheme(value)));
        self.link(&node, rdf::TYPE, class.into_owned());
        self.link(&node, skos::IN_SCHEME, scheme);
        if let Some(label) = vocabularies::term(value.as_str()).map(|term| term.definition) {
            self.english(&node, skos::PREF_LABEL, label);
        }
        self.link(of, property, node);
    }

    fn licence(&mut self, node: &NamedNode) {
        let licence = self.iri(CC0);
        self.link(&licence, rdf::TYPE, dcterms::LICENSE_DOCUMENT.into_owned());
        self.link(node, dcterms::LICENSE, licence);
    }

    fn agent(&mut self, of: &NamedNode, property: NamedNodeRef<'static>, name: &str, homepage: Option<&str>) {
        let organization = self.iri(&self.base.shared("organization", &content_key(&[name])));
        self.link(of, property, organization.clone());
        for class in [foaf::AGENT, foaf::ORGANIZATION] {
            self.link(&organization, rdf::TYPE, class.into_owned());
        }
        self.text(&organization, foaf::NAME, name);
        if let Some(homepage) = homepage {
            let homepage = self.iri(homepage);
            self.page(&organization, foaf::HOMEPAGE, homepage);
        }
    }

    fn contact(&mut self, of: &NamedNode, name: &str, address: Option<&str>) {
        let Some(address) = address else { return };
        let contact = self.iri(&format!("{}#contact", of.as_str()));
        self.link(of, dcat::CONTACT_POINT, contact.clone());
        for class in [vcard::KIND, vcard::ORGANIZATION] {
            self.link(&contact, rdf::TYPE, class.into_owned());
        }
        self.text(&contact, vcard::FN, name);
        let mail = address.starts_with("mailto:");
        self.link(&contact, if mail { vcard::HAS_EMAIL } else { vcard::HAS_URL }, self.iri(address));
    }

    /// A link to a page for people.
    fn page(&mut self, of: &NamedNode, property: NamedNodeRef<'static>, page: NamedNode) {
        self.link(&page, rdf::TYPE, foaf::DOCUMENT.into_owned());
        self.link(of, property, page);
    }

    fn distribution(&mut self, of: &NamedNode, name: &str, packing: &str) {
        let url = self.iri(&format!("{}/dumps/{name}", self.base));
        let node = self.iri(&format!("{}#{name}", of.as_str()));
        self.link(of, void::DATA_DUMP, url.clone());
        self.link(of, dcat::DISTRIBUTION, node.clone());
        self.link(&node, rdf::TYPE, dcat::DISTRIBUTION_CLASS.into_owned());
        self.text(&node, dcterms::TITLE, name);
        self.link(&node, dcat::DOWNLOAD_URL, url.clone());
        self.link(&node, dcat::ACCESS_URL, url);
        self.licence(&node);
        self.listed(&node, dcterms::FORMAT, eu_file_type::RDF_N_QUADS, dcterms::MEDIA_TYPE_OR_EXTENT);
        let media = format!("{MEDIA_TYPES}application/");
        for (property, name) in [(dcat::MEDIA_TYPE, "n-quads"), (dcat::COMPRESS_FORMAT, packing)] {
            let media = self.iri(&format!("{media}{name}"));
            self.link(&media, rdf::TYPE, dcterms::MEDIA_TYPE.into_owned());
            self.link(&node, property, media);
        }
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

    fn english(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'static>, text: &str) {
        self.add(subject, predicate, Literal::new_language_tagged_literal_unchecked(text, "en"));
    }

    fn number(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'static>, number: u64) {
        self.add(subject, predicate, Literal::new_typed_literal(number.to_string(), xsd::INTEGER));
    }

    fn add(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'static>, object: impl Into<Term>) {
        self.quads.push(Quad::new(subject.clone(), predicate, object, self.graph.clone()));
    }
}

/// The authority table that a value is in: its IRI without the last part.
fn scheme(value: NamedNodeRef<'static>) -> &'static str {
    value.as_str().rsplit_once('/').map_or(value.as_str(), |(scheme, _)| scheme)
}

/// What a partition is called: the prefixed name of its term, or a digest of its IRI.
fn part(iri: &str) -> String {
    match vocabularies::qname(iri) {
        Some(name) => name.replace(':', "-"),
        None => format!("{:016x}", xxhash_rust::xxh3::xxh3_64(iri.as_bytes())),
    }
}

/// A sentence for a catalogue that has no description of its own.
fn contents(config: &Config) -> String {
    let names: Vec<&str> = config.datasets.iter().map(|dataset| dataset.title.as_str()).collect();
    format!("Records of archives, libraries, museums and registers as linked data: {}.", names.join(", "))
}

fn code(frequency: Frequency) -> NamedNodeRef<'static> {
    match frequency {
        Frequency::Continuous => eu_frequency::CONT,
        Frequency::Hourly => eu_frequency::HOURLY,
        Frequency::Daily => eu_frequency::DAILY,
        Frequency::Weekly => eu_frequency::WEEKLY,
        Frequency::Biweekly => eu_frequency::BIWEEKLY,
        Frequency::Monthly => eu_frequency::MONTHLY,
        Frequency::Quarterly => eu_frequency::QUARTERLY,
        Frequency::Annual => eu_frequency::ANNUAL,
        Frequency::Irregular => eu_frequency::IRREG,
        Frequency::Never => eu_frequency::NEVER,
    }
}
