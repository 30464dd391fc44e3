//! Rules that an owner writes on top of a built-in mapping, for any format.
//!
//! A rule file (TOML; `README.md` teaches it by example) maps further fields, changes or drops what the built-in mapping
//! says, sets constants, gives rights by default, and raises or ignores issues. The rules work on the fields of a record
//! ([`graph_model::Field`]) and on the statements of its document, after the format has described it, in the order of the
//! file. What they say has a rule id of its own, `owner.<name>`, and the place of its field, so that it is explained like
//! anything else.
//!
//! Without a rule file nothing here runs. With one, a record costs a walk over its fields; only the fields that a rule
//! names are copied.
//!
//! Left out on purpose: computed values, rules that look at several records, and rules that say something about other
//! things than the item and its aggregation. What needs them needs a mapping.

mod apply;
mod compile;
mod file;
pub mod known;
mod nearest;
mod pick;
mod property;
mod rule;
mod say;
mod table;
#[cfg(test)]
mod tests;

use crate::SetupError;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::Xxh3;

/// The rules of one owner, made ready.
#[derive(Debug)]
pub struct Rules {
    version: Option<String>,
    hash: u128,
    rules: Vec<rule::Rule>,
    wanted: Vec<pick::Wanted>,
    rights: Option<String>,
    named: Vec<(rule::Pattern, String)>,
}

/// What a rule file may need besides its text: the files of its look-up tables, by the names that it uses.
pub type TableFiles = BTreeMap<String, String>;

/// The names of the files that a rule file wants to look things up in; they stand beside it.
///
/// # Errors
/// [`SetupError::Rules`] when the rule file cannot be read.
pub fn files_of(text: &str) -> Result<Vec<String>, SetupError> {
    let file = file::read(text)?;
    Ok(file.tables.values().filter_map(|table| table::file_of(table.get_ref())).map(str::to_owned).collect())
}

/// Whether the text is the mapping file of a table, which may have rules on top.
#[must_use]
pub fn is_mapping(text: &str) -> bool {
    file::is_mapping(text)
}

impl Rules {
    /// Reads and checks a rule file, or the rules on top of a mapping file.
    ///
    /// # Errors
    /// [`SetupError::Rules`] with line and column, what was met and what is allowed there.
    pub fn read(text: &str, files: &TableFiles) -> Result<Self, SetupError> {
        let compile::Compiled { version, rules, wanted, rights, named } = compile::compile(text, files)?;
        let mut hasher = Xxh3::new();
        hasher.update(text.as_bytes());
        for (name, text) in files {
            // 0xFF is in no UTF-8 text, so it parts the pieces without doubt.
            hasher.update(&[0xFF]);
            hasher.update(name.as_bytes());
            hasher.update(&[0xFF]);
            hasher.update(text.as_bytes());
        }
        Ok(Self { version, hash: hasher.digest128(), rules, wanted, rights, named })
    }

    /// Whether there is nothing to do: a mapping file without rules on top.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.rights.is_none()
    }

    /// What the file calls its version.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// A fingerprint of the file and its tables.
    #[must_use]
    pub fn hash(&self) -> u128 {
        self.hash
    }

    /// The ids of the rules, in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.id.as_str()).chain(self.rights.as_ref().map(|_| "owner.rights"))
    }

    /// The ids of the rules that say something of their own, and so leave a trace where they apply.
    pub fn that_say(&self) -> impl Iterator<Item = &str> {
        let says = |rule: &&rule::Rule| {
            matches!(rule.what, rule::What::Map(..) | rule::What::Constant(..) | rule::What::Change(..))
        };
        self.rules.iter().filter(says).map(|rule| rule.id.as_str())
    }

    /// The fields that the rules ask for, as the file names them.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.wanted.iter().map(|wanted| wanted.written.as_str())
    }

    /// Checks that the built-in rules which the file names exist in one of the formats.
    ///
    /// # Errors
    /// [`SetupError::Rules`] with the nearest id that exists.
    pub fn check_ids(&self, formats: &[&str]) -> Result<(), SetupError> {
        for (pattern, place) in &self.named {
            let own =
                pattern.start.starts_with("owner.") || (pattern.open && "owner.".starts_with(&pattern.start));
            if own || formats.iter().any(|format| known::has(format, pattern)) {
                continue;
            }
            let star = if pattern.open { "*" } else { "" };
            let ids = || known::of_formats(formats);
            let expected = match nearest::nearest(&pattern.start, ids()) {
                Some(near) => format!("'{near}'? All ids are listed by: aarre rules {}", formats.join(" ")),
                None => {
                    let begins = pattern.start.split('.').next().unwrap_or_default();
                    let elsewhere = known::format_of(begins).filter(|format| !formats.contains(format));
                    match elsewhere {
                        Some(format) => format!("a rule of {}; that is one of {format}", formats.join(", ")),
                        None => format!("the id of a rule; see: aarre rules {}", formats.join(" ")),
                    }
                }
            };
            return Err(SetupError::Rules {
                place: place.clone(),
                met: format!("the rule id '{}{star}'", pattern.start),
                expected,
            });
        }
        Ok(())
    }
}
