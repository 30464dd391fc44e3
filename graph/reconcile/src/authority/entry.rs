//! An entry, read where it lies.

use super::{Authority, EntryId};
use crate::{Kind, Label, Note, Point, Years};
use std::borrow::Cow;

/// An entry of an authority.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub(super) authority: &'a Authority,
    pub(super) id: EntryId,
}

impl<'a> Entry<'a> {
    fn draft(&self) -> &'a super::Draft {
        self.authority.draft(self.id)
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// Its IRI in the authority.
    #[must_use]
    pub fn iri(&self) -> Cow<'a, str> {
        self.draft().iri.as_str().into()
    }

    /// What sort of thing it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.draft().kind
    }

    /// When a person was born, a body founded, a period begun.
    #[must_use]
    pub fn born(&self) -> Option<Years> {
        self.draft().born
    }

    /// When a person died, a body dissolved, a period ended.
    #[must_use]
    pub fn died(&self) -> Option<Years> {
        self.draft().died
    }

    /// Where it is.
    #[must_use]
    pub fn point(&self) -> Option<Point> {
        self.draft().point
    }

    /// How many entries of the authority share the key of its most common preferred name; at least 1.
    #[must_use]
    pub fn frequency(&self) -> u32 {
        self.authority.frequency_of(self.id)
    }

    /// Its names, preferred ones first.
    pub fn labels(&self) -> impl Iterator<Item = Label<'a>> + use<'a> {
        self.draft().labels.iter().map(|label| Label {
            role: label.role,
            language: label.language.as_deref().map(Cow::Borrowed),
            text: Cow::Borrowed(&label.text),
        })
    }

    /// The name to show to people who read these languages, the best first: a preferred one in one of them, in no
    /// language, or in any; then any other.
    #[must_use]
    pub fn label(&self, languages: &[&str]) -> Option<Label<'a>> {
        self.labels().min_by_key(|label| {
            let place = match label.language.as_deref() {
                Some(met) => languages.iter().position(|language| *language == met).unwrap_or(usize::MAX),
                None => languages.len(),
            };
            (label.role, place)
        })
    }

    /// The classes that the authority gives it, as IRIs or words.
    pub fn types(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.draft().types.iter().map(|item| Cow::Borrowed(item.as_str()))
    }

    /// The IRIs of what it is part of or narrower than.
    pub fn broader(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.draft().broader.iter().map(|item| Cow::Borrowed(item.as_str()))
    }

    /// The IRIs of the same entity elsewhere.
    pub fn same_as(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.draft().same_as.iter().map(|item| Cow::Borrowed(item.as_str()))
    }

    /// Professions and fields of activity, as IRIs or words.
    pub fn occupations(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.draft().occupations.iter().map(|item| Cow::Borrowed(item.as_str()))
    }

    /// What is told of it.
    pub fn notes(&self) -> impl Iterator<Item = Note<'a>> + use<'a> {
        self.draft().notes.iter().map(|note| Note {
            language: note.language.as_deref().map(Cow::Borrowed),
            text: Cow::Borrowed(&note.text),
        })
    }

    /// The IRI of the entry that stands for it now.
    #[must_use]
    pub fn replaced_by(&self) -> Option<Cow<'a, str>> {
        self.draft().replaced_by.as_deref().map(Cow::Borrowed)
    }
}
