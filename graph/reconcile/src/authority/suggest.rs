//! What somebody may be typing.

use super::{Authority, EntryId};
use crate::Kind;
use crate::names::{self, Name};

/// So many places of words are looked at.
const MOST_PLACES: usize = 20_000;

impl Authority {
    /// Entries with a name that has all the words and one that begins with the last letters typed, for type-ahead: in any
    /// language, without diacritics and case. Names that begin with them come first, then short ones.
    #[must_use]
    pub fn suggest(&self, prefix: &str, kind: Option<Kind>, limit: usize) -> Vec<EntryId> {
        let folded = names::fold(prefix);
        let name = Name::plain(prefix);
        let words: Vec<&str> = name.tokens().collect();
        let Some((last, whole)) = words.split_last() else { return Vec::new() };
        let lexicon = &self.inner.lexicon;
        // A word that is not whole may be spelt otherwise than the whole one: its folded letters are tried, too.
        let as_typed = folded.rsplit(' ').next().unwrap_or_default();
        let mut found: Vec<u32> = Vec::new();
        for letters in [*last, as_typed] {
            let entries = lexicon.entries_of_all(lexicon.beginning(letters));
            found.extend_from_slice(entries.get(..entries.len().min(MOST_PLACES)).unwrap_or_default());
        }
        found.sort_unstable();
        found.dedup();
        for word in whole {
            let Some(word) = lexicon.find(word) else { return Vec::new() };
            let entries = lexicon.entries(word);
            found.retain(|entry| entries.binary_search(entry).is_ok());
        }
        let mut ranked: Vec<(u8, usize, u32)> = found
            .into_iter()
            .filter(|entry| self.is_of(*entry, kind))
            .filter_map(|entry| {
                let fits = self.inner.texts.labels(entry).filter_map(|label| {
                    let text = names::fold(&label.text);
                    let place = if text.starts_with(&folded) {
                        0
                    } else if all_begin(&text, &folded) {
                        1
                    } else {
                        2
                    };
                    Some((place, text.len())).filter(|_| place < 2 || *last != as_typed)
                });
                fits.min().map(|(place, length)| (place, length, entry))
            })
            .collect();
        ranked.sort_unstable();
        ranked.into_iter().take(limit).map(|(_, _, entry)| EntryId(entry)).collect()
    }
}

/// Whether each of the words begins a word of the text.
fn all_begin(text: &str, words: &str) -> bool {
    words.split(' ').all(|word| text.split(' ').any(|other| other.starts_with(word)))
}
