//! Dublin Core in XML: simple (`dc`: `oai_dc:dc` of OAI-PMH, the fifteen elements) and qualified (`qdc`: DCMI metadata terms,
//! `qualifieddc` of OCLC and Finna, `dim` of DSpace, `dublin_core` of its archives, `mdRecord` of the DPLA's hubs).
//!
//! Standards: Dublin Core Metadata Element Set 1.1 (ISO 15836-1), DCMI Metadata Terms (2020-01-20), Guidelines for
//! implementing Dublin Core in XML (2003), OAI-PMH 2.0. The two formats read the same elements by the same mapping,
//! [`crate::shared::dc`]; they differ in the name that they report.
//!
//! A record is the element that holds Dublin Core's, wherever it stands: alone, in a collection, or in the metadata of an
//! OAI-PMH answer, with or without namespaces. Dublin Core tells no sector. It is that of the keeper where its name tells one
//! (`…museum`, `…archives`), and that of libraries, whose repositories speak it most, otherwise.
//!
//! Deliberately left out: Dublin Core as RDF/XML (a graph of its own kind) and in HTML's `meta`; the ONIX-like `xoai`.

mod describe;
mod record;
#[cfg(test)]
mod tests;

use crate::FormatEntry;
use crate::shared::oai::{self, Enveloped, Kind};
use crate::shared::xml;
use graph_model::{Broken, Delivery, Description, Format, Position, Visit};
use std::borrow::Cow;
use std::io::BufRead;

/// The format `dc`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dc;

/// The format `qdc`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Qdc;

/// The line of simple Dublin Core in the table of formats.
pub const DC: FormatEntry = FormatEntry {
    id: Dc::ID,
    title: "Dublin Core (oai_dc)",
    sniff: record::sniff,
    setup: |_| Ok(Box::new(Dc)),
};

/// The line of qualified Dublin Core in the table of formats.
pub const QDC: FormatEntry = FormatEntry {
    id: Qdc::ID,
    title: "Qualified Dublin Core (DCMI terms, DSpace's dim)",
    sniff: record::sniff_qualified,
    setup: |_| Ok(Box::new(Qdc)),
};

macro_rules! format {
    ($name:ident, $id:literal) => {
        impl Format for $name {
            type Record = Enveloped;

            const ID: &'static str = $id;

            fn records<'a>(
                &'a self,
                input: Box<dyn BufRead + 'a>,
            ) -> Box<dyn Iterator<Item = Result<Enveloped, Broken>> + 'a> {
                const KIND: Kind = Kind {
                    start: record::is_record,
                    element: record::is_record_element,
                    expected: "an element with Dublin Core in it, such as oai_dc:dc, in the metadata",
                };
                Box::new(oai::records(input, KIND))
            }

            fn identify<'r>(&self, record: &'r Enveloped) -> Option<Cow<'r, str>> {
                record::local(record)
            }

            fn position(&self, record: &Enveloped) -> Position {
                record.position()
            }

            fn delivery<'r>(&self, record: &'r Enveloped) -> Option<Delivery<'r>> {
                record.delivery()
            }

            fn describe(&self, record: &Enveloped, out: &mut Description<'_>) {
                describe::describe(record, out);
            }

            fn fields(&self, record: &Enveloped, visit: &mut Visit<'_>) {
                xml::Walk::new().language(xml::own_language).element(record.root(), visit);
            }
        }
    };
}

format!(Dc, "dc");
format!(Qdc, "qdc");
