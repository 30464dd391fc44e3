//! ISO 2709 as MARC 21 uses it: leader, directory, fields, a terminator.
//!
//! Every record that ends in a terminator (1D) gives one item, so the terminators of a file are its records.
//! Lengths and addresses are not trusted: what counts is where the terminators stand. A directory that
//! disagrees with them is followed by order when it has as many entries as there are fields; else those
//! fields are taken whose entry is sound; with none, the record is broken. A leader that lies about the
//! character coding is seen through, with an issue. A record over 64 MiB is broken.

use super::marc8;
use super::record::MarcRecord;
use graph_model::{Broken, IssueKind, Position};
use std::borrow::Cow;
use std::io::BufRead;

const FIELD_END: u8 = 0x1E;
const RECORD_END: u8 = 0x1D;
const SUBFIELD: u8 = 0x1F;
const LEADER: usize = 24;
const LONGEST: usize = 64 << 20;

/// Whether the first bytes look like an ISO 2709 leader.
pub(super) fn sniff(head: &[u8]) -> bool {
    let head = &head[padding(head)..];
    head.len() > LEADER
        && head[..5].iter().all(u8::is_ascii_digit)
        && head[12..17].iter().all(u8::is_ascii_digit)
        && head[..LEADER].iter().all(u8::is_ascii)
        && (head[24..].starts_with(b"0") || head[20..22] == *b"45")
}

/// How many bytes that belong to no record stand at the front: line ends, spaces, NUL, Ctrl-Z, a BOM.
fn padding(bytes: &[u8]) -> usize {
    let bom = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    bom + bytes[bom..].iter().take_while(|b| matches!(b, b'\n' | b'\r' | b' ' | b'\t' | 0 | 0x1A)).count()
}

/// The records of an input, one after another.
pub(super) struct Records<'a> {
    input: Box<dyn BufRead + 'a>,
    count: u64,
    byte: u64,
    ended: bool,
}

impl<'a> Records<'a> {
    pub(super) fn new(input: Box<dyn BufRead + 'a>) -> Self {
        Self { input, count: 0, byte: 0, ended: false }
    }

    /// Reads up to and with the next terminator. The number of bytes may exceed those kept.
    fn cut(&mut self, chunk: &mut Vec<u8>) -> std::io::Result<usize> {
        let mut read = 0;
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let (used, done) = match memchr::memchr(RECORD_END, available) {
                Some(at) => (at + 1, true),
                None => (available.len(), available.is_empty()),
            };
            let room = (LONGEST + 1).saturating_sub(chunk.len()).min(used);
            chunk.extend_from_slice(&available[..room]);
            self.input.consume(used);
            read += used;
            if done {
                return Ok(read);
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<MarcRecord, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let mut chunk = Vec::with_capacity(4096);
        let read = self.cut(&mut chunk);
        let start = self.byte;
        let pad = padding(&chunk);
        let at = |count| Position { record: count, byte: start + pad as u64, line: None };
        match read {
            Err(error) => {
                self.ended = true;
                self.count += 1;
                let met = format!("the input could not be read on: {error}");
                return Some(Err(broken(at(self.count), &chunk[pad..], met, "a readable input")));
            }
            Ok(read) => self.byte += read as u64,
        }
        let whole = chunk.last() == Some(&RECORD_END);
        self.ended = !whole;
        if !whole && pad == chunk.len() {
            // Only padding is left; an input without any record at all is worth a word.
            if self.count > 0 {
                return None;
            }
            return Some(Err(broken(at(0), &[], "an empty input".to_owned(), "at least one MARC record")));
        }
        self.count += 1;
        let position = at(self.count);
        if chunk.len() > LONGEST {
            let met = "a record longer than 64 MiB".to_owned();
            return Some(Err(broken(position, &chunk, met, "a record terminator (1D) within 64 MiB")));
        }
        if !whole && chunk.last() != Some(&FIELD_END) {
            let met = format!("the input ends after {} bytes of a record", chunk.len() - pad);
            return Some(Err(broken(position, &chunk[pad..], met, "fields up to a record terminator (1D)")));
        }
        Some(match parse(&chunk[pad..], position) {
            Ok(mut record) => {
                if !whole {
                    let met = "the input ends without a record terminator";
                    record.odd(IssueKind::BadStructure, "leader", met, "a record terminator (1D)");
                }
                Ok(record)
            }
            Err((met, expected)) => Err(broken(position, &chunk[pad..], met, expected)),
        })
    }
}

/// The control number in the bytes of a broken record, for whoever looks for it in the catalogue: the first field
/// when the directory begins with 001.
fn control_number(bytes: &[u8]) -> Option<String> {
    let directory = bytes.get(LEADER..)?;
    let data = directory.get(memchr::memchr(FIELD_END, directory)? + 1..)?;
    let field = data.get(..memchr::memchr(FIELD_END, data)?)?;
    let number = std::str::from_utf8(field).ok()?.trim();
    let fits = directory.starts_with(b"001") && number.len() <= 100 && !number.contains(char::is_control);
    (fits && !number.is_empty()).then(|| number.to_owned())
}

fn broken(position: Position, bytes: &[u8], met: String, expected: &'static str) -> Broken {
    let raw = bytes[..bytes.len().min(Broken::RAW_LIMIT)].to_vec();
    Broken { position, id: control_number(bytes), met, expected: Cow::Borrowed(expected), raw }
}

/// How the bytes of a record's text are to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    Utf8,
    Marc8,
    /// Flagged as UTF-8 but not so throughout: field by field, the rest as MARC-8 or with U+FFFD.
    Mixed,
}

/// What was met and what was expected.
type Refusal = (String, &'static str);

/// Reads one record that ends in a record terminator, or in a field terminator at the end of an input.
fn parse(chunk: &[u8], position: Position) -> Result<MarcRecord, Refusal> {
    let refuse = |met: String, expected| Err((met, expected));
    let body = chunk.strip_suffix(&[RECORD_END]).unwrap_or(chunk);
    if body.len() <= LEADER {
        return refuse(
            format!("{} bytes before a record terminator", body.len()),
            "a leader of 24 bytes and a directory",
        );
    }
    let Some(directory_end) = memchr::memchr(FIELD_END, &body[LEADER..]).map(|at| at + LEADER) else {
        return refuse("no field terminator (1E)".to_owned(), "a directory that ends in a field terminator");
    };
    let mut record = MarcRecord { position, ..MarcRecord::default() };
    record.leader.copy_from_slice(&body[..LEADER]);
    for byte in &mut record.leader {
        if !(0x20..0x7F).contains(byte) {
            *byte = b' ';
        }
    }
    let directory = &body[LEADER..directory_end];
    if directory.is_empty() || !directory[..directory.len().min(3)].iter().all(u8::is_ascii_alphanumeric) {
        return refuse(
            "no directory after the leader".to_owned(),
            "entries of a tag, a length and a start, 12 bytes each",
        );
    }
    check_leader(&mut record, body.len() + 1, directory_end + 1);
    let data = &body[directory_end + 1..];
    let fields = match lay_out(directory, data, &mut record) {
        Ok(fields) => fields,
        Err(met) => return refuse(met, "a directory entry for each field"),
    };
    let coding = coding(data, &mut record);
    record.fields.reserve(fields.len());
    record.subfields.reserve(fields.len() * 3);
    if coding == Coding::Utf8 {
        // The buffer is the data itself; the fields are spans of it.
        record.text = String::from_utf8(data.to_vec()).unwrap_or_default();
    } else {
        record.text.reserve(data.len() + data.len() / 8);
    }
    for (tag, start, end) in fields {
        read_field(&mut record, tag, &data[start..end], start, coding);
    }
    record.drop_sorting_marks();
    if record.fields.is_empty() {
        return refuse("a record without fields".to_owned(), "at least one field");
    }
    Ok(record)
}

fn check_leader(record: &mut MarcRecord, length: usize, base: usize) {
    let leader = record.leader;
    let number = |range: std::ops::Range<usize>| {
        std::str::from_utf8(&leader[range]).ok().and_then(|digits| digits.parse::<usize>().ok())
    };
    let text = |range: std::ops::Range<usize>| String::from_utf8_lossy(&leader[range]).into_owned();
    // 99999 and 00000 are what long records say, as five digits hold no more.
    let too_long = length > 99_999 && matches!(number(0..5), Some(99_999 | 0));
    if number(0..5) != Some(length) && !too_long {
        record.odd(IssueKind::BadStructure, "LDR/00-04", text(0..5), "the length of the record in bytes");
    }
    if number(12..17) != Some(base) && base <= 99_999 {
        record.odd(IssueKind::BadStructure, "LDR/12-16", text(12..17), "where the first field begins");
    }
}

type Laid = (/* tag */ [u8; 3], /* start */ usize, /* end, without terminator */ usize);

/// Finds the bytes of each field.
fn lay_out(directory: &[u8], data: &[u8], record: &mut MarcRecord) -> Result<Vec<Laid>, String> {
    let entries: Vec<([u8; 3], Option<usize>, Option<usize>)> = directory
        .chunks_exact(12)
        .map(|entry| ([entry[0], entry[1], entry[2]], digits(&entry[3..7]), digits(&entry[7..12])))
        .collect();
    let ragged = !directory.len().is_multiple_of(12);
    let sound = |&(tag, length, start): &([u8; 3], Option<usize>, Option<usize>)| {
        let (length, start) = (length?, start?);
        let end = start.checked_add(length)?.checked_sub(1)?;
        let begins = start == 0 || data.get(start - 1) == Some(&FIELD_END);
        (start <= end && begins && data.get(end) == Some(&FIELD_END)).then_some((tag, start, end))
    };
    let laid: Vec<Laid> = entries.iter().filter_map(sound).collect();
    if laid.len() == entries.len() && !ragged {
        return Ok(laid);
    }
    let mut pieces = Vec::with_capacity(entries.len());
    let mut from = 0;
    for end in memchr::memchr_iter(FIELD_END, data) {
        pieces.push((from, end));
        from = end + 1;
    }
    let expected = "lengths and starts that agree with the field terminators";
    if pieces.len() == entries.len() && !ragged {
        // Most directories are in the order of their fields. Where the addresses are of another order, that order is
        // taken if it makes more of them fit; lengths may have been counted in characters.
        let mut sorted: Vec<usize> = (0..entries.len()).collect();
        sorted.sort_by_key(|&at| entries[at].2);
        let fit = |order: &[usize]| {
            order.iter().zip(&pieces).filter(|(at, (start, _))| entries[**at].2 == Some(*start)).count()
        };
        let plain: Vec<usize> = (0..entries.len()).collect();
        let order = if fit(&sorted) > fit(&plain) { sorted } else { plain };
        let mut laid: Vec<(usize, Laid)> = order
            .into_iter()
            .zip(pieces)
            .map(|(at, (start, end))| (at, (entries[at].0, start, end)))
            .collect();
        laid.sort_by_key(|(at, _)| *at);
        record.odd(IssueKind::BadStructure, "directory", "addresses that do not fit the fields", expected);
        return Ok(laid.into_iter().map(|(_, laid)| laid).collect());
    }
    let counts = format!("a directory of {} entries over {} fields", entries.len(), pieces.len());
    if laid.is_empty() {
        return Err(counts);
    }
    let met = format!("{counts}; {} of them could be read", laid.len());
    record.odd(IssueKind::BadStructure, "directory", met, expected);
    Ok(laid)
}

fn digits(bytes: &[u8]) -> Option<usize> {
    bytes.iter().try_fold(0, |number, b| b.is_ascii_digit().then(|| number * 10 + usize::from(b - b'0')))
}

/// Leader/09 says `a` for UTF-8 and a space for MARC-8; the bytes have the last word.
fn coding(data: &[u8], record: &mut MarcRecord) -> Coding {
    let ascii = data.is_ascii();
    let flagged = record.leader(9) == 'a';
    let escapes = memchr::memchr(0x1B, data).is_some();
    match (std::str::from_utf8(data), flagged) {
        (Ok(_), true) => Coding::Utf8,
        (Ok(_), false) if !escapes => {
            if !ascii {
                let expected = "'a' in leader/09, as the text is UTF-8";
                record.odd(IssueKind::BadEncoding, "LDR/09", record.leader(9), expected);
            }
            Coding::Utf8
        }
        (_, false) => Coding::Marc8,
        (Err(_), true) => {
            let expected = "UTF-8, as leader/09 says; read as MARC-8 where it is not";
            record.odd(IssueKind::BadEncoding, "LDR/09", "bytes that are not UTF-8", expected);
            Coding::Mixed
        }
    }
}

/// Adds one field. For UTF-8 the buffer holds the data already and `offset` is where the field stands in it.
fn read_field(record: &mut MarcRecord, tag: [u8; 3], bytes: &[u8], offset: usize, coding: Coding) {
    if !tag.iter().all(u8::is_ascii_alphanumeric) {
        let met = String::from_utf8_lossy(&tag).into_owned();
        record.odd(IssueKind::BadStructure, "directory", met, "a tag of three letters or digits");
        return;
    }
    let first = memchr::memchr(SUBFIELD, bytes);
    if tag.starts_with(b"00") || (first.is_none() && !tag.iter().all(u8::is_ascii_digit)) {
        record.begin_field(tag, *b"  ");
        let (start, end) = keep(record, tag, bytes, offset, coding);
        if let Some(field) = record.fields.last_mut() {
            field.value = (start as u32, end as u32);
        }
        return;
    }
    let head = &bytes[..first.unwrap_or(bytes.len())];
    let indicators = match *head {
        [one, two] if one.is_ascii() && two.is_ascii() => [one, two],
        _ => {
            let met = String::from_utf8_lossy(head).into_owned();
            record.odd(
                IssueKind::BadStructure,
                &String::from_utf8_lossy(&tag),
                met,
                "two indicators before the first subfield",
            );
            [b' ', b' ']
        }
    };
    record.begin_field(tag, indicators);
    let Some(first) = first else { return };
    let mut at = first + 1;
    while at <= bytes.len() {
        let end = memchr::memchr(SUBFIELD, &bytes[at..]).map_or(bytes.len(), |next| at + next);
        match bytes.get(at) {
            Some(&code) if end > at && code.is_ascii() => {
                let (start, stop) = keep(record, tag, &bytes[at + 1..end], offset + at + 1, coding);
                record.push_subfield(code, start, stop);
            }
            _ => {
                let met = String::from_utf8_lossy(&bytes[at..end]).into_owned();
                record.odd(
                    IssueKind::BadStructure,
                    &String::from_utf8_lossy(&tag),
                    met,
                    "a subfield code after each delimiter (1F)",
                );
            }
        }
        at = end + 1;
    }
}

/// Where the text of a value stands in the buffer, after decoding it there if need be.
fn keep(
    record: &mut MarcRecord,
    tag: [u8; 3],
    bytes: &[u8],
    offset: usize,
    coding: Coding,
) -> (usize, usize) {
    if coding == Coding::Utf8 {
        return (offset, offset + bytes.len());
    }
    let start = record.text.len();
    if coding == Coding::Mixed
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        record.text.push_str(text);
    } else if let Some(unread) = marc8::decode(bytes, &mut record.text) {
        record.odd(
            IssueKind::BadEncoding,
            &String::from_utf8_lossy(&tag),
            unread,
            "bytes of a MARC-8 character set",
        );
    }
    (start, record.text.len())
}
