//! What can be wrong with XML.

use std::borrow::Cow;
use thiserror::Error;

/// What kind of fault it is: what a caller would do differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The bytes are no well-formed XML here; a later record may be.
    Malformed,
    /// The input ends too early.
    Ended,
    /// A limit was reached; a later record may be within it.
    Limit,
    /// Something that is never read, such as a DOCTYPE with entities; the rest is not read either.
    Refused,
    /// The bytes could not be read at all.
    Io,
}

/// A fault, with where, what was met and what was expected.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
#[error("byte {byte}, line {line}: {met}; expected {expected}")]
pub struct XmlError {
    /// What kind of fault.
    pub kind: FaultKind,
    /// Offset in bytes in the input.
    pub byte: u64,
    /// The line, from 1.
    pub line: u64,
    /// What was met, in words.
    pub met: String,
    /// What was expected, in words.
    pub expected: Cow<'static, str>,
}

/// An oddity that did not stop the reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// An entity that XML does not define, such as `nbsp`; U+FFFD stands in its place.
    UnknownEntity(String),
    /// An ampersand that begins no reference; it was read as text.
    LoneAmpersand,
    /// Bytes that are not of the encoding; U+FFFD stands in their place.
    BadBytes,
}

impl Note {
    /// What was met and what is expected, in words, for an issue.
    #[must_use]
    pub fn words(&self) -> (String, &'static str) {
        match self {
            Self::UnknownEntity(name) => {
                (format!("&{name};"), "one of the five entities of XML or a character reference")
            }
            Self::LoneAmpersand => ("&".to_owned(), "&amp;"),
            Self::BadBytes => (
                "bytes that are not of the encoding".to_owned(),
                "text in the encoding that the file declares",
            ),
        }
    }
}
