//! Drafts in, entries and candidates out.

use super::{About, Authority, AuthorityError, Builder, Draft, Scratch};
use crate::names::Name;
use crate::{Kind, Label, Years};

fn person(number: u32, name: &'static str) -> Draft {
    Draft {
        iri: format!("https://authority.example/{number:04}"),
        kind: Kind::Person,
        labels: vec![Label::preferred(name)],
        ..Draft::default()
    }
}

fn built(drafts: &[Draft]) -> (tempfile::TempDir, Authority) {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::new(folder.path()).unwrap();
    drafts.iter().for_each(|draft| builder.add(draft).unwrap());
    builder.finish(About { name: "test".to_owned(), ..About::default() }).unwrap();
    let authority = Authority::open(folder.path()).unwrap();
    (folder, authority)
}

#[test]
fn drafts_of_one_entity_become_one_entry() {
    let mut more = person(1, "Sibelius, Johan Julius Christian");
    more.labels[0].role = crate::Role::Alternative;
    more.born = Some(Years::one(1865));
    more.same_as = vec!["https://www.wikidata.org/entity/Q45682".to_owned()];
    let (_folder, authority) = built(&[
        person(2, "Järnefelt, Aino"),
        more,
        person(1, "Sibelius, Jean"),
        person(1, "Sibelius, Jean"),
    ]);
    assert_eq!(authority.len(), 2);
    let id = authority.by_iri("http://www.wikidata.org/entity/Q45682/").unwrap();
    let entry = authority.entry(id);
    assert_eq!(entry.iri(), "https://authority.example/0001");
    let labels: Vec<_> = entry.labels().map(|label| label.text.into_owned()).collect();
    assert_eq!(labels, ["Sibelius, Jean", "Sibelius, Johan Julius Christian"]);
    assert_eq!((entry.born(), entry.died()), (Some(Years::one(1865)), None));
    assert_eq!(authority.about().kinds[&Kind::Person], 2);
}

#[test]
fn a_name_finds_its_entry_in_another_order_and_without_diacritics() {
    let (_folder, authority) = built(&[person(1, "Järnefelt, Aino"), person(2, "Järnefelt, Arvid")]);
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    authority.candidates(&Name::parse("Aino Jarnefelt"), Some(Kind::Person), 10, &mut scratch, &mut out);
    let found: Vec<_> = out.iter().map(|candidate| candidate.entry.0).collect();
    assert_eq!(found, [0, 1]);
    authority.candidates(&Name::parse("Aino Jarnefelt"), Some(Kind::Place), 10, &mut scratch, &mut out);
    assert_eq!(out, []);
}

#[test]
fn a_folder_without_an_index_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Authority::open(folder.path()), Err(AuthorityError::Disk { .. })));
}
