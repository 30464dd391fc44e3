//! MODS, the Metadata Object Description Schema of the Library of Congress, 3.4 to 3.8:
//! <https://www.loc.gov/standards/mods/>.
//!
//! A record is a `mods` element wherever it stands: alone, in a `modsCollection`, or in the metadata of an OAI-PMH answer,
//! under any prefix and with whatever namespace. What it says is told by the mapping that formats share,
//! [`crate::shared::mods`]; here is how records are cut, named and begun.
//!
//! MODS tells no sector. It is that of the keeper where its name tells one (`…museum`, `…archives`), and that of libraries,
//! whose schema it is, otherwise.

mod describe;
mod record;
#[cfg(test)]
mod tests;

use crate::FormatEntry;
use crate::shared::oai::{self, Enveloped, Kind};
use crate::shared::xml::{self, Start};
use graph_model::{Broken, Delivery, Description, Format, Position, Visit};
use std::borrow::Cow;
use std::io::BufRead;

/// The line of the table of formats.
pub const MODS: FormatEntry =
    FormatEntry { id: Mods::ID, title: "MODS 3.4 to 3.8", sniff, setup: |_| Ok(Box::new(Mods)) };

/// The format `mods`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mods;

impl Format for Mods {
    type Record = Enveloped;

    const ID: &'static str = "mods";

    fn records<'a>(
        &'a self,
        input: Box<dyn BufRead + 'a>,
    ) -> Box<dyn Iterator<Item = Result<Enveloped, Broken>> + 'a> {
        const KIND: Kind = Kind {
            start: is_record,
            element: |element| element.name() == "mods",
            expected: "a mods element in the metadata",
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

fn is_record(start: &Start<'_>) -> bool {
    // No other schema has an element of this name; exports lose the namespace or misspell it.
    start.name() == "mods"
}

/// Whether the first bytes of a file look like MODS that stands for itself, not within a METS package.
fn sniff(head: &[u8]) -> bool {
    let mut tags = oai::tags(head);
    oai::is_xml(head)
        && tags
            .find(|tag| matches!(*tag, "mods" | "modsCollection" | "mets"))
            .is_some_and(|tag| tag != "mets")
}
