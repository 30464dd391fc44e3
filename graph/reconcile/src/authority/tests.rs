//! Drafts in, entries and candidates out.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{About, Authority, AuthorityError, Builder, Draft, Scratch};
use crate::names::Name;
use crate::{Kind, Label, Note, Point, Years};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

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

fn named(text: &'static str, language: &'static str) -> Label<'static> {
    Label::preferred(text).in_language(language)
}

/// Some of everything.
fn several() -> Vec<Draft> {
    let mut drafts = vec![
        Draft {
            iri: "http://www.yso.fi/onto/yso/p4622".to_owned(),
            kind: Kind::Concept,
            types: vec!["http://x.example/Concept".to_owned()],
            labels: vec![
                named("kirkot", "fi"),
                named("kyrkor", "sv"),
                named("churches", "en"),
                Label::alternative("kirkkorakennukset").in_language("fi"),
            ],
            broader: vec!["http://www.yso.fi/onto/yso/p1265".to_owned()],
            notes: vec![Note { language: None, text: "Rakennukset.".into() }],
            ..Draft::default()
        },
        Draft {
            iri: "https://sws.geonames.org/658225/".to_owned(),
            kind: Kind::Place,
            labels: vec![named("Helsinki", "fi"), named("Helsingfors", "sv"), named("Гельсінкі", "uk")],
            point: Point::new(60.1699, 24.9384),
            same_as: vec!["http://www.wikidata.org/entity/Q1757".to_owned()],
            replaced_by: Some("https://sws.geonames.org/1/".to_owned()),
            ..Draft::default()
        },
    ];
    for (number, name) in
        ["Шевченко, Тарас", "Sibelius, Jean", "Edelfelt, Albert", "Järnefelt, Eero", "Järnefelt, Aino"]
            .into_iter()
            .enumerate()
    {
        let mut draft = person(number as u32, name);
        draft.born = Some(Years { from: -44, to: 1865 + number as i16 });
        draft.occupations = vec!["painter".to_owned()];
        drafts.push(draft);
    }
    drafts
}

fn bytes(drafts: &[Draft], memory: usize) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::with_memory(folder.path(), memory).unwrap();
    drafts.iter().for_each(|draft| builder.add(draft).unwrap());
    builder.finish(About { name: "test".to_owned(), ..About::default() }).unwrap();
    let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap());
    files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
}

#[test]
fn the_same_drafts_make_the_same_bytes_in_any_order_and_memory() {
    let mut drafts = several();
    let first = bytes(&drafts, 64 << 20);
    drafts.reverse();
    assert_eq!(bytes(&drafts, 64 << 20), first);
    drafts.swap(0, 3);
    drafts.push(drafts[2].clone());
    assert_eq!(bytes(&drafts, 600), first);
    assert_eq!(first.len(), super::FILES.len() + 1, "{:?}", first.keys());
}

#[test]
fn an_entry_gives_back_what_its_draft_said() {
    let drafts = several();
    let (_folder, authority) = built(&drafts);
    for mut draft in drafts {
        draft.settle();
        let entry = authority.entry(authority.by_iri(&draft.iri).unwrap());
        let met = Draft {
            iri: entry.iri().into_owned(),
            kind: entry.kind(),
            types: entry.types().map(Into::into).collect(),
            labels: entry
                .labels()
                .map(|label| Label {
                    role: label.role,
                    language: label.language.map(|tag| tag.into_owned().into()),
                    text: label.text.into_owned().into(),
                })
                .collect(),
            born: entry.born(),
            died: entry.died(),
            point: entry.point(),
            broader: entry.broader().map(Into::into).collect(),
            same_as: entry.same_as().map(Into::into).collect(),
            occupations: entry.occupations().map(Into::into).collect(),
            notes: entry
                .notes()
                .map(|note| Note {
                    language: note.language.map(|tag| tag.into_owned().into()),
                    text: note.text.into_owned().into(),
                })
                .collect(),
            replaced_by: entry.replaced_by().map(Into::into),
        };
        assert_eq!(met, draft);
    }
}

fn best(authority: &Authority, name: &Name, kind: Kind) -> Option<String> {
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    authority.candidates(name, Some(kind), 5, &mut scratch, &mut out);
    Some(authority.entry(out.first()?.entry).label(&["fi"])?.text.into_owned())
}

#[test]
fn names_are_found_misspelt_abbreviated_and_in_another_script() {
    let (_folder, authority) = built(&several());
    let person = |text| best(&authority, &Name::parse(text), Kind::Person);
    for text in ["Taras Shevchenko", "Ševčenko, T.", "Shevchnko, Taras", "Тарас Шевченко"] {
        assert_eq!(person(text).as_deref(), Some("Шевченко, Тарас"), "{text}");
    }
    for text in ["Jaernefelt, E.", "Eero Jarnefeld", "Jarnefelt Eero"] {
        assert_eq!(person(text).as_deref(), Some("Järnefelt, Eero"), "{text}");
    }
    assert_eq!(best(&authority, &Name::plain("Helsingors"), Kind::Place).as_deref(), Some("Helsinki"));
    assert_eq!(best(&authority, &Name::plain("Churches"), Kind::Concept).as_deref(), Some("kirkot"));
    assert_eq!(best(&authority, &Name::plain("Churches"), Kind::Place), None);
    assert_eq!(best(&authority, &Name::plain("zzzzzz"), Kind::Place), None);
    assert_eq!(best(&authority, &Name::plain(""), Kind::Place), None);
}

#[test]
fn an_exact_key_comes_before_all_that_is_alike_and_is_counted() {
    let mut drafts =
        vec![person(7, "Virtanen, Aino Maria"), person(8, "Virtanen, Aino"), person(9, "Aino Virtanen")];
    drafts.push(person(10, "Virtanen, Arto"));
    let (_folder, authority) = built(&drafts);
    let key = Name::parse("Virtanen, Aino").key();
    assert_eq!(authority.by_key(&key, None).map(|id| id.0).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(authority.by_key(&key, Some(Kind::Place)).count(), 0);
    assert_eq!(authority.frequency(&key), 2);
    assert_eq!(authority.entries().map(|entry| entry.frequency()).collect::<Vec<_>>(), [1, 2, 2, 1]);
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    authority.candidates(&Name::parse("Virtanen, Aino"), None, 10, &mut scratch, &mut out);
    let found: Vec<_> = out.iter().map(|candidate| (candidate.entry.0, candidate.found)).collect();
    assert_eq!(&found[..3], [(1, super::Found::Key), (2, super::Found::Key), (0, super::Found::Words)]);
}

#[test]
fn what_is_typed_is_suggested_in_any_language() {
    let (_folder, authority) = built(&several());
    let suggested = |text: &str, kind| {
        let found = authority.suggest(text, kind, 10).into_iter();
        found.map(|id| authority.entry(id).label(&["fi"]).unwrap().text.into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(suggested("hels", None), ["Helsinki"]);
    assert_eq!(suggested("kyrk", None), ["kirkot"]);
    assert_eq!(suggested("JARNEFELT a", None), ["Järnefelt, Aino"]);
    assert_eq!(suggested("jarn", Some(Kind::Place)), Vec::<String>::new());
    assert_eq!(suggested("", None), Vec::<String>::new());
}

#[test]
fn what_has_no_name_is_told_and_is_no_entry() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::new(folder.path()).unwrap();
    let nameless =
        Draft { iri: "http://x.example/1".to_owned(), types: vec!["T".to_owned()], ..Draft::default() };
    builder.add(&nameless).unwrap();
    builder.add(&Draft { iri: "http://x.example/2".to_owned(), ..Draft::default() }).unwrap();
    builder.add(&person(3, "Edelfelt, Albert")).unwrap();
    let mut told = Vec::new();
    let about = builder.finish_and_tell(About::default(), &mut |iri| told.push(iri.to_owned())).unwrap();
    assert_eq!((about.entries, about.set_aside, told), (1, 1, vec!["http://x.example/1".to_owned()]));
}

/// Opens a mirror and reads all there is.
fn read(folder: &Path) -> Result<(), AuthorityError> {
    let authority = Authority::open(folder)?;
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    for entry in authority.entries().take(100).chain([authority.entry(super::EntryId(u32::MAX))]) {
        let _ =
            (entry.iri(), entry.kind(), entry.born(), entry.point(), entry.frequency(), entry.replaced_by());
        let _ =
            (entry.labels().count(), entry.types().count(), entry.notes().count(), entry.same_as().count());
        let _ = (entry.broader().count(), entry.occupations().count(), authority.by_iri(&entry.iri()));
    }
    for text in ["Sibelius, Jean", "Järnefelt", "Helsingors", "J. S."] {
        authority.candidates(&Name::parse(text), None, 10, &mut scratch, &mut out);
        let _ = (authority.suggest(text, None, 5), authority.by_key(&Name::parse(text).key(), None).count());
    }
    authority.verify()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_damaged_mirror_is_told_from_a_whole_one(
        faults in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..9_u8), 80),
    ) {
        let (folder, _) = built(&several());
        let folder = folder.path();
        read(folder).unwrap();
        for (file, place, bit) in faults {
            let path = folder.join(super::FILES[file.index(super::FILES.len())]);
            let whole = fs::read(&path).unwrap();
            let mut damaged = whole.clone();
            let place = place.index(whole.len());
            if bit == 8 {
                damaged.truncate(place);
            } else {
                damaged[place] ^= 1 << bit;
            }
            // A new file, as a mapped one must stay as it is.
            fs::remove_file(&path).unwrap();
            fs::write(&path, &damaged).unwrap();
            prop_assert!(read(folder).is_err(), "{} at {}: {}", path.display(), place, bit);
            fs::remove_file(&path).unwrap();
            fs::write(&path, &whole).unwrap();
        }
        read(folder).unwrap();
    }
}

#[test]
fn what_is_missing_is_named() {
    let (folder, _) = built(&several());
    for name in super::FILES.into_iter().chain([super::ABOUT]) {
        let path = folder.path().join(name);
        let whole = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let error = Authority::open(folder.path()).unwrap_err();
        assert!(matches!(&error, AuthorityError::Disk { path, .. } if path.ends_with(name)), "{error}");
        fs::write(&path, whole).unwrap();
    }
    fs::write(folder.path().join(super::ABOUT), "{").unwrap();
    let error = Authority::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("about.json is damaged") && error.contains("aarre authority add"), "{error}");
}
