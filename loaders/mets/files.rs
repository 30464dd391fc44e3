//! `fileSec`: the files of the package, their groups, streams and addresses.

use super::administrative::{Owner, Sections};
use super::draft::{Draft, FileFormat};
use super::record::{Large, extension};
use super::table;
use crate::shared::core::{self, View};
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node, content_key};
use std::collections::{HashMap, HashSet};
use vocabularies::{aarre, dc, dcmitype, dcterms, ebucore, edm, premis, rdfs};

/// The nodes of files and groups, by ID.
#[derive(Debug, Default)]
pub(super) struct Files<'e> {
    pub(super) by_id: HashMap<&'e str, Node>,
    /// The nodes of files in document order, for those without ID, too.
    nodes: Vec<Node>,
    groups: Vec<Option<Node>>,
    taken: HashSet<Node>,
}

/// What the files of a group are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Content,
    Preview,
    /// Schemas, documentation and the like: part of the package, no view of what it holds.
    Support,
}

fn use_of(text: &str) -> Use {
    let word = text.rsplit('/').next().unwrap_or_default();
    match table::find("use", text).or_else(|| table::find("use", word)) {
        Some("support") => Use::Support,
        Some("preview") => Use::Preview,
        _ => Use::Content,
    }
}

/// Whether the files of a group are what the package is about.
pub(super) fn is_content(group: ElementRef<'_>) -> bool {
    is_content_use(group.attribute("USE").unwrap_or_default())
}

/// Whether what is used so is what the package is about.
pub(super) fn is_content_use(text: &str) -> bool {
    use_of(text) == Use::Content
}

/// Whether a file at an address that anybody can follow is a preview, or the thing itself; `None` for others.
pub(super) fn shown(location: ElementRef<'_>, purpose: &str) -> Option<bool> {
    let address = href(location).filter(|address| is_followed(address))?;
    let readable = !address.contains([' ', '<', '>', '"', '{', '}', '|', '\\', '^', '`']);
    match use_of(purpose) {
        Use::Preview if readable => Some(true),
        Use::Content if readable => Some(false),
        _ => None,
    }
}

fn is_followed(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// Whether a node is that of a file of the file section.
pub(super) fn is_file(draft: &Draft<'_, '_>, node: Option<Node>) -> bool {
    node.is_some_and(|node| draft.out.iri_of(node).contains("#file-"))
}

/// Gives every file and group its node, and the PREMIS objects that tell of files the same.
pub(super) fn name<'e>(
    draft: &mut Draft<'_, '_>,
    root: ElementRef<'e>,
    sections: &mut Sections<'e>,
) -> Files<'e> {
    let mut files = Files::default();
    let before = draft.large.and_then(Large::stretch).map_or(0, |stretch| stretch.files);
    for section in root.children("fileSec") {
        name_in(draft, section, sections, &mut files, before);
    }
    files
}

fn name_in<'e>(
    draft: &mut Draft<'_, '_>,
    around: ElementRef<'e>,
    sections: &mut Sections<'e>,
    files: &mut Files<'e>,
    before: usize,
) {
    for element in around.elements() {
        let id = element.attribute("ID").map(str::trim).filter(|id| !id.is_empty());
        match element.name() {
            "fileGrp" => {
                let named = id.or_else(|| element.attribute("USE").filter(|word| !word.is_empty()));
                // A group that nobody names is a pair of brackets.
                let node = named.map(|name| draft.out.fragment(&format!("group-{name}")));
                files.groups.push(node);
                if let (Some(id), Some(node)) = (id, node) {
                    files.by_id.insert(id, node);
                }
                name_in(draft, element, sections, files, before);
            }
            "file" => {
                let href = || element.children("FLocat").find_map(href).filter(|href| !href.is_empty());
                let name = id.map(str::to_owned).or_else(|| href().map(|href| content_key(&[href])));
                let mut node = match name.filter(|name| !name.is_empty()) {
                    Some(name) => draft.out.fragment(&format!("file-{name}")),
                    None => draft.fragment("file"),
                };
                // In a part of a large package another part may have the first file of this ID.
                let number = (before + files.nodes.len()) as u32;
                let first = id.and_then(|id| draft.large?.package.index.file(id)).unwrap_or(number);
                if !files.taken.insert(node) || first != number {
                    draft.out.rule("mets.file.file", &path(element, files.nodes.len() + 1));
                    let met = id.or_else(href).unwrap_or_default();
                    draft.out.issue(IssueKind::BadStructure, met, "each ID and address of a file once");
                    node = draft.fragment("file-again");
                    files.taken.insert(node);
                }
                files.nodes.push(node);
                if let Some(id) = id {
                    files.by_id.entry(id).or_insert(node);
                }
                let ids =
                    element.attribute("ADMID").or_else(|| element.attribute("MDID")).unwrap_or_default();
                sections.name_file(draft, ids, node);
                name_in(draft, element, sections, files, before);
            }
            _ => {}
        }
    }
}

fn href(location: ElementRef<'_>) -> Option<&str> {
    location.attribute("xlink:href").or_else(|| location.attribute("LOCREF")).map(str::trim)
}

/// Where a walk through the file section stands.
struct Walk<'w, 'e> {
    files: &'w Files<'e>,
    sections: &'w mut Sections<'e>,
    next_file: usize,
    next_group: usize,
    /// What stands before, where this is a part of a large package.
    files_before: usize,
    groups_before: usize,
    /// How many of the groups that come first were described in another part.
    described: usize,
}

pub(super) fn describe<'e>(
    draft: &mut Draft<'_, '_>,
    root: ElementRef<'e>,
    files: &Files<'e>,
    sections: &mut Sections<'e>,
) {
    let item = draft.item;
    let stretch = draft.large.and_then(Large::stretch);
    let (files_before, groups_before, described) = stretch.map_or((0, 0, 0), |stretch| {
        let described = stretch.context.len();
        (stretch.files, stretch.groups - described, described)
    });
    let (next_file, next_group) = (0, 0);
    let mut walk = Walk { files, sections, next_file, next_group, files_before, groups_before, described };
    for section in root.children("fileSec") {
        within(draft, section, &mut walk, item, "");
    }
}

fn within<'e>(
    draft: &mut Draft<'_, '_>,
    around: ElementRef<'e>,
    walk: &mut Walk<'_, 'e>,
    parent: Node,
    purpose: &str,
) {
    for element in around.elements() {
        match element.name() {
            "fileGrp" => {
                let node = walk.files.groups.get(walk.next_group).copied().flatten();
                walk.next_group += 1;
                let own = element.attribute("USE").unwrap_or_default();
                let purpose = if own.is_empty() { purpose } else { own };
                if let Some(node) = node
                    && walk.next_group > walk.described
                {
                    group(draft, element, walk, parent, node);
                }
                within(draft, element, walk, node.unwrap_or(parent), purpose);
            }
            "file" => {
                let Some(node) = walk.files.nodes.get(walk.next_file).copied() else { continue };
                walk.next_file += 1;
                let own = element.attribute("USE").unwrap_or_default();
                let purpose = if own.is_empty() { purpose } else { own };
                file(draft, element, walk, parent, node, purpose);
                within(draft, element, walk, node, purpose);
            }
            _ => {}
        }
    }
}

fn group<'e>(
    draft: &mut Draft<'_, '_>,
    element: ElementRef<'e>,
    walk: &mut Walk<'_, 'e>,
    parent: Node,
    node: Node,
) {
    let path = path(element, walk.groups_before + walk.next_group);
    draft.out.rule("mets.fileGrp.group", &path);
    draft.out.link(parent, dcterms::HAS_PART, node);
    draft.out.a(node, dcmitype::COLLECTION);
    draft.out.text(node, rdfs::LABEL, element.attribute("USE").unwrap_or_default(), None);
    if let Some(kind) = content_type(element) {
        draft.out.rule("mets.fileGrp.contentInformationType", &path);
        draft.out.text(node, dc::TYPE, kind, None);
    }
    draft.moment(node, dcterms::DATE, element.attribute("VERSDATE").unwrap_or_default());
    walk.sections.attach(draft, element, Owner::Part(node), &path);
}

/// The content information type of E-ARK.
pub(super) fn content_type(element: ElementRef<'_>) -> Option<&str> {
    let kind = extension(element, "CONTENTINFORMATIONTYPE")?;
    if kind == "OTHER" { extension(element, "OTHERCONTENTINFORMATIONTYPE") } else { Some(kind) }
}

pub(super) fn path(element: ElementRef<'_>, number: usize) -> String {
    match element.attribute("ID") {
        Some(id) => format!("mets:{}[@ID='{id}']", element.name()),
        None => format!("mets:{}[{number}]", element.name()),
    }
}

fn file<'e>(
    draft: &mut Draft<'_, '_>,
    element: ElementRef<'e>,
    walk: &mut Walk<'_, 'e>,
    parent: Node,
    node: Node,
    purpose: &str,
) {
    let path = path(element, walk.files_before + walk.next_file);
    draft.out.rule("mets.file.file", &path);
    if let Some(large) = draft.large {
        let (index, number) = (&large.package.index, (walk.files_before + walk.next_file - 1) as u32);
        (draft.shown_by, draft.preview) = (index.shown_by != Some(number), index.preview != Some(number));
    }
    draft.out.link(parent, dcterms::HAS_PART, node);
    draft.out.a(node, premis::FILE);
    draft.out.a(node, edm::WEB_RESOURCE);
    let what = use_of(purpose);
    if what == Use::Content {
        let aggregation = draft.aggregation();
        draft.out.link(aggregation, edm::HAS_VIEW, node);
    }
    draft.out.rule("mets.file.use", &path);
    draft.out.text(node, dc::TYPE, purpose, None);
    draft.out.rule("mets.file.attributes", &path);
    core(draft, element, node);
    draft.out.text(node, dcterms::IDENTIFIER, element.attribute("OWNERID").unwrap_or_default(), None);
    draft.whole(node, aarre::SEQUENCE, element.attribute("SEQ").unwrap_or_default());
    draft.out.rule("mets.file.format", &path);
    let own = |name: &str| extension(element, name).unwrap_or_default();
    draft.format(
        node,
        &FileFormat {
            name: own("FILEFORMATNAME"),
            version: own("FILEFORMATVERSION"),
            registry: own("FILEFORMATREGISTRY"),
            key: own("FILEFORMATKEY"),
        },
    );
    for location in element.children("FLocat") {
        draft.out.rule("mets.FLocat.locator", &path);
        locate(draft, node, href(location).unwrap_or_default());
        draft.out.text(node, rdfs::LABEL, location.attribute("xlink:title").unwrap_or_default(), None);
        show(draft, location, element, node, what);
    }
    if element.child("FContent").is_some() {
        let met = "a file inside of the METS document";
        draft.out.issue(IssueKind::UnmappedField, met, "an FLocat; bytes are no part of a graph");
    }
    for (index, stream) in element.children("stream").enumerate() {
        self::stream(draft, stream, walk, node, &format!("{path}/mets:stream[{}]", index + 1), index + 1);
    }
    for id in ids(element, "DMDID") {
        draft.subjects.entry(id.to_owned()).or_default().push(node);
    }
    walk.sections.attach(draft, element, Owner::File(node), &path);
}

/// The IDs of an attribute; in METS 2 `MDID` stands for all.
pub(super) fn ids<'e>(element: ElementRef<'e>, name: &str) -> impl Iterator<Item = &'e str> {
    element.attribute(name).or_else(|| element.attribute("MDID")).unwrap_or_default().split_ascii_whitespace()
}

/// The attributes that METS calls the core of a file: media type, size, creation, checksum.
pub(super) fn core(draft: &mut Draft<'_, '_>, element: ElementRef<'_>, node: Node) {
    let own = |name: &str| element.attribute(name).map(str::trim).unwrap_or_default();
    draft.out.text(node, ebucore::HAS_MIME_TYPE, own("MIMETYPE"), None);
    draft.out.text(node, dc::FORMAT, own("MIMETYPE"), None);
    draft.whole(node, premis::SIZE, own("SIZE"));
    if own("SIZE").bytes().all(|b| b.is_ascii_digit()) {
        draft.whole(node, ebucore::FILE_BYTE_SIZE, own("SIZE"));
    }
    draft.moment(node, dcterms::CREATED, own("CREATED"));
    draft.fixity(node, own("CHECKSUMTYPE"), own("CHECKSUM"), "");
}

/// Says where a file stands, and calls it by the last part of its path.
pub(super) fn locate(draft: &mut Draft<'_, '_>, node: Node, href: &str) {
    draft.out.text(node, ebucore::LOCATOR, href, None);
    let name = href.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or_default();
    draft.out.text(node, ebucore::FILENAME, name, None);
}

/// Links the address of a file, where it has one that anybody can follow, as a view of the item.
fn show(draft: &mut Draft<'_, '_>, location: ElementRef<'_>, file: ElementRef<'_>, node: Node, what: Use) {
    let address = href(location).unwrap_or_default();
    if !is_followed(address) {
        return;
    }
    let view = match what {
        Use::Support => return,
        Use::Preview if draft.preview => View::Other,
        Use::Preview => View::Preview,
        Use::Content if draft.shown_by => View::Other,
        Use::Content => View::ShownBy,
    };
    draft.out.rule("mets.FLocat.view", &path(file, 0));
    if let Some(resource) = core::web_resource(draft.out, address, view, file.attribute("MIMETYPE")) {
        draft.out.link(node, rdfs::SEE_ALSO, resource);
        draft.shown_by |= view == View::ShownBy;
        draft.preview |= view == View::Preview;
    }
}

/// A stream inside of a file, such as the sound of a film: a bitstream.
fn stream<'e>(
    draft: &mut Draft<'_, '_>,
    element: ElementRef<'e>,
    walk: &mut Walk<'_, 'e>,
    file: Node,
    path: &str,
    number: usize,
) {
    draft.out.rule("mets.stream.bitstream", path);
    let admid = element.attribute("ADMID").or_else(|| element.attribute("MDID")).unwrap_or_default();
    let known = walk.sections.named(admid).find_map(|index| {
        let entities = &walk.sections.list[index].entities;
        entities
            .iter()
            .find(|entity| super::premis::category(entity.element) == "bitstream")
            .and_then(|e| e.node)
    });
    let name = match element.attribute("ID") {
        Some(id) => format!("stream-{id}"),
        None => {
            let iri = draft.out.iri_of(file);
            format!("{}-stream-{number}", iri.rsplit('#').next().unwrap_or("file"))
        }
    };
    let node = known.unwrap_or_else(|| draft.out.fragment(&name));
    draft.out.link(file, dcterms::HAS_PART, node);
    draft.out.a(node, premis::BITSTREAM);
    draft.out.text(node, dc::TYPE, element.attribute("streamType").unwrap_or_default(), None);
    for id in ids(element, "DMDID") {
        draft.subjects.entry(id.to_owned()).or_default().push(node);
    }
    walk.sections.attach(draft, element, Owner::Part(node), path);
}
