//! Encoded Archival Description: the finding aids of archives.
//!
//! Two formats, one reading: EAD 2002 (with or without the namespace, with a DOCTYPE that only names its DTD, `c` or
//! `c01` to `c12`; EAD 1.0 is read as far as it is alike) and EAD3 1.1 (with and without the undeprecated elements).
//! Elements are known by their local names. Envelopes such as OAI-PMH are looked through; a file may hold many
//! finding aids.
//!
//! The `archdesc` and each component are one document; the tree is kept by `dcterms:isPartOf` and
//! `rico:isOrWasIncludedIn` from below, and the order of siblings by `rico:directlyFollowsInSequence`.
//! Core layer: Europeana Data Model. Detail layer: RiC-O 1.1. Components inherit what ISAD(G) says once for all of
//! them: who keeps the material, whose activity it comes from (as provenance, not as creator), the conditions of access
//! (by reference) and the statement of rights; one without dates lies within those above. Titles and languages of what
//! holds a component are not its own. The finding aid itself is a record beside what it describes.
//!
//! What is marked `audience="internal"` is left out; a component so marked is a document that says no more than that it
//! is there. `coverage.tsv` has every element of both standards, with the reason where one is left out.
//!
//! - `reader.rs` cuts bytes into records, `header.rs` reads the header, `identity.rs` names records;
//! - `describe.rs` begins a document; `dates.rs`, `agents.rs`, `access.rs`, `extent.rs`, `languages.rs`, `notes.rs`,
//!   `relations.rs`, `objects.rs` and `finding_aid.rs` tell the rest;
//! - `mapping.tsv`, `roles.tsv`, `forms.tsv`, `states.tsv`, `authorities.tsv`, `undated.tsv` are the tables.

mod access;
mod agents;
mod dates;
mod describe;
mod extent;
mod fields;
mod finding_aid;
mod header;
mod identity;
mod languages;
mod mapping;
mod notes;
mod objects;
mod party;
mod reader;
mod record;
mod relations;
mod text;

#[cfg(test)]
mod tests;

pub use party::Party;
pub use record::{Context, Header, Identity, Nature, Own, Record};

use crate::FormatEntry;
use graph_model::{Broken, Delivery, Description, Format, Position, Visit};
use std::borrow::Cow;
use std::io::BufRead;

/// EAD 2002.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ead2002;

/// EAD3.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ead3;

/// The line of EAD 2002 in the table of formats.
pub const EAD2002: FormatEntry =
    FormatEntry { id: Ead2002::ID, title: "EAD 2002", sniff: sniff_2002, setup: |_| Ok(Box::new(Ead2002)) };

/// The line of EAD3 in the table of formats.
pub const EAD3: FormatEntry =
    FormatEntry { id: Ead3::ID, title: "EAD3", sniff: sniff_3, setup: |_| Ok(Box::new(Ead3)) };

macro_rules! format {
    ($name:ident, $id:literal) => {
        impl Format for $name {
            type Record = Record;
            const ID: &'static str = $id;

            fn records<'a>(
                &'a self,
                input: Box<dyn BufRead + 'a>,
            ) -> Box<dyn Iterator<Item = Result<Record, Broken>> + 'a> {
                Box::new(reader::Records::new(input))
            }

            fn identify<'r>(&self, record: &'r Record) -> Option<Cow<'r, str>> {
                (!record.local.is_empty()).then_some(Cow::Borrowed(record.local.as_str()))
            }

            fn position(&self, record: &Record) -> Position {
                record.position
            }

            fn delivery<'r>(&self, record: &'r Record) -> Option<Delivery<'r>> {
                let (identifier, deleted) = record.delivery.as_deref()?;
                Some(Delivery { identifier: Cow::Borrowed(identifier), deleted: *deleted })
            }

            fn describe(&self, record: &Record, out: &mut Description<'_>) {
                describe::describe(record, out);
            }

            fn fields(&self, record: &Record, visit: &mut Visit<'_>) {
                fields::visit(record, visit);
            }
        }
    };
}

format!(Ead2002, "ead2002");
format!(Ead3, "ead3");

/// Whether the head of a file has the tag `<name`, with any prefix.
fn has_tag(head: &str, name: &str) -> bool {
    tag(head, name).is_some()
}

/// Where the head of a file has the first tag `<name`, with any prefix.
fn tag(head: &str, name: &str) -> Option<usize> {
    let mut places = head.match_indices(name).map(|(at, _)| at);
    places.find(|&at| {
        let before = head[..at].rsplit('<').next().unwrap_or_default();
        let opened = head[..at].contains('<')
            && (before.is_empty() || before.strip_suffix(':').is_some_and(is_prefix));
        let after = head[at + name.len()..].chars().next();
        opened && after.is_some_and(|next| next.is_whitespace() || matches!(next, '>' | '/'))
    })
}

fn is_prefix(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// Whether the file is of a standard that may hold a finding aid, or looks like one, and is not it.
fn is_other(head: &str) -> bool {
    let ours = tag(head, "ead").unwrap_or(usize::MAX);
    ["eac-cpf", "lidoWrap", "lido", "mets"].iter().any(|name| tag(head, name).is_some_and(|at| at < ours))
}

fn sniff_3(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    if is_other(&head) {
        return false;
    }
    if has_tag(&head, "ead") {
        return head.contains("ead3.archivists.org/schema")
            || (has_tag(&head, "control") && has_tag(&head, "recordid"));
    }
    // A harvested component or record without its finding aid.
    has_tag(&head, "did")
        && (has_tag(&head, "recordid") || has_tag(&head, "part") || has_tag(&head, "daoset"))
}

fn sniff_2002(head: &[u8]) -> bool {
    if sniff_3(head) {
        return false;
    }
    let head = String::from_utf8_lossy(head);
    if is_other(&head) {
        return false;
    }
    has_tag(&head, "ead")
        || has_tag(&head, "archdesc")
        || (has_tag(&head, "did") && has_tag(&head, "unittitle"))
}
