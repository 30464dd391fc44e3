//! Items on a map: no tiles of others, but the outlines of the land, a net of degrees and what lies near each other as one
//! circle that leads on.

use super::wish::{View, Wish};
use super::{Ground, failed};
use crate::path::document_of;
use crate::problem::Problem;
use crate::value::Words;
use graph_index::TermId;
use graph_index::items::{Answer, Asked, Grid};
use graph_store::rdf::Term;

/// The grid in which what is near each other is one.
const ROWS: u32 = 8;
const COLUMNS: u32 = 11;
/// The whole earth.
const EARTH: [i32; 4] = [-90_000_000, -180_000_000, 90_000_000, 180_000_000];
/// The width of the picture in its own units.
const WIDTH: f64 = 1_000.0;
/// What is nearer to the edge is given room.
const ROOM: f64 = 0.08;
/// The narrowest map in degrees.
const LEAST: f64 = 0.4;

/// The map of a search.
pub(super) struct Map {
    pub(super) height: f64,
    pub(super) clusters: Vec<Cluster>,
    pub(super) lines: Vec<Line>,
    pub(super) land: Land,
    /// How many items have no place on the map.
    pub(super) unplaced: u64,
    /// Where to see all of it again.
    pub(super) whole: Option<String>,
}

/// Where the picture of all land lies, so that the map is a part of it.
pub(super) struct Land {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A line of the net of degrees.
pub(super) struct Line {
    pub(super) from: [f64; 2],
    pub(super) to: [f64; 2],
    pub(super) label: String,
    pub(super) at: [f64; 2],
}

/// What lies near each other.
pub(super) struct Cluster {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) radius: f64,
    pub(super) count: u64,
    pub(super) name: String,
    pub(super) lang: Option<String>,
    /// How many more places there are.
    pub(super) others: u64,
    pub(super) href: String,
}

/// Counts on the map and draws it.
pub(super) fn map(ground: &Ground<'_>, wish: &Wish, words: &mut Words<'_>) -> Result<(Answer, Map), Problem> {
    let go_on = || ground.go_on();
    let search = |grid| {
        let asked = Asked { grid: Some(grid), count: 0, from: 0, ..wish.asked() };
        ground.items.search(&asked, &go_on).map_err(|error| failed(&error))
    };
    let whole = Grid { bounds: EARTH, rows: 1, columns: 1 };
    let first = search(whole)?;
    let extent = first.extent.unwrap_or(EARTH);
    let grid = Grid { bounds: extent, rows: ROWS, columns: COLUMNS };
    let answer = search(grid)?;
    let terms = ground.ranks.index.terms();
    let name = |id: u32| match terms.term(TermId(id)) {
        Term::NamedNode(node) => node.into_string(),
        _ => String::new(),
    };
    let mut places: Vec<String> = answer.cells.iter().map(|cell| name(cell.place)).collect();
    words.learn(&ground.generation.snapshot, places.iter().map(String::as_str))?;
    // The site of a monument may have no name of its own; then it is called as the monument is.
    for place in places.iter_mut().filter(|place| !words.knows(place)) {
        *place = document_of(place).to_owned();
    }
    words.learn(&ground.generation.snapshot, places.iter().map(String::as_str))?;
    let frame = Frame::around(extent);
    let most = answer.cells.iter().map(|cell| cell.count).max().unwrap_or(1).max(1);
    let mut clusters: Vec<Cluster> = Vec::new();
    for (cell, iri) in answer.cells.iter().zip(&places) {
        let narrowed = wish.with(|wish| {
            wish.bounds = Some(grid.bounds_of(cell.row, cell.column));
            // Where there is one place, there is nothing to come nearer to.
            wish.view = if cell.places > 1 { View::Map } else { View::List };
        });
        let [x, y] = frame.point(cell.middle);
        let value = words.name(iri);
        let share = (f64::from(cell.count) / f64::from(most)).sqrt();
        clusters.push(Cluster {
            x,
            y,
            radius: round(14.0 + 16.0 * share),
            count: u64::from(cell.count),
            name: value.text,
            lang: value.lang,
            others: u64::from(cell.places.saturating_sub(1)),
            href: narrowed.path(&[]),
        });
    }
    // The most first, in the list beside the picture.
    clusters.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
    let map = Map {
        height: frame.height,
        clusters,
        lines: frame.lines(),
        land: frame.land(),
        unplaced: u64::from(answer.total.saturating_sub(answer.placed)),
        whole: wish.bounds.is_some().then(|| wish.with(|wish| wish.bounds = None).path(&[])),
    };
    Ok((answer, map))
}

/// A part of the earth as a picture: degrees in both directions, as long as they are in the middle.
struct Frame {
    south: f64,
    west: f64,
    north: f64,
    east: f64,
    height: f64,
}

impl Frame {
    fn around(extent: [i32; 4]) -> Self {
        let [mut south, mut west, mut north, mut east] = extent.map(|millionths| f64::from(millionths) / 1e6);
        let widen = |low: &mut f64, high: &mut f64, least: f64| {
            let more = ((least - (*high - *low)) / 2.0).max((*high - *low) * ROOM);
            (*low, *high) = (*low - more, *high + more);
        };
        widen(&mut south, &mut north, LEAST);
        let narrow = ((south + north) / 2.0).to_radians().cos().max(0.2);
        widen(&mut west, &mut east, LEAST / narrow);
        // A picture is neither a strip nor a tower.
        let (width, height) = ((east - west) * narrow, north - south);
        if height < width * 0.5 {
            widen(&mut south, &mut north, width * 0.5);
        } else if height > width * 0.8 {
            widen(&mut west, &mut east, height / 0.8 / narrow);
        }
        let (south, north) = (south.max(-90.0), north.min(90.0));
        let height = round(WIDTH * (north - south) / ((east - west) * narrow));
        Self { south, west, north, east, height }
    }

    fn at(&self, latitude: f64, longitude: f64) -> [f64; 2] {
        let x = WIDTH * (longitude - self.west) / (self.east - self.west);
        let y = self.height * (self.north - latitude) / (self.north - self.south);
        [round(x), round(y)]
    }

    fn point(&self, [latitude, longitude]: [i32; 2]) -> [f64; 2] {
        self.at(f64::from(latitude) / 1e6, f64::from(longitude) / 1e6)
    }

    fn land(&self) -> Land {
        let [x, y] = self.at(90.0, -180.0);
        let [right, bottom] = self.at(-90.0, 180.0);
        Land { x, y, width: round(right - x), height: round(bottom - y) }
    }

    /// A net of five lines or so in each direction, at round degrees.
    fn lines(&self) -> Vec<Line> {
        let step = |length: f64| {
            let steps = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 45.0];
            steps.into_iter().find(|step| length / step <= 7.0).unwrap_or(90.0)
        };
        let round_ones = |low: f64, high: f64| {
            let step = step(high - low);
            let first = (low / step).ceil();
            (0..16).map(move |n| (first + f64::from(n)) * step).take_while(move |degrees| *degrees <= high)
        };
        let label = |degrees: f64, positive: &str, negative: &str| {
            let size = (degrees.abs() * 100.0).round() / 100.0;
            let side = if degrees > 0.0 {
                positive
            } else if degrees < 0.0 {
                negative
            } else {
                ""
            };
            format!("{size}°{side}")
        };
        let mut lines = Vec::new();
        for latitude in round_ones(self.south.max(-89.0), self.north.min(89.0)) {
            let [_, y] = self.at(latitude, self.west);
            lines.push(Line {
                from: [0.0, y],
                to: [WIDTH, y],
                label: label(latitude, "N", "S"),
                at: [6.0, round(y - 5.0)],
            });
        }
        for longitude in round_ones(self.west.max(-180.0), self.east.min(180.0)) {
            let [x, _] = self.at(self.north, longitude);
            let foot = round(self.height - 6.0);
            lines.push(Line {
                from: [x, 0.0],
                to: [x, self.height],
                label: label(longitude, "E", "W"),
                at: [round(x + 5.0), foot],
            });
        }
        lines
    }
}

fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_holds_what_it_is_around_and_has_a_shape() {
        for extent in [
            EARTH,
            [60_170_000, 24_940_000, 60_170_000, 24_940_000],
            [-89_999_999, -180_000_000, -89_000_000, 180_000_000],
            [59_000_000, 20_000_000, 70_000_000, 31_000_000],
        ] {
            let frame = Frame::around(extent);
            assert!(frame.height > 200.0 && frame.height < 900.0, "{extent:?}: {}", frame.height);
            for corner in [[extent[0], extent[1]], [extent[2], extent[3]]] {
                let [x, y] = frame.point(corner);
                assert!(
                    (0.0..=WIDTH).contains(&x) && (0.0..=frame.height).contains(&y),
                    "{extent:?}: {x} {y}"
                );
            }
            assert!(frame.lines().len() > 2, "{extent:?}");
        }
    }
}
