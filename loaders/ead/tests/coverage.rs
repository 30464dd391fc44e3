//! The table of elements, `coverage.tsv`: whole, and true of the fixtures.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::super::Ead3;
use crate::{Convert as _, Outcome, Target};
use graph_model::{Base, DatasetId};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

struct Row {
    element: &'static str,
    standard: &'static str,
    usage: &'static str,
    what: &'static str,
    fixture: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = include_str!("../coverage.tsv").lines().filter(|line| !line.starts_with('#'));
    let rows = lines.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [element, standard, usage, what, fixture] = cells[..] else { panic!("five columns: {line}") };
        Row { element, standard, usage, what, fixture }
    });
    rows.collect()
}

#[test]
fn the_table_is_well_formed() {
    let rows = rows();
    assert!(rows.is_sorted_by(|a, b| a.element < b.element), "sorted and unique");
    for header in ["# title:", "# source:", "# licence:", "# date:"] {
        assert!(include_str!("../coverage.tsv").contains(header), "{header}");
    }
    for row in &rows {
        assert!(matches!(row.standard, "both" | "2002" | "3"), "{}", row.element);
        assert!(matches!(row.usage, "mapped" | "within" | "left out"), "{}", row.element);
        assert!(!row.what.is_empty(), "{} has a reason", row.element);
        assert_eq!(row.usage == "mapped", !row.fixture.is_empty(), "{}", row.element);
    }
}

/// What is said to be mapped stands in the fixture that is named, and the rule that is named made a statement of it.
#[test]
fn what_is_mapped_is_shown_by_a_fixture() {
    let mut known: BTreeMap<&str, (String, BTreeSet<String>)> = BTreeMap::new();
    for row in rows().iter().filter(|row| row.usage == "mapped") {
        let (text, rules) = known.entry(row.fixture).or_insert_with(|| {
            let path =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("ead/fixtures/ead").to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(format!("{path}{}.xml", row.fixture)).unwrap();
            let rules = rules(text.as_bytes());
            (text, rules)
        });
        let element = row.element;
        let stands = [" ", ">", "/"].iter().any(|end| text.contains(&format!("<{element}{end}")));
        assert!(stands, "{element} is not in {}", row.fixture);
        assert!(rules.contains(row.what), "{} makes no statement in {}", row.what, row.fixture);
    }
}

fn rules(bytes: &[u8]) -> BTreeSet<String> {
    let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("x").unwrap());
    let mut rules = BTreeSet::new();
    let target = Target::new(&base, &dataset);
    let flow = Ead3.convert(Box::new(bytes), target, &mut |outcome| {
        if let Outcome::Document { document, .. } = outcome {
            rules.extend(document.statements().map(|statement| statement.rule.to_owned()));
        }
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    rules
}

/// Every element of the schemas is in the table, and no other. The schemas stand outside the project; the environment
/// names their folder.
#[test]
fn the_table_has_the_elements_of_the_schemas() {
    let Some(folder) =
        std::env::var_os("AARRE_XML_SCHEMAS").filter(|path| !path.is_empty()).map(PathBuf::from)
    else {
        return;
    };
    for (standard, schema) in [("2002", "ead/2002/ead.xsd"), ("3", "ead3/1.1.1/ead3.xsd")] {
        let text = std::fs::read_to_string(folder.join("schemas_external").join(schema)).unwrap();
        let declared: BTreeSet<&str> = text
            .split("element ")
            .skip(1)
            .filter_map(|rest| rest.split('>').next()?.split_once("name=\"")?.1.split('"').next())
            .collect();
        let told: BTreeSet<&str> = rows()
            .iter()
            .filter(|row| row.standard == "both" || row.standard == standard)
            .map(|row| row.element)
            .collect();
        assert!(declared.len() > 100);
        assert_eq!(declared, told, "EAD {standard}");
    }
}
