//! What can go wrong between us and the disk.

use oxigraph::store::StorageError;
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
    /// The engine failed while reading or writing.
    #[error("the store failed: {0}")]
    Engine(#[from] StorageError),
}
