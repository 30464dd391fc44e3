//! Authority files, mirrored here.
//!
//! A mirror is a folder with an index of the authority's entries: names in all languages, dates, places, hierarchy and
//! links to other authorities. [`Builder`] makes one of [`Draft`]s in any order, in bounded memory and with the same bytes
//! for the same drafts; [`Authority`] maps it and finds entries by identifier, by key and by names that are alike.
//!
//! | files | what they hold |
//! |---|---|
//! | `iris` | the IRIs in order; an entry's number is its place |
//! | `rows`, `heads` | years, point, frequency of the name; kind and first letters: of one width |
//! | `texts`, `shared` | names with the numbers of their words, and all else |
//! | `words`, `variants` | the lexicon: which entries have a word, which words are alike |
//! | `keys`, `identifiers` | entries by the hash of a name's key, and of an identifier |
//! | `about.json` | where the mirror comes from and how old it is |
//!
//! Deliberately not here: reading authority files, which is the business of parsers, and judging candidates.

mod about;
mod builder;
mod candidates;
mod codec;
mod distance;
mod draft;
mod entry;
mod error;
mod hashes;
mod identifier;
mod iris;
mod lexicon;
mod rows;
mod suggest;
mod texts;

pub use about::{About, SourceFile};
pub use builder::Builder;
pub use candidates::{Candidate, Found, Scratch};
pub use draft::Draft;
pub use entry::Entry;
pub use error::AuthorityError;
pub use identifier::normalised;

use crate::Kind;
use graph_index::files::{Column, Folder, verify};
use hashes::{Hashes, hash};
use iris::Iris;
use lexicon::Lexicon;
use rows::{HEADS, Head, ROWS, Row};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use texts::Texts;

/// What is known of a mirror as a whole.
const ABOUT: &str = "about.json";
const KEYS: [&str; 3] = ["keys.ends", "keys.tails", "keys.entries"];
const IDENTIFIERS: [&str; 3] = ["identifiers.ends", "identifiers.tails", "identifiers.entries"];
/// The files with a digest.
const FILES: [&str; 21] = [
    iris::IRIS,
    iris::BLOCKS,
    ROWS,
    HEADS,
    texts::TEXTS,
    texts::STARTS,
    texts::SHARED,
    texts::SHARED_ENDS,
    lexicon::WORDS,
    lexicon::WORD_ENDS,
    lexicon::POSTINGS,
    lexicon::POSTING_ENDS,
    lexicon::VARIANTS[0],
    lexicon::VARIANTS[1],
    lexicon::VARIANTS[2],
    KEYS[0],
    KEYS[1],
    KEYS[2],
    IDENTIFIERS[0],
    IDENTIFIERS[1],
    IDENTIFIERS[2],
];
/// In a value of `identifiers`, that it is not the entry's own.
const OTHERS: u32 = 1 << 31;

/// The number of an entry in its authority: its place in the order of the IRIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

/// The mirror of an authority file; cheap to clone, to be shared by threads.
#[derive(Debug, Clone)]
pub struct Authority {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    about: About,
    iris: Iris,
    rows: Column<Row>,
    heads: Column<Head>,
    texts: Texts,
    lexicon: Lexicon,
    keys: Hashes,
    identifiers: Hashes,
}

impl Authority {
    /// Opens the mirror in a folder: its files are mapped, and only footers and `about.json` are read.
    ///
    /// # Errors
    /// When a file is missing, cut, of another version or not of the others' size.
    pub fn open(folder: &Path) -> Result<Self, AuthorityError> {
        let files = Folder::open(folder)?;
        let about: About = serde_json::from_slice(&files.plain(ABOUT)?)
            .map_err(|error| AuthorityError::damaged(&files.path(ABOUT), error.to_string()))?;
        let inner = Inner {
            path: folder.to_owned(),
            iris: Iris::open(&files)?,
            rows: files.column(ROWS)?,
            heads: files.column(HEADS)?,
            texts: Texts::open(&files)?,
            lexicon: Lexicon::open(&files)?,
            keys: Hashes::open(&files, KEYS)?,
            identifiers: Hashes::open(&files, IDENTIFIERS)?,
            about,
        };
        let counts =
            [(HEADS, inner.heads.len()), (ROWS, inner.rows.len()), (texts::STARTS, inner.texts.len())];
        for (name, met) in counts {
            if met != inner.about.entries as usize {
                let reason = format!("{met} entries where {ABOUT} says {}", inner.about.entries);
                return Err(AuthorityError::damaged(&files.path(name), reason));
            }
        }
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Reads all files and compares them with their digests.
    ///
    /// # Errors
    /// [`AuthorityError::Damaged`] with the first file that is not what was written.
    pub fn verify(&self) -> Result<(), AuthorityError> {
        Ok(FILES.iter().try_for_each(|name| verify(&self.inner.path, name))?)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.inner.about.entries
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

    /// The entry with an IRI, its own or one that it is the same as, however that is written; see [`normalised`].
    #[must_use]
    pub fn by_iri(&self, iri: &str) -> Option<EntryId> {
        let wanted = normalised(iri);
        let found = self.inner.identifiers.get(hash(wanted.as_bytes()));
        // Its own identifiers stand first. What has the same hash is compared, as identity is at stake.
        found.iter().map(|value| (self.entry(EntryId(value & !OTHERS)), value & OTHERS == 0)).find_map(
            |(entry, own)| {
                let same = if own {
                    normalised(&entry.iri()) == wanted
                } else {
                    entry.same_as().any(|other| normalised(&other) == wanted)
                };
                same.then_some(entry.id)
            },
        )
    }

    /// The entries one of whose names has the key; see [`Name::key`](crate::names::Name::key). A key that is another one
    /// is taken for it once in some 10⁹ look-ups.
    pub fn by_key(&self, key: &str, kind: Option<Kind>) -> impl Iterator<Item = EntryId> {
        let found = self.inner.keys.get(hash(key.as_bytes()));
        found.iter().copied().filter(move |entry| self.is_of(*entry, kind)).map(EntryId)
    }

    /// How many entries have a name with the key.
    #[must_use]
    pub fn frequency(&self, key: &str) -> u32 {
        self.inner.keys.get(hash(key.as_bytes())).len() as u32
    }

    /// How many entries have a name with the word, spelled as in a key.
    #[must_use]
    pub fn bearers(&self, word: &str) -> u32 {
        let lexicon = &self.inner.lexicon;
        lexicon.find(word).map_or(0, |word| lexicon.entries(word).len() as u32)
    }
}

#[cfg(test)]
mod tests;
