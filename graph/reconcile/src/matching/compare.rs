//! A mention beside an entry: every feature of the two.

use super::features::{
    Beside, Born, Died, Family, Features, Given, Known, Label, Lifetime, Occupation, Place, Rarity, Sort,
};
use super::mention::Mention;
use super::model::Model;
use super::{person, words};
use crate::authority::{Authority, Entry, normalised};
use crate::names::{Name, PartKind, fold_into, key};
use crate::{Kind, Role, Years};
use std::borrow::Cow;

/// More names of an entry than this are not compared.
const MOST_LABELS: usize = 400;
/// Names of more words are compared each.
const MOST_WORDS: usize = 8;
/// How many levels of places are climbed.
const LEVELS: usize = 6;

/// Memory for comparing.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    label: Name,
    one: String,
    other: String,
}

/// The names of a mention, taken apart once for all candidates.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<Name>, usize);

impl Names {
    /// Takes the names of a mention apart, into the memory of the last one's.
    pub(super) fn read(&mut self, mention: &Mention) {
        self.1 = mention.labels.len();
        if self.0.len() < self.1 {
            self.0.resize_with(self.1, Name::default);
        }
        for (name, label) in self.0.iter_mut().zip(&mention.labels) {
            read_as(name, &label.text, mention.kind);
        }
    }

    pub(super) fn all(&self) -> &[Name] {
        self.0.get(..self.1).unwrap_or_default()
    }
}

pub(super) fn read_as(name: &mut Name, text: &str, kind: Kind) {
    match kind {
        Kind::Person | Kind::Family => name.read_person(text),
        Kind::Unknown => name.read(text),
        _ => name.read_plain(text),
    }
}

/// The features of a mention and an entry: of all pairs of names the one that speaks most for a link. With them, how much
/// the names alone speak for it.
pub(super) fn compare(
    mention: &Mention,
    names: &Names,
    authority: &Authority,
    entry: &Entry<'_>,
    model: &Model,
    buffers: &mut Buffers,
) -> (Features, f32) {
    let kind = if mention.kind == Kind::Unknown { entry.kind() } else { mention.kind };
    let mut best: Option<(f32, Features)> = None;
    let mut agreed: Option<Words> = None;
    for (label, numbers) in entry.labels_with_words().take(MOST_LABELS) {
        let words = Words::of(numbers);
        // The same words in another order cannot agree better than in all.
        if words.is_some() && words == agreed {
            continue;
        }
        // A name that is written as the record writes it is taken apart already.
        let known = mention.labels.iter().position(|own| own.text == label.text);
        let known = known.filter(|_| mention.kind != Kind::Unknown).and_then(|place| names.all().get(place));
        let of_entry = match known {
            Some(name) => name,
            None => {
                read_as(&mut buffers.label, &label.text, kind);
                &buffers.label
            }
        };
        for name in names.all() {
            let mut met = Features::default();
            if is_personal(name) && is_personal(of_entry) {
                person::compare(name, of_entry, &mut met);
            } else {
                words::compare(name, of_entry, &mut met);
            }
            met.set(match label.role {
                Role::Preferred => Label::preferred,
                Role::Alternative => Label::alternative,
                Role::Hidden => Label::hidden,
            });
            if label.role == Role::Preferred && agrees(&met) && is_plain(name) && is_plain(of_entry) {
                agreed = words;
            }
            let score = model.score(kind, &met);
            if best.is_none_or(|(found, _)| score > found) {
                best = Some((score, met));
            }
        }
    }
    let (score, mut features) = best.unwrap_or((f32::NEG_INFINITY, Features::default()));
    facts(mention, entry.kind(), entry.born(), entry.died(), &mut features);
    features.set(place(mention, authority, entry));
    features.set(occupation(mention, entry, buffers));
    features.set(beside(mention, entry, buffers));
    (features, score)
}

/// The numbers of the words of a name, in order of the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Words([u32; MOST_WORDS]);

impl Words {
    /// Nothing for a name of no words or of too many.
    fn of(numbers: impl Iterator<Item = u32>) -> Option<Self> {
        let (mut words, mut count) = ([u32::MAX; MOST_WORDS], 0);
        for number in numbers {
            *words.get_mut(count)? = number;
            count += 1;
        }
        words.sort_unstable();
        (count > 0).then_some(Self(words))
    }
}

/// Whether family and given names agree in all.
fn agrees(features: &Features) -> bool {
    features.is(Family::same) && features.at_least(Given::same)
}

/// Whether a name has nothing but family and given names, which are the same in any order.
fn is_plain(name: &Name) -> bool {
    name.parts().iter().all(|part| matches!(part.kind, PartKind::Family | PartKind::Given))
}

/// What can be compared without the names: kind and dates.
pub(super) fn facts(
    mention: &Mention,
    kind: Kind,
    born: Option<Years>,
    died: Option<Years>,
    features: &mut Features,
) {
    features.set(match (mention.kind, kind) {
        (Kind::Unknown, _) | (_, Kind::Unknown) => Sort::unknown,
        (one, other) if one.meets(other) => Sort::same,
        _ => Sort::different,
    });
    features.set(years(mention.born, born, &[Born::far, Born::apart, Born::near, Born::fits, Born::same]));
    features.set(years(mention.died, died, &[Died::far, Died::apart, Died::near, Died::fits, Died::same]));
    features.set(lifetime(mention.active, born, died));
}

/// How rare the family name of a mention is in the authority, by its rarest word. A small authority says little of that.
pub(super) fn rarity(names: &Names, authority: &Authority) -> Rarity {
    const LEAST: u32 = 4000;
    let Some(name) = names.all().first().filter(|_| authority.len() >= LEAST) else { return Rarity::unknown };
    let family =
        name.parts().iter().filter(|part| part.kind == PartKind::Family && name.folded(part).len() > 1);
    let Some(fewest) = family.map(|part| authority.bearers(name.spelled(part))).min() else {
        return Rarity::unknown;
    };
    match u64::from(fewest) * 100_000 / u64::from(authority.len()) {
        0..=20 => Rarity::rare,
        21..=60 => Rarity::uncommon,
        61..=150 => Rarity::usual,
        _ => Rarity::common,
    }
}

/// Whether the name has parts of a person's name.
fn is_personal(name: &Name) -> bool {
    name.parts()
        .iter()
        .any(|part| matches!(part.kind, PartKind::Family | PartKind::Given | PartKind::Initial))
}

fn years<K: Known + Default>(one: Option<Years>, other: Option<Years>, steps: &[K; 5]) -> K {
    let (Some(one), Some(other)) = (one, other) else { return K::default() };
    let certain = one.from == one.to && other.from == other.to;
    match one.apart(other) {
        0 if certain => steps[4],
        0 => steps[3],
        1..=2 => steps[2],
        3..=10 => steps[1],
        _ => steps[0],
    }
}

/// Whether someone who lived then can have made what was made in these years. Nobody works before the age of five.
fn lifetime(active: Option<Years>, born: Option<Years>, died: Option<Years>) -> Lifetime {
    let Some(active) = active else { return Lifetime::unknown };
    match (born, died) {
        (None, None) => Lifetime::unknown,
        (Some(born), _) if active.to < born.from.saturating_add(5) => Lifetime::impossible,
        (_, Some(died)) if active.from > died.to => Lifetime::late,
        _ => Lifetime::possible,
    }
}

fn place(mention: &Mention, authority: &Authority, entry: &Entry<'_>) -> Place {
    let distance = mention.point.zip(entry.point()).map(|(one, other)| one.kilometres(other));
    if distance.is_some_and(|kilometres| kilometres <= 15.0) {
        return Place::near;
    }
    let contained = contained(mention, authority, entry);
    match distance {
        _ if contained == Place::within && distance.is_none_or(|kilometres| kilometres <= 150.0) => {
            Place::within
        }
        Some(kilometres) if kilometres > 50.0 => Place::far,
        _ if contained == Place::within => Place::unknown,
        _ => contained,
    }
}

/// Whether a place that the mention lies in is one that the entry lies in, by IRI or by name.
fn contained(mention: &Mention, authority: &Authority, entry: &Entry<'_>) -> Place {
    if mention.within.is_empty() {
        return Place::unknown;
    }
    let within: Vec<String> = mention.within.iter().map(|place| place_key(place)).collect();
    let mut told = false;
    // `Springfield (Ohio)` tells where it is in brackets.
    for label in entry.labels().filter(|label| label.text.contains(['(', ','])).take(MOST_LABELS) {
        let (_, behind) = label.text.split_once(['(', ',']).unwrap_or_default();
        let behind = place_key(behind.trim_end_matches(')'));
        told = true;
        if within.contains(&behind) {
            return Place::within;
        }
    }
    let mut level: Vec<String> = entry.broader().map(Cow::into_owned).collect();
    for _ in 0..LEVELS {
        let mut next = Vec::new();
        for iri in level.drain(..) {
            told = true;
            if within.contains(&place_key(&iri)) {
                return Place::within;
            }
            let Some(id) = authority.by_iri(&iri) else { continue };
            let above = authority.entry(id);
            if above.labels().take(MOST_LABELS).any(|label| within.contains(&place_key(&label.text))) {
                return Place::within;
            }
            next.extend(above.broader().map(Cow::into_owned));
        }
        next.sort_unstable();
        next.dedup();
        next.truncate(64);
        level = next;
    }
    if told { Place::other } else { Place::unknown }
}

/// An IRI as it is compared, or a name's key.
fn place_key(place: &str) -> String {
    if place.contains("://") { normalised(place).into_owned() } else { key(place) }
}

fn occupation(mention: &Mention, entry: &Entry<'_>, buffers: &mut Buffers) -> Occupation {
    if mention.occupations.is_empty() {
        return Occupation::unknown;
    }
    let (mut told, Buffers { one, other, .. }) = (false, buffers);
    for theirs in entry.occupations() {
        told = true;
        for ours in &mention.occupations {
            one.clear();
            other.clear();
            fold_into(&theirs, one);
            fold_into(ours, other);
            if !one.is_empty() && one == other || normalised(&theirs) == normalised(ours) {
                return Occupation::shared;
            }
        }
    }
    if told { Occupation::different } else { Occupation::unknown }
}

/// Whether a name beside the mention in its records stands in the notes of the entry, all of its words next to each other.
fn beside(mention: &Mention, entry: &Entry<'_>, buffers: &mut Buffers) -> Beside {
    if mention.beside.is_empty() {
        return Beside::unknown;
    }
    let (mut told, Buffers { one, other, .. }) = (false, buffers);
    for note in entry.notes().take(MOST_LABELS) {
        told = true;
        one.clear();
        one.push(' ');
        fold_into(&note.text, one);
        one.push(' ');
        for name in &mention.beside {
            other.clear();
            other.push(' ');
            fold_into(name, other);
            other.push(' ');
            // A short word alone stands everywhere.
            if other.len() > 6 && one.contains(other.as_str()) {
                return Beside::shared;
            }
        }
    }
    if told { Beside::none } else { Beside::unknown }
}
