//! Quads as an answer.

use crate::negotiate::Media;
use crate::problem::Problem;
use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use graph_store::rdf::Quad;
use graph_store::{GraphFormat, write_quads};

/// A document in one of the syntaxes of [`crate::negotiate::DOCUMENTS`].
pub(crate) fn document(quads: &[Quad], media: Media) -> Result<Response, Problem> {
    let bytes = bytes(quads, media)?;
    Ok(([(header::CONTENT_TYPE, media.content_type)], bytes).into_response())
}

/// The same without a response around it.
pub(crate) fn bytes(quads: &[Quad], media: Media) -> Result<Bytes, Problem> {
    write_quads(quads, format(media), vocabularies::PREFIXES, Vec::with_capacity(16 << 10))
        .map(Bytes::from)
        .map_err(|error| Problem::internal(&error))
}

/// The store's name for a syntax of graphs.
pub(crate) fn format(media: Media) -> GraphFormat {
    GraphFormat::from_extension(media.id).unwrap_or(GraphFormat::Turtle)
}
