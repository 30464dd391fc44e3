//! The model: weights of the values of features, and what a score has meant where the truth is known.
//!
//! A logistic model for each kind of entity. Its weights are `weights.tsv`; along the values of a feature, from the worst to
//! the best, they never fall, and "not known" has a weight of its own. The scores of the candidates of one mention are
//! weighed against each other and against "none of them": two candidates that are equally good are each less than even.
//! `calibration.tsv` says which share of links was right at a score like that. Both tables are made again by
//! `cargo run -p graph-reconcile --example train`, from gold sets; their heads say from which.

use super::features::{Feature, Features};
use crate::Kind;
use std::sync::LazyLock;

/// No feature has more values.
const VALUES: usize = 12;

/// The model that the program comes with.
static PUBLISHED: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_str!("weights.tsv"), include_str!("calibration.tsv")));

/// The kinds that have a model of their own.
pub(super) const KINDS: [Kind; 5] =
    [Kind::Person, Kind::Organization, Kind::Place, Kind::Concept, Kind::Period];

/// Weights and calibration for each kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    version: String,
    kinds: [OfKind; KINDS.len()],
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct OfKind {
    pub(super) bias: f32,
    pub(super) weights: [[f32; VALUES]; Feature::ALL.len()],
    /// From the lowest score to the highest.
    pub(super) steps: Vec<Step>,
}

/// What a score has meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    /// The lowest score of the step.
    pub(super) score: f32,
    /// The share of right links among those with such a score.
    pub(super) probability: f32,
    /// The share of right links among those with such a score or a higher one, as far as the gold is sure of it.
    pub(super) precision: f32,
}

impl Model {
    /// The model that the program comes with.
    #[must_use]
    pub fn published() -> &'static Self {
        &PUBLISHED
    }

    /// Reads the two tables. Rows that name nothing known are passed over; a test holds that there are none.
    #[must_use]
    pub fn read(weights: &str, calibration: &str) -> Self {
        let version = weights.lines().find_map(|line| line.strip_prefix("# version: "));
        let mut model = Self {
            version: version.unwrap_or_default().to_owned(),
            kinds: std::array::from_fn(|_| OfKind::default()),
        };
        for cells in rows(weights) {
            let [kind, feature, value, weight] = cells.as_slice() else { continue };
            let (Some(of), Ok(weight)) = (place_of(kind), weight.parse()) else { continue };
            if *feature == "bias" {
                model.kinds[of].bias = weight;
            } else if let Some((feature, number)) = named(feature, value) {
                model.kinds[of].weights[feature as usize][number] = weight;
            }
        }
        for cells in rows(calibration) {
            let [kind, score, probability, precision, ..] = cells.as_slice() else { continue };
            if let (Some(of), Ok(score), Ok(probability), Ok(precision)) =
                (place_of(kind), score.parse(), probability.parse(), precision.parse())
            {
                model.kinds[of].steps.push(Step { score, probability, precision });
            }
        }
        for of in &mut model.kinds {
            of.steps.sort_by(|a, b| a.score.total_cmp(&b.score));
        }
        model
    }

    /// Its version, which stands in the evidence of links.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    pub(super) fn of(&self, kind: Kind) -> &OfKind {
        &self.kinds[number(kind)]
    }

    /// The logarithm of the odds that mention and entry are one, before other candidates are looked at.
    #[must_use]
    pub fn score(&self, kind: Kind, features: &Features) -> f32 {
        let of = self.of(kind);
        let weight = |(feature, weights): (&Feature, &[f32; VALUES])| {
            weights.get(features.number(*feature)).copied().unwrap_or_default()
        };
        of.bias + Feature::ALL.iter().zip(&of.weights).map(weight).sum::<f32>()
    }

    /// The probability that a score, weighed against the other candidates, has meant; between the steps on a line.
    #[must_use]
    pub fn probability(&self, kind: Kind, score: f32) -> f32 {
        let steps = &self.of(kind).steps;
        let above = steps.partition_point(|step| step.score <= score);
        let logistic = || 1.0 / (1.0 + (-score).exp());
        match (above.checked_sub(1).and_then(|below| steps.get(below)), steps.get(above)) {
            (Some(below), Some(next)) => {
                let along = (score - below.score) / (next.score - below.score);
                below.probability + along * (next.probability - below.probability)
            }
            (Some(last), None) => last.probability,
            (None, Some(first)) => first.probability.min(logistic()),
            (None, None) => logistic(),
        }
    }

    /// The lowest probability at which, links at it and above taken together, the share of right ones was at least this;
    /// `None` when the gold is not enough to be so sure. No link is ten times less certain than all of them together.
    #[must_use]
    pub fn threshold(&self, kind: Kind, precision: f32) -> Option<f32> {
        let step = self.of(kind).steps.iter().find(|step| step.precision >= precision)?;
        // The tables have four figures: what is as near as that is the same.
        Some(step.probability.max(1.0 - 10.0 * (1.0 - precision)).max(0.5) - 0.0005)
    }
}

/// The score of each candidate of one mention, weighed against the others and against none of them.
pub(super) fn weigh(scores: &mut [f32]) {
    // With the greatest taken out first, no power is too large.
    let greatest = f64::from(scores.iter().copied().fold(0.0_f32, f32::max));
    let power = |score: f32| (f64::from(score) - greatest).exp();
    let all = (-greatest).exp() + scores.iter().map(|score| power(*score)).sum::<f64>();
    for score in scores {
        let others = (all - power(*score)).max(1e-12);
        #[expect(clippy::cast_possible_truncation, reason = "a score of no more than some dozens")]
        let weighed = (f64::from(*score) - greatest - others.ln()) as f32;
        *score = weighed;
    }
}

fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
}

fn place_of(kind: &str) -> Option<usize> {
    KINDS.iter().position(|known| known.name() == kind)
}

fn number(kind: Kind) -> usize {
    // A family's name is read like a person's; of what nobody says the kind, the names are compared as words.
    match kind {
        Kind::Person | Kind::Family => 0,
        Kind::Organization => 1,
        Kind::Place => 2,
        Kind::Concept | Kind::Unknown => 3,
        Kind::Period => 4,
    }
}

/// A feature and the place of one of its values, by their names.
pub(super) fn named(feature: &str, value: &str) -> Option<(Feature, usize)> {
    let feature = *Feature::ALL.iter().find(|known| known.name() == feature)?;
    let number = feature.values().iter().position(|(name, _)| *name == value)?;
    Some((feature, number))
}
