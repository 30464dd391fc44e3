//! What keeps a likely link from being made without a person.

use super::features::{
    Born, Died, Family, Features, Generation, Given, Lifetime, Place, Qualifier, Rarity, Sort, Words,
};
use crate::Kind;

/// A reason not to link without a person, however likely the link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hold {
    /// Another entry of the authority is nearly as likely.
    Ambiguous,
    /// The years of birth or death contradict each other, or the records the lifetime.
    Dates,
    /// Mention and entry are of different kinds.
    Kind,
    /// The number of a ruler or the generation differs, or only one of the names has it.
    Generation,
    /// Nothing but the name says that it is this place and not another of the name.
    Place,
    /// The name stands for an unknown one.
    StandIn,
    /// The name is one word, or initials stand for all given names, and no date agrees.
    Bare,
    /// The names agree only in part, and nothing but the names agrees.
    Name,
    /// What stands in brackets to tell names apart differs.
    Qualifier,
    /// Two authorities say different things of what they link to each other, or two identifiers lead to two entries.
    Contradiction,
}

impl Hold {
    /// The reason, for people to read.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Ambiguous => "another entry is nearly as likely",
            Self::Dates => "the dates contradict each other",
            Self::Kind => "they are of different kinds",
            Self::Generation => "the number or generation is not the same",
            Self::Place => "nothing but the name says that it is this place",
            Self::StandIn => "the name stands for an unknown one",
            Self::Bare => "the name is one word or has initials only, and no date agrees",
            Self::Name => "the names agree only in part, and nothing else agrees",
            Self::Qualifier => "what stands in brackets is not the same",
            Self::Contradiction => "identifiers contradict each other",
        }
    }
}

/// Whether the dates contradict each other.
pub(super) fn dates(features: &Features) -> bool {
    features.at_most(Born::apart)
        || features.at_most(Died::apart)
        || features.is(Lifetime::impossible)
        // One year may be a slip of the pen, two are none.
        || features.is(Born::near) && features.is(Died::near)
}

/// What keeps a pair from being linked, if anything does.
pub(super) fn hold(kind: Kind, stand_in: bool, features: &Features) -> Option<Hold> {
    if features.is(Sort::different) {
        return Some(Hold::Kind);
    }
    if dates(features) {
        return Some(Hold::Dates);
    }
    if stand_in {
        return Some(Hold::StandIn);
    }
    if features.is(Qualifier::different) {
        return Some(Hold::Qualifier);
    }
    let dated = features.at_least(Born::fits) || features.at_least(Died::fits);
    match kind {
        Kind::Person | Kind::Family => {
            let exact = features.is(Born::same) || features.is(Died::same);
            if features.is(Generation::different) || features.is(Generation::one_sided) && !exact {
                return Some(Hold::Generation);
            }
            let bare = !features.at_least(Given::near) || features.is(Given::initials);
            if kind == Kind::Person && bare && !dated {
                return Some(Hold::Bare);
            }
            let other = features.at_most(Given::missing) || features.at_most(Family::crossed);
            if features.is(Given::different) || other && !exact {
                return Some(Hold::Name);
            }
            // Names that are not the same to the letter, or not all of them told, are one person's when a date agrees; or
            // when one name is told in part and few bear the family name.
            let form = features.is(Given::near) || features.is(Given::variant) || features.is(Family::near);
            let part = features.is(Given::fewer) && !features.at_least(Rarity::uncommon);
            (!dated && (form || part)).then_some(Hold::Name)
        }
        Kind::Place => {
            let decided = features.at_least(Place::near);
            (!decided).then_some(Hold::Place)
        }
        _ => {
            let part = !features.at_least(Words::words) || features.is(Qualifier::one_sided);
            (part && !dated).then_some(Hold::Name)
        }
    }
}
