//! Aleph sequential: the exchange form of Ex Libris' Aleph, one field a line.
//!
//! `004004500 24510 L $$aStephen Hawking /$$cJ. P. McEvoy`: the system number (nine digits), a space, the tag and two
//! indicators in five characters, a space, the code of the script, a space, the content; `$$` marks a subfield, and a
//! `^` is a space in fixed fields. `LDR` holds the leader. A record ends where the system number changes. A record
//! without 001 goes by its system number. `DEL` says that the catalogue deleted the record.

use super::pieces::{self, Line, Refusal, Syntax};
use super::record::MarcRecord;
use graph_model::IssueKind;
use std::io::BufRead;

/// Where the content of a line begins.
const CONTENT: usize = 18;
const EXPECTED: &str = "a system number of nine digits, a tag, indicators, a code of script, and content";

/// Whether the first bytes look like lines of Aleph.
pub(super) fn sniff(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let mut lines =
        head.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).take(2).peekable();
    lines.peek().is_some() && lines.all(is_field)
}

/// Whether a line is a field: `004004500 24510 L `.
fn is_field(line: &[u8]) -> bool {
    line.len() >= CONTENT - 1
        && line[..9].iter().all(u8::is_ascii_digit)
        && line[9] == b' '
        && line[10..13].iter().all(u8::is_ascii_alphanumeric)
        && line[13..15].iter().all(u8::is_ascii)
        && line[15] == b' '
        && line[16].is_ascii_alphabetic()
}

/// The syntax, with the number of the record whose lines are read.
#[derive(Debug, Default)]
pub(super) struct Aleph {
    number: [u8; 9],
}

/// The records of an input.
pub(super) fn records<'a>(input: Box<dyn BufRead + 'a>) -> pieces::Records<'a, Aleph> {
    pieces::Records::new(input, Aleph::default())
}

impl Syntax for Aleph {
    fn line(&mut self, head: &[u8], open: bool) -> Line {
        if head.is_empty() {
            return Line::Blank;
        }
        if !is_field(head) {
            return Line::GoesOn;
        }
        let same = open && head[..9] == self.number;
        self.number.copy_from_slice(&head[..9]);
        if same { Line::GoesOn } else { Line::Begins }
    }

    fn parse(&self, piece: &[u8], record: &mut MarcRecord) -> Result<(), Refusal> {
        let mut seen = false;
        for line in pieces::lines(piece) {
            if !is_field(line) {
                pieces::go_on(record, line, EXPECTED)?;
                continue;
            }
            let content = line.get(CONTENT..).unwrap_or_default();
            let tag = [line[10], line[11], line[12]];
            match &tag {
                b"LDR" => {
                    seen = true;
                    pieces::leader(record, content, b'^');
                }
                b"DEL" => {
                    record.gone = true;
                    field(record, tag, [line[13], line[14]], content);
                }
                _ => field(record, tag, [line[13], line[14]], content),
            }
        }
        if record.fields.is_empty() && !record.gone {
            return Err(("a record without fields".to_owned(), "a leader, control fields and data fields"));
        }
        if !seen {
            record.odd(IssueKind::MissingValue, "leader", "", "a leader of 24 characters");
        }
        if record.control("001").trim().is_empty() {
            let number = record.text.len();
            record.text.push_str(std::str::from_utf8(&piece[..9]).unwrap_or_default());
            record.begin_field(*b"001", *b"  ");
            record.end_value(number);
        }
        Ok(())
    }

    fn id(&self, piece: &[u8]) -> Option<String> {
        let number = piece.get(..9).filter(|number| number.iter().all(u8::is_ascii_digit))?;
        String::from_utf8(number.to_vec()).ok()
    }
}

fn field(record: &mut MarcRecord, tag: [u8; 3], indicators: [u8; 2], content: &[u8]) {
    let path = String::from_utf8_lossy(&tag).into_owned();
    record.begin_field(tag, indicators);
    if tag.starts_with(b"00") || memchr::memmem::find(content, b"$$").is_none() && !tag[0].is_ascii_digit() {
        let start = record.text.len();
        let plain: Vec<u8> = content.iter().map(|byte| if *byte == b'^' { b' ' } else { *byte }).collect();
        pieces::push(record, &path, &plain);
        record.end_value(start);
        return;
    }
    pieces::subfields(record, &path, content, b"$$", |record, text| pieces::push(record, &path, text));
}
