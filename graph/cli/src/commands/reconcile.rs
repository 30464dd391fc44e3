//! `aarre reconcile`.

use crate::progress::Spinner;
use crate::terminal::{Done, Terminal, counted, grouped};
use graph_publish::home::Home;
use graph_publish::reconcile::{self, Reconciled};
use graph_store::WorkingStore;
use serde_json::{Value, json};
use std::time::Instant;

pub(crate) fn run(terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let store = WorkingStore::open(&home.store())?;
    let machines = reconcile(&home, &store, terminal)?;
    terminal.result("", &machines)?;
    Ok(Done::Complete)
}

/// Links entities and says how many of each kind came to what.
pub(crate) fn reconcile(home: &Home, store: &WorkingStore, terminal: &Terminal) -> anyhow::Result<Value> {
    let spinner = Spinner::new(terminal, "reconcile");
    let begun = Instant::now();
    let found = reconcile::reconcile(home, store, &|entities, linked| {
        spinner.say(&format!("{} entities, {} linked", grouped(entities), grouped(linked)));
    });
    spinner.finish();
    let found = found?;
    let seconds = begun.elapsed().as_secs_f64();
    terminal.say(&in_words(&found));
    for damage in &found.damage {
        terminal.warn(&format!(
            "decisions/decisions.jsonl, line {}: {}; it is left out",
            damage.line, damage.fault
        ));
    }
    for contradiction in &found.contradictions {
        terminal.warn(&format!("{contradiction}; it has no effect"));
    }
    if found.suspicious > 0 {
        let identifiers = counted(found.suspicious, "identifier");
        terminal.warn(&format!("{identifiers} on too many entities to prove anything"));
    }
    Ok(machines(&found, seconds))
}

fn in_words(found: &Reconciled) -> String {
    let mut kinds = Vec::new();
    for (kind, of) in &found.kinds {
        let all = of.linked + of.review + of.none;
        let (linked, review) = (grouped(of.linked), grouped(of.review));
        kinds.push(format!(
            "{kind} {}: {linked} linked, {review} to review, {} none",
            grouped(all),
            grouped(of.none)
        ));
    }
    let authorities: Vec<String> =
        found.authorities.iter().map(|(name, count)| format!("{name} {}", grouped(*count))).collect();
    let with =
        if authorities.is_empty() { String::new() } else { format!("; with {}", authorities.join(", ")) };
    let changes = match (found.added, found.removed) {
        (0, 0) => "nothing changed".to_owned(),
        (added, removed) => format!("{} added, {} removed", counted(added, "statement"), grouped(removed)),
    };
    let within = counted(found.within, "link");
    let editions = match (found.editions, found.editions_to_review) {
        (0, 0) => String::new(),
        (pairs, review) => format!(
            "; {} of the same edition and {} to review, of {}",
            counted(pairs, "pair"),
            grouped(review),
            counted(found.works, "work")
        ),
    };
    format!("reconcile: {}{with}; {within} within the graph{editions}; {changes}", kinds.join("; "))
}

fn machines(found: &Reconciled, seconds: f64) -> Value {
    let kinds: serde_json::Map<String, Value> = found
        .kinds
        .iter()
        .map(|(kind, of)| {
            (kind.to_string(), json!({ "linked": of.linked, "review": of.review, "none": of.none }))
        })
        .collect();
    json!({
        "entities": found.entities(),
        "kinds": kinds,
        "authorities": found.authorities,
        "links": found.links,
        "within": found.within,
        "editions": found.editions,
        "editions_to_review": found.editions_to_review,
        "works": found.works,
        "crowded": found.crowded,
        "merged": found.merged,
        "decisions": found.decisions,
        "contradictions": found.contradictions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "damaged_lines": found.damage.iter().map(|damage| damage.line).collect::<Vec<_>>(),
        "suspicious": found.suspicious,
        "added": found.added,
        "removed": found.removed,
        "seconds": (seconds * 1e3).round() / 1e3,
    })
}
