//! `aarre init HOME --base IRI`.

use crate::args::InitArguments;
use crate::terminal::{Done, Terminal};
use anyhow::{Context as _, bail};
use graph_model::Base;
use graph_publish::home::new_config;
use serde_json::json;
use std::fs;

pub(crate) fn run(arguments: &InitArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let base = Base::new(&arguments.base)?;
    let path = &arguments.path;
    let config = path.join("aarre.toml");
    if config.exists() {
        bail!("{} exists already; it is left as it is", config.display());
    }
    fs::create_dir_all(path).with_context(|| format!("{} cannot be made", path.display()))?;
    fs::write(&config, new_config(&base))
        .with_context(|| format!("{} cannot be written", config.display()))?;
    let text = format!(
        "{} is ready. Next: add a [[dataset]] to {}, then run: aarre run --home {}",
        path.display(),
        config.display(),
        path.display()
    );
    terminal.result(&text, &json!({ "home": path, "config": config }))?;
    Ok(Done::Complete)
}
