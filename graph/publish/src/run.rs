//! One run over one dataset: its sources through the loaders into the working store, with a report.

use crate::convert::{Conversion, ConvertError, Converted, Fate, Sink, Unwatched, Watch};
use crate::home::{Dataset, Home};
use crate::load::{Accepted, Coverage, LoadError, LoadReport, Loader, Run, optimise};
use crate::preview::{self, Comparison};
use crate::reconcile::ReconcileError;
use crate::report::{Report, Summary};
use crate::rules::{RuleFile, RuleFileError};
use crate::shapes::Shapes;
use crate::sources;
use graph_harvest::{Fetched, HarvestError, Harvester};
use graph_model::Broken;
use graph_store::{StoreError, WorkingStore};
use std::io;
use std::path::PathBuf;
use thiserror::Error;

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
    /// The reconciliation failed.
    #[error(transparent)]
    Reconcile(#[from] ReconcileError),
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
