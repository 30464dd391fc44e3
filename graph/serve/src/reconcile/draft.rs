//! The draft of version 1.0 of the Reconciliation Service API.

use super::ask::{Ask, Condition, Quantifier};
use super::services::Service;
use super::{extend, old, preview};
use crate::language::Language;
use crate::problem::Problem;
use crate::state::App;
use graph_reconcile::matching::Scratch;
use serde::Deserialize;
use serde_json::{Value, json};

/// The service manifest.
pub(super) fn manifest(app: &App, service: &Service, language: Language) -> Value {
    let address = service.address(app);
    json!({
        "versions": ["1.0-draft"],
        "name": service.title(app),
        "documentation": format!("{}/reconcile?format=html", app.place.base()),
        "serviceVersion": env!("CARGO_PKG_VERSION"),
        "view": { "url": format!("{address}/view?id={{id}}") },
        "defaultTypes": old::default_types(service, language),
        "suggest": { "entity": true, "property": true, "type": true },
        "preview": { "width": preview::WIDTH, "height": preview::HEIGHT },
        "extend": {
            "proposeProperties": true,
            "propertySettings": [{
                "id": "limit",
                "name": "Limit",
                "type": "number",
                "default": 0,
                "helpText": "How many values a row gets at most; 0 for all",
            }],
        },
        "standardizedScore": true,
    })
}

#[derive(Deserialize)]
struct Batch {
    queries: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "type")]
    kind: Option<String>,
    limit: Option<f64>,
    lang: Option<String>,
    #[serde(rename = "dir")]
    _direction: Option<String>,
    conditions: Vec<WrittenCondition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenCondition {
    match_type: MatchType,
    property_id: Option<String>,
    property_value: Value,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    match_quantifier: MatchQuantifier,
    lang: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum MatchType {
    Name,
    Id,
    Property,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum MatchQuantifier {
    #[default]
    Any,
    All,
    None,
}

impl Written {
    fn read(self, number: usize) -> Result<Ask, Problem> {
        let wrong = |what: &str| Problem::bad_request(format!("question {number}, counted from 0: {what}"));
        if self.conditions.is_empty() {
            return Err(wrong("it has no conditions"));
        }
        let mut ask = Ask {
            types: self.kind.into_iter().collect(),
            strict: true,
            limit: old::limit(self.limit),
            language: self.lang,
            ..Ask::default()
        };
        for condition in self.conditions {
            let values = old::values(&condition.property_value);
            match condition.match_type {
                MatchType::Name => {
                    ask.name = values.into_iter().next().filter(|name| !name.trim().is_empty());
                    ask.language = condition.lang.or(ask.language);
                }
                MatchType::Id => ask.id = values.into_iter().next(),
                MatchType::Property => ask.conditions.push(Condition {
                    property: condition
                        .property_id
                        .ok_or_else(|| wrong("a condition on a property has no propertyId"))?,
                    values,
                    required: condition.required,
                    quantifier: match condition.match_quantifier {
                        MatchQuantifier::Any => Quantifier::Any,
                        MatchQuantifier::All => Quantifier::All,
                        MatchQuantifier::None => Quantifier::None,
                    },
                }),
            }
        }
        Ok(ask)
    }
}

/// Answers a batch of questions.
///
/// # Errors
/// 400 when it is none, 413 when it has more questions than a batch may have.
pub(super) fn answer(service: &Service, text: &str, language: Language) -> Result<Value, Problem> {
    let batch: Batch = serde_json::from_str(text)
        .map_err(|error| Problem::bad_request(format!("this is no batch of questions: {error}")))?;
    old::too_many(batch.queries.len())?;
    let mut scratch = Scratch::default();
    let mut results = Vec::with_capacity(batch.queries.len());
    for (number, written) in batch.queries.into_iter().enumerate() {
        let ask = written.read(number)?;
        let found = ask.candidates(service, &mut scratch);
        let candidates: Vec<Value> =
            found.iter().map(|candidate| named(old::told(service, &ask, candidate, language))).collect();
        results.push(json!({ "candidates": candidates }));
    }
    Ok(json!({ "results": results }))
}

/// A candidate whose features have names for people: their identifiers in plain letters.
fn named(mut candidate: Value) -> Value {
    let features = candidate.get_mut("features").and_then(Value::as_array_mut).into_iter().flatten();
    for feature in features.filter_map(Value::as_object_mut) {
        let name = feature.get("id").and_then(Value::as_str).unwrap_or_default().replace('_', " ");
        feature.insert("name".to_owned(), name.into());
    }
    candidate
}

/// Answers a data extension.
///
/// # Errors
/// As [`extend::read`].
pub(super) fn extend(service: &Service, text: &str, language: Language) -> Result<Value, Problem> {
    let wanted = extend::read(text)?;
    let rows: Vec<Value> = wanted
        .ids
        .iter()
        .map(|id| {
            let cells: Vec<Value> = wanted
                .properties
                .iter()
                .map(|property| {
                    let values = extend::cell(service, id, property, language);
                    json!({ "id": property.id, "values": values })
                })
                .collect();
            json!({ "id": id, "properties": cells })
        })
        .collect();
    Ok(json!({ "meta": extend::meta(&wanted, language), "rows": rows }))
}
