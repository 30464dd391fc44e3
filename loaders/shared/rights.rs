//! Statements of rights: from what a source writes to an IRI of rightsstatements.org or Creative Commons.

/// The IRI of a statement of rights given as an IRI in any of its spellings, a code (`CC BY 4.0`, `InC`) or the words
/// that catalogues use. `None` for anything else: a licence is never guessed.
#[must_use]
pub fn statement(text: &str) -> Option<&'static str> {
    vocabularies::rights::by_statement(text).map(|rights| rights.iri)
}
