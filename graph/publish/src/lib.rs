//! Composition: from what the operator named to a published generation.
//!
//! This is the only crate that opens records' files and writes reports. It hands bytes to the loaders,
//! documents to the store, and makes generations of what the store holds.

pub mod authority;
pub mod convert;
pub mod demo;
pub mod generation;
pub mod home;
pub mod load;
pub mod preview;
pub mod reconcile;
pub mod report;
pub mod rules;
pub mod run;
pub mod shapes;
pub mod sources;
