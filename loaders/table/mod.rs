//! Tables: CSV, TSV, XLSX, JSON and XML, with a mapping file that says what the columns mean.
//!
//! A table has no standard to hold it to, so its owner writes one down: a TOML file that names the identifier's column and
//! gives each column a meaning (`README.md` teaches it by example, `mappings/` holds worked ones).
//! JSON is a table too: every object is a row, and `birth.place.name` is a column; so is XML of a register's own making,
//! with an element a row and `AU/AUT/AUTN` a column.
//!
//! Left out on purpose: conditions on several columns at once, computed values and joins of several tables. What needs them needs a
//! program, or one more column in the owner's export.

mod compile;
mod cut;
mod describe;
mod entities;
mod events;
mod fields;
mod file;
mod finish;
mod geojson;
mod grouping;
mod input;
mod json;
mod mapping;
mod row;
mod site;
mod status;
mod targets;
mod unite;
mod values;
mod written;
mod xlsx;
mod xml;

use crate::{Convert, FormatEntry, Setup, SetupError};
use graph_model::{Broken, Description, Format, Position, Visit};
use mapping::{Body, Mapping};
use row::{Cells, Row, Scope};
use std::borrow::Cow;
use std::io::BufRead;

/// The line of the table of formats for comma-separated values.
pub const CSV: FormatEntry =
    FormatEntry { id: "csv", title: "CSV with a mapping file", sniff: looks_like_csv, setup: setup::<Csv> };
/// The line of the table of formats for tab-separated values.
pub const TSV: FormatEntry =
    FormatEntry { id: "tsv", title: "TSV with a mapping file", sniff: looks_like_tsv, setup: setup::<Tsv> };
/// The line of the table of formats for JSON.
pub const JSON: FormatEntry = FormatEntry {
    id: "json",
    title: "JSON or JSON lines with a mapping file",
    sniff: looks_like_json,
    setup: setup::<Json>,
};

/// The line of the table of formats for workbooks of spreadsheets.
pub const XLSX: FormatEntry = FormatEntry {
    id: "xlsx",
    title: "XLSX with a mapping file",
    sniff: xlsx::looks_like,
    setup: setup::<Xlsx>,
};
/// The line of the table of formats for XML that has no loader of its own.
pub const XML: FormatEntry =
    FormatEntry { id: "xml", title: "XML with a mapping file", sniff: looks_like_xml, setup: setup::<Xml> };

trait Mapped: Format + Sized + 'static {
    fn with(mapping: Mapping) -> Self;
}

fn setup<F: Mapped>(setup: Setup<'_>) -> Result<Box<dyn Convert>, SetupError> {
    let text = setup.mapping.ok_or(SetupError::MappingMissing { format: F::ID })?;
    Ok(Box::new(F::with(Mapping::read(text)?)))
}

macro_rules! formats {
    ($($(#[$doc:meta])* $name:ident, $id:literal, $records:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(Mapping);

        impl Mapped for $name {
            fn with(mapping: Mapping) -> Self {
                Self(mapping)
            }
        }

        impl Format for $name {
            type Record = Row;
            const ID: &'static str = $id;

            fn records<'a>(&'a self, input: Box<dyn BufRead + 'a>) -> Box<dyn Iterator<Item = Result<Row, Broken>> + 'a> {
                let records: fn(&'a Mapping, Box<dyn BufRead + 'a>) -> Box<dyn Iterator<Item = Result<Row, Broken>> + 'a> = $records;
                let rows = records(&self.0, input);
                if self.0.records.unite { Box::new(unite::United::new(&self.0, rows)) } else { rows }
            }

            fn identify<'r>(&self, record: &'r Row) -> Option<Cow<'r, str>> {
                identifier(&self.0, record.body(&self.0), record).or_else(|| fingerprint(record)).map(Cow::Owned)
            }

            fn position(&self, record: &Row) -> Position {
                record.position
            }

            fn describe(&self, record: &Row, out: &mut Description<'_>) {
                describe::describe(&self.0, record, out);
            }

            fn fields(&self, record: &Row, visit: &mut Visit<'_>) {
                record.fields(visit);
                record.more.iter().for_each(|row| row.fields(visit));
            }
        }
    )*};
}

formats! {
    /// Comma-separated values; the delimiter is found out where the mapping does not name it.
    Csv, "csv", |mapping, input| table(mapping, input, b',');
    /// Tab-separated values.
    Tsv, "tsv", |mapping, input| table(mapping, input, b'\t');
    /// Objects of JSON.
    Json, "json", |mapping, input| Box::new(json::Objects::new(input, &mapping.records.at));
    /// Workbooks.
    Xlsx, "xlsx", |mapping, input| Box::new(xlsx::Sheets::new(mapping, input));
    /// Elements of XML.
    Xml, "xml", |mapping, input| Box::new(xml::Elements::new(&mapping.records, input));
}

fn table<'a>(
    mapping: &'a Mapping,
    mut input: Box<dyn BufRead + 'a>,
    delimiter: u8,
) -> Box<dyn Iterator<Item = Result<Row, Broken>> + 'a> {
    // A byte order mark knows better than the mapping.
    let told = input
        .fill_buf()
        .ok()
        .and_then(input::byte_order_mark)
        .map_or(mapping.encoding, |(encoding, _)| encoding);
    if input::cuts_by_bytes(told) {
        Box::new(cut::Rows::new(mapping, input, told, delimiter))
    } else {
        let decoded = Box::new(input::Transcoded::new(input, told));
        Box::new(cut::Rows::new(mapping, decoded, encoding_rs::UTF_8, delimiter))
    }
}

/// The owner's identifier, of one column or several joined; `None` when all of them are empty.
fn identifier(mapping: &Mapping, body: &Body, row: &Row) -> Option<String> {
    let mut whole = String::new();
    for (index, slot) in body.id.iter().enumerate() {
        if let Some(value) = row.values(mapping, Scope::Row, *slot).first() {
            if !whole.is_empty() {
                let last = body.join.last().map_or("-", String::as_str);
                whole.push_str(body.join.get(index - 1).map_or(last, String::as_str));
            }
            whole.push_str(value);
        }
    }
    (!whole.is_empty()).then_some(whole)
}

/// A name made from the content of a row without an identifier; `None` for an empty row.
fn fingerprint(row: &Row) -> Option<String> {
    let text = match &row.cells {
        Cells::Table { text, .. } => Cow::Borrowed(text.as_str()),
        Cells::Object(object) => Cow::Owned(object.to_string()),
        Cells::Element(element, _) => element.root().text(),
    };
    if !text.chars().any(char::is_alphanumeric) {
        return None;
    }
    // FNV-1a of 64 bits: short, and the same on every machine.
    let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    Some(format!("row-{hash:016x}"))
}

fn looks_like_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let mut bytes = head.iter().filter(|byte| !byte.is_ascii_whitespace());
    match bytes.next() {
        Some(b'{') => matches!(bytes.next(), Some(b'"')),
        Some(b'[') => matches!(bytes.next(), Some(b'{')),
        _ => false,
    }
}

/// XML that is neither RDF nor a page of the web.
fn looks_like_xml(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let text = String::from_utf8_lossy(&head[..head.len().min(4_096)]);
    // Turtle and N-Triples begin with an IRI between the same signs.
    if text.split(['>', ' ', '\n']).next().is_some_and(|tag| tag.contains("://")) {
        return false;
    }
    let named = text.starts_with('<')
        && text[1..].starts_with(|c: char| c.is_alphabetic() || matches!(c, '?' | '!' | '_'));
    named && !text.contains("<rdf:RDF") && !text.to_ascii_lowercase().contains("<html")
}

fn looks_like_tsv(head: &[u8]) -> bool {
    delimited(head, b'\t')
}

fn looks_like_csv(head: &[u8]) -> bool {
    [b',', b';', b'|'].into_iter().any(|delimiter| delimited(head, delimiter))
}

/// Whether the first two lines have the same number of delimiters, at least one, outside quotation marks.
fn delimited(head: &[u8], delimiter: u8) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    // Other formats begin with a bracket, or with the five figures of a leader.
    if head.is_empty()
        || matches!(head[0], b'<' | b'{' | b'[')
        || head.contains(&0x1E)
        || head.contains(&0x1D)
    {
        return false;
    }
    let mut counts = [0_usize; 2];
    let (mut line, mut quoted) = (0, false);
    for &byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                line += 1;
                if line == 2 {
                    break;
                }
            }
            _ if byte == delimiter && !quoted => counts[line] += 1,
            _ => {}
        }
    }
    counts[0] > 0 && (line == 0 || counts[1] == 0 && line == 1 || counts[1] >= counts[0])
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
