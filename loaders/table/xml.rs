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
                && self.path.iter().rev().zip(steps.iter().rev()).all(|(name, step)| step == "*" || step == name)
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
            self.reader.mark();
            match self.reader.next() {
                Ok(Event::Start(start)) => {
                    let depth = start.depth();
                    let begin = Position { record: self.count + 1, byte: start.byte(), line: Some(start.line()) };
                    self.path.truncate(depth);
                    self.path.push(start.name().to_owned());
                    if !self.is_record() {
                        continue;
                    }
                    if self.path.last().is_some_and(|name| self.records.except.contains(name)) {
                        if let Err(error) = self.reader.skip_element() {
                            return Some(Err(self.broken(error, begin)));
                        }
                        continue;
                    }
                    self.depth = depth;
                    let written = self.reader.written();
                    if self.name.as_deref() != Some(written) {
                        self.name = Some(written.to_owned());
                    }
                    self.count += 1;
                    return Some(match self.reader.element() {
                        Ok(element) => {
                            let oddities = element
                                .notes()
                                .iter()
                                .map(|note| {
                                    let (met, expected) = note.words();
                                    Oddity::Other(met, expected)
                                })
                                .collect();
                            Ok(Row { position: begin, cells: Cells::Element(element), oddities, first: false })
                        }
                        Err(error) => Err(self.broken(error, begin)),
                    });
                }
                Ok(Event::Eof) => {
                    self.done = true;
                    if self.count == 0 {
                        return Some(Err(self.nothing()));
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    let begin = Position { record: 0, byte: error.byte, line: Some(error.line) };
                    return Some(Err(self.broken(error, begin)));
                }
            }
        }
        None
    }
}
