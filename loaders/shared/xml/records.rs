//! A stream cut into records, each an [`Element`].

use super::element::Element;
use super::fault::{FaultKind, XmlError};
use super::reader::{Event, Reader};
use super::source::Place;
use super::start::Start;
use graph_model::{Broken, Position};
use std::io::BufRead;

/// The namespace of OAI-PMH.
pub const OAI: &str = "http://www.openarchives.org/OAI/2.0/";

/// Cuts a stream of XML into the elements that `is_record` names. Records do not nest: the start of one
/// inside another is a fault of the outer one.
///
/// A fault inside a record gives one [`Broken`] with the text of the record (as UTF-8), and the reading goes
/// on at the next start tag that is written as that of the broken one. After a fault for which there is no
/// such tag, after a refused DOCTYPE and at the end of the input the iterator ends. Input without any element
/// gives one `Broken`.
pub fn records<'i>(input: Box<dyn BufRead + 'i>, is_record: fn(&Start<'_>) -> bool) -> Records<'i> {
    wrapped(input, is_record, |_| false)
}

/// As [`records`], with envelopes: an element that `is_wrapper` names is given whole, with the records in it. Wrappers do
/// not nest either.
pub fn wrapped<'i>(
    input: Box<dyn BufRead + 'i>,
    is_record: fn(&Start<'_>) -> bool,
    is_wrapper: fn(&Start<'_>) -> bool,
) -> Records<'i> {
    let (name, depth, count, done, deliveries) = (None, 0, 0, false, None);
    Records { reader: Reader::new(input), is_record, is_wrapper, name, depth, count, done, deliveries }
}

/// As [`records`], with what the envelopes of OAI-PMH around records tell ([`Element::delivery`]). The header of a record
/// that the repository deleted is given as a record that has nothing but this.
pub fn delivered<'i>(input: Box<dyn BufRead + 'i>, is_record: fn(&Start<'_>) -> bool) -> Records<'i> {
    Records { deliveries: Some(None), ..records(input, is_record) }
}

/// The iterator that [`records`] gives.
#[derive(Debug)]
pub struct Records<'i> {
    reader: Reader<'i>,
    is_record: fn(&Start<'_>) -> bool,
    is_wrapper: fn(&Start<'_>) -> bool,
    /// How the start tag of the last record was written, and how many elements were around it.
    name: Option<String>,
    depth: usize,
    count: u64,
    done: bool,
    /// Whether headers are read, and the one that waits for its record.
    deliveries: Option<Option<Box<(String, bool)>>>,
}

impl Iterator for Records<'_> {
    type Item = Result<Element, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_read(&mut |reader, nested| reader.grow(nested))?.map(|delivered| match delivered {
            Delivered::Record(mut element, number, delivery) => {
                element.number(number);
                element.deliver(delivery);
                element
            }
            Delivered::Deleted(header) => header,
        }))
    }
}

/// Reads a record whose start tag was the last event, up to its end; elements that are nested without being allowed to end it
/// with a fault.
pub(crate) type Read<'f, 'i, T> =
    dyn FnMut(&mut Reader<'i>, fn(&Start<'_>) -> bool) -> Result<T, XmlError> + 'f;

/// A record as [`Records::next_read`] gives it.
#[derive(Debug)]
pub(crate) enum Delivered<T> {
    /// What was read, its number, and what the header before it tells: the identifier and whether it was deleted.
    Record(T, u64, Option<Box<(String, bool)>>),
    /// The header of a deleted record.
    Deleted(Element),
}

impl<'i> Records<'i> {
    /// The next record, read by the caller.
    pub(crate) fn next_read<T>(
        &mut self,
        read: &mut Read<'_, 'i, T>,
    ) -> Option<Result<Delivered<T>, Broken>> {
        while !self.done {
            self.reader.mark();
            match self.reader.next() {
                Ok(Event::Start(start)) if (self.is_record)(&start) || (self.is_wrapper)(&start) => {
                    let nested = if (self.is_wrapper)(&start) { self.is_wrapper } else { self.is_record };
                    self.depth = start.depth();
                    let begin = Place { byte: start.byte(), line: start.line() };
                    self.remember_name();
                    self.count += 1;
                    return Some(match read(&mut self.reader, nested) {
                        Ok(met) => {
                            let delivery = self.deliveries.as_mut().and_then(Option::take);
                            Ok(Delivered::Record(met, self.count, delivery))
                        }
                        Err(error) => Err(self.broken(error, begin, self.count)),
                    });
                }
                Ok(Event::Start(start)) if self.deliveries.is_some() && is_header(&start) => {
                    let begin = Place { byte: start.byte(), line: start.line() };
                    let mut header = match self.reader.element() {
                        Ok(header) => header,
                        Err(error) => return Some(Err(self.broken(error, begin, 0))),
                    };
                    let identifier = header.root().child("identifier").map(|id| id.text().into_owned());
                    let deleted = header.root().attribute("status") == Some("deleted");
                    let delivery = identifier.filter(|id| !id.is_empty()).map(|id| Box::new((id, deleted)));
                    if deleted && delivery.is_some() {
                        self.count += 1;
                        header.number(self.count);
                        header.deliver(delivery);
                        return Some(Ok(Delivered::Deleted(header)));
                    }
                    self.deliveries = Some(delivery);
                }
                Ok(Event::Eof) => {
                    self.done = true;
                    if !self.reader.rooted() {
                        return Some(Err(no_xml()));
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    let begin = Place { byte: error.byte, line: error.line };
                    return Some(Err(self.broken(error, begin, 0)));
                }
            }
        }
        None
    }
}

/// Whether a start tag is that of the header of an envelope.
fn is_header(start: &Start<'_>) -> bool {
    start.name() == "header" && start.namespace() == OAI
}

impl Records<'_> {
    fn remember_name(&mut self) {
        let written = self.reader.written();
        if self.name.as_deref() != Some(written) {
            self.name = Some(written.to_owned());
        }
    }

    /// Makes the fault a broken record and goes on with the next one where there is one.
    fn broken(&mut self, error: XmlError, begin: Place, record: u64) -> Broken {
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
        // Where the record began is where it is looked for; the fault's own place goes into the words.
        let met = if error.byte == begin.byte {
            error.met
        } else {
            format!("{} at byte {}, line {}", error.met, error.byte, error.line)
        };
        let position = Position { record, byte: begin.byte, line: Some(begin.line) };
        Broken { position, id: None, met, expected: error.expected, raw }
    }
}

fn no_xml() -> Broken {
    Broken {
        position: Position { record: 0, byte: 0, line: Some(1) },
        id: None,
        met: "no XML element in the input".to_owned(),
        expected: "an XML document".into(),
        raw: Vec::new(),
    }
}
