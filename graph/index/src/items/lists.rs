//! Where the words of a question stand: lists of items, each with a weight.

use super::letters::FOLDED;
use super::question::{Mode, Part, Question, Word};
use super::{Fields, Inner, WORDS, broken};
use crate::error::IndexError;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

/// What a word weighs that was met as it is written, only folded, by its beginning, or with a letter wrong.
const WRITTEN: f32 = 1.0;
const ONLY_FOLDED: f32 = 0.7;
const BEGUN: f32 = 0.45;
const MISSPELT: f32 = 0.3;
/// Shorter words are no beginnings: half of the index begins so.
const SHORTEST: usize = 2;
/// After so many words that begin alike, whether to go on is asked.
const POLL: usize = 256;

/// The items that have a word in a field.
pub(super) struct List {
    pub(super) postings: SegmentPostings,
    pub(super) norms: Option<FieldNormReader>,
    pub(super) weight: f32,
}

/// The items that have any of many words in a field, one bit each.
pub(super) struct Bits {
    pub(super) bits: Vec<u64>,
    pub(super) weight: f32,
}

/// One part of a question.
#[derive(Default)]
pub(super) struct Met {
    pub(super) lists: Vec<List>,
    pub(super) bits: Vec<Bits>,
    /// How rare it is: what it adds to a rank.
    pub(super) worth: f32,
    pub(super) refused: bool,
}

/// Reads lists of words.
pub(super) struct Reader<'r> {
    segment: &'r SegmentReader,
    fields: [(Field, f32); 3],
    identifier: Field,
    inner: &'r Inner,
    go_on: &'r dyn Fn() -> bool,
}

impl<'r> Reader<'r> {
    pub(super) fn new(inner: &'r Inner, go_on: &'r dyn Fn() -> bool) -> Option<Self> {
        let Fields { title, name, text, identifier, .. } = inner.fields;
        let fields = [(title, 6.0), (name, 3.0), (text, 1.0)];
        Some(Self { segment: inner.words.as_ref()?, fields, identifier, inner, go_on })
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> IndexError {
        broken(&self.inner.path.join(WORDS), error)
    }

    fn polled(&self) -> Result<(), IndexError> {
        if (self.go_on)() { Ok(()) } else { Err(IndexError::Late) }
    }

    /// The items with one of the identifiers, in order.
    pub(super) fn identified(&self, question: &Question) -> Result<Vec<u32>, IndexError> {
        let inverted = self.segment.inverted_index(self.identifier).map_err(|error| self.failed(&error))?;
        let mut items = Vec::new();
        for key in &question.identifiers {
            let term = Term::from_field_text(self.identifier, key);
            let postings = inverted.read_postings(&term, IndexRecordOption::Basic);
            if let Some(mut postings) = postings.map_err(|error| self.failed(&error))? {
                while postings.doc() != TERMINATED {
                    items.push(postings.doc());
                    postings.advance();
                }
            }
        }
        items.sort_unstable();
        items.dedup();
        Ok(items)
    }

    /// The lists of a part.
    pub(super) fn part(&self, part: &Part, only_titles: bool) -> Result<Met, IndexError> {
        let mut met = Met { refused: part.refused, ..Met::default() };
        let mut count = 0_u64;
        let fields = if only_titles { &self.fields[..1] } else { &self.fields };
        for &(field, weight) in fields {
            let inverted = self.segment.inverted_index(field).map_err(|error| self.failed(&error))?;
            let norms = self.segment.get_fieldnorms_reader(field).ok();
            let [word] = part.words.as_slice() else {
                if let Some(bits) = self.phrase(field, part)? {
                    count += bits.iter().map(|bits| u64::from(bits.count_ones())).sum::<u64>();
                    met.bits.push(Bits { bits, weight: weight * WRITTEN });
                }
                continue;
            };
            for (term, share) in forms(field, word) {
                let found = inverted.read_postings(&term, IndexRecordOption::Basic);
                if let Some(postings) = found.map_err(|error| self.failed(&error))? {
                    count += u64::from(postings.doc_freq());
                    met.lists.push(List { postings, norms: norms.clone(), weight: weight * share });
                }
            }
            let share = if part.mode == Mode::Fuzzy { MISSPELT } else { BEGUN };
            let mut bits = Vec::new();
            match part.mode {
                Mode::Whole => {}
                Mode::Beginning if word.written.chars().count() < SHORTEST => {}
                Mode::Beginning => {
                    let marked = format!("{FOLDED}{}", word.folded);
                    for beginning in [word.written.as_str(), word.folded.as_str(), marked.as_str()] {
                        let terms = inverted.terms().range().ge(beginning);
                        let mut stream = terms.into_stream().map_err(|error| self.failed(&error))?;
                        while stream.advance() && stream.key().starts_with(beginning.as_bytes()) {
                            self.set(&inverted, stream.value(), stream.term_ord() as usize, &mut bits)?;
                        }
                    }
                }
                Mode::Fuzzy => {
                    for text in [word.folded.clone(), format!("{FOLDED}{}", word.folded)] {
                        let query = FuzzyTermQuery::new(Term::from_field_text(field, &text), 1, true);
                        let automaton = query.automaton().map_err(|error| self.failed(&error))?;
                        let terms = inverted.terms().search(automaton).into_stream();
                        let mut stream = terms.map_err(|error| self.failed(&error))?;
                        while stream.advance() {
                            self.set(&inverted, stream.value(), stream.term_ord() as usize, &mut bits)?;
                        }
                    }
                }
            }
            if !bits.is_empty() {
                count += bits.iter().map(|bits: &u64| u64::from(bits.count_ones())).sum::<u64>();
                met.bits.push(Bits { bits, weight: weight * share });
            }
        }
        let all = f64::from(self.segment.max_doc());
        #[expect(clippy::cast_possible_truncation, reason = "a rank needs no more")]
        {
            met.worth = (1.0 + all / (1.0 + count as f64)).ln() as f32;
        }
        Ok(met)
    }

    /// Marks the items of a word.
    fn set(
        &self,
        inverted: &tantivy::InvertedIndexReader,
        word: &tantivy::postings::TermInfo,
        place: usize,
        bits: &mut Vec<u64>,
    ) -> Result<(), IndexError> {
        if place.is_multiple_of(POLL) {
            self.polled()?;
        }
        if bits.is_empty() {
            bits.resize(self.segment.max_doc().div_ceil(64) as usize, 0);
        }
        let mut postings = inverted
            .read_block_postings_from_terminfo(word, IndexRecordOption::Basic)
            .map_err(|error| self.failed(&error))?;
        loop {
            let docs = postings.docs();
            if docs.is_empty() {
                return Ok(());
            }
            for doc in docs {
                if let Some(word) = bits.get_mut((doc / 64) as usize) {
                    *word |= 1 << (doc % 64);
                }
            }
            postings.advance();
        }
    }

    /// The items in a field of which the words follow one another.
    fn phrase(&self, field: Field, part: &Part) -> Result<Option<Vec<u64>>, IndexError> {
        let inverted = self.segment.inverted_index(field).map_err(|error| self.failed(&error))?;
        let mut words = Vec::new();
        for word in &part.words {
            let mut lists = Vec::new();
            for (term, _) in forms(field, word) {
                let found = inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions);
                lists.extend(found.map_err(|error| self.failed(&error))?);
            }
            if lists.is_empty() {
                return Ok(None);
            }
            words.push(lists);
        }
        let mut bits = vec![0_u64; self.segment.max_doc().div_ceil(64) as usize];
        let (mut starts, mut places, mut doc, mut looked) = (Vec::new(), Vec::new(), 0, 0_usize);
        'documents: loop {
            looked += 1;
            if looked.is_multiple_of(POLL) {
                self.polled()?;
            }
            // The first document at or behind this one that has a form of each word.
            for lists in &mut words {
                let next = lists.iter_mut().map(|list| seek(list, doc)).min().unwrap_or(TERMINATED);
                if next == TERMINATED {
                    return Ok(Some(bits));
                }
                if next != doc {
                    doc = next;
                    continue 'documents;
                }
            }
            starts.clear();
            for (at, lists) in words.iter_mut().enumerate() {
                places.clear();
                for list in lists.iter_mut().filter(|list| list.doc() == doc) {
                    let mut own = Vec::new();
                    list.positions(&mut own);
                    places.append(&mut own);
                }
                let at = at as u32;
                if at == 0 {
                    starts.clone_from(&places);
                } else {
                    starts.retain(|start| places.contains(&(start + at)));
                }
            }
            if !starts.is_empty()
                && let Some(word) = bits.get_mut((doc / 64) as usize)
            {
                *word |= 1 << (doc % 64);
            }
            doc += 1;
        }
    }

    /// The word of titles and names that is most like one that is nowhere, and stands in most items.
    pub(super) fn alike(&self, word: &Word) -> Result<Option<String>, IndexError> {
        let mut best: Option<(u32, String)> = None;
        for distance in [1, 2] {
            if usize::from(distance) * 3 > word.folded.chars().count() {
                break;
            }
            for &(field, _) in &self.fields[..2] {
                let inverted = self.segment.inverted_index(field).map_err(|error| self.failed(&error))?;
                for text in [word.written.clone(), format!("{FOLDED}{}", word.folded)] {
                    let query = FuzzyTermQuery::new(Term::from_field_text(field, &text), distance, true);
                    let automaton = query.automaton().map_err(|error| self.failed(&error))?;
                    let terms = inverted.terms().search(automaton).into_stream();
                    let mut stream = terms.map_err(|error| self.failed(&error))?;
                    while stream.advance() {
                        let Ok(other) = std::str::from_utf8(stream.key()) else { continue };
                        let count = stream.value().doc_freq;
                        if best.as_ref().is_none_or(|(most, _)| count > *most) {
                            best = Some((count, other.trim_start_matches(FOLDED).to_owned()));
                        }
                    }
                }
            }
            self.polled()?;
            if best.is_some() {
                break;
            }
        }
        Ok(best.map(|(_, word)| word))
    }
}

fn seek(list: &mut SegmentPostings, doc: u32) -> u32 {
    if list.doc() < doc { list.seek(doc) } else { list.doc() }
}

/// The terms by which a word is met whole, with what each weighs.
fn forms(field: Field, word: &Word) -> Vec<(Term, f32)> {
    let mut forms = vec![(Term::from_field_text(field, &word.written), WRITTEN)];
    if word.folded != word.written {
        forms.push((Term::from_field_text(field, &word.folded), ONLY_FOLDED));
    }
    forms.push((Term::from_field_text(field, &format!("{FOLDED}{}", word.folded)), ONLY_FOLDED));
    forms
}
