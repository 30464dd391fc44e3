//! The kinds of terms, in the order of the index.

/// What sort of term it is. Each kind is one contiguous range of ids, and the kinds follow one another as here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A blank node.
    BlankNode = 1,
    /// An IRI.
    NamedNode,
    /// A well-formed number: `xsd:integer` and the types derived from it, `xsd:decimal`, `xsd:float`, `xsd:double`.
    Numeric,
    /// `xsd:string`.
    String,
    /// A text with a language.
    LanguageString,
    /// A text with a language and a base direction (RDF 1.2).
    DirectionalString,
    /// `xsd:boolean`.
    Boolean,
    /// `xsd:dateTime`, `xsd:dateTimeStamp`.
    DateTime,
    /// `xsd:date`.
    Date,
    /// `xsd:time`.
    Time,
    /// `xsd:gYear`.
    GYear,
    /// `xsd:gYearMonth`.
    GYearMonth,
    /// `xsd:gMonth`.
    GMonth,
    /// `xsd:gMonthDay`.
    GMonthDay,
    /// `xsd:gDay`.
    GDay,
    /// `xsd:duration`, `xsd:yearMonthDuration`, `xsd:dayTimeDuration`.
    Duration,
    /// A literal of another datatype, or one that its datatype does not allow (`"abc"^^xsd:integer`).
    OtherTyped,
    /// A triple term (RDF 1.2).
    Triple,
}

impl Kind {
    /// All kinds, in order.
    pub const ALL: [Self; 18] = [
        Self::BlankNode,
        Self::NamedNode,
        Self::Numeric,
        Self::String,
        Self::LanguageString,
        Self::DirectionalString,
        Self::Boolean,
        Self::DateTime,
        Self::Date,
        Self::Time,
        Self::GYear,
        Self::GYearMonth,
        Self::GMonth,
        Self::GMonthDay,
        Self::GDay,
        Self::Duration,
        Self::OtherTyped,
        Self::Triple,
    ];

    /// Whether terms of this kind are literals.
    #[must_use]
    pub fn is_literal(self) -> bool {
        !matches!(self, Self::BlankNode | Self::NamedNode | Self::Triple)
    }

    /// Whether the kind is of moments or spans on a calendar, which may have a time zone.
    pub(crate) fn is_moment(self) -> bool {
        (Self::DateTime..=Self::GDay).contains(&self)
    }

    pub(crate) fn index(self) -> usize {
        self as usize - 1
    }

    pub(crate) fn of_byte(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte).checked_sub(1)?).copied()
    }
}
