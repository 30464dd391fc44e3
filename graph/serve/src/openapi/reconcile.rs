//! The addresses of the reconciliation services.

use super::{Operation, Parameter, Required, essence, path, query};
use crate::negotiate::HTML;
use serde_json::{Value, json};

const OF_SERVICES: &[(u16, &str)] = &[
    (303, "Where the entity is."),
    (400, "The request is none of a reconciliation service."),
    (404, "There is no such service or entity."),
    (408, "The body did not come in time."),
    (413, "The body or the batch is too large."),
    (414, "The address is too long."),
    (415, "The body is neither a form nor JSON, as the version has it."),
    (503, "Too many requests are waiting; Retry-After tells when to come back."),
];

const JSON: &str = "application/json";

pub(super) fn operations(entity: &str) -> Vec<Operation> {
    let service = || path("service", "'graph', or the name of a mirror of an authority file.", "graph");
    let needed = |name, about, example: &str| Parameter {
        required: Required::Yes,
        example: Some(example.to_owned()),
        ..query(name, about, json!({ "type": "string" }))
    };
    let get = |path, id, about, parameters, answer| Operation {
        path,
        method: "get",
        id,
        about,
        parameters,
        body: None,
        answers: vec![answer],
        others: OF_SERVICES,
    };
    let post = |path, id, about, body| Operation {
        path,
        method: "post",
        id,
        about,
        parameters: vec![service()],
        body: Some(body),
        answers: vec![JSON],
        others: OF_SERVICES,
    };
    let text = || json!({ "type": "string" });
    let batch = json!({ "q0": { "query": "Akseli Gallen-Kallela", "limit": 3 } }).to_string();
    let form = json!({
        "type": "object",
        "properties": { "queries": text(), "extend": text() },
    });
    let form = json!({
        "required": true,
        "content": {
            "application/x-www-form-urlencoded": { "schema": form, "example": { "queries": batch } },
        },
    });
    let questions = json!({
        "queries": [{ "conditions": [{ "matchType": "name", "propertyValue": "Akseli Gallen-Kallela" }] }],
    });
    let wanted =
        json!({ "ids": [entity], "properties": [{ "id": vocabularies::skos::PREF_LABEL.as_str() }] });
    let of_old = vec![
        service(),
        Parameter {
            example: Some(batch),
            ..query("queries", "A batch of questions in JSON, as version 0.2 has it.", text())
        },
        query("extend", "A data extension query in JSON.", text()),
    ];
    let html = essence(HTML.content_type);
    let prefix = || needed("prefix", "What was typed so far.", "gal");
    let what = || {
        let schema = json!({ "type": "string", "enum": ["entity", "type", "property"] });
        Parameter { schema, ..path("what", "What is suggested.", "entity") }
    };
    let cursor = || query("cursor", "How many to pass over.", json!({ "type": "integer", "minimum": 0 }));
    let id = || needed("id", "The entity's IRI.", entity);
    let kind = || query("type", "The IRI of a type.", text());
    vec![
        get("/reconcile/{service}", "reconcile", "The manifest, or answers (0.2).", of_old, JSON),
        post(
            "/reconcile/{service}",
            "reconcileByPost",
            "Names to identifiers, or columns of data (0.2).",
            form,
        ),
        get(
            "/reconcile/{service}/properties",
            "proposeProperties",
            "The properties of a type (0.2).",
            vec![service(), kind()],
            JSON,
        ),
        get(
            "/reconcile/{service}/suggest/{what}",
            "suggest",
            "Suggestions while somebody types.",
            vec![service(), what(), prefix(), cursor()],
            JSON,
        ),
        get(
            "/reconcile/{service}/preview",
            "preview",
            "A small page about an entity.",
            vec![service(), id()],
            html,
        ),
        Operation {
            answers: Vec::new(),
            ..get("/reconcile/{service}/view", "view", "The entity itself.", vec![service(), id()], html)
        },
        get("/reconcile/{service}/draft", "reconcileDraft", "The manifest (1.0).", vec![service()], JSON),
        post(
            "/reconcile/{service}/draft/match",
            "match",
            "Names to identifiers (1.0).",
            json_body(&questions),
        ),
        post("/reconcile/{service}/draft/extend", "extend", "Columns of data (1.0).", json_body(&wanted)),
        get(
            "/reconcile/{service}/draft/extend/propose",
            "proposePropertiesDraft",
            "The properties of a type (1.0).",
            vec![service(), kind()],
            JSON,
        ),
    ]
}

fn json_body(example: &Value) -> Value {
    json!({ "required": true, "content": { JSON: { "schema": { "type": "object" }, "example": example } } })
}
