//! One row: cells of a table, or one object of JSON. No RDF here.

use super::mapping::{Mapping, Slot};
use graph_model::Position;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// The names of a table's columns, and where the mapping's columns stand among them.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    /// For each slot of the mapping, the number of the column.
    pub(super) places: Vec<Option<usize>>,
}

impl Header {
    pub(super) fn new(names: Vec<String>, mapping: &Mapping) -> Self {
        let places =
            mapping.columns.iter().map(|column| names.iter().position(|name| name == column)).collect();
        Self { names, places }
    }
}

/// What was odd about a row before anybody asked what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Oddity {
    /// Bytes that are not of the table's encoding.
    Encoding,
    /// More cells than columns: how many.
    TooMany(usize),
    /// A quote where none can be.
    Quote,
}

/// One row, ready to be described.
#[derive(Debug)]
pub struct Row {
    pub(super) position: Position,
    pub(super) cells: Cells,
    pub(super) oddities: Vec<Oddity>,
    /// The first row of its table also tells which columns the mapping and the table do not share.
    pub(super) first: bool,
}

/// What a row holds.
#[derive(Debug)]
pub(super) enum Cells {
    Table { header: Arc<Header>, text: String, spans: Vec<(usize, usize)> },
    Object(Value),
}

impl Row {
    /// The values of one column, trimmed and without those that say nothing. A cell gives one; a path through a list of
    /// JSON gives one an element.
    pub(super) fn values<'r>(&'r self, mapping: &Mapping, slot: Slot) -> Vec<Cow<'r, str>> {
        let mut values = Vec::new();
        match &self.cells {
            Cells::Table { header, text, spans } => {
                if let Some(&(start, end)) = header.places[slot].and_then(|place| spans.get(place)) {
                    values.push(Cow::Borrowed(text[start..end].trim()));
                }
            }
            Cells::Object(object) => {
                for found in follow(object, &mapping.columns[slot]) {
                    values.extend(scalar(found));
                }
            }
        }
        values.retain(|value| !value.is_empty() && !mapping.nulls.iter().any(|null| null == value));
        values
    }

    /// The first value of a column.
    pub(super) fn value<'r>(&'r self, mapping: &Mapping, slot: Slot) -> Option<Cow<'r, str>> {
        self.values(mapping, slot).into_iter().next()
    }

    /// The objects that a column's path leads to in a JSON record.
    pub(super) fn objects(&self, column: &str) -> Vec<&Value> {
        match &self.cells {
            Cells::Table { .. } => Vec::new(),
            Cells::Object(object) => {
                follow(object, column).into_iter().filter(|value| value.is_object()).collect()
            }
        }
    }
}

/// All values at the end of a dotted path; a list on the way, or at its end, stands for its elements. A number as a
/// step picks one element.
pub(super) fn follow<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    // A name that has dots of its own wins over a path.
    if let Some(found) = value.get(path) {
        return flat(found);
    }
    let Some((step, rest)) = path.split_once('.') else { return Vec::new() };
    let next: Vec<&Value> = match (value, step.parse::<usize>()) {
        (Value::Array(list), Ok(index)) => list.get(index).into_iter().collect(),
        (Value::Array(list), Err(_)) => {
            list.iter().flat_map(|element| follow(element, path)).collect::<Vec<_>>()
        }
        (object, _) => object.get(step).into_iter().collect(),
    };
    if matches!((value, step.parse::<usize>()), (Value::Array(_), Err(_))) {
        return next;
    }
    next.into_iter().flat_map(|value| through(value, rest)).collect()
}

fn through<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    match (value, path.split('.').next().and_then(|step| step.parse::<usize>().ok())) {
        (Value::Array(list), Some(index)) => {
            let Some(element) = list.get(index) else { return Vec::new() };
            path.split_once('.').map_or_else(|| flat(element), |(_, rest)| through(element, rest))
        }
        (Value::Array(list), None) => list.iter().flat_map(|element| follow(element, path)).collect(),
        (value, _) => follow(value, path),
    }
}

fn flat(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().flat_map(flat).collect(),
        value => vec![value],
    }
}

/// The text of a string, number or truth value.
pub(super) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text.trim())),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
