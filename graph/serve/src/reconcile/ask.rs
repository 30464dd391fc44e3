//! One question and its answer, whatever version they are written in.

use super::properties::{Property, What, class, kind, type_of, years};
use super::services::Service;
use crate::language::Language;
use graph_reconcile::authority::{Entry, EntryId};
use graph_reconcile::matching::{Feature, Features, Mention, Outcome, Scratch};
use graph_reconcile::{Kind, Label, Point, Years};
use serde_json::Value;
use std::borrow::Cow;

/// How many candidates an answer has when the question does not say.
const USUAL: usize = 10;
/// How many it has at most.
const MOST: usize = 100;

/// Which entity is meant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Ask {
    /// The name, or an identifier.
    pub(super) name: Option<String>,
    /// The language of the name.
    pub(super) language: Option<String>,
    /// An identifier that it has to have.
    pub(super) id: Option<String>,
    /// Its types, any of them.
    pub(super) types: Vec<String>,
    /// Whether entities of other types are no candidates.
    pub(super) strict: bool,
    pub(super) limit: Option<usize>,
    pub(super) conditions: Vec<Condition>,
}

/// What is told of an entity besides its name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    /// The identifier of the property.
    pub(super) property: String,
    pub(super) values: Vec<String>,
    /// Whether who does not meet it is no candidate.
    pub(super) required: bool,
    pub(super) quantifier: Quantifier,
}

/// Which of the values have to be met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Quantifier {
    #[default]
    Any,
    All,
    None,
}

/// An entity that may be meant.
pub(super) struct Candidate {
    pub(super) entry: EntryId,
    /// 0 to 100: the probability that it is the same, in per cent.
    pub(super) score: f64,
    /// Whether it may be taken without asking anybody.
    pub(super) sure: bool,
    /// The features by name, each 0 to 1, as far as they are known.
    pub(super) features: Vec<(&'static str, f64)>,
}

impl Ask {
    /// The candidates, the best first.
    pub(super) fn candidates(&self, service: &Service, scratch: &mut Scratch) -> Vec<Candidate> {
        let limit = self.limit.unwrap_or(USUAL).min(MOST);
        if let Some(id) = self.id.as_deref().or(self.name.as_deref())
            && let Some(entry) = service.authority.by_iri(id)
        {
            return vec![Candidate { entry, score: 100.0, sure: true, features: Vec::new() }];
        }
        if self.id.is_some() {
            return Vec::new();
        }
        let verdict = service.matcher.judge(&self.mention(), scratch);
        verdict
            .candidates
            .iter()
            .filter(|judged| self.admits(&service.authority.entry(judged.entry)))
            .take(limit)
            .map(|judged| Candidate {
                entry: judged.entry,
                score: f64::from(judged.probability) * 100.0,
                sure: judged.outcome == Outcome::Linked,
                features: graded(&judged.features),
            })
            .collect()
    }

    /// What the question says, as what a record would say.
    fn mention(&self) -> Mention {
        let kinds: Vec<Kind> = self.types.iter().filter_map(|id| kind(id)).collect();
        let kind = if let ([kind], true) = (kinds.as_slice(), self.strict) { *kind } else { Kind::Unknown };
        let mut mention = Mention { kind, ..Mention::default() };
        if let Some(name) = &self.name {
            let label = Label::preferred(name.clone());
            mention.labels.push(match &self.language {
                Some(language) => label.in_language(language.clone()),
                None => label,
            });
        }
        for condition in self.conditions.iter().filter(|condition| condition.quantifier != Quantifier::None) {
            let Some(property) = Property::of(&condition.property) else { continue };
            for value in &condition.values {
                match property.what {
                    What::Born => mention.born = mention.born.or_else(|| read_years(value)),
                    What::Died => mention.died = mention.died.or_else(|| read_years(value)),
                    What::Occupation => mention.occupations.push(value.clone()),
                    What::Broader => mention.within.push(value.clone()),
                    What::SameAs => mention.identifiers.push(value.clone()),
                    What::Name | What::OtherName => mention.labels.push(Label::alternative(value.clone())),
                    What::Point => mention.point = mention.point.or_else(|| read_point(value)),
                    What::Type | What::Note => {}
                }
            }
        }
        mention
    }

    /// Whether an entity is a candidate at all.
    fn admits(&self, entry: &Entry<'_>) -> bool {
        let of_type = self.types.is_empty()
            || !self.strict
            || self.types.iter().any(|id| {
                kind(id).is_some_and(|kind| kind.meets(entry.kind()))
                    || entry.types().any(|own| own == id.as_str())
            });
        of_type
            && self
                .conditions
                .iter()
                .filter(|condition| condition.required || condition.quantifier == Quantifier::None)
                .all(|condition| condition.is_met(entry))
    }
}

impl Condition {
    fn is_met(&self, entry: &Entry<'_>) -> bool {
        let Some(property) = Property::of(&self.property) else { return false };
        let has = |wanted: &String| {
            let years = match property.what {
                What::Born => entry.born().zip(read_years(wanted)),
                What::Died => entry.died().zip(read_years(wanted)),
                _ => {
                    let mut told = property.values(entry).into_iter();
                    return told.any(|told| is_like(&told.text, wanted));
                }
            };
            years.is_some_and(|(own, wanted)| own.meets(wanted))
        };
        match self.quantifier {
            Quantifier::Any => self.values.iter().any(has),
            Quantifier::All => self.values.iter().all(has),
            Quantifier::None => !self.values.iter().any(has),
        }
    }
}

/// Whether a value is the wanted one, in any case; a star at the end stands for anything.
fn is_like(value: &str, wanted: &str) -> bool {
    let (value, wanted) = (value.to_lowercase(), wanted.to_lowercase());
    wanted.strip_suffix('*').map_or_else(|| value == wanted, |beginning| value.starts_with(beginning))
}

/// The year of `1864`, `1864-01-01`, `-44` or `1860/1870`.
fn read_years(text: &str) -> Option<Years> {
    let year = |text: &str| -> Option<i16> {
        let text = text.trim();
        let sign = usize::from(text.starts_with('-'));
        let digits = text.get(sign..)?.split('-').next()?;
        text.get(..sign + digits.len())?.parse().ok()
    };
    match text.split_once('/') {
        Some((from, to)) => Some(Years::between(year(from)?, year(to)?)),
        None => year(text).map(Years::one),
    }
}

fn read_point(text: &str) -> Option<Point> {
    let (lat, long) = text.split_once(',')?;
    Point::new(lat.trim().parse().ok()?, long.trim().parse().ok()?)
}

/// The features that are known, each from 0, the worst of its values, to 1, the best.
fn graded(features: &Features) -> Vec<(&'static str, f64)> {
    let grade = |feature: Feature| {
        // The first of the values stands for "not known".
        let best = feature.values().len().saturating_sub(2).max(1);
        (feature.name(), features.number(feature).saturating_sub(1) as f64 / best as f64)
    };
    features.known().map(|(feature, _)| grade(feature)).collect()
}

/// What the entity is called: in the first of the languages that it has a name in, else its first name.
pub(super) fn name_of(entry: &Entry<'_>, asked: Option<&str>, language: Language) -> String {
    let languages: Vec<&str> = asked.into_iter().chain(language.preferences().iter().copied()).collect();
    entry.label(&languages).map_or_else(|| entry.iri().into_owned(), |label| label.text.into_owned())
}

/// What tells it from its namesakes: years, occupation, what it is part of, what is told of it.
pub(super) fn description(service: &Service, entry: &Entry<'_>, language: Language) -> String {
    let mut parts: Vec<String> = Vec::new();
    match (entry.born().map(years), entry.died().map(years)) {
        (None, None) => {}
        (born, died) => {
            parts.push(format!("{}–{}", born.unwrap_or_default(), died.unwrap_or_default()));
        }
    }
    parts.extend(entry.occupations().filter(|text| !text.contains("://")).take(3).map(Cow::into_owned));
    let wider = entry.broader().filter_map(|iri| service.authority.by_iri(&iri)).take(2);
    parts.extend(wider.map(|wider| name_of(&service.authority.entry(wider), None, language)));
    let mut text = parts.join(", ");
    if let Some(note) = entry.notes().next() {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.extend(note.text.chars().take(160));
    }
    text
}

/// The types of an entity: that of its kind, then those of its authority.
pub(super) fn types(entry: &Entry<'_>, language: Language) -> Vec<Value> {
    let own = class(entry.kind()).as_str();
    let others = entry.types().filter(|id| *id != own && !id.is_empty());
    std::iter::once(Cow::Borrowed(own))
        .filter(|_| entry.kind() != Kind::Unknown)
        .chain(others)
        .map(|id| type_of(&id, language))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_as_tables_write_them() {
        assert_eq!(read_years("1864"), Some(Years::one(1864)));
        assert_eq!(read_years("1864-01-01"), Some(Years::one(1864)));
        assert_eq!(read_years("-44"), Some(Years::one(-44)));
        assert_eq!(read_years("1860/1870"), Some(Years { from: 1860, to: 1870 }));
        assert_eq!(read_years("-44-03-15/-43"), Some(Years { from: -44, to: -43 }));
        for odd in ["", "-", "/", "about 1864", "99999", "1/", "ä"] {
            assert_eq!(read_years(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_star_stands_for_the_rest() {
        assert!(is_like("Politikerin", "politik*") && is_like("x", "*") && is_like("Ä", "ä"));
        assert!(!is_like("Politik", "politike*") && !is_like("Politiker", "politik"));
    }
}
