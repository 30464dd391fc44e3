//! XLSX (ECMA-376, Office Open XML): the rows of a workbook's sheets, by `calamine`.
//!
//! A workbook is a zip archive, so it has to be held whole; what it unpacks to is streamed. Before it is opened every part
//! that will be read is measured: an archive that unpacks to more than two hundred times its size, a list of strings that
//! would not fit in memory, and cells beyond what a spreadsheet can hold are refused. The reader lives in a thread of its
//! own, as its cells borrow from the workbook.
//!
//! Dates are ISO dates, whole numbers have no decimal point, a formula gives the value that it had when the workbook was
//! saved. Of merged cells the first has the value, as in the file; `fill` takes it to the rows below.

use super::cut::{Fill, missing_column};
use super::mapping::Mapping;
use super::row::{Cells, Header, Oddity, Row};
use calamine::{DataRef, Reader as _, SheetVisible, Xlsx};
use graph_model::{Broken, Position};
use memchr::memchr_iter;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{BufRead, Cursor, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// What a workbook may be at most.
mod limits {
    /// Bytes of the file, as it is held whole.
    pub(super) const FILE: u64 = 48 << 20;
    /// How many times its size a part of the archive may unpack to.
    pub(super) const RATIO: u64 = 200;
    /// Parts that unpack to no more than this are not asked for their ratio.
    pub(super) const SMALL: u64 = 1 << 20;
    /// Bytes that the lists held in memory (strings, styles) unpack to.
    pub(super) const HELD: u64 = 64 << 20;
    /// Bytes of one text or tag; a cell of a spreadsheet holds 32,767 letters.
    pub(super) const TEXT: u64 = 1 << 20;
    /// Columns of a sheet.
    pub(super) const COLUMNS: u32 = 16_384;
}

/// How many rows travel together from the reader's thread, and how many such batches wait.
const BATCH: usize = 64;
const WAITING: usize = 4;

/// A row as the reader gives it: its number from 1, and the text of its cells by their columns.
#[derive(Default)]
struct Line {
    number: u32,
    text: String,
    cells: Vec<(u32, usize, usize)>,
    errors: u32,
}

/// What the reader's thread sends.
enum Sent {
    Sheet(String),
    Lines(Vec<Line>),
    /// Sheets that the mapping does not name.
    Unread(Vec<String>),
    Fault(String, String),
    /// All is read.
    Done,
}

/// Whether the first bytes are those of a workbook.
pub(super) fn looks_like(head: &[u8]) -> bool {
    let names = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    head.starts_with(b"PK\x03\x04") && (names(b"xl/") || names(b"[Content_Types].xml"))
}

/// Cuts a workbook into rows.
pub(super) struct Sheets<'a> {
    mapping: &'a Mapping,
    input: Option<Box<dyn BufRead + 'a>>,
    from: Option<Receiver<Sent>>,
    lines: VecDeque<Line>,
    sheet: String,
    header: Option<Arc<Header>>,
    fill: Fill,
    oddities: Vec<Oddity>,
    records: u64,
    first: bool,
    done: bool,
}

impl<'a> Sheets<'a> {
    pub(super) fn new(mapping: &'a Mapping, input: Box<dyn BufRead + 'a>) -> Self {
        Self {
            mapping,
            input: Some(input),
            from: None,
            lines: VecDeque::new(),
            sheet: String::new(),
            header: None,
            fill: Fill::default(),
            oddities: Vec::new(),
            records: 0,
            first: true,
            done: false,
        }
    }

    /// Holds the file and starts the thread that reads it.
    fn open(&mut self) -> Option<Broken> {
        let mut bytes = Vec::new();
        if let Some(input) = self.input.take()
            && let Err(error) = input.take(limits::FILE + 1).read_to_end(&mut bytes)
        {
            return Some(self.broken(0, format!("the input ends early: {error}"), "more bytes".to_owned()));
        }
        if let Err((met, expected)) = measure(&bytes) {
            let mut broken = self.broken(0, met, expected);
            bytes.truncate(4_096);
            broken.raw = bytes;
            return Some(broken);
        }
        let wanted = self.mapping.records.sheets.clone();
        let (to, from) = sync_channel(WAITING);
        std::thread::spawn(move || read(bytes, &wanted, &to));
        self.from = Some(from);
        None
    }

    fn broken(&self, line: u32, met: String, expected: String) -> Broken {
        let position =
            Position { record: self.records, byte: 0, line: (line > 0).then_some(u64::from(line)) };
        let met = if self.sheet.is_empty() { met } else { format!("{met}, in the sheet '{}'", self.sheet) };
        Broken { position, id: None, met, expected: expected.into(), raw: Vec::new() }
    }

    /// A row becomes the names of the columns, or a record.
    fn line(&mut self, line: Line) -> Option<Result<Row, Broken>> {
        let Line { number, mut text, cells, errors } = line;
        if number < self.mapping.records.header {
            return None;
        }
        let Some(header) = self.header.clone() else {
            let width = cells.iter().map(|(column, ..)| column + 1).max().unwrap_or(0) as usize;
            let spans = spread(&cells, width);
            let mut names = Header::named(spans.iter().map(|&(from, to)| text[from..to].trim()));
            names.truncate(width);
            let missing = Header::missing(&names, self.mapping);
            if !missing.is_empty() {
                let met = format!("a table with the columns {}", names.join(", "));
                let expected = missing_column(&missing, self.mapping.records.header);
                // The other sheets may be right.
                self.header = Some(Arc::new(Header { names: Vec::new(), places: Vec::new() }));
                return Some(Err(self.broken(number, met, expected)));
            }
            self.fill = Fill::new(&names, &self.mapping.records.fill);
            self.header = Some(Arc::new(Header::new(names, self.mapping)));
            return None;
        };
        let width = header.names.len();
        if width == 0 {
            return None;
        }
        self.records += 1;
        let position = Position { record: self.records, byte: 0, line: Some(u64::from(number)) };
        let mut oddities = std::mem::take(&mut self.oddities);
        if errors > 0 {
            let met = format!("{errors} cells with an error such as #N/A");
            oddities.push(Oddity::Other(met, "values; a cell with an error says nothing"));
        }
        let beyond =
            |cell: &&(u32, usize, usize)| cell.0 as usize >= width && !text[cell.1..cell.2].trim().is_empty();
        if let Some(last) = cells.iter().filter(beyond).map(|cell| cell.0).max() {
            oddities.push(Oddity::TooMany(last as usize + 1));
        }
        let mut spans = spread(&cells, width);
        self.fill.fill(&mut text, &mut spans);
        let first = std::mem::replace(&mut self.first, false);
        Some(Ok(Row {
            position,
            cells: Cells::Table { header, text, spans },
            oddities,
            first,
            more: Vec::new(),
        }))
    }
}

impl Iterator for Sheets<'_> {
    type Item = Result<Row, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        if self.input.is_some()
            && let Some(broken) = self.open()
        {
            self.done = true;
            return Some(Err(broken));
        }
        loop {
            while let Some(line) = self.lines.pop_front() {
                if let Some(row) = self.line(line) {
                    return Some(row);
                }
            }
            match self.from.as_ref()?.recv() {
                Ok(Sent::Lines(lines)) => self.lines.extend(lines),
                Ok(Sent::Sheet(name)) => {
                    self.sheet = name;
                    self.header = None;
                    self.first = true;
                }
                Ok(Sent::Unread(names)) => {
                    let met = format!("other sheets, which are not read: {}", names.join(", "));
                    self.oddities.push(Oddity::Other(met, "their names, or \"*\", as sheet under [records]"));
                }
                Ok(Sent::Fault(met, expected)) => {
                    self.done = true;
                    return Some(Err(self.broken(0, met, expected)));
                }
                Ok(Sent::Done) => {
                    self.done = true;
                    return None;
                }
                // Without that word the library has met a fault that no check foresaw.
                Err(_) => {
                    self.done = true;
                    let met = "a workbook that cannot be read to its end".to_owned();
                    return Some(Err(self.broken(0, met, "an XLSX workbook".to_owned())));
                }
            }
        }
    }
}

/// The ranges of the cells of a row, one a column; those that the file leaves out are empty.
fn spread(cells: &[(u32, usize, usize)], width: usize) -> Vec<(usize, usize)> {
    let mut spans = vec![(0, 0); width];
    for &(column, from, to) in cells {
        if let Some(span) = spans.get_mut(column as usize) {
            *span = (from, to);
        }
    }
    spans
}

/// Unpacks every part that will be read, without holding it, and says why the workbook is refused.
fn measure(bytes: &[u8]) -> Result<(), (String, String)> {
    let refuse = |met: String, expected: &str| Err((met, expected.to_owned()));
    let length = bytes.len() as u64;
    if length > limits::FILE {
        return refuse(
            format!("a workbook of more than {} MiB", limits::FILE >> 20),
            "a smaller one, or its sheets saved as CSV, which may be of any length",
        );
    }
    let mut archive = match zip::ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => return refuse(format!("a file that cannot be unpacked: {error}"), "an XLSX workbook"),
    };
    let mut buffer = vec![0_u8; 64 << 10];
    for index in 0..archive.len() {
        let mut part = match archive.by_index(index) {
            Ok(part) => part,
            Err(error) => {
                return refuse(
                    format!("a part that cannot be unpacked: {error}"),
                    "an XLSX workbook without a password",
                );
            }
        };
        // What has no name is found by nobody.
        let Ok(name) = part.name().map(std::borrow::Cow::into_owned) else { continue };
        let lower = name.to_ascii_lowercase();
        if !lower.ends_with(".xml") && !lower.ends_with(".rels") {
            continue;
        }
        let held = !lower.contains("/worksheets/");
        let packed = part.compressed_size().min(length);
        let (mut unpacked, mut run, mut head) = (0_u64, 0_u64, Vec::new());
        loop {
            let count = match part.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) => {
                    return refuse(
                        format!("'{name}' cannot be unpacked: {error}"),
                        "a workbook that is whole",
                    );
                }
            };
            let chunk = &buffer[..count];
            unpacked += count as u64;
            if unpacked > limits::SMALL && unpacked / packed.max(1) > limits::RATIO {
                return refuse(
                    format!("'{name}' unpacks to more than {} times its size", limits::RATIO),
                    "a workbook that a spreadsheet wrote",
                );
            }
            if held && unpacked > limits::HELD {
                return refuse(
                    format!("'{name}' unpacks to more than {} MiB", limits::HELD >> 20),
                    "a smaller workbook, or its sheets saved as CSV, which may be of any length",
                );
            }
            let (mut last, mut longest) = (None, 0);
            for at in memchr_iter(b'<', chunk) {
                longest = longest.max(last.map_or(run + at as u64, |last: usize| (at - last) as u64));
                last = Some(at);
            }
            run = last.map_or(run + count as u64, |last| (count - last) as u64);
            if longest.max(run) > limits::TEXT {
                return refuse(
                    format!("a cell of more than {} bytes in '{name}'", limits::TEXT),
                    "cells of at most 32,767 letters",
                );
            }
            if head.len() < 4_096 {
                head.extend_from_slice(&chunk[..count.min(4_096)]);
            }
        }
        // The library makes room for as many strings as the list promises.
        if let Some(promised) = promised_strings(&head)
            && promised > unpacked / 4
        {
            return refuse(
                format!("'{name}' promises {promised} strings in {unpacked} bytes"),
                "a workbook that a spreadsheet wrote",
            );
        }
    }
    Ok(())
}

/// The number that `uniqueCount` promises in the list of strings.
fn promised_strings(head: &[u8]) -> Option<u64> {
    let name = b"uniqueCount";
    let at = memchr::memmem::find(head, name)?;
    let digits: Vec<u8> = head[at + name.len()..]
        .iter()
        .skip_while(|byte| !byte.is_ascii_digit() && **byte != b'>')
        .take_while(|byte| byte.is_ascii_digit())
        .copied()
        .collect();
    let digits = String::from_utf8(digits).ok()?;
    // More figures than a number can have are a promise that nobody keeps.
    if digits.is_empty() { None } else { Some(digits.parse().unwrap_or(u64::MAX)) }
}

/// Reads the wanted sheets, row by row. A closed channel means that nobody wants more.
fn read(bytes: Vec<u8>, wanted: &[String], to: &SyncSender<Sent>) {
    let last = match sheets(bytes, wanted, to) {
        Ok(()) => Sent::Done,
        Err(Some((met, expected))) => Sent::Fault(met, expected),
        Err(None) => return,
    };
    // Nobody may be there to hear it.
    let _ = to.send(last);
}

/// `Err(None)` when nobody listens any more.
fn sheets(bytes: Vec<u8>, wanted: &[String], to: &SyncSender<Sent>) -> Result<(), Option<(String, String)>> {
    let fault = |error: calamine::XlsxError| {
        Some((format!("a workbook that cannot be read: {error}"), "an XLSX workbook".to_owned()))
    };
    let mut book: Xlsx<Cursor<Vec<u8>>> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let visible: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let all = book.sheet_names();
    let chosen: Vec<String> = match wanted {
        [] => visible.first().or(all.first()).cloned().into_iter().collect(),
        [any] if any == "*" => visible.clone(),
        names => names.to_vec(),
    };
    if let Some(missing) = chosen.iter().find(|name| !all.contains(name)) {
        let met = format!("a workbook without the sheet '{missing}'");
        return Err(Some((met, format!("one of its sheets: {}", all.join(", ")))));
    }
    let unread: Vec<String> = visible.into_iter().filter(|name| !chosen.contains(name)).collect();
    if wanted.is_empty() && !unread.is_empty() {
        to.send(Sent::Unread(unread)).map_err(|_| None)?;
    }
    for name in chosen {
        to.send(Sent::Sheet(name.clone())).map_err(|_| None)?;
        let mut cells = book.worksheet_cells_reader(&name).map_err(fault)?;
        let mut batch = Vec::with_capacity(BATCH);
        let mut line = Line::default();
        while let Some(cell) = cells.next_cell().map_err(fault)? {
            let (row, column) = cell.get_position();
            if row.saturating_add(1) != line.number {
                keep(&mut batch, std::mem::take(&mut line));
                line.number = row.saturating_add(1);
                if batch.len() == BATCH {
                    let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                    to.send(Sent::Lines(full)).map_err(|_| None)?;
                }
            }
            let from = line.text.len();
            if column < limits::COLUMNS && (line.cells.len() as u32) < limits::COLUMNS {
                write_value(cell.get_value(), &mut line);
                line.cells.push((column, from, line.text.len()));
            }
        }
        keep(&mut batch, line);
        to.send(Sent::Lines(batch)).map_err(|_| None)?;
    }
    Ok(())
}

/// A row with anything in it.
fn keep(batch: &mut Vec<Line>, line: Line) {
    if !line.text.trim().is_empty() {
        batch.push(line);
    }
}

/// The text of a cell as a person would write it.
fn write_value(value: &DataRef<'_>, line: &mut Line) {
    let text = &mut line.text;
    // Writing to a string cannot fail.
    match value {
        DataRef::String(value) => text.push_str(value),
        DataRef::SharedString(value) => text.push_str(value),
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => text.push_str(value),
        DataRef::Int(value) => drop(write!(text, "{value}")),
        DataRef::Float(value) => write_number(*value, text),
        DataRef::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let whole = moment.as_f64() >= 1.0;
            if whole {
                let _ = write!(text, "{year:04}-{month:02}-{day:02}");
            }
            if (hour, minute, second) != (0, 0, 0) || !whole {
                let parted = if whole { "T" } else { "" };
                let _ = write!(text, "{parted}{hour:02}:{minute:02}:{second:02}");
            }
        }
        DataRef::DateTime(moment) => write_number(moment.as_f64(), text),
        DataRef::Error(_) => line.errors += 1,
        DataRef::Empty => {}
    }
}

/// A number with the fifteen figures that a spreadsheet counts with, and no decimal point that is not needed.
fn write_number(value: f64, text: &mut String) {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    let _ = write!(text, "{rounded}");
}
