//! Where: places with the part that they play in a life or history, with coordinates, dates and notes.

use super::dates;
use super::draft::Draft;
use super::parts;
use super::table;
use crate::shared::coordinates;
use crate::shared::places as reading;
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node, Place};
use vocabularies::{aarre, rdagr2, rico};

/// States one `place`: a relation for each name that it holds.
pub(super) fn describe(draft: &mut Draft<'_, '_>, place: ElementRef<'_>) {
    draft.out.rule("eac.place.location", "description/places/place");
    let subject = draft.subject;
    let role = place
        .children("placeRole")
        .map(ElementRef::text)
        .find(|role| !role.is_empty())
        .or_else(|| place.attribute("localType").map(|kind| table::last_segment(kind).into()));
    let life = role.as_deref().and_then(|role| table::find("place-role", role));
    let (core, detail) = match life {
        Some("birth") => (Some(rdagr2::PLACE_OF_BIRTH), rico::HAS_BIRTH_PLACE),
        Some(_) => (Some(rdagr2::PLACE_OF_DEATH), rico::HAS_DEATH_PLACE),
        None => (None, rico::HAS_OR_HAD_LOCATION),
    };
    let mut point = place.child("geographicCoordinates").and_then(|element| {
        let words = element.text();
        let point = coordinates::read_point(&words);
        if point.is_none() && !words.is_empty() {
            draft.out.issue(IssueKind::BadCoordinates, &words, "a latitude and a longitude");
        }
        point
    });
    let entries: Vec<ElementRef<'_>> =
        place.elements().filter(|child| matches!(child.name(), "placeEntry" | "placeName")).collect();
    for entry in &entries {
        // Coordinates of the whole belong to its one name.
        let whole = if entries.len() == 1 { point.take() } else { None };
        let Some(node) = named(draft, *entry, whole) else { continue };
        if let Some(core) = core {
            draft.out.link(subject, core, node);
        }
        draft.out.link(subject, detail, node);
        let relation = relation(draft, place, role.as_deref(), Some(*entry));
        draft.out.link(relation, rico::RELATION_HAS_SOURCE, node);
    }
    if entries.is_empty() && place.elements().any(|child| child.name() != "placeRole") {
        // An address or a note alone: a relation to somewhere that has no name.
        relation(draft, place, role.as_deref(), None);
    }
}

/// The relation of the agent to a place: when, in which part, and what else is said.
fn relation(
    draft: &mut Draft<'_, '_>,
    place: ElementRef<'_>,
    role: Option<&str>,
    entry: Option<ElementRef<'_>>,
) -> Node {
    let (subject, node) = (draft.subject, draft.fragment("place"));
    draft.out.link(subject, rico::THING_IS_TARGET_OF_RELATION, node);
    draft.out.a(node, rico::PLACE_RELATION);
    draft.out.link(node, rico::RELATION_HAS_TARGET, subject);
    if let Some(role) = role {
        draft.out.text(node, aarre::ROLE_AS_WRITTEN, role, None);
    }
    if let Some(entry) = entry {
        draft.out.text(node, rico::LOCATION, &entry.text(), None);
    }
    dates::state(draft, node, place, dates::RELATION);
    parts::notes(draft, node, place);
    for lines in place.elements().filter(|child| matches!(child.name(), "address" | "contact")) {
        let words: Vec<_> = lines
            .elements()
            .filter(|line| matches!(line.name(), "addressLine" | "contactLine"))
            .map(ElementRef::text)
            .filter(|line| !line.is_empty())
            .collect();
        let language = draft.language_of(lines);
        draft.out.text(node, rico::LOCATION, &words.join(", "), language);
    }
    node
}

/// The place that an entry names, with its coordinates and its IRIs in authority files; `None` for no name.
pub(super) fn named(
    draft: &mut Draft<'_, '_>,
    entry: ElementRef<'_>,
    point: Option<(f64, f64)>,
) -> Option<Node> {
    let written = entry.text();
    let read = reading::read_place(&written)?;
    let attribute = |name: &str| entry.attribute(name).map(str::trim).filter(|value| !value.is_empty());
    let point = match (attribute("latitude"), attribute("longitude")) {
        (Some(latitude), Some(longitude)) => {
            let read = coordinates::read_latitude(latitude)
                .zip(coordinates::read_longitude(longitude))
                .filter(|(latitude, longitude)| coordinates::in_world(*latitude, *longitude));
            if read.is_none() {
                let met = format!("{latitude}, {longitude}");
                draft.out.issue(IssueKind::BadCoordinates, &met, "a latitude and a longitude in degrees");
            }
            read
        }
        _ => point,
    };
    let same_as: Vec<String> = ["valueURI", "vocabularySource", "xlink:href"]
        .into_iter()
        .filter_map(|name| entry.attribute(name))
        .filter(|iri| iri.starts_with("http://") || iri.starts_with("https://"))
        .map(table::thing)
        .collect();
    let language = super::draft::told_language(entry).and_then(crate::shared::languages::tag);
    draft.out.place(&Place {
        name: read.name,
        language,
        within: read.within,
        point,
        wkt: None,
        same_as: &same_as,
    })
}
