//! The sets of properties of many terms, grown property by property.
//!
//! Statements come sorted by property. So a term's set grows by appending: the sets form a tree in which a child has one
//! more property than its parent, and each term holds where it is in the tree.

use crate::error::IndexError;
use crate::output::Output;
use std::collections::HashMap;
use std::path::Path;

pub(crate) struct Sets {
    /// By term, its place in the tree; 0 is the root, the empty set.
    at: Vec<u32>,
    children: HashMap<(u32, u32), u32>,
    /// The parent and the last property of each place but the root.
    places: Vec<(u32, u32)>,
    /// The last step that was made: the next term is likely to make the same.
    last: ((u32, u32), u32),
}

impl Sets {
    pub(crate) fn new(terms: u32) -> Self {
        let none = ((u32::MAX, u32::MAX), 0);
        Self { at: vec![0; terms as usize], children: HashMap::new(), places: Vec::new(), last: none }
    }

    /// Appends a property to a term's set. Properties come in order, each once for a term.
    pub(crate) fn append(&mut self, term: u32, property: u32) {
        let Some(at) = self.at.get_mut(term as usize) else { return };
        let step = (*at, property);
        if self.last.0 != step {
            let next = self.places.len() as u32 + 1;
            let child = *self.children.entry(step).or_insert(next);
            if child == next {
                self.places.push(step);
            }
            self.last = (step, child);
        }
        *at = self.last.1;
    }

    /// Writes the sets that terms have in the end, numbered from 1 as terms have them.
    pub(crate) fn write(self, folder: &Path, names: [&str; 4]) -> Result<(), IndexError> {
        let mut of = Output::create(folder, names[0])?;
        let mut ends = Output::create(folder, names[1])?;
        let mut members = Output::create(folder, names[2])?;
        let mut counts = Output::create(folder, names[3])?;
        let mut numbers = vec![0_u32; self.places.len() + 1];
        let mut tally = vec![0_u64];
        let mut order = Vec::new();
        // What is behind the last one with a set has none: literals are no subjects.
        let used = self.at.iter().rposition(|at| *at != 0).map_or(0, |last| last + 1);
        for &at in &self.at[..used] {
            let number = &mut numbers[at as usize];
            if at != 0 && *number == 0 {
                *number = tally.len() as u32;
                tally.push(0);
                order.push(at);
            }
            tally[*number as usize] += 1;
            of.u32(*number)?;
        }
        ends.u32(0)?;
        let mut end = 0;
        let mut set = Vec::new();
        for mut at in order {
            set.clear();
            while let Some(&(parent, property)) =
                (at as usize).checked_sub(1).and_then(|at| self.places.get(at))
            {
                set.push(property);
                at = parent;
            }
            for property in set.iter().rev() {
                members.u32(*property)?;
            }
            end += set.len() as u32;
            ends.u32(end)?;
        }
        for count in tally {
            counts.u64(count)?;
        }
        [of, ends, members, counts].into_iter().try_for_each(Output::finish)
    }
}
