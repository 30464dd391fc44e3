//! Whatever the history of a store, it holds what a fresh load of the last records would hold.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{Accepted, Coverage, LoadReport, Loader, Run};
use crate::load::provenance;
use graph_model::{Base, DatasetId, Description, Document, Part};
use graph_store::rdf::{Literal, NamedNode, Quad};
use graph_store::{Change, Snapshot, WorkingStore};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use vocabularies::{dc, dcterms, edm, skos, xsd};

/// How many stages the process lives; negative for ever.
static LIFE: AtomicI64 = AtomicI64::new(-1);

pub(super) fn stage() {
    if LIFE.fetch_sub(1, Ordering::SeqCst) == 0 {
        std::process::abort();
    }
    LIFE.fetch_max(-1, Ordering::SeqCst);
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// A record as a seed: everything that it says follows from it.
#[derive(Debug, Clone, Copy)]
struct Record {
    local: u64,
    seed: u64,
}

fn base() -> Base {
    Base::new("https://data.example.org").unwrap()
}

fn dataset() -> DatasetId {
    DatasetId::new("museum").unwrap()
}

impl Record {
    fn describe(self, document: &mut Document) {
        let (base, dataset) = (base(), dataset());
        let mut random = Random(self.seed * 2_654_435_761 + 88_172_645_463_325_252);
        let mut out = Description::new(&base, &dataset, &self.local.to_string(), document);
        let item = out.item();
        out.text(item, dc::TITLE, &format!("Title {}", random.below(3)), Some("en"));
        // Not in the form in which the store gives it back.
        out.typed(item, dcterms::EXTENT, &format!("00{}.50", random.below(4)), xsd::DECIMAL);
        out.typed(item, dcterms::EXTENT, &format!("0{}", random.below(3)), xsd::NON_NEGATIVE_INTEGER);
        for _ in 0..random.below(3) {
            // Concepts about which records differ, in chains, and with values in need of a form.
            let (narrow, broad) = (random.below(5).to_string(), random.below(5).to_string());
            let concept = out.shared("concept", &narrow);
            out.link(item, dc::SUBJECT, concept);
            out.text(concept, skos::PREF_LABEL, &format!("Concept {}", random.below(3)), Some("en"));
            out.typed(concept, skos::NOTATION, &format!("0{}", random.below(3)), xsd::INTEGER);
            let broader = out.shared("concept", &broad);
            out.link(concept, skos::BROADER, broader);
            out.text(broader, skos::ALT_LABEL, &format!("Broad {}", random.below(3)), None);
        }
        if random.below(3) == 0 {
            let fragment = out.fragment("event");
            out.link(item, edm::HAS_MET, fragment);
            out.text(fragment, dc::DESCRIPTION, &format!("Event {}", random.below(3)), None);
        }
        if random.below(4) == 0 {
            // Nothing leads to these two but each other.
            let lost = out.shared("place", &random.below(4).to_string());
            out.text(lost, skos::PREF_LABEL, &format!("Lost {}", random.below(3)), None);
            let found = out.shared("agent", &random.below(4).to_string());
            out.link(lost, skos::RELATED, found);
            out.link(found, skos::RELATED, lost);
            let adrift = out.fragment("adrift");
            out.text(adrift, dc::DESCRIPTION, &format!("Adrift {}", random.below(2)), None);
        }
        if random.below(4) == 0 {
            let image = out.iri(&format!("https://images.example.org/{}", random.below(3))).unwrap();
            out.link(item, edm::HAS_VIEW, image);
            out.a(image, edm::WEB_RESOURCE);
            out.text(image, dc::FORMAT, &format!("image/{}", random.below(2)), None);
            let sibling = out.sibling(&random.below(6).to_string());
            out.link(item, dcterms::IS_PART_OF, sibling);
            out.text(sibling, dc::TITLE, "not for this record to say", None);
        }
    }
}

fn load(store: &WorkingStore, records: &[Record], small: usize, coverage: Coverage) -> LoadReport {
    let mut loader = Loader::begin(store, &base(), &dataset(), &Run::now(&dataset()), 0).unwrap();
    loader.small = small;
    let mut document = Document::new();
    for record in records {
        record.describe(&mut document);
        loader.accept(&document, "records.xml").unwrap();
        stage();
    }
    loader.finish(coverage).unwrap()
}

/// The dataset's graph as lines.
fn graph(view: &Snapshot) -> BTreeSet<String> {
    let graph = NamedNode::new_unchecked(base().graph("museum"));
    view.matching(None, None, None, Some(graph.as_ref())).map(|quad| quad.unwrap().to_string()).collect()
}

/// What the provenance graph says of items, runs aside.
fn kept(view: &Snapshot) -> BTreeSet<String> {
    let graph = NamedNode::new_unchecked(base().graph("provenance"));
    view.matching(None, None, None, Some(graph.as_ref()))
        .map(|quad| quad.unwrap())
        .filter(|quad| quad.subject.to_string().contains("/id/museum/"))
        .filter(|quad| {
            !quad.object.to_string().contains("/id/run/") && !quad.to_string().contains("withdrawn")
        })
        .filter(|quad| !quad.object.to_string().contains("Tombstone"))
        .map(|quad| quad.to_string())
        .collect()
}

fn fresh(records: &[Record]) -> (BTreeSet<String>, BTreeSet<String>) {
    let folder = tempfile::tempdir().unwrap();
    let store = WorkingStore::open(folder.path()).unwrap();
    load(&store, records, usize::MAX, Coverage::Whole);
    (graph(&store.view()), kept(&store.view()))
}

fn edit(records: &mut Vec<Record>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let local = random.below(12);
        let seed = random.below(1_000);
        match (records.iter().position(|record| record.local == local), random.below(3)) {
            (Some(at), 0) => {
                records.remove(at);
            }
            (Some(at), _) => records[at].seed = seed,
            (None, _) => records.push(Record { local, seed }),
        }
    }
}

#[test]
fn after_any_edits_the_graph_is_that_of_a_fresh_load() {
    for seed in 1..=12 {
        let mut random = Random(seed * 7_919);
        let folder = tempfile::tempdir().unwrap();
        let store = WorkingStore::open(folder.path()).unwrap();
        let mut records = Vec::new();
        for step in 0..6 {
            edit(&mut records, &mut random);
            // All in one transaction, by bulk, and by bulk with a sweep in many steps.
            let small = [usize::MAX, 20, 3][random.below(3) as usize];
            if step == 3 {
                // A part between: some records, of which some changed.
                let part: Vec<Record> = records.iter().copied().step_by(2).collect();
                load(&store, &part, small, Coverage::Part);
                edit(&mut records, &mut random);
            }
            let report = load(&store, &records, small, Coverage::Whole);
            assert_eq!(report.new + report.changed + report.unchanged, records.len() as u64);
            let (expected, expected_kept) = fresh(&records);
            let seen = graph(&store.view());
            let differ: Vec<_> = seen.symmetric_difference(&expected).collect();
            assert!(differ.is_empty(), "seed {seed} step {step} small {small}: {differ:#?}");
            let seen = kept(&store.view());
            let differ: Vec<_> = seen.symmetric_difference(&expected_kept).collect();
            assert!(differ.is_empty(), "seed {seed} step {step} small {small}: {differ:#?}");
            // The same once more writes nothing about records.
            let again = load(&store, &records, small, Coverage::Whole);
            assert_eq!((again.unchanged, again.added, again.removed), (records.len() as u64, 0, 0));
        }
    }
}

#[test]
fn new_changed_deleted_revived_and_duplicate() {
    let folder = tempfile::tempdir().unwrap();
    let store = WorkingStore::open(folder.path()).unwrap();
    let item = format!("{}1", base().item_prefix(&dataset()));
    let (one, two) = (Record { local: 1, seed: 5 }, Record { local: 2, seed: 5 });
    let first = load(&store, &[one, two], usize::MAX, Coverage::Whole);
    assert_eq!((first.new, first.bulk), (2, false));
    let tombstone = |view: Snapshot| {
        let quads = view.entity(&item).unwrap().quads;
        quads.iter().filter(|quad| quad.to_string().contains("Tombstone")).count()
    };
    let part = load(&store, &[two], usize::MAX, Coverage::Part);
    assert_eq!((part.unchanged, part.kept, part.deleted), (1, 1, 0));
    let gone = load(&store, &[two], usize::MAX, Coverage::Whole);
    assert_eq!((gone.unchanged, gone.deleted), (1, 1));
    assert_eq!(tombstone(store.view()), 1);
    assert!(!graph(&store.view()).iter().any(|line| line.contains(&item)));
    assert_eq!(load(&store, &[two], usize::MAX, Coverage::Whole).deleted, 0);
    let back = load(&store, &[one, two], usize::MAX, Coverage::Whole);
    assert_eq!((back.new, back.unchanged), (1, 1));
    assert_eq!(tombstone(store.view()), 0);
    assert_eq!(graph(&store.view()), fresh(&[one, two]).0);

    let mut loader = Loader::begin(&store, &base(), &dataset(), &Run::now(&dataset()), 0).unwrap();
    let mut document = Document::new();
    one.describe(&mut document);
    assert_eq!(loader.accept(&document, "a.xml").unwrap(), Accepted::Unchanged);
    Record { local: 1, seed: 9 }.describe(&mut document);
    assert_eq!(loader.accept(&document, "b.xml").unwrap(), Accepted::Duplicate);
    two.describe(&mut document);
    loader.accept(&document, "a.xml").unwrap();
    assert_eq!(loader.finish(Coverage::Whole).unwrap().duplicates, 1);
    assert_eq!(graph(&store.view()), fresh(&[one, two]).0);
}

#[test]
fn what_a_repository_deleted_goes_from_a_part_load_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = WorkingStore::open(folder.path()).unwrap();
    let records = [1, 2, 3].map(|local| Record { local, seed: 5 });
    load(&store, &records, usize::MAX, Coverage::Whole);
    // Record 2 was delivered under an identifier that is not its own.
    let item = NamedNode::new_unchecked(format!("{}2", base().item_prefix(&dataset())));
    let delivered = Literal::new_simple_literal("oai:example.org:b");
    let said = Quad::new(
        item,
        vocabularies::aarre::OAI_IDENTIFIER.into_owned(),
        delivered,
        NamedNode::new_unchecked(base().graph(dataset().as_str())),
    );
    store.apply(Change { remove: Vec::new(), insert: vec![said] }).unwrap();
    let mut loader = Loader::begin(&store, &base(), &dataset(), &Run::now(&dataset()), 0).unwrap();
    let mut document = Document::new();
    records[2].describe(&mut document);
    loader.accept(&document, "a.xml").unwrap();
    for identifier in ["1", "oai:example.org:b", "3", "unknown"] {
        loader.withdraw(identifier).unwrap();
    }
    let report = loader.finish(Coverage::Part).unwrap();
    assert_eq!((report.deleted, report.unchanged, report.kept), (2, 1, 0));
    let prefix = base().item_prefix(&dataset());
    let left: Vec<bool> = (1..=3)
        .map(|local| {
            let item = format!("<{prefix}{local}>");
            graph(&store.view()).iter().any(|line| line.starts_with(&item))
        })
        .collect();
    assert_eq!(left, [false, false, true]);
    assert_eq!(load(&store, &records[2..], usize::MAX, Coverage::Whole).deleted, 0);
    assert_eq!(graph(&store.view()), fresh(&records[2..]).0);
}

fn before() -> Vec<Record> {
    (0..12).map(|local| Record { local, seed: local * 31 + 7 }).collect()
}

fn after() -> Vec<Record> {
    (4..16).map(|local| Record { local, seed: local * if local % 3 == 0 { 31 } else { 57 } + 7 }).collect()
}

/// Not a test: the process that `a_killed_load_is_completed_by_the_next` starts and that kills itself.
#[test]
#[ignore = "started by another test"]
fn a_load_that_dies() {
    let Ok(order) = std::fs::read_to_string("order") else { return };
    let [life, small] = order.split(' ').map(|n| n.parse().unwrap()).collect::<Vec<i64>>()[..] else {
        return;
    };
    let store = WorkingStore::open(Path::new("store")).unwrap();
    LIFE.store(life, Ordering::SeqCst);
    load(&store, &after(), usize::try_from(small).unwrap(), Coverage::Whole);
    LIFE.store(-1, Ordering::SeqCst);
    std::fs::write("finished", "").unwrap();
}

#[test]
fn a_killed_load_is_completed_by_the_next() {
    let expected = fresh(&after());
    let mut unfinished = 0;
    for small in [usize::MAX >> 1, 3] {
        let mut died = 0;
        for life in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("store");
            {
                let store = WorkingStore::open(&path).unwrap();
                load(&store, &before(), usize::MAX, Coverage::Whole);
            }
            std::fs::write(folder.path().join("order"), format!("{life} {small}")).unwrap();
            let status = Command::new(std::env::current_exe().unwrap())
                .args(["--ignored", "--exact", "load::tests::a_load_that_dies"])
                .current_dir(folder.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap();
            let store = WorkingStore::open(&path).unwrap();
            if small > 1_000 {
                // One transaction: all of it or nothing.
                let seen = graph(&store.view());
                assert!(seen == expected.0 || seen == fresh(&before()).0, "life {life}");
            }
            unfinished += super::unfinished(&store.view(), &base()).unwrap().len();
            load(&store, &after(), usize::MAX, Coverage::Whole);
            assert_eq!(graph(&store.view()), expected.0, "life {life} small {small}");
            assert_eq!(kept(&store.view()), expected.1, "life {life} small {small}");
            assert!(super::unfinished(&store.view(), &base()).unwrap().is_empty());
            if folder.path().join("finished").exists() {
                assert!(status.success());
                break;
            }
            died += 1;
        }
        assert!(died > 12, "only {died} deaths");
    }
    assert!(unfinished > 2, "a load that dies in its bulk is noted");
}

#[test]
fn times_are_written_as_xsd() {
    let at = |seconds| provenance::date_time(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds));
    assert_eq!(at(0), "1970-01-01T00:00:00Z");
    assert_eq!(at(951_782_399), "2000-02-28T23:59:59Z");
    assert_eq!(at(951_782_400), "2000-02-29T00:00:00Z");
    assert_eq!(at(4_107_542_400), "2100-03-01T00:00:00Z");
}

/// A package in parts: what it is, then its files, in so many documents.
fn package(files: u64, parts: u64, size: &str) -> Vec<Document> {
    let (base, dataset) = (base(), dataset());
    (0..parts)
        .map(|number| {
            let mut document = Document::new();
            let mut out = Description::new(&base, &dataset, "package", &mut document);
            out.part(match number {
                0 => Part::First,
                number if number + 1 == parts => Part::Last,
                _ => Part::Middle,
            });
            let item = out.item();
            if number == 0 {
                out.text(item, dc::TITLE, "Package", Some("en"));
            }
            for file in (0..files).filter(|file| file % parts == number) {
                let node = out.fragment(&format!("file-{file}"));
                out.link(item, dcterms::HAS_PART, node);
                out.text(node, dcterms::EXTENT, size, None);
            }
            document
        })
        .collect()
}

#[test]
fn a_record_in_parts_is_one_record() {
    for small in [usize::MAX, 5] {
        let folder = tempfile::tempdir().unwrap();
        let store = WorkingStore::open(folder.path()).unwrap();
        let load = |packages: &[Vec<Document>]| {
            let mut loader = Loader::begin(&store, &base(), &dataset(), &Run::now(&dataset()), 0).unwrap();
            loader.small = small;
            let mut last = Vec::new();
            for document in packages.iter().flatten() {
                last.push(loader.accept(document, "mets.xml").unwrap());
            }
            (loader.finish(Coverage::Whole).unwrap(), last, graph(&store.view()))
        };
        let (report, _, first) = load(&[package(10, 3, "1 MB")]);
        assert_eq!((report.new, report.changed, first.len()), (1, 0, 21));
        let (report, last, again) = load(&[package(10, 3, "1 MB")]);
        assert_eq!((report.unchanged, last[2], &again), (1, Accepted::Unchanged, &first));
        let (report, _, fewer) = load(&[package(7, 2, "2 MB"), package(9, 3, "3 MB")]);
        assert_eq!((report.changed, report.duplicates, fewer.len()), (1, 1, 15));
        assert!(fewer.iter().all(|line| !line.contains("1 MB") && !line.contains("3 MB")), "{fewer:#?}");
        let (report, _, none) = load(&[]);
        assert_eq!((report.deleted, none.len()), (1, 0));
        let (report, _, back) = load(&[package(7, 2, "2 MB")]);
        assert_eq!((report.new, &back), (1, &fewer));
    }
}
