//! Real requests to a real server over a small graph made for the purpose.
//!
//! The client is a plain socket: what is tested is to the byte what is sent, and a broken transfer is seen as
//! one. Queries here are the smallest that show a point of the protocol.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod cache;
mod client;
mod dereferencing;
mod generations;
mod graphs;
mod pages;
mod protocol;
mod reconcile;
mod review;

use crate::{Config, bind};
use client::Answer;
use graph_index::{Builder, Index, items};
use graph_model::Base;
use graph_store::rdf::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use graph_store::{Change, WorkingStore};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::oneshot;
use vocabularies::{aarre, dc, dcterms, edm, foaf, ore, prov, rdf, skos, wgs84, xsd};

pub(super) const BASE: &str = "https://data.example.org";

/// A server on a free port; it stops when it is dropped.
pub(super) struct Site {
    pub(super) home: TempDir,
    pub(super) address: SocketAddr,
    pub(super) private: Option<SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Site {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(super) fn with(adjust: impl FnOnce(&mut Config)) -> Self {
        Self::prepared(|_| {}, adjust)
    }

    /// With the index that publishing makes.
    pub(super) fn indexed() -> Self {
        Self::prepared(|home| index(home, 1, &graph()), |_| {})
    }

    /// With something done to the home before it is served.
    pub(super) fn prepared(prepare: impl FnOnce(&Path), adjust: impl FnOnce(&mut Config)) -> Self {
        let home = tempfile::tempdir().unwrap();
        publish(home.path(), 1, &graph());
        prepare(home.path());
        let mut config = Config::new(home.path().to_owned(), Base::new(BASE).unwrap());
        adjust(&mut config);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let server = runtime.block_on(bind(config)).unwrap();
        let (address, private) = (server.address(), server.private_address());
        let (stop, stopped) = oneshot::channel();
        runtime.spawn(server.serve(async {
            let _ = stopped.await;
        }));
        Self { home, address, private, stop: Some(stop), runtime: Some(runtime) }
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    pub(super) fn accept(&self, path: &str, accept: &str) -> Answer {
        self.ask("GET", path, &[("Accept", accept)], "")
    }

    pub(super) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        client::ask(self.address, method, path, headers, body)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(2));
        }
    }
}

/// Makes generation `number` of the quads and flips `current` to it.
pub(super) fn publish(home: &Path, number: u64, quads: &[Quad]) {
    let folder = home.join("generations").join(number.to_string());
    std::fs::create_dir_all(folder.join("dumps")).unwrap();
    let working = WorkingStore::open(&home.join(format!("store-{number}"))).unwrap();
    working.apply(Change { remove: Vec::new(), insert: quads.to_vec() }).unwrap();
    working.checkpoint(&folder.join("store")).unwrap();
    std::fs::write(folder.join("dumps/aarre.nq"), "0123456789".repeat(10)).unwrap();
    std::fs::write(folder.join("void.ttl"), "# void\n").unwrap();
    std::fs::write(folder.join("MANIFEST.sha256"), format!("{number:064}  dumps/aarre.nq\n")).unwrap();
    std::fs::write(folder.join("stats.json"), statistics(number)).unwrap();
    let draft = home.join("generations/.current");
    let _ = std::fs::remove_file(&draft);
    std::os::unix::fs::symlink(number.to_string(), &draft).unwrap();
    std::fs::rename(&draft, home.join("generations/current")).unwrap();
}

/// What publishing counts, as far as pages need it here.
fn statistics(number: u64) -> String {
    let run =
        r#"{"iri": "https://data.example.org/id/run/art-1", "ended": "2026-11-02T10:00:00Z", "records": 3}"#;
    format!(r#"{{"items": {number}, "triples": 7, "datasets": [{{"id": "art", "runs": [{run}]}}]}}"#)
}

/// Writes the index of a generation, as publishing does.
pub(super) fn index(home: &Path, number: u64, quads: &[Quad]) {
    let folder = home.join(format!("generations/{number}/index"));
    let mut builder = Builder::new(&folder).unwrap();
    quads.iter().for_each(|quad| builder.add(quad.as_ref()).unwrap());
    builder.finish().unwrap();
    items::build(&Index::open(&folder).unwrap(), &folder.with_file_name("search")).unwrap();
}

fn node(path: &str) -> NamedNode {
    NamedNode::new(format!("{BASE}{path}")).unwrap()
}

fn says(graph: &str, subject: &str, predicate: NamedNodeRef<'_>, object: impl Into<Term>) -> Quad {
    Quad::new(node(subject), predicate, object, GraphName::NamedNode(node(&format!("/graph/{graph}"))))
}

fn text(text: &str, language: &str) -> Literal {
    Literal::new_language_tagged_literal(text, language).unwrap()
}

/// A painting, its painter, a fonds with a letter, a hostile record, a tombstone, a record that was merged.
fn graph() -> Vec<Quad> {
    const PAINTING: &str = "/id/art/A%2F1%202";
    const PAINTER: &str = "/id/agent/edelfelt-albert-1854-1905";
    const HOSTILE: &str = "/id/art/hostile";
    let nasty = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
    let mut quads = vec![
        says("art", PAINTING, rdf::TYPE, edm::PROVIDED_CHO.into_owned()),
        says("art", PAINTING, dc::TITLE, text("Queen Blanche", "en")),
        says("art", PAINTING, dc::TITLE, text("Kuningatar Blanka", "fi")),
        says("art", PAINTING, dc::CREATOR, node(PAINTER)),
        says("art", PAINTING, aarre::SECTOR, aarre::MUSEUM.into_owned()),
        says("art", PAINTING, dcterms::CREATED, node("/id/time/1877")),
        says("art", PAINTING, ore::IS_AGGREGATED_BY, node("/id/art/A%2F1%202#aggregation")),
        says("art", "/id/art/A%2F1%202#aggregation", rdf::TYPE, ore::AGGREGATION.into_owned()),
        says("art", "/id/art/A%2F1%202#aggregation", edm::AGGREGATED_CHO, node(PAINTING)),
        says("art", "/id/art/A%2F1%202#aggregation", edm::IS_SHOWN_BY, node("/media/queen.svg")),
        says("art", PAINTER, rdf::TYPE, edm::AGENT.into_owned()),
        says("art", PAINTER, rdf::TYPE, foaf::PERSON.into_owned()),
        says("art", PAINTER, skos::PREF_LABEL, Literal::new_simple_literal("Edelfelt, Albert")),
        says("letters", "/id/letters/1", dc::TITLE, text("Familjen Edelfelts arkiv", "sv")),
        says("letters", "/id/letters/1", aarre::SECTOR, aarre::ARCHIVE.into_owned()),
        says("letters", "/id/letters/1%2F3", dc::TITLE, text("Brev till modern", "sv")),
        says("letters", "/id/letters/1%2F3", aarre::SECTOR, aarre::ARCHIVE.into_owned()),
        says("letters", "/id/letters/1%2F3", dc::SUBJECT, node(PAINTER)),
        says("letters", "/id/letters/1%2F3", dcterms::IS_PART_OF, node("/id/letters/1")),
        says("art", HOSTILE, dc::TITLE, Literal::new_simple_literal(nasty)),
        says("art", HOSTILE, dc::CREATOR, node(PAINTER)),
        says("art", HOSTILE, dc::DESCRIPTION, Literal::new_simple_literal(nasty)),
        says("art", HOSTILE, dc::SOURCE, NamedNode::new("javascript:alert(1)").unwrap()),
        says("art", HOSTILE, edm::IS_SHOWN_BY, NamedNode::new("javascript:alert(1)//x.svg").unwrap()),
        says("provenance", PAINTING, prov::WAS_GENERATED_BY, node("/id/run/art-1")),
        says("provenance", PAINTING, aarre::SOURCE_FILE, Literal::new_simple_literal("objects.xml")),
        says("provenance", "/id/run/art-1", aarre::RULE_SET_VERSION, Literal::new_simple_literal("rules 7")),
        says("provenance", "/id/run/art-1", rdf::TYPE, aarre::RUN.into_owned()),
        says("provenance", "/id/run/art-1", aarre::DATASET, node("/id/dataset/art")),
        says(
            "provenance",
            "/id/run/art-1",
            prov::ENDED_AT_TIME,
            Literal::new_typed_literal("2026-11-02T10:00:00Z", xsd::DATE_TIME),
        ),
        says("provenance", "/id/art/gone", rdf::TYPE, aarre::TOMBSTONE_CLASS.into_owned()),
        says("provenance", "/id/art/merged", rdf::TYPE, aarre::TOMBSTONE_CLASS.into_owned()),
        says("provenance", "/id/art/merged", dcterms::IS_REPLACED_BY, node(PAINTING)),
    ];
    for (number, year) in [(1, "1879"), (2, "1883~")] {
        let item = format!("/id/art/{number}");
        quads.push(says("art", &item, dc::CREATOR, node(PAINTER)));
        quads.push(says("art", &item, dc::TITLE, text("A sketch", "en")));
        quads.push(says("art", &item, dcterms::CREATED, node(&format!("/id/time/{year}"))));
        quads.push(says("art", &item, dcterms::SPATIAL, node("/id/place/porvoo")));
    }
    quads.push(says("art", "/id/place/porvoo", skos::EXACT_MATCH, node("/authority/places/porvoo")));
    quads.push(says("art", "/id/place/porvoo", skos::PREF_LABEL, text("Porvoo", "fi")));
    let number = |number: &str| Literal::new_typed_literal(number, xsd::DECIMAL);
    quads.push(says("authority/places", "/authority/places/porvoo", wgs84::LAT, number("60.39")));
    quads.push(says("authority/places", "/authority/places/porvoo", wgs84::LONG, number("25.66")));
    for (concept, name) in [("swans", "Swans"), ("cranes", "Cranes"), ("birds", "Birds")] {
        let (own, entry) = (format!("/id/concept/{concept}"), format!("/authority/subjects/{concept}"));
        quads.push(says("art", &own, skos::PREF_LABEL, text(name, "en")));
        quads.push(says("art", &own, skos::EXACT_MATCH, node(&entry)));
        if concept != "birds" {
            quads.push(says("authority/subjects", &entry, skos::BROADER, node("/authority/subjects/birds")));
        }
    }
    let tiles = NamedNode::new("https://iiif.example.org/i/1/full/600,/0/default.jpg").unwrap();
    quads.push(says("art", "/id/art/tiled", dc::TITLE, text("A map", "en")));
    quads.push(says("art", "/id/art/tiled", edm::IS_SHOWN_BY, tiles));
    for number in 0..300 {
        let subject = format!("/id/many/{number}");
        quads.push(says(
            "many",
            &subject,
            dc::TITLE,
            Literal::new_simple_literal(format!("Number {number}")),
        ));
        quads.push(says("many", &subject, dc::SUBJECT, node("/id/concept/many")));
    }
    quads.push(says("many", "/id/concept/many", skos::PREF_LABEL, text("Many", "en")));
    quads
}
