//! Makes `graph/reconcile/src/matching/weights.tsv` and `calibration.tsv` again, from the halves of the gold sets that are for
//! training. `AARRE_REAL_DATA` says where the sets lie; the tables are written where they stand.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of the house")]

#[path = "../src/matching/tests/gold.rs"]
mod gold;

use graph_reconcile::matching::{Model, train};
use std::path::Path;

fn main() {
    let data = gold::folder().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/matching");
    let by_hand = std::fs::read_to_string(folder.join("by-hand.tsv")).unwrap();
    let by_hand = Model::read(&by_hand, "");
    let mut examples = Vec::new();
    let mut made_from = Vec::new();
    for set in gold::sets(&data) {
        let of_set = set.examples(&by_hand, gold::is_for_training);
        made_from.push(format!("{} ({})", set.name, of_set.len()));
        println!("{}: {} mentions, {} examples", set.name, set.mentions.len(), of_set.len());
        examples.extend(of_set);
    }
    let trained = train(&examples, &by_hand);
    let made_from = made_from.join(", ");
    let head = format!(
        "# version: {:08x}\n\
         # Made by `cargo run -p graph-reconcile --example train` from the training halves of these gold sets, with how many\n\
         # mentions each gave: {made_from}.\n",
        gold::hash(&format!("{}{}", trained.weights, trained.calibration)) & 0xFFFF_FFFF
    );
    let weights = format!(
        "# Weights of the values of features, natural logarithms of odds. Columns, divided by tabs: kind of entity, feature, value,\n\
         # weight; a value that is not here weighs nothing. Weights set by hand, `by-hand.tsv`, are what these are drawn towards, and\n\
         # stand unchanged for kinds without gold.\n{head}{}",
        trained.weights
    );
    let calibration = format!(
        "# What scores have meant. Columns, divided by tabs: kind of entity, score (weighed against the other candidates), share of right\n\
         # ones among candidates of such a score, share of right ones among links at this score and above with one wrong added,\n\
         # number of these links.\n{head}{}",
        trained.calibration
    );
    std::fs::write(folder.join("weights.tsv"), weights).unwrap();
    std::fs::write(folder.join("calibration.tsv"), calibration).unwrap();
}
