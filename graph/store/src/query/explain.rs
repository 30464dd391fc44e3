//! How a query was answered, in words.

use super::evaluate::EvaluateError;
use super::prepare::Prepared;
use std::fmt;

/// Who answers a query, and what was done step by step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Who takes the query, in a sentence.
    pub by: String,
    /// What was done, in order; inner steps are indented by two spaces each.
    pub steps: Vec<String>,
    /// How many solutions there are before they are written, or why it was not finished.
    pub outcome: String,
    /// The algebra of the query, as an S-expression.
    pub algebra: String,
}

impl Explanation {
    pub(super) fn ids(prepared: &Prepared, steps: Vec<String>, rows: Result<usize, EvaluateError>) -> Self {
        let by = if steps.iter().any(|step| step.contains("spareval")) {
            "the index, over ids; some parts by spareval over its columns"
        } else {
            "the index, over ids"
        };
        let outcome = match rows {
            Ok(1) => "1 solution".to_owned(),
            Ok(rows) => format!("{rows} solutions"),
            Err(error) => error.to_string(),
        };
        Self { by: by.to_owned(), steps, outcome, algebra: prepared.query.to_sse() }
    }

    pub(super) fn columns(prepared: &Prepared) -> Self {
        Self {
            by: "spareval over the columns of the index".to_owned(),
            steps: Vec::new(),
            outcome: "not evaluated".to_owned(),
            algebra: prepared.query.to_sse(),
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
            writeln!(f, "  {step}")?;
        }
        writeln!(f, "outcome: {}", self.outcome)?;
        writeln!(f, "algebra: {}", self.algebra)
    }
}
