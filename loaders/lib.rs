//! Loaders: one folder a format, from bytes to records to documents.
//!
//! The table below is the list of formats. A loader touches no file, network, clock or store; it is given a
//! stream of bytes and gives documents and broken records, in the order of the input.

pub mod dc;
pub mod eac;
pub mod ead;
pub mod edm;
pub mod framed;
pub mod lido;
pub mod marc;
pub mod mets;
pub mod mods;
pub mod rules;
pub mod shared;
pub mod table;

mod convert;
mod coverage;
mod embedded;
mod threads;
mod usage;

pub use convert::{Convert, Fields, Outcome, Target};
pub use coverage::{FieldUse, Places, unused_fields};
pub use usage::{FieldCount, SharedUsage, Usage};

use thiserror::Error;

/// What a format may need besides the bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setup<'s> {
    /// The text of a mapping file (TOML), for formats whose fields have no meaning of their own.
    pub mapping: Option<&'s str>,
}

/// Why a format could not be set up.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SetupError {
    /// The format needs a mapping file and none was given.
    #[error("{format} needs a mapping file; name one with --rules FILE or 'rules' in aarre.toml")]
    MappingMissing {
        /// The format.
        format: &'static str,
    },
    /// The rule file has a fault.
    #[error("rule file, {place}: {met}; expected {expected}")]
    Rules {
        /// Line and column.
        place: String,
        /// What was met.
        met: String,
        /// What is allowed there.
        expected: String,
    },
    /// The mapping file has a fault.
    #[error("mapping file, {place}: {met}; expected {expected}")]
    Mapping {
        /// Line and column, or the key.
        place: String,
        /// What was met.
        met: String,
        /// What is allowed there.
        expected: String,
    },
}

/// One line of the table of formats.
#[derive(Debug, Clone, Copy)]
pub struct FormatEntry {
    /// The identifier that `--format` takes.
    pub id: &'static str,
    /// The name that people know.
    pub title: &'static str,
    /// Whether the first bytes of a file (up to 64 KiB, decompressed) look like this format.
    pub sniff: fn(&[u8]) -> bool,
    /// Makes the format ready to convert.
    pub setup: fn(Setup<'_>) -> Result<Box<dyn Convert>, SetupError>,
}

/// All formats. Adding one is a folder and a line here. The first that looks right is taken, so the least particular
/// stand last.
pub const FORMATS: &[FormatEntry] = &[
    framed::FRAMED,
    // A package holds records of other formats, so it comes before them.
    mets::METS,
    eac::EAC,
    ead::EAD2002,
    ead::EAD3,
    edm::EDM,
    lido::LIDO,
    mets::PREMIS,
    // MODS often declares the namespace of MARCXML.
    mods::MODS,
    marc::ALEPHSEQ,
    marc::MARCLINE,
    marc::MARC21,
    marc::MARCXML,
    marc::MARCJSON,
    dc::QDC,
    dc::DC,
    table::XLSX,
    table::XML,
    table::JSON,
    table::TSV,
    table::CSV,
];

/// The formats whose records stand within records of others.
const EMBEDDED: &[FormatEntry] = &[eac::EAC, ead::EAD2002, ead::EAD3, lido::LIDO, marc::MARCXML];

/// The format with this identifier.
#[must_use]
pub fn format_by_id(id: &str) -> Option<&'static FormatEntry> {
    FORMATS.iter().find(|format| format.id == id)
}

/// The format that the first bytes of a file look like.
#[must_use]
pub fn detect(head: &[u8]) -> Option<&'static FormatEntry> {
    FORMATS.iter().find(|format| (format.sniff)(head))
}
