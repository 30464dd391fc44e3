//! A problem as a page.

use crate::negotiate::wants_page;
use crate::pages::{Layout, page};
use crate::problem::Problem;
use crate::state::{App, Shared};
use crate::visit::Visit;
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "problem.html")]
struct Notice {
    at: Layout,
    status: u16,
    heading: &'static str,
    advice: &'static str,
    detail: String,
}

/// Gives every problem the dress that its reader likes, and words to those answers of the framework that
/// have none.
pub(crate) async fn dress(State(app): State<Shared>, request: Request<Body>, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let Some(problem) = response.extensions().get::<Problem>().cloned().or_else(|| wordless(&response))
    else {
        return response;
    };
    let mut dressed = match Visit::new(&asked, app.place.root(), app.place.inside(asked.uri.path())) {
        Ok(visit) if wants_page(&asked.headers) => notice(&app, &visit, &problem),
        _ => problem.clone().into_response(),
    };
    problem.mark(&mut dressed);
    for kept in [header::ALLOW, header::VARY, header::CONTENT_RANGE] {
        if let Some(value) = response.headers().get(&kept) {
            dressed.headers_mut().insert(kept, value.clone());
        }
    }
    dressed
}

/// A problem for an answer of the framework that has a status and nothing else.
fn wordless(response: &Response) -> Option<Problem> {
    let (status, headers) = (response.status(), response.headers());
    if headers.contains_key(header::CONTENT_TYPE) && status != StatusCode::INTERNAL_SERVER_ERROR {
        return None;
    }
    Some(match status {
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(status, "method-not-allowed", "this address does not take that method")
        }
        StatusCode::NOT_FOUND => Problem::not_found("there is nothing at this address"),
        _ => Problem::new(status, "error", status.canonical_reason().unwrap_or_default()),
    })
}

fn notice(app: &App, visit: &Visit, problem: &Problem) -> Response {
    let key = match problem.status {
        StatusCode::NOT_FOUND => "404",
        StatusCode::GONE => "410",
        StatusCode::NOT_ACCEPTABLE => "406",
        StatusCode::SERVICE_UNAVAILABLE => "503",
        StatusCode::GATEWAY_TIMEOUT => "504",
        status if status.is_server_error() => "500",
        _ => "400",
    };
    let heading = visit.language.word(&format!("{key}.heading"));
    let generation = app.generations.current().number;
    let notice = Notice {
        at: Layout::new(app, visit, generation, heading),
        status: problem.status.as_u16(),
        heading,
        advice: visit.language.word(&format!("{key}.advice")),
        // A person who followed a dead link needs the advice only.
        detail: if matches!(key, "404" | "500") { String::new() } else { problem.detail.clone() },
    };
    page(problem.status, visit.language, &notice)
}
