//! A hash for tables of words that the program itself comes with: nobody outside chooses what stands in them, so that it need
//! not withstand anybody, and a word is looked up for each word of each name.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A table that is looked up by [`Quick`].
pub(crate) type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// Eight bytes at a time, multiplied and turned.
#[derive(Debug, Default)]
pub(crate) struct Quick(u64);

impl Quick {
    fn take(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(26) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.take(chunk.try_into().map_or(0, u64::from_le_bytes));
        }
        let rest = chunks.remainder().iter().rev().fold(0, |rest, byte| rest << 8 | u64::from(*byte));
        self.take(rest);
    }

    fn write_u8(&mut self, number: u8) {
        self.take(number.into());
    }

    fn finish(&self) -> u64 {
        // Tables look at the last bits as well as at the first.
        self.0 ^ self.0 >> 32
    }
}
