//! Homonyms give no link, and one thing in two forms gives one: a table of pairs in one small authority.

use crate::authority::{About, Authority, Builder, Draft};
use crate::matching::{Matcher, Mention, Scratch, Settings};
use crate::{Kind, Label, Years};

struct Pair {
    same: bool,
    mention: Mention,
    entry: Draft,
}

fn kind(name: &str) -> Kind {
    *Kind::ALL.iter().find(|kind| kind.name() == name).unwrap()
}

fn year(text: &str) -> Option<Years> {
    (!text.is_empty()).then(|| Years::one(text.parse().unwrap()))
}

fn list(text: &str) -> Vec<String> {
    text.split(';').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn pairs() -> Vec<Pair> {
    let rows = include_str!("pairs.tsv").lines().filter(|line| !line.starts_with('#')).enumerate();
    rows.map(|(number, line)| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [same, sort, name, born, died, within, names, entry_born, entry_died, entry_within] =
            cells.as_slice()
        else {
            panic!("{line}")
        };
        let labels = |names: &str| list(names).into_iter().map(Label::preferred).collect::<Vec<_>>();
        let mention = Mention {
            iri: format!("https://example.org/id/mention/{number}"),
            kind: kind(sort),
            labels: labels(name),
            born: year(born),
            died: year(died),
            within: list(within),
            ..Mention::default()
        };
        let entry = Draft {
            iri: format!("https://example.org/authority/{number}"),
            kind: kind(sort),
            labels: labels(names),
            born: year(entry_born),
            died: year(entry_died),
            broader: list(entry_within),
            ..Draft::default()
        };
        Pair { same: *same == "yes", mention, entry }
    })
    .collect()
}

#[test]
fn homonyms_are_not_linked_and_forms_of_one_name_are() {
    let pairs = pairs();
    assert!(pairs.iter().filter(|pair| !pair.same).count() > 60);
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::new(folder.path()).unwrap();
    for pair in &pairs {
        builder.add(&pair.entry).unwrap();
    }
    builder.finish(About::default()).unwrap();
    let authority = Authority::open(folder.path()).unwrap();
    // Nor does a lower aim for precision make a homonym a link.
    for precision in [0.9, 0.98] {
        let settings = Settings { precision, ..Settings::default() };
        let matcher = Matcher::new(&[("pairs", authority.clone())], &settings);
        let mut scratch = Scratch::default();
        let mut faults = Vec::new();
        for pair in &pairs {
            let verdict = matcher.judge(&pair.mention, &mut scratch);
            let linked: Vec<_> =
                verdict.linked().map(|judged| authority.entry(judged.entry).iri().into_owned()).collect();
            let right = if pair.same { linked == [pair.entry.iri.clone()] } else { linked.is_empty() };
            if !right {
                let best = verdict.candidates.first();
                let told = best.map(|judged| (judged.probability, judged.hold, judged.features.to_string()));
                faults.push(format!("{} → {linked:?}: {told:?}", pair.mention.labels[0].text));
            }
        }
        assert!(faults.is_empty(), "at {precision}:\n{}", faults.join("\n"));
    }
}
