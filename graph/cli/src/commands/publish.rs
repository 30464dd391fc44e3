//! `aarre publish`.

use crate::terminal::{Done, Terminal, counted, grouped};
use graph_publish::generation::{Generation, Statistics};
use graph_publish::home::Home;
use graph_store::WorkingStore;
use serde_json::json;

pub(crate) fn run(terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let store = WorkingStore::open(&home.store())?;
    let (generation, statistics) = publish(&home, &store, terminal)?;
    terminal.result(
        &in_words(&generation, &statistics),
        &json!({ "generation": generation.number, "triples": statistics.triples, "items": statistics.items }),
    )?;
    Ok(Done::Complete)
}

/// Publishes and says each step.
pub(crate) fn publish(
    home: &Home,
    store: &WorkingStore,
    terminal: &Terminal,
) -> anyhow::Result<(Generation, Statistics)> {
    let say = |step: &str| terminal.say(&format!("publish: {step}"));
    Ok(graph_publish::generation::publish(home, store, &say)?)
}

/// What was published, in one line.
pub(crate) fn in_words(generation: &Generation, statistics: &Statistics) -> String {
    format!(
        "generation {} is current: {}, {} statements, in {}",
        generation.number,
        counted(statistics.items, "item"),
        grouped(statistics.triples),
        generation.path.display()
    )
}
