//! What only the operator sees: a listener of its own, on an address that the public cannot reach.
//!
//! It has no accounts: who reaches the address is the operator. So it is off unless the configuration names an
//! address, and belongs on the loopback one or behind a firewall.
//!
//! ```text
//! GET    /metrics       counters, as Prometheus reads them
//! GET    /queries       the running queries, the oldest first
//! DELETE /queries/{id}  stops one
//!        /review        decisions about links, see [`crate::review`]
//!        /decisions     the same for programs
//! ```

use crate::assets;
use crate::front::Front;
use crate::generation::Generation;
use crate::listen;
use crate::problem::Problem;
use crate::review;
use crate::sparql::Entry;
use crate::state::Shared;
use crate::telemetry;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};
use axum::{Json, Router};
use metrics::gauge;
use serde_json::{Value, json};
use std::path::Path as FilePath;
use std::sync::atomic::Ordering;
use tokio::net::TcpListener;

/// Answers on the private address until the task is aborted.
pub(crate) async fn serve(listener: TcpListener, app: Shared) {
    let patience = listen::Patience::new(&app.config.limits, Vec::new());
    let drain = app.config.drain;
    let front = Front::private(router(app));
    listen::accept(listener, front, patience, drain, std::future::pending()).await;
}

fn router(app: Shared) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/queries", get(queries))
        .route("/queries/{id}", delete(stop))
        .route("/review", get(review::review).post(review::decide))
        .route("/decisions", get(review::decisions).post(review::take))
        .route("/assets/{*name}", get(assets::asset))
        .fallback(async || Problem::not_found("there is nothing at this address"))
        .with_state(app)
}

/// What is counted, and what is measured at this moment.
async fn metrics(State(app): State<Shared>) -> Response {
    let generation = app.generations.current();
    let measured = tokio::task::spawn_blocking(move || measure(&app, &generation)).await;
    if let Err(error) = measured {
        return Problem::internal(&error).into_response();
    }
    match telemetry::render() {
        Some(text) => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
        }
        None => Problem::not_found("this process counts for somebody else").into_response(),
    }
}

fn measure(app: &Shared, generation: &Generation) {
    #[expect(clippy::cast_precision_loss, reason = "Prometheus counts in floating point")]
    let set = |gauge: ::metrics::Gauge, value: u64| gauge.set(value as f64);
    set(gauge!("aarre_cache_bytes", "of" => "answers"), app.cache.bytes());
    set(gauge!("aarre_cache_bytes", "of" => "responses"), app.hot.bytes());
    set(gauge!("aarre_queries_running"), app.runner.running.list().len() as u64);
    set(gauge!("aarre_queries_waiting"), app.runner.budget.waiting());
    if let Some(pool) = &generation.workers {
        let (idle, all) = pool.count();
        set(gauge!("aarre_workers", "state" => "idle"), idle);
        set(gauge!("aarre_workers", "state" => "busy"), all.saturating_sub(idle));
    }
    set(gauge!("aarre_generation"), generation.number);
    let published =
        std::fs::metadata(generation.folder.join("MANIFEST.sha256")).and_then(|file| file.modified());
    let age = published.ok().and_then(|time| time.elapsed().ok()).unwrap_or_default();
    set(gauge!("aarre_generation_age_seconds"), age.as_secs());
    for part in ["store", "index", "dumps"] {
        set(gauge!("aarre_generation_bytes", "part" => part), size(&generation.folder.join(part)));
    }
}

/// The bytes of the files in a folder and below.
fn size(folder: &FilePath) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let sizes = entries.flatten().filter_map(|entry| {
        let metadata = entry.metadata().ok()?;
        Some(if metadata.is_dir() { size(&entry.path()) } else { metadata.len() })
    });
    sizes.sum()
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
