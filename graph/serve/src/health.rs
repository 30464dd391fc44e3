//! Whether the process lives, and whether it can answer.

use crate::generation::READY;
use crate::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The process runs and takes requests.
pub(crate) async fn live() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "live\n").into_response()
}

/// A real query to the current generation is answered, and within a second.
pub(crate) async fn ready(State(app): State<Shared>) -> Response {
    let generation = app.generations.current();
    let number = generation.number;
    let trying = tokio::task::spawn_blocking(move || generation.answers());
    match tokio::time::timeout(READY, trying).await {
        Ok(Ok(Ok(()))) => {
            ([(header::CACHE_CONTROL, "no-store")], format!("ready, generation {number}\n")).into_response()
        }
        _ => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", "the generation does not answer")
            .into_response(),
    }
}
