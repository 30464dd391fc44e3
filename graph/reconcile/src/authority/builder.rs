//! Drafts in, an index out.

use super::about::About;
use super::codec;
use super::draft::Draft;
use super::error::AuthorityError;
use graph_index::files::{Output, make_folder, write_plain};
use std::path::{Path, PathBuf};

/// Makes the index of an authority of drafts in any order.
#[derive(Debug)]
pub struct Builder {
    folder: PathBuf,
    drafts: Vec<Vec<u8>>,
}

impl Builder {
    /// Begins an index in a folder, which is made; one that is there is replaced.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(folder: &Path) -> Result<Self, AuthorityError> {
        make_folder(folder)?;
        Ok(Self { folder: folder.to_owned(), drafts: Vec::new() })
    }

    /// Adds an entry, or more of one that was added before.
    ///
    /// # Errors
    /// When a buffer cannot be written.
    pub fn add(&mut self, draft: &Draft) -> Result<(), AuthorityError> {
        let mut bytes = Vec::new();
        codec::encode(draft, &mut bytes);
        self.drafts.push(bytes);
        Ok(())
    }

    /// Writes the index and waits until it is on the disk; gives what is known of it, with the counts.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(mut self, mut about: About) -> Result<About, AuthorityError> {
        self.drafts.sort_unstable();
        let mut entries: Vec<Draft> = Vec::new();
        for mut draft in self.drafts.iter().filter_map(|bytes| codec::decode(bytes)) {
            match entries.last_mut() {
                Some(last) if last.iri == draft.iri => last.merge(draft),
                _ => {
                    draft.settle();
                    entries.push(draft);
                }
            }
        }
        let mut file = Output::create(&self.folder, "entries")?;
        (about.entries, about.labels) = (0, 0);
        about.kinds.clear();
        for draft in &entries {
            let mut bytes = Vec::new();
            codec::encode(draft, &mut bytes);
            file.u32(bytes.len() as u32)?;
            file.write(&bytes)?;
            about.entries += 1;
            about.labels += draft.labels.len() as u64;
            *about.kinds.entry(draft.kind).or_default() += 1;
        }
        file.finish()?;
        let json =
            serde_json::to_vec_pretty(&about).map_err(|error| AuthorityError::TooMuch(error.to_string()))?;
        write_plain(&self.folder, "about.json", &json)?;
        Ok(about)
    }
}
