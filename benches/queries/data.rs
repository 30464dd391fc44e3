//! The collection as a home of Aarre, published, and as N-Triples for the others. What is there already is used again.

use crate::collection::{Collection, STATEMENTS};
use graph_model::{DatasetId, Document};
use graph_publish::generation;
use graph_publish::home::Home;
use graph_publish::load::{Coverage, Loader, Run, optimise};
use graph_store::WorkingStore;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

pub(crate) struct Data {
    pub(crate) folder: PathBuf,
    pub(crate) home: PathBuf,
    pub(crate) triples: PathBuf,
    pub(crate) statements: u64,
}

/// No answer is kept, and one address may ask as much as it likes.
const CONFIG: &str = r#"base = "https://data.example.org"
title = "Bench"

[serve]
cache_bytes = 0

[serve.limits]
seconds = 300
engine_seconds = 1000000
engine_burst = 1000000
parallel = 128
queue = 128
queue_seconds = 300
connections = 256

[[dataset]]
id = "library"
title = "A library"
format = "marcxml"
sources = []
"#;

pub(crate) fn prepare(folder: &Path, quads: u64) -> Data {
    let home = folder.join("home");
    let triples = folder.join("statements.nt");
    let ready = folder.join("ready");
    if let Ok(statements) = fs::read_to_string(&ready) {
        fs::write(home.join("aarre.toml"), CONFIG).expect("a configuration");
        let statements = statements.trim().parse().expect("the number of statements");
        return Data { folder: folder.to_owned(), home, triples, statements };
    }
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(&home).expect("a folder");
    fs::write(home.join("aarre.toml"), CONFIG).expect("a configuration");
    let statements = publish(&Home::open(&home).expect("a home"), quads, &triples);
    fs::write(ready, statements.to_string()).expect("a mark");
    Data { folder: folder.to_owned(), home, triples, statements }
}

fn publish(home: &Home, quads: u64, triples: &Path) -> u64 {
    let base = &home.config.base;
    let dataset = DatasetId::new("library").expect("a dataset");
    let records = (quads / STATEMENTS).max(10);
    let store = WorkingStore::open(&home.store()).expect("a store");
    let begun = Instant::now();
    let collection = Collection::new(base, &dataset, records);
    let mut loader = Loader::begin(&store, base, &dataset, &Run::now(&dataset), 0).expect("a load");
    for n in 0..records {
        let mut document = Document::new();
        collection.describe(n, &mut document);
        loader.accept(&document, "made-up.mrc").expect("a document");
    }
    loader.finish(Coverage::Whole).expect("a load");
    optimise(&store).expect("an optimised store");
    println!("loaded and optimised in {:.0} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let (generation, statistics) = generation::publish(home, &store, &|_| {}).expect("a generation");
    println!("published in {:.0} s", begun.elapsed().as_secs_f64());
    let mut out = BufWriter::new(File::create(triples).expect("a file"));
    let snapshot = generation.snapshot().expect("a snapshot");
    for graph in snapshot.graphs().expect("graphs") {
        let tail = format!(" {graph} .");
        let mut write = |lines: &[u8]| {
            for line in lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
                let statement = line.strip_suffix(tail.as_bytes()).unwrap_or(line);
                out.write_all(statement)?;
                out.write_all(b" .\n")?;
            }
            Ok(())
        };
        snapshot.dump_graph(graph.as_ref(), &mut write).expect("a dump");
    }
    out.flush().expect("a file");
    statistics.triples
}
