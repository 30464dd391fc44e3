//! Opening what people name as an authority file: RDF in any syntax, tables, archives, and the formats of the loaders.

use super::gather::Gatherer;
use super::guard::Guard;
use super::problems::{Problem, Problems};
use super::table::{self, Layout};
use super::{AddError, tar};
use crate::convert::{Conversion, Fate, Watch};
use crate::home::Home;
use crate::report::Report;
use crate::sources::{self, Source};
use graph_model::DatasetId;
use graph_reconcile::authority::{AuthorityError, Builder};
use graph_store::rdf::{NamedOrBlankNode, NamedOrBlankNodeRef, Quad, RdfFormat, RdfParser, Term, TermRef};
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use vocabularies::owl;

/// How many bytes are looked at to know what a file is.
const HEAD: u64 = 16 << 10;
/// After so many faults of syntax a file is given up.
const MOST_FAULTS: u64 = 1_000;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Rdf(RdfFormat),
    Table,
    Tar,
    /// Perhaps one of the formats of the loaders.
    Record,
}

/// Reads files into an index.
pub(super) struct Reader<'r> {
    pub(super) home: &'r Home,
    pub(super) name: &'r DatasetId,
    pub(super) iris: String,
    pub(super) headings: HashMap<String, (&'static str, &'static str)>,
    pub(super) gatherer: Gatherer,
    pub(super) builder: Builder,
    pub(super) problems: Problems,
    pub(super) watch: &'r dyn Watch,
    pub(super) read: Arc<AtomicU64>,
    pub(super) total: u64,
    /// Files so far, to keep their blank nodes apart.
    pub(super) files: usize,
    pub(super) statements: u64,
}

impl Reader<'_> {
    /// Reads one file. What is wrong with it becomes a problem.
    pub(super) fn source(&mut self, source: &Source) -> Result<(), AddError> {
        let opened = std::fs::File::open(&source.path)
            .and_then(|file| sources::unpack(Box::new(file), Arc::clone(&self.read)));
        let mut bytes = match opened {
            Ok(bytes) => bytes,
            Err(error) => {
                self.problems.add(Problem::File, || format!("{}: {error}", source.name));
                return Ok(());
            }
        };
        let mut head = Vec::new();
        if let Err(error) = bytes.by_ref().take(HEAD).read_to_end(&mut head) {
            self.problems.add(Problem::File, || format!("{}: {error}", source.name));
        }
        let sort = sort_of(&source.name, &head);
        if sort == Sort::Record {
            return self.records(source);
        }
        let mut whole = BufReader::with_capacity(256 << 10, Cursor::new(head).chain(bytes));
        self.bytes(&source.name, sort, &mut whole)
    }

    fn bytes(&mut self, name: &str, sort: Sort, bytes: &mut dyn BufRead) -> Result<(), AddError> {
        match sort {
            Sort::Rdf(format) => self.rdf(name, format, bytes)?,
            Sort::Table => self.table(name, bytes)?,
            Sort::Tar => self.archive(name, bytes)?,
            Sort::Record => {
                self.problems.add(Problem::File, || format!("{name}: no authority file within an archive"));
            }
        }
        Ok(())
    }

    fn rdf(&mut self, name: &str, format: RdfFormat, bytes: &mut dyn BufRead) -> Result<(), AuthorityError> {
        self.files += 1;
        let xml = format == RdfFormat::RdfXml;
        let input: Box<dyn Read + '_> = if xml { Box::new(Guard::new(bytes)) } else { Box::new(bytes) };
        let mut faults = 0;
        // One IRI that is none would end a whole file; such statements are left out one by one.
        for quad in RdfParser::from_format(format).lenient().for_reader(input) {
            match quad {
                Ok(quad) => {
                    let (subject, object) = (quad.subject.as_ref(), quad.object.as_ref());
                    if let Some(wrong) = wrong_iri(subject, object) {
                        self.problems.add(Problem::Syntax, || format!("{name}: no IRI: '{wrong}'"));
                        continue;
                    }
                    self.gatherer.take(subject, quad.predicate.as_str(), object, self.files)?;
                    self.statements += 1;
                    if self.statements.is_multiple_of(1_024) {
                        self.watch.progress(
                            self.read.load(Ordering::Relaxed),
                            self.total,
                            self.statements,
                            0,
                        );
                    }
                }
                Err(error) => {
                    faults += 1;
                    self.problems.add(Problem::Syntax, || format!("{name}: {error}"));
                    // The end of RDF/XML and JSON-LD is lost with their nesting.
                    let lines = matches!(format, RdfFormat::NTriples | RdfFormat::NQuads | RdfFormat::Turtle);
                    if !lines || faults >= MOST_FAULTS {
                        self.problems.add(Problem::File, || format!("{name}: {error}"));
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    fn table(&mut self, name: &str, mut bytes: &mut dyn BufRead) -> Result<(), AuthorityError> {
        let mut first = Vec::new();
        if let Err(error) = (&mut bytes).take(1 << 16).read_until(b'\n', &mut first) {
            self.problems.add(Problem::File, || format!("{name}: {error}"));
            return Ok(());
        }
        let line = String::from_utf8_lossy(&first).into_owned();
        let Some(layout) = Layout::of(&line, &self.iris, &self.headings) else {
            self.problems.add(Problem::File, || {
                format!("{name}: no columns with a name and an identifier in '{}'", line.trim_end())
            });
            return Ok(());
        };
        let mut whole = BufReader::new(Cursor::new(first).chain(bytes));
        layout.read(&mut whole, name, &mut self.builder, &mut self.problems)
    }

    fn archive(&mut self, name: &str, bytes: &mut dyn BufRead) -> Result<(), AddError> {
        loop {
            let mut member = match tar::next(bytes) {
                Ok(Some(member)) => member,
                Ok(None) => return Ok(()),
                Err(error) => {
                    self.problems.add(Problem::File, || format!("{name}: {error}"));
                    return Ok(());
                }
            };
            let within = format!("{name}/{}", member.name);
            let mut head = Vec::new();
            let mut input = member.content(bytes);
            let read = input.by_ref().take(HEAD).read_to_end(&mut head);
            let input = BufReader::new(input);
            let result = match read {
                Ok(_) if !head.is_empty() => {
                    let sort = match sort_of(&within, &head) {
                        Sort::Tar => Sort::Record,
                        sort => sort,
                    };
                    self.bytes(&within, sort, &mut BufReader::new(Cursor::new(head).chain(input)))
                }
                _ => Ok(()),
            };
            result?;
            if let Err(error) = member.skip(bytes) {
                self.problems.add(Problem::File, || format!("{name}: {error}"));
                return Ok(());
            }
        }
    }

    /// Converts records as for a load, and reads what is said of their entities.
    fn records(&mut self, source: &Source) -> Result<(), AddError> {
        let graph = self.home.config.base.graph(self.name.as_str());
        let conversion = Conversion {
            base: &self.home.config.base,
            dataset: self.name,
            owner: None,
            format: None,
            lines: Some(&graph),
            rules: None,
            watch: self.watch,
        };
        let mut report = Report::counted(self.name.as_str());
        self.files += 1;
        let (gatherer, file) = (&mut self.gatherer, self.files);
        let base = &self.home.config.base;
        let own = format!("{base}/id/{}/", self.name);
        // An authority record says all of its entity under its own name, and leads to what records of others share. Only the
        // first is an entry; both would be two of one name.
        let leads = |quad: &Quad| {
            quad.predicate == owl::SAME_AS
                && matches!(&quad.object, Term::NamedNode(other) if base.owns(other.as_str()))
        };
        let is_own = |quad: &Quad| matches!(&quad.subject, NamedOrBlankNode::NamedNode(node) if node.as_str().starts_with(&own));
        conversion.paths(std::slice::from_ref(&source.path), &mut report, &mut |converted| {
            let quads = RdfParser::from_format(RdfFormat::NQuads).for_slice(converted.lines);
            let quads = quads.collect::<Result<Vec<Quad>, _>>()?;
            let is_authority = quads.iter().any(|quad| is_own(quad) && leads(quad));
            for quad in quads.iter().filter(|quad| !is_authority || is_own(quad) && !leads(quad)) {
                gatherer.take(quad.subject.as_ref(), quad.predicate.as_str(), quad.object.as_ref(), file)?;
            }
            Ok(Fate::Taken)
        })?;
        let summary = report.finish().map_err(AddError::Report)?;
        if summary.total.documents == 0 {
            self.problems.add(Problem::File, || format!("{}: neither RDF, a table nor records", source.name));
        }
        for _ in 0..summary.total.quarantined {
            self.problems.add(Problem::Syntax, || format!("{}: a record that cannot be read", source.name));
        }
        Ok(())
    }
}

/// An IRI of a statement that is none.
fn wrong_iri<'t>(subject: NamedOrBlankNodeRef<'t>, object: TermRef<'t>) -> Option<&'t str> {
    let subject = match subject {
        NamedOrBlankNodeRef::NamedNode(node) => Some(node.as_str()),
        NamedOrBlankNodeRef::BlankNode(_) => None,
    };
    let object = match object {
        TermRef::NamedNode(node) => Some(node.as_str()),
        _ => None,
    };
    subject.into_iter().chain(object).find(|iri| oxrdf::NamedNode::new(*iri).is_err())
}

/// What a file is, by its name and its beginning.
fn sort_of(name: &str, head: &[u8]) -> Sort {
    let lower = name.to_ascii_lowercase();
    let plain = lower.trim_end_matches(".gz").trim_end_matches(".zst");
    let text = String::from_utf8_lossy(head);
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if head.get(257..262) == Some(b"ustar") {
        return Sort::Tar;
    }
    match plain.rsplit('.').next().unwrap_or_default() {
        "ttl" | "turtle" => return Sort::Rdf(RdfFormat::Turtle),
        "nt" => return Sort::Rdf(RdfFormat::NTriples),
        "nq" => return Sort::Rdf(RdfFormat::NQuads),
        "trig" => return Sort::Rdf(RdfFormat::TriG),
        "rdf" | "owl" | "skos" if start.starts_with('<') => return Sort::Rdf(RdfFormat::RdfXml),
        "jsonld" => return Sort::Rdf(json_ld()),
        "csv" | "tsv" | "txt" => return Sort::Table,
        _ => {}
    }
    if start.starts_with("<?xml") || start.starts_with("<rdf:") {
        return if text.contains("rdf:RDF") { Sort::Rdf(RdfFormat::RdfXml) } else { Sort::Record };
    }
    if start.starts_with("@prefix") || start.starts_with("@base") || start.starts_with("PREFIX") {
        return Sort::Rdf(RdfFormat::Turtle);
    }
    if start.starts_with(['{', '[']) && text.contains("\"@context\"") {
        return Sort::Rdf(json_ld());
    }
    if start.starts_with("<http") || start.starts_with("_:") {
        return Sort::Rdf(RdfFormat::NQuads);
    }
    Sort::Record
}

fn json_ld() -> RdfFormat {
    RdfFormat::from_extension("jsonld").unwrap_or(RdfFormat::NQuads)
}

/// The headings of tables that are known.
pub(super) fn headings() -> HashMap<String, (&'static str, &'static str)> {
    table::headings()
}

/// What a read error is to somebody who added an authority.
impl From<io::Error> for AddError {
    fn from(error: io::Error) -> Self {
        Self::Report(error)
    }
}
