//! The log on the disk.

use super::{Decision, Log, Refusal, What};
use graph_index::IndexError;
use graph_index::files::{Ledger, read_ledger};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a decision is not on the disk.
#[derive(Debug, Error)]
pub enum FileError {
    /// The disk failed.
    #[error(transparent)]
    Disk(#[from] IndexError),
    /// What was decided before speaks against it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// The log, held by this handle alone until it is dropped: hold it no longer than a decision takes.
#[derive(Debug)]
pub struct DecisionFile {
    file: Ledger,
    log: Log,
}

/// Where the log of a home is.
fn path(home: &Path) -> PathBuf {
    home.join("decisions").join("decisions.jsonl")
}

/// The log of a home as it is now, without waiting for who is deciding; an empty one where nothing was decided yet.
///
/// # Errors
/// When the disk fails.
pub fn read(home: &Path) -> Result<Log, FileError> {
    Ok(Log::read(&read_ledger(&path(home))?))
}

impl DecisionFile {
    /// Opens the log of a home, or begins one, and waits for who else is deciding.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn open(home: &Path) -> Result<Self, FileError> {
        let mut file = Ledger::open(&path(home))?;
        let log = Log::read(&file.read()?);
        Ok(Self { file, log })
    }

    /// The log as it is.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Takes a decision, if nothing in force speaks against it; it is on the disk when this returns. `when` is an
    /// `xsd:dateTime` in UTC.
    ///
    /// # Errors
    /// [`FileError`]; nothing was decided then.
    pub fn decide(
        &mut self,
        what: What,
        who: &str,
        when: &str,
        why: Option<&str>,
    ) -> Result<Decision, FileError> {
        let mut log = self.log.clone();
        let (decision, bytes) = log.decide(what, who, when, why)?;
        self.file.append(&bytes)?;
        self.log = log;
        Ok(decision)
    }
}
