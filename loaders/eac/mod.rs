//! EAC-CPF: Encoded Archival Context, Corporate bodies, Persons and Families. Versions 2010 (1.0) and 2.0 (2022), of the
//! Society of American Archivists and the Staatsbibliothek zu Berlin: <https://eac.staatsbibliothek-berlin.de>.
//!
//! A record is an `eac-cpf` (2010) or `eac` (2.0) element wherever it stands: as the root, in an export's own wrapper, or
//! inside the metadata of an OAI-PMH answer. The two versions differ in names of elements and in what is an attribute;
//! here they are read side by side, element by element, as records of one are often written with a habit of the other.
//!
//! The item is the agent as this one record describes it; the entity that all records share is tied to it by its
//! authorised name, so that a creator in a finding aid and its record here meet. The detail layer is RiC-O 1.1: names,
//! places, activities, mandates and relations are things with dates and notes of their own.
//!
//! Deliberately left out: who changed the record when (`maintenanceEvent`; its first and last day are told), as that is
//! the history of the record and names staff; declarations of local types; `objectXMLWrap` but for the title and number
//! of what it describes; `span` and other typography; codes of entries in vocabularies that no table knows.

mod control;
mod dates;
mod describe;
mod draft;
mod history;
mod identifiers;
mod names;
mod parts;
mod places;
mod record;
mod relations;
mod resources;
mod table;
#[cfg(test)]
mod tests;
mod text;

use crate::FormatEntry;
use crate::shared::oai;
use crate::shared::xml::{self, Start};
use graph_model::{Broken, Delivery, Description, Format, Position, Visit};
pub use record::EacRecord;
use std::borrow::Cow;
use std::io::BufRead;

/// The line of the table of formats.
pub const EAC: FormatEntry =
    FormatEntry { id: Eac::ID, title: "EAC-CPF 2010 and 2.0", sniff, setup: |_| Ok(Box::new(Eac)) };

/// The format `eac`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Eac;

impl Format for Eac {
    type Record = EacRecord;

    const ID: &'static str = "eac";

    #[expect(clippy::result_large_err, reason = "the trait says so, and broken records are rare")]
    fn records<'a>(
        &'a self,
        input: Box<dyn BufRead + 'a>,
    ) -> Box<dyn Iterator<Item = Result<EacRecord, Broken>> + 'a> {
        let named = |broken: Broken| Broken { id: record::id_in(&broken.raw), ..broken };
        Box::new(
            xml::delivered(input, is_record).map(move |record| record.map(EacRecord::new).map_err(named)),
        )
    }

    fn identify<'r>(&self, record: &'r EacRecord) -> Option<Cow<'r, str>> {
        record.local()
    }

    fn position(&self, record: &EacRecord) -> Position {
        record.element().position()
    }

    fn delivery<'r>(&self, record: &'r EacRecord) -> Option<Delivery<'r>> {
        record.element().delivery()
    }

    fn describe(&self, record: &EacRecord, out: &mut Description<'_>) {
        describe::describe(record, out);
    }

    fn fields(&self, record: &EacRecord, visit: &mut Visit<'_>) {
        xml::Walk::new().language(draft::own_language).hide(text::is_internal).element(record.root(), visit);
    }
}

fn is_record(start: &Start<'_>) -> bool {
    match start.name() {
        "eac-cpf" => true,
        // The short name of 2.0 needs its namespace, as it is a word of its own elsewhere.
        "eac" => start.namespace().contains("archivists.org/ns/eac"),
        _ => false,
    }
}

/// Whether the first bytes of a file look like EAC-CPF: an `eac-cpf` or `eac` tag before any tag of a finding aid, as
/// each of the two may hold pieces of the other.
#[must_use]
pub fn sniff(head: &[u8]) -> bool {
    let head = oai::readable(head);
    let first = oai::tags(&head).find(|tag| matches!(*tag, "eac-cpf" | "eac" | "ead" | "archdesc" | "lido"));
    match first {
        Some("eac-cpf") => true,
        Some("eac") => memchr::memmem::find(&head, b"archivists.org/ns/eac").is_some(),
        _ => false,
    }
}
