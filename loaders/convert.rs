//! The one path from a format to documents, the same for every format.

use graph_model::{Base, Broken, DatasetId, Description, Document, Format, Position};
use std::io::BufRead;
use std::ops::ControlFlow;

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
    /// Converts all records of the input, in order. The sink may end the run early.
    fn convert(
        &self,
        input: Box<dyn BufRead + '_>,
        base: &Base,
        dataset: &DatasetId,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()>;
}

impl<F: Format> Convert for F {
    fn convert(
        &self,
        input: Box<dyn BufRead + '_>,
        base: &Base,
        dataset: &DatasetId,
        sink: &mut dyn FnMut(Outcome<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut document = Document::new();
        for record in self.records(input) {
            match record {
                Err(broken) => sink(Outcome::Quarantined(&broken))?,
                Ok(record) => {
                    let position = self.position(&record);
                    let Some(local) = self.identify(&record) else {
                        sink(Outcome::Quarantined(&unidentified(position)))?;
                        continue;
                    };
                    let mut out = Description::new(base, dataset, &local, &mut document);
                    self.describe(&record, &mut out);
                    sink(Outcome::Document { document: &document, position })?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

fn unidentified(position: Position) -> Broken {
    Broken {
        position,
        id: None,
        met: "a record with no identifier and no content".to_owned(),
        expected: "an identifier of the owner, or content to make one from".into(),
        raw: Vec::new(),
    }
}
