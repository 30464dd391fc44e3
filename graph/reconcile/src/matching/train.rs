//! How the weights and the calibration are made: from pairs of which it is known whether they are one.
//!
//! Weights: logistic regression, drawn towards weights set by hand where the gold says little, with weights that never
//! fall from the worst value of a feature to the best. Calibration: isotonic regression of the right links on the score, on
//! mentions that the weights were not made from (five parts, each scored by weights made from the other four). Nothing is
//! random: the same examples give the same tables to the byte.

use super::features::{Feature, Features};
use super::model::{KINDS, Model, weigh};
use crate::Kind;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How strongly weights are drawn towards those set by hand, in examples.
const DRAW: f64 = 2.0;
/// Steps of the descent.
const STEPS: usize = 1200;
/// Parts of the examples for the calibration.
const PARTS: u64 = 5;
/// A step of the calibration rests on at least so many candidates.
const LEAST: usize = 20;

/// A mention with its candidates, and which of them it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its kind.
    pub kind: Kind,
    /// What parts the examples: a hash of the mention.
    pub hash: u64,
    /// The candidates: in what they agree, whether it is the right one, whether something keeps it from being linked.
    pub candidates: Vec<(Features, bool, bool)>,
}

/// The tables that were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trained {
    /// Rows of the weights, without a head.
    pub weights: String,
    /// Rows of the calibration, without a head.
    pub calibration: String,
}

/// Makes weights and calibration of examples. Kinds without examples keep the weights set by hand and get no calibration.
#[must_use]
pub fn train(examples: &[Example], by_hand: &Model) -> Trained {
    let mut trained = Trained { weights: String::new(), calibration: String::new() };
    for kind in KINDS {
        let of_kind: Vec<&Example> = examples.iter().filter(|example| example.kind == kind).collect();
        let start = Weights::of(by_hand, kind);
        let weights = start.clone().fitted(&of_kind);
        weights.write(kind, &mut trained.weights);
        calibrate(kind, &of_kind, &start, &mut trained.calibration);
    }
    trained
}

#[derive(Debug, Clone)]
struct Weights {
    bias: f64,
    values: Vec<Vec<f64>>,
}

impl Weights {
    fn of(model: &Model, kind: Kind) -> Self {
        let of = model.of(kind);
        let values = Feature::ALL.iter().zip(&of.weights).map(|(feature, weights)| {
            weights.iter().take(feature.values().len()).map(|weight| f64::from(*weight)).collect()
        });
        Self { bias: f64::from(of.bias), values: values.collect() }
    }

    fn score(&self, features: &Features) -> f64 {
        let values = Feature::ALL.iter().zip(&self.values);
        self.bias + values.map(|(feature, of)| of[features.number(*feature)]).sum::<f64>()
    }

    /// The weights that explain the examples best while staying near these.
    fn fitted(self, examples: &[&Example]) -> Self {
        // The same features come again and again: they are counted once, with how many were right.
        let mut counted: BTreeMap<Vec<usize>, (Features, f64, f64)> = BTreeMap::new();
        for (features, right, _) in examples.iter().flat_map(|example| &example.candidates) {
            let place = Feature::ALL.iter().map(|feature| features.number(*feature)).collect();
            let row = counted.entry(place).or_insert((*features, 0.0, 0.0));
            row.1 += 1.0;
            row.2 += f64::from(u8::from(*right));
        }
        if counted.is_empty() {
            return self;
        }
        // A feature that is the same in all examples tells nothing; its weights stay.
        let varies: Vec<bool> = Feature::ALL
            .iter()
            .map(|feature| {
                let mut numbers = counted.values().map(|(features, ..)| features.number(*feature));
                let first = numbers.next();
                numbers.any(|number| Some(number) != first)
            })
            .collect();
        let start = self.clone();
        let mut weights = self;
        let mut speed = weights.clone();
        speed.bias = 0.0;
        speed.values.iter_mut().flatten().for_each(|value| *value = 0.0);
        // Adagrad: a value that is rare moves as far as one that is common.
        for _ in 0..STEPS {
            let mut slope = weights.clone();
            slope.bias = DRAW * 0.2 * (weights.bias - start.bias);
            for (slope, (now, at)) in slope
                .values
                .iter_mut()
                .flatten()
                .zip(weights.values.iter().flatten().zip(start.values.iter().flatten()))
            {
                *slope = DRAW * (now - at);
            }
            for (features, count, right) in counted.values() {
                let error = count / (1.0 + (-weights.score(features)).exp()) - right;
                slope.bias += error;
                for ((feature, of), varies) in Feature::ALL.iter().zip(&mut slope.values).zip(&varies) {
                    of[features.number(*feature)] += if *varies { error } else { 0.0 };
                }
            }
            let follow = |value: &mut f64, speed: &mut f64, slope: f64| {
                *speed += slope * slope;
                *value -= 0.3 * slope / (speed.sqrt() + 1e-9);
            };
            follow(&mut weights.bias, &mut speed.bias, slope.bias);
            for (of, (speed, slope)) in
                weights.values.iter_mut().zip(speed.values.iter_mut().zip(&slope.values))
            {
                for (value, (speed, slope)) in of.iter_mut().zip(speed.iter_mut().zip(slope)) {
                    follow(value, speed, *slope);
                }
                rising(of);
            }
        }
        weights
    }

    fn write(&self, kind: Kind, out: &mut String) {
        let _ = writeln!(out, "{kind}\tbias\tbias\t{:.3}", self.bias);
        for (feature, weights) in Feature::ALL.iter().zip(&self.values) {
            for ((value, _), weight) in feature.values().iter().zip(weights) {
                // What is nothing is not written; a minus before nothing would be another byte.
                if weight.abs() >= 0.0005 {
                    let _ = writeln!(out, "{kind}\t{}\t{value}\t{weight:.3}", feature.name());
                }
            }
        }
    }
}

/// Makes the weights behind "not known" never fall, moving each as little as possible: those that do become their mean.
fn rising(weights: &mut [f64]) {
    let Some((_, steps)) = weights.split_first_mut() else { return };
    let levels = pooled(steps.iter().map(|weight| (*weight, 1.0)));
    let mut place = 0;
    for (mean, count) in levels {
        for step in steps.iter_mut().skip(place).take(count) {
            *step = mean;
        }
        place += count;
    }
}

/// The nearest values that never fall, as levels with how many values each takes the place of (pool adjacent violators).
fn pooled(values: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, usize)> {
    let mut levels: Vec<(f64, f64, usize)> = Vec::new();
    for (value, weight) in values {
        levels.push((value, weight, 1));
        while let [.., (before, before_weight, before_count), (last, last_weight, last_count)] =
            levels.as_slice()
            && before >= last
        {
            let weight = before_weight + last_weight;
            let level =
                ((before * before_weight + last * last_weight) / weight, weight, before_count + last_count);
            levels.truncate(levels.len() - 2);
            levels.push(level);
        }
    }
    levels.into_iter().map(|(value, _, count)| (value, count)).collect()
}

/// A candidate scored by weights that were not made from its mention.
struct Scored {
    score: f64,
    right: bool,
    /// Whether nothing keeps it from being linked and no other of its mention has a higher score.
    free: bool,
}

fn calibrate(kind: Kind, examples: &[&Example], start: &Weights, out: &mut String) {
    let mut scored = Vec::new();
    for part in 0..PARTS {
        let (own, others): (Vec<&Example>, Vec<&Example>) =
            examples.iter().copied().partition(|example| example.hash % PARTS == part);
        let weights = start.clone().fitted(&others);
        for example in own {
            #[expect(clippy::cast_possible_truncation, reason = "scores are small")]
            let mut scores: Vec<f32> =
                example.candidates.iter().map(|(features, ..)| weights.score(features) as f32).collect();
            weigh(&mut scores);
            let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            for (score, (_, right, held)) in scores.iter().zip(&example.candidates) {
                let free = !held && *score >= best;
                scored.push(Scored { score: f64::from(*score), right: *right, free });
            }
        }
    }
    // Of a few dozens nothing is known: such a kind has no calibration, and is not linked without a person.
    if scored.len() < 5 * LEAST {
        return;
    }
    scored.sort_by(|a, b| a.score.total_cmp(&b.score).then(a.right.cmp(&b.right)).then(a.free.cmp(&b.free)));
    // Steps of like scores, then of like shares.
    let mut steps: Vec<(f64, f64, f64)> = Vec::new();
    for chunk in chunks(&scored) {
        let right = chunk.iter().filter(|candidate| candidate.right).count() as f64;
        let score = chunk.iter().map(|candidate| candidate.score).sum::<f64>() / chunk.len() as f64;
        steps.push((score, right / chunk.len() as f64, chunk.len() as f64));
    }
    let levels = pooled(steps.iter().map(|(_, share, count)| (*share, *count)));
    let mut place = 0;
    for (share, count) in levels {
        let group = &steps[place..place + count];
        place += count;
        // The ends of a level, so that the line between two levels is short.
        let mut ends = vec![group[0].0];
        if count > 1 {
            ends.push(group[count - 1].0);
        }
        for score in ends {
            let above = scored.iter().filter(|candidate| candidate.free && candidate.score >= score);
            let (all, right) =
                above.fold((0, 0), |(all, right), candidate| (all + 1, right + u32::from(candidate.right)));
            // As many as one wrong and one right more than was seen: a small count is no certainty.
            let precision = (f64::from(right) + 1.0) / (f64::from(all) + 2.0);
            let share = share.clamp(0.001, 0.999);
            let _ = writeln!(out, "{kind}\t{score:.3}\t{share:.4}\t{precision:.4}\t{all}");
        }
    }
}

/// Cuts the scored candidates, sorted, into pieces of the same size; those of one score stay together.
fn chunks(scored: &[Scored]) -> Vec<&[Scored]> {
    let mut chunks = Vec::new();
    let mut rest = scored;
    while !rest.is_empty() {
        let mut end = LEAST.min(rest.len());
        while end < rest.len() && rest[end].score <= rest[end - 1].score {
            end += 1;
        }
        if rest.len() - end < LEAST {
            end = rest.len();
        }
        let (chunk, behind) = rest.split_at(end);
        chunks.push(chunk);
        rest = behind;
    }
    chunks
}
