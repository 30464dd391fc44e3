//! Numbers by their exact value, whatever their datatype, as bytes that sort.
//!
//! Evaluators compare an integer with a double by turning it into a double, which rounds: then 2⁵³ equals 2⁵³ + 1, both
//! equal the double, and no order of all three exists. Here a number is the largest double that is not above it, and
//! behind that, when they differ, the number itself in units of 10⁻¹⁸ (all that integers and decimals can be). Two
//! numbers with the same double are compared by those, so nothing is rounded.
//!
//! NaN stands behind all numbers, and the two zeros are one value.

use oxsdatatypes::{Decimal, Double, Float, Integer};
use std::cmp::Ordering;

/// How many units a whole has.
const UNITS: i128 = 1_000_000_000_000_000_000;

/// A number as its datatype holds it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    Integer(Integer),
    Decimal(Decimal),
    Float(Float),
    Double(Double),
}

impl Number {
    /// Writes the bytes by which numbers sort. Equal values have equal bytes, and none is a prefix of another's.
    pub(crate) fn write(self, key: &mut Vec<u8>) {
        match self {
            Self::Integer(number) => {
                let number = i64::from(number);
                let double = number as f64;
                if number.unsigned_abs() <= 1 << 53 {
                    write_double(double, key);
                } else {
                    write_units(i128::from(number) * UNITS, key);
                }
            }
            Self::Decimal(number) => write_units(i128::from_be_bytes(number.to_be_bytes()), key),
            Self::Float(number) => write_double(f64::from(number), key),
            Self::Double(number) => write_double(f64::from(number), key),
        }
    }

    /// The nearest double.
    pub(crate) fn double(self) -> f64 {
        match self {
            Self::Integer(number) => i64::from(number) as f64,
            Self::Decimal(number) => f64::from(Double::from(number)),
            Self::Float(number) => f64::from(number),
            Self::Double(number) => f64::from(number),
        }
    }

    /// As `<`, `=` and `>` of SPARQL compare: both are brought to the wider of their types first.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        use Number as N;
        match (self, other) {
            (N::Integer(a), N::Integer(b)) => Some(a.cmp(&b)),
            (N::Integer(a), N::Decimal(b)) => Decimal::from(a).partial_cmp(&b),
            (N::Decimal(a), N::Integer(b)) => a.partial_cmp(&Decimal::from(b)),
            (N::Decimal(a), N::Decimal(b)) => Some(a.cmp(&b)),
            (N::Double(_), _) | (_, N::Double(_)) => self.double().partial_cmp(&other.double()),
            (N::Float(_), _) | (_, N::Float(_)) => self.float().partial_cmp(&other.float()),
        }
    }

    fn float(self) -> Float {
        match self {
            Self::Integer(number) => number.into(),
            Self::Decimal(number) => number.into(),
            Self::Float(number) => number,
            Self::Double(number) => number.into(),
        }
    }
}

/// The bytes of NaN begin with this, and no number's bytes are above it.
pub(crate) fn not_a_number(key: &mut Vec<u8>) {
    write_double(f64::NAN, key);
}

pub(crate) fn write_double(double: f64, key: &mut Vec<u8>) {
    write_bits(double, key);
    key.push(0);
}

fn write_bits(double: f64, key: &mut Vec<u8>) {
    let double = if double.is_nan() {
        f64::from_bits(0x7ff8_0000_0000_0000)
    } else if double == 0.0 {
        0.0
    } else {
        double
    };
    let bits = double.to_bits();
    let sorted = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    key.extend_from_slice(&sorted.to_be_bytes());
}

fn write_units(units: i128, key: &mut Vec<u8>) {
    let double = floor(units);
    write_bits(double, key);
    if compare(units, double) == Ordering::Equal {
        key.push(0);
    } else {
        key.push(1);
        key.extend_from_slice(&sorted(units));
    }
}

/// The bytes of an integer, so that they sort.
pub(crate) fn sorted(number: i128) -> [u8; 16] {
    (number.cast_unsigned() ^ 1 << 127).to_be_bytes()
}

/// The largest double that is not above.
fn floor(units: i128) -> f64 {
    let mut double = units as f64 / UNITS as f64;
    while compare(units, double) == Ordering::Less {
        double = double.next_down();
    }
    while compare(units, double.next_up()) != Ordering::Less {
        double = double.next_up();
    }
    double
}

/// Compares exactly.
fn compare(units: i128, double: f64) -> Ordering {
    // No number of units is as large as this.
    if double.abs() >= 1.8e20 {
        return if double > 0.0 { Ordering::Less } else { Ordering::Greater };
    }
    let whole = double.trunc();
    (units / UNITS).cmp(&(whole as i128)).then_with(|| compare_parts(units % UNITS, double - whole))
}

/// Compares what is behind the point: units below one whole, and a double below one.
fn compare_parts(units: i128, part: f64) -> Ordering {
    let sign = if part > 0.0 { 1 } else { -i128::from(part < 0.0) };
    if units.signum() != sign || sign == 0 {
        return units.signum().cmp(&sign);
    }
    let bits = part.abs().to_bits();
    // part = mantissa / 2^shift
    let (mantissa, shift) = (u128::from(bits & ((1 << 52) - 1) | 1 << 52), 1075 - (bits >> 52));
    let magnitudes = if shift >= 127 {
        Ordering::Greater
    } else {
        let scaled = mantissa * UNITS.cast_unsigned();
        let (quotient, rest) = (scaled >> shift, scaled & ((1 << shift) - 1));
        units.unsigned_abs().cmp(&quotient).then(if rest > 0 { Ordering::Less } else { Ordering::Equal })
    };
    if sign > 0 { magnitudes } else { magnitudes.reverse() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn key(number: Number) -> Vec<u8> {
        let mut key = Vec::new();
        number.write(&mut key);
        key
    }

    fn decimal(text: &str) -> Vec<u8> {
        key(Number::Decimal(text.parse().unwrap()))
    }

    fn double(text: &str) -> Vec<u8> {
        key(Number::Double(text.parse().unwrap()))
    }

    fn integer(text: &str) -> Vec<u8> {
        key(Number::Integer(text.parse().unwrap()))
    }

    #[test]
    fn values_are_exact_over_types() {
        let rising = [
            double("-INF"),
            double("-1e300"),
            integer("-9223372036854775808"),
            decimal("-1.5"),
            double("-1.25"),
            double("-1e-300"),
            integer("0"),
            double("5e-324"),
            decimal("0.000000000000000001"),
            double("0.1e-17"),
            // The double nearest to 0.1 is above it, that to 0.3 below.
            decimal("0.1"),
            double("0.1"),
            double("0.3"),
            decimal("0.3"),
            decimal("0.300000000000000001"),
            integer("9007199254740992"),
            integer("9007199254740993"),
            decimal("9007199254740993.5"),
            integer("9007199254740994"),
            integer("9223372036854775807"),
            double("9223372036854775808"),
            decimal("170141183460469231731.687303715884105727"),
            double("1.8e20"),
            double("INF"),
            double("NaN"),
        ];
        for pair in rising.windows(2) {
            assert!(pair[0] < pair[1], "{:?} {:?}", pair[0], pair[1]);
        }
        assert_eq!(integer("9007199254740992"), double("9007199254740992"));
        assert_eq!(integer("9007199254740994"), double("9007199254740994"));
        assert_eq!(decimal("-0.5"), double("-0.5"));
        assert_eq!(double("-0"), integer("0"));
        assert_eq!(key(Number::Float("16777216".parse().unwrap())), integer("16777216"));
    }
}
