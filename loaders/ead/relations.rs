//! What else the material is related to: the relations of EAD3, and the links in notes.

use super::access::Counters;
use super::agents;
use super::describe::language_of;
use super::record::Record;
use super::text;
use crate::shared::xml::ElementRef;
use graph_model::{Concept, Description, IssueKind};
use oxrdf::NamedNodeRef;
use vocabularies::{dc, dcterms, rico};

/// Describes the `relations` of a record.
pub(super) fn describe(
    relations: ElementRef<'_>,
    record: &Record,
    counters: &mut Counters,
    out: &mut Description<'_>,
) {
    for relation in relations.children("relation").filter(|relation| !text::is_internal(*relation)) {
        match relation.attribute("relationtype") {
            Some("cpfrelation") => agents::relation(relation, &mut counters.contributions, out),
            Some("functionrelation") => function(relation, counters, out),
            _ => other(relation, record, counters, out),
        }
    }
}

fn entry(relation: ElementRef<'_>) -> String {
    let words = relation.children("relationentry").map(text::line).find(|words| !words.is_empty());
    words.unwrap_or_default()
}

/// What the material documents.
fn function(relation: ElementRef<'_>, counters: &mut Counters, out: &mut Description<'_>) {
    out.rule("ead.relation.activity", "relations/relation");
    let same_as: Vec<String> =
        text::href(relation).filter(|href| href.contains("://")).map(str::to_owned).into_iter().collect();
    let words = entry(relation);
    let Some(concept) = out.concept(&Concept { label: &words, same_as: &same_as, ..Concept::default() })
    else {
        nameless(relation, out);
        return;
    };
    counters.activities += 1;
    let activity = out.fragment(&format!("activity-{}", counters.activities));
    let item = out.item();
    out.link(item, rico::DOCUMENTS, activity);
    out.a(activity, rico::ACTIVITY);
    out.link(activity, rico::HAS_ACTIVITY_TYPE, concept);
}

/// Another resource, or whatever the owner relates: by its address where it has one, with the words for it and for the
/// kind of relation.
fn other(relation: ElementRef<'_>, record: &Record, counters: &mut Counters, out: &mut Description<'_>) {
    out.rule("ead.relation.relation", "relations/relation");
    let words = entry(relation);
    let language = relation.child("relationentry").and_then(|entry| language_of(entry, record));
    let language = language.as_deref();
    let item = out.item();
    let address = text::href(relation).filter(|href| href.contains("://"));
    let target = address.and_then(|href| out.iri(href));
    if let Some(target) = target {
        out.link(item, dcterms::RELATION, target);
    }
    if words.is_empty() {
        if target.is_none() {
            nameless(relation, out);
        }
        return;
    }
    out.text(item, dc::RELATION, &words, language);
    counters.relations += 1;
    let node = out.fragment(&format!("relation-{}", counters.relations));
    out.link(item, rico::THING_IS_SOURCE_OF_RELATION, node);
    out.a(node, rico::RELATION);
    out.text(node, rico::GENERAL_DESCRIPTION, &words, language);
    if let Some(target) = target {
        out.link(node, rico::RELATION_HAS_TARGET, target);
    }
    let role =
        ["linkrole", "arcrole", "otherrelationtype"].iter().filter_map(|name| relation.attribute(name));
    for role in role.map(text::fold).filter(|role| !role.contains("://")) {
        out.text(node, rico::TYPE, &role, None);
    }
    for part in relation.elements() {
        match part.name() {
            "datesingle" | "daterange" | "dateset" => out.text(node, rico::DATE, &text::line(part), None),
            "descriptivenote" => out.text(node, rico::NOTE, &text::note(part), language),
            "geogname" => out.text(node, rico::LOCATION, &text::line(part), None),
            _ => {}
        }
    }
}

fn nameless(relation: ElementRef<'_>, out: &mut Description<'_>) {
    let met = text::href(relation).unwrap_or("a relation to nothing").to_owned();
    out.issue(IssueKind::MissingValue, &met, "a relationentry that names what the relation is to");
}

/// The links of a note to something on the web, and to other finding aids of the same owner by their identifiers
/// (`archref/@href="FRAN_IR_017020#d_4_1"` is the component `d_4_1` there).
pub(super) fn links(note: ElementRef<'_>, property: NamedNodeRef<'static>, out: &mut Description<'_>) {
    let item = out.item();
    for inner in note.descendants() {
        let Some(href) = text::href(inner) else { continue };
        if href.starts_with("http://") || href.starts_with("https://") {
            // The full stop of the sentence is often caught.
            if !href.contains(' ')
                && let Some(node) = out.iri(href.trim_end_matches('.'))
            {
                out.link(item, property, node);
            }
        } else if inner.name() == "archref"
            && let Some(local) = finding_aid(href)
        {
            let node = out.sibling(&local);
            out.link(item, dcterms::RELATION, node);
            out.link(item, rico::IS_RECORD_RESOURCE_ASSOCIATED_WITH_RECORD_RESOURCE, node);
        }
    }
}

/// The local identifier of a finding aid or of a component in it, where a link is nothing but that; file names are not.
fn finding_aid(href: &str) -> Option<String> {
    let word =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    match href.split_once('#') {
        Some((aid, component)) => (word(aid) && word(component)).then(|| format!("{aid}/{component}")),
        None => word(href).then(|| href.to_owned()),
    }
}
