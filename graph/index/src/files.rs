//! The files that an index is made of, for other indexes of the same kind.
//!
//! A file is written once, with a footer that says how long it is and what its digest is, and mapped from then on.
//! What has to be sorted before it is written, is sorted in bounded memory. [`Index`](crate::Index) is made of these; so
//! are the indexes of authority files.

pub use crate::build::{Records, Sorted, SortedRecords, Sorter, Spool, Spooled};
pub use crate::ledger::{Ledger, read_ledger};
pub use crate::map::{Column, Folder, verify};
pub use crate::output::{Output, make_folder, remove_folder, sync_folder, write_plain};
pub use tantivy::directory::OwnedBytes;
