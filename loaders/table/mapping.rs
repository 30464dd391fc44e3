//! The mapping file made ready: every name checked, every property known, every column a slot.

use super::file;
use crate::shared::core::{EdmType, Sector, View};
use graph_model::AgentKind;
use oxrdf::NamedNodeRef;
use std::collections::BTreeMap;

/// The number of a column among those that the mapping names.
pub(super) type Slot = usize;

/// A mapping that was checked.
#[derive(Debug)]
pub(super) struct Mapping {
    /// Names of all columns that the mapping uses, in the order of their slots.
    pub(super) columns: Vec<String>,
    pub(super) ignore: Vec<String>,
    pub(super) id: Vec<Slot>,
    pub(super) join: String,
    pub(super) describes: Describes,
    pub(super) edm_type: Option<EdmType>,
    pub(super) encoding: &'static encoding_rs::Encoding,
    pub(super) delimiter: Option<u8>,
    pub(super) nulls: Vec<String>,
    pub(super) provider: Option<String>,
    pub(super) rights: Option<String>,
    pub(super) constants: Vec<Rule>,
    pub(super) rules: Vec<Rule>,
    pub(super) events: Vec<EventRule>,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Describes {
    Item(Sector),
    Agent,
    Place,
    Concept,
}

/// Where the value of a rule comes from.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    Column(Slot),
    Constant(Vec<String>),
}

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Target {
    Property(NamedNodeRef<'static>, ValueKind),
    Title,
    Identifier,
    Language,
    PartOf,
    Rights,
    ImageRights,
    View(View),
    DataProvider,
    Provider,
    Latitude,
    Longitude,
    Point,
    Wkt,
    Address,
    Owner,
    OwnerType,
    Keeper,
    Measurement,
    Alternative,
    Birth,
    Death,
    Life,
    Kind,
    SameAs,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    Text,
    Html,
    Iri,
    Year,
    Date,
    Number,
    Agent,
    Place,
    Concept,
    Item,
}

/// The language of a value.
#[derive(Debug, Clone)]
pub(super) enum Tongue {
    None,
    Tag(String),
    Told { column: Slot, values: BTreeMap<String, String>, default: Option<String> },
}

/// What becomes of a value that a lookup does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Otherwise {
    Issue,
    Keep,
    Drop,
}

/// The rule of one column.
#[derive(Debug)]
pub(super) struct Rule {
    /// `table.<column>.<property>`.
    pub(super) id: String,
    pub(super) path: String,
    pub(super) origin: Origin,
    pub(super) target: Target,
    pub(super) language: Tongue,
    pub(super) split: Option<String>,
    pub(super) lookup: Option<BTreeMap<String, String>>,
    pub(super) otherwise: Otherwise,
    pub(super) default: Option<String>,
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) role: Option<String>,
    pub(super) kind: AgentKind,
    pub(super) direct: bool,
    pub(super) only_roles: Vec<String>,
    pub(super) not_roles: Vec<String>,
    pub(super) scheme: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) dimension: Option<String>,
    pub(super) within: Option<Within>,
    pub(super) parallel: Option<Vec<String>>,
    pub(super) same_as: BTreeMap<String, String>,
    pub(super) parts: Option<PartSlots>,
}

/// What a place lies within: told by a column, or always the same.
#[derive(Debug, Clone)]
pub(super) enum Within {
    Column(Slot),
    Constant(String),
}

/// Where the parts of an agent stand. In a table they are columns; in JSON they are members of the object that the
/// rule's own column gives.
#[derive(Debug, Clone)]
pub(super) struct PartSlots {
    pub(super) names: file::Parts,
    pub(super) birth: Option<Slot>,
    pub(super) death: Option<Slot>,
    pub(super) role: Option<Slot>,
}

/// The kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventKind {
    Production,
    Acquisition,
    Custody,
    Move,
    Modification,
    Condition,
    Destruction,
    Protection,
    Activity,
}

impl EventKind {
    pub(super) const NAMES: &[(&str, Self)] = &[
        ("production", Self::Production),
        ("acquisition", Self::Acquisition),
        ("custody", Self::Custody),
        ("move", Self::Move),
        ("modification", Self::Modification),
        ("condition", Self::Condition),
        ("destruction", Self::Destruction),
        ("protection", Self::Protection),
        ("activity", Self::Activity),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// The rule of one event.
#[derive(Debug)]
pub(super) struct EventRule {
    pub(super) kind: EventKind,
    pub(super) date: Option<Slot>,
    pub(super) begin: Option<Slot>,
    pub(super) end: Option<Slot>,
    pub(super) by: Option<Slot>,
    pub(super) role: Option<String>,
    pub(super) place: Option<Slot>,
    pub(super) note: Option<Slot>,
    pub(super) type_of: Option<Slot>,
    pub(super) from: Option<Slot>,
    pub(super) to: Option<Slot>,
    pub(super) state: Option<Slot>,
    pub(super) category: Option<Slot>,
    pub(super) number: Option<Slot>,
    pub(super) act: Option<Slot>,
    pub(super) act_url: Option<Slot>,
    pub(super) split: Option<String>,
    pub(super) language: Tongue,
    pub(super) direct: bool,
}
