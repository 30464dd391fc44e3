//! The tree finds what looking at every box would.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::{Builder, Index};
use oxrdf::{GraphName, NamedNode, Quad};

fn index(texts: &[String]) -> (tempfile::TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let mut builder = Builder::with_memory(&path, 64 << 10).unwrap();
    let node = NamedNode::new("http://x/p").unwrap();
    for text in texts {
        let literal = Literal::new_typed_literal(text, wkt());
        builder
            .add(Quad::new(node.clone(), node.clone(), literal, GraphName::DefaultGraph).as_ref())
            .unwrap();
    }
    builder.finish().unwrap();
    let index = Index::open(&path).unwrap();
    (folder, index)
}

fn texts(count: u32) -> Vec<String> {
    let place = |n: u32, prime: u32, width: u32| {
        f64::from(n.wrapping_mul(prime) % (width * 100)) / 100.0 - f64::from(width) / 2.0
    };
    let mut texts: Vec<String> = (0..count)
        .map(|n| {
            let (x, y) = (place(n, 7_919, 360), place(n, 104_729, 180));
            match n % 5 {
                0 => format!("LINESTRING({x} {y},{} {})", (x + 5.0).min(180.0), (y + 3.0).min(90.0)),
                1 => format!("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT({x} {y})"),
                _ => format!("POINT({x} {y})"),
            }
        })
        .collect();
    texts.extend(
        [
            "POINT(no)",
            "POINT EMPTY",
            "POINT(200 10)",
            "",
            "MULTIPOINT((1 1))",
            "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(1 2)",
        ]
        .map(str::to_owned),
    );
    texts
}

#[test]
fn a_tree_of_any_size_finds_what_looking_at_every_box_would() {
    for count in [0, 1, 2, 16, 17, 256, 257, 4_200] {
        let (_folder, index) = index(&texts(count));
        let (places, terms) = (index.places(), index.terms());
        assert_eq!(places.odd().len(), 6, "{count}");
        assert_eq!(places.literals().len(), places.odd().len() + places.ids.len());
        for bounds in [
            [-180.0, -90.0, 180.0, 90.0],
            [20.0, 59.0, 32.0, 71.0],
            [-10.0, -10.0, -9.5, 80.0],
            [179.0, -90.0, 180.0, 90.0],
        ] {
            let mut found = places.meeting(&bounds);
            found.sort_unstable();
            let expected: Vec<u32> = places
                .literals()
                .filter(|id| placed(&term(terms, *id)).is_some_and(|other| meet(&other, &bounds)))
                .collect();
            assert_eq!(found, expected, "{bounds:?} of {count}");
        }
        let points = places.points().count();
        assert_eq!(points, places.ids.len() - (count as usize).div_ceil(5), "{count}");
    }
}
