//! A file that only grows: whole pieces at its end, each on the disk before it counts.
//!
//! Several programs may use one at a time: who opens it holds it by a lock until the handle is dropped, so that what was
//! read is still the end of the file when something is appended.

use crate::error::IndexError;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// A file that only grows, held by this handle alone.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: File,
}

impl Ledger {
    /// Opens the file, or makes it, and waits until nobody else holds it.
    ///
    /// # Errors
    /// When it cannot be made, opened or locked.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(IndexError::disk(folder))?;
        }
        let new = !path.exists();
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let file = file.map_err(IndexError::disk(path))?;
        file.lock().map_err(IndexError::disk(path))?;
        if let (true, Some(folder)) = (new, path.parent()) {
            // The name of a new file is on the disk when its folder is.
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(IndexError::disk(folder))?;
        }
        Ok(Self { path: path.to_owned(), file })
    }

    /// All that is in it.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn read(&mut self) -> Result<Vec<u8>, IndexError> {
        let mut bytes = Vec::new();
        // Reading begins where the handle is, and a handle reads once.
        self.file.read_to_end(&mut bytes).map_err(IndexError::disk(&self.path))?;
        Ok(bytes)
    }

    /// Appends a piece and waits until it is on the disk.
    ///
    /// # Errors
    /// When the disk fails; the piece may be there in part then.
    pub fn append(&mut self, piece: &[u8]) -> Result<(), IndexError> {
        self.file.write_all(piece).and_then(|()| self.file.sync_data()).map_err(IndexError::disk(&self.path))
    }
}

/// What is in a file of this kind, without waiting for who holds it; nothing where there is no file.
///
/// # Errors
/// When the disk fails.
pub fn read_ledger(path: &Path) -> Result<Vec<u8>, IndexError> {
    match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(IndexError::disk(path)),
    }
}
