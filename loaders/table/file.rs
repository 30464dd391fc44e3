//! The mapping file as it is written: TOML, with the place of every value so that a fault can be pointed at.

use crate::SetupError;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) id: Spanned<OneOrMany>,
    pub(super) join: Option<OneOrMany>,
    pub(super) describes: Option<Spanned<String>>,
    pub(super) sector: Option<Spanned<String>>,
    #[serde(rename = "type")]
    pub(super) edm_type: Option<Spanned<String>>,
    pub(super) language: Option<Spanned<String>>,
    pub(super) encoding: Option<Spanned<String>>,
    pub(super) delimiter: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) nulls: Vec<String>,
    pub(super) provider: Option<String>,
    /// Rules on top of the mapping, which are read by themselves.
    #[serde(rename = "rule", default)]
    _rule: serde::de::IgnoredAny,
    #[serde(rename = "version", default)]
    _version: serde::de::IgnoredAny,
    #[serde(rename = "prefixes", default)]
    _prefixes: serde::de::IgnoredAny,
    #[serde(rename = "tables", default)]
    _tables: serde::de::IgnoredAny,
    pub(super) rights: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) ignore: Vec<String>,
    #[serde(default)]
    pub(super) records: Records,
    #[serde(default)]
    pub(super) constants: BTreeMap<String, Spanned<OneOrMany>>,
    #[serde(default)]
    pub(super) lookups: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) column: Vec<Column>,
    #[serde(default)]
    pub(super) event: Vec<Group>,
    #[serde(default)]
    pub(super) document: Vec<Group>,
    #[serde(default)]
    pub(super) inscription: Vec<Group>,
    #[serde(default)]
    pub(super) variant: Vec<Variant>,
}

/// `[records]`: where in the file the records are.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Records {
    pub(super) at: Option<Spanned<OneOrMany>>,
    #[serde(default)]
    pub(super) except: Vec<String>,
    #[serde(default)]
    pub(super) beside: Vec<String>,
    pub(super) header: Option<Spanned<i64>>,
    pub(super) sheet: Option<OneOrMany>,
    #[serde(default)]
    pub(super) fill: Vec<String>,
    #[serde(default)]
    pub(super) unite: bool,
}

/// `[[variant]]`: what records of another kind in the same file say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Variant {
    pub(super) when: Spanned<Conditions>,
    pub(super) id: Option<Spanned<OneOrMany>>,
    pub(super) join: Option<OneOrMany>,
    pub(super) describes: Option<Spanned<String>>,
    pub(super) sector: Option<Spanned<String>>,
    #[serde(rename = "type")]
    pub(super) edm_type: Option<Spanned<String>>,
    pub(super) rights: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) constants: BTreeMap<String, Spanned<OneOrMany>>,
    #[serde(default)]
    pub(super) column: Vec<Column>,
    #[serde(default)]
    pub(super) event: Vec<Group>,
    #[serde(default)]
    pub(super) document: Vec<Group>,
    #[serde(default)]
    pub(super) inscription: Vec<Group>,
}

/// Columns and the values that they shall have; `*` is any.
pub(super) type Conditions = BTreeMap<String, OneOrMany>;

/// One text or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn list(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// `[[column]]`: what one column says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) name: Spanned<OneOrMany>,
    pub(super) to: Spanned<String>,
    pub(super) each: Option<String>,
    #[serde(default)]
    pub(super) only: Conditions,
    #[serde(default)]
    pub(super) unless: Conditions,
    pub(super) join: Option<String>,
    #[serde(default)]
    pub(super) first: bool,
    pub(super) after: Option<String>,
    pub(super) before: Option<OneOrMany>,
    #[serde(rename = "as")]
    pub(super) kind_of_value: Option<Spanned<String>>,
    pub(super) language: Option<Spanned<Language>>,
    pub(super) split: Option<Spanned<OneOrMany>>,
    pub(super) lookup: Option<Spanned<Lookup>>,
    pub(super) otherwise: Option<Spanned<String>>,
    pub(super) default: Option<String>,
    #[serde(default)]
    pub(super) prefix: String,
    #[serde(default)]
    pub(super) suffix: String,
    pub(super) role: Option<String>,
    pub(super) kind: Option<Spanned<String>>,
    pub(super) order: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) only_roles: Vec<String>,
    #[serde(default)]
    pub(super) not_roles: Vec<String>,
    pub(super) scheme: Option<String>,
    pub(super) unit: Option<Word>,
    pub(super) dimension: Option<Word>,
    pub(super) within: Option<OneOrMany>,
    pub(super) parallel: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    pub(super) same_as: BTreeMap<String, Spanned<String>>,
    pub(super) parts: Option<Parts>,
}

/// A word that is always the same, or told by a column.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected a word such as \"cm\", or { column = \"…\" }")]
pub(super) enum Word {
    Constant(String),
    Told(ToldWord),
}

/// A word that a column tells.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToldWord {
    pub(super) column: String,
}

/// Where the parts of an agent stand, inside an object of a JSON record or in columns of their own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parts {
    pub(super) name: Option<String>,
    pub(super) life: Option<String>,
    pub(super) birth: Option<String>,
    pub(super) death: Option<String>,
    pub(super) role: Option<String>,
    pub(super) qualifier: Option<String>,
}

/// The language of a column: fixed, or told by another column.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a language tag, or { column = \"…\", values = { … }, default = \"…\" }"
)]
pub(super) enum Language {
    Tag(String),
    Told(ToldLanguage),
}

/// A language that another column tells.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToldLanguage {
    pub(super) column: String,
    #[serde(default)]
    pub(super) values: BTreeMap<String, String>,
    pub(super) default: Option<String>,
}

/// A table of values: written here, or the name of one under `[lookups]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected the name of a table under [lookups], or { \"value\" = \"meaning\" }")]
pub(super) enum Lookup {
    Named(String),
    Inline(BTreeMap<String, String>),
}

/// One part of a group: a column, or how several become one value.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "expected the name of a column, or { columns = \"…\" or value = \"…\", and any of join, first, after, before, split, lookup, otherwise, default, prefix, suffix }"
)]
pub(super) enum Part {
    Column(String),
    Written(Box<WrittenPart>),
}

/// A part of a group with all that is done to its cells.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPart {
    pub(super) columns: Option<OneOrMany>,
    pub(super) value: Option<String>,
    pub(super) join: Option<String>,
    #[serde(default)]
    pub(super) first: bool,
    pub(super) after: Option<String>,
    pub(super) before: Option<OneOrMany>,
    pub(super) split: Option<OneOrMany>,
    pub(super) lookup: Option<Lookup>,
    pub(super) otherwise: Option<String>,
    pub(super) default: Option<String>,
    #[serde(default)]
    pub(super) prefix: String,
    #[serde(default)]
    pub(super) suffix: String,
}

macro_rules! group {
    ($($field:ident = $name:literal),* $(,)?) => {
        /// `[[event]]`, `[[document]]`, `[[inscription]]`: what several columns say about one thing.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Group {
            pub(super) kind: Option<Spanned<String>>,
            pub(super) each: Option<String>,
            #[serde(default)]
            pub(super) only: Conditions,
            #[serde(default)]
            pub(super) unless: Conditions,
            #[serde(default)]
            pub(super) together: bool,
            pub(super) role: Option<String>,
            pub(super) split: Option<Spanned<OneOrMany>>,
            pub(super) language: Option<Spanned<Language>>,
            pub(super) order: Option<Spanned<String>>,
            pub(super) agents: Option<Spanned<String>>,
            $(#[serde(rename = $name)] pub(super) $field: Option<Spanned<Part>>,)*
        }

        impl Group {
            /// The parts that are told, with their names.
            pub(super) fn parts(&self) -> impl Iterator<Item = (&'static str, &Spanned<Part>)> {
                [$(($name, self.$field.as_ref())),*].into_iter().filter_map(|(name, part)| Some((name, part?)))
            }
        }
    };
}

group! {
    date = "date",
    begin = "begin",
    end = "end",
    by = "by",
    place = "place",
    from = "from",
    to = "to",
    reason = "reason",
    type_of = "type",
    title = "title",
    number = "number",
    act = "act",
    act_url = "act_url",
    act_date = "act_date",
    category = "category",
    extent = "extent",
    zone = "zone",
    zone_geometry = "zone_geometry",
    state = "state",
    cause = "cause",
    severity = "severity",
    since = "since",
    due = "due",
    returned = "returned",
    recovered = "recovered",
    technique = "technique",
    material = "material",
    text = "text",
    position = "position",
    format = "format",
    keeper = "keeper",
    evidence = "evidence",
    hash = "hash",
    note = "note",
}

/// The text of the file, for telling where a fault is.
#[derive(Clone, Copy)]
pub(super) struct Source<'t>(pub(super) &'t str);

impl Source<'_> {
    /// A fault at a place in the file.
    pub(super) fn fault(
        self,
        span: Range<usize>,
        met: impl Into<String>,
        expected: impl Into<String>,
    ) -> SetupError {
        let before = &self.0[..floor(self.0, span.start)];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        SetupError::Mapping {
            place: format!("line {line}, column {column}"),
            met: met.into(),
            expected: expected.into(),
        }
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Reads the file; the fault of a wrong one names line, column and what is allowed there.
pub(super) fn read(text: &str) -> Result<File, SetupError> {
    toml::from_str(text).map_err(|error| {
        let message = error.message();
        let (met, expected) = match message.split_once(", expected ") {
            Some((met, expected)) => (met.to_owned(), expected.to_owned()),
            None if message.starts_with("expected ") => {
                ("something else".to_owned(), message.trim_start_matches("expected ").to_owned())
            }
            None if message.starts_with("missing field") => {
                (message.to_owned(), "it, as loaders/table/README.md describes".to_owned())
            }
            None => (message.to_owned(), "TOML as loaders/table/README.md describes it".to_owned()),
        };
        Source(text).fault(error.span().unwrap_or(0..0), met, expected)
    })
}
