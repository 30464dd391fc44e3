//! Dates and places as authority files write them.

use graph_model::{Bound, TimeSpan};
use graph_reconcile::{Point, Years};
use loaders::shared::coordinates::{read_latitude, read_longitude, read_point, read_wkt};
use loaders::shared::dates::read_date;

/// By how many years "about" and "perhaps" are wider.
const ABOUT: i16 = 5;

/// The years in which a date lies.
pub(super) fn years(text: &str, language: Option<&str>) -> Option<Years> {
    let (from, to) = bounds(&read_date(text, language)?);
    let years = match (from, to) {
        (Some(from), Some(to)) => Years::between(from, to),
        // `..1918` and `1890..` tell one side; the other is left to a lifetime.
        (Some(from), None) => Years { from, to: from.saturating_add(100) },
        (None, Some(to)) => Years { from: to.saturating_sub(100), to },
        (None, None) => return None,
    };
    Some(years)
}

/// Birth and death, or founding and end, from a span: `1865-1957`.
pub(super) fn lifetime(text: &str, language: Option<&str>) -> Option<(Option<Years>, Option<Years>)> {
    let span = read_date(text, language)?;
    match span.edtf.split_once('/') {
        Some((from, to)) => Some((years(from, language), years(to, language))),
        None => Some((years(text, language), None)),
    }
}

fn bounds(span: &TimeSpan) -> (Option<i16>, Option<i16>) {
    let wider = if span.edtf.contains(['~', '?', '%']) { ABOUT } else { 0 };
    let year = |bound: &Option<Bound>| {
        let (Bound::Year(text) | Bound::YearMonth(text) | Bound::Day(text)) = bound.as_ref()?;
        let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |digits| (-1, digits));
        let digits = digits.split('-').next()?;
        Some((sign * digits.parse::<i32>().ok()?).clamp(i16::MIN.into(), i16::MAX.into()) as i16)
    };
    (
        year(&span.begin).map(|from| from.saturating_sub(wider)),
        year(&span.end).map(|to| to.saturating_add(wider)),
    )
}

/// A point from well-known text or from two coordinates.
pub(super) fn point(text: &str) -> Option<Point> {
    if text.contains('(') {
        // The GND writes `Point ( +013.416669 +052.500000 )`.
        let plain = text.replace('+', " ");
        let (lat, long) = read_wkt(&plain)?.centre;
        return Point::new(lat, long);
    }
    let (lat, long) = read_point(text)?;
    Point::new(lat, long)
}

/// A point from latitude and longitude, in degrees or degrees, minutes and seconds.
pub(super) fn degrees(lat: &str, long: &str) -> Option<Point> {
    let read = |text: &str, read: fn(&str) -> Option<f64>| text.parse().ok().or_else(|| read(text));
    Point::new(read(lat, read_latitude)?, read(long, read_longitude)?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn dates_become_ranges_of_years() {
        let of = |text| years(text, None).map(|years| (years.from, years.to));
        assert_eq!(of("1865-12-08"), Some((1865, 1865)));
        assert_eq!(of("1865"), Some((1865, 1865)));
        assert_eq!(of("-0043"), Some((-43, -43)));
        assert_eq!(of("186X"), Some((1860, 1869)));
        assert_eq!(of("1865~"), Some((1860, 1870)));
        assert_eq!(of("sometime"), None);
        let both = lifetime("1865/1957", None).unwrap();
        assert_eq!(both, (Some(Years::one(1865)), Some(Years::one(1957))));
    }

    #[test]
    fn points_are_read_as_they_are_written() {
        let near = |point: Option<Point>, lat: f32, long: f32| {
            let point = point.unwrap();
            assert!((point.lat - lat).abs() < 0.001 && (point.long - long).abs() < 0.001, "{point:?}");
        };
        near(point("Point ( +013.416669 +052.500000 )"), 52.5, 13.4167);
        near(point("POINT(24.9384 60.1699)"), 60.1699, 24.9384);
        near(degrees("60.1699", "24.9384"), 60.1699, 24.9384);
        near(degrees("N 49° 23’ 10\"", "E 30° 24’ 35\""), 49.3861, 30.4097);
        assert_eq!(point("nowhere"), None);
        assert_eq!(degrees("91", "0"), None);
    }
}
