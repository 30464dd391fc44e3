//! `aarre preview PATH…`: how records would look, before anything is loaded.

use super::input::Input;
use crate::args::PreviewArguments;
use crate::terminal::{Done, Terminal, counted};
use graph_model::{Document, ObjectRef};
use graph_publish::convert::{ConvertError, Converted, Fate, Unwatched};
use graph_publish::report::Report;
use std::io::Write as _;

/// Ends a run that has shown enough.
#[derive(Debug, thiserror::Error)]
#[error("enough was shown")]
pub(crate) struct Enough;

pub(crate) fn run(arguments: &PreviewArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let input = Input::new(&arguments.input, terminal)?;
    let mut report = Report::counted(input.dataset.as_str());
    let mut shown = 0;
    let mut out = std::io::stdout().lock();
    let wanted = if arguments.id.is_some() { 1 } else { arguments.records };
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
