//! Which items fit a search, the best first, and how they spread over facets, years and the map.
//!
//! Items are decided on in pieces of some ten thousand, so that memory is bounded by the piece. Within one facet values add to
//! each other, between facets they narrow; a facet's own counts are therefore those of the items that fit everything but its
//! own choice, and stay what a click on the value would give.

use super::grid::{Cell, Gathered, Grid};
use super::lists::{Met, Reader};
use super::question::Question;
use super::{Items, Point, Values};
use crate::TermId;
use crate::error::IndexError;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocSet, TERMINATED};

/// How many items are decided on at once.
const PIECE: u32 = 1 << 16;
/// What an item is ranked by that has the text for its identifier: above all words.
const IDENTIFIED: f32 = 1e6;
/// What an item gains whose title is just what was asked for.
const ENTITLED: f32 = 50.0;
/// The bits of a mask that stand for years and for the map; those below are facets.
const YEARS: u32 = 1 << 30;
const MAP: u32 = 1 << 31;
/// What is earlier or later belongs to the first or last year of a scale.
const FIRST: i32 = -10_000;
const LAST: i32 = 2_200;
/// The steps of the scales of years.
const STEPS: [i32; 4] = [1, 10, 100, 1_000];

/// In which order items come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Those that fit the words best; without words, by title.
    #[default]
    Best,
    /// By the first year that is known; without one, last.
    Oldest,
    /// By the last year that is known, backwards; without one, last.
    Newest,
    /// By title.
    Title,
}

/// A search.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    /// Words, as somebody types them.
    pub text: &'a str,
    /// Whether words are looked for in titles alone.
    pub only_titles: bool,
    /// Facets, by their place in [`FACETS`](super::FACETS), and values of which an item has one.
    pub chosen: Vec<(usize, Vec<u32>)>,
    /// The first and the last year that a time span of an item touches one of.
    pub years: Option<[i32; 2]>,
    /// South, west, north, east, in millionths of a degree, within which an item has a point.
    pub bounds: Option<[i32; 4]>,
    /// The order.
    pub sort: Sort,
    /// How many items are passed over.
    pub from: usize,
    /// How many are given.
    pub count: usize,
    /// The facets to count, and how many values of each.
    pub facets: Vec<(usize, usize)>,
    /// Whether years are counted.
    pub scales: bool,
    /// The map to count on.
    pub grid: Option<Grid>,
}

/// An item that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Its number.
    pub item: u32,
    /// Its term.
    pub id: TermId,
    /// How well it fits the words; 0 in another order.
    pub score: f32,
}

/// The values of a facet with their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The facet.
    pub facet: usize,
    /// The most frequent values, and those that are chosen; the most frequent first.
    pub values: Vec<(u32, u32)>,
    /// How many values there are at least one item of.
    pub distinct: usize,
}

/// Items by year, decade, century or millennium; one whose time touches several counts in each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// How many years a step has.
    pub step: i32,
    /// The first year of each step that there are items of, and how many.
    pub counts: Vec<(i32, u32)>,
}

/// What a search found.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// How many items fit.
    pub total: u32,
    /// The items asked for.
    pub hits: Vec<Hit>,
    /// As asked for.
    pub facets: Vec<Counts>,
    /// As asked for, by step, rising.
    pub scales: Vec<Scale>,
    /// How many of the items have a year.
    pub dated: u32,
    /// As asked for, by row and column.
    pub cells: Vec<Cell>,
    /// How many of the items have a point, within the bounds if there are any.
    pub placed: u32,
    /// South, west, north and east of these points.
    pub extent: Option<[i32; 4]>,
}

impl Items {
    /// Looks for items. `go_on` is asked now and then; when it says no, the search ends without an answer.
    ///
    /// # Errors
    /// [`IndexError::Late`], or when a file is damaged.
    pub fn search(&self, asked: &Asked<'_>, go_on: &dyn Fn() -> bool) -> Result<Answer, IndexError> {
        Search::new(self, asked, go_on)?.run(go_on)
    }

    /// The text with words that are nowhere replaced by those that are most like them; `None` when there is nothing to
    /// replace or to replace it by.
    ///
    /// # Errors
    /// As [`Items::search`].
    pub fn meant(&self, text: &str, go_on: &dyn Fn() -> bool) -> Result<Option<String>, IndexError> {
        let Some(reader) = Reader::new(&self.inner, go_on) else { return Ok(None) };
        let (mut words, mut other) = (Vec::new(), false);
        for part in Question::read(text).parts {
            let met = reader.part(&part, false)?;
            for word in &part.words {
                let known = !met.lists.is_empty() || !met.bits.is_empty() || part.refused;
                let alike = if known { None } else { reader.alike(word)? };
                other |= alike.is_some();
                let minus = if part.refused { "-" } else { "" };
                words.push(format!("{minus}{}", alike.as_ref().unwrap_or(&word.written)));
            }
        }
        Ok(other.then(|| words.join(" ")))
    }
}

struct Search<'s> {
    items: &'s Items,
    asked: &'s Asked<'s>,
    parts: Vec<Met>,
    /// How many parts have to be met.
    needed: u8,
    identified: Vec<u32>,
    /// Those that are called just so.
    entitled: Vec<u32>,
    has_text: bool,
    /// For each facet that is chosen in: its bit and the lists of items.
    chosen: Vec<(u32, Vec<&'s [u32]>)>,
    /// For each facet to count: its bit if something is chosen in it, its columns, and the counts.
    counting: Vec<(u32, &'s Values, Vec<u32>)>,
    scales: Vec<Vec<i64>>,
    cells: Vec<Gathered>,
    best: Vec<u64>,
    answer: Answer,
    /// Shorter titles tell more.
    norms: [f32; 256],
}

impl<'s> Search<'s> {
    fn new(items: &'s Items, asked: &'s Asked<'s>, go_on: &dyn Fn() -> bool) -> Result<Self, IndexError> {
        let question = Question::read(asked.text);
        let (mut parts, mut identified) = (Vec::new(), Vec::new());
        if let Some(reader) = Reader::new(&items.inner, go_on) {
            identified = reader.identified(&question)?;
            for part in &question.parts {
                parts.push(reader.part(part, asked.only_titles)?);
            }
        }
        let needed = parts.iter().filter(|part| !part.refused).count() as u8;
        let facets = &items.inner.facets;
        let mut chosen = Vec::new();
        let mut bits = vec![0; facets.len()];
        for (place, values) in &asked.chosen {
            let Some(columns) = facets.get(*place) else { continue };
            bits[*place] = 1 << place;
            let lists = values.iter().filter_map(|value| {
                let ordinal = columns.values.binary_search(value).ok()?;
                Some(columns.items_of(ordinal as u32))
            });
            chosen.push((1 << place, lists.collect()));
        }
        let counting = asked.facets.iter().filter_map(|(place, _)| {
            let columns = facets.get(*place)?;
            Some((bits[*place], columns, vec![0; columns.values.len()]))
        });
        let scales = if asked.scales {
            STEPS.iter().map(|step| vec![0; ((LAST - FIRST) / step + 3) as usize]).collect()
        } else {
            Vec::new()
        };
        let cells = asked.grid.map_or(0, |grid| grid.rows * grid.columns) as usize;
        let mut norms = [0.0; 256];
        for (id, norm) in (0..=u8::MAX).zip(&mut norms) {
            *norm = 1.0 / (1.0 + 0.02 * FieldNormReader::id_to_fieldnorm(id) as f32);
        }
        Ok(Self {
            has_text: !question.is_empty() || !asked.text.trim().is_empty(),
            counting: counting.collect(),
            cells: vec![Gathered::default(); cells],
            best: Vec::new(),
            answer: Answer::default(),
            items,
            asked,
            parts,
            needed,
            entitled: if question.is_empty() { Vec::new() } else { items.entitled(asked.text) },
            identified,
            chosen,
            scales,
            norms,
        })
    }

    fn run(mut self, go_on: &dyn Fn() -> bool) -> Result<Answer, IndexError> {
        let length = PIECE.min(self.items.len()) as usize;
        let mut piece = Piece::new(length);
        let everything = !self.has_text
            && self.chosen.is_empty()
            && self.asked.years.is_none()
            && self.asked.bounds.is_none();
        if everything {
            // How many items a value has was counted when they were written.
            for (_, columns, counts) in &mut self.counting {
                let mut start = 0;
                for (count, end) in counts.iter_mut().zip(columns.value_ends.iter()) {
                    (*count, start) = (end.saturating_sub(start), *end);
                }
            }
        }
        let mut start = 0;
        while start < self.items.len() {
            if !go_on() {
                return Err(IndexError::Late);
            }
            let end = start.saturating_add(PIECE).min(self.items.len());
            self.piece(start, end, &mut piece, everything);
            start = end;
        }
        Ok(self.finish())
    }

    fn piece(&mut self, start: u32, end: u32, piece: &mut Piece, everything: bool) {
        piece.clear();
        if self.has_text {
            self.words(start, end, piece);
        }
        let all = self.chosen.iter().fold(0, |all, (bit, _)| all | bit);
        piece.masks.fill(all);
        for (bit, lists) in &self.chosen {
            for list in lists {
                let first = list.partition_point(|item| *item < start);
                for item in list[first..].iter().take_while(|item| **item < end) {
                    if let Some(mask) = piece.masks.get_mut((item - start) as usize) {
                        *mask &= !bit;
                    }
                }
            }
        }
        for item in start..end {
            let place = (item - start) as usize;
            if self.has_text && (piece.met[place] != self.needed || piece.refused[place]) {
                continue;
            }
            let mask = piece.masks[place] | self.outside(item);
            if mask == 0 {
                self.found(item, piece.scores[place]);
            }
            if !everything && (mask == 0 || mask.is_power_of_two()) {
                for (bit, columns, counts) in &mut self.counting {
                    if mask == 0 || mask == *bit {
                        for ordinal in columns.ordinals_of(item) {
                            if let Some(count) = counts.get_mut(*ordinal as usize) {
                                *count += 1;
                            }
                        }
                    }
                }
            }
        }
    }

    /// Which items of the piece have the words, and how well.
    fn words(&mut self, start: u32, end: u32, piece: &mut Piece) {
        for part in &mut self.parts {
            piece.part.fill(0.0);
            for list in &mut part.lists {
                let mut item = list.postings.doc();
                if item < start {
                    item = list.postings.seek(start);
                }
                while item < end && item != TERMINATED {
                    let norm = list
                        .norms
                        .as_ref()
                        .map_or(1.0, |norms| self.norms[norms.fieldnorm_id(item) as usize]);
                    let met = &mut piece.part[(item - start) as usize];
                    *met = met.max(list.weight * norm);
                    item = list.postings.advance();
                }
            }
            for bits in &part.bits {
                // Pieces begin at whole words of bits.
                let words =
                    bits.bits.get((start / 64) as usize..end.div_ceil(64) as usize).unwrap_or_default();
                for (place, word) in words.iter().enumerate() {
                    let mut word = *word;
                    while word != 0 {
                        let at = place * 64 + word.trailing_zeros() as usize;
                        if let Some(met) = piece.part.get_mut(at) {
                            *met = met.max(bits.weight * 0.8);
                        }
                        word &= word - 1;
                    }
                }
            }
            for (place, met) in piece.part.iter().enumerate() {
                if *met > 0.0 {
                    if part.refused {
                        piece.refused[place] = true;
                    } else {
                        piece.met[place] += 1;
                        piece.scores[place] += met * part.worth;
                    }
                }
            }
        }
        // Words that are only refused leave all the rest; no words at all leave nothing.
        if self.parts.is_empty() {
            piece.refused.fill(true);
        }
        let first = self.entitled.partition_point(|item| *item < start);
        for item in self.entitled[first..].iter().take_while(|item| **item < end) {
            piece.scores[(item - start) as usize] += ENTITLED;
        }
        let first = self.identified.partition_point(|item| *item < start);
        for item in self.identified[first..].iter().take_while(|item| **item < end) {
            let place = (item - start) as usize;
            piece.met[place] = self.needed;
            piece.refused[place] = false;
            piece.scores[place] += IDENTIFIED;
        }
    }

    /// The bits of what an item does not lie within.
    fn outside(&self, item: u32) -> u32 {
        let mut mask = 0;
        if let Some([first, last]) = self.asked.years
            && !self.items.spans_of(item).iter().any(|span| span[0] <= last && span[1] >= first)
        {
            mask |= YEARS;
        }
        if let Some(bounds) = self.asked.bounds
            && !self.items.points_of(item).any(|point| point.is_within(bounds))
        {
            mask |= MAP;
        }
        mask
    }

    fn found(&mut self, item: u32, score: f32) {
        self.answer.total += 1;
        let key = u64::from(self.order(item, score)) << 32 | u64::from(item);
        self.best.push(key);
        let wanted = self.asked.from.saturating_add(self.asked.count);
        if wanted > 0 && self.best.len() > wanted.saturating_mul(2).saturating_add(PIECE as usize) {
            self.best.select_nth_unstable(wanted - 1);
            self.best.truncate(wanted);
        }
        if self.asked.scales {
            self.years(item);
        }
        if self.asked.grid.is_some() {
            self.place(item);
        }
    }

    fn order(&self, item: u32, score: f32) -> u32 {
        let shifted = |year: i32| (i64::from(year) - i64::from(i32::MIN)) as u32;
        let spans = || self.items.spans_of(item);
        match self.asked.sort {
            Sort::Best if self.has_text => u32::MAX - score.to_bits(),
            Sort::Best | Sort::Title => {
                self.items.inner.ranks.get(item as usize).copied().unwrap_or(u32::MAX)
            }
            Sort::Oldest => spans().first().map_or(u32::MAX, |span| shifted(span[0])),
            Sort::Newest => spans().last().map_or(u32::MAX, |span| u32::MAX - 1 - shifted(span[1])),
        }
    }

    fn years(&mut self, item: u32) {
        let window = self.asked.years.unwrap_or([FIRST, LAST]);
        let spans = self.items.spans_of(item);
        self.answer.dated += u32::from(!spans.is_empty());
        for (step, counts) in STEPS.into_iter().zip(&mut self.scales) {
            let bucket =
                |year: i32| (year.clamp(FIRST, LAST).div_euclid(step) - FIRST.div_euclid(step)) as usize;
            // Spans are in order and apart, though two may touch the same step.
            let mut next = 0;
            for [first, last] in spans {
                let (first, last) = (first.max(&window[0]), last.min(&window[1]));
                if first > last {
                    continue;
                }
                let (from, to) = (bucket(*first).max(next), bucket(*last));
                if from <= to {
                    counts[from] += 1;
                    counts[to + 1] -= 1;
                    next = to + 1;
                }
            }
        }
    }

    fn place(&mut self, item: u32) {
        let Some(grid) = self.asked.grid else { return };
        let mut there = false;
        // Points are in order, those of one cell not always next to each other; few items have many.
        let mut seen: Vec<usize> = Vec::new();
        for point in self.items.points_of(item) {
            if self.asked.bounds.is_some_and(|bounds| !point.is_within(bounds)) {
                continue;
            }
            there = true;
            let Point { latitude, longitude, .. } = point;
            let extent = self.answer.extent.get_or_insert([latitude, longitude, latitude, longitude]);
            *extent = [
                extent[0].min(latitude),
                extent[1].min(longitude),
                extent[2].max(latitude),
                extent[3].max(longitude),
            ];
            let Some(at) = grid.place(&point) else { continue };
            if let Some(cell) = self.cells.get_mut(at).filter(|_| !seen.contains(&at)) {
                cell.add(point);
                seen.push(at);
            }
        }
        self.answer.placed += u32::from(there);
    }

    fn finish(mut self) -> Answer {
        self.best.sort_unstable();
        let by_words = self.asked.sort == Sort::Best && self.has_text;
        let hits = self.best.iter().skip(self.asked.from).take(self.asked.count).filter_map(|key| {
            let item = *key as u32;
            let score = if by_words { f32::from_bits(u32::MAX - (key >> 32) as u32) } else { 0.0 };
            Some(Hit { item, id: self.items.id(item)?, score })
        });
        self.answer.hits = hits.collect();
        let counted = std::mem::take(&mut self.counting).into_iter().zip(&self.asked.facets);
        for ((_, columns, counts), (place, most)) in counted {
            let chosen = self.asked.chosen.iter().filter(|(facet, _)| facet == place);
            let chosen: Vec<u32> = chosen.flat_map(|(_, values)| values.iter().copied()).collect();
            self.answer.facets.push(Counts::of(*place, columns, &counts, *most, &chosen));
        }
        for (step, counts) in STEPS.into_iter().zip(std::mem::take(&mut self.scales)) {
            let (mut now, mut rows) = (0, Vec::new());
            for (place, change) in counts.into_iter().enumerate() {
                now += change;
                if now > 0 {
                    let year = (place as i32 + FIRST.div_euclid(step)) * step;
                    rows.push((year, u32::try_from(now).unwrap_or(u32::MAX)));
                }
            }
            self.answer.scales.push(Scale { step, counts: rows });
        }
        if let Some(grid) = self.asked.grid {
            self.answer.cells = Cell::all(grid, self.cells);
        }
        self.answer
    }
}

impl Counts {
    fn of(facet: usize, columns: &Values, counts: &[u32], most: usize, chosen: &[u32]) -> Self {
        let mut values: Vec<(u32, u32)> = columns
            .values
            .iter()
            .zip(counts)
            .filter(|(_, count)| **count > 0)
            .map(|(v, n)| (*v, *n))
            .collect();
        let distinct = values.len();
        let order = |one: &(u32, u32), other: &(u32, u32)| other.1.cmp(&one.1).then(one.0.cmp(&other.0));
        let mut kept: Vec<(u32, u32)> = Vec::new();
        if most > 0 && distinct > most {
            values.select_nth_unstable_by(most - 1, order);
            kept.extend(values[most..].iter().filter(|(value, _)| chosen.contains(value)));
        }
        values.truncate(most);
        // What was chosen is shown even where nothing is left of it.
        for value in chosen {
            if !values.iter().chain(&kept).any(|(other, _)| other == value) {
                kept.push((*value, 0));
            }
        }
        values.extend(kept);
        values.sort_unstable_by(order);
        Self { facet, values, distinct }
    }
}

/// What is known of the items of a piece while they are decided on.
struct Piece {
    part: Vec<f32>,
    scores: Vec<f32>,
    met: Vec<u8>,
    refused: Vec<bool>,
    masks: Vec<u32>,
}

impl Piece {
    fn new(length: usize) -> Self {
        Self {
            part: vec![0.0; length],
            scores: vec![0.0; length],
            met: vec![0; length],
            refused: vec![false; length],
            masks: vec![0; length],
        }
    }

    fn clear(&mut self) {
        self.scores.fill(0.0);
        self.met.fill(0);
        self.refused.fill(false);
    }
}
