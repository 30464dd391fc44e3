//! The fields of one record that the rules ask for, and the conditions on them.

use super::rule::{Condition, Slot, Test};
use crate::Fields;
use graph_model::{Field, steps};

/// A field as a rule names it: its whole path, or the end of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) written: String,
    steps: Vec<String>,
}

impl Wanted {
    pub(super) fn new(written: &str) -> Self {
        Self { written: written.to_owned(), steps: steps(written).map(str::to_owned).collect() }
    }

    /// How many steps of the field were written; `None` when it is another one.
    fn fits(&self, field: &Field<'_>) -> Option<usize> {
        if field.path == self.written {
            return Some(field.occurrences.len());
        }
        // The quick look first: nearly every field ends otherwise.
        let last = self.steps.last()?;
        if !field.path.ends_with(last.as_str()) || self.steps.len() >= field.occurrences.len() {
            return None;
        }
        let same = field.steps().rev().zip(self.steps.iter().rev()).all(|(one, other)| one == other);
        same.then_some(self.steps.len())
    }
}

/// One occurrence of a field that a rule asks for.
#[derive(Debug)]
pub(super) struct Picked {
    pub(super) slot: Slot,
    pub(super) text: String,
    pub(super) language: Option<String>,
    /// The path with its positions.
    pub(super) path: String,
    steps: Vec<String>,
    occurrences: Vec<u32>,
    /// How many of the steps the rule names.
    written: usize,
}

/// The fields of one record that the rules ask for, in the order of the record.
pub(super) struct Picks<'w> {
    wanted: &'w [Wanted],
    pub(super) fields: Vec<Picked>,
}

impl<'w> Picks<'w> {
    pub(super) fn of(wanted: &'w [Wanted], fields: &Fields<'_>) -> Self {
        let mut picks = Self { wanted, fields: Vec::new() };
        if !wanted.is_empty() {
            fields(&mut |field| {
                for (slot, wanted) in wanted.iter().enumerate() {
                    if let Some(written) = wanted.fits(field) {
                        let mut path = String::with_capacity(field.path.len() + 3);
                        field.positioned(&mut path);
                        picks.fields.push(Picked {
                            slot,
                            text: field.text.to_owned(),
                            language: field.language.map(str::to_owned),
                            path,
                            steps: field.steps().map(str::to_owned).collect(),
                            occurrences: field.occurrences.to_vec(),
                            written,
                        });
                    }
                }
            });
        }
        picks
    }

    /// The occurrences of a field.
    pub(super) fn each(&self, slot: Slot) -> impl Iterator<Item = &Picked> {
        self.fields.iter().filter(move |field| field.slot == slot)
    }

    /// The occurrences of a field that stand in the same thing as another one; all of them where there is none.
    fn beside<'p>(&'p self, slot: Slot, of: Option<Of<'p>>) -> impl Iterator<Item = &'p Picked> {
        let other = &self.wanted[slot];
        self.each(slot).filter(move |field| match of {
            None => true,
            Some(Of::Field(main)) => same_thing(main, &self.wanted[main.slot], field, other),
            Some(Of::Place(place)) => stands_at(place, field),
        })
    }

    /// What a field tells about the same thing as another one.
    pub(super) fn told<'p>(&'p self, slot: Slot, of: Option<Of<'p>>) -> Option<&'p str> {
        self.beside(slot, of).next().map(|field| field.text.as_str())
    }

    /// Whether all conditions hold, for the record or for the thing that the field or statement belongs to.
    pub(super) fn hold(&self, conditions: &[Condition], of: Option<Of<'_>>) -> bool {
        conditions.iter().all(|condition| {
            let any =
                |test: &dyn Fn(&str) -> bool| self.beside(condition.slot, of).any(|field| test(&field.text));
            let among = |list: &[String], test: &dyn Fn(&str, &str) -> bool| {
                any(&|text| list.iter().any(|one| test(text, one)))
            };
            match &condition.test {
                Test::Is(list) => among(list, &|text, one| text == one),
                Test::IsNot(list) => !among(list, &|text, one| text == one),
                Test::StartsWith(list) => among(list, &|text, one| text.starts_with(one)),
                Test::EndsWith(list) => among(list, &|text, one| text.ends_with(one)),
                Test::Contains(list) => among(list, &|text, one| text.contains(one)),
                Test::Matches(pattern) => any(&|text| pattern.is_match(text)),
                Test::Present => any(&|_| true),
                Test::Absent => !any(&|_| true),
            }
        })
    }
}

/// What a condition is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of<'p> {
    /// An occurrence of a field.
    Field(&'p Picked),
    /// A statement, by its place.
    Place(&'p str),
}

/// Whether two fields stand in one thing, which is what the paths that the rules name have in common: `650` of `650$a` and
/// `650$2`. Where they have nothing in common it is the record.
fn same_thing(main: &Picked, main_as: &Wanted, field: &Picked, as_: &Wanted) -> bool {
    let written = |picked: &Picked, wanted: &Wanted| {
        if picked.written == wanted.steps.len() { wanted.steps.clone() } else { picked.steps.clone() }
    };
    let (one, other) = (written(main, main_as), written(field, as_));
    let common = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    if common == 0 {
        return true;
    }
    let depth = main.steps.len() - one.len() + common;
    field.steps.len() - other.len() + common == depth
        && main.steps[..depth] == field.steps[..depth]
        && main.occurrences[..depth] == field.occurrences[..depth]
}

/// Whether a field stands in the thing that the place of a statement is in: `650[2]$2` in that of `650[2]$a`. A place
/// that names no step of the field's path is in the record, and so is the field.
fn stands_at(place: &str, field: &Picked) -> bool {
    let at_code = place.contains('$');
    let mut steps = steps(place).peekable();
    let Some(first) = steps.peek().map(|first| split(first).0) else { return true };
    let Some(from) = field.steps.iter().position(|step| step == first) else { return true };
    for (step, (name, occurrence)) in steps.zip(field.steps[from..].iter().zip(&field.occurrences[from..])) {
        let (met, number) = split(step);
        if met != name {
            return true;
        }
        // In MARC a place without a number is the first field with the tag; elsewhere it may be any.
        let number = number.or(at_code.then_some(1));
        if number.is_some_and(|number| number != *occurrence) {
            return false;
        }
    }
    true
}

fn split(step: &str) -> (&str, Option<u32>) {
    let name = step.split('[').next().unwrap_or(step);
    let name = name.split_once(':').filter(|_| !name.starts_with('@')).map_or(name, |(_, name)| name);
    let number = step.split_once('[').and_then(|(_, rest)| rest.trim_end_matches(']').parse().ok());
    (name, number)
}
