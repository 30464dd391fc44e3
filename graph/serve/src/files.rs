//! Files: dumps, VoID, images.
//!
//! A name is one path segment or several, each decoded and checked: no dots that climb, no separators in
//! disguise, and what is opened must lie in the folder after links are followed. One byte range can be
//! asked for (RFC 9110, section 14), so a broken download goes on where it stopped.

use crate::conditional::Tag;
use crate::generation::Generation;
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

/// `/robots.txt` (RFC 9309): pages may be read by anybody; the query form and the countless pages of searches are not for
/// crawlers, who find all there is in the site map.
pub(crate) async fn robots(State(app): State<Shared>) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    let (root, base) = (app.place.root(), app.place.base());
    let text = format!(
        "User-agent: *\nDisallow: {root}/sparql\nDisallow: {root}/search\n\nSitemap: {base}/sitemap.xml\n"
    );
    (headers, text).into_response()
}

/// `/void.ttl` and `/.well-known/void`.
pub(crate) async fn void(State(app): State<Shared>, headers: HeaderMap) -> Response {
    let generation = app.generations.current();
    let path = generation.folder.join("void.ttl");
    answer(&path, "text/turtle; charset=utf-8", &generation, &headers).await
}

/// `/dumps/NAME`.
pub(crate) async fn dump(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let generation = app.generations.current();
    let folder = generation.folder.join("dumps");
    match inside(&folder, visit.path.strip_prefix("/dumps/").unwrap_or_default()) {
        Some(path) => answer(&path, content_type(&path), &generation, &headers).await,
        None => Problem::not_found("there is no such dump").into_response(),
    }
}

/// `/media/…`: images that belong to the collection.
pub(crate) async fn media(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let name = visit.path.strip_prefix("/media/").unwrap_or_default();
    let Some(path) = app.config.media_dir.as_ref().and_then(|folder| inside(folder, name)) else {
        return Problem::not_found("there is no such file").into_response();
    };
    let generation = app.generations.current();
    let mut response = answer(&path, content_type(&path), &generation, &headers).await;
    // A picture is shown, never run: an SVG file may carry scripts.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// The file of that name in the folder, if there is one and it lies there.
fn inside(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut path = folder.to_owned();
    for segment in name.split('/') {
        let segment = percent_decode_str(segment).decode_utf8().ok()?;
        let plain = !segment.is_empty()
            && !segment.starts_with('.')
            && !segment.contains(['/', '\\', '\0', ':'])
            && segment.len() < 256;
        if !plain {
            return None;
        }
        path.push(&*segment);
    }
    let real = path.canonicalize().ok()?;
    let root = folder.canonicalize().ok()?;
    (real.starts_with(&root) && real.is_file()).then_some(real)
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "zst" => "application/zstd",
        "gz" => "application/gzip",
        "nq" => "application/n-quads",
        "nt" => "application/n-triples",
        "ttl" => "text/turtle; charset=utf-8",
        "json" => "application/json",
        "sha256" | "txt" => "text/plain; charset=utf-8",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

async fn answer(
    path: &Path,
    content_type: &'static str,
    generation: &Generation,
    headers: &HeaderMap,
) -> Response {
    send(path, content_type, generation, headers).await.unwrap_or_else(IntoResponse::into_response)
}

async fn send(
    path: &Path,
    content_type: &'static str,
    generation: &Generation,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let missing = |_| Problem::not_found("there is no such file in this generation");
    let mut file = tokio::fs::File::open(path).await.map_err(missing)?;
    let metadata = file.metadata().await.map_err(missing)?;
    let size = metadata.len();
    let modified = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_nanos());
    let name = path.to_string_lossy();
    let tag = Tag::new(
        generation.number,
        generation.seed,
        &["file", &name, &size.to_string(), &modified.to_string()],
    )
    .strong();
    if tag.is_held(headers) {
        return Ok(tag.not_modified("Accept-Encoding"));
    }
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let fresh = headers.get(header::IF_RANGE).is_none_or(|held| tag.is(held));
    let range = match asked.filter(|_| fresh).map(|asked| range(asked, size)) {
        None | Some(Asked::All) => None,
        Some(Asked::Part(start, end)) => Some((start, end)),
        Some(Asked::Nothing) => {
            let problem = Problem::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range",
                format!("the file has {size} bytes"),
            );
            let mut response = problem.into_response();
            if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            return Ok(response);
        }
    };
    let (start, end) = range.unwrap_or((0, size));
    if start > 0 {
        file.seek(std::io::SeekFrom::Start(start)).await.map_err(|error| Problem::internal(&error))?;
    }
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(end - start), 64 << 10));
    let mut response = ([(header::CONTENT_TYPE, content_type)], body).into_response();
    let fields = response.headers_mut();
    tag.mark(fields);
    fields.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    fields.insert(header::CONTENT_LENGTH, HeaderValue::from(end - start));
    if range.is_some() {
        let value = format!("bytes {start}-{}/{size}", end.saturating_sub(1));
        fields
            .insert(header::CONTENT_RANGE, HeaderValue::from_str(&value).map_err(|e| Problem::internal(&e))?);
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// No range that is understood: the whole file.
    All,
    /// From the first up to, not with, the second.
    Part(u64, u64),
    /// Nothing of it is in the file.
    Nothing,
}

fn range(text: &str, size: u64) -> Asked {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|spec| spec.split_once('-')) else {
        return Asked::All;
    };
    let (first, last) = (first.trim(), last.trim());
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), _) if first >= size => Asked::Nothing,
        (Ok(first), Ok(last)) if last >= first => Asked::Part(first, last.saturating_add(1).min(size)),
        (Ok(first), Err(_)) if last.is_empty() => Asked::Part(first, size),
        (Err(_), Ok(0)) if first.is_empty() => Asked::Nothing,
        (Err(_), Ok(suffix)) if first.is_empty() && size > 0 => {
            Asked::Part(size.saturating_sub(suffix), size)
        }
        // Several ranges, or none that makes sense: the whole file is a right answer.
        _ => Asked::All,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn ranges() {
        for (text, expected) in [
            ("bytes=0-9", Asked::Part(0, 10)),
            ("bytes=90-", Asked::Part(90, 100)),
            ("bytes=-10", Asked::Part(90, 100)),
            ("bytes=-1000", Asked::Part(0, 100)),
            ("bytes=50-1000", Asked::Part(50, 100)),
            ("bytes=100-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=9-2", Asked::All),
            ("bytes=0-1,5-6", Asked::All),
            ("lines=1-2", Asked::All),
            ("bytes=0-18446744073709551615", Asked::Part(0, 100)),
        ] {
            assert_eq!(range(text, 100), expected, "{text}");
        }
    }

    #[test]
    fn nothing_outside_the_folder_is_found() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("dumps");
        std::fs::create_dir_all(folder.join("deep")).unwrap();
        std::fs::write(home.path().join("secret"), "x").unwrap();
        std::fs::write(folder.join("a b.nq"), "x").unwrap();
        std::fs::write(folder.join("deep/c"), "x").unwrap();
        std::os::unix::fs::symlink(home.path().join("secret"), folder.join("link")).unwrap();
        assert!(inside(&folder, "a%20b.nq").is_some());
        assert!(inside(&folder, "deep/c").is_some());
        for name in [
            "",
            "deep",
            "../secret",
            "%2e%2e/secret",
            "..%2fsecret",
            "deep/../a%20b.nq",
            "link",
            "%00",
            "/etc/passwd",
            "a b.nq/",
            ".",
        ] {
            assert!(inside(&folder, name).is_none(), "{name}");
        }
    }
}
