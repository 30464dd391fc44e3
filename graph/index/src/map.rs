//! Files as slices.
//!
//! A file of the index is its content followed by a footer of 32 bytes: the length of the content, its XXH3 digest,
//! the version of the format and a mark. Files are mapped into memory by tantivy's directory, so that no unsafe code
//! is ours; opening one reads its footer only. The digest is for [`verify`], as reading a whole index at every start
//! would take the time that mapping saves; whatever is read from a file is checked where it is used.

use crate::error::IndexError;
use bytemuck::Pod;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use tantivy::directory::error::OpenReadError;
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use xxhash_rust::xxh3::xxh3_64;

#[cfg(target_endian = "big")]
compile_error!("the columns of an index are little-endian, and used as they are");

/// The version of the format of all files.
pub(crate) const VERSION: u32 = 1;
/// What ends every file.
pub(crate) const MARK: [u8; 12] = *b"aarre index\n";
/// How long a footer is.
pub(crate) const FOOTER: usize = 32;

/// A folder of mapped files.
pub struct Folder {
    path: PathBuf,
    directory: MmapDirectory,
}

impl Folder {
    /// Opens a folder; its files are mapped when they are asked for.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        let directory = MmapDirectory::open(path)
            .map_err(|error| IndexError::disk(path)(io::Error::new(io::ErrorKind::NotFound, error)))?;
        Ok(Self { path: path.to_owned(), directory })
    }

    /// All of a file that is no part of the index and has no footer.
    ///
    /// # Errors
    /// When the file is missing or cannot be read.
    pub fn plain(&self, name: &str) -> Result<Vec<u8>, IndexError> {
        let path = self.path.join(name);
        std::fs::read(&path).map_err(IndexError::disk(&path))
    }

    /// The content of a file, without its footer.
    ///
    /// # Errors
    /// When the file is missing, cut, or of another version.
    pub fn bytes(&self, name: &str) -> Result<OwnedBytes, IndexError> {
        let path = self.path.join(name);
        let all = self.directory.open_read(Path::new(name)).map_err(|error| match error {
            OpenReadError::FileDoesNotExist(_) => IndexError::disk(&path)(io::ErrorKind::NotFound.into()),
            OpenReadError::IoError { io_error, .. } => {
                IndexError::disk(&path)(io::Error::new(io_error.kind(), io_error))
            }
            error => IndexError::damaged(&path, error.to_string()),
        })?;
        let all = all.read_bytes().map_err(IndexError::disk(&path))?;
        let footer = Footer::of(&all, &path)?;
        Ok(all.slice(0..footer.length))
    }

    /// A file of numbers, or of rows of numbers.
    ///
    /// # Errors
    /// As [`Folder::bytes`], and when its length is not a whole number of entries.
    pub fn column<T: Pod>(&self, name: &str) -> Result<Column<T>, IndexError> {
        let bytes = self.bytes(name)?;
        if bytemuck::try_cast_slice::<u8, T>(&bytes).is_err() {
            let reason =
                format!("{} bytes are not a whole number of entries of {}", bytes.len(), size_of::<T>());
            return Err(IndexError::damaged(&self.path.join(name), reason));
        }
        Ok(Column { bytes, of: PhantomData })
    }

    /// The path of a file of the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl fmt::Debug for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Folder").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A mapped file of numbers of one size.
#[derive(Clone)]
pub struct Column<T> {
    bytes: OwnedBytes,
    of: PhantomData<T>,
}

impl<T: Pod> Deref for Column<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // It was tried when the column was opened.
        bytemuck::try_cast_slice(&self.bytes).unwrap_or_default()
    }
}

impl<T: Pod> fmt::Debug for Column<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Column of {}", self.len())
    }
}

struct Footer {
    length: usize,
    digest: u64,
}

impl Footer {
    fn of(all: &[u8], path: &Path) -> Result<Self, IndexError> {
        let Some((content, footer)) = all.split_last_chunk::<FOOTER>() else {
            return Err(IndexError::damaged(path, format!("{} bytes are less than its footer", all.len())));
        };
        let (length, rest) = number(footer);
        let (digest, rest) = number(rest);
        let [v0, v1, v2, v3, mark @ ..] = rest else {
            return Err(IndexError::damaged(path, "no footer"));
        };
        if *mark != MARK {
            return Err(IndexError::damaged(path, "it does not end with the mark of an index; it was cut"));
        }
        let met = u32::from_le_bytes([*v0, *v1, *v2, *v3]);
        if met != VERSION {
            return Err(IndexError::Version { path: path.to_owned(), met, expected: VERSION });
        }
        if length != content.len() as u64 {
            let reason = format!("{} bytes where its footer says {length}", content.len());
            return Err(IndexError::damaged(path, reason));
        }
        Ok(Self { length: content.len(), digest })
    }
}

fn number(bytes: &[u8]) -> (u64, &[u8]) {
    match bytes.split_first_chunk::<8>() {
        Some((number, rest)) => (u64::from_le_bytes(*number), rest),
        None => (0, &[]),
    }
}

/// The footer of a content.
pub(crate) fn footer(length: u64, digest: u64) -> [u8; FOOTER] {
    let mut footer = [0; FOOTER];
    footer[..8].copy_from_slice(&length.to_le_bytes());
    footer[8..16].copy_from_slice(&digest.to_le_bytes());
    footer[16..20].copy_from_slice(&VERSION.to_le_bytes());
    footer[20..].copy_from_slice(&MARK);
    footer
}

/// Reads a whole file and compares it with its digest.
///
/// # Errors
/// [`IndexError::Damaged`] when it is not what was written.
pub fn verify(folder: &Path, name: &str) -> Result<(), IndexError> {
    let path = folder.join(name);
    let all = std::fs::read(&path).map_err(IndexError::disk(&path))?;
    let footer = Footer::of(&all, &path)?;
    let digest = xxh3_64(all.get(..footer.length).unwrap_or_default());
    if digest == footer.digest {
        Ok(())
    } else {
        Err(IndexError::damaged(&path, format!("its digest is {digest:016x}, not {:016x}", footer.digest)))
    }
}
