//! What it is part of and related to: `relatedItem`.
//!
//! One of the same catalogue is linked by its record's identifier, one that is nothing but an address by that; anything
//! else is a fragment with what the element says.

use super::{Mods, identifier, names, origin, parts, table, tag, titles};
use crate::shared::identifiers;
use crate::shared::punctuation::trim;
use crate::shared::roles::Role;
use crate::shared::xml::ElementRef;
use graph_model::Node;
use oxrdf::NamedNodeRef;
use vocabularies::{aarre, bf, dc, dcterms, owl, skos};

impl<'e> Mods<'e, '_, '_> {
    pub(super) fn related(&mut self, field: ElementRef<'e>, count: u32) {
        let kind = field.attribute("type").or_else(|| field.attribute("otherType")).unwrap_or_default();
        let label = field.attribute("displayLabel").map(str::trim).unwrap_or_default();
        let property = table::term("related", kind).unwrap_or_else(|| {
            // A collection is a whole by whatever it is called.
            if label.eq_ignore_ascii_case("collection") { dcterms::IS_PART_OF } else { dcterms::RELATION }
        });
        self.rule("mods.relatedItem.related", "relatedItem", count);
        if let Some(local) = self.own_number(field)
            && local != self.draft.out.local()
        {
            let other = self.draft.out.sibling(&local);
            self.draft.out.link(self.draft.item, property, other);
            self.citation(field, property, count);
            return;
        }
        let address = field.attribute("xlink:href").map(str::trim).filter(|href| !href.is_empty());
        if field.is_empty() {
            if let Some(address) = address
                && let Some(node) = self.draft.out.iri(address)
            {
                self.draft.out.link(self.draft.item, property, node);
            }
            return;
        }
        let series = kind == "series";
        let node = self.draft.out.next_fragment(if series { "series" } else { "related" });
        self.draft.out.link(self.draft.item, property, node);
        self.draft.out.a(node, if series { bf::SERIES } else { bf::INSTANCE });
        let called = Some(label).filter(|label| !label.is_empty()).or_else(|| field.attribute("otherType"));
        self.related_node(field, node, called);
        if let Some(address) = address
            && let Some(other) = self.draft.out.iri(address)
        {
            self.draft.out.link(node, owl::SAME_AS, other);
        }
        self.citation(field, property, count);
    }

    /// The identifier of a record of the same catalogue: one whose source is that of this record.
    fn own_number(&self, field: ElementRef<'e>) -> Option<String> {
        let id = field.path("recordInfo/recordIdentifier").find(|id| !id.is_empty())?;
        let source = id.attribute("source")?;
        let own = self.root.path("recordInfo/recordIdentifier").find_map(|id| id.attribute("source"))?;
        (own == source && identifier(self.root).is_some_and(|local| local == self.draft.out.local()))
            .then(|| id.text().into_owned())
    }

    /// Where in the host: a citation that a reader can follow.
    fn citation(&mut self, field: ElementRef<'e>, property: NamedNodeRef<'static>, count: u32) {
        if property != dcterms::IS_PART_OF {
            return;
        }
        let Some(part) = field.child("part").map(parts::words).filter(|words| !words.is_empty()) else {
            return;
        };
        self.rule("mods.relatedItem.citation", "relatedItem", count);
        let title = field
            .children("titleInfo")
            .map(|info| titles::assemble(info).whole)
            .find(|title| !title.is_empty());
        let citation = title.map_or_else(|| part.clone(), |title| format!("{title}, {part}"));
        self.draft.text(dcterms::BIBLIOGRAPHIC_CITATION, &citation, None);
    }

    fn related_node(&mut self, field: ElementRef<'e>, node: Node, called: Option<&str>) {
        let out = &mut *self.draft.out;
        let mut titled = false;
        for info in field.children("titleInfo").chain(field.children("title")) {
            let title = titles::assemble(info);
            // The number of a series stands beside its title.
            let whole =
                if field.attribute("type") == Some("series") { title.unnumbered } else { title.whole };
            // Some write the number of a series after its title: `Flore de Buitenzorg ; pt. 5`.
            let (title, number) = match whole.split_once(" ; ") {
                Some((title, number)) if called.is_none() => {
                    (title.trim().to_owned(), Some(trim(number).to_owned()))
                }
                _ => (whole, None),
            };
            let property =
                if titled || info.attribute("type").is_some() { dcterms::ALTERNATIVE } else { dc::TITLE };
            titled |= property == dc::TITLE && !title.is_empty();
            out.text(node, property, &title, tag(info).as_deref());
            if let Some(number) = number {
                out.text(node, bf::SERIES_ENUMERATION, &number, None);
            }
        }
        for info in field.path("titleInfo/partNumber").filter(|_| field.attribute("type") == Some("series")) {
            out.text(node, bf::SERIES_ENUMERATION, trim(&info.text()), None);
        }
        if let Some(called) = called {
            if titled {
                out.text(node, skos::NOTE, called, None);
            } else {
                // What the link is called is all that there is to show.
                out.text(node, dc::TITLE, called, None);
            }
        }
        for id in field.children("identifier").filter(|id| !id.is_empty()) {
            let text = id.text();
            let found = identifiers::read(&text, id.attribute("type"));
            out.text(node, dc::IDENTIFIER, &found.text, None);
        }
        for id in field.path("recordInfo/recordIdentifier") {
            out.text(node, dc::IDENTIFIER, &id.text(), None);
        }
        for text in field.children("abstract") {
            out.text(node, dc::DESCRIPTION, &text.text(), tag(text).as_deref());
        }
        for text in field.children("note").chain(field.path("physicalDescription/note")) {
            out.text(node, skos::NOTE, &text.text(), tag(text).as_deref());
        }
        for text in field.path("physicalDescription/extent") {
            out.text(node, dcterms::EXTENT, trim(&text.text()), None);
        }
        for text in field.path("physicalDescription/form").chain(field.children("genre")) {
            out.text(node, dc::FORMAT, trim(&text.text()), None);
        }
        for text in field.path("originInfo/edition") {
            out.text(node, bf::EDITION_STATEMENT, trim(&text.text()), None);
        }
        for term in field.path("language/languageTerm") {
            if let Some(tag) = crate::shared::languages::tag(&term.text()) {
                out.text(node, dc::LANGUAGE, tag, None);
            }
        }
        if let Some(part) = field.child("part") {
            let words = parts::words(part);
            let series = field.attribute("type") == Some("series");
            out.text(
                node,
                if series { bf::SERIES_ENUMERATION } else { bf::ENUMERATION_AND_CHRONOLOGY },
                &words,
                None,
            );
        }
        for url in field.path("location/url") {
            let url = url.text();
            if !identifiers::is_address(&url) {
                out.text(node, dc::SOURCE, &url, None);
            } else if let Some(target) = out.iri(&url) {
                out.link(node, dc::SOURCE, target);
            }
        }
        for keeper in field.path("location/physicalLocation").chain(field.path("location/shelfLocator")) {
            out.text(node, bf::PHYSICAL_LOCATION, &keeper.text(), None);
        }
        self.related_people(field, node);
        self.related_origin(field, node);
        // A part may have parts: chapters in an issue of a journal's volume.
        for inner in field.children("relatedItem") {
            let kind = inner.attribute("type").or_else(|| inner.attribute("otherType"));
            let property = kind.and_then(|kind| table::term("related", kind)).unwrap_or(dcterms::RELATION);
            let next = self.draft.out.next_fragment("related");
            self.draft.out.link(node, property, next);
            self.draft.out.a(next, bf::INSTANCE);
            let called = inner.attribute("displayLabel").or_else(|| inner.attribute("otherType"));
            self.related_node(inner, next, called);
        }
    }

    fn related_people(&mut self, field: ElementRef<'e>, node: Node) {
        for name in field.children("name") {
            let party = names::party(name);
            let Some(agent) = self.draft.agent(&party) else { continue };
            let roles = names::roles(name);
            let makes = roles.is_empty() || roles.iter().any(Role::makes);
            self.draft.out.link(node, if makes { dc::CREATOR } else { dc::CONTRIBUTOR }, agent);
        }
        for publisher in field.path("originInfo/publisher") {
            let text = publisher.text();
            if let Some(agent) =
                self.draft.out.agent(&graph_model::Agent { name: trim(&text), ..Default::default() })
            {
                self.draft.out.link(node, dc::PUBLISHER, agent);
            }
        }
    }

    fn related_origin(&mut self, field: ElementRef<'e>, node: Node) {
        for info in field.children("originInfo") {
            for (name, property) in [("dateIssued", dcterms::ISSUED), ("dateCreated", dcterms::CREATED)] {
                let dates = || info.children(name).filter(|date| !date.is_empty());
                let at = |point: &str| dates().find(|date| date.attribute("point") == Some(point));
                let span =
                    origin::interval(at("start"), at("end")).or_else(|| dates().find_map(origin::encoded));
                let mut written: Vec<String> = dates().map(|date| trim(&date.text()).to_owned()).collect();
                written.dedup();
                let written = written.join("–");
                match span {
                    Some(span) => self.draft.out.dated(node, property, &span, &written),
                    None => self.draft.out.text(node, aarre::AS_WRITTEN, &written, None),
                }
            }
            for place in info.path("place/placeTerm").filter(|term| term.attribute("type") != Some("code")) {
                self.draft.out.text(node, bf::PLACE, trim(&place.text()), None);
            }
        }
    }
}
