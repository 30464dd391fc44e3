//! `aarre run [DATASET…]`: harvest, load, reconcile, publish.

use super::{harvest, load, publish, reconcile};
use crate::args::DatasetsArguments;
use crate::terminal::{Done, Terminal};
use graph_publish::home::Home;
use graph_store::WorkingStore;
use serde_json::json;

pub(crate) fn run(arguments: &DatasetsArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    everything(&terminal.home()?, &arguments.datasets, terminal)
}

/// All steps on the datasets that were named, or on all.
pub(crate) fn everything(home: &Home, names: &[String], terminal: &Terminal) -> anyhow::Result<Done> {
    let datasets = harvest::chosen(home, names)?;
    let store = WorkingStore::open(&home.store())?;
    let mut done = Done::Complete;
    let mut loads = Vec::with_capacity(datasets.len());
    for dataset in datasets {
        if !dataset.harvest.is_empty() {
            terminal.say(&format!("harvest {}", dataset.id));
            graph_publish::run::harvest(home, dataset)?;
        }
        let (ended, machines) = load::load(home, &store, dataset, &[], terminal)?;
        if ended == Done::WithQuarantine {
            done = ended;
        }
        loads.push(machines);
    }
    let links = reconcile::reconcile(home, &store, terminal)?;
    let (generation, statistics) = publish::publish(home, &store, terminal)?;
    let machines = json!({ "loads": loads, "reconcile": links, "generation": generation.number });
    terminal.result(&publish::in_words(&generation, &statistics), &machines)?;
    Ok(done)
}
