//! Mirrors of authority files: made of what the operator names, kept below `authorities/` of the home.
//!
//! Files are read (`read.rs`): RDF in all syntaxes, tables with known headings, dumps of GeoNames, tar archives of these,
//! and records of the formats that the loaders know (EAC-CPF, MARC). Statements become drafts by a table of properties
//! (`gather.rs`), drafts become the index of `graph-reconcile`. What cannot be used is counted with examples and never
//! stops the rest. A mirror is made beside the one that is there and takes its place when it is whole.

mod gather;
mod guard;
mod problems;
mod read;
mod table;
mod tar;
mod values;

pub use problems::{Problem, Problems};

use crate::convert::{ConvertError, Watch};
use crate::home::Home;
use crate::sources::{self, Source};
use gather::Gatherer;
use graph_model::{BaseError, DatasetId};
use graph_reconcile::Kind;
use graph_reconcile::authority::{About, Authority, AuthorityError, Builder, SourceFile};
use read::Reader;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::SystemTime;
use thiserror::Error;

/// Why an authority could not be added, opened or removed. What was there before is there still.
#[derive(Debug, Error)]
pub enum AddError {
    /// The name cannot be part of an IRI.
    #[error(transparent)]
    Name(#[from] BaseError),
    /// The index could not be made.
    #[error(transparent)]
    Index(#[from] AuthorityError),
    /// Records could not be converted.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// What was counted could not be told.
    #[error("{0}")]
    Report(io::Error),
    /// A folder could not be renamed or removed.
    #[error("{}: {source}", path.display())]
    Disk {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Nothing that was named has an entry.
    #[error("no entry was found in what was named; {0}")]
    Empty(String),
    /// There is no such authority.
    #[error("no authority '{met}'; there are: {known}")]
    Unknown {
        /// What was asked for.
        met: String,
        /// Those that there are.
        known: String,
    },
}

/// What an operator tells of an authority.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Its name for people.
    pub title: Option<String>,
    /// Under which licence it may be used.
    pub licence: Option<String>,
    /// What the IRIs of rows of a table without IRIs begin with.
    pub iris: Option<String>,
    /// Of what kind entries are of which nothing says it.
    pub kind: Kind,
}

/// What became of an authority that was added.
#[derive(Debug)]
pub struct Added {
    /// What is known of it, with the counts.
    pub about: About,
    /// What could not be used.
    pub problems: Problems,
}

/// A mirror that is there.
#[derive(Debug)]
pub struct Mirror {
    /// Its short name.
    pub name: String,
    /// The mirror, or why it cannot be opened.
    pub authority: Result<Authority, AuthorityError>,
    /// How much of the disk it takes, in bytes.
    pub bytes: u64,
}

/// Makes a mirror of files and folders; one of the same name is replaced.
///
/// # Errors
/// When the disk fails or no entry is found; never for anything else in the files.
pub fn add(
    home: &Home,
    name: &str,
    paths: &[PathBuf],
    told: &Told,
    watch: &dyn Watch,
) -> Result<Added, AddError> {
    let id = DatasetId::new(name)?;
    let folder = home.authorities();
    let disk = |path: &Path| {
        let path = path.to_owned();
        move |source| AddError::Disk { path, source }
    };
    // Hidden names, so that nobody takes a half for a mirror.
    let [draft, scratch, old] = [".new", ".scratch", ".old"].map(|end| folder.join(format!(".{name}{end}")));
    let _rubbish = Rubbish([draft.clone(), scratch.clone()]);
    fs::create_dir_all(&scratch).map_err(disk(&scratch))?;
    let (sources, faults) = sources::expand(paths);
    let mut reader = Reader {
        home,
        name: &id,
        iris: told.iris.clone().unwrap_or_else(|| format!("{}/", home.config.base.shared("authority", name))),
        headings: read::headings(),
        gatherer: Gatherer::new(&scratch),
        builder: Builder::new(&draft)?,
        problems: Problems::default(),
        watch,
        read: Arc::new(AtomicU64::new(0)),
        total: sources.iter().map(|source| source.bytes).sum(),
        files: 0,
        statements: 0,
    };
    for fault in faults {
        reader.problems.add(Problem::File, || format!("{}: {}", fault.name, fault.met));
    }
    let mut about = About {
        name: name.to_owned(),
        title: told.title.clone(),
        licence: told.licence.clone(),
        added: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        ..About::default()
    };
    for source in &sources {
        reader.source(source)?;
        about.sources.extend(digest(source, &mut reader.problems));
    }
    let Reader { gatherer, mut builder, mut problems, .. } = reader;
    builder.otherwise(told.kind);
    gatherer.finish(&mut builder, &mut problems)?;
    // Rows of tables; what has no name among the drafts is added to them.
    about.set_aside = problems.count(Problem::Nameless);
    let about =
        builder.finish_and_tell(about, &mut |iri| problems.add(Problem::Nameless, || iri.to_owned()))?;
    if about.entries == 0 {
        let first = problems.iter().find_map(|(_, _, examples)| examples.first().cloned());
        return Err(AddError::Empty(
            first.unwrap_or_else(|| "none of the known properties occurs".to_owned()),
        ));
    }
    let place = folder.join(name);
    remove_folder(&old)?;
    if place.exists() {
        fs::rename(&place, &old).map_err(disk(&place))?;
    }
    fs::rename(&draft, &place).map_err(disk(&place))?;
    remove_folder(&old)?;
    fs::File::open(&folder).and_then(|folder| folder.sync_all()).map_err(disk(&folder))?;
    Ok(Added { about, problems })
}

/// All mirrors by their names.
///
/// # Errors
/// When the folder cannot be read.
pub fn list(home: &Home) -> Result<Vec<Mirror>, AddError> {
    let folder = home.authorities();
    let mut names = Vec::new();
    match fs::read_dir(&folder) {
        Ok(entries) => {
            for entry in entries {
                let entry = entry.map_err(|source| AddError::Disk { path: folder.clone(), source })?;
                let name = entry.file_name().to_string_lossy().into_owned();
                if !name.starts_with('.') && entry.path().is_dir() {
                    names.push(name);
                }
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(AddError::Disk { path: folder, source }),
    }
    names.sort();
    let mirrors = names.into_iter().map(|name| {
        let path = folder.join(&name);
        let files = fs::read_dir(&path).into_iter().flatten().flatten();
        let bytes = files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
        Mirror { authority: Authority::open(&path), name, bytes }
    });
    Ok(mirrors.collect())
}

/// Opens a mirror.
///
/// # Errors
/// When there is none of the name, or it is damaged.
pub fn open(home: &Home, name: &str) -> Result<Authority, AddError> {
    let path = existing(home, name)?;
    Ok(Authority::open(&path)?)
}

/// Removes a mirror.
///
/// # Errors
/// When there is none of the name, or the disk fails.
pub fn remove(home: &Home, name: &str) -> Result<(), AddError> {
    let path = existing(home, name)?;
    // Under a hidden name first, so that nobody opens half of it.
    let old = home.authorities().join(format!(".{name}.old"));
    remove_folder(&old)?;
    fs::rename(&path, &old).map_err(|source| AddError::Disk { path, source })?;
    remove_folder(&old)
}

fn existing(home: &Home, name: &str) -> Result<PathBuf, AddError> {
    let known: Vec<String> = list(home)?.into_iter().map(|mirror| mirror.name).collect();
    if known.iter().any(|known| known == name) {
        Ok(home.authorities().join(name))
    } else {
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Err(AddError::Unknown { met: name.to_owned(), known })
    }
}

fn remove_folder(path: &Path) -> Result<(), AddError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(AddError::Disk { path: path.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

fn digest(source: &Source, problems: &mut Problems) -> Option<SourceFile> {
    let read = || -> io::Result<SourceFile> {
        let (mut file, mut digest) = (fs::File::open(&source.path)?, Sha256::new());
        let (mut buffer, mut bytes) = (vec![0; 1 << 16], 0);
        loop {
            let count = match file.read(&mut buffer) {
                Ok(0) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                count => count?,
            };
            digest.update(&buffer[..count]);
            bytes += count as u64;
        }
        let mut sha256 = String::with_capacity(64);
        for byte in digest.finalize() {
            let _ = write!(sha256, "{byte:02x}");
        }
        Ok(SourceFile { name: source.name.clone(), bytes, sha256 })
    };
    read().map_err(|error| problems.add(Problem::File, || format!("{}: {error}", source.name))).ok()
}

/// Folders that are gone at the end, however it came.
struct Rubbish([PathBuf; 2]);

impl Drop for Rubbish {
    fn drop(&mut self) {
        for path in &self.0 {
            let _ = fs::remove_dir_all(path);
        }
    }
}

#[cfg(test)]
mod tests;
