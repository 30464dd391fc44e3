//! A batch of quads, whose terms are numbered as they come.

use super::order::sorted;
use crate::error::IndexError;
use crate::terms::{shared, write_key};
use crate::varint;
use oxrdf::{GraphNameRef, QuadRef, TermRef};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// Stands for the graph without a name, in batches and in quads.
pub(crate) const NO_GRAPH: u32 = u32::MAX;

/// Terms and quads in memory.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    keys: Keys,
    digests: Vec<u64>,
    /// An open hash table: a term's number and one, or nothing.
    table: Vec<u32>,
    quads: Vec<[u32; 4]>,
    scratch: Vec<u8>,
    last: [u32; 4],
    /// The names of graphs that are there even without quads.
    named: Vec<u32>,
}

/// Keys that stand after one another.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Keys {
    pub(crate) fn get(&self, key: u32) -> &[u8] {
        let key = key as usize;
        let start = if key == 0 { 0 } else { self.ends[key - 1] };
        &self.bytes[start..self.ends[key]]
    }

    pub(crate) fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    pub(crate) fn push(&mut self, key: &[u8]) {
        self.bytes.extend_from_slice(key);
        self.ends.push(self.bytes.len());
    }
}

/// The files of a batch that was written.
#[derive(Debug)]
pub(crate) struct Run {
    /// The keys in order, front-coded.
    pub(crate) terms: PathBuf,
    /// The quads, as places in the list of keys.
    pub(crate) quads: PathBuf,
    /// How many keys there are.
    pub(crate) count: u32,
    /// The places of the names of graphs that are there even without quads.
    pub(crate) named: Vec<u32>,
}

impl Batch {
    pub(crate) fn add(&mut self, quad: QuadRef<'_>) {
        let quad = [
            self.term(quad.subject.into(), 0),
            self.term(quad.predicate.into(), 1),
            self.term(quad.object, 2),
            self.graph(quad.graph_name).unwrap_or(NO_GRAPH),
        ];
        self.quads.push(quad);
    }

    pub(crate) fn graph(&mut self, name: GraphNameRef<'_>) -> Option<u32> {
        match name {
            GraphNameRef::NamedNode(node) => Some(self.term(node.into(), 3)),
            GraphNameRef::BlankNode(node) => Some(self.term(node.into(), 3)),
            GraphNameRef::DefaultGraph => None,
        }
    }

    pub(crate) fn keep(&mut self, graph: u32) {
        self.named.push(graph);
    }

    /// About how much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.keys.bytes.len() + 16 * self.keys.ends.len() + 4 * self.table.len() + 16 * self.quads.len()
    }

    /// The number of a term. Quads come in some order, so the last one of the same role is often meant again.
    fn term(&mut self, term: TermRef<'_>, role: usize) -> u32 {
        self.scratch.clear();
        write_key(term, &mut self.scratch);
        let last = self.last[role];
        if last < self.keys.len() && self.keys.get(last) == self.scratch {
            return last;
        }
        let id = self.number();
        self.last[role] = id;
        id
    }

    /// The number of the key in `scratch`.
    fn number(&mut self) -> u32 {
        if self.digests.len() * 2 >= self.table.len() {
            self.grow();
        }
        let digest = xxh3_64(&self.scratch);
        let mask = self.table.len() - 1;
        let mut slot = digest as usize & mask;
        loop {
            let met = self.table[slot];
            if met == 0 {
                self.keys.push(&self.scratch);
                self.digests.push(digest);
                self.table[slot] = self.keys.len();
                return self.keys.len() - 1;
            }
            if self.digests[met as usize - 1] == digest && self.keys.get(met - 1) == self.scratch {
                return met - 1;
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(1 << 12);
        self.table.clear();
        self.table.resize(size, 0);
        for (id, digest) in self.digests.iter().enumerate() {
            let mut slot = *digest as usize & (size - 1);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = id as u32 + 1;
        }
    }

    /// Writes the terms in order and the quads by the places of their terms.
    pub(crate) fn write(mut self, folder: &Path, number: usize) -> Result<Run, IndexError> {
        self.table = Vec::new();
        self.digests = Vec::new();
        let order = sorted(&self.keys);
        let terms = folder.join(format!("{number}.terms"));
        let mut file = Scratch::create(&terms)?;
        let (mut last, mut entry): (&[u8], Vec<u8>) = (&[], Vec::new());
        for &id in &order {
            let key = self.keys.get(id);
            let shared = shared(last, key);
            entry.clear();
            varint::write(shared as u64, &mut entry);
            varint::write((key.len() - shared) as u64, &mut entry);
            entry.extend_from_slice(&key[shared..]);
            file.write(&entry)?;
            last = key;
        }
        file.finish()?;
        let mut places = vec![0; order.len()];
        for (place, id) in order.into_iter().enumerate() {
            places[id as usize] = place as u32;
        }
        let place = |id: u32| places.get(id as usize).copied().unwrap_or(NO_GRAPH);
        let quads = folder.join(format!("{number}.quads"));
        let mut file = Scratch::create(&quads)?;
        for quad in &self.quads {
            for id in quad {
                file.write(&place(*id).to_le_bytes())?;
            }
        }
        file.finish()?;
        let named = self.named.iter().map(|id| place(*id)).collect();
        Ok(Run { terms, quads, count: self.keys.len(), named })
    }
}

/// A file that is needed while the index is built only.
pub(crate) struct Scratch {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Scratch {
    pub(crate) fn create(path: &Path) -> Result<Self, IndexError> {
        let file = File::create(path).map_err(IndexError::disk(path))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::with_capacity(256 << 10, file) })
    }

    #[inline]
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.file.write_all(bytes).map_err(IndexError::disk(&self.path))
    }

    pub(crate) fn finish(mut self) -> Result<(), IndexError> {
        self.file.flush().map_err(IndexError::disk(&self.path))
    }
}
