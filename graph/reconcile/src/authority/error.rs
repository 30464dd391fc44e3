//! What can go wrong between an authority's index and the disk.

use graph_index::IndexError;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Something that stops the building or the opening of an authority's index.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not what was written.
    #[error("{} is damaged: {reason}; add the authority again: aarre authority add", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was met and what was expected.
        reason: String,
    },
    /// A file of another version of the index.
    #[error("{} has format version {met}, this program reads version {expected}; add the authority again: aarre authority add", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        met: u32,
        /// Ours.
        expected: u32,
    },
    /// The index cannot be made of so much.
    #[error("{0}")]
    TooMuch(String),
}

impl AuthorityError {
    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), reason: reason.into() }
    }
}

impl From<IndexError> for AuthorityError {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Disk { path, source } => Self::Disk { path, source },
            IndexError::Damaged { path, reason } => Self::Damaged { path, reason },
            IndexError::Version { path, met, expected } => Self::Version { path, met, expected },
            other => Self::TooMuch(other.to_string()),
        }
    }
}
