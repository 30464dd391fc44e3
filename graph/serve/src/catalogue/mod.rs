//! What catalogues and crawlers look for: the site map, feeds of what changed, datasets in the words of schema.org.
//!
//! What DCAT and VoID say stands in the graph itself and in `void.ttl`; nothing here knows more than that.

mod feed;
mod schema_org;
mod sitemap;

pub(crate) use schema_org::dataset;

use crate::conditional::Tag;
use crate::problem::Problem;
use crate::state::Shared;
use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Their addresses.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemaps/{name}", get(sitemap::part))
        .route("/feed.atom", get(feed::all))
        .route("/feed/{name}", get(feed::one))
}

/// A file in XML.
fn xml(template: &impl Template, media: &'static str, tag: &Tag) -> Response {
    match template.render() {
        Ok(text) => {
            let mut response = ([(header::CONTENT_TYPE, media)], text).into_response();
            tag.mark(response.headers_mut());
            response
        }
        Err(error) => Problem::internal(&error).into_response(),
    }
}
