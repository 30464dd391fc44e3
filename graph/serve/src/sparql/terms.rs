//! `/sparql/terms`: what an editor of queries completes: prefixes, and the classes and properties of this graph.

use crate::conditional::Tag;
use crate::state::Shared;
use crate::statistics::Count;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use vocabularies::PREFIXES;

/// How many of each are told, the most used first.
const MOST: usize = 2_000;

/// The terms as JSON.
pub(crate) async fn terms(State(app): State<Shared>, headers: HeaderMap) -> Response {
    let generation = app.generations.current();
    let tag = Tag::new(generation.number, generation.seed, &["terms"]);
    if tag.is_held(&headers) {
        return tag.not_modified("Accept-Encoding");
    }
    let statistics = &generation.statistics;
    let iris = |counts: &[Count]| -> Vec<String> {
        counts.iter().take(MOST).map(|count| count.iri.clone()).collect()
    };
    let used = |namespace: &str| {
        let mut all = statistics.classes.iter().chain(&statistics.properties);
        all.any(|count| count.iri.starts_with(namespace))
    };
    let prefixes: serde_json::Map<String, serde_json::Value> = PREFIXES
        .iter()
        .filter(|(_, namespace)| used(namespace))
        .map(|(prefix, namespace)| ((*prefix).to_owned(), json!(namespace)))
        .collect();
    let told = json!({
        "prefixes": prefixes,
        "classes": iris(&statistics.classes),
        "properties": iris(&statistics.properties),
    });
    let mut response = ([(header::CONTENT_TYPE, "application/json")], told.to_string()).into_response();
    tag.mark(response.headers_mut());
    response
}
