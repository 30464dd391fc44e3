//! Relations to records, works and functions, and other descriptions of the same agent.

use super::control;
use super::draft::Draft;
use super::parts;
use super::relations;
use super::table;
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node};
use vocabularies::{aarre, rico};

/// States a relation to archival material, a work or another thing that was made.
pub(super) fn resource(draft: &mut Draft<'_, '_>, relation: ElementRef<'_>, path: &str) {
    draft.out.rule("eac.resourceRelation.resource", path);
    let subject = draft.subject;
    let node = draft.fragment("resource");
    let told = ["xlink:arcrole", "arcrole", "resourceRelationType"]
        .into_iter()
        .filter_map(|name| relation.attribute(name))
        .map(str::to_owned);
    let elements = ["targetRole", "relationType"].into_iter().flat_map(|name| relation.children(name));
    let roles: Vec<String> = told
        .chain(elements.map(|role| role.text().into_owned()))
        .filter(|role| !role.trim().is_empty())
        .collect();
    let property = roles.iter().find_map(|role| table::find("resource", role)).and_then(table::term);
    if property.is_none()
        && let Some(role) = roles.first()
    {
        draft.out.issue(IssueKind::UnknownRole, role, "creatorOf, subjectOf or other");
    }
    draft.out.link(subject, property.unwrap_or(rico::IS_RELATED_TO), node);
    draft.out.a(node, rico::RECORD_RESOURCE);
    for role in roles.iter().filter(|role| table::find("resource", role).is_none()) {
        draft.out.text(node, aarre::ROLE_AS_WRITTEN, role, None);
    }
    title(draft, node, relation);
    pointer(draft, node, relation);
    relations::circumstances(draft, node, relation);
}

/// The title of a resource: its entry, or what a wrapped description says.
fn title(draft: &mut Draft<'_, '_>, node: Node, relation: ElementRef<'_>) {
    let mut titled = false;
    for entry in relation.children("relationEntry").filter(|entry| !entry.is_empty()) {
        let language = super::draft::told_language(entry).and_then(crate::shared::languages::tag);
        draft.out.text(node, rico::TITLE, &entry.text(), language);
        titled = true;
    }
    for part in relation.children("targetEntity").flat_map(|target| target.children("part")) {
        let language = super::draft::told_language(part).and_then(crate::shared::languages::tag);
        draft.out.text(node, rico::TITLE, &part.text(), language);
        titled = true;
    }
    for wrap in relation.children("objectXMLWrap") {
        for inner in wrap.descendants() {
            match inner.name() {
                "unitid" => draft.out.text(node, rico::IDENTIFIER, &inner.text(), None),
                "unittitle" | "title" if !titled => {
                    draft.out.text(node, rico::TITLE, &inner.text(), None);
                    titled = true;
                }
                _ => {}
            }
        }
    }
}

/// An address is a page about the thing; anything else is the identifier that its keeper gave it.
fn pointer(draft: &mut Draft<'_, '_>, node: Node, relation: ElementRef<'_>) {
    let entity = relation.child("targetEntity").and_then(|target| target.attribute("valueURI"));
    let href = ["xlink:href", "href"].into_iter().find_map(|name| relation.attribute(name)).or(entity);
    let Some(href) = href.map(str::trim).filter(|href| !href.is_empty()) else { return };
    if href.starts_with("http://") || href.starts_with("https://") {
        if let Some(page) = draft.out.iri(href) {
            draft.out.link(node, vocabularies::rdfs::SEE_ALSO, page);
        }
    } else {
        draft.out.text(node, rico::IDENTIFIER, href, None);
    }
}

/// States a function that the agent controls, owns or performs.
pub(super) fn function(draft: &mut Draft<'_, '_>, relation: ElementRef<'_>, path: &str) {
    draft.out.rule("eac.functionRelation.activity", path);
    let activity = parts::activity(draft, relation);
    for entry in relation
        .children("relationEntry")
        .chain(relation.children("targetEntity").flat_map(|target| target.children("part")))
    {
        let language = draft.language_of(entry);
        draft.out.text(activity, rico::NAME, &entry.text(), language);
    }
    let roles =
        ["functionRelationType", "xlink:arcrole"].into_iter().filter_map(|name| relation.attribute(name));
    for role in roles.filter(|role| *role != "performs") {
        draft.out.text(activity, aarre::ROLE_AS_WRITTEN, table::last_segment(role), None);
    }
    control::see_also(draft, activity, relation);
}

/// States the descriptions of the same agent that other systems keep.
pub(super) fn alternatives(draft: &mut Draft<'_, '_>, set: ElementRef<'_>) {
    for (index, component) in set.children("setComponent").enumerate() {
        draft.out.rule("eac.alternativeSet.record", &format!("alternativeSet/setComponent[{}]", index + 1));
        let (subject, node) = (draft.subject, draft.fragment("description"));
        draft.out.link(subject, rico::IS_OR_WAS_DESCRIBED_BY, node);
        draft.out.a(node, rico::RECORD);
        for entry in component.children("componentEntry") {
            let language = draft.language_of(entry);
            draft.out.text(node, rico::TITLE, &entry.text(), language);
        }
        for wrapped in component.children("objectXMLWrap").flat_map(ElementRef::descendants) {
            if wrapped.name() == "recordId" {
                draft.out.text(node, rico::IDENTIFIER, &wrapped.text(), None);
            }
        }
        parts::notes(draft, node, component);
        control::see_also(draft, node, component);
    }
}
