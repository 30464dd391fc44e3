//! `aarre query-worker`: the inside of one of the processes that the server evaluates queries in.

use crate::args::QueryWorkerArguments;
use crate::terminal::Done;
use graph_serve::Setup;

pub(crate) fn run(arguments: QueryWorkerArguments) -> anyhow::Result<Done> {
    let QueryWorkerArguments { generation, memory } = arguments;
    graph_serve::run_worker(&Setup { generation, memory })?;
    Ok(Done::Complete)
}
