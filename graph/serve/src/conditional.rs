//! Validators: which answer the client already has.
//!
//! An answer is a pure function of the generation, the request and this version of the program, so its tag
//! is known before the work is done and a `304 Not Modified` costs nothing. Tags are weak: a compressed and a
//! plain answer mean the same.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use xxhash_rust::xxh3::Xxh3;

/// The entity tag of one variant of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag(String);

impl Tag {
    /// `seed` names the generation's content; `parts` say what tells this answer from any other.
    pub(crate) fn new(generation: u64, seed: u64, parts: &[&str]) -> Self {
        let mut hasher = Xxh3::with_seed(seed);
        hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
        hasher.update(env!("AARRE_PAGES").as_bytes());
        for part in parts {
            hasher.update(part.as_bytes());
            hasher.update(&[0xFF]);
        }
        Self(format!("W/\"g{generation}-{:016x}\"", hasher.digest()))
    }

    /// The tag of an answer that depends on certain statements only, whose digest is given: it stays the same over
    /// generations that do not change them.
    pub(crate) fn answer(fingerprint: u128, parts: &[&[u8]]) -> Self {
        let mut hasher = Xxh3::new();
        hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
        hasher.update(&fingerprint.to_le_bytes());
        for part in parts {
            hasher.update(part);
            hasher.update(&[0xFF]);
        }
        Self(format!("W/\"q-{:032x}\"", hasher.digest128()))
    }

    /// For a file, whose bytes are always the same.
    pub(crate) fn strong(self) -> Self {
        Self(opaque(&self.0).to_owned())
    }

    /// Whether the header's value is this tag (`If-Range`; strong comparison).
    pub(crate) fn is(&self, held: &HeaderValue) -> bool {
        !self.0.starts_with("W/") && held.as_bytes() == self.0.as_bytes()
    }

    /// Whether the client has this answer (`If-None-Match`, RFC 9110, section 13.1.2; weak comparison).
    pub(crate) fn is_held(&self, headers: &HeaderMap) -> bool {
        let own = opaque(&self.0);
        headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| tag.trim() == "*" || opaque(tag) == own)
    }

    /// Marks an answer with this tag. Caches may keep it but ask each time: the generation may change at
    /// any moment.
    pub(crate) fn mark(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            headers.insert(header::ETAG, value);
        }
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("public, no-cache"));
    }

    /// The answer for a client that has it already.
    pub(crate) fn not_modified(&self, vary: &'static str) -> Response {
        let mut response = (StatusCode::NOT_MODIFIED, Body::empty()).into_response();
        self.mark(response.headers_mut());
        response.headers_mut().insert(header::VARY, HeaderValue::from_static(vary));
        response
    }
}

fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn compares_weakly_and_tells_parts_apart() {
        let tag = Tag::new(7, 1, &["a", "b"]);
        assert_ne!(tag, Tag::new(7, 1, &["ab", ""]));
        assert_ne!(tag, Tag::new(8, 1, &["a", "b"]));
        assert_ne!(tag, Tag::new(7, 2, &["a", "b"]));
        for (held, expected) in
            [(tag.0.as_str(), true), (opaque(&tag.0), true), ("\"x\", *", true), ("\"x\"", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, held.parse().unwrap());
            assert_eq!(tag.is_held(&headers), expected, "{held}");
        }
    }
}
