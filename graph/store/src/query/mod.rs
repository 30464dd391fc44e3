//! Queries: scanned, parsed, evaluated.
//!
//! SPARQL 1.1 Query Language and SPARQL 1.1 Query Results JSON, XML, CSV and TSV (W3C Recommendations, 21 March
//! 2013). Updates are refused before evaluation, and `SERVICE` unless its endpoint is listed: HTTP reads an immutable
//! generation, and a query may not make this host call any other.

mod canonical;
mod columns;
mod deadline;
mod deep;
mod engine;
mod evaluate;
mod explain;
mod federation;
mod format;
mod functions;
mod ids;
mod parts;
mod prepare;
mod scan;
mod search;
mod shape;
mod standard;
#[cfg(test)]
mod tests;
mod touch;

pub use canonical::Key;
pub use engine::Engine;
pub use evaluate::{Asked, Cancellation, EvaluateError, Evaluated, Limits};
pub use explain::{Explanation, Notes, Step};
pub use federation::{Allowed, Services};
pub use format::{GraphFormat, ResultFormat, SolutionFormat};
pub use functions::extension_functions;
pub use prepare::{
    DatasetParameters, Prepared, QueryError, QueryErrorKind, QueryKind, prepare, prepare_for, prepare_here,
    prepare_small, prepare_within,
};
pub use scan::ScanLimits;
