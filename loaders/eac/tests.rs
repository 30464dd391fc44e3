use super::{Eac, sniff};
use crate::shared::check;
use proptest::prelude::*;

#[test]
fn fixtures() {
    check::check_all(&Eac, "loaders/eac/fixtures", &[".xml"]);
}

#[test]
fn looks_like_eac() {
    assert!(sniff(b"<?xml version='1.0'?><eac-cpf xmlns='urn:isbn:1-931666-33-4'>"));
    assert!(sniff(b"<e:eac xmlns:e='https://archivists.org/ns/eac/v2'>"));
    assert!(sniff(b"<OAI-PMH><record><metadata><eac-cpf>"));
    assert!(!sniff(b"<eac>a word of its own</eac>"));
    assert!(!sniff(b"<ead><archdesc><objectxmlwrap><eac-cpf>"));
    assert!(!sniff(b"eac-cpf"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn damage_ends_in_documents_and_quarantine(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..20_usize), 1..6),
        which in 0..2_usize,
    ) {
        let fixtures: [&[u8]; 2] = [
            include_bytes!("fixtures/001-person.xml"),
            include_bytes!("fixtures/010-version-2.xml"),
        ];
        let mut bytes = fixtures[which].to_vec();
        for (at, byte, gone) in damage {
            let at = at.index(bytes.len());
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, [byte]);
        }
        let (graph, issues) = check::convert(&Eac, &bytes);
        prop_assert!(!graph.is_empty() || !issues.is_empty());
    }
}
