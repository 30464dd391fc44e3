//! What came from where: `manifest.json` beside the fetched files.

use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io;
use std::path::Path;

const NAME: &str = "manifest.json";

/// One fetched file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it came from.
    pub url: String,
    /// Its name in the folder.
    pub file: String,
    /// The SHA-256 of its bytes, in lower-case hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The server's entity tag.
    pub etag: Option<String>,
    /// The server's date of the last change.
    pub last_modified: Option<String>,
}

/// All fetched files of a folder, in the order in which they were first fetched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The entries.
    pub entries: Vec<Entry>,
}

impl Manifest {
    /// Reads the manifest of a folder; an absent one is empty.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(folder: &Path) -> io::Result<Self> {
        match File::open(folder.join(NAME)) {
            Ok(file) => Ok(serde_json::from_reader(io::BufReader::new(file))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// The entry of an address.
    #[must_use]
    pub fn entry(&self, url: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.url == url)
    }

    pub(crate) fn set(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|other| other.url == entry.url) {
            Some(other) => *other = entry,
            None => self.entries.push(entry),
        }
    }

    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        let draft = folder.join(".manifest.json");
        let file = File::create(&draft)?;
        serde_json::to_writer_pretty(&file, self)?;
        file.sync_all()?;
        fs::rename(draft, folder.join(NAME))
    }
}
