//! Data extension: columns of a client's table from what is known of its entities.

use super::ask::{description, name_of};
use super::properties::{PROPERTIES, Property, class, kind, named};
use super::services::Service;
use crate::language::Language;
use crate::problem::Problem;
use crate::visit::Visit;
use graph_reconcile::Kind;
use serde::Deserialize;
use serde_json::{Value, json};

/// How many entities one request may ask for.
const IDS: usize = 1_000;

/// Which properties are wanted of which entities; both versions write it alike.
#[derive(Deserialize)]
pub(super) struct Wanted {
    pub(super) ids: Vec<String>,
    pub(super) properties: Vec<WantedProperty>,
}

#[derive(Deserialize)]
pub(super) struct WantedProperty {
    pub(super) id: String,
    #[serde(default)]
    settings: Settings,
}

#[derive(Deserialize, Default)]
struct Settings {
    /// Clients send a number, or one as a text.
    limit: Option<Value>,
}

/// Reads a data extension query.
///
/// # Errors
/// 400 when it is none or names a property that there is not, 413 when it asks for too much.
pub(super) fn read(text: &str) -> Result<Wanted, Problem> {
    let wanted: Wanted = serde_json::from_str(text)
        .map_err(|error| Problem::bad_request(format!("this is no data extension query: {error}")))?;
    if wanted.ids.len() > IDS || wanted.properties.len() > PROPERTIES.len() {
        let detail = format!("at most {IDS} entities and {} properties a request", PROPERTIES.len());
        return Err(Problem::too_large(detail));
    }
    if let Some(unknown) = wanted.properties.iter().find(|property| Property::of(&property.id).is_none()) {
        let known: Vec<&str> = PROPERTIES.iter().map(Property::id).collect();
        let detail = format!("there is no property '{}'; there are: {}", unknown.id, known.join(", "));
        return Err(Problem::bad_request(detail));
    }
    Ok(wanted)
}

/// The heads of the columns.
pub(super) fn meta(wanted: &Wanted, language: Language) -> Vec<Value> {
    let ids = wanted.properties.iter().map(|property| property.id.as_str());
    ids.map(|id| {
        let name = Property::of(id).map_or_else(|| id.to_owned(), |property| property.name(language));
        json!({ "id": id, "name": name })
    })
    .collect()
}

/// The values of one property of one entity; nothing when there is neither.
pub(super) fn cell(service: &Service, id: &str, property: &WantedProperty, language: Language) -> Vec<Value> {
    let Some((known, entry)) = Property::of(&property.id).zip(service.authority.by_iri(id)) else {
        return Vec::new();
    };
    let limit = property.settings.limit.as_ref().and_then(|limit| match limit {
        Value::String(text) => text.parse().ok(),
        number => number.as_u64(),
    });
    let most = limit.filter(|limit| *limit > 0).and_then(|limit| usize::try_from(limit).ok());
    let told = known.values(&service.authority.entry(entry));
    told.into_iter()
        .take(most.unwrap_or(usize::MAX))
        .map(|told| {
            if told.is_entity {
                return entity(service, &told.text, language);
            }
            match told.language {
                Some(tag) => json!({ "str": told.text, "lang": tag }),
                None => json!({ "str": told.text }),
            }
        })
        .collect()
}

fn entity(service: &Service, iri: &str, language: Language) -> Value {
    match service.authority.by_iri(iri) {
        Some(entry) => {
            let entry = service.authority.entry(entry);
            json!({
                "id": iri,
                "name": name_of(&entry, None, language),
                "description": description(service, &entry, language),
            })
        }
        None => json!({ "id": iri, "name": named(iri, language) }),
    }
}

/// Which properties entities of a type can be extended with.
pub(super) fn propose(service: &Service, visit: &Visit) -> Value {
    let asked = visit.parameters.get("type").unwrap_or_default();
    let of = if asked.is_empty() { None } else { Some(kind(asked).unwrap_or(Kind::Unknown)) };
    let limit = visit.parameters.get("limit").and_then(|limit| limit.parse().ok());
    let has = |property: &&Property| {
        property.suits(of) && (of.is_some() || service.kinds.iter().any(|kind| property.suits(Some(*kind))))
    };
    let properties: Vec<Value> = PROPERTIES
        .iter()
        .filter(has)
        .take(limit.filter(|limit| *limit > 0).unwrap_or(usize::MAX))
        .map(|property| json!({ "id": property.id(), "name": property.name(visit.language) }))
        .collect();
    let kind = if asked.is_empty() {
        service.kinds.first().map_or_else(String::new, |kind| class(*kind).as_str().to_owned())
    } else {
        asked.to_owned()
    };
    let mut told = json!({ "type": kind, "properties": properties });
    if let (Some(limit), Some(fields)) = (limit, told.as_object_mut()) {
        fields.insert("limit".to_owned(), limit.into());
    }
    told
}
