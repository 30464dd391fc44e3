//! Kinds of media in words: what a spreadsheet, a `dc:type` or a LIDO work type says, as `edm:type` and DCMI type.

use oxrdf::NamedNodeRef;

use crate::{codes, fold};

/// A word for a kind of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaTerm {
    /// The word, folded.
    pub term: &'static str,
    /// The value of `edm:type`, where one follows.
    pub edm_type: Option<&'static str>,
    /// The DCMI type.
    pub dcmi_type: NamedNodeRef<'static>,
}

/// The kind of media that a word stands for, in English, Finnish, Swedish, German or Ukrainian.
///
/// ```
/// use vocabularies::media;
///
/// assert_eq!(media::by_term("Valokuva").and_then(|media| media.edm_type), Some("IMAGE"));
/// ```
#[must_use]
pub fn by_term(term: &str) -> Option<&'static MediaTerm> {
    fold::find(codes::MEDIA_TERMS, term, |row| row.term)
}
