//! A draft as bytes: what builders sort. The IRI comes first and ends with a zero, so that drafts of one entity come
//! together and drafts that are the same are the same bytes.

use super::draft::Draft;
use crate::{Kind, Label, Note, Point, Role, Years};
use graph_index::varint;

const BORN: u8 = 1;
const DIED: u8 = 2;
const POINT: u8 = 4;
const REPLACED: u8 = 8;

pub(super) fn encode(draft: &Draft, out: &mut Vec<u8>) {
    out.extend(draft.iri.bytes().filter(|byte| *byte != 0));
    out.push(0);
    out.push(draft.kind.number());
    let flag = |has: bool, flag: u8| if has { flag } else { 0 };
    out.push(
        flag(draft.born.is_some(), BORN)
            | flag(draft.died.is_some(), DIED)
            | flag(draft.point.is_some(), POINT)
            | flag(draft.replaced_by.is_some(), REPLACED),
    );
    for years in [draft.born, draft.died].into_iter().flatten() {
        out.extend_from_slice(&years.from.to_le_bytes());
        out.extend_from_slice(&years.to.to_le_bytes());
    }
    if let Some(point) = draft.point {
        out.extend_from_slice(&point.lat.to_le_bytes());
        out.extend_from_slice(&point.long.to_le_bytes());
    }
    if let Some(iri) = &draft.replaced_by {
        text(iri, out);
    }
    for list in [&draft.types, &draft.broader, &draft.same_as, &draft.occupations] {
        varint::write(list.len() as u64, out);
        list.iter().for_each(|item| text(item, out));
    }
    varint::write(draft.labels.len() as u64, out);
    for label in &draft.labels {
        out.push(label.role as u8);
        text(label.language.as_deref().unwrap_or_default(), out);
        text(&label.text, out);
    }
    varint::write(draft.notes.len() as u64, out);
    for note in &draft.notes {
        text(note.language.as_deref().unwrap_or_default(), out);
        text(&note.text, out);
    }
}

fn text(text: &str, out: &mut Vec<u8>) {
    varint::write(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// What was encoded; nothing when the bytes are none of it.
pub(super) fn decode(bytes: &[u8]) -> Option<Draft> {
    let end = memchr::memchr(0, bytes)?;
    let iri = std::str::from_utf8(bytes.get(..end)?).ok()?.to_owned();
    let mut rest = Rest(bytes.get(end + 1..)?);
    let kind = Kind::from_number(rest.byte()?);
    let flags = rest.byte()?;
    let mut draft = Draft { iri, kind, ..Draft::default() };
    if flags & BORN != 0 {
        draft.born = Some(rest.years()?);
    }
    if flags & DIED != 0 {
        draft.died = Some(rest.years()?);
    }
    if flags & POINT != 0 {
        draft.point =
            Some(Point { lat: f32::from_le_bytes(rest.array()?), long: f32::from_le_bytes(rest.array()?) });
    }
    if flags & REPLACED != 0 {
        draft.replaced_by = Some(rest.text()?.to_owned());
    }
    for list in [&mut draft.types, &mut draft.broader, &mut draft.same_as, &mut draft.occupations] {
        for _ in 0..rest.number()? {
            list.push(rest.text()?.to_owned());
        }
    }
    for _ in 0..rest.number()? {
        let role = role(rest.byte()?);
        let language = rest.language()?;
        draft.labels.push(Label { role, language, text: rest.text()?.to_owned().into() });
    }
    for _ in 0..rest.number()? {
        let language = rest.language()?;
        draft.notes.push(Note { language, text: rest.text()?.to_owned().into() });
    }
    Some(draft)
}

/// The role with a number.
pub(super) fn role(number: u8) -> Role {
    match number {
        0 => Role::Preferred,
        1 => Role::Alternative,
        _ => Role::Hidden,
    }
}

/// Bytes that are read from their beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest<'b>(pub(super) &'b [u8]);

impl<'b> Rest<'b> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*array)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let (number, rest) = varint::read(self.0)?;
        self.0 = rest;
        Some(number)
    }

    pub(super) fn text(&mut self) -> Option<&'b str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    /// Passes over a text.
    pub(super) fn skip_text(&mut self) -> Option<()> {
        let length = usize::try_from(self.number()?).ok()?;
        self.0 = self.0.get(length..)?;
        Some(())
    }

    fn years(&mut self) -> Option<Years> {
        Some(Years { from: i16::from_le_bytes(self.array()?), to: i16::from_le_bytes(self.array()?) })
    }

    fn language(&mut self) -> Option<Option<std::borrow::Cow<'static, str>>> {
        let language = self.text()?;
        Some((!language.is_empty()).then(|| language.to_owned().into()))
    }
}
