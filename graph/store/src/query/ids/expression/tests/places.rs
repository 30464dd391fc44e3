//! Relations and distances of geometries, near one another and all over the earth.

use super::{check, expression, singles, terms, v, world};
use crate::query::ids::expression::{Condition, Node};
use crate::query::ids::rows::{Rows, UNBOUND};
use oxrdf::{Literal, NamedNode};
use vocabularies::geo;

#[test]
fn places_near_a_constant() {
    let wkt = geo::WKT_LITERAL.into_owned();
    let json = NamedNode::new("http://www.opengis.net/ont/geosparql#geoJSONLiteral").unwrap();
    let mut terms = terms();
    let mut seed = 1_u32;
    let mut dice = |width: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(seed >> 8 & 0xffff) / 65_535.0 * f64::from(width) - f64::from(width) / 2.0
    };
    for n in 0..400 {
        // Near one another as well as all over the earth, to the poles and the antimeridian.
        let width = [360, 4][n % 2];
        let (x, y) = (dice(width), dice(width.min(180)));
        let text = match n % 7 {
            0 => format!("LINESTRING({x} {y},{} {})", x / 2.0, y / 2.0),
            1 => format!("POLYGON(({x} {y},{} {y},{} {},{x} {y}))", x + 1.0, x + 1.0, y + 1.0),
            2 => format!(
                "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT({} {y})",
                if x > 0.0 { 179.99 } else { -179.99 }
            ),
            3 => format!("point({x} {})", if y > 0.0 { 89.9 } else { -89.9 }),
            _ => format!("POINT({x} {y})"),
        };
        terms.push(Literal::new_typed_literal(text, wkt.clone()).into());
    }
    for text in [
        "POINT EMPTY",
        "POINT(190 0)",
        "POINT(0 91)",
        "MULTIPOINT((1 1))",
        "POINT(1 1",
        "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(1 1)",
        "",
    ] {
        terms.push(Literal::new_typed_literal(text, wkt.clone()).into());
    }
    terms.push(Literal::new_typed_literal("{\"type\":\"Point\",\"coordinates\":[1,1]}", json).into());
    let mut world = world(&terms);
    let mut texts = Vec::new();
    let constants = [
        "POLYGON((-1 -1,2 -1,2 2,-1 2,-1 -1))",
        "POLYGON((170 -20,190 -20,190 20,170 20,170 -20))",
        "POINT(1 1)",
        "LINESTRING(-180 0,180 0)",
        "POINT EMPTY",
        "POINT(",
        "POINT(1 1 1)",
    ];
    for constant in constants {
        let constant = format!("\"{constant}\"^^geo:wktLiteral");
        for name in [
            "sfIntersects",
            "sfWithin",
            "sfContains",
            "sfTouches",
            "sfOverlaps",
            "sfCrosses",
            "sfEquals",
            "sfDisjoint",
        ] {
            texts.push(format!("geof:{name}(?x, {constant})"));
            texts.push(format!("!geof:{name}({constant}, ?x)"));
        }
    }
    for place in [
        "POINT(0 0)",
        "POINT(179.9 1)",
        "POINT(-180 -3)",
        "POINT(10 89.5)",
        "POINT(10 -90)",
        "POINT(200 0)",
        "LINESTRING(0 0,1 1)",
        "POINT EMPTY",
    ] {
        for (limit, unit) in [
            ("150000", "uom:metre"),
            ("1e6", "uom:metre"),
            ("0.05", "uom:radian"),
            ("0", "uom:metre"),
            ("-1", "uom:metre"),
            ("2.5e7", "uom:metre"),
            ("\"x\"", "uom:metre"),
            ("1", "uom:none"),
        ] {
            texts.push(format!("geof:distance(?x, \"{place}\"^^geo:wktLiteral, {unit}) < {limit}"));
            texts.push(format!("{limit} >= geof:distance(\"{place}\"^^geo:wktLiteral, ?x, {unit})"));
        }
    }
    texts.push("geof:distance(?x, \"POINT(0 0)\"^^geo:wktLiteral, uom:metre) > 150000".to_owned());
    let rows = singles(&terms);
    check(&mut world, &texts, &rows);
    let near = expression("geof:sfWithin(?x, \"POLYGON((-1 -1,2 -1,2 2,-1 2,-1 -1))\"^^geo:wktLiteral)");
    let near = Condition::compile(&near, &world.context).unwrap();
    assert!(matches!(*near.node, Node::Place(_)));
    let ids = rows.iter().map(|row| row[0].as_ref().map_or(UNBOUND, |term| world.ids[term])).collect();
    let kept = near.keep(&Rows::new(vec![v("x")], vec![ids]), &world.locals).unwrap();
    assert!(kept.iter().filter(|kept| **kept).count() > 5);
}
