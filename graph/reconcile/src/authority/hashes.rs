//! Numbers found by a hash: which entries have a key, which tokens a spelling.
//!
//! The values stand in the order of their hashes. The highest bits of a hash choose a bucket in a directory, the next 32
//! are compared. Two different texts are taken for one with a chance of about 10⁻⁹ a look-up; whoever needs certainty
//! compares the texts themselves.

use super::error::AuthorityError;
use graph_index::files::{Column, Folder, Output, Sorter};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

/// About how many values a bucket has.
const BUCKET: u64 = 4;

/// The hash of a text.
pub(super) fn hash(text: &[u8]) -> u64 {
    xxh3_64(text)
}

/// Values in mapped files.
#[derive(Debug, Clone)]
pub(super) struct Hashes {
    /// Where each bucket ends.
    ends: Column<u32>,
    tails: Column<u32>,
    values: Column<u32>,
    bits: u32,
}

impl Hashes {
    pub(super) fn open(folder: &Folder, names: [&str; 3]) -> Result<Self, AuthorityError> {
        let hashes = Self {
            ends: folder.column(names[0])?,
            tails: folder.column(names[1])?,
            values: folder.column(names[2])?,
            bits: 0,
        };
        let (buckets, all) = (hashes.ends.len(), hashes.values.len());
        let damaged = |name: &str, reason: String| Err(AuthorityError::damaged(&folder.path(name), reason));
        if hashes.tails.len() != all {
            return damaged(names[1], format!("{} entries where {all} are expected", hashes.tails.len()));
        }
        if !buckets.is_power_of_two() || hashes.ends.last().map(|end| *end as usize) != Some(all) {
            return damaged(names[0], format!("{buckets} buckets that do not end at {all}"));
        }
        Ok(Self { bits: buckets.trailing_zeros(), ..hashes })
    }

    /// The values of a hash, in order.
    pub(super) fn get(&self, hash: u64) -> &[u32] {
        let bucket = bucket(hash, self.bits);
        let start =
            bucket.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let range = start as usize..self.ends.get(bucket).copied().unwrap_or_default() as usize;
        let (Some(tails), tail) = (self.tails.get(range.clone()), tail(hash, self.bits)) else { return &[] };
        let first = tails.iter().position(|met| *met == tail).unwrap_or(tails.len());
        let count = tails.iter().skip(first).take_while(|met| **met == tail).count();
        let start = range.start + first;
        self.values.get(start..start + count).unwrap_or_default()
    }
}

fn bucket(hash: u64, bits: u32) -> usize {
    hash.checked_shr(64 - bits).unwrap_or_default() as usize
}

fn tail(hash: u64, bits: u32) -> u32 {
    ((hash << bits) >> 32) as u32
}

/// Takes values with their hashes, in any order.
#[derive(Debug)]
pub(super) struct HashesWriter {
    sorter: Sorter,
    count: u64,
}

/// Values of a hash, as they are given while the files are written.
pub(super) type Group<'g> = (u64, &'g mut Vec<u32>);

impl HashesWriter {
    pub(super) fn new(scratch: &Path, name: &'static str, memory: usize) -> Self {
        Self { sorter: Sorter::new(scratch, name, memory), count: 0 }
    }

    pub(super) fn push(&mut self, hash: u64, value: u32) -> Result<(), AuthorityError> {
        self.count += 1;
        Ok(self.sorter.push(u128::from(hash) << 64 | u128::from(value))?)
    }

    /// Writes the files. `see` is shown the distinct values of each hash, in order, and may change them.
    pub(super) fn write(
        self,
        folder: &Path,
        names: [&str; 3],
        mut see: impl FnMut(Group<'_>) -> Result<(), AuthorityError>,
    ) -> Result<(), AuthorityError> {
        if self.count >= u64::from(u32::MAX) {
            return Err(AuthorityError::TooMuch(format!("{} keys are too many for one index", self.count)));
        }
        let buckets = (self.count / BUCKET).next_power_of_two().clamp(1, 1 << 26);
        let bits = buckets.trailing_zeros();
        let mut sorted = self.sorter.finish()?;
        let [mut ends, mut tails, mut values] = [
            Output::create(folder, names[0])?,
            Output::create(folder, names[1])?,
            Output::create(folder, names[2])?,
        ];
        let (mut at, mut open, mut group) = (0_u32, 0_usize, Vec::new());
        let mut next = sorted.pull()?;
        while let Some(first) = next {
            let hash = (first >> 64) as u64;
            group.clear();
            while let Some(number) = next.filter(|number| (number >> 64) as u64 == hash) {
                let value = number as u32;
                if group.last() != Some(&value) {
                    group.push(value);
                }
                next = sorted.pull()?;
            }
            see((hash, &mut group))?;
            while open < bucket(hash, bits) {
                ends.u32(at)?;
                open += 1;
            }
            for value in &group {
                tails.u32(tail(hash, bits))?;
                values.u32(*value)?;
            }
            at += group.len() as u32;
        }
        for _ in open..buckets as usize {
            ends.u32(at)?;
        }
        for file in [ends, tails, values] {
            file.finish()?;
        }
        Ok(())
    }
}
