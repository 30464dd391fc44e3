//! `aarre config check`.

use crate::terminal::{Done, Terminal, counted};
use anyhow::{Context as _, bail};
use loaders::{Setup, format_by_id};
use serde_json::json;

pub(crate) fn check(terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    for dataset in &home.config.datasets {
        for source in &dataset.sources {
            let path = home.resolve(source);
            if !path.exists() {
                bail!("dataset '{}': {} does not exist", dataset.id, path.display());
            }
        }
        if let Some(rules) = &dataset.rules {
            let path = home.resolve(rules);
            let mapping = std::fs::read_to_string(&path)
                .with_context(|| format!("dataset '{}': {} cannot be read", dataset.id, path.display()))?;
            let format = dataset.format.as_deref().and_then(format_by_id).or_else(|| format_by_id("csv"));
            if let Some(format) = format {
                (format.setup)(Setup { mapping: Some(&mapping) })
                    .map(drop)
                    .with_context(|| format!("dataset '{}', {}", dataset.id, path.display()))?;
            }
        }
    }
    let count = home.config.datasets.len() as u64;
    let text = format!("{}: good, {}", home.path().join("aarre.toml").display(), counted(count, "dataset"));
    terminal.result(&text, &json!({ "ok": true, "datasets": count }))?;
    Ok(Done::Complete)
}
