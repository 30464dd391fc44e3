//! METS 1.x (1.12.1) and PREMIS 2 and 3: packages of digital objects and what was done to preserve them.
//! <https://www.loc.gov/standards/mets/>, <https://www.loc.gov/standards/premis/>.
//!
//! A record is a `mets` element wherever it stands (a file of its own, or the metadata of an OAI-PMH answer): one
//! document, one package, one item. A `premis` element that is the root of a file is a record of the format `premis`.
//! METS 2 is read where it says the same with other names: `mdSec`, `md USE=`, `MDID`, `structSec`, `LOCREF`.
//!
//! The detail layer follows the Library of Congress's *Guidelines for using the PREMIS Version 3 OWL Ontology* (2022):
//! objects with fixity, format, size, storage and policies; events as PROV activities with the Library's event types as
//! classes; agents; rights bases with rules. Files are fragments of the item and web resources of its aggregation;
//! divisions of the structure maps are fragments, parts of one another in their order.
//!
//! A METS file of CSIP or E-SIP (E-ARK) or of the Finnish national profile says so in `PROFILE`; then the profile's rules
//! that can be decided from the file alone are checked (`profile.tsv`), and what breaks one is an issue that names the
//! requirement. The record loads all the same.
//!
//! A document of any size is read: onto a packed tape, with an index, and a large one is described in parts (`package/`).
//!
//! Deliberately left out: `behaviorSec` and `transformFile` (programs, not facts), the bytes of `FContent` and `binData`,
//! extensions of PREMIS (`objectCharacteristicsExtension` and its kind: output of tools in schemas without number), notes
//! about individuals in the header (personal contact data). The components of an embedded finding aid are
//! named with an issue, not read: they are items of their own, in a file of their own.

mod administrative;
mod describe;
mod descriptive;
mod draft;
mod embedded;
mod files;
mod header;
mod package;
mod premis;
mod profile;
mod record;
mod structure;
mod table;
mod technical;
#[cfg(test)]
mod tests;

use crate::FormatEntry;
use crate::shared::xml::{self, Delivered, Start};
use graph_model::{Broken, Delivery, Description, Format, Position, Visit};
pub use record::{MetsRecord, PremisRecord};
use std::borrow::Cow;
use std::io::BufRead;

/// What every namespace of METS begins with.
const METS_NAMESPACE: &str = "http://www.loc.gov/METS/";

/// The lines of the table of formats.
pub const METS: FormatEntry =
    FormatEntry { id: Mets::ID, title: "METS with PREMIS", sniff, setup: |_| Ok(Box::new(Mets)) };

/// The line of bare PREMIS.
pub const PREMIS: FormatEntry = FormatEntry {
    id: Premis::ID,
    title: "PREMIS 2 and 3",
    sniff: sniff_premis,
    setup: |_| Ok(Box::new(Premis)),
};

/// The format `mets`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mets;

/// The format `premis`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Premis;

impl Format for Mets {
    type Record = MetsRecord;

    const ID: &'static str = "mets";

    fn records<'a>(
        &'a self,
        input: Box<dyn BufRead + 'a>,
    ) -> Box<dyn Iterator<Item = Result<MetsRecord, Broken>> + 'a> {
        Box::new(records_of(input, package::WHOLE, package::PART))
    }

    fn identify<'r>(&self, record: &'r MetsRecord) -> Option<Cow<'r, str>> {
        record.identified().map(|(local, _)| local)
    }

    fn position(&self, record: &MetsRecord) -> Position {
        record.position()
    }

    fn delivery<'r>(&self, record: &'r MetsRecord) -> Option<Delivery<'r>> {
        record.delivery()
    }

    fn describe(&self, record: &MetsRecord, out: &mut Description<'_>) {
        describe::describe(record, out);
    }

    fn fields(&self, record: &MetsRecord, visit: &mut Visit<'_>) {
        xml::fields(record.element().root(), visit);
    }
}

impl Format for Premis {
    type Record = PremisRecord;

    const ID: &'static str = "premis";

    #[expect(clippy::result_large_err, reason = "the trait says so, and broken records are rare")]
    fn records<'a>(
        &'a self,
        input: Box<dyn BufRead + 'a>,
    ) -> Box<dyn Iterator<Item = Result<PremisRecord, Broken>> + 'a> {
        let records = xml::delivered(input, is_premis);
        Box::new(records.map(|record| record.map(PremisRecord::new).map_err(record::quarantined)))
    }

    fn identify<'r>(&self, record: &'r PremisRecord) -> Option<Cow<'r, str>> {
        record.identified().map(|(local, _)| local)
    }

    fn position(&self, record: &PremisRecord) -> Position {
        record.element().position()
    }

    fn delivery<'r>(&self, record: &'r PremisRecord) -> Option<Delivery<'r>> {
        record.element().delivery()
    }

    fn describe(&self, record: &PremisRecord, out: &mut Description<'_>) {
        premis::describe(record, out);
    }

    fn fields(&self, record: &PremisRecord, visit: &mut Visit<'_>) {
        xml::fields(record.root(), visit);
    }
}

/// The records of METS documents; one with more than `whole` elements, attributes and texts comes in parts
/// of about so many.
fn records_of<'a>(
    input: Box<dyn BufRead + 'a>,
    whole: usize,
    part: usize,
) -> impl Iterator<Item = Result<MetsRecord, Broken>> + 'a {
    let mut records = xml::delivered(input, is_mets);
    let packages = std::iter::from_fn(move || {
        records.next_read(&mut |reader, nested| package::read(reader, nested, part))
    });
    packages.flat_map(move |delivered| -> Box<dyn Iterator<Item = Result<MetsRecord, Broken>>> {
        match delivered {
            Ok(Delivered::Record(mut package, number, delivery)) => {
                package.position.record = number;
                package.delivery = delivery;
                Box::new(MetsRecord::of(package, whole).map(Ok))
            }
            Ok(Delivered::Deleted(header)) => Box::new(std::iter::once(Ok(MetsRecord::new(header)))),
            Err(broken) => Box::new(std::iter::once(Err(record::quarantined(broken)))),
        }
    })
}

fn is_mets(start: &Start<'_>) -> bool {
    start.name() == "mets" && (start.namespace().is_empty() || start.namespace().starts_with(METS_NAMESPACE))
}

fn is_premis(start: &Start<'_>) -> bool {
    start.name() == "premis" && (start.namespace().is_empty() || start.namespace().contains("premis"))
}

/// Whether the first bytes of a file look like METS: its root is `mets`, whatever its prefix, or an answer of OAI-PMH or
/// the like holds one. A finding aid may have a package in it, and is none.
#[must_use]
pub fn sniff(head: &[u8]) -> bool {
    holds(head, b"mets")
}

/// Whether the first bytes of a file look like PREMIS on its own.
#[must_use]
pub fn sniff_premis(head: &[u8]) -> bool {
    holds(head, b"premis")
}

fn holds(head: &[u8], wanted: &[u8]) -> bool {
    const AROUND: [&[u8]; 7] =
        [b"OAI-PMH", b"ListRecords", b"GetRecord", b"records", b"record", b"metadata", b"collection"];
    let utf16: Vec<u8>;
    let head = if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        utf16 = head.iter().copied().filter(|&b| b != 0).collect();
        utf16.as_slice()
    } else {
        head
    };
    let mut rest = head;
    let mut root = true;
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix(b"!--") {
            let Some(end) = memchr::memmem::find(comment, b"-->") else { return false };
            rest = &comment[end..];
            continue;
        }
        if rest.starts_with(b"?") {
            let Some(end) = memchr::memmem::find(rest, b"?>") else { return false };
            rest = &rest[end..];
            continue;
        }
        if rest.starts_with(b"!") || rest.starts_with(b"/") {
            continue;
        }
        let end = rest.iter().position(|b| b" \t\r\n/>".contains(b)).unwrap_or(rest.len());
        let name = rest[..end].rsplit(|&b| b == b':').next().unwrap_or_default();
        if name == wanted {
            return true;
        }
        if root && !AROUND.contains(&name) {
            return false;
        }
        root = false;
    }
    false
}
