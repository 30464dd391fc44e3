//! Generations: how data becomes public.
//!
//! A generation is a folder `generations/<n>/` with everything that the public sees: a checkpoint of the store, the
//! index that queries are answered from, that of its entities (`entities/`, in the form of an authority's mirror), that of its
//! items for people who search (`search/`), `stats.json`,
//! `void.ttl`, `dumps/` and `MANIFEST.sha256`. It is built under a draft name, checked, written
//! through to the disk, and takes its place by a rename; the link `current` then flips to it, again by a rename.
//! Whatever fails before that leaves the generation before serving. A generation never changes afterwards, so it
//! may be copied to any machine and served there.

mod catalogue;
mod cubes;
mod dump;
mod files;
mod index;
mod manifest;
mod statistics;

pub use manifest::{Damage, verify};
pub use statistics::{
    CharacteristicSet, Count, DatasetStatistics, PropertyStatistics, RunStatistics, Statistics,
};

use self::cubes::Cubes;
use crate::home::{Home, PublishConfig};
use crate::load::{LoadError, unfinished};
use crate::reconcile::{self, ReconcileError};
use graph_index::{Index, IndexError};
use graph_model::Base;
use graph_store::{Snapshot, StoreError, WorkingStore};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use thiserror::Error;

/// Why nothing was published, or nothing is there.
#[derive(Debug, Error)]
pub enum GenerationError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk failed.
    #[error("{path}: {source}")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is nothing to publish.
    #[error("the working store is empty; load a dataset first")]
    Empty,
    /// A load was killed and its records may be half old and half new.
    #[error("the load of {0} did not come to its end; run it again, then publish")]
    Unfinished(String),
    /// What the store knows of its loads cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The publish gate: too much is gone.
    #[error(
        "{what} fell from {before} to {now}, by more than the share of {allowed} that publish.max_fall allows; generation {current} keeps serving. If that is meant, raise publish.max_fall in aarre.toml for once"
    )]
    Fall {
        /// What was counted.
        what: String,
        /// How many there were in the current generation.
        before: u64,
        /// How many there are now.
        now: u64,
        /// The share that may go.
        allowed: f64,
        /// The number of the current generation.
        current: u64,
    },
    /// The dump does not hold what the store holds.
    #[error("the dump has {dumped} statements, the store {stored}; nothing was published")]
    Dump {
        /// Statements in the dump.
        dumped: u64,
        /// Statements in the store.
        stored: u64,
    },
    /// The index of entities could not be built.
    #[error(transparent)]
    Entities(#[from] ReconcileError),
    /// The index could not be built.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The index does not hold what the store holds.
    #[error("the index has {indexed} statements, the store {stored}; nothing was published")]
    Indexed {
        /// Statements in the index.
        indexed: u64,
        /// Statements in the store.
        stored: u64,
    },
    /// Nothing was published yet.
    #[error("no generation was published yet in {0}; publish one with: aarre publish")]
    None(PathBuf),
    /// There is no generation to go back to.
    #[error("there is no generation before {0} to go back to")]
    NoneBefore(u64),
}

/// Binds a path to a failure of the disk.
fn disk(path: &Path) -> impl FnOnce(io::Error) -> GenerationError + '_ {
    move |source| GenerationError::Disk { path: path.to_owned(), source }
}

/// A published generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    /// Its number, from 1.
    pub number: u64,
    /// Its folder.
    pub path: PathBuf,
}

impl Generation {
    /// Its store, to read.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub fn snapshot(&self) -> Result<Snapshot, GenerationError> {
        Ok(Snapshot::open(&self.path.join("store"))?)
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// When `stats.json` cannot be read.
    pub fn statistics(&self) -> Result<Statistics, GenerationError> {
        let path = self.path.join("stats.json");
        let bytes = fs::read(&path).map_err(disk(&path))?;
        serde_json::from_slice(&bytes).map_err(|error| disk(&path)(error.into()))
    }

    /// Its dumps, sorted by name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn dumps(&self) -> Result<Vec<PathBuf>, GenerationError> {
        let folder = self.path.join("dumps");
        let mut dumps = Vec::new();
        for entry in fs::read_dir(&folder).map_err(disk(&folder))? {
            dumps.push(entry.map_err(disk(&folder))?.path());
        }
        dumps.sort();
        Ok(dumps)
    }
}

/// The generation that is served.
///
/// # Errors
/// [`GenerationError::None`] when nothing was published yet.
pub fn current(generations: &Path) -> Result<Generation, GenerationError> {
    let target = fs::read_link(generations.join("current")).ok();
    let number = target.as_deref().and_then(number_of);
    let number = number.ok_or_else(|| GenerationError::None(generations.to_owned()))?;
    Ok(Generation { number, path: generations.join(number.to_string()) })
}

/// All whole generations, by number.
///
/// # Errors
/// When the folder cannot be read.
pub fn all(generations: &Path) -> Result<Vec<Generation>, GenerationError> {
    let entries = match fs::read_dir(generations) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(disk(generations))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(disk(generations))?.path();
        if let Some(number) = number_of(&path).filter(|_| path.is_dir() && !path.is_symlink()) {
            found.push(Generation { number, path });
        }
    }
    found.sort_by_key(|generation| generation.number);
    Ok(found)
}

fn number_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    name.parse().ok().filter(|number: &u64| *number > 0 && number.to_string() == name)
}

/// Makes the next generation of what the working store holds, and flips to it.
///
/// # Errors
/// [`GenerationError`]; the generation before keeps serving then.
pub fn publish(
    home: &Home,
    store: &WorkingStore,
    say: &dyn Fn(&str),
) -> Result<(Generation, Statistics), GenerationError> {
    let generations = home.generations();
    fs::create_dir_all(&generations).map_err(disk(&generations))?;
    files::sweep_drafts(&generations)?;
    let before = current(&generations).ok();
    let number = all(&generations)?.last().map_or(1, |last| last.number + 1);
    let draft = generations.join(format!(".{number}.draft"));
    fs::create_dir(&draft).map_err(disk(&draft))?;
    let built = build(home, store, number, before.as_ref(), &draft, say);
    let statistics = match built {
        Ok(statistics) => statistics,
        Err(error) => {
            // The draft is of no use; if it cannot be removed now, the next publish sweeps it.
            let _ = fs::remove_dir_all(&draft);
            return Err(error);
        }
    };
    let path = generations.join(number.to_string());
    fs::rename(&draft, &path).map_err(disk(&path))?;
    files::sync_folder(&generations)?;
    files::flip(&generations, number)?;
    prune(&generations, &home.config.publish)?;
    Ok((Generation { number, path }, statistics))
}

fn build(
    home: &Home,
    store: &WorkingStore,
    number: u64,
    before: Option<&Generation>,
    draft: &Path,
    say: &dyn Fn(&str),
) -> Result<Statistics, GenerationError> {
    let config = &home.config;
    if let Some(dataset) = unfinished(&store.view(), &config.base)?.into_iter().next() {
        return Err(GenerationError::Unfinished(dataset));
    }
    let published = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    say("counting");
    let view = store.view();
    let mut cubes = Cubes::new(&view, config)?;
    let mut statistics = Statistics::count(&view, config, published, &mut cubes)?;
    if statistics.items == 0 {
        return Err(GenerationError::Empty);
    }
    if let Some(before) = before {
        gate(&statistics, before, &config.publish)?;
    }
    let catalogue = catalogue::describe(config, &mut statistics, cubes.quads());
    drop(view);
    catalogue::replace(store, &config.base, &catalogue)?;
    say("taking a checkpoint");
    let checkpoint = draft.join("store");
    store.checkpoint(&checkpoint)?;
    let snapshot = Snapshot::open(&checkpoint)?;
    say("writing the dumps and the index");
    let dumps = draft.join("dumps");
    fs::create_dir(&dumps).map_err(disk(&dumps))?;
    let index = draft.join("index");
    let dumped = index::beside(&index, |lines| dump::write(&snapshot, &config.base, &dumps, lines))?;
    if dumped != statistics.triples {
        return Err(GenerationError::Dump { dumped, stored: statistics.triples });
    }
    say("writing the index of entities");
    let entities = draft.join("entities");
    reconcile::index_of_entities(home, &snapshot, &entities, &statistics.published)?;
    drop(snapshot);
    index::complete(&mut statistics, &index)?;
    say("writing the index of items");
    graph_index::items::build(&Index::open(&index)?, &draft.join("search"))?;
    let path = draft.join("stats.json");
    let mut text = serde_json::to_vec_pretty(&statistics).map_err(|error| disk(&path)(error.into()))?;
    text.push(b'\n');
    fs::write(&path, text).map_err(disk(&path))?;
    let path = draft.join("void.ttl");
    let turtle = catalogue::turtle(&catalogue, config, &statistics, &dumps).map_err(disk(&path))?;
    fs::write(&path, turtle).map_err(disk(&path))?;
    say(&format!("sealing generation {number}"));
    manifest::write(draft)?;
    Ok(statistics)
}

/// Refuses a generation that lost too much, in all or in one dataset.
fn gate(now: &Statistics, before: &Generation, config: &PublishConfig) -> Result<(), GenerationError> {
    let Ok(old) = before.statistics() else { return Ok(()) };
    let datasets = old.datasets.iter().map(|dataset| {
        let same = now.datasets.iter().find(|other| other.id == dataset.id);
        (
            format!("the number of items of dataset '{}'", dataset.id),
            dataset.items,
            same.map_or(0, |same| same.items),
        )
    });
    let all = [("the number of items".to_owned(), old.items, now.items)];
    for (what, before_count, now_count) in all.into_iter().chain(datasets) {
        // Counts stay far below 2^52, so they are exact as floating-point numbers.
        let least = before_count as f64 * (1.0 - config.max_fall);
        if (now_count as f64) < least {
            return Err(GenerationError::Fall {
                what,
                before: before_count,
                now: now_count,
                allowed: config.max_fall,
                current: before.number,
            });
        }
    }
    Ok(())
}

/// Flips back to the generation before the current one.
///
/// # Errors
/// When there is none, or the disk fails.
pub fn rollback(generations: &Path) -> Result<Generation, GenerationError> {
    let now = current(generations)?;
    let before = all(generations)?.into_iter().rfind(|generation| generation.number < now.number);
    let before = before.ok_or(GenerationError::NoneBefore(now.number))?;
    files::flip(generations, before.number)?;
    Ok(before)
}

fn prune(generations: &Path, config: &PublishConfig) -> Result<(), GenerationError> {
    let served = current(generations)?.number;
    let all = all(generations)?;
    let surplus = all.len().saturating_sub(config.keep.max(1));
    for generation in all.into_iter().take(surplus).filter(|generation| generation.number != served) {
        files::remove(&generation.path)?;
    }
    Ok(())
}

/// The graphs that are about the graph and not an owner's: their names under `{base}/graph/`.
pub(crate) const CATALOGUE: &str = "catalog";

/// The IRI of the catalogue graph.
pub(crate) fn catalogue_graph(base: &Base) -> String {
    base.graph(CATALOGUE)
}
