//! Places: names, identifiers, coordinates, and what they lie in.

use super::actors;
use super::draft::Draft;
use super::field::{self, Inherit, Names};
use crate::shared::places::read_place;
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node, Place, content_key};
use vocabularies::dcterms;

/// How many places within one another are described; nobody needs more, and a hostile record could.
const NESTED: usize = 8;

/// Describes the place of an element such as `eventPlace` or `subjectPlace`, which has `displayPlace` and
/// `place`.
pub(super) fn displayed(draft: &mut Draft<'_, '_>, element: ElementRef<'_>) -> Option<Node> {
    let described = element.child("place").and_then(|place| describe(draft, place, NESTED));
    if described.is_some() {
        return described;
    }
    let label = field::text(element, "displayPlace")?;
    let read = read_place(&label.text)?;
    let place = Place { name: read.name, language: label.language, within: read.within, ..Place::default() };
    draft.out.place(&place)
}

/// Describes a `place`, a `repositoryLocation` or a `partOfPlace`. One without a name of its own is the place
/// that it is part of.
pub(super) fn describe(draft: &mut Draft<'_, '_>, element: ElementRef<'_>, nested: usize) -> Option<Node> {
    let around = element.child("partOfPlace").filter(|_| nested > 0);
    let names = Names::of(element.path("namePlaceSet/appellationValue"), Inherit::Yes);
    let same_as = field::iris(draft, element, "placeID");
    let Some(first) = names.first() else {
        if let Some(around) = around {
            return describe(draft, around, nested - 1);
        }
        return same_as.first().and_then(|iri| draft.out.iri(iri));
    };
    let read = read_place(&first.text)?;
    if actors::is_nobody(read.name) {
        return None;
    }
    let names_around =
        around.map(|around| Names::of(around.path("namePlaceSet/appellationValue"), Inherit::Yes));
    let within = names_around.as_ref().and_then(Names::first).map(|label| label.text.clone());
    let within = within.as_deref().or(read.within);
    // Two points in one record for places of one name would be two positions of one node.
    let key = content_key(&[read.name, within.unwrap_or_default()]);
    let point = point(draft, element).filter(|_| !draft.located.contains(&key));
    if point.is_some() {
        draft.located.push(key);
    }
    let place =
        Place { name: read.name, language: first.language, within, point, wkt: None, same_as: &same_as };
    let node = draft.out.place(&place)?;
    names.state_rest(draft, node);
    if let Some(around) = around
        && let Some(whole) = describe(draft, around, nested - 1)
        && whole != node
    {
        draft.out.link(node, dcterms::IS_PART_OF, whole);
    }
    Some(node)
}

/// The coordinates of `gml:Point/gml:pos` (or the older `coordinates`): latitude before longitude, as in EPSG:4326.
fn point(draft: &mut Draft<'_, '_>, element: ElementRef<'_>) -> Option<(f64, f64)> {
    let point = element.path("gml/Point").next()?;
    let text = point.child("pos").or_else(|| point.child("coordinates"))?.text();
    let mut numbers = text.split([' ', ',']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
    let (first, second) = (numbers.next()?.ok(), numbers.next().and_then(Result::ok));
    let inside = |latitude: f64, longitude: f64| latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    match (first, second) {
        (Some(latitude), Some(longitude)) if inside(latitude, longitude) => Some((latitude, longitude)),
        (Some(longitude), Some(latitude)) if inside(latitude, longitude) => Some((latitude, longitude)),
        _ => {
            draft.out.issue(IssueKind::BadCoordinates, &text, "latitude and longitude in decimal degrees");
            None
        }
    }
}
