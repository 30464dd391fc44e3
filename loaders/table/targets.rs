//! The words that a mapping file uses for what a column means, and for how its values are written.

use super::mapping::{Target, ValueKind};
use crate::shared::core::View;
use graph_model::AgentKind;
use vocabularies::{aarre, dc, dcterms, edm};

/// The names that `to` takes besides properties such as `dc:title`, with what they mean.
pub(super) const TARGETS: &[(&str, Target)] = &[
    ("address", Target::Address),
    ("alternative", Target::Alternative),
    ("birth", Target::Birth),
    ("contributor", Target::Property(dc::CONTRIBUTOR, ValueKind::Agent)),
    ("created", Target::Property(dcterms::CREATED, ValueKind::Date)),
    ("creator", Target::Property(dc::CREATOR, ValueKind::Agent)),
    ("current-location", Target::Property(edm::CURRENT_LOCATION, ValueKind::Place)),
    ("data-provider", Target::DataProvider),
    ("death", Target::Death),
    ("description", Target::Property(dc::DESCRIPTION, ValueKind::Text)),
    ("extent", Target::Property(dcterms::EXTENT, ValueKind::Text)),
    ("features", Target::Property(aarre::DISTINGUISHING_FEATURES, ValueKind::Text)),
    ("identifier", Target::Identifier),
    ("image-rights", Target::ImageRights),
    ("issued", Target::Property(dcterms::ISSUED, ValueKind::Date)),
    ("keeper", Target::Keeper),
    ("kind", Target::Kind),
    ("language", Target::Language),
    ("latitude", Target::Latitude),
    ("life", Target::Life),
    ("longitude", Target::Longitude),
    ("material", Target::Material),
    ("measurement", Target::Measurement),
    ("medium", Target::Property(dcterms::MEDIUM, ValueKind::Concept)),
    ("owner", Target::Owner),
    ("owner-type", Target::OwnerType),
    ("parcel", Target::Parcel),
    ("part-of", Target::PartOf),
    ("place", Target::Property(dcterms::SPATIAL, ValueKind::Place)),
    ("point", Target::Point),
    ("polygon", Target::Ring),
    ("preview", Target::View(View::Preview)),
    ("provider", Target::Provider),
    ("publisher", Target::Property(dc::PUBLISHER, ValueKind::Agent)),
    ("rights", Target::Rights),
    ("same-as", Target::SameAs),
    ("shown-at", Target::View(View::ShownAt)),
    ("shown-by", Target::View(View::ShownBy)),
    ("subject", Target::Property(dc::SUBJECT, ValueKind::Concept)),
    ("technique", Target::Technique),
    ("temporal", Target::Property(dcterms::TEMPORAL, ValueKind::Date)),
    ("title", Target::Title),
    ("type", Target::Property(dc::TYPE, ValueKind::Concept)),
    ("view", Target::View(View::Other)),
    ("wkt", Target::Wkt),
];

pub(super) const VALUE_KINDS: &[(&str, ValueKind)] = &[
    ("agent", ValueKind::Agent),
    ("collection", ValueKind::Collection),
    ("concept", ValueKind::Concept),
    ("date", ValueKind::Date),
    ("html", ValueKind::Html),
    ("iri", ValueKind::Iri),
    ("item", ValueKind::Item),
    ("number", ValueKind::Number),
    ("place", ValueKind::Place),
    ("text", ValueKind::Text),
    ("year", ValueKind::Year),
];

pub(super) const AGENT_KINDS: &[(&str, AgentKind)] = &[
    ("family", AgentKind::Family),
    ("organization", AgentKind::Organization),
    ("person", AgentKind::Person),
    ("unknown", AgentKind::Unknown),
];

/// The kind of agent that a word of a mapping names.
pub(super) fn agent_kind(word: &str) -> Option<AgentKind> {
    AGENT_KINDS.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind)
}
