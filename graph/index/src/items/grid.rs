//! The map as rows and columns, and what lies in each cell.

use super::Point;
use std::collections::HashMap;

/// A map cut into rows and columns of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// South, west, north, east, in millionths of a degree.
    pub bounds: [i32; 4],
    /// How many rows, from the south.
    pub rows: u32,
    /// How many columns, from the west.
    pub columns: u32,
}

/// Items in a cell of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// From the south.
    pub row: u32,
    /// From the west.
    pub column: u32,
    /// How many items have a point in it.
    pub count: u32,
    /// The middle of their points: latitude and longitude in millionths of a degree.
    pub middle: [i32; 2],
    /// The place that most of the points are.
    pub place: u32,
    /// How many different places there are.
    pub places: u32,
}

impl Grid {
    /// The place of the cell of a point, row by row.
    pub(super) fn place(&self, point: &Point) -> Option<usize> {
        let [south, west, north, east] = self.bounds;
        if !point.is_within(self.bounds) {
            return None;
        }
        let along = |from: i32, to: i32, at: i32, count: u32| {
            let (length, at) = ((i64::from(to) - i64::from(from)).max(1), i64::from(at) - i64::from(from));
            (at * i64::from(count) / length).min(i64::from(count) - 1)
        };
        let row = along(south, north, point.latitude, self.rows);
        let column = along(west, east, point.longitude, self.columns);
        usize::try_from(row * i64::from(self.columns) + column).ok()
    }

    /// South, west, north, east of a cell: the millionths of a degree that belong to it, the last ones included.
    #[must_use]
    pub fn bounds_of(&self, row: u32, column: u32) -> [i32; 4] {
        let [south, west, north, east] = self.bounds;
        // The first point of a cell is the first that the division above gives to it.
        let edge = |from: i32, to: i32, at: u32, count: u32| {
            let length = (i64::from(to) - i64::from(from)).max(1);
            (i64::from(from) + up(i64::from(at) * length, i64::from(count))) as i32
        };
        let end = |from: i32, to: i32, at: u32, count: u32| {
            if at + 1 == count { to } else { edge(from, to, at + 1, count) - 1 }
        };
        [
            edge(south, north, row, self.rows),
            edge(west, east, column, self.columns),
            end(south, north, row, self.rows),
            end(west, east, column, self.columns),
        ]
    }
}

/// Rounded up; neither is negative.
fn up(number: i64, by: i64) -> i64 {
    (number + by - 1) / by.max(1)
}

impl Point {
    pub(super) fn is_within(&self, [south, west, north, east]: [i32; 4]) -> bool {
        (south..=north).contains(&self.latitude) && (west..=east).contains(&self.longitude)
    }
}

/// What is counted in a cell.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    count: u32,
    latitudes: i64,
    longitudes: i64,
    places: HashMap<u32, u32>,
}

impl Gathered {
    /// Counts an item that lies there.
    pub(super) fn add(&mut self, point: Point) {
        self.count += 1;
        self.latitudes += i64::from(point.latitude);
        self.longitudes += i64::from(point.longitude);
        *self.places.entry(point.place).or_default() += 1;
    }
}

impl Cell {
    /// The cells of a grid that something lies in.
    pub(super) fn all(grid: Grid, cells: Vec<Gathered>) -> Vec<Self> {
        let counted = cells.into_iter().enumerate().filter(|(_, cell)| cell.count > 0);
        let cell = |(at, Gathered { count, latitudes, longitudes, places }): (usize, Gathered)| {
            // Of places that are equally frequent, the first by its number.
            let most = places.iter().max_by_key(|(place, count)| (**count, std::cmp::Reverse(**place)));
            Self {
                row: at as u32 / grid.columns,
                column: at as u32 % grid.columns,
                count,
                middle: [latitudes, longitudes].map(|sum| (sum / i64::from(count)) as i32),
                place: most.map_or(0, |(place, _)| *place),
                places: places.len() as u32,
            }
        };
        counted.map(cell).collect()
    }
}
