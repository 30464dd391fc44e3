//! The ids of the built-in rules, with the fields that they read and the properties that they say.
//!
//! The list (`known.tsv`) is made by a test from what the mappings really say on all fixtures, and from the ids that stand
//! in their code, so that it cannot fall behind them: `AARRE_BLESS=1 cargo test -p loaders known` rewrites it.

use super::rule::Pattern;
use std::sync::LazyLock;

/// One built-in rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRule {
    /// The formats that have it.
    pub formats: Vec<&'static str>,
    /// Its id; `*` stands for a part that depends on the record.
    pub id: &'static str,
    /// The fields that it was met to read.
    pub fields: &'static str,
    /// The properties that it was met to say, by their prefixed names.
    pub properties: &'static str,
}

static KNOWN: LazyLock<Vec<KnownRule>> = LazyLock::new(|| {
    let rows = include_str!("known.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.skip(1)
        .map(|row| {
            let mut cells = row.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            KnownRule { formats: cell().split(' ').collect(), id: cell(), fields: cell(), properties: cell() }
        })
        .collect()
});

/// All rules of a format, in the order of their ids.
pub fn rules_of(format: &str) -> impl Iterator<Item = &'static KnownRule> {
    KNOWN.iter().filter(move |rule| rule.formats.contains(&format))
}

/// Whether a format has a rule whose id fits.
pub(super) fn has(format: &str, pattern: &Pattern) -> bool {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    rules_of(format).any(|rule| match rule.id.split_once('*') {
        None => pattern.fits(rule.id),
        // The rules of a mapping file are named after its columns.
        Some((start, "")) => {
            pattern.start.starts_with(start) || pattern.open && start.starts_with(&pattern.start)
        }
        // Otherwise the number of a field depends on the record.
        Some((start, end)) => match pattern.start.strip_prefix(start) {
            None => pattern.open && start.starts_with(&pattern.start),
            Some(rest) if pattern.open => {
                let (first, second) =
                    rest.split_once('.').map_or((rest, ""), |(first, second)| (first, second));
                number(first) && end[1..].starts_with(second)
            }
            Some(rest) => rest.strip_suffix(end).is_some_and(|first| !first.is_empty() && number(first)),
        },
    })
}

/// The ids of the rules of some formats.
pub(super) fn of_formats<'f>(formats: &'f [&str]) -> impl Iterator<Item = &'static str> + use<'f> {
    KNOWN.iter().filter(|rule| rule.formats.iter().any(|format| formats.contains(format))).map(|rule| rule.id)
}

/// A format whose rules begin like this: `lido` of `lido.titleSet.title`.
pub(super) fn format_of(begins: &str) -> Option<&'static str> {
    let rule = KNOWN.iter().find(|rule| rule.id.split('.').next() == Some(begins))?;
    rule.formats.first().copied()
}
