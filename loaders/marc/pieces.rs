//! Lines to pieces: what the syntaxes of lines share.
//!
//! A syntax says of each line whether a record begins with it, goes on with it, or ends before it. Every byte that is no
//! blank line is in exactly one piece, and a piece becomes one record or one quarantined item. What stands before the
//! first record is a piece of its own; a line that fits nothing stays with the record that it interrupts, which then
//! says so in an issue. A piece over 64 MiB is broken; no more of it than that is held.

use super::marc8;
use super::record::MarcRecord;
use graph_model::{Broken, IssueKind, Position};
use std::borrow::Cow;
use std::io::BufRead;

const LONGEST: usize = 64 << 20;
/// So much of a line tells what it is.
const HEAD: usize = 64;

/// What a line is to the record before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// A record begins with it.
    Begins,
    /// It is of the record before it.
    GoesOn,
    /// It parts records and belongs to none.
    Parts,
    /// It stands between the lines of a record and says nothing.
    Blank,
}

/// What was met and what was expected.
pub(super) type Refusal = (String, &'static str);

/// A syntax in lines.
pub(super) trait Syntax {
    /// What the first bytes of a line tell; `open` says whether a record stands before it.
    fn line(&mut self, head: &[u8], open: bool) -> Line;
    /// Reads the lines of one piece into the record.
    fn parse(&self, piece: &[u8], record: &mut MarcRecord) -> Result<(), Refusal>;
    /// The name of a piece that is broken, where it can be told.
    fn id(&self, piece: &[u8]) -> Option<String>;
}

/// The records of an input, one after another.
pub(super) struct Records<'a, S> {
    input: Box<dyn BufRead + 'a>,
    syntax: S,
    /// The line read last, which begins the next piece.
    line: Vec<u8>,
    waiting: bool,
    /// Where the next line begins.
    next: Position,
    /// Where the line read last began.
    at: Position,
    count: u64,
    fault: Option<String>,
    over: bool,
}

impl<'a, S: Syntax> Records<'a, S> {
    pub(super) fn new(input: Box<dyn BufRead + 'a>, syntax: S) -> Self {
        let next = Position { record: 0, byte: 0, line: Some(1) };
        Self {
            input: super::encoding::utf8(input),
            syntax,
            line: Vec::new(),
            waiting: false,
            next,
            at: next,
            count: 0,
            fault: None,
            over: false,
        }
    }

    /// Reads one line with its end; false at the end of the input. The line keeps [`LONGEST`] bytes and one more.
    fn read_line(&mut self) -> bool {
        self.line.clear();
        self.at = self.next;
        let mut length = 0_u64;
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.fault = Some(format!("the input could not be read on: {error}"));
                    break;
                }
            };
            let (used, done) = match memchr::memchr(b'\n', available) {
                Some(at) => (at + 1, true),
                None => (available.len(), available.is_empty()),
            };
            let room = (LONGEST + 1).saturating_sub(self.line.len()).min(used);
            self.line.extend_from_slice(&available[..room]);
            self.input.consume(used);
            length += used as u64;
            if done {
                break;
            }
        }
        self.next.byte += length;
        self.next.line = self.next.line.map(|line| line + 1);
        if self.at.byte == 0 && self.line.starts_with(b"\xEF\xBB\xBF") {
            self.line.drain(..3);
            self.at.byte = 3;
        }
        length > 0
    }

    /// Reads the lines of the next piece; `None` at the end.
    fn cut(&mut self) -> Option<(Position, Vec<u8>)> {
        let mut piece = Vec::with_capacity(4096);
        let mut position = self.at;
        loop {
            if !self.waiting && !self.read_line() {
                break;
            }
            self.waiting = false;
            let open = !piece.is_empty();
            let kind = match self.line.trim_ascii() {
                [] | [0x1A] => self.syntax.line(b"", open),
                _ => self.syntax.line(&self.line[..self.line.len().min(HEAD)], open),
            };
            match kind {
                // A blank line inside of a record stays in its piece, lest a broken one be kept with a gap.
                Line::Blank if !open => continue,
                Line::Parts if open => break,
                Line::Parts => continue,
                Line::Begins if open => {
                    self.waiting = true;
                    break;
                }
                Line::Begins | Line::GoesOn | Line::Blank => {}
            }
            if !open {
                position = self.at;
            }
            let room = (LONGEST + 1).saturating_sub(piece.len()).min(self.line.len());
            piece.extend_from_slice(&self.line[..room]);
            if self.fault.is_some() {
                break;
            }
        }
        (!piece.is_empty()).then_some((position, piece))
    }

    fn broken(&self, position: Position, piece: &[u8], met: String, expected: &'static str) -> Broken {
        let raw = piece[..piece.len().min(Broken::RAW_LIMIT)].to_vec();
        Broken { position, id: self.syntax.id(piece), met, expected: Cow::Borrowed(expected), raw }
    }
}

impl<S: Syntax> Iterator for Records<'_, S> {
    type Item = Result<MarcRecord, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let cut = self.cut();
        if let Some(fault) = self.fault.take() {
            self.over = true;
            self.count += 1;
            let (position, piece) = cut.unwrap_or((self.at, Vec::new()));
            let position = Position { record: self.count, ..position };
            return Some(Err(self.broken(position, &piece, fault, "a readable input")));
        }
        let Some((position, piece)) = cut else {
            self.over = true;
            let empty = Position { record: 0, byte: 0, line: Some(1) };
            let met = "an empty input".to_owned();
            let broken = || self.broken(empty, &[], met, "at least one MARC record");
            return (self.count == 0).then(broken).map(Err);
        };
        self.count += 1;
        let position = Position { record: self.count, ..position };
        if piece.len() > LONGEST {
            let met = "a record longer than 64 MiB".to_owned();
            return Some(Err(self.broken(position, &piece, met, "a new record within 64 MiB")));
        }
        let mut record = MarcRecord { position, leader: [b' '; 24], ..MarcRecord::default() };
        record.text.reserve(piece.len());
        Some(match self.syntax.parse(&piece, &mut record) {
            Ok(()) => {
                record.drop_sorting_marks();
                Ok(record)
            }
            Err((met, expected)) => Err(self.broken(position, &piece, met, expected)),
        })
    }
}

/// The lines of a piece without their ends and without those that are blank.
pub(super) fn lines(piece: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = piece.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.trim_ascii().is_empty())
}

/// Takes the leader from what a line says; `blank` is the character that stands for a space.
pub(super) fn leader(record: &mut MarcRecord, text: &[u8], blank: u8) {
    for (place, byte) in record.leader.iter_mut().zip(text) {
        *place = if *byte == blank || !(0x20..0x7F).contains(byte) { b' ' } else { *byte };
    }
    // The positions that matter end at 19; spaces at the end are easily lost.
    if text.len() < 20 {
        let met = String::from_utf8_lossy(text).into_owned();
        record.odd(IssueKind::BadStructure, "leader", met, "a leader of 24 characters");
    }
}

/// Adds a value to the buffer: UTF-8 as it is, MARC-8 where the leader says so, else with U+FFFD and an issue.
pub(super) fn push(record: &mut MarcRecord, path: &str, bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        record.text.push_str(text);
    } else if record.leader(9) == 'a' {
        record.text.push_str(&String::from_utf8_lossy(bytes));
        record.odd(IssueKind::BadEncoding, path, "bytes that are not UTF-8", "UTF-8, as leader/09 says");
    } else if let Some(unread) = marc8::decode(bytes, &mut record.text) {
        record.odd(IssueKind::BadEncoding, path, unread, "bytes of UTF-8 or of a MARC-8 character set");
    }
}

/// Adds a line that is no field to the text before it, as a line that was broken in two; a blank joins them.
pub(super) fn go_on(record: &mut MarcRecord, line: &[u8], expected: &'static str) -> Result<(), Refusal> {
    let met = String::from_utf8_lossy(line).into_owned();
    let Some(field) = record.fields.last().copied() else {
        return Err((
            format!("a line that is no field: {}", met.chars().take(80).collect::<String>()),
            expected,
        ));
    };
    let path = String::from_utf8_lossy(&field.tag).into_owned();
    record.text.push(' ');
    push(record, &path, line.trim_ascii_start());
    let end = record.text.len() as u32;
    match record.subfields.last_mut() {
        Some(last) if field.subfields.1 > field.subfields.0 => last.text.1 = end,
        _ => {
            if let Some(field) = record.fields.last_mut() {
                field.value = (if field.value == (0, 0) { end } else { field.value.0 }, end);
            }
        }
    }
    record.odd(IssueKind::BadStructure, &path, met, expected);
    Ok(())
}

/// A field's subfields: each begins with `mark`, a code, and `gap` bytes before its text.
pub(super) fn subfields(
    record: &mut MarcRecord,
    path: &str,
    bytes: &[u8],
    mark: &[u8],
    mut text: impl FnMut(&mut MarcRecord, &[u8]),
) {
    let mut rest = bytes;
    let first = memchr::memmem::find(rest, mark).unwrap_or(rest.len());
    if !rest[..first].trim_ascii().is_empty() {
        let met = String::from_utf8_lossy(&rest[..first]).into_owned();
        record.odd(IssueKind::BadStructure, path, met, "a subfield code before the text");
        let start = record.text.len();
        text(record, &rest[..first]);
        record.push_subfield(b'a', start, record.text.len());
    }
    while let Some(at) = memchr::memmem::find(rest, mark) {
        let after = &rest[at + mark.len()..];
        let end = memchr::memmem::find(after, mark).unwrap_or(after.len());
        match after[..end].split_first() {
            Some((code, value)) if code.is_ascii_graphic() => {
                let start = record.text.len();
                text(record, value);
                record.push_subfield(*code, start, record.text.len());
            }
            _ => {
                let met = String::from_utf8_lossy(&after[..end]).into_owned();
                record.odd(IssueKind::BadStructure, path, met, "a code of one letter or digit");
                // A sign of money that nobody escaped: the text goes on.
                let marked = [mark, &after[..end]].concat();
                let begun = record.fields.last().is_some_and(|field| field.subfields.1 > field.subfields.0);
                let start = record.text.len();
                text(record, &marked);
                let end = record.text.len() as u32;
                match record.subfields.last_mut() {
                    Some(last) if begun => last.text.1 = end,
                    _ => record.push_subfield(b'a', start, end as usize),
                }
            }
        }
        rest = &after[end..];
    }
}
