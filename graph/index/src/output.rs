//! Files of an index, written.

use crate::error::IndexError;
use crate::map::footer;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

const BUFFER: usize = 256 << 10;

/// A file on its way: its content, and at the end its footer.
pub(crate) struct Output {
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    digest: Xxh3,
    written: u64,
}

impl Output {
    pub(crate) fn create(folder: &Path, name: &str) -> Result<Self, IndexError> {
        let path = folder.join(name);
        let file = File::create(&path).map_err(IndexError::disk(&path))?;
        Ok(Self { path, file, buffer: Vec::with_capacity(BUFFER + 64), digest: Xxh3::new(), written: 0 })
    }

    /// How long the content is until now.
    pub(crate) fn len(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    #[inline]
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER { self.pass_on() } else { Ok(()) }
    }

    #[inline]
    pub(crate) fn u32(&mut self, number: u32) -> Result<(), IndexError> {
        self.write(&number.to_le_bytes())
    }

    #[inline]
    pub(crate) fn u64(&mut self, number: u64) -> Result<(), IndexError> {
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
    pub(crate) fn finish(mut self) -> Result<(), IndexError> {
        self.pass_on()?;
        let footer = footer(self.written, self.digest.digest());
        self.file.write_all(&footer).map_err(IndexError::disk(&self.path))?;
        self.file.sync_all().map_err(IndexError::disk(&self.path))
    }
}
