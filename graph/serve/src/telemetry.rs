//! Counters, for the operator: Prometheus' text form, on the private address only.
//!
//! The recorder is one for the process. What a request touches was looked up when the server started, so that
//! counting is adding; everything that somebody else already counts is read when it is asked for.

use axum::http::StatusCode;
use metrics::{Counter, Histogram, counter, describe_counter, describe_gauge, describe_histogram, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

/// Upper bounds of durations, in seconds.
const SECONDS: [f64; 14] =
    [0.000_05, 0.000_1, 0.000_25, 0.001, 0.002_5, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0, 60.0];

/// How a query ended that has its answer.
pub(crate) const ANSWERED: &str = "answered";

/// What kind of address was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Sparql,
    Data,
    Thing,
    Page,
    File,
    Other,
}

impl Class {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Sparql, "sparql"),
        (Self::Data, "data"),
        (Self::Thing, "id"),
        (Self::Page, "page"),
        (Self::File, "file"),
        (Self::Other, "other"),
    ];

    /// The class of a path inside the site.
    pub(crate) fn of(path: &str) -> Self {
        let first = path.get(1..).unwrap_or_default().split('/').next().unwrap_or_default();
        match first {
            "sparql" => Self::Sparql,
            "data" => Self::Data,
            "id" => Self::Thing,
            "page" => Self::Page,
            "dumps" | "media" | "assets" => Self::File,
            _ => Self::Other,
        }
    }

    /// Whether answers may be kept whole.
    pub(crate) fn is_kept(self) -> bool {
        matches!(self, Self::Sparql | Self::Data)
    }
}

/// What came of a look-up in the cache of answers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found {
    /// The request was seen before.
    Hot,
    /// The query was seen before, in whatever words.
    Kept,
    /// Somebody else was just asking the same.
    Shared,
    Missed,
    /// It differs each time.
    Never,
}

/// The counters of the process.
pub(crate) struct Telemetry {
    requests: Vec<Requests>,
    found: [Counter; 5],
    answered: Counter,
    evaluated: Histogram,
}

struct Requests {
    name: &'static str,
    whole: Counter,
    unchanged: Counter,
    took: Histogram,
}

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

impl Telemetry {
    pub(crate) fn new() -> Self {
        let _ = recorder();
        // It is there from the beginning, so that a rise is seen.
        counter!("aarre_slow_queries_total").increment(0);
        let requests = Class::ALL
            .into_iter()
            .map(|(_, name)| Requests {
                name,
                whole: counter!("aarre_requests_total", "class" => name, "status" => "200"),
                unchanged: counter!("aarre_requests_total", "class" => name, "status" => "304"),
                took: histogram!("aarre_request_seconds", "class" => name),
            })
            .collect();
        let found = ["hot", "kept", "shared", "missed", "never"]
            .map(|result| counter!("aarre_cache_lookups_total", "result" => result));
        let answered = counter!("aarre_queries_total", "outcome" => ANSWERED);
        Self { requests, found, answered, evaluated: histogram!("aarre_query_seconds") }
    }

    /// A request was answered, as far as its headers.
    pub(crate) fn request(&self, class: Class, status: StatusCode, took: Duration) {
        let Some(requests) = self.requests.get(class as usize) else { return };
        match status {
            StatusCode::OK => requests.whole.increment(1),
            StatusCode::NOT_MODIFIED => requests.unchanged.increment(1),
            other => {
                let labels = [("class", requests.name.to_owned()), ("status", other.as_u16().to_string())];
                counter!("aarre_requests_total", &labels).increment(1);
            }
        }
        requests.took.record(took);
    }

    /// A whole response was ready.
    pub(crate) fn hot(&self) {
        self.found(Found::Hot);
    }

    pub(crate) fn found(&self, found: Found) {
        if let Some(counter) = self.found.get(found as usize) {
            counter.increment(1);
        }
    }

    /// A query ended in this way: [`ANSWERED`], or the kind of its problem.
    pub(crate) fn query(&self, outcome: &'static str, took: Duration) {
        if outcome == ANSWERED {
            self.answered.increment(1);
        } else {
            counter!("aarre_queries_total", "outcome" => outcome).increment(1);
        }
        self.evaluated.record(took);
    }
}

/// All counters as text; `None` when somebody else records what this process counts.
pub(crate) fn render() -> Option<String> {
    recorder().map(PrometheusHandle::render)
}

/// Durations pile up until somebody sorts them into their buckets; call this every few seconds.
pub(crate) fn tidy() {
    if let Some(recorder) = recorder() {
        recorder.run_upkeep();
    }
}

fn recorder() -> Option<&'static PrometheusHandle> {
    let install = || {
        let builder = PrometheusBuilder::new().set_buckets(&SECONDS).ok()?;
        let handle = builder.install_recorder().ok()?;
        describe();
        Some(handle)
    };
    RECORDER.get_or_init(install).as_ref()
}

fn describe() {
    describe_counter!("aarre_requests_total", "Requests by the kind of address and the status of the answer");
    describe_histogram!("aarre_request_seconds", "From a request's headers to its answer's headers");
    describe_counter!("aarre_queries_total", "Evaluations by how they ended");
    describe_histogram!(
        "aarre_query_seconds",
        "How long evaluations took until their answer's status was decided"
    );
    describe_counter!("aarre_cache_lookups_total", "What came of look-ups in the cache of answers");
    describe_counter!("aarre_slow_queries_total", "Queries that took longer than serve.slow_query");
    describe_gauge!("aarre_cache_bytes", "Bytes of answers that are kept");
    describe_gauge!("aarre_queries_running", "Queries that run");
    describe_gauge!("aarre_queries_waiting", "Queries that wait for a place");
    describe_gauge!("aarre_workers", "Worker processes; those that are just starting count as busy");
    describe_counter!("aarre_workers_started_total", "Worker processes that were started");
    describe_counter!(
        "aarre_workers_ended_total",
        "Worker processes that were killed, or replaced after many queries"
    );
    describe_gauge!("aarre_generation", "The number of the generation that is served");
    describe_gauge!("aarre_generation_age_seconds", "How long ago it was published");
    describe_gauge!("aarre_generation_bytes", "Bytes on disk by part of the generation");
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn counts_are_rendered() {
        let telemetry = Telemetry::new();
        for (class, name) in Class::ALL {
            assert_eq!(Class::of(&format!("/{}", if name == "file" { "dumps" } else { name })), class);
        }
        telemetry.request(Class::Thing, StatusCode::SEE_OTHER, Duration::from_micros(80));
        telemetry.query("query-timeout", Duration::from_secs(3));
        let text = render().unwrap();
        assert!(text.contains("aarre_requests_total{class=\"id\",status=\"303\"} 1"), "{text}");
        assert!(text.contains("aarre_queries_total{outcome=\"query-timeout\"} 1"), "{text}");
        assert!(text.contains("aarre_request_seconds_bucket{class=\"id\",le=\"0.0001\"} 1"), "{text}");
    }
}
