//! What only the operator sees: a listener of its own, on an address that the public cannot reach.
//!
//! It has no accounts: who reaches the address is the operator. So it is off unless the configuration names an
//! address, and belongs on the loopback one or behind a firewall.
//!
//! ```text
//! GET    /queries       the running queries, the oldest first
//! DELETE /queries/{id}  stops one
//! ```

use crate::listen;
use crate::problem::Problem;
use crate::sparql::Entry;
use crate::state::Shared;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use tokio::net::TcpListener;

/// Answers on the private address until the task is aborted.
pub(crate) async fn serve(listener: TcpListener, app: Shared) {
    let patience = listen::Patience::new(&app.config.limits, Vec::new());
    let drain = app.config.drain;
    listen::accept(listener, router(app), patience, drain, std::future::pending()).await;
}

fn router(app: Shared) -> Router {
    Router::new()
        .route("/queries", get(queries))
        .route("/queries/{id}", delete(stop))
        .fallback(async || Problem::not_found("there is nothing at this address"))
        .with_state(app)
}

async fn queries(State(app): State<Shared>) -> Response {
    let queries: Vec<Value> = app.runner.running.list().iter().map(|entry| told(entry)).collect();
    ([(header::CACHE_CONTROL, "no-store")], Json(json!({ "queries": queries }))).into_response()
}

fn told(entry: &Entry) -> Value {
    json!({
        "id": &*entry.id,
        "client": entry.client.to_string(),
        "seconds": entry.begun.elapsed().as_secs_f64(),
        "bytes": entry.bytes.load(Ordering::Relaxed),
        "process": entry.process.load(Ordering::Relaxed),
        "query": entry.text,
    })
}

async fn stop(State(app): State<Shared>, Path(id): Path<String>) -> Response {
    if app.runner.running.stop(&id) {
        return StatusCode::NO_CONTENT.into_response();
    }
    Problem::not_found(format!("no query '{id}' is running")).into_response()
}
