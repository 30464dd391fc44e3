//! What goes wrong, said to machines as `application/problem+json` (RFC 9457) and to people as a page.
//!
//! A route returns a [`Problem`]; it becomes problem details at once. The outermost layer
//! ([`crate::routes`]) knows who asked, and dresses the answer as a page where that is a person.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

/// The header that names a query.
pub(crate) const QUERY_ID: &str = "aarre-query";

/// An answer that is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// What kind of problem, for programs: the last part of the problem's `type`.
    pub(crate) kind: &'static str,
    pub(crate) detail: String,
    /// Line and column, counted from 1, in the query that was sent.
    pub(crate) place: Option<(usize, usize)>,
    /// In how many seconds it is worth trying again.
    pub(crate) retry_after: Option<u64>,
    /// The methods that would be accepted.
    pub(crate) allow: Option<&'static str>,
    /// The query that the problem is about, and where its client finds more.
    pub(crate) query: Option<Box<About>>,
}

/// What the problem of a query tells besides itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    /// The name of the query, as in the logs.
    pub(crate) id: Arc<str>,
    /// The address of the limits.
    pub(crate) limits: String,
    /// The address of the dumps.
    pub(crate) dumps: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self { status, kind, detail: detail.into(), place: None, retry_after: None, allow: None, query: None }
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    pub(crate) fn syntax(detail: impl Into<String>, line: usize, column: usize) -> Self {
        Self { place: Some((line, column)), ..Self::new(StatusCode::BAD_REQUEST, "query-syntax", detail) }
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    pub(crate) fn not_acceptable(offered: &str) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", format!("this is offered as {offered}"))
    }

    pub(crate) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    }

    pub(crate) fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)
    }

    pub(crate) fn timeout(seconds: u64) -> Self {
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "query-timeout",
            format!(
                "the query did not end within {seconds} s and was stopped; narrow it, ask for a page of it with \
                 LIMIT, or take the dump"
            ),
        )
    }

    pub(crate) fn memory() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "query-memory",
            "the query needs more memory than one query gets and was stopped; narrow it, leave out what has to be \
             sorted, grouped or made distinct as a whole, or take the dump",
        )
    }

    pub(crate) fn stack() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "query-depth",
            "the query goes deeper than the engine can follow and was stopped; ask in smaller steps",
        )
    }

    pub(crate) fn order() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "query-order",
            "the query sorts by values of different kinds that the engine cannot put into one order; sort by STR() of \
             them, or leave the order out",
        )
    }

    pub(crate) fn killed() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "query-killed",
            "the query used more memory or processor time than one query gets and was stopped; narrow it, or take \
             the dump",
        )
    }

    pub(crate) fn stopped() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "query-stopped",
            "the operator of this service stopped the query",
        )
    }

    pub(crate) fn spent(retry_after: u64) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "budget-spent",
                "your queries have used up their share of engine time, which comes back with time; ask less often, \
                 ask smaller questions, or take the dump",
            )
        }
    }

    pub(crate) fn too_many_at_once(parallel: u64) -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-at-once",
                format!("one client has at most {parallel} queries under way; wait for one to end"),
            )
        }
    }

    /// The same problem, told as one of a query.
    pub(crate) fn of_query(self, about: About) -> Self {
        Self { query: Some(Box::new(about)), ..self }
    }

    pub(crate) fn busy(retry_after: u64) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "too many queries are waiting; try again shortly",
            )
        }
    }

    pub(crate) fn crowded(seconds: u64) -> Self {
        Self {
            retry_after: Some(10),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                format!(
                    "all places for long queries are taken, and on the one for short ones this query did not end \
                     within {seconds} s; try again later, or narrow it"
                ),
            )
        }
    }

    /// The cause goes to the log, not to the client: it may tell paths.
    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong here; it was written to the log",
        )
    }

    /// The reason phrase of the status, for machines and as the key of the page's heading.
    pub(crate) fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }

    fn body(&self) -> String {
        let mut body = json!({
            "type": format!("urn:aarre:problem:{}", self.kind),
            "title": self.title(),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let (Some((line, column)), Some(fields)) = (self.place, body.as_object_mut()) {
            fields.insert("line".to_owned(), line.into());
            fields.insert("column".to_owned(), column.into());
        }
        if let (Some(about), Some(fields)) = (&self.query, body.as_object_mut()) {
            fields.insert("query".to_owned(), about.id.to_string().into());
            fields.insert("limits".to_owned(), about.limits.clone().into());
            fields.insert("dumps".to_owned(), about.dumps.clone().into());
        }
        body.to_string()
    }

    /// The headers that belong to the problem in either dress.
    pub(crate) fn mark(&self, response: &mut Response) {
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(about) = &self.query
            && let Ok(id) = HeaderValue::from_str(&about.id)
        {
            headers.insert(QUERY_ID, id);
        }
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response =
            ([(header::CONTENT_TYPE, "application/problem+json")], self.body()).into_response();
        self.mark(&mut response);
        response.extensions_mut().insert(self);
        response
    }
}
