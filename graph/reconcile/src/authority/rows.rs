//! What a matcher compares of each candidate, in rows of one width: nothing is decoded to judge fifty of them.

use crate::{Kind, Point, Years};

/// Latitude, longitude, born, died, and how often the name occurs.
pub(super) type Row = [u32; 5];
/// The first letters of the words of all names, and the letters that stand alone in them, with the kind.
pub(super) type Head = [u32; 2];

pub(super) const ROWS: &str = "rows";
pub(super) const HEADS: &str = "heads";

/// No year lies between these.
const NEVER: Years = Years { from: i16::MAX, to: i16::MIN };
/// Letters are the lower bits of a head; the kind is in those above.
pub(super) const LETTERS: u32 = 27;

pub(super) fn row(born: Option<Years>, died: Option<Years>, point: Option<Point>, frequency: u32) -> Row {
    let (lat, long) = point.map_or((f32::NAN, f32::NAN), |point| (point.lat, point.long));
    [lat.to_bits(), long.to_bits(), years(born), years(died), frequency]
}

fn years(years: Option<Years>) -> u32 {
    let Years { from, to } = years.unwrap_or(NEVER);
    u32::from(from as u16) << 16 | u32::from(to as u16)
}

pub(super) fn years_of(number: u32) -> Option<Years> {
    let years = Years { from: (number >> 16) as u16 as i16, to: number as u16 as i16 };
    (years.from <= years.to).then_some(years)
}

pub(super) fn point_of(row: &Row) -> Option<Point> {
    Point::new(f32::from_bits(row[0]).into(), f32::from_bits(row[1]).into())
}

/// The bit of the first letter of a word.
pub(super) fn letter(word: &str) -> u32 {
    match word.bytes().next() {
        Some(byte @ b'a'..=b'z') => 1 << (byte - b'a'),
        Some(_) => 1 << (LETTERS - 1),
        None => 0,
    }
}

/// A head that has the letter of a word, and nothing of its kind yet.
pub(super) fn add(head: &mut Head, word: &str) {
    let letter = letter(word);
    head[0] |= letter;
    if word.chars().nth(1).is_none() {
        head[1] |= letter;
    }
}

pub(super) fn set_kind(head: &mut Head, kind: Kind) {
    head[1] |= u32::from(kind.number()) << LETTERS;
}

pub(super) fn kind_of(head: &Head) -> Kind {
    Kind::from_number((head[1] >> LETTERS) as u8)
}
