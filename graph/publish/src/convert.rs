//! Records in, documents out: the pass over all sources that `aarre convert` and `aarre load` share.

use crate::report::Report;
use crate::rules::RuleFile;
use crate::sources::{self, Opened, Source, SourceFault};
use graph_model::{Base, Broken, DatasetId, Document, Position};
use loaders::{FormatEntry, Outcome, Setup, SharedUsage, Target};
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;

/// Why a conversion stopped before the end of its input.
#[derive(Debug, Error)]
pub enum ConvertError {
    /// The report could not be written.
    #[error("the report cannot be written: {0}")]
    Report(#[source] io::Error),
    /// The documents could not be passed on.
    #[error(transparent)]
    Sink(Box<dyn std::error::Error + Send + Sync>),
}

/// What the taker of a document says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It was taken.
    Taken,
    /// It has to be set aside, with the reason, e.g. for an identifier that stands twice.
    Quarantined(Broken),
}

/// Told how far a run is; called often, so it has to be quick.
pub trait Watch: Sync {
    /// The bytes read of all bytes (0 when unknown), the documents so far and the records set aside.
    fn progress(&self, read: u64, total: u64, documents: u64, quarantined: u64);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _: u64, _: u64, _: u64, _: u64) {}
}

/// What a conversion needs to know besides its input.
#[derive(Clone, Copy)]
pub struct Conversion<'c> {
    /// The base of all IRIs.
    pub base: &'c Base,
    /// The dataset that the records belong to.
    pub dataset: &'c DatasetId,
    /// Who owns the records: the data provider of items whose record names none.
    pub owner: Option<&'c str>,
    /// The format; detected for each file when `None`.
    pub format: Option<&'static FormatEntry>,
    /// The graph of the N-Quads that the sink wants beside each document, if it wants them.
    pub lines: Option<&'c str>,
    /// The mapping of a table, the owner's rules, or both.
    pub rules: Option<&'c RuleFile>,
    /// Who is told how far it is.
    pub watch: &'c dyn Watch,
}

/// One document, and where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Converted<'c> {
    /// All that the record says.
    pub document: &'c Document,
    /// The file.
    pub file: &'c str,
    /// Where in it the record began.
    pub position: Position,
    /// Its N-Quads, where [`Conversion::lines`] asks for them.
    pub lines: &'c [u8],
}

/// Takes one document; an error stops the run.
pub type Sink<'s> = dyn FnMut(Converted<'_>) -> Result<Fate, Box<dyn std::error::Error + Send + Sync>> + 's;

impl Conversion<'_> {
    /// Converts files and folders, in order; each document goes to the sink, everything else to the report.
    ///
    /// # Errors
    /// [`ConvertError`] when the sink or the report fails; never for anything in the input.
    pub fn paths(
        &self,
        paths: &[PathBuf],
        report: &mut Report,
        sink: &mut Sink<'_>,
    ) -> Result<(), ConvertError> {
        let (sources, faults) = sources::expand(paths);
        for fault in faults {
            report.fault(fault);
        }
        let read = Arc::new(AtomicU64::new(0));
        let total = sources.iter().map(|source| source.bytes).sum();
        for source in &sources {
            self.source(source, &read, total, report, sink)?;
        }
        Ok(())
    }

    /// Converts bytes that come from anywhere, such as standard input.
    ///
    /// # Errors
    /// As [`Conversion::paths`].
    pub fn stream(
        &self,
        bytes: Box<dyn Read + Send>,
        name: &str,
        report: &mut Report,
        sink: &mut Sink<'_>,
    ) -> Result<(), ConvertError> {
        let read = Arc::new(AtomicU64::new(0));
        let opened = sources::open_stream(bytes, name, self.format, Arc::clone(&read));
        self.opened(opened, name, &read, 0, report, sink)
    }

    fn source(
        &self,
        source: &Source,
        read: &Arc<AtomicU64>,
        total: u64,
        report: &mut Report,
        sink: &mut Sink<'_>,
    ) -> Result<(), ConvertError> {
        let opened = sources::open(source, self.format, Arc::clone(read));
        self.opened(opened, &source.name, read, total, report, sink)
    }

    fn opened(
        &self,
        opened: Result<Opened, SourceFault>,
        name: &str,
        read: &AtomicU64,
        total: u64,
        report: &mut Report,
        sink: &mut Sink<'_>,
    ) -> Result<(), ConvertError> {
        let Opened { reader, format } = match opened {
            Ok(opened) => opened,
            Err(fault) => {
                report.fault(fault);
                return Ok(());
            }
        };
        let converter = match (format.setup)(Setup { mapping: self.rules.and_then(RuleFile::mapping) }) {
            Ok(converter) => converter,
            Err(error) => {
                let expected = "a format and a mapping file that fit together".to_owned();
                report.fault(SourceFault { name: name.to_owned(), met: error.to_string(), expected });
                return Ok(());
            }
        };
        report.begin_file(name, format.id);
        let written = report.path().is_some();
        let before = report.summary.total.records;
        let mut failed = None;
        let failure = Arc::new(std::sync::Mutex::new(None));
        let reader = Box::new(Noted { inner: reader, failure: Arc::clone(&failure) });
        let mut step = |outcome: Outcome<'_>| -> Result<(), ConvertError> {
            match outcome {
                Outcome::Document { document, position, lines } => {
                    let converted = Converted { document, file: name, position, lines };
                    match sink(converted).map_err(ConvertError::Sink)? {
                        Fate::Taken => report.document(document),
                        Fate::Quarantined(broken) if document.part().begins() => report.set_aside(&broken),
                        Fate::Quarantined(_) => Ok(()),
                    }
                }
                Outcome::Deleted { identifier, .. } => report.deleted(identifier),
                Outcome::Quarantined(broken) => report.quarantined(broken),
            }
            .map_err(ConvertError::Report)?;
            let done = &report.summary.total;
            self.watch.progress(read.load(Ordering::Relaxed), total, done.documents, done.quarantined);
            Ok(())
        };
        // Nobody reads the counts of a report that is not written.
        let usage = written.then(|| SharedUsage::new(before));
        let target = Target {
            base: self.base,
            dataset: self.dataset,
            owner: self.owner,
            lines: self.lines,
            rules: self.rules.and_then(RuleFile::rules),
            usage: usage.as_ref(),
        };
        let _ = converter.convert(reader, target, &mut |outcome| match step(outcome) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if let Some(usage) = usage {
            report.fields(usage.into_usage());
        }
        let failure = failure.lock().ok().and_then(|mut failure| failure.take());
        if let Some(met) = failure {
            let expected = "a file that can be read to its end".to_owned();
            report.fault(SourceFault { name: name.to_owned(), met, expected });
        } else if report.summary.total.records == before {
            let met = format!("no record, read as {}", format.id);
            let expected = format!("at least one record; formats are {}", crate::home::format_ids());
            report.fault(SourceFault { name: name.to_owned(), met, expected });
        }
        Ok(())
    }
}

/// Keeps the text of an error of the disk or of unpacking, which a loader can only see as an early end.
struct Noted<R> {
    inner: R,
    failure: Arc<std::sync::Mutex<Option<String>>>,
}

impl<R> Noted<R> {
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.inspect_err(|error| {
            if error.kind() != io::ErrorKind::Interrupted
                && let Ok(mut failure) = self.failure.lock()
            {
                failure.get_or_insert_with(|| error.to_string());
            }
        })
    }
}

impl<R: BufRead> Read for Noted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.inner.read(buffer);
        self.note(result)
    }
}

impl<R: BufRead> BufRead for Noted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        // Asked twice, as the borrow of a successful answer would forbid noting a failure; the second call
        // finds the buffer filled and reads nothing.
        if let Err(error) = self.inner.fill_buf() {
            return self.note(Err(error));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
    }
}
