//! `MANIFEST.sha256`: the digest of every file of a generation, as `sha256sum --check` reads it.

use super::{GenerationError, disk, files};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

const NAME: &str = "MANIFEST.sha256";

/// What is wrong with a file of a generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// Its bytes are not those that were written.
    Changed(String),
    /// It is gone.
    Missing(String),
    /// It does not belong there.
    Foreign(String),
    /// A line of the manifest itself cannot be read.
    Manifest(String),
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed(name) => write!(f, "{name} has other bytes than were written"),
            Self::Missing(name) => write!(f, "{name} is gone"),
            Self::Foreign(name) => write!(f, "{name} does not belong to the generation"),
            Self::Manifest(line) => write!(f, "the manifest has a line that cannot be read: '{line}'"),
        }
    }
}

/// Writes the manifest of a draft and everything in it through to the disk.
pub(super) fn write(draft: &Path) -> Result<(), GenerationError> {
    let mut text = String::new();
    for name in names(draft)? {
        let path = draft.join(&name);
        File::open(&path).and_then(|file| file.sync_all()).map_err(disk(&path))?;
        text.push_str(&format!("{}  {name}\n", digest(&path)?));
    }
    let path = draft.join(NAME);
    let mut file = File::create(&path).map_err(disk(&path))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(disk(&path))?;
    for folder in ["store", "index", "entities", "search/words", "search", "dumps"] {
        files::sync_folder(&draft.join(folder))?;
    }
    files::sync_folder(draft)
}

/// Compares every file of a generation with its manifest; an intact one has no damage.
///
/// # Errors
/// When the manifest or a file cannot be read.
pub fn verify(generation: &Path) -> Result<Vec<Damage>, GenerationError> {
    let path = generation.join(NAME);
    let text = fs::read_to_string(&path).map_err(disk(&path))?;
    let mut damage = Vec::new();
    let mut listed = BTreeSet::new();
    for line in text.lines() {
        let Some((expected, name)) = line.split_once("  ") else {
            damage.push(Damage::Manifest(line.to_owned()));
            continue;
        };
        listed.insert(name.to_owned());
        let path = generation.join(name);
        if !path.is_file() {
            damage.push(Damage::Missing(name.to_owned()));
        } else if digest(&path)? != expected {
            damage.push(Damage::Changed(name.to_owned()));
        }
    }
    for name in names(generation)? {
        if !listed.contains(&name) {
            damage.push(Damage::Foreign(name));
        }
    }
    Ok(damage)
}

/// The files of a generation by their names in it, sorted. The engine's own log is left out: it is written
/// whenever somebody opens the store, and says nothing that the public sees.
fn names(generation: &Path) -> Result<Vec<String>, GenerationError> {
    let mut names = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let path = generation.join(&folder);
        for entry in fs::read_dir(&path).map_err(disk(&path))? {
            let entry = entry.map_err(disk(&path))?;
            let name = folder.join(entry.file_name());
            if entry.file_type().map_err(disk(&path))?.is_dir() {
                folders.push(name);
                continue;
            }
            let name = name.display().to_string();
            let log =
                matches!(name.as_str(), "store/LOG" | "store/LOCK") || name.starts_with("store/LOG.old.");
            if name != NAME && !log {
                names.push(name);
            }
        }
    }
    names.sort();
    Ok(names)
}

fn digest(path: &Path) -> Result<String, GenerationError> {
    let mut file = File::open(path).map_err(disk(path))?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer).map_err(disk(path))? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
