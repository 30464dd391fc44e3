//! The items of an index, made searchable: their words by tantivy, the rest as columns.
//!
//! Items are numbered in the order of their IRIs. This thread gathers one after another from the statements of the index;
//! tantivy's one thread cuts and sorts their words meanwhile. What has to be sorted otherwise goes through sorters of bounded
//! memory: values and items by facet, titles by their letters.

use super::cutter::{Cutter, NAME};
use super::facets::{FACETS, Facet};
use super::gather::{Draft, Gather};
use super::letters::{beginning, sorting};
use super::{ABOUT, Fields, IDS, POINTS, RANKS, SPANS, TITLES, WORDS, broken, file};
use crate::build::{Records, Sorted, Sorter};
use crate::error::IndexError;
use crate::output::{Output, make_folder, remove_folder, sync_folder};
use crate::{Index, TermId};
use std::path::{Path, PathBuf};
use tantivy::directory::MmapDirectory;
use tantivy::index::SegmentId;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{IndexSettings, IndexWriter, TantivyDocument};
use vocabularies::{edm, rdf};

/// How much memory the buffers take altogether, in bytes, about.
const MEMORY: usize = 384 << 20;
/// What tantivy takes at least.
const LEAST: usize = 16 << 20;
/// Longer titles are cut where they are sorted.
const LONGEST: usize = 160;
const SCRATCH: &str = ".building";

/// Makes the items of an index searchable, in a folder that is made; one that is there is replaced. Tells how many there are.
///
/// # Errors
/// When the disk fails, or there are too many.
pub fn build(index: &Index, folder: &Path) -> Result<u32, IndexError> {
    with_memory(index, folder, MEMORY)
}

/// As [`build`], with so many bytes for the buffers.
///
/// # Errors
/// As [`build`].
pub fn with_memory(index: &Index, folder: &Path, memory: usize) -> Result<u32, IndexError> {
    make_folder(folder)?;
    let scratch = folder.join(SCRATCH);
    make_folder(&scratch)?;
    let mut builder = Builder::new(folder, &scratch, memory)?;
    let mut gather = Gather::new(index);
    let mut draft = Draft::default();
    let terms = index.terms();
    let class = terms.id(edm::PROVIDED_CHO.into());
    if let (Some(class), Some(kind)) = (class, terms.id(rdf::TYPE.into())) {
        let items = index.statements().by_object(kind).of(class.0);
        for (item, graphs) in items.values.iter().zip(items.graphs) {
            if terms.kind(TermId(*item)) == crate::Kind::NamedNode {
                gather.item(*item, index.graphs().set(*graphs), &mut draft);
                builder.take(index, *item, &draft)?;
            }
        }
    }
    let count = builder.finish()?;
    let mut about = Output::create(folder, ABOUT)?;
    for number in [u64::from(count), u64::from(terms.len()), index.statements().len()] {
        about.u64(number)?;
    }
    about.finish()?;
    remove_folder(&scratch)?;
    sync_folder(folder)?;
    Ok(count)
}

/// One number an item, and the rows of all items behind one another.
struct Rows {
    ends: Output,
    rows: Output,
    count: u32,
}

impl Rows {
    fn create(folder: &Path, [ends, rows]: [&str; 2]) -> Result<Self, IndexError> {
        Ok(Self { ends: Output::create(folder, ends)?, rows: Output::create(folder, rows)?, count: 0 })
    }

    fn push<const N: usize>(&mut self, rows: impl Iterator<Item = [i32; N]>) -> Result<(), IndexError> {
        for row in rows {
            for number in row {
                self.rows.write(&number.to_le_bytes())?;
            }
            self.count += 1;
        }
        self.ends.u32(self.count)
    }

    fn finish(self) -> Result<(), IndexError> {
        self.ends.finish()?;
        self.rows.finish()
    }
}

struct Builder {
    folder: PathBuf,
    scratch: PathBuf,
    memory: usize,
    words: PathBuf,
    fields: Fields,
    writer: IndexWriter,
    ids: Output,
    spans: Rows,
    points: Rows,
    values: Sorter,
    titles: Records,
    key: String,
    record: Vec<u8>,
    count: u32,
}

impl Builder {
    fn new(folder: &Path, scratch: &Path, memory: usize) -> Result<Self, IndexError> {
        let words = folder.join(WORDS);
        make_folder(&words)?;
        let (schema, fields) = Fields::schema();
        let directory = MmapDirectory::open(&words).map_err(|error| broken(&words, &error))?;
        let index = tantivy::Index::create(directory, schema, IndexSettings::default())
            .map_err(|error| broken(&words, &error))?;
        index.tokenizers().register(NAME, TextAnalyzer::from(Cutter::default()));
        let writer: IndexWriter = index
            .writer_with_num_threads(1, (memory / 2).max(LEAST))
            .map_err(|error| broken(&words, &error))?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self {
            memory: memory / 8,
            fields,
            writer,
            ids: Output::create(folder, IDS)?,
            spans: Rows::create(folder, SPANS)?,
            points: Rows::create(folder, POINTS)?,
            values: Sorter::new(scratch, "values", memory / 8),
            titles: Records::new(scratch, "titles", memory / 8),
            key: String::new(),
            record: Vec::new(),
            count: 0,
            folder: folder.to_owned(),
            scratch: scratch.to_owned(),
            words,
        })
    }

    fn take(&mut self, index: &Index, item: u32, draft: &Draft) -> Result<(), IndexError> {
        let number = self.count;
        self.count = number.checked_add(1).ok_or(IndexError::TooMany { terms: u64::from(u32::MAX) })?;
        self.ids.u32(item)?;
        self.spans.push(draft.spans.iter().copied())?;
        self.points.push(draft.points.iter().map(super::Point::row))?;
        for (facet, values) in draft.values.iter().enumerate() {
            for value in values {
                self.values.push((facet as u128) << 64 | u128::from(*value) << 32 | u128::from(number))?;
            }
        }
        for (place, id) in draft.title_ids.iter().enumerate() {
            index.terms().with_text(TermId(*id), |title, _, _| sorting(title, &mut self.key));
            self.record.clear();
            self.record.extend_from_slice(beginning(&self.key, LONGEST).as_bytes());
            // Nothing in a key is as low as this, so that what is shorter comes first.
            self.record.push(0);
            self.record.extend_from_slice(&number.to_be_bytes());
            self.record.extend_from_slice(&id.to_be_bytes());
            self.record.push(u8::from(place == 0));
            self.titles.push(&self.record)?;
        }
        let mut document = TantivyDocument::default();
        document.add_u64(self.fields.number, u64::from(number));
        for (field, text) in [
            (self.fields.title, &draft.titles),
            (self.fields.name, &draft.names),
            (self.fields.text, &draft.texts),
        ] {
            if !text.is_empty() {
                document.add_text(field, text);
            }
        }
        for identifier in &draft.identifiers {
            document.add_text(self.fields.identifier, identifier);
        }
        self.writer.add_document(document).map_err(|error| broken(&self.words, &error))?;
        Ok(())
    }

    fn finish(self) -> Result<u32, IndexError> {
        let Self {
            folder, scratch, words, memory, writer, ids, spans, points, values, titles, count, ..
        } = self;
        ids.finish()?;
        spans.finish()?;
        points.finish()?;
        write_facets(values.finish()?, &folder, &scratch, memory, count)?;
        write_titles(titles, &folder, count)?;
        seal(writer, &words)?;
        Ok(count)
    }
}

/// Writes for each facet its values, the items of each value, and the values of each item.
fn write_facets(
    mut sorted: Sorted,
    folder: &Path,
    scratch: &Path,
    memory: usize,
    count: u32,
) -> Result<(), IndexError> {
    let mut next = sorted.pull()?;
    for (place, facet) in FACETS.iter().enumerate() {
        let create = |part| Output::create(folder, &file(facet, part));
        let (mut values, mut ends, mut items) = (create("values")?, create("value-ends")?, create("items")?);
        let mut by_item = Sorter::new(scratch, "by-item", memory);
        let (mut last, mut ordinal, mut total) = (None, 0_u32, 0_u32);
        while let Some(row) = next.filter(|row| (row >> 64) as usize == place) {
            let (value, item) = ((row >> 32) as u32, row as u32);
            if last != Some(value) {
                if last.is_some() {
                    ends.u32(total)?;
                    ordinal += 1;
                }
                values.u32(value)?;
                last = Some(value);
            }
            items.u32(item)?;
            by_item.push(u128::from(item) << 32 | u128::from(ordinal))?;
            total = total.checked_add(1).ok_or(IndexError::TooMany { terms: u64::from(u32::MAX) })?;
            next = sorted.pull()?;
        }
        if last.is_some() {
            ends.u32(total)?;
        }
        values.finish()?;
        ends.finish()?;
        items.finish()?;
        write_by_item(by_item.finish()?, folder, facet, count)?;
    }
    Ok(())
}

fn write_by_item(mut sorted: Sorted, folder: &Path, facet: &Facet, count: u32) -> Result<(), IndexError> {
    let mut ends = Output::create(folder, &file(facet, "item-ends"))?;
    let mut ordinals = Output::create(folder, &file(facet, "ordinals"))?;
    let (mut next, mut total) = (sorted.pull()?, 0_u32);
    for item in 0..count {
        while let Some(row) = next.filter(|row| (row >> 32) as u32 == item) {
            ordinals.u32(row as u32)?;
            total += 1;
            next = sorted.pull()?;
        }
        ends.u32(total)?;
    }
    ends.finish()?;
    ordinals.finish()
}

/// Writes the titles in order, and the place of each item by the one that it shows; items without one come last.
fn write_titles(titles: Records, folder: &Path, count: u32) -> Result<(), IndexError> {
    let [keys, ends, rows] = TITLES;
    let (mut keys, mut ends) = (Output::create(folder, keys)?, Output::create(folder, ends)?);
    let mut rows = Output::create(folder, rows)?;
    // Four bytes an item, as long as titles are sorted.
    let mut ranks = vec![u32::MAX; count as usize];
    let mut sorted = titles.finish()?;
    let mut rank = 0_u32;
    while let Some(record) = sorted.pull()? {
        let Some((key, numbers)) = record.split_last_chunk::<9>() else { continue };
        let [n0, n1, n2, n3, i0, i1, i2, i3, is_first] = *numbers;
        let (number, id) = (u32::from_be_bytes([n0, n1, n2, n3]), u32::from_be_bytes([i0, i1, i2, i3]));
        keys.write(key.strip_suffix(&[0]).unwrap_or(key))?;
        ends.u64(keys.len())?;
        rows.u32(number)?;
        rows.u32(id)?;
        if is_first == 1
            && let Some(place) = ranks.get_mut(number as usize)
        {
            *place = rank;
            rank += 1;
        }
    }
    keys.finish()?;
    ends.finish()?;
    rows.finish()?;
    let mut out = Output::create(folder, RANKS)?;
    for place in ranks {
        out.u32(place)?;
    }
    out.finish()
}

/// Makes one segment of all, whose documents have the numbers of the items.
fn seal(mut writer: IndexWriter, folder: &Path) -> Result<(), IndexError> {
    let failed = |error: tantivy::TantivyError| broken(folder, &error);
    writer.commit().map_err(failed)?;
    let mut segments: Vec<(u64, SegmentId)> = Vec::new();
    for segment in writer.index().searchable_segments().map_err(failed)? {
        let reader = tantivy::SegmentReader::open(&segment).map_err(failed)?;
        let numbers = reader.fast_fields().u64("number").map_err(failed)?;
        segments.push((numbers.min_value(), segment.id()));
    }
    // In the order in which the items were given; the segments themselves have no order.
    segments.sort_unstable_by_key(|(first, _)| *first);
    let segments: Vec<SegmentId> = segments.into_iter().map(|(_, id)| id).collect();
    if segments.len() > 1 {
        writer.merge(&segments).wait().map_err(failed)?;
    }
    writer.garbage_collect_files().wait().map_err(failed)?;
    writer.wait_merging_threads().map_err(failed)?;
    for lock in [".tantivy-writer.lock", ".tantivy-meta.lock"] {
        let path = folder.join(lock);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(IndexError::disk(&path)(error));
            }
            _ => {}
        }
    }
    sync_folder(folder)
}
