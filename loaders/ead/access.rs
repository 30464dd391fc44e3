//! What about and what kind: the access points of `controlaccess`, and the genres named elsewhere.

use super::agents;
use super::describe::own_language;
use super::mapping;
use super::party;
use super::record::{Nature, Record};
use super::relations;
use super::text;
use crate::shared::xml::{Content, ElementRef};
use crate::shared::{coordinates, languages, places};
use graph_model::{Concept, Description, IssueKind, Node, Place};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use vocabularies::{dc, dcterms, rico, skos};

/// Counters of the fragments of one document.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) contributions: agents::Contributions,
    pub(super) activities: usize,
    pub(super) extents: usize,
    pub(super) relations: usize,
}

/// What may be marked up in a title.
const TITLE_MARKS: [&str; 7] = ["corpname", "famname", "function", "geogname", "name", "persname", "subject"];

/// Describes all access points of a record. A heading has the language that it says itself: index terms are often in
/// another than the finding aid.
pub(super) fn describe(record: &Record, nature: Nature, counters: &mut Counters, out: &mut Description<'_>) {
    let mut points = Vec::new();
    for note in record.own.notes() {
        match note.name() {
            "controlaccess" => gather(note, &mut points),
            "relations" => relations::describe(note, record, counters, out),
            _ => {}
        }
    }
    for element in record.own.did() {
        match element.name() {
            "physdesc" => points.extend(element.children("genreform")),
            // Who and what a title names is what the material is about.
            "unittitle" => {
                let marked = |inner: &ElementRef<'_>| {
                    TITLE_MARKS.contains(&inner.name()) && !text::is_internal(*inner)
                };
                points.extend(element.descendants().filter(marked));
            }
            _ => {}
        }
    }
    // The same entry of an authority file is often given once a language: that is one access point with several labels.
    let mut groups: Vec<Vec<ElementRef<'_>>> = Vec::with_capacity(points.len());
    let mut group_of = HashMap::new();
    for point in points {
        match key(point).map(|key| group_of.entry((point.name(), key))) {
            Some(Entry::Occupied(group)) => {
                let group: usize = *group.get();
                groups[group].push(point);
            }
            Some(Entry::Vacant(group)) => {
                group.insert(groups.len());
                groups.push(vec![point]);
            }
            None => groups.push(vec![point]),
        }
    }
    for group in &groups {
        if let [point, same @ ..] = group.as_slice() {
            access_point(*point, same, nature, counters, out);
        }
    }
}

fn gather<'e>(element: ElementRef<'e>, points: &mut Vec<ElementRef<'e>>) {
    for child in element.elements().filter(|child| !text::is_internal(*child)) {
        match child.name() {
            "head" => {}
            "controlaccess" | "p" | "list" | "item" | "indexentry" => gather(child, points),
            _ => points.push(child),
        }
    }
}

fn key(element: ElementRef<'_>) -> Option<&str> {
    ["identifier", "authfilenumber"]
        .iter()
        .find_map(|name| element.attribute(name))
        .map(str::trim)
        .filter(|key| !key.is_empty())
}

fn access_point(
    point: ElementRef<'_>,
    same: &[ElementRef<'_>],
    nature: Nature,
    counters: &mut Counters,
    out: &mut Description<'_>,
) {
    let item = out.item();
    match point.name() {
        "persname" | "corpname" | "famname" | "name" => {
            for name in std::iter::once(&point).chain(same) {
                agents::access(*name, &mut counters.contributions, out);
            }
        }
        "geogname" => {
            out.rule("ead.geogname.spatial", "controlaccess/geogname");
            if let Some(place) = place(point, out) {
                out.link(item, dcterms::SPATIAL, place);
                labels(place, same, out);
            }
        }
        "genreform" => {
            out.rule("ead.genreform.type", "controlaccess/genreform");
            if let Some(concept) = concept(point, same, out) {
                out.link(item, dc::TYPE, concept);
                if mapping::is_state(&heading(point)) {
                    let state = match nature {
                        Nature::Set => rico::HAS_OR_HAD_SOME_MEMBERS_WITH_RECORD_STATE,
                        _ => rico::HAS_RECORD_STATE,
                    };
                    out.link(item, state, concept);
                    return;
                }
                match nature {
                    Nature::Set => {
                        out.link(item, rico::HAS_OR_HAD_SOME_MEMBERS_WITH_DOCUMENTARY_FORM_TYPE, concept);
                    }
                    Nature::Record => out.link(item, rico::HAS_DOCUMENTARY_FORM_TYPE, concept),
                    Nature::Unknown => {}
                }
            }
        }
        "function" => {
            out.rule("ead.function.activity", "controlaccess/function");
            if let Some(concept) = concept(point, same, out) {
                counters.activities += 1;
                let activity = out.fragment(&format!("activity-{}", counters.activities));
                out.link(item, dc::SUBJECT, concept);
                out.link(item, rico::DOCUMENTS, activity);
                out.a(activity, rico::ACTIVITY);
                out.link(activity, rico::HAS_ACTIVITY_TYPE, concept);
            }
        }
        "subject" | "occupation" | "title" => {
            let rule = match point.name() {
                "subject" => "ead.subject.subject",
                "occupation" => "ead.occupation.subject",
                _ => "ead.title.subject",
            };
            out.rule(rule, &format!("controlaccess/{}", point.name()));
            if let Some(concept) = concept(point, same, out) {
                out.link(item, dc::SUBJECT, concept);
                out.link(item, rico::HAS_OR_HAD_SUBJECT, concept);
            }
        }
        other => {
            out.rule("ead.controlaccess.unmapped", &format!("controlaccess/{other}"));
            let words = text::line(point);
            if !words.is_empty() {
                out.issue(IssueKind::UnmappedField, &words, "an access point that the mapping knows");
            }
        }
    }
}

/// The heading of an access point; the parts of EAD3 are subdivisions, unless they are the same in several languages.
fn heading(point: ElementRef<'_>) -> String {
    let mut parts = point.children("part").peekable();
    if parts.peek().is_none() {
        return point
            .attribute("normal")
            .map(text::fold)
            .filter(|normal| !normal.is_empty())
            .unwrap_or_else(|| text::line(point));
    }
    let first_language = parts.peek().and_then(|part| part.attribute("lang"));
    let words: Vec<String> = parts
        .filter(|part| part.attribute("lang") == first_language)
        .map(text::line)
        .filter(|words| !words.is_empty())
        .collect();
    words.join(" -- ")
}

fn concept(point: ElementRef<'_>, same: &[ElementRef<'_>], out: &mut Description<'_>) -> Option<Node> {
    let label = heading(point);
    let same_as = party::authorities(point);
    let language = own_language(point);
    let node = out.concept(&Concept {
        label: &label,
        language: language.as_deref(),
        same_as: &same_as,
        ..Concept::default()
    })?;
    if let Some(number) = party::own_number(point) {
        out.text(node, skos::NOTATION, &number, None);
    }
    labels(node, same, out);
    let first = point.child("part").and_then(|part| part.attribute("lang"));
    for part in point.children("part").filter(|part| part.attribute("lang") != first) {
        let tag = part.attribute("lang").and_then(languages::tag);
        out.text(
            node,
            if tag.is_some() { skos::PREF_LABEL } else { skos::ALT_LABEL },
            &text::line(part),
            tag,
        );
    }
    Some(node)
}

/// The labels of the same entry in other languages.
fn labels(node: Node, same: &[ElementRef<'_>], out: &mut Description<'_>) {
    for again in same {
        let language = own_language(*again);
        let label = if language.is_some() { skos::PREF_LABEL } else { skos::ALT_LABEL };
        out.text(node, label, &heading(*again), language.as_deref());
    }
}

fn place(point: ElementRef<'_>, out: &mut Description<'_>) -> Option<Node> {
    let words = if point.child("part").is_some() { heading(point) } else { own_words(point) };
    let read = places::read_place(&words)?;
    let same_as = party::authorities(point);
    let language = own_language(point);
    let coordinates = point.child("geographiccoordinates").map(text::line).filter(|words| !words.is_empty());
    let spot = coordinates.as_deref().and_then(coordinates::read_point);
    if let (Some(words), None) = (&coordinates, spot) {
        out.issue(IssueKind::BadCoordinates, words, "latitude and longitude");
    }
    let node = out.place(&Place {
        name: read.name,
        language: language.as_deref(),
        within: read.within,
        point: spot,
        wkt: None,
        same_as: &same_as,
    })?;
    if let Some(number) = party::own_number(point) {
        out.text(node, skos::NOTATION, &number, None);
    }
    Some(node)
}

/// The words of a place without its coordinates.
fn own_words(point: ElementRef<'_>) -> String {
    if let Some(normal) = point.attribute("normal").map(text::fold).filter(|normal| !normal.is_empty()) {
        return normal;
    }
    let words: String = point
        .content()
        .map(|content| match content {
            Content::Element(inner) if inner.name() == "geographiccoordinates" => String::new(),
            Content::Element(inner) => text::line(inner),
            Content::Text(text) => text.to_owned(),
        })
        .collect();
    text::fold(&words)
}
