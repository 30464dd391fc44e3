//! Why a statement is here: who says it, by which record, read in which run.
//!
//! A generation knows for every statement the graphs that make it, and for every record its file, its fingerprint and the
//! run that read it, with the version of the rules. Which place in the record and which rule made a statement is not
//! stored: conversion is a function of the record, and `aarre explain` shows it by converting once more.

use super::facts::{Fact, grouped, mentioned, subject};
use super::order::is_silent;
use crate::generation::Generation;
use crate::problem::Problem;
use crate::state::App;
use crate::value::{Value, Words};
use graph_store::rdf::{GraphName, Quad, Term};
use std::collections::BTreeMap;
use vocabularies::prov;

/// How many statements are told one by one.
const STATEMENTS: usize = 250;

/// Where what a page says comes from.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// The run that read the record.
    pub(super) run: Vec<Fact>,
    /// Each statement with who says it.
    pub(super) statements: Vec<Statement>,
    /// How many are not shown.
    pub(super) more: usize,
}

/// A statement with who says it.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) property: String,
    pub(super) value: Value,
    pub(super) sources: Vec<Value>,
}

/// Tells the sources of the statements of a document.
pub(super) fn sources(
    app: &App,
    generation: &Generation,
    iri: &str,
    quads: &[Quad],
    words: &mut Words<'_>,
) -> Result<Sources, Problem> {
    let mut sources = Sources::default();
    let run = quads.iter().find_map(|quad| match &quad.object {
        Term::NamedNode(run) if quad.predicate == prov::WAS_GENERATED_BY && subject(quad) == iri => Some(run),
        _ => None,
    });
    if let Some(run) = run {
        let said = generation.snapshot.entity(run.as_str()).map_err(|error| Problem::internal(&error))?.quads;
        words.learn(&generation.snapshot, mentioned(&said))?;
        sources.run = grouped(run.as_str(), &said.iter().collect::<Vec<_>>(), words);
    }
    // The same statement may be made by several.
    let mut told: BTreeMap<(String, String, String), (&Quad, Vec<Value>)> = BTreeMap::new();
    let provenance = app.config.base.graph("provenance");
    for quad in quads.iter().filter(|quad| !is_silent(quad.predicate.as_ref())) {
        let source = match &quad.graph_name {
            GraphName::NamedNode(graph) if graph.as_str() == provenance => continue,
            GraphName::NamedNode(graph) => source(app, generation, graph.as_str(), words),
            _ => continue,
        };
        let anchor = subject(quad).strip_prefix(iri).unwrap_or_default().to_owned();
        let key = (anchor, quad.predicate.as_str().to_owned(), quad.object.to_string());
        let (_, sources) = told.entry(key).or_insert_with(|| (quad, Vec::new()));
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources.more = told.len().saturating_sub(STATEMENTS);
    sources.statements = told
        .into_values()
        .take(STATEMENTS)
        .map(|(quad, sources)| Statement {
            property: words.name(quad.predicate.as_str()).text,
            value: words.term(quad.object.as_ref()),
            sources,
        })
        .collect();
    Ok(sources)
}

/// Who speaks in a graph: a dataset with its page, an authority, or the links.
fn source(app: &App, generation: &Generation, graph: &str, words: &Words<'_>) -> Value {
    let name =
        graph.strip_prefix(app.place.base()).and_then(|rest| rest.strip_prefix("/graph/")).unwrap_or(graph);
    if let Some(dataset) = generation.statistics.datasets.iter().find(|dataset| dataset.id == name) {
        let page = words.iri(&app.place.iri(&format!("dataset/{name}")));
        return Value { text: dataset.title.clone().unwrap_or_else(|| name.to_owned()), lang: None, ..page };
    }
    let text = match name.strip_prefix("authority/") {
        Some(authority) => words.language.phrase("why.authority", authority),
        None if name == "links" => words.language.word("why.links").to_owned(),
        None if name == "catalog" => words.language.word("why.catalog").to_owned(),
        None => name.to_owned(),
    };
    Value { text, ..Value::default() }
}
