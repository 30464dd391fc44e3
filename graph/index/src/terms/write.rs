//! The dictionary, written.

use super::kind::Kind;
use super::{BLOCK, BLOCKS, KEYS, KINDS};
use crate::error::IndexError;
use crate::output::Output;
use crate::varint;
use std::path::Path;

/// Takes keys in rising order.
pub(crate) struct DictionaryWriter {
    keys: Output,
    blocks: Output,
    kinds: Output,
    starts: [u32; 19],
    zones: [u32; 18],
    terms: u32,
    last: Vec<u8>,
    entry: Vec<u8>,
}

impl DictionaryWriter {
    pub(crate) fn create(folder: &Path) -> Result<Self, IndexError> {
        Ok(Self {
            keys: Output::create(folder, KEYS)?,
            blocks: Output::create(folder, BLOCKS)?,
            kinds: Output::create(folder, KINDS)?,
            starts: [0; 19],
            zones: [0; 18],
            terms: 0,
            last: Vec::new(),
            entry: Vec::new(),
        })
    }

    /// Adds a key that is above all before it, and tells its id.
    pub(crate) fn push(&mut self, key: &[u8]) -> Result<u32, IndexError> {
        debug_assert!(self.terms == 0 || self.last.as_slice() < key);
        if self.terms == IndexError::MOST_TERMS {
            return Err(IndexError::TooMany { terms: u64::from(self.terms) + 1 });
        }
        self.entry.clear();
        let shared = if self.terms.is_multiple_of(BLOCK) {
            self.blocks.u64(self.keys.len())?;
            0
        } else {
            let shared = shared(&self.last, key);
            varint::write(shared as u64, &mut self.entry);
            shared
        };
        varint::write((key.len() - shared) as u64, &mut self.entry);
        self.entry.extend_from_slice(&key[shared..]);
        self.keys.write(&self.entry)?;
        self.last.truncate(shared);
        self.last.extend_from_slice(&key[shared..]);
        if let Some(kind) = key.first().copied().and_then(Kind::of_byte) {
            self.starts[kind.index() + 1] = self.terms + 1;
            if kind.is_moment() {
                self.zones[kind.index()] |= 1 << u32::from(key.get(17) == Some(&1));
            }
        }
        self.terms += 1;
        Ok(self.terms - 1)
    }

    /// Ends the files, and tells how many terms there are.
    pub(crate) fn finish(mut self) -> Result<u32, IndexError> {
        self.blocks.u64(self.keys.len())?;
        let mut end = 0;
        for start in &mut self.starts {
            end = end.max(*start);
            *start = end;
        }
        for number in self.starts.iter().chain(&self.zones) {
            self.kinds.u32(*number)?;
        }
        self.keys.finish()?;
        self.blocks.finish()?;
        self.kinds.finish()?;
        Ok(self.terms)
    }
}

/// How many bytes two keys begin with alike.
pub(crate) fn shared(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}
