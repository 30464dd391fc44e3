//! The index of a generation, built beside the dumps of the lines that they are made of.
//!
//! Reading the store is what takes long, as each number there has to be looked up as a text. So it is read once: what
//! goes into the dumps is parsed again, which is quicker by far, and given to the builder by a thread of its own.

use super::statistics::counts;
use super::{GenerationError, disk};
use crate::generation::{CharacteristicSet, PropertyStatistics, Statistics};
use graph_index::{Builder, Index, Pairs, TermId};
use graph_store::rdf::TermRef;
use oxttl::NQuadsParser;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use vocabularies::rdf;

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
    // Over all graphs a statement counts once, whoever makes it.
    statistics.properties = counts(
        statistics.property_statistics.iter().map(|property| (property.iri.clone(), property.statements)),
    );
    statistics.classes = match terms.id(TermRef::NamedNode(rdf::TYPE)) {
        Some(kind) => counts(by_class(statements.by_object(kind)).map(|(class, count)| (text(class), count))),
        None => Vec::new(),
    };
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

/// The classes with how many things each has; those of a class stand together.
fn by_class(typed: Pairs<'_>) -> impl Iterator<Item = (u32, u64)> {
    typed.keys.chunk_by(|one, other| one == other).map(|class| (class[0], class.len() as u64))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::generation::dump;
    use graph_model::Base;
    use graph_store::rdf::{GraphName, Literal, NamedNode, Quad, Term};
    use graph_store::{Change, Snapshot, WorkingStore};
    use oxrdf::{BlankNode, NamedNodeRef, Triple, vocab::xsd};

    /// Literals that a store holds otherwise than they came, and terms that are seldom.
    fn objects() -> Vec<Term> {
        let typed =
            |text: &str, datatype: NamedNodeRef<'_>| Term::from(Literal::new_typed_literal(text, datatype));
        let node = NamedNode::new_unchecked("https://data.example.org/id/library/1");
        let inner = Triple::new(node.clone(), node.clone(), typed("01", xsd::INT));
        let mut objects = vec![
            Literal::new_language_tagged_literal_unchecked("Äiti \"ja\"\nlapsi", "fi").into(),
            Literal::from("a text that is longer than what a store keeps beside its keys").into(),
            BlankNode::new_unchecked("b1").into(),
            inner.into(),
            node.into(),
        ];
        let numbers = [
            "1",
            "01",
            "+1",
            "1.50",
            "-0",
            "1e3",
            "NaN",
            "INF",
            "99999999999999999999",
            "abc",
            "",
            " 1",
            "0.1",
        ];
        let types = [
            xsd::INTEGER,
            xsd::INT,
            xsd::UNSIGNED_BYTE,
            xsd::DECIMAL,
            xsd::FLOAT,
            xsd::DOUBLE,
            xsd::BOOLEAN,
            xsd::STRING,
        ];
        objects.extend(numbers.iter().flat_map(|text| types.map(|datatype| typed(text, datatype))));
        let times = [
            "2020-01-01T00:00:00.000+00:00",
            "2020-01-01T24:00:00",
            "2020-01-01",
            "2020-01-01+00:00",
            "-0044",
            "0800",
            "2020-05",
            "12:00:00.50",
            "24:00:00",
            "--05",
            "--02-29",
            "---05Z",
            "P12M",
            "P1Y2M",
            "PT36H",
            "P0D",
            "-P1D",
            "2020-13-01",
        ];
        objects.extend(
            times
                .iter()
                .flat_map(|text| graph_index::time_datatypes().iter().map(|datatype| typed(text, *datatype))),
        );
        objects
    }

    #[test]
    fn the_index_holds_what_the_store_holds() {
        let folder = tempfile::tempdir().unwrap();
        let base = Base::new("https://data.example.org").unwrap();
        let graph = |name: &str| GraphName::from(NamedNode::new_unchecked(base.graph(name)));
        let property = NamedNode::new_unchecked("https://data.example.org/property");
        let subject = |n: usize| NamedNode::new_unchecked(format!("https://data.example.org/id/library/{n}"));
        let quads: Vec<Quad> = objects()
            .into_iter()
            .enumerate()
            .flat_map(|(n, object)| {
                // Each tenth statement is made by two graphs.
                let graphs: &[&str] = if n % 10 == 0 { &["library", "museum"] } else { &["library"] };
                graphs
                    .iter()
                    .map(|name| Quad::new(subject(n), property.clone(), object.clone(), graph(name)))
                    .collect::<Vec<_>>()
            })
            .collect();
        let store = WorkingStore::open(&folder.path().join("store")).unwrap();
        store.apply(Change { remove: Vec::new(), insert: quads.clone() }).unwrap();
        let checkpoint = folder.path().join("checkpoint");
        store.checkpoint(&checkpoint).unwrap();
        let snapshot = Snapshot::open(&checkpoint).unwrap();
        let (dumps, path) = (folder.path().join("dumps"), folder.path().join("index"));
        std::fs::create_dir(&dumps).unwrap();
        let read = beside(&path, |take| dump::write(&snapshot, &base, &dumps, take)).unwrap();
        assert_eq!(read, quads.len() as u64);

        let index = Index::open(&path).unwrap();
        let predicate = index.terms().id(property.as_ref().into()).unwrap();
        for n in 0..objects().len() {
            let held = snapshot.matching(Some(subject(n).as_ref()), None, None, None);
            let held: Vec<Quad> = held.map(|quad| quad.unwrap()).collect();
            let object = index.terms().id(held[0].object.as_ref()).unwrap();
            let pairs = index.statements().by_subject(predicate);
            let pairs = pairs.of(index.terms().id(subject(n).as_ref().into()).unwrap().0);
            assert_eq!(pairs.values, [object.0], "{}", held[0]);
            assert_eq!(index.graphs().set(pairs.graphs[0]).len(), held.len());
            // What a query says of it, as it came.
            let came = &objects()[n];
            assert_eq!(
                index.terms().id_of_stored(came.as_ref()),
                Some(object),
                "{came} is held as {}",
                held[0].object
            );
        }
        let mut statistics = Statistics::default();
        complete(&mut statistics, &path).unwrap();
        assert_eq!(statistics.statements, objects().len() as u64);
        assert_eq!(statistics.property_statistics[0].subjects, objects().len() as u64);
        assert_eq!(statistics.characteristic_sets[0].properties, [property.as_str()]);
        assert_eq!(statistics.characteristic_sets[0].subjects, objects().len() as u64);
    }

    #[test]
    fn what_is_lost_on_the_way_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let line: &[u8] = b"<http://x/s> <http://x/p> \"o\" <http://x/g> .\n";
        let fewer = beside(&folder.path().join("index"), |take| {
            take(line);
            Ok(2)
        });
        assert!(matches!(fewer, Err(GenerationError::Indexed { indexed: 1, stored: 2 })));
        let broken = beside(&folder.path().join("index"), |take| {
            take(&line[..20]);
            Ok(0)
        });
        assert!(matches!(broken, Err(GenerationError::Disk { .. })));
        let failed = beside(&folder.path().join("index"), |_| Err(GenerationError::Empty));
        assert!(matches!(failed, Err(GenerationError::Empty)));
    }
}
