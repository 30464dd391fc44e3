//! Roles: MARC relators by code, IRI or word.

use vocabularies::relators::{self, Relator};

/// A role in which somebody took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    /// A MARC relator.
    Known { code: &'static str, iri: &'static str },
    /// What was written, in no table.
    Unknown(String),
}

/// The relators of making: whoever has one of them is a creator. Sorted.
const MAKERS: &[&str] = &[
    "arc", "art", "aus", "aut", "chr", "cmp", "cre", "ctg", "drm", "drt", "dsr", "dub", "egr", "etr", "fmd",
    "fmk", "inv", "ive", "lbt", "ltg", "lyr", "pht", "prg", "rpy", "rsp", "scl", "sec", "spk", "std", "wdc",
];

impl Role {
    pub(crate) fn unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Whether the role is one of making.
    pub(crate) fn makes(&self) -> bool {
        matches!(self, Self::Known { code, .. } if MAKERS.binary_search(code).is_ok())
    }
}

/// The role that `$4` means: a code, or the IRI of a relator.
pub(crate) fn of_code(text: &str) -> Role {
    let text = text.trim().trim_end_matches('.');
    let found = relators::by_code(text).or_else(|| relators::by_iri(text));
    found.map_or_else(|| of_word(text), known)
}

/// The role that a word in any language of the table means.
pub(crate) fn of_word(text: &str) -> Role {
    relators::by_term(text).map_or_else(|| Role::Unknown(text.trim().to_owned()), known)
}

fn known(relator: &'static Relator) -> Role {
    Role::Known { code: relator.code, iri: relator.iri }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words_meet() {
        assert_eq!(of_code("ill"), of_word("kuvittaja"));
        assert!(of_code("aut").makes() && !of_code("trl").makes());
        assert!(MAKERS.is_sorted());
    }
}
