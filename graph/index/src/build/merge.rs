//! Runs of terms become the dictionary, runs of quads one sorted list.

use super::batch::{NO_GRAPH, Run, Scratch};
use super::sort::{Sorted, Sorter};
use crate::error::IndexError;
use crate::map::{Column, Folder};
use crate::output::Output;
use crate::terms::DictionaryWriter;
use std::cmp::Ordering;
use std::collections::binary_heap::PeekMut;
use std::collections::{BTreeSet, BinaryHeap};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// The digests of the terms' keys, while the index is built.
const DIGESTS: &str = "digests";

/// What the dictionary was made of.
pub(crate) struct Merged {
    /// How many terms there are.
    pub(crate) terms: u32,
    /// The digest of each term's key.
    pub(crate) digests: Column<u64>,
    /// The graphs that are there even without quads.
    pub(crate) named: BTreeSet<u32>,
}

/// Merges the runs' terms. Each run gets a file with the id of each of its places.
pub(crate) fn dictionary(runs: &[Run], folder: &Path, scratch: &Path) -> Result<Merged, IndexError> {
    let mut dictionary = DictionaryWriter::create(folder)?;
    let mut digests = Output::create(scratch, DIGESTS)?;
    let mut lists = Vec::with_capacity(runs.len());
    let mut heads = BinaryHeap::with_capacity(runs.len());
    for (number, run) in runs.iter().enumerate() {
        lists.push(Scratch::create(&list(run))?);
        let mut head = Head::open(run, number)?;
        if head.advance()? {
            heads.push(Box::new(head));
        }
    }
    let (mut last, mut id) = (Vec::new(), 0);
    while let Some(mut head) = heads.peek_mut() {
        // No key is empty.
        if head.key != last {
            id = dictionary.push(&head.key)?;
            digests.u64(xxh3_64(&head.key))?;
            last.clone_from(&head.key);
        }
        lists[head.run].write(&id.to_le_bytes())?;
        if !head.advance()? {
            PeekMut::pop(head);
        }
    }
    for list in lists {
        list.finish()?;
    }
    for run in runs {
        fs::remove_file(&run.terms).map_err(IndexError::disk(&run.terms))?;
    }
    digests.finish()?;
    let terms = dictionary.finish()?;
    let mut named = BTreeSet::new();
    for run in runs.iter().filter(|run| !run.named.is_empty()) {
        let ids = read_list(run)?;
        named.extend(run.named.iter().filter_map(|place| ids.get(*place as usize)));
    }
    Ok(Merged { terms, digests: Folder::open(scratch)?.column(DIGESTS)?, named })
}

fn list(run: &Run) -> PathBuf {
    run.terms.with_extension("ids")
}

fn read_list(run: &Run) -> Result<Vec<u32>, IndexError> {
    let path = list(run);
    let bytes = fs::read(&path).map_err(IndexError::disk(&path))?;
    Ok(bytes.as_chunks::<4>().0.iter().map(|id| u32::from_le_bytes(*id)).collect())
}

/// The quads of all runs, by ids, sorted by property, subject, object and graph.
pub(crate) fn translate(
    runs: Vec<Run>,
    merged: &Merged,
    scratch: &Path,
    memory: usize,
) -> Result<Sorted, IndexError> {
    let mut sorter = Sorter::new(scratch, "quads-by-subject", memory / 3);
    for run in runs {
        let ids = read_list(&run)?;
        let id = |place: [u8; 4]| ids.get(u32::from_le_bytes(place) as usize).copied().unwrap_or(NO_GRAPH);
        let file = File::open(&run.quads).map_err(IndexError::disk(&run.quads))?;
        let mut file = BufReader::with_capacity(256 << 10, file);
        let mut quad = [0; 16];
        loop {
            match file.read_exact(&mut quad) {
                Ok(()) => {}
                // Runs are written whole, so this is the end.
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(IndexError::disk(&run.quads)(error)),
            }
            let [s0, s1, s2, s3, p0, p1, p2, p3, o0, o1, o2, o3, g0, g1, g2, g3] = quad;
            sorter.push(pack([
                id([p0, p1, p2, p3]),
                id([s0, s1, s2, s3]),
                id([o0, o1, o2, o3]),
                id([g0, g1, g2, g3]),
            ]))?;
        }
        for path in [&run.quads, &list(&run)] {
            fs::remove_file(path).map_err(IndexError::disk(path))?;
        }
    }
    debug_assert!(merged.digests.len() == merged.terms as usize);
    sorter.finish()
}

/// Four numbers as one that sorts by them.
pub(crate) fn pack([a, b, c, d]: [u32; 4]) -> u128 {
    u128::from(a) << 96 | u128::from(b) << 64 | u128::from(c) << 32 | u128::from(d)
}

pub(crate) fn unpack(packed: u128) -> [u32; 4] {
    [(packed >> 96) as u32, (packed >> 64) as u32, (packed >> 32) as u32, packed as u32]
}

/// A run of terms, at one of them. The lowest key is the greatest head, as heaps give the greatest.
struct Head {
    key: Vec<u8>,
    run: usize,
    left: u32,
    file: BufReader<File>,
    path: PathBuf,
}

impl Head {
    fn open(run: &Run, number: usize) -> Result<Self, IndexError> {
        let file = File::open(&run.terms).map_err(IndexError::disk(&run.terms))?;
        let file = BufReader::with_capacity(256 << 10, file);
        Ok(Self { key: Vec::new(), run: number, left: run.count, file, path: run.terms.clone() })
    }

    /// Goes to the next key; false at the end.
    fn advance(&mut self) -> Result<bool, IndexError> {
        if self.left == 0 {
            return Ok(false);
        }
        self.left -= 1;
        let shared = self.number()?;
        let length = self.number()?;
        self.key.resize(shared + length, 0);
        self.file.read_exact(&mut self.key[shared..]).map_err(IndexError::disk(&self.path))?;
        Ok(true)
    }

    fn number(&mut self) -> Result<usize, IndexError> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let buffer = self.file.fill_buf().map_err(IndexError::disk(&self.path))?;
            let Some(&byte) = buffer.first().filter(|_| shift < 63) else {
                return Err(IndexError::damaged(&self.path, "it ends in the middle of a term"));
            };
            self.file.consume(1);
            number |= usize::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
            shift += 7;
        }
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        (&other.key, other.run).cmp(&(&self.key, self.run))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}
