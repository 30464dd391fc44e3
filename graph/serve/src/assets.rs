//! Style sheets, scripts and pictures of the site itself: they are in the binary, and their addresses change with
//! their content, so that browsers may keep them for ever.

use crate::kept::{Coding, Kept};
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// One file below `assets/`.
struct Asset {
    name: &'static str,
    digest: &'static str,
    media: &'static str,
    bytes: &'static [u8],
}

/// Sorted by name; `build.rs` makes it.
static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The same with their compressed forms, each made once.
static KEPT: LazyLock<HashMap<&'static str, (&'static Asset, Arc<Kept>)>> = LazyLock::new(|| {
    let kept = |asset: &'static Asset| (asset, Kept::new(Bytes::from_static(asset.bytes), None));
    ASSETS.iter().map(|asset| (asset.name, kept(asset))).collect()
});

/// The address of a file below the root of the site, with the digest of its content before its ending:
/// `/assets/aarre.0123456789abcdef.css`.
pub(crate) fn address(name: &str) -> String {
    let digest = KEPT.get(name).map_or("", |(asset, _)| asset.digest);
    match name.rsplit_once('.') {
        Some((stem, ending)) if !digest.is_empty() => format!("/assets/{stem}.{digest}.{ending}"),
        _ => format!("/assets/{name}"),
    }
}

/// `/assets/{name}`: for ever under the address with the digest, for an hour under the plain one.
pub(crate) async fn asset(Path(asked): Path<String>, headers: HeaderMap) -> Response {
    let Some((asset, kept, fixed)) = find(&asked) else {
        return Problem::not_found("there is no such file").into_response();
    };
    let wish = Coding::of(&headers).unwrap_or(Coding::Identity);
    let (bytes, coding) = kept.form(wish).unwrap_or_else(|| (kept.bytes().clone(), Coding::Identity));
    let mut response = Response::new(Body::from(bytes));
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media));
    let caching = if fixed { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    fields.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(name) = coding.name() {
        fields.insert(header::CONTENT_ENCODING, name);
    }
    response
}

/// The file of a name with or without its digest, and whether it has it. A digest of another version finds nothing:
/// a page of another version of this server asked for it, and must not get what it does not know.
fn find(asked: &str) -> Option<(&'static Asset, &'static Arc<Kept>, bool)> {
    if let Some((asset, kept)) = KEPT.get(asked) {
        return Some((asset, kept, false));
    }
    let (rest, ending) = asked.rsplit_once('.')?;
    let (stem, digest) = rest.rsplit_once('.')?;
    let (asset, kept) = KEPT.get(format!("{stem}.{ending}").as_str())?;
    (asset.digest == digest).then_some((*asset, kept, true))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn addresses_change_with_the_content() {
        let address = address("aarre.css");
        let (asset, _, fixed) = find(address.strip_prefix("/assets/").unwrap()).unwrap();
        assert!(fixed && asset.name == "aarre.css");
        assert!(!find("aarre.css").unwrap().2);
        assert!(find("aarre.0000000000000000.css").is_none());
        assert!(find("../Cargo.toml").is_none());
    }
}
