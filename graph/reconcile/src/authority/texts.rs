//! What is read of an entry: its names with the numbers of their words, then all else.
//!
//! Classes, languages, occupations and the beginnings of IRIs are few and stand apart, once, with a number. All is packed;
//! names are read where they lie.

use super::codec::{Rest, role};
use super::draft::Draft;
use super::error::AuthorityError;
use crate::{Label, Note};
use graph_index::files::{Column, Folder, Output, OwnedBytes};
use graph_index::varint;
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

pub(super) const TEXTS: &str = "texts";
pub(super) const STARTS: &str = "texts.starts";
pub(super) const SHARED: &str = "shared";
pub(super) const SHARED_ENDS: &str = "shared.ends";

/// At most so many texts are shared, of so many bytes altogether; what comes later stands where it is used.
const MOST_SHARED: usize = 1 << 18;
const MOST_BYTES: usize = 16 << 20;

/// Texts in mapped files.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    bytes: OwnedBytes,
    starts: Column<u64>,
    shared: OwnedBytes,
    shared_ends: Column<u32>,
}

impl Texts {
    pub(super) fn open(folder: &Folder) -> Result<Self, AuthorityError> {
        Ok(Self {
            bytes: folder.bytes(TEXTS)?,
            starts: folder.column(STARTS)?,
            shared: folder.bytes(SHARED)?,
            shared_ends: folder.column(SHARED_ENDS)?,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The names of an entry.
    pub(super) fn labels(&self, entry: u32) -> Labels<'_> {
        let start = self.starts.get(entry as usize).and_then(|start| usize::try_from(*start).ok());
        let mut rest = Rest(start.and_then(|start| self.bytes.get(start..)).unwrap_or_default());
        let left = rest.number().unwrap_or_default();
        Labels { texts: self, rest, left }
    }

    /// All else.
    pub(super) fn others(&self, entry: u32) -> Others<'_> {
        let mut labels = self.labels(entry);
        while labels.next().is_some() {}
        let mut rest = labels.rest;
        // The lists end one after another; a damaged one is empty, and so are those behind it.
        let types = List::skip(&mut rest, self, Rest::shared);
        let occupations = List::skip(&mut rest, self, Rest::shared);
        let broader = List::skip(&mut rest, self, Rest::iri);
        let same_as = List::skip(&mut rest, self, Rest::iri);
        let replaced_by = List::skip(&mut rest, self, Rest::iri);
        let mut notes = rest;
        let left = notes.number().unwrap_or_default();
        Others {
            types,
            occupations,
            broader,
            same_as,
            replaced_by,
            notes: Notes { texts: self, rest: notes, left },
        }
    }

    fn shared(&self, number: u64) -> Option<&str> {
        let number = usize::try_from(number).ok()?;
        let start = number.checked_sub(2).and_then(|before| self.shared_ends.get(before)).copied();
        let end = *self.shared_ends.get(number.checked_sub(1)?)?;
        std::str::from_utf8(self.shared.get(start.unwrap_or_default() as usize..end as usize)?).ok()
    }
}

impl<'t> Rest<'t> {
    /// A text by its number, or one that stands here.
    fn shared(&mut self, texts: &'t Texts) -> Option<Cow<'t, str>> {
        match self.number()? {
            0 => self.text().map(Cow::Borrowed),
            number => texts.shared(number).map(Cow::Borrowed),
        }
    }

    fn iri(&mut self, texts: &'t Texts) -> Option<Cow<'t, str>> {
        let beginning = self.shared(texts)?;
        let local = self.text()?;
        Some(if local.is_empty() { beginning } else { Cow::Owned(format!("{beginning}{local}")) })
    }
}

/// The names of an entry, one after another.
#[derive(Debug, Clone)]
pub(super) struct Labels<'t> {
    texts: &'t Texts,
    rest: Rest<'t>,
    left: u64,
}

impl<'t> Labels<'t> {
    /// The next name and, packed, the numbers of its words.
    pub(super) fn next_with_words(&mut self) -> Option<(Label<'t>, Words<'t>)> {
        self.left = self.left.checked_sub(1)?;
        let head = self.rest.byte()?;
        let language = if head & 4 == 0 { None } else { Some(self.rest.shared(self.texts)?) };
        let text = Cow::Borrowed(self.rest.text()?);
        let count = self.rest.number()?;
        let words = Words { rest: self.rest, left: count };
        for _ in 0..count {
            self.rest.number()?;
        }
        Some((Label { role: role(head & 3), language, text }, words))
    }
}

impl<'t> Labels<'t> {
    /// The numbers of the words of the next name, packed; the name itself is passed over.
    pub(super) fn next_words(&mut self) -> Option<Words<'t>> {
        self.left = self.left.checked_sub(1)?;
        if self.rest.byte()? & 4 != 0 && self.rest.number()? == 0 {
            self.rest.skip_text()?;
        }
        self.rest.skip_text()?;
        let count = self.rest.number()?;
        let words = Words { rest: self.rest, left: count };
        for _ in 0..count {
            self.rest.number()?;
        }
        Some(words)
    }
}

impl<'t> Iterator for Labels<'t> {
    type Item = Label<'t>;

    fn next(&mut self) -> Option<Label<'t>> {
        Some(self.next_with_words()?.0)
    }
}

/// The numbers of the words of a name.
#[derive(Debug, Clone)]
pub(super) struct Words<'t> {
    rest: Rest<'t>,
    left: u64,
}

impl Iterator for Words<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        u32::try_from(self.rest.number()?).ok()
    }
}

/// What is not a name.
#[derive(Debug, Clone)]
pub(super) struct Others<'t> {
    pub(super) types: List<'t>,
    pub(super) occupations: List<'t>,
    pub(super) broader: List<'t>,
    pub(super) same_as: List<'t>,
    pub(super) replaced_by: List<'t>,
    pub(super) notes: Notes<'t>,
}

type Read<'t> = fn(&mut Rest<'t>, &'t Texts) -> Option<Cow<'t, str>>;

/// Texts or IRIs one after another.
#[derive(Debug, Clone)]
pub(super) struct List<'t> {
    texts: &'t Texts,
    rest: Rest<'t>,
    left: u64,
    read: Read<'t>,
}

impl<'t> List<'t> {
    /// The list that begins here; what is left begins behind it.
    fn skip(rest: &mut Rest<'t>, texts: &'t Texts, read: Read<'t>) -> Self {
        let left = rest.number().unwrap_or_default();
        let list = Self { texts, rest: *rest, left, read };
        for _ in 0..left {
            if read(rest, texts).is_none() {
                *rest = Rest(&[]);
                break;
            }
        }
        list
    }
}

impl<'t> Iterator for List<'t> {
    type Item = Cow<'t, str>;

    fn next(&mut self) -> Option<Cow<'t, str>> {
        self.left = self.left.checked_sub(1)?;
        (self.read)(&mut self.rest, self.texts)
    }
}

/// Notes one after another.
#[derive(Debug, Clone)]
pub(super) struct Notes<'t> {
    texts: &'t Texts,
    rest: Rest<'t>,
    left: u64,
}

impl<'t> Iterator for Notes<'t> {
    type Item = Note<'t>;

    fn next(&mut self) -> Option<Note<'t>> {
        self.left = self.left.checked_sub(1)?;
        let language = self.rest.shared(self.texts)?;
        let text = Cow::Borrowed(self.rest.text()?);
        Some(Note { language: (!language.is_empty()).then_some(language), text })
    }
}

/// Takes entries in order.
#[derive(Debug)]
pub(super) struct TextsWriter {
    texts: Output,
    starts: Output,
    shared: HashMap<Box<str>, u32>,
    shared_texts: Output,
    shared_ends: Output,
    bytes: Vec<u8>,
}

impl TextsWriter {
    pub(super) fn create(folder: &Path) -> Result<Self, AuthorityError> {
        Ok(Self {
            texts: Output::create(folder, TEXTS)?,
            starts: Output::create(folder, STARTS)?,
            shared: HashMap::new(),
            shared_texts: Output::create(folder, SHARED)?,
            shared_ends: Output::create(folder, SHARED_ENDS)?,
            bytes: Vec::new(),
        })
    }

    /// Takes an entry and the numbers of the words of its names: label, word.
    pub(super) fn push(&mut self, draft: &Draft, words: &[(u16, u32)]) -> Result<(), AuthorityError> {
        self.starts.u64(self.texts.len())?;
        self.bytes.clear();
        varint::write(draft.labels.len() as u64, &mut self.bytes);
        let mut words = words;
        for (number, label) in draft.labels.iter().enumerate() {
            self.bytes.push(label.role as u8 | if label.language.is_some() { 4 } else { 0 });
            if let Some(language) = &label.language {
                self.shared(language)?;
            }
            self.text(&label.text);
            let count = words.iter().take_while(|(label, _)| usize::from(*label) == number).count();
            let (of_label, rest) = words.split_at(count);
            varint::write(count as u64, &mut self.bytes);
            of_label.iter().for_each(|(_, word)| varint::write((*word).into(), &mut self.bytes));
            words = rest;
        }
        for list in [&draft.types, &draft.occupations] {
            varint::write(list.len() as u64, &mut self.bytes);
            list.iter().try_for_each(|text| self.shared(text))?;
        }
        let replaced_by: Vec<String> = draft.replaced_by.iter().cloned().collect();
        for list in [&draft.broader, &draft.same_as, &replaced_by] {
            varint::write(list.len() as u64, &mut self.bytes);
            for iri in list {
                let cut = iri.rfind(['/', '#', '=', ':']).map_or(0, |at| at + 1);
                let (beginning, local) = iri.split_at(cut);
                self.shared(beginning)?;
                self.text(local);
            }
        }
        varint::write(draft.notes.len() as u64, &mut self.bytes);
        for note in &draft.notes {
            self.shared(note.language.as_deref().unwrap_or_default())?;
            self.text(&note.text);
        }
        Ok(self.texts.write(&self.bytes)?)
    }

    fn text(&mut self, text: &str) {
        varint::write(text.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn shared(&mut self, text: &str) -> Result<(), AuthorityError> {
        let number = match self.shared.get(text) {
            Some(number) => *number,
            None if text.is_empty()
                || self.shared.len() >= MOST_SHARED
                || self.shared_texts.len() as usize + text.len() > MOST_BYTES =>
            {
                0
            }
            None => {
                let number = self.shared.len() as u32 + 1;
                self.shared.insert(text.into(), number);
                self.shared_texts.write(text.as_bytes())?;
                self.shared_ends.u32(self.shared_texts.len() as u32)?;
                number
            }
        };
        varint::write(number.into(), &mut self.bytes);
        if number == 0 {
            self.text(text);
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), AuthorityError> {
        for file in [self.texts, self.starts, self.shared_texts, self.shared_ends] {
            file.finish()?;
        }
        Ok(())
    }
}
