//! Stretches of years as EDTF: centuries, decades, their parts, and the turn between two of them.

/// A part of a century, decade or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Early,
    Mid,
    Late,
    /// The `index`th of `count` equal shares, from 1.
    Share {
        index: u32,
        count: u32,
    },
}

/// How far a date reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// One EDTF date.
    Single(String),
    /// A year with its last digits unknown.
    Mask { known: u32, unknown: u8 },
    /// The hundred years that begin with (n − 1) hundred.
    Century(u32),
    /// The nth century before Christ.
    CenturyBefore(u32),
    /// The ten years from this one on.
    Decade(u32),
    /// From one EDTF date to another; true when the ends are a rough share.
    Range(String, String, bool),
}

/// A year of astronomical numbering with four digits.
pub(super) fn year_text(year: i64) -> String {
    if year < 0 { format!("-{:04}", -year) } else { format!("{year:04}") }
}

impl Extent {
    /// First and last year.
    fn years(&self) -> Option<(i64, i64)> {
        match *self {
            Self::Century(n) => {
                let base = (i64::from(n) - 1) * 100;
                // There is no year 0 in the count of those who speak of the first century.
                Some((base.max(1), base + 99))
            }
            Self::CenturyBefore(n) => Some((1 - i64::from(n) * 100, -(i64::from(n) - 1) * 100)),
            Self::Decade(year) => Some((i64::from(year), i64::from(year) + 9)),
            Self::Mask { known, unknown } => {
                let sweep = 10_i64.pow(u32::from(unknown));
                Some((i64::from(known) * sweep, i64::from(known) * sweep + sweep - 1))
            }
            Self::Single(_) | Self::Range(..) => None,
        }
    }

    /// A part of a century or decade.
    pub(super) fn part(&self, part: Part) -> Option<Self> {
        let (first, last) = self.years()?;
        let length = last - first + 1;
        let (from, to, rough) = shares(part, length);
        Some(Self::Range(year_text(first + from), year_text(first + to), rough))
    }

    /// A part of a year, in months.
    pub(super) fn of_year(year: i64, part: Part) -> Option<Self> {
        let (from, to, rough) = shares(part, 12);
        let year = year_text(year);
        Some(Self::Range(format!("{year}-{:02}", from + 1), format!("{year}-{:02}", to + 1), rough))
    }

    /// The years around the beginning of a century or decade.
    pub(super) fn turn(&self, around: i64) -> Option<Self> {
        let (first, last) = self.years()?;
        let around = if last - first < 10 { around.min(2) } else { around };
        // A century begins at its round year in speech.
        let first = first - first.rem_euclid(10);
        Some(Self::Range(year_text(first - around), year_text(first + around), true))
    }

    /// One EDTF date that says it all, where there is one.
    fn single(&self) -> Option<String> {
        match self {
            Self::Single(text) => Some(text.clone()),
            Self::Mask { known, unknown } => {
                let unknown = usize::from(*unknown);
                (unknown < 4).then(|| format!("{known:0width$}{:X>unknown$}", "", width = 4 - unknown))
            }
            Self::Century(1) | Self::CenturyBefore(_) | Self::Range(..) => None,
            Self::Century(n) => Some(format!("{:02}XX", n - 1)),
            Self::Decade(year) => Some(format!("{:03}X", year / 10)),
        }
    }

    fn ends(&self) -> (String, String) {
        match (self, self.years()) {
            (Self::Range(from, to, _), _) => (from.clone(), to.clone()),
            (_, Some((first, last))) => (year_text(first), year_text(last)),
            (Self::Single(text), None) => (text.clone(), text.clone()),
            (_, None) => (String::new(), String::new()),
        }
    }
}

/// First and last unit of a part of `length` units, from 0, and whether the part is a rough one.
fn shares(part: Part, length: i64) -> (i64, i64, bool) {
    let third = (length + 2) / 3;
    match part {
        Part::Early => (0, third - 1, true),
        Part::Mid => (third, length - length / 3 - 1, true),
        Part::Late => (length - length / 3, length - 1, true),
        Part::Share { index, count } => {
            let (index, count) = (i64::from(index), i64::from(count));
            (length * (index - 1) / count, length * index / count - 1, false)
        }
    }
}

/// An extent with its qualification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    extent: Extent,
    approximate: bool,
    uncertain: bool,
}

impl Piece {
    pub(super) fn new(extent: Extent, approximate: bool, uncertain: bool) -> Self {
        let rough = matches!(extent, Extent::Range(_, _, true));
        Self { extent, approximate: approximate || rough, uncertain }
    }

    fn sign(&self) -> &'static str {
        match (self.approximate, self.uncertain) {
            (false, false) => "",
            (true, false) => "~",
            (false, true) => "?",
            (true, true) => "%",
        }
    }

    /// The whole piece as EDTF.
    pub(super) fn text(&self) -> String {
        let sign = self.sign();
        match self.extent.single() {
            Some(single) => format!("{single}{sign}"),
            None => {
                let (first, last) = self.extent.ends();
                format!("{first}{sign}/{last}{sign}")
            }
        }
    }

    /// The end that a range begins with. Level 1 has no unknown digits in an interval, so they are counted out.
    pub(super) fn first(&self) -> String {
        format!("{}{}", self.extent.ends().0, self.sign())
    }

    /// The end that a range closes with.
    pub(super) fn last(&self) -> String {
        format!("{}{}", self.extent.ends().1, self.sign())
    }

    /// The turn to this century or decade, as EDTF.
    pub(super) fn turn(&self) -> Option<String> {
        let extent = match &self.extent {
            Extent::Single(year) => Extent::Century(year.parse::<u32>().ok()? / 100 + 1),
            other => other.clone(),
        };
        Some(Self::new(extent.turn(10)?, self.approximate, self.uncertain).text())
    }
}

/// The interval from the beginning of one piece to the end of another.
pub(super) fn join(a: &Piece, b: &Piece) -> Option<String> {
    if a == b {
        return Some(a.text());
    }
    Some(format!("{}/{}", a.first(), b.last()))
}
