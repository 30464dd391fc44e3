//! The one trait that a format implements.

use crate::description::Description;
use std::borrow::Cow;
use std::io::BufRead;
use thiserror::Error;

/// Where in the input a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// The number of the record in its input, from 1; 0 when no record was begun.
    pub record: u64,
    /// Offset in bytes of the record's (or the fault's) first byte.
    pub byte: u64,
    /// The line, from 1, for formats that have lines.
    pub line: Option<u64>,
}

/// A piece of input that could not become a record. It goes to quarantine, with its bytes; the rest goes on,
/// unless the iterator that gave it ends here.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{met}; expected {expected}")]
pub struct Broken {
    /// Where it stands.
    pub position: Position,
    /// The record's identifier, where one could be read.
    pub id: Option<String>,
    /// What was met, in words.
    pub met: String,
    /// What was expected, in words.
    pub expected: Cow<'static, str>,
    /// The bytes themselves, at most [`Broken::RAW_LIMIT`].
    pub raw: Vec<u8>,
}

impl Broken {
    /// How many bytes of a broken record are kept.
    pub const RAW_LIMIT: usize = 1 << 20;
}

/// A format knows how to cut bytes into records and how to describe one, and nothing else.
pub trait Format: Sync {
    /// One record, owned, ready to be sent to another thread. It holds no RDF.
    type Record: Send;

    /// The identifier that `--format` takes, e.g. `marcxml`.
    const ID: &'static str;

    /// Cuts the input into records, one after another, without holding more than one.
    /// Every piece of input is in exactly one item. After an `Err` the iterator goes on with the next record
    /// where the format allows to find it, and ends otherwise.
    fn records<'a>(
        &'a self,
        input: Box<dyn BufRead + 'a>,
    ) -> Box<dyn Iterator<Item = Result<Self::Record, Broken>> + 'a>;

    /// The owner's own identifier, or a name made from the record's content where the owner gave none
    /// (`describe` then says so in an issue); never a position in the file. `None` when there is nothing at all to identify it by:
    /// the record then goes to quarantine.
    fn identify<'r>(&self, record: &'r Self::Record) -> Option<Cow<'r, str>>;

    /// Where the record began.
    fn position(&self, record: &Self::Record) -> Position;

    /// Says all that the record says. It cannot fail: an oddity becomes an issue.
    fn describe(&self, record: &Self::Record, out: &mut Description<'_>);

    /// Visits every field of the record that holds text, in the order of the record. Owners' rules pick fields by their
    /// paths, and the report tells by them which fields of the source no statement was made from.
    fn fields<'r>(&self, record: &'r Self::Record, visit: &mut dyn FnMut(Field<'r>)) {
        let _ = (record, visit);
    }
}

/// One field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<'r> {
    /// The path as the standard names it, without positions: `245$a`; `titleSet/appellationValue`, the local names below
    /// the record's element, attributes as `@name`; a column's name.
    pub path: Cow<'r, str>,
    /// Its text, not empty.
    pub text: Cow<'r, str>,
    /// BCP 47 tag of its language, where the record tells it.
    pub language: Option<Cow<'r, str>>,
}
