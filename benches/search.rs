//! The search over made-up items: how long the index takes to build, and what searches and suggestions cost in processor
//! time, which tells more than the clock of a shared machine.
//!
//! `cargo bench --bench search` makes 100,000 items, `cargo bench --bench search -- million` a million (some 27 million
//! statements, 4 GB of disk for a while). As a test, a few hundred, and every search has to find something.

#![expect(clippy::expect_used, reason = "a bench that cannot be set up has to stop")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "queries/collection.rs"]
mod collection;

use collection::{Collection, STATEMENTS};
use criterion::{Criterion, criterion_group, criterion_main};
use graph_index::items::{self, Asked, Grid, Items, Sort, facet};
use graph_index::{Builder, Index};
use graph_model::{Base, DatasetId, Document};
use graph_store::rdf::{GraphName, Literal, NamedNode, NamedNodeRef, QuadRef};
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};
use vocabularies::{dcterms, edm, xsd};

const BASE: &str = "https://data.example.org";
const ROUNDS: usize = 21;

/// What this thread has spent.
fn spent() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(
        text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse().ok()).unwrap_or_default(),
    )
}

/// What this process has spent in all of its threads, in steps of 10 ms.
fn spent_by_all() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    Duration::from_millis(10) * fields.skip(11).take(2).filter_map(|field| field.parse::<u32>().ok()).sum()
}

fn made(folder: &Path, count: u64) -> Items {
    let base = Base::new(BASE).expect("a base");
    let dataset = DatasetId::new("library").expect("a dataset");
    let collection = Collection::new(&base, &dataset, count);
    let name = NamedNode::new_unchecked(base.graph("library"));
    let graph = GraphName::from(name.clone());
    let mut builder = Builder::new(&folder.join("index")).expect("a builder");
    let mut add = |subject: &NamedNode, property: NamedNodeRef<'_>, object: graph_store::rdf::TermRef<'_>| {
        builder.add(QuadRef::new(subject.as_ref(), property, object, graph.as_ref())).expect("a quad");
    };
    for year in 1700..2021_u64 {
        let time = NamedNode::new_unchecked(format!("{BASE}/id/time/{year}"));
        let literal = Literal::new_typed_literal(year.to_string(), xsd::G_YEAR);
        add(&time, edm::BEGIN, literal.as_ref().into());
        add(&time, edm::END, literal.as_ref().into());
    }
    for n in 0..count {
        let item = NamedNode::new_unchecked(format!("{BASE}/id/library/{n:09}"));
        let time = NamedNode::new_unchecked(format!("{BASE}/id/time/{}", 2020 - n * n % 300));
        add(&item, dcterms::CREATED, time.as_ref().into());
    }
    for n in 0..count {
        let mut document = Document::new();
        collection.describe(n, &mut document);
        for statement in document.statements() {
            builder.add(statement.quad(name.as_ref())).expect("a quad");
        }
    }
    builder.finish().expect("an index");
    let index = Index::open(&folder.join("index")).expect("an index");
    let (begun, before) = (Instant::now(), spent_by_all());
    items::build(&index, &folder.join("search")).expect("items");
    let (took, cost) = (begun.elapsed(), spent_by_all() - before);
    let bytes = size(&folder.join("search"));
    println!(
        "{count} items indexed in {:.1} s, {:.1} s of processor time, {:.0} bytes an item",
        took.as_secs_f64(),
        cost.as_secs_f64(),
        bytes as f64 / count as f64
    );
    Items::open(&folder.join("search"), &index).expect("items")
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries
        .map(|entry| {
            if entry.path().is_dir() {
                size(&entry.path())
            } else {
                entry.metadata().map_or(0, |file| file.len())
            }
        })
        .sum()
}

fn searches() -> Vec<(&'static str, Asked<'static>)> {
    let facets = || {
        let keys =
            ["sector", "institution", "type", "maker", "subject", "place", "century", "reuse", "picture"];
        keys.into_iter().filter_map(facet).map(|facet| (facet, 7)).collect::<Vec<_>>()
    };
    let page = |text| Asked { text, count: 24, facets: facets(), ..Asked::default() };
    let reuse = facet("reuse").expect("a facet");
    let earth = Grid { bounds: [-90_000_000, -180_000_000, 90_000_000, 180_000_000], rows: 10, columns: 14 };
    vec![
        ("everything, with all facets", page("")),
        ("a word in half of the titles", page("year ")),
        ("a word in every twelfth title", page("bridge ")),
        ("two words, one just begun", page("silver railw")),
        ("a beginning of two letters", page("ma")),
        ("a name", page("Korhonen, Aino 7")),
        ("an identifier", page("978951000000042")),
        ("a phrase", page("\"letters and maps\"")),
        ("a word with a letter wrong", page("brigde~")),
        ("one facet chosen", Asked { chosen: vec![(reuse, vec![0])], ..page("") }),
        (
            "a word, a facet and years, the oldest first",
            Asked {
                chosen: vec![(reuse, vec![0])],
                years: Some([1800, 1899]),
                sort: Sort::Oldest,
                ..page("church ")
            },
        ),
        ("the hundredth page by title", Asked { from: 2_376, sort: Sort::Title, ..page("music ") }),
        ("on the map", Asked { grid: Some(earth), ..page("harbour ") }),
        ("on a line of time", Asked { scales: true, ..page("harbour ") }),
    ]
}

fn median(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() - 1])
}

fn search(_: &mut Criterion) {
    let argument = |name: &str| std::env::args().any(|argument| argument == name);
    let count = if argument("million") {
        1_000_000
    } else if argument("--bench") {
        100_000
    } else {
        600
    };
    let folder = tempfile::tempdir().expect("a folder");
    let items = made(folder.path(), count);
    println!("about {} statements", count * STATEMENTS);
    let rounds = if argument("--bench") { ROUNDS } else { 1 };
    println!("{:<46} {:>9} {:>12} {:>12}", "search", "found", "median CPU", "most CPU");
    let tell = |name: &str, found: usize, times| {
        let (median, most) = median(times);
        println!(
            "{name:<46} {found:>9} {:>9.2} ms {:>9.2} ms",
            median.as_secs_f64() * 1e3,
            most.as_secs_f64() * 1e3
        );
    };
    for (name, asked) in searches() {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..rounds {
            let before = spent();
            found = black_box(items.search(&asked, &|| true).expect("an answer")).total;
            times.push(spent() - before);
        }
        assert!(found > 0 || count < 10_000, "{name} finds nothing");
        tell(name, found as usize, times);
    }
    for (name, text) in [
        ("suggested titles: t", "t"),
        ("suggested titles: the bri", "the bri"),
        ("suggested titles: silver and", "silver and"),
        ("suggested titles: vuoden 77", "vuoden 77"),
    ] {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..rounds {
            let before = spent();
            found = black_box(items.titles(text, 5, &|| true).expect("an answer")).len();
            times.push(spent() - before);
        }
        assert!(found > 0, "{name} finds nothing");
        tell(name, found, times);
    }
}

criterion_group!(benches, search);
criterion_main!(benches);
