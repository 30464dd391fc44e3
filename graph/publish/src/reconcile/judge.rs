//! Judging all entities, on all cores, in order.

use super::entity::{Entities, draft};
use super::link::{Link, Says, in_words};
use super::{ReconcileError, clusters, enrich};
use crate::home::ReconcileConfig;
use graph_reconcile::Kind;
use graph_reconcile::authority::{Authority, EntryId, normalised};
use graph_reconcile::decisions::Decisions;
use graph_reconcile::matching::{Judged, Matcher, Mention, Outcome, Scratch, Settings, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many entities travel together.
const BATCH: usize = 64;
/// How many batches may wait.
const WAITING: usize = 8;
/// How many candidates of one authority are put to review at once, and how many are told as considered.
const PROPOSED: usize = 3;
const CONSIDERED: usize = 5;
/// How many names of broader entries are given to a mention as what it lies in.
const WITHIN: usize = 8;

/// What was found for an entity.
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) links: Vec<Linked>,
}

/// A link that was found: with an entry of the mirror of this place, or within the graph.
pub(super) struct Linked {
    pub(super) mirror: Option<(usize, EntryId)>,
    pub(super) link: Link,
}

/// Entities, and those that were merged into each.
type Batch = Vec<(String, Vec<String>)>;

/// All that judging needs.
pub(super) struct Judges<'j> {
    matcher: Matcher,
    /// For kinds that ask for another precision.
    special: BTreeMap<Kind, Matcher>,
    entities: &'j Entities,
    state: &'j Decisions,
    suspicious: &'j BTreeSet<String>,
    /// The place of the graph's own index, behind the mirrors.
    own: usize,
    graphs: Vec<String>,
}

impl<'j> Judges<'j> {
    pub(super) fn new(
        mirrors: &[(String, Authority)],
        own: Authority,
        config: &ReconcileConfig,
        entities: &'j Entities,
        state: &'j Decisions,
        suspicious: &'j BTreeSet<String>,
    ) -> Self {
        let mut all: Vec<(&str, Authority)> =
            mirrors.iter().map(|(name, mirror)| (name.as_str(), mirror.clone())).collect();
        all.push(("graph", own));
        let matcher = |precision: f32| {
            Matcher::new(&all, &Settings { precision, review: config.review, ..Settings::default() })
                .within(mirrors.len())
        };
        Self {
            matcher: matcher(config.precision),
            special: config.kinds.iter().map(|(kind, precision)| (*kind, matcher(*precision))).collect(),
            entities,
            state,
            suspicious,
            own: mirrors.len(),
            graphs: mirrors.iter().map(|(name, _)| enrich::graph(entities.base(), name)).collect(),
        }
    }

    /// Judges every entity and gives what was found in the order in which they were listed.
    pub(super) fn all(
        &self,
        take: &mut dyn FnMut(Found) -> Result<(), ReconcileError>,
    ) -> Result<(), ReconcileError> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let (batches_to, batches) = sync_channel::<(u64, Batch)>(WAITING);
        let batches = Mutex::new(batches);
        let (found_to, found) = sync_channel::<(u64, Result<Vec<Found>, ReconcileError>)>(WAITING);
        thread::scope(|scope| {
            let listing = scope.spawn(move || self.list(&batches_to));
            for _ in 0..cores {
                let (found_to, batches) = (found_to.clone(), &batches);
                scope.spawn(move || self.work(batches, &found_to));
            }
            drop(found_to);
            let taken = in_order(&found, take);
            // Whoever still waits to hand something over must not wait for ever.
            drop(found);
            if taken.is_err() {
                drain(&batches);
            }
            let listed = listing.join().map_err(|_| ReconcileError::Stopped)?;
            taken.and(listed)
        })
    }

    fn list(&self, batches: &SyncSender<(u64, Batch)>) -> Result<(), ReconcileError> {
        let (mut number, mut batch) = (0, Batch::new());
        let clusters = clusters(self.state);
        // Who hung up has failed, and says why itself.
        let mut hand_over = |batch: &mut Batch| {
            let _ = batches.send((number, std::mem::take(batch)));
            number += 1;
        };
        for (survivor, merged) in &clusters {
            batch.push((survivor.clone(), merged.clone()));
        }
        hand_over(&mut batch);
        self.entities.each(|iri| {
            if self.state.survivor(&iri) == iri && !clusters.contains_key(&iri) {
                batch.push((iri, Vec::new()));
                if batch.len() == BATCH {
                    hand_over(&mut batch);
                }
            }
            Ok(())
        })?;
        hand_over(&mut batch);
        Ok(())
    }

    fn work(
        &self,
        batches: &Mutex<Receiver<(u64, Batch)>>,
        found_to: &SyncSender<(u64, Result<Vec<Found>, ReconcileError>)>,
    ) {
        let (mut scratch, mut verdict) = (Scratch::default(), Verdict::default());
        loop {
            let next = batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((number, batch)) = next else { return };
            let found = batch
                .into_iter()
                .filter_map(|(iri, merged)| self.judge(&iri, &merged, &mut scratch, &mut verdict).transpose())
                .collect();
            if found_to.send((number, found)).is_err() {
                return;
            }
        }
    }

    fn judge(
        &self,
        iri: &str,
        merged: &[String],
        scratch: &mut Scratch,
        verdict: &mut Verdict,
    ) -> Result<Option<Found>, ReconcileError> {
        let mut said = self.entities.said(iri)?;
        for merged in merged {
            said.extend(self.entities.said(merged)?);
        }
        if said.is_empty() {
            return Ok(None);
        }
        let mut draft = draft(iri, &said);
        draft.same_as.retain(|same| !self.suspicious.contains(&*normalised(same)));
        let broader = std::mem::take(&mut draft.broader);
        let mut mention = self.entities.mention(draft)?;
        for broader in broader.into_iter().take(WITHIN) {
            mention.within.push(broader);
        }
        let matcher = self.special.get(&mention.kind).unwrap_or(&self.matcher);
        matcher.judge_into(&mention, scratch, verdict);
        let mut links = Vec::new();
        for place in 0..matcher.authorities().len() {
            self.chosen(&mention, matcher, place, verdict, &mut links);
        }
        Ok(Some(Found { kind: mention.kind, links }))
    }

    /// The links with one authority: the entry that is linked, or a few for review.
    fn chosen(
        &self,
        mention: &Mention,
        matcher: &Matcher,
        place: usize,
        verdict: &Verdict,
        links: &mut Vec<Linked>,
    ) {
        let Some((_, authority)) = matcher.authorities().get(place) else { return };
        let of: Vec<&Judged> = verdict.candidates.iter().filter(|judged| judged.authority == place).collect();
        let is_linked = of.iter().any(|judged| judged.outcome == Outcome::Linked);
        let wanted = if is_linked { Outcome::Linked } else { Outcome::Review };
        let chosen: Vec<&Judged> =
            of.iter().copied().filter(|judged| judged.outcome == wanted).take(PROPOSED).collect();
        for judged in &chosen {
            let entry = authority.entry(judged.entry);
            let mut features: Vec<String> =
                judged.features.known().map(|(_, (_, words))| words.to_owned()).collect();
            features.extend(judged.hold.map(|hold| hold.words().to_owned()));
            let considered = of
                .iter()
                .filter(|other| chosen.iter().all(|chosen| chosen.entry != other.entry))
                .take(CONSIDERED)
                .map(|other| authority.entry(other.entry).iri().into_owned())
                .collect();
            let within = place == self.own;
            let added = &authority.about().added;
            let mut link = Link {
                one: mention.iri.clone(),
                other: entry.iri().into_owned(),
                says: if is_linked { Says::Same } else { Says::Close },
                probability: judged.probability,
                method: in_words(judged.method),
                features,
                identifier: None,
                considered,
                mirror: self.graphs.get(place).cloned(),
                mirrored: (!within && !added.is_empty()).then(|| added.clone()),
            };
            if within && link.other < link.one {
                std::mem::swap(&mut link.one, &mut link.other);
            }
            links.push(Linked { mirror: (!within).then_some((place, judged.entry)), link });
        }
    }
}

/// Takes what was found in the order of the numbers.
fn in_order(
    found: &Receiver<(u64, Result<Vec<Found>, ReconcileError>)>,
    take: &mut dyn FnMut(Found) -> Result<(), ReconcileError>,
) -> Result<(), ReconcileError> {
    let (mut next, mut early) = (0, BTreeMap::new());
    for (number, batch) in found {
        early.insert(number, batch?);
        while let Some(batch) = early.remove(&next) {
            for found in batch {
                take(found)?;
            }
            next += 1;
        }
    }
    Ok(())
}

/// Lets the thread that lists come to its end.
fn drain(batches: &Mutex<Receiver<(u64, Batch)>>) {
    while batches.lock().unwrap_or_else(PoisonError::into_inner).recv().is_ok() {}
}
