//! The dictionary, read.

use super::kind::Kind;
use super::order::{self, Parts};
use super::value::stored;
use super::{BLOCK, BLOCKS, KEYS, KINDS, TermId};
use crate::damage::Damage;
use crate::error::IndexError;
use crate::map::{Column, Folder};
use crate::varint;
use oxrdf::{Literal, Term, TermRef};
use std::cell::Cell;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering as Atomic};
use tantivy::directory::OwnedBytes;

/// The terms of an index.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Tells dictionaries apart in what threads remember.
    identity: u64,
    keys: OwnedBytes,
    blocks: Column<u64>,
    /// The first id of each kind, and the number of terms.
    starts: [u32; 19],
    pub(super) zones: [u32; 18],
    damage: Damage,
}

impl Terms {
    pub(crate) fn open(folder: &Folder, damage: Damage) -> Result<Self, IndexError> {
        static IDENTITY: AtomicU64 = AtomicU64::new(1);
        let keys = folder.bytes(KEYS)?;
        let blocks = folder.column::<u64>(BLOCKS)?;
        let kinds = folder.column::<u32>(KINDS)?;
        let damaged = |reason: &str| IndexError::damaged(&folder.path(KINDS), reason);
        let (starts, zones) = kinds.split_first_chunk::<19>().ok_or_else(|| damaged("it is too short"))?;
        let zones: &[u32; 18] = zones.try_into().map_err(|_| damaged("it has another length"))?;
        if !starts.is_sorted() || starts[0] != 0 {
            return Err(damaged("the kinds are not in order"));
        }
        let expected = starts[18].div_ceil(BLOCK) as usize + 1;
        if blocks.len() != expected {
            let reason = format!("{} entries where {expected} are expected", blocks.len());
            return Err(IndexError::damaged(&folder.path(BLOCKS), reason));
        }
        let (starts, zones) = (*starts, *zones);
        let identity = IDENTITY.fetch_add(1, Atomic::Relaxed);
        Ok(Self { identity, keys, blocks, starts, zones, damage })
    }

    /// How many terms there are; ids are below it.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.starts[18]
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ids of a kind.
    #[must_use]
    pub fn ids_of(&self, kind: Kind) -> Range<u32> {
        self.starts[kind.index()]..self.starts[kind.index() + 1]
    }

    /// The kind of a term; of a number that is no id, [`Kind::Triple`].
    #[must_use]
    pub fn kind(&self, id: TermId) -> Kind {
        let later = self.starts[1..18].partition_point(|start| *start <= id.0);
        Kind::ALL[later]
    }

    /// The id of exactly this term: same datatype, same text.
    #[must_use]
    pub fn id(&self, term: TermRef<'_>) -> Option<TermId> {
        let mut key = Vec::with_capacity(64);
        order::write_key(term, &mut key);
        let (at, met) = self.seek(&key);
        met.then_some(TermId(at))
    }

    /// The id of the term as Oxigraph holds it: `"01"^^xsd:int` is stored as `"1"^^xsd:integer`. That is what a constant of
    /// a query means when the index was built from a store.
    #[must_use]
    pub fn id_of_stored(&self, term: TermRef<'_>) -> Option<TermId> {
        match Self::stored(term) {
            Some(stored) => self.id(stored.as_ref()),
            None => self.id(term),
        }
    }

    /// The term as Oxigraph gives it back after it was stored; `None` when that is the term itself.
    #[must_use]
    pub fn stored(term: TermRef<'_>) -> Option<Term> {
        match term {
            TermRef::Literal(literal) => stored(literal).map(Term::from),
            TermRef::Triple(triple) => {
                let object = Self::stored(triple.object.as_ref())?;
                Some(oxrdf::Triple::new(triple.subject.clone(), triple.predicate.clone(), object).into())
            }
            _ => None,
        }
    }

    /// The term with the id. What cannot be read, because the number is no id or the file is damaged, is an empty
    /// string, and the index tells so ([`Index::damage`](crate::Index::damage)).
    #[must_use]
    pub fn term(&self, id: TermId) -> Term {
        self.with_key(id, order::term).unwrap_or_else(|| {
            self.damaged(id);
            Literal::from("").into()
        })
    }

    /// Looks at a term without taking it out: its text (label, IRI or lexical form; a triple term as N-Triples writes it),
    /// its kind, and its language tag or datatype (nothing for what is no literal). Ids in rising order are quick.
    pub fn with_text<R>(&self, id: TermId, f: impl FnOnce(&str, Kind, &str) -> R) -> R {
        self.with_key(id, |key| match order::parts(key) {
            Some(Parts { kind, text, detail, .. }) => f(&text, kind, &detail),
            None => {
                self.damaged(id);
                f("", Kind::String, "")
            }
        })
    }

    /// The datatype of a literal.
    #[must_use]
    pub fn datatype(&self, id: TermId) -> Option<TermId> {
        let kind = self.kind(id);
        if !kind.is_literal() {
            return None;
        }
        self.with_text(id, |_, kind, detail| match kind {
            Kind::LanguageString | Kind::DirectionalString => {
                self.id(order::datatype_of_language(kind).into())
            }
            _ => self.id(oxrdf::NamedNodeRef::new_unchecked(detail).into()),
        })
    }

    /// A reader with a memory of its own, for many terms in rising order.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader { terms: self, place: Place::default() }
    }

    /// The first id whose key is not below, or the number of terms, and whether its key is the one given.
    pub(super) fn seek(&self, key: &[u8]) -> (u32, bool) {
        let blocks = self.blocks.len() - 1;
        let (mut low, mut high) = (0, blocks);
        // The last block whose first key is not above.
        while low < high {
            let middle = low + (high - low) / 2;
            if self.first(middle) <= Some(key) { low = middle + 1 } else { high = middle }
        }
        let Some(block) = low.checked_sub(1) else { return (0, false) };
        let mut place = Place::default();
        let first = u32::try_from(block).unwrap_or(u32::MAX).saturating_mul(BLOCK);
        for id in first..first.saturating_add(BLOCK).min(self.len()) {
            if !place.go(self, id) {
                self.damaged(TermId(id));
                break;
            }
            match place.key.as_slice().cmp(key) {
                Ordering::Less => {}
                Ordering::Equal => return (id, true),
                Ordering::Greater => return (id, false),
            }
        }
        (first.saturating_add(BLOCK).min(self.len()), false)
    }

    /// The first key of a block.
    fn first(&self, block: usize) -> Option<&[u8]> {
        let bytes = self.block(block)?;
        let (length, rest) = varint::read(bytes)?;
        rest.get(..usize::try_from(length).ok()?)
    }

    fn block(&self, block: usize) -> Option<&[u8]> {
        let (from, to) = (*self.blocks.get(block)?, *self.blocks.get(block + 1)?);
        self.keys.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
    }

    /// The key is empty when it cannot be read.
    pub(super) fn with_key<R>(&self, id: TermId, f: impl FnOnce(&[u8]) -> R) -> R {
        thread_local! {
            // It is taken out while it is in use, so that what looks at a term may look at another one.
            static PLACE: Cell<Option<Box<Place>>> = const { Cell::new(None) };
        }
        let mut place = PLACE.take().unwrap_or_default();
        let read = place.go(self, id.0);
        let result = f(if read { &place.key } else { &[] });
        PLACE.set(Some(place));
        result
    }

    fn damaged(&self, id: TermId) {
        if id.0 < self.len() {
            self.damage.tell(KEYS, || format!("the key of term {} cannot be read", id.0));
        } else {
            self.damage.tell("the columns", || format!("{} is no term of {}", id.0, self.len()));
        }
    }
}

/// Reads terms one after another.
#[derive(Debug)]
pub struct Reader<'t> {
    terms: &'t Terms,
    place: Place,
}

impl Reader<'_> {
    /// As [`Terms::with_text`].
    pub fn with_text<R>(&mut self, id: TermId, f: impl FnOnce(&str, Kind, &str) -> R) -> R {
        let parts = if self.place.go(self.terms, id.0) { order::parts(&self.place.key) } else { None };
        if let Some(Parts { kind, text, detail, .. }) = parts {
            f(&text, kind, &detail)
        } else {
            self.terms.damaged(id);
            f("", Kind::String, "")
        }
    }
}

/// A place in the dictionary, with the key that stands there.
#[derive(Debug, Default)]
struct Place {
    /// Of which dictionary; 0 for none.
    identity: u64,
    id: u32,
    /// Where the next key of the block begins.
    next: usize,
    key: Vec<u8>,
}

impl Place {
    /// Goes to a term; from one before it in the same block only the keys between are read.
    fn go(&mut self, terms: &Terms, id: u32) -> bool {
        if self.identity != terms.identity || self.id > id || self.id / BLOCK != id / BLOCK {
            *self = Self { identity: 0, id: id / BLOCK * BLOCK, next: 0, key: std::mem::take(&mut self.key) };
            self.key.clear();
            if id >= terms.len() || self.step(terms).is_none() {
                return false;
            }
            self.identity = terms.identity;
        }
        while self.id < id {
            if self.step(terms).is_none() {
                self.identity = 0;
                return false;
            }
            self.id += 1;
        }
        true
    }

    /// Reads the next key of the block.
    fn step(&mut self, terms: &Terms) -> Option<()> {
        let block = terms.block((self.id / BLOCK) as usize)?;
        let bytes = block.get(self.next..)?;
        let (shared, rest) = if self.next == 0 { (0, bytes) } else { varint::read(bytes)? };
        let (length, rest) = varint::read(rest)?;
        let suffix = rest.get(..usize::try_from(length).ok()?)?;
        let shared = usize::try_from(shared).ok().filter(|shared| *shared <= self.key.len())?;
        self.key.truncate(shared);
        self.key.extend_from_slice(suffix);
        self.next = block.len() - (rest.len() - suffix.len());
        Some(())
    }
}
