//! What can go wrong between us and the disk.

use oxigraph::store::StorageError;
use std::io;
use std::path::PathBuf;

/// Something that stops work on a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder holds no store, a damaged one, or one that another process writes to.
    #[error("cannot open the store at {}: {reason}", path.display())]
    Open {
        /// The folder.
        path: PathBuf,
        /// What the engine said.
        reason: StorageError,
    },
    /// The index of a generation is damaged, or of another version.
    #[error(transparent)]
    Index(#[from] graph_index::IndexError),
    /// The engine failed while reading or writing.
    #[error("the store failed: {0}")]
    Engine(#[from] StorageError),
    /// A file or folder of the store could not be listed or removed.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried, e.g. `list`.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The disk is full, or will be.
    #[error("the disk of {} has {} MB free{}", path.display(), free / 1_000_000, need(*needed))]
    NoSpace {
        /// The store.
        path: PathBuf,
        /// How many bytes would be needed; 0 when the disk was full in the middle of work.
        needed: u64,
        /// How many there are.
        free: u64,
    },
    /// What the store gave out could not be written where it should go.
    #[error("cannot write what the store gave out: {0}")]
    Output(#[source] io::Error),
    /// The writer is gone after a failure that was told before.
    #[error("the writer of the store has stopped; open the store again")]
    Stopped,
}

fn need(bytes: u64) -> String {
    match bytes {
        0 => ", which was not enough; nothing is lost: make room and run it again".to_owned(),
        bytes => format!("; about {} MB are needed", bytes / 1_000_000),
    }
}
