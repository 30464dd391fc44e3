//! What, where and about what: concepts, places with their coordinates, classes.

use super::Draft;
use crate::shared::schemes::Scheme;
use crate::shared::{coordinates, names, places};
use graph_model::{AgentKind, Concept, IssueKind, Node, Place};
use oxrdf::NamedNodeRef;
use vocabularies::{aarre, bf, dcterms, edm, geo, skos, wgs84, xsd};

/// Words that show that two years beside a heading are not those of a life.
const EVENTS: &[&str] =
    &["war", "revolution", "sota", "krig", "krieg", "guerre", "exhibition", "battle", "війна"];

impl Draft<'_, '_> {
    /// A concept on the item.
    pub(crate) fn concept(
        &mut self,
        property: NamedNodeRef<'static>,
        label: &str,
        language: Option<&str>,
        scheme: Scheme,
        same_as: &[String],
    ) -> Option<Node> {
        let concept = Concept { label, language: language.or(scheme.language), scheme: scheme.iri, same_as };
        let node = self.out.concept(&concept)?;
        self.out.link(self.item, property, node);
        Some(node)
    }

    /// A place on the item, by its name.
    pub(crate) fn place(
        &mut self,
        property: NamedNodeRef<'static>,
        text: &str,
        within: Option<&str>,
        language: Option<&str>,
        same_as: &[String],
    ) -> Option<Node> {
        let read = places::read_place(text)?;
        let within = read.within.or(within);
        let node =
            self.out.place(&Place { name: read.name, within, language, same_as, ..Place::default() })?;
        self.out.link(self.item, property, node);
        Some(node)
    }

    /// Where, in figures: a point of this record, as its precision and its place belong to it.
    pub(crate) fn point(&mut self, point: (f64, f64), written: &str, name: Option<&str>) -> Node {
        let node = self.spot(written, name);
        let (latitude, longitude) = point;
        self.out.typed(node, wgs84::LAT, &latitude.to_string(), xsd::DECIMAL);
        self.out.typed(node, wgs84::LONG, &longitude.to_string(), xsd::DECIMAL);
        self.out.typed(node, geo::AS_WKT, &format!("POINT({longitude} {latitude})"), geo::WKT_LITERAL);
        node
    }

    /// An area between two parallels and two meridians.
    pub(crate) fn area(&mut self, sides: [f64; 4], written: &str, name: Option<&str>) -> Option<Node> {
        let [west, south, east, north] = sides;
        let fits = coordinates::in_world(south, west) && coordinates::in_world(north, east) && south <= north;
        if !fits {
            let expected = "a western, southern, eastern and northern limit in degrees";
            self.out.issue(IssueKind::BadCoordinates, written, expected);
            return None;
        }
        if (west, south) == (east, north) {
            return Some(self.point((south, west), written, name));
        }
        let node = self.spot(written, name);
        let wkt = format!(
            "POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"
        );
        self.out.typed(node, geo::AS_WKT, &wkt, geo::WKT_LITERAL);
        // An area over the date line has no centre between its edges as numbers.
        if west <= east {
            self.out.typed(node, wgs84::LAT, &format!("{:.5}", (north + south) / 2.0), xsd::DECIMAL);
            self.out.typed(node, wgs84::LONG, &format!("{:.5}", (west + east) / 2.0), xsd::DECIMAL);
        }
        Some(node)
    }

    fn spot(&mut self, written: &str, name: Option<&str>) -> Node {
        let node = self.out.next_fragment("coverage");
        self.out.link(self.item, dcterms::SPATIAL, node);
        self.out.a(node, edm::PLACE);
        self.out.text(node, aarre::COORDINATES, written, None);
        if let Some(name) = name {
            self.out.text(node, skos::PREF_LABEL, name, None);
        }
        node
    }

    /// The class that a scheme puts the thing in.
    pub(crate) fn class(&mut self, scheme: &str, portion: &str, edition: Option<&str>) {
        let class = match scheme.to_ascii_lowercase().as_str() {
            "lcc" => bf::CLASSIFICATION_LCC,
            "ddc" | "dewey" => bf::CLASSIFICATION_DDC,
            "udc" => bf::CLASSIFICATION_UDC,
            "nlm" => bf::CLASSIFICATION_NLM,
            _ => bf::CLASSIFICATION_CLASS,
        };
        let node = self.out.next_fragment("classification");
        self.out.link(self.item, bf::CLASSIFICATION, node);
        self.out.a(node, class);
        self.out.text(node, bf::CLASSIFICATION_PORTION, portion, None);
        if class == bf::CLASSIFICATION_CLASS {
            self.out.text(node, bf::SOURCE, scheme, None);
        }
        if let Some(edition) = edition {
            self.out.text(node, bf::EDITION, edition, None);
        }
    }
}

/// The name in a subject heading that is surely a person's: inverted, with the years of a life.
pub(super) fn person(text: &str) -> Option<names::Name> {
    if !text.contains(',') || !text.bytes().any(|b| b.is_ascii_digit()) || text.contains("--") {
        return None;
    }
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    if words.into_iter().any(|word| EVENTS.contains(&word)) {
        return None;
    }
    let name = names::read_name(text);
    let life = name.birth.is_some() || name.death.is_some();
    (life && name.kind_hint == AgentKind::Person && name.name.contains(',')).then_some(name)
}

impl Draft<'_, '_> {
    /// A subject in free text: somebody with years of a life, or a topic.
    pub(crate) fn subject(
        &mut self,
        property: NamedNodeRef<'static>,
        text: &str,
        language: Option<&str>,
        scheme: Scheme,
        same_as: &[String],
    ) {
        if let Some(name) = person(text) {
            let party = super::Party {
                kind: AgentKind::Person,
                name,
                as_written: Some(text.to_owned()),
                same_as: same_as.to_vec(),
                ..super::Party::default()
            };
            if let Some(node) = self.agent(&party) {
                self.out.link(self.item, property, node);
                return;
            }
        }
        self.concept(property, text, language, scheme, same_as);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lives_are_of_people() {
        for (text, expected) in [
            ("Goings, Henry, approximately 1810-", Some("Goings, Henry")),
            ("Killebrew, J. B. (Joseph Buckner), 1831-1906", Some("Killebrew, J. B.")),
            ("Civil War, 1861-1865", None),
            ("World War, European, 1914-1918", None),
            ("Springfield College--Buildings", None),
            ("Agent, Subject", None),
            ("Helsinki, Finland", None),
        ] {
            assert_eq!(person(text).map(|name| name.name).as_deref(), expected, "{text}");
        }
    }
}
