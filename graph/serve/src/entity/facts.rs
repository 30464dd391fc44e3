//! From the quads of a document to what a page says.
//!
//! The item's own statements are its facts. Its aggregation is shown as pictures and as facts about the
//! record. Other fragments (a production, a change of custody, a contribution) are sections of their own with
//! an anchor of the fragment's name, so that `…#production-1` leads to its place on the page. What the
//! provenance graph says stands last.

use super::order::{LAST, PICTURES, is_about_record, is_detail, is_name, is_silent, rank};
use crate::path::document_of;
use crate::value::{Value, Words, safe};
use graph_store::rdf::{GraphName, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use std::collections::BTreeMap;
use vocabularies::{aarre, geo, ore, rdf, rico, wgs84};

/// A property and its values.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) iri: String,
    pub(super) values: Vec<Value>,
    /// How the values are set.
    pub(super) setting: Setting,
}

/// How the values of a fact are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// One below the other.
    Lines,
    /// Several short ones in a row.
    Row,
    /// Running text.
    Prose,
}

impl Setting {
    fn of(iri: &str, values: &[Value]) -> Self {
        if iri == aarre::EVIDENCE.as_str() {
            return Self::Lines;
        }
        let lengths = || values.iter().map(|value| value.text.chars().count());
        if lengths().any(|length| length > 160) {
            Self::Prose
        } else if values.len() > 2 && lengths().all(|length| length <= 48) {
            Self::Row
        } else {
            Self::Lines
        }
    }

    /// The class in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Row => "row",
            Self::Prose => "prose",
        }
    }
}

/// A fragment.
#[derive(Debug)]
pub(super) struct Detail {
    pub(super) anchor: String,
    pub(super) heading: String,
    pub(super) facts: Vec<Fact>,
}

/// A picture of the thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) source: String,
    /// The IIIF Image API service that has it in tiles.
    pub(super) service: Option<String>,
}

/// Everything that a document says, in the order of a page.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) facts: Vec<Fact>,
    pub(super) details: Vec<Detail>,
    /// What the entity is linked with, and why.
    pub(super) links: Vec<Detail>,
    pub(super) record: Vec<Fact>,
    pub(super) provenance: Vec<Fact>,
    pub(super) pictures: Vec<Picture>,
    pub(super) coordinates: Option<Coordinates>,
}

/// A point, and where to see it on a map.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Coordinates {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) text: String,
    pub(super) map: String,
}

/// All IRIs whose names a page about these quads needs.
pub(super) fn mentioned(quads: &[Quad]) -> impl Iterator<Item = &str> {
    quads.iter().flat_map(|quad| {
        let object = match &quad.object {
            Term::NamedNode(node) => Some(node.as_str()),
            _ => None,
        };
        [Some(subject(quad)), object].into_iter().flatten()
    })
}

/// Sorts the quads of a document into the parts of its page. `heading` is the name that the page shows as
/// its title already.
pub(super) fn tell(iri: &str, heading: &str, quads: &[Quad], provenance: &str, words: &Words<'_>) -> Told {
    let is_provenance =
        |quad: &Quad| matches!(&quad.graph_name, GraphName::NamedNode(graph) if graph.as_str() == provenance);
    let (traced, said): (Vec<&Quad>, Vec<&Quad>) = quads.iter().partition(|quad| is_provenance(quad));
    let mut told = Told { pictures: pictures(&said, words), coordinates: point(&said), ..Told::default() };
    let mut by_subject: BTreeMap<&str, Vec<&Quad>> = BTreeMap::new();
    for quad in &said {
        by_subject.entry(subject(quad)).or_default().push(quad);
    }
    for (subject, quads) in by_subject {
        let is_own = subject == iri;
        let is_aggregation = has_class(&quads, ore::AGGREGATION);
        let (record, facts): (Vec<&Quad>, Vec<&Quad>) = quads
            .into_iter()
            .filter(|quad| !is_pictured(quad, words))
            .partition(|quad| is_aggregation || is_about_record(quad.predicate.as_ref()));
        told.record.extend(grouped(iri, &record, words));
        let shown: Vec<&Quad> =
            facts.iter().copied().filter(|quad| !(is_own && is_title(quad) && says(quad, heading))).collect();
        if is_own {
            told.facts = grouped(iri, &shown, words);
        } else if let Some(anchor) = subject.strip_prefix(iri).and_then(|rest| rest.strip_prefix('#')) {
            let facts = grouped(iri, &shown, words);
            if !facts.is_empty() {
                told.details.push(Detail {
                    anchor: anchor.to_owned(),
                    heading: class(&shown, &facts, words),
                    facts,
                });
            }
        }
    }
    told.record.sort_by_key(|fact| fact.label.clone());
    told.record.dedup_by(|a, b| a.iri == b.iri && a.values == b.values);
    told.provenance = grouped(iri, &traced, words);
    told
}

/// The class of an entity as the page's kicker says it: the most telling of its types.
pub(super) fn class_name(iri: &str, quads: &[Quad], words: &Words<'_>) -> Option<String> {
    quads
        .iter()
        .filter(|quad| subject(quad) == iri && quad.predicate == rdf::TYPE)
        .filter_map(|quad| match &quad.object {
            Term::NamedNode(class) => Some(class),
            _ => None,
        })
        .max_by_key(|class| telling(class.as_ref()))
        .map(|class| words.name(class.as_str()).text)
}

/// A person is an agent too; the narrower word says more.
fn telling(class: NamedNodeRef<'_>) -> (bool, std::cmp::Reverse<String>) {
    use vocabularies::foaf;
    let narrow = [foaf::PERSON, foaf::ORGANIZATION, foaf::GROUP].contains(&class);
    (narrow, std::cmp::Reverse(class.as_str().to_owned()))
}

pub(super) fn subject(quad: &Quad) -> &str {
    match &quad.subject {
        NamedOrBlankNode::NamedNode(node) => node.as_str(),
        NamedOrBlankNode::BlankNode(node) => node.as_str(),
    }
}

fn is_title(quad: &Quad) -> bool {
    is_name(quad.predicate.as_ref()) || quad.predicate == rico::TITLE
}

fn has_class(quads: &[&Quad], class: NamedNodeRef<'_>) -> bool {
    quads.iter().any(|quad| {
        quad.predicate == rdf::TYPE && matches!(&quad.object, Term::NamedNode(node) if *node == class)
    })
}

fn says(quad: &Quad, text: &str) -> bool {
    matches!(&quad.object, Term::Literal(literal) if literal.value() == text)
}

fn class(quads: &[&Quad], facts: &[Fact], words: &Words<'_>) -> String {
    quads
        .iter()
        .find_map(|quad| match &quad.object {
            Term::NamedNode(class) if quad.predicate == rdf::TYPE => Some(words.name(class.as_str()).text),
            _ => None,
        })
        .or_else(|| facts.first().map(|fact| fact.label.clone()))
        .unwrap_or_default()
}

/// Statements as facts: equal properties together, in the page's order, each value once.
pub(super) fn grouped(iri: &str, quads: &[&Quad], words: &Words<'_>) -> Vec<Fact> {
    let mut facts: BTreeMap<(usize, String, String), Vec<Value>> = BTreeMap::new();
    for quad in quads {
        let predicate = quad.predicate.as_ref();
        if is_silent(predicate) {
            continue;
        }
        let label = words.name(predicate.as_str()).text;
        let value = match &quad.object {
            // A fragment of this document is a section of this page.
            Term::NamedNode(node) if node.as_str() != iri && document_of(node.as_str()) == iri => {
                let anchor = node.as_str().find('#').map_or("", |at| &node.as_str()[at..]);
                // Its section below says it; a link to there need not.
                if is_detail(predicate.as_str()) {
                    continue;
                }
                Value { href: Some(anchor.to_owned()), external: false, ..words.iri(node.as_str()) }
            }
            term => words.term(term.as_ref()),
        };
        let values = facts.entry((rank(predicate), label, predicate.as_str().to_owned())).or_default();
        // One name in three languages is one name to a reader.
        if !values.iter().any(|other| other.text == value.text && other.href == value.href) {
            values.push(value);
        }
    }
    let mut told: Vec<Fact> = Vec::with_capacity(facts.len());
    for ((rank, label, iri), mut values) in facts {
        // What the reader reads first stands first.
        let preferences = words.language.preferences();
        let known = |lang: &str| preferences.iter().position(|other| *other == lang);
        values.sort_by_key(|value| {
            value.lang.as_deref().map_or(0, |lang| known(lang).unwrap_or(preferences.len()))
        });
        // The detail layer says again what the core has said; once is enough for a reader.
        let again =
            (rank == LAST || is_detail(&iri)) && told.iter().any(|fact| same_words(&fact.values, &values));
        if !again {
            told.push(Fact { label: capital(&label), setting: Setting::of(&iri, &values), iri, values });
        }
    }
    told
}

/// Whether all of the others are among the values, whatever the signs between their letters.
fn same_words(values: &[Value], others: &[Value]) -> bool {
    let plain = |value: &Value| -> String { value.text.chars().filter(|c| c.is_alphanumeric()).collect() };
    others.iter().all(|other| values.iter().any(|value| plain(value) == plain(other)))
}

/// The text with a capital first letter, as a heading has it.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn pictures(quads: &[&Quad], words: &Words<'_>) -> Vec<Picture> {
    let mut pictures = Vec::new();
    for property in PICTURES {
        for quad in quads.iter().filter(|quad| quad.predicate == property) {
            if let Some(source) = picture(quad, words) {
                let picture = Picture { service: service(&source), source };
                if !pictures.contains(&picture) {
                    pictures.push(picture);
                }
            }
        }
    }
    pictures
}

/// The service of a picture whose address is one of the IIIF Image API: `{service}/full/600,/0/default.jpg`.
fn service(source: &str) -> Option<String> {
    let parts: Vec<&str> = source.rsplitn(5, '/').collect();
    let [file, rotation, size, region, service] = parts.as_slice() else { return None };
    let fits = (file.starts_with("default.") || file.starts_with("native."))
        && rotation.trim_start_matches('!').parse::<f32>().is_ok()
        && (*size == "full" || *size == "max" || size.contains(',') || size.starts_with("pct:"))
        && (*region == "full" || *region == "square" || region.contains(',') || region.starts_with("pct:"));
    (fits && origin(service).is_some()).then(|| (*service).to_owned())
}

/// Scheme and host of an address, when a policy may name it.
pub(super) fn origin(address: &str) -> Option<&str> {
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let host = &host[..host.find(['/', '?', '#']).unwrap_or(host.len())];
    let plain =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    let end = address.len() - address.split_once("://")?.1.len() + host.len();
    plain.then(|| &address[..end])
}

fn is_pictured(quad: &Quad, words: &Words<'_>) -> bool {
    PICTURES.contains(&quad.predicate.as_ref()) && picture(quad, words).is_some()
}

pub(super) fn picture(quad: &Quad, words: &Words<'_>) -> Option<String> {
    let address = match &quad.object {
        Term::NamedNode(node) => node.as_str(),
        Term::Literal(literal) => literal.value(),
        _ => return None,
    };
    // The base of the graph may be another host than this server; its pictures are here all the same.
    let address = match address.strip_prefix(words.place.base()) {
        Some(path) if path.starts_with("/media/") => format!("{}{path}", words.place.root()),
        _ => safe(address).filter(|address| !address.starts_with("mailto:"))?.to_owned(),
    };
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif"]
        .iter()
        .any(|extension| path.ends_with(extension))
        .then_some(address)
}

/// The first point that the document knows.
fn point(quads: &[&Quad]) -> Option<Coordinates> {
    let number = |property: NamedNodeRef<'_>| {
        quads.iter().find(|quad| quad.predicate == property).and_then(|quad| match &quad.object {
            Term::Literal(literal) => literal.value().parse::<f64>().ok(),
            _ => None,
        })
    };
    let (latitude, longitude) = number(wgs84::LAT).zip(number(wgs84::LONG)).or_else(|| {
        quads.iter().find(|quad| quad.predicate == geo::AS_WKT).and_then(|quad| match &quad.object {
            Term::Literal(literal) => wkt_point(literal.value()),
            _ => None,
        })
    })?;
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return None;
    }
    Some(Coordinates {
        latitude,
        longitude,
        text: format!(
            "{:.4}° {}, {:.4}° {}",
            latitude.abs(),
            if latitude < 0.0 { "S" } else { "N" },
            longitude.abs(),
            if longitude < 0.0 { "W" } else { "E" }
        ),
        map: format!(
            "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=14/{latitude}/{longitude}"
        ),
    })
}

/// Latitude and longitude of `POINT(24.9 60.1)` (CRS84, longitude first).
fn wkt_point(text: &str) -> Option<(f64, f64)> {
    let upper = text.trim().to_ascii_uppercase();
    let inner = upper.strip_prefix("POINT")?.trim().strip_prefix('(')?.strip_suffix(')')?;
    let mut numbers = inner.split_whitespace().map(str::parse::<f64>);
    match (numbers.next()?, numbers.next()?) {
        (Ok(longitude), Ok(latitude)) => Some((latitude, longitude)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_of_pictures() {
        let known = "https://iiif.example.org/image/1%2F2";
        assert_eq!(service(&format!("{known}/full/600,/0/default.jpg")).as_deref(), Some(known));
        assert_eq!(service(&format!("{known}/square/max/!90/native.jpg")).as_deref(), Some(known));
        assert_eq!(service("https://example.org/pictures/full/of/things.jpg"), None);
        assert_eq!(service("https://a b;script-src *//full/max/0/default.jpg"), None);
        assert_eq!(origin(known), Some("https://iiif.example.org"));
        assert_eq!(origin("https://x.example:8080?y"), Some("https://x.example:8080"));
        assert_eq!(origin("javascript:alert(1)"), None);
    }

    #[test]
    fn points() {
        assert_eq!(wkt_point("POINT(24.9384 60.1699)"), Some((60.1699, 24.9384)));
        assert_eq!(wkt_point("Point ( -1 2 )"), Some((2.0, -1.0)));
        assert_eq!(wkt_point("POLYGON((0 0,1 1,0 1,0 0))"), None);
    }
}
