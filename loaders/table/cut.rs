//! CSV and TSV: from bytes to rows (RFC 4180, with the liberties that real files take).
//!
//! Rows are cut and read by hand rather than by the `csv` crate, for two things that it does not give: the bytes of a row
//! that is broken, and an end to a quotation mark that nobody closed. A row that has too few cells goes to quarantine; one
//! that has too many is read with an issue, as what stands in the known columns is sound.

use super::input::{LONGEST, byte_order_mark};
use super::mapping::Mapping;
use super::row::{Cells, Header, Oddity, Row};
use encoding_rs::{Encoding, UTF_8};
use graph_model::{Broken, Position};
use memchr::{memchr, memchr2};
use std::io::BufRead;
use std::sync::Arc;

/// Cuts a table into rows.
pub(super) struct Rows<'a> {
    mapping: &'a Mapping,
    input: Box<dyn BufRead + 'a>,
    encoding: &'static Encoding,
    delimiter: Option<u8>,
    default_delimiter: u8,
    /// A line feed, or the carriage return alone of old exports.
    line_end: u8,
    header: Option<Arc<Header>>,
    /// What empty cells of the columns to be filled take from above.
    filler: Fill,
    position: Position,
    /// Bytes that were read too far, after a quotation mark without its end.
    pending: Vec<u8>,
    pending_at: usize,
    buffer: Vec<u8>,
    records: u64,
    done: bool,
}

/// How the bytes of one row came to an end.
enum Cut {
    Row,
    /// A quotation mark is open at the end of the input, or beyond the limit.
    Unclosed,
    End,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        mapping: &'a Mapping,
        input: Box<dyn BufRead + 'a>,
        encoding: &'static Encoding,
        default_delimiter: u8,
    ) -> Self {
        Self {
            mapping,
            input,
            encoding,
            delimiter: mapping.delimiter,
            default_delimiter,
            line_end: b'\n',
            header: None,
            filler: Fill::default(),
            position: Position { record: 0, byte: 0, line: Some(1) },
            pending: Vec::new(),
            pending_at: 0,
            buffer: Vec::new(),
            records: 0,
            done: false,
        }
    }

    /// Reads the bytes of the next row with its line end into the buffer.
    fn cut(&mut self) -> std::io::Result<Cut> {
        self.buffer.clear();
        let delimiter = self.delimiter.unwrap_or(self.default_delimiter);
        let mut state = State::CellStart;
        if self.pending_at < self.pending.len() {
            let pending = &self.pending[self.pending_at..];
            let taken = state.scan(pending, delimiter, self.line_end);
            self.buffer.extend_from_slice(&pending[..taken.unwrap_or(pending.len())]);
            self.pending_at += taken.unwrap_or(pending.len());
            if taken.is_some() {
                return Ok(Cut::Row);
            }
        }
        (self.pending, self.pending_at) = (Vec::new(), 0);
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Ok(match (self.buffer.is_empty(), state) {
                    (true, _) => Cut::End,
                    (false, State::Quoted) => Cut::Unclosed,
                    (false, _) => Cut::Row,
                });
            }
            let end = state.scan(chunk, delimiter, self.line_end);
            let taken = end.unwrap_or(chunk.len());
            self.buffer.extend_from_slice(&chunk[..taken]);
            self.input.consume(taken);
            if end.is_some() {
                return Ok(Cut::Row);
            }
            if self.buffer.len() > LONGEST {
                return Ok(Cut::Unclosed);
            }
        }
    }

    /// The next line of bytes that is not blank, with the position where it began.
    fn next_row(&mut self) -> Option<Result<Position, Broken>> {
        loop {
            let mut start = self.position;
            start.record = self.records + 1;
            match self.cut() {
                Err(error) => {
                    self.done = true;
                    return Some(Err(self.broken(
                        start,
                        format!("the input ends early: {error}"),
                        "more bytes",
                    )));
                }
                Ok(Cut::End) => return None,
                Ok(Cut::Row) => {}
                Ok(Cut::Unclosed) => {
                    // The line that opens the quotation mark is broken; what follows it is read again.
                    let end = memchr(self.line_end, &self.buffer).map_or(self.buffer.len(), |at| at + 1);
                    let mut rest = self.buffer.split_off(end);
                    rest.extend_from_slice(&self.pending[self.pending_at..]);
                    (self.pending, self.pending_at) = (rest, 0);
                    self.advance();
                    self.records += 1;
                    return Some(Err(self.broken(
                        start,
                        "a quotation mark that is never closed".to_owned(),
                        "a closing quotation mark",
                    )));
                }
            }
            if self.header.is_none()
                && start.byte == 0
                && let Some((_, length)) = byte_order_mark(&self.buffer)
            {
                self.position.byte += length as u64;
                self.buffer.drain(..length);
            }
            self.advance();
            // Blank lines, and the rows of mere delimiters that spreadsheets leave at the end, are no records.
            let delimiter = self.delimiter.unwrap_or(self.default_delimiter);
            if self.buffer.iter().any(|byte| !byte.is_ascii_whitespace() && *byte != delimiter) {
                return Some(Ok(start));
            }
        }
    }

    fn advance(&mut self) {
        self.position.byte += self.buffer.len() as u64;
        let lines = memchr::memchr_iter(self.line_end, &self.buffer).count() as u64;
        self.position.line = self.position.line.map(|line| line + lines);
    }

    fn broken(&self, position: Position, met: String, expected: &'static str) -> Broken {
        let kept = self.buffer.len().min(Broken::RAW_LIMIT);
        Broken { position, id: None, met, expected: expected.into(), raw: self.buffer[..kept].to_vec() }
    }

    fn read_header(&mut self) -> Option<Result<(), Broken>> {
        // The lines above the names of the columns are titles and remarks.
        for _ in 1..self.mapping.records.header {
            match self.cut() {
                Ok(Cut::Row) => self.advance(),
                _ => break,
            }
        }
        if let Ok(head) = self.input.fill_buf() {
            if !head.contains(&b'\n') && head.contains(&b'\r') {
                self.line_end = b'\r';
            }
            if self.delimiter.is_none() {
                self.delimiter = Some(detect_delimiter(head, self.default_delimiter, self.line_end));
            }
        }
        let start = match self.next_row()? {
            Ok(start) => start,
            Err(broken) => return Some(Err(broken)),
        };
        let (text, spans, _) = self.cells();
        let names = Header::named(spans.iter().map(|&(from, to)| text[from..to].trim()));
        let missing = Header::missing(&names, self.mapping);
        if !missing.is_empty() {
            self.done = true;
            let met = format!("a table with the columns {}", names.join(", "));
            let mut broken = self.broken(Position { record: 0, ..start }, met, "");
            broken.expected = missing_column(&missing, self.mapping.records.header).into();
            return Some(Err(broken));
        }
        self.filler = Fill::new(&names, &self.mapping.records.fill);
        self.header = Some(Arc::new(Header::new(names, self.mapping)));
        Some(Ok(()))
    }

    /// The buffer's row as text, the ranges of its cells, and what was odd about it.
    fn cells(&self) -> (String, Vec<(usize, usize)>, Vec<Oddity>) {
        let mut oddities = Vec::new();
        let mut bytes = self.buffer.as_slice();
        while let [rest @ .., b'\n' | b'\r'] = bytes {
            bytes = rest;
        }
        let decoded = if self.encoding == UTF_8 {
            String::from_utf8_lossy(bytes)
        } else {
            self.encoding.decode_without_bom_handling(bytes).0
        };
        if self.encoding == UTF_8 && matches!(decoded, std::borrow::Cow::Owned(_)) {
            oddities.push(Oddity::Encoding);
        }
        let delimiter = self.delimiter.unwrap_or(self.default_delimiter);
        let (text, spans, sound) = split_cells(&decoded, delimiter);
        if !sound {
            oddities.push(Oddity::Quote);
        }
        (text, spans, oddities)
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        if self.header.is_none() {
            match self.read_header() {
                None => {
                    self.done = true;
                    return None;
                }
                Some(Err(broken)) => {
                    self.done = true;
                    return Some(Err(broken));
                }
                Some(Ok(())) => {}
            }
        }
        let header = Arc::clone(self.header.as_ref()?);
        let start = match self.next_row() {
            None => {
                self.done = true;
                return None;
            }
            Some(Err(broken)) => return Some(Err(broken)),
            Some(Ok(start)) => start,
        };
        self.records += 1;
        let (mut text, mut spans, mut oddities) = self.cells();
        let columns = header.names.len();
        if spans.len() < columns {
            let met = format!(
                "{} of {columns} cells; the last one read is '{}'",
                spans.len(),
                last_cell(&text, &spans)
            );
            let mut broken = self.broken(start, met, "");
            broken.expected = format!("{columns} cells, one a column").into();
            broken.id = header.places[self.mapping.main.id[0]]
                .and_then(|place| spans.get(place))
                .map(|&(from, to)| text[from..to].trim().to_owned())
                .filter(|id| !id.is_empty());
            return Some(Err(broken));
        }
        // Empty cells beyond the last column are what spreadsheets leave behind.
        if spans[columns..].iter().any(|&(from, to)| !text[from..to].trim().is_empty()) {
            oddities.push(Oddity::TooMany(spans.len()));
        }
        self.filler.fill(&mut text, &mut spans);
        let first = self.records == 1;
        Some(Ok(Row {
            position: start,
            cells: Cells::Table { header, text, spans },
            oddities,
            first,
            more: Vec::new(),
        }))
    }
}

/// What is expected of a table without the identifier's column.
pub(super) fn missing_column(missing: &[&str], header: u32) -> String {
    let line = if header == 1 { "its first line".to_owned() } else { format!("its line {header}") };
    format!("the identifier's column '{}' in {line}", missing.join("', '"))
}

/// Columns whose empty cells take the value above, as people leave a heading's cells empty below it.
#[derive(Default)]
pub(super) struct Fill(Vec<(usize, String)>);

impl Fill {
    pub(super) fn new(names: &[String], columns: &[String]) -> Self {
        let places = columns.iter().filter_map(|column| names.iter().position(|name| name == column));
        Self(places.map(|place| (place, String::new())).collect())
    }

    pub(super) fn fill(&mut self, text: &mut String, spans: &mut [(usize, usize)]) {
        for (place, above) in &mut self.0 {
            let Some(span) = spans.get_mut(*place) else { continue };
            let cell = text[span.0..span.1].trim();
            if cell.is_empty() {
                *span = (text.len(), text.len() + above.len());
                text.push_str(above);
            } else {
                above.clear();
                above.push_str(cell);
            }
        }
    }
}

fn last_cell<'t>(text: &'t str, spans: &[(usize, usize)]) -> &'t str {
    let cell = spans.last().map_or("", |&(from, to)| &text[from..to]);
    cell.char_indices().nth(40).map_or(cell, |(end, _)| &cell[..end])
}

/// Where the scan of a row stands between two chunks of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// After a quotation mark inside a quoted cell: the cell's end, or half of a doubled one.
    MarkInQuoted,
}

impl State {
    /// Scans for the end of the row; gives the offset after its line end.
    fn scan(&mut self, bytes: &[u8], delimiter: u8, line_end: u8) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            match *self {
                Self::CellStart => match bytes[at] {
                    b'"' => {
                        *self = Self::Quoted;
                        at += 1;
                    }
                    _ => *self = Self::Plain,
                },
                Self::Quoted => match memchr(b'"', &bytes[at..]) {
                    Some(offset) => {
                        at += offset + 1;
                        *self = Self::MarkInQuoted;
                    }
                    None => return None,
                },
                Self::MarkInQuoted => {
                    if bytes[at] == b'"' {
                        at += 1;
                        *self = Self::Quoted;
                    } else {
                        *self = Self::Plain;
                    }
                }
                Self::Plain => match memchr2(delimiter, line_end, &bytes[at..]) {
                    Some(offset) => {
                        at += offset + 1;
                        if bytes[at - 1] == line_end {
                            *self = Self::CellStart;
                            return Some(at);
                        }
                        *self = Self::CellStart;
                    }
                    None => return None,
                },
            }
        }
        None
    }
}

/// The cells of a row without its line end: their text, their ranges in it, and whether all quotation marks stood right.
fn split_cells(row: &str, delimiter: u8) -> (String, Vec<(usize, usize)>, bool) {
    let mut text = String::with_capacity(row.len());
    let mut spans = Vec::new();
    let mut sound = true;
    let delimiter = char::from(delimiter);
    let mut rest = row;
    loop {
        let start = text.len();
        if let Some(mut quoted) = rest.strip_prefix('"') {
            loop {
                let Some(mark) = memchr(b'"', quoted.as_bytes()) else {
                    sound = false;
                    text.push_str(quoted);
                    quoted = "";
                    break;
                };
                text.push_str(&quoted[..mark]);
                quoted = &quoted[mark + 1..];
                match quoted.strip_prefix('"') {
                    Some(after) => {
                        text.push('"');
                        quoted = after;
                    }
                    None => break,
                }
            }
            rest = quoted;
        }
        let end = memchr(delimiter as u8, rest.as_bytes()).unwrap_or(rest.len());
        if text.len() > start && !rest[..end].trim().is_empty() {
            sound = false;
        }
        text.push_str(&rest[..end]);
        spans.push((start, text.len()));
        match rest[end..].strip_prefix(delimiter) {
            Some(after) => rest = after,
            None => break,
        }
    }
    (text, spans, sound)
}

/// The delimiter that stands most often in the first line outside quotation marks.
fn detect_delimiter(head: &[u8], default: u8, line_end: u8) -> u8 {
    let mut quoted = false;
    let mut counts = [(default, 0_usize), (b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for &byte in head {
        match byte {
            b'"' => quoted = !quoted,
            _ if byte == line_end && !quoted => break,
            _ if !quoted => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(*delimiter == byte);
                }
            }
            _ => {}
        }
    }
    // The first of equals wins, and the default is the first.
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(default, |(delimiter, _)| *delimiter)
}
