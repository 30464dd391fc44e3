//! Writing a whole graph out, faster than one walk over it can be.
//!
//! Nearly all the time of a walk goes into turning the numbers of an index into texts, one look-up for each of a
//! quad's four terms. Here one thread walks over the index for the subjects alone, which are looked up once each, and
//! two workers fetch properties and objects of many subjects at a time; the graph's name is known. What a worker does
//! is a query in the engine's algebra: bindings of a number and a subject, and for each of them (`LATERAL`) the quads
//! of that subject. The number comes back in the place of the subject and needs no look-up.
//!
//! Batches are handed over in the order of the index: the same store gives the same bytes.

use crate::error::StoreError;
use crate::serialize::write_nquad;
use crate::snapshot::Snapshot;
use oxigraph::model::{GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNodeRef, QuadRef, Term};
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolutionIter, SparqlEvaluator};
use oxigraph::store::StorageError;
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{GroundTerm, Literal, TriplePattern, Variable};
use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many subjects a worker takes at a time.
const BATCH: usize = 512;
/// How many batches may wait, before the workers and after them.
const WAITING: usize = 4;
const WORKERS: usize = 2;

struct Batch {
    number: u64,
    subjects: Vec<Term>,
}

struct Written {
    number: u64,
    lines: Result<Vec<u8>, StoreError>,
    count: u64,
}

impl Snapshot {
    /// Hands the graph over as canonical N-Quads, in pieces of whole lines, each subject's lines together, and tells
    /// how many there were.
    ///
    /// # Errors
    /// When the store fails, or `take` does.
    pub fn dump_graph(
        &self,
        graph: NamedNodeRef<'_>,
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<u64, StoreError> {
        let (batches_to, batches_from) = sync_channel::<Batch>(WAITING);
        let (written_to, written_from) = sync_channel::<Written>(WAITING);
        let batches_from = Mutex::new(Some(batches_from));
        thread::scope(|scope| {
            let walk = scope.spawn(move || self.subjects(graph, &batches_to));
            for _ in 0..WORKERS {
                let (batches, written) = (&batches_from, written_to.clone());
                scope.spawn(move || self.work(graph, batches, &written));
            }
            drop(written_to);
            let taken = in_order(written_from, take);
            let walked = walk.join().unwrap_or(Err(StoreError::Stopped));
            taken.and_then(|count| walked.map(|()| count))
        })
    }

    /// The subjects of the graph, each once, as they follow one another in the index.
    fn subjects(&self, graph: NamedNodeRef<'_>, batches: &SyncSender<Batch>) -> Result<(), StoreError> {
        // REDUCED drops what repeats in a row and asks for no set of what was seen; the walk goes along the index that
        // begins with graph and subject.
        let pattern = GraphPattern::Reduced {
            inner: Box::new(GraphPattern::Project {
                inner: Box::new(statements(graph)),
                variables: vec![variable("s")],
            }),
        };
        let mut batch = Batch { number: 0, subjects: Vec::with_capacity(BATCH) };
        for solution in self.solutions(pattern)? {
            let solution = solution.map_err(engine)?;
            batch.subjects.extend(solution.get(0).cloned());
            if batch.subjects.len() == BATCH {
                let next = Batch { number: batch.number + 1, subjects: Vec::with_capacity(BATCH) };
                if batches.send(std::mem::replace(&mut batch, next)).is_err() {
                    return Ok(());
                }
            }
        }
        // Who hung up has said why.
        let _ = batches.send(batch);
        Ok(())
    }

    fn work(
        &self,
        graph: NamedNodeRef<'_>,
        batches: &Mutex<Option<Receiver<Batch>>>,
        written: &SyncSender<Written>,
    ) {
        loop {
            let batch = match &*batches.lock().unwrap_or_else(PoisonError::into_inner) {
                Some(batches) => batches.recv(),
                None => return,
            };
            let Ok(Batch { number, subjects }) = batch else { return };
            let mut lines = Vec::with_capacity(1 << 20);
            let count = self.lines(graph, &subjects, &mut lines);
            let (lines, count) = match count {
                Ok(count) => (Ok(lines), count),
                Err(error) => (Err(error), 0),
            };
            if written.send(Written { number, lines, count }).is_err() {
                // Nobody takes any more: without the queue's end the walk ends too.
                *batches.lock().unwrap_or_else(PoisonError::into_inner) = None;
                return;
            }
        }
    }

    fn lines(
        &self,
        graph: NamedNodeRef<'_>,
        subjects: &[Term],
        lines: &mut Vec<u8>,
    ) -> Result<u64, StoreError> {
        let mut count = 0;
        let mut bindings = Vec::with_capacity(subjects.len());
        for (number, subject) in (0_i64..).zip(subjects) {
            match subject {
                Term::NamedNode(node) => {
                    let number = GroundTerm::from(Literal::from(number));
                    bindings.push(vec![Some(number), Some(GroundTerm::from(node.clone()))]);
                }
                // A blank node cannot be asked for in a query.
                Term::BlankNode(node) => {
                    let quads = self.store.quads_for_pattern(
                        Some(node.as_ref().into()),
                        None,
                        None,
                        Some(GraphNameRef::from(graph)),
                    );
                    for quad in quads {
                        write_nquad(quad?.as_ref(), lines);
                        count += 1;
                    }
                }
                _ => {}
            }
        }
        if bindings.is_empty() {
            return Ok(count);
        }
        let variables = vec![variable("n"), variable("s")];
        let pattern = GraphPattern::Project {
            inner: Box::new(GraphPattern::Lateral {
                left: Box::new(GraphPattern::Values { variables, bindings }),
                right: Box::new(statements(graph)),
            }),
            variables: vec![variable("n"), variable("p"), variable("o")],
        };
        for solution in self.solutions(pattern)? {
            let solution = solution.map_err(engine)?;
            let [Some(Term::Literal(number)), Some(Term::NamedNode(predicate)), Some(object)] =
                solution.values()
            else {
                return Err(StoreError::Stopped);
            };
            let subject = number.value().parse::<usize>().ok().and_then(|number| subjects.get(number));
            let Some(Term::NamedNode(subject)) = subject else { return Err(StoreError::Stopped) };
            let subject = NamedOrBlankNodeRef::from(subject.as_ref());
            write_nquad(QuadRef::new(subject, predicate.as_ref(), object.as_ref(), graph), lines);
            count += 1;
        }
        Ok(count)
    }

    fn solutions(&self, pattern: GraphPattern) -> Result<QuerySolutionIter<'static>, StoreError> {
        let query = Query::Select { dataset: None, pattern, base_iri: None };
        match SparqlEvaluator::new().for_query(query).on_store(&self.store).execute().map_err(engine)? {
            QueryResults::Solutions(solutions) => Ok(solutions),
            QueryResults::Boolean(_) | QueryResults::Graph(_) => Err(StoreError::Stopped),
        }
    }
}

/// Gives the pieces on in the order of their numbers.
fn in_order(
    written: Receiver<Written>,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<u64, StoreError> {
    let mut early = BTreeMap::new();
    let (mut next, mut count) = (0, 0);
    for piece in written {
        early.insert(piece.number, piece);
        while let Some(piece) = early.remove(&next) {
            take(&piece.lines?).map_err(StoreError::Output)?;
            count += piece.count;
            next += 1;
        }
    }
    Ok(count)
}

fn variable(name: &str) -> Variable {
    Variable::new_unchecked(name)
}

/// `GRAPH <graph> { ?s ?p ?o }`
fn statements(graph: NamedNodeRef<'_>) -> GraphPattern {
    let triple = TriplePattern {
        subject: variable("s").into(),
        predicate: variable("p").into(),
        object: variable("o").into(),
    };
    let name: NamedNode = graph.into_owned();
    GraphPattern::Graph { name: name.into(), inner: Box::new(GraphPattern::Bgp { patterns: vec![triple] }) }
}

fn engine(error: QueryEvaluationError) -> StoreError {
    StoreError::Engine(StorageError::Io(io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use oxigraph::io::RdfFormat;
    use oxigraph::store::Store;

    #[test]
    fn a_dump_is_the_walk_over_the_graph() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let mut text = String::new();
        for n in 0..BATCH * 5 + 7 {
            let subject = if n % 100 == 3 { format!("_:b{n}") } else { format!("<http://x/{n}>") };
            for property in 0..n % 4 + 1 {
                text += &format!(
                    "{subject} <http://p/{property}> \"{n} of \\\"{property}\\\"\"@en <http://g/1> .\n"
                );
                text += &format!(
                    "{subject} <http://p/{property}> \"{n}.50\"^^<http://www.w3.org/2001/XMLSchema#decimal> <http://g/1> .\n"
                );
                text += &format!("{subject} <http://p/{property}> <http://x/{property}> <http://g/2> .\n");
            }
        }
        store.load_from_slice(RdfFormat::NQuads, text.as_bytes()).unwrap();
        let snapshot = Snapshot { store };
        for graph in snapshot.graphs().unwrap() {
            let mut walked: Vec<String> = Vec::new();
            for quad in snapshot.quads_of_graph(graph.as_ref()) {
                let mut line = Vec::new();
                write_nquad(quad.unwrap().as_ref(), &mut line);
                walked.push(String::from_utf8(line).unwrap());
            }
            let mut dump = Vec::new();
            let mut take = |lines: &[u8]| {
                dump.extend_from_slice(lines);
                Ok(())
            };
            let count = snapshot.dump_graph(graph.as_ref(), &mut take).unwrap();
            let mut lines: Vec<String> =
                String::from_utf8(dump.clone()).unwrap().lines().map(|line| format!("{line}\n")).collect();
            assert_eq!(count as usize, walked.len());
            walked.sort_unstable();
            lines.sort_unstable();
            assert_eq!(lines, walked);
            let mut again = Vec::new();
            snapshot
                .dump_graph(graph.as_ref(), &mut |lines| {
                    again.extend_from_slice(lines);
                    Ok(())
                })
                .unwrap();
            assert!(again == dump, "the same store gives the same bytes");
        }
        let none = NamedNodeRef::new("http://g/none").unwrap();
        assert_eq!(snapshot.dump_graph(none, &mut |_| Ok(())).unwrap(), 0);
        let one = NamedNodeRef::new("http://g/1").unwrap();
        let failed = snapshot.dump_graph(one, &mut |_| Err(io::Error::other("gone")));
        assert!(matches!(failed, Err(StoreError::Output(_))));
    }
}
