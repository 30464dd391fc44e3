//! One evaluation, wherever it runs: a query that was prepared, a writer, and how it ended.

use graph_store::{Cancellation, Engine, EvaluateError, Limits, Prepared, ResultFormat};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// How many bytes a page shows; a row may be long.
const PAGE_BYTES: usize = 900 << 10;

/// A finished answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Ended {
    /// Rows of bindings or statements that were written.
    pub(crate) rows: u64,
    /// Whether there may be more lines than were asked for.
    pub(crate) cut: bool,
}

/// Why there is no whole answer, in a form that passes between processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Fault {
    /// The deadline passed.
    Timeout,
    /// Somebody stopped it, or nobody waits for it any more.
    Cancelled,
    /// The answer or the query is larger than allowed.
    TooLarge(String),
    /// It calls a function that is not known here.
    Function(String),
    /// It wanted more memory than a query may have.
    Memory,
    /// It wanted more stack than there is.
    Stack,
    /// It used up its processor time, or its process was killed by somebody else.
    Killed,
    /// Something here is wrong.
    Internal(String),
}

/// Evaluates into `out`; with `lines`, no more than so many whole lines.
pub(crate) fn evaluate(
    engine: &Engine,
    prepared: &Prepared,
    format: ResultFormat,
    lines: Option<usize>,
    limits: &Limits,
    cancel: &Cancellation,
    out: &mut dyn Write,
) -> Result<Ended, Fault> {
    let Some(limit) = lines else {
        let done = engine.evaluate(prepared, format, limits, cancel, out).map_err(|error| fault(&error))?;
        return Ok(Ended { rows: done.rows, cut: false });
    };
    let mut first = FirstLines { kept: Vec::new(), lines: 0, limit, full: false };
    let result = engine.evaluate(prepared, format, limits, cancel, &mut first);
    if !first.full {
        result.map_err(|error| fault(&error))?;
    }
    out.write_all(&first.kept).map_err(|_| Fault::Cancelled)?;
    Ok(Ended { rows: first.lines as u64, cut: first.full })
}

fn fault(error: &EvaluateError) -> Fault {
    match error {
        EvaluateError::Timeout => Fault::Timeout,
        // Who reads the answer is gone or too slow: there is nobody to tell.
        EvaluateError::Cancelled | EvaluateError::Write(_) => Fault::Cancelled,
        EvaluateError::TooLarge { .. } => Fault::TooLarge(error.to_string()),
        EvaluateError::Function(what) => Fault::Function(what.clone()),
        EvaluateError::Memory { .. } => Fault::Memory,
        error => Fault::Internal(error.to_string()),
    }
}

/// Keeps whole lines up to a number, then refuses more, which ends the evaluation.
struct FirstLines {
    kept: Vec<u8>,
    lines: usize,
    limit: usize,
    full: bool,
}

impl Write for FirstLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.lines == self.limit || self.kept.len() + line.len() > PAGE_BYTES {
                self.full = true;
                let whole = self.kept.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                self.kept.truncate(whole);
                return Err(io::Error::other("a page shows no more"));
            }
            self.kept.extend_from_slice(line);
            self.lines += usize::from(line.ends_with(b"\n"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn stops_after_whole_lines() {
        let mut lines = FirstLines { kept: Vec::new(), lines: 0, limit: 2, full: false };
        lines.write_all(b"a\nb").unwrap();
        lines.write_all(b"\n").unwrap();
        assert!(!lines.full, "a full page is not yet one too many");
        assert!(lines.write_all(b"c\n").is_err());
        assert_eq!((lines.kept.as_slice(), lines.full), (b"a\nb\n".as_slice(), true));
    }
}
