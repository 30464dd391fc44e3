//! The one path from a format to documents, the same for every format.

use crate::rules::Rules;
use crate::shared::core;
use crate::threads::{self, write_lines};
use crate::usage::SharedUsage;
use graph_model::{Base, Broken, DatasetId, Description, Document, Format, Position, Visit};
use std::borrow::Cow;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use vocabularies::{aarre, edm};

/// What the documents are made for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'t> {
    /// The base of all IRIs.
    pub base: &'t Base,
    /// The dataset that the records belong to.
    pub dataset: &'t DatasetId,
    /// Who owns the records: the data provider of items whose record names none.
    pub owner: Option<&'t str>,
    /// The graph of the N-Quads that are to be written beside each document; `None` when nobody wants them. They are
    /// written by the threads that describe.
    pub lines: Option<&'t str>,
    /// What the owner's rules say on top of the mapping.
    pub rules: Option<&'t Rules>,
    /// Where the fields of each record are counted, for the report on coverage.
    pub usage: Option<&'t SharedUsage>,
}

impl<'t> Target<'t> {
    /// For documents alone: no owner is named, no lines are written, nothing is counted.
    #[must_use]
    pub fn new(base: &'t Base, dataset: &'t DatasetId) -> Self {
        Self { base, dataset, owner: None, lines: None, rules: None, usage: None }
    }
}

/// What became of one piece of input.
#[derive(Debug)]
pub enum Outcome<'o> {
    /// A record became a document.
    Document {
        /// All that the record says. It may be taken: what is left behind is only used for its memory.
        document: &'o mut Document,
        /// Where the record began.
        position: Position,
        /// Its statements as N-Quads, where [`Target::lines`] asks for them.
        lines: &'o [u8],
    },
    /// A record that its owner deleted.
    Deleted {
        /// The identifier under which a repository delivered it.
        identifier: &'o str,
        /// Where the envelope stands that says so.
        position: Position,
    },
    /// A piece of input went to quarantine.
    Quarantined(&'o Broken),
}

/// A format made ready, its record type hidden, so that formats stand in one table.
pub trait Convert: Sync {
    /// Converts all records of the input on all cores, and gives the documents in the order of the input: what the
    /// sink is given is the same as from one thread. The sink may end the run early by breaking.
    fn convert(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()>;

    /// The same on the calling thread alone: for callers that keep all cores busy with several inputs, and
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
        threads::in_order(
            input,
            target.lines,
            |input, hand_out| {
                let _ = self.records(input).try_for_each(hand_out);
            },
            |record, maker| {
                maker.make(|document| match record {
                    Ok(record) => describe(self, &record, target, document),
                    Err(broken) => Err(Without::Broken(Box::new(broken))),
                })
            },
            sink,
        )
    }

    fn convert_on_this_thread(
        &self,
        input: Box<dyn BufRead + Send + '_>,
        target: Target<'_>,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (mut document, mut lines) = (Document::new(), Vec::new());
        for record in self.records(input) {
            let described = record.map_err(|broken| Without::Broken(Box::new(broken)));
            match described.and_then(|record| describe(self, &record, target, &mut document)) {
                Ok(position) => {
                    lines.clear();
                    write_lines(&document, target.lines, &mut lines);
                    sink(Outcome::Document { document: &mut document, position, lines: &lines })?;
                }
                Err(without) => sink(without.outcome())?,
            }
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
            if describe(self, &record, target, &mut document).is_ok() {
                sink(&document, &|visit| self.fields(&record, visit))?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// Why there is no document of a piece of input.
#[derive(Debug)]
pub(crate) enum Without {
    /// It is broken.
    Broken(Box<Broken>),
    /// It says that a record is gone.
    Deleted(String, Position),
}

impl Without {
    pub(crate) fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Broken(broken) => Outcome::Quarantined(broken),
            Self::Deleted(identifier, position) => Outcome::Deleted { identifier, position: *position },
        }
    }
}

/// Makes the document of a record, or tells why there is none; then the document holds nothing of worth.
fn describe<F: Format>(
    format: &F,
    record: &F::Record,
    target: Target<'_>,
    document: &mut Document,
) -> Result<Position, Without> {
    let position = format.position(record);
    let delivery = format.delivery(record);
    if let Some(delivery) = delivery.as_ref().filter(|delivery| delivery.deleted) {
        return Err(Without::Deleted(delivery.identifier.clone().into_owned(), position));
    }
    // One record that meets a fault in a mapping must not take the other millions with it.
    let fault = |id: Option<String>, panic: Box<dyn std::any::Any + Send>| {
        let met = format!("a fault in the mapping: {}", panic_text(&*panic));
        quarantined(position, id, met, "a mapping that takes any record; please report it")
    };
    let local =
        catch_unwind(AssertUnwindSafe(|| format.identify(record))).map_err(|panic| fault(None, panic))?;
    let Some(local) = local else {
        let met = "a record with no identifier and no content".to_owned();
        let expected = "an identifier of the owner, or content to make one from";
        return Err(quarantined(position, None, met, expected));
    };
    catch_unwind(AssertUnwindSafe(|| {
        let mut out = Description::new(target.base, target.dataset, &local, document);
        format.describe(record, &mut out);
        if let Some(delivery) = &delivery {
            out.rule("oai.header.identifier", "oai:header/oai:identifier");
            out.text(out.item(), aarre::OAI_IDENTIFIER, &delivery.identifier, None);
        }
        if let Some(rules) = target.rules {
            rules.apply(target.base, target.dataset, &|visit| format.fields(record, visit), document);
        }
        if let Some(owner) = target.owner
            && document.part().begins()
        {
            provide(owner, document, target);
        }
        if let Some(usage) = target.usage {
            usage.count(position.record, &|visit| format.fields(record, visit), document);
        }
    }))
    .map_err(|panic| fault(Some(local.into_owned()), panic))?;
    Ok(position)
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

fn quarantined(position: Position, id: Option<String>, met: String, expected: &'static str) -> Without {
    Without::Broken(Box::new(Broken {
        position,
        id,
        met,
        expected: Cow::Borrowed(expected),
        raw: Vec::new(),
    }))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
