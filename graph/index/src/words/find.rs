//! A search for words, the best texts first.
//!
//! A query is words: a text is found when it has all of them, in any order and case. `kalev*` is any word that begins so;
//! `kalevala~` is the word or one that differs in one letter (another, one more, one less, or two changed about). Words
//! are runs of letters and digits (Unicode's alphabetic and numeric characters, and marks after them).
//!
//! The rank of a text is the share of its words that were asked for, a word that was met as it was asked counting
//! twice one that was met by its beginning or with a letter wrong; then comes the order of terms. It depends on the text
//! alone, so that the same text has the same rank in every generation.

use super::Words;
use super::fold::fold;
use crate::terms::{TermId, Terms};
use std::ops::Range;

/// How a word is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Exact,
    Prefix,
    Fuzzy,
}

/// Words to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    words: Vec<(Vec<char>, Mode)>,
}

/// A text that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The text.
    pub id: TermId,
    /// Above 0, at most 1.
    pub score: f64,
}

impl Search {
    /// Reads a query; without a word in it, it finds nothing.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let folded = fold(query);
        let mut words = Vec::new();
        for range in ranges(&folded) {
            let mode = match folded.get(range.end) {
                Some('*') => Mode::Prefix,
                Some('~') => Mode::Fuzzy,
                _ => Mode::Exact,
            };
            let word = (folded[range].to_vec(), mode);
            if !words.contains(&word) {
                words.push(word);
            }
        }
        Self { words }
    }

    /// The rank of a text; `None` when it lacks a word. `text` is folded.
    fn score(&self, text: &[char]) -> Option<f64> {
        let (mut count, mut weight) = (0_u32, 0_u32);
        let mut best = vec![0_u32; self.words.len()];
        for range in ranges(text) {
            let word = &text[range];
            count += 1;
            let mut of_word = 0;
            for ((asked, mode), best) in self.words.iter().zip(&mut best) {
                let met = match mode {
                    _ if word == asked => 2,
                    Mode::Prefix if word.starts_with(asked) => 1,
                    Mode::Fuzzy if differs_by_one(word, asked) => 1,
                    _ => 0,
                };
                *best = met.max(*best);
                of_word = met.max(of_word);
            }
            weight += of_word;
        }
        let all = !best.is_empty() && best.iter().all(|met| *met > 0);
        all.then(|| f64::from(weight) / f64::from(2 * count))
    }
}

impl Words {
    /// The best texts, at most `limit` of them; `poll` is asked now and then whether to go on.
    ///
    /// # Errors
    /// Those of `poll`.
    pub fn find<E>(
        &self,
        terms: &Terms,
        search: &Search,
        limit: usize,
        mut poll: impl FnMut() -> Result<(), E>,
    ) -> Result<Vec<Found>, E> {
        let mut found = Vec::new();
        if search.words.is_empty() || limit == 0 {
            return Ok(found);
        }
        let mut reader = terms.reader();
        for range in self.places(search) {
            poll()?;
            for id in range {
                if id % 4_096 == 0 {
                    poll()?;
                }
                let id = TermId(id);
                if let Some(score) = reader.with_text(id, |text, _, _| search.score(&fold(text))) {
                    found.push(Found { id, score });
                }
            }
            if found.len() >= limit.saturating_mul(4).max(65_536) {
                best(&mut found, limit);
            }
        }
        best(&mut found, limit);
        Ok(found)
    }

    /// What reading all of some texts finds.
    #[cfg(test)]
    pub(super) fn find_in(&self, terms: &Terms, search: &Search, ids: Range<u32>) -> Vec<Found> {
        let score = |id| terms.with_text(TermId(id), |text, _, _| search.score(&fold(text)));
        ids.filter_map(|id| score(id).map(|score| Found { id: TermId(id), score })).collect()
    }

    /// Where all the words can be.
    fn places(&self, search: &Search) -> Vec<Range<u32>> {
        let all = self.texts.len();
        let lists = search.words.iter().filter_map(|(word, mode)| match mode {
            Mode::Exact | Mode::Prefix => self.candidates(std::slice::from_ref(word), all),
            Mode::Fuzzy => {
                // Whatever letter is wrong, one of two halves is right, or two letters were changed about where they meet.
                let middle = word.len() / 2;
                let (first, second) = (&word[..middle], &word[middle..]);
                let mut swapped = word.clone();
                if middle > 0 {
                    swapped.swap(middle - 1, middle);
                }
                self.candidates(&[first.to_vec(), second.to_vec(), swapped], all)
            }
        });
        lists.reduce(|a, b| meet(&a, &b)).unwrap_or_else(|| std::iter::once(self.texts.clone()).collect())
    }
}

/// What is in both lists.
fn meet(a: &[Range<u32>], b: &[Range<u32>]) -> Vec<Range<u32>> {
    let (mut n, mut m, mut both) = (0, 0, Vec::new());
    while let (Some(one), Some(other)) = (a.get(n), b.get(m)) {
        let (start, end) = (one.start.max(other.start), one.end.min(other.end));
        if start < end {
            both.push(start..end);
        }
        if one.end < other.end { n += 1 } else { m += 1 }
    }
    both
}

fn best(found: &mut Vec<Found>, limit: usize) {
    found.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    found.truncate(limit);
}

/// Where the words of a text are.
fn ranges(text: &[char]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.iter().position(|letter| letter.is_alphanumeric())?;
        // Marks above and below letters belong to them.
        let mark = |letter: &char| matches!(letter, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}');
        let length = text[start..].iter().position(|letter| !letter.is_alphanumeric() && !mark(letter));
        at = length.map_or(text.len(), |length| start + length);
        Some(start..at)
    })
}

/// Whether two different words differ by one letter that is other, more or less, or by two neighbours changed about.
fn differs_by_one(a: &[char], b: &[char]) -> bool {
    let (a, b) = if a.len() < b.len() { (b, a) } else { (a, b) };
    if a.len() - b.len() > 1 {
        return false;
    }
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (a.len() - start - end, b.len() - start - end);
    (left, right) == (1, 1)
        || (left, right) == (1, 0)
        || (left, right) == (2, 2) && a[start] == b[start + 1] && a[start + 1] == b[start]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(query: &str, text: &str) -> Option<f64> {
        Search::parse(query).score(&fold(text))
    }

    #[test]
    fn words_are_met_whole_by_their_beginning_or_with_one_letter_wrong() {
        assert_eq!(score("kalevala", "Kalevala"), Some(1.0));
        assert_eq!(score("kalevala", "Kalevalan runot"), None);
        assert_eq!(score("kalev*", "KALEVALAN runot"), Some(0.25));
        assert_eq!(score("kalevala~", "Kalevela"), Some(0.5));
        assert_eq!(score("kalevala~", "Klaevala"), Some(0.5));
        assert_eq!(score("kalevala~", "Kalevalaa"), Some(0.5));
        assert_eq!(score("kalevala~", "Kalvela"), None);
        assert_eq!(score("suomen kansan", "Suomen kansan vanhat runot"), Some(0.5));
        assert_eq!(score("Київ", "м. КИЇВ, Україна"), Some(1.0 / 3.0));
        assert_eq!(score("straße", "STRASSE"), Some(1.0));
        assert_eq!(score("!?", "anything"), None);
        assert_eq!(score("", ""), None);
    }
}
