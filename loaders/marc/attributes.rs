//! What an authority record says of its entity besides names: places, occupations, dates of a life, sources, and the like,
//! by `authority.tsv`.

use super::agents::{self, Heading};
use super::authorities;
use super::identifiers;
use super::punctuation::{full_stop, trim};
use super::reading::Reading;
use super::record::Field;
use super::table::{rows, term};
use crate::shared::{coordinates, dates, languages, names, places};
use graph_model::{Agent, Concept, Description, IssueKind, Node, Place};
use oxrdf::NamedNodeRef;
use std::sync::LazyLock;
use vocabularies::{dcterms, foaf, geo, rdagr2, wgs84, xsd};

/// One row of `authority.tsv`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) tag: &'static str,
    subfields: &'static str,
    property: Option<NamedNodeRef<'static>>,
    pub(super) how: &'static str,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    rows(include_str!("authority.tsv"))
        .map(|row| {
            let mut cells = row.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            let (tag, subfields, property, how) = (cell(), cell(), cell(), cell());
            Row { tag, subfields, property: term(property), how }
        })
        .collect()
});

/// The row of a tag.
pub(super) fn row(tag: &str) -> Option<&'static Row> {
    TABLE.binary_search_by_key(&tag, |row| row.tag).ok().map(|at| &TABLE[at])
}

/// Tells one field of `item`, the entity under `heading` (none for subjects).
pub(super) fn describe<'r>(
    field: &Field<'r>,
    row: &Row,
    item: Node,
    heading: Option<&Heading>,
    reading: &mut Reading<'r>,
    out: &mut Description<'_>,
) {
    match (row.tag, row.how) {
        ("034", _) => area(field, item, reading, out),
        ("370", _) => where_(field, item, heading, reading, out),
        ("378", _) => {
            reading.rule(out, "marc-authority.378.fuller-name", field, "q");
            if let Some(heading) = heading {
                agents::fuller(field, heading, item, out);
            }
        }
        (_, "classes") => identifiers::class(field, reading, out),
        (_, "story" | "out") => {}
        _ => plain(field, row, item, reading, out),
    }
}

fn plain<'r>(field: &Field<'r>, row: &Row, item: Node, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let Some(property) = row.property else { return };
    reading.rule(out, &format!("marc-authority.{}", row.tag), field, row.subfields);
    if row.how == "text" {
        return out.text(item, property, &field.joined(row.subfields), reading.catalogue_language);
    }
    let same_as = authorities::iris(field);
    let parts = field.subfields().filter(|(code, text)| row.subfields.contains(*code) && !text.is_empty());
    for (_, text) in parts {
        let node = match row.how {
            "concept" => {
                let scheme = authorities::scheme(field);
                let label = full_stop(trim(text));
                let concept =
                    Concept { label, language: scheme.language, scheme: scheme.iri, same_as: &same_as };
                out.concept(&concept)
            }
            "place" => place(text, &same_as, out),
            "agent" => {
                let read = names::read_name(trim(text));
                let name = full_stop(trim(text));
                out.agent(&Agent { kind: read.kind_hint, name, same_as: &same_as, ..Agent::default() })
            }
            "date" => dates::read_date(trim(text), None).map(|span| out.time(&span)),
            "link" => out.iri(text),
            "language" => {
                match languages::tag(text) {
                    Some(tag) => out.text(item, property, tag, None),
                    None => out.issue(IssueKind::UnknownLanguage, text, "a code or name of a language"),
                }
                continue;
            }
            _ => {
                out.text(item, property, full_stop(trim(text)), None);
                continue;
            }
        };
        if let Some(node) = node {
            out.link(item, property, node);
        }
    }
}

/// A place by its name.
pub(super) fn place(text: &str, same_as: &[String], out: &mut Description<'_>) -> Option<Node> {
    let read = places::read_place(trim(text))?;
    out.place(&Place { name: read.name, within: read.within, same_as, ..Place::default() })
}

/// 370: where somebody was born, died and lived, or a work is from.
fn where_<'r>(
    field: &Field<'r>,
    item: Node,
    heading: Option<&Heading>,
    reading: &mut Reading<'r>,
    out: &mut Description<'_>,
) {
    // Identifiers can be of any of several places.
    let several = field.subfields().filter(|(code, _)| "abcefg".contains(*code)).count() > 1;
    let same_as = if several { Vec::new() } else { authorities::iris(field) };
    for (code, text) in field.subfields() {
        let property = match code {
            'a' => rdagr2::PLACE_OF_BIRTH,
            'b' => rdagr2::PLACE_OF_DEATH,
            'c' | 'e' | 'f' if heading.is_some() => foaf::BASED_NEAR,
            'c' | 'e' | 'f' | 'g' => dcterms::SPATIAL,
            _ => continue,
        };
        reading.rule(out, "marc-authority.370.place", field, code.encode_utf8(&mut [0; 4]));
        if let Some(node) = place(full_stop(trim(text)), &same_as, out) {
            out.link(item, property, node);
        }
    }
}

/// 034: where a place lies.
fn area<'r>(field: &Field<'r>, item: Node, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    reading.rule(out, "marc-authority.034.coordinates", field, "defg");
    let read = |code, latitude: bool| {
        let text = field.first(code)?;
        if latitude { coordinates::read_latitude(text) } else { coordinates::read_longitude(text) }
    };
    let (west, east, north, south) = (read('d', false), read('e', false), read('f', true), read('g', true));
    let (Some(west), Some(north)) = (west, north) else {
        let met = field.joined("defg");
        if !met.is_empty() {
            out.issue(
                IssueKind::BadCoordinates,
                &met,
                "west, east, north and south as hdddmmss or decimal degrees",
            );
        }
        return;
    };
    let (east, south) = (east.unwrap_or(west), south.unwrap_or(north));
    let wkt = if (west, south) == (east, north) {
        format!("POINT({west} {north})")
    } else {
        format!("POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))")
    };
    out.typed(item, geo::AS_WKT, &wkt, geo::WKT_LITERAL);
    if west <= east {
        out.typed(item, wgs84::LAT, &format!("{:.5}", (north + south) / 2.0), xsd::DECIMAL);
        out.typed(item, wgs84::LONG, &format!("{:.5}", (west + east) / 2.0), xsd::DECIMAL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_understood_sorted_and_in_the_readme() {
        assert!(TABLE.is_sorted_by(|a, b| a.tag < b.tag));
        let readme = include_str!("README.md");
        for line in rows(include_str!("authority.tsv")) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [tag, subfields, property, how, remark] = *cells else { panic!("{line}") };
            let known = [
                "story", "out", "text", "each", "concept", "place", "agent", "language", "date", "classes",
                "link",
            ];
            assert!(known.contains(&how), "{line}");
            assert!(!remark.is_empty(), "{line}");
            let needs_property = !matches!(how, "story" | "out" | "classes");
            assert_eq!(needs_property, row(tag).is_some_and(|row| row.property.is_some()), "{line}");
            assert_eq!(needs_property, !subfields.is_empty(), "{line}");
            assert!(
                readme.contains(&format!("| {tag} | {property} | {subfields} | {how}: {remark} |")),
                "README: {line}"
            );
        }
    }
}
