//! XML: from bytes to records, one an element, found by its path.
//!
//! A record may hold elements of its own name. After a fault inside a record reading goes on at the next start tag that is
//! written as that of the broken one.

use super::mapping::Records;
use super::row::{Cells, Oddity, Row};
use crate::shared::xml::{Event, FaultKind, Reader, XmlError};
use graph_model::{Broken, Position};
use std::io::BufRead;

/// Cuts XML into records.
pub(super) struct Elements<'a> {
    records: &'a Records,
    reader: Reader<'a>,
    /// Local names of the open elements.
    path: Vec<String>,
    /// How the start tag of the last record was written, and how many elements were around it.
    name: Option<String>,
    depth: usize,
    count: u64,
    /// Where the last start tag stands.
    begin: Position,
    /// A start tag that was read and not looked at yet.
    waiting: Option<Position>,
    done: bool,
}

impl<'a> Elements<'a> {
    pub(super) fn new(records: &'a Records, input: Box<dyn BufRead + 'a>) -> Self {
        Self {
            records,
            reader: Reader::new(input),
            path: Vec::new(),
            name: None,
            depth: 0,
            count: 0,
            begin: Position::default(),
            waiting: None,
            done: false,
        }
    }

    /// Whether the innermost open element is where records are. Unless the mapping tells a path, they are the children of
    /// the outermost element.
    fn is_record(&self) -> bool {
        if self.records.at.is_empty() {
            return self.path.len() == 2;
        }
        self.records.at.iter().any(|steps| {
            self.path.len() >= steps.len()
                && self
                    .path
                    .iter()
                    .rev()
                    .zip(steps.iter().rev())
                    .all(|(name, step)| step == "*" || step == name)
        })
    }

    fn broken(&mut self, error: XmlError, begin: Position) -> Broken {
        let lost = matches!(error.kind, FaultKind::Refused | FaultKind::Io);
        let raw = match &self.name {
            Some(name) if !lost => {
                let (raw, found) = self.reader.resynchronise(name, self.depth);
                self.done = !found;
                raw
            }
            _ => {
                self.done = true;
                self.reader.take_marked()
            }
        };
        let met = if error.byte == begin.byte {
            error.met
        } else {
            format!("{} at byte {}, line {}", error.met, error.byte, error.line)
        };
        Broken { position: begin, id: None, met, expected: error.expected, raw }
    }

    /// Another document than the mapping was written for.
    fn nothing(&self) -> Broken {
        let paths: Vec<String> = self.records.at.iter().map(|path| path.join("/")).collect();
        let met = match self.path.first() {
            Some(root) => format!("a document <{root}> without records"),
            None => "no XML element in the input".to_owned(),
        };
        let expected = if paths.is_empty() {
            "an outermost element with a record a child".to_owned()
        } else {
            format!("records at '{}', as [records] says", paths.join("', '"))
        };
        let position = Position { record: 0, byte: 0, line: Some(1) };
        Broken { position, id: None, met, expected: expected.into(), raw: Vec::new() }
    }
}

impl Iterator for Elements<'_> {
    type Item = Result<Row, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            // The start of a record that was met while looking for what stands beside the one before.
            if let Some(begin) = self.waiting.take() {
                if let Some(record) = self.record(begin) {
                    return Some(record);
                }
                continue;
            }
            match self.step() {
                Ok(Step::Start) => {
                    let begin = self.begin;
                    if let Some(record) = self.record(begin) {
                        return Some(record);
                    }
                }
                Ok(Step::Other) => {}
                Ok(Step::Eof) => {
                    self.done = true;
                    if self.count == 0 {
                        return Some(Err(self.nothing()));
                    }
                }
                Err(error) => {
                    let begin = Position { record: 0, byte: error.byte, line: Some(error.line) };
                    return Some(Err(self.broken(error, begin)));
                }
            }
        }
        None
    }
}

/// What an event of the reader is to the cutter.
enum Step {
    Start,
    Other,
    Eof,
}

impl Elements<'_> {
    /// The next event; of a start tag the path and the place are kept.
    fn step(&mut self) -> Result<Step, XmlError> {
        self.reader.mark();
        Ok(match self.reader.next()? {
            Event::Start(start) => {
                self.begin = Position { record: 0, byte: start.byte(), line: Some(start.line()) };
                self.path.truncate(start.depth());
                self.path.push(start.name().to_owned());
                Step::Start
            }
            Event::Eof => Step::Eof,
            _ => Step::Other,
        })
    }

    /// The record whose start tag was met, unless it is none.
    fn record(&mut self, begin: Position) -> Option<Result<Row, Broken>> {
        if !self.is_record() {
            return None;
        }
        let position = Position { record: self.count + 1, ..begin };
        let name = self.path.last()?;
        if self.records.except.contains(name) || self.records.beside.contains(name) {
            return match self.reader.skip_element() {
                Ok(()) => None,
                Err(error) => Some(Err(self.broken(error, position))),
            };
        }
        self.depth = self.path.len() - 1;
        let written = self.reader.written();
        if self.name.as_deref() != Some(written) {
            self.name = Some(written.to_owned());
        }
        self.count += 1;
        let element = match self.reader.element() {
            Ok(element) => element,
            Err(error) => return Some(Err(self.broken(error, position))),
        };
        let mut beside = Vec::new();
        let mut oddities = Vec::new();
        while !self.records.beside.is_empty() {
            match self.step() {
                Ok(Step::Start) if self.path.len() == self.depth + 1 => {
                    let belongs = self.path.last().is_some_and(|name| self.records.beside.contains(name));
                    if !belongs {
                        self.waiting = Some(self.begin);
                        break;
                    }
                    match self.reader.element() {
                        Ok(element) => beside.push(element),
                        Err(error) => {
                            // The record itself is whole; what follows it is read on from there.
                            oddities
                                .push(Oddity::Other(error.met.clone(), "well-formed XML beside the record"));
                            self.broken(error, position);
                            break;
                        }
                    }
                }
                Ok(Step::Start) => {
                    self.waiting = Some(self.begin);
                    break;
                }
                Ok(Step::Other) if self.reader.depth() >= self.depth => {}
                Ok(_) => break,
                Err(error) => {
                    oddities.push(Oddity::Other(error.met.clone(), "well-formed XML after the record"));
                    self.broken(error, position);
                    break;
                }
            }
        }
        oddities.extend(element.notes().iter().map(|note| {
            let (met, expected) = note.words();
            Oddity::Other(met, expected)
        }));
        Some(Ok(Row {
            position,
            cells: Cells::Element(element, beside),
            oddities,
            first: false,
            more: Vec::new(),
        }))
    }
}
