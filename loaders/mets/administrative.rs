//! `amdSec`: what is known of the objects for keeping them, and to what it belongs.

use super::draft::Draft;
use super::premis::{self, Entity, Kind};
use super::record::extension;
use super::{files, technical};
use crate::shared::core;
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node};
use std::collections::{HashMap, HashSet};
use vocabularies::{dc, dcterms, foaf, premis as terms, rdfs};

/// A section of metadata: `techMD`, `rightsMD`, `sourceMD`, `digiprovMD` or, in METS 2, `md`.
#[derive(Debug)]
pub(super) struct Section<'e> {
    pub(super) element: ElementRef<'e>,
    pub(super) entities: Vec<Entity<'e>>,
    path: String,
    used: bool,
    told: bool,
}

/// All administrative sections, and what their IDs lead to: a section, or all of an `amdSec`.
#[derive(Debug, Default)]
pub(super) struct Sections<'e> {
    pub(super) list: Vec<Section<'e>>,
    by_id: HashMap<&'e str, Vec<usize>>,
}

/// What a section may belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Item(Node),
    File(Node),
    Part(Node),
}

impl Owner {
    pub(super) fn node(self) -> Node {
        match self {
            Self::Item(node) | Self::File(node) | Self::Part(node) => node,
        }
    }
}

impl<'e> Sections<'e> {
    pub(super) fn of(root: ElementRef<'e>) -> Self {
        let mut sections = Self::default();
        for part in root.elements() {
            match part.name() {
                "amdSec" => sections.collect(part, None),
                "mdSec" => sections.collect(part, None),
                _ => {}
            }
        }
        sections
    }

    /// Takes over from the parts of a large package what its sections are called and which are told elsewhere.
    pub(super) fn continue_with(&mut self, known: &[(usize, bool)]) {
        for (section, (number, told)) in self.list.iter_mut().zip(known) {
            if section.element.attribute("ID").is_none() {
                section.path = format!("mets:{}[{}]", section.element.name(), number + 1);
            }
            section.told = *told;
        }
    }

    fn collect(&mut self, around: ElementRef<'e>, group: Option<&'e str>) {
        let group = around.attribute("ID").or(group);
        for element in around.elements() {
            match element.name() {
                "techMD" | "rightsMD" | "sourceMD" | "digiprovMD" => self.add(element, group),
                "md" if !super::descriptive::is_descriptive(element) => self.add(element, group),
                "mdGrp" => self.collect(element, group),
                _ => {}
            }
        }
    }

    fn add(&mut self, element: ElementRef<'e>, group: Option<&'e str>) {
        let mut entities = Vec::new();
        for data in element.path("mdWrap/xmlData") {
            premis::entities(data, &mut entities);
        }
        let index = self.list.len();
        let id = element.attribute("ID").map(str::trim);
        for id in id.into_iter().chain(group.filter(|group| Some(*group) != id)) {
            self.by_id.entry(id).or_default().push(index);
        }
        let path = match id {
            Some(id) => format!("mets:{}[@ID='{id}']", element.name()),
            None => format!("mets:{}[{}]", element.name(), index + 1),
        };
        self.list.push(Section { element, entities, path, used: false, told: false });
    }

    /// The sections that the IDs of an attribute lead to.
    pub(super) fn named(&self, ids: &str) -> impl Iterator<Item = usize> {
        let mut indices: Vec<usize> = Vec::new();
        for id in ids.split_ascii_whitespace() {
            indices.extend(self.by_id.get(id).into_iter().flatten());
        }
        let mut seen = HashSet::new();
        indices.retain(|index| seen.insert(*index));
        indices.into_iter()
    }

    /// Whether an ID is that of a section.
    pub(super) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// The PREMIS object that tells what a file is becomes that file.
    pub(super) fn name_file(&mut self, draft: &mut Draft<'_, '_>, ids: &str, file: Node) {
        let indices: Vec<usize> = self.named(ids).collect();
        for index in indices {
            for entity in &mut self.list[index].entities {
                if entity.kind != Kind::Object || premis::category(entity.element) != "file" {
                    continue;
                }
                if entity.node.is_none() {
                    entity.node = Some(file);
                    for identifier in premis::identifiers(entity.element, "objectIdentifier") {
                        draft.is_object(&identifier, file);
                    }
                }
                return;
            }
        }
    }

    /// Gives all other entities their nodes.
    pub(super) fn name_rest(&mut self, draft: &mut Draft<'_, '_>) {
        for section in &mut self.list {
            premis::name_all(draft, &mut section.entities);
        }
        for section in &self.list {
            premis::links(draft, &section.entities);
        }
    }

    /// Says what the sections that an `ADMID` names say of its owner. What leads nowhere is an issue.
    pub(super) fn attach(
        &mut self,
        draft: &mut Draft<'_, '_>,
        element: ElementRef<'e>,
        owner: Owner,
        path: &str,
    ) {
        let ids = element.attribute("ADMID").or_else(|| element.attribute("MDID")).unwrap_or_default();
        if ids.is_empty() {
            return;
        }
        for id in ids.split_ascii_whitespace().filter(|id| !self.has(id)) {
            // In METS 2 one attribute leads to descriptive sections as well.
            if element.attribute("MDID").is_none() {
                let expected = "the ID of an amdSec, techMD, rightsMD, sourceMD or digiprovMD";
                draft.out.issue_at(path, IssueKind::BadStructure, &format!("ADMID {id}"), expected);
            }
        }
        let indices: Vec<usize> = self.named(ids).collect();
        for index in indices {
            self.attach_one(draft, index, owner);
        }
    }

    /// Says of the item what no part of the record is named for.
    pub(super) fn attach_rest(&mut self, draft: &mut Draft<'_, '_>) {
        let item = Owner::Item(draft.item);
        for index in 0..self.list.len() {
            if !self.list[index].used {
                self.attach_one(draft, index, item);
            }
        }
    }

    fn attach_one(&mut self, draft: &mut Draft<'_, '_>, index: usize, owner: Owner) {
        let section = &mut self.list[index];
        section.used = true;
        let first = !std::mem::replace(&mut section.told, true);
        let section = &self.list[index];
        for entity in &section.entities {
            if first {
                premis::tell(draft, entity, &section.path);
            }
            let file_object = entity.kind == Kind::Object && premis::category(entity.element) == "file";
            match owner {
                // One description may serve several files.
                Owner::File(file)
                    if file_object && entity.node != Some(file) && files::is_file(draft, entity.node) =>
                {
                    premis::tell(draft, &Entity { node: Some(file), ..*entity }, &section.path);
                }
                _ => premis::attach(draft, entity, owner.node(), &section.path),
            }
        }
        if let Some(reference) = section.element.child("mdRef") {
            draft.out.rule("mets.mdRef.metadata", &section.path);
            reference_to(draft, reference, section.element, owner.node(), first);
        }
        if let Some(wrap) = section.element.child("mdWrap")
            && section.entities.is_empty()
        {
            other(draft, wrap, section, owner, first);
        }
    }
}

/// The kind of metadata that a wrapper or reference names.
pub(super) fn kind<'e>(element: ElementRef<'e>) -> &'e str {
    let named = element.attribute("MDTYPE").unwrap_or_default();
    match element.attribute("OTHERMDTYPE") {
        Some(other) if named == "OTHER" || named.is_empty() => other,
        _ => named,
    }
}

fn other(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>, section: &Section<'_>, owner: Owner, first: bool) {
    let mut any = false;
    for data in wrap.children("xmlData") {
        for content in data.elements() {
            any = true;
            if technical::is_technical(content) {
                draft.out.rule("mets.techMD.technical", &section.path);
                technical::describe(draft, content, owner.node());
            } else if content.name() == "RightsDeclarationMD" {
                rights_declaration(draft, content, owner, &section.path);
            } else if content.name() == "rights" && content.namespace().contains("purl.org/dc/") {
                draft.out.rule("mets.rightsMD.rights", &section.path);
                state_rights(draft, owner, &content.text());
            } else if first && !content.namespace().contains("premis") {
                unread(draft, kind(wrap), content.name(), &section.path);
            }
        }
    }
    if !any && first && wrap.child("binData").is_some() {
        unread(draft, kind(wrap), "binData", &section.path);
    }
}

/// Tells once a kind that embedded metadata is not read.
pub(super) fn unread(draft: &mut Draft<'_, '_>, kind: &str, element: &str, path: &str) {
    let kind = if kind.is_empty() { element } else { kind };
    if draft.unread.insert(format!("{kind} {element}")) {
        let met = format!("embedded {kind} ({element}) is not read");
        draft.out.issue_at(
            path,
            IssueKind::UnmappedField,
            &met,
            "Dublin Core, MODS, PREMIS, MIX, AudioMD, VideoMD, TextMD or METSRights; or, of the package, EAD, EAC-CPF, LIDO or MARCXML in a dmdSec",
        );
    }
}

fn rights_declaration(draft: &mut Draft<'_, '_>, content: ElementRef<'_>, owner: Owner, path: &str) {
    draft.out.rule("mets.rightsMD.rights", path);
    for declaration in content.children("RightsDeclaration") {
        state_rights(draft, owner, &declaration.text());
    }
    draft.out.rule("mets.rightsMD.rightsHolder", path);
    for holder in content.path("RightsHolder/RightsHolderName") {
        draft.out.text(owner.node(), dcterms::RIGHTS_HOLDER, &holder.text(), None);
    }
}

fn state_rights(draft: &mut Draft<'_, '_>, owner: Owner, text: &str) {
    let subject = match owner {
        Owner::Item(_) => draft.aggregation(),
        other => other.node(),
    };
    core::rights(draft.out, subject, text, None);
}

/// A file of metadata that the record points to.
pub(super) fn reference_to(
    draft: &mut Draft<'_, '_>,
    reference: ElementRef<'_>,
    section: ElementRef<'_>,
    owner: Node,
    first: bool,
) {
    let id = section.attribute("ID").or_else(|| reference.attribute("ID"));
    let node = match id {
        Some(id) => draft.out.fragment(&format!("metadata-{id}")),
        None => draft.fragment("metadata"),
    };
    draft.out.link(owner, rdfs::SEE_ALSO, node);
    if !first {
        return;
    }
    draft.out.a(node, foaf::DOCUMENT);
    draft.out.a(node, terms::FILE);
    draft.out.text(node, dc::TYPE, kind(reference), None);
    let label = reference.attribute("LABEL").or_else(|| reference.attribute("xlink:title"));
    draft.out.text(node, rdfs::LABEL, label.unwrap_or_default(), None);
    let href = reference.attribute("xlink:href").or_else(|| reference.attribute("LOCREF"));
    files::locate(draft, node, href.unwrap_or_default());
    files::core(draft, reference, node);
    if let Some(status) = section.attribute("STATUS") {
        draft.out.text(node, terms::NOTE, status, None);
    }
    if let Some(pid) = extension(section, "PID") {
        draft.out.text(node, dcterms::IDENTIFIER, pid, None);
    }
    if href.is_some_and(|href| href.starts_with("http")) {
        let iri = draft.out.iri(href.unwrap_or_default());
        iri.into_iter().for_each(|iri| draft.out.link(node, rdfs::SEE_ALSO, iri));
    }
    if href.is_none() {
        draft.out.issue(IssueKind::MissingValue, kind(reference), "xlink:href of the metadata");
    }
}
