//! What was read once and need not be read again.
//!
//! A finding aid names the same few people and dates again and again, and reading a name or a date is dear. What is kept
//! here is what reading would give once more, so nobody can tell whether it was kept.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use xxhash_rust::xxh3::Xxh3;

/// What was read, by a hash of all that the reading looked at.
#[derive(Debug)]
pub(super) struct Memo<T>(Mutex<HashMap<u128, T>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Memo<T> {
    /// How many are kept, which bounds the memory of a file that names millions.
    const MOST: usize = 4_096;

    /// What these parts were read as, or else what `read` gives. Two readings have one hash of 128 bits in no collection of
    /// this world.
    pub(super) fn get<'p>(&self, parts: impl Iterator<Item = &'p str>, read: impl FnOnce() -> T) -> T {
        let mut hasher = Xxh3::new();
        for part in parts {
            hasher.update(part.as_bytes());
            // It is in no UTF-8 text, so it parts the pieces without doubt.
            hasher.update(&[0xFF]);
        }
        let key = hasher.digest128();
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&key) {
            return known.clone();
        }
        let read = read();
        let mut kept = kept();
        if kept.len() < Self::MOST {
            kept.insert(key, read.clone());
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn the_same_is_read_once_while_there_is_room() {
        let (memo, times) = (Memo::default(), Cell::new(0));
        let read = |parts: &[&str]| {
            memo.get(parts.iter().copied(), || {
                times.set(times.get() + 1);
                parts.concat()
            })
        };
        assert_eq!([read(&["ab", "c"]), read(&["a", "bc"]), read(&["ab", "c"])], ["abc"; 3]);
        assert_eq!(times.get(), 2);
        for number in 0..2 * Memo::<String>::MOST {
            let number = number.to_string();
            assert_eq!(read(&[&number]), number);
        }
        let before = times.get();
        assert_eq!((read(&["0"]), times.get()), ("0".to_owned(), before));
        assert_eq!((read(&["8191"]), times.get()), ("8191".to_owned(), before + 1));
    }
}
