//! `aarre preview PATH…`: how records would look, before anything is loaded.

use super::difference;
use super::input::Input;
use crate::args::{InputArguments, PreviewArguments};
use crate::terminal::{Done, Terminal, counted};
use anyhow::bail;
use graph_model::{Document, ObjectRef};
use graph_publish::convert::{Conversion, ConvertError, Converted, Fate, Unwatched};
use graph_publish::preview::compare;
use graph_publish::report::Report;
use graph_publish::rules::RuleFile;
use graph_publish::run;
use graph_publish::shapes::Shapes;
use std::io::Write as _;

/// How many records a comparison looks at, unless told.
const SAMPLE: u64 = 200;

/// Ends a run that has shown enough.
#[derive(Debug, thiserror::Error)]
#[error("enough was shown")]
pub(crate) struct Enough;

pub(crate) fn run(arguments: &PreviewArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    if let Some(set) = &arguments.set {
        return compare_set(set, arguments, terminal);
    }
    let input_arguments = InputArguments {
        paths: arguments.paths.clone(),
        stdin: arguments.stdin,
        format: arguments.format.clone(),
        dataset: arguments.dataset.clone(),
        owner: arguments.owner.clone(),
        rules: arguments.rules.clone(),
        base: arguments.base.clone(),
    };
    let input = Input::new(&input_arguments, terminal)?;
    let mut report = Report::counted(input.dataset.as_str());
    if let Some(file) = input.rules.as_ref().filter(|file| file.rules().is_some() && arguments.id.is_none()) {
        if arguments.stdin {
            bail!("rules are compared on files, which are read twice; name files instead of --stdin");
        }
        let (bare, shapes) = (file.without_rules(), Shapes::shipped()?);
        let after = input.conversion(None, &Unwatched);
        let before = Conversion { rules: Some(&bare), ..after };
        let records = arguments.records.unwrap_or(SAMPLE);
        let comparison = compare(&before, &after, &arguments.paths, records, &shapes, &mut report)?;
        let done = terminal.summary(&report.finish()?);
        difference::show(&comparison, "no rules", arguments.show, terminal)?;
        return Ok(done);
    }
    let mut shown = 0;
    let mut out = std::io::stdout().lock();
    let wanted = if arguments.id.is_some() { 1 } else { arguments.records.unwrap_or(3) };
    let ended = input.convert(None, &Unwatched, &mut report, &mut |Converted { document, file, .. }| {
        if arguments.id.as_deref().is_none_or(|id| id == document.local()) {
            if terminal.json() {
                serde_json::to_writer(&mut out, &as_json(document, file, None))?;
                writeln!(out)?;
            } else {
                out.write_all(explained(document, file, None).as_bytes())?;
            }
            shown += 1;
            if shown >= wanted {
                return Err(Box::new(Enough));
            }
        }
        Ok(Fate::Taken)
    });
    match ended {
        Ok(()) => {}
        Err(error) if is_enough(&error) => {}
        Err(error) => return Err(error),
    }
    if shown == 0 {
        anyhow::bail!("no such record among {}", counted(report.summary.total.records, "record"));
    }
    Ok(terminal.summary(&report.finish()?))
}

fn compare_set(set: &str, arguments: &PreviewArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let dataset = home.dataset(set)?;
    let new = arguments.rules.as_deref().map(RuleFile::open).transpose()?;
    if new.is_none() && dataset.rules.is_none() {
        bail!("dataset '{set}' has no rules in aarre.toml; try some with --rules FILE");
    }
    let mut report = Report::counted(set);
    let records = arguments.records.unwrap_or(SAMPLE);
    let shapes = Shapes::shipped()?;
    let comparison = run::compare(&home, dataset, new.as_ref(), records, &shapes, &mut report)?;
    let done = terminal.summary(&report.finish()?);
    let against = if new.is_some() { "the rules in force" } else { "no rules" };
    difference::show(&comparison, against, arguments.show, terminal)?;
    Ok(done)
}

fn is_enough(error: &anyhow::Error) -> bool {
    error.downcast_ref::<ConvertError>().is_some_and(stopped_by_enough)
}

/// Whether a pass ended because enough was shown.
pub(crate) fn stopped_by_enough(error: &ConvertError) -> bool {
    matches!(error, ConvertError::Sink(inner) if inner.is::<Enough>())
}

/// A document for people: its statements by subject, each with the rule that made it and where from; or only
/// those about one subject.
pub(crate) fn explained(document: &Document, file: &str, about: Option<&str>) -> String {
    let item = document.iri().to_owned();
    let mut text = format!("{item}\n  from {file}, record {}\n", document.local());
    let mut subject = item.clone();
    for statement in document.statements().filter(|one| about.is_none_or(|about| one.subject == about)) {
        if statement.subject != subject {
            subject = statement.subject.to_owned();
            let short = match subject.strip_prefix(&item) {
                Some("") => "(the item)",
                Some(fragment) => fragment,
                None => &subject,
            };
            text.push_str(&format!("  {short}\n"));
        }
        let predicate = vocabularies::qname(statement.predicate.as_str())
            .unwrap_or_else(|| statement.predicate.as_str().to_owned());
        let object = match statement.object {
            ObjectRef::Iri(iri) => match iri.strip_prefix(&item) {
                Some(fragment) if fragment.starts_with('#') => fragment.to_owned(),
                _ => vocabularies::qname(iri).unwrap_or_else(|| format!("<{iri}>")),
            },
            ObjectRef::Text(value, None) => format!("\"{value}\""),
            ObjectRef::Text(value, Some(tag)) => format!("\"{value}\"@{tag}"),
            ObjectRef::Typed(value, datatype) => match vocabularies::qname(datatype.as_str()) {
                Some(datatype) => format!("\"{value}\"^^{datatype}"),
                None => format!("\"{value}\"^^<{}>", datatype.as_str()),
            },
        };
        let place =
            if statement.path.is_empty() { String::new() } else { format!(" from {}", statement.path) };
        text.push_str(&format!("    {predicate} {object}\n        by {}{place}\n", statement.rule));
    }
    for issue in document.issues().iter().filter(|_| about.is_none()) {
        text.push_str(&format!("  issue: {issue}\n"));
    }
    text.push('\n');
    text
}

/// The same for machines.
pub(crate) fn as_json(document: &Document, file: &str, about: Option<&str>) -> serde_json::Value {
    let statements: Vec<_> = document
        .statements()
        .filter(|one| about.is_none_or(|about| one.subject == about))
        .map(|statement| {
            let object = match statement.object {
                ObjectRef::Iri(iri) => serde_json::json!({ "type": "uri", "value": iri }),
                ObjectRef::Text(value, None) => serde_json::json!({ "type": "literal", "value": value }),
                ObjectRef::Text(value, Some(tag)) => {
                    serde_json::json!({ "type": "literal", "value": value, "xml:lang": tag })
                }
                ObjectRef::Typed(value, datatype) => {
                    serde_json::json!({ "type": "literal", "value": value, "datatype": datatype.as_str() })
                }
            };
            serde_json::json!({
                "subject": statement.subject,
                "predicate": statement.predicate.as_str(),
                "object": object,
                "rule": statement.rule,
                "path": statement.path,
            })
        })
        .collect();
    let issues: Vec<_> = document
        .issues()
        .iter()
        .map(|issue| {
            serde_json::json!({
                "kind": issue.kind.code(),
                "path": issue.path,
                "met": issue.met,
                "expected": issue.expected,
            })
        })
        .collect();
    serde_json::json!({
        "iri": document.iri(),
        "record": document.local(),
        "file": file,
        "statements": statements,
        "issues": issues,
    })
}
