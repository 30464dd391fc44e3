//! One run over one dataset: its sources through the loaders into the working store, with a report; and the
//! reconciliation of all datasets with each other.

use crate::convert::{Conversion, ConvertError, Converted, Fate, Sink, Unwatched, Watch};
use crate::home::{Dataset, Home};
use crate::load::{Accepted, Coverage, LoadError, LoadReport, Loader, Run, optimise};
use crate::preview::{self, Comparison};
use crate::report::{Report, Summary};
use crate::rules::{RuleFile, RuleFileError};
use crate::shapes::Shapes;
use crate::sources;
use graph_harvest::{Fetched, HarvestError, Harvester};
use graph_model::Broken;
use graph_store::rdf::{GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNodeRef, Quad, TermRef};
use graph_store::{Change, StoreError, WorkingStore};
use std::io;
use std::path::PathBuf;
use thiserror::Error;
use vocabularies::{aarre, owl, rdf, skos, xsd};

/// The name of the graph with the links between entities.
const LINKS: &str = "links";
/// An identifier that more entities carry is a placeholder.
const MOST_CARRIERS: usize = 20;

/// Why a run failed. What was there before is there still.
#[derive(Debug, Error)]
pub enum RunError {
    /// The conversion failed.
    #[error(transparent)]
    Convert(ConvertError),
    /// The load failed.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A source could not be fetched.
    #[error(transparent)]
    Harvest(#[from] HarvestError),
    /// The rule file cannot be used.
    #[error(transparent)]
    Rules(RuleFileError),
    /// The report failed.
    #[error("{path}: {source}")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The dataset has nothing to load.
    #[error("dataset '{0}' names no sources in aarre.toml; add: sources = [\"folder/\"]")]
    NoSources(String),
}

/// What a run over a dataset did.
#[derive(Debug)]
pub struct Loaded {
    /// What became of the records.
    pub summary: Summary,
    /// What changed in the store.
    pub load: LoadReport,
    /// Why records that were not met stay, when some do.
    pub kept_because: Option<String>,
    /// The folder of the report.
    pub report: PathBuf,
}

/// Fetches the sources of a dataset that are named by address; gives how many have new bytes.
///
/// # Errors
/// At the first address that fails.
pub fn harvest(home: &Home, dataset: &Dataset) -> Result<usize, RunError> {
    let mut harvester = Harvester::open(&home.harvested(&dataset.id))?;
    let mut fresh = 0;
    for url in &dataset.harvest {
        fresh += usize::from(harvester.fetch(url)? == Fetched::New);
    }
    Ok(fresh)
}

/// Loads a dataset: all of its sources, or only the given paths, in which case records that are not among them
/// stay.
///
/// # Errors
/// [`RunError`]; never for anything in the records.
pub fn load(
    home: &Home,
    store: &WorkingStore,
    dataset: &Dataset,
    only: &[PathBuf],
    watch: &dyn Watch,
) -> Result<Loaded, RunError> {
    let paths = if only.is_empty() { sources_of(home, dataset)? } else { only.to_vec() };
    let rules = rules_of(home, dataset)?;
    let run = Run::now(&dataset.id).with_rules(rules.as_ref().and_then(RuleFile::rules));
    let folder = home.reports().join(&run.name);
    let disk = |path: &PathBuf| {
        let path = path.clone();
        move |source| RunError::Disk { path, source }
    };
    let mut report = Report::of_run(dataset.id.as_str(), &folder, &run.began).map_err(disk(&folder))?;
    let bytes = sources::expand(&paths).0.iter().map(|source| source.bytes).sum();
    let base = &home.config.base;
    let mut loader = Loader::begin(store, base, &dataset.id, &run, bytes)?;
    let conversion = conversion(home, dataset, rules.as_ref(), watch);
    conversion
        .paths(&paths, &mut report, &mut |Converted { document, file, position, .. }| match loader
            .accept(document, file)?
        {
            Accepted::New | Accepted::Unchanged | Accepted::Changed => Ok(Fate::Taken),
            Accepted::Duplicate => Ok(Fate::Quarantined(Broken {
                position,
                id: Some(document.local().to_owned()),
                met: "an identifier that stood before in this load".to_owned(),
                expected: "each identifier once; the first record with it is kept".into(),
                raw: Vec::new(),
            })),
        })
        .map_err(|error| match error {
            ConvertError::Sink(inner) => match inner.downcast::<LoadError>() {
                Ok(error) => RunError::Load(*error),
                Err(other) => RunError::Convert(ConvertError::Sink(other)),
            },
            error => RunError::Convert(error),
        })?;
    for identifier in report.take_withdrawn() {
        loader.withdraw(&identifier)?;
    }
    let view = store.view();
    let known = |local: &str| view.exists(&base.item(&dataset.id, local)).unwrap_or(true);
    let uncertain = report.uncertainty(known);
    let coverage = if only.is_empty() && uncertain.is_none() { Coverage::Whole } else { Coverage::Part };
    let load = loader.finish(coverage)?;
    if load.bulk {
        optimise(store)?;
    }
    let summary = report.finish().map_err(disk(&folder))?;
    let kept_because = uncertain.filter(|_| load.kept > 0 && only.is_empty());
    Ok(Loaded { summary, load, kept_because, report: folder })
}

/// Converts all sources of a dataset once more, without loading them.
///
/// # Errors
/// When the sink or the rule file fails.
pub fn convert(
    home: &Home,
    dataset: &Dataset,
    watch: &dyn Watch,
    report: &mut Report,
    sink: &mut Sink<'_>,
) -> Result<(), RunError> {
    let rules = rules_of(home, dataset)?;
    let paths = sources_of(home, dataset)?;
    conversion(home, dataset, rules.as_ref(), watch).paths(&paths, report, sink).map_err(RunError::Convert)
}

fn conversion<'c>(
    home: &'c Home,
    dataset: &'c Dataset,
    rules: Option<&'c RuleFile>,
    watch: &'c dyn Watch,
) -> Conversion<'c> {
    Conversion {
        base: &home.config.base,
        dataset: &dataset.id,
        owner: dataset.owner.as_deref(),
        format: dataset.format.as_deref().and_then(loaders::format_by_id),
        rules,
        lines: None,
        watch,
    }
}

/// Compares the first records of a dataset as the rules in force have them with what new rules would make of them; without
/// new rules, the built-in mapping alone with the rules in force.
///
/// # Errors
/// When the rule file in force or a source cannot be read.
pub fn compare(
    home: &Home,
    dataset: &Dataset,
    new: Option<&RuleFile>,
    records: u64,
    shapes: &Shapes,
    report: &mut Report,
) -> Result<Comparison, RunError> {
    let in_force = rules_of(home, dataset)?;
    let bare = in_force.as_ref().map(RuleFile::without_rules);
    let (before, after) =
        if new.is_some() { (in_force.as_ref(), new) } else { (bare.as_ref(), in_force.as_ref()) };
    let before = conversion(home, dataset, before, &Unwatched);
    let after = conversion(home, dataset, after, &Unwatched);
    let paths = sources_of(home, dataset)?;
    preview::compare(&before, &after, &paths, records, shapes, report).map_err(RunError::Convert)
}

/// The rule file of a dataset, read and checked.
///
/// # Errors
/// [`RunError::Rules`].
pub fn rules_of(home: &Home, dataset: &Dataset) -> Result<Option<RuleFile>, RunError> {
    let rules = dataset.rules.as_ref().map(|rules| RuleFile::open(&home.resolve(rules)));
    rules.transpose().map_err(RunError::Rules)
}

fn sources_of(home: &Home, dataset: &Dataset) -> Result<Vec<PathBuf>, RunError> {
    let mut paths: Vec<PathBuf> = dataset.sources.iter().map(|path| home.resolve(path)).collect();
    if !dataset.harvest.is_empty() {
        paths.extend(Harvester::open(&home.harvested(&dataset.id))?.files(&dataset.harvest));
    }
    if paths.is_empty() {
        return Err(RunError::NoSources(dataset.id.to_string()));
    }
    Ok(paths)
}

/// What the reconciliation found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reconciled {
    /// Links between entities.
    pub links: usize,
    /// Identifiers that so many entities carry that they prove nothing.
    pub suspicious: usize,
}

/// Links entities that carry the same identifier of an authority file, in the graph of links, anew from what is
/// loaded.
///
/// # Errors
/// When the store fails.
pub fn reconcile(home: &Home, store: &WorkingStore) -> Result<Reconciled, RunError> {
    let base = &home.config.base;
    let links_graph = NamedNode::new_unchecked(base.graph(LINKS));
    let view = store.view();
    let mut pairs = Vec::new();
    for dataset in &home.config.datasets {
        let graph = base.graph(dataset.id.as_str());
        for quad in view.quads_of_graph(NamedNodeRef::new_unchecked(&graph)) {
            let quad = quad?;
            let same = quad.predicate == owl::SAME_AS || quad.predicate == skos::EXACT_MATCH;
            if same
                && let NamedOrBlankNodeRef::NamedNode(entity) = quad.subject.as_ref()
                && let TermRef::NamedNode(identifier) = quad.object.as_ref()
                && base.owns(entity.as_str())
                && !base.owns(identifier.as_str())
            {
                pairs.push((entity.as_str().to_owned(), identifier.as_str().to_owned()));
            }
        }
    }
    let borrowed = pairs.iter().map(|(entity, identifier)| (entity.as_str(), identifier.as_str()));
    let (links, suspicious) = graph_reconcile::by_shared_identifier(borrowed, MOST_CARRIERS);
    let mut insert = Vec::with_capacity(links.len() * 7);
    for link in &links {
        let key = graph_model::content_key(&[local(&link.one), local(&link.other)]);
        let assertion = NamedNode::new_unchecked(format!("{}#{}", links_graph.as_str(), encoded(&key)));
        let (one, other) = (NamedNode::new_unchecked(&link.one), NamedNode::new_unchecked(&link.other));
        let graph = GraphName::NamedNode(links_graph.clone());
        insert.push(Quad::new(one.clone(), skos::EXACT_MATCH, other.clone(), graph.clone()));
        insert.push(Quad::new(assertion.clone(), rdf::TYPE, aarre::LINK_ASSERTION, graph.clone()));
        insert.push(Quad::new(assertion.clone(), rdf::SUBJECT, one, graph.clone()));
        insert.push(Quad::new(assertion.clone(), rdf::PREDICATE, skos::EXACT_MATCH, graph.clone()));
        insert.push(Quad::new(assertion.clone(), rdf::OBJECT, other, graph.clone()));
        let evidence = NamedNode::new_unchecked(&link.evidence);
        insert.push(Quad::new(assertion.clone(), aarre::EVIDENCE, evidence, graph.clone()));
        let method = Literal::new_simple_literal("the same identifier of an authority file");
        insert.push(Quad::new(assertion.clone(), aarre::LINK_METHOD, method, graph.clone()));
        let score = Literal::new_typed_literal("1.0", xsd::DECIMAL);
        insert.push(Quad::new(assertion, aarre::SCORE, score, graph));
    }
    let remove = view.quads_of_graph(links_graph.as_ref()).collect::<Result<Vec<_>, _>>()?;
    store.apply(Change { remove, insert })?;
    Ok(Reconciled { links: links.len(), suspicious: suspicious.len() })
}

fn local(iri: &str) -> &str {
    iri.rsplit('/').next().unwrap_or(iri)
}

fn encoded(key: &str) -> String {
    let mut segment = String::new();
    graph_model::encode_segment(key, &mut segment);
    segment
}
