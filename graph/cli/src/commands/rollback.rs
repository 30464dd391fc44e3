//! `aarre rollback`.

use crate::terminal::{Done, Terminal};
use graph_publish::generation;
use serde_json::json;

pub(crate) fn run(terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let now = generation::rollback(&home.generations())?;
    terminal.result(
        &format!("generation {} is current again", now.number),
        &json!({ "generation": now.number }),
    )?;
    Ok(Done::Complete)
}
