//! A small page about an entity, to be shown within a client's own.

use super::ask::{description, name_of};
use super::properties::{PROPERTIES, What, class, named};
use super::services::Service;
use super::unknown;
use crate::problem::Problem;
use crate::state::App;
use crate::value::safe;
use crate::visit::Visit;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use graph_reconcile::Kind;

/// In pixels.
pub(super) const WIDTH: u32 = 400;
pub(super) const HEIGHT: u32 = 200;
/// How many values of a property are shown.
const SHOWN: usize = 5;

/// Any page may show this one within itself; it has no scripts and one style of its own.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors *";

#[derive(Template)]
#[template(path = "preview.html")]
struct Preview {
    language: &'static str,
    style: String,
    name: String,
    kind: String,
    lead: String,
    /// The address of the entity, where a link to it does no harm.
    link: Option<String>,
    facts: Vec<(String, String)>,
}

/// `/preview?id=`.
///
/// # Errors
/// 404 when there is no such entity.
pub(super) fn page(app: &App, service: &Service, visit: &Visit) -> Result<Response, Problem> {
    let id = visit.parameters.get("id").unwrap_or_default();
    let entry = service.authority.by_iri(id).ok_or_else(|| unknown(id))?;
    let entry = service.authority.entry(entry);
    let facts = [What::OtherName, What::Occupation, What::SameAs]
        .into_iter()
        .filter_map(|what| PROPERTIES.iter().find(|property| property.what == what))
        .filter_map(|property| {
            let told: Vec<String> =
                property.values(&entry).into_iter().take(SHOWN).map(|told| told.text).collect();
            (!told.is_empty()).then(|| (property.name(visit.language), told.join(" · ")))
        })
        .collect();
    let kind = match entry.kind() {
        Kind::Unknown => String::new(),
        kind => named(class(kind).as_str(), visit.language),
    };
    let view = Preview {
        language: visit.language.tag(),
        style: format!("{}{}", app.place.root(), crate::assets::address("aarre.css")),
        name: name_of(&entry, None, visit.language),
        kind,
        lead: description(service, &entry, visit.language),
        link: safe(&entry.iri()).map(str::to_owned),
        facts,
    };
    let body = view.render().map_err(|error| Problem::internal(&error))?;
    let mut response =
        (StatusCode::OK, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}
