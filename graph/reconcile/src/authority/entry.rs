//! An entry, read where it lies.

use super::rows::{Row, point_of, years_of};
use super::{Authority, EntryId, rows};
use crate::{Kind, Label, Note, Point, Years};
use std::borrow::Cow;

/// An entry of an authority. What a matcher compares is read from rows of one width and costs next to nothing; names and
/// all else are unpacked as they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub(super) authority: &'a Authority,
    pub(super) id: EntryId,
}

impl<'a> Entry<'a> {
    fn row(&self) -> Option<&'a Row> {
        self.authority.inner.rows.get(self.id.0 as usize)
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// Its IRI in the authority.
    #[must_use]
    pub fn iri(&self) -> Cow<'a, str> {
        Cow::Owned(self.authority.inner.iris.get(self.id.0))
    }

    /// What sort of thing it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        rows::kind_of(&self.authority.head(self.id.0))
    }

    /// When a person was born, a body founded, a period begun.
    #[must_use]
    pub fn born(&self) -> Option<Years> {
        self.row().and_then(|row| years_of(row[2]))
    }

    /// When a person died, a body dissolved, a period ended.
    #[must_use]
    pub fn died(&self) -> Option<Years> {
        self.row().and_then(|row| years_of(row[3]))
    }

    /// Where it is.
    #[must_use]
    pub fn point(&self) -> Option<Point> {
        self.row().and_then(point_of)
    }

    /// How many entries of the authority share the key of its most common preferred name; at least 1.
    #[must_use]
    pub fn frequency(&self) -> u32 {
        self.row().map_or(1, |row| row[4].max(1))
    }

    /// Its names, preferred ones first.
    pub fn labels(&self) -> impl Iterator<Item = Label<'a>> + use<'a> {
        self.authority.inner.texts.labels(self.id.0)
    }

    /// Its names as [`Entry::labels`] gives them, each with the numbers of its words: names of the same words have the same
    /// numbers.
    pub(crate) fn labels_with_words(
        &self,
    ) -> impl Iterator<Item = (Label<'a>, impl Iterator<Item = u32> + use<'a>)> + use<'a> {
        let mut labels = self.authority.inner.texts.labels(self.id.0);
        std::iter::from_fn(move || labels.next_with_words())
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
        self.authority.inner.texts.others(self.id.0).types
    }

    /// The IRIs of what it is part of or narrower than.
    pub fn broader(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.authority.inner.texts.others(self.id.0).broader
    }

    /// The IRIs of the same entity elsewhere.
    pub fn same_as(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.authority.inner.texts.others(self.id.0).same_as
    }

    /// Professions and fields of activity, as IRIs or words.
    pub fn occupations(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.authority.inner.texts.others(self.id.0).occupations
    }

    /// What is told of it.
    pub fn notes(&self) -> impl Iterator<Item = Note<'a>> + use<'a> {
        self.authority.inner.texts.others(self.id.0).notes
    }

    /// The IRI of the entry that stands for it now.
    #[must_use]
    pub fn replaced_by(&self) -> Option<Cow<'a, str>> {
        self.authority.inner.texts.others(self.id.0).replaced_by.next()
    }
}
