//! `aarre completions SHELL`.

use crate::args::{Arguments, CompletionsArguments};
use crate::terminal::{Done, Terminal};
use clap::CommandFactory as _;

pub(crate) fn run(arguments: &CompletionsArguments, _: &Terminal) -> anyhow::Result<Done> {
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "aarre", &mut std::io::stdout());
    Ok(Done::Complete)
}
