//! The folder of generations on disk: drafts, the link to the current one, and what makes them last.

use super::{GenerationError, disk};
use std::fs::{self, File};
use std::path::Path;

/// Writes a folder's entries through to the disk.
pub(super) fn sync_folder(path: &Path) -> Result<(), GenerationError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(disk(path))
}

/// Makes `current` a link to this generation, in one step for whoever looks.
pub(super) fn flip(generations: &Path, number: u64) -> Result<(), GenerationError> {
    let draft = generations.join(".current");
    if fs::symlink_metadata(&draft).is_ok() {
        fs::remove_file(&draft).map_err(disk(&draft))?;
    }
    std::os::unix::fs::symlink(number.to_string(), &draft).map_err(disk(&draft))?;
    let link = generations.join("current");
    fs::rename(&draft, &link).map_err(disk(&link))?;
    sync_folder(generations)
}

/// Removes what a publish that was killed left behind.
pub(super) fn sweep_drafts(generations: &Path) -> Result<(), GenerationError> {
    for entry in fs::read_dir(generations).map_err(disk(generations))? {
        let path = entry.map_err(disk(generations))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with('.') && (name.ends_with(".draft") || name.ends_with(".gone")) {
            fs::remove_dir_all(&path).map_err(disk(&path))?;
        }
    }
    Ok(())
}

/// Removes a generation: first out of sight, so that nobody takes half of it for a whole one.
pub(super) fn remove(path: &Path) -> Result<(), GenerationError> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let gone = path.with_file_name(format!(".{name}.gone"));
    fs::rename(path, &gone).map_err(disk(path))?;
    fs::remove_dir_all(&gone).map_err(disk(&gone))
}
