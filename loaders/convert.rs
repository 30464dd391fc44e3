//! The one path from a format to documents, the same for every format.
//!
//! Three threads share the work in batches: one cuts the input into records, one describes them, and the
//! caller's takes the documents, in the order of the input. Emptied documents travel back, so that a long
//! run allocates no more than a few batches of them.

use crate::shared::core;
use graph_model::{Base, Broken, DatasetId, Description, Document, Format, Position, Visit};
use std::borrow::Cow;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use vocabularies::edm;

/// How many records travel together between two threads.
const BATCH: usize = 64;
/// How many batches may wait before the thread that makes them pauses.
const WAITING: usize = 4;

/// What the documents are made for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'t> {
    /// The base of all IRIs.
    pub base: &'t Base,
    /// The dataset that the records belong to.
    pub dataset: &'t DatasetId,
    /// Who owns the records: the data provider of items whose record names none.
    pub owner: Option<&'t str>,
}

/// What became of one piece of input.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'o> {
    /// A record became a document.
    Document {
        /// All that the record says.
        document: &'o Document,
        /// Where the record began.
        position: Position,
    },
    /// A piece of input went to quarantine.
    Quarantined(&'o Broken),
}

/// A format made ready, its record type hidden, so that formats stand in one table.
pub trait Convert: Sync {
    /// Converts all records of the input, in order. The sink may end the run early by breaking.
    fn convert(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()>;

    /// The same on the calling thread alone: for callers that keep both cores busy with several inputs, and
    /// for measuring.
    fn convert_on_this_thread(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()>;

    /// Converts on the calling thread and shows each document beside the fields of its record.
    fn inspect(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(&Document, &Fields<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()>;
}

/// Visits the fields of one record.
pub type Fields<'r> = dyn Fn(&mut Visit<'_>) + 'r;

impl<F: Format> Convert for F {
    fn convert(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        std::thread::scope(|scope| {
            let (records_to, records_from) = sync_channel::<Vec<Result<F::Record, Broken>>>(WAITING);
            let (described_to, described_from) = sync_channel::<Vec<Described>>(WAITING);
            let (empty_to, empty_from) = channel::<Document>();
            scope.spawn(move || {
                let mut batch = Vec::with_capacity(BATCH);
                for record in self.records(input) {
                    batch.push(record);
                    if batch.len() == BATCH
                        && records_to.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))).is_err()
                    {
                        return;
                    }
                }
                // A closed channel means that the caller has ended the run; so does this thread.
                let _ = records_to.send(batch);
            });
            scope.spawn(move || {
                for batch in records_from {
                    let described = batch
                        .into_iter()
                        .map(|record| describe(self, record, target, spare(&empty_from)))
                        .collect();
                    if described_to.send(described).is_err() {
                        return;
                    }
                }
            });
            take_all(&described_from, &empty_to, sink)
        })
    }

    fn convert_on_this_thread(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut document = Document::new();
        for record in self.records(input) {
            let described = describe(self, record, target, document);
            described.give(sink)?;
            document = described.document;
        }
        ControlFlow::Continue(())
    }

    fn inspect(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(&Document, &Fields<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut document = Document::new();
        for record in self.records(input).flatten() {
            let described = describe_one(self, &record, target, document);
            if described.outcome.is_ok() {
                sink(&described.document, &|visit| self.fields(&record, visit))?;
            }
            document = described.document;
        }
        ControlFlow::Continue(())
    }
}

/// A described record, or the reason why it is none; the document is spare in that case.
struct Described {
    document: Document,
    outcome: Result<Position, Broken>,
}

impl Described {
    fn give(&self, sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        match &self.outcome {
            Ok(position) => sink(Outcome::Document { document: &self.document, position: *position }),
            Err(broken) => sink(Outcome::Quarantined(broken)),
        }
    }
}

fn take_all(
    described: &Receiver<Vec<Described>>,
    empty: &Sender<Document>,
    sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for batch in described {
        for item in batch {
            item.give(sink)?;
            // The describing thread may be done already; then the document is simply dropped.
            let _ = empty.send(item.document);
        }
    }
    ControlFlow::Continue(())
}

fn spare(empty: &Receiver<Document>) -> Document {
    empty.try_recv().unwrap_or_default()
}

fn describe<F: Format>(
    format: &F,
    record: Result<F::Record, Broken>,
    target: Target<'_>,
    document: Document,
) -> Described {
    match record {
        Ok(record) => describe_one(format, &record, target, document),
        Err(broken) => Described { document, outcome: Err(broken) },
    }
}

fn describe_one<F: Format>(
    format: &F,
    record: &F::Record,
    target: Target<'_>,
    mut document: Document,
) -> Described {
    let position = format.position(record);
    let Some(local) = format.identify(record) else {
        let met = "a record with no identifier and no content".to_owned();
        let expected = "an identifier of the owner, or content to make one from";
        return Described { document, outcome: Err(quarantined(position, None, met, expected.into())) };
    };
    // One record that meets a fault in a mapping must not take the other millions with it.
    let described = catch_unwind(AssertUnwindSafe(|| {
        let mut out = Description::new(target.base, target.dataset, &local, &mut document);
        format.describe(record, &mut out);
        if let Some(owner) = target.owner {
            provide(owner, &mut document, target);
        }
    }));
    let outcome = described.map(|()| position).map_err(|panic| {
        let met = format!("a fault in the mapping: {}", panic_text(&*panic));
        quarantined(
            position,
            Some(local.into_owned()),
            met,
            "a mapping that takes any record; please report it".into(),
        )
    });
    Described { document, outcome }
}

/// Names the owner as the data provider of an item whose record names none.
fn provide(owner: &str, document: &mut Document, target: Target<'_>) {
    let has = |predicate| document.statements().any(|statement| statement.predicate == predicate);
    if has(edm::AGGREGATED_CHO) && !has(edm::DATA_PROVIDER) {
        let mut out = Description::resume(target.base, target.dataset, document);
        out.rule("dataset.owner", "aarre.toml");
        core::data_provider(&mut out, owner, None);
    }
}

fn quarantined(position: Position, id: Option<String>, met: String, expected: Cow<'static, str>) -> Broken {
    Broken { position, id, met, expected, raw: Vec::new() }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
