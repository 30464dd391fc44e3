//! Whether the process lives, and whether it can answer.

use crate::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// The process runs and takes requests.
pub(crate) async fn live() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "live\n").into_response()
}

/// A real look-up in the current generation succeeds, and within a second.
pub(crate) async fn ready(State(app): State<Shared>) -> Response {
    let generation = app.generations.current();
    let number = generation.number;
    let trying = tokio::task::spawn_blocking(move || generation.answers());
    match tokio::time::timeout(Duration::from_secs(1), trying).await {
        Ok(Ok(Ok(()))) => {
            ([(header::CACHE_CONTROL, "no-store")], format!("ready, generation {number}\n")).into_response()
        }
        _ => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", "the store does not answer")
            .into_response(),
    }
}
