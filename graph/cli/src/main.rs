//! The `aarre` command: arguments, configuration, logs, progress and exit codes. Everything else lives in
//! the crates below it.

mod args;
mod commands;
mod progress;
mod services;
mod terminal;

use args::{Arguments, Command, ConfigCommand};
use clap::Parser as _;
use std::process::ExitCode;
use terminal::{Done, Terminal};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(&arguments.everywhere);
    terminal.start_logs();
    match run(arguments.command, &terminal) {
        Ok(Done::Complete) => ExitCode::SUCCESS,
        Ok(Done::WithQuarantine) => ExitCode::from(3),
        Err(error) if terminal::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.fail(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, terminal: &Terminal) -> anyhow::Result<Done> {
    match command {
        Command::Init(arguments) => commands::init::run(&arguments, terminal),
        Command::Convert(arguments) => commands::convert::run(&arguments, terminal),
        Command::Demo(arguments) => commands::demo::run(&arguments, terminal),
        Command::Harvest(arguments) => commands::harvest::run(&arguments, terminal),
        Command::Load(arguments) => commands::load::run(&arguments, terminal),
        Command::Authority(command) => commands::authority::run(&command, terminal),
        Command::Reconcile => commands::reconcile::run(terminal),
        Command::Decide(command) => commands::decide::run(&command, terminal),
        Command::Review(arguments) => commands::review::run(&arguments, terminal),
        Command::Run(arguments) => commands::run::run(&arguments, terminal),
        Command::Serve(arguments) => commands::serve::run(&arguments, terminal),
        Command::Explain(arguments) => commands::explain::run(&arguments, terminal),
        Command::Publish => commands::publish::run(terminal),
        Command::Query(arguments) => commands::query::run(&arguments, terminal),
        Command::Dump(arguments) => commands::dump::run(&arguments, terminal),
        Command::Verify(arguments) => commands::verify::run(&arguments, terminal),
        Command::Rollback => commands::rollback::run(terminal),
        Command::Preview(arguments) => commands::preview::run(&arguments, terminal),
        Command::Rules(arguments) => commands::rules::run(&arguments, terminal),
        Command::Formats => commands::formats::run(terminal),
        Command::Config(ConfigCommand::Check) => commands::config::check(terminal),
        Command::Completions(arguments) => commands::completions::run(&arguments, terminal),
        Command::Top(arguments) => commands::top::run(&arguments, terminal),
        Command::QueryWorker(arguments) => commands::query_worker::run(arguments),
    }
}
