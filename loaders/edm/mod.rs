//! EDM: the Europeana Data Model, version 5.2.8, in RDF/XML, as providers give it (external) and as Europeana keeps it
//! (internal): <https://pro.europeana.eu/page/edm-documentation>.
//!
//! A record is one provided object of an `rdf:RDF` element, wherever that stands: as the root, in a file with many, or
//! inside the metadata of an OAI-PMH answer. An `rdf:RDF` with several provided objects gives a record for each. EDM in
//! XML is RDF/XML, and is read as that (RDF 1.1 XML Syntax): the order and nesting of elements do not matter, typed
//! nodes may stand inside properties, literals may be attributes.
//!
//! What the provider says, on the provided object or on the provider's proxy, is said of the item. What Europeana and
//! aggregators say on proxies of their own stands on fragments of the item, so that nobody's words become another's.
//! Agents, places, concepts and time spans that have a name become the entities that all records share, tied to their own
//! IRIs.
//!
//! Deliberately left out: quality annotations (`dqv:QualityAnnotation`), which are Europeana's opinion of the record;
//! containers and collections of RDF (their members are values like any other); reification; entities that nothing
//! refers to. An `rdf:RDF` element of more than 64 MiB goes to quarantine, as what it holds has to be read together.

mod aggregation;
mod context;
mod demands;
mod describe;
mod object;
mod rdf;
mod record;
mod sector;
mod table;
#[cfg(test)]
mod tests;

use crate::FormatEntry;
use crate::shared::oai;
use crate::shared::xml::{self, Start};
use graph_model::{Broken, Delivery, Description, Format, Position, Visit};
pub use record::EdmRecord;
use std::borrow::Cow;
use std::io::BufRead;

/// The line of the table of formats.
pub const EDM: FormatEntry = FormatEntry {
    id: Edm::ID,
    title: "Europeana Data Model, external and internal",
    sniff,
    setup: |_| Ok(Box::new(Edm)),
};

/// The format `edm`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Edm;

impl Format for Edm {
    type Record = EdmRecord;

    const ID: &'static str = "edm";

    fn records<'a>(
        &'a self,
        input: Box<dyn BufRead + 'a>,
    ) -> Box<dyn Iterator<Item = Result<EdmRecord, Broken>> + 'a> {
        let cut = xml::delivered(input, is_record).flat_map(|element| match element {
            Ok(element) => record::split(element).into_iter().map(Ok).collect(),
            Err(broken) => vec![Err(Broken { id: record::id_in(&broken.raw), ..broken })],
        });
        Box::new(cut)
    }

    fn identify<'r>(&self, record: &'r EdmRecord) -> Option<Cow<'r, str>> {
        record.local()
    }

    fn position(&self, record: &EdmRecord) -> Position {
        record.position()
    }

    fn delivery<'r>(&self, record: &'r EdmRecord) -> Option<Delivery<'r>> {
        record.element().delivery()
    }

    fn describe(&self, record: &EdmRecord, out: &mut Description<'_>) {
        describe::describe(record, out);
    }

    fn fields(&self, record: &EdmRecord, visit: &mut Visit<'_>) {
        record.fields(visit);
    }
}

fn is_record(start: &Start<'_>) -> bool {
    start.name() == "RDF"
}

/// Whether the first bytes of a file look like EDM: an `RDF` element, and a class of EDM that records have.
#[must_use]
pub fn sniff(head: &[u8]) -> bool {
    const WITHIN: [&str; 5] =
        ["ProvidedCHO", "Aggregation", "WebResource", "EuropeanaAggregation", "aggregatedCHO"];
    let head = oai::readable(head);
    oai::tags(&head).skip_while(|tag| *tag != "RDF").any(|tag| WITHIN.contains(&tag))
}
