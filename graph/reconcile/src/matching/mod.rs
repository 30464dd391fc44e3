//! Matching: which entry of an authority a mention means, how certain that is, and why.
//!
//! Identifiers that the records give come first. Then entries with the same key; then candidates that the authority finds
//! for the name. Mention and candidate are compared in features ([`Feature`]), a small model makes a probability of them,
//! and that probability has been held against gold: of the links made at 0.98, ninety-eight in a hundred are right.
//! Three outcomes: linked, to review, none. Some things no probability outweighs ([`Hold`]): two candidates near each
//! other, other dates of life, a place of the same name with nothing that says it is this one.
//!
//! Deliberately left out: nothing is learnt while matching, and no decision of a person is made here; the log of decisions
//! comes before and after the matcher.

mod compare;
mod edit;
mod features;
mod hold;
mod matcher;
mod mention;
mod model;
mod person;
#[cfg(test)]
mod tests;
mod train;
mod words;

pub use features::{Feature, Features, Value};
pub use hold::Hold;
pub use matcher::{Judged, Matcher, Method, Outcome, Scratch, Settings, Verdict};
pub use mention::Mention;
pub use model::Model;
pub use train::{Example, Trained, train};
