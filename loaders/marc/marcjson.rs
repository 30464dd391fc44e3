//! MARC in JSON, in the three forms that are in use.
//!
//! - MARC-in-JSON (Ross Singer, 2010), which pymarc, marc4j, Libris and FOLIO write: `"fields": [{"001": "1"}, {"245":
//!   {"ind1": "1", "ind2": "0", "subfields": [{"a": "Title"}]}}]`;
//! - fields with their tags as values, of marc-record-js: `{"tag": "245", "ind1": …, "subfields": [{"code": "a", "value":
//!   "Title"}]}`;
//! - MARC-JSON (Andrew Houghton, OCLC): `"controlfield": [{"tag", "data"}]`, `"datafield": [{"tag", "ind1", "ind2",
//!   "subfield": [{"code", "data"}]}]`.
//!
//! Records stand in a list, one a line, or one after another, bare or inside an object of their system. They are cut by
//! counting brackets; where the brackets are out of step, the next `{"leader"` begins a record, as that cannot stand inside
//! of a string. Catmandu's lists of lists are left out.

use super::json::Json;
use super::record::MarcRecord;
use graph_model::{Broken, IssueKind, Position};
use std::borrow::Cow;
use std::io::BufRead;

const LONGEST: usize = 64 << 20;
/// How deep inside an object of its system a record may stand.
const WRAPPED: usize = 4;

/// Whether the first bytes look like JSON with MARC in it.
pub(super) fn sniff(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    text.starts_with(['{', '['])
        && text.contains("\"leader\"")
        && ["\"fields\"", "\"controlfield\"", "\"datafield\""].iter().any(|name| text.contains(name))
}

/// The records of an input, one after another.
pub(super) struct Records<'a> {
    input: Box<dyn BufRead + 'a>,
    /// Where the first byte that was not yet read stands.
    next: Position,
    /// The bytes of the piece that is read.
    buffer: Vec<u8>,
    /// What was read of the next piece already.
    ahead: Vec<u8>,
    /// Whether one object stands around a list of all records.
    wrapped: bool,
    count: u64,
    over: bool,
}

/// How a piece ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Its brackets are closed.
    Whole,
    /// The next record begins where its rest should stand.
    Next,
    /// It is the head of an object around a list of all records, the first of which begins here.
    Head,
    /// The input ended.
    Input,
    TooLong,
}

/// Where the cutter stands in a piece.
#[derive(Debug, Default)]
struct Scan {
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// How many leaders were met; the second is of the next record.
    leaders: u32,
    /// Where the last object that holds a leader begins.
    brace: usize,
    /// Whether it is the first piece of the input.
    first: bool,
}

impl Scan {
    /// Takes the last byte of the buffer.
    fn step(&mut self, buffer: &[u8]) -> Option<End> {
        let byte = buffer.last().copied()?;
        if std::mem::take(&mut self.escaped) {
            return None;
        }
        match byte {
            b'\\' if self.in_string => self.escaped = true,
            // No string of JSON holds a bare line feed: a quotation mark was not closed.
            b'\n' => {
                self.in_string = false;
                if self.depth == 0 {
                    return Some(End::Whole);
                }
            }
            b'"' => {
                self.in_string = !self.in_string;
                if let Some(brace) = leader_begins(buffer) {
                    self.leaders += 1;
                    self.brace = brace;
                    if self.leaders > 1 {
                        return Some(End::Next);
                    }
                    if self.first && buffer[..brace].trim_ascii_end().ends_with(b"[") {
                        return Some(End::Head);
                    }
                    self.in_string = false;
                }
            }
            b'{' | b'[' if !self.in_string => self.depth += 1,
            b'}' | b']' if !self.in_string => {
                self.depth = self.depth.saturating_sub(1);
                return (self.depth == 0).then_some(End::Whole);
            }
            _ => {}
        }
        None
    }
}

/// Where the brace stands when the bytes end in `{"leader"`.
fn leader_begins(bytes: &[u8]) -> Option<usize> {
    let before = bytes.strip_suffix(b"\"leader\"")?.trim_ascii_end();
    (before.last() == Some(&b'{')).then(|| before.len() - 1)
}

impl<'a> Records<'a> {
    pub(super) fn new(input: Box<dyn BufRead + 'a>) -> Self {
        Self {
            input: super::encoding::utf8(input),
            next: Position { record: 0, byte: 0, line: Some(1) },
            buffer: Vec::new(),
            ahead: Vec::new(),
            wrapped: false,
            count: 0,
            over: false,
        }
    }

    fn pass(&mut self, length: usize, lines: usize) {
        self.input.consume(length);
        self.next.byte += length as u64;
        self.next.line = self.next.line.map(|line| line + lines as u64);
    }

    /// Goes to the first byte of the next piece; false at the end.
    fn seek(&mut self) -> std::io::Result<bool> {
        if !self.ahead.is_empty() {
            return Ok(true);
        }
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let bom = if self.next.byte == 0 && chunk.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
            // The brackets of a list and the commas between records are of no record.
            let between = |byte: &u8| {
                byte.is_ascii_whitespace()
                    || matches!(byte, b'[' | b']' | b',' | 0x1E)
                    || (*byte == b'}' && self.wrapped)
            };
            let length = bom + chunk[bom..].iter().take_while(|byte| between(byte)).count();
            let found = length < chunk.len();
            let lines = memchr::memchr_iter(b'\n', &chunk[..length]).count();
            self.pass(length, lines);
            if found {
                return Ok(true);
            }
        }
    }

    /// Reads one piece into the buffer, and says where it begins and how it ended.
    fn cut(&mut self) -> std::io::Result<(Position, End)> {
        let lines = memchr::memchr_iter(b'\n', &self.ahead).count() as u64;
        let start = Position {
            record: self.count + 1,
            byte: self.next.byte - self.ahead.len() as u64,
            line: self.next.line.map(|line| line - lines),
        };
        self.buffer.clear();
        let mut scan = Scan { first: self.count == 0 && !self.wrapped, ..Scan::default() };
        for byte in std::mem::take(&mut self.ahead) {
            self.buffer.push(byte);
            scan.step(&self.buffer);
        }
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Ok((start, End::Input));
            }
            let before = self.buffer.len();
            let mut end = None;
            let mut lines = 0;
            for &byte in chunk {
                self.buffer.push(byte);
                lines += usize::from(byte == b'\n');
                end = scan.step(&self.buffer);
                if end.is_some() {
                    break;
                }
            }
            let read = self.buffer.len() - before;
            self.pass(read, lines);
            match end {
                Some(End::Next) => {
                    self.ahead = self.buffer.split_off(scan.brace);
                    return Ok((start, End::Next));
                }
                Some(End::Head) => {
                    self.ahead = self.buffer.split_off(scan.brace);
                    self.wrapped = true;
                    return self.cut();
                }
                Some(end) => return Ok((start, end)),
                None if self.buffer.len() > LONGEST => return Ok((start, End::TooLong)),
                None => {}
            }
        }
    }

    fn broken(&self, position: Position, met: String, expected: &'static str) -> Broken {
        let raw = self.buffer[..self.buffer.len().min(Broken::RAW_LIMIT)].to_vec();
        Broken { position, id: control_number(&raw), met, expected: Cow::Borrowed(expected), raw }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<MarcRecord, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.over {
                return None;
            }
            let here = Position { record: self.count + 1, ..self.next };
            let cut = match self.seek() {
                Ok(true) => self.cut(),
                Ok(false) => {
                    self.over = true;
                    self.buffer.clear();
                    let empty = Position { record: 0, byte: 0, line: Some(1) };
                    let met = "an input without a record".to_owned();
                    return (self.count == 0)
                        .then(|| self.broken(empty, met, "at least one MARC record"))
                        .map(Err);
                }
                Err(error) => Err(error),
            };
            let (position, end) = match cut {
                Ok(cut) => cut,
                Err(error) => {
                    self.over = true;
                    let met = format!("the input could not be read on: {error}");
                    return Some(Err(self.broken(here, met, "a readable input")));
                }
            };
            if self.wrapped && is_tail(&self.buffer) {
                continue;
            }
            self.count += 1;
            let refused = match end {
                End::TooLong => Some(("a record longer than 64 MiB".to_owned(), "a record within 64 MiB")),
                End::Next => {
                    Some(("a record without its end".to_owned(), "as many closing as opening brackets"))
                }
                End::Input if self.buffer.starts_with(b"{") => {
                    Some(("the input ends inside a record".to_owned(), "as many closing as opening brackets"))
                }
                _ => None,
            };
            if let Some((met, expected)) = refused {
                self.over = end == End::TooLong;
                return Some(Err(self.broken(position, met, expected)));
            }
            return Some(
                parse(&self.buffer, position).map_err(|(met, expected)| self.broken(position, met, expected)),
            );
        }
    }
}

/// Whether a piece is what follows the list in the object around it, such as `"count": 4}`.
fn is_tail(piece: &[u8]) -> bool {
    if piece.len() > 1024 || !piece.starts_with(b"\"") {
        return false;
    }
    let object = [b"{", piece].concat();
    match serde_json::from_slice::<Json<'_>>(&object) {
        Ok(Json::Object(members)) => {
            // What may be of a record that lost its head is no tail.
            let of_a_record = |name: &str| {
                name.len() <= 3 || matches!(name, "leader" | "ind1" | "ind2" | "code" | "value" | "data")
            };
            members.iter().all(|(name, value)| {
                !of_a_record(name) && matches!(value, Json::Text(text) if text.len() < 100)
            })
        }
        _ => false,
    }
}

/// The control number in the bytes of a broken record, for whoever looks for it in the catalogue.
fn control_number(bytes: &[u8]) -> Option<String> {
    let at = memchr::memmem::find(bytes, b"\"001\"")? + 5;
    let rest = &bytes[at..];
    // After the colon, or in the next value of a form that names its parts.
    let value = rest.splitn(4, |byte| *byte == b'"').collect::<Vec<_>>();
    let text = match *value {
        [colon, text, ..] if colon.trim_ascii() == b":" => text,
        [_, _, colon, rest] if colon.trim_ascii() == b":" => {
            rest.split(|byte| *byte == b'"').nth(usize::from(rest.first() == Some(&b'"')))?
        }
        _ => return None,
    };
    let number = std::str::from_utf8(text).ok()?.trim();
    (!number.is_empty() && number.len() <= 100).then(|| number.to_owned())
}

/// What was met and what was expected.
type Refusal = (String, &'static str);

/// Reads one record.
fn parse(bytes: &[u8], position: Position) -> Result<MarcRecord, Refusal> {
    let mut record = MarcRecord { position, leader: [b' '; 24], ..MarcRecord::default() };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let lossy = String::from_utf8_lossy(bytes);
            // Where no letter beyond ASCII is UTF-8, the file was written in the other encoding of Western Europe.
            let western = lossy.chars().all(|c| c.is_ascii() || c == '\u{FFFD}');
            let expected =
                if western { "UTF-8; read as Windows-1252" } else { "UTF-8; U+FFFD stands in their place" };
            record.odd(IssueKind::BadEncoding, "record", "bytes that are not UTF-8", expected);
            if western { encoding_rs::WINDOWS_1252.decode(bytes).0 } else { lossy }
        }
    };
    let json: Json<'_> = serde_json::from_str(text.trim_end())
        .map_err(|error| (format!("JSON that cannot be read: {error}"), "a record as an object of JSON"))?;
    let Some(object) = marc(&json, WRAPPED) else {
        return Err(("a value without fields of MARC".to_owned(), "an object with a leader and fields"));
    };
    record.text.reserve(bytes.len() / 2);
    match object.get("leader").and_then(Json::text) {
        Some(leader) => read_leader(&mut record, leader),
        None => record.odd(IssueKind::MissingValue, "leader", "", "a leader of 24 characters"),
    }
    for (name, value) in object.members() {
        match (&**name, value) {
            ("fields" | "controlfield" | "datafield", Json::List(fields)) => {
                fields.iter().for_each(|field| read_field(&mut record, field));
            }
            // `{"fields": {"245": [{…}, {…}]}}`: fields grouped by their tags.
            ("fields", Json::Object(members)) => {
                for (tag, value) in members {
                    match value {
                        Json::List(values) => values.iter().for_each(|value| tagged(&mut record, tag, value)),
                        value => tagged(&mut record, tag, value),
                    }
                }
            }
            // A system's own member, such as the kind of record.
            (_, Json::Text(_) | Json::Null) => {}
            (name, value) => odd(&mut record, name, value, "leader, fields"),
        }
    }
    if record.fields.is_empty() {
        return Err(("a record without fields".to_owned(), "a leader, control fields and data fields"));
    }
    record.drop_sorting_marks();
    Ok(record)
}

/// Notes a member that is none of those known, with all that it says.
fn odd(record: &mut MarcRecord, path: &str, value: &Json<'_>, expected: &'static str) {
    let mut met = String::new();
    value.flatten(&mut met);
    // All of it is told, though in one issue a place.
    if let Some(last) = record.oddities.last_mut().filter(|last| last.path == path) {
        return last.met.push_str(&met);
    }
    record.odd(IssueKind::BadStructure, path, met, expected);
}

/// The object that holds fields: the value itself, or one inside the object of a system.
fn marc<'j, 't>(json: &'j Json<'t>, depth: usize) -> Option<&'j Json<'t>> {
    let Json::Object(members) = json else { return None };
    if ["fields", "controlfield", "datafield"].iter().any(|name| json.get(name).is_some()) {
        return Some(json);
    }
    let deeper = depth.checked_sub(1)?;
    members.iter().find_map(|(_, value)| marc(value, deeper))
}

fn read_leader(record: &mut MarcRecord, leader: &str) {
    for (place, c) in record.leader.iter_mut().zip(leader.chars()) {
        *place = if (' '..'\u{7F}').contains(&c) { c as u8 } else { b' ' };
    }
    if leader.chars().count() < 20 {
        record.odd(IssueKind::BadStructure, "leader", leader, "a leader of 24 characters");
    }
}

/// One field in any of the three forms.
fn read_field(record: &mut MarcRecord, field: &Json<'_>) {
    let members = field.members();
    if members.is_empty() {
        odd(record, "fields", field, "an object, a field");
    }
    if let Some(tag) = field.get("tag").and_then(Json::text) {
        match field.get("value").or_else(|| field.get("data")) {
            Some(value) => {
                tagged(record, tag, value);
                rest(record, tag, field, &["tag", "ind1", "ind2"], value);
            }
            None => tagged(record, tag, field),
        }
        return;
    }
    for (tag, value) in members {
        tagged(record, tag, value);
    }
}

/// Notes the members besides those known and the value that was used.
fn rest(record: &mut MarcRecord, tag: &str, object: &Json<'_>, known: &[&str], used: &Json<'_>) {
    for (name, value) in object.members() {
        if !std::ptr::eq(value, used) && !known.contains(&&**name) {
            odd(record, &format!("{tag}/{name}"), value, "a value");
        }
    }
}

/// The field with this tag: a text for a control field, an object for another.
fn tagged(record: &mut MarcRecord, tag: &str, value: &Json<'_>) {
    let name = match *tag.as_bytes() {
        [a, b, c] if tag.bytes().all(|byte| byte.is_ascii_alphanumeric()) => [a, b, c],
        _ => {
            return odd(record, &format!("fields/{tag}"), value, "a tag of three letters or digits");
        }
    };
    let indicator = |name: &str| match value.get(name).and_then(Json::text).unwrap_or_default().as_bytes() {
        [byte] if byte.is_ascii() => *byte,
        _ => b' ',
    };
    record.begin_field(name, [indicator("ind1"), indicator("ind2")]);
    if let Json::Text(text) = value {
        let start = record.text.len();
        record.text.push_str(text);
        record.end_value(start);
        if !tag.starts_with("00") && name[0].is_ascii_digit() {
            odd(record, tag, value, "subfields");
            record.push_subfield(b'a', start, record.text.len());
        }
        return;
    }
    if value.members().is_empty() {
        odd(record, tag, value, "a text or an object with subfields");
    }
    for (member, value) in value.members() {
        match (&**member, value) {
            ("subfields" | "subfield", Json::List(list)) => {
                list.iter().for_each(|one| read_subfields(record, tag, one));
            }
            ("subfields" | "subfield", one @ Json::Object(_)) => read_subfields(record, tag, one),
            ("tag" | "ind1" | "ind2", Json::Text(_) | Json::Null) => {}
            (member, value) => odd(record, &format!("{tag}/{member}"), value, "ind1, ind2, subfields"),
        }
    }
}

/// `{"a": "Title"}` or `{"code": "a", "value": "Title"}`.
fn read_subfields(record: &mut MarcRecord, tag: &str, subfield: &Json<'_>) {
    let members = subfield.members();
    if members.is_empty() {
        odd(record, &format!("{tag}/subfields"), subfield, "an object, a subfield");
    }
    let value = subfield.get("value").or_else(|| subfield.get("data"));
    if let (Some(code), Some(value)) = (subfield.get("code").and_then(Json::text), value) {
        push(record, tag, code, value);
        rest(record, tag, subfield, &["code"], value);
        return;
    }
    for (code, value) in members {
        push(record, tag, code, value);
    }
}

fn push(record: &mut MarcRecord, tag: &str, code: &str, value: &Json<'_>) {
    match (code.as_bytes(), value) {
        ([byte @ b'!'..=b'~'], Json::Text(text)) => {
            let start = record.text.len();
            record.text.push_str(text);
            record.push_subfield(*byte, start, record.text.len());
        }
        // One code for several values, as some writers have it.
        ([b'!'..=b'~'], Json::List(values)) => values.iter().for_each(|value| push(record, tag, code, value)),
        (_, Json::Null) => {}
        _ => odd(record, &format!("{tag}/{code}"), value, "a code of one letter or digit, and a text"),
    }
}
