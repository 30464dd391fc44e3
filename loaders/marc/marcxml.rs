//! MARCXML: the same record in XML, `http://www.loc.gov/MARC21/slim` version 1.1 and its habits in the wild.
//!
//! Elements are known by their local names, so any prefix and a missing namespace are fine, and so is any
//! wrapper: `collection`, OAI-PMH, an SRU answer, a library system's own, or none. Records are cut from the
//! stream by their tags (`<` stands nowhere else in well-formed XML but in comments and CDATA, which are
//! passed over), and each is then parsed alone: one that is not well-formed is broken and the next is read
//! all the same. A `record` inside a `record` is the MARC record of an OAI-PMH one. A document type
//! declaration that defines anything is refused, as its entities can grow without end.

use super::plain_xml;
use super::record::MarcRecord;
use crate::shared::oai;
use graph_model::{Broken, IssueKind, Position};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::io::{BufRead, Read as _};

const LONGEST: usize = 64 << 20;
/// How much is read at once. What is passed is moved out of the buffer, so it should not be much.
const PIECE: usize = 16 << 10;

/// Whether the first bytes look like XML with MARC in it.
pub(super) fn sniff(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    text.starts_with('<')
        && (text.contains("MARC21/slim")
            || (["datafield", "controlfield"].iter().any(|name| text.contains(name))
                && text.contains("tag=")))
}

/// The records of an input, one after another.
pub(super) struct Records<'a> {
    input: Box<dyn BufRead + 'a>,
    /// What was read and not yet passed; `byte` and `line` are of its first byte.
    buffer: Vec<u8>,
    /// How far the buffer was looked through.
    scanned: usize,
    byte: u64,
    line: u64,
    count: u64,
    /// The outermost element that is no record, until its end was seen.
    wrapper: Option<Vec<u8>>,
    at_end: bool,
    over: bool,
    fault: Option<String>,
    /// What the envelope around the record that is read tells.
    delivery: Option<Box<(String, bool)>>,
}

/// What stands at a `<`.
enum Markup {
    Start {
        name: Vec<u8>,
        empty: bool,
    },
    End {
        name: Vec<u8>,
    },
    Doctype,
    Other,
    /// The input ended inside it.
    Cut,
}

impl<'a> Records<'a> {
    pub(super) fn new(input: Box<dyn BufRead + 'a>) -> Self {
        Self {
            input: super::encoding::utf8(input),
            buffer: Vec::with_capacity(4 * PIECE),
            scanned: 0,
            byte: 0,
            line: 1,
            count: 0,
            wrapper: None,
            at_end: false,
            over: false,
            fault: None,
            delivery: None,
        }
    }

    /// Reads on; false at the end of the input.
    fn fill(&mut self) -> bool {
        if self.at_end {
            return false;
        }
        let before = self.buffer.len();
        match self.input.by_ref().take(PIECE as u64).read_to_end(&mut self.buffer) {
            Ok(0) => self.at_end = true,
            Ok(_) => {}
            Err(error) => {
                self.at_end = true;
                self.fault = Some(format!("the input could not be read on: {error}"));
            }
        }
        self.buffer.len() > before
    }

    /// Drops the buffer's first `length` bytes.
    fn pass(&mut self, length: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.buffer[..length]).count() as u64;
        self.byte += length as u64;
        self.buffer.drain(..length);
        self.scanned = self.scanned.saturating_sub(length);
    }

    /// The next `<` from where the buffer was not yet looked through.
    fn next_markup(&mut self) -> Option<usize> {
        loop {
            if let Some(at) = memchr::memchr(b'<', &self.buffer[self.scanned..]) {
                return Some(self.scanned + at);
            }
            self.scanned = self.buffer.len();
            if self.scanned > 2 * LONGEST {
                self.at_end = true;
                self.fault = Some(format!("more than {} bytes without a tag", 2 * LONGEST));
            }
            if !self.fill() {
                return None;
            }
        }
    }

    /// Within a record, goes on to near where it may end: a `<` with an exclamation or question mark, or before the word
    /// that names records. The tags of fields before it need not be looked at one by one.
    fn pass_fields(&mut self) {
        // As far back as the name of a tag that matters may begin.
        const BACK: usize = 64;
        const NAME: &[u8] = b"record";
        let mut from = self.scanned;
        while self.buffer.len() <= LONGEST {
            let rest = &self.buffer[from..];
            let name = memchr::memmem::find(rest, NAME).map(|at| from + at);
            let before = &rest[..name.map_or(rest.len(), |at| at - from)];
            let odd = memchr::memchr2_iter(b'!', b'?', before).map(|at| from + at);
            let mut odd = odd.filter(|&at| at > 0 && self.buffer[at - 1] == b'<');
            if let Some(at) = odd.next() {
                self.scanned = at - 1;
                return;
            }
            if let Some(at) = name {
                let back = at.saturating_sub(BACK).max(self.scanned);
                match memchr::memrchr(b'<', &self.buffer[back..at]) {
                    Some(tag) if self.matters(back + tag) => {
                        self.scanned = back + tag;
                        return;
                    }
                    // The word stands in a text, or in the name of something else.
                    _ => from = at + NAME.len(),
                }
                continue;
            }
            // The name, or what opens a comment, may go on in what was not read yet.
            from = from.max(self.buffer.len().saturating_sub(NAME.len()));
            if !self.fill() {
                return;
            }
        }
    }

    /// Whether the tag at this place may begin or end a record, or is no tag at all. Within a record, nearly all are of
    /// fields and need no closer look here.
    fn matters(&mut self, at: usize) -> bool {
        while self.buffer.len() < at + 64 && self.fill() {}
        let rest = &self.buffer[at + 1..];
        let name = rest.strip_prefix(b"/").unwrap_or(rest);
        let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>');
        // A longer name, or one that the input cuts off, is looked at as well.
        let Some(length) = name.iter().take(56).position(ends) else { return true };
        at > LONGEST || matches!(name.first(), Some(b'!' | b'?')) || is_record(&name[..length])
    }

    /// The end of `mark` at or after `from`.
    fn find(&mut self, mark: &[u8], from: usize) -> Option<usize> {
        let mut from = from;
        loop {
            let rest = &self.buffer[from.min(self.buffer.len())..];
            let found = match *mark {
                [byte] => memchr::memchr(byte, rest),
                _ => memchr::memmem::find(rest, mark),
            };
            if let Some(at) = found {
                return Some(from + at + mark.len());
            }
            from = from.max(self.buffer.len().saturating_sub(mark.len() - 1));
            if self.buffer.len() > 2 * LONGEST || !self.fill() {
                return None;
            }
        }
    }

    /// Reads the markup at a `<` and gives where it ends.
    fn markup(&mut self, at: usize) -> (Markup, usize) {
        while self.buffer.len() < at + 9 && self.fill() {}
        let rest = &self.buffer[at..];
        let (mark, kind): (&[u8], Markup) = if rest.starts_with(b"<!--") {
            (b"-->", Markup::Other)
        } else if rest.starts_with(b"<![CDATA[") {
            (b"]]>", Markup::Other)
        } else if rest.starts_with(b"<?") {
            (b"?>", Markup::Other)
        } else if rest.starts_with(b"<!DOCTYPE") || rest.starts_with(b"<!doctype") {
            (b">", Markup::Doctype)
        } else {
            (b">", Markup::Cut)
        };
        let Some(end) = self.find(mark, at + 1) else { return (Markup::Cut, self.buffer.len()) };
        match kind {
            Markup::Other => return (kind, end),
            // One that only names its DTD defines nothing.
            Markup::Doctype if !self.buffer[at..end].contains(&b'[') => return (Markup::Other, end),
            Markup::Doctype => return (kind, end),
            _ => {}
        }
        let inner = &self.buffer[at + 1..end - 1];
        let close = inner.first() == Some(&b'/');
        let inner = inner.strip_prefix(b"/").unwrap_or(inner);
        let length = inner.iter().position(|b| b.is_ascii_whitespace() || *b == b'/').unwrap_or(inner.len());
        let name = inner[..length].to_vec();
        if close {
            (Markup::End { name }, end)
        } else {
            (Markup::Start { name, empty: inner.ends_with(b"/") }, end)
        }
    }

    fn place(&self) -> Position {
        Position { record: self.count, byte: self.byte, line: Some(self.line) }
    }

    /// Breaks off the buffer's first `length` bytes.
    fn broken(&mut self, length: usize, met: String, expected: &'static str) -> Broken {
        let raw = self.buffer[..length.min(Broken::RAW_LIMIT)].to_vec();
        let id = control_number(&raw);
        let broken = Broken { position: self.place(), id, met, expected: Cow::Borrowed(expected), raw };
        self.pass(length);
        broken
    }

    /// The input is over and no record is open.
    fn finish(&mut self) -> Option<Broken> {
        self.over = true;
        let length = self.buffer.len();
        if let Some(fault) = self.fault.take() {
            self.count += 1;
            return Some(self.broken(length, fault, "a readable input"));
        }
        if let Some(wrapper) = self.wrapper.take() {
            let name = String::from_utf8_lossy(&wrapper).into_owned();
            return Some(self.broken(length, format!("the input ends inside <{name}>"), "its end tag"));
        }
        if self.count > 0 {
            return None;
        }
        let empty = self.byte == 0 && self.buffer.iter().all(u8::is_ascii_whitespace);
        let met = if empty { "an empty input" } else { "an input without a <record>" };
        Some(self.broken(length, met.to_owned(), "MARCXML with at least one <record>"))
    }
}

/// The control number in the bytes of a broken record, for whoever looks for it in the catalogue.
fn control_number(bytes: &[u8]) -> Option<String> {
    let at = memchr::memmem::find(bytes, b"\"001\"").or_else(|| memchr::memmem::find(bytes, b"'001'"))?;
    let rest = &bytes[at..];
    let text = rest.get(memchr::memchr(b'>', rest)? + 1..)?;
    let text = text.get(..memchr::memchr(b'<', text)?)?;
    let number = std::str::from_utf8(text).ok()?.trim();
    (!number.is_empty() && number.len() <= 100).then(|| number.to_owned())
}

fn is_record(name: &[u8]) -> bool {
    name == b"record" || name.ends_with(b":record")
}

impl Iterator for Records<'_> {
    type Item = Result<MarcRecord, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let mut open: Option<Vec<u8>> = None;
        loop {
            if open.is_some() {
                self.pass_fields();
            }
            let Some(at) = self.next_markup() else {
                if open.is_none() {
                    return self.finish().map(Err);
                }
                self.over = true;
                let in_tag = memchr::memrchr(b'<', &self.buffer) > memchr::memrchr(b'>', &self.buffer);
                let (met, expected) = if in_tag {
                    ("the input ends inside a tag", "its end, '>'")
                } else {
                    ("the input ends inside a record", "the end tag of the record")
                };
                return Some(Err(self.broken(self.buffer.len(), met.to_owned(), expected)));
            };
            if open.is_some() && !self.matters(at) {
                self.scanned = at + 1;
                continue;
            }
            let (markup, end) = self.markup(at);
            self.scanned = end;
            if open.is_some() && end > LONGEST {
                let met = "a record longer than 64 MiB".to_owned();
                return Some(Err(self.broken(end, met, "the end of the record within 64 MiB")));
            }
            match markup {
                Markup::Start { name, empty } if is_record(&name) => {
                    if open.is_none() {
                        self.count += 1;
                        self.delivery = None;
                    } else {
                        self.delivery = oai::header_in(&self.buffer[..at]);
                    }
                    self.pass(at);
                    if empty {
                        let met = "an empty record".to_owned();
                        return Some(Err(self.broken(end - at, met, "a leader and fields")));
                    }
                    open = Some(name);
                }
                Markup::End { name } if open.as_ref() == Some(&name) => {
                    let position = self.place();
                    let parsed = parse(&self.buffer[..end], position);
                    return Some(match parsed {
                        Ok(mut record) => {
                            record.delivery = self.delivery.take();
                            self.pass(end);
                            Ok(record)
                        }
                        Err((met, expected)) => match oai::header_in(&self.buffer[..end]) {
                            Some(delivery) if delivery.1 => {
                                self.pass(end);
                                let delivery = Some(delivery);
                                Ok(MarcRecord { position, delivery, ..MarcRecord::default() })
                            }
                            _ => Err(self.broken(end, met, expected)),
                        },
                    });
                }
                Markup::Doctype => {
                    self.over = true;
                    let length = self.buffer.len();
                    let met = "a document type declaration with definitions".to_owned();
                    return Some(Err(self.broken(length, met, "XML without one, as it can define entities")));
                }
                Markup::Cut => {
                    self.over = true;
                    self.count += u64::from(open.is_none());
                    let length = self.buffer.len();
                    return Some(Err(self.broken(
                        length,
                        "the input ends inside a tag".to_owned(),
                        "its end, '>'",
                    )));
                }
                _ if open.is_some() => {}
                Markup::Start { name, empty } => {
                    if self.wrapper.is_none() && self.count == 0 && !empty {
                        self.wrapper = Some(name);
                    }
                    self.pass(end);
                }
                Markup::End { name } => {
                    if self.wrapper.as_ref() == Some(&name) {
                        self.wrapper = None;
                    }
                    self.pass(end);
                }
                Markup::Other => self.pass(end),
            }
        }
    }
}

/// Where the parser stands in a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Record,
    Leader,
    Control,
    Data,
    Subfield(u8),
    /// An element that MARCXML does not have; its text is passed over.
    Foreign,
}

pub(super) type Refusal = (String, &'static str);

/// Parses the bytes of one `record` element.
fn parse(bytes: &[u8], position: Position) -> Result<MarcRecord, Refusal> {
    match std::str::from_utf8(bytes).ok().and_then(|text| plain_xml::parse(text, position)) {
        Some((record, leader_seen)) if !record.fields.is_empty() => Ok(complete(record, leader_seen)),
        _ => parse_any(bytes, position),
    }
}

/// Parses a record of any shape.
pub(super) fn parse_any(bytes: &[u8], position: Position) -> Result<MarcRecord, Refusal> {
    let mut record = MarcRecord { position, leader: [b' '; 24], ..MarcRecord::default() };
    let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    if matches!(text, Cow::Owned(_)) {
        record.odd(
            IssueKind::BadEncoding,
            "record",
            "bytes that are not UTF-8",
            "UTF-8; U+FFFD stands in their place",
        );
    }
    record.text.reserve(bytes.len() / 3);
    let mut reader = Reader::from_str(&text);
    let mut stack = vec![Inside::Record];
    // Where the text of the leader, control field or subfield begins in the buffer.
    let mut start = 0;
    let mut leader_seen = false;
    let ill_formed = |error: &dyn std::fmt::Display, at: u64| {
        (format!("XML that is not well-formed, {at} bytes into the record: {error}"), "well-formed XML")
    };
    // The `record` start tag itself.
    reader.read_event().map_err(|error| ill_formed(&error, reader.error_position()))?;
    loop {
        let event = reader.read_event().map_err(|error| ill_formed(&error, reader.error_position()))?;
        let inside = stack.last().copied().unwrap_or(Inside::Record);
        match event {
            Event::Start(tag) => {
                let next = begin(&mut record, &tag, inside).map_err(|met| (met, "well-formed attributes"))?;
                start = record.text.len();
                stack.push(next);
                if stack.len() > 256 {
                    return Err(("elements nested deeper than 256".to_owned(), "fields and subfields"));
                }
            }
            Event::Empty(tag) => {
                let next = begin(&mut record, &tag, inside).map_err(|met| (met, "well-formed attributes"))?;
                start = record.text.len();
                end(&mut record, next, start, &mut leader_seen);
            }
            Event::End(_) => {
                end(&mut record, inside, start, &mut leader_seen);
                stack.pop();
                if stack.is_empty() {
                    break;
                }
            }
            Event::Text(text) if holds_text(inside) => record.text.push_str(&text),
            Event::CData(text) if holds_text(inside) => record.text.push_str(&text),
            Event::GeneralRef(reference) if holds_text(inside) => match resolve(&reference) {
                Some(c) => record.text.push(c),
                None => {
                    record.text.push('\u{FFFD}');
                    let met = format!("&{};", &*reference);
                    record.odd(IssueKind::BadStructure, "record", met, "one of the five entities of XML");
                }
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if record.fields.is_empty() && text.contains("status=\"deleted\"") {
        return Err(("a record that its provider deleted".to_owned(), "a record with metadata"));
    }
    if record.fields.is_empty() {
        return Err(("a record without fields".to_owned(), "a leader, control fields and data fields"));
    }
    Ok(complete(record, leader_seen))
}

/// What is done about every record when all of it was read.
pub(super) fn complete(mut record: MarcRecord, leader_seen: bool) -> MarcRecord {
    record.drop_sorting_marks();
    if !leader_seen {
        record.odd(IssueKind::MissingValue, "leader", "", "a leader of 24 characters");
    }
    record
}

fn holds_text(inside: Inside) -> bool {
    matches!(inside, Inside::Leader | Inside::Control | Inside::Subfield(_))
}

fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// Begins an element and says where the parser then stands.
fn begin(record: &mut MarcRecord, tag: &BytesStart<'_>, inside: Inside) -> Result<Inside, String> {
    let local = tag.local_name();
    Ok(match (local.as_ref(), inside) {
        ("leader", Inside::Record) => Inside::Leader,
        ("controlfield", Inside::Record) => {
            let (name, _, _) = field_attributes(record, tag)?;
            record.begin_field(name, *b"  ");
            Inside::Control
        }
        ("datafield", Inside::Record) => {
            let (name, one, two) = field_attributes(record, tag)?;
            record.begin_field(name, [one, two]);
            Inside::Data
        }
        ("subfield", Inside::Data) => Inside::Subfield(subfield_code(record, tag)?),
        _ => Inside::Foreign,
    })
}

fn field_attributes(record: &mut MarcRecord, tag: &BytesStart<'_>) -> Result<([u8; 3], u8, u8), String> {
    let (mut name, mut one, mut two) = (*b"???", b' ', b' ');
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.value.as_bytes();
        let single = |value: &[u8]| match *value {
            [] => Some(b' '),
            [b] if b.is_ascii() => Some(b),
            _ => None,
        };
        match attribute.key.local_name().as_ref() {
            "tag" => match *value {
                [a, b, c] if value.iter().all(u8::is_ascii_alphanumeric) => name = [a, b, c],
                _ => {
                    let met = attribute.value.into_owned();
                    record.odd(
                        IssueKind::BadStructure,
                        "datafield/@tag",
                        met,
                        "a tag of three letters or digits",
                    );
                }
            },
            "ind1" => one = single(value).unwrap_or(b' '),
            "ind2" => two = single(value).unwrap_or(b' '),
            _ => {}
        }
    }
    Ok((name, one, two))
}

fn subfield_code(record: &mut MarcRecord, tag: &BytesStart<'_>) -> Result<u8, String> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.local_name().as_ref() == "code" {
            if let [code] = *attribute.value.as_bytes()
                && code.is_ascii()
            {
                return Ok(code);
            }
            let met = attribute.value.into_owned();
            record.odd(IssueKind::BadStructure, "subfield/@code", met, "a code of one letter or digit");
            return Ok(b'?');
        }
    }
    record.odd(IssueKind::BadStructure, "subfield/@code", "", "a code of one letter or digit");
    Ok(b'?')
}

/// Ends an element: what stands in the buffer from `start` is its text.
pub(super) fn end(record: &mut MarcRecord, inside: Inside, start: usize, leader_seen: &mut bool) {
    match inside {
        Inside::Leader => {
            let written = record.text.split_off(start);
            let leader = written.trim_matches(['\n', '\r', '\t']);
            *leader_seen = true;
            for (place, c) in record.leader.iter_mut().zip(leader.chars()) {
                *place = if (' '..'\u{7F}').contains(&c) { c as u8 } else { b' ' };
            }
            // Trailing spaces are often lost in XML; the positions that matter end at 19.
            if leader.chars().count() < 20 {
                record.odd(IssueKind::BadStructure, "leader", leader, "a leader of 24 characters");
            }
        }
        Inside::Control => record.end_value(start),
        Inside::Subfield(code) => record.push_subfield(code, start, record.text.len()),
        Inside::Record | Inside::Data | Inside::Foreign => {}
    }
}
