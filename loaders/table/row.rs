//! One row: cells of a table, one object of JSON, or one element of XML. No RDF here.

use super::mapping::{Body, Condition, Mapping, Slot};
use crate::shared::xml::{Element, ElementRef};
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
    /// A second column of one name, and a column without one, are named by their place.
    pub(super) fn named<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
        let mut known: Vec<String> = Vec::new();
        for (index, name) in names.enumerate() {
            let taken = known.iter().any(|known| known == name);
            known.push(if name.is_empty() || taken {
                format!("{name}#{}", index + 1)
            } else {
                name.to_owned()
            });
        }
        known
    }

    pub(super) fn new(names: Vec<String>, mapping: &Mapping) -> Self {
        let places =
            mapping.columns.iter().map(|column| names.iter().position(|name| name == column)).collect();
        Self { names, places }
    }

    /// The columns of the identifier that the table lacks.
    pub(super) fn missing<'m>(names: &[String], mapping: &'m Mapping) -> Vec<&'m str> {
        let id = mapping.main.id.iter().map(|slot| mapping.columns[*slot].as_str());
        id.filter(|column| !names.iter().any(|name| name == column)).collect()
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
    /// Something else, in words: what was met and what was expected.
    Other(String, &'static str),
}

/// One row, ready to be described.
#[derive(Debug)]
pub struct Row {
    pub(super) position: Position,
    pub(super) cells: Cells,
    pub(super) oddities: Vec<Oddity>,
    /// The first row of its table also tells which columns the mapping and the table do not share.
    pub(super) first: bool,
    /// The rows after it that are of the same record.
    pub(super) more: Vec<Row>,
}

/// What a row holds.
#[derive(Debug)]
pub(super) enum Cells {
    Table {
        header: Arc<Header>,
        text: String,
        spans: Vec<(usize, usize)>,
    },
    Object(Value),
    /// A record, and the elements beside it that belong to it.
    Element(Element, Vec<Element>),
}

/// The part of a row in which columns are looked up: all of it, or one of a list inside.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'r> {
    Row,
    Json(&'r Value),
    Xml(ElementRef<'r>),
}

impl Row {
    /// The body of the mapping that this row is of.
    pub(super) fn body<'m>(&self, mapping: &'m Mapping) -> &'m Body {
        let fits =
            |body: &&Body| body.when.iter().all(|condition| self.holds(mapping, Scope::Row, condition));
        mapping.variants.iter().find(fits).unwrap_or(&mapping.main)
    }

    /// Whether a condition holds in a part of the row.
    pub(super) fn holds(&self, mapping: &Mapping, scope: Scope<'_>, condition: &Condition) -> bool {
        let met = self.values(mapping, scope, condition.slot).iter().any(|value| {
            condition.values.iter().any(|wanted| match wanted.strip_suffix('*') {
                Some(start) => value.starts_with(start),
                None => wanted == value,
            })
        });
        met != condition.negated
    }

    /// The values of one column, trimmed and without those that say nothing. A cell gives one; a path through lists of JSON
    /// or repeated elements gives one of each.
    pub(super) fn values<'r>(&'r self, mapping: &Mapping, scope: Scope<'r>, slot: Slot) -> Vec<Cow<'r, str>> {
        let mut values = Vec::new();
        let column = mapping.columns[slot].as_str();
        match (&self.cells, scope) {
            (Cells::Table { header, text, spans }, _) => {
                if let Some(&(start, end)) = header.places[slot].and_then(|place| spans.get(place)) {
                    values.push(Cow::Borrowed(text[start..end].trim()));
                }
            }
            (Cells::Object(object), scope) => {
                let (from, path) = match (scope, column.strip_prefix('/')) {
                    (Scope::Json(value), None) => (value, column),
                    (_, path) => (object, path.unwrap_or(column)),
                };
                for found in follow(from, path) {
                    values.extend(scalar(found));
                }
            }
            (Cells::Element(element, beside), scope) => {
                if let Some((name, path)) = column.strip_prefix("../").and_then(|path| path.split_once('/')) {
                    for element in beside.iter().map(Element::root).filter(|element| element.name() == name) {
                        visit(element, path, &mut |found| values.extend(found.text()));
                    }
                } else {
                    let (from, path) = match (scope, column.strip_prefix('/')) {
                        (Scope::Xml(element), None) => (element, column),
                        (_, path) => (element.root(), path.unwrap_or(column)),
                    };
                    visit(from, path, &mut |found| values.extend(found.text()));
                }
            }
        }
        values.retain(|value| !value.is_empty() && !mapping.nulls.iter().any(|null| null == value));
        values
    }

    /// The parts that a path leads to, each a scope of its own; a table has none but itself.
    pub(super) fn scopes<'r>(&'r self, path: &str) -> Vec<Scope<'r>> {
        let mut scopes = Vec::new();
        match &self.cells {
            Cells::Table { .. } => scopes.push(Scope::Row),
            Cells::Object(object) => {
                scopes.extend(
                    follow(object, path).into_iter().filter(|value| !value.is_null()).map(Scope::Json),
                );
            }
            Cells::Element(element, _) => visit(element.root(), path, &mut |found| {
                if let Found::Element(element) = found {
                    scopes.push(Scope::Xml(element));
                }
            }),
        }
        scopes
    }

    /// The geometries of GeoJSON (RFC 7946) that a column's path leads to, as well-known text.
    pub(super) fn geometries(&self, mapping: &Mapping, scope: Scope<'_>, slot: Slot) -> Vec<String> {
        let Cells::Object(object) = &self.cells else { return Vec::new() };
        let from = if let Scope::Json(value) = scope { value } else { object };
        let found = follow(from, &mapping.columns[slot]);
        found.into_iter().filter_map(super::geojson::well_known_text).collect()
    }

    /// The objects that a column's path leads to in a JSON record.
    pub(super) fn objects(&self, column: &str) -> Vec<&Value> {
        match &self.cells {
            Cells::Object(object) => {
                follow(object, column).into_iter().filter(|value| value.is_object()).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// What a path through XML leads to.
#[derive(Clone, Copy)]
enum Found<'r> {
    Element(ElementRef<'r>),
    Text(&'r str),
}

impl<'r> Found<'r> {
    /// The text; none for an element that merely holds others.
    fn text(self) -> Option<Cow<'r, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text.trim())),
            Self::Element(element) => {
                let text = element.text();
                let holds = element.elements().next().is_some();
                let own = || {
                    element.content().any(|content| match content {
                        crate::shared::xml::Content::Text(text) => !text.trim().is_empty(),
                        crate::shared::xml::Content::Element(_) => false,
                    })
                };
                (!holds || own()).then_some(text)
            }
        }
    }
}

/// Visits all that a path of local names leads to, in document order: `a/b`, `a/@b`, `*/b`; `.` is the element itself and
/// `name()` its local name.
fn visit<'r>(element: ElementRef<'r>, path: &str, found: &mut dyn FnMut(Found<'r>)) {
    let (step, rest) = path.split_once('/').map_or((path, None), |(step, rest)| (step, Some(rest)));
    if let Some(name) = step.strip_prefix('@') {
        if let Some(text) = element.attribute(name) {
            found(Found::Text(text));
        }
        return;
    }
    if step == "name()" {
        return found(Found::Text(element.name()));
    }
    if step == "." {
        return rest.map_or_else(|| found(Found::Element(element)), |_| ());
    }
    for child in element.elements().filter(|child| step == "*" || child.name() == step) {
        match rest {
            Some(rest) => visit(child, rest, found),
            None => found(Found::Element(child)),
        }
    }
}

/// All values at the end of a dotted path; a list on the way, or at its end, stands for its elements. A number as a
/// step picks one element, and `.` is the value itself.
pub(super) fn follow<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    // A name that has dots of its own wins over a path.
    if let Some(found) = value.get(path) {
        return flat(found);
    }
    if path == "." {
        return flat(value);
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
