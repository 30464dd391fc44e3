//! The terms of a generation, each by its rank.
//!
//! The dictionary is the sorted list of the terms' keys (`order.rs`), cut into blocks of sixteen: the first key of a
//! block is whole, the others tell how much they share with the one before. A term is found by its number in one step,
//! and its number by a binary search over the blocks' first keys.

mod around;
mod kind;
mod number;
mod order;
mod read;
mod value;
mod write;

pub use around::Around;
pub use kind::Kind;
pub(crate) use order::write_key;
pub use read::{Reader, Terms};
pub use value::time_datatypes;
pub(crate) use write::{DictionaryWriter, shared};

/// A term of the index: its rank in the order of `ORDER BY`, so that comparing two is comparing numbers.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TermId(pub u32);

/// How many terms a block of the dictionary has.
pub(crate) const BLOCK: u32 = 16;
/// The keys, front-coded.
pub(crate) const KEYS: &str = "terms.keys";
/// Where each block begins in the keys, and behind the last where they end: u64.
pub(crate) const BLOCKS: &str = "terms.blocks";
/// The first id of each kind, and behind the last the number of terms; then for each kind 1 if it has moments without
/// a time zone, 2 if with, 3 if both: u32.
pub(crate) const KINDS: &str = "terms.kinds";
