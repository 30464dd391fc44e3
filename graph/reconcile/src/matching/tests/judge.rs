//! What is counted of a set that was judged.

use super::gold::{Gold, hash};
use crate::authority::{Authority, EntryId};
use crate::matching::{Matcher, Mention, Model, Outcome, Scratch, Settings};
use crate::names::{fold, key};
use std::fmt;

/// What a way of matching says of a mention: the entry that it links and the best probability that it gives to one.
pub(super) struct Said {
    pub(super) linked: Option<EntryId>,
    pub(super) best: Option<(EntryId, f32)>,
    pub(super) review: bool,
}

/// Counts over a set, with the authority whole and without the entries that are meant.
#[derive(Debug, Default, Clone)]
pub(super) struct Counts {
    /// Mentions whose entry is there, and how many of them were linked rightly and wrongly.
    pub(super) present: u32,
    pub(super) right: u32,
    pub(super) wrong: u32,
    /// Of these, for how many the right entry is linked or first of those to review.
    pub(super) shown: u32,
    /// Mentions whose entry is not there, and how many were linked nevertheless.
    pub(super) absent: u32,
    pub(super) false_links: u32,
    /// Best probabilities in ten bins: how many, their sum, how many right.
    bins: [(u32, f64, u32); 10],
}

impl Counts {
    /// The share of right links, of mentions that are there.
    pub(super) fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrong).max(1))
    }

    /// The share of right links when as many mentions are absent as there are in the set.
    pub(super) fn strict(&self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrong + self.false_links).max(1))
    }

    pub(super) fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from(self.present.max(1))
    }

    /// The expected calibration error of the best candidates' probabilities, over both authorities.
    pub(super) fn calibration_error(&self) -> f64 {
        let all: u32 = self.bins.iter().map(|(count, ..)| count).sum();
        let gaps = self.bins.iter().map(|(_, sum, right)| (sum - f64::from(*right)).abs());
        gaps.sum::<f64>() / f64::from(all.max(1))
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.present += other.present;
        self.right += other.right;
        self.wrong += other.wrong;
        self.shown += other.shown;
        self.absent += other.absent;
        self.false_links += other.false_links;
        for (bin, (count, sum, right)) in self.bins.iter_mut().zip(other.bins) {
            *bin = (bin.0 + count, bin.1 + sum, bin.2 + right);
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>5} present, {:>5} right, {:>3} wrong, {:>5} absent, {:>3} linked: precision {:.4} (strict {:.4}), recall {:.3}, shown {:.3}, ECE {:.3}",
            self.present,
            self.right,
            self.wrong,
            self.absent,
            self.false_links,
            self.precision(),
            self.strict(),
            self.recall(),
            f64::from(self.shown) / f64::from(self.present.max(1)),
            self.calibration_error()
        )
    }
}

/// Judges the mentions that are wanted, with the authority whole and without the entries that are meant.
pub(super) fn judge(
    set: &Gold,
    authorities: &[Authority; 2],
    wanted: impl Fn(&str) -> bool,
    mut way: impl FnMut(usize, &Mention) -> Said,
) -> Counts {
    let mut counts = Counts::default();
    for (number, authority) in authorities.iter().enumerate() {
        for (mention, right) in set.mentions.iter().filter(|(mention, _)| wanted(&mention.iri)) {
            if right.is_none() && number == 1 {
                continue;
            }
            let said = way(number, mention);
            let is_right = |entry: EntryId| right.as_deref() == Some(&*authority.entry(entry).iri());
            if let Some((entry, probability)) = said.best {
                let bin = &mut counts.bins[((probability * 10.0) as usize).min(9)];
                *bin = (bin.0 + 1, bin.1 + f64::from(probability), bin.2 + u32::from(is_right(entry)));
            }
            if right.is_some() && number == 0 {
                counts.present += 1;
                match said.linked {
                    Some(entry) if is_right(entry) => counts.right += 1,
                    Some(_) => counts.wrong += 1,
                    None => {}
                }
                counts.shown += u32::from(
                    said.best.is_some_and(|(entry, _)| is_right(entry))
                        && (said.linked.is_some() || said.review),
                );
            } else {
                counts.absent += 1;
                counts.false_links += u32::from(said.linked.is_some());
            }
        }
    }
    counts
}

/// The two authorities of a set.
pub(super) fn authorities(set: &Gold) -> [Authority; 2] {
    [set.authority(true), set.authority(false)]
}

/// The matcher as a way of matching.
pub(super) fn by_model<'a>(
    authorities: &[Authority; 2],
    model: &Model,
    precision: f32,
) -> impl FnMut(usize, &Mention) -> Said + use<'a> {
    let settings = Settings { precision, ..Settings::default() };
    let matchers = [0, 1].map(|number| {
        Matcher::with_model(&[("gold", authorities[number].clone())], &settings, model.clone())
    });
    let mut scratch = Scratch::default();
    move |number, mention| {
        let verdict = matchers[number].judge(mention, &mut scratch);
        let best = verdict.candidates.first();
        Said {
            linked: verdict.linked().next().map(|judged| judged.entry),
            best: best.map(|judged| (judged.entry, judged.probability)),
            review: verdict.outcome == Outcome::Review,
        }
    }
}

/// Links a mention when exactly one entry has a name of the same key.
pub(super) fn by_exact_name(authorities: &[Authority; 2]) -> impl FnMut(usize, &Mention) -> Said + '_ {
    move |number, mention| {
        let key = key(&mention.labels[0].text);
        let mut found = authorities[number].by_key(&key, None);
        let linked = found.next().filter(|_| found.next().is_none());
        Said { linked, best: None, review: false }
    }
}

/// Links the entry whose words, sorted, are most like the mention's (the token sort ratio of rapidfuzz), from a ratio on; of
/// equal ones the first.
pub(super) fn by_token_sort(
    authorities: &[Authority; 2],
    least: f64,
) -> impl FnMut(usize, &Mention) -> Said + use<'_> {
    let names = [0, 1].map(|number: usize| {
        let of = |entry: crate::authority::Entry<'_>| {
            entry.labels().map(|label| (entry.id(), sorted(&label.text))).collect::<Vec<_>>()
        };
        authorities[number].entries().flat_map(of).collect::<Vec<(EntryId, String)>>()
    });
    move |number, mention| {
        let name = sorted(&mention.labels[0].text);
        let mut best: Option<(f64, EntryId)> = None;
        for (entry, other) in &names[number] {
            let most = name.len() + other.len();
            let bound = 1.0 - name.len().abs_diff(other.len()) as f64 / most.max(1) as f64;
            if bound < least || best.is_some_and(|(found, _)| bound <= found) {
                continue;
            }
            let ratio = 2.0 * longest_common(name.as_bytes(), other.as_bytes()) as f64 / most.max(1) as f64;
            if ratio >= least && best.is_none_or(|(found, _)| ratio > found) {
                best = Some((ratio, *entry));
            }
        }
        let likeness = best.map(|(ratio, entry)| (entry, ratio as f32));
        Said { linked: best.map(|(_, entry)| entry), best: likeness, review: false }
    }
}

fn sorted(text: &str) -> String {
    let folded = fold(text);
    let mut words: Vec<&str> = folded.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

/// The length of the longest common subsequence of two texts, the first of at most 64 bytes, in bits (Hyyrö 2004).
fn longest_common(one: &[u8], other: &[u8]) -> u32 {
    let one = &one[..one.len().min(64)];
    let mut masks = [0_u64; 256];
    for (place, byte) in one.iter().enumerate() {
        masks[usize::from(*byte)] |= 1 << place;
    }
    let mut row = u64::MAX;
    for byte in other {
        let met = row & masks[usize::from(*byte)];
        row = row.wrapping_add(met) | (row - met);
    }
    (!row & (u64::MAX >> (64 - one.len().max(1)))).count_ones()
}

/// Mentions that the model is judged by.
pub(super) fn is_held_out(iri: &str) -> bool {
    !super::gold::is_for_training(iri)
}

#[test]
fn the_halves_are_even() {
    let training =
        (0..1000).filter(|number| hash(&format!("http://x.org/{number}")).is_multiple_of(2)).count();
    assert!((450..550).contains(&training), "{training}");
    assert_eq!(longest_common(b"rembrandt", b"rembrant"), 8);
    assert_eq!(longest_common(b"abc", b"xyz"), 0);
}
