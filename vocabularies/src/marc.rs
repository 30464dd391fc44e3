//! The one-letter and three-letter codes of MARC 21 that say what kind of thing a record describes, and the RDA
//! types that say it again in fields 336 to 338.

use oxrdf::NamedNodeRef;

use crate::{codes, fold};

/// A type of record (leader/06 or 006/00).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordType {
    /// The letter.
    pub code: &'static str,
    /// The value of `edm:type`, where one follows from the letter alone.
    pub edm_type: Option<&'static str>,
    /// The DCMI type, where one follows from the letter alone.
    pub dcmi_type: Option<NamedNodeRef<'static>>,
    /// The BIBFRAME work class.
    pub work_class: NamedNodeRef<'static>,
    /// The English label.
    pub label: &'static str,
}

/// A bibliographic level (leader/07).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BibliographicLevel {
    /// The letter.
    pub code: &'static str,
    /// The English label.
    pub label: &'static str,
}

/// A category of material (007/00).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// The letter.
    pub code: &'static str,
    /// The value of `edm:type`, where one follows from the letter alone.
    pub edm_type: Option<&'static str>,
    /// The English label.
    pub label: &'static str,
}

/// An RDA content type (336).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentType {
    /// The three-letter code of `$b`.
    pub code: &'static str,
    /// The IRI at the Library of Congress.
    pub iri: &'static str,
    /// The English label.
    pub label: &'static str,
    /// The value of `edm:type`, where one follows.
    pub edm_type: Option<&'static str>,
}

/// An RDA media type (337) or carrier type (338).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RdaType {
    /// The code of `$b`.
    pub code: &'static str,
    /// The IRI at the Library of Congress.
    pub iri: &'static str,
    /// The English label.
    pub label: &'static str,
}

/// A script code of subfield `$6`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkageScript {
    /// The code as in `$6` after the slash, such as `(N`.
    pub code: &'static str,
    /// The ISO 15924 code; `None` for `$1`, which stands for Chinese, Japanese and Korean alike.
    pub iso_15924: Option<&'static str>,
    /// The English label.
    pub label: &'static str,
}

/// The type of record with this letter.
#[must_use]
pub fn record_type(code: char) -> Option<&'static RecordType> {
    codes::MARC_TYPES.iter().find(|row| row.code.starts_with(code))
}

/// The bibliographic level with this letter.
#[must_use]
pub fn bibliographic_level(code: char) -> Option<&'static BibliographicLevel> {
    codes::MARC_LEVELS.iter().find(|row| row.code.starts_with(code))
}

/// The category of material with this letter.
#[must_use]
pub fn category(code: char) -> Option<&'static Category> {
    codes::MARC_CATEGORIES.iter().find(|row| row.code.starts_with(code))
}

/// The content type with this code (`txt`).
#[must_use]
pub fn content_type(code: &str) -> Option<&'static ContentType> {
    fold::find(codes::CONTENT_TYPES, code, |row| row.code)
}

/// The media type with this code (`n`).
#[must_use]
pub fn media_type(code: &str) -> Option<&'static RdaType> {
    fold::find(codes::MEDIA_TYPES, code, |row| row.code)
}

/// The carrier type with this code (`nc`).
#[must_use]
pub fn carrier(code: &str) -> Option<&'static RdaType> {
    fold::find(codes::CARRIERS, code, |row| row.code)
}

/// The content type with this English label (`text`), in any letter case.
#[must_use]
pub fn content_type_by_label(label: &str) -> Option<&'static ContentType> {
    codes::CONTENT_TYPES.iter().find(|row| row.label.eq_ignore_ascii_case(label))
}

/// The media type with this English label (`unmediated`), in any letter case.
#[must_use]
pub fn media_type_by_label(label: &str) -> Option<&'static RdaType> {
    codes::MEDIA_TYPES.iter().find(|row| row.label.eq_ignore_ascii_case(label))
}

/// The carrier type with this English label (`volume`), in any letter case.
#[must_use]
pub fn carrier_by_label(label: &str) -> Option<&'static RdaType> {
    codes::CARRIERS.iter().find(|row| row.label.eq_ignore_ascii_case(label))
}

/// The script of a `$6` such as `245-01/(N/r`, or of the code alone, as an ISO 15924 code.
///
/// Records since 2005 may have the ISO code itself, which is returned as it is in the table.
///
/// ```
/// use vocabularies::marc;
///
/// assert_eq!(marc::linkage_script("880-02/(N"), Some("Cyrl"));
/// assert_eq!(marc::linkage_script("(2"), Some("Hebr"));
/// assert_eq!(marc::linkage_script("245-01/$1"), None);
/// ```
#[must_use]
pub fn linkage_script(linkage: &str) -> Option<&'static str> {
    let mut parts = linkage.trim().split('/');
    let first = parts.next()?;
    let code = if first.contains('-') { parts.next()? } else { first };
    match codes::MARC_SCRIPTS.iter().find(|row| row.code == code) {
        Some(row) => row.iso_15924,
        None => script(code).map(|script| script.code),
    }
}

/// A script of ISO 15924.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Script {
    /// The four-letter code.
    pub code: &'static str,
    /// The English name.
    pub name: &'static str,
}

/// The script with this four-letter ISO 15924 code, in either case.
#[must_use]
pub fn script(code: &str) -> Option<&'static Script> {
    codes::SCRIPTS.iter().find(|script| script.code.eq_ignore_ascii_case(code))
}
