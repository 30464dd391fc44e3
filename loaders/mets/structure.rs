//! `structMap` and `structLink`: how the parts of the package make a whole.

use super::administrative::{Owner, Sections};
use super::draft::Draft;
use super::files::{self, Files};
use super::record::Large;
use crate::shared::xml::{Address, ElementRef};
use graph_model::{IssueKind, Node, content_key};
use std::collections::HashMap;
use vocabularies::{aarre, dc, dcmitype, dcterms, ebucore, foaf, premis, rdfs, skos};

/// What the structure is made of.
pub(super) struct Structure<'w, 'e> {
    pub(super) files: &'w Files<'e>,
    pub(super) sections: &'w mut Sections<'e>,
    by_id: HashMap<&'e str, Node>,
}

impl<'w, 'e> Structure<'w, 'e> {
    pub(super) fn new(files: &'w Files<'e>, sections: &'w mut Sections<'e>) -> Self {
        Self { files, sections, by_id: HashMap::new() }
    }

    pub(super) fn describe(&mut self, draft: &mut Draft<'_, '_>, root: ElementRef<'e>) {
        let maps = root.children("structMap").chain(root.path("structSec/structMap"));
        let stretch = draft.large.and_then(Large::stretch);
        for (index, map) in maps.enumerate() {
            match stretch {
                None => self.map(draft, map, index + 1, None),
                Some(stretch) => {
                    let number = stretch.context.first().map_or(1, |(_, number)| *number);
                    let before = Before { numbers: &stretch.context[1..], next: stretch.next };
                    self.map(draft, map, number, (!stretch.begins).then_some(before));
                }
            }
        }
        for link in root.path("structLink/smLink") {
            self.link(draft, link);
        }
        if root.path("structLink/smLinkGrp").next().is_some() {
            let met = "mets:smLinkGrp";
            draft.out.issue_at("mets:structLink", IssueKind::UnmappedField, met, "mets:smLink");
        }
    }

    fn map(
        &mut self,
        draft: &mut Draft<'_, '_>,
        map: ElementRef<'e>,
        number: usize,
        before: Option<Before<'_>>,
    ) {
        let path = files::path(map, number);
        draft.out.rule("mets.structMap.structure", &path);
        let name = map.attribute("ID").map_or_else(|| number.to_string(), str::to_owned);
        let node = draft.out.fragment(&format!("structure-{name}"));
        let around = Place { path: &path, name: &number.to_string(), depth: 0, number };
        if let Some(before) = before {
            self.divisions(draft, map, node, &around, Some(before));
            return;
        }
        let item = draft.item;
        draft.out.link(item, dcterms::HAS_PART, node);
        draft.out.a(node, dcmitype::COLLECTION);
        draft.out.text(node, rdfs::LABEL, map.attribute("LABEL").unwrap_or_default(), None);
        draft.out.text(node, dc::TYPE, map.attribute("TYPE").unwrap_or_default(), None);
        self.divisions(draft, map, node, &around, None);
    }

    /// The divisions in a map or division. Where this is a part of a large package, the first may have begun before.
    fn divisions(
        &mut self,
        draft: &mut Draft<'_, '_>,
        inside: ElementRef<'e>,
        node: Node,
        around: &Place<'_>,
        before: Option<Before<'_>>,
    ) {
        let first = match before {
            Some(Before { numbers: [(_, number), ..], .. }) => *number,
            Some(Before { next, .. }) => next + 1,
            None => 1,
        };
        for (index, inner) in inside.children("div").enumerate() {
            let number = first + index;
            let name = format!("{}-{number}", around.name);
            let depth = if inside.name() == "div" { around.depth + 1 } else { 0 };
            let place = Place { path: around.path, name: &name, depth, number };
            let before = match before {
                Some(Before { numbers: [_, rest @ ..], next }) if index == 0 => {
                    Some(Before { numbers: rest, next })
                }
                _ => None,
            };
            self.division(draft, inner, node, &place, before);
        }
    }

    fn division(
        &mut self,
        draft: &mut Draft<'_, '_>,
        div: ElementRef<'e>,
        parent: Node,
        place: &Place<'_>,
        before: Option<Before<'_>>,
    ) {
        let path = match div.attribute("ID") {
            Some(id) => format!("mets:div[@ID='{id}']"),
            None => format!("{}/mets:div[{}]", place.path, place.number),
        };
        draft.out.rule("mets.div.part", &path);
        let id = div.attribute("ID").map(str::trim).filter(|id| !id.is_empty());
        let name = id.unwrap_or(place.name);
        let node = draft.out.fragment(&format!("div-{name}"));
        if let Some(id) = id {
            self.by_id.insert(id, node);
        }
        if before.is_none() {
            self.own(draft, div, parent, node, place, &path);
        }
        self.pointers(draft, div, node, &path);
        let around = Place { path: &path, ..*place };
        self.divisions(draft, div, node, &around, before);
    }

    /// What a division says of itself.
    fn own(
        &mut self,
        draft: &mut Draft<'_, '_>,
        div: ElementRef<'e>,
        parent: Node,
        node: Node,
        place: &Place<'_>,
        path: &str,
    ) {
        draft.out.link(parent, dcterms::HAS_PART, node);
        draft.out.a(node, premis::INTELLECTUAL_ENTITY);
        draft.out.rule("mets.div.label", path);
        let label = div.attribute("LABEL").or_else(|| div.attribute("xlink:label")).unwrap_or_default();
        draft.out.text(node, rdfs::LABEL, label, None);
        draft.out.text(node, dc::TYPE, div.attribute("TYPE").unwrap_or_default(), None);
        draft.out.rule("mets.div.order", path);
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
        // What is about the package is told with it.
        if !whole || draft.large.is_none() {
            for id in files::ids(div, "DMDID") {
                draft.subjects.entry(id.to_owned()).or_default().push(subject);
            }
        }
        let owner = if whole { Owner::Item(subject) } else { Owner::Part(node) };
        self.sections.attach(draft, div, owner, path);
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
        let id = id.trim();
        let file = self.files.by_id.get(id).copied().or_else(|| {
            let index = &draft.large?.package.index;
            let word = if index.has_group(id) { "group" } else { index.file(id).map(|_| "file")? };
            Some(draft.out.fragment(&format!("{word}-{id}")))
        });
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
        let mut division = |id: &str| {
            self.by_id.get(id).copied().or_else(|| {
                let known = draft.large?.package.index.has_division(id);
                known.then(|| draft.out.fragment(&format!("div-{id}")))
            })
        };
        match (division(from), division(to)) {
            (Some(from), Some(to)) => draft.out.link(from, dcterms::RELATION, to),
            _ => {
                let met = format!("from {from} to {to}");
                draft.out.issue(IssueKind::BadStructure, &met, "the IDs of two divisions");
            }
        }
    }
}

/// What of a map was described in parts before this.
#[derive(Clone, Copy)]
struct Before<'b> {
    /// The numbers of the divisions that are open where the part begins.
    numbers: &'b [(Address, usize)],
    /// How many divisions the innermost had.
    next: usize,
}

#[derive(Clone, Copy)]
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
