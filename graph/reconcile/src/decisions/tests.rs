#![expect(clippy::unwrap_used, reason = "tests")]

use super::{Decisions, Log, Pair, Refusal, Standing, What};
use std::collections::{BTreeMap, BTreeSet};

fn iri(name: &str) -> String {
    format!("https://data.example.org/id/agent/{name}")
}

fn pair(one: &str, other: &str) -> Pair {
    Pair::new(iri(one), iri(other))
}

/// A log on a disk that is a vector.
#[derive(Default)]
struct File(Vec<u8>);

impl File {
    fn decide(&mut self, what: What) -> Result<u64, Refusal> {
        let (decision, bytes) =
            Log::read(&self.0).decide(what, "Anna", "2026-11-21T10:00:00Z", Some(" seen it "))?;
        self.0.extend(bytes);
        Ok(decision.id)
    }

    fn state(&self) -> Decisions {
        let log = Log::read(&self.0);
        assert_eq!(log.damage(), []);
        log.state().clone()
    }

    fn survivor(&self, name: &str) -> String {
        let state = self.state();
        let iri = iri(name);
        state.survivor(&iri).rsplit('/').next().unwrap().to_owned()
    }

    fn standing(&self, one: &str, other: &str) -> Option<Standing> {
        let state = self.state();
        let there = state.standing(&iri(one), &iri(other)).map(|(standing, _)| standing);
        assert_eq!(there, state.standing(&iri(other), &iri(one)).map(|(standing, _)| standing));
        there
    }
}

#[test]
fn a_line_is_what_was_decided() {
    let mut file = File::default();
    file.decide(What::Merge(pair("a", "b"))).unwrap();
    file.decide(What::Undo { undoes: 1 }).unwrap();
    let text = String::from_utf8(file.0.clone()).unwrap();
    assert_eq!(
        text,
        "{\"id\":1,\"when\":\"2026-11-21T10:00:00Z\",\"who\":\"Anna\",\"what\":\"merge\",\
         \"one\":\"https://data.example.org/id/agent/a\",\"other\":\"https://data.example.org/id/agent/b\",\
         \"why\":\"seen it\"}\n\
         {\"id\":2,\"when\":\"2026-11-21T10:00:00Z\",\"who\":\"Anna\",\"what\":\"undo\",\"undoes\":1,\"why\":\"seen it\"}\n"
    );
}

#[test]
fn the_last_word_counts_and_never_yields_to_its_undo_only() {
    let mut file = File::default();
    file.decide(What::Accept(pair("a", "b"))).unwrap();
    assert_eq!(file.standing("a", "b"), Some(Standing::Accepted));
    file.decide(What::Reject(pair("b", "a"))).unwrap();
    assert_eq!(file.standing("a", "b"), Some(Standing::Rejected));
    assert_eq!(file.decide(What::Reject(pair("a", "b"))), Err(Refusal::Already(2)));
    file.decide(What::Never(pair("a", "b"))).unwrap();
    assert!(matches!(file.decide(What::Accept(pair("a", "b"))), Err(Refusal::Contradicts(_))));
    assert!(matches!(file.decide(What::Merge(pair("b", "a"))), Err(Refusal::Contradicts(_))));
    file.decide(What::Undo { undoes: 3 }).unwrap();
    assert_eq!(file.standing("a", "b"), Some(Standing::Rejected));
    assert_eq!(file.decide(What::Undo { undoes: 3 }), Err(Refusal::Undone(3)));
    // Taking back the undo brings the decision back.
    file.decide(What::Undo { undoes: 4 }).unwrap();
    assert_eq!(file.standing("a", "b"), Some(Standing::Never));
    assert_eq!(file.decide(What::Undo { undoes: 99 }), Err(Refusal::NoSuch(99)));
    assert!(matches!(file.decide(What::Accept(pair("a", "a"))), Err(Refusal::Itself(_))));
}

#[test]
fn who_is_merged_leads_straight_to_who_stays() {
    let mut file = File::default();
    file.decide(What::Merge(pair("a", "b"))).unwrap();
    file.decide(What::Merge(pair("c", "d"))).unwrap();
    // By one that leads elsewhere: its survivor stays.
    file.decide(What::Merge(pair("b", "d"))).unwrap();
    for name in ["a", "b", "c", "d"] {
        assert_eq!(file.survivor(name), "a");
    }
    assert!(matches!(file.decide(What::Merge(pair("c", "b"))), Err(Refusal::Together { .. })));
    file.decide(What::Split(pair("a", "d"))).unwrap();
    assert_eq!(file.survivor("a"), "a");
    assert_eq!(
        (file.survivor("b"), file.survivor("c"), file.survivor("d")),
        ("b".into(), "b".into(), "b".into())
    );
    // The next run must not link them again.
    assert_eq!(
        (file.standing("a", "b"), file.standing("a", "d")),
        (Some(Standing::Rejected), Some(Standing::Rejected))
    );
    assert!(matches!(file.decide(What::Split(pair("a", "c"))), Err(Refusal::Apart { .. })));
    file.decide(What::Merge(pair("b", "a"))).unwrap();
    assert_eq!(file.standing("a", "d"), None);
    assert_eq!(file.survivor("a"), "b");
}

#[test]
fn what_others_rest_on_is_not_undone() {
    let mut file = File::default();
    file.decide(What::Merge(pair("a", "b"))).unwrap();
    file.decide(What::Split(pair("b", "a"))).unwrap();
    let refused = file.decide(What::Undo { undoes: 1 }).unwrap_err();
    assert!(refused.to_string().contains("decision 2 (split)"), "{refused}");
    file.decide(What::Undo { undoes: 2 }).unwrap();
    file.decide(What::Undo { undoes: 1 }).unwrap();
    assert_eq!(file.survivor("b"), "b");
}

#[test]
fn never_is_kept_from_afar_too() {
    let mut file = File::default();
    file.decide(What::Never(pair("a", "b"))).unwrap();
    file.decide(What::Accept(pair("a", "x"))).unwrap();
    let refused = file.decide(What::Accept(pair("x", "b"))).unwrap_err();
    assert!(refused.to_string().contains("the same as a third"), "{refused}");
    file.decide(What::Merge(pair("c", "a"))).unwrap();
    assert!(matches!(file.decide(What::Merge(pair("b", "c"))), Err(Refusal::Contradicts(_))));
}

#[test]
fn torn_and_foreign_lines_are_told_and_cost_nothing_else() {
    let mut file = File::default();
    file.decide(What::Accept(pair("a", "b"))).unwrap();
    let whole = file.0.len();
    file.decide(What::Reject(pair("c", "d"))).unwrap();
    for cut in whole + 1..file.0.len() - 1 {
        let torn = Log::read(&file.0[..cut]);
        assert_eq!((torn.state().all().count(), torn.damage().len()), (1, 1), "cut at {cut}");
        assert_eq!(torn.damage()[0].line, 2);
    }
    // The next decision begins a line of its own.
    file.0.truncate(whole + 9);
    let (_, bytes) =
        Log::read(&file.0).decide(What::Never(pair("e", "f")), "B", "2026-11-21T11:00:00Z", None).unwrap();
    file.0.extend(bytes);
    file.0.extend(b"\n\xff\xfe\n[]\n{\"id\":2,\"when\":\"\",\"who\":\"\",\"what\":\"undo\",\"undoes\":7}\n");
    let log = Log::read(&file.0);
    let decisions: Vec<_> = log.state().all().collect();
    assert_eq!(decisions.len(), 2);
    assert_eq!(log.damage().iter().map(|damage| damage.line).collect::<Vec<_>>(), [2, 5, 6, 7]);
    assert_eq!(decisions[1].0.why, None);
}

#[test]
fn a_log_that_contradicts_itself_is_told_and_merges_least() {
    let line = |id: u64, what: &str, one: &str, other: &str| {
        format!(
            "{{\"id\":{id},\"when\":\"\",\"who\":\"x\",\"what\":\"{what}\",\"one\":\"{one}\",\"other\":\"{other}\"}}\n"
        )
    };
    let text = [
        line(1, "never", "a", "b"),
        line(2, "merge", "a", "b"),
        line(3, "merge", "c", "d"),
        line(4, "never", "d", "c"),
        line(5, "split", "e", "f"),
        line(6, "accept", "g", "g"),
        "{\"id\":7,\"when\":\"\",\"who\":\"x\",\"what\":\"undo\",\"undoes\":9}\n".to_owned(),
    ]
    .concat();
    let log = Log::read(text.as_bytes());
    let state = log.state();
    let told: Vec<u64> = state.contradictions().iter().map(|told| told.decision).collect();
    assert_eq!(told, [2, 4, 5, 6, 7]);
    assert_eq!((state.survivor("b"), state.survivor("d")), ("b", "c"));
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// What the state must be, told the slow way: by sets that are taken apart and put together.
#[derive(Default)]
struct Sets(BTreeMap<String, BTreeSet<String>>);

impl Sets {
    fn of(&self, iri: &str) -> BTreeSet<String> {
        self.0.get(iri).cloned().unwrap_or_else(|| BTreeSet::from([iri.to_owned()]))
    }

    fn put(&mut self, set: &BTreeSet<String>) {
        for iri in set {
            self.0.insert(iri.clone(), set.clone());
        }
    }
}

#[test]
fn no_iri_is_lost_over_a_thousand_merges_splits_and_undos() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut log = Log::read(b"");
    let mut seen = BTreeSet::new();
    let (mut taken, mut refused) = (0, 0);
    while taken < 1_000 {
        let (one, other) = (iri(&random.below(80).to_string()), iri(&random.below(80).to_string()));
        let what = match random.below(10) {
            0..=4 => What::Merge(Pair::new(&one, &other)),
            5..=7 => What::Split(Pair::new(&one, &other)),
            8 if random.below(9) == 0 => What::Never(Pair::new(&one, &other)),
            _ => What::Undo { undoes: (taken - random.below(taken.min(9) + 1)) as u64 },
        };
        if log.decide(what, "Anna", "", None).is_err() {
            refused += 1;
            continue;
        }
        taken += 1;
        seen.extend([one, other]);
        if taken % 25 > 0 {
            continue;
        }
        let state = log.state();
        assert!(state.contradictions().is_empty());
        let leads: BTreeMap<&str, &str> =
            state.merged().iter().map(|(merged, survivor, _)| (*merged, *survivor)).collect();
        assert_eq!(leads.len(), state.merged().len(), "an IRI leads to one place");
        for iri in &seen {
            match leads.get(iri.as_str()) {
                // No chains, so no cycles; and who is led to lives.
                Some(survivor) => {
                    assert!(!leads.contains_key(survivor), "{iri} → {survivor} leads on");
                    assert_eq!(state.survivor(iri), *survivor);
                }
                None => assert_eq!(state.survivor(iri), iri),
            }
        }
        let mut sets = Sets::default();
        for decision in state.all().filter(|(_, counts)| *counts).map(|(decision, _)| &decision.what) {
            match decision {
                What::Merge(pair) => {
                    let union = sets.of(&pair.one).union(&sets.of(&pair.other)).cloned().collect();
                    sets.put(&union);
                }
                What::Split(pair) => {
                    let mut rest = sets.of(&pair.one);
                    rest.remove(&pair.one);
                    sets.put(&rest);
                    sets.put(&BTreeSet::from([pair.one.clone()]));
                }
                _ => {}
            }
        }
        for iri in &seen {
            let together: BTreeSet<String> =
                seen.iter().filter(|other| state.survivor(other) == state.survivor(iri)).cloned().collect();
            assert_eq!(together, sets.of(iri), "who is one with {iri}");
        }
    }
    assert!(refused > 0, "nothing was ever refused");
}

#[test]
fn two_who_decide_at_once_do_not_write_over_each_other() {
    let home = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for who in ["Anna", "Bohdan"] {
            let home = home.path();
            scope.spawn(move || {
                for number in 0..20 {
                    let what = What::Accept(pair(who, &number.to_string()));
                    super::DecisionFile::open(home).unwrap().decide(what, who, "", None).unwrap();
                }
            });
        }
    });
    let log = super::read(home.path()).unwrap();
    assert_eq!(log.damage(), []);
    assert_eq!(
        log.state().all().map(|(decision, _)| decision.id).collect::<Vec<_>>(),
        (1..=40).collect::<Vec<_>>()
    );
    let refused =
        super::DecisionFile::open(home.path()).unwrap().decide(What::Undo { undoes: 41 }, "Anna", "", None);
    assert!(matches!(refused, Err(super::FileError::Refused(Refusal::NoSuch(41)))));
    assert!(super::read(&home.path().join("nowhere")).unwrap().state().all().next().is_none());
}
