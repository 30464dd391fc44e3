//! What about: `subject`, `classification`.

use super::names::{authority, party};
use super::{Mods, origin, tag, titles};
use crate::shared::punctuation::trim;
use crate::shared::schemes::{self, Scheme};
use crate::shared::xml::ElementRef;
use crate::shared::{coordinates, dates};
use graph_model::{IssueKind, Place};
use vocabularies::{aarre, bf, dc, dcterms};

/// The levels of `hierarchicalGeographic`, from the largest.
const LEVELS: &[&str] = &[
    "extraTerrestrialArea",
    "extraterrestrialArea",
    "continent",
    "country",
    "province",
    "region",
    "state",
    "territory",
    "county",
    "city",
    "citySection",
    "island",
    "area",
];

/// What a part of a heading is, by the name of its element.
fn is_part(name: &str) -> bool {
    matches!(name, "topic" | "geographic" | "temporal" | "titleInfo" | "name" | "genre" | "occupation")
}

fn scheme(element: ElementRef<'_>) -> Scheme {
    let around = std::iter::successors(Some(element), |element| element.parent()).take(2);
    let mut codes =
        around.filter_map(|element| element.attribute("authority")).filter(|code| !code.trim().is_empty());
    codes.next().map(schemes::known).unwrap_or_default()
}

impl<'e> Mods<'e, '_, '_> {
    pub(super) fn subject(&mut self, field: ElementRef<'e>, count: u32) {
        let parts: Vec<ElementRef<'e>> =
            field.elements().filter(|part| is_part(part.name()) && !part.is_empty()).collect();
        let own = parts.iter().any(|part| part.attribute("valueURI").is_some());
        let headed = parts.iter().any(|part| !matches!(part.name(), "geographic" | "temporal" | "genre"));
        let divided = parts.len() > 1 && headed && (!own || field.attribute("valueURI").is_some());
        if divided {
            self.rule("mods.subject.subject", "subject", count);
            let labels: Vec<String> = parts.iter().map(|part| label(*part)).collect();
            let language = tag(parts[0]).or_else(|| tag(field));
            let same_as = authority(field);
            self.draft.concept(dc::SUBJECT, &labels.join("--"), language.as_deref(), scheme(field), &same_as);
        }
        // The IRI of a whole heading is not that of one of its parts.
        let whole = if parts.len() == 1 { authority(field) } else { Vec::new() };
        for (at, part) in parts.iter().enumerate() {
            let iris = if whole.is_empty() { authority(*part) } else { whole.clone() };
            // Of a heading with parts the topics are told by the whole of it.
            let told = divided && at > 0;
            self.subject_part(*part, &iris, divided, told, count);
        }
        for place in field.children("hierarchicalGeographic") {
            self.rule("mods.subject.hierarchicalGeographic", "subject", count);
            let mut iris = authority(place);
            if iris.is_empty() {
                iris = authority(field);
            }
            self.hierarchy(place, &iris);
        }
        for code in field.children("geographicCode").filter(|code| !code.is_empty()) {
            self.rule("mods.subject.geographicCode", "subject", count);
            self.geographic_code(code);
        }
        for map in field.children("cartographics") {
            self.rule("mods.subject.cartographics", "subject", count);
            self.cartographics(map);
        }
        // Text directly inside of the element, as some write it.
        if field.elements().next().is_none() && !field.is_empty() {
            self.rule("mods.subject.subject", "subject", count);
            let language = tag(field);
            let same_as = authority(field);
            self.draft.subject(
                dc::SUBJECT,
                trim(&field.text()),
                language.as_deref(),
                scheme(field),
                &same_as,
            );
        }
    }

    fn subject_part(&mut self, part: ElementRef<'e>, iris: &[String], divided: bool, told: bool, count: u32) {
        let language = tag(part);
        let language = language.as_deref();
        let text = part.text();
        let text = trim(&text);
        match part.name() {
            "geographic" => {
                self.rule("mods.subject.geographic", "subject", count);
                self.draft.place(dcterms::SPATIAL, text, None, language.or(scheme(part).language), iris);
            }
            "temporal" => {
                self.rule("mods.subject.temporal", "subject", count);
                self.temporal(part, divided);
            }
            "name" => {
                self.rule("mods.subject.name", "subject", count);
                let mut party = party(part);
                party.same_as.extend(
                    iris.iter().filter(|iri| !party.same_as.contains(iri)).cloned().collect::<Vec<_>>(),
                );
                if let Some(agent) = self.draft.agent(&party) {
                    self.draft.out.link(self.draft.item, dc::SUBJECT, agent);
                }
            }
            "genre" => {
                self.rule("mods.subject.genre", "subject", count);
                self.draft.concept(dc::TYPE, text, language, scheme(part), iris);
            }
            _ if divided && (told || part.name() == "topic") => {}
            "titleInfo" => {
                self.rule("mods.subject.titleInfo", "subject", count);
                let title = titles::assemble(part).whole;
                self.draft.concept(dc::SUBJECT, &title, language, scheme(part), iris);
            }
            "occupation" => {
                self.rule("mods.subject.occupation", "subject", count);
                self.draft.concept(dc::SUBJECT, text, language, scheme(part), iris);
            }
            _ => {
                self.rule("mods.subject.topic", "subject", count);
                self.draft.subject(dc::SUBJECT, text, language, scheme(part), iris);
            }
        }
    }

    fn temporal(&mut self, part: ElementRef<'e>, divided: bool) {
        // A start and an end are siblings of one subject.
        let point = part.attribute("point");
        if let Some(point) = point {
            let other = if point == "start" { "end" } else { "start" };
            let other = part.parent().and_then(|subject| {
                subject.children("temporal").find(|part| part.attribute("point") == Some(other))
            });
            if point == "end" && other.is_some() {
                return;
            }
            let (start, end) = if point == "start" { (Some(part), other) } else { (other, Some(part)) };
            if let Some(span) = origin::interval(start, end) {
                let time = self.draft.out.time(&span);
                self.draft.out.link(self.draft.item, dcterms::TEMPORAL, time);
                return;
            }
        }
        let text = part.text();
        let language = tag(part);
        let coded = part.attribute("encoding").is_some().then(|| origin::encoded(part)).flatten();
        let spans =
            coded.map_or_else(|| dates::read_dates(trim(&text), language.as_deref()), |span| vec![span]);
        for span in &spans {
            let time = self.draft.out.time(span);
            self.draft.out.link(self.draft.item, dcterms::TEMPORAL, time);
        }
        // A period that is a name (`Bronze Age`) is a topic; in a divided heading it is told by the whole.
        if spans.is_empty() && !divided {
            self.draft.concept(dc::SUBJECT, trim(&text), language.as_deref(), scheme(part), &authority(part));
        }
    }

    fn hierarchy(&mut self, place: ElementRef<'e>, same_as: &[String]) {
        let rank = |level: ElementRef<'_>| {
            LEVELS.iter().position(|known| *known == level.name()).unwrap_or(LEVELS.len())
        };
        let mut levels: Vec<ElementRef<'e>> = place.elements().filter(|level| !level.is_empty()).collect();
        levels.sort_by_key(|level| rank(*level));
        let Some((smallest, larger)) = levels.split_last() else { return };
        let name = smallest.text();
        let within = larger.last().map(|level| level.text());
        let iris = authority(*smallest);
        let language = tag(*smallest);
        let place = Place {
            name: trim(&name),
            within: within.as_deref().map(trim),
            language: language.as_deref(),
            same_as: if iris.is_empty() { same_as } else { &iris },
            ..Place::default()
        };
        if let Some(node) = self.draft.out.place(&place) {
            self.draft.out.link(self.draft.item, dcterms::SPATIAL, node);
        }
    }

    fn geographic_code(&mut self, code: ElementRef<'e>) {
        let text = code.text();
        let authority = code.attribute("authority").unwrap_or_default();
        let country = if authority == "marcgac" { None } else { origin::known_country(authority, &text) };
        if let Some((label, iri)) = country {
            let same_as: Vec<String> = iri.map(str::to_owned).into_iter().collect();
            let place = Place { name: label, language: Some("en"), same_as: &same_as, ..Place::default() };
            if let Some(node) = self.draft.out.place(&place) {
                self.draft.out.link(self.draft.item, dcterms::SPATIAL, node);
            }
            return;
        }
        let area = text.trim_end_matches('-');
        let scheme = schemes::known(authority).iri.filter(|iri| iri.ends_with('/'));
        let fits = !area.is_empty() && area.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if let Some(scheme) = scheme.filter(|_| fits)
            && let Some(node) = self.draft.out.iri(&format!("{scheme}{area}"))
        {
            self.draft.out.link(self.draft.item, dcterms::SPATIAL, node);
        } else {
            self.draft.out.issue(IssueKind::UnknownCode, &text, "a code of marcgac, marccountry or iso3166");
        }
    }

    fn cartographics(&mut self, map: ElementRef<'e>) {
        for part in map.elements() {
            let text = part.text();
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            match part.name() {
                "scale" => self.draft.text(bf::SCALE, trim(text), None),
                "projection" => self.draft.text(bf::PROJECTION, trim(text), None),
                "coordinates" => {
                    if let Some(point) = coordinates::read_point(text) {
                        self.draft.point(point, text, None);
                    } else if let Some(sides) = sides(text) {
                        self.draft.area(sides, text, None);
                    } else {
                        self.draft.out.issue(
                            IssueKind::BadCoordinates,
                            text,
                            "latitude and longitude, or the limits of an area",
                        );
                        self.draft.text(aarre::COORDINATES, text, None);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn classification(&mut self, field: ElementRef<'e>, count: u32) {
        self.rule("mods.classification.classification", "classification", count);
        let text = field.text();
        if !text.is_empty() {
            let scheme = field.attribute("authority").unwrap_or_default();
            self.draft.class(scheme, &text, field.attribute("edition"));
        }
    }
}

/// A part of a heading as its scheme writes it.
fn label(part: ElementRef<'_>) -> String {
    match part.name() {
        "titleInfo" => titles::assemble(part).whole,
        "name" => {
            let parts: Vec<String> = part
                .children("namePart")
                .map(|part| trim(part.text().trim_matches([',', ' '])).to_owned())
                .filter(|part| !part.is_empty())
                .collect();
            parts.join(", ")
        }
        _ => trim(&part.text()).to_owned(),
    }
}

/// The limits of an area as maps have them, `W 25°--E 30°/N 70°--N 60°`: west, south, east, north.
fn sides(text: &str) -> Option<[f64; 4]> {
    let text = text.trim().trim_matches(['(', ')', '.', ' ']);
    let (meridians, parallels) = text.split_once('/')?;
    let pair = |half: &str| -> Option<(String, String)> {
        let (first, second) =
            half.split_once("--").or_else(|| half.split_once('–')).or_else(|| half.split_once(" - "))?;
        Some((first.trim().to_owned(), second.trim().to_owned()))
    };
    let (west, east) = pair(meridians)?;
    let (north, south) = pair(parallels)?;
    Some([
        coordinates::read_longitude(&west)?,
        coordinates::read_latitude(&south)?,
        coordinates::read_longitude(&east)?,
        coordinates::read_latitude(&north)?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_of_maps() {
        assert_eq!(sides("(W 25°--E 30°/N 70°--N 60°)."), Some([-25.0, 60.0, 30.0, 70.0]));
        assert_eq!(sides("lat/long 1"), None);
        assert_eq!(sides("24/25"), None);
    }
}
