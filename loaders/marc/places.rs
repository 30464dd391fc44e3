//! Where it is about, in numbers and hierarchies: 034, 044, 751, 752.

use super::punctuation::trim;
use super::reading::{Reading, numbered};
use super::record::Field;
use super::{authorities, subjects};
use crate::shared::roles::{self, Role};
use crate::shared::{coordinates, places};
use graph_model::{Description, IssueKind, Place};
use oxrdf::NamedNodeRef;
use vocabularies::{aarre, bf, countries, dcterms, edm, geo, skos, wgs84, xsd};

/// Tells of one field.
pub(super) fn describe<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    match field.tag() {
        "034" => extent(field, reading, out),
        "255" => {
            reading.rule(out, "marc.255.scale", field, "ab");
            let item = out.item();
            for (code, text) in field.subfields() {
                match code {
                    'a' => out.text(item, bf::SCALE, trim(text), None),
                    'b' => out.text(item, bf::PROJECTION, trim(text), None),
                    _ => {}
                }
            }
        }
        "044" => {
            reading.rule(out, "marc.044.country", field, "a");
            let item = out.item();
            for code in field.every('c') {
                // ISO 3166, `fi` or `fi-18` for a region: the country is what comes first.
                let found = countries::by_iso_3166(code.split('-').next().unwrap_or(code));
                if let Some(country) = found {
                    let named = Place { name: country.name, language: Some("en"), ..Place::default() };
                    if let Some(node) = out.place(&named) {
                        out.link(item, bf::PLACE, node);
                    }
                }
            }
            for code in field.every('a') {
                // Padded with hyphens, `-us`, in older records.
                match countries::by_marc_code(code.trim_matches('-')) {
                    Some(country) => {
                        let node = out.known_iri(country.iri);
                        out.link(item, bf::PLACE, node);
                    }
                    None if matches!(code, "xx" | "vp") => {}
                    None => out.issue(IssueKind::UnknownCode, code, "a MARC code of a country"),
                }
            }
        }
        "751" if role_of_place(field).is_some() => provided(field, reading, out),
        "751" => subjects::hierarchical(field, "a", "marc.751.spatial", reading, out),
        _ => subjects::hierarchical(field, "abcdfgh", "marc.752.spatial", reading, out),
    }
}

/// What was done at the place of a 751 field, by its relator; `None` where the place is that of the content.
fn role_of_place(field: &Field<'_>) -> Option<NamedNodeRef<'static>> {
    field.subfields().filter(|(code, _)| matches!(code, '4' | 'e')).find_map(|(code, text)| {
        let role = if code == '4' { roles::of_code(text) } else { roles::of_word(trim(text)) };
        match role {
            Role::Known { code: "pup", .. } => Some(bf::PUBLICATION),
            Role::Known { code: "prp", .. } => Some(bf::PRODUCTION),
            Role::Known { code: "mfp", .. } => Some(bf::MANUFACTURE),
            Role::Known { code: "dbp", .. } => Some(bf::DISTRIBUTION),
            Role::Known { code: "uvp", .. } => Some(bf::PROVISION_ACTIVITY_CLASS),
            _ => None,
        }
    })
}

/// A place of publishing, printing and so on, in the form of its authority.
fn provided<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    reading.rule(out, "marc.751.provision", field, "a");
    let (Some(class), Some(name)) = (role_of_place(field), field.first('a')) else { return };
    let Some(read) = places::read_place(trim(name)) else { return };
    let same_as = authorities::iris(field);
    let place = Place { name: read.name, within: read.within, same_as: &same_as, ..Place::default() };
    let Some(node) = out.place(&place) else { return };
    let item = out.item();
    let provision = numbered(out, "provision", &mut reading.provisions);
    out.link(item, bf::PROVISION_ACTIVITY, provision);
    out.a(provision, class);
    out.link(provision, bf::PLACE, node);
}

/// The area of a map: west, east, north and south in `$d` to `$g`.
fn extent<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    reading.rule(out, "marc.034.spatial", field, "defg");
    let written = field.joined("defg");
    if written.is_empty() {
        return;
    }
    let sides = [('d', false), ('e', false), ('f', true), ('g', true)].map(|(code, latitude)| {
        let text = field.first(code)?;
        if latitude { coordinates::read_latitude(text) } else { coordinates::read_longitude(text) }
    });
    let [Some(west), Some(east), Some(north), Some(south)] = sides else {
        out.issue(
            IssueKind::BadCoordinates,
            &written,
            "west, east, north and south as hdddmmss or decimal degrees",
        );
        return;
    };
    if south > north {
        out.issue(IssueKind::BadCoordinates, &written, "a northern edge that lies north of the southern");
        return;
    }
    let item = out.item();
    let area = numbered(out, "coverage", &mut reading.areas);
    out.link(item, dcterms::SPATIAL, area);
    out.a(area, edm::PLACE);
    out.text(area, aarre::COORDINATES, &written, None);
    if let Some(label) = reading.record.first("255", 'c') {
        out.text(area, skos::PREF_LABEL, trim(label).trim_matches(['(', ')']), None);
    }
    let wkt = if (west, south) == (east, north) {
        format!("POINT({west} {south})")
    } else {
        format!("POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))")
    };
    out.typed(area, geo::AS_WKT, &wkt, geo::WKT_LITERAL);
    // An area over the date line has no centre between its edges as numbers.
    if west <= east {
        out.typed(area, wgs84::LAT, &format!("{:.5}", (north + south) / 2.0), xsd::DECIMAL);
        out.typed(area, wgs84::LONG, &format!("{:.5}", (west + east) / 2.0), xsd::DECIMAL);
    }
}
