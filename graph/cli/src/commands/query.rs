//! `aarre query FILE|-`: the same answers as the endpoint gives.

use crate::args::QueryArguments;
use crate::services::Network;
use crate::terminal::{Done, Terminal};
use anyhow::{Context as _, anyhow, bail};
use graph_publish::generation;
use graph_store::{
    Allowed, Asked, Cancellation, DatasetParameters, Engine, GraphFormat, Limits, QueryKind, ResultFormat,
    ScanLimits, SolutionFormat, prepare_for,
};
use std::io::{self, BufWriter, Read as _, Write as _};
use std::time::{Duration, Instant};

/// The engine recurses over a query; this is plenty for every query that the scan lets through.
const STACK: usize = 64 << 20;

pub(crate) fn run(arguments: &QueryArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let path = &arguments.query;
    let text = if path.as_os_str() == "-" {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).context("the query cannot be read from standard input")?;
        text
    } else {
        std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?
    };
    let home = terminal.home()?;
    let engine = Engine::open(&generation::current(&home.generations())?.path)?;
    let deadline = (arguments.timeout > 0).then(|| Instant::now() + Duration::from_secs(arguments.timeout));
    let dataset = DatasetParameters {
        default_graphs: arguments.default_graph.clone(),
        named_graphs: arguments.named_graph.clone(),
    };
    let answer = || -> anyhow::Result<()> {
        let allowed = Allowed::Listed(&home.config.serve.federation);
        let query = prepare_for(&text, &dataset, &ScanLimits::default(), allowed)
            .map_err(|error| anyhow!("{}: {error}", path.display()))?;
        let format = format(arguments.format.as_deref(), query.kind())?;
        let mut out = BufWriter::new(io::stdout());
        let limits = Limits { deadline, ..Limits::default() };
        let cancellation = Cancellation::new();
        let asked = Asked::new(&query, &limits, &cancellation).calling(Some(&Network));
        if arguments.explain {
            let told = engine.explain(&asked);
            if terminal.json() {
                serde_json::to_writer_pretty(&mut out, &told)?;
                writeln!(out)?;
            } else {
                write!(out, "{told}")?;
            }
            out.flush()?;
            return Ok(());
        }
        engine.evaluate(&asked, format, &mut out)?;
        out.flush()?;
        Ok(())
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, answer)?;
        thread.join().map_err(|_| anyhow!("the query brought the engine down; please report it"))?
    })?;
    Ok(Done::Complete)
}

fn format(extension: Option<&str>, kind: QueryKind) -> anyhow::Result<ResultFormat> {
    let rows = matches!(kind, QueryKind::Select | QueryKind::Ask);
    match extension {
        None if rows => Ok(ResultFormat::Solutions(SolutionFormat::Csv)),
        None => Ok(ResultFormat::Graph(GraphFormat::Turtle)),
        Some(extension) => match ResultFormat::from_extension(kind, extension)
            .or_else(|| ResultFormat::from_media_type(kind, extension))
        {
            Some(format) => Ok(format),
            None if rows => bail!("'{extension}' cannot hold rows; expected json, xml, csv or tsv"),
            None => bail!("'{extension}' cannot hold a graph; expected ttl, nt, nq, trig, rdf or jsonld"),
        },
    }
}
