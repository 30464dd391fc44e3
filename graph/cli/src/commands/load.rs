//! `aarre load DATASET [PATH…]`.

use crate::args::LoadArguments;
use crate::progress::Progress;
use crate::terminal::{Done, Terminal, grouped, in_words};
use graph_publish::home::{Dataset, Home};
use graph_publish::load::LoadReport;
use graph_publish::run::{self, Loaded};
use graph_store::WorkingStore;
use serde_json::{Value, json};
use std::path::PathBuf;

pub(crate) fn run(arguments: &LoadArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let dataset = home.dataset(&arguments.dataset)?;
    let store = WorkingStore::open(&home.store())?;
    let (done, machines) = load(&home, &store, dataset, &arguments.paths, terminal)?;
    terminal.result("", &machines)?;
    Ok(done)
}

/// Loads a dataset and says what became of it.
pub(crate) fn load(
    home: &Home,
    store: &WorkingStore,
    dataset: &Dataset,
    only: &[PathBuf],
    terminal: &Terminal,
) -> anyhow::Result<(Done, Value)> {
    let progress = Progress::new(terminal, &format!("load {}", dataset.id));
    let loaded = run::load(home, store, dataset, only, &progress);
    progress.finish();
    let Loaded { summary, load, kept_because, report } = loaded?;
    let done = terminal.summary(&summary);
    if let Some(reason) = kept_because {
        terminal.warn(&format!(
            "{} records that were not met stay, because {reason}; mend that and load again",
            grouped(load.kept)
        ));
    }
    terminal.say(&format!("{}: {}", dataset.id, in_words(&summary)));
    terminal.say(&format!("  {}; report: {}", changes(&load), report.join("report.html").display()));
    let machines =
        json!({ "dataset": dataset.id.as_str(), "summary": summary, "load": load, "report": report });
    Ok((done, machines))
}

fn changes(load: &LoadReport) -> String {
    format!(
        "{} new, {} changed, {} unchanged, {} deleted",
        grouped(load.new),
        grouped(load.changed),
        grouped(load.unchanged),
        grouped(load.deleted)
    )
}
