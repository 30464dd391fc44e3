//! `aarre verify [GENERATION]`.

use crate::args::VerifyArguments;
use crate::terminal::{Done, Terminal};
use anyhow::bail;
use graph_publish::generation::{self, Generation};
use serde_json::json;

pub(crate) fn run(arguments: &VerifyArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let generations = terminal.home()?.generations();
    let Generation { number, path } = match arguments.generation {
        None => generation::current(&generations)?,
        Some(number) => {
            let all = generation::all(&generations)?;
            let numbers: Vec<_> = all.iter().map(|generation| generation.number.to_string()).collect();
            match all.into_iter().find(|generation| generation.number == number) {
                Some(generation) => generation,
                None => bail!("there is no generation {number}; there are: {}", numbers.join(", ")),
            }
        }
    };
    let damage = generation::verify(&path)?;
    for one in &damage {
        terminal.warn(&one.to_string());
    }
    if !damage.is_empty() {
        bail!("generation {number} is damaged in {} places; go back with: aarre rollback", damage.len());
    }
    terminal
        .result(&format!("generation {number} is whole"), &json!({ "generation": number, "ok": true }))?;
    Ok(Done::Complete)
}
