//! Documents into the working store, the document being the unit of everything.
//!
//! A load brings all records of a dataset. What the store holds of the dataset afterwards is exactly what a load of
//! the same records into an empty store would hold, whatever was there before:
//! - a record that says what it said before costs no write (its fingerprint is in the provenance graph);
//! - of a changed one, the statements that nobody makes any more go, and the new ones come;
//! - of a missing one, all goes and a tombstone stays; it revives when the record is back.
//!
//! Statements about shared entities and other IRIs stand in the dataset's graph as the union over its records. No
//! counting of references keeps that exact: a load sees every record, so it knows by hash every such statement that
//! is still made; what the old version of a changed or missing record can have said besides is looked up from the
//! record's item on, and goes.
//!
//! A small change is one transaction. A large one is added by a bulk and then swept in small transactions, one set
//! of documents after another. A record between the two has two fingerprints in the provenance graph, so that a load
//! that was killed there is completed by running it again.
//!
//! When only a part of the records is loaded, it is not known what the others still say. The entities in question are
//! noted, and the next load of the whole looks at them.
//!
//! A document speaks of its own item, of shared entities and of things outside, never of another item of its
//! dataset: two records could not be replaced one without the other. Such statements are left out and counted.

mod index;
mod provenance;
mod statement;
mod sweep;
#[cfg(test)]
mod tests;

pub use provenance::{Run, date_time};
pub(crate) use statement::{Pen, Prehashed};

use graph_model::{Base, DatasetId, Document, NodeKind, Part, StatementRef};
use graph_store::rdf::{Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use graph_store::{Bulk, Canonical, Change, Snapshot, StoreError, WorkingStore};
use index::{Index, State};
use provenance::Names;
use std::collections::HashSet;
use std::time::{Duration, Instant};
use vocabularies::aarre;

/// Up to so many quads a load is one transaction; beyond, a bulk is faster and needs less memory.
const SMALL: usize = 100_000;
/// How often a bulk looks whether the disk still has room, in quads.
const LOOK: u64 = 1_000_000;
/// How many bytes of a source make one quad, about: for the look at the disk before a load.
const SOURCE_BYTES_PER_QUAD: u64 = 100;

/// Why a load stopped. What was there before is there still, and running it again completes it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The store failed, or the disk is full.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It was not there before.
    New,
    /// It says what it said before; nothing is written.
    Unchanged,
    /// It takes the place of its older version.
    Changed,
    /// Another record of this load has the same identifier: the first one stays, this one is to be set aside.
    Duplicate,
}

/// Whether the load saw all records of the dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// All: a record that was not seen is gone.
    Whole,
    /// A part, or some file could not be read: records that were not seen stay.
    Part,
}

/// What a load did.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct LoadReport {
    /// Records that were not there before.
    pub new: u64,
    /// Records that say something else than before.
    pub changed: u64,
    /// Records that say the same.
    pub unchanged: u64,
    /// Records that were not seen and are gone, or that their repository deleted.
    pub deleted: u64,
    /// Records that were not seen and stay, as only a part was loaded.
    pub kept: u64,
    /// Records whose identifier stood before in the same load.
    pub duplicates: u64,
    /// Statements about another item of the dataset, which were left out.
    pub misplaced: u64,
    /// Quads that were written, those of the provenance included.
    pub added: u64,
    /// Quads that were removed.
    pub removed: u64,
    /// Whether a bulk was made, after which [`optimise`] pays off.
    pub bulk: bool,
    /// How long it took.
    pub seconds: f64,
}

enum Pending {
    Few(Vec<Quad>),
    Many(Bulk),
}

/// A record that comes in parts.
#[derive(Debug, Clone, Copy)]
struct Parted {
    state: State,
    /// The fingerprint that the store has of it, and that of the parts so far.
    known: Option<u128>,
    fingerprint: u128,
}

/// A load under way. Dropping it before [`Loader::finish`] changes nothing.
pub struct Loader<'s> {
    store: &'s WorkingStore,
    names: Names,
    pen: Pen,
    index: Index,
    /// Statements about anything but the own item that were made in this load.
    elsewhere: HashSet<u128, Prehashed>,
    /// Statements of changed records about themselves, to be told from their older ones.
    own: Vec<u64>,
    /// The items whose older statements have to be swept.
    changed: Vec<NamedNode>,
    /// The items whose repository says that they are gone.
    withdrawn: HashSet<NamedNode>,
    /// The record that comes in parts just now.
    parted: Option<Parted>,
    pending: Pending,
    small: usize,
    looked: u64,
    reachable: Vec<u64>,
    report: LoadReport,
    began: Instant,
}

impl<'s> Loader<'s> {
    /// Begins a load: reads what the store knows of the dataset's records. `source_bytes` are the bytes of the
    /// records that will come, 0 when unknown; a load that cannot fit on the disk is refused here.
    ///
    /// # Errors
    /// When the store fails or the disk has no room.
    pub fn begin(
        store: &'s WorkingStore,
        base: &Base,
        dataset: &DatasetId,
        run: &Run,
        source_bytes: u64,
    ) -> Result<Self, LoadError> {
        store.require_space(source_bytes / SOURCE_BYTES_PER_QUAD)?;
        let names = Names::new(base, dataset, run);
        let index = Index::read(&store.view(), &names)?;
        Ok(Self {
            store,
            pen: Pen::new(Canonical::new()?),
            index,
            names,
            elsewhere: HashSet::default(),
            own: Vec::new(),
            changed: Vec::new(),
            withdrawn: HashSet::new(),
            parted: None,
            pending: Pending::Few(Vec::new()),
            small: SMALL,
            looked: 0,
            reachable: Vec::new(),
            report: LoadReport::default(),
            began: Instant::now(),
        })
    }

    /// Takes a document that came from the source of this name.
    ///
    /// # Errors
    /// When the store fails.
    pub fn accept(&mut self, document: &Document, source: &str) -> Result<Accepted, LoadError> {
        if document.part() != Part::Whole {
            return self.accept_part(document, source);
        }
        let fingerprint = document.fingerprint();
        let state = self.index.see(document.iri(), fingerprint);
        match state {
            State::Seen => {
                self.report.duplicates += 1;
                return Ok(Accepted::Duplicate);
            }
            State::Same => {
                self.report.unchanged += 1;
                for statement in document.statements().filter(elsewhere) {
                    let hash = self.pen.hash(&statement)?;
                    self.elsewhere.insert(hash);
                }
                return Ok(Accepted::Unchanged);
            }
            State::New | State::Revived => self.report.new += 1,
            State::Changed => self.report.changed += 1,
        }
        let sweep = state != State::New;
        if sweep {
            self.changed.push(NamedNode::new_unchecked(document.iri()));
        }
        self.statements(document, sweep)?;
        let unreachable = self.unreachable(document);
        for quad in self.names.record(document.iri(), fingerprint, source, &unreachable) {
            if sweep {
                self.own.push(statement::short(self.pen.hash_quad(quad.as_ref())));
            }
            self.push(quad)?;
        }
        Ok(if state == State::Changed { Accepted::Changed } else { Accepted::New })
    }

    /// Takes a part of a record that is too large for one document. Only its last part tells whether it says what it said
    /// before, so all of it is written, and what it said besides is swept.
    fn accept_part(&mut self, document: &Document, source: &str) -> Result<Accepted, LoadError> {
        if document.part().begins() {
            let (state, known) = self.index.see_part(document.iri());
            self.parted = Some(Parted { state, known, fingerprint: 0 });
            if state == State::Seen {
                self.report.duplicates += 1;
            } else if state != State::New {
                self.changed.push(NamedNode::new_unchecked(document.iri()));
            }
        }
        let Some(Parted { state, known, fingerprint }) = self.parted else { return Ok(Accepted::Duplicate) };
        if state == State::Seen {
            return Ok(Accepted::Duplicate);
        }
        let sweep = state != State::New;
        self.statements(document, sweep)?;
        let fingerprint = statement::chain(fingerprint, document.fingerprint());
        self.parted = Some(Parted { state, known, fingerprint });
        if !document.part().ends() {
            return Ok(Accepted::New);
        }
        let accepted = match (state, known) {
            (State::Changed, Some(known)) if known == fingerprint => Accepted::Unchanged,
            (State::Changed, _) => Accepted::Changed,
            _ => Accepted::New,
        };
        match accepted {
            Accepted::Unchanged => self.report.unchanged += 1,
            Accepted::Changed => self.report.changed += 1,
            Accepted::New | Accepted::Duplicate => self.report.new += 1,
        }
        // All that a package tells of is reached from it.
        for quad in self.names.record(document.iri(), fingerprint, source, &[]) {
            if sweep {
                self.own.push(statement::short(self.pen.hash_quad(quad.as_ref())));
            }
            self.push(quad)?;
        }
        Ok(accepted)
    }

    /// Takes away, at the end of the load, the record that a repository delivered under this identifier and says is gone:
    /// the one whose own identifier it is, and those that were delivered under it. One that was met whole in this load
    /// stays, and one that is not known needs nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub fn withdraw(&mut self, identifier: &str) -> Result<(), LoadError> {
        self.withdrawn.insert(NamedNode::new_unchecked(self.names.item(identifier)));
        let delivered = Literal::new_simple_literal(identifier);
        let graph = self.names.graph.as_ref();
        let view = self.store.view();
        let object = Some(delivered.as_ref().into());
        for quad in view.matching(None, Some(aarre::OAI_IDENTIFIER), object, Some(graph)) {
            if let NamedOrBlankNode::NamedNode(item) = quad?.subject {
                self.withdrawn.insert(item);
            }
        }
        Ok(())
    }

    fn statements(&mut self, document: &Document, sweep: bool) -> Result<(), LoadError> {
        for statement in document.statements() {
            if elsewhere(&statement) {
                if self.names.is_item(statement.subject) {
                    self.report.misplaced += 1;
                    continue;
                }
                let hash = self.pen.hash(&statement)?;
                if !self.elsewhere.insert(hash) {
                    continue;
                }
            } else if sweep {
                self.own.push(statement::short(self.pen.hash(&statement)?));
            }
            let quad = statement.quad(self.names.graph.as_ref()).into_owned();
            self.push(quad)?;
        }
        Ok(())
    }

    /// The subjects that no chain of statements leads to from the item. They are noted beside the record, as they
    /// could not be found again when it changes.
    fn unreachable(&mut self, document: &Document) -> Vec<String> {
        let hash = |iri: &str| statement::short(statement::iri(iri));
        let item = hash(document.iri());
        // Nearly always every subject is an object of the item or of a fragment that stands earlier.
        self.reachable.clear();
        self.reachable.push(item);
        let mut lost = false;
        let mut last = document.iri();
        for statement in document.statements() {
            if statement.subject != last {
                last = statement.subject;
                lost = self.reachable.len() > 2_000 || !self.reachable.contains(&hash(last));
                if lost {
                    break;
                }
            }
            if let graph_model::ObjectRef::Iri(object) = statement.object {
                self.reachable.push(hash(object));
            }
        }
        if !lost {
            return Vec::new();
        }
        let mut reached = HashSet::from([document.iri()]);
        let mut grown = true;
        while grown {
            grown = false;
            for statement in document.statements() {
                if let graph_model::ObjectRef::Iri(object) = statement.object
                    && reached.contains(statement.subject)
                {
                    grown |= reached.insert(object);
                }
            }
        }
        let mut unreachable: Vec<String> = document
            .statements()
            .map(|statement| statement.subject)
            .filter(|subject| !reached.contains(subject))
            .map(str::to_owned)
            .collect();
        unreachable.sort_unstable();
        unreachable.dedup();
        unreachable
    }

    fn push(&mut self, quad: Quad) -> Result<(), LoadError> {
        self.report.added += 1;
        match &mut self.pending {
            Pending::Few(quads) => {
                quads.push(quad);
                if quads.len() > self.small {
                    self.grow()?;
                }
            }
            Pending::Many(bulk) => {
                bulk.push(quad)?;
                if self.report.added >= self.looked + LOOK {
                    self.looked = self.report.added;
                    // Optimising will write what came so far once more.
                    self.store.require_space(self.report.added / 2)?;
                }
            }
        }
        Ok(())
    }

    /// It is no small change any more.
    fn grow(&mut self) -> Result<(), LoadError> {
        self.store.apply(Change { remove: Vec::new(), insert: self.names.begun() })?;
        stage();
        let bulk = Pending::Many(self.store.bulk()?);
        if let Pending::Few(quads) = std::mem::replace(&mut self.pending, bulk)
            && let Pending::Many(bulk) = &mut self.pending
        {
            for quad in quads {
                bulk.push(quad)?;
            }
        }
        self.report.bulk = true;
        Ok(())
    }

    /// Makes the load visible, and safe on the disk. It is all there, or running the load again completes it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn finish(mut self, coverage: Coverage) -> Result<LoadReport, LoadError> {
        stage();
        let missing = self.index.missing(&self.store.view(), &self.names)?;
        let all = missing.len();
        let deleted: Vec<NamedNode> = match coverage {
            Coverage::Whole => missing,
            Coverage::Part => missing.into_iter().filter(|item| self.withdrawn.contains(item)).collect(),
        };
        self.report.kept = (all - deleted.len()) as u64;
        self.report.deleted = deleted.len() as u64;
        self.own.sort_unstable();
        self.own.dedup();
        let mut ended = self.names.ended(&self.store.view(), &self.report)?;
        let pending = std::mem::replace(&mut self.pending, Pending::Few(Vec::new()));
        let mut sweep = sweep::Sweep::new(&self, coverage);
        match pending {
            Pending::Few(quads) if deleted.len() <= self.small => {
                let mut change = sweep.whole(quads, &self.changed, &deleted)?;
                change.insert.append(&mut ended);
                self.store.apply(change)?;
            }
            pending => {
                match pending {
                    Pending::Few(insert) => self.store.apply(Change { remove: Vec::new(), insert })?,
                    Pending::Many(bulk) => {
                        stage();
                        bulk.commit()?;
                        self.store.flush()?;
                    }
                }
                stage();
                sweep.in_steps(&self.changed, &deleted)?;
                stage();
                self.store.apply(Change { remove: Vec::new(), insert: ended })?;
            }
        }
        stage();
        let (removed, spared) = (sweep.removed, sweep.spared);
        self.report.removed = removed;
        self.report.added -= spared;
        self.report.seconds = seconds(self.began.elapsed());
        Ok(self.report)
    }
}

/// The datasets whose last large load did not come to its end, by their IRIs. Records of theirs may be half old and
/// half new until the load is run again, so that nobody should publish them.
///
/// # Errors
/// When the store fails.
pub fn unfinished(view: &Snapshot, base: &Base) -> Result<Vec<String>, LoadError> {
    let provenance = NamedNode::new_unchecked(base.graph("provenance"));
    let mut datasets = Vec::new();
    for run in provenance::unfinished(view, &provenance, None)? {
        for quad in view.matching(Some(run.as_ref()), Some(aarre::DATASET), None, Some(provenance.as_ref())) {
            if let Term::NamedNode(dataset) = quad?.object {
                datasets.push(dataset.into_string());
            }
        }
    }
    datasets.sort_unstable();
    datasets.dedup();
    Ok(datasets)
}

/// Rewrites the store's files in order, so that queries are several times faster after a bulk.
///
/// # Errors
/// When the store fails.
pub fn optimise(store: &WorkingStore) -> Result<Duration, LoadError> {
    let began = Instant::now();
    store.optimise()?;
    store.flush()?;
    Ok(began.elapsed())
}

fn elsewhere(statement: &StatementRef<'_>) -> bool {
    !matches!(statement.subject_kind, NodeKind::Item | NodeKind::Fragment)
}

/// Milliseconds are enough for people and keep reports short.
fn seconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 1e3).round() / 1e3
}

/// A point where tests kill the process.
fn stage() {
    #[cfg(test)]
    tests::stage();
}
