#![expect(clippy::unwrap_used, reason = "tests")]

use super::{Mets, Premis, sniff, sniff_premis};
use crate::shared::check;
use crate::{Convert, Outcome, Target};
use graph_model::{Base, DatasetId, NodeKind, ObjectRef};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

#[test]
fn fixtures() {
    check::check_all(&Mets, "loaders/mets/fixtures/mets", &[".xml"]);
    check::check_all(&Premis, "loaders/mets/fixtures/premis", &[".xml"]);
}

#[test]
fn looks_like_mets() {
    assert!(sniff(b"<?xml version='1.0'?><mets:mets xmlns:mets='http://www.loc.gov/METS/'>"));
    assert!(sniff(b"<OAI-PMH><record><metadata><mets>"));
    assert!(sniff(b"\xFF\xFE<\0m\0e\0t\0s\0>\0"));
    assert!(sniff(b"<!-- <ead> --><?x <y?><mets/>"));
    assert!(!sniff(b"<metsHdr/><lido/>"));
    assert!(!sniff(b"<ead><objectxmlwrap><mets/></objectxmlwrap></ead>"));
    assert!(sniff_premis(b"<premis xmlns='http://www.loc.gov/premis/v3'>"));
    assert!(!sniff_premis(b"premis"));
}

/// The fragments of each document that no statement leads to from the item.
fn unreachable(format: &dyn Convert, bytes: &[u8]) -> Vec<String> {
    let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("d").unwrap());
    let mut lost = Vec::new();
    let target = Target::new(&base, &dataset);
    let _ = format.convert_on_this_thread(Box::new(bytes), target, &mut |outcome| {
        if let Outcome::Document { document, .. } = outcome {
            let mut leads: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            let mut fragments = BTreeSet::new();
            for statement in document.statements() {
                if let ObjectRef::Iri(object) = statement.object {
                    leads.entry(statement.subject).or_default().insert(object);
                }
                if statement.subject_kind == NodeKind::Fragment {
                    fragments.insert(statement.subject);
                }
            }
            let mut reached = BTreeSet::from([document.iri()]);
            let mut next = vec![document.iri()];
            while let Some(node) = next.pop() {
                let objects = leads.get(node).into_iter().flatten();
                next.extend(objects.filter(|object| reached.insert(object)));
            }
            lost.extend(fragments.difference(&reached).map(|iri| (*iri).to_owned()));
        }
        ControlFlow::Continue(())
    });
    lost
}

#[test]
fn every_fragment_is_reached_from_the_item() {
    let packages: [(&str, &[u8]); 10] = [
        ("001", include_bytes!("fixtures/mets/001-finnish-photograph.xml")),
        ("002", include_bytes!("fixtures/mets/002-eark-sip.xml")),
        ("003", include_bytes!("fixtures/mets/003-eark-sip-that-breaks-its-profile.xml")),
        ("004", include_bytes!("fixtures/mets/004-book-with-structure.xml")),
        ("005", include_bytes!("fixtures/mets/005-migration.xml")),
        ("006", include_bytes!("fixtures/mets/006-film-with-streams.xml")),
        ("007", include_bytes!("fixtures/mets/007-dirty.xml")),
        ("008", include_bytes!("fixtures/mets/008-embedded-and-left-out.xml")),
        ("009", include_bytes!("fixtures/mets/009-mets-2.xml")),
        ("012", include_bytes!("fixtures/mets/012-archivematica.xml")),
    ];
    for (name, bytes) in packages {
        assert_eq!(unreachable(&Mets, bytes), [""; 0], "{name}");
    }
    let alone: [(&str, &[u8]); 3] = [
        ("001", include_bytes!("fixtures/premis/001-premis-3.xml")),
        ("002", include_bytes!("fixtures/premis/002-premis-2-one-file.xml")),
        ("003", include_bytes!("fixtures/premis/003-events-alone.xml")),
    ];
    for (name, bytes) in alone {
        assert_eq!(unreachable(&Premis, bytes), [""; 0], "{name}");
    }
}

#[test]
fn a_section_that_is_too_large_is_set_aside_with_advice() {
    let mut xml = String::from("<mets OBJID='huge'><amdSec><techMD>");
    xml.push_str("<p/>".repeat(1 << 20).as_str());
    xml.push_str("</techMD></amdSec></mets>");
    let (graph, issues) = check::convert(&Mets, xml.as_bytes());
    assert!(graph.is_empty());
    assert!(issues.starts_with("quarantined huge\t"), "{issues}");
    assert!(issues.contains("one METS a representation"), "{issues}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn damage_ends_in_documents_and_quarantine(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..20_usize), 1..6),
        which in 0..5_usize,
    ) {
        let fixtures: [&[u8]; 5] = [
            include_bytes!("fixtures/mets/001-finnish-photograph.xml"),
            include_bytes!("fixtures/mets/002-eark-sip.xml"),
            include_bytes!("fixtures/mets/004-book-with-structure.xml"),
            include_bytes!("fixtures/mets/007-dirty.xml"),
            include_bytes!("fixtures/premis/001-premis-3.xml"),
        ];
        let mut bytes = fixtures[which].to_vec();
        for (at, byte, gone) in damage {
            let at = at.index(bytes.len());
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, [byte]);
        }
        let format: &dyn Convert = if which == 4 { &Premis } else { &Mets };
        let (_, issues) = check::convert(format, &bytes);
        prop_assert!(!issues.contains("a fault in the mapping"), "{issues}");
    }
}
