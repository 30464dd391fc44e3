//! What flows through Aarre.
//!
//! A *record* is what an owner gave us; a [`Document`] is all that the record says, as RDF, together with
//! the [`Issue`]s that were met while reading it. This crate holds those two words and what they need: the
//! IRI policy ([`Base`], [`DatasetId`]), the entities that records share ([`Agent`], [`Place`], [`Concept`],
//! [`TimeSpan`]), and the one trait that a format implements ([`Format`]).
//!
//! Nothing here reads a file, asks a clock, or knows a store: the same bytes give the same document, to the
//! byte, on any machine and in any order.

mod base;
mod description;
mod document;
mod entity;
mod format;
mod issue;
mod key;
mod limits;
mod nquads;

pub use base::{Base, BaseError, DatasetId};
pub use description::{Description, Within};
pub use document::{Document, Node, NodeKind, ObjectRef, Part, StatementRef};
pub use entity::{Agent, AgentKind, Bound, Concept, Place, TimeSpan};
pub use format::{Broken, Delivery, Field, Format, Position, Visit, steps, without_positions};
pub use issue::{Issue, IssueKind};
pub use key::{content_key, encode_segment, has_key};
pub use limits::{LimitEntry, ServiceLimits};
pub use nquads::{write_iri, write_statement, write_text};
