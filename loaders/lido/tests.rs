use super::{Lido, sniff};
use crate::shared::check;
use proptest::prelude::*;

#[test]
fn fixtures() {
    check::check_all(&Lido, "loaders/lido/fixtures", &[".xml"]);
}

#[test]
fn looks_like_lido() {
    assert!(sniff(b"<?xml version='1.0'?><lido:lidoWrap xmlns:lido='http://www.lido-schema.org'>"));
    assert!(sniff(b"<OAI-PMH><record><metadata><m:lido>"));
    assert!(sniff(b"\xFF\xFE<\0l\0i\0d\0o\0>\0"));
    assert!(!sniff(b"<ead><lidoish/></ead>"));
    assert!(!sniff(b"lido"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn damage_ends_in_documents_and_quarantine(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..20_usize), 1..6),
        which in 0..3_usize,
    ) {
        let fixtures: [&[u8]; 3] = [
            include_bytes!("fixtures/001-painting.xml"),
            include_bytes!("fixtures/004-skos-concepts.xml"),
            include_bytes!("fixtures/007-dates.xml"),
        ];
        let mut bytes = fixtures[which].to_vec();
        for (at, byte, gone) in damage {
            let at = at.index(bytes.len());
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, [byte]);
        }
        // Damage to the tag that a record begins with, or to its namespace, leaves no record of LIDO.
        let whole = |part: &[u8]| memchr::memmem::find(&bytes, part).is_some();
        let begun = whole(b"<lido:lido") && whole(b"xmlns:lido=\"http://www.lido-schema.org\"");
        let (graph, issues) = check::convert(&Lido, &bytes);
        prop_assert!(!begun || !graph.is_empty() || !issues.is_empty());
    }
}
