//! The IRIs of the entries in order, each written as what differs from the one before; every sixteenth in full.

use super::error::AuthorityError;
use graph_index::files::{Column, Folder, Output, OwnedBytes};
use graph_index::varint;
use std::path::Path;

pub(super) const IRIS: &str = "iris";
pub(super) const BLOCKS: &str = "iris.blocks";
/// How many IRIs a block has.
const BLOCK: u32 = 16;

/// IRIs in mapped files.
#[derive(Debug, Clone)]
pub(super) struct Iris {
    bytes: OwnedBytes,
    blocks: Column<u64>,
}

impl Iris {
    pub(super) fn open(folder: &Folder) -> Result<Self, AuthorityError> {
        Ok(Self { bytes: folder.bytes(IRIS)?, blocks: folder.column(BLOCKS)? })
    }

    /// The IRI with a number; empty when there is none or the file is damaged.
    pub(super) fn get(&self, number: u32) -> String {
        self.read(number).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn read(&self, number: u32) -> Option<Vec<u8>> {
        let start = usize::try_from(*self.blocks.get((number / BLOCK) as usize)?).ok()?;
        let mut rest = self.bytes.get(start..)?;
        let mut iri = Vec::with_capacity(64);
        for _ in 0..=number % BLOCK {
            let (shared, behind) = varint::read(rest)?;
            let (length, behind) = varint::read(behind)?;
            let (differs, behind) = behind.split_at_checked(usize::try_from(length).ok()?)?;
            iri.truncate(usize::try_from(shared).ok()?);
            iri.extend_from_slice(differs);
            rest = behind;
        }
        Some(iri)
    }
}

/// Takes IRIs in order.
#[derive(Debug)]
pub(super) struct IrisWriter {
    bytes: Output,
    blocks: Output,
    last: Vec<u8>,
    count: u32,
}

impl IrisWriter {
    pub(super) fn create(folder: &Path) -> Result<Self, AuthorityError> {
        let (bytes, blocks) = (Output::create(folder, IRIS)?, Output::create(folder, BLOCKS)?);
        Ok(Self { bytes, blocks, last: Vec::new(), count: 0 })
    }

    pub(super) fn push(&mut self, iri: &str) -> Result<(), AuthorityError> {
        if self.count.is_multiple_of(BLOCK) {
            self.blocks.u64(self.bytes.len())?;
            self.last.clear();
        }
        self.count += 1;
        let iri = iri.as_bytes();
        let shared = self.last.iter().zip(iri).take_while(|(a, b)| a == b).count();
        let mut head = Vec::with_capacity(8);
        varint::write(shared as u64, &mut head);
        varint::write((iri.len() - shared) as u64, &mut head);
        self.bytes.write(&head)?;
        self.bytes.write(&iri[shared..])?;
        self.last.truncate(shared);
        self.last.extend_from_slice(&iri[shared..]);
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), AuthorityError> {
        self.bytes.finish()?;
        Ok(self.blocks.finish()?)
    }
}
