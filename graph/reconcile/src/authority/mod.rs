//! Authority files, mirrored here.
//!
//! A mirror is a folder with an index of the authority's entries: names in all languages, dates, places, hierarchy and
//! links to other authorities. [`Builder`] makes one of [`Draft`]s, [`Authority`] finds and reads entries in it.

mod about;
mod builder;
mod codec;
mod draft;
mod entry;
mod error;
mod identifier;

pub use about::{About, SourceFile};
pub use builder::Builder;
pub use draft::Draft;
pub use entry::Entry;
pub use error::AuthorityError;
pub use identifier::normalised;

use crate::Kind;
use crate::names::{self, Name};
use graph_index::files::Folder;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

/// The number of an entry in its authority: its place in the order of the IRIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

/// How a candidate was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Found {
    /// One of its names has the same key.
    Key,
    /// Words of its names are alike.
    Words,
}

/// An entry that a name may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub entry: EntryId,
    /// How much alike the names are, 0 to 1; only for the order, certainty is the matcher's business.
    pub score: f32,
    /// How it was found.
    pub found: Found,
}

/// Memory that a thread keeps from one question to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    counts: HashMap<EntryId, u32>,
}

/// The mirror of an authority file; cheap to clone, to be shared by threads.
#[derive(Debug, Clone)]
pub struct Authority {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    about: About,
    drafts: Vec<Draft>,
    identifiers: HashMap<String, EntryId>,
    keys: BTreeMap<String, Vec<EntryId>>,
    words: BTreeMap<String, Vec<EntryId>>,
}

impl Authority {
    /// Opens the mirror in a folder.
    ///
    /// # Errors
    /// When a file is missing, cut, or of another version.
    pub fn open(folder: &Path) -> Result<Self, AuthorityError> {
        let files = Folder::open(folder)?;
        let about = files.path("about.json");
        let about = serde_json::from_slice(&files.plain("about.json")?)
            .map_err(|error| AuthorityError::damaged(&about, error.to_string()))?;
        let bytes = files.bytes("entries")?;
        let mut inner = Inner {
            about,
            drafts: Vec::new(),
            identifiers: HashMap::new(),
            keys: BTreeMap::new(),
            words: BTreeMap::new(),
        };
        let mut rest: &[u8] = &bytes;
        while let Some((length, behind)) = rest.split_first_chunk::<4>() {
            let damaged = || AuthorityError::damaged(&files.path("entries"), "an entry is cut");
            let length = u32::from_le_bytes(*length) as usize;
            let (entry, behind) = behind.split_at_checked(length).ok_or_else(damaged)?;
            inner.drafts.push(codec::decode(entry).ok_or_else(damaged)?);
            rest = behind;
        }
        for (number, draft) in inner.drafts.iter().enumerate() {
            let id = EntryId(number as u32);
            for iri in std::iter::once(&draft.iri).chain(&draft.same_as) {
                inner.identifiers.entry(normalised(iri).into_owned()).or_insert(id);
            }
            for label in &draft.labels {
                let put = |key: String, map: &mut BTreeMap<String, Vec<EntryId>>| {
                    let list = map.entry(key).or_default();
                    if list.last() != Some(&id) {
                        list.push(id);
                    }
                };
                put(names::key(&label.text), &mut inner.keys);
                for token in Name::parse(&label.text).tokens() {
                    put(token.to_owned(), &mut inner.words);
                }
            }
        }
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.inner.drafts.len() as u32
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is known of the mirror as a whole.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.inner.about
    }

    /// An entry. A number that is not one of this authority gives an entry without anything.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> Entry<'_> {
        Entry { authority: self, id }
    }

    /// All entries in the order of their IRIs.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.len()).map(|number| self.entry(EntryId(number)))
    }

    /// The entry with an IRI, its own or one that it is the same as, however that is written.
    #[must_use]
    pub fn by_iri(&self, iri: &str) -> Option<EntryId> {
        self.inner.identifiers.get(&*normalised(iri)).copied()
    }

    /// The entries one of whose names has the key; see [`names::key`].
    pub fn by_key(&self, key: &str, kind: Option<Kind>) -> impl Iterator<Item = EntryId> {
        let found = self.inner.keys.get(key).map(Vec::as_slice).unwrap_or_default();
        found.iter().copied().filter(move |id| self.is_of(*id, kind))
    }

    /// How many entries have a name with the key.
    #[must_use]
    pub fn frequency(&self, key: &str) -> u32 {
        self.inner.keys.get(key).map_or(0, |list| list.len() as u32)
    }

    /// How many entries have a name with the word, spelled as in a key.
    #[must_use]
    pub fn bearers(&self, word: &str) -> u32 {
        self.inner.words.get(word).map_or(0, |list| list.len() as u32)
    }

    /// The entries that a name may mean, best first, at most so many; `out` is emptied first.
    pub fn candidates(
        &self,
        name: &Name,
        kind: Option<Kind>,
        limit: usize,
        scratch: &mut Scratch,
        out: &mut Vec<Candidate>,
    ) {
        out.clear();
        scratch.counts.clear();
        for token in name.tokens() {
            for id in self.inner.words.get(token).into_iter().flatten() {
                *scratch.counts.entry(*id).or_default() += 1;
            }
        }
        let all = name.tokens().count().max(1) as f32;
        out.extend(scratch.counts.iter().filter(|(id, _)| self.is_of(**id, kind)).map(|(id, count)| {
            Candidate {
                entry: *id,
                score: *count as f32 / all,
                found: if *count as usize == name.tokens().count() { Found::Key } else { Found::Words },
            }
        }));
        out.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.cmp(&b.entry)));
        out.truncate(limit);
    }

    /// Entries with a name that has a word beginning with the letters, for type-ahead.
    #[must_use]
    pub fn suggest(&self, prefix: &str, kind: Option<Kind>, limit: usize) -> Vec<EntryId> {
        let folded = names::fold(prefix);
        let found =
            self.inner.words.range(folded.clone()..).take_while(|(word, _)| word.starts_with(&folded));
        let mut found: Vec<_> =
            found.flat_map(|(_, ids)| ids).copied().filter(|id| self.is_of(*id, kind)).collect();
        found.sort_unstable();
        found.dedup();
        found.truncate(limit);
        found
    }

    fn is_of(&self, id: EntryId, kind: Option<Kind>) -> bool {
        kind.is_none_or(|kind| kind.meets(self.draft(id).kind))
    }

    fn draft(&self, id: EntryId) -> &Draft {
        static NONE: std::sync::LazyLock<Draft> = std::sync::LazyLock::new(Draft::default);
        self.inner.drafts.get(id.0 as usize).unwrap_or(&NONE)
    }

    fn frequency_of(&self, id: EntryId) -> u32 {
        let labels = self.draft(id).labels.iter().filter(|label| label.role == crate::Role::Preferred);
        labels.map(|label| self.frequency(&names::key(&label.text))).max().unwrap_or_default().max(1)
    }
}

#[cfg(test)]
mod tests;
