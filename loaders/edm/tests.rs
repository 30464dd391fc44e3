use super::{Edm, sniff};
use crate::shared::check;
use proptest::prelude::*;

#[test]
fn fixtures() {
    check::check_all(&Edm, "loaders/edm/fixtures", &[".xml"]);
}

#[test]
fn looks_like_edm() {
    assert!(sniff(b"<rdf:RDF xmlns:rdf='x'><edm:ProvidedCHO rdf:about='1'/>"));
    assert!(sniff(b"<OAI-PMH><record><metadata><r:RDF><ore:Aggregation>"));
    assert!(!sniff(b"<rdf:RDF><rico:Record rdf:about='1'/></rdf:RDF>"));
    assert!(!sniff(b"<ore:Aggregation/>"));
    assert!(!sniff(b"<rdf:RDF><!-- <edm:ProvidedCHO> --></rdf:RDF>"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn damage_ends_in_documents_and_quarantine(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..20_usize), 1..6),
        which in 0..2_usize,
    ) {
        let fixtures: [&[u8]; 2] = [
            include_bytes!("fixtures/001-external.xml"),
            include_bytes!("fixtures/002-internal.xml"),
        ];
        let mut bytes = fixtures[which].to_vec();
        for (at, byte, gone) in damage {
            let at = at.index(bytes.len());
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, [byte]);
        }
        let (graph, issues) = check::convert(&Edm, &bytes);
        prop_assert!(!graph.is_empty() || !issues.is_empty());
    }
}
