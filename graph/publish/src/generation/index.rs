//! The index of a generation, built beside the dumps of the lines that they are made of.
//!
//! Reading the store is what takes long, as each number there has to be looked up as a text. So it is read once: what
//! goes into the dumps is parsed again, which is quicker by far, and given to the builder by a thread of its own.

use super::{GenerationError, disk};
use crate::generation::{CharacteristicSet, PropertyStatistics, Statistics};
use graph_index::{Builder, Index, TermId};
use oxttl::NQuadsParser;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// How many pieces of lines may wait for the builder.
const WAITING: usize = 4;
/// How many of the most frequent characteristic sets are told.
const SETS: usize = 100;

/// Takes whole lines of N-Quads.
pub(super) type TakeLines<'t> = dyn FnMut(&[u8]) + 't;

/// Runs what reads the store and builds the index in the folder of the lines that it hands over. Gives the number of
/// statements that were read.
pub(super) fn beside(
    folder: &Path,
    read: impl FnOnce(&mut TakeLines<'_>) -> Result<u64, GenerationError>,
) -> Result<u64, GenerationError> {
    thread::scope(|scope| {
        let (pieces_to, pieces) = sync_channel::<Vec<u8>>(WAITING);
        let building = scope.spawn(move || build(folder, &pieces));
        let read = read(&mut |lines| {
            // A builder that hung up has failed, and says why below.
            let _ = pieces_to.send(lines.to_vec());
        });
        drop(pieces_to);
        let built = building.join().unwrap_or_else(|_| {
            Err(disk(folder)(io::Error::other("the thread that builds the index has failed")))
        });
        // A half index is of no use when reading failed, and of no interest.
        let read = read?;
        let indexed = built?;
        if indexed == read { Ok(read) } else { Err(GenerationError::Indexed { indexed, stored: read }) }
    })
}

fn build(folder: &Path, pieces: &Receiver<Vec<u8>>) -> Result<u64, GenerationError> {
    let mut builder = Builder::new(folder)?;
    for lines in pieces {
        // Our own lines: what the store holds was checked when it came in.
        for quad in NQuadsParser::new().lenient().for_slice(&lines) {
            let quad = quad.map_err(|error| disk(folder)(io::Error::other(error)))?;
            builder.add(quad.as_ref())?;
        }
    }
    builder.finish()?;
    Ok(Index::open(folder)?.graphs().quads())
}

/// Completes the statistics by what the index knows.
pub(super) fn complete(statistics: &mut Statistics, folder: &Path) -> Result<(), GenerationError> {
    let index = Index::open(folder)?;
    let (terms, statements) = (index.terms(), index.statements());
    let text = |id: u32| terms.with_text(TermId(id), |text, _, _| text.to_owned());
    statistics.statements = statements.len();
    statistics.terms = u64::from(terms.len());
    statistics.property_statistics = statements
        .predicates()
        .iter()
        .map(|&id| PropertyStatistics {
            iri: text(id),
            statements: statements.count(TermId(id)),
            subjects: statements.distinct_subjects(TermId(id)).into(),
            objects: statements.distinct_objects(TermId(id)).into(),
        })
        .collect();
    let mut sets: Vec<(&[u32], u64)> = statements.characteristic_sets().collect();
    // Most first; what is equal, by the properties, whose ids are in the order of their IRIs.
    sets.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    statistics.characteristic_sets = sets
        .into_iter()
        .take(SETS)
        .map(|(set, subjects)| CharacteristicSet {
            properties: set.iter().map(|id| text(*id)).collect(),
            subjects,
        })
        .collect();
    match index.damage() {
        None => Ok(()),
        Some(error) => Err(error.into()),
    }
}
