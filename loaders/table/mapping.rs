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
    pub(super) records: Records,
    pub(super) encoding: &'static encoding_rs::Encoding,
    pub(super) delimiter: Option<u8>,
    pub(super) nulls: Vec<String>,
    pub(super) provider: Option<String>,
    pub(super) main: Body,
    pub(super) variants: Vec<Body>,
}

/// Where in the file the records are.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Paths, each a list of steps; `*` is any.
    pub(super) at: Vec<Vec<String>>,
    /// Elements that are no records although they stand where records do.
    pub(super) except: Vec<String>,
    /// Elements that stand after a record and belong to it.
    pub(super) beside: Vec<String>,
    /// The number of the row with the names of the columns, from 1.
    pub(super) header: u32,
    pub(super) sheets: Vec<String>,
    /// Columns whose empty cells take the value above.
    pub(super) fill: Vec<String>,
    /// Whether rows with one identifier that stand beside one another are one record.
    pub(super) unite: bool,
}

/// What the records of one kind say.
#[derive(Debug)]
pub(super) struct Body {
    /// Conditions on the whole record; none for the main body.
    pub(super) when: Vec<Condition>,
    pub(super) id: Vec<Slot>,
    /// What stands between the parts of the identifier; the last of them also between those beyond.
    pub(super) join: Vec<String>,
    pub(super) describes: Describes,
    pub(super) edm_type: Option<EdmType>,
    pub(super) rights: Option<String>,
    pub(super) constants: Vec<Rule>,
    pub(super) rules: Vec<Rule>,
    pub(super) groups: Vec<Group>,
}

/// A condition on one column.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) slot: Slot,
    /// One of these; `*` is any value.
    pub(super) values: Vec<String>,
    pub(super) negated: bool,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Describes {
    Item(Sector),
    Agent,
    Place,
    Concept,
}

/// How a value comes about.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) origin: Origin,
    /// With a text here, the values of all columns become one.
    pub(super) join: Option<String>,
    /// Whether only the first column that says something counts.
    pub(super) first: bool,
    /// What counts of a value begins after this text and ends before the first of those.
    pub(super) after: Option<String>,
    pub(super) before: Vec<String>,
    pub(super) split: Vec<String>,
    pub(super) lookup: Option<BTreeMap<String, String>>,
    pub(super) otherwise: Otherwise,
    pub(super) default: Option<String>,
    pub(super) prefix: String,
    pub(super) suffix: String,
}

impl Reading {
    /// The columns that it reads.
    pub(super) fn slots(&self) -> &[Slot] {
        match &self.origin {
            Origin::Columns(slots) => slots,
            Origin::Constant(_) => &[],
        }
    }

    pub(super) fn constant(texts: Vec<String>) -> Self {
        Self {
            origin: Origin::Constant(texts),
            join: None,
            first: false,
            after: None,
            before: Vec::new(),
            split: Vec::new(),
            lookup: None,
            otherwise: Otherwise::Keep,
            default: None,
            prefix: String::new(),
            suffix: String::new(),
        }
    }
}

/// Where the value of a rule comes from.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    Columns(Vec<Slot>),
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
    Parcel,
    Ring,
    Owner,
    OwnerType,
    Keeper,
    Material,
    Technique,
    Measurement,
    Alternative,
    Birth,
    Death,
    Life,
    Kind,
    SameAs,
}

impl Target {
    /// Whether it is said of the place where the thing stands.
    pub(super) fn is_of_site(self) -> bool {
        matches!(
            self,
            Self::Latitude
                | Self::Longitude
                | Self::Point
                | Self::Wkt
                | Self::Address
                | Self::Parcel
                | Self::Ring
        )
    }
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
    Collection,
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
    pub(super) each: Option<String>,
    pub(super) conditions: Vec<Condition>,
    pub(super) reading: Reading,
    pub(super) target: Target,
    pub(super) language: Tongue,
    pub(super) role: Option<String>,
    pub(super) kind: AgentKind,
    pub(super) direct: bool,
    pub(super) only_roles: Vec<String>,
    pub(super) not_roles: Vec<String>,
    pub(super) scheme: Option<String>,
    pub(super) unit: Option<Word>,
    pub(super) dimension: Option<Word>,
    pub(super) within: Vec<Word>,
    pub(super) parallel: Option<Vec<String>>,
    pub(super) same_as: BTreeMap<String, String>,
    pub(super) parts: Option<PartSlots>,
}

/// A word told by a column, or always the same.
#[derive(Debug, Clone)]
pub(super) enum Word {
    Column(Slot),
    Constant(String),
}

/// Where the parts of an agent stand. In a table they are columns; in JSON they are members of the object that the
/// rule's own column gives.
#[derive(Debug, Clone)]
pub(super) struct PartSlots {
    pub(super) names: file::Parts,
    pub(super) life: Option<Slot>,
    pub(super) birth: Option<Slot>,
    pub(super) death: Option<Slot>,
    pub(super) role: Option<Slot>,
    pub(super) qualifier: Option<Slot>,
}

macro_rules! named {
    ($(#[$doc:meta])* $type:ident { $($name:literal = $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $type { $($variant,)* }
        impl $type {
            /// All of them with the words that mapping files use.
            pub(super) const NAMES: &[(&str, Self)] = &[$(($name, Self::$variant),)*];
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

named! {
    /// The kinds of things that several columns tell together.
    GroupKind {
        "production" = Production,
        "acquisition" = Acquisition,
        "custody" = Custody,
        "loan" = Loan,
        "move" = Move,
        "modification" = Modification,
        "condition" = Condition,
        "destruction" = Destruction,
        "loss" = Loss,
        "discovery" = Discovery,
        "protection" = Protection,
        "export-permit" = ExportPermit,
        "activity" = Activity,
        "document" = Document,
        "inscription" = Inscription,
    }
}

impl GroupKind {
    /// The kinds that `[[event]]` takes; the other two have tables of their own.
    pub(super) fn events() -> &'static [(&'static str, Self)] {
        &Self::NAMES[..Self::NAMES.len() - 2]
    }
}

named! {
    /// The parts of such a thing.
    Prop {
        "date" = Date,
        "begin" = Begin,
        "end" = End,
        "by" = By,
        "place" = Place,
        "from" = From,
        "to" = To,
        "reason" = Reason,
        "type" = Type,
        "title" = Title,
        "number" = Number,
        "act" = Act,
        "act_url" = ActUrl,
        "act_date" = ActDate,
        "category" = Category,
        "extent" = Extent,
        "zone" = Zone,
        "zone_geometry" = ZoneGeometry,
        "state" = State,
        "cause" = Cause,
        "severity" = Severity,
        "since" = Since,
        "due" = Due,
        "returned" = Returned,
        "recovered" = Recovered,
        "technique" = Technique,
        "material" = Material,
        "text" = Text,
        "position" = Position,
        "format" = Format,
        "keeper" = Keeper,
        "evidence" = Evidence,
        "hash" = Hash,
        "note" = Note,
    }
}

impl Prop {
    /// The kinds that know this part.
    pub(super) fn kinds(self) -> Vec<GroupKind> {
        use GroupKind as K;
        let all = |kind: &K| match self {
            Self::From | Self::To => {
                matches!(kind, K::Acquisition | K::Custody | K::Loan | K::Move | K::Loss | K::ExportPermit)
            }
            Self::Category | Self::Extent | Self::Zone | Self::ZoneGeometry => *kind == K::Protection,
            Self::State | Self::Severity | Self::Since => *kind == K::Condition,
            Self::Cause => matches!(kind, K::Condition | K::Destruction | K::Loss),
            Self::Due | Self::Returned => *kind == K::Loan,
            Self::Recovered => *kind == K::Loss,
            Self::Text | Self::Position => *kind == K::Inscription,
            Self::Technique => matches!(kind, K::Inscription | K::Production | K::Modification),
            Self::Material => matches!(kind, K::Production | K::Modification),
            Self::Format => *kind == K::Document,
            Self::Keeper => *kind == K::Document,
            Self::Evidence => *kind != K::Document && *kind != K::Inscription,
            Self::Act | Self::ActUrl | Self::ActDate => *kind != K::Document && *kind != K::Inscription,
            Self::Hash => *kind != K::Inscription,
            Self::Reason | Self::Place | Self::Title => *kind != K::Inscription,
            Self::Date | Self::Begin | Self::End | Self::By | Self::Type | Self::Number | Self::Note => true,
        };
        K::NAMES.iter().map(|(_, kind)| *kind).filter(all).collect()
    }
}

/// What several columns say about one event, document or inscription.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) kind: GroupKind,
    pub(super) each: Option<String>,
    pub(super) conditions: Vec<Condition>,
    pub(super) parts: Vec<Part>,
    /// Whether this is more of the first event of its kind, and none of its own.
    pub(super) together: bool,
    pub(super) role: Option<String>,
    pub(super) language: Tongue,
    pub(super) direct: bool,
    pub(super) agents: AgentKind,
}

/// One part of a group.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) prop: Prop,
    pub(super) reading: Reading,
    /// `table.<column>.<kind>-<part>`.
    pub(super) id: String,
    pub(super) path: String,
}

impl Group {
    pub(super) fn part(&self, prop: Prop) -> Option<&Part> {
        self.parts.iter().find(|part| part.prop == prop)
    }
}
