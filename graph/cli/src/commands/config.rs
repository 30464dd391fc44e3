//! `aarre config check`.

use crate::terminal::{Done, Terminal, counted};
use anyhow::{Context as _, bail};
use graph_publish::home::{Dataset, Home};
use graph_publish::{run, sources};
use loaders::{FormatEntry, format_by_id};
use serde_json::json;
use std::sync::Arc;

pub(crate) fn check(terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    for dataset in &home.config.datasets {
        for source in &dataset.sources {
            let path = home.resolve(source);
            if !path.exists() {
                bail!("dataset '{}': {} does not exist", dataset.id, path.display());
            }
        }
        if let Some(rules) =
            run::rules_of(&home, dataset).with_context(|| format!("dataset '{}'", dataset.id))?
        {
            rules.check(&formats_of(&home, dataset)).with_context(|| format!("dataset '{}'", dataset.id))?;
        }
    }
    // The server reads more closely than the file format does.
    super::serve::config(&home, home.config.serve.listen)?;
    let count = home.config.datasets.len() as u64;
    let text = format!("{}: good, {}", home.path().join("aarre.toml").display(), counted(count, "dataset"));
    terminal.result(&text, &json!({ "ok": true, "datasets": count }))?;
    Ok(Done::Complete)
}

/// The format that the dataset names, or those that its files look like.
fn formats_of(home: &Home, dataset: &Dataset) -> Vec<&'static FormatEntry> {
    if let Some(format) = dataset.format.as_deref().and_then(format_by_id) {
        return vec![format];
    }
    let paths: Vec<_> = dataset.sources.iter().map(|path| home.resolve(path)).collect();
    let mut formats: Vec<&FormatEntry> = Vec::new();
    for source in sources::expand(&paths).0 {
        if let Ok(opened) = sources::open(&source, None, Arc::default())
            && formats.iter().all(|known| known.id != opened.format.id)
        {
            formats.push(opened.format);
        }
    }
    formats
}
