//! Where letters stand: which texts can contain what is looked for.
//!
//! For every run of three letters that occurs in a string or a text with a language, without its case (`fold.rs`), there
//! is the list of the dictionary's blocks (sixteen terms each) with a text that has it (`grams.rs`). A text that contains
//! a pattern contains all its runs, so the blocks that are in all lists hold every text that contains it, and a few
//! others; whoever asks looks at the texts themselves. Patterns of two letters are the runs that begin with them; one
//! letter tells too little.
//!
//! The same lists serve a search for words (`find.rs`): a text that has a word has its letters, and one that
//! has it with one letter wrong has one half of it.
//!
//! Blocks rather than texts are listed as the dictionary is read by blocks anyway: neighbours begin alike, so that a block
//! has few more runs than a text, and the lists take a fraction of the room. tantivy's n-grams were not taken: its segments
//! bear random names, and the same quads must make the same bytes.
//!
//! Deliberately not here: diacritics. *ä* is not *a* in the languages that have it, and no language is guessed.

mod find;
mod fold;
mod grams;

pub use find::{Found, Search};
pub use fold::{fold, fold_char};
pub(crate) use grams::{BLOCKS, GRAMS, PLACES, write};

use crate::error::IndexError;
use crate::map::Folder;
use crate::terms::{BLOCK, Terms};
use grams::Grams;
use std::ops::Range;

/// Where letters stand in the texts of an index.
#[derive(Debug, Clone)]
pub struct Words {
    grams: Grams,
    texts: Range<u32>,
}

impl Words {
    pub(crate) fn open(folder: &Folder, terms: &Terms) -> Result<Self, IndexError> {
        Ok(Self { grams: Grams::open(folder)?, texts: grams::texts(terms) })
    }

    /// The ids of texts: strings, with and without a language.
    #[must_use]
    pub fn texts(&self) -> Range<u32> {
        self.texts.clone()
    }

    /// Ranges of ids, rising, outside which no text contains any of the patterns, whatever the case of either; `None`
    /// when the patterns tell too little, or it would be more than `most` ids.
    #[must_use]
    pub fn candidates(&self, patterns: &[Vec<char>], most: usize) -> Option<Vec<Range<u32>>> {
        let most = most / BLOCK as usize;
        let mut blocks = Vec::new();
        for pattern in patterns {
            blocks.extend(self.grams.blocks(pattern, most)?);
        }
        blocks.sort_unstable();
        blocks.dedup();
        (blocks.len() <= most).then(|| self.ranges(&blocks))
    }

    fn ranges(&self, blocks: &[u32]) -> Vec<Range<u32>> {
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for block in blocks {
            let start = block.saturating_mul(BLOCK).max(self.texts.start);
            let end = block.saturating_add(1).saturating_mul(BLOCK).min(self.texts.end);
            match ranges.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ if start < end => ranges.push(start..end),
                _ => {}
            }
        }
        ranges
    }
}

#[cfg(test)]
mod tests;
