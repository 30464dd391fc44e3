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

    /// The mapping alone, as if there were no rules on top.
    #[must_use]
    pub fn without_rules(&self) -> Self {
        Self { path: self.path.clone(), mapping: self.mapping.clone(), rules: None }
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use crate::convert::Unwatched;
    use crate::home::Home;
    use crate::run::load;
    use graph_store::WorkingStore;
    use graph_store::rdf::{NamedNodeRef, Term};
    use vocabularies::{aarre, dc};

    #[test]
    fn changed_rules_rewrite_the_records_that_they_alter_and_are_noted() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let config = "base = \"https://x.org\"\n[[dataset]]\nid = \"books\"\nformat = \"marcxml\"\nsources = [\"books.xml\"]\n";
        write("aarre.toml", config);
        let book = |id: &str, note: &str| {
            format!(
                "<record><leader>00000nam a2200000 i 4500</leader><controlfield tag=\"001\">{id}</controlfield>\
                 <datafield tag=\"245\" ind1=\"1\" ind2=\"0\"><subfield code=\"a\">Kirja {id}</subfield></datafield>{note}</record>"
            )
        };
        let shelf =
            "<datafield tag=\"909\" ind1=\" \" ind2=\" \"><subfield code=\"a\">K</subfield></datafield>";
        let collection = "<collection xmlns=\"http://www.loc.gov/MARC21/slim\">";
        write(
            "books.xml",
            &format!("{collection}{}{}{}</collection>", book("1", shelf), book("2", ""), book("3", "")),
        );
        let store = WorkingStore::open(&folder.path().join("store")).unwrap();
        let run = || {
            let home = Home::open(folder.path()).unwrap();
            let loaded = load(&home, &store, home.dataset("books").unwrap(), &[], &Unwatched).unwrap();
            (loaded.load.new, loaded.load.changed, loaded.load.unchanged)
        };
        assert_eq!(run(), (3, 0, 0));
        write("aarre.toml", &format!("{config}rules = \"house.toml\"\n"));
        write(
            "house.toml",
            "version = \"one\"\n[[rule]]\nname = \"shelf\"\nfield = \"909$a\"\nlookup = \"shelves\"\nto = \"dc:coverage\"\n[tables]\nshelves = { file = \"shelves.tsv\" }\n",
        );
        write("shelves.tsv", "K\tKalevala room\n");
        assert_eq!(run(), (0, 1, 2));
        assert_eq!(run(), (0, 0, 3));
        let said = || {
            let item = NamedNodeRef::new_unchecked("https://x.org/id/books/1");
            let graph = NamedNodeRef::new_unchecked("https://x.org/graph/books");
            let said: Vec<String> = store
                .view()
                .matching(Some(item), Some(dc::COVERAGE), None, Some(graph))
                .map(|quad| quad.unwrap().object.to_string())
                .collect();
            said
        };
        assert_eq!(said(), ["\"Kalevala room\""]);
        // A table counts as a part of the rules.
        write("shelves.tsv", "K\tMain hall\n");
        assert_eq!(run(), (0, 1, 2));
        assert_eq!(said(), ["\"Main hall\""]);
        let provenance = NamedNodeRef::new_unchecked("https://x.org/graph/provenance");
        let mut versions: Vec<String> = store
            .view()
            .matching(None, Some(aarre::RULE_SET_VERSION), None, Some(provenance))
            .map(|quad| match quad.unwrap().object {
                Term::Literal(version) => version.value().to_owned(),
                other => panic!("{other}"),
            })
            .collect();
        versions.sort();
        assert_eq!(versions.len(), 3, "a run each, none for the one without rules: {versions:?}");
        assert!(versions.iter().all(|version| version.starts_with("one ")), "{versions:?}");
        versions.dedup();
        assert_eq!(versions.len(), 2, "the same rules have the same fingerprint: {versions:?}");
        // A fault in the rules stops the run before it begins.
        write("house.toml", "[[rule]]\nname = \"x\"\ndrop = \"marc.245a.titel\"\n");
        let home = Home::open(folder.path()).unwrap();
        let error =
            load(&home, &store, home.dataset("books").unwrap(), &[], &Unwatched).unwrap_err().to_string();
        assert!(error.contains("house.toml") && error.contains("'marc.245a.title'?"), "{error}");
    }
}
