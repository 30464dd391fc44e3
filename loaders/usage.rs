//! How often each field of the source was met and how often nothing came of it, over many records: what the report on
//! coverage shows.
//!
//! Records of one source name the same few hundred places and have the same few hundred fields, so whether a place
//! tells of a field is found out once for each pair and remembered.

use crate::Fields;
use crate::coverage::{FieldUse, Places, issue_places};
use graph_model::{Document, Field};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// How many fields are told apart; what goes beyond is counted together.
const FIELDS: usize = 20_000;
/// How many places are remembered; what goes beyond is looked at anew each time.
const PLACES: usize = 20_000;
/// The name under which fields beyond the limit are counted.
const OTHERS: &str = "(others)";
/// How many characters of an example are kept.
const EXAMPLE: usize = 200;

/// One field of the source over many records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldCount {
    /// The field's path, without positions.
    pub field: String,
    /// Records that have it.
    pub records: u64,
    /// How often it stands in all records.
    pub met: u64,
    /// How often nothing came of it, neither statement nor issue.
    pub unused: u64,
    /// The first text of which nothing came, cut at 200 characters; empty when there is none.
    pub example: String,
    /// The number of the record that the example stands in.
    example_record: u64,
}

/// The fields of many records, counted.
#[derive(Debug, Default)]
pub struct Usage {
    places: HashMap<Box<str>, usize>,
    fields: HashMap<Box<str>, usize>,
    rows: Vec<FieldCount>,
    /// For each field, what each place tells of it, as far as that was found out.
    told: Vec<Vec<Option<FieldUse>>>,
    /// For each field, the record that it was met in last and what the places of that record tell of it.
    last: Vec<(u64, FieldUse)>,
    counted: u64,
    here: Vec<usize>,
}

/// Counts that several threads add to. Which thread counts which record makes no difference to the outcome.
#[derive(Debug)]
pub struct SharedUsage {
    before: u64,
    shards: Vec<Mutex<Usage>>,
}

impl SharedUsage {
    /// Counts for a file with so many records before it.
    #[must_use]
    pub fn new(before: u64) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self { before, shards: (0..threads).map(|_| Mutex::default()).collect() }
    }

    /// Counts the fields of the record with this number in its file, from 1.
    pub fn count(&self, record: u64, fields: &Fields<'_>, document: &Document) {
        self.free().count(self.before + record, fields, document);
    }

    /// All that was counted.
    #[must_use]
    pub fn into_usage(self) -> Usage {
        let mut sum = Usage::default();
        for shard in self.shards {
            sum.merge(shard.into_inner().unwrap_or_else(PoisonError::into_inner));
        }
        sum
    }

    /// Counts that no other thread is at. There are as many as threads, so there mostly are some.
    fn free(&self) -> MutexGuard<'_, Usage> {
        for shard in &self.shards {
            match shard.try_lock() {
                Ok(free) => return free,
                // A record whose fields could not be visited to the end is set aside; the counts stay good.
                Err(TryLockError::Poisoned(free)) => return free.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.shards[0].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Usage {
    /// Counts the fields of one record, the so manieth, beside the document that was made of it.
    pub fn count(&mut self, record: u64, fields: &Fields<'_>, document: &Document) {
        self.counted += 1;
        self.gather(document);
        let beyond = self.places.len() >= PLACES;
        let all = beyond.then(|| Places::of(document));
        let mut outer = FieldUse::Unused;
        fields(&mut |field| {
            let row = self.row(field.path);
            if self.last[row].0 != self.counted {
                let told = match &all {
                    Some(all) => all.tell_of(field),
                    None => self.told_here(row, field),
                };
                self.last[row] = (self.counted, told);
                self.rows[row].records += 1;
            }
            let mut told = self.last[row].1;
            // The text of an inline element is a part of the text around it.
            if field.inline {
                told = told.min(outer);
            } else if !field.path.contains('@') {
                outer = told;
            }
            let count = &mut self.rows[row];
            count.met += 1;
            if told == FieldUse::Unused {
                count.unused += 1;
                if count.example.is_empty() || record < count.example_record {
                    count.example_record = record;
                    count.example = field.text.chars().take(EXAMPLE).collect();
                }
            }
        });
    }

    /// Adds what another one counted of other records.
    pub fn merge(&mut self, other: Self) {
        for theirs in other.rows {
            let row = self.row(&theirs.field);
            let ours = &mut self.rows[row];
            ours.records += theirs.records;
            ours.met += theirs.met;
            ours.unused += theirs.unused;
            let earlier = ours.example.is_empty() || theirs.example_record < ours.example_record;
            if !theirs.example.is_empty() && earlier {
                ours.example = theirs.example;
                ours.example_record = theirs.example_record;
            }
        }
    }

    /// The counts, by the names of the fields.
    #[must_use]
    pub fn into_rows(mut self) -> Vec<FieldCount> {
        self.rows.sort_by(|one, other| one.field.cmp(&other.field));
        self.rows
    }

    /// Finds the places of a document, each once.
    fn gather(&mut self, document: &Document) {
        self.here.clear();
        let mut last = "";
        for statement in document.statements() {
            if statement.path != last {
                last = statement.path;
                self.place(last);
            }
        }
        for place in issue_places(document) {
            self.place(place);
        }
        self.here.sort_unstable();
        self.here.dedup();
    }

    fn place(&mut self, path: &str) {
        let path = graph_model::without_positions(path);
        let place = match self.places.get(&*path) {
            Some(place) => *place,
            None if self.places.len() < PLACES => {
                let place = self.places.len();
                self.places.insert(path.into(), place);
                place
            }
            None => return,
        };
        self.here.push(place);
    }

    fn row(&mut self, path: &str) -> usize {
        if let Some(row) = self.fields.get(path) {
            return *row;
        }
        if self.fields.len() >= FIELDS && path != OTHERS {
            return self.row(OTHERS);
        }
        let row = self.rows.len();
        self.fields.insert(path.into(), row);
        self.rows.push(FieldCount { field: path.to_owned(), ..FieldCount::default() });
        self.told.push(Vec::new());
        self.last.push((0, FieldUse::Unused));
        row
    }

    /// What the places of the record at hand tell of a field.
    fn told_here(&mut self, row: usize, field: &Field<'_>) -> FieldUse {
        let known = &mut self.told[row];
        if known.len() < self.places.len() {
            known.resize(self.places.len(), None);
        }
        let mut best = FieldUse::Unused;
        for place in &self.here {
            let told = match known[*place] {
                Some(told) => told,
                None => {
                    // A pair is found out once in a run, so this search may take its time.
                    let path = self.places.iter().find(|(_, at)| *at == place).map_or("", |(path, _)| path);
                    *known[*place].insert(Places::one(path).tell_of(field))
                }
            };
            best = best.min(told);
            if best == FieldUse::Named {
                break;
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::{Setup, Target, format_by_id, unused_fields};
    use graph_model::{Base, DatasetId};
    use std::collections::BTreeMap;
    use std::ops::ControlFlow;

    const RECORDS: &str = r#"<collection xmlns="http://www.loc.gov/MARC21/slim">
        <record><leader>00000nam a2200000 i 4500</leader><controlfield tag="001">1</controlfield>
        <datafield tag="245" ind1="1" ind2="0"><subfield code="a">Seitsemän veljestä</subfield></datafield>
        <datafield tag="909" ind1=" " ind2=" "><subfield code="x">own</subfield></datafield>
        <datafield tag="909" ind1=" " ind2=" "><subfield code="x">own 2</subfield></datafield></record>
        <record><leader>00000nam a2200000 i 4500</leader><controlfield tag="001">2</controlfield>
        <datafield tag="245" ind1="1" ind2="0"><subfield code="a">Nummisuutarit</subfield></datafield>
        <datafield tag="909" ind1=" " ind2=" "><subfield code="x">third</subfield></datafield></record>
        </collection>"#;

    fn each(look: &mut dyn FnMut(&Fields<'_>, &Document)) {
        let (base, dataset) = (Base::new("https://data.example.org").unwrap(), DatasetId::new("d").unwrap());
        let format = (format_by_id("marcxml").unwrap().setup)(Setup::default()).unwrap();
        let target = Target::new(&base, &dataset);
        let _ = format.inspect(Box::new(RECORDS.as_bytes()), target, &mut |document, fields| {
            look(fields, document);
            ControlFlow::Continue(())
        });
    }

    #[test]
    fn counts_agree_with_each_record_looked_at_alone() {
        let (mut usage, mut number) = (Usage::default(), 0);
        let mut alone: BTreeMap<String, u64> = BTreeMap::new();
        each(&mut |fields, document| {
            number += 1;
            usage.count(number, fields, document);
            for (path, count) in unused_fields(fields, document) {
                *alone.entry(path).or_default() += u64::from(count);
            }
        });
        let rows = usage.into_rows();
        let unused: BTreeMap<String, u64> =
            rows.iter().filter(|row| row.unused > 0).map(|row| (row.field.clone(), row.unused)).collect();
        assert_eq!(unused, alone);
        let own = rows.iter().find(|row| row.field == "909$x").unwrap();
        assert_eq!((own.records, own.met, own.unused, own.example.as_str()), (2, 3, 3, "own"));
        let title = rows.iter().find(|row| row.field == "245$a").unwrap();
        assert_eq!((title.records, title.met, title.unused), (2, 2, 0));
    }

    #[test]
    fn counts_of_parts_add_up_in_any_order() {
        let (mut whole, mut parts) = (Usage::default(), Vec::new());
        each(&mut |fields, document| {
            let number = parts.len() as u64 + 1;
            whole.count(number, fields, document);
            let mut part = Usage::default();
            part.count(number, fields, document);
            parts.push(part);
        });
        let mut sum = Usage::default();
        parts.into_iter().rev().for_each(|part| sum.merge(part));
        assert_eq!(sum.into_rows(), whole.into_rows());
    }
}
