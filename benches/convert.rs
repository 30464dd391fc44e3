//! From bytes to N-Quads on one core, for each format, and with an owner's rules beside without them. The records are
//! the demo's own, repeated; METS packages are those of a fixture.

#![expect(clippy::expect_used, reason = "a bench that cannot run has to say so")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use graph_model::{Base, DatasetId};
use loaders::rules::{Rules, TableFiles};
use loaders::{Convert, Outcome, Setup, Target, format_by_id};
use std::hint::black_box;
use std::io::Cursor;
use std::ops::ControlFlow;

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
    let inputs: [(&str, Vec<u8>, Option<&str>); 7] = [
        ("marcxml", marcxml(), None),
        ("marc21", iso2709, None),
        ("lido", lido.into_bytes(), None),
        ("ead2002", archive.as_bytes().to_vec(), None),
        ("ead3", small_components(1_000).into_bytes(), None),
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

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = convert, rules }
criterion_main!(benches);
