//! One LIDO record and the name that its owner gave it.

use crate::shared::record_name::{name_of, text_in};
use crate::shared::xml::{Element, ElementRef};
use std::borrow::Cow;

/// A `lido` element, whole.
#[derive(Debug)]
pub struct LidoRecord(Element);

/// Where a record's identifier was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IdentifiedBy {
    RecordId,
    WorkId,
    PublishedId,
    Content,
}

impl LidoRecord {
    pub(super) fn new(element: Element) -> Self {
        Self(element)
    }

    pub(super) fn element(&self) -> &Element {
        &self.0
    }

    pub(super) fn root(&self) -> ElementRef<'_> {
        self.0.root()
    }

    /// `lidoRecID`; without one the inventory number, the published identifier, or a name made from all the
    /// text of the record. `None` for a record without any text.
    pub(super) fn local(&self) -> Option<Cow<'_, str>> {
        self.identified().map(|(local, _)| local)
    }

    pub(super) fn identified(&self) -> Option<(Cow<'_, str>, IdentifiedBy)> {
        let root = self.root();
        let first = |path: &str| root.path(path).map(ElementRef::text).find(|text| !text.is_empty());
        const WORK: &str = "descriptiveMetadata/objectIdentificationWrap/repositoryWrap/repositorySet/workID";
        first("lidoRecID")
            .map(|id| (id, IdentifiedBy::RecordId))
            .or_else(|| first(WORK).map(|id| (id, IdentifiedBy::WorkId)))
            .or_else(|| first("objectPublishedID").map(|id| (id, IdentifiedBy::PublishedId)))
            .or_else(|| name_of(root.texts()).map(|id| (id.into(), IdentifiedBy::Content)))
    }
}

/// The identifier in the text of a record that is not well-formed, for the report.
pub(super) fn id_in(raw: &[u8]) -> Option<String> {
    text_in(raw, "lidoRecID")
}
