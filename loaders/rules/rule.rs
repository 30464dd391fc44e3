//! A rule made ready: every name checked, every property known, every field numbered.

use graph_model::AgentKind;
use oxrdf::NamedNodeRef;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The number of a field among those that the rules ask for.
pub(super) type Slot = usize;

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    /// `owner.<name>`.
    pub(super) id: String,
    pub(super) what: What,
    pub(super) when: Vec<Condition>,
    pub(super) text: Transform,
}

/// What a rule does.
#[derive(Debug)]
pub(super) enum What {
    /// Says something with each occurrence of a field.
    Map(Slot, Say),
    /// Says the same of every record.
    Constant(Vec<String>, Say),
    /// Says otherwise what other rules said.
    Change(Selected, Say),
    /// Takes away what other rules said.
    Drop(Selected),
    /// Notes an issue, for each occurrence of a field or once.
    Raise(Option<Slot>, String),
    /// Takes away issues of these kinds, of a field or of all.
    Ignore(Vec<Pattern>, Option<String>),
}

/// Statements that a rule works on.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) by: By,
    pub(super) property: Option<NamedNodeRef<'static>>,
}

/// By what they are told.
#[derive(Debug)]
pub(super) enum By {
    Rules(Vec<Pattern>),
    Fields(Vec<String>),
}

/// A name, or the beginning of one and `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) start: String,
    pub(super) open: bool,
}

impl Pattern {
    pub(super) fn new(written: &str) -> Self {
        match written.strip_suffix('*') {
            Some(start) => Self { start: start.to_owned(), open: true },
            None => Self { start: written.to_owned(), open: false },
        }
    }

    pub(super) fn fits(&self, name: &str) -> bool {
        if self.open { name.starts_with(&self.start) } else { name == self.start }
    }
}

/// What is said with a value.
#[derive(Debug)]
pub(super) struct Say {
    /// `None` keeps the property of the statement that is changed.
    pub(super) property: Option<NamedNodeRef<'static>>,
    /// `None` keeps the object of the statement that is changed.
    pub(super) kind: Option<Kind>,
    pub(super) language: Tongue,
    pub(super) role: Option<Told>,
    pub(super) agent: AgentKind,
    pub(super) direct: bool,
    pub(super) scheme: Option<String>,
    pub(super) within: Option<Told>,
    pub(super) only_if_missing: bool,
}

/// What a value becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Concept,
    Agent,
    Place,
    Date,
    Iri,
    Item,
    Number,
    Integer,
    Year,
    Boolean,
    Rights,
}

/// The language of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tongue {
    /// That of the field, where the record tells it; of a changed statement, its own.
    Kept,
    None,
    Tag(String),
    Told(Slot),
}

/// A text of the rule, or one that a field tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    Text(String),
    Field(Slot),
}

/// What is done to a text before it is said.
#[derive(Debug, Default)]
pub(super) struct Transform {
    pub(super) split: Vec<String>,
    pub(super) replace: Vec<Replace>,
    pub(super) case: Option<Case>,
    pub(super) lookup: Option<Arc<BTreeMap<String, String>>>,
    pub(super) otherwise: Otherwise,
    pub(super) prefix: String,
    pub(super) suffix: String,
}

/// One replacement.
#[derive(Debug)]
pub(super) enum Replace {
    Text(String, String),
    Pattern(Regex, String),
}

/// How letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Upper,
    /// The first letter upper, the rest as it is.
    Sentence,
}

/// What becomes of a value that a table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Otherwise {
    #[default]
    Issue,
    Keep,
    Drop,
}

/// A condition on one field.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) slot: Slot,
    pub(super) test: Test,
}

/// What a condition asks.
#[derive(Debug)]
pub(super) enum Test {
    Is(Vec<String>),
    IsNot(Vec<String>),
    StartsWith(Vec<String>),
    EndsWith(Vec<String>),
    Contains(Vec<String>),
    Matches(Regex),
    Present,
    Absent,
}
