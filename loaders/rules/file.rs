//! The rule file as it is written: TOML, with the place of every value so that a fault can be pointed at.

use super::nearest::nearest;
use crate::SetupError;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// A file of rules alone.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) version: Option<String>,
    /// For the reader of the file.
    #[serde(rename = "title")]
    _title: Option<String>,
    pub(super) rights: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) prefixes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) tables: BTreeMap<String, Spanned<BTreeMap<String, String>>>,
    #[serde(default)]
    pub(super) rule: Vec<Rule>,
}

/// The rules that stand on top of the mapping file of a table, which has all other keys to itself.
#[derive(Debug, Deserialize)]
pub(super) struct OnTop {
    version: Option<String>,
    #[serde(default)]
    prefixes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    tables: BTreeMap<String, Spanned<BTreeMap<String, String>>>,
    #[serde(default)]
    rule: Vec<Rule>,
}

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

/// `[[rule]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) name: Spanned<String>,
    /// For the reader of the file.
    #[serde(rename = "note")]
    _note: Option<String>,

    // What it works on: one of these, and `field` besides with `raise` and `ignore`.
    pub(super) field: Option<Spanned<String>>,
    pub(super) constant: Option<Spanned<OneOrMany>>,
    pub(super) change: Option<Spanned<OneOrMany>>,
    pub(super) drop: Option<Spanned<OneOrMany>>,
    pub(super) drop_field: Option<Spanned<OneOrMany>>,
    pub(super) raise: Option<Spanned<String>>,
    pub(super) ignore: Option<Spanned<OneOrMany>>,

    /// Of `change`, `drop` and `drop_field`: only statements with this property.
    pub(super) property: Option<Spanned<String>>,
    pub(super) when: Option<Spanned<Conditions>>,

    // What is done to the text, in this order.
    pub(super) split: Option<Spanned<OneOrMany>>,
    pub(super) replace: Option<Spanned<Replacements>>,
    pub(super) case: Option<Spanned<String>>,
    pub(super) lookup: Option<Spanned<Lookup>>,
    pub(super) otherwise: Option<Spanned<String>>,
    pub(super) prefix: Option<Spanned<String>>,
    pub(super) suffix: Option<Spanned<String>>,

    // What is said with it.
    pub(super) to: Option<Spanned<String>>,
    #[serde(rename = "as")]
    pub(super) kind_of_value: Option<Spanned<String>>,
    pub(super) language: Option<Spanned<Told>>,
    pub(super) role: Option<Spanned<Told>>,
    pub(super) kind: Option<Spanned<String>>,
    pub(super) order: Option<Spanned<String>>,
    pub(super) scheme: Option<Spanned<String>>,
    pub(super) within: Option<Spanned<Told>>,
    pub(super) only_if_missing: Option<Spanned<bool>>,
}

/// A text, or the field that tells it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected a text, or { field = \"…\" }")]
pub(super) enum Told {
    Text(String),
    Field(ToldBy),
}

/// The field that tells something.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToldBy {
    pub(super) field: String,
}

/// A table of values: written here, or the name of one under `[tables]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected the name of a table under [tables], or { \"value\" = \"meaning\" }")]
pub(super) enum Lookup {
    Named(String),
    Inline(BTreeMap<String, String>),
}

/// One replacement or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "expected { from = \"…\", to = \"…\" }, { matches = \"…\", to = \"…\" } or a list of them"
)]
pub(super) enum Replacements {
    One(Replacement),
    Many(Vec<Replacement>),
}

/// One replacement.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Replacement {
    pub(super) from: Option<String>,
    pub(super) matches: Option<String>,
    pub(super) to: String,
}

/// One condition or several.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected { field = \"…\", is = \"…\" } or a list of such conditions; a condition has field and one of is, is_not, starts_with, ends_with, contains, matches, present"
)]
pub(super) enum Conditions {
    One(Box<Condition>),
    Many(Vec<Condition>),
}

/// One condition.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Condition {
    pub(super) field: String,
    pub(super) is: Option<OneOrMany>,
    pub(super) is_not: Option<OneOrMany>,
    pub(super) starts_with: Option<OneOrMany>,
    pub(super) ends_with: Option<OneOrMany>,
    pub(super) contains: Option<OneOrMany>,
    pub(super) matches: Option<String>,
    pub(super) present: Option<bool>,
}

/// The text of the file, for telling where a fault is.
#[derive(Clone, Copy)]
pub(super) struct Source<'t>(pub(super) &'t str);

impl Source<'_> {
    /// `line 3, column 8`.
    pub(super) fn place(self, at: usize) -> String {
        let mut at = at.min(self.0.len());
        while !self.0.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.0[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("line {line}, column {column}")
    }

    /// A fault at a place in the file.
    pub(super) fn fault(
        self,
        span: Range<usize>,
        met: impl Into<String>,
        expected: impl Into<String>,
    ) -> SetupError {
        SetupError::Rules { place: self.place(span.start), met: met.into(), expected: expected.into() }
    }
}

/// Whether the text is the mapping file of a table: only such a file names the column of the identifier.
pub(super) fn is_mapping(text: &str) -> bool {
    toml::from_str::<toml::Table>(text)
        .is_ok_and(|table| ["id", "sector", "describes", "column"].iter().any(|key| table.contains_key(*key)))
}

/// Reads the file; the fault of a wrong one names line, column, what was met and what is allowed there.
pub(super) fn read(text: &str) -> Result<File, SetupError> {
    if is_mapping(text) {
        let OnTop { version, prefixes, tables, rule } =
            toml::from_str(text).map_err(|error| fault(text, &error))?;
        return Ok(File { version, prefixes, tables, rule, ..File::default() });
    }
    toml::from_str(text).map_err(|error| fault(text, &error))
}

fn fault(text: &str, error: &toml::de::Error) -> SetupError {
    let message = error.message();
    let span = error.span().unwrap_or(0..0);
    let (met, expected) = match message.split_once(", expected ") {
        Some((met, expected)) => (met.to_owned(), expected.to_owned()),
        None if message.starts_with("expected ") => {
            let met: String =
                text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default().into();
            (format!("'{met}'"), message.trim_start_matches("expected ").to_owned())
        }
        None if message.starts_with("missing field") => {
            (message.replace("field", "key"), "it, as loaders/rules/README.md describes".to_owned())
        }
        None => (message.to_owned(), "TOML as loaders/rules/README.md describes it".to_owned()),
    };
    let expected = match met.strip_prefix("unknown field `").and_then(|rest| rest.strip_suffix('`')) {
        Some(key) => {
            let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
            match nearest(key, known.iter().copied()) {
                Some(near) => format!("'{near}'? The keys here are {}", known.join(", ")),
                None => format!("one of the keys {}", known.join(", ")),
            }
        }
        None => expected,
    };
    Source(text).fault(span, met.replace("unknown field", "unknown key").replace('`', "'"), expected)
}
