//! Items of several datasets that are of one edition, linked and led to one work.
//!
//! Every item of a library is read once and written down under each of its keys ([`graph_reconcile::editions`]); sorted by
//! key on the disk, those with one key come together and are compared. A key that many items of different editions have
//! (a report of a hundred years under one title) is bounded by the number of editions that are held beside each other. What
//! is found is sorted by the pair, so that the best ground of a pair counts and a run over the same records ends in the
//! same statements. In memory are one key's editions, and two numbers for each item that is linked.
//!
//! Items are never merged: `bf:hasEquivalent` says that both describe the same edition, with the evidence in an assertion;
//! `bf:instanceOf` leads all of them to one work, the first by IRI of those that the records name, or one of the name that a
//! record with creator and title would give it. Both stand in the graph of links. What might be one edition and is not sure
//! waits for a decision like every other link.

mod clusters;
mod item;
#[cfg(test)]
mod tests;

use super::entity::Entities;
use super::gather::Gathered;
use super::link::{Link, Says};
use super::{ReconcileError, Reconciled};
use clusters::Clusters;
use graph_index::files::Records;
use graph_reconcile::decisions::{Decisions, Standing};
use graph_reconcile::editions::{Grounds, Likeness, compare};
use item::Item;
use std::collections::HashMap;
use std::path::Path;

/// How much memory sorting takes before it goes to the disk.
const MEMORY: usize = 64 << 20;
/// So many editions of one key are held beside each other.
const MOST: usize = 64;
/// So many proposals are made for one item by one key.
const PROPOSED: usize = 2;

/// Finds what is of one edition and says it.
pub(super) fn find(
    entities: &Entities,
    state: &Decisions,
    scratch: &Path,
    gathered: &mut Gathered<'_>,
    report: &mut Reconciled,
) -> Result<(), ReconcileError> {
    if entities.graphs().len() < 2 {
        return Ok(());
    }
    let folder = scratch.join("editions");
    // What an earlier run left, when it was stopped, is of no use.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)
        .map_err(|source| ReconcileError::Disk { path: folder.clone(), source })?;
    let mut decided = Decided::of(entities, state);
    let by_key = by_key(entities, &folder, &mut decided)?;
    let mut pairs = Records::new(&folder, "pairs", MEMORY);
    compare_all(by_key, &mut pairs, report)?;
    decided.accepted(&mut pairs)?;
    let mut clusters = Clusters::new(&folder, decided.apart())?;
    say(pairs, state, &mut clusters, gathered, report)?;
    let (out, _) = gathered.parts();
    clusters.works(&folder, entities, out, report)
}

/// The items that decisions are about.
struct Decided {
    items: HashMap<String, Option<Item>>,
    pairs: Vec<(String, String, Standing)>,
}

impl Decided {
    fn of(entities: &Entities, state: &Decisions) -> Self {
        let base = entities.base();
        let is_item = |iri: &str| base.owns(iri) && Entities::shared_kind(base, iri).is_none();
        let pairs: Vec<_> = state
            .pairs()
            .into_iter()
            .filter(|(one, other, ..)| is_item(one) && is_item(other))
            .map(|(one, other, standing, _)| (one.to_owned(), other.to_owned(), standing))
            .collect();
        let items =
            pairs.iter().flat_map(|(one, other, _)| [one, other]).map(|iri| (iri.clone(), None)).collect();
        Self { items, pairs }
    }

    fn item(&self, iri: &str) -> Option<&Item> {
        self.items.get(iri).and_then(Option::as_ref)
    }

    /// Adds the pairs that somebody accepted, whether or not anything else speaks for them.
    fn accepted(&self, pairs: &mut Records) -> Result<(), ReconcileError> {
        for (one, other, _) in self.pairs.iter().filter(|(.., standing)| *standing == Standing::Accepted) {
            if let Some((one, other)) = self.item(one).zip(self.item(other)) {
                let grounds =
                    Grounds { likeness: Likeness::Other, score: 0.0, number: None, words: Vec::new() };
                pairs.push(&pair(one, other, &grounds)).map_err(disk)?;
            }
        }
        Ok(())
    }

    /// The numbers of those that must not come to be of one edition.
    fn apart(&self) -> Vec<(u32, u32)> {
        let apart = self.pairs.iter().filter(|(.., standing)| *standing != Standing::Accepted);
        apart.filter_map(|(one, other, _)| Some((self.item(one)?.number, self.item(other)?.number))).collect()
    }
}

/// Every item of a library under each of its keys.
fn by_key(entities: &Entities, folder: &Path, decided: &mut Decided) -> Result<Records, ReconcileError> {
    let mut by_key = Records::new(folder, "keys", MEMORY);
    let mut bytes = Vec::new();
    item::each(entities, &mut |item| {
        for key in item.edition.keys().filter(|key| item.is_compared && !key.contains('\0')) {
            bytes.clear();
            bytes.extend_from_slice(key.as_bytes());
            bytes.push(0);
            item.write(&mut bytes);
            by_key.push(&bytes).map_err(disk)?;
        }
        if let Some(wanted) = decided.items.get_mut(&item.iri) {
            *wanted = Some(item);
        }
        Ok(())
    })?;
    Ok(by_key)
}

/// Compares what has a key in common.
fn compare_all(by_key: Records, pairs: &mut Records, report: &mut Reconciled) -> Result<(), ReconcileError> {
    let mut sorted = by_key.finish().map_err(disk)?;
    let (mut key, mut beside): (Vec<u8>, Vec<(usize, Item)>) = (Vec::new(), Vec::new());
    let (mut editions, mut too_many) = (0, false);
    while let Some(record) = sorted.pull().map_err(disk)? {
        let end = record.iter().position(|byte| *byte == 0).unwrap_or(record.len());
        let (of, rest) = record.split_at(end);
        if of != key {
            key.clear();
            key.extend_from_slice(of);
            beside.clear();
            (editions, too_many) = (0, false);
        }
        let Some(item) = rest.get(1..).and_then(Item::read) else { continue };
        let (mut same, mut proposed) = (None, 0);
        for (edition, other) in beside.iter().filter(|(_, other)| other.dataset != item.dataset) {
            let grounds = compare(&other.edition, &item.edition);
            match grounds.likeness {
                Likeness::Same => same = Some(*edition),
                Likeness::Review if proposed < PROPOSED => proposed += 1,
                _ => continue,
            }
            pairs.push(&pair(other, &item, &grounds)).map_err(disk)?;
            if same.is_some() {
                // All others of this edition are linked with it already.
                break;
            }
        }
        // Two stand for an edition, of two datasets, so that there is one that an item of either can be compared with.
        let stand_for = same.map_or(0, |same| beside.iter().filter(|(edition, _)| *edition == same).count());
        if stand_for >= 2 {
            continue;
        }
        if editions < MOST || same.is_some() {
            beside.push((same.unwrap_or(editions), item));
            editions += usize::from(same.is_none());
        } else if !too_many {
            too_many = true;
            report.crowded += 1;
        }
    }
    Ok(())
}

/// A pair as a record: both IRIs, the better grounds first, and what is needed to say it.
fn pair(one: &Item, other: &Item, grounds: &Grounds) -> Vec<u8> {
    let (one, other) = if one.iri <= other.iri { (one, other) } else { (other, one) };
    let mut bytes = Vec::new();
    for item in [one, other] {
        bytes.extend_from_slice(item.iri.as_bytes());
        bytes.push(0);
    }
    // A number proves more than a score, so what has one comes first.
    bytes.push(2 - grounds.likeness as u8);
    bytes.push(u8::from(grounds.number.is_none()));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1")]
    let score = (grounds.score.clamp(0.0, 1.0) * 1000.0).round() as u16;
    bytes.extend_from_slice(&(1000 - score).to_be_bytes());
    item::write_texts(&mut bytes, [grounds.number.as_deref().unwrap_or_default()].into_iter());
    item::write_texts(&mut bytes, grounds.words.iter().copied());
    one.write(&mut bytes);
    other.write(&mut bytes);
    bytes
}

/// What [`pair`] wrote.
struct Pair {
    one: Item,
    other: Item,
    likeness: u8,
    score: f32,
    number: Option<String>,
    words: Vec<String>,
}

impl Pair {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.splitn(3, |byte| *byte == 0).nth(2)?;
        let (head, behind) = rest.split_first_chunk::<4>()?;
        rest = behind;
        let number = item::read_texts(&mut rest)?.into_iter().next().filter(|number| !number.is_empty());
        let words = item::read_texts(&mut rest)?;
        let one = Item::take(&mut rest)?;
        let other = Item::take(&mut rest)?;
        let score = f32::from(1000_u16.checked_sub(u16::from_be_bytes([head[2], head[3]]))?) / 1000.0;
        Some(Self { one, other, likeness: 2 - head[0].min(2), score, number, words })
    }
}

/// Says every pair once, by its best grounds and as decisions leave it.
fn say(
    pairs: Records,
    state: &Decisions,
    clusters: &mut Clusters,
    gathered: &mut Gathered<'_>,
    report: &mut Reconciled,
) -> Result<(), ReconcileError> {
    let mut sorted = pairs.finish().map_err(disk)?;
    let mut last = (String::new(), String::new());
    while let Some(record) = sorted.pull().map_err(disk)? {
        let Some(pair) = Pair::read(record) else { continue };
        if (pair.one.iri.as_str(), pair.other.iri.as_str()) == (last.0.as_str(), last.1.as_str()) {
            continue;
        }
        last = (pair.one.iri.clone(), pair.other.iri.clone());
        let decision = match state.standing(&pair.one.iri, &pair.other.iri) {
            Some((Standing::Rejected | Standing::Never, _)) => continue,
            Some((Standing::Accepted, decision)) => Some(decision),
            None => None,
        };
        let (out, met) = gathered.parts();
        met.extend(decision.map(|decision| decision.id));
        let mut link = Link::decided(&pair.one.iri, &pair.other.iri, Says::Edition);
        if pair.likeness > 0 {
            link.probability = pair.score;
            link.method = match pair.number {
                Some(_) => "the same standard number, and what else is known agrees",
                None => "title, year and who made it, and what else is known agrees",
            };
            link.features = pair.words.clone();
            link.features.extend(pair.number.as_ref().map(|number| format!("both have {number}")));
        }
        let sure = decision.is_some() || pair.likeness == Likeness::Same as u8;
        if sure && clusters.join(&pair.one, &pair.other)? {
            report.editions += 1;
        } else if decision.is_some() {
            // It contradicts another decision, which is told with the contradictions.
            continue;
        } else {
            if sure {
                link.features.push("one is linked with another item that is never the same".to_owned());
            }
            link.says = Says::Close;
            report.editions_to_review += 1;
        }
        link.put(decision, out)?;
        report.links += 1;
    }
    Ok(())
}

fn disk(error: graph_index::IndexError) -> ReconcileError {
    ReconcileError::Authority(error.into())
}
