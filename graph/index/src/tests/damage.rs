//! Damaged files: an error or something harmless, never a panic.

use super::terms::{nodes, properties, terms};
use super::{build, files};
use crate::{Index, IndexError, TermId, Touch};
use oxrdf::{GraphName, Literal, Quad};
use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// Opens it and reads all there is.
fn read(folder: &Path) -> Result<(), IndexError> {
    let index = Index::open(folder)?;
    let (terms, statements) = (index.terms(), index.statements());
    for id in (0..terms.len().min(200)).rev().chain([terms.len(), u32::MAX]) {
        let id = TermId(id);
        let term = terms.term(id);
        let _ = (terms.id(term.as_ref()), terms.kind(id), terms.datatype(id));
        let _ = (statements.predicates_of_subject(id).len(), statements.predicates_of_object(id).len());
        for pairs in [statements.by_subject(id), statements.by_object(id)] {
            let _ = (pairs.of(3).len(), pairs.range(2..9).len(), pairs.place(1, 2));
            for graphs in pairs.graphs {
                let _ = index.graphs().set(*graphs).len();
            }
        }
    }
    for text in ["1", "2020", "NaN"] {
        for datatype in [oxrdf::vocab::xsd::INTEGER, oxrdf::vocab::xsd::G_YEAR, oxrdf::vocab::xsd::DOUBLE] {
            let literal = Literal::new_typed_literal(text, datatype);
            let _ = (terms.around(literal.as_ref()), terms.same_value(literal.as_ref()));
        }
    }
    let _ = (statements.characteristic_sets().count(), index.fingerprint(&Touch::ANY));
    index.verify()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_damaged_index_is_told_from_a_whole_one(
        quads in prop::collection::vec((nodes(), properties(), terms()), 1..40),
        faults in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..9_u8), 60),
    ) {
        let quads: Vec<Quad> =
            quads.into_iter().map(|(s, p, o)| Quad::new(s, p, o, GraphName::DefaultGraph)).collect();
        let built = build(&quads, 1 << 20);
        let folder = built.folder.path().join("index");
        read(&folder).unwrap();
        let whole = files(&folder);
        for (file, place, bit) in faults {
            let (name, bytes) = &whole[file.index(whole.len())];
            let mut damaged = bytes.clone();
            let place = place.index(bytes.len());
            if bit == 8 {
                damaged.truncate(place);
            } else {
                damaged[place] ^= 1 << bit;
            }
            // A new file, as the mapped one must stay as it is.
            fs::remove_file(folder.join(name)).unwrap();
            fs::write(folder.join(name), &damaged).unwrap();
            prop_assert!(read(&folder).is_err(), "{} at {}: {}", name, place, bit);
            fs::remove_file(folder.join(name)).unwrap();
            fs::write(folder.join(name), bytes).unwrap();
        }
        read(&folder).unwrap();
    }
}

#[test]
fn what_is_missing_or_cut_is_named() {
    let built = build([], 1 << 20);
    let folder = built.folder.path().join("index");
    for (name, bytes) in files(&folder) {
        fs::remove_file(folder.join(&name)).unwrap();
        let error = Index::open(&folder).unwrap_err();
        assert!(matches!(&error, IndexError::Disk { path, .. } if path.ends_with(&name)), "{error}");
        fs::write(folder.join(&name), &bytes[..bytes.len() - 1]).unwrap();
        let error = Index::open(&folder).unwrap_err();
        assert!(matches!(&error, IndexError::Damaged { path, .. } if path.ends_with(&name)), "{error}");
        fs::remove_file(folder.join(&name)).unwrap();
        let mut newer = bytes.clone();
        let version = newer.len() - 16;
        newer[version] = 2;
        fs::write(folder.join(&name), newer).unwrap();
        let error = Index::open(&folder).unwrap_err();
        assert!(matches!(error, IndexError::Version { met: 2, expected: 1, .. }), "{error}");
        fs::remove_file(folder.join(&name)).unwrap();
        fs::write(folder.join(&name), bytes).unwrap();
    }
    assert!(Index::open(&built.folder.path().join("none")).is_err());
}
