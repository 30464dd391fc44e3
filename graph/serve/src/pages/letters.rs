//! The alphabetical list of agents, places or subjects: those whose names begin with a letter.
//!
//! Names stand in the index in the order of their texts, so a letter is a range of it, whatever the size of the graph.

use crate::language::Language;
use crate::pages::Layout;
use crate::parameters::encode;
use crate::problem::Problem;
use crate::ranks::Ranks;
use crate::value::{Value, Words};
use graph_index::{Kind, TermId};
use graph_store::Snapshot;
use std::ops::Range;
use vocabularies::skos;

/// The letters of the languages that pages speak.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЮЯ";
/// How many names a page has, and how many of one letter are put in order.
const NAMES: usize = 240;
const SORTED: usize = 100_000;

/// A letter, with the way to its list.
pub(super) struct Letter {
    pub(super) letter: char,
    pub(super) href: String,
    pub(super) current: bool,
}

/// The names that begin with a letter.
#[derive(Default)]
pub(super) struct Names {
    pub(super) names: Vec<Value>,
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
}

/// The letters that names of the kind begin with.
pub(super) fn letters(
    ranks: Ranks<'_>,
    at: &Layout,
    kind: &str,
    base: &str,
    current: Option<char>,
) -> Vec<Letter> {
    let own = own(ranks, base, kind);
    let begins = |letter: &char| found(ranks, *letter).any(|(_, subject)| own.contains(&subject));
    LETTERS
        .chars()
        .filter(begins)
        .map(|letter| Letter {
            letter,
            href: at.href(&format!("/browse/{kind}?letter={}", encode(&letter.to_string()))),
            current: current == Some(letter),
        })
        .collect()
}

fn own(ranks: Ranks<'_>, base: &str, kind: &str) -> Range<u32> {
    let prefix = format!("{base}/id/{kind}/");
    ranks.index.terms().starting_with(Kind::NamedNode, &prefix).unwrap_or_default()
}

/// The names that begin with a letter, large or small, with those who have them.
fn found(ranks: Ranks<'_>, letter: char) -> impl Iterator<Item = (u32, u32)> {
    let terms = ranks.index.terms();
    let names =
        terms.id(skos::PREF_LABEL.into()).map(|property| ranks.index.statements().by_object(property));
    let names = names.unwrap_or_default();
    let small: String = letter.to_lowercase().collect();
    let forms = [letter.to_string(), small];
    let kinds = [Kind::String, Kind::LanguageString];
    let ranges: Vec<_> = forms
        .iter()
        .flat_map(|form| kinds.map(|kind| terms.starting_with(kind, form).unwrap_or_default()))
        .collect();
    ranges.into_iter().flat_map(move |range| {
        let pairs = names.range(range);
        pairs.keys.iter().copied().zip(pairs.values.iter().copied())
    })
}

/// A page of the names: each under its name in the language of the page, or under any that it has.
pub(super) fn names(
    ranks: Ranks<'_>,
    snapshot: &Snapshot,
    at: &Layout,
    (kind, letter, from): (&str, char, usize),
    words: &mut Words<'_>,
) -> Result<Names, Problem> {
    let own = own(ranks, words.place.base(), kind);
    let mut named: Vec<(String, String)> = Vec::new();
    for (name, subject) in found(ranks, letter).filter(|(_, subject)| own.contains(subject)).take(SORTED) {
        let Some(text) = fitting(ranks, name, subject, words.language) else { continue };
        named.push((text, ranks.text(subject)));
    }
    named.sort_by_cached_key(|(text, iri)| (text.to_lowercase(), iri.clone()));
    named.dedup_by(|one, other| one.1 == other.1);
    let page: Vec<&(String, String)> = named.iter().skip(from).take(NAMES).collect();
    words.learn(snapshot, page.iter().map(|(_, iri)| iri.as_str()))?;
    let step =
        |to: usize| at.href(&format!("/browse/{kind}?letter={}&from={to}", encode(&letter.to_string())));
    Ok(Names {
        names: page.iter().map(|(text, iri)| Value { text: text.clone(), ..words.iri(iri) }).collect(),
        previous: (from > 0).then(|| step(from.saturating_sub(NAMES))),
        next: (from.saturating_add(NAMES) < named.len()).then(|| step(from.saturating_add(NAMES))),
    })
}

/// The text of a name, unless the entity has another one in the language of the page.
fn fitting(ranks: Ranks<'_>, name: u32, subject: u32, language: Language) -> Option<String> {
    let read =
        |id: u32| ranks.index.terms().with_text(TermId(id), |text, _, tag| (text.to_owned(), tag.to_owned()));
    let speaks = |tag: &str| tag.split('-').next() == Some(language.tag());
    let (text, tag) = read(name);
    let others = ranks.objects(TermId(subject), skos::PREF_LABEL).values;
    let fits = tag.is_empty() || speaks(&tag) || !others.iter().any(|other| speaks(&read(*other).1));
    fits.then_some(text)
}
