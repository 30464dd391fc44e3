//! `/limits`: what this service allows, from the configuration that is in force.

use crate::negotiate::{self, HTML, JSON};
use crate::pages::{Layout, page};
use crate::problem::Problem;
use crate::state::{App, Shared};
use crate::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use graph_model::LimitEntry;
use serde_json::json;

#[derive(Template)]
#[template(path = "limits.html")]
struct LimitsPage {
    at: Layout,
    limits: Vec<LimitEntry>,
    places: usize,
    workers: bool,
    /// Why the kernel does not keep queries from the network, if it does not.
    open: String,
}

/// `/limits`, for people and for programs.
pub(crate) async fn limits(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let offers = [JSON, HTML];
    let chosen = match visit.parameters.get("format") {
        Some(id) => negotiate::named(id, &offers),
        None => negotiate::best(&headers, &offers),
    };
    match chosen {
        Some(media) if *media == HTML => for_people(&app, &visit),
        Some(_) => for_programs(&app),
        None => Problem::not_acceptable(&negotiate::listed(&offers)).into_response(),
    }
}

fn open(app: &App) -> Option<String> {
    let generation = app.generations.current();
    generation.workers.as_ref().and_then(|pool| pool.without_cage().map(str::to_owned))
}

fn for_people(app: &App, visit: &Visit) -> Response {
    let generation = app.generations.current();
    let view = LimitsPage {
        at: Layout::new(app, visit, generation.number, visit.language.word("limits")),
        limits: app.config.limits.entries(),
        places: app.config.places.get(),
        workers: generation.workers.is_some(),
        open: open(app).unwrap_or_default(),
    };
    page(StatusCode::OK, visit.language, &view)
}

fn for_programs(app: &App) -> Response {
    let workers = app.config.workers.is_some();
    let limits: Vec<_> = app
        .config
        .limits
        .entries()
        .into_iter()
        .map(|LimitEntry { name, value, unit, meaning }| {
            json!({ "name": name, "value": value, "unit": unit, "meaning": meaning })
        })
        .collect();
    let body = json!({
        "limits": limits,
        "places": app.config.places.get(),
        "processes": workers,
        "network": match open(app) {
            _ if !workers => "queries run in the server's own process".to_owned(),
            None => "closed to queries by the kernel".to_owned(),
            Some(reason) => format!("not closed to queries by the kernel: {reason}"),
        },
        "dumps": format!("{}/dumps/", app.place.base()),
    });
    let headers = [
        (header::CONTENT_TYPE, JSON.content_type),
        (header::VARY, "Accept, Accept-Language"),
        (header::CACHE_CONTROL, "max-age=60"),
    ];
    (headers, body.to_string()).into_response()
}
