//! One MARC 21 record, whatever syntax it came in: a text buffer and spans into it. No RDF here.
//!
//! MARC 21 Format for Bibliographic Data, MARC 21 Format for Authority Data (Library of Congress, update 38
//! of 2024). A field is a tag, two indicators and subfields; a control field (00X) has only a value.

use graph_model::{IssueKind, Position};

/// A record: leader and fields, text in UTF-8.
#[derive(Debug, Clone, Default)]
pub struct MarcRecord {
    pub(super) text: String,
    pub(super) leader: [u8; 24],
    pub(super) fields: Vec<FieldSpan>,
    pub(super) subfields: Vec<SubfieldSpan>,
    /// What was odd about the bytes; `describe` passes it on.
    pub(super) oddities: Vec<Oddity>,
    pub(super) position: Position,
    /// What the envelope of OAI-PMH around it tells: the identifier, and whether it was deleted.
    pub(super) delivery: Option<Box<(String, bool)>>,
    /// Whether its catalogue says that it is gone.
    pub(super) gone: bool,
}

/// Something in the bytes that the standard does not allow, read all the same.
#[derive(Debug, Clone)]
pub(super) struct Oddity {
    pub(super) kind: IssueKind,
    pub(super) path: String,
    pub(super) met: String,
    pub(super) expected: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct FieldSpan {
    pub(super) tag: [u8; 3],
    pub(super) indicators: [u8; 2],
    /// The value of a control field; for a data field, empty.
    pub(super) value: (u32, u32),
    /// Where its subfields stand in the list of all subfields.
    pub(super) subfields: (u32, u32),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct SubfieldSpan {
    pub(super) code: u8,
    pub(super) text: (u32, u32),
}

/// One field of a record.
#[derive(Debug, Clone, Copy)]
pub struct Field<'r> {
    record: &'r MarcRecord,
    span: &'r FieldSpan,
}

impl MarcRecord {
    /// A position of the leader as an ASCII character; a space where the leader is too short.
    #[must_use]
    pub fn leader(&self, at: usize) -> char {
        self.leader.get(at).map_or(' ', |&b| char::from(b))
    }

    /// Whether the record is there no more: its leader (05) or its catalogue says so. Of authorities, headings that were split
    /// or replaced are gone, too.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        let status = self.leader(5);
        self.gone || status == 'd' || matches!(status, 's' | 'x') && self.leader(6) == 'z'
    }

    /// All fields in their order.
    pub fn fields(&self) -> impl DoubleEndedIterator<Item = Field<'_>> {
        self.fields.iter().map(|span| Field { record: self, span })
    }

    /// The fields with this tag.
    pub fn tagged<'r, 't>(&'r self, tag: &'t str) -> impl Iterator<Item = Field<'r>> + use<'r, 't> {
        self.fields().filter(move |field| field.span.tag == tag.as_bytes())
    }

    /// The value of the first control field with this tag; empty when there is none.
    #[must_use]
    pub fn control(&self, tag: &str) -> &str {
        self.tagged(tag).next().map_or("", |field| field.value())
    }

    /// The first subfield of the first field with this tag.
    #[must_use]
    pub fn first(&self, tag: &str, code: char) -> Option<&str> {
        let field = self.tagged(tag).next()?;
        field.first(code)
    }

    /// The name that the owner knows the record by: 001 in the system that 003 names, as `003-001`.
    #[must_use]
    pub fn identifier(&self) -> Option<String> {
        let (number, system) = (self.control("001").trim(), self.control("003").trim());
        match (number.is_empty(), system.is_empty()) {
            (true, _) => None,
            (false, true) => Some(number.to_owned()),
            (false, false) => Some(format!("{system}-{number}")),
        }
    }

    pub(super) fn odd(
        &mut self,
        kind: IssueKind,
        path: &str,
        met: impl Into<String>,
        expected: &'static str,
    ) {
        // One garbled field gives one issue, not one for each of its subfields.
        if self.oddities.last().is_some_and(|last| last.kind == kind && last.path == path) {
            return;
        }
        self.oddities.push(Oddity { kind, path: path.to_owned(), met: met.into(), expected });
    }

    pub(super) fn begin_field(&mut self, tag: [u8; 3], indicators: [u8; 2]) {
        let at = self.subfields.len() as u32;
        self.fields.push(FieldSpan { tag, indicators, value: (0, 0), subfields: (at, at) });
    }

    /// Gives the field begun last the value from `start` to the end of the text.
    pub(super) fn end_value(&mut self, start: usize) {
        let end = self.text.len() as u32;
        if let Some(field) = self.fields.last_mut() {
            field.value = (start as u32, end);
        }
    }

    /// Gives the field begun last a subfield whose text stands in the buffer already.
    pub(super) fn push_subfield(&mut self, code: u8, start: usize, end: usize) {
        self.subfields.push(SubfieldSpan { code, text: (start as u32, end as u32) });
        if let Some(field) = self.fields.last_mut() {
            field.subfields.1 = self.subfields.len() as u32;
        }
    }

    /// Takes out the control characters that enclose what is not sorted (U+0098 and U+009C): the words stay, the
    /// marks would only part them from their like.
    pub(super) fn drop_sorting_marks(&mut self) {
        let mark = |c: char| matches!(c, '\u{88}' | '\u{89}' | '\u{98}' | '\u{9C}');
        let quick = memchr::memchr(0xC2, self.text.as_bytes()).is_some();
        // German libraries write them as `<<Die>> Blechtrommel`.
        let angled = memchr::memmem::find(self.text.as_bytes(), b"<<").is_some();
        if !angled && (!quick || !self.text.contains(mark)) {
            return;
        }
        let whole = std::mem::take(&mut self.text);
        let mut text = String::with_capacity(whole.len());
        let mut moved = |(start, end): (u32, u32)| {
            let from = text.len() as u32;
            let mut rest = whole.get(start as usize..end as usize).unwrap_or_default();
            while let Some((before, inner, after)) = rest
                .split_once("<<")
                .and_then(|(before, rest)| Some((before, rest.split_once(">>")?)))
                .map(|(before, (inner, after))| (before, inner, after))
            {
                text.extend(before.chars().chain(inner.chars()).filter(|c| !mark(*c)));
                rest = after;
            }
            text.extend(rest.chars().filter(|c| !mark(*c)));
            (from, text.len() as u32)
        };
        for field in &mut self.fields {
            field.value = moved(field.value);
        }
        for subfield in &mut self.subfields {
            subfield.text = moved(subfield.text);
        }
        self.text = text;
    }

    /// The record with each 880 field that has no partner as the field that it stands for; `None` when all have one.
    /// `880 $6 245-00` is a title that has no form in Latin letters.
    pub(super) fn with_partners(&self) -> Option<Self> {
        let lonely = |field: &FieldSpan| {
            let field = Field { record: self, span: field };
            let (tag, occurrence) = field.first('6')?.split_once('-')?;
            let (occurrence, tag_bytes) = (occurrence.get(..2)?, <[u8; 3]>::try_from(tag.as_bytes()).ok()?);
            let paired = occurrence != "00"
                && self.tagged(tag).any(|own| {
                    own.first('6').and_then(|link| link.strip_prefix("880-")?.get(..2)) == Some(occurrence)
                });
            (!paired && tag.bytes().all(|byte| byte.is_ascii_digit()) && tag != "880").then_some(tag_bytes)
        };
        let linked = |field: &FieldSpan| if &field.tag == b"880" { lonely(field) } else { None };
        self.fields.iter().find_map(linked)?;
        let mut whole = self.clone();
        for at in 0..whole.fields.len() {
            let Some(tag) = linked(&self.fields[at]) else { continue };
            let stands = |tag: &[u8; 3]| whole.fields.iter().any(|field| field.tag == *tag);
            // Some fields stand once in a record; a second of them is a further title or name.
            whole.fields[at].tag = match &tag {
                b"245" if stands(&tag) => *b"246",
                [b'1', rest @ ..] if stands(&tag) => [b'7', rest[0], rest[1]],
                _ => tag,
            };
        }
        Some(whole)
    }

    fn slice(&self, (start, end): (u32, u32)) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl<'r> Field<'r> {
    /// The tag, three characters.
    #[must_use]
    pub fn tag(&self) -> &'r str {
        std::str::from_utf8(&self.span.tag).unwrap_or("???")
    }

    /// The tag as its three bytes, for comparing many.
    pub(super) fn tag_bytes(&self) -> [u8; 3] {
        self.span.tag
    }

    /// The first or second indicator (1 or 2); a space when undefined.
    #[must_use]
    pub fn indicator(&self, which: usize) -> char {
        self.span.indicators.get(which.wrapping_sub(1)).map_or(' ', |&b| char::from(b))
    }

    /// The value of a control field; empty for a data field.
    #[must_use]
    pub fn value(&self) -> &'r str {
        self.record.slice(self.span.value)
    }

    /// Code and text of each subfield, in order.
    pub fn subfields(&self) -> impl DoubleEndedIterator<Item = (char, &'r str)> + Clone + use<'r> {
        let (record, (start, end)) = (self.record, self.span.subfields);
        let spans = record.subfields.get(start as usize..end as usize).unwrap_or_default();
        spans.iter().map(move |span| (char::from(span.code), record.slice(span.text).trim()))
    }

    /// The first subfield with this code that is not empty.
    #[must_use]
    pub fn first(&self, code: char) -> Option<&'r str> {
        self.subfields().find(|(c, text)| *c == code && !text.is_empty()).map(|(_, text)| text)
    }

    /// Every subfield with this code that is not empty.
    pub fn every(&self, code: char) -> impl Iterator<Item = &'r str> + use<'r> {
        self.subfields().filter(move |(c, text)| *c == code && !text.is_empty()).map(|(_, text)| text)
    }

    /// The subfields with these codes in the order of the record, joined by spaces.
    #[must_use]
    pub fn joined(&self, codes: &str) -> String {
        let mut joined = String::new();
        for (_, text) in self.subfields().filter(|(code, text)| codes.contains(*code) && !text.is_empty()) {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(text);
        }
        joined
    }
}
