//! From bytes to N-Quads on one core, for each format, and with an owner's rules beside without them; then on all cores
//! beside one, by the clock. The records are the demo's own, repeated; METS packages are those of a fixture. Finding aids
//! differ much in how much they say in how few bytes, so each of the demo's is taken by itself, and the larger EAD3 files
//! of `AARRE_REAL_DATA`, where there are any.

#![expect(clippy::expect_used, reason = "a bench that cannot run has to say so")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use graph_model::{Base, DatasetId};
use loaders::rules::{Rules, TableFiles};
use loaders::{Convert, Outcome, Setup, Target, format_by_id};
use std::fs;
use std::hint::black_box;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

/// The content of an element's start tag to its last end tag, repeated so many times.
fn repeated(text: &str, start: &str, end: &str, times: usize) -> String {
    let from = text.find(start).expect("the demo has records");
    let to = text.rfind(end).expect("the demo has records") + end.len();
    let mut out = text[..from].to_owned();
    for _ in 0..times {
        out.push_str(&text[from..to]);
        out.push('\n');
    }
    out.push_str(&text[to..]);
    out
}

/// A finding aid of components with little in each, where what is done for every record counts most.
fn small_components(count: usize) -> String {
    let component = |number: usize| {
        let year = 1900 + number % 100;
        format!(
            "<c id='c{number}' level='item'><did><unitid>{number}</unitid><unittitle>Letter no. {number}</unittitle>\
             <unitdatestructured><datesingle standarddate='{year}'>{year}</datesingle></unitdatestructured></did></c>\n"
        )
    };
    let components: String = (0..count).map(component).collect();
    format!(
        "<ead xmlns='http://ead3.archivists.org/schema/'><control><recordid>letters</recordid><filedesc><titlestmt>\
         <titleproper>Letters</titleproper></titlestmt></filedesc></control><archdesc level='fonds'><did>\
         <unitid>L</unitid><unittitle>Letters</unittitle></did><dsc>{components}</dsc></archdesc></ead>"
    )
}

/// Converts on this thread, N-Quads included, and gives how many records became documents.
fn run(format: &dyn Convert, bytes: &[u8], rules: Option<&Rules>) -> u64 {
    let (base, dataset) =
        (Base::new("https://example.org").expect("a base"), DatasetId::new("bench").expect("an id"));
    let lines = Some("https://example.org/graph/bench");
    let (mut records, mut written) = (0_u64, 0);
    let _ = format.convert_on_this_thread(
        Box::new(Cursor::new(bytes)),
        Target { lines, rules, ..Target::new(&base, &dataset) },
        &mut |outcome| {
            if let Outcome::Document { lines, .. } = outcome {
                records += 1;
                written += lines.len();
            }
            ControlFlow::Continue(())
        },
    );
    black_box(written);
    records
}

fn marcxml() -> Vec<u8> {
    let books = include_str!("../graph/publish/demo/library/books.xml");
    repeated(books, "<record", "</record>", 20).into_bytes()
}

/// Packages of the Finnish profile in one list.
fn packages() -> Vec<u8> {
    let package = include_str!("../loaders/mets/fixtures/mets/001-finnish-photograph.xml");
    let from = package.find("<mets:mets").expect("a package");
    format!("<records>{}</records>", package[from..].repeat(100)).into_bytes()
}

/// What the house rules of the demo's library cost on top of the built-in mapping.
fn rules(criterion: &mut Criterion) {
    let text = include_str!("../graph/publish/demo/house/library.toml");
    let house = Rules::read(text, &TableFiles::new()).expect("the demo's rules are sound");
    let entry = format_by_id("marcxml").expect("a format");
    let format = (entry.setup)(Setup { mapping: None }).expect("a format that needs nothing else");
    let bytes = marcxml();
    let records = run(&*format, &bytes, None);
    assert_eq!(run(&*format, &bytes, Some(&house)), records, "rules take no record away");
    let mut group = criterion.benchmark_group("rules");
    group.throughput(Throughput::Elements(records));
    for (name, rules) in [("without", None), ("with", Some(&house))] {
        group.bench_function(BenchmarkId::new("marcxml", name), |bencher| {
            bencher.iter(|| black_box(run(&*format, &bytes, rules)));
        });
    }
    group.finish();
}

fn convert(criterion: &mut Criterion) {
    let museum = include_str!("../graph/publish/demo/museum/objects.xml");
    let lido = repeated(museum, "<lido:lido>", "</lido:lido>", 4);
    let archive = include_str!("../graph/publish/demo/archive/gallen-kallela.xml");
    // The demo's last ISO 2709 records are broken on purpose; a stream of the first ones measures the work.
    let iso2709: Vec<u8> = include_bytes!("../graph/publish/demo/library/books.mrc")
        .split_inclusive(|byte| *byte == 0x1D)
        .take(8)
        .flatten()
        .copied()
        .collect::<Vec<u8>>()
        .repeat(100);
    let csv = include_str!("../graph/publish/demo/register/monuments.csv");
    let rules = include_str!("../graph/publish/demo/register/monuments.mapping.toml");
    let (header, rows) = csv.split_once('\n').expect("the demo has rows");
    let csv = format!("{header}\n{}", rows.repeat(20));
    let inputs: [(&str, Vec<u8>, Option<&str>); 6] = [
        ("marcxml", marcxml(), None),
        ("marc21", iso2709, None),
        ("lido", lido.into_bytes(), None),
        ("ead2002", archive.as_bytes().to_vec(), None),
        ("mets", packages(), None),
        ("csv", csv.into_bytes(), Some(rules)),
    ];
    for (id, bytes, mapping) in inputs {
        let entry = format_by_id(id).expect("a format");
        let format = (entry.setup)(Setup { mapping }).expect("a format that needs nothing else");
        let run = || run(&*format, &bytes, None);
        let records = run();
        assert!(records > 0, "{id} has records");
        let mut group = criterion.benchmark_group("convert");
        group.throughput(Throughput::Elements(records));
        group.bench_function(BenchmarkId::new(id, "records"), |bencher| bencher.iter(|| black_box(run())));
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(BenchmarkId::new(id, "bytes"), |bencher| bencher.iter(|| black_box(run())));
        group.finish();
    }
}

/// The demo's finding aids and larger ones of others, by name.
fn finding_aids() -> Vec<(String, &'static str, Vec<u8>)> {
    let mut aids: Vec<(String, &str, Vec<u8>)> = [
        ("edelfelt", include_str!("../graph/publish/demo/archive/edelfelt.xml")),
        ("gallen-kallela", include_str!("../graph/publish/demo/archive/gallen-kallela.xml")),
        ("kharkiv-society", include_str!("../graph/publish/demo/archive/kharkiv-society.xml")),
        ("saarinen", include_str!("../graph/publish/demo/archive/saarinen.xml")),
    ]
    .map(|(name, text)| (name.to_owned(), "ead2002", text.as_bytes().to_vec()))
    .into();
    aids.push(("small components".to_owned(), "ead3", small_components(1_000).into_bytes()));
    let folder = std::env::var("AARRE_REAL_DATA").map(|folder| Path::new(&folder).join("ead/saa-ead3"));
    let mut files: Vec<_> = folder.iter().flat_map(fs::read_dir).flatten().flatten().collect();
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let bytes = fs::read(file.path()).unwrap_or_default();
        if bytes.len() > 50_000 && loaders::detect(&bytes).is_some_and(|format| format.id == "ead3") {
            aids.push((file.file_name().to_string_lossy().into_owned(), "ead3", bytes));
        }
    }
    aids
}

fn aids(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("finding aids");
    for (name, id, bytes) in finding_aids() {
        let entry = format_by_id(id).expect("a format");
        let format = (entry.setup)(Setup { mapping: None }).expect("a format that needs nothing else");
        assert!(run(&*format, &bytes, None) > 0, "{name} has records");
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| black_box(run(&*format, &bytes, None))));
    }
    group.finish();
}

/// How much sooner all cores are done than one, with the same bytes in the same order; in pairs, so that what else the
/// machine does weighs on both, and the median counts.
fn cores(_: &mut Criterion) {
    let rounds = if std::env::args().any(|argument| argument == "--bench") { 9 } else { 1 };
    let (base, dataset) =
        (Base::new("https://example.org").expect("a base"), DatasetId::new("bench").expect("an id"));
    let target = Target { lines: Some("https://example.org/graph/bench"), ..Target::new(&base, &dataset) };
    let inputs = [("marcxml", marcxml()), ("ead3", small_components(20_000).into_bytes())];
    for (id, bytes) in inputs {
        let entry = format_by_id(id).expect("a format");
        let format = (entry.setup)(Setup { mapping: None }).expect("a format that needs nothing else");
        let spent = |all: bool| {
            let (mut written, begun) = (Vec::new(), Instant::now());
            let mut sink = |outcome: Outcome<'_>| {
                if let Outcome::Document { lines, .. } = outcome {
                    written.extend_from_slice(lines);
                }
                ControlFlow::Continue(())
            };
            let input = Box::new(Cursor::new(&bytes[..]));
            let _ = if all {
                format.convert(input, target, &mut sink)
            } else {
                format.convert_on_this_thread(input, target, &mut sink)
            };
            (begun.elapsed().as_secs_f64(), written)
        };
        let mut ratios: Vec<f64> = (0..rounds)
            .map(|_| {
                let ((one, from_one), (all, from_all)) = (spent(false), spent(true));
                assert!(from_one == from_all, "{id}: all cores write what one writes");
                one / all
            })
            .collect();
        ratios.sort_by(f64::total_cmp);
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        println!(
            "{id}: {cores} cores are {:.2} × as fast as one, by the clock; the same bytes",
            ratios[rounds / 2]
        );
    }
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = convert, aids, rules, cores }
criterion_main!(benches);
