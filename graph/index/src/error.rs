//! What can go wrong between an index and the disk.

use std::io;
use std::path::{Path, PathBuf};

/// Something that stops the building or the opening of an index.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not what was written.
    #[error("{} is damaged: {reason}; publish a new generation, or go back with: aarre rollback", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was met and what was expected.
        reason: String,
    },
    /// A file of another version of the index.
    #[error("{} has format version {met}, this program reads version {expected}; publish a new generation", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        met: u32,
        /// Ours.
        expected: u32,
    },
    /// More terms than ids.
    #[error(
        "{terms} distinct terms are too many for one index, which names at most {}",
        IndexError::MOST_TERMS
    )]
    TooMany {
        /// How many there are.
        terms: u64,
    },
    /// A search took longer than it may.
    #[error("the search took longer than it may; ask for less")]
    Late,
    /// A thread of the builder is gone after a failure.
    #[error("the building of the index has stopped; begin again")]
    Stopped,
}

impl IndexError {
    /// How many terms an index can have: ids above are for what queries compute.
    pub const MOST_TERMS: u32 = 3_000_000_000;

    pub(crate) fn disk(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Disk { path: path.to_owned(), source }
    }

    pub(crate) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), reason: reason.into() }
    }
}
