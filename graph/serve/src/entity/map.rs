//! A map that needs nobody else's server: dots over the coastlines, in one drawing.
//!
//! Longitudes are narrowed by the cosine of the middle latitude, so that shapes look right where the dots are. The
//! coastlines (`assets/land.svg`) are drawn at a scale of one to fifty million; nearer than some degrees they say
//! nothing, so the drawing never goes nearer.

use crate::pages::grouped;
use crate::value::Value;

/// How many degrees of latitude are seen at least.
const NEAREST: f64 = 7.0;
/// The drawing: width and height in its own units.
const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 480.0;

/// A place with the number of things there.
#[derive(Debug)]
pub(super) struct Dot {
    pub(super) name: Value,
    pub(super) count: u32,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

/// A drawing.
#[derive(Debug)]
pub(super) struct Map {
    /// Where the coastlines lie in the drawing: x, y, width, height.
    pub(super) land: [String; 4],
    pub(super) spots: Vec<Spot>,
    /// What the drawing shows, in words.
    pub(super) words: String,
}

/// A dot in the drawing.
#[derive(Debug)]
pub(super) struct Spot {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) radius: String,
    pub(super) title: String,
    pub(super) href: String,
}

impl Map {
    /// A drawing of all dots; `None` without any.
    pub(super) fn of(mut dots: Vec<Dot>) -> Option<Self> {
        let least = |value: fn(&Dot) -> f64| dots.iter().map(value).fold(f64::INFINITY, f64::min);
        let most = |value: fn(&Dot) -> f64| dots.iter().map(value).fold(f64::NEG_INFINITY, f64::max);
        if dots.is_empty() {
            return None;
        }
        let (south, north) = (least(|dot| dot.latitude), most(|dot| dot.latitude));
        let (west, east) = (least(|dot| dot.longitude), most(|dot| dot.longitude));
        let (middle, centre) = (f64::midpoint(south, north), f64::midpoint(west, east));
        let narrow = middle.to_radians().cos().max(0.2);
        // A margin around the dots, and the shape of the drawing.
        let tall = ((north - south) * 1.3).max((east - west) * 1.3 * narrow * HEIGHT / WIDTH).max(NEAREST);
        let scale = HEIGHT / tall;
        let x = |longitude: f64| WIDTH / 2.0 + (longitude - centre) * narrow * scale;
        let y = |latitude: f64| HEIGHT / 2.0 - (latitude - middle) * scale;
        let number = |value: f64| format!("{value:.1}");
        // Small dots above large ones.
        dots.sort_by_key(|dot| std::cmp::Reverse(dot.count));
        let largest = dots.first().map_or(1, |dot| dot.count.max(1));
        let words = dots.iter().map(|dot| dot.name.text.as_str()).collect::<Vec<_>>().join(", ");
        let spots = dots
            .into_iter()
            .map(|dot| Spot {
                x: number(x(dot.longitude)),
                y: number(y(dot.latitude)),
                radius: number(7.0 + 17.0 * (f64::from(dot.count) / f64::from(largest)).sqrt()),
                title: if dot.count > 1 {
                    format!("{} ({})", dot.name.text, grouped(u64::from(dot.count)))
                } else {
                    dot.name.text
                },
                href: dot.name.href.unwrap_or_default(),
            })
            .collect();
        let land = [x(-180.0), y(90.0), 360.0 * narrow * scale, 180.0 * scale].map(number);
        Some(Self { land, spots, words })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn dot(latitude: f64, longitude: f64) -> Dot {
        Dot { name: Value::default(), count: 1, latitude, longitude }
    }

    #[test]
    fn every_dot_is_in_the_drawing() {
        assert!(Map::of(Vec::new()).is_none());
        for dots in [
            vec![dot(60.2, 24.9)],
            vec![dot(60.2, 24.9), dot(50.4, 30.5)],
            vec![dot(-90.0, -180.0), dot(90.0, 180.0)],
        ] {
            let map = Map::of(dots).unwrap();
            for spot in &map.spots {
                let (x, y): (f64, f64) = (spot.x.parse().unwrap(), spot.y.parse().unwrap());
                assert!((0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y), "{map:?}");
            }
        }
        assert_eq!(Map::of(vec![dot(60.2, 24.9)]).unwrap().spots[0].x, "400.0");
    }
}
