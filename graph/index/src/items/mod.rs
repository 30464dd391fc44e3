//! The items of a generation, searchable: their words, what they are told apart by, when and where they belong.
//!
//! One folder beside the index of statements, made of it and meaningful with it alone, as values are numbers of its terms:
//! - `words/`: the words of titles, of the names of what an item is linked with (in all languages, those of the authority
//!   entries that these are the same as among them), of descriptions, and identifiers, by tantivy;
//! - for each [`Facet`] its values with their items, and the values of each item;
//! - years and coordinates of each item; titles in order.
//!
//! A search ([`Items::search`]) reads the lists of words and decides for each item, some ten thousand at a time, so that its
//! memory is bounded; the ranks depend on nothing but the items, so that the same search has the same answer.
//!
//! Deliberately not here: labels. Whoever shows a value asks the index of statements what it is called.

mod answer;
mod build;
mod cutter;
mod facets;
mod gather;
mod graph;
mod grid;
mod letters;
mod lists;
mod question;
mod suggest;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Asked, Counts, Hit, Scale, Sort};
pub use build::{build, with_memory};
pub use facets::{FACETS, FIRST_CENTURY, Facet, PLACES, RIGHTS, Reuse, Source, Step, TIMES, century, facet};
pub use grid::{Cell, Grid};
pub use suggest::Title;

use crate::error::IndexError;
use crate::map::{Column, Folder, verify};
use crate::{Index, TermId};
use cutter::NAME;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::SegmentReader;
use tantivy::directory::{MmapDirectory, OwnedBytes};
use tantivy::schema::{FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};

/// The folder of tantivy's files.
const WORDS: &str = "words";
/// How many items, and of how many terms and statements the index was: u64.
const ABOUT: &str = "about";
/// The term of each item: u32.
const IDS: &str = "ids";
/// Where the years of each item end, and the years: u32; two i32.
const SPANS: [&str; 2] = ["span-ends", "spans"];
/// Where the points of each item end, and the points: u32; latitude, longitude and place, three i32.
const POINTS: [&str; 2] = ["point-ends", "points"];
/// The letters of all titles in order, where each ends, and its item and term: bytes; u64; two u32.
const TITLES: [&str; 3] = ["titles", "title-ends", "title-rows"];
/// The place of each item in the order of titles: u32.
const RANKS: &str = "ranks";
/// The columns of each facet.
const PARTS: [&str; 5] = ["values", "value-ends", "items", "item-ends", "ordinals"];

/// The file of a column of a facet.
fn file(facet: &Facet, part: &str) -> String {
    format!("{}.{part}", facet.key)
}

/// What tantivy says is wrong, as an error of the index.
fn broken(path: &Path, error: &dyn fmt::Display) -> IndexError {
    IndexError::damaged(path, error.to_string())
}

/// The fields of tantivy's documents.
#[derive(Debug, Clone, Copy)]
struct Fields {
    number: Field,
    title: Field,
    name: Field,
    text: Field,
    identifier: Field,
}

impl Fields {
    fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(NAME)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let text = TextOptions::default().set_indexing_options(indexing);
        let fields = Self {
            number: schema.add_u64_field("number", FAST),
            title: schema.add_text_field("title", text.clone()),
            name: schema.add_text_field("name", text.clone()),
            text: schema.add_text_field("text", text),
            identifier: schema.add_text_field("identifier", STRING),
        };
        (schema.build(), fields)
    }
}

/// Where something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// In millionths of a degree, which are a tenth of a metre.
    pub latitude: i32,
    /// The same.
    pub longitude: i32,
    /// The term of the place.
    pub place: u32,
}

impl Point {
    fn of([latitude, longitude, place]: [i32; 3]) -> Self {
        Self { latitude, longitude, place: place.cast_unsigned() }
    }

    fn row(&self) -> [i32; 3] {
        [self.latitude, self.longitude, self.place.cast_signed()]
    }
}

/// The columns of a facet.
#[derive(Debug, Clone)]
struct Values {
    values: Column<u32>,
    value_ends: Column<u32>,
    items: Column<u32>,
    item_ends: Column<u32>,
    ordinals: Column<u32>,
}

impl Values {
    fn open(folder: &Folder, facet: &Facet, items: usize) -> Result<Self, IndexError> {
        let [values, value_ends, of_values, item_ends, ordinals] = PARTS.map(|part| file(facet, part));
        let opened = Self {
            values: folder.column(&values)?,
            value_ends: folder.column(&value_ends)?,
            items: folder.column(&of_values)?,
            item_ends: folder.column(&item_ends)?,
            ordinals: folder.column(&ordinals)?,
        };
        for (name, met, expected) in [
            (&value_ends, opened.value_ends.len(), opened.values.len()),
            (&item_ends, opened.item_ends.len(), items),
            (&ordinals, opened.ordinals.len(), opened.items.len()),
        ] {
            if met != expected {
                let reason = format!("{met} entries where {expected} are expected");
                return Err(IndexError::damaged(&folder.path(name), reason));
            }
        }
        Ok(opened)
    }

    /// The items of the value at a place.
    fn items_of(&self, ordinal: u32) -> &[u32] {
        rows(&self.value_ends, &self.items, ordinal as usize)
    }

    /// The places of the values of an item.
    fn ordinals_of(&self, item: u32) -> &[u32] {
        rows(&self.item_ends, &self.ordinals, item as usize)
    }
}

/// The rows of one of many that stand behind one another.
fn rows<'r, T>(ends: &[u32], rows: &'r [T], of: usize) -> &'r [T] {
    let start = of.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or_default();
    let end = ends.get(of).copied().unwrap_or_default();
    rows.get(start as usize..end as usize).unwrap_or_default()
}

/// The items of a generation; cheap to clone, to be shared by threads.
#[derive(Clone)]
pub struct Items {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    ids: Column<u32>,
    facets: Vec<Values>,
    spans: (Column<u32>, Column<[i32; 2]>),
    points: (Column<u32>, Column<[i32; 3]>),
    titles: (OwnedBytes, Column<u64>, Column<[u32; 2]>),
    ranks: Column<u32>,
    fields: Fields,
    /// Absent where there is no item.
    words: Option<SegmentReader>,
}

impl Items {
    /// Opens the folder of the items of an index: files are mapped, and footers and small tables are read.
    ///
    /// # Errors
    /// When a file is missing or damaged, or the items are those of another index.
    pub fn open(path: &Path, index: &Index) -> Result<Self, IndexError> {
        let folder = Folder::open(path)?;
        let about = folder.column::<u64>(ABOUT)?;
        let expected = [u64::from(index.terms().len()), index.statements().len()];
        if about.get(1..) != Some(expected.as_slice()) {
            let reason = "it was made of another index than the one beside it";
            return Err(IndexError::damaged(&folder.path(ABOUT), reason));
        }
        let ids = folder.column::<u32>(IDS)?;
        let count = ids.len();
        let facets =
            FACETS.iter().map(|facet| Values::open(&folder, facet, count)).collect::<Result<_, _>>()?;
        let inner = Inner {
            facets,
            spans: (folder.column(SPANS[0])?, folder.column(SPANS[1])?),
            points: (folder.column(POINTS[0])?, folder.column(POINTS[1])?),
            titles: (folder.bytes(TITLES[0])?, folder.column(TITLES[1])?, folder.column(TITLES[2])?),
            ranks: folder.column(RANKS)?,
            fields: Fields::schema().1,
            words: words(&path.join(WORDS))?,
            path: path.to_owned(),
            ids,
        };
        let documents = inner.words.as_ref().map_or(0, SegmentReader::max_doc) as usize;
        for (name, met) in [
            (ABOUT, about.first().map_or(0, |count| usize::try_from(*count).unwrap_or(usize::MAX))),
            (WORDS, documents),
            (SPANS[0], inner.spans.0.len()),
            (POINTS[0], inner.points.0.len()),
            (RANKS, inner.ranks.len()),
        ] {
            if met != count {
                let reason = format!("{met} items where {IDS} has {count}");
                return Err(IndexError::damaged(&folder.path(name), reason));
            }
        }
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.inner.ids.len() as u32
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The term of an item.
    #[must_use]
    pub fn id(&self, item: u32) -> Option<TermId> {
        self.inner.ids.get(item as usize).map(|id| TermId(*id))
    }

    /// The values of a facet, in order.
    #[must_use]
    pub fn values(&self, facet: usize) -> &[u32] {
        self.inner.facets.get(facet).map_or(&[], |facet| &facet.values)
    }

    /// The values that an item has in a facet.
    pub fn values_of(&self, item: u32, facet: usize) -> impl Iterator<Item = u32> {
        let columns = self.inner.facets.get(facet);
        let ordinals = columns.map_or([].as_slice(), |columns| columns.ordinals_of(item));
        ordinals.iter().filter_map(move |ordinal| columns?.values.get(*ordinal as usize).copied())
    }

    /// The first and last years of an item's time spans, apart from each other and in order.
    #[must_use]
    pub fn spans_of(&self, item: u32) -> &[[i32; 2]] {
        rows(&self.inner.spans.0, &self.inner.spans.1, item as usize)
    }

    /// Where an item belongs on the map.
    pub fn points_of(&self, item: u32) -> impl Iterator<Item = Point> {
        rows(&self.inner.points.0, &self.inner.points.1, item as usize).iter().map(|row| Point::of(*row))
    }

    /// Reads all columns and the files of words, and compares them with their digests.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] with the first file that is not what was written.
    pub fn verify(&self) -> Result<(), IndexError> {
        let facets = FACETS.iter().flat_map(|facet| PARTS.map(|part| file(facet, part)));
        let columns = [ABOUT, IDS, RANKS].into_iter().chain(SPANS).chain(POINTS).chain(TITLES);
        columns.map(str::to_owned).chain(facets).try_for_each(|name| verify(&self.inner.path, &name))?;
        let words = self.inner.path.join(WORDS);
        let failed = |error: tantivy::TantivyError| broken(&words, &error);
        let directory = MmapDirectory::open(&words).map_err(|error| broken(&words, &error))?;
        let index = tantivy::Index::open(directory).map_err(failed)?;
        match index.validate_checksum().map_err(failed)?.into_iter().next() {
            None => Ok(()),
            Some(path) => Err(IndexError::damaged(&words.join(path), "its digest is another one")),
        }
    }
}

impl fmt::Debug for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("path", &self.inner.path)
            .field("items", &self.len())
            .finish_non_exhaustive()
    }
}

/// The one segment of words. It is opened by itself: tantivy's own reader would write a lock beside it, and a generation is
/// never written.
fn words(path: &Path) -> Result<Option<SegmentReader>, IndexError> {
    let failed = |error: tantivy::TantivyError| broken(path, &error);
    let directory = MmapDirectory::open(path).map_err(|error| broken(path, &error))?;
    let index = tantivy::Index::open(directory).map_err(failed)?;
    let segments = index.searchable_segments().map_err(failed)?;
    match segments.as_slice() {
        [] => Ok(None),
        [segment] => Ok(Some(SegmentReader::open(segment).map_err(failed)?)),
        more => Err(IndexError::damaged(path, format!("{} segments where there is to be one", more.len()))),
    }
}
