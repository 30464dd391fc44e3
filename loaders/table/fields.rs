//! The fields of a row: its cells by the names of their columns, the members of an object of JSON by dotted paths, what
//! holds text in XML by the local names on the way, and what stands beside the record behind `../`.

use super::row::{Cells, Row, scalar};
use crate::shared::xml;
use graph_model::{Field, Visit};
use serde_json::Value;

impl Row {
    /// Visits every cell, or member at any depth, that is not empty.
    pub(super) fn fields(&self, visit: &mut Visit<'_>) {
        match &self.cells {
            Cells::Table { header, text, spans } => {
                for (name, &(start, end)) in header.names.iter().zip(spans) {
                    let cell = text.get(start..end).unwrap_or_default().trim();
                    if !cell.is_empty() {
                        visit(&Field {
                            path: named(name),
                            text: cell,
                            language: None,
                            occurrences: &[1],
                            inline: false,
                        });
                    }
                }
            }
            Cells::Object(object) => members(object, &mut String::new(), &mut Vec::new(), visit),
            Cells::Element(element, beside) => {
                xml::fields(element.root(), visit);
                for element in beside {
                    let root = element.root();
                    xml::fields(root, &mut |field| {
                        let path = format!("../{}/{}", root.name(), field.path);
                        let mut occurrences = vec![1, 1];
                        occurrences.extend_from_slice(field.occurrences);
                        visit(&Field { path: &path, occurrences: &occurrences, ..*field });
                    });
                }
            }
        }
    }
}

/// A column or member without a name goes by two quotation marks, so that it can be told.
fn named(name: &str) -> &str {
    if name.is_empty() { "\"\"" } else { name }
}

/// A list counts as the repetition of its member, as it does in a mapping. The parser has bounded the depth.
fn members(value: &Value, path: &mut String, occurrences: &mut Vec<u32>, visit: &mut Visit<'_>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let end = path.len();
                if end > 0 {
                    path.push('.');
                }
                path.push_str(named(name));
                occurrences.push(1);
                members(value, path, occurrences, visit);
                occurrences.pop();
                path.truncate(end);
            }
        }
        Value::Array(list) => {
            let mut number = occurrences.last().copied().unwrap_or(1);
            for value in list {
                if let Some(last) = occurrences.last_mut() {
                    *last = number;
                }
                members(value, path, occurrences, visit);
                number = number.saturating_add(1);
            }
        }
        value => {
            if let Some(text) = scalar(value).filter(|text| !text.is_empty()) {
                visit(&Field { path, text: &text, language: None, occurrences, inline: false });
            }
        }
    }
}
