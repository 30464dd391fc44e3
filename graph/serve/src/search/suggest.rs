//! `/suggest?q=`: what somebody may mean who has typed so far: items by their titles, and people, places, subjects by any
//! of their names, in any language.

use super::{Ground, failed};
use crate::problem::Problem;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use graph_reconcile::Kind;
use graph_store::rdf::Term;
use serde_json::{Value, json};

/// How many titles and how many entities are suggested.
const TITLES: usize = 5;
const ENTITIES: usize = 6;
/// Longer beginnings are sentences.
const LONGEST: usize = 200;

/// The suggestions.
pub(super) fn answer(ground: &Ground<'_>) -> Result<Response, Problem> {
    let text = ground.visit.parameters.get("q").unwrap_or_default().trim();
    if text.len() > LONGEST {
        return Err(Problem::bad_request(format!("the parameter 'q' has at most {LONGEST} bytes")));
    }
    let suggestions = if text.is_empty() { Vec::new() } else { suggestions(ground, text)? };
    let body = json!({ "query": text, "suggestions": suggestions });
    Ok(([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response())
}

/// The key of what people call a kind.
fn key_of_kind(kind: &str) -> &'static str {
    match kind {
        "agent" => "suggest.agent",
        "place" => "suggest.place",
        "concept" => "suggest.concept",
        _ => "suggest.item",
    }
}

fn suggestions(ground: &Ground<'_>, text: &str) -> Result<Vec<Value>, Problem> {
    let mut words = ground.words();
    let mut found = Vec::new();
    if let Some(entities) = ground.app.services.entities(ground.generation) {
        let ids = entities.suggest(text, None, ENTITIES);
        let entries: Vec<(String, Kind)> = ids
            .iter()
            .map(|id| entities.entry(*id))
            .map(|entry| (entry.iri().into_owned(), entry.kind()))
            .collect();
        words.learn(&ground.generation.snapshot, entries.iter().map(|(iri, _)| iri.as_str()))?;
        for (iri, kind) in entries {
            let value = words.iri(&iri);
            let kind = match kind {
                Kind::Person | Kind::Organization => "agent",
                Kind::Place => "place",
                _ => "concept",
            };
            found.push(json!({ "kind": kind, "kindName": words.language.word(key_of_kind(kind)), "name": value.text, "language": value.lang, "href": value.href, "iri": iri }));
        }
    }
    let titles = ground.items.titles(text, TITLES, &|| ground.go_on()).map_err(|error| failed(&error))?;
    let terms = ground.ranks.index.terms();
    for title in titles {
        let Term::NamedNode(item) = terms.term(title.id) else { continue };
        words.learn(&ground.generation.snapshot, [item.as_str()])?;
        let value = words.iri(item.as_str());
        // The title that was met, which may be in another language than the page.
        let met = title.title.map(|id| terms.term(id));
        let (name, language) = match &met {
            Some(Term::Literal(literal)) => {
                (literal.value().to_owned(), literal.language().map(str::to_owned))
            }
            _ => (value.text.clone(), value.lang.clone()),
        };
        let kind = words.language.word(key_of_kind("item"));
        found.push(json!({ "kind": "item", "kindName": kind, "name": name, "language": language, "href": value.href, "iri": item.as_str() }));
    }
    Ok(found)
}
