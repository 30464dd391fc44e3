//! Dates in figures: `12.3.1891`, `3/12/1891`, `1891/92`, `12.III.1891`, `18910312`.

use super::words::{Meaning, Token};

/// A token, or a date in figures that was recognised as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Token(Token),
    /// Year, month (0 unknown), day (0 unknown).
    Date(u32, u32, u32),
    /// Month and day without a year, as the first half of `12.3.–4.5.1891`.
    DayMonth(u32, u32),
    /// A share of a century, as `3/4 sec. XIX`.
    Share(u32, u32),
    /// Years as `1891/92`.
    Years(u32, u32),
}

/// Puts dates in figures together, so that their dots, strokes and hyphens are no longer in the way.
pub(super) fn fuse(tokens: &[Token], language: Option<&str>) -> Vec<Item> {
    let mut items = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if let Some((item, length)) = figures(&tokens[at..], language) {
            items.push(item);
            at += length;
        } else {
            if tokens[at] != Token::Dot {
                items.push(Item::Token(tokens[at]));
            }
            at += 1;
        }
    }
    items
}

fn figures(tokens: &[Token], language: Option<&str>) -> Option<(Item, usize)> {
    use Token::{Close, Dash, Dot, Number, Open, Roman, Slash, Word};
    let small = |value: u32, digits: u8, most: u32| digits <= 2 && value <= most;
    let same = |a: &Token, b: &Token| {
        matches!((a, b), (Dot, Dot) | (Slash, Slash) | (Dash { tight: true }, Dash { tight: true }))
    };
    match tokens {
        [Number { value, digits: 8 }, ..] => {
            let (year, month, day) = (value / 10_000, value / 100 % 100, value % 100);
            ((1000..=2999).contains(&year) && month <= 12 && day <= 31)
                .then_some((Item::Date(year, month, day), 1))
        }
        // 12.3.1891, 12/3/1891, 12-03-1891
        [
            Number { value: a, digits: da },
            s,
            Number { value: b, digits: db },
            t,
            Number { value: year, digits: 4 },
            rest @ ..,
        ] if same(s, t) && small(*a, *da, 31) && small(*b, *db, 31) && !continues(rest, t) => {
            let item = match (*s, *a > 12, *b > 12) {
                (_, true, true) => return None,
                // Month first is an American habit, and only with strokes and hyphens.
                (Slash | Dash { .. }, false, true) => Item::Date(*year, *a, *b),
                (_, false, true) => return None,
                // Without more knowledge only the year is told.
                (Slash, false, false) if a != b && language.is_some_and(|tag| tag.starts_with("en")) => {
                    Item::Date(*year, 0, 0)
                }
                _ => Item::Date(*year, *b, *a),
            };
            Some((item, 5))
        }
        // 1891.3.12, 1891/03/12
        [
            Number { value: year, digits: 4 },
            s,
            Number { value: b, digits: db },
            t,
            Number { value: c, digits: dc },
            rest @ ..,
        ] if same(s, t) && small(*b, *db, 12) && small(*c, *dc, 31) && !continues(rest, t) => {
            Some((Item::Date(*year, *b, if *b == 0 { 0 } else { *c }), 5))
        }
        // 12.3.–4.5.1891
        [Number { value: day, digits: a }, Dot, Number { value: month, digits: b }, Dot, Dash { .. }, ..]
            if small(*day, *a, 31) && small(*month, *b, 12) && *day > 0 && *month > 0 =>
        {
            Some((Item::DayMonth(*month, *day), 4))
        }
        // 12.III.1891, 12 III 1891
        [Number { value: day, digits }, Dot, Roman(month), Dot, Number { value: year, digits: 4 }, ..]
            if small(*day, *digits, 31) && *month <= 12 =>
        {
            Some((Item::Date(*year, *month, *day), 5))
        }
        [Number { value: day, digits }, Roman(month), Number { value: year, digits: 4 }, ..]
            if small(*day, *digits, 31) && *month <= 12 =>
        {
            Some((Item::Date(*year, *month, *day), 3))
        }
        // 12 (24) березня 1890: the Gregorian day stands in the brackets.
        [Number { digits: 1..=2, .. }, Open, Number { value, digits }, Close, rest @ ..]
            if small(*value, *digits, 31) && matches!(rest.first(), Some(Word(Meaning::Month(_)))) =>
        {
            Some((Item::Token(Number { value: *value, digits: *digits }), 4))
        }
        // 3/1891, 3.1891
        [
            Number { value: month, digits },
            Slash | Dot | Dash { tight: true },
            Number { value: year, digits: 4 },
            rest @ ..,
        ] if small(*month, *digits, 12)
            && *month > 0
            && !matches!(rest.first(), Some(Word(Meaning::Mark(_)))) =>
        {
            Some((Item::Date(*year, *month, 0), 3))
        }
        // 3/4 sec. XIX, 1/2 19. Jh.
        [
            Number { value: index, digits: 1 },
            Slash,
            Number { value: count @ 2..=4, digits: 1 },
            rest @ ..,
        ] if index <= count && rest.contains(&Word(Meaning::Century)) => {
            Some((Item::Share(*index, *count), 3))
        }
        // 1891/92, 1891/1892
        [Number { value: year, digits: 4 }, Slash, Number { value: second, digits }, ..] => {
            let second = match digits {
                2 => year / 100 * 100 + second,
                4 => *second,
                _ => return None,
            };
            (second > *year).then_some((Item::Years(*year, second), 3))
        }
        // 1891/03 where it is no range, 1891.03
        [Number { value: year, digits: 4 }, Dot, Number { value: month, digits: 2 }, rest @ ..]
            if (1..=12).contains(month) && !matches!(rest.first(), Some(Dot | Slash | Dash { .. })) =>
        {
            Some((Item::Date(*year, *month, 0), 3))
        }
        _ => None,
    }
}

/// Whether the same sign and one more number follow, so that this was no date.
fn continues(rest: &[Token], sign: &Token) -> bool {
    matches!(rest, [next, Token::Number { .. }, ..] if next == sign && !matches!(sign, Token::Dash { .. }))
}
