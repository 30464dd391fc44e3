//! The addresses of the search.

use super::{Operation, Parameter, essence, query};
use crate::negotiate::{CSV, HTML, JSON, JSON_LD};
use graph_index::items::FACETS;
use serde_json::json;

const OF_SEARCHES: &[(u16, &str)] = &[
    (304, "The client has this answer."),
    (
        400,
        "A parameter says nothing, a page lies farther than pages go, or a table would be longer than tables may be.",
    ),
    (406, "Nothing in an accepted format."),
    (414, "The address is too long."),
    (503, "Too many searches wait, one took too long, or this state of the data has no index of its items."),
];

pub(super) fn operations() -> Vec<Operation> {
    let text = || json!({ "type": "string" });
    let named = |name, about, names: &[&str]| query(name, about, json!({ "type": "string", "enum": names }));
    let whole = |name, about, least: i64, most: i64| {
        query(name, about, json!({ "type": "integer", "minimum": least, "maximum": most }))
    };
    let words = |most: u64| Parameter {
        example: Some("kalevala".to_owned()),
        ..query("q", "Words, all of which are met.", json!({ "type": "string", "maxLength": most }))
    };
    let mut parameters = vec![
        words(250),
        whole("from", "The first year.", -100_000, 100_000),
        whole("to", "The last year.", -100_000, 100_000),
        query("bounds", "West, south, east and north in degrees, within which an item has a place.", text()),
        named("sort", "The order.", &["best", "oldest", "newest", "title"]),
        named("view", "How the page shows results.", &["list", "gallery", "map", "timeline"]),
        whole("page", "The page, from 1.", 1, 1_000_000_000),
        whole("size", "How many items a page has.", 1, 100),
        named("format", "The format, where it is not negotiated.", &["html", "json", "jsonld", "csv"]),
    ];
    for facet in FACETS {
        let about = "Values of a facet, of which an item has one; several are given by several parameters.";
        let schema = json!({ "type": "array", "items": { "type": "string" } });
        // Names of things that are there differ from graph to graph, and are in every answer.
        parameters.push(query(facet.key, about, schema));
    }
    let get = |path, id, about, parameters, answers| Operation {
        path,
        method: "get",
        id,
        about,
        parameters,
        body: None,
        answers,
        others: OF_SEARCHES,
    };
    let answers = [JSON, JSON_LD, CSV, HTML].map(|media| essence(media.content_type)).to_vec();
    vec![
        get("/search", "search", "Items by words, facets, years and places.", parameters, answers),
        get(
            "/suggest",
            "suggestions",
            "What somebody may mean who has typed so far.",
            vec![words(50)],
            vec!["application/json"],
        ),
    ]
}
