//! Bodies of requests: at most so large, within so much time, in UTF-8.

use crate::parameters::Parameters;
use crate::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use std::time::Duration;

/// The largest body that is read.
pub(crate) const BODY_LIMIT: usize = 1 << 20;
/// How long a client may take to send its body.
const BODY_PATIENCE: Duration = Duration::from_secs(30);

/// The media type of a body without its parameters, in small letters; nothing when none is named.
///
/// # Errors
/// 415 for a charset other than UTF-8.
pub(crate) fn media(headers: &HeaderMap) -> Result<String, Problem> {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(charset) = foreign_charset(content_type) {
        return Err(Problem::unsupported(format!("a body is sent in UTF-8, not in '{charset}'")));
    }
    Ok(content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// The charset of a media type, unless it is UTF-8.
fn foreign_charset(content_type: &str) -> Option<&str> {
    let charset = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })?;
    let known = ["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known));
    (!known).then_some(charset)
}

/// The fields of a form.
///
/// # Errors
/// 415 when it is none, and as [`text`].
pub(crate) async fn form(headers: &HeaderMap, body: Body) -> Result<Parameters, Problem> {
    match media(headers)?.as_str() {
        "application/x-www-form-urlencoded" => Parameters::parse(&text(body).await?),
        _ => Err(Problem::unsupported("send a form: application/x-www-form-urlencoded")),
    }
}

/// A body in JSON.
///
/// # Errors
/// 415 when it is none, and as [`text`].
pub(crate) async fn json(headers: &HeaderMap, body: Body) -> Result<String, Problem> {
    match media(headers)?.as_str() {
        "application/json" => text(body).await,
        _ => Err(Problem::unsupported("send JSON: application/json")),
    }
}

/// A body as text.
///
/// # Errors
/// 413 over 1 MiB, 408 when it does not come, 400 when it is not UTF-8.
pub(crate) async fn text(body: Body) -> Result<String, Problem> {
    let reading = axum::body::to_bytes(body, BODY_LIMIT);
    let bytes = tokio::time::timeout(BODY_PATIENCE, reading)
        .await
        .map_err(|_| {
            Problem::new(StatusCode::REQUEST_TIMEOUT, "slow-request", "the body of the request did not come")
        })?
        .map_err(|_| Problem::too_large(format!("a request body has at most {BODY_LIMIT} bytes")))?;
    String::from_utf8(bytes.into()).map_err(|_| Problem::bad_request("the body is not UTF-8"))
}
