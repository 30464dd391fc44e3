#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::shared::check;
use proptest::prelude::*;

#[test]
fn fixtures() {
    check::check_all(&Mods, "loaders/mods/fixtures", &[".xml"]);
}

#[test]
fn only_mods_itself_looks_like_mods() {
    assert!(sniff(b"<mods:mods xmlns:mods='http://www.loc.gov/mods/v3'>"));
    assert!(sniff(b"<record><metadata><mods>"));
    assert!(!sniff(b"<mets:mets><mets:dmdSec><mods:mods>"));
    assert!(!sniff(b"<lido:lido>mods</lido:lido>"));
    assert!(!sniff(b"{\"record\": \"<mods/>\"}"));
    // It often declares the namespace of MARCXML.
    let head = b"<mods:mods xmlns:marc='http://www.loc.gov/MARC21/slim'>";
    assert_eq!(crate::detect(head).map(|format| format.id), Some("mods"));
}

#[test]
fn every_field_is_visited() {
    let xml = include_bytes!("fixtures/001-book.xml");
    let record = Mods.records(Box::new(&xml[..])).next().unwrap().unwrap();
    let mut paths = Vec::new();
    Mods.fields(&record, &mut |field| paths.push(format!("{}={}", field.path, field.text)));
    assert!(paths.iter().any(|path| path.starts_with("titleInfo/title=")), "{paths:?}");
    assert!(paths.iter().any(|path| path.starts_with("name/@type=personal")), "{paths:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_records_end_in_documents_or_quarantine(
        which in 0_usize..3,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_usize..30), 1..6),
    ) {
        let fixtures: [&[u8]; 3] = [
            include_bytes!("fixtures/001-book.xml"),
            include_bytes!("fixtures/005-subjects.xml"),
            include_bytes!("fixtures/010-oai-answer.xml"),
        ];
        let mut bytes = fixtures[which].to_vec();
        for (at, byte, gone) in damage {
            let at = at.index(bytes.len());
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, [byte]);
        }
        let (graph, issues) = check::convert(&Mods, &bytes);
        prop_assert!(!graph.is_empty() || !issues.is_empty());
    }
}
