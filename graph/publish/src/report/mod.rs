//! The report of a run: what became of every record, what was odd about it, and how good the records are.
//!
//! Issues and quarantined pieces are written as they come, so that a report costs no memory; the summary is
//! written at the end, beside them, under its final name only once it is whole. A folder holds
//! `report.html` for people, `summary.json` for machines, and for spreadsheets `issues.csv`, `fields.csv`,
//! `completeness.csv` and `quarantine/quarantine.csv` with the bytes of what was set aside beside it.

mod compare;
mod page;
mod summary;
mod tally;
mod tiers;

#[cfg(test)]
mod tests;

pub use compare::{Change, Comparison};
pub use summary::{
    FaultReport, FieldReport, FileReport, IssueExample, IssueReport, ObstacleReport, PropertyReport,
    QuarantineReport, Summary, TierReport,
};
pub use tiers::{Content, Metadata, Obstacle, Tiers};

use crate::sources::SourceFault;
use graph_model::{Broken, Document, Issue};
use loaders::Usage;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Of how many broken records the identifiers are remembered.
const BROKEN_IDS: usize = 10_000;

/// Writes the report of one run.
#[derive(Debug)]
pub struct Report {
    /// The numbers so far.
    pub summary: Summary,
    tally: tally::Tally,
    before: Option<(String, Summary)>,
    folder: Option<Folder>,
    broken: BrokenPieces,
    withdrawn: Vec<String>,
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
    deleted: Option<BufWriter<File>>,
}

impl Report {
    /// A report that is only counted, not written.
    #[must_use]
    pub fn counted(dataset: &str) -> Self {
        let summary = Summary { dataset: dataset.to_owned(), ..Summary::default() };
        Self {
            summary,
            tally: tally::Tally::default(),
            before: None,
            folder: None,
            broken: BrokenPieces::default(),
            withdrawn: Vec::new(),
        }
    }

    /// A report written into a folder, which is made. One that stands there already is the run before, with which this
    /// one is compared.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn written(dataset: &str, path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let before = compare::at(path).map(|summary| (String::new(), summary));
        let mut issues = BufWriter::new(File::create(path.join("issues.csv"))?);
        issues.write_all(b"file,record,iri,kind,path,met,expected\n")?;
        let folder = Some(Folder { path: path.to_owned(), issues, quarantine: None, deleted: None });
        Ok(Self { before, folder, ..Self::counted(dataset) })
    }

    /// The report of a run that began at a time (`xsd:dateTime`), in a folder among the reports of earlier runs; it is
    /// compared with the last of them over the same dataset.
    ///
    /// # Errors
    /// As [`Report::written`].
    pub fn of_run(dataset: &str, path: &Path, began: &str) -> io::Result<Self> {
        let mut report = Self::written(dataset, path)?;
        began.clone_into(&mut report.summary.began);
        if let Some(reports) = path.parent() {
            report.before = compare::last(reports, dataset, path)?;
        }
        Ok(report)
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

    /// Notes a record that became a document, or a part of one.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn document(&mut self, document: &Document) -> io::Result<()> {
        self.broken.last_of_file = false;
        let (statements, issues) = (document.len() as u64, document.issues().len() as u64);
        // A large record comes in several parts.
        let begun = u64::from(document.part().begins());
        self.count(|report| {
            report.records += begun;
            report.documents += begun;
            report.statements += statements;
            report.issues += issues;
        });
        self.tally.document(document);
        for issue in document.issues() {
            self.issue(document, issue)?;
        }
        Ok(())
    }

    /// Adds how often the fields of the source were met and used.
    pub fn fields(&mut self, usage: Usage) {
        self.tally.fields(usage);
    }

    fn issue(&mut self, document: &Document, issue: &Issue) -> io::Result<()> {
        let Some(folder) = &mut self.folder else { return Ok(()) };
        let file = self.summary.files.last().map_or("", |file| file.file.as_str());
        let code = issue.kind.code();
        let row =
            [file, document.local(), document.iri(), code, &issue.path, &issue.met, issue.expected.as_ref()];
        write_row(&mut folder.issues, &row)
    }

    /// Notes a record that a repository says is deleted, under the identifier that it delivered it by.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn deleted(&mut self, identifier: &str) -> io::Result<()> {
        self.broken.last_of_file = false;
        self.count(|report| {
            report.records += 1;
            report.deleted += 1;
        });
        self.withdrawn.push(identifier.to_owned());
        let Some(folder) = &mut self.folder else { return Ok(()) };
        let rows = match &mut folder.deleted {
            Some(rows) => rows,
            none => {
                let mut rows = BufWriter::new(File::create(folder.path.join("deleted.csv"))?);
                rows.write_all(b"file,identifier\n")?;
                none.insert(rows)
            }
        };
        let file = self.summary.files.last().map_or("", |file| file.file.as_str());
        write_row(rows, &[file, identifier])
    }

    /// The identifiers of the deleted records so far, which are then forgotten.
    #[must_use]
    pub fn take_withdrawn(&mut self) -> Vec<String> {
        std::mem::take(&mut self.withdrawn)
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
        self.tally.close(&mut self.summary);
        if let Some((name, before)) = &self.before {
            self.summary.comparison = Some(Comparison::between(name, before, &self.summary));
        }
        if let Some(folder) = &mut self.folder {
            folder.issues.flush()?;
            folder.issues.get_ref().sync_all()?;
            for rows in [&mut folder.quarantine, &mut folder.deleted].into_iter().flatten() {
                rows.flush()?;
                rows.get_ref().sync_all()?;
            }
            write_table(&folder.path.join("completeness.csv"), tally::completeness_rows(&self.summary))?;
            write_table(&folder.path.join("fields.csv"), tally::field_rows(&self.summary))?;
            write_whole(&folder.path.join("report.html"), page::of(&self.summary)?.as_bytes())?;
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

fn write_table(path: &Path, rows: impl Iterator<Item = Vec<String>>) -> io::Result<()> {
    let mut table = Vec::new();
    for row in rows {
        write_row(&mut table, &row.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    write_whole(path, &table)
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
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
