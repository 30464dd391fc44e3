//! Terms, code tables, shapes and contexts: everything that says “this word means that IRI”.
//!
//! The data are the tables beside this file (`terms/`, `codes/`, `labels.tsv`, `prefixes.tsv`, `shapes/`,
//! `contexts/`); the build script turns them into constants and sorted slices, and what is written here is only the
//! thin typed door to them. No other crate writes an ontology IRI as a string.
//!
//! # Terms
//! Every vocabulary is a module, every term a constant in it:
//!
//! ```
//! use vocabularies::{bf, crm, dcterms};
//!
//! assert_eq!(dcterms::IS_PART_OF.as_str(), "http://purl.org/dc/terms/isPartOf");
//! assert_eq!(crm::E12_PRODUCTION.as_str(), "http://www.cidoc-crm.org/cidoc-crm/E12_Production");
//! // Where a property and a class differ only in case, the property has the plain name.
//! assert_eq!(bf::TITLE.as_str(), "http://id.loc.gov/ontologies/bibframe/title");
//! assert_eq!(bf::TITLE_CLASS.as_str(), "http://id.loc.gov/ontologies/bibframe/Title");
//! ```
//!
//! # Code tables
//! A look-up is a binary search in a static slice and allocates nothing. Words are compared folded: case,
//! punctuation and runs of blanks do not count.
//!
//! Deliberately not here: authority data (that is `graph-reconcile`'s) and any rule that looks at two fields.

pub mod authorities;
pub mod authority_files;
mod codes;
pub mod contexts;
pub mod countries;
pub mod ead_levels;
mod fold;
mod index;
pub mod languages;
pub mod lido_events;
pub mod marc;
pub mod media;
pub mod names;
pub mod relators;
pub mod rights;
pub mod shapes;

#[cfg(test)]
mod tests;

include!(concat!(env!("OUT_DIR"), "/terms.rs"));

pub use index::{Labels, PREFIXES, Term, TermKind, label, label_of, qname, term, terms};
