//! What formats share: the reading of XML, the normalisers of dates, names, languages, places, coordinates
//! and rights, the core layer, and the harness that checks fixtures. Nothing here knows any one format.

#[cfg(test)]
pub mod check;
pub mod coordinates;
pub mod core;
pub mod dates;
pub mod dc;
pub(crate) mod draft;
pub(crate) mod identifiers;
pub mod languages;
pub mod mods;
pub mod names;
pub mod oai;
pub mod places;
pub(crate) mod punctuation;
pub(crate) mod record_name;
pub mod rights;
pub(crate) mod roles;
pub(crate) mod schemes;
pub(crate) mod tables;
pub(crate) mod words;
pub mod xml;
