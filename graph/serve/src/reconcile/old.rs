//! Version 0.2 of the Reconciliation Service API, as OpenRefine speaks it.

use super::ask::{Ask, Candidate, Condition, Quantifier, description, name_of, types};
use super::properties::type_of;
use super::services::Service;
use super::{BATCH, extend, preview, properties};
use crate::language::Language;
use crate::problem::Problem;
use crate::state::App;
use graph_reconcile::matching::Scratch;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The service manifest.
pub(super) fn manifest(app: &App, service: &Service, language: Language) -> Value {
    let address = service.address(app);
    let suggest = |what: &str| json!({ "service_url": address, "service_path": format!("/suggest/{what}") });
    let space = if service.space.is_empty() { &address } else { &service.space };
    json!({
        "versions": ["0.2"],
        "name": service.title(app),
        "identifierSpace": space,
        "schemaSpace": vocabularies::skos::NAMESPACE,
        "documentation": format!("{}/reconcile?format=html", app.place.base()),
        "serviceVersion": env!("CARGO_PKG_VERSION"),
        "view": { "url": format!("{address}/view?id={{{{id}}}}") },
        "preview": {
            "url": format!("{address}/preview?id={{{{id}}}}"),
            "width": preview::WIDTH,
            "height": preview::HEIGHT,
        },
        "suggest": {
            "entity": suggest("entity"), "property": suggest("property"), "type": suggest("type"),
        },
        "extend": {
            "propose_properties": { "service_url": address, "service_path": "/properties" },
            "property_settings": [{
                "name": "limit",
                "label": "Limit",
                "type": "number",
                "default": 0,
                "help_text": "How many values a row gets at most; 0 for all",
            }],
        },
        "defaultTypes": default_types(service, language),
        "batchSize": BATCH,
    })
}

/// The types that most entries have.
pub(super) fn default_types(service: &Service, language: Language) -> Vec<Value> {
    service.kinds.iter().map(|kind| type_of(properties::class(*kind).as_str(), language)).collect()
}

/// A question as it is written.
#[derive(Deserialize)]
struct Written {
    query: Option<String>,
    #[serde(rename = "type")]
    types: Option<Types>,
    type_strict: Option<String>,
    limit: Option<f64>,
    #[serde(default)]
    properties: Vec<WrittenProperty>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Types {
    One(Named),
    Many(Vec<Named>),
}

/// A type by its identifier, or as it stands in a manifest.
#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Id(String),
    Whole { id: String },
}

#[derive(Deserialize)]
struct WrittenProperty {
    pid: String,
    v: Value,
}

/// The values of a condition: one or a list, plain or entities by their identifiers.
pub(super) fn values(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Bool(truth) => vec![truth.to_string()],
        Value::Array(list) => list.iter().flat_map(values).collect(),
        Value::Object(entity) => entity.get("id").map(values).unwrap_or_default(),
        Value::Null => Vec::new(),
    }
}

/// A limit as clients write it: a number above nothing.
pub(super) fn limit(number: Option<f64>) -> Option<usize> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is within 1 to 1000")]
    number.filter(|number| *number >= 1.0).map(|number| number.min(1000.0) as usize)
}

impl Written {
    fn read(self) -> Ask {
        let types = match self.types {
            None => Vec::new(),
            Some(Types::One(one)) => vec![one],
            Some(Types::Many(many)) => many,
        };
        let types = types.into_iter().map(|named| match named {
            Named::Id(id) | Named::Whole { id } => id,
        });
        Ask {
            name: self.query.filter(|name| !name.trim().is_empty()),
            types: types.filter(|id| !id.is_empty()).collect(),
            strict: self.type_strict.as_deref() != Some("should"),
            limit: limit(self.limit),
            conditions: self
                .properties
                .into_iter()
                .map(|property| Condition {
                    property: property.pid,
                    values: values(&property.v),
                    required: false,
                    quantifier: Quantifier::Any,
                })
                .collect(),
            ..Ask::default()
        }
    }
}

/// Answers a batch of questions.
///
/// # Errors
/// 400 when it is none, 413 when it has more questions than a batch may have.
pub(super) fn answer(service: &Service, queries: &str, language: Language) -> Result<Value, Problem> {
    let batch: Map<String, Value> = serde_json::from_str(queries).map_err(|error| {
        Problem::bad_request(format!("'queries' is no object of questions in JSON: {error}"))
    })?;
    too_many(batch.len())?;
    let mut scratch = Scratch::default();
    let mut answers = Map::new();
    for (name, question) in batch {
        let written: Written = serde_json::from_value(question)
            .map_err(|error| Problem::bad_request(format!("the question '{name}': {error}")))?;
        let ask = written.read();
        if ask.name.is_none() && ask.conditions.is_empty() {
            let detail = format!("the question '{name}' has neither a query nor properties");
            return Err(Problem::bad_request(detail));
        }
        let found = ask.candidates(service, &mut scratch);
        let result: Vec<Value> =
            found.iter().map(|candidate| told(service, &ask, candidate, language)).collect();
        answers.insert(name, json!({ "result": result }));
    }
    Ok(answers.into())
}

pub(super) fn too_many(questions: usize) -> Result<(), Problem> {
    if questions > BATCH {
        let detail =
            format!("a batch has at most {BATCH} questions (batchSize in the manifest), not {questions}");
        return Err(Problem::too_large(detail));
    }
    Ok(())
}

/// A candidate; the draft of 1.0 adds names to the features.
pub(super) fn told(service: &Service, ask: &Ask, candidate: &Candidate, language: Language) -> Value {
    let entry = service.authority.entry(candidate.entry);
    let features: Vec<Value> =
        candidate.features.iter().map(|(id, value)| json!({ "id": id, "value": value })).collect();
    json!({
        "id": entry.iri(),
        "name": name_of(&entry, ask.language.as_deref(), language),
        "description": description(service, &entry, language),
        "type": types(&entry, language),
        "score": (candidate.score * 100.0).round() / 100.0,
        "match": candidate.sure,
        "features": features,
    })
}

/// Answers a data extension.
///
/// # Errors
/// As [`extend::read`].
pub(super) fn extend(service: &Service, text: &str, language: Language) -> Result<Value, Problem> {
    let wanted = extend::read(text)?;
    let mut rows = Map::new();
    for id in &wanted.ids {
        let cells = wanted.properties.iter().map(|property| {
            let mut cell = extend::cell(service, id, property, language);
            // This version has no languages of values.
            cell.iter_mut().filter_map(Value::as_object_mut).for_each(|value| drop(value.remove("lang")));
            // An empty cell is a list with nothing told.
            (property.id.clone(), if cell.is_empty() { json!([{}]) } else { cell.into() })
        });
        rows.insert(id.clone(), cells.collect::<Map<_, _>>().into());
    }
    Ok(json!({ "meta": extend::meta(&wanted, language), "rows": rows }))
}
