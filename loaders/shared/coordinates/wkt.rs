//! Well-known text (OGC 06-103r4, Simple Features): points, lines, polygons and their multiples in two dimensions.
//!
//! Every position must lie in the world and every ring be closed. Collections and curves are left out.

use super::in_world;
use std::fmt::Write as _;

/// A geometry in CRS84 (longitude before latitude).
#[derive(Debug, Clone, PartialEq)]
pub struct Geometry {
    /// The geometry as well-known text, in one spelling.
    pub wkt: String,
    /// Latitude and longitude of the centre of its bounding box, in decimal degrees.
    pub centre: (f64, f64),
}

/// The levels of brackets that a kind of geometry has, and whether its innermost lists are rings.
const KINDS: [(&str, u8, Lists); 6] = [
    ("POINT", 1, Lists::Free),
    ("LINESTRING", 1, Lists::Lines),
    ("POLYGON", 2, Lists::Rings),
    ("MULTIPOINT", 1, Lists::Free),
    ("MULTILINESTRING", 2, Lists::Lines),
    ("MULTIPOLYGON", 3, Lists::Rings),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lists {
    Free,
    Lines,
    Rings,
}

/// Reads well-known text with longitude before latitude; `SRID=4326;` and the IRI of CRS84 may stand before it. A third
/// and fourth number of a position are dropped. `None` for what lies outside the world, is not closed, or is empty.
#[must_use]
pub fn read_wkt(text: &str) -> Option<Geometry> {
    let mut text = text.trim();
    if let Some((crs, rest)) = text.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        if !crs.ends_with("CRS84") {
            return None;
        }
        text = rest.trim_start();
    }
    if let Some((crs, rest)) = text.split_once(';') {
        if !crs.trim().eq_ignore_ascii_case("SRID=4326") {
            return None;
        }
        text = rest.trim_start();
    }
    let open = text.find('(')?;
    let mut words = text[..open].split_whitespace();
    let name = words.next()?.to_ascii_uppercase();
    if words.any(|word| !matches!(word.to_ascii_uppercase().as_str(), "Z" | "M" | "ZM")) {
        return None;
    }
    let (name, depth, lists) = *KINDS.iter().find(|(kind, ..)| *kind == name)?;
    let mut reader = Reader {
        rest: &text[open..],
        wkt: name.to_owned(),
        west: f64::MAX,
        east: f64::MIN,
        south: f64::MAX,
        north: f64::MIN,
    };
    // The points of a MULTIPOINT may each have brackets of their own.
    let bracketed_points = name == "MULTIPOINT" && text[open + 1..].trim_start().starts_with('(');
    let positions = reader.nested(if bracketed_points { 2 } else { depth }, lists)?;
    if !reader.rest.trim().is_empty() || name == "POINT" && positions != 1 {
        return None;
    }
    let centre = (f64::midpoint(reader.south, reader.north), f64::midpoint(reader.west, reader.east));
    Some(Geometry { wkt: reader.wkt, centre })
}

struct Reader<'t> {
    rest: &'t str,
    wkt: String,
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

impl Reader<'_> {
    fn take(&mut self, sign: char) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(sign)?;
        self.wkt.push(sign);
        Some(())
    }

    fn comma_follows(&mut self) -> bool {
        self.take(',').is_some()
    }

    /// A bracketed list of lists, `depth` deep; gives the number of positions.
    fn nested(&mut self, depth: u8, lists: Lists) -> Option<usize> {
        self.take('(')?;
        let mut positions = 0;
        if depth > 1 {
            loop {
                positions += self.nested(depth - 1, lists)?;
                if !self.comma_follows() {
                    break;
                }
            }
        } else {
            let first = self.position()?;
            let mut last = first;
            positions = 1;
            while self.comma_follows() {
                last = self.position()?;
                positions += 1;
            }
            let sound = match lists {
                Lists::Free => true,
                Lists::Lines => positions >= 2,
                Lists::Rings => positions >= 4 && first == last,
            };
            if !sound {
                return None;
            }
        }
        self.take(')')?;
        Some(positions)
    }

    fn position(&mut self) -> Option<(f64, f64)> {
        let end = self.rest.find([',', ')', '('])?;
        let (numbers, rest) = self.rest.split_at(end);
        self.rest = rest;
        let mut numbers = numbers.split_whitespace().map(|number| number.parse::<f64>().ok());
        let (longitude, latitude) = (numbers.next()??, numbers.next()??);
        // Height and measure say nothing about where on the globe.
        if numbers.clone().count() > 2
            || numbers.any(|number| number.is_none())
            || !in_world(latitude, longitude)
        {
            return None;
        }
        (self.west, self.east) = (self.west.min(longitude), self.east.max(longitude));
        (self.south, self.north) = (self.south.min(latitude), self.north.max(latitude));
        // Writing to a string cannot fail.
        let _ = write!(self.wkt, "{longitude} {latitude}");
        Some((longitude, latitude))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geometries_are_read_in_one_spelling() {
        let read = |text| read_wkt(text).map(|geometry| geometry.wkt);
        let cases = [
            ("POINT(24.9375 60.175)", "POINT(24.9375 60.175)"),
            ("point ( 24.9375   60.175 )", "POINT(24.9375 60.175)"),
            ("SRID=4326;POINT (24.9375 60.175)", "POINT(24.9375 60.175)"),
            ("POINT Z (24.9375 60.175 12)", "POINT(24.9375 60.175)"),
            ("LINESTRING(24 60, 25 61)", "LINESTRING(24 60,25 61)"),
            ("POLYGON((24 60,25 60,25 61,24 60))", "POLYGON((24 60,25 60,25 61,24 60))"),
            (
                "MULTIPOLYGON (((24 60,25 60,25 61,24 60)),((1 1,2 1,2 2,1 1)))",
                "MULTIPOLYGON(((24 60,25 60,25 61,24 60)),((1 1,2 1,2 2,1 1)))",
            ),
            ("MULTIPOINT(24 60,25 61)", "MULTIPOINT(24 60,25 61)"),
            ("MULTIPOINT((24 60),(25 61))", "MULTIPOINT((24 60),(25 61))"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        let bad = [
            "",
            "POINT",
            "POINT EMPTY",
            "POINT(24)",
            "POINT(24 95)",
            "POINT(24 60",
            "POINT(24 60) x",
            "POINT(24 60,25 61)",
            "POINT(0 0)",
            "POLYGON((24 60,25 60,25 61,24 62))",
            "POLYGON((24 60,25 60,24 60))",
            "LINESTRING(24 60)",
            "CIRCLE(1 2)",
            "SRID=3067;POINT(1 2)",
            "POLYGON(24 60,25 60,25 61,24 60)",
            "POINT(a b)",
            "POINT(1 2 3 4 5)",
        ];
        for text in bad {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_centre_is_that_of_the_bounding_box() {
        let centre = |text| read_wkt(text).map(|geometry| geometry.centre);
        assert_eq!(centre("POLYGON((24 60,26 60,26 62,24 62,24 60))"), Some((61.0, 25.0)));
        assert_eq!(centre("POINT(24 60)"), Some((60.0, 24.0)));
    }
}
