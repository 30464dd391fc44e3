//! `aarre harvest [DATASET…]`.

use crate::args::DatasetsArguments;
use crate::terminal::{Done, Terminal, counted};
use graph_publish::home::{Dataset, Home};
use graph_publish::run;
use serde_json::json;

pub(crate) fn run(arguments: &DatasetsArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let mut fresh = 0;
    for dataset in chosen(&home, &arguments.datasets)? {
        fresh += run::harvest(&home, dataset)?;
    }
    let text = format!("{} with new bytes", counted(fresh as u64, "file"));
    terminal.result(&text, &json!({ "new": fresh }))?;
    Ok(Done::Complete)
}

/// The datasets that were named, or all.
pub(crate) fn chosen<'h>(home: &'h Home, names: &[String]) -> anyhow::Result<Vec<&'h Dataset>> {
    if names.is_empty() {
        return Ok(home.config.datasets.iter().collect());
    }
    Ok(names.iter().map(|name| home.dataset(name)).collect::<Result<_, _>>()?)
}
