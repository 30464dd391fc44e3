//! By what items are told apart: each facet, and the statements that lead from an item to its values.
//!
//! The table is read by the builder, by the pages and by those who write a search down as a query, so that all three count
//! the same.

use oxrdf::NamedNodeRef;
use vocabularies::{aarre, dc, dcterms, edm};

/// A step from a thing to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the objects of the property.
    Along(NamedNodeRef<'static>),
    /// To what has the thing as the object of the property.
    Back(NamedNodeRef<'static>),
}

/// Where the values of a facet come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The terms at the end of any of the paths.
    Paths(&'static [&'static [Step]]),
    /// Whether there is something at the end of any of the paths: 1, or no value.
    There(&'static [&'static [Step]]),
    /// The graphs that say that it is an item.
    Graphs,
    /// The centuries that its time spans touch: the first two figures of the years, and [`FIRST_CENTURY`] subtracted.
    Centuries,
    /// What others may do with it, see [`Terms`](Reuse).
    Reuse,
}

/// Something that items are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facet {
    /// What it is called in addresses and in the names of files.
    pub key: &'static str,
    /// Where its values come from.
    pub source: Source,
}

impl Facet {
    /// Whether its values are the objects of a property, and nothing else.
    #[must_use]
    pub fn is_of(&self, property: &str) -> bool {
        matches!(self.source, Source::Paths([[Along(own)]]) if own.as_str() == property)
    }
}

/// The number of the century in which a facet begins: what is before belongs to it.
pub const FIRST_CENTURY: i32 = -1_000;

/// What others may do with an item, as the statement of its rights says; the value of the facet `reuse`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Reuse {
    /// All, at most with a name or under the same licence.
    Open,
    /// Some.
    Restricted,
    /// None without asking.
    Closed,
    /// Nothing is stated.
    Unstated,
}

impl Reuse {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Open, Self::Restricted, Self::Closed, Self::Unstated];

    /// What a statement of rights allows.
    #[must_use]
    pub fn of(iri: &str) -> Self {
        match vocabularies::rights::reuse(iri) {
            vocabularies::rights::Reuse::Open => Self::Open,
            vocabularies::rights::Reuse::Restricted => Self::Restricted,
            vocabularies::rights::Reuse::Closed => Self::Closed,
        }
    }
}

use Step::{Along, Back};

/// The paths to the statements of rights.
pub const RIGHTS: &[&[Step]] = &[
    &[Back(edm::AGGREGATED_CHO), Along(edm::RIGHTS)],
    &[Back(edm::AGGREGATED_CHO), Along(edm::IS_SHOWN_BY), Along(edm::RIGHTS)],
    &[Back(edm::AGGREGATED_CHO), Along(edm::HAS_VIEW), Along(edm::RIGHTS)],
];

/// The properties that lead to time spans.
pub const TIMES: [NamedNodeRef<'static>; 2] = [dcterms::CREATED, dcterms::ISSUED];
/// The properties that lead to what has coordinates.
pub const PLACES: [NamedNodeRef<'static>; 2] = [dcterms::SPATIAL, edm::CURRENT_LOCATION];

const fn along(key: &'static str, paths: &'static [&'static [Step]]) -> Facet {
    Facet { key, source: Source::Paths(paths) }
}

/// All facets; those that pages offer first.
pub const FACETS: &[Facet] = &[
    along("sector", &[&[Along(aarre::SECTOR)]]),
    along("institution", &[&[Back(edm::AGGREGATED_CHO), Along(edm::DATA_PROVIDER)]]),
    along("type", &[&[Along(dc::TYPE)]]),
    along("maker", &[&[Along(dc::CREATOR)]]),
    along("subject", &[&[Along(dc::SUBJECT)]]),
    along("place", &[&[Along(dcterms::SPATIAL)]]),
    Facet { key: "century", source: Source::Centuries },
    Facet { key: "reuse", source: Source::Reuse },
    along("rights", RIGHTS),
    Facet {
        key: "picture",
        source: Source::There(&[
            &[Back(edm::AGGREGATED_CHO), Along(edm::IS_SHOWN_BY)],
            &[Back(edm::AGGREGATED_CHO), Along(edm::OBJECT)],
            &[Back(edm::AGGREGATED_CHO), Along(edm::HAS_VIEW)],
        ]),
    },
    along("contributor", &[&[Along(dc::CONTRIBUTOR)]]),
    along("publisher", &[&[Along(dc::PUBLISHER)]]),
    along("medium", &[&[Along(dcterms::MEDIUM)]]),
    along("location", &[&[Along(edm::CURRENT_LOCATION)]]),
    along("part", &[&[Along(dcterms::IS_PART_OF)]]),
    Facet { key: "dataset", source: Source::Graphs },
];

/// The place of the facet that is called so.
#[must_use]
pub fn facet(key: &str) -> Option<usize> {
    FACETS.iter().position(|facet| facet.key == key)
}

/// The number of a year's century as the facet has it.
#[must_use]
pub fn century(year: i32) -> u32 {
    (year.div_euclid(100).max(FIRST_CENTURY) - FIRST_CENTURY).unsigned_abs()
}
