//! The one home of Oxigraph: quads go in, documents and answers come out.
//!
//! Two handles, and nothing between them:
//! - [`WorkingStore`] is the folder that loads write to. It has one writer, because the transactions of the
//!   engine detect no conflict: two at once would lose updates without a word.
//! - [`Snapshot`] is a read-only handle on a folder that nobody writes to any more (a checkpoint inside a
//!   generation). It gives the quads of an entity, its labels, what points at it, and evaluates queries.
//!
//! Queries from strangers pass a scan that does not recurse ([`prepare`]) before any parser sees them, as a few
//! kilobytes of braces overflow the parser's stack and take the process with it. The engine looks at a cancelled
//! query only when it reads quads, so a deadline here is a strong wish; the hard limit is a worker process, which
//! is not this crate's business.
//!
//! Deliberately not here: where quads come from, what they mean, and HTTP.

mod canonical;
mod disk;
mod dump;
mod error;
mod export;
mod proposals;
mod query;
mod serialize;
mod snapshot;
mod working;

pub use canonical::Canonical;
pub use error::StoreError;
pub use export::Extent;
pub use graph_index::Touch;
pub use proposals::{Proposal, Side, proposals};
pub use query::{
    Allowed, Asked, Cancellation, DatasetParameters, Engine, EvaluateError, Evaluated, Explanation,
    GraphFormat, Key, Limits, Notes, Prepared, QueryError, QueryErrorKind, QueryKind, ResultFormat,
    ScanLimits, Services, SolutionFormat, Step, extension_functions, prepare, prepare_for, prepare_here,
    prepare_small, prepare_within,
};
pub use serialize::{write_nquad, write_quads};
pub use snapshot::{Entity, Incoming, Label, Reference, Snapshot};
pub use working::{Bulk, Change, WorkingStore};

/// The RDF terms of this crate's interface, so that its callers need no crate of their own for them.
pub mod rdf {
    pub use oxigraph::io::{RdfFormat, RdfParser};
    pub use oxigraph::model::{
        GraphName, GraphNameRef, Literal, LiteralRef, NamedNode, NamedNodeRef, NamedOrBlankNode,
        NamedOrBlankNodeRef, Quad, QuadRef, Term, TermRef,
    };
}
