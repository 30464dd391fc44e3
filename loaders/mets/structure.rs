//! `structMap` and `structLink`: how the parts of the package make a whole.

use super::administrative::{Owner, Sections};
use super::draft::Draft;
use super::files::{self, Files};
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node, content_key};
use std::collections::HashMap;
use vocabularies::{aarre, dc, dcmitype, dcterms, ebucore, foaf, premis, rdfs, skos};

/// What the structure is made of.
pub(super) struct Structure<'w, 'e> {
    pub(super) files: &'w Files<'e>,
    pub(super) sections: &'w mut Sections<'e>,
    divisions: HashMap<&'e str, Node>,
}

impl<'w, 'e> Structure<'w, 'e> {
    pub(super) fn new(files: &'w Files<'e>, sections: &'w mut Sections<'e>) -> Self {
        Self { files, sections, divisions: HashMap::new() }
    }

    pub(super) fn describe(&mut self, draft: &mut Draft<'_, '_>, root: ElementRef<'e>) {
        let maps = root.children("structMap").chain(root.path("structSec/structMap"));
        for (index, map) in maps.enumerate() {
            self.map(draft, map, index + 1);
        }
        for link in root.path("structLink/smLink") {
            self.link(draft, link);
        }
        if root.path("structLink/smLinkGrp").next().is_some() {
            let met = "mets:smLinkGrp";
            draft.out.issue_at("mets:structLink", IssueKind::UnmappedField, met, "mets:smLink");
        }
    }

    fn map(&mut self, draft: &mut Draft<'_, '_>, map: ElementRef<'e>, number: usize) {
        let path = files::path(map, number);
        draft.out.rule("mets.structMap.structure", &path);
        let name = map.attribute("ID").map_or_else(|| number.to_string(), str::to_owned);
        let node = draft.out.fragment(&format!("structure-{name}"));
        let item = draft.item;
        draft.out.link(item, dcterms::HAS_PART, node);
        draft.out.a(node, dcmitype::COLLECTION);
        draft.out.text(node, rdfs::LABEL, map.attribute("LABEL").unwrap_or_default(), None);
        draft.out.text(node, dc::TYPE, map.attribute("TYPE").unwrap_or_default(), None);
        for (index, div) in map.children("div").enumerate() {
            let place =
                Place { path: &path, name: &format!("{number}-{}", index + 1), depth: 0, number: index + 1 };
            self.division(draft, div, node, &place);
        }
    }

    fn division(&mut self, draft: &mut Draft<'_, '_>, div: ElementRef<'e>, parent: Node, place: &Place<'_>) {
        let path = match div.attribute("ID") {
            Some(id) => format!("mets:div[@ID='{id}']"),
            None => format!("{}/mets:div[{}]", place.path, place.number),
        };
        draft.out.rule("mets.div.part", &path);
        let id = div.attribute("ID").map(str::trim).filter(|id| !id.is_empty());
        let name = id.unwrap_or(place.name);
        let node = draft.out.fragment(&format!("div-{name}"));
        if let Some(id) = id {
            self.divisions.insert(id, node);
        }
        draft.out.link(parent, dcterms::HAS_PART, node);
        draft.out.a(node, premis::INTELLECTUAL_ENTITY);
        draft.out.rule("mets.div.label", &path);
        let label = div.attribute("LABEL").or_else(|| div.attribute("xlink:label")).unwrap_or_default();
        draft.out.text(node, rdfs::LABEL, label, None);
        draft.out.text(node, dc::TYPE, div.attribute("TYPE").unwrap_or_default(), None);
        draft.out.rule("mets.div.order", &path);
        match div.attribute("ORDER") {
            Some(order) => draft.whole(node, aarre::SEQUENCE, order),
            None => draft.whole(node, aarre::SEQUENCE, &place.number.to_string()),
        }
        draft.out.text(node, skos::NOTATION, div.attribute("ORDERLABEL").unwrap_or_default(), None);
        for content in div.attribute("CONTENTIDS").unwrap_or_default().split_ascii_whitespace() {
            draft.out.text(node, dcterms::IDENTIFIER, content, None);
        }
        // The root stands for the package itself; in E-ARK the division Metadata lists what describes it.
        let whole = place.depth == 0 || (place.depth == 1 && label == "Metadata");
        let subject = if whole { draft.item } else { node };
        for id in files::ids(div, "DMDID") {
            draft.subjects.entry(id.to_owned()).or_default().push(subject);
        }
        let owner = if whole { Owner::Item(subject) } else { Owner::Part(node) };
        self.sections.attach(draft, div, owner, &path);
        self.pointers(draft, div, node, &path);
        for (index, inner) in div.children("div").enumerate() {
            let name = format!("{}-{}", place.name, index + 1);
            let place = Place { path: &path, name: &name, depth: place.depth + 1, number: index + 1 };
            self.division(draft, inner, node, &place);
        }
    }

    fn pointers(&mut self, draft: &mut Draft<'_, '_>, around: ElementRef<'e>, node: Node, path: &str) {
        for element in around.elements() {
            match element.name() {
                "fptr" => {
                    if let Some(id) = element.attribute("FILEID") {
                        draft.out.rule("mets.fptr.part", path);
                        if let Some(file) = self.file(draft, id, path) {
                            draft.out.link(node, dcterms::HAS_PART, file);
                        }
                    }
                    self.pointers(draft, element, node, path);
                }
                "par" | "seq" => self.pointers(draft, element, node, path),
                "area" => self.area(draft, element, node, path),
                "mptr" => pointer(draft, element, node, path),
                _ => {}
            }
        }
    }

    fn file(&self, draft: &mut Draft<'_, '_>, id: &str, path: &str) -> Option<Node> {
        let file = self.files.by_id.get(id.trim()).copied();
        if file.is_none() {
            let met = format!("FILEID {id}");
            draft.out.issue_at(
                path,
                IssueKind::BadStructure,
                &met,
                "the ID of a file or group of the file section",
            );
        }
        file
    }

    /// A stretch of a file: so many bytes, a time, a region of an image.
    fn area(&mut self, draft: &mut Draft<'_, '_>, area: ElementRef<'e>, node: Node, path: &str) {
        draft.out.rule("mets.area.part", path);
        let own = |name: &str| area.attribute(name).map(str::trim).unwrap_or_default();
        let Some(file) = self.file(draft, own("FILEID"), path) else { return };
        let (begin, end, coordinates) = (own("BEGIN"), own("END"), own("COORDS"));
        let mut extent = String::new();
        if !begin.is_empty() || !end.is_empty() {
            extent = [own("BETYPE"), begin, "–", end].join(" ").trim().to_owned();
        }
        if !own("EXTENT").is_empty() {
            extent = [&extent, own("EXTTYPE"), own("EXTENT")].join(" ").trim().to_owned();
        }
        if !coordinates.is_empty() {
            extent = [&extent, own("SHAPE"), coordinates].join(" ").trim().to_owned();
        }
        if extent.is_empty() {
            draft.out.link(node, dcterms::HAS_PART, file);
            return;
        }
        let key = content_key(&[own("FILEID"), &extent]);
        let part = draft.out.fragment(&format!("area-{key}"));
        draft.out.link(node, dcterms::HAS_PART, part);
        draft.out.a(part, premis::BITSTREAM);
        draft.out.link(part, dcterms::IS_PART_OF, file);
        draft.out.text(part, dcterms::EXTENT, &extent, None);
        self.sections.attach(draft, area, Owner::Part(part), path);
    }

    fn link(&self, draft: &mut Draft<'_, '_>, link: ElementRef<'e>) {
        draft.out.rule("mets.smLink.relation", "mets:structLink/mets:smLink");
        let end = |name: &str| link.attribute(name).unwrap_or_default().trim_start_matches('#');
        let (from, to) = (end("xlink:from"), end("xlink:to"));
        match (self.divisions.get(from), self.divisions.get(to)) {
            (Some(from), Some(to)) => draft.out.link(*from, dcterms::RELATION, *to),
            _ => {
                let met = format!("from {from} to {to}");
                draft.out.issue(IssueKind::BadStructure, &met, "the IDs of two divisions");
            }
        }
    }
}

struct Place<'p> {
    path: &'p str,
    /// The numbers that lead to a division without ID.
    name: &'p str,
    depth: usize,
    number: usize,
}

/// Another METS document, such as that of a representation.
fn pointer(draft: &mut Draft<'_, '_>, pointer: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("mets.mptr.part", path);
    let href =
        pointer.attribute("xlink:href").or_else(|| pointer.attribute("LOCREF")).unwrap_or_default().trim();
    if href.is_empty() {
        draft.out.issue(IssueKind::MissingValue, "mets:mptr", "xlink:href of another METS document");
        return;
    }
    let document = draft.out.fragment(&format!("package-{}", content_key(&[href])));
    draft.out.link(node, dcterms::HAS_PART, document);
    draft.out.a(document, foaf::DOCUMENT);
    draft.out.text(document, ebucore::LOCATOR, href, None);
    draft.out.text(document, rdfs::LABEL, pointer.attribute("xlink:title").unwrap_or(href), None);
    if href.starts_with("http") {
        let iri = draft.out.iri(href);
        iri.into_iter().for_each(|iri| draft.out.link(document, rdfs::SEE_ALSO, iri));
    }
}
