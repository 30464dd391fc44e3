//! The words of all names: in which entries each stands, and which words are written or sound alike.
//!
//! A word is found by its beginning of [`PREFIX`] letters, by what is left of that without one letter, and by its sound.
//! Asked with the same of a misspelt word, that gives all words one letter away and most that are two away; how far
//! they are is for the asker to count.

use super::error::AuthorityError;
use super::hashes::{Hashes, HashesWriter, hash};
use crate::names::{KeyScratch, phonetic_into};
use graph_index::files::{Column, Folder, Output, OwnedBytes, SortedRecords, Sorter};
use std::ops::Range;
use std::path::Path;

pub(super) const WORDS: &str = "words";
pub(super) const WORD_ENDS: &str = "words.ends";
pub(super) const POSTINGS: &str = "words.entries";
pub(super) const POSTING_ENDS: &str = "words.entry-ends";
pub(super) const VARIANTS: [&str; 3] = ["variants.ends", "variants.tails", "variants.words"];

/// How many letters of a word its variants are made of.
const PREFIX: usize = 12;
/// Shorter words have no variants without a letter.
const SHORTEST: usize = 3;
/// Shorter sounds are those of too many words.
const SHORTEST_SOUND: usize = 3;

/// Words in mapped files, in the order of their bytes.
#[derive(Debug, Clone)]
pub(super) struct Lexicon {
    bytes: OwnedBytes,
    ends: Column<u32>,
    postings: Column<u32>,
    posting_ends: Column<u32>,
    variants: Hashes,
}

impl Lexicon {
    pub(super) fn open(folder: &Folder) -> Result<Self, AuthorityError> {
        let lexicon = Self {
            bytes: folder.bytes(WORDS)?,
            ends: folder.column(WORD_ENDS)?,
            postings: folder.column(POSTINGS)?,
            posting_ends: folder.column(POSTING_ENDS)?,
            variants: Hashes::open(folder, VARIANTS)?,
        };
        let damaged = |name: &str, reason: String| Err(AuthorityError::damaged(&folder.path(name), reason));
        let end = |column: &Column<u32>| column.last().copied().unwrap_or_default() as usize;
        if end(&lexicon.ends) != lexicon.bytes.len() {
            return damaged(WORDS, format!("{} bytes of words", lexicon.bytes.len()));
        }
        if end(&lexicon.posting_ends) != lexicon.postings.len()
            || lexicon.posting_ends.len() != lexicon.ends.len()
        {
            return damaged(POSTINGS, format!("{} places of words", lexicon.postings.len()));
        }
        Ok(lexicon)
    }

    pub(super) fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    /// A word; empty when there is none with the number.
    pub(super) fn word(&self, number: u32) -> &str {
        let range = range(&self.ends, number);
        self.bytes.get(range).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// A word as bytes of UTF-8.
    pub(super) fn bytes_of(&self, number: u32) -> &[u8] {
        self.bytes.get(range(&self.ends, number)).unwrap_or_default()
    }

    /// The entries with a word, in order.
    pub(super) fn entries(&self, word: u32) -> &[u32] {
        self.postings.get(range(&self.posting_ends, word)).unwrap_or_default()
    }

    /// The entries of words that stand after one another, each word's in order.
    pub(super) fn entries_of_all(&self, words: Range<u32>) -> &[u32] {
        if words.is_empty() {
            return &[];
        }
        let (first, last) =
            (range(&self.posting_ends, words.start), range(&self.posting_ends, words.end - 1));
        self.postings.get(first.start..last.end).unwrap_or_default()
    }

    /// The words that begin with the letters.
    pub(super) fn beginning(&self, letters: &str) -> Range<u32> {
        let letters = letters.as_bytes();
        let cut = |number: u32| {
            let word = self.bytes.get(range(&self.ends, number)).unwrap_or_default();
            word.get(..letters.len().min(word.len())).unwrap_or_default()
        };
        let start = partition(0..self.len(), |number| cut(number) < letters);
        start..partition(start..self.len(), |number| cut(number) <= letters)
    }

    /// The number of a word.
    pub(super) fn find(&self, word: &str) -> Option<u32> {
        let found = self.variants.get(hash(beginning_of(word).as_bytes()));
        found.iter().copied().find(|number| self.word(*number) == word)
    }

    /// Words that may be one or two letters away from a word, repeated and with many that are not.
    pub(super) fn near(&self, word: &str, out: &mut Vec<u32>) {
        let start = beginning_of(word);
        out.extend_from_slice(self.variants.get(hash(start.as_bytes())));
        let letters = start.chars().count();
        if letters < SHORTEST {
            return;
        }
        without_one(start, |less| {
            out.extend_from_slice(self.variants.get(hash(less)));
            if letters >= 7
                && let Ok(less) = std::str::from_utf8(less)
            {
                without_one(less, |less| out.extend_from_slice(self.variants.get(hash(less))));
            }
        });
    }

    /// Words that sound like one.
    pub(super) fn sounding(&self, word: &str, scratch: &mut Sound, out: &mut Vec<u32>) {
        if let Some(hash) = scratch.hash(word) {
            out.extend_from_slice(self.variants.get(hash));
        }
    }
}

fn range(ends: &[u32], number: u32) -> Range<usize> {
    let number = number as usize;
    let start = number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or_default();
    start as usize..ends.get(number).copied().unwrap_or_default() as usize
}

fn partition(range: Range<u32>, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// The sound of a word as a hash.
#[derive(Debug, Default)]
pub(super) struct Sound {
    text: String,
    scratch: KeyScratch,
}

impl Sound {
    fn hash(&mut self, word: &str) -> Option<u64> {
        self.text.clear();
        // What no word begins with tells sounds from spellings.
        self.text.push('\u{1}');
        phonetic_into(word, &mut self.scratch, &mut self.text);
        (self.text.len() > SHORTEST_SOUND).then(|| hash(self.text.as_bytes()))
    }
}

fn beginning_of(word: &str) -> &str {
    word.char_indices().nth(PREFIX).and_then(|(end, _)| word.get(..end)).unwrap_or(word)
}

/// The word without each of its letters in turn, each result once.
fn without_one(word: &str, mut see: impl FnMut(&[u8])) {
    let mut less = [0_u8; 4 * PREFIX];
    let bytes = word.as_bytes();
    let mut last = None;
    for (place, letter) in word.char_indices() {
        // Without either of two equal neighbours a word is the same.
        if last == Some(letter) {
            continue;
        }
        last = Some(letter);
        let behind = place + letter.len_utf8();
        let length = bytes.len() - letter.len_utf8();
        let Some(less) = less.get_mut(..length) else { return };
        less[..place].copy_from_slice(&bytes[..place]);
        less[place..].copy_from_slice(&bytes[behind..]);
        see(less);
    }
}

/// The end of a record of a word: entry, label and place in the label.
pub(super) const TAIL: usize = 9;

/// Appends the record of a word, which sorts by word, entry, label and place.
pub(super) fn record(word: &str, entry: u32, label: u16, place: u16, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(word.as_bytes());
    out.push(0);
    out.extend_from_slice(&entry.to_be_bytes());
    out.extend_from_slice(&label.to_be_bytes());
    out.extend_from_slice(&place.to_be_bytes());
}

/// Writes the lexicon of sorted records, and pushes for each where it stands and its number: entry, label, place, word.
pub(super) fn write(
    mut records: SortedRecords,
    folder: &Path,
    scratch: &Path,
    memory: usize,
    places: &mut Sorter,
) -> Result<(), AuthorityError> {
    let [mut words, mut ends, mut postings, mut posting_ends] = [
        Output::create(folder, WORDS)?,
        Output::create(folder, WORD_ENDS)?,
        Output::create(folder, POSTINGS)?,
        Output::create(folder, POSTING_ENDS)?,
    ];
    let mut variants = HashesWriter::new(scratch, "variants", memory);
    let (mut sound, mut now, mut number) = (Sound::default(), Vec::new(), 0_u32);
    let (mut begun, mut last, mut count) = (false, None, 0_u64);
    while let Some(record) = records.pull()? {
        let Some((word, tail)) = record.split_last_chunk::<TAIL>() else { continue };
        let [_, e0, e1, e2, e3, place @ ..] = *tail;
        let entry = u32::from_be_bytes([e0, e1, e2, e3]);
        if !begun || now != word {
            if begun {
                posting_ends.u32(small(count)?)?;
                number = number.checked_add(1).ok_or_else(|| TooMuch::words(u64::from(number)))?;
            }
            (begun, last) = (true, None);
            now.clear();
            now.extend_from_slice(word);
            words.write(word)?;
            ends.u32(small(words.len())?)?;
            push_variants(std::str::from_utf8(word).unwrap_or_default(), number, &mut variants, &mut sound)?;
        }
        if last != Some(entry) {
            last = Some(entry);
            postings.u32(entry)?;
            count += 1;
        }
        let place = u32::from_be_bytes(place);
        places.push(u128::from(entry) << 64 | u128::from(place) << 32 | u128::from(number))?;
    }
    if begun {
        posting_ends.u32(small(count)?)?;
    }
    for file in [words, ends, postings, posting_ends] {
        file.finish()?;
    }
    variants.write(folder, VARIANTS, |_| Ok(()))
}

fn push_variants(
    word: &str,
    number: u32,
    variants: &mut HashesWriter,
    sound: &mut Sound,
) -> Result<(), AuthorityError> {
    let start = beginning_of(word);
    variants.push(hash(start.as_bytes()), number)?;
    if let Some(hash) = sound.hash(word) {
        variants.push(hash, number)?;
    }
    let mut result = Ok(());
    if start.chars().count() >= SHORTEST {
        without_one(start, |less| {
            if result.is_ok() {
                result = variants.push(hash(less), number);
            }
        });
    }
    result
}

struct TooMuch;

impl TooMuch {
    fn words(count: u64) -> AuthorityError {
        AuthorityError::TooMuch(format!("{count} are too many letters or places of words for one index"))
    }
}

fn small(number: u64) -> Result<u32, AuthorityError> {
    u32::try_from(number).map_err(|_| TooMuch::words(number))
}
