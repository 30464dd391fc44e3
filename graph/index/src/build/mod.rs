//! Quads in, an index out, in bounded memory.
//!
//! 1. Quads are taken in batches. A batch numbers the terms it meets as they come; when it is full, its terms are sorted
//!    and written to a run on the disk, each quad as four places in that run (`batch.rs`).
//! 2. All runs are merged into the dictionary, which gives each term its id and each run a list from its places to
//!    ids (`merge.rs`).
//! 3. The quads of all runs are translated and sorted, by subject and then by object, on the disk where they are many
//!    (`sort.rs`), and written as columns (`columns.rs`).
//!
//! Where batches begin and end depends on memory, and what is written does not: the terms and the statements are sorted
//! sets. So the same quads make the same bytes, in whatever order and however much memory there is. Sorting and writing
//! of full buffers is done by a second thread meanwhile.

mod batch;
mod columns;
mod merge;
mod order;
mod records;
mod sets;
mod sort;

pub use records::{Records, SortedRecords, Spool, Spooled};
pub use sort::{Sorted, Sorter};

use crate::damage::Damage;
use crate::error::IndexError;
use crate::fingerprint::FINGERPRINTS;
use crate::graphs;
use crate::map::Folder;
use crate::statements::{BY_OBJECT, BY_SUBJECT, OBJECT_SETS, PROPERTIES, SUBJECT_SETS};
use crate::terms::{BLOCKS, KEYS, KINDS, Terms};
use crate::{places, words};
use batch::{Batch, Run};
use oxrdf::{GraphNameRef, QuadRef};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

/// The files of an index.
pub(crate) const FILES: [&str; 28] = [
    KEYS,
    BLOCKS,
    KINDS,
    BY_SUBJECT[0],
    BY_SUBJECT[1],
    BY_SUBJECT[2],
    BY_OBJECT[0],
    BY_OBJECT[1],
    BY_OBJECT[2],
    PROPERTIES,
    SUBJECT_SETS[0],
    SUBJECT_SETS[1],
    SUBJECT_SETS[2],
    SUBJECT_SETS[3],
    OBJECT_SETS[0],
    OBJECT_SETS[1],
    OBJECT_SETS[2],
    OBJECT_SETS[3],
    graphs::GRAPHS,
    graphs::SET_ENDS,
    graphs::SET_MEMBERS,
    FINGERPRINTS,
    words::GRAMS,
    words::PLACES,
    words::BLOCKS,
    places::BOXES,
    places::IDS,
    places::ODD,
];

/// How much memory the buffers take altogether, in bytes.
const MEMORY: usize = 512 << 20;

/// Makes an index of quads.
#[derive(Debug)]
pub struct Builder {
    folder: PathBuf,
    scratch: PathBuf,
    memory: usize,
    batch: Batch,
    /// Graphs that are there even without quads.
    named: BTreeSet<String>,
    runs: Vec<Run>,
    number: usize,
    writing: Option<JoinHandle<Result<Run, IndexError>>>,
}

impl Builder {
    /// Begins an index in a folder, which is made; one that is there is replaced.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(folder: &Path) -> Result<Self, IndexError> {
        Self::with_memory(folder, MEMORY)
    }

    /// As [`Builder::new`], with so many bytes for the buffers instead of 512 MiB. The terms' numbers take about twelve
    /// bytes a term besides.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn with_memory(folder: &Path, memory: usize) -> Result<Self, IndexError> {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(IndexError::disk(folder)(error));
            }
            _ => {}
        }
        let scratch = folder.join(SCRATCH);
        fs::create_dir_all(&scratch).map_err(IndexError::disk(&scratch))?;
        Ok(Self {
            folder: folder.to_owned(),
            scratch,
            memory,
            batch: Batch::default(),
            named: BTreeSet::new(),
            runs: Vec::new(),
            number: 0,
            writing: None,
        })
    }

    /// Adds a quad; one that was added before is not there twice.
    ///
    /// # Errors
    /// When a buffer cannot be written.
    pub fn add(&mut self, quad: QuadRef<'_>) -> Result<(), IndexError> {
        self.batch.add(quad);
        // Two batches are in memory at a time, and sorting takes half of one again.
        if self.batch.bytes() > self.memory / 3 { self.hand_over() } else { Ok(()) }
    }

    /// Adds a graph that is there even if it has no quads.
    pub fn add_graph(&mut self, name: GraphNameRef<'_>) {
        if let Some(id) = self.batch.graph(name) {
            self.batch.keep(id);
            self.named.insert(name.to_string());
        }
    }

    /// Writes the index and waits until it is on the disk.
    ///
    /// # Errors
    /// When the disk fails, or there are too many terms.
    pub fn finish(mut self) -> Result<(), IndexError> {
        self.hand_over()?;
        self.wait()?;
        let runs = std::mem::take(&mut self.runs);
        let merged = merge::dictionary(&runs, &self.folder, &self.scratch)?;
        let sorted = merge::translate(runs, &merged, &self.scratch, self.memory)?;
        columns::write(sorted, &merged, &self.folder, &self.scratch, self.memory)?;
        let terms = Terms::open(&Folder::open(&self.folder)?, Damage::none(&self.folder))?;
        words::write(&terms, &self.folder, &self.scratch, self.memory)?;
        places::write(&terms, &self.folder, &self.scratch, self.memory)?;
        fs::remove_dir_all(&self.scratch).map_err(IndexError::disk(&self.scratch))?;
        let folder = File::open(&self.folder).map_err(IndexError::disk(&self.folder))?;
        folder.sync_all().map_err(IndexError::disk(&self.folder))
    }

    /// Gives the batch to the second thread, when that is done with the one before.
    fn hand_over(&mut self) -> Result<(), IndexError> {
        self.wait()?;
        let batch = std::mem::take(&mut self.batch);
        let (scratch, number) = (self.scratch.clone(), self.number);
        self.number += 1;
        self.writing = Some(thread::spawn(move || batch.write(&scratch, number)));
        Ok(())
    }

    fn wait(&mut self) -> Result<(), IndexError> {
        if let Some(writing) = self.writing.take() {
            self.runs.push(writing.join().map_err(|_| IndexError::Stopped)??);
        }
        Ok(())
    }
}

impl Drop for Builder {
    fn drop(&mut self) {
        if let Some(writing) = self.writing.take() {
            let _ = writing.join();
        }
        // After a failure nothing of the half is left; after success there is nothing.
        let _ = fs::remove_dir_all(&self.scratch);
    }
}

/// Where runs are while the index is built.
const SCRATCH: &str = ".building";
