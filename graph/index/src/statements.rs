//! The statements of a generation, each once, as sorted columns.
//!
//! The default graph of a query without a dataset is the union of all graphs, which is a set: a statement that three
//! graphs make is one. So it stands here once, with the number of the *set* of graphs that make it. For each property
//! there are two lists: by subject (subject, object, graphs) and by object (object, subject, graphs), each as three
//! columns of all properties after one another. Nearly all patterns of queries have a property; for those that have none
//! each subject and each object knows the set of its properties, and the lists of these are asked one by one. Such sets
//! (*characteristic sets*) are few, as things of one kind are described alike.

use crate::error::IndexError;
use crate::map::{Column, Folder};
use crate::terms::TermId;
use std::ops::Range;

/// Key, value and graphs of all properties, by subject: u32 each.
pub(crate) const BY_SUBJECT: [&str; 3] = ["by-subject.subjects", "by-subject.objects", "by-subject.graphs"];
/// The same by object.
pub(crate) const BY_OBJECT: [&str; 3] = ["by-object.objects", "by-object.subjects", "by-object.graphs"];
/// For each property [`Row`]'s numbers: u64.
pub(crate) const PROPERTIES: &str = "properties";
pub(crate) const SUBJECT_SETS: [&str; 4] =
    ["subjects.sets", "subjects.set-ends", "subjects.set-members", "subjects.set-counts"];
pub(crate) const OBJECT_SETS: [&str; 4] =
    ["objects.sets", "objects.set-ends", "objects.set-members", "objects.set-counts"];

/// Where a property's statements stand in the columns, and how many subjects and objects they have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) property: u32,
    pub(crate) start: u64,
    pub(crate) statements: u64,
    pub(crate) subjects: u32,
    pub(crate) objects: u32,
}

/// The distinct statements of all graphs.
#[derive(Debug, Clone)]
pub struct Statements {
    properties: Vec<u32>,
    rows: Vec<Row>,
    by_subject: [Column<u32>; 3],
    by_object: [Column<u32>; 3],
    subjects: Sets,
    objects: Sets,
}

impl Statements {
    pub(crate) fn open(folder: &Folder) -> Result<Self, IndexError> {
        let open = |names: [&str; 3]| -> Result<_, IndexError> {
            Ok([folder.column(names[0])?, folder.column(names[1])?, folder.column(names[2])?])
        };
        let by_subject: [Column<u32>; 3] = open(BY_SUBJECT)?;
        let by_object: [Column<u32>; 3] = open(BY_OBJECT)?;
        let all = by_subject[0].len();
        for (column, name) in by_subject.iter().chain(&by_object).zip(BY_SUBJECT.iter().chain(&BY_OBJECT)) {
            if column.len() != all {
                let reason = format!("{} entries where {all} are expected", column.len());
                return Err(IndexError::damaged(&folder.path(name), reason));
            }
        }
        let rows = Row::read(folder, all as u64)?;
        let properties = rows.iter().map(|row| row.property).collect();
        let (subjects, objects) = (Sets::open(folder, SUBJECT_SETS)?, Sets::open(folder, OBJECT_SETS)?);
        Ok(Self { properties, rows, by_subject, by_object, subjects, objects })
    }

    /// How many statements there are, each counted once.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.by_subject[0].len() as u64
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The properties that have statements, in order.
    #[must_use]
    pub fn predicates(&self) -> &[u32] {
        &self.properties
    }

    /// The statements of a property: keys are subjects, values objects; sorted by both.
    #[must_use]
    pub fn by_subject(&self, predicate: TermId) -> Pairs<'_> {
        self.pairs(predicate, &self.by_subject)
    }

    /// The statements of a property: keys are objects, values subjects; sorted by both.
    #[must_use]
    pub fn by_object(&self, predicate: TermId) -> Pairs<'_> {
        self.pairs(predicate, &self.by_object)
    }

    /// How many statements a property has.
    #[must_use]
    pub fn count(&self, predicate: TermId) -> u64 {
        self.row(predicate).map_or(0, |row| row.statements)
    }

    /// How many different subjects a property has.
    #[must_use]
    pub fn distinct_subjects(&self, predicate: TermId) -> u32 {
        self.row(predicate).map_or(0, |row| row.subjects)
    }

    /// How many different objects a property has.
    #[must_use]
    pub fn distinct_objects(&self, predicate: TermId) -> u32 {
        self.row(predicate).map_or(0, |row| row.objects)
    }

    /// The properties of a subject, in order: its characteristic set.
    #[must_use]
    pub fn predicates_of_subject(&self, subject: TermId) -> &[u32] {
        self.subjects.of(subject)
    }

    /// The properties by which something points at the term, in order.
    #[must_use]
    pub fn predicates_of_object(&self, object: TermId) -> &[u32] {
        self.objects.of(object)
    }

    /// All characteristic sets, with the number of the subjects that have exactly these properties.
    pub fn characteristic_sets(&self) -> impl Iterator<Item = (&[u32], u64)> {
        self.subjects.all()
    }

    /// All sets of properties that point at terms, with the number of these terms.
    pub fn object_sets(&self) -> impl Iterator<Item = (&[u32], u64)> {
        self.objects.all()
    }

    fn row(&self, predicate: TermId) -> Option<&Row> {
        self.rows.get(self.properties.binary_search(&predicate.0).ok()?)
    }

    fn pairs<'a>(&self, predicate: TermId, columns: &'a [Column<u32>; 3]) -> Pairs<'a> {
        let Some(row) = self.row(predicate) else { return Pairs::default() };
        // That rows lie within the columns was tried at the opening.
        let range = row.start as usize..(row.start + row.statements) as usize;
        let [keys, values, graphs] = columns;
        match (keys.get(range.clone()), values.get(range.clone()), graphs.get(range)) {
            (Some(keys), Some(values), Some(graphs)) => Pairs { keys, values, graphs },
            _ => Pairs::default(),
        }
    }
}

impl Row {
    pub(crate) fn numbers(self) -> [u64; 5] {
        [self.property.into(), self.start, self.statements, self.subjects.into(), self.objects.into()]
    }

    fn read(folder: &Folder, all: u64) -> Result<Vec<Self>, IndexError> {
        let column = folder.column::<u64>(PROPERTIES)?;
        let damaged = |reason: String| IndexError::damaged(&folder.path(PROPERTIES), reason);
        let (rows, rest) = column.as_chunks::<5>();
        if !rest.is_empty() {
            return Err(damaged(format!("{} entries are no whole rows of 5", column.len())));
        }
        let mut read: Vec<Self> = Vec::with_capacity(rows.len());
        let mut end = 0;
        for &[property, start, statements, subjects, objects] in rows {
            let small = |number: u64| {
                u32::try_from(number)
                    .map_err(|_| damaged(format!("{number} where an id or a count is expected")))
            };
            let row = Self {
                property: small(property)?,
                start,
                statements,
                subjects: small(subjects)?,
                objects: small(objects)?,
            };
            let sorted = read.last().is_none_or(|last| last.property < row.property);
            end = start.checked_add(statements).filter(|_| start == end && sorted).ok_or_else(|| {
                damaged(format!("the row of property {property} does not follow the one before it"))
            })?;
            read.push(row);
        }
        if end == all { Ok(read) } else { Err(damaged(format!("{end} statements, the columns have {all}"))) }
    }
}

/// The statements of one property, or some of them. The columns have one length.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pairs<'a> {
    /// The term by which they are sorted first.
    pub keys: &'a [u32],
    /// The term by which they are sorted then.
    pub values: &'a [u32],
    /// The set of graphs that state it: [`Graphs::set`](crate::Graphs::set).
    pub graphs: &'a [u32],
}

impl<'a> Pairs<'a> {
    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.keys.is_empty()
    }

    /// Those at these places.
    #[must_use]
    pub fn slice(self, places: Range<usize>) -> Self {
        match (self.keys.get(places.clone()), self.values.get(places.clone()), self.graphs.get(places)) {
            (Some(keys), Some(values), Some(graphs)) => Self { keys, values, graphs },
            _ => Self::default(),
        }
    }

    /// Those with the key.
    #[must_use]
    pub fn of(self, key: u32) -> Self {
        let start = self.keys.partition_point(|other| *other < key);
        let end = gallop(self.keys, start, |other| other <= key);
        self.slice(start..end)
    }

    /// Those whose key is in the range.
    #[must_use]
    pub fn range(self, keys: Range<u32>) -> Self {
        let start = self.keys.partition_point(|other| *other < keys.start);
        let end = self.keys.partition_point(|other| *other < keys.end);
        self.slice(start..end.max(start))
    }

    /// The one with the key and the value, as its place.
    #[must_use]
    pub fn place(self, key: u32, value: u32) -> Option<usize> {
        let start = self.keys.partition_point(|other| *other < key);
        let end = gallop(self.keys, start, |other| other <= key);
        let place = self.values.get(start..end)?.binary_search(&value).ok()?;
        Some(start + place)
    }

    /// The first place at or behind `from` whose key is not below: quick when it is near.
    #[must_use]
    pub fn seek(self, from: usize, key: u32) -> usize {
        gallop(self.keys, from, |other| other < key)
    }
}

/// The first place at or behind `from` where the condition, which holds up to some place, does not hold.
fn gallop(column: &[u32], from: usize, holds: impl Fn(u32) -> bool) -> usize {
    let (mut low, mut step) = (from.min(column.len()), 1);
    while column.get(low + step - 1).is_some_and(|number| holds(*number)) {
        low += step;
        step *= 2;
    }
    let high = (low + step - 1).min(column.len());
    low + column.get(low..high).map_or(0, |rest| rest.partition_point(|number| holds(*number)))
}

/// A set of properties for each of many terms.
#[derive(Debug, Clone)]
struct Sets {
    /// By term, the number of its set; 0 is the empty one.
    of: Column<u32>,
    /// Where the members of each set end.
    ends: Column<u32>,
    members: Column<u32>,
    counts: Column<u64>,
}

impl Sets {
    fn open(folder: &Folder, names: [&str; 4]) -> Result<Self, IndexError> {
        let sets = Self {
            of: folder.column(names[0])?,
            ends: folder.column(names[1])?,
            members: folder.column(names[2])?,
            counts: folder.column(names[3])?,
        };
        if sets.ends.len() == sets.counts.len() {
            Ok(sets)
        } else {
            Err(IndexError::damaged(&folder.path(names[1]), "it has not as many sets as are counted"))
        }
    }

    fn of(&self, term: TermId) -> &[u32] {
        self.of.get(term.0 as usize).map_or(&[], |set| self.members(*set as usize))
    }

    fn members(&self, set: usize) -> &[u32] {
        members(&self.ends, &self.members, set)
    }

    fn all(&self) -> impl Iterator<Item = (&[u32], u64)> {
        (1..self.ends.len()).map(|set| (self.members(set), self.counts.get(set).copied().unwrap_or_default()))
    }
}

/// The members of a set, all sets' members standing after one another.
pub(crate) fn members<'a>(ends: &[u32], members: &'a [u32], set: usize) -> &'a [u32] {
    let start = set.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or_default();
    let end = ends.get(set).copied().unwrap_or_default();
    members.get(start as usize..end as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn galloping_finds_what_bisection_finds() {
        let column = [1, 1, 2, 4, 4, 4, 4, 7, 9, 9, 12, 30, 30, 31];
        for from in 0..=column.len() + 1 {
            for key in 0..33 {
                let expected = column.partition_point(|other| *other < key).max(from.min(column.len()));
                assert_eq!(gallop(&column, from, |other| other < key), expected, "{key} from {from}");
            }
        }
    }
}
