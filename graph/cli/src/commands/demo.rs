//! `aarre demo`: the bundled collection, from records to a served page.

use super::{run, serve};
use crate::args::DemoArguments;
use crate::terminal::{Done, Terminal};
use anyhow::{Context as _, bail};
use graph_model::Base;
use graph_publish::demo;
use graph_publish::home::Home;
use std::path::{Path, PathBuf};

/// Where the demo is built when no home is named.
const FOLDER: &str = "aarre-demo";
/// Tells a demo's home from one with somebody's own records.
const MARK: &str = ".aarre-demo";

pub(crate) fn run(arguments: &DemoArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let path = terminal.home_path().map_or_else(|| PathBuf::from(FOLDER), Path::to_owned);
    let base = Base::new(&format!("http://{}", arguments.listen))?;
    if path.join("aarre.toml").exists() && !path.join(MARK).exists() {
        bail!("{} is a home with records of its own; name another folder with --home", path.display());
    }
    let same = std::fs::read_to_string(path.join(MARK)).is_ok_and(|mark| mark == base.as_str());
    if path.join(MARK).exists() && !same {
        bail!(
            "{} holds a demo for another address; remove it or name another folder with --home",
            path.display()
        );
    }
    demo::lay_out(&path, &base)
        .and_then(|()| std::fs::write(path.join(MARK), base.as_str()))
        .with_context(|| format!("the demo cannot be written to {}", path.display()))?;
    terminal
        .say(&format!("The demo is in {}: records, working store, reports, generations.", path.display()));
    let home = Home::open(&path)?;
    demo::mirror_authorities(&home)?;
    let done = run::everything(&home, &[], terminal)?;
    if arguments.no_serve {
        return Ok(done);
    }
    serve::serve(&home, arguments.listen, None, terminal)
}
