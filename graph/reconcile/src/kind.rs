//! What sort of thing an entity is.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What sort of thing an entity is. Names of different kinds are compared in different ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Kind {
    /// Nobody said.
    #[default]
    Unknown = 0,
    /// One human being, real or not.
    Person = 1,
    /// A family; its name is read like a person's.
    Family = 2,
    /// A body of people: an institution, a company, a conference.
    Organization = 3,
    /// Somewhere.
    Place = 4,
    /// A subject, a material, a genre, any other notion.
    Concept = 5,
    /// A stretch of time with a name.
    Period = 6,
}

impl Kind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Unknown,
        Self::Person,
        Self::Family,
        Self::Organization,
        Self::Place,
        Self::Concept,
        Self::Period,
    ];

    /// The kind with a number; unknown numbers are [`Kind::Unknown`].
    #[must_use]
    pub fn from_number(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or_default()
    }

    /// Its number, which stands in files and does not change.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Its name in English, in small letters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Person => "person",
            Self::Family => "family",
            Self::Organization => "organization",
            Self::Place => "place",
            Self::Concept => "concept",
            Self::Period => "period",
        }
    }

    /// Whether an entity of one kind may be one of the other: the same, one of them unknown, or a person and a family.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self == other
            || self == Self::Unknown
            || other == Self::Unknown
            || matches!((self, other), (Self::Person, Self::Family) | (Self::Family, Self::Person))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
