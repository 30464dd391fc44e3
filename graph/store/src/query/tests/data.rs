//! Small random datasets with terms of all kinds in several graphs.

use super::{Engine, Random, plain};
use graph_index::{Builder, Index};
use oxigraph::io::RdfFormat;
use oxigraph::model::{GraphName, Quad};
use oxigraph::store::Store;
use tempfile::TempDir;

pub(super) const LITERALS: &[&str] = &[
    "\"Turku\"",
    "\"Åbo\"",
    "\"turku\"",
    "\"Turku\"@fi",
    "\"Åbo\"@sv",
    "\"Turku\"@en",
    "\"\"",
    "\"5\"",
    "5",
    "12",
    "-3",
    "0",
    "1900",
    "2.5",
    "5.0",
    "-0.5",
    "5.0e0",
    "1.5e3",
    "true",
    "false",
    "\"1901-02-03\"^^xsd:date",
    "\"1899-12-31\"^^xsd:date",
    "\"1901-02-03T04:05:06Z\"^^xsd:dateTime",
    "\"1901-02-03T04:05:06+02:00\"^^xsd:dateTime",
    "\"1901-02-03T04:05:06\"^^xsd:dateTime",
    "\"1901\"^^xsd:gYear",
    "\"1902\"^^xsd:gYear",
    "\"1901-02\"^^xsd:gYearMonth",
    "\"abc\"^^xsd:integer",
    "\"x\"^^<http://x/datatype>",
    "\"P1D\"^^xsd:duration",
];

/// One dataset in three shapes.
pub(super) struct Data {
    pub(super) ids: Engine,
    pub(super) columns: Engine,
    pub(super) oxigraph: Engine,
    _folder: TempDir,
}

impl Data {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(77));
        let mut text =
            String::from("@prefix : <http://x/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n");
        for _ in 0..60 + 10 * seed {
            let subject = node(&mut random, 12);
            let (predicate, object) = match random.below(8) {
                0 | 1 => ("a", format!(":C{}", random.below(3))),
                2 => (":n", random.pick(&["1", "2", "3", "4.5", "2.25", "-7", "1.5e0"]).to_string()),
                3 => (":d", random.pick(LITERALS).to_string()),
                4 => (":p", random.pick(LITERALS).to_string()),
                5 => (":p", node(&mut random, 12)),
                6 => (":q", node(&mut random, 12)),
                _ => (":r", node(&mut random, 12)),
            };
            let statement = format!("{subject} {predicate} {object} .");
            // Some are stated by two graphs.
            for _ in 0..1 + usize::from(random.once_in(3)) {
                match random.below(4) {
                    0 => text.push_str(&format!("{statement}\n")),
                    graph => text.push_str(&format!("GRAPH :g{graph} {{ {statement} }}\n")),
                }
            }
        }
        // Blank nodes keep their labels, so that answers can be compared.
        let parsed: Vec<Quad> = oxigraph::io::RdfParser::from_format(RdfFormat::TriG)
            .for_slice(text.as_bytes())
            .map(|quad| quad.unwrap())
            .collect();
        let (store, union) = (Store::new().unwrap(), Store::new().unwrap());
        for quad in &parsed {
            store.insert(quad).unwrap();
            union.insert(quad).unwrap();
            let graph_name = GraphName::DefaultGraph;
            union.insert(&Quad { graph_name, ..quad.clone() }).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let mut builder = Builder::new(folder.path()).unwrap();
        for quad in &store {
            builder.add(quad.unwrap().as_ref()).unwrap();
        }
        builder.finish().unwrap();
        let index = Index::open(folder.path()).unwrap();
        Self {
            ids: Engine::indexed(index.clone()),
            columns: Engine::by_columns(index),
            oxigraph: plain(union),
            _folder: folder,
        }
    }
}

fn node(random: &mut Random, many: usize) -> String {
    match random.below(6) {
        0 => format!("_:b{}", random.below(4)),
        _ => format!(":e{}", random.below(many)),
    }
}
