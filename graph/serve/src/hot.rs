//! Answers that are given again at once: whole responses, found by the bytes of the request, a short body included.
//!
//! A route that knows its answer will be the same next time puts [`Warm`] into it. The answer then goes once through
//! all layers and is kept here with the headers that they gave it, so that the same request costs one look-up: no
//! routing, no parsing, no negotiation. What an answer is valid for is the generation; when another one is served,
//! the request goes the long way again, where an answer that did not change is found by its fingerprint.

use crate::conditional::Tag;
use crate::kept::{Coding, Kept};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::Response;
use std::cell::RefCell;
use std::sync::Arc;

/// Says whether an answer was kept (`hit`) or made for the request (`miss`).
pub(crate) const CACHE: HeaderName = HeaderName::from_static("aarre-cache");
const HIT: HeaderValue = HeaderValue::from_static("hit");
/// What the headers of an answer and its entry weigh, about.
const HEADERS: usize = 4 << 10;
/// Longer addresses and bodies are not looked up; nobody sends them twice.
const LONGEST: usize = 8 << 10;

/// In the extensions of a response: the same request has this answer for as long as the generation is served.
#[derive(Debug, Clone)]
pub(crate) struct Warm {
    pub(crate) generation: u64,
    pub(crate) tag: Tag,
    pub(crate) kept: Arc<Kept>,
}

#[derive(Debug)]
struct Entry {
    generation: u64,
    tag: Tag,
    kept: Arc<Kept>,
    plain: HeaderMap,
    gzip: HeaderMap,
    zstd: HeaderMap,
    unchanged: HeaderMap,
}

/// The answers, weighed by their bytes.
#[derive(Debug)]
pub(crate) struct Hot(moka::sync::Cache<Arc<[u8]>, Arc<Entry>>);

/// A request as far as it decides the answer; where the answer will be kept.
#[derive(Debug)]
pub(crate) struct Place(Arc<[u8]>);

thread_local! {
    static KEY: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Hot {
    pub(crate) fn new(bytes: u64) -> Self {
        let cache = moka::sync::Cache::builder().max_capacity(bytes).weigher(
            |key: &Arc<[u8]>, entry: &Arc<Entry>| {
                u32::try_from(key.len() + entry.kept.weight() + HEADERS).unwrap_or(u32::MAX)
            },
        );
        Self(cache.build())
    }

    /// What is kept, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.weighted_size()
    }

    /// The answer, if it is here and the generation is still the same.
    pub(crate) fn answer<B>(&self, request: &Request<B>, body: &[u8], generation: u64) -> Option<Response> {
        let headers = request.headers();
        let entry = KEY.with_borrow_mut(|key| {
            write_key(request, body, key)?;
            self.0.get(key.as_slice())
        })?;
        if entry.generation != generation {
            return None;
        }
        if headers.contains_key(header::IF_NONE_MATCH) && entry.tag.is_held(headers) {
            return Some(respond(StatusCode::NOT_MODIFIED, Bytes::new(), &entry.unchanged));
        }
        let (bytes, coding) = entry.kept.form(Coding::of(headers)?)?;
        let headers = match coding {
            Coding::Identity => &entry.plain,
            Coding::Gzip => &entry.gzip,
            Coding::Zstd => &entry.zstd,
        };
        Some(respond(StatusCode::OK, bytes, headers))
    }

    /// Where an answer to the request would be kept; `None` for requests of another kind.
    pub(crate) fn place<B>(request: &Request<B>, body: &[u8]) -> Option<Place> {
        let mut key = Vec::new();
        write_key(request, body, &mut key)?;
        Some(Place(key.into()))
    }

    /// Whether the request comes with a body that is short enough to find its answer by.
    pub(crate) fn reads<B>(request: &Request<B>) -> bool {
        let headers = request.headers();
        let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        *request.method() == Method::POST
            && length.is_some_and(|length: usize| length <= LONGEST)
            && !headers.contains_key(header::CONTENT_ENCODING)
    }

    /// Keeps a response that came out of all layers.
    pub(crate) fn keep(&self, place: Place, response: &Response, warm: Warm) {
        // What is here already may have forms that are being made.
        let same = |entry: Arc<Entry>| entry.generation == warm.generation && entry.tag == warm.tag;
        if self.0.get(&place.0).is_some_and(same) {
            return;
        }
        let mut plain = response.headers().clone();
        for name in [header::CONTENT_ENCODING, header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
            plain.remove(name);
        }
        // The query of that name has ended; this answer is nobody's.
        plain.remove(crate::problem::QUERY_ID);
        plain.insert(CACHE, HIT);
        let coded = |coding: Coding| {
            let mut headers = plain.clone();
            if let Some(name) = coding.name() {
                headers.insert(header::CONTENT_ENCODING, name);
            }
            headers
        };
        let mut unchanged = plain.clone();
        unchanged.remove(header::CONTENT_TYPE);
        let entry = Entry {
            generation: warm.generation,
            tag: warm.tag,
            kept: warm.kept,
            gzip: coded(Coding::Gzip),
            zstd: coded(Coding::Zstd),
            unchanged,
            plain,
        };
        self.0.insert(place.0, Arc::new(entry));
    }
}

fn respond(status: StatusCode, bytes: Bytes, headers: &HeaderMap) -> Response {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    *response.headers_mut() = headers.clone();
    response
}

/// The address and what is accepted, and of a `POST` the body and what it is. A request with several such headers is rare
/// enough to go the long way.
fn write_key<B>(request: &Request<B>, body: &[u8], key: &mut Vec<u8>) -> Option<()> {
    let address = request.uri().path_and_query()?.as_str().as_bytes();
    let only = |name: HeaderName| {
        let mut values = request.headers().get_all(name).iter();
        let value = values.next().map_or(b"".as_slice(), HeaderValue::as_bytes);
        values.next().is_none().then_some(value)
    };
    let accept = only(header::ACCEPT)?;
    key.clear();
    match *request.method() {
        Method::GET | Method::HEAD => {
            key.extend_from_slice(address);
            key.push(0xFF);
            key.extend_from_slice(accept);
        }
        Method::POST => {
            let content_type = only(header::CONTENT_TYPE)?;
            // No address begins so, and no part can be taken for a piece of another.
            key.push(0);
            for part in [address, accept, content_type] {
                key.extend_from_slice(&part.len().to_le_bytes());
                key.extend_from_slice(part);
            }
            key.extend_from_slice(body);
        }
        _ => return None,
    }
    (key.len() <= LONGEST).then_some(())
}
