//! From the log to the state: which pairs are settled, and which IRI every merged one leads to.

use super::{Decision, Pair, What};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use thiserror::Error;

/// What holds for a pair of entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They are the same.
    Accepted,
    /// They are not.
    Rejected,
    /// They are not, and cannot be merged.
    Never,
}

/// Why a decision is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// One entity twice.
    #[error("{0} is named twice; expected two entities")]
    Itself(String),
    /// There is nothing to undo.
    #[error("there is no decision {0}; `aarre decide list` shows those that there are")]
    NoSuch(u64),
    /// It is so already.
    #[error("that is so already, by decision {0}")]
    Already(u64),
    /// What is undone does not count any more.
    #[error("decision {0} is undone already")]
    Undone(u64),
    /// They are not in one cluster.
    #[error("{one} and {other} are not merged, so there is nothing to split")]
    Apart {
        /// The first entity.
        one: String,
        /// The second.
        other: String,
    },
    /// They are in one cluster already.
    #[error("{one} and {other} are merged already")]
    Together {
        /// The first entity.
        one: String,
        /// The second.
        other: String,
    },
    /// What was decided before speaks against it.
    #[error("{0}")]
    Contradicts(Contradiction),
    /// The decision cannot be written down.
    #[error("the decision cannot be written: {0}")]
    Unwritable(String),
}

/// Two decisions that cannot both hold. The later one, or the one that brings entities together, is left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
#[error("decision {decision} ({what}) {reason}")]
pub struct Contradiction {
    /// The number of the decision that does not hold.
    pub decision: u64,
    /// Its word.
    pub what: &'static str,
    /// What speaks against it, in words.
    pub reason: String,
}

/// The decisions in force and what follows from them.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    log: Vec<Arc<Decision>>,
    /// The numbers of the decisions of the log.
    ids: Vec<u64>,
    /// For each decision of the log, whether it counts.
    in_force: Vec<bool>,
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    /// By numbers, the smaller first: what holds, and the place of the decision in the log.
    pairs: HashMap<(u32, u32), (Standing, usize)>,
    /// The clusters of several, by a number of their own: the survivor first, then in the order in which they joined, with the
    /// place of the decision that brought each.
    clusters: BTreeMap<u32, Vec<(u32, usize)>>,
    cluster_of: HashMap<u32, u32>,
    contradictions: Vec<Contradiction>,
    /// Those that only two decisions together make.
    afar: Vec<Contradiction>,
}

impl Decisions {
    /// Goes through a log from its beginning.
    #[must_use]
    pub fn replay(log: Vec<Decision>) -> Self {
        Self::through(log.into_iter().map(Arc::new).collect())
    }

    fn through(log: Vec<Arc<Decision>>) -> Self {
        let ids: Vec<u64> = log.iter().map(|decision| decision.id).collect();
        let known: BTreeSet<u64> = ids.iter().copied().collect();
        let mut state = Self { in_force: in_force(&log), ids, ..Self::default() };
        for (at, decision) in log.iter().enumerate() {
            if let What::Undo { undoes } = decision.what
                && (undoes >= decision.id || !known.contains(&undoes))
            {
                state.contradict(decision, format!("undoes {undoes}, which is no decision before it"));
            }
            if state.in_force[at] {
                state.apply(at, decision);
            }
        }
        state.log = log;
        state.look_around();
        state
    }

    /// All decisions of the log, each with whether it is in force: neither undone nor an undo itself.
    pub fn all(&self) -> impl Iterator<Item = (&Decision, bool)> {
        self.log.iter().zip(&self.in_force).map(|(decision, counts)| (decision.as_ref(), *counts))
    }

    /// What was decided about a pair, in whichever order it is named, and by which decision.
    #[must_use]
    pub fn standing(&self, one: &str, other: &str) -> Option<(Standing, &Decision)> {
        let (one, other) = (*self.numbers.get(one)?, *self.numbers.get(other)?);
        let (standing, at) = self.pairs.get(&ordered(one, other))?;
        Some((*standing, &self.log[*at]))
    }

    /// All pairs that something was decided about, sorted.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&str, &str, Standing, &Decision)> {
        let name = |number: u32| self.names[number as usize].as_ref();
        let mut pairs: Vec<_> = self
            .pairs
            .iter()
            .map(|((one, other), (standing, at))| {
                let (one, other) = if name(*one) <= name(*other) { (*one, *other) } else { (*other, *one) };
                (name(one), name(other), *standing, self.log[*at].as_ref())
            })
            .collect();
        pairs.sort_unstable_by_key(|(one, other, ..)| (*one, *other));
        pairs
    }

    /// The IRI that this one leads to: itself, unless it was merged into another.
    #[must_use]
    pub fn survivor<'d>(&'d self, iri: &'d str) -> &'d str {
        let cluster = self.numbers.get(iri).and_then(|number| self.cluster_of.get(number));
        match cluster.and_then(|cluster| self.clusters.get(cluster)).and_then(|members| members.first()) {
            Some((survivor, _)) => &self.names[*survivor as usize],
            None => iri,
        }
    }

    /// Every IRI that leads to another one, with that one and the decision that merged it; sorted.
    #[must_use]
    pub fn merged(&self) -> Vec<(&str, &str, &Decision)> {
        let name = |number: u32| self.names[number as usize].as_ref();
        let mut merged = Vec::new();
        for members in self.clusters.values() {
            let Some(((survivor, _), others)) = members.split_first() else { continue };
            merged.extend(
                others.iter().map(|(other, at)| (name(*other), name(*survivor), self.log[*at].as_ref())),
            );
        }
        merged.sort_unstable_by_key(|(other, survivor, _)| (*other, *survivor));
        merged
    }

    /// What cannot hold together, in the order of the log.
    #[must_use]
    pub fn contradictions(&self) -> Vec<&Contradiction> {
        self.contradictions.iter().chain(&self.afar).collect()
    }

    /// The number of the next decision.
    #[must_use]
    pub fn next_id(&self) -> u64 {
        self.ids.last().map_or(1, |last| last + 1)
    }

    /// The state with one more decision, if nothing in force speaks against it.
    ///
    /// # Errors
    /// [`Refusal`], with the decision that speaks against it.
    pub fn after(&self, decision: Decision) -> Result<Self, Refusal> {
        if let Some(pair) = decision.what.pair() {
            if pair.one == pair.other {
                return Err(Refusal::Itself(pair.one.clone()));
            }
            self.consider_pair(&decision.what, pair)?;
        }
        if let What::Undo { undoes } = decision.what {
            if !self.ids.contains(&undoes) {
                return Err(Refusal::NoSuch(undoes));
            }
            if undone(&self.log).contains(&undoes) {
                return Err(Refusal::Undone(undoes));
            }
        }
        let after = if let What::Undo { .. } = decision.what {
            let log = self.log.iter().cloned().chain([Arc::new(decision)]);
            Self::through(log.collect())
        } else {
            let mut after = self.clone();
            after.ids.push(decision.id);
            after.in_force.push(true);
            after.apply(self.log.len(), &decision);
            after.log.push(Arc::new(decision));
            after.look_around();
            after
        };
        let before = self.contradictions();
        match after.contradictions().into_iter().find(|found| !before.contains(found)) {
            Some(found) => Err(Refusal::Contradicts(found.clone())),
            None => Ok(after),
        }
    }

    fn consider_pair(&self, what: &What, pair: &Pair) -> Result<(), Refusal> {
        let together = self.survivor(&pair.one) == self.survivor(&pair.other);
        let Pair { one, other } = pair.clone();
        match what {
            What::Merge(_) | What::Accept(_) if together => return Err(Refusal::Together { one, other }),
            What::Split(_) if !together => return Err(Refusal::Apart { one, other }),
            _ => {}
        }
        let wanted = match what {
            What::Accept(_) => Standing::Accepted,
            What::Reject(_) => Standing::Rejected,
            What::Never(_) => Standing::Never,
            _ => return Ok(()),
        };
        match self.standing(&pair.one, &pair.other) {
            Some((standing, decision))
                if standing == wanted || (standing, wanted) == (Standing::Never, Standing::Rejected) =>
            {
                Err(Refusal::Already(decision.id))
            }
            _ => Ok(()),
        }
    }

    fn contradict(&mut self, decision: &Decision, reason: String) {
        self.contradictions.push(Contradiction { decision: decision.id, what: decision.what.word(), reason });
    }

    fn apply(&mut self, at: usize, decision: &Decision) {
        let Some(pair) = decision.what.pair() else { return };
        let (one, other) = (self.number(&pair.one), self.number(&pair.other));
        if one == other {
            self.contradict(decision, format!("names {} twice", pair.one));
            return;
        }
        match decision.what {
            What::Accept(_) => self.stand(at, decision, one, other, Standing::Accepted),
            What::Reject(_) => self.stand(at, decision, one, other, Standing::Rejected),
            What::Never(_) => self.stand(at, decision, one, other, Standing::Never),
            What::Merge(_) => self.merge(at, decision, one, other),
            What::Split(_) => self.split(at, decision, one, other),
            What::Undo { .. } => {}
        }
    }

    fn stand(&mut self, at: usize, decision: &Decision, one: u32, other: u32, standing: Standing) {
        if standing != Standing::Accepted && self.is_together(one, other) {
            self.contradict(decision, "is about two that are merged; split them first".to_owned());
            return;
        }
        let before = self.pairs.get(&ordered(one, other)).copied();
        match before {
            Some((Standing::Never, never)) => {
                if standing == Standing::Accepted {
                    let reason =
                        format!("is about two that are never the same (decision {})", self.id(never));
                    self.contradict(decision, reason);
                }
            }
            _ => {
                self.pairs.insert(ordered(one, other), (standing, at));
            }
        }
    }

    fn merge(&mut self, at: usize, decision: &Decision, one: u32, other: u32) {
        if self.is_together(one, other) {
            return;
        }
        let (ones, others) = (self.members(one), self.members(other));
        let between = self.between(&ones, &others);
        let never = between.iter().find_map(|pair| match self.pairs.get(pair) {
            Some((Standing::Never, never)) => Some((*pair, *never)),
            _ => None,
        });
        if let Some(((a, b), never)) = never {
            let reason = format!(
                "would bring {} and {} together, which are never the same (decision {})",
                self.names[a as usize],
                self.names[b as usize],
                self.id(never)
            );
            self.contradict(decision, reason);
            return;
        }
        // What was rejected is settled anew by somebody who merges them.
        for pair in between {
            self.pairs.remove(&pair);
        }
        let gone = self.cluster_of.get(&other).copied();
        let cluster = self.cluster_of.get(&one).copied().unwrap_or(one);
        if let Some(gone) = gone {
            self.clusters.remove(&gone);
        }
        let mut members = ones;
        let joined = others.into_iter().enumerate();
        // Who led there before was brought here by this decision; the others keep theirs.
        members.extend(joined.map(|(place, (member, by))| (member, if place == 0 { at } else { by })));
        for (member, _) in &members {
            self.cluster_of.insert(*member, cluster);
        }
        self.clusters.insert(cluster, members);
    }

    fn split(&mut self, at: usize, decision: &Decision, one: u32, other: u32) {
        if !self.is_together(one, other) {
            self.contradict(decision, "is about two that are not merged".to_owned());
            return;
        }
        let Some(cluster) = self.cluster_of.remove(&one) else { return };
        let mut members = self.clusters.remove(&cluster).unwrap_or_default();
        members.retain(|(member, _)| *member != one);
        // Who takes them apart says that they differ; else the next run would link them again. Links are made between
        // those that live.
        for apart in [Some(other), members.first().map(|(first, _)| *first)].into_iter().flatten() {
            self.pairs.insert(ordered(one, apart), (Standing::Rejected, at));
        }
        for (member, _) in &members {
            self.cluster_of.remove(member);
        }
        // The number of a cluster is one of its members', so that no two clusters have the same.
        if let [(first, _), _, ..] = members[..] {
            for (member, _) in &members {
                self.cluster_of.insert(*member, first);
            }
            self.clusters.insert(first, members);
        }
    }

    /// The pairs that something was decided about of which one is here and one is there, sorted.
    fn between(&self, ones: &[(u32, usize)], others: &[(u32, usize)]) -> Vec<(u32, u32)> {
        let mut found: Vec<(u32, u32)> = if ones.len() * others.len() <= self.pairs.len() {
            let all = ones.iter().flat_map(|(a, _)| others.iter().map(|(b, _)| ordered(*a, *b)));
            all.filter(|pair| self.pairs.contains_key(pair)).collect()
        } else {
            let (ones, others): (BTreeSet<u32>, BTreeSet<u32>) =
                (ones.iter().map(|(a, _)| *a).collect(), others.iter().map(|(b, _)| *b).collect());
            let crosses = |a: &u32, b: &u32| ones.contains(a) && others.contains(b);
            self.pairs.keys().filter(|(a, b)| crosses(a, b) || crosses(b, a)).copied().collect()
        };
        found.sort_unstable();
        found
    }

    /// That two are never the same is also contradicted from afar: when both are linked with a third.
    fn look_around(&mut self) {
        self.afar.clear();
        let nevers: Vec<((u32, u32), usize)> = self
            .pairs
            .iter()
            .filter(|(_, (standing, _))| *standing == Standing::Never)
            .map(|(pair, (_, at))| (*pair, *at))
            .collect();
        if nevers.is_empty() {
            return;
        }
        let mut parents: Vec<u32> = (0..).take(self.names.len()).collect();
        for members in self.clusters.values() {
            for (member, _) in members {
                join(&mut parents, members[0].0, *member);
            }
        }
        for ((one, other), (standing, _)) in &self.pairs {
            if *standing == Standing::Accepted {
                join(&mut parents, *one, *other);
            }
        }
        let mut found: Vec<Contradiction> = nevers
            .into_iter()
            .filter(|((one, other), _)| root(&mut parents, *one) == root(&mut parents, *other))
            .map(|(_, at)| Contradiction {
                decision: self.log[at].id,
                what: "never",
                reason: "is about two that were both said to be the same as a third".to_owned(),
            })
            .collect();
        found.sort_unstable();
        self.afar = found;
    }

    fn number(&mut self, iri: &str) -> u32 {
        if let Some(number) = self.numbers.get(iri) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let name: Arc<str> = iri.into();
        self.names.push(Arc::clone(&name));
        self.numbers.insert(name, number);
        number
    }

    fn is_together(&self, one: u32, other: u32) -> bool {
        self.cluster_of.get(&one).is_some_and(|cluster| self.cluster_of.get(&other) == Some(cluster))
    }

    fn members(&self, number: u32) -> Vec<(u32, usize)> {
        let cluster = self.cluster_of.get(&number).and_then(|cluster| self.clusters.get(cluster));
        cluster.cloned().unwrap_or_else(|| vec![(number, 0)])
    }

    fn id(&self, at: usize) -> u64 {
        self.ids[at]
    }
}

fn ordered(one: u32, other: u32) -> (u32, u32) {
    (one.min(other), one.max(other))
}

fn root(parents: &mut [u32], mut at: u32) -> u32 {
    while parents[at as usize] != at {
        parents[at as usize] = parents[parents[at as usize] as usize];
        at = parents[at as usize];
    }
    at
}

fn join(parents: &mut [u32], one: u32, other: u32) {
    let (one, other) = (root(parents, one), root(parents, other));
    parents[one.max(other) as usize] = one.min(other);
}

/// The numbers of decisions that an undo takes back which itself counts.
fn undone(log: &[Arc<Decision>]) -> BTreeSet<u64> {
    let mut undone = BTreeSet::new();
    // From the end on, as an undo can be undone only by a later one.
    for decision in log.iter().rev() {
        if let What::Undo { undoes } = decision.what
            && undoes < decision.id
            && !undone.contains(&decision.id)
        {
            undone.insert(undoes);
        }
    }
    undone
}

fn in_force(log: &[Arc<Decision>]) -> Vec<bool> {
    let undone = undone(log);
    log.iter()
        .map(|decision| !matches!(decision.what, What::Undo { .. }) && !undone.contains(&decision.id))
        .collect()
}
