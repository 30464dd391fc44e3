//! Whole graphs: the SPARQL 1.1 Graph Store HTTP Protocol (W3C Recommendation, 21 March 2013), to read.
//!
//! A graph is named by `/rdf-graph-store?graph=IRI`, the union of all by `/rdf-graph-store?default`, and a graph whose
//! IRI begins with the base by its own address, `/graph/…`. However large a graph is, it passes through in pieces and
//! is never held; a transfer that breaks off looks broken. The writing half of the protocol answers 405: no public
//! address writes.

use crate::conditional::Tag;
use crate::generation::Generation;
use crate::negotiate::{self, JSON_LD, Media, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE};
use crate::problem::Problem;
use crate::serialize;
use crate::sparql::{Ended, Part, Patience, Sending, collect, way};
use crate::state::{App, Shared};
use crate::visit::Visit;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use graph_store::Extent;
use graph_store::rdf::NamedNode;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::io::ReaderStream;

const VARY: &str = "Accept";
/// The syntaxes of a graph, best first.
pub(crate) const OFFERS: [Media; 6] = [TURTLE, JSON_LD, N_TRIPLES, RDF_XML, N_QUADS, TRIG];
/// How many graphs are written at the same time.
pub(crate) const PLACES: usize = 4;
/// How long a client may take for one chunk.
const PATIENCE: Duration = Duration::from_secs(60);

/// `/rdf-graph-store`: a graph by its name in the query string.
pub(crate) async fn store(
    State(app): State<Shared>,
    method: Method,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    let graphs: Vec<&str> = visit.parameters.all("graph").collect();
    let defaults = visit.parameters.all("default").count();
    let extent = match (graphs.as_slice(), defaults) {
        ([graph], 0) => match NamedNode::new(*graph) {
            Ok(graph) => Some(graph),
            Err(_) => {
                let detail = format!("'{graph}' is no absolute IRI; a graph is named by one");
                return Problem::bad_request(detail).into_response();
            }
        },
        ([], 1) => None,
        _ => {
            let detail = "name one graph: ?graph=IRI, or ?default for all of them together";
            return Problem::bad_request(detail).into_response();
        }
    };
    answer(app, &method, &visit, &headers, extent).await.unwrap_or_else(IntoResponse::into_response)
}

/// `/graph/…`: a graph whose IRI is the address.
pub(crate) async fn direct(
    State(app): State<Shared>,
    method: Method,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    match NamedNode::new(format!("{}{}", app.place.base(), visit.path)) {
        Ok(graph) => answer(app, &method, &visit, &headers, Some(graph))
            .await
            .unwrap_or_else(IntoResponse::into_response),
        Err(_) => Problem::not_found("there is no graph of that name").into_response(),
    }
}

async fn answer(
    app: Shared,
    method: &Method,
    visit: &Visit,
    headers: &HeaderMap,
    graph: Option<NamedNode>,
) -> Result<Response, Problem> {
    let media = *negotiate::chosen(&visit.parameters, headers, &OFFERS)?;
    let generation = app.generations.current();
    if let Some(graph) = &graph {
        let (generation, graph) = (Arc::clone(&generation), graph.clone());
        let found = tokio::task::spawn_blocking(move || generation.snapshot.has_graph(graph.as_ref()));
        if !found.await.map_err(|error| Problem::internal(&error))?.map_err(|e| Problem::internal(&e))? {
            return Err(Problem::not_found("there is no graph of that name"));
        }
    }
    let name = graph.as_ref().map_or("", |graph| graph.as_str());
    let tag = Tag::new(generation.number, generation.seed, &["graph", name, media.id]);
    if tag.is_held(headers) {
        return Ok(tag.not_modified(VARY));
    }
    // The length is not known before all is written, so HEAD must not say that it is nothing.
    let body = if method == Method::HEAD {
        Body::from_stream(ReaderStream::new(tokio::io::empty()))
    } else {
        body(&app, generation, graph, media).await?
    };
    let mut response = ([(header::CONTENT_TYPE, media.content_type)], body).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static(VARY));
    tag.mark(response.headers_mut());
    Ok(response)
}

/// The graph as it is written on a thread of its own; as with a query, the status is decided when the first part is
/// there.
async fn body(
    app: &App,
    generation: Arc<Generation>,
    graph: Option<NamedNode>,
    media: Media,
) -> Result<Body, Problem> {
    let place = Arc::clone(&app.exports).try_acquire_owned().map_err(|_| Problem {
        detail: "too many graphs are being sent; try again shortly, or take the dump".to_owned(),
        ..Problem::busy(30)
    })?;
    let (sender, receiver) = way();
    let mut out = Sending::new(sender, Patience::Each(PATIENCE));
    let write = move || {
        let _place = place;
        let extent = graph.as_ref().map_or(Extent::All, |graph| Extent::Graph(graph.as_ref()));
        let format = serialize::format(media);
        let written = generation.snapshot.write_statements(extent, format, vocabularies::PREFIXES, &mut out);
        let end = match written.map_err(io::Error::other).and_then(|rows| out.flush().map(|()| rows)) {
            Ok(rows) => Ok(Ended { rows, cut: false }),
            // Then there is nobody to tell.
            Err(error) if out.is_gone() => return tracing::info!(%error, "a graph was not sent to its end"),
            Err(error) => Err(Problem::internal(&error)),
        };
        let _ = out.send(Part::End(end));
    };
    std::thread::Builder::new()
        .name("graph".to_owned())
        .spawn(write)
        .map_err(|error| Problem::internal(&error))?;
    let late = || Problem::timeout(PATIENCE.as_secs());
    Ok(collect(receiver, Instant::now() + PATIENCE, late).await?.into_body())
}

/// What the writing methods of the protocol are told.
pub(crate) async fn write() -> Response {
    Problem {
        allow: Some("GET, HEAD, OPTIONS"),
        ..Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "read-only",
            "graphs are read here and not written: they change with the records they are made from",
        )
    }
    .into_response()
}
