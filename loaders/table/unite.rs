//! Rows with one identifier made one record, where the mapping says `unite = true` under `[records]`.
//!
//! Registers write a monument that stands at several addresses as several rows that differ in their address. Only rows
//! beside one another are united, so that memory does not grow with the file; of each identifier a hash of eight bytes
//! is kept, by which a row that stands apart from its like is told.

use super::identifier;
use super::mapping::Mapping;
use super::row::{Oddity, Row};
use graph_model::Broken;
use std::collections::HashSet;
use xxhash_rust::xxh3::xxh3_64;

/// How many rows one record has at most.
const ROWS: usize = 10_000;

type Rows<'a> = Box<dyn Iterator<Item = Result<Row, Broken>> + 'a>;

/// Records of rows that stand beside one another.
pub(super) struct United<'a> {
    mapping: &'a Mapping,
    rows: Rows<'a>,
    /// The row that begins the next record, with its identifier, or what is broken there.
    next: Option<Result<(Row, Option<String>), Broken>>,
    seen: HashSet<u64>,
}

impl<'a> United<'a> {
    pub(super) fn new(mapping: &'a Mapping, rows: Rows<'a>) -> Self {
        Self { mapping, rows, next: None, seen: HashSet::new() }
    }

    #[expect(clippy::result_large_err, reason = "the trait says so, and broken records are rare")]
    fn read(&mut self) -> Option<Result<(Row, Option<String>), Broken>> {
        let mapping = self.mapping;
        let named = |row: Row| {
            let id = identifier(mapping, row.body(mapping), &row);
            (row, id)
        };
        self.next.take().or_else(|| self.rows.next().map(|row| row.map(named)))
    }
}

impl Iterator for United<'_> {
    type Item = Result<Row, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        let (mut row, id) = match self.read()? {
            Ok(begun) => begun,
            Err(broken) => return Some(Err(broken)),
        };
        let Some(id) = id else { return Some(Ok(row)) };
        if !self.seen.insert(xxh3_64(id.as_bytes())) {
            let met = format!("{id}, which rows further up have");
            row.oddities.push(Oddity::Other(met, "the rows of one record beside one another"));
        }
        while row.more.len() + 1 < ROWS {
            match self.read() {
                Some(Ok((more, Some(other)))) if other == id => row.more.push(more),
                next => {
                    self.next = next;
                    break;
                }
            }
        }
        Some(Ok(row))
    }
}
