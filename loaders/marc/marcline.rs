//! MARC in lines that people read and write: MarcEdit's and MARCMaker's (`=245  10$aTitle :$bremainder`), and the one
//! that `yaz-marcdump -o line` prints (`245 10 $a Title : $b remainder`).
//!
//! In the first, `\` is a blank in indicators and fixed fields, and what cannot be typed stands in braces: `{dollar}`,
//! `{eacute}`, or `{acute}e` (`mnemonics.tsv`). In the second, a space stands around each subfield code. In both, a
//! leader or a blank line parts records, and a line that is no field is the rest of the one before.

use super::pieces::{self, Line, Refusal, Syntax};
use super::record::MarcRecord;
use super::table::rows;
use graph_model::IssueKind;
use std::io::BufRead;
use std::sync::LazyLock;

const EXPECTED: &str = "a line such as '=245  10$aTitle' or '245 10 $a Title'";

static MNEMONICS: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| rows(include_str!("mnemonics.tsv")).filter_map(|row| row.split_once('\t')).collect());

/// Whether the first bytes look like MARC in lines.
pub(super) fn sniff(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let mut lines = pieces::lines(head).filter(|line| !line.trim_ascii().is_empty());
    let (Some(first), second) = (lines.next(), lines.next().unwrap_or_default()) else { return false };
    equals(first).is_some() || is_leader(first) && (bare(second).is_some() || head.len() < 100)
}

/// Tag and rest of `=245  10$a…`.
fn equals(line: &[u8]) -> Option<([u8; 3], &[u8])> {
    let rest = line.strip_prefix(b"=")?;
    let (tag, rest) = rest.split_first_chunk::<3>()?;
    if !tag.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    match rest {
        [] => Some((*tag, rest)),
        [b' ', b' ', rest @ ..] | [b' ', rest @ ..] => Some((*tag, rest)),
        _ => None,
    }
}

/// Tag and rest of `245 10 $a …` or `001 …`.
fn bare(line: &[u8]) -> Option<([u8; 3], &[u8])> {
    let (tag, rest) = line.split_first_chunk::<3>()?;
    let rest = rest.strip_prefix(b" ")?;
    let digits = tag.iter().all(u8::is_ascii_digit);
    let marked = rest.len() > 3 && rest[2] == b' ' && rest[3] == b'$';
    (tag.iter().all(u8::is_ascii_alphanumeric) && (marked || digits && tag.starts_with(b"00")))
        .then_some((*tag, rest))
}

/// Whether a line is a leader of 24 characters and nothing else.
fn is_leader(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    (20..=24).contains(&line.len())
        && line[..5].iter().all(|byte| byte.is_ascii_digit() || *byte == b' ')
        && line[5..10].iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'#' | b'|'))
        && line[12..17].iter().all(|byte| byte.is_ascii_digit() || *byte == b' ')
}

/// The syntax.
#[derive(Debug, Default)]
pub(super) struct Lines;

/// The records of an input.
pub(super) fn records<'a>(input: Box<dyn BufRead + 'a>) -> pieces::Records<'a, Lines> {
    pieces::Records::new(input, Lines)
}

impl Syntax for Lines {
    fn line(&mut self, head: &[u8], _open: bool) -> Line {
        if head.is_empty() {
            return Line::Parts;
        }
        let head = head.strip_suffix(b"\n").unwrap_or(head);
        let leader = matches!(equals(head), Some((tag, _)) if &tag == b"LDR" || &tag == b"000");
        if leader || is_leader(head) { Line::Begins } else { Line::GoesOn }
    }

    fn parse(&self, piece: &[u8], record: &mut MarcRecord) -> Result<(), Refusal> {
        let mut seen = false;
        for line in pieces::lines(piece) {
            match (equals(line), bare(line)) {
                (Some((tag, text)), _) if &tag == b"LDR" || &tag == b"000" => {
                    seen = true;
                    pieces::leader(record, text, b'\\');
                }
                (Some((tag, text)), _) => mnemonic(record, tag, text),
                (None, Some((tag, text))) => plain(record, tag, text),
                (None, None) if !seen && is_leader(line) => {
                    seen = true;
                    pieces::leader(record, line, b'#');
                }
                (None, None) => pieces::go_on(record, line, EXPECTED)?,
            }
        }
        if record.fields.is_empty() {
            return Err(("a record without fields".to_owned(), "a leader, control fields and data fields"));
        }
        if !seen {
            record.odd(IssueKind::MissingValue, "leader", "", "a leader of 24 characters");
        }
        Ok(())
    }

    fn id(&self, piece: &[u8]) -> Option<String> {
        let found = pieces::lines(piece).find_map(|line| {
            let (tag, text) = equals(line).or_else(|| bare(line))?;
            (&tag == b"001").then(|| text.trim_ascii())
        })?;
        let number = std::str::from_utf8(found).ok()?;
        (!number.is_empty() && number.len() <= 100).then(|| number.to_owned())
    }
}

/// A field of the first form.
fn mnemonic(record: &mut MarcRecord, tag: [u8; 3], text: &[u8]) {
    let path = String::from_utf8_lossy(&tag).into_owned();
    let blank = |byte: u8| if byte == b'\\' { b' ' } else { byte };
    if tag.starts_with(b"00") || memchr::memchr(b'$', text).is_none() && !tag[0].is_ascii_digit() {
        record.begin_field(tag, *b"  ");
        let start = record.text.len();
        let text: Vec<u8> = text.iter().copied().map(blank).collect();
        unescape(record, &path, &text);
        record.end_value(start);
        return;
    }
    let head = memchr::memchr(b'$', text).unwrap_or(text.len());
    let (indicators, rest) = match text {
        [one, two, rest @ ..] if head >= 2 && one.is_ascii() && two.is_ascii() => {
            ([blank(*one), blank(*two)], rest)
        }
        _ => {
            let met = String::from_utf8_lossy(&text[..head.min(20)]).into_owned();
            record.odd(IssueKind::BadStructure, &path, met, "two indicators before the first subfield");
            (*b"  ", text)
        }
    };
    record.begin_field(tag, indicators);
    pieces::subfields(record, &path, rest, b"$", |record, text| unescape(record, &path, text));
}

/// A field of the second form.
fn plain(record: &mut MarcRecord, tag: [u8; 3], text: &[u8]) {
    let path = String::from_utf8_lossy(&tag).into_owned();
    match text {
        [one, two, b' ', rest @ ..] if rest.first() == Some(&b'$') => {
            record.begin_field(tag, [*one, *two].map(|byte| if byte.is_ascii() { byte } else { b' ' }));
            // The mark is ` $`, so that a sum of money inside a word is none.
            let rest = [b" ", rest].concat();
            pieces::subfields(record, &path, &rest, b" $", |record, text| {
                pieces::push(record, &path, text.strip_prefix(b" ").unwrap_or(text));
            });
        }
        _ => {
            record.begin_field(tag, *b"  ");
            let start = record.text.len();
            pieces::push(record, &path, text);
            record.end_value(start);
        }
    }
}

/// Adds a text with the characters in braces as what they mean; a mark stands before its letter, in Unicode after it.
fn unescape(record: &mut MarcRecord, path: &str, bytes: &[u8]) {
    if memchr::memchr(b'{', bytes).is_none() {
        pieces::push(record, path, bytes);
        return;
    }
    let mut rest = bytes;
    let mut marks = String::new();
    while let Some(open) = memchr::memchr(b'{', rest) {
        text(record, path, &rest[..open], &mut marks);
        let name = memchr::memchr(b'}', &rest[open..]).map(|close| &rest[open + 1..open + close]);
        let met = name.and_then(|name| std::str::from_utf8(name).ok()).and_then(character);
        match (met, name) {
            (Some((text, true)), Some(name)) => {
                marks.push_str(&text);
                rest = &rest[open + name.len() + 2..];
            }
            (Some((text, false)), Some(name)) => {
                record.text.push_str(&text);
                record.text.push_str(&std::mem::take(&mut marks));
                rest = &rest[open + name.len() + 2..];
            }
            _ => {
                record.text.push('{');
                rest = &rest[open + 1..];
            }
        }
    }
    text(record, path, rest, &mut marks);
    record.text.push_str(&marks);
}

/// Adds text, with the marks that wait behind its first letter.
fn text(record: &mut MarcRecord, path: &str, bytes: &[u8], marks: &mut String) {
    let first = std::str::from_utf8(bytes).ok().and_then(|text| text.chars().next());
    match first {
        Some(letter) if !marks.is_empty() => {
            let (head, tail) = bytes.split_at(letter.len_utf8());
            pieces::push(record, path, head);
            record.text.push_str(&std::mem::take(marks));
            pieces::push(record, path, tail);
        }
        _ => pieces::push(record, path, bytes),
    }
}

/// What a name in braces means, and whether that is a mark over or under the next letter. A letter before the name of a
/// mark is that letter with it: `eacute`.
fn character(name: &str) -> Option<(String, bool)> {
    let find = |name: &str| {
        let at = MNEMONICS.binary_search_by_key(&name, |(name, _)| name).ok()?;
        Some(MNEMONICS[at].1)
    };
    let is_mark = |text: &str| {
        text.starts_with(|c: char| ('\u{300}'..='\u{36F}').contains(&c) || c == '\u{FE20}' || c == '\u{FE21}')
    };
    if let Some(text) = find(name) {
        return Some((text.to_owned(), is_mark(text)));
    }
    let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
    let mark = find(&name[1..]).filter(|text| is_mark(text))?;
    Some((format!("{letter}{mark}"), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_are_characters() {
        assert!(MNEMONICS.is_sorted_by(|a, b| a.0 < b.0), "sorted");
        for (name, expected) in [
            ("dollar", Some(("$", false))),
            ("acute", Some(("\u{301}", true))),
            ("auml", Some(("a\u{308}", false))),
            ("AElig", Some(("Æ", false))),
            ("nothing", None),
            ("", None),
        ] {
            let expected = expected.map(|(text, mark)| (text.to_owned(), mark));
            assert_eq!(character(name), expected, "{name}");
        }
    }
}
