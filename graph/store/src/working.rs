//! Writing: one thread owns every write to the working store.
//!
//! Callers hand over commands and wait for their end. A change is one transaction and is on the disk when the call
//! returns; a bulk is invisible until it is committed, and leaves nothing when it is not.

use crate::disk;
use crate::error::StoreError;
use crate::snapshot::Snapshot;
use oxigraph::model::Quad;
use oxigraph::store::{StorageError, Store};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread::{self, JoinHandle};

/// How many quads travel to the writer at once.
const PARCEL: usize = 4_096;
/// How many parcels may wait for the writer.
const WAITING: usize = 16;
/// What one quad takes on the disk while it is loaded, in bytes: its place in six indexes and its share of the
/// texts, twice, as optimising writes everything anew before the old files go. Measured on library records.
const BYTES_PER_QUAD: u64 = 700;

/// What is removed and added in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Quads that go.
    pub remove: Vec<Quad>,
    /// Quads that come; one that is also removed stays.
    pub insert: Vec<Quad>,
}

impl Change {
    /// How many quads come and go.
    #[must_use]
    pub fn len(&self) -> usize {
        self.remove.len() + self.insert.len()
    }

    /// Whether nothing comes or goes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

type Done = Sender<Result<(), StorageError>>;

enum Command {
    Apply(Change, Done),
    Bulk(Receiver<Parcel>, Done),
    Flush(Done),
    Optimise(Done),
    Checkpoint(PathBuf, Done),
}

enum Parcel {
    Quads(Vec<Quad>),
    Commit,
}

/// The folder that loads write to. Dropping it waits for the writer.
pub struct WorkingStore {
    path: PathBuf,
    store: Store,
    commands: Option<Sender<Command>>,
    writer: Option<JoinHandle<()>>,
}

impl WorkingStore {
    /// Opens the folder, or makes it, and sweeps away what a killed bulk left behind. The folder is locked until
    /// the handle is dropped.
    ///
    /// # Errors
    /// [`StoreError::Open`], also when another process writes to it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let store = Store::open(path).map_err(|reason| StoreError::Open { path: path.to_owned(), reason })?;
        // Only now, as the lock tells that no other process is in the middle of a bulk.
        sweep(path)?;
        let (commands, inbox) = mpsc::channel();
        let owned = store.clone();
        let writer = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write(&owned, &inbox))
            .map_err(|error| StoreError::Open { path: path.to_owned(), reason: error.into() })?;
        Ok(Self { path: path.to_owned(), store, commands: Some(commands), writer: Some(writer) })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A view of the store as it is written; each look-up sees one state.
    #[must_use]
    pub fn view(&self) -> Snapshot {
        Snapshot { store: self.store.clone() }
    }

    /// Applies a change as one transaction and flushes it to the disk: all of it is there, or none.
    ///
    /// # Errors
    /// When the store fails; nothing is changed then.
    pub fn apply(&self, change: Change) -> Result<(), StoreError> {
        if change.is_empty() {
            return Ok(());
        }
        self.order(|done| Command::Apply(change, done))?;
        self.flush()
    }

    /// Begins a bulk, for very many quads.
    ///
    /// # Errors
    /// [`StoreError::Stopped`].
    pub fn bulk(&self) -> Result<Bulk, StoreError> {
        let (parcels, quads) = mpsc::sync_channel(WAITING);
        let (done, result) = mpsc::channel();
        self.send(Command::Bulk(quads, done))?;
        Ok(Bulk { path: self.path.clone(), parcels, result, filling: Vec::with_capacity(PARCEL), quads: 0 })
    }

    /// Waits until all that was written is on the disk.
    ///
    /// # Errors
    /// When the store fails.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.order(Command::Flush)
    }

    /// Rewrites the files in order, which makes queries several times faster after a bulk.
    ///
    /// # Errors
    /// When the store fails.
    pub fn optimise(&self) -> Result<(), StoreError> {
        self.order(Command::Optimise)
    }

    /// Makes a copy of the store as it is now, by hard links where `target` is on the same file system. The target
    /// must not exist.
    ///
    /// # Errors
    /// When the store fails or the target exists.
    pub fn checkpoint(&self, target: &Path) -> Result<(), StoreError> {
        self.flush()?;
        self.order(|done| Command::Checkpoint(target.to_owned(), done))
    }

    /// Checks that about so many more quads fit on the disk.
    ///
    /// # Errors
    /// [`StoreError::NoSpace`].
    pub fn require_space(&self, quads: u64) -> Result<(), StoreError> {
        let free = disk::free(&self.path)?;
        let needed = quads.saturating_mul(BYTES_PER_QUAD);
        if needed > free {
            return Err(StoreError::NoSpace { path: self.path.clone(), needed, free });
        }
        Ok(())
    }

    fn send(&self, command: Command) -> Result<(), StoreError> {
        let commands = self.commands.as_ref().ok_or(StoreError::Stopped)?;
        commands.send(command).map_err(|_| StoreError::Stopped)
    }

    fn order(&self, command: impl FnOnce(Done) -> Command) -> Result<(), StoreError> {
        let (done, result) = mpsc::channel();
        self.send(command(done))?;
        finished(&self.path, &result)
    }
}

impl Drop for WorkingStore {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(writer) = self.writer.take() {
            // A panic of the writer was told to whoever waited for it.
            let _ = writer.join();
        }
    }
}

impl fmt::Debug for WorkingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkingStore").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Very many quads on their way into the store. Nothing is visible until [`Bulk::commit`]; dropping it leaves
/// nothing. Other writes wait meanwhile.
#[derive(Debug)]
pub struct Bulk {
    path: PathBuf,
    parcels: SyncSender<Parcel>,
    result: Receiver<Result<(), StorageError>>,
    filling: Vec<Quad>,
    quads: u64,
}

impl Bulk {
    /// Adds a quad.
    ///
    /// # Errors
    /// When the store failed on those before.
    pub fn push(&mut self, quad: Quad) -> Result<(), StoreError> {
        self.filling.push(quad);
        self.quads += 1;
        if self.filling.len() == PARCEL { self.hand_over() } else { Ok(()) }
    }

    /// Makes all visible at once and tells how many quads were added.
    ///
    /// # Errors
    /// When the store fails; nothing is added then.
    pub fn commit(mut self) -> Result<u64, StoreError> {
        self.hand_over()?;
        self.give(Parcel::Commit)?;
        finished(&self.path, &self.result)?;
        Ok(self.quads)
    }

    fn hand_over(&mut self) -> Result<(), StoreError> {
        let full = std::mem::replace(&mut self.filling, Vec::with_capacity(PARCEL));
        self.give(Parcel::Quads(full))
    }

    fn give(&self, parcel: Parcel) -> Result<(), StoreError> {
        // A writer that hung up has said why.
        self.parcels
            .send(parcel)
            .or_else(|_| finished(&self.path, &self.result).and(Err(StoreError::Stopped)))
    }
}

fn finished(path: &Path, result: &Receiver<Result<(), StorageError>>) -> Result<(), StoreError> {
    match result.recv() {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(disk::told(path, error)),
        Err(_) => Err(StoreError::Stopped),
    }
}

/// The life of the writer: until all handles are gone.
fn write(store: &Store, inbox: &Receiver<Command>) {
    for command in inbox {
        let (result, done) = match command {
            Command::Apply(change, done) => (apply(store, &change), done),
            Command::Bulk(parcels, done) => (load(store, &parcels), done),
            Command::Flush(done) => (store.flush(), done),
            Command::Optimise(done) => (store.optimize(), done),
            Command::Checkpoint(target, done) => (store.backup(target), done),
        };
        // Who asked may have gone; the work is done all the same.
        let _ = done.send(result);
    }
}

fn apply(store: &Store, change: &Change) -> Result<(), StorageError> {
    let mut transaction = store.start_transaction()?;
    for quad in &change.remove {
        transaction.remove(quad);
    }
    transaction.extend(&change.insert);
    transaction.commit()
}

fn load(store: &Store, parcels: &Receiver<Parcel>) -> Result<(), StorageError> {
    let mut loader = store.bulk_loader();
    let mut committed = false;
    let quads = parcels.iter().map_while(|parcel| match parcel {
        Parcel::Quads(quads) => Some(quads),
        Parcel::Commit => {
            committed = true;
            None
        }
    });
    loader.load_quads(quads.flatten())?;
    // Without the word the sender was dropped: the loader is dropped too, and its files with it.
    if committed { loader.commit() } else { Ok(()) }
}

/// Removes the files of a bulk that was killed; the store never knew them.
fn sweep(path: &Path) -> Result<(), StoreError> {
    let fault = |action| move |source| StoreError::File { action, path: path.to_owned(), source };
    for entry in fs::read_dir(path).map_err(fault("list"))? {
        let entry = entry.map_err(fault("list"))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("bulk-") && name.ends_with(".sst") {
            fs::remove_file(entry.path()).map_err(fault("clean"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use oxigraph::model::{GraphName, Literal, NamedNode};

    fn quad(n: usize) -> Quad {
        let node = |text: String| NamedNode::new_unchecked(text);
        let graph = GraphName::from(node("http://x/g".to_owned()));
        Quad::new(node(format!("http://x/{n}")), node("http://x/p".to_owned()), Literal::from("x"), graph)
    }

    #[test]
    fn changes_bulks_and_checkpoints() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let copy = folder.path().join("copy");
        {
            let store = WorkingStore::open(&path).unwrap();
            store.apply(Change { remove: Vec::new(), insert: (0..10).map(quad).collect() }).unwrap();
            store.apply(Change { remove: vec![quad(0), quad(1), quad(77)], insert: vec![quad(1)] }).unwrap();
            assert_eq!(store.view().len().unwrap(), 9);
            let mut bulk = store.bulk().unwrap();
            (100..10_100).for_each(|n| bulk.push(quad(n)).unwrap());
            assert_eq!(store.view().len().unwrap(), 9);
            assert_eq!(bulk.commit().unwrap(), 10_000);
            store.optimise().unwrap();
            assert_eq!(store.view().len().unwrap(), 10_009);
            store.checkpoint(&copy).unwrap();
            assert!(store.checkpoint(&copy).is_err());
            store.apply(Change { remove: vec![quad(2)], insert: Vec::new() }).unwrap();
        }
        assert_eq!(Snapshot::open(&copy).unwrap().len().unwrap(), 10_009);
        assert_eq!(WorkingStore::open(&path).unwrap().view().len().unwrap(), 10_008);
    }

    #[test]
    fn a_bulk_that_is_dropped_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = WorkingStore::open(folder.path()).unwrap();
        let mut bulk = store.bulk().unwrap();
        (0..9_000).for_each(|n| bulk.push(quad(n)).unwrap());
        drop(bulk);
        store.flush().unwrap();
        assert!(store.view().is_empty().unwrap());
        let orphans = fs::read_dir(folder.path()).unwrap();
        assert!(orphans.flatten().all(|file| !file.file_name().to_string_lossy().starts_with("bulk-")));
    }

    #[test]
    fn orphans_are_swept_and_a_second_writer_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        drop(WorkingStore::open(folder.path()).unwrap());
        let orphan = folder.path().join("bulk-123.sst");
        fs::write(&orphan, "x").unwrap();
        let store = WorkingStore::open(folder.path()).unwrap();
        assert!(!orphan.exists());
        assert!(matches!(WorkingStore::open(folder.path()), Err(StoreError::Open { .. })));
        store.require_space(1).unwrap();
        assert!(matches!(store.require_space(u64::MAX / 1_000), Err(StoreError::NoSpace { .. })));
    }
}
