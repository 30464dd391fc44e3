//! The notes of a description, by the table `mapping.tsv`; where the material stands; conditions of use.

use super::describe::language_of;
use super::extent;
use super::mapping;
use super::record::{Own, Record};
use super::relations;
use super::text;
use crate::shared::xml::ElementRef;
use crate::shared::{core, rights};
use graph_model::{Description, IssueKind};
use vocabularies::{edm, rdfs, rico};

/// What other modules read, and what tells nothing about the material: lists for the page, and numbering.
const ELSEWHERE: [&str; 17] = [
    "bioghist",
    "controlaccess",
    "container",
    "dao",
    "daogrp",
    "daoset",
    "dsc",
    "frontmatter",
    "head",
    "langmaterial",
    "list",
    "origination",
    "p",
    "physdesc",
    "relations",
    "repository",
    "thead",
];

/// Describes all notes of a record.
pub(super) fn describe(record: &Record, out: &mut Description<'_>) {
    let item = out.item();
    for element in record.own.did() {
        if matches!(element.name(), "abstract" | "didnote" | "materialspec" | "note") {
            note(element, "did", record, out);
        }
    }
    for element in record.own.notes() {
        if mapping::note(element.name()).is_some() {
            note(element, "", record, out);
        } else if !ELSEWHERE.contains(&element.name()) {
            let words = text::line(element);
            if !words.is_empty() {
                out.rule("ead.unmapped", element.name());
                out.issue(IssueKind::UnmappedField, &words, "an element of EAD that the mapping knows");
                out.text(item, rico::GENERAL_DESCRIPTION, &words, language_of(element, record).as_deref());
            }
        }
    }
    location(record, out);
    access_above(record, out);
    rights_to_object(record, out);
}

/// The name of the fragment that holds the conditions of access of a description.
const ACCESS: &str = "access";

/// Whether a description has conditions of access of its own.
pub(super) fn restricts_access(own: &Own) -> bool {
    own.notes().any(|note| note.name() == "accessrestrict" && !text::note(note).is_empty())
}

/// Refers to the conditions of access of what holds the component, where it has none of its own.
fn access_above(record: &Record, out: &mut Description<'_>) {
    let above = record.parent.as_deref().and_then(|parent| parent.access.as_deref());
    let Some(local) = above.filter(|_| !restricts_access(&record.own)) else { return };
    out.rule("ead.accessrestrict.inherited", "../accessrestrict");
    let (item, rule) = (out.item(), out.sibling_fragment(local, ACCESS));
    out.link(item, rico::IS_OR_WAS_REGULATED_BY, rule);
}

fn note(element: ElementRef<'_>, within: &str, record: &Record, out: &mut Description<'_>) {
    let Some(note) = mapping::note(element.name()) else { return };
    if within.is_empty() {
        out.rule(note.rule, note.element);
    } else {
        out.rule(note.rule, &format!("{within}/{}", note.element));
    }
    let item = out.item();
    let words = if note.element == "odd" { text::headed(element) } else { text::note(element) };
    let language = language_of(element, record);
    for property in [note.core, note.detail].into_iter().flatten() {
        out.text(item, property, &words, language.as_deref());
    }
    if note.element == "accessrestrict" && !words.is_empty() {
        // What is below is under the same conditions; it refers to this node.
        let rule = out.fragment(ACCESS);
        out.a(rule, rico::RULE);
        out.link(item, rico::IS_OR_WAS_REGULATED_BY, rule);
        out.text(rule, rico::GENERAL_DESCRIPTION, &words, language.as_deref());
    }
    let Some(link) = note.link else { return };
    relations::links(element, link, out);
}

/// Whether a text begins with a word, whatever the case of either.
fn begins_with(text: &str, word: &str) -> bool {
    if word.is_ascii() {
        return text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    }
    text.to_lowercase().starts_with(&word.to_lowercase())
}

/// Where the material stands: `physloc`, and the containers as one line (`Box 3, Folder 12`).
fn location(record: &Record, out: &mut Description<'_>) {
    let mut number = 0_usize;
    let mut place =
        |rule: &str, path: &str, words: &str, language: Option<&str>, out: &mut Description<'_>| {
            number += 1;
            out.rule(rule, path);
            let carrier = extent::instantiation(out);
            let node = match number {
                1 => out.fragment("location-1"),
                _ => out.fragment(&format!("location-{number}")),
            };
            out.a(node, rico::PHYSICAL_LOCATION);
            out.link(carrier, rico::HAS_OR_HAD_PHYSICAL_LOCATION, node);
            out.text(node, rdfs::LABEL, words, language);
        };
    let mut containers = String::new();
    for element in record.own.did() {
        match element.name() {
            "physloc" => {
                let words = text::line(element);
                if !words.is_empty() {
                    let language = language_of(element, record);
                    place("ead.physloc.location", "did/physloc", &words, language.as_deref(), out);
                }
            }
            "container" => {
                let words = text::line(element);
                if words.is_empty() {
                    continue;
                }
                let kind = element
                    .attribute("type")
                    .or_else(|| element.attribute("localtype"))
                    .map(text::fold)
                    .unwrap_or_default();
                if !containers.is_empty() {
                    containers.push_str(", ");
                }
                // "Box 3" in a container of the type Box needs no second "Box".
                if !kind.is_empty() && !begins_with(&words, &kind) {
                    containers.push_str(&kind);
                    containers.push(' ');
                }
                containers.push_str(&words);
            }
            _ => {}
        }
    }
    if !containers.is_empty() {
        place("ead.container.location", "did/container", &containers, None, out);
    }
}

/// The statement of rights that the conditions of use name, by a link or in words. `None` where there are no conditions at
/// all, so that those above hold.
pub(super) fn conditions(own: &Own) -> Option<Option<&'static str>> {
    let mut told = None;
    for element in own.notes().filter(|note| note.name() == "userestrict") {
        let words = text::note(element);
        if words.is_empty() {
            continue;
        }
        let href = |inner: ElementRef<'_>| {
            let href = inner.attribute("xlink:href").or_else(|| inner.attribute("href"));
            href.and_then(rights::statement)
        };
        let statement = element.descendants().find_map(href).or_else(|| rights::statement(&words));
        // There can be one statement; a second one would make the first unsure.
        told = Some(told.flatten().or(statement));
    }
    told
}

/// Says under which statement of rights the object stands, told here or above.
fn rights_to_object(record: &Record, out: &mut Description<'_>) {
    let above = || record.parent.as_ref().and_then(|parent| parent.rights);
    let (rule, path, statement) = match conditions(&record.own) {
        Some(own) => ("ead.userestrict.rights", "userestrict", own),
        None => ("ead.userestrict.inherited", "../userestrict", above()),
    };
    if rule == "ead.userestrict.rights" && statement.is_none() {
        out.rule(rule, path);
        let words = record.own.notes().filter(|note| note.name() == "userestrict").map(text::note);
        let words = words.into_iter().find(|words| !words.is_empty()).unwrap_or_default();
        let expected =
            "a statement of rightsstatements.org or Creative Commons, by its address, code or name";
        out.issue(IssueKind::UnknownRights, &words, expected);
    }
    if let Some(statement) = statement {
        out.rule(rule, path);
        let aggregation = core::aggregation(out);
        let node = out.known_iri(statement);
        out.link(aggregation, edm::RIGHTS, node);
    }
}
