//! `aarre explain IRI`: why each statement is there.
//!
//! Rules are not stored beside the statements. Conversion is a pure function of a record, so the record is
//! simply converted once more, this time with its rules shown.

use super::preview::{Enough, as_json, explained, stopped_by_enough};
use crate::args::ExplainArguments;
use crate::terminal::{Done, Terminal};
use anyhow::bail;
use graph_publish::convert::{Converted, Fate, Unwatched};
use graph_publish::report::Report;
use graph_publish::run;
use std::io::Write as _;

pub(crate) fn run(arguments: &ExplainArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let base = &home.config.base;
    // A fragment belongs to its item.
    let iri = arguments.iri.split('#').next().unwrap_or_default();
    if !base.owns(iri) {
        bail!("{iri} is not an IRI of this home; they begin with {base}/id/");
    }
    let of = home.config.datasets.iter().find(|dataset| iri.starts_with(&base.item_prefix(&dataset.id)));
    let datasets = match of {
        Some(dataset) => vec![dataset],
        None => home.config.datasets.iter().collect(),
    };
    let about = if of.is_some() { None } else { Some(iri) };
    let wanted = if of.is_some() { 1 } else { arguments.records };
    let mut out = std::io::stdout().lock();
    let mut shown = 0;
    for dataset in datasets {
        let mut report = Report::counted(dataset.id.as_str());
        let passed = run::convert(
            &home,
            dataset,
            &Unwatched,
            &mut report,
            &mut |Converted { document, file, .. }| {
                let fits = match about {
                    None => document.iri() == iri,
                    Some(about) => document.statements().any(|statement| statement.subject == about),
                };
                if !fits {
                    return Ok(Fate::Taken);
                }
                if terminal.json() {
                    serde_json::to_writer(&mut out, &as_json(document, file, about))?;
                    writeln!(out)?;
                } else {
                    out.write_all(explained(document, file, about).as_bytes())?;
                }
                shown += 1;
                if shown >= wanted { Err(Box::new(Enough)) } else { Ok(Fate::Taken) }
            },
        );
        match passed {
            Ok(()) => {}
            Err(run::RunError::Convert(error)) if stopped_by_enough(&error) => break,
            Err(error) => return Err(error.into()),
        }
    }
    if shown == 0 {
        bail!("no record of the sources says anything about {iri}; it may come from an earlier load");
    }
    Ok(Done::Complete)
}
