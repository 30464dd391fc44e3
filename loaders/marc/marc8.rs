//! MARC-8: the character coding of MARC records from before Unicode.
//!
//! MARC 21 Specifications for Record Structure, Character Sets and Exchange Media, part 2 (Library of
//! Congress, 2007), after ISO/IEC 2022: two working sets, G0 (bytes 21–7E) and G1 (A1–FE), into which escape
//! sequences put one of twelve character sets. Marks precede the letter that they sit on; in Unicode they
//! follow it, and the result is NFC.
//!
//! The sets are data: `marc8.tsv` (one byte a character) and `eacc.tsv` (three bytes a character). A byte
//! that no set holds becomes U+FFFD and is reported once per text. Writing MARC-8 is deliberately left out.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;

const ESCAPE: u8 = 0x1B;
const ASCII: u8 = b'B';
const ANSEL: u8 = b'E';
const EACC: u8 = b'1';

type OneByteSet = [Option<(char, bool)>; 128];

struct Tables {
    /// The final byte of the escape sequence and the set.
    one_byte: Vec<(u8, Box<OneByteSet>)>,
    /// The three bytes as a number and the character, sorted.
    eacc: Vec<(u32, char)>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut one_byte: Vec<(u8, Box<OneByteSet>)> = Vec::new();
    for row in rows(include_str!("marc8.tsv")) {
        let mut cells = row.split('\t');
        let mut number = || u32::from_str_radix(cells.next().unwrap_or_default(), 16).unwrap_or_default();
        let (set, code, unicode, mark) = (number() as u8, number(), number(), number() == 1);
        if one_byte.last().is_none_or(|(last, _)| *last != set) {
            one_byte.push((set, Box::new([None; 128])));
        }
        if let Some((_, table)) = one_byte.last_mut()
            && let Some(place) = table.get_mut(code as usize)
        {
            *place = char::from_u32(unicode).map(|c| (c, mark));
        }
    }
    let eacc = rows(include_str!("eacc.tsv"))
        .filter_map(|row| {
            let (code, unicode) = row.split_once('\t')?;
            let unicode = char::from_u32(u32::from_str_radix(unicode, 16).ok()?)?;
            Some((u32::from_str_radix(code, 16).ok()?, unicode))
        })
        .collect();
    Tables { one_byte, eacc }
});

/// The rows of a table without its comments and its heading.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#')).skip(1)
}

/// Appends the text of one subfield or control field as NFC and gives what could not be read, if anything:
/// the bytes in hexadecimal. The working sets begin as ASCII and ANSEL each time, as the standard asks
/// cataloguers to restore them before a subfield ends.
pub(super) fn decode(bytes: &[u8], out: &mut String) -> Option<String> {
    if bytes.is_ascii() && memchr::memchr(ESCAPE, bytes).is_none() {
        out.extend(bytes.iter().map(|&b| char::from(b)));
        return None;
    }
    let mut decoder = Decoder { g0: ASCII, g1: ANSEL, marks: Vec::new(), text: String::new(), unread: None };
    decoder.run(bytes);
    out.extend(decoder.text.nfc());
    decoder.unread
}

struct Decoder {
    g0: u8,
    g1: u8,
    /// Marks that wait for the letter that they sit on.
    marks: Vec<char>,
    text: String,
    unread: Option<String>,
}

impl Decoder {
    fn run(&mut self, mut rest: &[u8]) {
        while let Some(&byte) = rest.first() {
            let taken = match byte {
                ESCAPE => self.escape(rest),
                0x00..=0x20 | 0x7F => {
                    self.letter(char::from(byte));
                    1
                }
                0x21..=0x7E if self.g0 == EACC => self.east_asian(rest),
                0x80..=0xA0 => self.control(byte),
                0xFF => self.unreadable(rest, 1),
                _ if byte >= 0x80 && self.g1 == EACC => self.east_asian(rest),
                _ => self.one_byte(rest, byte),
            };
            rest = &rest[taken.min(rest.len())..];
        }
        self.flush_marks();
    }

    /// Reads one escape sequence and gives its length.
    fn escape(&mut self, rest: &[u8]) -> usize {
        let known = |set: u8| set == ASCII || set == EACC || TABLES.one_byte.iter().any(|(s, _)| *s == set);
        let after = &rest[1..];
        match *after {
            [b's', ..] => {
                self.g0 = ASCII;
                return 2;
            }
            [set @ (b'g' | b'b' | b'p'), ..] => {
                self.g0 = set;
                return 2;
            }
            _ => {}
        }
        // `$` announces a set of more than one byte; `!` stands before the final byte of ANSEL.
        let mut at = usize::from(after.first() == Some(&b'$'));
        let many = at == 1;
        let second = match after.get(at) {
            Some(b'(' | b',') => Some(false),
            Some(b')' | b'-') => Some(true),
            _ => None,
        };
        at += usize::from(second.is_some());
        if second.is_none() && !many {
            return self.unreadable(rest, 1);
        }
        if after.get(at) == Some(&b'!') {
            at += 1;
        }
        match after.get(at) {
            Some(&set) if known(set) && many == (set == EACC) => {
                if second == Some(true) {
                    self.g1 = set;
                } else {
                    self.g0 = set;
                }
                at + 2
            }
            _ => self.unreadable(rest, 1),
        }
    }

    fn control(&mut self, byte: u8) -> usize {
        match byte {
            // The marks for non-sorting text stay as the control characters of Unicode that mean the same,
            // which no literal needs: what they enclose is kept, they are not.
            0x88 | 0x89 => {}
            0x8D => self.letter('\u{200D}'),
            0x8E => self.letter('\u{200C}'),
            0xA0 => self.letter(' '),
            _ => {
                self.unreadable(&[byte], 1);
            }
        }
        1
    }

    fn one_byte(&mut self, rest: &[u8], byte: u8) -> usize {
        let set = if byte < 0x80 { self.g0 } else { self.g1 };
        let found = if set == ASCII {
            Some((char::from(byte & 0x7F), false))
        } else {
            let table = TABLES.one_byte.iter().find(|(s, _)| *s == set);
            table.and_then(|(_, table)| table[usize::from(byte & 0x7F)])
        };
        match found {
            // The second half of a ligature or double tilde closes the one double mark that spans both.
            Some(('\u{FE21}', _)) if self.spans('\u{361}') => {}
            Some(('\u{FE23}', _)) if self.spans('\u{360}') => {}
            Some((mark, true)) => self.marks.push(mark),
            Some((letter, false)) => self.letter(letter),
            // Punctuation of ASCII where the set has none: the way back to ASCII was forgotten before it.
            None if byte.is_ascii_punctuation() => {
                self.note(rest, 1);
                self.letter(char::from(byte));
            }
            None => return self.unreadable(rest, 1),
        }
        1
    }

    /// Whether the double mark stands on the last letter written.
    fn spans(&self, mark: char) -> bool {
        self.text
            .chars()
            .rev()
            .take_while(|c| unicode_normalization::char::is_combining_mark(*c))
            .any(|c| c == mark)
    }

    fn east_asian(&mut self, rest: &[u8]) -> usize {
        let Some(three) = rest.get(..3) else { return self.unreadable(rest, rest.len()) };
        let code = three.iter().fold(0_u32, |code, &b| code << 8 | u32::from(b & 0x7F));
        match TABLES.eacc.binary_search_by_key(&code, |(code, _)| *code) {
            Ok(at) => {
                self.letter(TABLES.eacc[at].1);
                3
            }
            Err(_) => self.unreadable(rest, if three.iter().all(|b| *b & 0x7F > 0x20) { 3 } else { 1 }),
        }
    }

    fn letter(&mut self, letter: char) {
        self.text.push(letter);
        self.text.extend(self.marks.drain(..));
    }

    /// Marks at the end of a text have nothing to sit on; they stay, on a space of their own where the text
    /// is empty.
    fn flush_marks(&mut self) {
        if !self.marks.is_empty() && self.text.is_empty() {
            self.text.push('\u{A0}');
        }
        self.text.extend(self.marks.drain(..));
    }

    fn unreadable(&mut self, rest: &[u8], length: usize) -> usize {
        self.letter('\u{FFFD}');
        self.note(rest, length);
        length
    }

    /// Notes the first bytes that could not be read.
    fn note(&mut self, rest: &[u8], length: usize) {
        if self.unread.is_none() {
            let bytes = &rest[..length.max(1).min(rest.len())];
            self.unread = Some(bytes.iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().join(" "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        let unread = decode(bytes, &mut text);
        assert_eq!(unread, None, "{bytes:X?}");
        text
    }

    #[test]
    fn latin_marks_follow_their_letter() {
        assert_eq!(read(b"S\xE8a\xE8anaj\xE8arvi"), "Säänajärvi");
        assert_eq!(read(b"\xEAAbo, \xE8osterbotten"), "Åbo, österbotten");
        assert_eq!(read(b"Vi\xF2\xE3et Nam"), "Việt Nam");
        assert_eq!(read(b"Stra\xC7e \xC8 5 \xA9 \xB2 \xA2"), "Straße € 5 ♭ ø Ø");
    }

    #[test]
    fn ligature_and_double_tilde_are_one_mark() {
        assert_eq!(read(b"\xEBt\xECs"), "t\u{361}s");
        assert_eq!(read(b"\xEBi\xECa \xEBi\xECu"), "i\u{361}a i\u{361}u");
        assert_eq!(read(b"\xFAn\xFBg"), "n\u{360}g");
        assert_eq!(read(b"t\xECs"), "ts\u{FE21}");
    }

    #[test]
    fn escapes_change_the_working_sets() {
        assert_eq!(read(b"\x1B(NwOJNA\x1B(B i mir"), "Война i mir");
        assert_eq!(read(b"\x1B(2`ay\x1B(B!"), "אבש!");
        assert_eq!(read(b"\x1B)N\xD7\xCF\x1B)!E\xE8a"), "воä");
        assert_eq!(read(b"CO\x1Bb2\x1Bs x\x1Bp2\x1Bs \x1Bga\x1Bs"), "CO₂ x² α");
        assert_eq!(read(b"\x1B$1!0!!0\"\x1B(Bend"), "一丁end");
        assert_eq!(read(b"\x1B(Sa\x22a\x1B(B"), "αά");
    }

    #[test]
    fn what_no_set_holds_is_reported_once() {
        let mut text = String::new();
        assert_eq!(decode(b"a\xBFb\xBFc", &mut text).as_deref(), Some("BF"));
        assert_eq!(text, "a\u{FFFD}b\u{FFFD}c");
        text.clear();
        assert_eq!(decode(b"\x1B$1!0", &mut text).as_deref(), Some("21 30"));
    }

    #[test]
    fn tables_are_sorted_and_whole() {
        assert!(TABLES.eacc.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(TABLES.eacc.len(), rows(include_str!("eacc.tsv")).count());
        let filled: usize = TABLES.one_byte.iter().map(|(_, set)| set.iter().flatten().count()).sum();
        assert_eq!(filled, rows(include_str!("marc8.tsv")).count());
        assert_eq!(TABLES.one_byte.len(), 10);
    }
}
