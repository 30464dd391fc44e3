//! MARC 21: the records of libraries, in ISO 2709 (`marc21`), in XML (`marcxml`), in JSON (`marcjson`), in lines (`marcline`)
//! and as Aleph writes them (`alephseq`).
//!
//! MARC 21 Format for Bibliographic Data and for Authority Data (Library of Congress, update 38 of 2024). All syntaxes
//! give one [`MarcRecord`], and one mapping describes it: the core layer as everywhere, and BIBFRAME 2 for
//! what a library knows besides (contributions with relators, provision activities, works).
//!
//! Where to look: `iso2709.rs`, `marc8.rs`, `marcxml.rs`, `marcjson.rs`, `marcline.rs`, `alephseq.rs` for bytes; `mapping.tsv` for what becomes of each field;
//! `describe.rs` for the order in which it is told, and one file for each story; `README.md` for coverage.
//!
//! Deliberately left out: UNIMARC and other formats of the family.

mod access;
mod agents;
mod alephseq;
mod attributes;
mod authorities;
mod describe;
mod encoding;
mod fields;
mod headings;
mod holdings;
mod identifiers;
mod iso2709;
mod json;
mod kinds;
mod languages;
mod links;
mod marc8;
mod marcjson;
mod marcline;
mod marcxml;
mod pieces;
mod places;
mod plain;
mod plain_xml;
mod publication;
mod reading;
mod record;
mod scripts;
mod subjects;
mod table;
#[cfg(test)]
mod tests;
mod titles;
mod works;

pub use record::{Field, MarcRecord};

use crate::FormatEntry;
use crate::shared::{punctuation, roles};
use graph_model::{Broken, Delivery, Description, Format, Position, Visit, content_key};
use std::borrow::Cow;
use std::io::BufRead;

/// MARC 21 in ISO 2709, UTF-8 or MARC-8.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marc21;

/// MARC 21 in XML.
#[derive(Debug, Clone, Copy, Default)]
pub struct MarcXml;

/// MARC 21 in JSON.
#[derive(Debug, Clone, Copy, Default)]
pub struct MarcJson;

/// MARC 21 in lines, as MarcEdit or yaz-marcdump write them.
#[derive(Debug, Clone, Copy, Default)]
pub struct MarcLine;

/// MARC 21 in the sequential form of Aleph.
#[derive(Debug, Clone, Copy, Default)]
pub struct AlephSeq;

/// The line of ISO 2709 in the table of formats.
pub const MARC21: FormatEntry = FormatEntry {
    id: Marc21::ID,
    title: "MARC 21 (ISO 2709)",
    sniff: iso2709::sniff,
    setup: |_| Ok(Box::new(Marc21)),
};

/// The line of MARCXML in the table of formats.
pub const MARCXML: FormatEntry = FormatEntry {
    id: MarcXml::ID,
    title: "MARCXML (MARC 21 in XML)",
    sniff: marcxml::sniff,
    setup: |_| Ok(Box::new(MarcXml)),
};

/// The line of MARC in JSON in the table of formats.
pub const MARCJSON: FormatEntry = FormatEntry {
    id: MarcJson::ID,
    title: "MARC-in-JSON (MARC 21 in JSON)",
    sniff: marcjson::sniff,
    setup: |_| Ok(Box::new(MarcJson)),
};

/// The line of MARC in lines in the table of formats.
pub const MARCLINE: FormatEntry = FormatEntry {
    id: MarcLine::ID,
    title: "MARC 21 in lines (MarcEdit, yaz-marcdump)",
    sniff: marcline::sniff,
    setup: |_| Ok(Box::new(MarcLine)),
};

/// The line of Aleph sequential in the table of formats.
pub const ALEPHSEQ: FormatEntry = FormatEntry {
    id: AlephSeq::ID,
    title: "Aleph sequential (MARC 21)",
    sniff: alephseq::sniff,
    setup: |_| Ok(Box::new(AlephSeq)),
};

macro_rules! syntax {
    ($name:ident, $id:literal, $reader:expr) => {
        impl Format for $name {
            type Record = MarcRecord;
            const ID: &'static str = $id;

            fn records<'a>(
                &'a self,
                input: Box<dyn BufRead + 'a>,
            ) -> Box<dyn Iterator<Item = Result<MarcRecord, Broken>> + 'a> {
                Box::new($reader(input))
            }

            fn identify<'r>(&self, record: &'r MarcRecord) -> Option<Cow<'r, str>> {
                identify(record)
            }

            fn position(&self, record: &MarcRecord) -> Position {
                record.position
            }

            fn delivery<'r>(&self, record: &'r MarcRecord) -> Option<Delivery<'r>> {
                delivery(record)
            }

            fn describe(&self, record: &MarcRecord, out: &mut Description<'_>) {
                describe::describe(record, out);
            }

            fn fields(&self, record: &MarcRecord, visit: &mut Visit<'_>) {
                fields::visit(record, visit);
            }
        }
    };
}

syntax!(Marc21, "marc21", iso2709::Records::new);
syntax!(MarcXml, "marcxml", marcxml::Records::new);
syntax!(MarcJson, "marcjson", marcjson::Records::new);
syntax!(MarcLine, "marcline", marcline::records);
syntax!(AlephSeq, "alephseq", alephseq::records);

/// What the envelope tells, or that the record itself says that it is gone.
fn delivery(record: &MarcRecord) -> Option<Delivery<'_>> {
    match record.delivery.as_deref() {
        Some((identifier, deleted)) => {
            Some(Delivery { identifier: Cow::Borrowed(identifier), deleted: *deleted || record.is_gone() })
        }
        None if record.is_gone() => Some(Delivery { identifier: identify(record)?, deleted: true }),
        None => None,
    }
}

/// 003 and 001, or a name made from what the record says: its title words and a number of its whole content.
fn identify(record: &MarcRecord) -> Option<Cow<'_, str>> {
    if let Some(number) = record.identifier() {
        return Some(Cow::Owned(number));
    }
    let title = record
        .fields()
        .find(|field| matches!(field.tag(), "245" | "100" | "110" | "111" | "130" | "150" | "151"));
    let words: String = content_key(&[&title.map(|field| field.joined("abnp")).unwrap_or_default()])
        .chars()
        .take(60)
        .collect();
    let mut hash = Fnv::new();
    for field in record.fields() {
        hash.add(field.tag().as_bytes());
        hash.add(field.value().as_bytes());
        for (code, text) in field.subfields() {
            hash.add(&[0x1F, code as u8]);
            hash.add(text.as_bytes());
        }
    }
    Some(Cow::Owned(if words.is_empty() {
        format!("{:016x}", hash.0)
    } else {
        format!("{words}-{:016x}", hash.0)
    }))
}

/// FNV-1a, 64 bits: the same number on every machine, for names of records that have none.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
    }
}
