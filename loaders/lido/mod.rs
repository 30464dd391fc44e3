//! LIDO 1.0 (2010) and 1.1 (2021), the harvesting schema of museums: <http://www.lido-schema.org>.
//!
//! A record is a `lido` element wherever it stands: in a `lidoWrap`, as the root, or inside the metadata of
//! an OAI-PMH answer, under any prefix and with whatever namespace.
//!
//! LIDO is built around events, and so is the detail layer here: each event becomes a fragment of the item
//! with its CIDOC CRM class (7.1), its actors with their roles, its time, place, materials and techniques.
//! What the core layer says of making (creator, created, medium, origin) is taken from the same elements by
//! the same rule. Which words, codes and types mean what stands in `mapping.tsv`.
//!
//! A record in several languages says the same again: titles, descriptions, kinds, subjects, places and materials of the
//! further languages are stated with their language, events and identifiers once, from the first.
//!
//! Deliberately left out: `sortorder`, `sourceAppellation` and other notes about the cataloguing; measurements of images.

mod actors;
mod administration;
mod classification;
mod describe;
mod draft;
mod events;
mod field;
mod identification;
mod materials;
mod measurements;
mod metadata;
mod places;
mod record;
mod relations;
mod subjects;
mod table;
#[cfg(test)]
mod tests;
mod times;

use crate::FormatEntry;
use crate::shared::oai;
use crate::shared::xml::{self, Start};
use graph_model::{Broken, Delivery, Description, Format, Position, Visit};
pub use record::LidoRecord;
use std::borrow::Cow;
use std::io::BufRead;

/// The line of the table of formats.
pub const LIDO: FormatEntry =
    FormatEntry { id: Lido::ID, title: "LIDO 1.0 and 1.1", sniff, setup: |_| Ok(Box::new(Lido)) };

/// The format `lido`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lido;

impl Format for Lido {
    type Record = LidoRecord;

    const ID: &'static str = "lido";

    #[expect(clippy::result_large_err, reason = "the trait says so, and broken records are rare")]
    fn records<'a>(
        &'a self,
        input: Box<dyn BufRead + 'a>,
    ) -> Box<dyn Iterator<Item = Result<LidoRecord, Broken>> + 'a> {
        let named = |broken: Broken| Broken { id: record::id_in(&broken.raw), ..broken };
        Box::new(
            xml::delivered(input, is_record).map(move |record| record.map(LidoRecord::new).map_err(named)),
        )
    }

    fn identify<'r>(&self, record: &'r LidoRecord) -> Option<Cow<'r, str>> {
        record.local()
    }

    fn position(&self, record: &LidoRecord) -> Position {
        record.element().position()
    }

    fn delivery<'r>(&self, record: &'r LidoRecord) -> Option<Delivery<'r>> {
        record.element().delivery()
    }

    fn describe(&self, record: &LidoRecord, out: &mut Description<'_>) {
        describe::describe(record, out);
    }

    fn fields(&self, record: &LidoRecord, visit: &mut Visit<'_>) {
        xml::Walk::new().language(field::own_language).element(record.root(), visit);
    }
}

fn is_record(start: &Start<'_>) -> bool {
    // No other schema has an element of this name; exports lose the namespace or misspell it.
    start.name() == "lido"
}

/// Whether the first bytes of a file look like LIDO: a tag `lido` or `lidoWrap`, whatever its prefix.
#[must_use]
pub fn sniff(head: &[u8]) -> bool {
    oai::has_tag(&oai::readable(head), &["lido", "lidoWrap"])
}
