//! How much room there is, and telling a full disk from other failures.

use crate::error::StoreError;
use oxigraph::store::StorageError;
use std::io;
use std::path::Path;

/// The bytes that this process may still write where the folder is.
pub(crate) fn free(path: &Path) -> Result<u64, StoreError> {
    let fault = |error| StoreError::File {
        action: "ask for the free space of",
        path: path.to_owned(),
        source: io::Error::from(error),
    };
    let system = rustix::fs::statvfs(path).map_err(fault)?;
    Ok(system.f_bavail.saturating_mul(system.f_frsize))
}

/// The engine says a full disk in words only.
pub(crate) fn told(path: &Path, error: StorageError) -> StoreError {
    let full = matches!(&error, StorageError::Io(error) if error.kind() == io::ErrorKind::StorageFull);
    if full || error.to_string().contains("No space left on device") {
        return StoreError::NoSpace { path: path.to_owned(), needed: 0, free: free(path).unwrap_or(0) };
    }
    StoreError::Engine(error)
}
