//! One evaluation, wherever it runs: a query that was prepared, a writer, and how it ended.

use graph_store::{Asked, Engine, EvaluateError, Explanation, Limits, QueryKind, ResultFormat};
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::io::{self, Write};
use std::time::Instant;

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
    /// Another endpoint gave no answer.
    Service(String),
    /// It wanted more memory than a query may have.
    Memory,
    /// It wanted more stack than there is.
    Stack,
    /// It sorts by values that the engine has no order for.
    Order,
    /// It used up its processor time, or its process was killed by somebody else.
    Killed,
    /// Something here is wrong.
    Internal(String),
}

impl Fault {
    /// What a panic during an evaluation means.
    pub(crate) fn of_panic(panic: &(dyn Any + Send)) -> Self {
        let said = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let said = said.unwrap_or("no word");
        // The evaluator of Oxigraph compares numbers as numbers and all else as texts, which is no order of both, and Rust's
        // sort says so.
        if said.contains("total order") {
            Self::Order
        } else {
            Self::Internal(format!("a query panicked: {said}"))
        }
    }
}

/// What is wanted of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Answer(ResultFormat),
    /// How it is answered, for people.
    ExplainedInText,
    /// The same for programs.
    ExplainedInJson,
}

impl Form {
    const TEXT: &str = "explain-text";
    const JSON: &str = "explain-json";

    /// Its name between processes.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Answer(format) => format.extension(),
            Self::ExplainedInText => Self::TEXT,
            Self::ExplainedInJson => Self::JSON,
        }
    }

    /// What is called so for such a query.
    pub(crate) fn named(kind: QueryKind, name: &str) -> Option<Self> {
        match name {
            Self::TEXT => Some(Self::ExplainedInText),
            Self::JSON => Some(Self::ExplainedInJson),
            extension => ResultFormat::from_extension(kind, extension).map(Self::Answer),
        }
    }
}

/// Evaluates into `out`; with `lines`, no more than so many whole lines.
pub(crate) fn evaluate(
    engine: &Engine,
    asked: &Asked<'_>,
    form: Form,
    lines: Option<usize>,
    out: &mut dyn Write,
) -> Result<Ended, Fault> {
    let format = match form {
        Form::Answer(format) => format,
        Form::ExplainedInText => return explain(engine, asked, |told| Ok(told.to_string()), out),
        Form::ExplainedInJson => return explain(engine, asked, serde_json::to_string_pretty, out),
    };
    let Some(limit) = lines else {
        let done = engine.evaluate(asked, format, out).map_err(|error| fault(&error))?;
        return Ok(Ended { rows: done.rows, cut: false });
    };
    let mut first = FirstLines { kept: Vec::new(), lines: 0, limit, full: false };
    let result = engine.evaluate(asked, format, &mut first);
    if !first.full {
        result.map_err(|error| fault(&error))?;
    }
    out.write_all(&first.kept).map_err(|_| Fault::Cancelled)?;
    Ok(Ended { rows: first.lines as u64, cut: first.full })
}

/// Evaluates in nine tenths of the time, so that what was done by then can still be told.
fn explain(
    engine: &Engine,
    asked: &Asked<'_>,
    form: impl FnOnce(&Explanation) -> serde_json::Result<String>,
    out: &mut dyn Write,
) -> Result<Ended, Fault> {
    let now = Instant::now();
    let sooner = asked.limits.deadline.map(|deadline| now + deadline.saturating_duration_since(now) / 10 * 9);
    let limits = Limits { deadline: sooner, ..*asked.limits };
    let told = engine.explain(&Asked { limits: &limits, ..*asked });
    if asked.cancellation.is_cancelled() && sooner.is_none_or(|sooner| Instant::now() < sooner) {
        return Err(Fault::Cancelled);
    }
    let text = form(&told).map_err(|error| Fault::Internal(error.to_string()))?;
    out.write_all(text.as_bytes()).map_err(|_| Fault::Cancelled)?;
    Ok(Ended::default())
}

fn fault(error: &EvaluateError) -> Fault {
    match error {
        EvaluateError::Timeout => Fault::Timeout,
        // Who reads the answer is gone or too slow: there is nobody to tell.
        EvaluateError::Cancelled | EvaluateError::Write(_) => Fault::Cancelled,
        EvaluateError::TooLarge { .. } => Fault::TooLarge(error.to_string()),
        EvaluateError::Function(what) => Fault::Function(what.clone()),
        EvaluateError::Service(_) => Fault::Service(error.to_string()),
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
    fn a_sort_without_an_order_is_told_from_other_panics() {
        let panicked = |what: fn()| Fault::of_panic(&*std::panic::catch_unwind(what).unwrap_err());
        // Numbers among themselves as numbers, all else as texts.
        let order = panicked(|| {
            let mut all: Vec<String> = (0..2_000_u32)
                .map(|n| (n, n.wrapping_mul(2_654_435_761) % 5_000))
                .map(|(n, value)| if n % 2 == 0 { value.to_string() } else { format!("{value}x") })
                .collect();
            all.sort_by(|one, other| match (one.parse::<u32>(), other.parse::<u32>()) {
                (Ok(one), Ok(other)) => one.cmp(&other),
                _ => one.cmp(other),
            });
        });
        assert_eq!(order, Fault::Order);
        assert_eq!(panicked(|| panic!("no {}", 1)), Fault::Internal("a query panicked: no 1".to_owned()));
    }

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
