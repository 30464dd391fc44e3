//! The store beside Oxigraph alone: loading the same quads, optimising them, and writing them out.
//!
//! Ours begins from documents and knows fingerprints, duplicates and shared statements; Oxigraph's own bulk loader
//! gets the very quads that came out of it, ready made. The records are made up: 26 statements each, with shared
//! agents, subjects and times, as library records have them.

#![expect(clippy::expect_used, reason = "a bench that cannot be set up has to stop")]

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use graph_model::{Base, DatasetId, Description, Document};
use graph_publish::load::{Coverage, Loader, Run};
use graph_store::rdf::Quad;
use graph_store::{GraphFormat, Snapshot, WorkingStore, write_quads};
use oxigraph::io::RdfFormat;
use oxigraph::store::Store;
use std::hint::black_box;
use std::path::Path;
use vocabularies::{dc, dcterms, edm, ore, skos, xsd};

/// Enough for more than one of the bulk loader's batches of a million, so that there is something to optimise.
const RECORDS: u64 = 56_000;

fn names() -> (Base, DatasetId) {
    let base = Base::new("https://data.example.org").expect("a base");
    (base, DatasetId::new("library").expect("a dataset"))
}

fn documents() -> Vec<Document> {
    let (base, dataset) = names();
    (0..RECORDS)
        .map(|n| {
            let mut document = Document::new();
            let mut out = Description::new(&base, &dataset, &format!("{n:09}"), &mut document);
            let item = out.item();
            out.a(item, edm::PROVIDED_CHO);
            out.text(item, dc::TITLE, &format!("A history of the parish number {n}, with maps"), Some("en"));
            out.text(item, dcterms::ALTERNATIVE, &format!("Pitäjän {n} historia karttoineen"), Some("fi"));
            out.text(item, dc::IDENTIFIER, &format!("978951{n:07}"), None);
            out.text(item, dcterms::EXTENT, &format!("{} pages : ill. ; 23 cm", 80 + n % 700), Some("en"));
            out.text(item, dc::LANGUAGE, ["fi", "sv", "en", "uk"][n as usize % 4], None);
            out.text(
                item,
                dc::DESCRIPTION,
                &format!("Printed {n} times; bibliography on page {}.", n % 97),
                None,
            );
            for (offset, property) in [(0, dc::CREATOR), (7, dc::CONTRIBUTOR)] {
                let key = (n * 31 + offset) % (RECORDS / 5);
                let agent = out.shared("agent", &format!("korhonen-matti-{key}"));
                out.link(item, property, agent);
                out.a(agent, edm::AGENT);
                out.text(agent, skos::PREF_LABEL, &format!("Korhonen, Matti {key}"), None);
            }
            for offset in 0..3 {
                let key = (n * 17 + offset * 5) % 2_000;
                let concept = out.shared("concept", &format!("parishes-{key}"));
                out.link(item, dc::SUBJECT, concept);
                out.a(concept, skos::CONCEPT);
                out.text(concept, skos::PREF_LABEL, &format!("parishes {key}"), Some("en"));
            }
            let year = 1800 + n % 200;
            let time = out.shared("time", &year.to_string());
            out.link(item, dcterms::ISSUED, time);
            out.a(time, edm::TIME_SPAN);
            out.typed(time, edm::BEGIN, &year.to_string(), xsd::G_YEAR);
            let aggregation = out.fragment("aggregation");
            out.link(item, edm::IS_RELATED_TO, aggregation);
            out.a(aggregation, ore::AGGREGATION);
            out.link(aggregation, edm::AGGREGATED_CHO, item);
            document
        })
        .collect()
}

fn load(documents: &[Document], path: &Path) -> WorkingStore {
    let (base, dataset) = names();
    let store = WorkingStore::open(path).expect("a store");
    let mut loader = Loader::begin(&store, &base, &dataset, &Run::now(&dataset), 0).expect("a load");
    for document in documents {
        loader.accept(document, "records.mrc").expect("a document");
    }
    loader.finish(Coverage::Whole).expect("a load");
    store
}

fn oxigraph_load(quads: Vec<Quad>, path: &Path) -> Store {
    let store = Store::open(path).expect("a store");
    let mut loader = store.bulk_loader();
    loader.load_quads(quads).expect("quads");
    loader.commit().expect("a commit");
    store.flush().expect("a flush");
    store
}

fn all(view: &Snapshot) -> Vec<Quad> {
    let graphs = view.graphs().expect("graphs");
    graphs
        .iter()
        .flat_map(|graph| view.quads_of_graph(graph.as_ref()))
        .map(|quad| quad.expect("a quad"))
        .collect()
}

fn loading(criterion: &mut Criterion) {
    let documents = documents();
    let folder = tempfile::tempdir().expect("a folder");
    let quads = all(&load(&documents, &folder.path().join("first")).view());
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10).throughput(Throughput::Elements(quads.len() as u64));
    for optimise in [false, true] {
        let name = if optimise { "optimised" } else { "plain" };
        group.bench_function(BenchmarkId::new("aarre", name), |bencher| {
            bencher.iter_batched(
                || tempfile::tempdir().expect("a folder"),
                |folder| {
                    let store = load(&documents, folder.path());
                    if optimise {
                        store.optimise().expect("an optimisation");
                    }
                    (store, folder)
                },
                BatchSize::PerIteration,
            );
        });
        group.bench_function(BenchmarkId::new("oxigraph", name), |bencher| {
            bencher.iter_batched(
                || (tempfile::tempdir().expect("a folder"), quads.clone()),
                |(folder, quads)| {
                    let store = oxigraph_load(quads, folder.path());
                    if optimise {
                        store.optimize().expect("an optimisation");
                    }
                    (store, folder)
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn reading(criterion: &mut Criterion) {
    let documents = documents();
    let folder = tempfile::tempdir().expect("a folder");
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    {
        let store = load(&documents, &folder.path().join("store"));
        store.optimise().expect("an optimisation");
        store.checkpoint(&ours).expect("a checkpoint");
        store.checkpoint(&theirs).expect("a checkpoint");
    }
    let snapshot = Snapshot::open(&ours).expect("a snapshot");
    let store = Store::open_read_only(&theirs).expect("a store");
    let bytes = store.dump_to_writer(RdfFormat::NQuads, Vec::new()).expect("a dump").len();

    let mut group = criterion.benchmark_group("dump");
    group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("aarre", |bencher| {
        bencher.iter(|| {
            let mut written = 0;
            for graph in snapshot.graphs().expect("graphs") {
                let dumped = snapshot.dump_graph(graph.as_ref(), &mut |lines| {
                    written += black_box(lines).len();
                    Ok(())
                });
                dumped.expect("a dump");
            }
            assert_eq!(written, bytes);
        });
    });
    group.bench_function("oxigraph", |bencher| {
        bencher.iter(|| {
            black_box(store.dump_to_writer(RdfFormat::NQuads, Vec::with_capacity(bytes))).expect("a dump")
        });
    });
    group.finish();

    let (base, dataset) = names();
    let mut group = criterion.benchmark_group("entity");
    let mut n = 0;
    group.bench_function("aarre", |bencher| {
        bencher.iter(|| {
            n = (n + 7_919) % RECORDS;
            let entity = snapshot.entity(&base.item(&dataset, &format!("{n:09}"))).expect("an entity");
            write_quads(&entity.quads, GraphFormat::NTriples, &[], Vec::new()).expect("a document")
        });
    });
    group.finish();
}

criterion_group!(benches, loading, reading);
criterion_main!(benches);
