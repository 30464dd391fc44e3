//! How the words of a date combine: from tokens to an EDTF text.
//!
//! A date is one side, or two sides with something between them. A side is first read into [`Fields`] without
//! asking whether it is complete, then each side lends the other what it leaves out (`12.–15. March 1891`,
//! `XVIII–XIX century`, `1891–93`), and only then it is resolved. Every token must have found its place: a date with
//! a word too many is not understood.

use super::fields::{Fields, Open};
use super::figures::{Item, fuse};
use super::span::join;
use super::words::{Meaning, Token, tokens};

/// Reads free text; gives EDTF that the caller still has to check against the calendar.
pub(super) fn edtf_of(text: &str, language: Option<&str>) -> Option<String> {
    if let Some(edtf) = edtf_of_tokens(text, language) {
        return Some(edtf);
    }
    let open = text.rfind(['(', '['])?;
    let (before, remark) = text.split_at(open);
    let remark = remark.trim_end().strip_suffix([')', ']'])?;
    if !has_figures(remark) {
        // A remark tells about the date: `1891 (first performance)`.
        return if open > 0 { edtf_of_tokens(before, language) } else { None };
    }
    // A period is dated in brackets: `Bronze Age (1500–500 BC)`.
    if has_figures(before) { None } else { edtf_of_tokens(&remark[1..], language) }
}

/// Whether a text has a number in it, Arabic or Roman.
fn has_figures(text: &str) -> bool {
    let roman = |word: &str| !word.is_empty() && word.chars().all(|c| "IVXІХ".contains(c));
    text.bytes().any(|b| b.is_ascii_digit()) || text.split(|c: char| !c.is_alphanumeric()).any(roman)
}

fn edtf_of_tokens(text: &str, language: Option<&str>) -> Option<String> {
    let tokens = tokens(text, language)?;
    if tokens.contains(&Token::Word(Meaning::Unknown)) {
        return None;
    }
    let items = fuse(&tokens, language);
    let items = trim(&items);
    let circa = items.contains(&Item::Token(Token::Word(Meaning::Circa)));
    if let Some((left, right, between)) = split(items) {
        return range(left, right, between, circa);
    }
    let (items, open) = openness(items);
    let fields = Fields::read(items, language)?;
    let piece = fields.resolve()?;
    Some(match open.or(fields.open) {
        None => piece.text(),
        Some(Open::Begin) => format!("../{}", piece.last()),
        Some(Open::End) => format!("{}/..", piece.first()),
    })
}

/// Drops what says nothing at either end, and brackets and commas everywhere but between two numbers.
fn trim(items: &[Item]) -> &[Item] {
    let idle = |item: &Item| {
        matches!(
            item,
            Item::Token(
                Token::Comma | Token::Open | Token::Close | Token::Word(Meaning::Noise | Meaning::And)
            )
        )
    };
    let begin = items.iter().position(|item| !idle(item)).unwrap_or(items.len());
    let end = items.iter().rposition(|item| !idle(item)).map_or(begin, |at| at + 1);
    &items[begin..end]
}

/// What stands between two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Between {
    Dash,
    And,
}

/// Whether the item could be the anchor of a side: a number, or a word that takes its number from the other side.
fn tells(item: &Item) -> bool {
    match item {
        Item::Date(..) | Item::DayMonth(..) | Item::Years(..) | Item::Share(..) => true,
        Item::Token(token) => matches!(
            token,
            Token::Number { .. }
                | Token::Mask { .. }
                | Token::Roman(_)
                | Token::Word(
                    Meaning::Month(_)
                        | Meaning::Season(_)
                        | Meaning::Early
                        | Meaning::Mid
                        | Meaning::Late
                        | Meaning::HalfOf(_)
                        | Meaning::Ordinal(_)
                )
        ),
    }
}

fn is_number(item: &Item) -> bool {
    matches!(
        item,
        Item::Date(..)
            | Item::DayMonth(..)
            | Item::Years(..)
            | Item::Token(Token::Number { .. } | Token::Mask { .. } | Token::Roman(_))
    )
}

/// The two sides of a range, when there are two.
fn split(items: &[Item]) -> Option<(&[Item], &[Item], Between)> {
    let sides = |at: usize| {
        let (left, right) = (&items[..at], &items[at + 1..]);
        (left.iter().any(tells) && right.iter().any(tells)).then_some((left, right))
    };
    // A hyphen after `mid`, `pre` and the like belongs to the word.
    let prefix = |at: usize| {
        at > 0
            && matches!(items[at], Item::Token(Token::Dash { tight: true }))
            && !is_number(&items[at - 1])
            && !items[..at].iter().any(is_number)
            && items.get(at + 1).is_some_and(is_number)
            && !matches!(items[at - 1], Item::Token(Token::Word(Meaning::Month(_) | Meaning::Season(_))))
    };
    let dashes = items.iter().enumerate().filter(|(at, item)| {
        matches!(item, Item::Token(Token::Dash { .. } | Token::Word(Meaning::To | Meaning::ToOrNoise)))
            && !prefix(*at)
    });
    let mut found = None;
    for (at, item) in dashes {
        if let Some((left, right)) = sides(at)
            // `secolul al XIX-lea`: no number stands before it.
            && (!matches!(item, Item::Token(Token::Word(_))) || left.iter().any(|item| is_number(item) || matches!(item, Item::Token(Token::Word(Meaning::Month(_))))))
        {
            if found.is_some() {
                return None;
            }
            found = Some((left, right, Between::Dash));
        }
    }
    if found.is_some() {
        return found;
    }
    let joints = |item: &Item| {
        matches!(item, Item::Token(Token::Word(Meaning::And | Meaning::Or) | Token::Comma | Token::Slash))
    };
    let mut at = items.len();
    while let Some(next) = items[..at].iter().rposition(joints) {
        at = next;
        if let Some((left, right)) = sides(at) {
            let listed = items[at] != Item::Token(Token::Comma)
                || left.iter().any(is_number)
                    && right.iter().any(is_number)
                    && full_year(left)
                    && full_year(right);
            if listed {
                return Some((left, right, Between::And));
            }
        }
    }
    None
}

/// Whether a side names a year of its own.
fn full_year(side: &[Item]) -> bool {
    side.iter().all(|item| {
        matches!(
            item,
            Item::Date(..)
                | Item::Token(
                    Token::Number { digits: 4, .. } | Token::Question | Token::Comma | Token::Word(_)
                )
        )
    }) && side
        .iter()
        .any(|item| matches!(item, Item::Date(..) | Item::Token(Token::Number { digits: 4, .. })))
}

/// A dash at one end leaves that end open.
fn openness(items: &[Item]) -> (&[Item], Option<Open>) {
    match items {
        [Item::Token(Token::Dash { .. }), rest @ ..] if !rest.is_empty() => (rest, Some(Open::Begin)),
        [rest @ .., Item::Token(Token::Dash { .. })] if !rest.is_empty() => (rest, Some(Open::End)),
        [rest @ .., Item::Token(Token::Dash { .. }), Item::Token(Token::Question)] if !rest.is_empty() => {
            (rest, Some(Open::End))
        }
        _ => (items, None),
    }
}

/// The years of a list, `1891, 1919, 1935`, when a side is nothing else: only the first and last bound the whole.
fn ends_of_list(left: &[Item]) -> &[Item] {
    let year = |item: &Item| matches!(item, Item::Token(Token::Number { digits: 4, .. }));
    let listed = left.len() > 1 && left.iter().all(|item| year(item) || *item == Item::Token(Token::Comma));
    if listed { &left[..1] } else { left }
}

fn range(left: &[Item], right: &[Item], between: Between, circa: bool) -> Option<String> {
    let mut a = Fields::read(ends_of_list(trim(left)), None)?;
    let mut b = Fields::read(trim(right), None)?;
    // `c. 1933–8`: the estimate is of both ends.
    let circa = circa || a.approximate;
    // 9999 says "still going on".
    if b.year == Some(9999) {
        a.approximate |= circa;
        return Some(format!("{}/..", a.resolve()?.first()));
    }
    let turn = a.turn || b.turn;
    (a.turn, b.turn) = (false, false);
    a.lend(&mut b);
    a.approximate |= circa;
    b.approximate |= circa;
    let (a, b) = (a.resolve()?, b.resolve()?);
    if turn {
        return b.turn();
    }
    let _ = between;
    join(&a, &b)
}
