//! What was found damaged while reading.
//!
//! Reading a term or a column cannot fail, as it happens millions of times within a query. When a file turns out to be
//! damaged the reader gives something harmless and remembers the first finding here, so that whoever evaluated can ask
//! before an answer is called good.

use crate::error::IndexError;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Shared by all parts of an index.
#[derive(Debug, Clone)]
pub(crate) struct Damage {
    folder: Arc<PathBuf>,
    first: Arc<OnceLock<(String, String)>>,
}

impl Damage {
    pub(crate) fn none(folder: &Path) -> Self {
        Self { folder: Arc::new(folder.to_owned()), first: Arc::default() }
    }

    pub(crate) fn tell(&self, file: &str, reason: impl FnOnce() -> String) {
        self.first.get_or_init(|| (file.to_owned(), reason()));
    }

    pub(crate) fn found(&self) -> Option<IndexError> {
        let (file, reason) = self.first.get()?;
        Some(IndexError::damaged(&self.folder.join(file), reason.as_str()))
    }
}
