//! Quads in; what the index says of them equals what a walk over the quads says.

#![expect(clippy::unwrap_used, reason = "tests")]

mod damage;
mod order;
mod quads;
mod terms;

use crate::{Builder, Index};
use oxrdf::Quad;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// An index in a folder that goes with it.
struct Built {
    folder: TempDir,
    index: Index,
}

fn build<'q>(quads: impl IntoIterator<Item = &'q Quad>, memory: usize) -> Built {
    // Every file is written through to the disk; where there is memory to write to, cases take a tenth of the time.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let mut builder = Builder::with_memory(&folder.path().join("index"), memory).unwrap();
    for quad in quads {
        builder.add(quad.as_ref()).unwrap();
    }
    builder.finish().unwrap();
    let index = Index::open(&folder.path().join("index")).unwrap();
    Built { folder, index }
}

/// All files of a folder, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}
