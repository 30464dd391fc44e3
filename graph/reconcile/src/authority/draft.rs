//! An entry of an authority file as a parser gives it.

use crate::{Kind, Label, Note, Point, Years};

/// All that an authority says of one entity. Drafts of the same IRI become one entry with what all of them say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// Its IRI in the authority.
    pub iri: String,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The classes that the authority gives it, as IRIs or words.
    pub types: Vec<String>,
    /// Its names.
    pub labels: Vec<Label<'static>>,
    /// When a person was born, a body founded, a period begun.
    pub born: Option<Years>,
    /// When a person died, a body dissolved, a period ended.
    pub died: Option<Years>,
    /// Where it is.
    pub point: Option<Point>,
    /// The IRIs of what it is part of or narrower than.
    pub broader: Vec<String>,
    /// The IRIs of the same entity elsewhere.
    pub same_as: Vec<String>,
    /// Professions and fields of activity, as IRIs or words.
    pub occupations: Vec<String>,
    /// What is told of it.
    pub notes: Vec<Note<'static>>,
    /// The IRI of the entry that stands for it now.
    pub replaced_by: Option<String>,
}

impl Draft {
    /// Adds what another draft of the same entity says, and brings lists into order, each thing once.
    ///
    /// Where both say one thing differently, what is known wins over what is not, and the smaller over the larger, so
    /// that the order of the drafts does not matter.
    pub(super) fn merge(&mut self, other: Self) {
        self.kind = match (self.kind, other.kind) {
            (Kind::Unknown, kind) | (kind, Kind::Unknown) => kind,
            (one, other) => one.min(other),
        };
        self.types.extend(other.types);
        self.labels.extend(other.labels);
        self.broader.extend(other.broader);
        self.same_as.extend(other.same_as);
        self.occupations.extend(other.occupations);
        self.notes.extend(other.notes);
        self.born = smaller(self.born, other.born);
        self.died = smaller(self.died, other.died);
        let order = |a: &Point, b: &Point| a.lat.total_cmp(&b.lat).then(a.long.total_cmp(&b.long));
        self.point = self.point.into_iter().chain(other.point).min_by(order);
        self.replaced_by = smaller(self.replaced_by.take(), other.replaced_by);
        self.settle();
    }

    /// Brings lists into order, each thing once.
    pub(super) fn settle(&mut self) {
        for list in [&mut self.types, &mut self.broader, &mut self.same_as, &mut self.occupations] {
            list.sort_unstable();
            list.dedup();
        }
        self.labels.sort_unstable();
        self.labels.dedup();
        self.notes.sort_unstable();
        self.notes.dedup();
    }
}

fn smaller<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    one.into_iter().chain(other).min()
}
