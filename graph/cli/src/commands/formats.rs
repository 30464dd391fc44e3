//! `aarre formats`.

use crate::terminal::{Done, Terminal};
use serde_json::json;

pub(crate) fn run(terminal: &Terminal) -> anyhow::Result<Done> {
    let lines: Vec<_> =
        loaders::FORMATS.iter().map(|format| format!("{:<10} {}", format.id, format.title)).collect();
    let formats: Vec<_> =
        loaders::FORMATS.iter().map(|format| json!({ "id": format.id, "title": format.title })).collect();
    terminal.result(&lines.join("\n"), &json!({ "formats": formats }))?;
    Ok(Done::Complete)
}
