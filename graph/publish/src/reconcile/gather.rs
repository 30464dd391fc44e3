//! What was found and what was decided, brought together.

use super::difference::Difference;
use super::entity::Entities;
use super::judge::{Found, Linked};
use super::link::{Link, Says};
use super::{ReconcileError, Reconciled, Told, Used, clusters, enrich};
use graph_model::Base;
use graph_reconcile::authority::Authority;
use graph_reconcile::decisions::{Decision, Decisions, Standing};
use graph_reconcile::matching::Outcome;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How often progress is told, in entities.
const TELL: u64 = 256;

/// What a run has so far.
pub(super) struct Gathered<'g> {
    base: &'g Base,
    state: &'g Decisions,
    mirrors: &'g [(String, Authority)],
    clusters: BTreeMap<String, Vec<String>>,
    out: Difference<'g>,
    used: Vec<Used>,
    /// Pairs within the graph: each is found from both sides.
    within: BTreeMap<(String, String), Link>,
    /// The pairs of accepted decisions that were found.
    met: HashSet<u64>,
    /// Who is in a pair that is never the same, and what they were linked with.
    apart: BTreeSet<&'g str>,
    claimed: HashMap<String, Vec<String>>,
    entities: u64,
    linked: u64,
}

impl<'g> Gathered<'g> {
    pub(super) fn new(
        base: &'g Base,
        state: &'g Decisions,
        mirrors: &'g [(String, Authority)],
        out: Difference<'g>,
    ) -> Self {
        let never = state.pairs().into_iter().filter(|(_, _, standing, _)| *standing == Standing::Never);
        Self {
            base,
            state,
            mirrors,
            clusters: clusters(state),
            out,
            used: mirrors.iter().map(|_| Used::new()).collect(),
            within: BTreeMap::new(),
            met: HashSet::new(),
            apart: never.flat_map(|(one, other, ..)| [state.survivor(one), state.survivor(other)]).collect(),
            claimed: HashMap::new(),
            entities: 0,
            linked: 0,
        }
    }

    /// The graph of links, and the decisions that what was said already follows.
    pub(super) fn parts(&mut self) -> (&mut Difference<'g>, &mut HashSet<u64>) {
        (&mut self.out, &mut self.met)
    }

    /// Takes the pairs that carry the same identifier.
    pub(super) fn proved(&mut self, links: &[graph_reconcile::Link]) {
        for link in links {
            let same = Link {
                method: super::link::in_words(graph_reconcile::matching::Method::Identifier),
                identifier: Some(link.evidence.clone()),
                ..Link::decided(&link.one, &link.other, Says::Same)
            };
            self.within.insert((link.one.clone(), link.other.clone()), same);
        }
    }

    /// Takes what was found for an entity.
    pub(super) fn take(
        &mut self,
        found: Found,
        report: &mut Reconciled,
        told: &Told<'_>,
    ) -> Result<(), ReconcileError> {
        let mut outcome = Outcome::None;
        for Linked { mirror, link } in found.links {
            let Some((place, entry)) = mirror else {
                outcome = outcome.max(self.keep(link));
                continue;
            };
            let Some((link, decision)) = self.settled(link) else { continue };
            outcome = outcome.max(if link.says == Says::Same { Outcome::Linked } else { Outcome::Review });
            if link.says == Says::Same {
                *report.authorities.entry(self.mirrors[place].0.clone()).or_default() += 1;
            }
            self.used[place].insert(entry);
            link.put(decision, &mut self.out)?;
            report.links += 1;
        }
        report.count(found.kind, outcome);
        self.entities += 1;
        self.linked += u64::from(outcome == Outcome::Linked);
        if self.entities.is_multiple_of(TELL) {
            told(self.entities, self.linked);
        }
        Ok(())
    }

    /// Keeps a pair within the graph until both sides were heard; the stronger word counts.
    fn keep(&mut self, link: Link) -> Outcome {
        if matches!(self.standing(&link.one, &link.other), Some((Standing::Rejected | Standing::Never, _))) {
            return Outcome::None;
        }
        let outcome = if link.says == Says::Same { Outcome::Linked } else { Outcome::Review };
        match self.within.entry((link.one.clone(), link.other.clone())) {
            Entry::Vacant(entry) => {
                entry.insert(link);
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get();
                if known.identifier.is_none()
                    && (link.says, link.probability) > (known.says, known.probability)
                {
                    entry.insert(link);
                }
            }
        }
        outcome
    }

    /// What was decided about two, or about any that were merged into them.
    fn standing(&self, one: &str, other: &str) -> Option<(Standing, &'g Decision)> {
        let of = |iri: &str| {
            let merged = self.clusters.get(iri).map(Vec::as_slice).unwrap_or_default();
            std::iter::once(iri.to_owned()).chain(merged.iter().cloned()).collect::<Vec<_>>()
        };
        let others = of(other);
        of(one)
            .iter()
            .flat_map(|one| others.iter().map(move |other| (one, other)))
            .filter_map(|(one, other)| self.state.standing(one, other))
            .max_by_key(|(_, decision)| decision.id)
    }

    /// A link as decisions leave it; none where it was refused.
    fn settled(&mut self, mut link: Link) -> Option<(Link, Option<&'g Decision>)> {
        let standing = self.standing(&link.one, &link.other);
        match standing {
            Some((Standing::Rejected | Standing::Never, _)) => return None,
            Some((Standing::Accepted, decision)) => {
                self.met.insert(decision.id);
                link.says = Says::Same;
                return Some((link, Some(decision)));
            }
            None => {}
        }
        if link.says == Says::Same && self.apart.contains(link.one.as_str()) {
            let state = self.state;
            let claims = self.claimed.entry(link.other.clone()).or_default();
            let never =
                |other: &String| matches!(state.standing(&link.one, other), Some((Standing::Never, _)));
            if claims.iter().any(never) {
                // Two that are never the same cannot both be this one.
                link.says = Says::Close;
                link.features.push(
                    "another entity, which is never the same as this one, is linked with it".to_owned(),
                );
            } else {
                claims.push(link.one.clone());
            }
        }
        Some((link, None))
    }

    /// Says what people decided, also where nothing was found.
    pub(super) fn decided(
        &mut self,
        entities: &Entities,
        report: &mut Reconciled,
    ) -> Result<(), ReconcileError> {
        let state = self.state;
        for (merged, survivor, decision) in state.merged() {
            Link::decided(survivor, merged, Says::Merged).put(Some(decision), &mut self.out)?;
            report.merged += 1;
            report.links += 1;
        }
        for (one, other, standing, decision) in state.pairs() {
            let says = match standing {
                Standing::Accepted => Says::Same,
                Standing::Never => Says::Different,
                Standing::Rejected => continue,
            };
            let (mut one, mut other) = (state.survivor(one).to_owned(), state.survivor(other).to_owned());
            // The entity of the graph comes first, and of two the first by name.
            if self.base.owns(&other) && (!self.base.owns(&one) || other < one) {
                std::mem::swap(&mut one, &mut other);
            }
            let there = |iri: &str| entities.said(iri).map(|said| !said.is_empty());
            let gone = !there(&one)? || self.base.owns(&other) && !there(&other)?;
            if one == other || self.met.contains(&decision.id) || gone && says == Says::Same {
                continue;
            }
            let mut link = Link::decided(&one, &other, says);
            if says == Says::Same
                && self.base.owns(&other)
                && Entities::shared_kind(self.base, &other).is_none()
            {
                link.says = Says::Edition;
            } else if says == Says::Same && self.base.owns(&other) {
                let found = self.within.remove(&(one.clone(), other.clone()));
                link = found.map_or(link, |found| Link { says, ..found });
            } else if says == Says::Same
                && let Some(place) =
                    self.mirrors.iter().position(|(_, mirror)| mirror.by_iri(&other).is_some())
            {
                let (name, mirror) = &self.mirrors[place];
                self.used[place].extend(mirror.by_iri(&other));
                *report.authorities.entry(name.clone()).or_default() += 1;
                link.mirror = Some(enrich::graph(self.base, name));
                link.mirrored = Some(mirror.about().added.clone()).filter(|added| !added.is_empty());
            }
            link.put(Some(decision), &mut self.out)?;
            report.links += 1;
            report.within += u64::from(says == Says::Same && self.base.owns(&other));
        }
        Ok(())
    }

    /// Writes the links; gives the entries of each mirror that they use.
    pub(super) fn finish(mut self, report: &mut Reconciled) -> Result<Vec<Used>, ReconcileError> {
        for ((one, other), mut link) in std::mem::take(&mut self.within) {
            let (kept_one, kept_other) = (self.state.survivor(&one), self.state.survivor(&other));
            let refused = matches!(
                self.standing(kept_one, kept_other),
                Some((Standing::Rejected | Standing::Never, _))
            );
            if refused || kept_one == kept_other {
                continue;
            }
            (link.one, link.other) = (kept_one.to_owned(), kept_other.to_owned());
            link.put(None, &mut self.out)?;
            report.links += 1;
            report.within += u64::from(link.says == Says::Same);
        }
        let (added, removed) = self.out.finish()?;
        report.added += added;
        report.removed += removed;
        Ok(self.used)
    }
}
