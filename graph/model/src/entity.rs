//! The entities that records share: who, where, what and when.
//!
//! Each is described by value here; [`crate::Description`] mints its IRI from a content key and says what is
//! known. Two records that mean the same thing in the same words arrive at the same IRI without asking
//! anybody; that two different keys mean one thing is for reconciliation to find out.

use crate::key::{content_key, has_key};

/// What kind of agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AgentKind {
    /// The source does not say.
    #[default]
    Unknown,
    /// One human being.
    Person,
    /// A corporate body.
    Organization,
    /// A family.
    Family,
    /// A meeting, conference or exhibition as author.
    Event,
}

/// Somebody: a person, family or corporate body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Agent<'a> {
    /// What kind of agent.
    pub kind: AgentKind,
    /// The name as a heading: `Gallen-Kallela, Akseli`; dates and roles are not part of it.
    pub name: &'a str,
    /// BCP 47 tag of the name, where the source tells it.
    pub language: Option<&'a str>,
    /// Birth (or founding) as EDTF, e.g. `1865` or `1865-04-26`.
    pub birth: Option<&'a str>,
    /// Death (or end) as EDTF.
    pub death: Option<&'a str>,
    /// What tells namesakes apart besides dates: a numeration, title or profession of the heading.
    pub qualifier: Option<&'a str>,
    /// The name as it was written, where that differs from `name`.
    pub as_written: Option<&'a str>,
    /// Absolute IRIs of the same agent in authority files.
    pub same_as: &'a [String],
}

impl Agent<'_> {
    /// The content key; `None` when nothing of the name is left in it.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        has_key(self.name).then(|| content_key(&self.key_parts()))
    }

    /// What the content key is made of.
    pub(crate) fn key_parts(&self) -> [&str; 4] {
        let [birth, death] = [self.birth, self.death].map(|date| date.map(year_of).unwrap_or_default());
        [self.name, self.qualifier.unwrap_or_default(), birth, death]
    }
}

/// The year part of an EDTF date, e.g. `1865` of `1865-04-26`.
fn year_of(edtf: &str) -> &str {
    let from = usize::from(edtf.starts_with('-'));
    edtf[from..].find('-').map_or(edtf, |at| &edtf[..from + at])
}

/// Somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Place<'a> {
    /// The name.
    pub name: &'a str,
    /// BCP 47 tag of the name, where the source tells it.
    pub language: Option<&'a str>,
    /// What tells namesakes apart, such as the country or district; part of the key.
    pub within: Option<&'a str>,
    /// Latitude and longitude in decimal degrees, WGS 84.
    pub point: Option<(f64, f64)>,
    /// Geometry as WKT in CRS84 (longitude before latitude).
    pub wkt: Option<&'a str>,
    /// Absolute IRIs of the same place in authority files.
    pub same_as: &'a [String],
}

/// A subject, genre, material, technique or kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Concept<'a> {
    /// The preferred label.
    pub label: &'a str,
    /// BCP 47 tag of the label, where the source tells it.
    pub language: Option<&'a str>,
    /// Absolute IRI of the concept scheme, where known.
    pub scheme: Option<&'a str>,
    /// Absolute IRIs of the same concept in authority files.
    pub same_as: &'a [String],
}

/// One end of a time span: an `xsd:date` or an `xsd:gYear`/`xsd:gYearMonth` by the shape of its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Bound {
    /// A year, e.g. `1865` or `-0044`.
    Year(String),
    /// A year and month, e.g. `1865-04`.
    YearMonth(String),
    /// A day, e.g. `1865-04-26`.
    Day(String),
}

/// A stretch of time. Its key is its EDTF text, so equal dates are one node in the graph.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TimeSpan {
    /// EDTF level 1 (ISO 8601-2:2019), e.g. `1891`, `189X`, `1890~/1895`, `..1918`.
    pub edtf: String,
    /// The first moment that it can be; `None` when open or unknown.
    pub begin: Option<Bound>,
    /// The last moment that it can be; `None` when open or unknown.
    pub end: Option<Bound>,
}
