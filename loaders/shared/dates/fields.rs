//! One side of a date: what its tokens say, what the other side lends it, and the stretch of time it means.

use super::figures::Item;
use super::span::{Extent, Part, Piece, year_text};
use super::words::{Mark, Meaning, Token};

/// Which end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    Begin,
    End,
}

/// What one side says, complete or not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fields {
    pub(super) year: Option<u32>,
    /// The second year of `1891/92`.
    second_year: Option<u32>,
    mask: Option<(u32, u8)>,
    month: Option<u8>,
    season: Option<u8>,
    day: Option<u8>,
    /// A number that is too small for a year, and is not yet a day, century or decade.
    small: Option<u32>,
    /// Whether the small number was written in Roman figures or as an ordinal.
    ordinal: bool,
    century: Option<u32>,
    century_word: bool,
    decade_word: bool,
    /// Which decade of the century, from 1.
    nth_decade: Option<u32>,
    mark: Option<Mark>,
    part: Option<Part>,
    pub(super) turn: bool,
    pub(super) approximate: bool,
    uncertain: bool,
    before_christ: bool,
    anno_domini: bool,
    pub(super) open: Option<Open>,
}

impl Fields {
    /// Reads the items of one side; `None` when one of them has no place.
    pub(super) fn read(items: &[Item], _language: Option<&str>) -> Option<Self> {
        let mut fields = Self::default();
        // The ordinal number that stands last, in case "half" or "quarter" follows it.
        let mut ordinal: Option<(usize, u32)> = None;
        let mut numbers: Vec<(u32, bool)> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let next = items.get(at + 1);
            match *item {
                Item::Date(year, month, day) => {
                    fields.set_year(year)?;
                    (fields.month, fields.day) =
                        (small_part(month, fields.month)?, small_part(day, fields.day)?);
                }
                Item::Share(index, count) => fields.set_part(Part::Share { index, count })?,
                Item::DayMonth(month, day) => {
                    (fields.month, fields.day) =
                        (small_part(month, fields.month)?, small_part(day, fields.day)?);
                }
                Item::Years(year, second) => {
                    fields.set_year(year)?;
                    fields.second_year = Some(second);
                }
                Item::Token(token) => match token {
                    Token::Number { value, digits: 4 } => {
                        fields.set_year(value)?;
                    }
                    Token::Number { value, digits } if digits <= 3 && value > 0 => {
                        ordinal = Some((at, value));
                        numbers.push((value, false));
                    }
                    Token::Roman(value) if value >= 1000 => fields.set_year(value)?,
                    Token::Roman(value) => {
                        ordinal = Some((at, value));
                        numbers.push((value, true));
                    }
                    Token::Mask { known, unknown } => {
                        if fields.mask.replace((known, unknown)).is_some() {
                            return None;
                        }
                    }
                    Token::Question => fields.uncertain = true,
                    Token::Comma | Token::Open | Token::Close | Token::Dot => {}
                    // What is left of `1800- ja`, or of `mid-`.
                    Token::Dash { .. } => {
                        let hanging = next.is_none()
                            || !numbers.is_empty() && matches!(next, Some(Item::Token(Token::Word(_))));
                        let prefix = numbers.is_empty() && fields.year.is_none() && at > 0;
                        if !hanging && !prefix {
                            return None;
                        }
                    }
                    Token::Slash | Token::Number { .. } => return None,
                    Token::Word(meaning) => match meaning {
                        Meaning::Half | Meaning::Third | Meaning::Quarter => {
                            let count = match meaning {
                                Meaning::Half => 2,
                                Meaning::Third => 3,
                                _ => 4,
                            };
                            let marked = |at: usize| {
                                (at..items.len())
                                    .take_while(|i| {
                                        matches!(
                                            items[*i],
                                            Item::Token(Token::Word(Meaning::Mark(_) | Meaning::Noise))
                                        )
                                    })
                                    .count()
                            };
                            match ordinal.take() {
                                Some((place, value)) if place + 1 + marked(place + 1) == at => {
                                    // Take it back from the numbers, where it is one.
                                    if matches!(
                                        items[place],
                                        Item::Token(Token::Number { .. } | Token::Roman(_))
                                    ) {
                                        numbers.pop();
                                    }
                                    let index = if value == 99 { count } else { value };
                                    fields.set_part(Part::Share { index, count })?;
                                }
                                other => {
                                    ordinal = other;
                                    if count != 2 {
                                        return None;
                                    }
                                    // "Metà del XIX secolo", "połowa XIX w.": the middle.
                                    fields.set_part(Part::Mid)?;
                                }
                            }
                        }
                        // "The first decade", "deceniul șase".
                        Meaning::Decade
                            if ordinal.is_some_and(|(place, _)| {
                                matches!(items[place], Item::Token(Token::Word(_)))
                            }) =>
                        {
                            fields.decade_word = true;
                            fields.nth_decade = ordinal.take().map(|(_, value)| value);
                        }
                        Meaning::Ordinal(value)
                            if at > 0 && items[at - 1] == Item::Token(Token::Word(Meaning::Decade)) =>
                        {
                            fields.nth_decade = Some(u32::from(value));
                        }
                        // An ordinal in words is a share's, or a century's when nothing else asks for it.
                        Meaning::Ordinal(value) => {
                            if let Some((_, pending)) = ordinal.replace((at, u32::from(value)))
                                && pending <= 20
                                && matches!(
                                    items.get(at.wrapping_sub(1)),
                                    Some(Item::Token(Token::Word(Meaning::Ordinal(_))))
                                )
                            {
                                return None;
                            }
                        }
                        other => fields.word(other, ordinal, at, next)?,
                    },
                },
            }
        }
        if let Some((at, value)) = ordinal
            && matches!(items[at], Item::Token(Token::Word(_)))
        {
            // "Nineteenth century".
            if !numbers.is_empty() || value == 99 {
                return None;
            }
            numbers.push((value, true));
        }
        fields.place(&numbers)?;
        Some(fields)
    }

    fn word(
        &mut self,
        meaning: Meaning,
        ordinal: Option<(usize, u32)>,
        at: usize,
        next: Option<&Item>,
    ) -> Option<()> {
        let beside = ordinal.is_some_and(|(place, _)| place + 2 >= at)
            || matches!(next, Some(Item::Token(Token::Roman(_))));
        match meaning {
            Meaning::Month(month) => self.month = small_part(u32::from(month), self.month)?,
            Meaning::Season(season) => {
                if self.season.replace(season).is_some() {
                    return None;
                }
            }
            Meaning::Circa => self.approximate = true,
            Meaning::Uncertain => self.uncertain = true,
            Meaning::Before | Meaning::To => self.set_open(Open::Begin)?,
            Meaning::After | Meaning::Since => self.set_open(Open::End)?,
            Meaning::Century => self.century_word = true,
            Meaning::CenturyOrNoise => self.century_word |= beside,
            Meaning::CenturyOrCirca => {
                if beside {
                    self.century_word = true;
                } else {
                    self.approximate = true;
                }
            }
            Meaning::Decade => self.decade_word = true,
            Meaning::HalfOf(index) => self.set_part(Part::Share { index: u32::from(index), count: 2 })?,
            Meaning::Early => self.set_part(Part::Early)?,
            Meaning::Mid => self.set_part(Part::Mid)?,
            Meaning::Late => self.set_part(Part::Late)?,
            Meaning::Turn => self.turn = true,
            Meaning::BeforeChrist => self.before_christ = true,
            Meaning::AnnoDomini => self.anno_domini = true,
            Meaning::Mark(mark) => {
                // `1890-luku` and `19th`; a second mark is a word too many, unless it says the same.
                if mark != Mark::Ordinal {
                    self.mark = Some(mark);
                } else if self.year.is_some() {
                    // `1890-е`, `1890s` in a language whose ordinals end alike.
                    self.mark = self.mark.or(Some(Mark::Ordinal));
                }
            }
            Meaning::ToOrNoise | Meaning::Between | Meaning::And | Meaning::Noise => {}
            Meaning::Or
            | Meaning::Unknown
            | Meaning::Half
            | Meaning::Third
            | Meaning::Quarter
            | Meaning::Ordinal(_) => {
                return None;
            }
        }
        Some(())
    }

    fn set_year(&mut self, year: u32) -> Option<()> {
        if self.year.replace(year).is_some() { None } else { Some(()) }
    }

    fn set_open(&mut self, open: Open) -> Option<()> {
        match self.open.replace(open) {
            Some(other) if other != open => None,
            _ => Some(()),
        }
    }

    fn set_part(&mut self, part: Part) -> Option<()> {
        if let Part::Share { index, count } = part
            && (index == 0 || index > count)
        {
            return None;
        }
        if self.part.replace(part).is_some() { None } else { Some(()) }
    }

    /// Gives the numbers that are no years their meaning.
    fn place(&mut self, numbers: &[(u32, bool)]) -> Option<()> {
        for &(value, ordinal) in numbers {
            if self.month.is_some() && self.day.is_none() && !ordinal && value <= 31 {
                self.day = u8::try_from(value).ok();
            } else if self.century_word
                && self.century.is_none()
                && value <= 40
                && (ordinal || !self.is_decade(value))
            {
                self.century = Some(value);
            } else if self.small.is_none() {
                (self.small, self.ordinal) = (Some(value), ordinal);
            } else {
                return None;
            }
        }
        if let (Some(value), None, false) = (self.small, self.year, self.ordinal)
            && (self.before_christ || self.anno_domini)
            && self.century.is_none()
            && !self.century_word
        {
            (self.year, self.small) = (Some(value), None);
        }
        if self.nth_decade.is_some_and(|nth| nth > 10) || self.nth_decade.is_some() && self.century.is_none()
        {
            return None;
        }
        if let (Some(nth), Some(century), None) = (self.nth_decade, self.century, self.year)
            && !self.before_christ
            && nth > 0
            && century > 0
        {
            (self.year, self.mark) = (Some((century - 1) * 100 + (nth - 1) * 10), Some(Mark::Decade));
            (self.century, self.century_word) = (None, false);
        }
        // `300-luku`
        if let (Some(value), None, Some(Mark::Hundred)) = (self.small, self.year, self.mark)
            && value >= 100
        {
            (self.year, self.small) = (Some(value), None);
        }
        // `20-ті роки XX ст.`
        if let (Some(value), Some(century), None) = (self.small, self.century, self.year)
            && value % 10 == 0
            && (10..100).contains(&value)
            && (self.decade_word || self.mark.is_some())
        {
            (self.year, self.mark) = (Some((century - 1) * 100 + value), Some(Mark::Decade));
            (self.small, self.century, self.century_word) = (None, None, false);
        }
        Some(())
    }

    /// Whether a two-digit number beside the word "century" is its decade (`20-ті роки XX ст.`).
    fn is_decade(&self, value: u32) -> bool {
        (self.decade_word || self.mark == Some(Mark::Decade))
            && self.nth_decade.is_none()
            && value.is_multiple_of(10)
    }

    fn anchored(&self) -> bool {
        self.year.is_some() || self.century.is_some() || self.mask.is_some()
    }

    /// Fills what either side leaves to the other.
    pub(super) fn lend(&mut self, right: &mut Self) {
        if right.before_christ && !self.anno_domini {
            self.before_christ = true;
            if self.year.is_none() && !right.century_word && self.month.is_none() {
                self.year = self.small.take();
            }
        }
        if right.anno_domini && !self.before_christ && self.year.is_none() && !right.century_word {
            self.year = self.small.take();
        }
        // `1890–1900-luku`: the mark stands for both, where the left number fits it.
        if self.mark.is_none() && self.month.is_none() && self.part.is_none() && right.year.is_some() {
            let fits = self.year.is_some_and(|year| year % 10 == 0);
            let hundred = right.mark == Some(Mark::Hundred) && fits;
            let decade = (right.mark.is_some() || right.decade_word) && fits;
            if hundred || decade {
                // Beside `1890`, the `1900` of `1890–1900-luku` is a decade too.
                if right.mark == Some(Mark::Hundred) && self.year.is_some_and(|year| year % 100 != 0) {
                    right.mark = Some(Mark::Decade);
                }
                self.mark = right.mark.or(Some(Mark::Decade));
            }
        }
        if !self.anchored() {
            if let Some(value) = self.small
                && self.month.is_none()
                && right.century.is_some()
                && value <= 40
            {
                (self.century, self.small) = (Some(value), None);
            } else if let Some(value) = self.small
                && self.month.is_none()
                && right.mark == Some(Mark::Decade)
                && right.year.is_some()
                && value % 10 == 0
            {
                let base = right.year.unwrap_or_default() / 100 * 100;
                (self.year, self.mark, self.small) = (Some(base + value), Some(Mark::Decade), None);
            } else {
                if self.day.is_none()
                    && self.month.is_none()
                    && (right.day.is_some() || right.small.is_some())
                    && let Some(value) = self.small
                    && value <= 31
                {
                    self.day = u8::try_from(value).ok();
                    (self.small, self.month) = (None, right.month);
                }
                if self.small.is_none() {
                    (self.year, self.mask, self.century) = (right.year, right.mask, right.century);
                    self.mark = self.mark.or(right.mark);
                    self.decade_word |= right.decade_word;
                    if self.part.is_none() && self.month.is_none() && self.season.is_none() {
                        // Nothing of its own at all.
                        self.year = None;
                    }
                }
            }
        }
        if let Some(value) = right.small
            && !right.ordinal
        {
            if right.year.is_some() && right.month.is_none() && self.month.is_some() && value <= 31 {
                // `March 12–15, 1891`
                (right.day, right.month, right.small) = (u8::try_from(value).ok(), self.month, None);
            } else if let (Some(year), None, None) = (self.year, right.year, right.month)
                && let Some(completed) = completed(year, value)
            {
                // `1891–93`
                (right.year, right.small) = (Some(completed), None);
                if self.mark.is_some() {
                    right.mark = right.mark.or(self.mark);
                } else if right.mark.is_some() && year % 10 == 0 {
                    self.mark = right.mark;
                }
            }
        }
        if let Some(value) = right.small
            && !right.anchored()
            && self.century.is_some()
            && value <= 40
        {
            (right.century, right.small) = (Some(value), None);
        }
        if !right.anchored()
            && right.small.is_none()
            && (right.part.is_some() || right.month.is_some() || right.season.is_some())
        {
            (right.year, right.mask, right.century, right.mark) =
                (self.year, self.mask, self.century, self.mark);
        }
    }

    /// The stretch of time that the side means; `None` when it is not complete.
    pub(super) fn resolve(&self) -> Option<Piece> {
        if self.small.is_some() || self.open.is_some() && self.turn {
            return None;
        }
        let extent = if let Some((known, unknown)) = self.mask {
            if self.year.is_some() || self.before_christ {
                return None;
            }
            if let Some(part) = self.part {
                if unknown == 1 {
                    Extent::Decade(known * 10).part(part)?
                } else {
                    Extent::Century(known + 1).part(part)?
                }
            } else {
                Extent::Mask { known, unknown }
            }
        } else if let Some(century) = self.century {
            if self.year.is_some() || self.month.is_some() || self.season.is_some() || century == 0 {
                return None;
            }
            let whole =
                if self.before_christ { Extent::CenturyBefore(century) } else { Extent::Century(century) };
            self.parted(whole)?
        } else {
            self.year_extent()?
        };
        Some(Piece::new(extent, self.approximate, self.uncertain))
    }

    fn year_extent(&self) -> Option<Extent> {
        let year = self.year?;
        if year > 2999 || self.century_word && !self.turn && self.mark.is_none() {
            return None;
        }
        let round = year % 10 == 0;
        let marked = match self.mark {
            Some(Mark::Hundred) if year % 100 == 0 && year > 0 => Some(Extent::Century(year / 100 + 1)),
            Some(Mark::Hundred | Mark::Decade) if round => Some(Extent::Decade(year)),
            Some(Mark::Ordinal) if self.decade_word && round => Some(Extent::Decade(year)),
            Some(Mark::Ordinal) if round && self.month.is_none() => Some(Extent::Decade(year)),
            Some(_) => return None,
            None if self.decade_word && round => Some(Extent::Decade(year)),
            None if self.decade_word => return None,
            None => None,
        };
        if let Some(extent) = marked {
            if self.month.is_some() || self.season.is_some() {
                return None;
            }
            if self.before_christ {
                // `300-luku eKr.`: the years 399 to 300 before Christ.
                let whole = matches!(extent, Extent::Century(_)) && self.part.is_none();
                let last = 1 - i64::from(year);
                return whole.then(|| Extent::Range(year_text(last - 99), year_text(last), false));
            }
            return self.parted(extent);
        }
        if self.turn {
            return Extent::Century(year / 100 + 1).turn(10);
        }
        let year = i64::from(year);
        let year = if self.before_christ { 1 - year } else { year };
        if year == 0 && !self.before_christ || year < -9999 {
            return None;
        }
        if let Some(second) = self.second_year {
            return (self.month.is_none() && self.part.is_none())
                .then(|| Extent::Range(year_text(year), year_text(i64::from(second)), false));
        }
        match (self.month, self.season, self.day) {
            (None, None, None) => match self.part {
                None => Some(Extent::Single(year_text(year))),
                Some(part) => Extent::of_year(year, part),
            },
            (None, Some(season), None) => Some(Extent::Single(format!("{}-{season}", year_text(year)))),
            (Some(month), None, None) => Some(Extent::Single(format!("{}-{month:02}", year_text(year)))),
            (Some(month), None, Some(day)) if self.part.is_none() => {
                Some(Extent::Single(format!("{}-{month:02}-{day:02}", year_text(year))))
            }
            _ => None,
        }
    }

    fn parted(&self, whole: Extent) -> Option<Extent> {
        if self.day.is_some() {
            return None;
        }
        match (self.turn, self.part) {
            (true, None) => whole.turn(10),
            (true, Some(_)) => None,
            (false, None) => Some(whole),
            (false, Some(part)) => whole.part(part),
        }
    }
}

/// The year that one or two figures stand for after another year: 1893 of `1891–93`, 1796 of `1795–6`.
fn completed(year: u32, figures: u32) -> Option<u32> {
    let in_century = year / 100 * 100 + figures;
    let in_decade = year / 10 * 10 + figures;
    if year < 100 || figures >= 100 {
        None
    } else if in_century > year {
        Some(in_century)
    } else if figures < 10 && in_decade > year {
        Some(in_decade)
    } else {
        None
    }
}

/// A month or day; 0 is "not told". `None` when there is one already.
fn small_part(value: u32, earlier: Option<u8>) -> Option<Option<u8>> {
    match (value, earlier) {
        (0, earlier) => Some(earlier),
        (value, None) => Some(u8::try_from(value).ok()),
        (_, Some(_)) => None,
    }
}
