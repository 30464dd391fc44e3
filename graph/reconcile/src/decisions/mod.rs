//! What people decided about entities, and what follows from it.
//!
//! A decision is one line of a log that only grows: that two entities are the same (accept), that they are not
//! (reject), that they are and shall be one (merge), that one shall stand alone again (split), that they are two
//! whatever anybody finds (never), or that an earlier decision is taken back (undo). Nothing is ever edited, so who
//! decided what and when can be read years later, and a state is a pure function of the log: [`Decisions::replay`].
//!
//! - The last word counts for a pair; `never` yields to nothing but its own undo.
//! - A merge keeps the IRI that is named first; the others lead to it. Whatever is merged into what afterwards, an IRI
//!   leads straight to one that lives: clusters are sets with a survivor, not chains.
//! - A split takes one IRI out of its cluster; the rest stay together. If it was the survivor, the IRI that joined next
//!   after it is.
//! - What contradicts the decisions in force is refused when it is made ([`Decisions::after`]); a log that was edited
//!   by hand may hold contradictions all the same, and those are left out of the state and told.
//!
//! [`DecisionFile`] is the log on the disk, for the command line and the review page alike. The clock is the callers'.

mod file;
mod log;
mod state;
#[cfg(test)]
mod tests;

pub use file::{DecisionFile, FileError, read};
pub use log::{Damage, Log};
pub use state::{Contradiction, Decisions, Refusal, Standing};

use serde::{Deserialize, Serialize};

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "lowercase")]
pub enum What {
    /// The two are the same: they are linked whatever their names look like.
    Accept(Pair),
    /// The two are not the same: no link, until somebody decides otherwise.
    Reject(Pair),
    /// The two are never the same: no link, and no merge can bring them together.
    Never(Pair),
    /// The two are one from now on: the other leads to the one.
    Merge(Pair),
    /// The one stands alone again, apart from the cluster that the other is in.
    Split(Pair),
    /// An earlier decision counts no more.
    Undo {
        /// Its number.
        undoes: u64,
    },
}

/// The two entities that a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pair {
    /// The first: in a merge the one that stays, in a split the one that goes.
    pub one: String,
    /// The second.
    pub other: String,
}

impl Pair {
    /// A pair of IRIs.
    #[must_use]
    pub fn new(one: impl Into<String>, other: impl Into<String>) -> Self {
        Self { one: one.into(), other: other.into() }
    }
}

impl What {
    /// The word for it, as on the command line.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accept(_) => "accept",
            Self::Reject(_) => "reject",
            Self::Never(_) => "never",
            Self::Merge(_) => "merge",
            Self::Split(_) => "split",
            Self::Undo { .. } => "undo",
        }
    }

    /// The entities that it is about; an undo names none itself.
    #[must_use]
    pub fn pair(&self) -> Option<&Pair> {
        match self {
            Self::Accept(pair)
            | Self::Reject(pair)
            | Self::Never(pair)
            | Self::Merge(pair)
            | Self::Split(pair) => Some(pair),
            Self::Undo { .. } => None,
        }
    }
}

/// A decision as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its number, by which it is undone; greater than those of all decisions before it.
    pub id: u64,
    /// When, as an `xsd:dateTime` in UTC.
    pub when: String,
    /// Who decided.
    pub who: String,
    /// What.
    #[serde(flatten)]
    pub what: What,
    /// Why, in their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}
