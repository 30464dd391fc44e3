//! Rule files from the disk: the mapping of a table, the rules of an owner, or both in one file, with the tables beside it.

use loaders::rules::{Rules, TableFiles, files_of, is_mapping};
use loaders::{FORMATS, FormatEntry, Setup, SetupError};
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a rule file cannot be used.
#[derive(Debug, Error)]
pub enum RuleFileError {
    /// It, or a table that it names, cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It has a fault.
    #[error("{path}: {source}")]
    Fault {
        /// The file.
        path: PathBuf,
        /// Where, what was met and what is allowed.
        source: SetupError,
    },
}

/// A rule file, read and checked.
#[derive(Debug)]
pub struct RuleFile {
    path: PathBuf,
    mapping: Option<String>,
    rules: Option<Rules>,
}

impl RuleFile {
    /// Reads and checks a rule file.
    ///
    /// # Errors
    /// [`RuleFileError`], which names the file and the place in it.
    pub fn open(path: &Path) -> Result<Self, RuleFileError> {
        let fault = |source| RuleFileError::Fault { path: path.to_owned(), source };
        let text = std::fs::read_to_string(path)
            .map_err(|source| RuleFileError::Io { path: path.to_owned(), source })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut files = TableFiles::new();
        for name in files_of(&text).map_err(fault)? {
            let beside = folder.join(&name);
            match std::fs::read_to_string(&beside) {
                Ok(table) => drop(files.insert(name, table)),
                // A table that is not there is a fault of the rule file, which is told with its place.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(RuleFileError::Io { path: beside, source }),
            }
        }
        Self::parse(path, text, &files)
    }

    /// Checks the text of a rule file; `path` is named in messages, and `files` are the tables that it names.
    ///
    /// # Errors
    /// [`RuleFileError::Fault`].
    pub fn parse(path: &Path, text: String, files: &TableFiles) -> Result<Self, RuleFileError> {
        let fault = |source| RuleFileError::Fault { path: path.to_owned(), source };
        let rules = Rules::read(&text, files).map_err(fault)?;
        let ids: Vec<&str> = FORMATS.iter().map(|format| format.id).collect();
        rules.check_ids(&ids).map_err(fault)?;
        let rules = (!rules.is_empty()).then_some(rules);
        Ok(Self { path: path.to_owned(), mapping: is_mapping(&text).then_some(text), rules })
    }

    /// The text of the mapping file, for formats that need one.
    #[must_use]
    pub fn mapping(&self) -> Option<&str> {
        self.mapping.as_deref()
    }

    /// The owner's rules, where there are any.
    #[must_use]
    pub fn rules(&self) -> Option<&Rules> {
        self.rules.as_ref()
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Checks that the file goes with some formats: their rule ids, and the mapping where they need one.
    ///
    /// # Errors
    /// [`RuleFileError::Fault`].
    pub fn check(&self, formats: &[&FormatEntry]) -> Result<(), RuleFileError> {
        let fault = |source| RuleFileError::Fault { path: self.path.clone(), source };
        if let Some(rules) = &self.rules
            && !formats.is_empty()
            // Frames hold records of any format.
            && formats.iter().all(|format| format.id != "framed")
        {
            let ids: Vec<&str> = formats.iter().map(|format| format.id).collect();
            rules.check_ids(&ids).map_err(fault)?;
        }
        for format in formats {
            (format.setup)(Setup { mapping: self.mapping() }).map(drop).map_err(fault)?;
        }
        Ok(())
    }
}
