//! One EAC-CPF record and the name that its owner gave it.

use crate::shared::record_name::{content_name, text_in};
use crate::shared::xml::{Element, ElementRef};
use std::borrow::Cow;

/// An `eac-cpf` or `eac` element, whole.
#[derive(Debug)]
pub struct EacRecord(Element);

impl EacRecord {
    pub(super) fn new(element: Element) -> Self {
        Self(element)
    }

    pub(super) fn element(&self) -> &Element {
        &self.0
    }

    pub(super) fn root(&self) -> ElementRef<'_> {
        self.0.root()
    }

    /// `recordId`, the older `eacid` or the element's own identifier; without one a name made from all that the
    /// record says. `None` for a record without any text.
    pub(super) fn local(&self) -> Option<Cow<'_, str>> {
        self.given().or_else(|| content_name(self.root()).map(Cow::Owned))
    }

    /// The identifier that the owner gave.
    pub(super) fn given(&self) -> Option<Cow<'_, str>> {
        let root = self.root();
        let told = ["control/recordId", "eacheader/eacid"]
            .into_iter()
            .flat_map(|path| root.path(path))
            .map(ElementRef::text)
            .find(|id| !id.is_empty());
        let own = || ["id", "xml:id"].into_iter().find_map(|name| root.attribute(name)).map(str::trim);
        told.or_else(|| own().filter(|id| !id.is_empty()).map(Cow::Borrowed))
    }
}

/// The identifier in the text of a record that is not well-formed, for the report.
pub(super) fn id_in(raw: &[u8]) -> Option<String> {
    text_in(raw, "recordId")
}
