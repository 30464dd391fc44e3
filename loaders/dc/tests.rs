#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::shared::check;
use proptest::prelude::*;

#[test]
fn fixtures() {
    check::check_all(&Dc, "loaders/dc/fixtures", &[".xml"]);
}

#[test]
fn heads_of_files() {
    let simple = b"<record><metadata><oai_dc:dc xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>";
    assert!(record::sniff(simple) && !record::sniff_qualified(simple));
    assert!(record::sniff_qualified(b"<qualifieddc><title>"));
    assert!(record::sniff_qualified(b"<dim:dim mdschema='dc'>"));
    assert!(record::sniff(b"<metadata xmlns='http://purl.org/dc/elements/1.1/'><title>"));
    for other in [
        &b"<mets:mets><mets:xmlData><dc:title>"[..],
        b"<rdf:RDF><dc:title>",
        b"<mods><titleInfo>",
        b"<metadata><title>",
        b"<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><Identify>",
    ] {
        assert!(!record::sniff(other), "{}", String::from_utf8_lossy(other));
    }
    let gone = b"<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><ListRecords><record><header status='deleted'>";
    assert!(record::sniff(gone));
}

#[test]
fn every_field_is_visited() {
    let xml = include_bytes!("fixtures/002-qualified.xml");
    let record = Qdc.records(Box::new(&xml[..])).next().unwrap().unwrap();
    let mut paths = Vec::new();
    Qdc.fields(&record, &mut |field| {
        paths.push(format!("{}={} {:?}", field.path, field.text, field.language));
    });
    assert!(paths.iter().any(|path| path == "title=Metsän kirja Some(\"fi\")"), "{paths:?}");
    assert!(paths.iter().any(|path| path.starts_with("created=")), "{paths:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_records_end_in_documents_or_quarantine(
        which in 0_usize..4,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_usize..30), 1..6),
    ) {
        let fixtures: [&[u8]; 4] = [
            include_bytes!("fixtures/001-simple.xml"),
            include_bytes!("fixtures/002-qualified.xml"),
            include_bytes!("fixtures/003-finna.xml"),
            include_bytes!("fixtures/004-dim.xml"),
        ];
        let mut bytes = fixtures[which].to_vec();
        for (at, byte, gone) in damage {
            let at = at.index(bytes.len());
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, [byte]);
        }
        let (graph, issues) = check::convert(&Qdc, &bytes);
        prop_assert!(!graph.is_empty() || !issues.is_empty());
    }
}
