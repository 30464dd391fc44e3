//! `/openapi.json`: what there is to ask, for machines that make clients and for those that test servers (OpenAPI 3.1.1).
//!
//! A table by hand: each row is an address with a method, its parameters and the statuses that it answers. The media
//! types are those of [`crate::negotiate`], so that the document cannot promise a format that is not offered.

mod reconcile;
mod search;

use crate::graphs;
use crate::negotiate::{DOCUMENTS, GRAPHS, HTML, JSON, Media, PROBLEM, RESULTS, TEXT, TURTLE};
use crate::state::{App, Shared};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use graph_store::rdf::{NamedOrBlankNode, Quad};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use vocabularies::{edm, rdf};

/// What a client fills in.
struct Parameter {
    name: &'static str,
    place: &'static str,
    required: Required,
    about: &'static str,
    schema: Value,
    example: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Required {
    Yes,
    No,
}

struct Operation {
    path: &'static str,
    method: &'static str,
    id: &'static str,
    about: &'static str,
    parameters: Vec<Parameter>,
    body: Option<Value>,
    /// The media types of a 200; none when there is never one.
    answers: Vec<&'static str>,
    /// Other statuses, with what they mean here.
    others: &'static [(u16, &'static str)],
}

/// `/openapi.json`.
pub(crate) async fn document(State(app): State<Shared>) -> Response {
    let shared = Arc::clone(&app);
    let found = tokio::task::spawn_blocking(move || Examples::of(&shared)).await;
    let examples = found.unwrap_or_else(|_| Examples::usual(app.place.base()));
    let document = describe(app.place.base(), &app.config.title, &examples).to_string();
    ([(header::CONTENT_TYPE, "application/json")], document).into_response()
}

/// Names that are there, so that who tries the addresses meets answers and not only what is missing.
struct Examples {
    /// The first and the second step of a thing's address, as a client encodes them.
    dataset: String,
    local: String,
    /// What follows `/graph/`.
    graph: String,
    /// The graph's IRI.
    graph_iri: String,
    dump: String,
    /// The IRI of an entity that names are reconciled with.
    entity: String,
}

impl Examples {
    /// For a generation in which nothing is found.
    fn usual(base: &str) -> Self {
        Self {
            dataset: "museum".to_owned(),
            local: "1".to_owned(),
            graph: "paintings".to_owned(),
            graph_iri: format!("{base}/graph/paintings"),
            dump: "aarre.nq.zst".to_owned(),
            entity: format!("{base}/id/agent/1"),
        }
    }

    /// The first of each kind in the current generation.
    fn of(app: &App) -> Self {
        let base = app.place.base();
        let generation = app.generations.current();
        let mut found = Self::usual(base);
        if let Some(entity) = app.services.example(&generation) {
            found.entity = entity;
        }
        if let Some(dataset) = generation.statistics.datasets.first() {
            found.graph.clone_from(&dataset.id);
            found.graph_iri = format!("{base}/graph/{}", dataset.id);
        }
        let thing = edm::PROVIDED_CHO.into();
        let mut things = generation.snapshot.matching(None, Some(rdf::TYPE), Some(thing), None);
        if let Some(Ok(Quad { subject: NamedOrBlankNode::NamedNode(node), .. })) = things.next()
            && let Some(rest) = node.as_str().strip_prefix(&format!("{base}/id/"))
            && let Some((dataset, local)) = rest.split_once('/')
        {
            let decoded = |step| percent_decode_str(step).decode_utf8_lossy().into_owned();
            (found.dataset, found.local) = (decoded(dataset), decoded(local));
        }
        let names = std::fs::read_dir(generation.folder.join("dumps")).into_iter().flatten().flatten();
        // The smallest, as somebody will really fetch it.
        let sizes = names.filter_map(|file| Some((file.metadata().ok()?.len(), file.file_name())));
        if let Some((_, name)) = sizes.min()
            && let Some(name) = name.to_str()
        {
            found.dump = name.to_owned();
        }
        found
    }
}

fn describe(base: &str, title: &str, examples: &Examples) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations(examples)
        .into_iter()
        .chain(reconcile::operations(&examples.entity))
        .chain(search::operations())
    {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(operation.method.to_owned(), described(&operation));
        }
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": title,
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A graph of linked open data: SPARQL 1.1 Protocol, Graph Store Protocol (read), \
                            dereferencing, catalogue and dumps. Every address answers GET, HEAD and OPTIONS to any \
                            origin; none writes.",
        },
        "servers": [{ "url": base }],
        "paths": paths,
        "components": { "schemas": { "Problem": problem() } },
    })
}

/// RFC 9457 with what is added to it here.
fn problem() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong, as RFC 9457 says it.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "description": "The kind of problem: urn:aarre:problem:…" },
            "title": { "type": "string" },
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "detail": { "type": "string", "description": "What is wrong and what to do, for people." },
            "line": { "type": "integer", "minimum": 1, "description": "The line in the query." },
            "column": { "type": "integer", "minimum": 1 },
        },
    })
}

fn described(operation: &Operation) -> Value {
    let mut responses = Map::new();
    if !operation.answers.is_empty() {
        let content: Map<String, Value> =
            operation.answers.iter().map(|media| ((*media).to_owned(), json!({}))).collect();
        responses.insert("200".to_owned(), json!({ "description": "The answer.", "content": content }));
    }
    for (status, about) in operation.others {
        let mut response = json!({ "description": about });
        if *status >= 400
            && let Some(fields) = response.as_object_mut()
        {
            let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
            let mut content = Map::new();
            content.insert(PROBLEM.content_type.to_owned(), problem);
            content.insert(essence(HTML.content_type).to_owned(), json!({}));
            // What was withdrawn is still said in the syntaxes of a document.
            if *status == 410 {
                content.extend(essences(&DOCUMENTS).into_iter().map(|media| (media.to_owned(), json!({}))));
            }
            fields.insert("content".to_owned(), content.into());
        }
        responses.insert(status.to_string(), response);
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.about,
        "parameters": operation.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "responses": responses,
    });
    if let (Some(body), Some(fields)) = (&operation.body, described.as_object_mut()) {
        fields.insert("requestBody".to_owned(), body.clone());
    }
    described
}

fn parameter(parameter: &Parameter) -> Value {
    let mut described = json!({
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required == Required::Yes,
        "description": parameter.about,
        "schema": parameter.schema,
    });
    if let (Some(example), Some(fields)) = (&parameter.example, described.as_object_mut()) {
        fields.insert("example".to_owned(), example.as_str().into());
    }
    described
}

fn query(name: &'static str, about: &'static str, schema: Value) -> Parameter {
    Parameter { name, place: "query", required: Required::No, about, schema, example: None }
}

fn path(name: &'static str, about: &'static str, example: &str) -> Parameter {
    let schema = json!({ "type": "string", "minLength": 1 });
    Parameter {
        name,
        place: "path",
        required: Required::Yes,
        about,
        schema,
        example: Some(example.to_owned()),
    }
}

/// The short names of formats, as `format` takes them.
fn format(offers: &[Media]) -> Parameter {
    let ids: Vec<&str> = offers.iter().map(|offer| offer.id).collect();
    query("format", "The format by its short name, before Accept.", json!({ "type": "string", "enum": ids }))
}

fn iris() -> Value {
    json!({ "type": "array", "items": { "type": "string", "format": "uri" } })
}

/// The parameters of the SPARQL Protocol, 2.1.
fn protocol() -> Vec<Parameter> {
    let mut formats = RESULTS.to_vec();
    formats.extend(GRAPHS.iter().filter(|graph| !RESULTS.contains(graph)));
    vec![
        query("default-graph-uri", "Graphs that are the default graph, instead of the union of all.", iris()),
        query("named-graph-uri", "Graphs that GRAPH may name.", iris()),
        format(&formats),
        query(
            "explain",
            "Tells how the query is answered, step by step, instead of the answer.",
            json!({ "type": "string", "enum": ["text", "json"] }),
        ),
    ]
}

fn essence(content_type: &'static str) -> &'static str {
    content_type.split(';').next().unwrap_or_default()
}

fn essences(offers: &[Media]) -> Vec<&'static str> {
    offers.iter().map(|offer| essence(offer.content_type)).collect()
}

fn answers_of_queries() -> Vec<&'static str> {
    let mut media = essences(&RESULTS);
    media.extend(essences(&GRAPHS));
    media.extend(essences(&[TEXT, JSON]));
    media.sort_unstable();
    media.dedup();
    media
}

const OF_QUERIES: &[(u16, &str)] = &[
    (304, "The client has this answer."),
    (400, "The request or the query is wrong; the place is told."),
    (406, "None of the formats asked for is offered."),
    (408, "The body did not come in time."),
    (413, "The body, or the answer, is too large."),
    (414, "The address is too long; send the query by POST."),
    (415, "The body is neither a form nor a query in UTF-8."),
    (422, "The query needs more memory, depth or processor time than one query gets."),
    (429, "This client asked too much for now; Retry-After tells when to go on."),
    (502, "Another endpoint that the query names gave no answer."),
    (503, "Too many queries are waiting; Retry-After tells when to come back."),
    (504, "The query did not end in time."),
];
const OF_GRAPHS: &[(u16, &str)] = &[
    (304, "The client has this answer."),
    (400, "The request does not name one graph."),
    (404, "There is no such graph."),
    (406, "None of the formats asked for is offered."),
    (414, "The address is too long."),
    (503, "Too many graphs are being sent; Retry-After tells when to come back."),
];
const OF_ENTITIES: &[(u16, &str)] = &[
    (303, "The document or page about the thing."),
    (304, "The client has this answer."),
    (308, "The thing has another address."),
    (400, "The address is not UTF-8."),
    (404, "There is no such thing."),
    (406, "None of the formats asked for is offered."),
    (410, "It was withdrawn."),
    (414, "The address is too long."),
];
const OF_FILES: &[(u16, &str)] = &[
    (206, "The part that was asked for."),
    (304, "The client has this answer."),
    (308, "The folder's address ends in a slash."),
    (400, "The address is not UTF-8."),
    (404, "There is no such file."),
    (414, "The address is too long."),
    (416, "The file has no such part."),
];

/// `/limits` is a page or JSON.
const LIMITS: [&str; 2] = ["application/json", "text/html"];

fn operations(examples: &Examples) -> Vec<Operation> {
    let example = queries::ALL.first().map_or("", |query| query.text);
    let mut asked = vec![Parameter {
        example: Some(example.to_owned()),
        ..query("query", "The query. Without one, the service describes itself.", json!({ "type": "string" }))
    }];
    asked.extend(protocol());
    let form = json!({
        "type": "object",
        "required": ["query"],
        "properties": {
            "query": { "type": "string", "examples": [example] },
            "default-graph-uri": iris(),
            "named-graph-uri": iris(),
            "format": { "type": "string" },
            "explain": { "type": "string", "enum": ["text", "json"] },
        },
    });
    let body = json!({
        "required": true,
        "content": {
            "application/sparql-query": { "schema": { "type": "string" }, "example": example },
            "application/x-www-form-urlencoded": { "schema": form, "example": { "query": example } },
        },
    });
    let graph = vec![
        Parameter {
            example: Some(examples.graph_iri.clone()),
            ..query("graph", "The graph's IRI.", json!({ "type": "string", "format": "uri" }))
        },
        query("default", "All graphs together, instead of one.", json!({ "type": "string", "enum": [""] })),
        format(&graphs::OFFERS),
    ];
    let get = |path, id, about, parameters, answers: Vec<&'static str>, others| Operation {
        path,
        method: "get",
        id,
        about,
        parameters,
        body: None,
        answers,
        others,
    };
    let thing = |ending: &str| {
        let dataset = "The dataset, or the kind of a thing that several share: agent, place, concept.";
        let local = format!("{}{ending}", examples.local);
        vec![
            path("dataset", dataset, &examples.dataset),
            path("local", "The owner's identifier, percent-encoded as in the thing's IRI.", &local),
        ]
    };
    let file = |example: &str| vec![path("name", "The name of the file.", example)];
    let html = vec![essence(HTML.content_type)];
    let kind = Parameter {
        schema: json!({ "type": "string", "enum": ["agent", "place", "concept"] }),
        ..path("kind", "Of what the list is.", "agent")
    };
    let of_dumps = vec![
        "application/zstd",
        "application/gzip",
        "application/n-quads",
        "text/plain",
        "application/octet-stream",
    ];
    vec![
        get("/sparql", "query", "Ask by GET.", asked, answers_of_queries(), OF_QUERIES),
        Operation {
            path: "/sparql",
            method: "post",
            id: "queryByPost",
            about: "Ask by POST, for long queries.",
            parameters: protocol(),
            body: Some(body),
            answers: answers_of_queries(),
            others: OF_QUERIES,
        },
        get("/rdf-graph-store", "graphByName", "A whole graph.", graph, essences(&graphs::OFFERS), OF_GRAPHS),
        get(
            "/graph/{name}",
            "graph",
            "A whole graph by its own address.",
            vec![
                path("name", "What follows /graph/ in the graph's IRI.", &examples.graph),
                format(&graphs::OFFERS),
            ],
            essences(&graphs::OFFERS),
            OF_GRAPHS,
        ),
        get("/id/{dataset}/{local}", "thing", "A thing of the graph.", thing(""), Vec::new(), OF_ENTITIES),
        get("/page/{dataset}/{local}", "page", "A page about a thing.", thing(""), html.clone(), OF_ENTITIES),
        get(
            "/data/{dataset}/{local}",
            "data",
            "The document of a thing.",
            thing(".ttl"),
            essences(&DOCUMENTS),
            OF_ENTITIES,
        ),
        get(
            "/browse/{kind}",
            "browse",
            "Lists of what is spoken of most.",
            vec![kind],
            html.clone(),
            OF_FILES,
        ),
        get("/dumps/", "dumps", "The dumps.", Vec::new(), html, OF_FILES),
        get("/dumps/{name}", "dump", "A dump.", file(&examples.dump), of_dumps, OF_FILES),
        get(
            "/void.ttl",
            "catalogue",
            "The catalogue: DCAT and VoID.",
            Vec::new(),
            essences(&[TURTLE]),
            OF_FILES,
        ),
        get(
            "/sparql/terms",
            "terms",
            "Prefixes, classes and properties that editors of queries complete.",
            Vec::new(),
            vec!["application/json"],
            OF_FILES,
        ),
        get(
            "/sitemap.xml",
            "sitemap",
            "The lists of all pages.",
            Vec::new(),
            vec!["application/xml"],
            OF_FILES,
        ),
        get(
            "/feed.atom",
            "feed",
            "What changed: the last runs over the datasets.",
            Vec::new(),
            vec!["application/atom+xml"],
            OF_FILES,
        ),
        get(
            "/statistics",
            "statistics",
            "How much there is of what, in tables.",
            Vec::new(),
            vec!["text/html"],
            OF_FILES,
        ),
        get("/limits", "limits", "What one client and one query get.", Vec::new(), LIMITS.to_vec(), OF_FILES),
        get("/health/live", "live", "Whether the server runs.", Vec::new(), vec!["text/plain"], OF_FILES),
        get(
            "/health/ready",
            "ready",
            "Whether it answers, and of which generation.",
            Vec::new(),
            vec!["text/plain"],
            &[(503, "It does not answer now.")],
        ),
        get("/openapi.json", "openapi", "This document.", Vec::new(), vec!["application/json"], &[]),
    ]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::negotiate::CSV;

    #[test]
    fn every_operation_is_whole() {
        let base = "https://data.example.org";
        let document = describe(base, "Example", &Examples::usual(base));
        let mut ids = std::collections::BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for operation in methods.as_object().unwrap().values() {
                assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{path}");
                let named: Vec<_> =
                    path.split('{').skip(1).map(|part| part.split('}').next().unwrap()).collect();
                let given: Vec<_> = operation["parameters"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|parameter| parameter["in"] == "path")
                    .map(|parameter| parameter["name"].as_str().unwrap())
                    .collect();
                assert_eq!(named, given, "{path}");
                assert!(!operation["responses"].as_object().unwrap().is_empty(), "{path}");
            }
        }
        assert!(ids.len() >= 14, "{ids:?}");
        let answers = &document["paths"]["/sparql"]["get"]["responses"]["200"]["content"];
        assert!(answers[essence(CSV.content_type)].is_object(), "{answers}");
    }
}
