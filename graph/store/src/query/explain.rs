//! How a query was answered, in words.

use super::evaluate::EvaluateError;
use super::prepare::Prepared;
use serde::Serialize;
use std::cell::RefCell;
use std::fmt;

/// Something that was done for a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// How far inside another step it was done; 0 for what was done for the query itself.
    pub level: usize,
    /// What was done.
    pub text: String,
    /// About how many rows were expected after it, where the order of the work was chosen by that.
    pub expected: Option<u64>,
    /// How many rows there were after it.
    pub rows: Option<u64>,
}

impl Step {
    /// Without a number of rows.
    pub(super) fn said(text: impl Into<String>) -> Self {
        Self { level: 0, text: text.into(), expected: None, rows: None }
    }

    /// After which there were so many rows, which the text says too.
    pub(super) fn left(rows: usize, text: impl Into<String>) -> Self {
        Self { rows: Some(rows as u64), ..Self::said(text) }
    }

    /// About so many rows were expected.
    pub(super) fn expected(mut self, rows: f64) -> Self {
        // A conversion keeps to the bounds of the type.
        self.expected = Some(rows.round() as u64);
        self
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match self.expected {
            Some(rows) => write!(f, " (expected about {rows})"),
            None => Ok(()),
        }
    }
}

/// Steps that are written down while a query is evaluated, so that they are known also when it is not finished. They are
/// few: one an operator, not one a row.
#[derive(Debug, Default)]
pub struct Notes(RefCell<Vec<Step>>);

impl Notes {
    /// How many steps are kept; what comes later is only counted.
    const MOST: usize = 500;

    /// Nothing written down yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn push(&self, step: impl FnOnce() -> Step) {
        let mut steps = self.0.borrow_mut();
        if steps.len() < Self::MOST {
            steps.push(step());
        } else if steps.len() == Self::MOST {
            steps.push(Step::said("and more steps"));
        }
    }

    /// All steps in one line, with the names of variables as they were written.
    #[must_use]
    pub fn line(&self, prepared: &Prepared) -> String {
        let steps: Vec<String> = self.0.borrow().iter().map(ToString::to_string).collect();
        written(&steps.join("; "), prepared)
    }

    fn steps(&self, prepared: &Prepared) -> Vec<Step> {
        let steps = self.0.borrow();
        let step = |step: &Step| Step { text: written(&step.text, prepared), ..step.clone() };
        steps.iter().map(step).collect()
    }
}

/// Who answers a query, and what was done step by step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Who takes the query, in a sentence.
    pub by: String,
    /// What was done, in order.
    pub steps: Vec<Step>,
    /// How many solutions there are before they are written, or why it was not finished.
    pub outcome: String,
    /// The number of solutions, if it was finished.
    pub rows: Option<u64>,
    /// The algebra of the query, as an S-expression.
    pub algebra: String,
}

impl Explanation {
    pub(super) fn ids(prepared: &Prepared, notes: &Notes, rows: Result<usize, EvaluateError>) -> Self {
        let steps = notes.steps(prepared);
        let by = if steps.iter().any(|step| step.text.contains("spareval")) {
            "the index, over ids; some parts by spareval over its columns"
        } else {
            "the index, over ids"
        };
        let outcome = match &rows {
            Ok(1) => "1 solution".to_owned(),
            Ok(rows) => format!("{rows} solutions"),
            Err(error) => error.to_string(),
        };
        let rows = rows.ok().map(|rows| rows as u64);
        Self { by: by.to_owned(), steps, outcome, rows, algebra: algebra(prepared) }
    }

    pub(super) fn columns(prepared: &Prepared) -> Self {
        Self {
            by: "spareval over the columns of the index".to_owned(),
            steps: Vec::new(),
            outcome: "not evaluated".to_owned(),
            rows: None,
            algebra: algebra(prepared),
        }
    }

    pub(super) fn plain(prepared: &Prepared) -> Self {
        Self { by: "Oxigraph, as this generation has no index".to_owned(), ..Self::columns(prepared) }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "answered by {}", self.by)?;
        for step in &self.steps {
            writeln!(f, "  {:indent$}{step}", "", indent = step.level * 2)?;
        }
        writeln!(f, "outcome: {}", self.outcome)?;
        writeln!(f, "algebra: {}", self.algebra)
    }
}

fn algebra(prepared: &Prepared) -> String {
    written(&prepared.query.to_sse(), prepared)
}

/// The text with the names of variables as they were written, instead of the canonical ones; what the parser named keeps
/// its name. Names within IRIs and quotation marks are none.
fn written(text: &str, prepared: &Prepared) -> String {
    let mut told = String::with_capacity(text.len());
    let (mut quoted, mut escaped, mut before, mut copied) = (false, false, ' ', 0);
    for (at, mark) in text.char_indices() {
        if quoted {
            quoted = escaped || mark != '"';
            escaped = mark == '\\' && !escaped;
        } else if mark == '"' {
            quoted = true;
        } else if mark == '?' && !before.is_alphanumeric() && before != '/' && at >= copied {
            let name = &text[at + 1..];
            let end = name.find(|mark: char| !mark.is_alphanumeric() && mark != '_').unwrap_or(name.len());
            if let Some(old) = prepared.written(&name[..end]) {
                told.push_str(&text[copied..=at]);
                told.push_str(old);
                copied = at + 1 + end;
            }
        }
        before = mark;
    }
    told.push_str(&text[copied..]);
    told
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::query::{DatasetParameters, prepare};

    #[test]
    fn names_are_those_that_were_written() {
        let text = "PREFIX x: <http://x/> SELECT ?work { ?work x:a ?title ; x:b ?year }";
        let prepared = prepare(text, &DatasetParameters::default()).unwrap();
        for (canonical, expected) in [
            ("?work <http://x/a> ?_0", "?work <http://x/a> ?title"),
            ("(join ?_1 ?_0) ?_10", "(join ?year ?title) ?_10"),
            ("<http://x/?_0> \"a \\\" ?_0\" ?_0", "<http://x/?_0> \"a \\\" ?_0\" ?title"),
        ] {
            assert_eq!(written(canonical, &prepared), expected);
        }
    }

    #[test]
    fn many_steps_are_cut() {
        let notes = Notes::new();
        (0..2_000).for_each(|n| notes.push(|| Step::left(n, "x")));
        assert_eq!(notes.0.borrow().len(), Notes::MOST + 1);
    }
}
