//! The fixtures of both formats: each file beside its expected graph and issues.

#![expect(clippy::unwrap_used, reason = "tests")]

mod coverage;

use super::{Ead3, Ead2002};
use crate::shared::check::check_all;
use crate::{Convert as _, Target};
use graph_model::{Base, DatasetId, Format as _};
use std::ops::ControlFlow;

#[test]
fn fixtures_of_ead_2002() {
    check_all(&Ead2002, "loaders/ead/fixtures/ead2002", &[".xml"]);
}

#[test]
fn fixtures_of_ead3() {
    check_all(&Ead3, "loaders/ead/fixtures/ead3", &[".xml"]);
}

/// Every fixture, cut anywhere, gives documents and a quarantined rest, the same each time, and never panics.
#[test]
fn any_cut_is_survived() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ead/fixtures");
    let mut cuts = 0;
    for folder in ["ead2002", "ead3"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "xml") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let whole = records(&bytes);
            for end in (0..bytes.len()).step_by(37) {
                let cut = records(&bytes[..end]);
                assert!(cut.0 <= whole.0, "{} cut at {end}", path.display());
                assert_eq!(cut, records(&bytes[..end]), "{} cut at {end}", path.display());
                cuts += 1;
            }
        }
    }
    assert!(cuts > 500);
}

/// Every fixture with a wrong byte anywhere is read to its end, described, and never panics.
#[test]
fn any_wrong_byte_is_survived() {
    let (base, dataset) = (Base::new("https://data.example.org").unwrap(), DatasetId::new("x").unwrap());
    for (place, name) in ["ead2002/002-mixed-content", "ead2002/010-access-points", "ead3/102-names-in-parts"]
        .iter()
        .enumerate()
    {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ead/fixtures");
        let bytes = std::fs::read(root.join(name).with_extension("xml")).unwrap();
        for at in (place..bytes.len()).step_by(11) {
            for wrong in [b'<', b'>', b'&', b'"', b'/', 0, 0xFF] {
                let mut bytes = bytes.clone();
                bytes[at] = wrong;
                let flow =
                    Ead3.convert(Box::new(bytes.as_slice()), Target::new(&base, &dataset), &mut |_| {
                        ControlFlow::Continue(())
                    });
                assert!(flow.is_continue());
            }
        }
    }
}

/// How many documents and how many quarantined pieces there are.
fn records(bytes: &[u8]) -> (usize, usize) {
    let (good, bad): (Vec<_>, Vec<_>) = Ead2002.records(Box::new(bytes)).partition(Result::is_ok);
    (good.len(), bad.len())
}

/// Components and tops that were begun are documents or in quarantine, however the input ends.
#[test]
fn what_was_begun_is_accounted_for() {
    let whole = r#"<ead><eadheader><eadid>n</eadid></eadheader><archdesc><did><unittitle>T</unittitle></did><dsc>
        <c id="a"><did><unittitle>A</unittitle></did><c id="b"><did><unittitle>B</unittitle></did></c></c>
        <c01 id="c"><did><unittitle>C</unittitle></did></c01></dsc></archdesc></ead>"#;
    for (end, _) in whole.char_indices() {
        let cut = &whole[..end];
        let begun = ["<archdesc>", "<c id=\"a\">", "<c id=\"b\">", "<c01 id=\"c\">"];
        let begun = begun.iter().filter(|tag| cut.contains(**tag)).count();
        let (good, bad) = records(cut.as_bytes());
        assert!(good <= begun && good + bad >= begun && bad <= 1, "cut at {end}: {good} + {bad} of {begun}");
    }
}

#[test]
fn formats_are_told_apart() {
    let detected = |head: &str| crate::detect(head.as_bytes()).map(|format| format.id);
    assert_eq!(
        detected("<?xml version='1.0'?><!DOCTYPE ead SYSTEM 'ead.dtd'><ead><eadheader/></ead>"),
        Some("ead2002")
    );
    assert_eq!(detected("<ead xmlns='urn:isbn:1-931666-22-9'><eadheader/></ead>"), Some("ead2002"));
    assert_eq!(
        detected("<e:ead xmlns:e='http://ead3.archivists.org/schema/'><e:control/></e:ead>"),
        Some("ead3")
    );
    assert_eq!(detected("<ead><control><recordid>1</recordid></control></ead>"), Some("ead3"));
    assert_eq!(
        detected("<record><control><recordid>1</recordid></control><did></did></record>"),
        Some("ead3")
    );
    assert_ne!(
        detected("<eac-cpf><control><recordId>1</recordId></control><did> <ead> </eac-cpf>"),
        Some("ead3")
    );
    assert_eq!(
        detected(
            "<ead xmlns='http://ead3.archivists.org/schema/'><control/><relations><eac-cpf/></relations></ead>"
        ),
        Some("ead3")
    );
    assert_ne!(detected("<collection><record><leader>ead</leader></record></collection>"), Some("ead2002"));
}
