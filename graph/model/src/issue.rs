//! Issues: facts about a record that its owner will want to know.

use std::borrow::Cow;
use std::fmt;

macro_rules! issue_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What kind of oddity was met. The code is stable: reports and filters use it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum IssueKind { $($(#[$doc])* $name,)* }
        impl IssueKind {
            /// All kinds, in the order of this list.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
            /// The stable code, e.g. `date.unreadable`.
            #[must_use]
            pub fn code(self) -> &'static str { match self { $(Self::$name => $code,)* } }
        }
    };
}

issue_kinds! {
    /// A date that no rule could read; what was written is kept as text.
    UnreadableDate = "date.unreadable",
    /// A date that was read but cannot be, such as a death before the birth or 31 February.
    ImpossibleDate = "date.impossible",
    /// A language code or name that no table has.
    UnknownLanguage = "language.unknown",
    /// A role or relator that no table has.
    UnknownRole = "role.unknown",
    /// A coded value that no table has.
    UnknownCode = "code.unknown",
    /// A statement of rights that no table has.
    UnknownRights = "rights.unknown",
    /// A record without a title.
    MissingTitle = "title.missing",
    /// A record without an identifier of its owner; its content gave it one.
    MissingIdentifier = "identifier.missing",
    /// Some other thing that the standard asks for is not there.
    MissingValue = "value.missing",
    /// A link that is no absolute IRI, or no IRI at all.
    BadIri = "iri.bad",
    /// Coordinates that cannot be read or lie outside the world.
    BadCoordinates = "coordinates.bad",
    /// A number or measurement that cannot be read.
    BadNumber = "number.bad",
    /// Bytes that are not of the declared encoding; U+FFFD stands in their place.
    BadEncoding = "encoding.bad",
    /// A structure that the standard does not allow, read all the same.
    BadStructure = "structure.bad",
    /// A field that the mapping does not use.
    UnmappedField = "field.unmapped",
    /// A value that is longer than the limit and was left out.
    TooLong = "value.too-long",
    /// A rule of the owner asks to look at the record.
    OwnersRule = "owner.rule",
    /// A rule of a profile that the record says it follows, and that must be kept.
    ProfileViolated = "profile.violated",
    /// A rule of a profile that should be kept, or something optional in it that is not there.
    ProfileAdvised = "profile.advised",
}

impl fmt::Display for IssueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One oddity in one record. The record loads all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// What kind of oddity.
    pub kind: IssueKind,
    /// The place in the record in the format's own words, e.g. `100$e` or `lido:eventDate[2]`.
    pub path: String,
    /// What was met, cut at 200 characters.
    pub met: String,
    /// What was expected, in words.
    pub expected: Cow<'static, str>,
}

impl Issue {
    /// The longest text that `met` keeps, in characters.
    pub const MET_LIMIT: usize = 200;

    /// An issue; a long `met` is cut and ends in an ellipsis.
    #[must_use]
    pub fn new(kind: IssueKind, path: &str, met: &str, expected: impl Into<Cow<'static, str>>) -> Self {
        let met = match met.char_indices().nth(Self::MET_LIMIT) {
            Some((end, _)) => format!("{}…", &met[..end]),
            None => met.to_owned(),
        };
        Self { kind, path: path.to_owned(), met, expected: expected.into() }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: met '{}', expected {}", self.kind, self.path, self.met, self.expected)
    }
}
