//! Files of an index, written.

use crate::error::IndexError;
use crate::map::footer;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

const BUFFER: usize = 256 << 10;

/// A file on its way: its content, and at the end its footer.
pub struct Output {
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    digest: Xxh3,
    written: u64,
}

impl Output {
    /// Begins a file; one that is there is replaced.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(folder: &Path, name: &str) -> Result<Self, IndexError> {
        let path = folder.join(name);
        let file = File::create(&path).map_err(IndexError::disk(&path))?;
        Ok(Self { path, file, buffer: Vec::with_capacity(BUFFER + 64), digest: Xxh3::new(), written: 0 })
    }

    /// How long the content is until now.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    /// Whether nothing is written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// When the disk fails.
    #[inline]
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER { self.pass_on() } else { Ok(()) }
    }

    /// Appends a number.
    ///
    /// # Errors
    /// When the disk fails.
    #[inline]
    pub fn u32(&mut self, number: u32) -> Result<(), IndexError> {
        self.write(&number.to_le_bytes())
    }

    /// Appends a number.
    ///
    /// # Errors
    /// When the disk fails.
    #[inline]
    pub fn u64(&mut self, number: u64) -> Result<(), IndexError> {
        self.write(&number.to_le_bytes())
    }

    fn pass_on(&mut self) -> Result<(), IndexError> {
        self.digest.update(&self.buffer);
        self.file.write_all(&self.buffer).map_err(IndexError::disk(&self.path))?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Writes the footer and waits until the file is on the disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(mut self) -> Result<(), IndexError> {
        self.pass_on()?;
        let footer = footer(self.written, self.digest.digest());
        self.file.write_all(&footer).map_err(IndexError::disk(&self.path))?;
        self.file.sync_all().map_err(IndexError::disk(&self.path))
    }
}

/// Makes an empty folder; one that is there is replaced.
///
/// # Errors
/// When the disk fails.
pub fn make_folder(folder: &Path) -> Result<(), IndexError> {
    remove_folder(folder)?;
    fs::create_dir_all(folder).map_err(IndexError::disk(folder))
}

/// Removes a folder with all that is in it, if it is there.
///
/// # Errors
/// When the disk fails.
pub fn remove_folder(folder: &Path) -> Result<(), IndexError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(IndexError::disk(folder)(error)),
        _ => Ok(()),
    }
}

/// Waits until the names of the files of a folder are on the disk.
///
/// # Errors
/// When the disk fails.
pub fn sync_folder(folder: &Path) -> Result<(), IndexError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(IndexError::disk(folder))
}

/// Writes a file without a footer, for people and other programs, and waits until it is on the disk.
///
/// # Errors
/// When the disk fails.
pub fn write_plain(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), IndexError> {
    let path = folder.join(name);
    let mut file = File::create(&path).map_err(IndexError::disk(&path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(IndexError::disk(&path))
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output")
            .field("path", &self.path)
            .field("written", &self.len())
            .finish_non_exhaustive()
    }
}
