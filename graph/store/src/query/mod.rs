//! Queries: scanned, parsed, evaluated.
//!
//! SPARQL 1.1 Query Language and SPARQL 1.1 Query Results JSON, XML, CSV and TSV (W3C Recommendations, 21 March
//! 2013). Updates and `SERVICE` are refused before evaluation: HTTP reads an immutable generation, and a query may
//! not make this host call another.

mod canonical;
mod columns;
mod deadline;
mod deep;
mod engine;
mod evaluate;
mod explain;
mod format;
mod functions;
mod ids;
mod parts;
mod prepare;
mod scan;
mod search;
mod shape;
#[cfg(test)]
mod tests;
mod touch;

pub use canonical::Key;
pub use engine::Engine;
pub use evaluate::{Cancellation, EvaluateError, Evaluated, Limits};
pub use explain::Explanation;
pub use format::{GraphFormat, ResultFormat, SolutionFormat};
pub use prepare::{
    DatasetParameters, Prepared, QueryError, QueryErrorKind, QueryKind, prepare, prepare_here, prepare_within,
};
pub use scan::ScanLimits;
