//! The loaders beside other programs, on the same bytes, in one run: `make beside`.
//!
//! Beside each other are put: a pass of quick-xml over the XML that copies every text and does nothing else; pymarc,
//! which merely reads; morph-kgc, which maps the same table to the same graph by RML; and marc2bibframe2 by xsltproc, if
//! `MARC2BIBFRAME2` names the folder of its style sheets. CPU time of one core, medians; conversion here always
//! includes writing N-Quads. Python programs are installed from PyPI into a folder of the target folder; what cannot
//! be had is named in the output.
//!
//! Run as a test it does one round without the other programs.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench that cannot run has to say so")]

use graph_model::{Base, DatasetId, write_statement};
use loaders::{Outcome, Setup, Target, format_by_id};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const TABLE: &str = include_str!("beside/table.mapping.toml");
const RUNS: usize = 5;

fn main() {
    // Cargo says --bench when it is to be measured, and nothing when it is a test.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (runs, times) = if measured { (RUNS, 40) } else { (1, 1) };
    println!("{:<44} {:>14} {:>14} {:>8}", "CPU time, one core, medians", "here", "beside it", "ratio");
    for (format, bytes) in xml(times) {
        let records = convert(format, None, &bytes).records;
        let (here, beside) =
            medians(runs, || convert(format, None, &bytes).seconds, || Ok(copy_texts(&bytes)));
        show(&format!("{format}, quick-xml copies every text"), "records/s", records, here, beside);
    }
    if measured {
        beside_peers(times);
    }
}

fn beside_peers(times: usize) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("beside");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let python = install(&folder);
    let peer = |arguments: &[&str]| -> Result<f64, String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("beside/peers.py");
        let output = Command::new(python.as_ref().map_err(Clone::clone)?)
            .arg(script)
            .args(arguments)
            .output()
            .map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout);
        let seconds = text.split_whitespace().next().and_then(|seconds| seconds.parse().ok());
        let complaint = String::from_utf8_lossy(&output.stderr);
        seconds.ok_or_else(|| complaint.lines().last().unwrap_or("it said nothing").to_owned())
    };
    let written = |name: &str, bytes: &[u8]| {
        let path = folder.join(name).display().to_string();
        std::fs::write(&path, bytes).expect("the target folder can be written");
        path
    };

    let bytes = iso2709(25 * times);
    let file = written("records.mrc", &bytes);
    let records = convert("marc21", None, &bytes).records;
    let (here, beside) =
        medians(RUNS, || convert("marc21", None, &bytes).seconds, || peer(&["pymarc", &file]));
    show("marc21, pymarc merely reads", "records/s", records, here, beside);

    for (format, bytes) in tables(500 * times) {
        let (file, out) = (written(&format!("table.{format}"), &bytes), written("table.nt", b""));
        let ours = triples(format, &bytes);
        let (here, beside) = medians(
            RUNS,
            || convert(format, Some(TABLE), &bytes).seconds,
            || peer(&["morph-kgc", &file, &out]),
        );
        if beside.is_ok() {
            let text = std::fs::read_to_string(&out).expect("what morph-kgc wrote");
            let theirs: HashSet<&str> = text.lines().collect();
            let differ = ours.iter().filter(|line| !theirs.contains(line.as_str())).count();
            assert!(differ == 0 && ours.len() == theirs.len(), "{format}: other triples: {differ}");
        }
        show(&format!("{format}, morph-kgc, the same graph"), "triples/s", ours.len(), here, beside);
    }

    let (_, bytes) = xml(1).swap_remove(0);
    let records = convert("marcxml", None, &bytes).records;
    let file = written("records.xml", &bytes);
    let sheet = std::env::var("MARC2BIBFRAME2").map(|folder| format!("{folder}/marc2bibframe2.xsl"));
    let xslt = || match &sheet {
        Ok(sheet) => peer(&["xslt", sheet, &file]),
        Err(_) => Err("name the folder of its style sheets in MARC2BIBFRAME2".to_owned()),
    };
    // One round of a few records is too short for the clock.
    let (here, beside) =
        medians(3, || (0..20).map(|_| convert("marcxml", None, &bytes).seconds).sum::<f64>() / 20.0, xslt);
    show("marcxml, marc2bibframe2 by xsltproc", "records/s", records, here, beside);
}

/// The Python of an environment that has the other programs.
fn install(folder: &Path) -> Result<PathBuf, String> {
    let environment = folder.join("venv");
    let python = environment.join("bin/python");
    let run = |command: &mut Command| match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let complaint = String::from_utf8_lossy(&output.stderr);
            Err(complaint.lines().last().unwrap_or("it said nothing").to_owned())
        }
        Err(error) => Err(error.to_string()),
    };
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    run(Command::new(&python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "pymarc==5.4.0",
        "morph-kgc==2.10.0",
    ]))?;
    Ok(python)
}

/// The medians of both, run in turn, so that what else the machine does falls on both.
fn medians(
    runs: usize,
    mut here: impl FnMut() -> f64,
    mut beside: impl FnMut() -> Result<f64, String>,
) -> (f64, Result<f64, String>) {
    let (mut ours, mut theirs) = (Vec::new(), Ok(Vec::new()));
    for _ in 0..runs {
        ours.push(here());
        theirs = theirs.and_then(|mut times: Vec<f64>| {
            times.push(beside()?);
            Ok(times)
        });
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    (median(ours), theirs.map(median))
}

fn show(what: &str, unit: &str, count: usize, here: f64, beside: Result<f64, String>) {
    let rate = |seconds: f64| format!("{:.0}", count as f64 / seconds);
    match beside {
        Ok(beside) => {
            println!("{what:<44} {:>14} {:>14} {:>7.2}x {unit}", rate(here), rate(beside), beside / here);
        }
        Err(why) => println!("{what:<44} {:>14} {:>14} {unit}; not run: {why}", rate(here), "-"),
    }
}

struct Run {
    records: usize,
    seconds: f64,
}

/// Converts on this thread, N-Quads included.
fn convert(format: &str, mapping: Option<&str>, bytes: &[u8]) -> Run {
    let begun = spent();
    let mut written = 0;
    let mut records = 0;
    run(format, mapping, bytes, Some("https://example.org/graph/bench"), |_, lines| {
        records += 1;
        written += lines.len();
    });
    assert!(records > 0 && written > 0, "{format} has records");
    Run { records, seconds: spent() - begun }
}

/// The distinct triples of a table.
fn triples(format: &str, bytes: &[u8]) -> HashSet<String> {
    let (mut all, mut line) = (HashSet::new(), Vec::new());
    run(format, Some(TABLE), bytes, None, |document, _| {
        for statement in document.statements() {
            line.clear();
            write_statement(&statement, None, &mut line);
            all.insert(String::from_utf8_lossy(&line).trim_end().to_owned());
        }
    });
    all
}

fn run(
    format: &str,
    mapping: Option<&str>,
    bytes: &[u8],
    lines: Option<&str>,
    mut each: impl FnMut(&graph_model::Document, &[u8]),
) {
    let (base, dataset) =
        (Base::new("https://example.org").expect("a base"), DatasetId::new("bench").expect("an id"));
    let entry = format_by_id(format).expect("a format");
    let converter = (entry.setup)(Setup { mapping }).expect("a mapping that fits");
    let target = Target { lines, ..Target::new(&base, &dataset) };
    let flow = converter.convert_on_this_thread(Box::new(bytes), target, &mut |outcome| {
        if let Outcome::Document { document, lines, .. } = outcome {
            each(document, lines);
        }
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
}

/// A pass over XML that copies every text, in seconds.
fn copy_texts(bytes: &[u8]) -> f64 {
    use quick_xml::events::Event;
    let begun = spent();
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let (mut buffer, mut texts, mut copied) = (Vec::new(), String::new(), 0);
    loop {
        match reader.read_event_into(&mut buffer).expect("the demo is well-formed") {
            Event::Text(text) => texts.push_str(&text),
            Event::Eof => break,
            _ => {}
        }
        // As much as a record has.
        if texts.len() > 2_000 {
            copied += texts.len();
            texts.clear();
        }
        buffer.clear();
    }
    assert!(copied > 0);
    spent() - begun
}

/// CPU seconds of this thread; where the system does not tell, the time of the clock.
fn spent() -> f64 {
    thread_local! { static BEGUN: Instant = Instant::now(); }
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| BEGUN.with(Instant::elapsed).as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// The XML of the demo, its records so many times.
fn xml(times: usize) -> Vec<(&'static str, Vec<u8>)> {
    let repeated = |text: &str, start: &str, end: &str| {
        let from = text.find(start).expect("the demo has records");
        let to = text.rfind(end).expect("the demo has records") + end.len();
        [&text[..from], &text[from..to].repeat(times), &text[to..]].concat().into_bytes()
    };
    let books = include_str!("../graph/publish/demo/library/books.xml");
    let objects = include_str!("../graph/publish/demo/museum/objects.xml");
    let letters = include_str!("../graph/publish/demo/archive/gallen-kallela.xml");
    vec![
        ("marcxml", repeated(books, "<record", "</record>")),
        ("lido", repeated(objects, "<lido:lido>", "</lido:lido>")),
        ("ead2002", [b"<list>".to_vec(), repeated(letters, "<ead", "</ead>"), b"</list>".to_vec()].concat()),
    ]
}

/// The demo's first records in ISO 2709; its last are broken on purpose.
fn iso2709(times: usize) -> Vec<u8> {
    let records = include_bytes!("../graph/publish/demo/library/books.mrc");
    let whole: Vec<u8> = records.split_inclusive(|byte| *byte == 0x1D).take(8).flatten().copied().collect();
    whole.repeat(times)
}

/// One table as CSV and as JSON. Its words are their own keys, so that both mappings give the same IRIs.
fn tables(rows: usize) -> [(&'static str, Vec<u8>); 2] {
    let names = ["id", "title", "description", "extent", "kind", "material", "place"];
    let (mut csv, mut json) = (names.join(",") + "\n", String::from("["));
    for row in 0..rows {
        let of = |words: &[&str]| words[row % words.len()].to_owned();
        let cells = [
            format!("O-{row}"),
            format!("Object {row}"),
            format!("Number {row} of the series with a chip at its rim."),
            format!("{} pieces", 1 + row % 9),
            of(&["vase", "jug", "plate", "bowl"]),
            of(&["glass", "clay", "wood"]),
            of(&["helsinki", "turku", "oulu", "vaasa", "kuopio"]),
        ];
        csv.push_str(&cells.join(","));
        csv.push('\n');
        let members: Vec<String> =
            names.iter().zip(&cells).map(|(name, cell)| format!("\"{name}\": \"{cell}\"")).collect();
        let comma = if row == 0 { "" } else { ",\n" };
        // Writing to a string cannot fail.
        let _ = write!(json, "{comma}{{{}}}", members.join(", "));
    }
    json.push(']');
    [("csv", csv.into_bytes()), ("json", json.into_bytes())]
}
