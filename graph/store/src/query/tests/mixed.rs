//! Values of different kinds are sorted by one order, whoever computes what is sorted by.

use super::data::LITERALS;
use super::{DatasetParameters, Random, prepare, rows};

#[test]
fn computed_keys_of_all_kinds_are_sorted_as_plain_ones() {
    let data = super::Data::new(3);
    let mut random = Random(5);
    let values: Vec<String> = (0..600)
        .map(|n| match random.below(4) {
            0 => random.pick(LITERALS).to_string(),
            1 => format!("{}", random.below(2_000)),
            2 => format!("\"{}\"", random.below(2_000)),
            _ => format!("\"{n} words\""),
        })
        .collect();
    let sorted = |by: &str| {
        let text = format!(
            "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
             SELECT ?v {{ VALUES ?v {{ {} }} }} ORDER BY {by}",
            values.join(" ")
        );
        let prepared = prepare(&text, &DatasetParameters::default()).unwrap();
        rows(&data.ids, &prepared, &text).unwrap().1
    };
    let plain = sorted("?v");
    assert_eq!(plain.len(), 600);
    // Nothing but the evaluator of Oxigraph computes an EXISTS within a value.
    assert_eq!(sorted("IF(EXISTS { ?s ?p ?o }, ?v, 1)"), plain);
    assert_eq!(sorted("DESC(EXISTS { ?s ?p ?o }) IF(EXISTS { ?s ?p ?o }, ?v, 1)"), plain);
}
