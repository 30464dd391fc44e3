//! Where it is kept and seen, and what may be done with it: `location`, `accessCondition`.

use super::{Mods, tag};
use crate::shared::draft::{Party, View};
use crate::shared::rights;
use crate::shared::xml::ElementRef;
use vocabularies::{bf, dcterms, rdf, skos};

impl<'e> Mods<'e, '_, '_> {
    pub(super) fn location(&mut self, field: ElementRef<'e>, count: u32) {
        for place in field.children("physicalLocation").filter(|place| !place.is_empty()) {
            let text = place.text();
            match place.attribute("type").or_else(|| place.attribute("displayLabel")) {
                // A box is no institution.
                Some(kind) if is_part_of_store(kind) => {
                    self.rule("mods.location.sublocation", "location", count);
                    self.draft.text(bf::SUBLOCATION, &format!("{} {}", kind.trim(), text), None);
                }
                _ => {
                    self.rule("mods.location.data-provider", "location", count);
                    self.draft.provider(&text, tag(place).as_deref());
                }
            }
        }
        for url in field.children("url").filter(|url| !url.is_empty()) {
            self.rule("mods.location.url", "location", count);
            let view = match url.attribute("access").unwrap_or_default().trim() {
                "preview" => Some(View::Preview),
                "raw object" => Some(View::ShownBy),
                "object in context" => Some(View::ShownAt),
                _ if url.attribute("note").is_some_and(|note| note.contains("iiif")) => {
                    self.draft.again("mods.location.iiif");
                    let text = url.text();
                    if let Some(node) = self.draft.out.iri(&text) {
                        self.draft.out.link(self.draft.item, dcterms::IS_REFERENCED_BY, node);
                    }
                    continue;
                }
                _ => url
                    .attribute("displayLabel")
                    .filter(|label| label.eq_ignore_ascii_case("thumbnail"))
                    .map(|_| View::Preview),
            };
            let text = url.text();
            self.draft.address(&text, view, None);
        }
        let shelf = field.children("shelfLocator").chain(field.children("shelfLocation"));
        let shelf: Vec<ElementRef<'e>> = shelf.filter(|shelf| !shelf.is_empty()).collect();
        let copies = field.path("holdingSimple/copyInformation");
        let copies: Vec<ElementRef<'e>> = copies.filter(|copy| !copy.is_empty()).collect();
        if !shelf.is_empty() {
            self.rule("mods.location.copy", "location", count);
            let copy = self.copy();
            for mark in shelf {
                self.draft.out.text(copy, bf::SHELF_MARK, &mark.text(), None);
            }
        }
        for information in copies {
            self.rule("mods.location.copy", "location", count);
            let copy = self.copy();
            for part in information.elements() {
                let text = part.text();
                let property = match part.name() {
                    "shelfLocator" => bf::SHELF_MARK,
                    "subLocation" => bf::SUBLOCATION,
                    "enumerationAndChronology" => bf::ENUMERATION_AND_CHRONOLOGY,
                    "electronicLocator" => bf::ELECTRONIC_LOCATOR,
                    "form" => bf::CARRIER,
                    "itemIdentifier" => rdf::VALUE,
                    _ => skos::NOTE,
                };
                self.draft.out.text(copy, property, &text, None);
            }
        }
    }

    fn copy(&mut self) -> graph_model::Node {
        let copy = self.draft.out.next_fragment("copy");
        self.draft.out.link(self.draft.item, bf::HAS_ITEM, copy);
        self.draft.out.a(copy, bf::ITEM);
        copy
    }

    pub(super) fn access_condition(&mut self, field: ElementRef<'e>, count: u32) {
        let kind = field.attribute("type").unwrap_or_default().to_lowercase();
        let language = tag(field);
        let text = field.text();
        let address = ["xlink:href", "valueURI"].iter().find_map(|name| field.attribute(name)).map(str::trim);
        let known = address.filter(|address| rights::statement(address).is_some());
        if kind.contains("restriction") && known.is_none() && rights::statement(&text).is_none() {
            self.rule("mods.accessCondition.access", "accessCondition", count);
            self.draft.text(dcterms::ACCESS_RIGHTS, &text, language.as_deref());
            return;
        }
        self.rule("mods.accessCondition.rights", "accessCondition", count);
        if let Some(address) = known {
            self.draft.rights(address, None);
        }
        self.draft.rights(&text, language.as_deref());
        if let Some(address) = address.filter(|_| known.is_none() && text.is_empty()) {
            self.draft.rights(address, None);
        }
        for holder in
            field.descendants().filter(|part| part.name() == "rights.holder" || part.name() == "name")
        {
            let party = Party::read(&holder.text(), None);
            if let Some(agent) = self.draft.agent(&party) {
                self.draft.again("mods.accessCondition.rights-holder");
                self.draft.out.link(self.draft.item, dcterms::RIGHTS_HOLDER, agent);
            }
        }
    }
}

/// Kinds of physical locations that are containers and shelves.
fn is_part_of_store(kind: &str) -> bool {
    let kind = kind.to_lowercase();
    ["container", "box", "folder", "shelf", "room", "volume", "carton", "drawer", "reel"]
        .iter()
        .any(|word| kind.contains(word))
}
