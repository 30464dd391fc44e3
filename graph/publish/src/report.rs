//! The report of a run: what became of every record, and what was odd about it.
//!
//! Issues and quarantined pieces are written as they come, so that a report costs no memory; the summary is
//! written at the end, beside them, under its final name only once it is whole.

use crate::sources::SourceFault;
use graph_model::{Broken, Document, Issue};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Of how many broken records the identifiers are remembered.
const BROKEN_IDS: usize = 10_000;

/// What became of the records of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// The file.
    pub file: String,
    /// The identifier of the format it was read as; empty when it could not be read at all.
    pub format: String,
    /// Records met, whole or broken.
    pub records: u64,
    /// Records that became documents.
    pub documents: u64,
    /// Records set aside.
    pub quarantined: u64,
    /// Statements in the documents.
    pub statements: u64,
    /// Issues in the documents.
    pub issues: u64,
}

/// A file that could not be read as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FaultReport {
    /// The file or folder.
    pub file: String,
    /// What was met.
    pub met: String,
    /// What was expected.
    pub expected: String,
}

/// A piece of input that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuarantineReport {
    /// The file.
    pub file: String,
    /// The number of the record in the file, from 1.
    pub record: u64,
    /// The offset in bytes where it begins.
    pub byte: u64,
    /// The line where it begins, for formats that have lines.
    pub line: Option<u64>,
    /// The record's identifier, where one could be read.
    pub id: Option<String>,
    /// What was met.
    pub met: String,
    /// What was expected.
    pub expected: String,
}

/// A run in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The dataset.
    pub dataset: String,
    /// Sums over all files.
    pub total: FileReport,
    /// Each file, in the order in which it was read.
    pub files: Vec<FileReport>,
    /// Files and folders that could not be read as a whole.
    pub faults: Vec<FaultReport>,
    /// The first records that were set aside, at most [`Summary::EXAMPLES`]; the report's folder has them all.
    pub set_aside: Vec<QuarantineReport>,
    /// How many issues of each kind, by code.
    pub issues_by_kind: BTreeMap<&'static str, u64>,
}

impl Summary {
    /// How many records that were set aside the summary itself names.
    pub const EXAMPLES: usize = 20;

    /// Whether every piece of input became a document.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.total.quarantined == 0 && self.faults.is_empty()
    }
}

/// Writes the report of one run.
#[derive(Debug)]
pub struct Report {
    /// The numbers so far.
    pub summary: Summary,
    folder: Option<Folder>,
    broken: BrokenPieces,
}

/// What the broken pieces say of the records that were not met whole.
#[derive(Debug, Default)]
struct BrokenPieces {
    ids: Vec<String>,
    too_many: bool,
    last_of_file: bool,
    cut_file: Option<String>,
}

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    issues: BufWriter<File>,
    quarantine: Option<BufWriter<File>>,
}

impl Report {
    /// A report that is only counted, not written.
    #[must_use]
    pub fn counted(dataset: &str) -> Self {
        let summary = Summary { dataset: dataset.to_owned(), ..Summary::default() };
        Self { summary, folder: None, broken: BrokenPieces::default() }
    }

    /// A report written into a folder, which is made: `issues.csv`, `quarantine/`, and at the end
    /// `summary.json`.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn written(dataset: &str, path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let mut issues = BufWriter::new(File::create(path.join("issues.csv"))?);
        issues.write_all(b"file,record,iri,kind,path,met,expected\n")?;
        let folder = Some(Folder { path: path.to_owned(), issues, quarantine: None });
        Ok(Self { folder, ..Self::counted(dataset) })
    }

    /// Where the report is written, if it is.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.folder.as_ref().map(|folder| folder.path.as_path())
    }

    /// Begins a file; what follows is counted for it.
    pub fn begin_file(&mut self, file: &str, format: &str) {
        self.end_file();
        let report = FileReport { file: file.to_owned(), format: format.to_owned(), ..FileReport::default() };
        self.summary.files.push(report);
    }

    /// Notes a file that could not be read as a whole.
    pub fn fault(&mut self, fault: SourceFault) {
        let SourceFault { name, met, expected } = fault;
        self.summary.faults.push(FaultReport { file: name, met, expected });
    }

    fn end_file(&mut self) {
        if std::mem::take(&mut self.broken.last_of_file) && self.broken.cut_file.is_none() {
            self.broken.cut_file = self.summary.files.last().map(|file| file.file.clone());
        }
    }

    /// Why records that were not met may still be among the input, in words; `None` when all of it was read.
    /// `known` tells whether a record of this identifier was there before.
    #[must_use]
    pub fn uncertainty(&mut self, known: impl Fn(&str) -> bool) -> Option<String> {
        self.end_file();
        if let Some(fault) = self.summary.faults.first() {
            return Some(format!("{} could not be read", fault.file));
        }
        if let Some(file) = &self.broken.cut_file {
            return Some(format!("{file} ends in a broken record, so more may have stood there"));
        }
        if self.broken.too_many {
            return Some("too many records are broken".to_owned());
        }
        let id = self.broken.ids.iter().find(|id| known(id))?;
        Some(format!("record {id} was whole before and is broken now"))
    }

    /// Notes a record that became a document.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn document(&mut self, document: &Document) -> io::Result<()> {
        self.broken.last_of_file = false;
        let (statements, issues) = (document.len() as u64, document.issues().len() as u64);
        self.count(|report| {
            report.records += 1;
            report.documents += 1;
            report.statements += statements;
            report.issues += issues;
        });
        for issue in document.issues() {
            self.issue(document, issue)?;
        }
        Ok(())
    }

    fn issue(&mut self, document: &Document, issue: &Issue) -> io::Result<()> {
        *self.summary.issues_by_kind.entry(issue.kind.code()).or_default() += 1;
        let Some(folder) = &mut self.folder else { return Ok(()) };
        let file = self.summary.files.last().map_or("", |file| file.file.as_str());
        let code = issue.kind.code();
        let row =
            [file, document.local(), document.iri(), code, &issue.path, &issue.met, issue.expected.as_ref()];
        write_row(&mut folder.issues, &row)
    }

    /// Notes a piece of input that was set aside, and keeps its bytes.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn quarantined(&mut self, broken: &Broken) -> io::Result<()> {
        self.broken.last_of_file = true;
        match &broken.id {
            Some(_) if self.broken.ids.len() == BROKEN_IDS => self.broken.too_many = true,
            Some(id) => self.broken.ids.push(id.clone()),
            None => {}
        }
        self.set_aside(broken)
    }

    /// Notes a whole record that is set aside for another reason, such as an identifier that stands twice.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn set_aside(&mut self, broken: &Broken) -> io::Result<()> {
        self.count(|report| {
            report.records += 1;
            report.quarantined += 1;
        });
        let number = self.summary.total.quarantined;
        if self.summary.set_aside.len() < Summary::EXAMPLES {
            self.summary.set_aside.push(QuarantineReport {
                file: self.summary.files.last().map_or(String::new(), |file| file.file.clone()),
                record: broken.position.record,
                byte: broken.position.byte,
                line: broken.position.line,
                id: broken.id.clone(),
                met: broken.met.clone(),
                expected: broken.expected.to_string(),
            });
        }
        let Some(folder) = &mut self.folder else { return Ok(()) };
        let quarantine = folder.path.join("quarantine");
        let rows = match &mut folder.quarantine {
            Some(rows) => rows,
            none => {
                fs::create_dir_all(&quarantine)?;
                let mut rows = BufWriter::new(File::create(quarantine.join("quarantine.csv"))?);
                rows.write_all(b"file,record,byte,line,id,met,expected,bytes\n")?;
                none.insert(rows)
            }
        };
        let raw = if broken.raw.is_empty() { String::new() } else { format!("{number:06}.raw") };
        if !raw.is_empty() {
            fs::write(quarantine.join(&raw), &broken.raw)?;
        }
        let file = self.summary.files.last().map_or("", |file| file.file.as_str());
        let (record, byte) = (broken.position.record.to_string(), broken.position.byte.to_string());
        let line = broken.position.line.map(|line| line.to_string()).unwrap_or_default();
        let id = broken.id.as_deref().unwrap_or_default();
        write_row(rows, &[file, &record, &byte, &line, id, &broken.met, &broken.expected, &raw])
    }

    /// Ends the report: writes everything to disk and the summary last.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn finish(mut self) -> io::Result<Summary> {
        if let Some(folder) = &mut self.folder {
            folder.issues.flush()?;
            folder.issues.get_ref().sync_all()?;
            if let Some(rows) = &mut folder.quarantine {
                rows.flush()?;
                rows.get_ref().sync_all()?;
            }
            let (draft, done) = (folder.path.join(".summary.json"), folder.path.join("summary.json"));
            let mut file = File::create(&draft)?;
            serde_json::to_writer_pretty(&mut file, &self.summary)?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(draft, done)?;
        }
        Ok(self.summary)
    }

    fn count(&mut self, add: impl Fn(&mut FileReport)) {
        add(&mut self.summary.total);
        if let Some(file) = self.summary.files.last_mut() {
            add(file);
        }
    }
}

/// One row of RFC 4180, quoted where needed; a value that a spreadsheet would take for a formula gets an
/// apostrophe before it.
fn write_row(out: &mut impl Write, values: &[&str]) -> io::Result<()> {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
        if formula || value.contains([',', '"', '\n', '\r']) {
            out.write_all(b"\"")?;
            if formula {
                out.write_all(b"'")?;
            }
            out.write_all(value.replace('"', "\"\"").as_bytes())?;
            out.write_all(b"\"")?;
        } else {
            out.write_all(value.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}
