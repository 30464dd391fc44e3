//! The index of a generation: building it beside loading and optimising a store with the same quads, and what one look
//! into it takes. The processor time of the one as a ratio to that of the other is printed before the rest.
//!
//! The quads are made up: library records of 26 statements with shared agents, subjects and times.

#![expect(clippy::expect_used, reason = "a bench that cannot be set up has to stop")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use graph_index::{Builder, Index, TermId};
use graph_store::rdf::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use oxigraph::store::Store;
use std::hint::black_box;
use std::path::Path;
use vocabularies::{dc, dcterms, edm, ore, rdf, skos, xsd};

const RECORDS: u64 = 20_000;

fn quads() -> Vec<Quad> {
    let graph = GraphName::from(NamedNode::new_unchecked("https://data.example.org/graph/library"));
    let mut quads = Vec::new();
    for n in 0..RECORDS {
        let node = |name: String| NamedNode::new_unchecked(format!("https://data.example.org/id/{name}"));
        let english = |text: String| Term::from(Literal::new_language_tagged_literal_unchecked(text, "en"));
        let mut add = |subject: &NamedNode, property: NamedNodeRef<'static>, object: Term| {
            quads.push(Quad::new(subject.clone(), property, object, graph.clone()));
        };
        let item = node(format!("library/{:09}", n * 7_919 % RECORDS));
        add(&item, rdf::TYPE, edm::PROVIDED_CHO.into());
        add(&item, dc::TITLE, english(format!("A history of the parish number {n}, with maps")));
        add(&item, dc::IDENTIFIER, Literal::from(format!("978951{n:07}")).into());
        add(&item, dcterms::EXTENT, english(format!("{} pages : ill. ; 23 cm", 80 + n % 700)));
        for (offset, property) in [(0, dc::CREATOR), (7, dc::CONTRIBUTOR)] {
            let key = (n * 31 + offset) % (RECORDS / 5);
            let agent = node(format!("agent/korhonen-matti-{key}"));
            add(&item, property, agent.clone().into());
            add(&agent, rdf::TYPE, edm::AGENT.into());
            add(&agent, skos::PREF_LABEL, Literal::from(format!("Korhonen, Matti {key}")).into());
        }
        for offset in 0..3 {
            let key = (n * 17 + offset * 5) % 2_000;
            let concept = node(format!("concept/parishes-{key}"));
            add(&item, dc::SUBJECT, concept.clone().into());
            add(&concept, rdf::TYPE, skos::CONCEPT.into());
            add(&concept, skos::PREF_LABEL, english(format!("parishes {key}")));
        }
        let year = (1800 + n % 200).to_string();
        let time = node(format!("time/{year}"));
        add(&item, dcterms::ISSUED, time.clone().into());
        add(&time, rdf::TYPE, edm::TIME_SPAN.into());
        add(&time, edm::BEGIN, Literal::new_typed_literal(year, xsd::G_YEAR).into());
        let aggregation = NamedNode::new_unchecked(format!("{}#aggregation", item.as_str()));
        add(&aggregation, rdf::TYPE, ore::AGGREGATION.into());
        add(&aggregation, edm::AGGREGATED_CHO, item.clone().into());
    }
    quads
}

fn build(quads: &[Quad], folder: &Path) -> Index {
    let mut builder = Builder::new(folder).expect("a builder");
    for quad in quads {
        builder.add(quad.as_ref()).expect("a quad");
    }
    builder.finish().expect("an index");
    Index::open(folder).expect("an index")
}

fn load(quads: Vec<Quad>, folder: &Path) -> Store {
    let store = Store::open(folder).expect("a store");
    let mut loader = store.bulk_loader();
    loader.load_quads(quads).expect("quads");
    loader.commit().expect("a commit");
    store.flush().expect("a flush");
    store.optimize().expect("an optimisation");
    store
}

/// In pairs, so that what else the machine does weighs on both; the median counts.
fn beside(_: &mut Criterion) {
    let rounds = if std::env::args().any(|argument| argument == "--bench") { 5 } else { 1 };
    let quads = quads();
    let spent = |work: &dyn Fn(&Path)| {
        let folder = tempfile::tempdir().expect("a folder");
        let before = ticks();
        work(folder.path());
        ticks() - before
    };
    let mut ratios: Vec<f64> = (0..rounds)
        .map(|_| {
            let building = spent(&|folder| drop(build(&quads, folder)));
            let loading = spent(&|folder| drop(load(quads.clone(), folder)));
            building as f64 / loading.max(1) as f64
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!("building the index takes {:.2} × the processor time of loading the store", ratios[rounds / 2]);
}

/// The processor time of this process so far, in hundredths of a second.
fn ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("figures of the process");
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum()
}

fn building(criterion: &mut Criterion) {
    let quads = quads();
    let mut group = criterion.benchmark_group("index");
    group.sample_size(10).throughput(Throughput::Elements(quads.len() as u64));
    group.bench_function("build", |bencher| {
        bencher.iter_batched(
            || tempfile::tempdir().expect("a folder"),
            |folder| (build(&quads, folder.path()), folder),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("load and optimise", |bencher| {
        bencher.iter_batched(
            || (tempfile::tempdir().expect("a folder"), quads.clone()),
            |(folder, quads)| (load(quads, folder.path()), folder),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn looking(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let index = build(&quads(), folder.path());
    let (terms, statements) = (index.terms(), index.statements());
    let mut group = criterion.benchmark_group("look");
    group.bench_function("open", |bencher| bencher.iter(|| Index::open(folder.path()).expect("an index")));
    let mut at = 0;
    let mut random = || {
        at = (u64::from(at) * 2_862_933_555 + 3_037_000_493) as u32 % terms.len();
        TermId(at)
    };
    group.bench_function("text of an id", |bencher| {
        bencher.iter(|| terms.with_text(random(), |text, _, _| text.len()));
    });
    let known: Vec<Term> = (0..10_000).map(|_| terms.term(random())).collect();
    let mut known = known.iter().cycle();
    group.bench_function("id of a term", |bencher| {
        bencher.iter(|| terms.id(known.next().expect("a term").as_ref()).expect("an id"));
    });
    group.throughput(Throughput::Elements(statements.len()));
    group.bench_function("scan", |bencher| {
        bencher.iter(|| {
            let columns = statements.predicates().iter().map(|id| statements.by_object(TermId(*id)));
            let sums = columns
                .map(|pairs| pairs.keys.iter().zip(pairs.values).map(|(a, b)| u64::from(a ^ b)).sum::<u64>());
            black_box(sums.fold(0, u64::wrapping_add))
        });
    });
    group.finish();
}

criterion_group!(benches, beside, building, looking);
criterion_main!(benches);
