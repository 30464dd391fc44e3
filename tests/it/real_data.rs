//! Every loader over every real file: records in = documents out + quarantined, against a count taken
//! independently; the output parses in a second parser.
//!
//! The files stand outside the project; `AARRE_REAL_DATA` names their folder. Where it is not set nothing is
//! tested, unless `AARRE_REQUIRE_REAL_DATA` demands it, as CI does.

use crate::command::root;
use graph_model::{Base, DatasetId, write_statement};
use loaders::{Outcome, Setup, Target};
use rio_api::parser::QuadsParser as _;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Folders whose files are of formats that no loader reads yet; everything else has to be detected.
const LATER: &[(&str, &str)] = &[
    ("dc/dpla-hubs/feedbooks.xml", "an Atom feed"),
    ("dc/dpla-hubs/gutenberg.xml", "RDF"),
    ("dc/dpla-hubs/mwdl.xml", "records of Primo"),
    ("dc/dpla-hubs/orbis-cascade.xml", "RDF with prefixes that nobody declares"),
    ("dc/dpla-hubs/si.xml", "records of the Smithsonian's own schema"),
    ("dc/fingreylit", "JSON lines, which need a mapping file"),
    ("dc/finna-recordmanager/forward1.xml", "EN 15907, films"),
    ("dc/oai-archivesspace/identify.xml", "an answer of OAI-PMH without records"),
    ("dc/oai-archivesspace/list_sets.xml", "an answer of OAI-PMH without records"),
    ("mets/dpres-siptools/create-mix-md-references.xml", "a tool's own list"),
    ("mets/dpres-siptools/dc_invalid_ns.xml", "Dublin Core in a wrong namespace"),
    ("mets/dpres-siptools/import-object-md-references.xml", "a tool's own list"),
    ("mets/dpres-siptools/plain_text.xml", "no XML"),
    ("mets/dpres-siptools/sample_md-references.xml", "a tool's own list"),
];

/// Which mapping file belongs to which tables.
pub(crate) const MAPPINGS: &[(&str, &str)] = &[
    ("dc/fingreylit/", "fingreylit.toml"),
    ("museum/nga/constituents", "nga-constituents.toml"),
    ("museum/nga/locations", "nga-locations.toml"),
    ("museum/tate/artist", "tate-artists.toml"),
    ("museum/tate/artwork", "tate-artworks.toml"),
    ("museum/whitney/artists", "whitney-artists.toml"),
    ("register/iccd-italy", "iccd.toml"),
    ("register/kharkiv/", "kharkiv.toml"),
    ("register/sh-denkmalliste/", "sh-denkmalliste.toml"),
    ("register/ua-destroyed-heritage/", "ua-destroyed-heritage.toml"),
];

#[derive(Default)]
struct Row {
    files: u64,
    records: u64,
    quarantined: u64,
    statements: u64,
    issues: u64,
    bytes: u64,
    time: Duration,
}

pub(crate) fn data() -> Option<PathBuf> {
    let path = std::env::var_os("AARRE_REAL_DATA").filter(|path| !path.is_empty()).map(PathBuf::from);
    let required = std::env::var_os("AARRE_REQUIRE_REAL_DATA").is_some();
    assert!(path.is_some() || !required, "AARRE_REAL_DATA has to name the folder of the real records");
    path
}

pub(crate) fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

#[test]
fn every_real_record_is_accounted_for() {
    let Some(data) = data() else {
        show("AARRE_REAL_DATA is not set: no real records are tested");
        return;
    };
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut faults = Vec::new();
    for kind in ["marc", "dc", "eac", "ead", "edm", "lido", "mets", "museum", "register"] {
        let mut files = Vec::new();
        walk(&data.join(kind), &mut files);
        assert!(!files.is_empty(), "{kind} has files");
        for path in files {
            let name = path.strip_prefix(&data).unwrap().to_str().unwrap().to_owned();
            if let Err(fault) = one_file(&path, &name, &mut rows) {
                faults.push(fault);
            }
        }
    }
    show(&format!(
        "\n{:<22} {:>6} {:>9} {:>11} {:>10} {:>8} {:>10} {:>7}",
        "kind", "files", "records", "quarantined", "triples", "issues", "records/s", "MB/s"
    ));
    for (kind, row) in &rows {
        let seconds = row.time.as_secs_f64().max(1e-9);
        show(&format!(
            "{kind:<22} {:>6} {:>9} {:>11} {:>10} {:>8} {:>10.0} {:>7.1}",
            row.files,
            row.records,
            row.quarantined,
            row.statements,
            row.issues,
            row.records as f64 / seconds,
            row.bytes as f64 / seconds / 1e6
        ));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A line for whoever reads the run. It is written past the harness, which would keep it for itself.
pub(crate) fn show(line: &str) {
    writeln!(std::io::stdout().lock(), "{line}").unwrap();
}

fn one_file(path: &Path, name: &str, rows: &mut BTreeMap<String, Row>) -> Result<(), String> {
    let bytes = fs::read(path).unwrap();
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let head = &bytes[..bytes.len().min(64 << 10)];
    let mapping = MAPPINGS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, file)| file);
    let folder = name.split('/').next().unwrap();
    let format = match loaders::detect(head) {
        Some(format) => format,
        None if LATER.iter().any(|(start, _)| name.starts_with(start)) => return Ok(()),
        None if String::from_utf8_lossy(head).contains("<rdf:RDF") => return Ok(()),
        // Expected outputs of other projects, notes and readmes stand among the records.
        None if !matches!(extension, "xml" | "mrc" | "marc" | "csv" | "tsv") => return Ok(()),
        None => return Err(format!("{name}: no loader knows it")),
    };
    // Any XML that no other loader knows may be read with a mapping file; without one it is nobody's.
    if format.id == "xml" && mapping.is_none() {
        let later = LATER.iter().any(|(start, _)| name.starts_with(start));
        let ours = extension == "xml" && !later;
        return if ours { Err(format!("{name}: no loader knows it")) } else { Ok(()) };
    }
    let tabular = matches!(format.id, "csv" | "tsv" | "json" | "xml" | "xlsx");
    if tabular && mapping.is_none() {
        let known = matches!(extension, "md" | "txt" | "json") && folder != "register" && folder != "museum";
        return if known || LATER.iter().any(|(start, _)| name.starts_with(start)) {
            Ok(())
        } else {
            Err(format!("{name}: read as {} and no mapping belongs to it", format.id))
        };
    }
    let mapping =
        mapping.map(|file| fs::read_to_string(root().join("loaders/table/mappings").join(file)).unwrap());
    let converter =
        (format.setup)(Setup { mapping: mapping.as_deref() }).map_err(|error| format!("{name}: {error}"))?;
    let (base, dataset) = (Base::new("https://example.org").unwrap(), DatasetId::new("real").unwrap());
    let graph = base.graph("real");
    let (mut output, mut documents, mut quarantined, mut issues, mut statements) = (Vec::new(), 0, 0, 0, 0);
    let mut deleted = 0;
    let mut panicked = None;
    let begun = Instant::now();
    let _ = converter.convert_on_this_thread(
        Box::new(Cursor::new(bytes.clone())),
        Target::new(&base, &dataset),
        &mut |outcome| {
            match outcome {
                Outcome::Document { document, .. } => {
                    documents += 1;
                    issues += document.issues().len() as u64;
                    statements += document.len() as u64;
                    for statement in document.statements() {
                        write_statement(&statement, Some(&graph), &mut output);
                    }
                }
                Outcome::Deleted { .. } => deleted += 1,
                Outcome::Quarantined(broken) => {
                    quarantined += 1;
                    if broken.met.starts_with("a fault in the mapping") {
                        panicked = Some(format!("{name}: {broken}"));
                    }
                }
            }
            ControlFlow::Continue(())
        },
    );
    let time = begun.elapsed();
    if let Some(panicked) = panicked {
        return Err(panicked);
    }
    let kind = if tabular { format!("{folder} ({})", format.id) } else { format.id.to_owned() };
    let row = rows.entry(kind).or_default();
    row.files += 1;
    row.records += documents + quarantined + deleted;
    row.quarantined += quarantined;
    row.statements += statements;
    row.issues += issues;
    row.bytes += bytes.len() as u64;
    row.time += time;
    let expected = count(format.id, &bytes);
    if documents + quarantined + deleted != expected {
        return Err(format!(
            "{name}: {expected} records in by another count, {documents} documents out + {quarantined} set aside + \
             {deleted} deleted"
        ));
    }
    second_parser(&output, statements).map_err(|fault| format!("{name}: {fault}"))
}

/// The output in rio's N-Quads parser, an implementation of its own.
fn second_parser(output: &[u8], statements: u64) -> Result<(), String> {
    let mut met = 0;
    rio_turtle::NQuadsParser::new(output)
        .parse_all(&mut |_| -> Result<(), rio_turtle::TurtleError> {
            met += 1;
            Ok(())
        })
        .map_err(|error| format!("the second parser says: {error}"))?;
    if met == statements { Ok(()) } else { Err(format!("{statements} statements written, {met} read back")) }
}

/// How many records a file has, counted without any of the loaders' code.
fn count(format: &str, bytes: &[u8]) -> u64 {
    match format {
        "marc21" => {
            let terminators = bytes.iter().filter(|byte| **byte == 0x1D).count() as u64;
            let rest = bytes.rsplit(|byte| *byte == 0x1D).next().unwrap_or_default();
            terminators
                + u64::from(
                    !rest.trim_ascii().is_empty() && !rest.iter().all(|byte| matches!(byte, 0 | 0x1A)),
                )
        }
        // Records inside OAI-PMH stand in elements that are called record, too; each of those has a header.
        "marcxml" => elements(bytes, &["record"]) - elements(bytes, &["header"]) + deleted(bytes),
        "ead2002" | "ead3" => {
            let mut names: Vec<String> = (1..=12).map(|level| format!("c{level:02}")).collect();
            names.extend(["c".to_owned(), "archdesc".to_owned()]);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            // Finna keeps finding aids as bare records; and a link may carry a piece of another finding aid in it.
            let bare = u64::from(elements(bytes, &["archdesc"]) == 0) * elements(bytes, &["record"]);
            elements(bytes, &names) + bare - elements_within(bytes, "objectxmlwrap", &names) + deleted(bytes)
        }
        "eac" => elements(bytes, &["eac-cpf", "eac"]) + deleted(bytes),
        // Each object is a record; an RDF element without one is a record all the same.
        "edm" => elements(bytes, &["ProvidedCHO"]).max(elements(bytes, &["RDF"])),
        "lido" => elements(bytes, &["lido"]) + deleted(bytes),
        "mods" => elements(bytes, &["mods"]) + deleted(bytes),
        "dc" | "qdc" => {
            let named = elements(bytes, &["dc", "dim", "mdRecord", "qualifieddc"]);
            if named > 0 { named + deleted(bytes) } else { elements(bytes, &["metadata"]) }
        }
        // ICCD: what stands in <schede>, one level below, is a card; what harvesting adds is none.
        "xml" => cards(bytes),
        "mets" => elements(bytes, &["mets"]),
        "premis" => elements(bytes, &["premis"]) + deleted(bytes),
        "csv" => rows(bytes) - 1,
        "tsv" => rows(bytes) - 1,
        "alephseq" => {
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| line.len() > 9);
            let mut numbers: Vec<&[u8]> = lines.map(|line| &line[..9]).collect();
            numbers.dedup();
            numbers.len() as u64
        }
        "json" | "marcjson" => match serde_json::from_slice::<serde_json::Value>(bytes) {
            Ok(serde_json::Value::Array(mut items)) => {
                // Kreis Steinburg has an object for each address of a monument, one after another.
                items.dedup_by(|a, b| {
                    a.get("object_id").is_some() && a.get("object_id") == b.get("object_id")
                });
                items.len() as u64
            }
            Ok(_) => 1,
            Err(_) => {
                bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count() as u64
            }
        },
        other => panic!("how are the records of {other} counted?"),
    }
}

/// Records that a repository says are gone.
fn deleted(bytes: &[u8]) -> u64 {
    String::from_utf8_lossy(bytes).matches("status=\"deleted\"").count() as u64
}

/// Start tags with one of these local names, comments left out.
fn elements(bytes: &[u8], names: &[&str]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    let (mut rest, mut count) = (text.as_ref(), 0);
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end..]);
            continue;
        }
        if let Some(data) = rest.strip_prefix("![CDATA[") {
            rest = data.find("]]>").map_or("", |end| &data[end..]);
            continue;
        }
        let name = rest.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
        if !rest.starts_with('/') && names.contains(&name.rsplit(':').next().unwrap_or_default()) {
            count += 1;
        }
    }
    count
}

/// Start tags with one of these names inside of elements with another.
fn elements_within(bytes: &[u8], outer: &str, names: &[&str]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    text.split(&format!("<{outer}"))
        .skip(1)
        .map(|part| part.split(&format!("</{outer}")).next().unwrap_or_default())
        .map(|part| elements(part.as_bytes(), names))
        .sum()
}

/// Elements directly inside of `schede`, but for what the harvester adds.
fn cards(bytes: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    let (mut depth, mut within, mut count) = (0_i64, None, 0);
    for tag in text.split('<').skip(1) {
        let name = tag.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if tag.starts_with('/') {
            depth -= 1;
            if within == Some(depth) {
                within = None;
            }
            continue;
        }
        if within == Some(depth - 1) && name != "harvesting" {
            count += 1;
        }
        if name == "schede" {
            within = Some(depth);
        }
        if !tag.split('>').next().unwrap_or_default().ends_with('/') {
            depth += 1;
        }
    }
    count
}

/// Rows of a table with quoted line breaks, empty lines left out.
fn rows(bytes: &[u8]) -> u64 {
    let (mut quoted, mut content, mut count) = (false, false, 0);
    for byte in bytes {
        match byte {
            b'"' => {
                quoted = !quoted;
                content = true;
            }
            b'\n' if !quoted => {
                count += u64::from(content);
                content = false;
            }
            b'\r' => {}
            _ => content = true,
        }
    }
    count + u64::from(content)
}
