//! The one trait that a format implements.

use crate::description::Description;
use std::borrow::Cow;
use std::fmt::Write as _;
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

/// What the envelope of a record tells: the header that OAI-PMH (2.0) puts around each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery<'r> {
    /// The identifier under which the repository delivers the record; it need not be the record's own.
    pub identifier: Cow<'r, str>,
    /// Whether the repository says that the record is gone.
    pub deleted: bool,
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

    /// How the record was delivered, where an envelope of OAI-PMH is around it. A record that its owner deleted has nothing
    /// but this.
    fn delivery<'r>(&self, record: &'r Self::Record) -> Option<Delivery<'r>> {
        let _ = record;
        None
    }

    /// Says all that the record says. It cannot fail: an oddity becomes an issue.
    fn describe(&self, record: &Self::Record, out: &mut Description<'_>);

    /// Visits every field of the record that holds text, in the order of the record. Owners' rules pick fields by their
    /// paths, and the report tells by them which fields of the source no statement was made from. What the owner marked
    /// as not for the public is not visited.
    fn fields(&self, record: &Self::Record, visit: &mut Visit<'_>);
}

/// Takes the fields of a record, one after another.
pub type Visit<'v> = dyn FnMut(&Field<'_>) + 'v;

/// One field of a record, as long as it is visited.
///
/// A path is made of steps: `650$a` of two, the tag and the code; `titleSet/appellationValue` of the names of elements
/// and `@` with the name of an attribute; `birth.place` of the members of objects of JSON. The name of a column of a
/// table is one step, whatever letters it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'f> {
    /// The path as the standard names it, without positions: `245$a`, `001`, `LDR`, `650/@ind2`; the local names below
    /// the record's element joined with `/`, attributes as `@name`; a column's name.
    pub path: &'f str,
    /// Its text, not empty.
    pub text: &'f str,
    /// BCP 47 tag of its language, where the record tells it.
    pub language: Option<&'f str>,
    /// For each step of the path, the how-manieth of its name it is where it stands, from 1. Two fields whose paths and
    /// numbers begin alike stand in the same thing.
    pub occurrences: &'f [u32],
    /// Whether its text is a part of that of a field around it, as in `<p>a <b>word</b></p>`.
    pub inline: bool,
}

impl<'f> Field<'f> {
    /// The steps of the path, as many as there are occurrences.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &'f str> + Clone + use<'f> {
        let path = self.path;
        let count = self.occurrences.len();
        // A name with a separator of its own, such as a column's, is one step.
        let parted = count > 1 && steps(path).count() == count;
        let (whole, pieces) = if parted { (None, path) } else { (Some(path), "") };
        whole.into_iter().chain(steps(pieces).filter(move |_| parted))
    }

    /// The path with its positions, as far as they are not the first: `650[2]$a`.
    pub fn positioned(&self, out: &mut String) {
        let mut rest = self.path;
        for (step, occurrence) in self.steps().zip(self.occurrences) {
            let at = rest.find(step).unwrap_or_default() + step.len();
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            if *occurrence > 1 {
                // Writing to a string cannot fail.
                let _ = write!(out, "[{occurrence}]");
            }
        }
        out.push_str(rest);
    }
}

/// The steps that a path as somebody wrote it has.
pub fn steps(path: &str) -> impl DoubleEndedIterator<Item = &str> + Clone {
    path.split(['/', '$', '.'])
}

/// A path without the positions in it, so that places of one kind are counted together: `a/b` of `a[2]/b`.
#[must_use]
pub fn without_positions(path: &str) -> Cow<'_, str> {
    let mut rest = path;
    let mut plain = String::new();
    while let Some(open) = rest.find('[') {
        let inner = &rest[open + 1..];
        match inner.find(']') {
            Some(close) if close > 0 && inner[..close].bytes().all(|b| b.is_ascii_digit()) => {
                plain.push_str(&rest[..open]);
                rest = &inner[close + 1..];
            }
            _ => {
                plain.push_str(&rest[..=open]);
                rest = inner;
            }
        }
    }
    if plain.is_empty() { Cow::Borrowed(rest) } else { Cow::Owned(plain + rest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_leave_and_other_brackets_stay() {
        assert_eq!(without_positions("lido:eventSet[2]/lido:eventDate[11]"), "lido:eventSet/lido:eventDate");
        assert_eq!(without_positions("245$a"), "245$a");
        assert_eq!(without_positions("a[@x]/b[1]"), "a[@x]/b");
        assert_eq!(without_positions("a[]b["), "a[]b[");
    }

    #[test]
    fn a_path_has_as_many_steps_as_occurrences() {
        let check = |path: &str, occurrences: &[u32], steps: &[&str], positioned: &str| {
            let field = Field { path, text: "x", language: None, occurrences, inline: false };
            assert_eq!(field.steps().collect::<Vec<_>>(), steps, "{path}");
            let mut met = String::new();
            field.positioned(&mut met);
            assert_eq!(met, positioned);
        };
        check("650$a", &[2, 1], &["650", "a"], "650[2]$a");
        check("LDR", &[1], &["LDR"], "LDR");
        check("a/b/@c", &[1, 3, 1], &["a", "b", "@c"], "a/b[3]/@c");
        check("birth.place", &[1, 1], &["birth", "place"], "birth.place");
        check("Nr. der Akte", &[1], &["Nr. der Akte"], "Nr. der Akte");
        check("a.b.c", &[1, 1], &["a.b.c"], "a.b.c");
    }
}
