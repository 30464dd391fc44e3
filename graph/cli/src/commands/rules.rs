//! `aarre rules`: what an owner needs to know to write a rule file.

use crate::args::RulesArguments;
use crate::terminal::{Done, Terminal, counted, grouped};
use anyhow::{Context as _, bail};
use graph_model::{Base, DatasetId};
use graph_publish::home::format_ids;
use graph_publish::rules::RuleFile;
use graph_publish::sources;
use loaders::rules::known;
use loaders::{FieldUse, Places, Setup, Target, format_by_id};
use serde_json::json;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

pub(crate) fn run(arguments: &RulesArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    if arguments.fields.is_empty() {
        return list(arguments, terminal);
    }
    fields(arguments, terminal)
}

fn list(arguments: &RulesArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let mut lines = Vec::new();
    let mut machines = Vec::new();
    for format in &arguments.formats {
        if format_by_id(format).is_none() {
            bail!("no format '{format}'; there are: {}", format_ids());
        }
        lines.push(format!("{format}: rule, fields that it reads, properties that it says"));
        for rule in known::rules_of(format) {
            lines.push(format!("  {}\n      {}  →  {}", rule.id, rule.fields, rule.properties));
            machines.push(json!({
                "format": format, "rule": rule.id,
                "fields": rule.fields.split_whitespace().collect::<Vec<_>>(),
                "properties": rule.properties.split_whitespace().collect::<Vec<_>>(),
            }));
        }
    }
    terminal.result(&lines.join("\n"), &json!({ "rules": machines }))?;
    Ok(Done::Complete)
}

/// How often a field was met, and what became of it.
struct Met {
    times: u64,
    records: u64,
    told: u64,
    example: String,
    last: u64,
}

fn fields(arguments: &RulesArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let rules = arguments.rules.as_deref().map(RuleFile::open).transpose()?;
    let mapping = rules.as_ref().and_then(RuleFile::mapping);
    let (base, dataset) = (Base::new("http://127.0.0.1:7878")?, DatasetId::new("records")?);
    let target = Target { rules: rules.as_ref().and_then(RuleFile::rules), ..Target::new(&base, &dataset) };
    let (files, faults) = sources::expand(&arguments.fields);
    for fault in faults {
        terminal.warn(&format!("{}: {}; expected {}", fault.name, fault.met, fault.expected));
    }
    let mut met: BTreeMap<String, Met> = BTreeMap::new();
    let mut records = 0_u64;
    for source in &files {
        let opened = match sources::open(source, None, Arc::default()) {
            Ok(opened) => opened,
            Err(fault) => {
                terminal.warn(&format!("{}: {}; expected {}", fault.name, fault.met, fault.expected));
                continue;
            }
        };
        let format = (opened.format.setup)(Setup { mapping }).with_context(|| source.name.clone())?;
        let _ = format.inspect(opened.reader, target, &mut |document, fields| {
            records += 1;
            let places = Places::of(document);
            let mut told: BTreeMap<String, bool> = BTreeMap::new();
            fields(&mut |field| {
                let told = match told.get(field.path) {
                    Some(told) => *told,
                    None => {
                        let used = places.tell_of(field) != FieldUse::Unused;
                        told.insert(field.path.to_owned(), used);
                        used
                    }
                };
                let entry = met.entry(field.path.to_owned()).or_insert_with(|| Met {
                    times: 0,
                    records: 0,
                    told: 0,
                    example: field.text.chars().take(60).collect(),
                    last: 0,
                });
                entry.times += 1;
                entry.told += u64::from(told);
                if entry.last != records {
                    entry.last = records;
                    entry.records += 1;
                }
            });
            ControlFlow::Continue(())
        });
    }
    let mut lines =
        vec![format!("{}; a field with - is one that nothing is said from", counted(records, "record"))];
    let mut machines = Vec::new();
    for (path, field) in &met {
        let mark = if field.told == 0 { '-' } else { ' ' };
        lines.push(format!("{mark} {path:<40} {:>9}  {}", grouped(field.times), field.example));
        machines.push(json!({
            "field": path, "times": field.times, "records": field.records, "told": field.told,
            "example": field.example,
        }));
    }
    terminal.result(&lines.join("\n"), &json!({ "records": records, "fields": machines }))?;
    Ok(Done::Complete)
}
