//! Sorting more numbers than fit into memory.

use super::batch::Scratch;
use crate::error::IndexError;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

/// Takes numbers in any order. A full buffer is sorted and written by a second thread.
#[derive(Debug)]
pub struct Sorter {
    folder: PathBuf,
    name: &'static str,
    limit: usize,
    buffer: Vec<u128>,
    runs: Vec<PathBuf>,
    writing: Option<JoinHandle<Result<Vec<u128>, IndexError>>>,
}

impl Sorter {
    /// Two buffers together take so many bytes at most.
    #[must_use]
    pub fn new(folder: &Path, name: &'static str, memory: usize) -> Self {
        let limit = (memory / 32).max(16);
        Self { folder: folder.to_owned(), name, limit, buffer: Vec::new(), runs: Vec::new(), writing: None }
    }

    /// Takes a number.
    ///
    /// # Errors
    /// When a full buffer cannot be written.
    #[inline]
    pub fn push(&mut self, number: u128) -> Result<(), IndexError> {
        if self.buffer.len() == self.limit {
            self.spill()?;
        }
        self.buffer.push(number);
        Ok(())
    }

    fn spill(&mut self) -> Result<(), IndexError> {
        let free = self.wait()?;
        let mut full = std::mem::replace(&mut self.buffer, free);
        let path = self.folder.join(format!("{}.{}", self.name, self.runs.len()));
        self.runs.push(path.clone());
        self.writing = Some(thread::spawn(move || {
            full.sort_unstable();
            let mut file = Scratch::create(&path)?;
            for number in &full {
                file.write(&number.to_le_bytes())?;
            }
            file.finish()?;
            full.clear();
            Ok(full)
        }));
        Ok(())
    }

    fn wait(&mut self) -> Result<Vec<u128>, IndexError> {
        match self.writing.take() {
            Some(writing) => writing.join().map_err(|_| IndexError::Stopped)?,
            None => Ok(Vec::new()),
        }
    }

    /// All numbers in order, repeated ones as often as they came.
    ///
    /// # Errors
    /// When a buffer cannot be written.
    pub fn finish(mut self) -> Result<Sorted, IndexError> {
        let mut rest = std::mem::take(&mut self.buffer);
        rest.sort_unstable();
        drop(self.wait()?);
        let mut runs = vec![Run { source: Source::Memory(rest.into_iter()) }];
        for path in std::mem::take(&mut self.runs) {
            let file = File::open(&path).map_err(IndexError::disk(&path))?;
            let file = BufReader::with_capacity(256 << 10, file);
            runs.push(Run { source: Source::File(file, path) });
        }
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for (index, run) in runs.iter_mut().enumerate() {
            if let Some(number) = run.next()? {
                heads.push(Reverse((number, index)));
            }
        }
        Ok(Sorted { runs, heads })
    }
}

/// Numbers in order.
#[derive(Debug)]
pub struct Sorted {
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<(u128, usize)>>,
}

impl Sorted {
    /// The next number, if there is one.
    ///
    /// # Errors
    /// When a buffer cannot be read again.
    pub fn pull(&mut self) -> Result<Option<u128>, IndexError> {
        let Some(mut head) = self.heads.peek_mut() else { return Ok(None) };
        let Reverse((number, run)) = *head;
        match self.runs[run].next()? {
            Some(next) => head.0.0 = next,
            None => drop(PeekMut::pop(head)),
        }
        Ok(Some(number))
    }
}

#[derive(Debug)]
struct Run {
    source: Source,
}

#[derive(Debug)]
enum Source {
    Memory(std::vec::IntoIter<u128>),
    File(BufReader<File>, PathBuf),
}

impl Run {
    fn next(&mut self) -> Result<Option<u128>, IndexError> {
        let (file, path) = match &mut self.source {
            Source::Memory(numbers) => return Ok(numbers.next()),
            Source::File(file, path) => (file, path),
        };
        let mut number = [0; 16];
        match file.read_exact(&mut number) {
            Ok(()) => Ok(Some(u128::from_le_bytes(number))),
            // Runs are written whole, so this is the end.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                let _ = fs::remove_file(path);
                Ok(None)
            }
            Err(error) => Err(IndexError::disk(path)(error)),
        }
    }
}
