//! Tables of words that stand in the program, to be looked words up in.
//!
//! The keys are known and few, so nobody can flood such a table; the standard library's guarded hash would cost more than
//! all the rest of a look-up.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A table of words.
pub(crate) type WordMap<V> = HashMap<&'static str, V, BuildHasherDefault<Quick>>;

/// FNV-1a, 64 bits: a few instructions a byte and none besides, which is what short words want.
#[derive(Debug)]
pub(crate) struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
    }
}
