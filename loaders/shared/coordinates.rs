//! Coordinates: decimal degrees, degrees with minutes and seconds, MARC 034, and well-known text, all as WGS 84.
//!
//! Out of the world is not read, and neither is the point 0, 0: in records it stands for "nobody filled this in". Maps in
//! national grids are left out on purpose, as a grid reference without its datum would be a guess.

mod wkt;

pub use wkt::{Geometry, read_wkt};

/// Reads a latitude: `60.17`, `60,17`, `60°10′15″N`, `N 60 10.25`, `N0601015`, `+60.17`.
#[must_use]
pub fn read_latitude(text: &str) -> Option<f64> {
    one(text, Axis::Latitude)
}

/// Reads a longitude, in the spellings of [`read_latitude`].
#[must_use]
pub fn read_longitude(text: &str) -> Option<f64> {
    one(text, Axis::Longitude)
}

/// Reads a pair of coordinates as latitude and longitude in decimal degrees. Letters tell which is which; without them
/// the latitude comes first, unless only the other order lies in the world. A WKT point is read too.
///
/// ```
/// use loaders::shared::coordinates::read_point;
/// assert_eq!(read_point("60°10′30″N 24°56′15″E"), Some((60.175, 24.9375)));
/// assert_eq!(read_point("24,9375 E; 60,175 N"), Some((60.175, 24.9375)));
/// ```
#[must_use]
pub fn read_point(text: &str) -> Option<(f64, f64)> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    if text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("POINT")) {
        return read_wkt(text).map(|geometry| geometry.centre);
    }
    let text = text.strip_prefix("geo:").unwrap_or(text);
    let signs = signs(text, DecimalComma::of(text))?;
    let (first, second) = halves(&signs)?;
    let (first, second) = (angle(first)?, angle(second)?);
    let (latitude, longitude) = match (first.axis, second.axis) {
        (Some(Axis::Longitude), None | Some(Axis::Latitude)) | (None, Some(Axis::Latitude)) => {
            (second, first)
        }
        (None | Some(Axis::Latitude), None | Some(Axis::Longitude)) => (first, second),
        (Some(_), Some(_)) => return None,
    };
    let (mut latitude, mut longitude) = (latitude.degrees, longitude.degrees);
    if first.axis.is_none() && second.axis.is_none() && latitude.abs() > 90.0 && longitude.abs() <= 90.0 {
        std::mem::swap(&mut latitude, &mut longitude);
    }
    in_world(latitude, longitude).then_some((latitude, longitude))
}

/// Whether a latitude and longitude are on the globe and were filled in.
#[must_use]
pub fn in_world(latitude: f64, longitude: f64) -> bool {
    latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && (latitude != 0.0 || longitude != 0.0)
}

/// The longest text that is read; what is longer is prose.
const LONGEST: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    Latitude,
    Longitude,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Angle {
    degrees: f64,
    axis: Option<Axis>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    /// The value, and how many digits stand before its decimal point.
    Number {
        value: f64,
        digits: usize,
    },
    Minus,
    Degree,
    Minute,
    Second,
    /// A letter: the axis, and whether it is south or west.
    Side(Axis, bool),
    /// What may stand between two coordinates.
    Divider,
}

/// Whether a comma between digits is a decimal sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DecimalComma {
    Yes,
    No,
}

impl DecimalComma {
    /// In a pair, a comma is decimal when there is no decimal point and it does not alone divide two whole numbers.
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let tight = |at: usize| {
            at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        };
        let commas = (0..bytes.len()).filter(|&at| bytes[at] == b',' && tight(at)).count();
        let letters = text.contains(|c: char| c == '°' || c.is_alphabetic());
        if !text.contains('.') && (commas > 1 || commas == 1 && letters) { Self::Yes } else { Self::No }
    }
}

fn one(text: &str, axis: Axis) -> Option<f64> {
    let text = text.trim();
    let limit = if axis == Axis::Latitude { 90.0 } else { 180.0 };
    if let Ok(degrees) = text.parse::<f64>()
        && !(text.starts_with('+') && text.len() == 8)
    {
        return (degrees.abs() <= limit).then_some(degrees);
    }
    if text.len() > LONGEST {
        return None;
    }
    let angle = angle(&signs(text, DecimalComma::Yes)?)?;
    (angle.axis.is_none_or(|told| told == axis) && angle.degrees.abs() <= limit).then_some(angle.degrees)
}

fn signs(text: &str, comma: DecimalComma) -> Option<Vec<Sign>> {
    let chars: Vec<char> = text.chars().collect();
    let mut signs = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c.is_ascii_digit() {
            let start = at;
            let mut digits = 0;
            let mut number = String::new();
            while at < chars.len() {
                let decimal = chars[at] == '.' || chars[at] == ',' && comma == DecimalComma::Yes;
                if chars[at].is_ascii_digit() {
                    number.push(chars[at]);
                } else if decimal
                    && !number.contains('.')
                    && chars.get(at + 1).is_some_and(char::is_ascii_digit)
                {
                    digits = at - start;
                    number.push('.');
                } else {
                    break;
                }
                at += 1;
            }
            if !number.contains('.') {
                digits = number.len();
            }
            signs.push(Sign::Number { value: number.parse().ok()?, digits });
            continue;
        }
        if c.is_alphabetic() && !matches!(c, 'º' | 'ʹ' | 'ʺ') {
            let start = at;
            // `пн. ш.` and `сх.д.` are one sign.
            while at < chars.len() && (chars[at].is_alphabetic() && chars[at] != 'º' || chars[at] == '.') {
                at += 1;
            }
            let word: String =
                chars[start..at].iter().filter(|c| **c != '.').flat_map(|c| c.to_lowercase()).collect();
            signs.extend(letter(&word)?);
            continue;
        }
        match c {
            '°' | 'º' | '˚' | '*' => signs.push(Sign::Degree),
            '\'' | '′' | '’' | '‘' | '´' | 'ʹ' => {
                // Two of them are the sign of seconds.
                if matches!(chars.get(at + 1), Some('\'' | '′' | '’' | '´')) {
                    at += 1;
                    signs.push(Sign::Second);
                } else {
                    signs.push(Sign::Minute);
                }
            }
            '"' | '″' | '”' | '“' | '„' | 'ʺ' => signs.push(Sign::Second),
            '-' | '−' | '–' => signs.push(Sign::Minus),
            ',' | ';' | '/' | '|' => signs.push(Sign::Divider),
            '+' | ':' | '(' | ')' | '[' | ']' | '=' | '.' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
        at += 1;
    }
    Some(signs)
}

/// The sign that a word stands for; an inner `None` for one that says nothing.
fn letter(word: &str) -> Option<Option<Sign>> {
    Some(match word {
        "n" | "north" | "пн" | "пнш" | "с" | "сш" => Some(Sign::Side(Axis::Latitude, false)),
        "s" | "south" | "пд" | "пдш" | "ю" | "юш" => Some(Sign::Side(Axis::Latitude, true)),
        "e" | "o" | "east" | "сх" | "схд" | "в" | "вд" => Some(Sign::Side(Axis::Longitude, false)),
        "w" | "west" | "зх" | "зхд" | "з" | "зд" => Some(Sign::Side(Axis::Longitude, true)),
        "d" | "deg" | "degrees" => Some(Sign::Degree),
        "m" | "min" => Some(Sign::Minute),
        "sec" => Some(Sign::Second),
        "lat" | "latitude" | "lon" | "long" | "lng" | "longitude" | "ш" | "д" | "wgs" => None,
        _ => return None,
    })
}

/// Cuts a pair where its second coordinate begins.
fn halves(signs: &[Sign]) -> Option<(&[Sign], &[Sign])> {
    let sides: Vec<usize> = (0..signs.len()).filter(|&at| matches!(signs[at], Sign::Side(..))).collect();
    let numbers: Vec<usize> =
        (0..signs.len()).filter(|&at| matches!(signs[at], Sign::Number { .. })).collect();
    let dividers: Vec<usize> = (0..signs.len()).filter(|&at| signs[at] == Sign::Divider).collect();
    let first_number = *numbers.first()?;
    let at = match (sides.as_slice(), dividers.as_slice()) {
        (_, [divider]) => *divider,
        ([first, second], _) if *first < first_number => *second,
        ([first, _], _) => first + 1,
        ([], []) => {
            let degrees: Vec<usize> = (1..signs.len()).filter(|&at| signs[at] == Sign::Degree).collect();
            let begin = match (degrees.as_slice(), numbers.len()) {
                ([_, second], _) => second - 1,
                ([], 2 | 4 | 6) => numbers[numbers.len() / 2],
                _ => return None,
            };
            // Its minus comes along.
            if begin > 0 && signs[begin - 1] == Sign::Minus { begin - 1 } else { begin }
        }
        _ => return None,
    };
    Some(signs.split_at(at))
}

fn angle(signs: &[Sign]) -> Option<Angle> {
    let (mut negative, mut axis) = (false, None);
    let mut parts: Vec<(f64, usize)> = Vec::with_capacity(3);
    let mut unit = 0;
    for sign in signs {
        match *sign {
            Sign::Number { value, digits } => {
                if parts.len() == 3 {
                    return None;
                }
                parts.push((value, digits));
            }
            Sign::Minus if parts.is_empty() => negative = true,
            Sign::Degree | Sign::Minute | Sign::Second => {
                let place = match sign {
                    Sign::Degree => 1,
                    Sign::Minute => 2,
                    _ => 3,
                };
                // `60° 15″` leaves the minutes out.
                while parts.len() < place && !parts.is_empty() && place == 3 && parts.len() == 2 && unit == 1
                {
                    let seconds = parts.pop()?;
                    parts.extend([(0.0, 1), seconds]);
                }
                if parts.len() != place || unit >= place {
                    return None;
                }
                unit = place;
            }
            Sign::Side(told, south_or_west) => {
                if axis.replace(told).is_some() {
                    return None;
                }
                negative ^= south_or_west;
            }
            Sign::Divider => {}
            Sign::Minus => return None,
        }
    }
    let (degrees, minutes, seconds) = match *parts.as_slice() {
        // MARC 034: hdddmmss, hdddmmss.s and hdddmm.mm.
        [(value, 7)] if unit == 0 => {
            ((value / 10_000.0).trunc(), (value / 100.0).trunc() % 100.0, value % 100.0)
        }
        [(value, 5)] if unit == 0 => ((value / 100.0).trunc(), value % 100.0, 0.0),
        [(degrees, _)] => (degrees, 0.0, 0.0),
        [(degrees, _), (minutes, _)] => (degrees, minutes, 0.0),
        [(degrees, _), (minutes, _), (seconds, _)] => (degrees, minutes, seconds),
        _ => return None,
    };
    let whole = |value: f64| value.fract() == 0.0;
    if minutes >= 60.0 || seconds >= 60.0 || (minutes > 0.0 || seconds > 0.0) && !whole(degrees) {
        return None;
    }
    if seconds > 0.0 && !whole(minutes) {
        return None;
    }
    let magnitude = degrees + minutes / 60.0 + seconds / 3600.0;
    Some(Angle { degrees: if negative { -magnitude } else { magnitude }, axis })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn near(met: Option<(f64, f64)>, expected: (f64, f64)) -> bool {
        met.is_some_and(|met| (met.0 - expected.0).abs() < 1e-6 && (met.1 - expected.1).abs() < 1e-6)
    }

    #[test]
    fn points_in_many_spellings() {
        let helsinki = (60.175, 24.9375);
        for text in [
            "60.175, 24.9375",
            "60.175,24.9375",
            "60.175 24.9375",
            "60.175;24.9375",
            "60,175 24,9375",
            "60,175; 24,9375",
            "60,175, 24,9375",
            "[60.175, 24.9375]",
            "geo:60.175,24.9375",
            "lat: 60.175, lon: 24.9375",
            "60.175N 24.9375E",
            "60.175° N, 24.9375° E",
            "N 60.175 E 24.9375",
            "24.9375 E, 60.175 N",
            "E 24.9375 N 60.175",
            "60°10′30″N 24°56′15″E",
            "60°10'30\"N, 24°56'15\"E",
            "60° 10' 30\" N 24° 56' 15\" E",
            "60º10’30’’N 24º56’15’’E",
            "N 60 10.5 E 24 56.25",
            "N60°10.5' E24°56.25'",
            "60 10 30 24 56 15",
            "60°10′30″ 24°56′15″",
            "60°10′30″ пн. ш. 24°56′15″ сх. д.",
            "60°10′30″ с. ш. 24°56′15″ в. д.",
            "N0601030 E0245615",
            "POINT(24.9375 60.175)",
        ] {
            assert!(near(read_point(text), helsinki), "{text}: {:?}", read_point(text));
        }
        assert!(near(read_point("-33.85, 151.2"), (-33.85, 151.2)));
        assert!(near(read_point("33°51′S 151°12′E"), (-33.85, 151.2)));
        assert!(near(read_point("151.2, -33.85"), (-33.85, 151.2)));
        assert!(near(read_point("40.5 -73.9"), (40.5, -73.9)));
    }

    #[test]
    fn single_coordinates() {
        let near = |met: Option<f64>, expected: f64| met.is_some_and(|met| (met - expected).abs() < 1e-6);
        for text in [
            "60.175",
            "60,175",
            "60°10′30″",
            "60°10′30″N",
            "N0601030",
            "+0601030",
            "N060.175",
            "+60.175",
            "N06010.5",
            "60 10 30",
        ] {
            assert!(near(read_latitude(text), 60.175), "{text}: {:?}", read_latitude(text));
        }
        assert!(near(read_longitude("W0734512"), -(73.0 + 45.0 / 60.0 + 12.0 / 3600.0)));
        assert!(near(read_longitude("-073.9"), -73.9));
        for bad in ["", "north", "91", "60°61′", "N E 60", "60 10 30 5", "1e3", "NaN", "24.9 E"] {
            assert_eq!(read_latitude(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_nowhere_is_not_read() {
        for bad in [
            "",
            "0,0",
            "0.0, 0.0",
            "91.5, 200",
            "60.1",
            "60.1, 24.9, 5",
            "Helsinki",
            "60N 24N",
            "60°10′, 24°70′",
        ] {
            assert_eq!(read_point(bad), None, "{bad}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

        #[test]
        fn any_text_is_survived(text in "[-0-9NSEWnsew.,;°'\"′″ +a-z()]{0,40}") {
            if let Some((latitude, longitude)) = read_point(&text) {
                prop_assert!(in_world(latitude, longitude));
            }
            let _ = (read_latitude(&text), read_longitude(&text), read_wkt(&text));
        }

        #[test]
        fn what_is_written_is_read(latitude in -89.0..89.0_f64, longitude in -179.0..179.0_f64) {
            let text = format!("{latitude:.5}, {longitude:.5}");
            let met = read_point(&text).unwrap();
            prop_assert!((met.0 - latitude).abs() < 1e-4 && (met.1 - longitude).abs() < 1e-4, "{}", text);
        }
    }
}
