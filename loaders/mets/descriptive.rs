//! `dmdSec`: what the package, a file or a division is about.
//!
//! Dublin Core and MODS say of the item what they say in records of their own. Of a file or division they say it in plain
//! DCMI terms on its fragment, as a part has no record of its own. Records that
//! other loaders read are read by them (`embedded.rs`). Other standards are named and pointed to.

use super::administrative::{kind, reference_to, unread};
use super::draft::Draft;
use super::embedded;
use super::files;
use super::package::PartOf;
use super::premis::{self, Kind};
use super::record::extension;
use super::table;
use crate::shared::core::Sector;
use crate::shared::xml::ElementRef;
use crate::shared::{dc, mods};
use graph_model::Node;
use vocabularies::{dc as dc_terms, dcterms, foaf, rdfs};

/// Whether a section of METS 2 is descriptive.
pub(super) fn is_descriptive(md: ElementRef<'_>) -> bool {
    md.attribute("USE").is_some_and(|purpose| purpose.eq_ignore_ascii_case("DESCRIPTIVE"))
}

fn sections<'e>(root: ElementRef<'e>) -> Vec<ElementRef<'e>> {
    let mut found: Vec<ElementRef<'e>> = root.children("dmdSec").collect();
    for md in root.path("mdSec/md").chain(root.path("mdSec/mdGrp/md")) {
        if is_descriptive(md) {
            found.push(md);
        }
    }
    found
}

/// The sector that the descriptive metadata is at home in; digital preservation is archiving where nothing tells.
pub(super) fn sector(root: ElementRef<'_>) -> Sector {
    sections(root).into_iter().find_map(sector_of).unwrap_or(Sector::Archive)
}

/// The sector that the metadata of a section is at home in.
pub(super) fn sector_of(section: ElementRef<'_>) -> Option<Sector> {
    section.children("mdWrap").chain(section.children("mdRef")).find_map(|holder| {
        match table::find("sector", kind(holder))? {
            "archive" => Some(Sector::Archive),
            "library" => Some(Sector::Library),
            "museum" => Some(Sector::Museum),
            _ => None,
        }
    })
}

pub(super) fn describe(draft: &mut Draft<'_, '_>, root: ElementRef<'_>) {
    for (index, section) in sections(root).into_iter().enumerate() {
        let path = files::path(section, index + 1);
        let id = section.attribute("ID").unwrap_or_default();
        let mut subjects = draft.subjects.get(id).cloned().unwrap_or_default();
        subjects.sort_unstable();
        subjects.dedup();
        let told = match draft.large.map(|large| (large, large.part)) {
            // What is about the package is told with it, not with the parts that name it as well.
            Some((large, PartOf::Stretch(stretch))) => !large.package.index.is_first(id, stretch),
            _ if subjects.is_empty() => {
                subjects.push(draft.item);
                false
            }
            _ => false,
        };
        for (number, subject) in subjects.into_iter().enumerate() {
            of_one(draft, section, subject, &path, number == 0 && !told);
        }
    }
}

fn of_one(draft: &mut Draft<'_, '_>, section: ElementRef<'_>, subject: Node, path: &str, first: bool) {
    if let Some(pid) = extension(section, "PID") {
        draft.out.rule("mets.dmdSec.identifier", path);
        draft.out.text(subject, dcterms::IDENTIFIER, pid, None);
    }
    for reference in section.children("mdRef") {
        draft.out.rule("mets.mdRef.metadata", path);
        reference_to(draft, reference, section, subject, first);
    }
    for wrap in section.children("mdWrap") {
        for data in wrap.children("xmlData") {
            content(draft, wrap, data, subject, path);
        }
        if wrap.child("binData").is_some() {
            named(draft, section, wrap, subject, path);
            unread(draft, kind(wrap), "binData", path);
        }
    }
}

fn content(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>, data: ElementRef<'_>, subject: Node, path: &str) {
    if data.elements().any(is_dublin_core) {
        dublin_core(draft, data, subject, path);
        return;
    }
    let mut entities = Vec::new();
    premis::entities(data, &mut entities);
    if !entities.is_empty() && kind(wrap).starts_with("PREMIS") {
        for entity in &mut entities {
            // What is told of a division in PREMIS is that division.
            if entity.kind == Kind::Object && premis::category(entity.element) != "file" {
                entity.node = Some(subject);
            }
        }
        premis::name_all(draft, &mut entities);
        for entity in &entities {
            premis::tell(draft, entity, path);
            premis::attach(draft, entity, subject, path);
        }
        return;
    }
    for content in data.elements() {
        match content.name() {
            "mods" => of_mods(draft, content, subject, path),
            "modsCollection" => content.children("mods").for_each(|one| of_mods(draft, one, subject, path)),
            _ if content.elements().any(is_dublin_core) => dublin_core(draft, content, subject, path),
            name => {
                if let Some(section) = wrap.parent() {
                    let node = named(draft, section, wrap, subject, path);
                    if !embedded::describe(draft, content, subject, node, path) {
                        unread(draft, kind(wrap), name, path);
                    }
                }
            }
        }
    }
}

fn is_dublin_core(element: ElementRef<'_>) -> bool {
    // Some wrappers are in the namespace, too; they have elements inside, which no term has.
    matches!(element.namespace(), dc_terms::NAMESPACE | dcterms::NAMESPACE)
        && element.elements().next().is_none()
}

fn dublin_core(draft: &mut Draft<'_, '_>, content: ElementRef<'_>, subject: Node, path: &str) {
    if subject == draft.item {
        draft.titled |= content.children("title").any(|title| !title.is_empty());
        dc::describe(content, draft.out);
        return;
    }
    draft.out.rule("mets.dmdSec.part", path);
    for element in content.elements().filter(|element| !element.is_empty()) {
        let property = table::term(&format!("dcterms:{}", element.name()));
        let property = property.unwrap_or(dcterms::DESCRIPTION);
        draft.out.text(subject, property, &element.text(), element.attribute("xml:lang"));
    }
}

fn of_mods(draft: &mut Draft<'_, '_>, content: ElementRef<'_>, subject: Node, path: &str) {
    if subject == draft.item {
        draft.titled |= content.path("titleInfo/title").any(|title| !title.is_empty());
        mods::describe(content, draft.out);
        return;
    }
    draft.out.rule("mets.dmdSec.part", path);
    for (way, property) in [
        ("titleInfo/title", dcterms::TITLE),
        ("name/namePart", dcterms::CONTRIBUTOR),
        ("originInfo/dateIssued", dcterms::DATE),
        ("originInfo/dateCreated", dcterms::DATE),
        ("identifier", dcterms::IDENTIFIER),
        ("abstract", dcterms::DESCRIPTION),
        ("note", dcterms::DESCRIPTION),
        ("physicalDescription/extent", dcterms::EXTENT),
        ("part/detail/number", dcterms::IDENTIFIER),
    ] {
        for element in content.path(way) {
            draft.out.text(subject, property, &element.text(), element.language());
        }
    }
}

/// Metadata in another standard: what it is stays known.
fn named(
    draft: &mut Draft<'_, '_>,
    section: ElementRef<'_>,
    wrap: ElementRef<'_>,
    subject: Node,
    path: &str,
) -> Node {
    draft.out.rule("mets.mdWrap.metadata", path);
    let node = match section.attribute("ID") {
        Some(id) => draft.out.fragment(&format!("metadata-{id}")),
        None => draft.fragment("metadata"),
    };
    draft.out.link(subject, rdfs::SEE_ALSO, node);
    draft.out.a(node, foaf::DOCUMENT);
    draft.out.text(node, dc_terms::TYPE, kind(wrap), None);
    draft.out.text(node, rdfs::LABEL, wrap.attribute("LABEL").unwrap_or_default(), None);
    files::core(draft, wrap, node);
    node
}
