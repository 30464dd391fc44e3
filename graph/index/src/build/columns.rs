//! Sorted quads become columns.

use super::batch::NO_GRAPH;
use super::merge::{Merged, pack, unpack};
use super::sets::Sets;
use super::sort::{Sorted, Sorter};
use crate::error::IndexError;
use crate::fingerprint::{FINGERPRINTS, Sum, statement};
use crate::graphs::{GRAPHS, SET_ENDS, SET_MEMBERS};
use crate::output::Output;
use crate::statements::{BY_OBJECT, BY_SUBJECT, OBJECT_SETS, PROPERTIES, Row, SUBJECT_SETS};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Writes all that is not the dictionary.
pub(crate) fn write(
    quads: Sorted,
    merged: &Merged,
    folder: &Path,
    scratch: &Path,
    memory: usize,
) -> Result<(), IndexError> {
    let by_object = Sorter::new(scratch, "quads-by-object", memory / 3);
    let subjects = BySubject {
        merged,
        columns: Columns::create(folder, BY_SUBJECT)?,
        sets: Sets::new(merged.terms),
        rows: Vec::new(),
        graph_sets: GraphSets::create(folder)?,
        sums: BTreeMap::new(),
        by_object,
        last: None,
    };
    let (rows, by_object) = subjects.take_all(quads)?.finish(folder)?;
    objects(by_object, rows, merged.terms, folder)
}

/// Key, value, graphs.
struct Columns {
    files: [Output; 3],
}

impl Columns {
    fn create(folder: &Path, names: [&str; 3]) -> Result<Self, IndexError> {
        let [a, b, c] = names;
        Ok(Self {
            files: [Output::create(folder, a)?, Output::create(folder, b)?, Output::create(folder, c)?],
        })
    }

    fn push(&mut self, row: [u32; 3]) -> Result<(), IndexError> {
        self.files.iter_mut().zip(row).try_for_each(|(file, number)| file.u32(number))
    }

    fn finish(self) -> Result<(), IndexError> {
        self.files.into_iter().try_for_each(Output::finish)
    }
}

struct BySubject<'m> {
    merged: &'m Merged,
    columns: Columns,
    sets: Sets,
    rows: Vec<Row>,
    graph_sets: GraphSets,
    sums: BTreeMap<(u32, u32), Sum>,
    by_object: Sorter,
    /// The property and the subject before.
    last: Option<(u32, u32)>,
}

impl BySubject<'_> {
    fn take_all(mut self, mut quads: Sorted) -> Result<Self, IndexError> {
        let mut graphs: Vec<u32> = Vec::new();
        let mut next = quads.pull()?;
        while let Some(quad) = next {
            let [property, subject, object, graph] = unpack(quad);
            graphs.clear();
            graphs.push(graph);
            // The same statement in further graphs, and the same quad again.
            loop {
                next = quads.pull()?;
                let Some(other) = next.filter(|other| other >> 32 == quad >> 32) else { break };
                let graph = other as u32;
                if graphs.last() != Some(&graph) {
                    graphs.push(graph);
                }
            }
            self.take(property, subject, object, &graphs)?;
        }
        Ok(self)
    }

    fn take(&mut self, property: u32, subject: u32, object: u32, graphs: &[u32]) -> Result<(), IndexError> {
        if self.last.is_none_or(|(last, _)| last != property) {
            let start = self.rows.last().map_or(0, |row| row.start + row.statements);
            self.rows.push(Row { property, start, statements: 0, subjects: 0, objects: 0 });
        }
        let new_subject = self.last != Some((property, subject));
        self.last = Some((property, subject));
        if new_subject {
            self.sets.append(subject, property);
        }
        if let Some(row) = self.rows.last_mut() {
            row.statements += 1;
            row.subjects += u32::from(new_subject);
        }
        let set = self.graph_sets.number(graphs)?;
        let digest = |term: u32| self.merged.digests.get(term as usize).copied().unwrap_or_default();
        let digest = statement(digest(subject), digest(property), digest(object));
        for graph in graphs {
            let sum = self.sums.entry((property, *graph)).or_default();
            sum.statements += 1;
            sum.sum = sum.sum.wrapping_add(digest);
        }
        self.columns.push([subject, object, set])?;
        self.by_object.push(pack([property, object, subject, set]))
    }

    fn finish(self, folder: &Path) -> Result<(Vec<Row>, Sorted), IndexError> {
        self.columns.finish()?;
        self.sets.write(folder, SUBJECT_SETS)?;
        self.graph_sets.finish()?;
        let mut graphs: BTreeMap<u32, u64> = self.merged.named.iter().map(|graph| (*graph, 0)).collect();
        let mut file = Output::create(folder, FINGERPRINTS)?;
        for ((property, graph), Sum { statements, sum }) in self.sums {
            *graphs.entry(graph).or_default() += statements;
            for number in [property.into(), graph.into(), statements, sum as u64, (sum >> 64) as u64] {
                file.u64(number)?;
            }
        }
        file.finish()?;
        let mut file = Output::create(folder, GRAPHS)?;
        for (graph, quads) in graphs {
            file.u64(graph.into())?;
            file.u64(quads)?;
        }
        file.finish()?;
        Ok((self.rows, self.by_object.finish()?))
    }
}

fn objects(mut quads: Sorted, mut rows: Vec<Row>, terms: u32, folder: &Path) -> Result<(), IndexError> {
    let mut columns = Columns::create(folder, BY_OBJECT)?;
    let mut sets = Sets::new(terms);
    let mut last = None;
    // Properties come in the order of the rows.
    let mut rows_left = rows.iter_mut();
    let mut row = rows_left.next();
    while let Some(quad) = quads.pull()? {
        let [property, object, subject, set] = unpack(quad);
        if last != Some((property, object)) {
            last = Some((property, object));
            sets.append(object, property);
            while row.as_ref().is_some_and(|row| row.property != property) {
                row = rows_left.next();
            }
            if let Some(row) = &mut row {
                row.objects += 1;
            }
        }
        columns.push([object, subject, set])?;
    }
    columns.finish()?;
    sets.write(folder, OBJECT_SETS)?;
    let mut file = Output::create(folder, PROPERTIES)?;
    for number in rows.into_iter().flat_map(Row::numbers) {
        file.u64(number)?;
    }
    file.finish()
}

/// Sets of graphs, numbered as they are met.
struct GraphSets {
    numbers: HashMap<Box<[u32]>, u32>,
    ends: Output,
    members: Output,
    total: u32,
    last: (Vec<u32>, u32),
}

impl GraphSets {
    fn create(folder: &Path) -> Result<Self, IndexError> {
        Ok(Self {
            numbers: HashMap::new(),
            ends: Output::create(folder, SET_ENDS)?,
            members: Output::create(folder, SET_MEMBERS)?,
            total: 0,
            last: (Vec::new(), NO_GRAPH),
        })
    }

    fn number(&mut self, graphs: &[u32]) -> Result<u32, IndexError> {
        if self.last.0 == graphs {
            return Ok(self.last.1);
        }
        let number = if let Some(number) = self.numbers.get(graphs) {
            *number
        } else {
            let number = self.numbers.len() as u32;
            for graph in graphs {
                self.members.u32(*graph)?;
            }
            self.total += graphs.len() as u32;
            self.ends.u32(self.total)?;
            self.numbers.insert(graphs.into(), number);
            number
        };
        self.last.0.clear();
        self.last.0.extend_from_slice(graphs);
        self.last.1 = number;
        Ok(number)
    }

    fn finish(self) -> Result<(), IndexError> {
        self.ends.finish()?;
        self.members.finish()
    }
}
