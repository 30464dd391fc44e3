//! Suggestions while somebody types: entities, types and properties.

use super::ask::{description, name_of};
use super::properties::{PROPERTIES, Property, class, named, type_of};
use super::services::Service;
use super::unknown;
use crate::problem::Problem;
use crate::visit::Visit;
use graph_reconcile::Kind;
use graph_reconcile::authority::EntryId;
use serde_json::{Value, json};

/// How many suggestions are made at once.
const PAGE: usize = 10;
/// How far a client may go on.
const FAR: usize = 1_000;

/// Answers `prefix` and `cursor`.
///
/// # Errors
/// 404 for a thing that is not suggested.
pub(super) fn answer(service: &Service, what: &str, visit: &Visit) -> Result<Value, Problem> {
    let prefix = visit.parameters.get("prefix").unwrap_or_default().trim();
    let skip = visit.parameters.number("cursor", 0).min(FAR);
    let result: Vec<Value> = match what {
        "entity" => entities(service, prefix, skip, visit),
        "type" => {
            let known = service.kinds.iter().map(|kind| class(*kind).as_str());
            known
                .filter(|id| begins(id, &named(id, visit.language), prefix))
                .skip(skip)
                .map(|id| type_of(id, visit.language))
                .collect()
        }
        "property" => PROPERTIES
            .iter()
            .filter(|property| begins(property.id(), &property.name(visit.language), prefix))
            .skip(skip)
            .map(|property: &Property| json!({ "id": property.id(), "name": property.name(visit.language) }))
            .collect(),
        _ => return Err(unknown(what)),
    };
    Ok(json!({ "result": result }))
}

/// Whether a thing is suggested: by its identifier or by the beginning of any word of its name.
fn begins(id: &str, name: &str, prefix: &str) -> bool {
    let (name, prefix) = (name.to_lowercase(), prefix.to_lowercase());
    id == prefix || name.starts_with(&prefix) || name.split(' ').any(|word| word.starts_with(&prefix))
}

fn entities(service: &Service, prefix: &str, skip: usize, visit: &Visit) -> Vec<Value> {
    let kind = visit.parameters.get("type").and_then(super::properties::kind);
    let found: Vec<EntryId> = match service.authority.by_iri(prefix) {
        Some(entry) => vec![entry],
        None if prefix.is_empty() => Vec::new(),
        None => service.authority.suggest(prefix, kind, skip + PAGE),
    };
    found
        .into_iter()
        .skip(skip)
        .map(|id| {
            let entry = service.authority.entry(id);
            let notable: Vec<Value> = Some(entry.kind())
                .filter(|kind| *kind != Kind::Unknown)
                .map(|kind| type_of(class(kind).as_str(), visit.language))
                .into_iter()
                .collect();
            json!({
                "id": entry.iri(),
                "name": name_of(&entry, None, visit.language),
                "description": description(service, &entry, visit.language),
                "notable": notable,
            })
        })
        .collect()
}
