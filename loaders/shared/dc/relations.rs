//! What it is part of, comes from, and is related to.

use super::Record;
use super::read::Statement;
use crate::shared::identifiers::{self, is_address};
use oxrdf::NamedNodeRef;
use vocabularies::{bf, dc, dcterms};

impl Record<'_, '_> {
    pub(super) fn related(&mut self, statement: &Statement<'_>) {
        let property = statement.row.property.unwrap_or(dcterms::RELATION);
        let text = statement.text.trim();
        let kind =
            statement.qualifier.as_deref().or(statement.scheme).filter(|kind| identifiers::is_kind(kind));
        let kind = kind.or(Some(statement.row.word).filter(|word| identifiers::is_kind(word)));
        let found = identifiers::read(text, kind);
        if let Some(address) = found.address()
            && let Some(node) = self.draft.out.iri(address)
        {
            self.draft.out.link(self.draft.item, property, node);
            return;
        }
        let node = self.draft.out.next_fragment("related");
        self.draft.out.link(self.draft.item, property, node);
        self.draft.out.a(node, bf::INSTANCE);
        if found.class.is_some() {
            self.draft.out.text(node, dc::IDENTIFIER, &found.text, None);
        } else {
            self.draft.out.text(node, dc::TITLE, text, statement.language());
        }
    }

    /// A series with the number in it after a semicolon.
    pub(super) fn series(&mut self, statement: &Statement<'_>) {
        let text = statement.text.trim();
        let (title, number) = match text.rsplit_once(';') {
            Some((title, number)) if !title.trim().is_empty() => (title.trim(), Some(number.trim())),
            _ => (text, None),
        };
        let node = self.draft.out.next_fragment("series");
        self.draft.out.link(self.draft.item, dcterms::IS_PART_OF, node);
        self.draft.out.a(node, bf::SERIES);
        self.draft.out.text(node, dc::TITLE, title, statement.language());
        if let Some(number) = number {
            self.draft.out.text(node, bf::SERIES_ENUMERATION, number, None);
        }
    }

    pub(super) fn source(&mut self, statement: &Statement<'_>) {
        let text = statement.text.trim();
        let property: NamedNodeRef<'static> = dc::SOURCE;
        if is_address(text) {
            if let Some(node) = self.draft.out.iri(text) {
                self.draft.out.link(self.draft.item, property, node);
            }
            return;
        }
        // Journals give their ISSN as a source of its own.
        let digits = text.len() == 9 && text.as_bytes().get(4) == Some(&b'-');
        let issn = identifiers::read(text, Some("issn"));
        if digits && issn.expected.is_none() {
            self.draft.text(property, &issn.text, None);
        } else {
            self.draft.text(property, text, statement.language());
        }
    }
}
