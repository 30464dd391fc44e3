//! Documents made by all cores, given in the order of the input.
//!
//! One thread cuts the input into pieces and hands them out in batches; as many threads as there are cores make
//! documents of them, and the caller's thread takes the documents. For every batch a channel of its own leads from
//! its maker to the taker, who goes through these channels in the order in which the batches were cut. So nothing has
//! to be sorted, and no more is ever under way than the channels that may wait. A maker passes a growing batch on in
//! parts: a piece that holds many records costs no more memory than many pieces. Emptied documents travel back.
//!
//! A thread that makes documents is begun with the first batch for it, so that a small file costs no more than two.

use crate::convert::{Outcome, Without};
use graph_model::{Document, Position};
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

/// How many pieces travel together at most, and how many documents.
const BATCH: usize = 64;
/// After how many bytes of input a batch of pieces is handed out.
const INPUT: u64 = 256 << 10;
/// After how many statements a batch of documents is passed on: about a megabyte with its lines.
const STATEMENTS: usize = 4 << 10;

/// Cuts the input on one thread, makes documents of the pieces on all cores and gives them to the sink in order. With a
/// graph, each document comes with its N-Quads in it.
pub(crate) fn in_order<'i, P: Send>(
    input: Box<dyn BufRead + Send + 'i>,
    graph: Option<&str>,
    cut: impl FnOnce(Box<dyn BufRead + 'i>, &mut dyn FnMut(P) -> ControlFlow<()>) + Send,
    make: impl Fn(P, &mut Maker<'_>) -> ControlFlow<()> + Sync,
    sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    with_makers(cores, input, graph, cut, make, sink)
}

fn with_makers<'i, P: Send>(
    cores: usize,
    input: Box<dyn BufRead + Send + 'i>,
    graph: Option<&str>,
    cut: impl FnOnce(Box<dyn BufRead + 'i>, &mut dyn FnMut(P) -> ControlFlow<()>) + Send,
    make: impl Fn(P, &mut Maker<'_>) -> ControlFlow<()> + Sync,
    sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let (spares, make) = (Mutex::new(Vec::new()), &make);
    let spares = &spares;
    std::thread::scope(|scope| {
        let (parts_to, parts) = sync_channel::<Receiver<Batch>>(2 * cores);
        scope.spawn(move || {
            let (work_to, work) = sync_channel::<(Vec<P>, SyncSender<Batch>)>(cores);
            let mut work = Some(Arc::new(Mutex::new(work)));
            let mut makers = 0;
            let mut hand_out = |pieces: Vec<P>| {
                if let Some(from) = &work {
                    let from = Arc::clone(from);
                    scope.spawn(move || make_all(&from, graph, make, spares));
                    makers += 1;
                }
                // The makers alone hold the receiving end when all are there, so that nobody waits for dead ones.
                work = work.take().filter(|_| makers < cores);
                let (batch_to, batch) = sync_channel(1);
                let sent = parts_to.send(batch).is_ok() && work_to.send((pieces, batch_to)).is_ok();
                // A closed channel means that the caller has ended the run; so does this thread.
                if sent { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            let (mut pieces, mut begun) = (Vec::with_capacity(BATCH), 0);
            let read = Rc::new(Cell::new(0));
            cut(Box::new(Counted { inner: input, read: Rc::clone(&read) }), &mut |piece| {
                pieces.push(piece);
                if pieces.len() < BATCH && read.get() - begun < INPUT {
                    return ControlFlow::Continue(());
                }
                begun = read.get();
                hand_out(std::mem::replace(&mut pieces, Vec::with_capacity(BATCH)))
            });
            if !pieces.is_empty() {
                let _ = hand_out(pieces);
            }
        });
        for part in parts {
            for mut batch in part {
                batch.give(sink)?;
                keep(batch, spares);
            }
        }
        ControlFlow::Continue(())
    })
}

/// Makes documents of batches of pieces until there are no more.
fn make_all<P>(
    work: &Mutex<Receiver<(Vec<P>, SyncSender<Batch>)>>,
    graph: Option<&str>,
    make: &impl Fn(P, &mut Maker<'_>) -> ControlFlow<()>,
    spares: &Mutex<Vec<Batch>>,
) {
    // Waiting with the lock held is fine: who else comes would have to wait as well.
    while let Some((pieces, to)) = work.lock().ok().and_then(|work| work.recv().ok()) {
        let mut maker = Maker { batch: spare(spares), graph, to, spares };
        // When the taker has gone there is nothing left to do for this batch.
        let flow = pieces.into_iter().try_for_each(|piece| make(piece, &mut maker));
        if flow.is_continue() {
            let _ = maker.pass_on();
        }
    }
}

fn spare(spares: &Mutex<Vec<Batch>>) -> Batch {
    spares.lock().ok().and_then(|mut spares| spares.pop()).unwrap_or_default()
}

/// Keeps an emptied batch for the next; one that grew beyond measure is dropped, or its memory would never come back.
fn keep(mut batch: Batch, spares: &Mutex<Vec<Batch>>) {
    let usual = std::mem::take(&mut batch.statements) <= 2 * STATEMENTS;
    if usual && let Ok(mut spares) = spares.lock() {
        spares.push(batch);
    }
}

/// Makes documents of pieces, one after another.
pub(crate) struct Maker<'m> {
    batch: Batch,
    graph: Option<&'m str>,
    to: SyncSender<Batch>,
    spares: &'m Mutex<Vec<Batch>>,
}

impl Maker<'_> {
    /// Makes one document, or tells why it is none. It breaks when nobody takes documents any more.
    pub(crate) fn make(
        &mut self,
        make: impl FnOnce(&mut Document) -> Result<Position, Without>,
    ) -> ControlFlow<()> {
        self.batch.make(self.graph, make);
        if self.batch.filled < BATCH && self.batch.statements < STATEMENTS {
            return ControlFlow::Continue(());
        }
        self.pass_on()
    }

    /// Takes what was made elsewhere.
    pub(crate) fn take(&mut self, outcome: Outcome<'_>) -> ControlFlow<()> {
        match outcome {
            Outcome::Document { document, position, .. } => self.make(|spare| {
                std::mem::swap(spare, document);
                Ok(position)
            }),
            Outcome::Deleted { identifier, position } => {
                self.make(|_| Err(Without::Deleted(identifier.to_owned(), position)))
            }
            Outcome::Quarantined(broken) => self.make(|_| Err(Without::Broken(Box::new(broken.clone())))),
        }
    }

    fn pass_on(&mut self) -> ControlFlow<()> {
        let next = spare(self.spares);
        match self.to.send(std::mem::replace(&mut self.batch, next)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

/// Documents that travel together, with their lines.
#[derive(Default)]
struct Batch {
    made: Vec<Made>,
    /// How many of them are of this turn; the rest is kept for its memory.
    filled: usize,
    statements: usize,
    lines: Vec<u8>,
}

struct Made {
    /// Spare when the outcome is that there is none.
    document: Document,
    outcome: Result<Position, Without>,
    /// Where its lines end.
    lines: usize,
}

impl Batch {
    fn make(&mut self, graph: Option<&str>, make: impl FnOnce(&mut Document) -> Result<Position, Without>) {
        if self.filled == self.made.len() {
            let outcome = Ok(Position::default());
            self.made.push(Made { document: Document::new(), outcome, lines: 0 });
        }
        let made = &mut self.made[self.filled];
        made.outcome = make(&mut made.document);
        if made.outcome.is_ok() {
            write_lines(&made.document, graph, &mut self.lines);
            self.statements += made.document.len();
        }
        made.lines = self.lines.len();
        self.filled += 1;
    }

    /// Gives all; it is empty then but for the count of statements.
    fn give(&mut self, sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let mut from = 0;
        for made in &mut self.made[..self.filled] {
            let lines = &self.lines[from..made.lines];
            from = made.lines;
            match &made.outcome {
                Ok(position) => {
                    sink(Outcome::Document { document: &mut made.document, position: *position, lines })?;
                }
                Err(without) => sink(without.outcome())?,
            }
        }
        self.filled = 0;
        self.lines.clear();
        ControlFlow::Continue(())
    }
}

/// Appends the N-Quads of a document, if anybody wants them.
pub(crate) fn write_lines(document: &Document, graph: Option<&str>, lines: &mut Vec<u8>) {
    if graph.is_some() {
        document.write(graph, lines);
    }
}

/// Counts what is read, so that a batch of few but large pieces is handed out early.
struct Counted<R> {
    inner: R,
    read: Rc<Cell<u64>>,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.set(self.read.get() + read as u64);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.read.set(self.read.get() + amount as u64);
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_model::Broken;
    use std::borrow::Cow;
    use std::time::Duration;

    /// Makes `each` outcomes of every number below `pieces`, some of them slowly, and gives how many were taken.
    fn run(makers: usize, pieces: u64, each: u64, until: u64) -> u64 {
        let mut taken = 0;
        let flow = with_makers(
            makers,
            Box::new(io::empty()),
            None,
            |_, hand_out| {
                let _ = (0..pieces).try_for_each(hand_out);
            },
            |piece, maker| {
                if piece % 97 == 0 {
                    std::thread::sleep(Duration::from_millis(piece % 5));
                }
                (0..each).try_for_each(|part| {
                    let record = piece * each + part;
                    let position = Position { record, ..Position::default() };
                    let (met, expected) = (String::new(), Cow::Borrowed(""));
                    let broken = Broken { position, id: None, met, expected, raw: Vec::new() };
                    maker.take(Outcome::Quarantined(&broken))
                })
            },
            &mut |outcome| {
                let Outcome::Quarantined(broken) = outcome else { panic!("no document was made") };
                assert_eq!(broken.position.record, taken, "the order of the input");
                taken += 1;
                if taken == until { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        assert_eq!(flow.is_break(), taken == until);
        taken
    }

    #[test]
    fn what_many_make_comes_in_order() {
        for makers in [1, 2, 7] {
            for pieces in [0, 1, BATCH as u64, 5_000] {
                assert_eq!(run(makers, pieces, 1, u64::MAX), pieces);
            }
            assert_eq!(run(makers, 3, 10_000, u64::MAX), 30_000, "a piece with many records");
        }
    }

    #[test]
    fn a_run_ends_when_nobody_takes_more() {
        assert_eq!(run(3, u64::MAX, 1, 1_000), 1_000);
        assert_eq!(run(3, 2, u64::MAX, 1_000), 1_000);
    }
}
