//! Where a monument stands: coordinates, geometry and address as one place of its own.
//!
//! The coordinates are the monument's, not its municipality's, so they stand on the fragment `#site` (on the record
//! itself where the row describes a place) and never on a place that other records share.

use super::mapping::{Rule, Target};
use crate::shared::coordinates;
use graph_model::{Description, IssueKind, Node};
use std::borrow::Cow;
use vocabularies::{aarre, dcterms, edm, geo, skos, wgs84, xsd};

/// What the rules told about the site so far.
#[derive(Default)]
pub(super) struct Site<'r> {
    latitude: Option<(String, &'r Rule)>,
    longitude: Option<(String, &'r Rule)>,
    point: Option<(String, &'r Rule)>,
    geometry: Option<(String, &'r Rule)>,
    parcels: Vec<(String, &'r Rule)>,
    addresses: Vec<(String, Option<&'r str>, &'r Rule)>,
}

impl<'r> Site<'r> {
    pub(super) fn take(&mut self, rule: &'r Rule, value: &str, language: Option<&'r str>) {
        let place = match rule.target {
            Target::Latitude => &mut self.latitude,
            Target::Longitude => &mut self.longitude,
            Target::Point => &mut self.point,
            Target::Wkt => &mut self.geometry,
            Target::Parcel => {
                self.parcels.push((value.to_owned(), rule));
                return;
            }
            _ => {
                self.addresses.push((value.to_owned(), language, rule));
                return;
            }
        };
        place.get_or_insert((value.to_owned(), rule));
    }

    /// The corners of an area, from first to last; the area is closed where they are not.
    pub(super) fn take_ring(
        &mut self,
        rule: &'r Rule,
        longitudes: &[Cow<'_, str>],
        latitudes: &[Cow<'_, str>],
    ) {
        let mut corners: Vec<String> =
            longitudes.iter().zip(latitudes).map(|(x, y)| format!("{x} {y}").replace(',', ".")).collect();
        let Some(first) = corners.first().cloned() else { return };
        if corners.last() != Some(&first) {
            corners.push(first);
        }
        self.geometry.get_or_insert((format!("POLYGON(({}))", corners.join(", ")), rule));
    }

    /// Describes the site; `within` is the place that the record names. A record of several rows may have several, by their
    /// numbers.
    pub(super) fn describe(
        &self,
        within: Option<Node>,
        is_record: bool,
        number: u32,
        out: &mut Description<'_>,
    ) {
        let mut node = None;
        for (address, language, rule) in &self.addresses {
            out.rule(&rule.id, &rule.path);
            let site = site(&mut node, is_record, number, out);
            out.text(
                site,
                if is_record { dcterms::DESCRIPTION } else { skos::PREF_LABEL },
                address,
                *language,
            );
        }
        for (parcel, rule) in &self.parcels {
            out.rule(&rule.id, &rule.path);
            let site = site(&mut node, is_record, number, out);
            out.text(site, aarre::CADASTRAL_PARCEL, parcel, None);
            // A place has to have a name; without an address it is known by its parcel.
            if self.addresses.is_empty() && !is_record {
                out.text(site, skos::PREF_LABEL, parcel, None);
            }
        }
        let mut told = None;
        if let Some((text, rule)) = &self.geometry {
            out.rule(&rule.id, &rule.path);
            if let Some(geometry) = coordinates::read_wkt(text) {
                let site = site(&mut node, is_record, number, out);
                out.typed(site, geo::AS_WKT, &geometry.wkt, geo::WKT_LITERAL);
                told = Some((geometry.centre, *rule));
            } else if let Some(point) = coordinates::read_point(text) {
                told = Some((point, *rule));
            } else {
                out.issue(
                    IssueKind::BadCoordinates,
                    text,
                    "well-known text such as POINT(24.94 60.17), closed, in the world",
                );
            }
        }
        if let (None, Some((text, rule))) = (told, &self.point) {
            out.rule(&rule.id, &rule.path);
            match coordinates::read_point(text) {
                Some(point) => told = Some((point, *rule)),
                None => out.issue(IssueKind::BadCoordinates, text, "a latitude and a longitude in degrees"),
            }
        }
        match (told, &self.latitude, &self.longitude) {
            (None, Some((latitude, rule)), Some((longitude, _))) => {
                out.rule(&rule.id, &rule.path);
                let read = coordinates::read_latitude(latitude).zip(coordinates::read_longitude(longitude));
                match read.filter(|(latitude, longitude)| coordinates::in_world(*latitude, *longitude)) {
                    Some(point) => told = Some((point, *rule)),
                    None => out.issue(
                        IssueKind::BadCoordinates,
                        &format!("{latitude}, {longitude}"),
                        "a latitude of at most 90 and a longitude of at most 180 degrees",
                    ),
                }
            }
            (None, Some((half, rule)), None) | (None, None, Some((half, rule))) => {
                out.rule(&rule.id, &rule.path);
                out.issue(IssueKind::BadCoordinates, half, "both latitude and longitude");
            }
            _ => {}
        }
        if let Some(((latitude, longitude), rule)) = told {
            out.rule(&rule.id, &rule.path);
            let site = site(&mut node, is_record, number, out);
            out.typed(site, wgs84::LAT, &decimal(latitude), xsd::DECIMAL);
            out.typed(site, wgs84::LONG, &decimal(longitude), xsd::DECIMAL);
            if self.geometry.is_none() {
                let wkt = format!("POINT({} {})", decimal(longitude), decimal(latitude));
                out.typed(site, geo::AS_WKT, &wkt, geo::WKT_LITERAL);
            }
        }
        if let (Some(site), Some(within), false) = (node, within, is_record) {
            out.link(site, dcterms::IS_PART_OF, within);
        }
    }
}

fn site(node: &mut Option<Node>, is_record: bool, number: u32, out: &mut Description<'_>) -> Node {
    *node.get_or_insert_with(|| {
        let item = out.item();
        if is_record {
            return item;
        }
        let site = match number {
            1 => out.fragment("site"),
            number => out.fragment(&format!("site-{number}")),
        };
        out.link(item, edm::CURRENT_LOCATION, site);
        out.a(site, edm::PLACE);
        site
    })
}

/// A coordinate with at most seven decimals (about a centimetre) and no zeros at its end.
pub(super) fn decimal(degrees: f64) -> String {
    let text = format!("{degrees:.7}");
    let text = text.trim_end_matches('0');
    if text.ends_with('.') { format!("{text}0") } else { text.to_owned() }
}
