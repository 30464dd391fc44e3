//! Reconciliation of all that is loaded: with the authority files that are mirrored here, and of the datasets with each
//! other.
//!
//! Every entity that records share (agents, places, concepts) is read once from the owners' graphs, judged, and what
//! becomes of it is said in graphs of their own: `{base}/graph/links` has the links with their evidence,
//! `{base}/graph/authority/{name}` what an authority says of the entries that are linked. Both are made anew at each run
//! and only what differs is written, so that a run that finds nothing new changes nothing. What owners say is never
//! touched.
//!
//! What people decided ([`graph_reconcile::decisions`]) overrules what is found, in both directions. An entity that was
//! merged is not judged any more; the one that it leads to is, with all that is said of both.
//!
//! Entities are streamed: a thread lists them, as many as there are cores judge, and the caller's takes what they
//! found in the order of the store, so that a run over the same ends in the same statements. What is kept in memory are
//! the identifiers that records give, the pairs within the graph, and a hash a statement.

mod difference;
mod editions;
mod enrich;
mod entity;
mod gather;
mod index;
mod judge;
mod link;
#[cfg(test)]
mod tests;

pub use index::entities as index_of_entities;

use crate::home::{Home, ReconcileConfig};
use crate::run::RunError;
use entity::Entities;
pub(crate) use entity::years;
use gather::Gathered;
use graph_reconcile::Kind;
use graph_reconcile::authority::{Authority, AuthorityError, EntryId};
use graph_reconcile::decisions::{self, Contradiction, Damage, Decisions, FileError, Pair, Refusal, What};
use graph_reconcile::matching::Outcome;
use graph_store::rdf::NamedNode;
use graph_store::{StoreError, WorkingStore};
use judge::Judges;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The name of the graph with the links between entities.
pub const LINKS: &str = "links";
/// An identifier that more entities carry is a placeholder.
const MOST_CARRIERS: usize = 20;

/// Why nothing was reconciled.
#[derive(Debug, Error)]
pub enum ReconcileError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A mirror, or the index of the graph's own entities, cannot be used.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The log of decisions cannot be read.
    #[error(transparent)]
    Decisions(#[from] FileError),
    /// A mirror that aarre.toml names is not there.
    #[error(
        "reconcile.authorities names '{name}', which is not in {folder}; add it with: aarre authority add {name} PATH"
    )]
    NoAuthority {
        /// Its name.
        name: String,
        /// Where mirrors are.
        folder: PathBuf,
    },
    /// A folder cannot be listed.
    #[error("{path}: {source}")]
    Disk {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A thread that judges has failed.
    #[error("a thread that compares entities has failed; run it again with RUST_BACKTRACE=1 to see why")]
    Stopped,
    /// The decision is about things that cannot be merged.
    #[error(
        "{0} cannot be merged: only agents, places and concepts of this installation can, and only with their like. An item stays what its owner's record says"
    )]
    NotShared(String),
}

/// How many entities of a kind came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// Linked with an entry of an authority, or with another entity.
    pub linked: u64,
    /// Somebody should look.
    pub review: u64,
    /// Nothing like it is known.
    pub none: u64,
}

/// What a run found and wrote.
#[derive(Debug, Clone, Default)]
pub struct Reconciled {
    /// Entities by kind.
    pub kinds: BTreeMap<Kind, Outcomes>,
    /// Entities linked with each authority.
    pub authorities: BTreeMap<String, u64>,
    /// Links between entities of the graph.
    pub within: u64,
    /// Pairs of items that are of the same edition.
    pub editions: u64,
    /// Pairs of items that may be.
    pub editions_to_review: u64,
    /// Works that items of the same edition lead to.
    pub works: u64,
    /// Numbers and titles of so many editions that not all were held beside each other.
    pub crowded: u64,
    /// Links of any sort.
    pub links: u64,
    /// Identifiers that so many entities carry that they prove nothing.
    pub suspicious: u64,
    /// Entities that lead to another one.
    pub merged: u64,
    /// Decisions in force.
    pub decisions: u64,
    /// Decisions that speak against each other.
    pub contradictions: Vec<Contradiction>,
    /// Lines of the log that cannot be read.
    pub damage: Vec<Damage>,
    /// Statements that came.
    pub added: u64,
    /// Statements that went.
    pub removed: u64,
}

impl Reconciled {
    /// All entities.
    #[must_use]
    pub fn entities(&self) -> u64 {
        self.kinds.values().map(|of| of.linked + of.review + of.none).sum()
    }

    fn count(&mut self, kind: Kind, outcome: Outcome) {
        let of = self.kinds.entry(kind).or_default();
        match outcome {
            Outcome::Linked => of.linked += 1,
            Outcome::Review => of.review += 1,
            Outcome::None => of.none += 1,
        }
    }
}

/// Shows how far a run is: entities judged, and those that were linked.
pub type Told<'t> = dyn Fn(u64, u64) + Sync + 't;

/// Reconciles all that is loaded.
///
/// # Errors
/// [`RunError`]; what was linked before stays then, wholly or in part, and the next run completes it.
pub fn reconcile(home: &Home, store: &WorkingStore, told: &Told<'_>) -> Result<Reconciled, RunError> {
    Ok(run(home, store, told)?)
}

fn run(home: &Home, store: &WorkingStore, told: &Told<'_>) -> Result<Reconciled, ReconcileError> {
    let config = &home.config;
    let log = decisions::read(home.path())?;
    let state = log.state();
    let mut report = Reconciled { damage: log.damage().to_vec(), ..Reconciled::default() };
    report.contradictions = state.contradictions().into_iter().cloned().collect();
    report.decisions = state.all().filter(|(_, counts)| *counts).count() as u64;
    let entities =
        Entities::new(store.view(), &config.base, config.datasets.iter().map(|set| set.id.to_string()));
    let mirrors = mirrors(&home.authorities(), &config.reconcile)?;
    let scratch = home.path().join("reconcile");
    let (own, identifiers) = index::build(&scratch.join("entities"), &entities, state)?;
    let (proved, suspicious) = index::by_identifier(&identifiers);
    drop(identifiers);
    report.suspicious = suspicious.len() as u64;
    let links = NamedNode::new_unchecked(config.base.graph(LINKS));
    let mut gathered =
        Gathered::new(&config.base, state, &mirrors, difference::Difference::new(store, links)?);
    if config.reconcile.enabled {
        gathered.proved(&proved);
        let judges = Judges::new(&mirrors, own, &config.reconcile, &entities, state, &suspicious);
        judges.all(&mut |found| gathered.take(found, &mut report, told))?;
        editions::find(&entities, state, &scratch, &mut gathered, &mut report)?;
    }
    gathered.decided(&entities, &mut report)?;
    let used = gathered.finish(&mut report)?;
    let mut kept = Vec::with_capacity(mirrors.len());
    for ((name, authority), mut used) in mirrors.iter().zip(used) {
        enrich::complete(authority, &mut used);
        let (added, removed) = enrich::write(&config.base, store, name, authority, &used)?;
        report.added += added;
        report.removed += removed;
        kept.push(enrich::graph(&config.base, name));
    }
    report.removed += enrich::sweep(&config.base, store, &kept)?;
    // What was built to look entities up is of no more use; if it cannot be removed, the next run builds over it.
    let _ = std::fs::remove_dir_all(scratch);
    Ok(report)
}

/// The mirrors that are to be used, by name.
fn mirrors(folder: &Path, config: &ReconcileConfig) -> Result<Vec<(String, Authority)>, ReconcileError> {
    let disk = |source| ReconcileError::Disk { path: folder.to_owned(), source };
    let mut there = BTreeSet::new();
    match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(disk(error)),
        Ok(entries) => {
            for entry in entries {
                let entry = entry.map_err(disk)?;
                if entry.path().join("about.json").is_file()
                    && let Ok(name) = entry.file_name().into_string()
                {
                    there.insert(name);
                }
            }
        }
    }
    let wanted: Vec<String> = match &config.authorities {
        None => there.into_iter().collect(),
        Some(names) => {
            if let Some(missing) = names.iter().find(|name| !there.contains(*name)) {
                return Err(ReconcileError::NoAuthority { name: missing.clone(), folder: folder.to_owned() });
            }
            names.clone()
        }
    };
    wanted.into_iter().map(|name| Ok((name.clone(), Authority::open(&folder.join(&name))?))).collect()
}

/// Whether a decision can be taken in this home: merges and splits are of entities that records share, of one kind.
///
/// # Errors
/// [`ReconcileError::NotShared`].
pub fn check(home: &Home, what: &What) -> Result<(), ReconcileError> {
    let (What::Merge(pair) | What::Split(pair)) = what else { return Ok(()) };
    let Pair { one, other } = pair;
    let kind = |iri: &str| Entities::shared_kind(&home.config.base, iri).map(str::to_owned);
    let of_one = kind(one).ok_or_else(|| ReconcileError::NotShared(one.clone()))?;
    match kind(other) {
        Some(kind) if kind == of_one => Ok(()),
        _ => Err(ReconcileError::NotShared(other.clone())),
    }
}

/// The entries of one authority that are used.
type Used = BTreeSet<EntryId>;

/// That a decision was refused for what it says, and not for the disk.
#[must_use]
pub fn refusal(error: &FileError) -> Option<&Refusal> {
    match error {
        FileError::Refused(refusal) => Some(refusal),
        FileError::Disk(_) => None,
    }
}

/// Every member of the clusters that merges made, by the survivor.
fn clusters(state: &Decisions) -> BTreeMap<String, Vec<String>> {
    let mut clusters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (merged, survivor, _) in state.merged() {
        clusters.entry(survivor.to_owned()).or_default().push(merged.to_owned());
    }
    clusters
}
