//! What a generation knows by heart: its terms in order, its statements as sorted columns.
//!
//! An index is a folder of files that never change, mapped into memory and used as they are: opening one takes
//! milliseconds, and many processes share its pages. It holds every quad of a generation's store:
//! - [`Terms`]: each term has a number, its rank in the order of `ORDER BY`, so that sorting and ranges of values need no
//!   text;
//! - [`Statements`]: by property, sorted by subject and by object, so that joins are merges of sorted numbers and
//!   counts are lengths;
//! - [`Graphs`]: which graphs make a statement;
//! - a digest of the statements that a query can touch ([`Index::fingerprint`]), so that answers outlive generations.
//!
//! [`Builder`] makes one of quads in any order, in bounded memory and with the same bytes for the same quads.
//!
//! Deliberately not here: SPARQL's algebra. The index answers what is where and how often; what to do with that is the
//! store's business.

mod build;
mod damage;
mod error;
pub mod files;
mod fingerprint;
mod graphs;
pub mod items;
mod ledger;
mod map;
mod output;
mod places;
mod statements;
mod terms;
mod touch;
pub mod varint;
mod words;

pub use build::Builder;
pub use error::IndexError;
pub use graphs::Graphs;
pub use places::{Bounds, Places, bounds};
pub use statements::{Pairs, Statements};
pub use terms::{Around, Kind, Reader, TermId, Terms, time_datatypes};
pub use touch::Touch;
pub use words::{Found, Search, Words, fold, fold_char};

use damage::Damage;
use fingerprint::Fingerprints;
use map::Folder;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An open index; cheap to clone, to be shared by threads.
#[derive(Debug, Clone)]
pub struct Index {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    terms: Terms,
    statements: Statements,
    graphs: Graphs,
    fingerprints: Fingerprints,
    words: Words,
    places: Places,
    damage: Damage,
}

impl Index {
    /// Opens the index in a folder: its files are mapped, and only footers and small tables are read.
    ///
    /// # Errors
    /// When a file is missing, cut, of another version or not of the others' size.
    pub fn open(folder: &Path) -> Result<Self, IndexError> {
        let files = Folder::open(folder)?;
        let damage = Damage::none(folder);
        let terms = Terms::open(&files, damage.clone())?;
        let inner = Inner {
            path: folder.to_owned(),
            words: Words::open(&files, &terms)?,
            places: Places::open(&files, &terms)?,
            terms,
            statements: Statements::open(&files)?,
            graphs: Graphs::open(&files)?,
            fingerprints: Fingerprints::open(&files)?,
            damage,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// The terms.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.inner.terms
    }

    /// Where letters stand in the texts.
    #[must_use]
    pub fn words(&self) -> &Words {
        &self.inner.words
    }

    /// Where geometries lie.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.inner.places
    }

    /// The statements.
    #[must_use]
    pub fn statements(&self) -> &Statements {
        &self.inner.statements
    }

    /// The graphs.
    #[must_use]
    pub fn graphs(&self) -> &Graphs {
        &self.inner.graphs
    }

    /// How many statements a property has in a graph; [`Graphs::DEFAULT`] is the one without a name.
    #[must_use]
    pub fn count_in(&self, predicate: TermId, graph: u32) -> u64 {
        self.inner.fingerprints.count(predicate, graph)
    }

    /// A digest of the statements that a query can touch. The same statements in another generation have the same one.
    #[must_use]
    pub fn fingerprint(&self, touch: &Touch) -> u128 {
        self.inner.fingerprints.of(touch, &self.inner.terms, &self.inner.graphs)
    }

    /// What was found damaged since the index was opened. An answer that was made meanwhile is not to be trusted.
    #[must_use]
    pub fn damage(&self) -> Option<IndexError> {
        self.inner.damage.found()
    }

    /// Reads all files and compares them with their digests.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] with the first file that is not what was written.
    pub fn verify(&self) -> Result<(), IndexError> {
        build::FILES.iter().try_for_each(|name| map::verify(&self.inner.path, name))
    }
}

#[cfg(test)]
mod tests;
