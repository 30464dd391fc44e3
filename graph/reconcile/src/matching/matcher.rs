//! The judge: identifiers, then keys, then candidates.

use super::compare::{Buffers, Names, compare, rarity};
use super::features::{Bearers, Born, Died, Family, Features, Given, Rivals, Sort, Words};
use super::hold::{Hold, dates, hold};
use super::mention::Mention;
use super::model::{Model, weigh};
use crate::Kind;
use crate::authority::{self, Authority, Candidate, EntryId};
use std::ops::Range;

/// How sure a link must be.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The share of right links among those made without a person that is aimed at.
    pub precision: f32,
    /// From which probability a candidate is shown for review.
    pub review: f32,
    /// How many candidates of an authority are compared.
    pub candidates: usize,
    /// By how much the logarithm of the odds of the best candidate must exceed the next one's.
    pub margin: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { precision: 0.98, review: 0.2, candidates: 24, margin: 2.0 }
    }
}

/// What becomes of a mention, or of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Outcome {
    /// Nothing is likely enough.
    #[default]
    None,
    /// A person should look.
    Review,
    /// They are the same.
    Linked,
}

/// What an outcome rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// The records give an identifier of the entry, or of one that its authority says is the same.
    Identifier,
    /// A name has the entry's key, and dates or kind agree.
    ExactKey,
    /// The features together.
    Model,
}

/// A candidate that was considered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// The place of its authority among those of the matcher.
    pub authority: usize,
    /// The entry.
    pub entry: EntryId,
    /// How likely it is the one that is meant, 0 to 1.
    pub probability: f32,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What that rests on.
    pub method: Method,
    /// What keeps it from being linked without a person.
    pub hold: Option<Hold>,
    /// In what they agree.
    pub features: Features,
}

/// What was found for a mention.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Verdict {
    /// The best that became of a candidate.
    pub outcome: Outcome,
    /// What that rests on.
    pub method: Option<Method>,
    /// The candidates that were considered, by authority, the likeliest first.
    pub candidates: Vec<Judged>,
}

impl Verdict {
    /// The candidates that are linked, at most one of an authority.
    pub fn linked(&self) -> impl Iterator<Item = &Judged> {
        self.candidates.iter().filter(|judged| judged.outcome == Outcome::Linked)
    }
}

/// Memory that a thread keeps from one mention to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    found: authority::Scratch,
    candidates: Vec<Candidate>,
    names: Names,
    buffers: Buffers,
    key: String,
    ranges: Vec<Range<usize>>,
    entries: Vec<EntryId>,
    features: Vec<Features>,
    by_name: Vec<f32>,
    scores: Vec<f32>,
}

/// Finds the entries of some authorities that mentions mean.
#[derive(Debug, Clone)]
pub struct Matcher {
    authorities: Vec<(String, Authority)>,
    settings: Settings,
    model: Model,
    /// The place of the authority that the mentions themselves are entries of.
    own: Option<usize>,
}

impl Matcher {
    /// A matcher over authorities, each with its short name, by the published model.
    #[must_use]
    pub fn new(authorities: &[(&str, Authority)], settings: &Settings) -> Self {
        Self::with_model(authorities, settings, Model::published().clone())
    }

    /// A matcher by another model.
    #[must_use]
    pub fn with_model(authorities: &[(&str, Authority)], settings: &Settings, model: Model) -> Self {
        let authorities =
            authorities.iter().map(|(name, authority)| ((*name).to_owned(), authority.clone())).collect();
        Self { authorities, settings: settings.clone(), model, own: None }
    }

    /// Says that the mentions are entries of the authority of this place: nothing is found to be the same as itself.
    #[must_use]
    pub fn within(self, own: usize) -> Self {
        Self { own: Some(own), ..self }
    }

    /// The entry that the mention itself is, in an authority.
    fn itself(&self, mention: &Mention, place: usize, authority: &Authority) -> Option<EntryId> {
        (self.own == Some(place)).then(|| authority.by_iri(&mention.iri)).flatten()
    }

    /// The authorities with their names.
    #[must_use]
    pub fn authorities(&self) -> &[(String, Authority)] {
        &self.authorities
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Judges a mention.
    #[must_use]
    pub fn judge(&self, mention: &Mention, scratch: &mut Scratch) -> Verdict {
        let mut verdict = Verdict::default();
        self.judge_into(mention, scratch, &mut verdict);
        verdict
    }

    /// As [`Matcher::judge`], into the memory of an earlier verdict.
    pub fn judge_into(&self, mention: &Mention, scratch: &mut Scratch, verdict: &mut Verdict) {
        verdict.candidates.clear();
        let mut read = false;
        for (place, (_, authority)) in self.authorities.iter().enumerate() {
            if self.by_identifier(mention, place, authority, &mut verdict.candidates) {
                continue;
            }
            if !read {
                scratch.names.read(mention);
                read = true;
            }
            if !self.by_key(mention, place, authority, scratch, &mut verdict.candidates) {
                self.by_model(mention, place, authority, scratch, &mut verdict.candidates);
            }
        }
        if self.authorities.len() > 1 {
            self.across(&mut verdict.candidates);
        }
        let best = verdict.candidates.iter().max_by(|a, b| {
            a.outcome
                .cmp(&b.outcome)
                .then(b.method.cmp(&a.method))
                .then(a.probability.total_cmp(&b.probability))
        });
        verdict.outcome = best.map(|judged| judged.outcome).unwrap_or_default();
        verdict.method = best.map(|judged| judged.method);
    }

    /// The features of a mention and one entry with the names of all candidates left out of account, and their score. For
    /// who asks after a pair: a review page, a service.
    pub fn compare(
        &self,
        mention: &Mention,
        authority: usize,
        entry: EntryId,
        scratch: &mut Scratch,
    ) -> (Features, f32) {
        let Some((_, of)) = self.authorities.get(authority) else { return Default::default() };
        scratch.names.read(mention);
        let entry = of.entry(entry);
        let (features, _) = compare(mention, &scratch.names, of, &entry, &self.model, &mut scratch.buffers);
        let kind = kind_of(mention, entry.kind());
        (features, self.model.probability(kind, self.model.score(kind, &features)))
    }

    /// The entries that the mention's identifiers lead to.
    fn by_identifier(
        &self,
        mention: &Mention,
        place: usize,
        authority: &Authority,
        out: &mut Vec<Judged>,
    ) -> bool {
        let from = out.len();
        for id in mention.identifiers.iter().filter_map(|identifier| authority.by_iri(identifier)) {
            if out.iter().skip(from).any(|judged| judged.entry == id) {
                continue;
            }
            let entry = authority.entry(id);
            let features = facts(mention, entry.kind(), entry.born(), entry.died());
            let hold = if features.is(Sort::different) {
                Some(Hold::Kind)
            } else {
                dates(&features).then_some(Hold::Dates)
            };
            out.push(Judged {
                authority: place,
                entry: id,
                probability: if hold.is_some() { 0.5 } else { 1.0 },
                outcome: if hold.is_some() { Outcome::Review } else { Outcome::Linked },
                method: Method::Identifier,
                hold,
                features,
            });
        }
        if out.len() > from + 1 {
            for judged in out.iter_mut().skip(from) {
                (judged.outcome, judged.hold) = (Outcome::Review, Some(Hold::Contradiction));
                judged.probability = judged.probability.min(0.5);
            }
        }
        out.len() > from
    }

    /// The entries with the mention's keys, where these decide: dates of a life agree, or it is no person.
    fn by_key(
        &self,
        mention: &Mention,
        place: usize,
        authority: &Authority,
        scratch: &mut Scratch,
        out: &mut Vec<Judged>,
    ) -> bool {
        let kind = (mention.kind != Kind::Unknown).then_some(mention.kind);
        scratch.entries.clear();
        for name in scratch.names.all() {
            scratch.key.clear();
            name.key_into(&mut scratch.ranges, &mut scratch.key);
            scratch.entries.extend(authority.by_key(&scratch.key, kind).take(self.settings.candidates));
        }
        scratch.entries.sort_unstable();
        scratch.entries.dedup();
        if let Some(itself) = self.itself(mention, place, authority) {
            scratch.entries.retain(|id| *id != itself);
        }
        if scratch.entries.is_empty() || !may_decide(mention, authority, &scratch.entries) {
            return false;
        }
        let from = out.len();
        self.weigh_all(mention, place, authority, scratch, Method::ExactKey, out);
        let decided = out.get(from).is_some_and(|best| {
            let person = matches!(best_kind(mention, authority, best), Kind::Person | Kind::Family);
            let dated = best.features.is(Born::same) || best.features.is(Died::same);
            best.outcome == Outcome::Linked && (dated || !person)
        });
        if !decided {
            out.truncate(from);
        }
        decided
    }

    fn by_model(
        &self,
        mention: &Mention,
        place: usize,
        authority: &Authority,
        scratch: &mut Scratch,
        out: &mut Vec<Judged>,
    ) {
        let kind = (mention.kind != Kind::Unknown).then_some(mention.kind);
        let Scratch { names, found, candidates, entries, .. } = &mut *scratch;
        for name in names.all() {
            authority.candidates(name, kind, self.settings.candidates, found, candidates);
            entries.extend(candidates.iter().map(|candidate| candidate.entry));
        }
        entries.sort_unstable();
        entries.dedup();
        if let Some(itself) = self.itself(mention, place, authority) {
            entries.retain(|id| *id != itself);
        }
        self.weigh_all(mention, place, authority, scratch, Method::Model, out);
    }

    /// Compares the mention with the entries that were found and appends what becomes of each, the likeliest first.
    fn weigh_all(
        &self,
        mention: &Mention,
        place: usize,
        authority: &Authority,
        scratch: &mut Scratch,
        method: Method,
        out: &mut Vec<Judged>,
    ) {
        let Scratch { names, buffers, entries, features, by_name, scores, .. } = scratch;
        features.clear();
        by_name.clear();
        scores.clear();
        for id in entries.iter() {
            let entry = authority.entry(*id);
            let (of_entry, score) = compare(mention, names, authority, &entry, &self.model, buffers);
            features.push(of_entry);
            // Candidates whose names do not fit at all are no rivals.
            by_name.push(if fits(&of_entry) { score } else { f32::NEG_INFINITY });
        }
        let rarity = rarity(names, authority);
        let fitting = by_name.iter().filter(|score| score.is_finite()).count();
        for ((id, features), own) in entries.iter().zip(features.iter_mut()).zip(by_name.iter()) {
            features.set(rarity);
            if own.is_finite() {
                let better = by_name.iter().any(|score| *score > own + 0.01);
                let as_well = by_name.iter().filter(|score| **score > own - 0.01).count();
                features.set(match as_well {
                    _ if better => Bearers::better,
                    0 | 1 => Bearers::one,
                    2 => Bearers::two,
                    3..=5 => Bearers::several,
                    _ => Bearers::many,
                });
                features.set(if fitting > 1 { Rivals::some } else { Rivals::none });
            }
            scores.push(self.model.score(kind_of(mention, authority.entry(*id).kind()), features));
        }
        let (mut first, mut second) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
        for score in scores.iter() {
            if *score > first {
                (first, second) = (*score, first);
            } else {
                second = second.max(*score);
            }
        }
        weigh(scores);
        let stand_in = names.all().first().is_some_and(crate::names::Name::is_stand_in);
        let from = out.len();
        for ((id, features), score) in entries.iter().zip(features.iter()).zip(scores.iter()) {
            let kind = kind_of(mention, authority.entry(*id).kind());
            let mut probability = self.model.probability(kind, *score);
            let hold = hold(kind, stand_in, features)
                .or_else(|| (first - second < self.settings.margin).then_some(Hold::Ambiguous));
            if hold == Some(Hold::Ambiguous) {
                // Of two that are nearly as likely, neither is likelier than not.
                probability = probability.min(0.5);
            }
            let sure =
                self.model.threshold(kind, self.settings.precision).is_some_and(|least| probability >= least);
            let outcome = match (sure && hold.is_none(), probability >= self.settings.review) {
                (true, _) => Outcome::Linked,
                (false, true) => Outcome::Review,
                _ => Outcome::None,
            };
            let features = *features;
            out.push(Judged { authority: place, entry: *id, probability, outcome, method, hold, features });
        }
        if let Some(found) = out.get_mut(from..) {
            found.sort_by(|a, b| {
                b.outcome
                    .cmp(&a.outcome)
                    .then(b.probability.total_cmp(&a.probability))
                    .then(a.entry.cmp(&b.entry))
            });
            // One mention is one entry: what is linked is the likeliest.
            for judged in found.iter_mut().skip(1).filter(|judged| judged.outcome == Outcome::Linked) {
                judged.outcome = Outcome::Review;
            }
        }
    }

    /// What authorities say of each other: an entry that the entry linked in one is said to be the same as is linked in the
    /// other, unless another is, which contradicts.
    fn across(&self, judged: &mut Vec<Judged>) {
        let linked: Vec<Judged> =
            judged.iter().filter(|judged| judged.outcome == Outcome::Linked).copied().collect();
        for one in &linked {
            let entry = self.authorities[one.authority].1.entry(one.entry);
            for iri in entry.same_as() {
                for (place, (_, authority)) in self.authorities.iter().enumerate() {
                    if place == one.authority {
                        continue;
                    }
                    let Some(id) = authority.by_iri(&iri) else { continue };
                    let met = judged
                        .iter()
                        .position(|other| other.authority == place && other.outcome == Outcome::Linked);
                    match met.map(|met| judged[met].entry == id) {
                        Some(true) => {}
                        Some(false) => {
                            for other in judged.iter_mut() {
                                let both = other.authority == place
                                    || other.authority == one.authority && other.entry == one.entry;
                                if both && other.outcome == Outcome::Linked {
                                    (other.outcome, other.hold) =
                                        (Outcome::Review, Some(Hold::Contradiction));
                                }
                            }
                        }
                        None => {
                            let again =
                                judged.iter_mut().find(|other| other.authority == place && other.entry == id);
                            let through = Judged {
                                authority: place,
                                entry: id,
                                outcome: Outcome::Linked,
                                method: Method::Identifier,
                                hold: None,
                                ..*one
                            };
                            match again {
                                // A person's word on why not weighs more.
                                Some(again)
                                    if again.hold.is_some() && again.hold != Some(Hold::Ambiguous) => {}
                                Some(again) => *again = Judged { features: again.features, ..through },
                                None => judged.push(through),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What can be compared without the names.
fn facts(mention: &Mention, kind: Kind, born: Option<crate::Years>, died: Option<crate::Years>) -> Features {
    let mut features = Features::default();
    super::compare::facts(mention, kind, born, died, &mut features);
    features
}

fn best_kind(mention: &Mention, authority: &Authority, judged: &Judged) -> Kind {
    kind_of(mention, authority.entry(judged.entry).kind())
}

fn kind_of(mention: &Mention, entry: Kind) -> Kind {
    if mention.kind == Kind::Unknown { entry } else { mention.kind }
}

/// Whether a key can decide: it does for no person or family without a certain year in common.
fn may_decide(mention: &Mention, authority: &Authority, entries: &[EntryId]) -> bool {
    let certain = |years: Option<crate::Years>| years.filter(|years| years.from == years.to);
    let same = |one, other| certain(one).is_some() && certain(one) == certain(other);
    entries.iter().any(|id| {
        let entry = authority.entry(*id);
        !matches!(kind_of(mention, entry.kind()), Kind::Person | Kind::Family)
            || same(mention.born, entry.born())
            || same(mention.died, entry.died())
    })
}

/// Whether the names alone would let the entry be the one.
fn fits(features: &Features) -> bool {
    features.at_least(Family::near) && (features.at_least(Given::near) || features.is(Given::missing))
        || features.at_least(Words::words)
}
