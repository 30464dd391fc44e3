//! Titles while somebody types.

use super::Items;
use super::answer::{Asked, Sort};
use super::letters::sorting;
use crate::TermId;
use crate::error::IndexError;

/// So many titles that begin alike are looked at.
const MOST: usize = 512;
/// From so many letters on, words within titles are looked for, too.
const ENOUGH: usize = 3;

/// A title that begins so, or has the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Title {
    /// The item.
    pub item: u32,
    /// The term of the item.
    pub id: TermId,
    /// The title that was met; `None` where any of the item's may be.
    pub title: Option<TermId>,
}

impl Items {
    /// Items with a title that begins so, in any language, in the order of titles; then those that have the words.
    ///
    /// # Errors
    /// As [`Items::search`].
    pub fn titles(
        &self,
        beginning: &str,
        count: usize,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Vec<Title>, IndexError> {
        let mut key = String::new();
        sorting(beginning, &mut key);
        let mut found: Vec<Title> = Vec::new();
        if key.is_empty() {
            return Ok(found);
        }
        let (_, ends, rows) = &self.inner.titles;
        // A bisection by hand: keys have different lengths.
        let (mut low, mut high) = (0, ends.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.title_key(middle) < key.as_bytes() { low = middle + 1 } else { high = middle }
        }
        for (place, [item, title]) in rows.iter().enumerate().skip(low).take(MOST) {
            if found.len() == count || !self.title_key(place).starts_with(key.as_bytes()) {
                break;
            }
            let new = !found.iter().any(|other| other.item == *item);
            if let Some(id) = self.id(*item).filter(|_| new) {
                found.push(Title { item: *item, id, title: Some(TermId(*title)) });
            }
        }
        if found.len() < count && beginning.trim().chars().count() >= ENOUGH {
            let asked =
                Asked { text: beginning, only_titles: true, count, sort: Sort::Best, ..Asked::default() };
            for hit in self.search(&asked, go_on)?.hits {
                if found.len() < count && !found.iter().any(|other| other.item == hit.item) {
                    found.push(Title { item: hit.item, id: hit.id, title: None });
                }
            }
        }
        Ok(found)
    }

    /// The items one of whose titles is just this, in order of their numbers.
    pub(super) fn entitled(&self, title: &str) -> Vec<u32> {
        let mut key = String::new();
        sorting(title, &mut key);
        let (_, ends, rows) = &self.inner.titles;
        let (mut low, mut high) = (0, ends.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.title_key(middle) < key.as_bytes() { low = middle + 1 } else { high = middle }
        }
        let same = (low..rows.len()).take_while(|place| self.title_key(*place) == key.as_bytes());
        let mut items: Vec<u32> = same.filter_map(|place| rows.get(place)).map(|[item, _]| *item).collect();
        items.sort_unstable();
        items.dedup();
        items
    }

    fn title_key(&self, place: usize) -> &[u8] {
        let (keys, ends, _) = &self.inner.titles;
        let start = place.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or_default();
        let end = ends.get(place).copied().unwrap_or_default();
        keys.get(start as usize..end as usize).unwrap_or_default()
    }
}
