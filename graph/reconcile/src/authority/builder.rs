//! Drafts in, an index out, in bounded memory.
//!
//! 1. Drafts are sorted as bytes, on the disk where they are many; those of one IRI come together and become one entry,
//!    whose number is its place.
//! 2. In this order the entries are kept in a file, and their keys, identifiers and the words of their names are sorted.
//! 3. The words become the lexicon, which gives each a number; these numbers are sorted back into the order of entries.
//! 4. The entries are read once more and written with the numbers of their words.
//!
//! All that is written is sorted, so the same drafts make the same bytes in whatever order and however much memory
//! there is.

use super::about::About;
use super::codec;
use super::draft::Draft;
use super::error::AuthorityError;
use super::hashes::{HashesWriter, hash};
use super::iris::IrisWriter;
use super::rows::{self, HEADS, ROWS};
use super::texts::TextsWriter;
use super::{ABOUT, IDENTIFIERS, KEYS, lexicon, normalised};
use crate::names::{KeyScratch, Name, key_into};
use crate::{Kind, Role};
use graph_index::files::{
    Output, Records, Sorted, Sorter, Spool, Spooled, make_folder, remove_folder, sync_folder, write_plain,
};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How much memory the buffers take altogether, in bytes.
const MEMORY: usize = 256 << 20;
/// Where sorted runs are while the index is built.
const SCRATCH: &str = ".building";
/// Numbers of entries are smaller; the bit above tells one thing of them.
const MOST: u32 = 1 << 31;
/// Words of a name beyond so many are not found by.
const MOST_WORDS: u16 = 64;

/// Makes the index of an authority of drafts in any order.
#[derive(Debug)]
pub struct Builder {
    folder: PathBuf,
    scratch: PathBuf,
    memory: usize,
    drafts: Records,
    bytes: Vec<u8>,
    otherwise: Kind,
}

impl Builder {
    /// Begins an index in a folder, which is made; one that is there is replaced.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(folder: &Path) -> Result<Self, AuthorityError> {
        Self::with_memory(folder, MEMORY)
    }

    /// As [`Builder::new`], with so many bytes for the buffers instead of 256 MiB.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn with_memory(folder: &Path, memory: usize) -> Result<Self, AuthorityError> {
        let scratch = folder.join(SCRATCH);
        make_folder(folder)?;
        make_folder(&scratch)?;
        let drafts = Records::new(&scratch, "drafts", memory / 2);
        let otherwise = Kind::Unknown;
        Ok(Self { folder: folder.to_owned(), scratch, memory, drafts, bytes: Vec::new(), otherwise })
    }

    /// Says of what kind entries are of which none is said: a table of people has no column for it.
    pub fn otherwise(&mut self, kind: Kind) {
        self.otherwise = kind;
    }

    /// Adds an entry, or more of one that was added before.
    ///
    /// # Errors
    /// When a buffer cannot be written.
    pub fn add(&mut self, draft: &Draft) -> Result<(), AuthorityError> {
        self.bytes.clear();
        codec::encode(draft, &mut self.bytes);
        Ok(self.drafts.push(&self.bytes)?)
    }

    /// Writes the index and waits until it is on the disk; gives what is known of it, with the counts.
    ///
    /// # Errors
    /// When the disk fails, or there are too many entries.
    pub fn finish(self, about: About) -> Result<About, AuthorityError> {
        self.finish_and_tell(about, &mut |_| {})
    }

    /// As [`Builder::finish`]; the IRI of what is set aside is told: what has a class and no name. What has neither is only
    /// a part of something else, and no entry.
    ///
    /// # Errors
    /// As [`Builder::finish`].
    pub fn finish_and_tell(
        mut self,
        mut about: About,
        nameless: &mut dyn FnMut(&str),
    ) -> Result<About, AuthorityError> {
        (about.entries, about.labels) = (0, 0);
        about.kinds.clear();
        let drafts = std::mem::replace(&mut self.drafts, Records::new(&self.scratch, "drafts", 0));
        let mut first = First::begin(&self)?;
        let mut sorted = drafts.finish()?;
        let otherwise = self.otherwise;
        let mut take = |mut draft: Draft, about: &mut About| {
            if draft.kind == Kind::Unknown {
                draft.kind = otherwise;
            }
            if !draft.labels.is_empty() {
                return first.take(draft, about);
            }
            if !draft.types.is_empty() {
                about.set_aside += 1;
                nameless(&draft.iri);
            }
            Ok(())
        };
        let mut now: Option<Draft> = None;
        while let Some(draft) = sorted.pull()?.and_then(codec::decode) {
            match &mut now {
                Some(last) if last.iri == draft.iri => last.merge(draft),
                _ => {
                    if let Some(done) = now.replace(draft) {
                        take(done, &mut about)?;
                    }
                }
            }
        }
        if let Some(done) = now {
            take(done, &mut about)?;
        }
        drop(sorted);
        let second = first.finish(&self)?;
        second.write(&self.folder)?;
        let json =
            serde_json::to_vec_pretty(&about).map_err(|error| AuthorityError::TooMuch(error.to_string()))?;
        write_plain(&self.folder, ABOUT, &json)?;
        remove_folder(&self.scratch)?;
        sync_folder(&self.folder)?;
        Ok(about)
    }
}

impl Drop for Builder {
    fn drop(&mut self) {
        // After a failure nothing of the half is left; after success there is nothing.
        let _ = remove_folder(&self.scratch);
    }
}

/// The first time that entries come in order.
struct First {
    entries: Spool,
    iris: IrisWriter,
    heads: Output,
    identifiers: HashesWriter,
    keys: HashesWriter,
    words: Records,
    reader: Reader,
    bytes: Vec<u8>,
}

impl First {
    fn begin(builder: &Builder) -> Result<Self, AuthorityError> {
        let (folder, scratch, memory) = (&builder.folder, &builder.scratch, builder.memory / 8);
        Ok(Self {
            entries: Spool::create(scratch, "entries")?,
            iris: IrisWriter::create(folder)?,
            heads: Output::create(folder, HEADS)?,
            identifiers: HashesWriter::new(scratch, "identifiers", memory),
            keys: HashesWriter::new(scratch, "keys", memory),
            words: Records::new(scratch, "words", memory),
            reader: Reader::default(),
            bytes: Vec::new(),
        })
    }

    fn take(&mut self, mut draft: Draft, about: &mut About) -> Result<(), AuthorityError> {
        draft.settle();
        let number = about.entries;
        if number >= MOST {
            return Err(AuthorityError::TooMuch(format!(
                "more than {MOST} entries are too many for one index"
            )));
        }
        about.entries += 1;
        about.labels += draft.labels.len() as u64;
        *about.kinds.entry(draft.kind).or_default() += 1;
        self.iris.push(&draft.iri)?;
        self.identifiers.push(hash(normalised(&draft.iri).as_bytes()), number)?;
        for other in &draft.same_as {
            self.identifiers.push(hash(normalised(other).as_bytes()), number | MOST)?;
        }
        let mut head = rows::Head::default();
        rows::set_kind(&mut head, draft.kind);
        for (label, place) in draft.labels.iter().zip(0..=u16::MAX) {
            self.reader.read(&label.text, draft.kind);
            let preferred = if label.role == Role::Preferred { 1 } else { 0 };
            for key in self.reader.keys() {
                self.keys.push(hash(key.as_bytes()), number << 1 | preferred)?;
            }
            for (word, at) in self.reader.words().zip(0..MOST_WORDS) {
                rows::add(&mut head, word);
                lexicon::record(word, number, place, at, &mut self.bytes);
                self.words.push(&self.bytes)?;
            }
        }
        self.heads.u32(head[0])?;
        self.heads.u32(head[1])?;
        self.bytes.clear();
        codec::encode(&draft, &mut self.bytes);
        Ok(self.entries.push(&self.bytes)?)
    }

    fn finish(self, builder: &Builder) -> Result<Second, AuthorityError> {
        let (folder, scratch, memory) = (&builder.folder, &builder.scratch, builder.memory / 8);
        self.iris.finish()?;
        self.heads.finish()?;
        self.identifiers.write(folder, IDENTIFIERS, |_| Ok(()))?;
        let mut frequencies = Sorter::new(scratch, "frequencies", memory);
        self.keys.write(folder, KEYS, |(_, group)| {
            let mut distinct = group.clone();
            distinct.iter_mut().for_each(|value| *value >>= 1);
            distinct.dedup();
            let count = distinct.len() as u128;
            for value in group.iter().filter(|value| *value & 1 == 1) {
                frequencies.push(u128::from(value >> 1) << 64 | count)?;
            }
            *group = distinct;
            Ok(())
        })?;
        let mut places = Sorter::new(scratch, "places", memory);
        lexicon::write(self.words.finish()?, folder, scratch, memory, &mut places)?;
        Ok(Second {
            entries: self.entries.finish()?,
            frequencies: frequencies.finish()?,
            places: places.finish()?,
        })
    }
}

/// The second time.
struct Second {
    entries: Spooled,
    frequencies: Sorted,
    places: Sorted,
}

impl Second {
    fn write(mut self, folder: &Path) -> Result<(), AuthorityError> {
        let (mut rows, mut texts) = (Output::create(folder, ROWS)?, TextsWriter::create(folder)?);
        let (mut frequency, mut place) = (self.frequencies.pull()?, self.places.pull()?);
        let (mut words, mut number) = (Vec::new(), 0_u64);
        while let Some(draft) = self.entries.pull()?.and_then(codec::decode) {
            let mut most = 1;
            while let Some(met) = frequency.filter(|met| (met >> 64) as u64 == number) {
                most = most.max(met as u32);
                frequency = self.frequencies.pull()?;
            }
            words.clear();
            while let Some(met) = place.filter(|met| (met >> 64) as u64 == number) {
                words.push(((met >> 48) as u16, met as u32));
                place = self.places.pull()?;
            }
            for number in rows::row(draft.born, draft.died, draft.point, most) {
                rows.u32(number)?;
            }
            texts.push(&draft, &words)?;
            number += 1;
        }
        rows.finish()?;
        texts.finish()
    }
}

/// Reads names for the index. How a name is read depends on whose it is.
#[derive(Debug, Default)]
struct Reader {
    name: Name,
    ranges: Vec<Range<usize>>,
    scratch: KeyScratch,
    keys: [String; 3],
}

impl Reader {
    fn read(&mut self, text: &str, kind: Kind) {
        let Self { name, ranges, scratch, keys } = self;
        keys.iter_mut().for_each(String::clear);
        let [first, second, whole] = keys;
        let person = matches!(kind, Kind::Person | Kind::Family | Kind::Unknown);
        if person {
            name.read(text);
            name.key_into(ranges, first);
        }
        if !person || kind == Kind::Unknown {
            name.read_plain(text);
            name.key_into(ranges, second);
            // With what stands in brackets, too: `Mercury (planet)`.
            key_into(text, scratch, whole);
        }
        if first.is_empty() {
            std::mem::swap(first, second);
        }
        if second == first {
            second.clear();
        }
        if whole == first || whole == second {
            whole.clear();
        }
    }

    /// The keys of the name, at most three and different.
    fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str).filter(|key| !key.is_empty())
    }

    /// The words that it is found by.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.keys[0].split(' ').filter(|word| !word.is_empty())
    }
}
