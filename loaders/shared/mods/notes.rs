//! Notes, audiences, and what the record says of itself.

use super::{Mods, note_tag, table};
use crate::shared::xml::ElementRef;
use vocabularies::{aarre, bf, dc, dcterms, rdf, skos};

impl<'e> Mods<'e, '_, '_> {
    pub(super) fn audience(&mut self, field: ElementRef<'e>, count: u32) {
        self.rule("mods.targetAudience.audience", "targetAudience", count);
        self.draft.text(dcterms::AUDIENCE, &field.text(), note_tag(field, self.cataloguing).as_deref());
    }

    pub(super) fn note(&mut self, field: ElementRef<'e>, count: u32) {
        let text = field.text();
        if text.is_empty() {
            return;
        }
        let tag = note_tag(field, self.cataloguing);
        let tag = tag.as_deref();
        let kind = field.attribute("type").or_else(|| field.attribute("displayLabel")).map(str::trim);
        let kind = kind.filter(|kind| !kind.is_empty());
        // Hubs of the Digital Public Library of America name the owner of the thing in a note.
        if kind == Some("ownership") {
            self.rule("mods.note.data-provider", "note", count);
            self.draft.provider(&text, None);
            self.draft.text(dcterms::PROVENANCE, &text, tag);
            return;
        }
        self.rule("mods.note.note", "note", count);
        match kind.map(|kind| (kind, table::term("note", kind))) {
            None => self.draft.text(skos::NOTE, &text, tag),
            // What is transcribed is in the language of the thing, and nothing tells it.
            Some((_, Some(property))) if property == bf::RESPONSIBILITY_STATEMENT => {
                self.draft.text(property, &text, super::tag(field).as_deref());
            }
            Some((_, Some(property))) => self.draft.text(property, &text, tag),
            Some((kind, None)) => {
                // A kind that has no property of its own stands beside the note.
                self.draft.text(skos::NOTE, &text, tag);
                let node = self.draft.out.next_fragment("note");
                self.draft.out.link(self.draft.item, bf::NOTE, node);
                self.draft.out.a(node, bf::NOTE_CLASS);
                self.draft.out.text(node, bf::NOTE_TYPE, kind, None);
                self.draft.out.text(node, rdf::VALUE, &text, tag);
            }
        }
    }

    pub(super) fn record_info(&mut self, field: ElementRef<'e>, count: u32) {
        for id in field.children("recordIdentifier").filter(|id| !id.is_empty()) {
            self.rule("mods.recordInfo.identifier", "recordInfo", count);
            self.draft.text(dc::IDENTIFIER, &id.text(), None);
        }
        // Who wrote the record gives it, where nothing else says who keeps the thing.
        let kept = self.root.path("location/physicalLocation").any(|place| !place.is_empty())
            || self.root.children("note").any(|note| note.attribute("type") == Some("ownership"));
        if let Some(source) = field.children("recordContentSource").find(|source| !source.is_empty())
            && !kept
            && source.attribute("authority").is_none()
        {
            self.rule("mods.recordInfo.data-provider", "recordInfo", count);
            self.draft.provider(&source.text(), None);
        }
    }

    pub(super) fn identifier(&mut self, field: ElementRef<'e>, count: u32) {
        self.rule("mods.identifier.identifier", "identifier", count);
        let text = field.text();
        let kind = field.attribute("type").or_else(|| field.attribute("displayLabel")).map(str::trim);
        let kind = kind.filter(|kind| !kind.is_empty());
        if field.attribute("invalid") == Some("yes") {
            // A number that is wrong or was cancelled is still looked for, but it names nothing.
            let node = self.draft.out.next_fragment("identifier");
            self.draft.out.link(self.draft.item, bf::IDENTIFIED_BY, node);
            self.draft.out.a(node, bf::IDENTIFIER);
            self.draft.out.text(node, rdf::VALUE, &text, None);
            self.draft.out.text(node, bf::STATUS, "invalid", None);
            if let Some(kind) = kind {
                self.draft.out.text(node, aarre::IDENTIFIER_SCHEME, kind, None);
            }
            return;
        }
        let address = self.draft.identifier(self.draft.item, &text, kind);
        // An address among the identifiers leads to the thing when no location does.
        let located = self.root.path("location/url").any(|url| !url.is_empty());
        if let Some(address) = address
            && !located
        {
            self.draft.again("mods.identifier.address");
            self.draft.address(&address, None, None);
        }
    }
}
