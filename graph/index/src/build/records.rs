//! Records of bytes: kept in a file to be read once more, or sorted where they are more than fit into memory.

use super::batch::Scratch;
use crate::error::IndexError;
use crate::varint;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

const BUFFER: usize = 256 << 10;

/// A file of records on its way, needed while something is built only.
pub struct Spool {
    path: PathBuf,
    file: Scratch,
    head: Vec<u8>,
}

impl Spool {
    /// Begins a file.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(folder: &Path, name: &str) -> Result<Self, IndexError> {
        let path = folder.join(name);
        Ok(Self { file: Scratch::create(&path)?, path, head: Vec::new() })
    }

    /// Appends a record.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn push(&mut self, record: &[u8]) -> Result<(), IndexError> {
        self.head.clear();
        varint::write(record.len() as u64, &mut self.head);
        self.file.write(&self.head)?;
        self.file.write(record)
    }

    /// The same records, to be read from the first on. The file goes when it was read.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(self) -> Result<Spooled, IndexError> {
        self.file.finish()?;
        Spooled::open(self.path)
    }
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Records that are read from a file.
#[derive(Debug)]
pub struct Spooled {
    path: PathBuf,
    file: BufReader<File>,
    record: Vec<u8>,
}

impl Spooled {
    fn open(path: PathBuf) -> Result<Self, IndexError> {
        let file = File::open(&path).map_err(IndexError::disk(&path))?;
        Ok(Self { path, file: BufReader::with_capacity(BUFFER, file), record: Vec::new() })
    }

    /// The next record, if there is one.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn pull(&mut self) -> Result<Option<&[u8]>, IndexError> {
        Ok(if self.advance()? { Some(&self.record) } else { None })
    }

    fn advance(&mut self) -> Result<bool, IndexError> {
        let (mut length, mut shift) = (0_u64, 0);
        loop {
            let buffer = match self.file.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(IndexError::disk(&self.path)(error)),
            };
            let Some(&byte) = buffer.first() else {
                let _ = fs::remove_file(&self.path);
                return Ok(false);
            };
            self.file.consume(1);
            length |= u64::from(byte & 127) << (shift & 63);
            shift += 7;
            if byte < 128 {
                break;
            }
        }
        self.record.resize(length as usize, 0);
        self.file.read_exact(&mut self.record).map_err(IndexError::disk(&self.path))?;
        Ok(true)
    }
}

/// Takes records in any order and gives them back in the order of their bytes.
#[derive(Debug)]
pub struct Records {
    folder: PathBuf,
    name: &'static str,
    limit: usize,
    bytes: Vec<u8>,
    /// The first eight bytes, which decide nearly always, and where the record stands.
    places: Vec<Place>,
    runs: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    head: u64,
    start: usize,
    length: usize,
}

impl Place {
    fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.start + self.length]
    }
}

impl Records {
    /// The buffer takes so many bytes at most, or as many as one record.
    #[must_use]
    pub fn new(folder: &Path, name: &'static str, memory: usize) -> Self {
        let folder = folder.to_owned();
        Self { folder, name, limit: memory, bytes: Vec::new(), places: Vec::new(), runs: Vec::new() }
    }

    /// Takes a record.
    ///
    /// # Errors
    /// When a full buffer cannot be written.
    pub fn push(&mut self, record: &[u8]) -> Result<(), IndexError> {
        let taken = self.bytes.len() + self.places.len() * size_of::<Place>();
        if taken + record.len() > self.limit && !self.places.is_empty() {
            self.spill()?;
        }
        let mut head = [0; 8];
        for (to, from) in head.iter_mut().zip(record) {
            *to = *from;
        }
        let head = u64::from_be_bytes(head);
        self.places.push(Place { head, start: self.bytes.len(), length: record.len() });
        self.bytes.extend_from_slice(record);
        Ok(())
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        self.places.sort_unstable_by(|a, b| a.head.cmp(&b.head).then_with(|| a.of(bytes).cmp(b.of(bytes))));
    }

    fn spill(&mut self) -> Result<(), IndexError> {
        self.sort();
        let name = format!("{}.{}", self.name, self.runs.len());
        let mut spool = Spool::create(&self.folder, &name)?;
        for place in &self.places {
            spool.push(place.of(&self.bytes))?;
        }
        spool.file.finish()?;
        self.runs.push(spool.path);
        self.bytes.clear();
        self.places.clear();
        Ok(())
    }

    /// All records in order, repeated ones as often as they came.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(mut self) -> Result<SortedRecords, IndexError> {
        self.sort();
        let memory = InMemory { bytes: self.bytes, places: self.places.into_iter(), now: None };
        let mut sorted = SortedRecords { memory, runs: Vec::new(), heads: BinaryHeap::new(), last: None };
        for path in self.runs {
            let mut run = Spooled::open(path)?;
            if run.advance()? {
                sorted.heads.push(Reverse((std::mem::take(&mut run.record), sorted.runs.len())));
            }
            sorted.runs.push(run);
        }
        sorted.memory.now = sorted.memory.places.next();
        Ok(sorted)
    }
}

/// Records in order.
#[derive(Debug)]
pub struct SortedRecords {
    memory: InMemory,
    runs: Vec<Spooled>,
    heads: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
    /// The run whose record was given last, which has to go on first.
    last: Option<Vec<u8>>,
}

#[derive(Debug)]
struct InMemory {
    bytes: Vec<u8>,
    places: std::vec::IntoIter<Place>,
    now: Option<Place>,
}

impl SortedRecords {
    /// The next record, if there is one.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn pull(&mut self) -> Result<Option<&[u8]>, IndexError> {
        let here = self.memory.now.map(|place| place.of(&self.memory.bytes));
        let from_file = match (self.heads.peek(), here) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(Reverse((record, _))), Some(here)) => record.as_slice() < here,
        };
        if !from_file {
            let Some(place) = self.memory.now else { return Ok(None) };
            self.memory.now = self.memory.places.next();
            return Ok(Some(place.of(&self.memory.bytes)));
        }
        let Some(mut head) = self.heads.peek_mut() else { return Ok(None) };
        let run = &mut self.runs[head.0.1];
        // The memory of the record before becomes that of the one which is read now.
        run.record = self.last.take().unwrap_or_default();
        let record = if run.advance()? {
            std::mem::replace(&mut head.0.0, std::mem::take(&mut run.record))
        } else {
            PeekMut::pop(head).0.0
        };
        Ok(Some(self.last.insert(record)))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn records_come_in_order_whether_they_fit_into_memory_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let words = ["kaksi", "yksi", "", "kolme", "yksi", "neljäkymmentäkaksi", "a\0b", "a"];
        for memory in [1 << 20, 100, 1] {
            let mut records = Records::new(folder.path(), "words", memory);
            words.iter().for_each(|word| records.push(word.as_bytes()).unwrap());
            let mut sorted = records.finish().unwrap();
            let mut met = Vec::new();
            while let Some(record) = sorted.pull().unwrap() {
                met.push(String::from_utf8(record.to_vec()).unwrap());
            }
            let mut expected = words.to_vec();
            expected.sort_unstable();
            assert_eq!(met, expected, "in {memory} bytes");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
        }
    }

    #[test]
    fn a_spool_gives_back_what_it_took() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::create(folder.path(), "spool").unwrap();
        let long = vec![7; 100_000];
        for record in [&b"one"[..], &[], &long] {
            spool.push(record).unwrap();
        }
        let mut spooled = spool.finish().unwrap();
        assert_eq!(spooled.pull().unwrap(), Some(&b"one"[..]));
        assert_eq!(spooled.pull().unwrap(), Some(&[][..]));
        assert_eq!(spooled.pull().unwrap(), Some(&long[..]));
        assert_eq!(spooled.pull().unwrap(), None);
    }
}
