//! Levels of archival description: EAD's `@level` and `@otherlevel` to RiC-O.

use oxrdf::NamedNodeRef;

use crate::{codes, fold};

/// One level of description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EadLevel {
    /// The value of `@level`, or our own word for a level that EAD has not.
    pub code: &'static str,
    /// The RiC-O class.
    pub class: NamedNodeRef<'static>,
    /// The RiC-O record set type, where RiC-O has one.
    pub record_set_type: Option<NamedNodeRef<'static>>,
    /// The English label.
    pub label: &'static str,
}

/// A word for a level.
pub(crate) struct EadLevelTerm {
    pub(crate) term: &'static str,
    pub(crate) code: &'static str,
}

/// The level with this `@level` value.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static EadLevel> {
    fold::find(codes::EAD_LEVELS, code, |row| row.code)
}

/// The level that a word stands for (`@otherlevel`, or a column of a spreadsheet), in English, Finnish, Swedish,
/// German, French or Ukrainian.
#[must_use]
pub fn by_term(term: &str) -> Option<&'static EadLevel> {
    by_code(fold::find(codes::EAD_LEVEL_TERMS, term, |row| row.term)?.code)
}

/// All levels, sorted by code.
#[must_use]
pub fn all() -> &'static [EadLevel] {
    codes::EAD_LEVELS
}
