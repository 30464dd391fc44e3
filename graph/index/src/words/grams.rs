//! Which runs of three letters stand where.

use super::fold::fold_char;
use crate::build::Sorter;
use crate::error::IndexError;
use crate::map::{Column, Folder};
use crate::output::Output;
use crate::terms::{BLOCK, Kind, TermId, Terms};
use crate::varint;
use std::ops::Range;
use std::path::Path;
use tantivy::directory::OwnedBytes;

/// The runs that occur, rising: three letters of 21 bits each, as u64.
pub(crate) const GRAMS: &str = "words.grams";
/// Where the list of each run begins, and behind the last where all end: u64.
pub(crate) const PLACES: &str = "words.places";
/// The lists: numbers of blocks of the dictionary, each as the difference to the one before.
pub(crate) const BLOCKS: &str = "words.blocks";

/// What stands for a letter behind the end of a text.
const END: u64 = 0;
const LETTER: u32 = 21;

/// The ids of texts, which follow one another.
pub(crate) fn texts(terms: &Terms) -> Range<u32> {
    terms.ids_of(Kind::String).start..terms.ids_of(Kind::DirectionalString).end
}

/// Reads the dictionary of a folder and writes the runs.
pub(crate) fn write(terms: &Terms, folder: &Path, scratch: &Path, memory: usize) -> Result<(), IndexError> {
    let mut sorter = Sorter::new(scratch, "grams", memory);
    let ids = texts(terms);
    let mut reader = terms.reader();
    let (mut letters, mut grams) = (Vec::new(), Vec::new());
    for id in ids.clone() {
        reader.with_text(TermId(id), |text, _, _| {
            letters.clear();
            text.chars().for_each(|letter| fold_char(letter, &mut letters));
            grams.extend(runs(&letters));
        });
        if (id + 1) % BLOCK == 0 || id + 1 == ids.end {
            grams.sort_unstable();
            grams.dedup();
            for gram in grams.drain(..) {
                sorter.push(u128::from(gram) << 32 | u128::from(id / BLOCK))?;
            }
        }
    }
    let mut sorted = sorter.finish()?;
    let mut grams = Output::create(folder, GRAMS)?;
    let mut places = Output::create(folder, PLACES)?;
    let mut blocks = Output::create(folder, BLOCKS)?;
    let mut last: Option<(u64, u32)> = None;
    let mut bytes = Vec::new();
    while let Some(entry) = sorted.pull()? {
        let (gram, block) = ((entry >> 32) as u64, entry as u32);
        let before = match last {
            Some((same, before)) if same == gram => before,
            _ => {
                grams.u64(gram)?;
                places.u64(blocks.len())?;
                0
            }
        };
        bytes.clear();
        varint::write(u64::from(block - before), &mut bytes);
        blocks.write(&bytes)?;
        last = Some((gram, block));
    }
    places.u64(blocks.len())?;
    grams.finish()?;
    places.finish()?;
    blocks.finish()
}

/// The runs of a text; the last begins with its last letter but one.
fn runs(letters: &[char]) -> impl Iterator<Item = u64> {
    letters.windows(2).enumerate().map(|(n, two)| run(two[0], two[1], letters.get(n + 2).copied()))
}

fn run(a: char, b: char, c: Option<char>) -> u64 {
    u64::from(a) << (2 * LETTER) | u64::from(b) << LETTER | c.map_or(END, u64::from)
}

/// The runs of an index.
#[derive(Debug, Clone)]
pub(crate) struct Grams {
    grams: Column<u64>,
    places: Column<u64>,
    blocks: OwnedBytes,
}

impl Grams {
    pub(crate) fn open(folder: &Folder) -> Result<Self, IndexError> {
        let grams = folder.column::<u64>(GRAMS)?;
        let places = folder.column::<u64>(PLACES)?;
        if places.len() != grams.len() + 1 {
            let reason = format!("{} entries where {} are expected", places.len(), grams.len() + 1);
            return Err(IndexError::damaged(&folder.path(PLACES), reason));
        }
        Ok(Self { grams, places, blocks: folder.bytes(BLOCKS)? })
    }

    /// The blocks, rising, outside which no text has these letters in a row; `None` when they are too few to tell, or it
    /// would be more than `most` blocks.
    pub(crate) fn blocks(&self, letters: &[char], most: usize) -> Option<Vec<u32>> {
        let mut lists = match letters {
            [] | [_] => return None,
            [a, b] => {
                let (from, to) = (run(*a, *b, None), run(*a, *b, None) | ((1 << LETTER) - 1));
                let (from, to) = (
                    self.grams.partition_point(|gram| *gram < from),
                    self.grams.partition_point(|gram| *gram <= to),
                );
                let size: usize = (from..to).map(|at| self.list(at).len()).sum();
                if size > most.saturating_mul(2) {
                    return None;
                }
                let mut all: Vec<u32> = (from..to).flat_map(|at| numbers(self.list(at))).collect();
                all.sort_unstable();
                all.dedup();
                return (all.len() <= most).then_some(all);
            }
            _ => letters
                .windows(3)
                .map(|three| self.grams.binary_search(&run(three[0], three[1], Some(three[2]))).ok())
                .map(|at| at.map(|at| self.list(at)))
                .collect::<Option<Vec<_>>>()
                .unwrap_or_default(),
        };
        lists.sort_unstable_by_key(|list| list.len());
        // A run that does not occur is in no text.
        let Some((shortest, others)) = lists.split_first() else { return Some(Vec::new()) };
        // Each number takes at least a byte; three hold the largest that there are.
        if shortest.len() > most.saturating_mul(3) {
            return None;
        }
        let mut blocks: Vec<u32> = numbers(shortest).collect();
        for list in others {
            // Reading a long list costs more than looking at the few blocks that it would take away.
            if list.len() > blocks.len().saturating_mul(64) {
                break;
            }
            let mut other = numbers(list).peekable();
            blocks.retain(|block| {
                while other.next_if(|number| number < block).is_some() {}
                other.peek() == Some(block)
            });
        }
        (blocks.len() <= most).then_some(blocks)
    }

    fn list(&self, at: usize) -> &[u8] {
        let place = |at: usize| self.places.get(at).and_then(|place| usize::try_from(*place).ok());
        place(at).zip(place(at + 1)).and_then(|(from, to)| self.blocks.get(from..to)).unwrap_or_default()
    }
}

fn numbers(mut bytes: &[u8]) -> impl Iterator<Item = u32> {
    let mut number = 0_u32;
    std::iter::from_fn(move || {
        let (difference, rest) = varint::read(bytes)?;
        bytes = rest;
        number = number.wrapping_add(difference as u32);
        Some(number)
    })
}
