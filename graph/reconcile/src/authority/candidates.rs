//! The entries that a name may mean.
//!
//! 1. For each word of the name, the words of the lexicon that are like it: the same, one or two letters away, of the same
//!    sound. How much alike they are, and how rare, is what a meeting counts.
//! 2. The entries of these words are summed up, the rarest words first. Once there are enough, a common word brings no
//!    entries of its own, nor does any when what is left to win cannot reach half of what the best have already; it only
//!    adds to those that are there.
//! 3. The best of these are compared name by name: which word of the one stands for which of the other, what is left over
//!    on either side, and whether what is left over is alike at all.
//!
//! Entries that have a name with the same key come before all others.

use super::distance::Pattern;
use super::hashes::hash;
use super::lexicon::{Lexicon, Sound};
use super::rows::{Head, LETTERS, kind_of, letter};
use super::{Authority, EntryId};
use crate::Kind;
use crate::names::{Name, PartKind};
use std::ops::Range;

/// How a candidate was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Found {
    /// One of its names has the same key.
    Key,
    /// Words of its names are alike.
    Words,
}

/// An entry that a name may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub entry: EntryId,
    /// How much alike the names are, 0 to 1; only for the order, certainty is the matcher's business.
    pub score: f32,
    /// How it was found.
    pub found: Found,
}

/// More words of a name are not asked for.
const MOST_WORDS: usize = 12;
/// So many entries are compared name by name, or twice as many as are wanted.
const COMPARED: usize = 64;
/// So many places of words are looked at to find entries.
const MOST_PLACES: usize = 30_000;
/// A word of so many places is common: entries that have only common words in common are told apart by nothing.
const COMMON: usize = 4_000;
/// With fewer entries than these even a common word brings its own.
const FEW: usize = 8;
/// A name that is less alike is no candidate.
const LEAST: f32 = 0.2;
/// What a letter that stands for a word counts of the word.
const INITIAL: f32 = 0.6;
/// Words that sound the same and are written in some other way.
const SOUND: f32 = 0.6;
/// What another letter that words of an entry begin with takes from its sum.
const OTHERS: f32 = 0.05;
/// What is left over on both sides counts when it is at least so much alike.
const LEFT_OVER: f32 = 0.45;

/// Memory that a thread keeps from one question to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    text: String,
    ranges: Vec<Range<usize>>,
    asked: Vec<Asked>,
    likes: Vec<Like>,
    near: Vec<u32>,
    patterns: Vec<Pattern>,
    sound: Sound,
    met: Met,
    order: Vec<(f32, u32)>,
    sums: Vec<f32>,
    same_key: Vec<u32>,
}

/// A word of the name.
#[derive(Debug, Clone)]
struct Asked {
    text: Range<usize>,
    /// How much it tells: the logarithm of how rare it is.
    weight: f32,
    /// The bit of its letter, when it stands for a word.
    initial: u32,
    /// Its place in [`Scratch::likes`].
    likes: Range<usize>,
    /// How many places its words have.
    places: usize,
    /// The most that one of its words counts.
    most: f32,
}

/// A word of the lexicon that is like one of the name.
#[derive(Debug, Clone, Copy)]
struct Like {
    word: u32,
    asked: u8,
    alike: f32,
    counts: f32,
}

impl Authority {
    /// The entries that a name may mean, best first, at most so many; `out` is emptied first.
    ///
    /// Those with a name of the same key come first. With a kind, only entries that may be of it are given.
    pub fn candidates(
        &self,
        name: &Name,
        kind: Option<Kind>,
        limit: usize,
        scratch: &mut Scratch,
        out: &mut Vec<Candidate>,
    ) {
        out.clear();
        scratch.same_key.clear();
        scratch.text.clear();
        name.key_into(&mut scratch.ranges, &mut scratch.text);
        let found = self.inner.keys.get(hash(scratch.text.as_bytes())).iter().copied();
        scratch.same_key.extend(found.filter(|entry| self.is_of(*entry, kind)));
        scratch.ask(name);
        scratch.find_likes(self);
        scratch.collect(self);
        let enough = COMPARED.max(2 * limit);
        scratch.choose(self, kind, enough);
        for entry in scratch.same_key.iter().take(enough) {
            out.push(Candidate { entry: EntryId(*entry), score: 1.0, found: Found::Key });
        }
        for place in 0..scratch.order.len() {
            let entry = scratch.order[place].1;
            if scratch.same_key.binary_search(&entry).is_err() {
                let score = scratch.compare(self, entry);
                if score >= LEAST {
                    out.push(Candidate { entry: EntryId(entry), score, found: Found::Words });
                }
            }
        }
        out.sort_unstable_by(|a, b| {
            a.found.cmp(&b.found).then(b.score.total_cmp(&a.score)).then(a.entry.cmp(&b.entry))
        });
        out.truncate(limit);
    }

    /// Whether an entry may be of a kind.
    pub(super) fn is_of(&self, entry: u32, kind: Option<Kind>) -> bool {
        kind.is_none_or(|kind| kind.meets(kind_of(&self.head(entry))))
    }

    pub(super) fn head(&self, entry: u32) -> Head {
        self.inner.heads.get(entry as usize).copied().unwrap_or_default()
    }

    /// How much a word tells, by the number of entries that have it.
    fn weight(&self, entries: usize) -> f32 {
        (1.0 + self.len() as f32 / entries.max(1) as f32).ln()
    }
}

impl Scratch {
    /// Takes the words of the name.
    fn ask(&mut self, name: &Name) {
        let Self { text, asked, .. } = self;
        text.clear();
        asked.clear();
        let told = |kind| !matches!(kind, PartKind::Honorific | PartKind::Qualifier);
        for part in name.parts().iter().filter(|part| told(part.kind)) {
            for word in name.spelled(part).split(' ').filter(|word| !word.is_empty()) {
                let start = text.len();
                text.push_str(word);
                let alone = part.kind == PartKind::Initial || word.chars().nth(1).is_none();
                asked.push(Asked {
                    text: start..text.len(),
                    weight: 0.0,
                    initial: if alone { letter(word) } else { 0 },
                    likes: 0..0,
                    places: 0,
                    most: 0.0,
                });
            }
        }
        asked.truncate(MOST_WORDS);
    }

    /// Finds the words of the lexicon that are like those of the name.
    fn find_likes(&mut self, authority: &Authority) {
        let Self { text, asked, likes, near, patterns, sound, .. } = self;
        let lexicon = &authority.inner.lexicon;
        likes.clear();
        patterns.resize_with(asked.len().max(patterns.len()), Pattern::default);
        for (number, (asked, pattern)) in asked.iter_mut().zip(patterns).enumerate() {
            let word = text.get(asked.text.clone()).unwrap_or_default();
            let letters = word.chars().count();
            pattern.set(word);
            near.clear();
            lexicon.near(word, near);
            let spelled = near.len();
            if letters > 2 {
                lexicon.sounding(word, sound, near);
            }
            // A word that was found by its spelling is not looked at again for its sound.
            let (by_letters, by_sound) = near.split_at_mut(spelled);
            by_letters.sort_unstable();
            let first = likes.len();
            let mut last = None;
            for &other in by_letters.iter() {
                if last != Some(other) {
                    last = Some(other);
                    let alike = alike(pattern, letters, lexicon.bytes_of(other));
                    push(likes, other, number, alike, lexicon, authority);
                }
            }
            for &mut other in by_sound {
                if by_letters.binary_search(&other).is_err() {
                    let word = lexicon.bytes_of(other);
                    let most = letters.max(letters_of(word)).max(1) as f32;
                    let spelling = 1.0 - pattern.distance(word) as f32 / most;
                    let alike = if spelling >= 0.4 { SOUND * (0.5 + spelling / 2.0) } else { 0.0 };
                    push(likes, other, number, alike, lexicon, authority);
                }
            }
            let found = likes.get_mut(first..).unwrap_or_default();
            found.sort_unstable_by(|a, b| b.counts.total_cmp(&a.counts).then(a.word.cmp(&b.word)));
            let best = found.iter().max_by(|a, b| a.alike.total_cmp(&b.alike));
            // A word that is nowhere is rare, but less telling than one that is somewhere.
            let unknown = 0.6 * authority.weight(1);
            asked.weight = best.map_or(unknown, |best| best.counts / best.alike);
            asked.most = found.first().map_or(0.0, |like| like.counts);
            asked.places = found.iter().map(|like| lexicon.entries(like.word).len()).sum();
            if asked.initial != 0 {
                asked.weight *= INITIAL;
            }
            asked.likes = first..likes.len();
        }
    }

    /// Sums up the entries of these words.
    fn collect(&mut self, authority: &Authority) {
        let Self { asked, likes, met, .. } = self;
        let lexicon = &authority.inner.lexicon;
        met.clear();
        let mut turns: [u8; MOST_WORDS] = std::array::from_fn(|number| number as u8);
        let Some(turns) = turns.get_mut(..asked.len()) else { return };
        let of = |turn: &u8| asked.get(usize::from(*turn));
        turns.sort_by_key(|turn| of(turn).map_or(usize::MAX, |asked| asked.places));
        let mut left: f32 = asked.iter().map(|asked| asked.most).sum();
        let mut places = 0;
        for turn in turns.iter() {
            let Some(asked) = of(turn) else { continue };
            let brings = met.len() < FEW || asked.places < COMMON && left >= met.best * 0.5;
            for like in likes.get(asked.likes.clone()).unwrap_or_default() {
                let entries = lexicon.entries(like.word);
                let new = if brings { entries.len().min(MOST_PLACES - places) } else { 0 };
                let (new, old) = entries.split_at(new);
                places += new.len();
                met.add(new, like.counts, *turn);
                met.add_to_present(old, like.counts, *turn);
            }
            met.settle();
            left -= asked.most;
        }
    }

    /// Takes the best of what was summed up.
    fn choose(&mut self, authority: &Authority, kind: Option<Kind>, enough: usize) {
        let Self { asked, met, order, sums, .. } = self;
        order.clear();
        let initials: Vec<(u32, f32)> = asked
            .iter()
            .filter(|asked| asked.initial != 0)
            .map(|asked| (asked.initial, asked.weight))
            .collect();
        // Where the head of an entry lies nobody knows, so it is read only for those whose sum can still win: letters raise a
        // sum by so much at most, and other words take away so much.
        let (mut best, mut least) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
        if met.len() > 4 * enough {
            sums.clear();
            sums.extend(met.slots().map(|slot| slot.sum));
            best = *sums.select_nth_unstable_by(enough - 1, |a, b| b.total_cmp(a)).1;
            let letters: f32 = initials.iter().map(|(_, weight)| weight * INITIAL).sum();
            least = best - letters - OTHERS * LETTERS as f32;
        }
        let rank = |slot: &Slot| {
            let head = authority.head(slot.entry);
            if kind.is_some_and(|kind| !kind.meets(kind_of(&head))) {
                return None;
            }
            let initials: f32 =
                initials.iter().filter(|(letter, _)| head[0] & letter != 0).map(|(_, weight)| weight).sum();
            // Of entries with the same words, those with few others are nearer.
            let others = head[0].count_ones() as f32;
            Some((slot.sum + initials * INITIAL - OTHERS * others, slot.entry))
        };
        let mut certain = 0;
        order.extend(met.slots().filter(|slot| slot.sum >= least).filter_map(|slot| {
            let ranked = rank(slot)?;
            certain += usize::from(slot.sum >= best);
            Some(ranked)
        }));
        if certain < enough && least > f32::NEG_INFINITY {
            // Some are of another kind.
            order.clear();
            order.extend(met.slots().filter_map(rank));
        }
        let better = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if order.len() > enough {
            order.select_nth_unstable_by(enough, better);
            order.truncate(enough);
        }
        order.sort_unstable_by(better);
        self.likes.sort_unstable_by_key(|like| (like.word, like.asked));
    }

    /// How much alike the best name of an entry is.
    fn compare(&self, authority: &Authority, entry: u32) -> f32 {
        let mut labels = authority.inner.texts.labels(entry);
        let mut best = 0.0_f32;
        let mut words = [0_u32; MOST_WORDS];
        while let Some(numbers) = labels.next_words() {
            let mut count = 0;
            let mut beyond = 0.0;
            for number in numbers {
                match words.get_mut(count) {
                    Some(word) => {
                        *word = number;
                        count += 1;
                    }
                    None => beyond += authority.weight(authority.inner.lexicon.entries(number).len()),
                }
            }
            best = best.max(self.align(authority, words.get(..count).unwrap_or_default(), beyond));
        }
        best
    }

    /// Sets the words of the name against those of another one.
    fn align(&self, authority: &Authority, words: &[u32], beyond: f32) -> f32 {
        let lexicon = &authority.inner.lexicon;
        let mut weights = [0.0_f32; MOST_WORDS];
        for (weight, word) in weights.iter_mut().zip(words) {
            *weight = authority.weight(lexicon.entries(*word).len());
        }
        let all: f32 =
            weights.iter().sum::<f32>() + self.asked.iter().map(|asked| asked.weight).sum::<f32>() + beyond;
        let (mut taken, mut answered) = (0_u32, 0_u32);
        let mut common = 0.0;
        let mut of_word: [&[Like]; MOST_WORDS] = [&[]; MOST_WORDS];
        for (likes, word) in of_word.iter_mut().zip(words) {
            let from = self.likes.partition_point(|like| like.word < *word);
            let behind = self.likes.get(from..).unwrap_or_default();
            let count = behind.iter().take_while(|like| like.word == *word).count();
            *likes = behind.get(..count).unwrap_or_default();
        }
        // The most alike pairs first; names have few words.
        loop {
            let mut best: Option<(f32, usize, usize)> = None;
            for (place, likes) in of_word.iter().enumerate().filter(|(place, _)| taken >> place & 1 == 0) {
                for like in *likes {
                    let asked = usize::from(like.asked);
                    if answered >> asked & 1 == 0 && best.is_none_or(|(alike, ..)| like.alike > alike) {
                        best = Some((like.alike, place, asked));
                    }
                }
            }
            let Some((alike, place, asked)) = best else { break };
            taken |= 1 << place;
            answered |= 1 << asked;
            let weight = weights[place] + self.asked.get(asked).map_or(0.0, |asked| asked.weight);
            common += alike * weight;
        }
        self.left_over(lexicon, words, &weights, (taken, answered), &mut common);
        if all > 0.0 { (common / all).min(1.0) } else { 0.0 }
    }

    /// What no word was found for: letters that stand for words, and words that are somewhat alike.
    fn left_over(
        &self,
        lexicon: &Lexicon,
        words: &[u32],
        weights: &[f32; MOST_WORDS],
        (mut taken, answered): (u32, u32),
        common: &mut f32,
    ) {
        for (number, asked) in self.asked.iter().enumerate().filter(|(number, _)| answered >> number & 1 == 0)
        {
            let mine = self.text.get(asked.text.clone()).unwrap_or_default();
            let letters = mine.chars().count();
            let mut best: Option<(f32, usize)> = None;
            for (place, word) in words.iter().enumerate().filter(|(place, _)| taken >> place & 1 == 0) {
                let other = lexicon.word(*word);
                let alone = other.chars().nth(1).is_none();
                let alike = if asked.initial != 0 || alone {
                    if letter(mine) == letter(other) { INITIAL } else { 0.0 }
                } else {
                    let pattern = self.patterns.get(number);
                    let most = letters.max(other.chars().count()).max(1) as f32;
                    let alike =
                        pattern.map_or(0.0, |pattern| 1.0 - pattern.distance(other.as_bytes()) as f32 / most);
                    if alike >= LEFT_OVER { alike * alike } else { 0.0 }
                };
                if alike > 0.0 && best.is_none_or(|(met, _)| alike > met) {
                    best = Some((alike, place));
                }
            }
            if let Some((alike, place)) = best {
                taken |= 1 << place;
                *common += alike * (asked.weight + weights.get(place).copied().unwrap_or_default());
            }
        }
    }
}

/// How many letters a word in UTF-8 has.
fn letters_of(word: &[u8]) -> usize {
    word.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// How much alike a word of the lexicon is; 0 when it is another one.
fn alike(pattern: &Pattern, letters: usize, other: &[u8]) -> f32 {
    let others = letters_of(other);
    let most = letters.max(others);
    let allowed = match most {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    if letters.abs_diff(others) > allowed {
        return 0.0;
    }
    let distance = pattern.distance(other);
    if distance > allowed { 0.0 } else { 1.0 - 1.1 * distance as f32 / most as f32 }
}

fn push(
    likes: &mut Vec<Like>,
    word: u32,
    asked: usize,
    alike: f32,
    lexicon: &Lexicon,
    authority: &Authority,
) {
    if alike > 0.0 {
        let counts = alike * authority.weight(lexicon.entries(word).len());
        likes.push(Like { word, asked: asked as u8, alike, counts });
    }
}

/// Entries that were met, with what they have so far.
#[derive(Debug, Default)]
struct Met {
    /// An open hash table of places in `slots`, plus one.
    table: Vec<u32>,
    slots: Vec<Slot>,
    best: f32,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    entry: u32,
    sum: f32,
    /// The word of the name that added last, as an entry counts once for each.
    turn: u8,
}

impl Met {
    fn clear(&mut self) {
        for slot in &self.slots {
            let mut place = Self::place(slot.entry, self.table.len());
            while self.table[place] != 0 {
                self.table[place] = 0;
                place = (place + 1) & (self.table.len() - 1);
            }
        }
        self.slots.clear();
        self.best = 0.0;
    }

    fn len(&self) -> usize {
        self.slots.len()
    }

    fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter()
    }

    fn place(entry: u32, size: usize) -> usize {
        (entry.wrapping_mul(0x9E37_79B1) >> 7) as usize & (size - 1)
    }

    fn grow(&mut self, by: usize) {
        let needed = (2 * (self.slots.len() + by)).next_power_of_two().max(1 << 10);
        if needed > self.table.len() {
            self.table.clear();
            self.table.resize(needed, 0);
            for (number, slot) in self.slots.iter().enumerate() {
                let mut place = Self::place(slot.entry, needed);
                while self.table[place] != 0 {
                    place = (place + 1) & (needed - 1);
                }
                self.table[place] = number as u32 + 1;
            }
        }
    }

    /// The place in the table where an entry stands or would stand.
    fn seek(&self, entry: u32) -> usize {
        let mut place = Self::place(entry, self.table.len());
        while let Some(number) = self.table[place].checked_sub(1) {
            if self.slots[number as usize].entry == entry {
                break;
            }
            place = (place + 1) & (self.table.len() - 1);
        }
        place
    }

    /// Adds to entries, met before or not.
    fn add(&mut self, entries: &[u32], counts: f32, turn: u8) {
        if entries.is_empty() {
            return;
        }
        self.grow(entries.len());
        for &entry in entries {
            let place = self.seek(entry);
            match self.table[place].checked_sub(1) {
                Some(number) => self.raise(number, counts, turn),
                None => {
                    self.slots.push(Slot { entry, sum: counts, turn });
                    self.table[place] = self.slots.len() as u32;
                }
            }
        }
    }

    /// Adds to those of the entries that were met before. Entries come in order.
    fn add_to_present(&mut self, entries: &[u32], counts: f32, turn: u8) {
        if self.slots.is_empty() || entries.is_empty() {
            return;
        }
        if entries.len() / 16 > self.slots.len() {
            for number in 0..self.slots.len() as u32 {
                if entries.binary_search(&self.slots[number as usize].entry).is_ok() {
                    self.raise(number, counts, turn);
                }
            }
        } else {
            for &entry in entries {
                let place = self.seek(entry);
                if let Some(number) = self.table[place].checked_sub(1) {
                    self.raise(number, counts, turn);
                }
            }
        }
    }

    /// The words of one turn come with those that count most first.
    fn raise(&mut self, number: u32, counts: f32, turn: u8) {
        let slot = &mut self.slots[number as usize];
        if slot.turn != turn {
            slot.turn = turn;
            slot.sum += counts;
        }
    }

    fn settle(&mut self) {
        self.best = self.slots.iter().map(|slot| slot.sum).fold(0.0, f32::max);
    }
}
