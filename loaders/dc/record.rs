//! Which elements are records, and the name that the owner gave one.

use crate::shared::dc;
use crate::shared::oai::{self, Enveloped};
use crate::shared::record_name::content_name;
use crate::shared::xml::{ElementRef, Start};
use std::borrow::Cow;

/// The names of elements that hold Dublin Core, whatever their namespace.
const NAMES: &[&str] = &["dc", "dim", "dublin_core", "mdRecord", "qdc", "qualifieddc", "simpledc"];

/// The names of elements that hold Dublin Core when they are not those of an envelope.
const GENERAL: &[&str] = &["metadata"];

pub(super) fn is_record(start: &Start<'_>) -> bool {
    NAMES.contains(&start.name()) || GENERAL.contains(&start.name()) && start.namespace() != oai::NAMESPACE
}

/// Within an envelope: an element of these names, or the metadata themselves with Dublin Core directly inside.
pub(super) fn is_record_element(element: ElementRef<'_>) -> bool {
    NAMES.contains(&element.name())
        || GENERAL.contains(&element.name()) && element.elements().any(dc::is_term)
}

/// The identifier of the envelope, under which the repository will also say that the record is gone; without one the
/// owner's, or a name made from all the text of the record. `None` for a record without any text.
pub(super) fn local(record: &Enveloped) -> Option<Cow<'_, str>> {
    record
        .delivery()
        .map(|delivery| delivery.identifier)
        .or_else(|| dc::identifier(record.root()))
        .or_else(|| content_name(record.root()).map(Cow::Owned))
}

/// Whether the first bytes of a file look like Dublin Core. A package or feed that has some of it inside is another format.
pub(super) fn sniff(head: &[u8]) -> bool {
    if !oai::is_xml(head) {
        return false;
    }
    let first = oai::tags(head).find(|tag| NAMES.contains(tag) || is_other(tag));
    if first.is_some_and(|tag| NAMES.contains(&tag)) {
        return true;
    }
    let bare = first.is_none()
        && oai::tags(head).find(|tag| *tag != "record").is_some_and(|tag| tag == "metadata")
        && memchr::memmem::find(head, dc::family().as_bytes()).is_some();
    bare || oai::only_deletions(head)
}

/// Whether they look like Dublin Core with qualifiers.
pub(super) fn sniff_qualified(head: &[u8]) -> bool {
    if !sniff(head) || oai::only_deletions(head) {
        return false;
    }
    oai::has_tag(head, &["qualifieddc", "dim", "qdc", "mdRecord", "dublin_core"])
        || memchr::memmem::find(head, b"<dcterms:").is_some()
}

/// The elements that show that Dublin Core is only a part of something else.
fn is_other(tag: &str) -> bool {
    matches!(
        tag,
        "mets"
            | "mods"
            | "RDF"
            | "lido"
            | "ead"
            | "archdesc"
            | "entry"
            | "feed"
            | "rdf"
            | "mdb"
            | "html"
            | "premis"
    )
}
