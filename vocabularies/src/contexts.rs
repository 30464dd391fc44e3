//! JSON-LD contexts.

/// The context of the core layer: short names for what `data-model` lists, prefixes for the detail layer.
pub const AARRE: &str = include_str!("../contexts/aarre.jsonld");
