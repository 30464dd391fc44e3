//! Dereferencing: what an IRI of the graph answers.
//!
//! `/id/…` is the thing; it answers 303 to `/page/…`, a page about it, or `/data/….ttl` and its siblings, its
//! document. A fragment never reaches a server, so a document holds its fragments too. What was withdrawn
//! answers 410 with its tombstone, what was merged 308 to the surviving IRI, what records only name the statements that
//! name it, and only what was never minted 404.

use crate::conditional::Tag;
use crate::entity;
use crate::generation::Generation;
use crate::hot::Warm;
use crate::kept::Kept;
use crate::negotiate::{self, DOCUMENTS, HTML, Media};
use crate::path::Place;
use crate::problem::Problem;
use crate::serialize;
use crate::signposts;
use crate::state::{App, Shared};
use crate::visit::Visit;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use graph_store::Entity;
use graph_store::rdf::{NamedOrBlankNode, Quad, Term};
use std::sync::Arc;
use vocabularies::{aarre, dcterms, rdf};

/// What is known of an IRI.
enum Found {
    Entity(Entity),
    /// Records name it and none describes it; this is where.
    Mentioned(Entity),
    /// It was withdrawn; this is what is left to say.
    Tombstone(Entity),
    /// Another IRI took its place.
    Merged(String),
    /// It is spelt otherwise; this is the right path under `/id/`.
    Spelt(String),
    Nothing,
}

/// `/id/…`: the thing itself.
pub(crate) async fn thing(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let rest = under(&visit.path, "/id/");
    let generation = app.generations.current();
    let found = match find(&app, &generation, rest).await {
        Ok(found) => found,
        Err(problem) => return problem.into_response(),
    };
    let mut offers = vec![HTML];
    offers.extend(DOCUMENTS);
    let Some(media) = negotiate::best(&headers, &offers) else {
        return varied(Problem::not_acceptable(&negotiate::listed(&offers)).into_response());
    };
    let to = |rest: &str| {
        if media == &HTML {
            format!("{}/page/{rest}{}", app.place.root(), visit.suffix)
        } else {
            format!("{}/data/{rest}.{}", app.place.root(), media.id)
        }
    };
    varied(match found {
        Found::Entity(_) | Found::Mentioned(_) => {
            let mut response = redirect(StatusCode::SEE_OTHER, &to(rest));
            set(&mut response, header::LINK, &signposts::of_thing(&app.place, rest).join(", "));
            response
        }
        Found::Spelt(rest) => {
            redirect(StatusCode::PERMANENT_REDIRECT, &format!("{}/id/{rest}", app.place.root()))
        }
        Found::Merged(iri) => redirect(StatusCode::PERMANENT_REDIRECT, &iri),
        Found::Tombstone(entity) if media == &HTML => entity::tombstone(&app, &visit, &generation, &entity),
        Found::Tombstone(entity) => gone(&entity.quads, *media),
        Found::Nothing => unknown(&app, rest),
    })
}

/// `/page/…`: a page about the thing.
pub(crate) async fn page(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let rest = under(&visit.path, "/page/").to_owned();
    let generation = app.generations.current();
    let from = visit.parameters.get("from").unwrap_or_default();
    let group = visit.parameters.get("group").unwrap_or_default();
    let parts = ["page", rest.as_str(), visit.language.tag(), visit.suffix.as_str(), from, group];
    let tag = Tag::new(generation.number, generation.seed, &parts);
    if tag.is_held(&headers) {
        return tag.not_modified("Accept, Accept-Language");
    }
    // Reading the store may wait for the disk; that must not hold up the other requests.
    let blocking = tokio::task::spawn_blocking(move || {
        let found = match look(&app, &generation, &rest) {
            Ok(found) => found,
            Err(problem) => return problem.into_response(),
        };
        match found {
            Found::Entity(entity) | Found::Mentioned(entity) => {
                let mut response = entity::page(&app, &visit, &generation, &rest, &entity);
                if response.status() == StatusCode::OK {
                    tag.mark(response.headers_mut());
                    set(&mut response, header::LINK, &signposts::of_page(&app.place, &rest, &entity.quads));
                }
                response
            }
            Found::Tombstone(entity) => entity::tombstone(&app, &visit, &generation, &entity),
            Found::Merged(iri) => {
                redirect(StatusCode::PERMANENT_REDIRECT, &app.place.page(&iri).unwrap_or(iri))
            }
            Found::Spelt(rest) => {
                redirect(StatusCode::PERMANENT_REDIRECT, &format!("{}/page/{rest}", app.place.root()))
            }
            Found::Nothing => unknown(&app, &rest),
        }
    });
    blocking.await.unwrap_or_else(|error| Problem::internal(&error).into_response())
}

/// `/cite/….bib` and `/cite/….ris`: the reference to the thing.
pub(crate) async fn cite(State(app): State<Shared>, visit: Visit) -> Response {
    let path = under(&visit.path, "/cite/").to_owned();
    let generation = app.generations.current();
    let read = tokio::task::spawn_blocking(move || {
        let Some((rest, ending)) =
            path.rsplit_once('.').filter(|(_, ending)| matches!(*ending, "bib" | "ris"))
        else {
            return Problem::not_found("a reference ends in .bib or .ris").into_response();
        };
        let quads = match look(&app, &generation, rest) {
            Ok(Found::Entity(entity)) => entity.quads,
            Ok(_) => return unknown(&app, rest),
            Err(problem) => return problem.into_response(),
        };
        match entity::citation(&app, &visit, &generation, rest, &quads) {
            Ok(citation) => {
                let (media, text) = match ending {
                    "bib" => ("application/x-bibtex; charset=utf-8", citation.bibtex()),
                    _ => ("application/x-research-info-systems; charset=utf-8", citation.ris()),
                };
                ([(header::CONTENT_TYPE, media)], text).into_response()
            }
            Err(problem) => problem.into_response(),
        }
    });
    read.await.unwrap_or_else(|error| Problem::internal(&error).into_response())
}

/// `/data/….ttl`: the document of the thing in one syntax.
pub(crate) async fn data(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let path = under(&visit.path, "/data/");
    let Some((rest, media)) = path
        .rsplit_once('.')
        .and_then(|(rest, extension)| Some((rest, DOCUMENTS.iter().find(|media| media.id == extension)?)))
    else {
        return Problem::not_found("a document ends in .ttl, .jsonld, .nt or .rdf").into_response();
    };
    let generation = app.generations.current();
    let tag = Tag::new(generation.number, generation.seed, &["data", path]);
    if tag.is_held(&headers) {
        return tag.not_modified("Accept");
    }
    let found = match find(&app, &generation, rest).await {
        Ok(found) => found,
        Err(problem) => return problem.into_response(),
    };
    let root = app.place.root();
    match found {
        Found::Entity(entity) | Found::Mentioned(entity) => {
            let bytes = match serialize::bytes(&entity.quads, *media) {
                Ok(bytes) => bytes,
                Err(problem) => return problem.into_response(),
            };
            let kept = Kept::new(bytes, None);
            let body = Body::from(kept.bytes().clone());
            let mut response = ([(header::CONTENT_TYPE, media.content_type)], body).into_response();
            response.extensions_mut().insert(Warm {
                generation: generation.identity(),
                tag: tag.clone(),
                kept,
            });
            tag.mark(response.headers_mut());
            set(&mut response, header::LINK, &signposts::of_document(&app.place, rest));
            set(&mut response, header::CONTENT_LOCATION, &format!("{root}/data/{path}"));
            if !entity.complete {
                set(&mut response, HeaderName::from_static("aarre-incomplete"), "true");
            }
            varied(response)
        }
        Found::Tombstone(entity) => gone(&entity.quads, *media),
        Found::Merged(iri) => match app.place.rest(&iri) {
            Some(rest) => {
                redirect(StatusCode::PERMANENT_REDIRECT, &format!("{root}/data/{rest}.{}", media.id))
            }
            None => redirect(StatusCode::PERMANENT_REDIRECT, &iri),
        },
        Found::Spelt(rest) => {
            redirect(StatusCode::PERMANENT_REDIRECT, &format!("{root}/data/{rest}.{}", media.id))
        }
        Found::Nothing => unknown(&app, rest),
    }
}

fn under<'p>(path: &'p str, prefix: &str) -> &'p str {
    path.strip_prefix(prefix).unwrap_or_default()
}

async fn find(app: &Shared, generation: &Arc<Generation>, rest: &str) -> Result<Found, Problem> {
    let (app, generation, rest) = (Arc::clone(app), Arc::clone(generation), rest.to_owned());
    tokio::task::spawn_blocking(move || look(&app, &generation, &rest))
        .await
        .map_err(|error| Problem::internal(&error))?
}

fn look(app: &App, generation: &Generation, rest: &str) -> Result<Found, Problem> {
    let place = &app.place;
    if rest.is_empty() {
        return Ok(Found::Nothing);
    }
    let said = |iri: &str| generation.snapshot.entity(iri).map_err(|error| Problem::internal(&error));
    let iri = place.iri(rest);
    let mut met = said(&iri)?;
    if let Some(successor) = entity::successor(app, &iri, &met.quads) {
        return Ok(Found::Merged(successor));
    }
    if is_shared(rest) {
        entity::complete(app, &generation.snapshot, &iri, &mut met)?;
    }
    if met.quads.is_empty() {
        if let Some(canonical) = Place::canonical(rest)
            && !said(&place.iri(&canonical))?.quads.is_empty()
        {
            return Ok(Found::Spelt(canonical));
        }
        let met = generation.snapshot.mentions(&iri).map_err(|error| Problem::internal(&error))?;
        return Ok(if met.quads.is_empty() { Found::Nothing } else { Found::Mentioned(met) });
    }
    let own =
        |quad: &&Quad| matches!(&quad.subject, NamedOrBlankNode::NamedNode(node) if node.as_str() == iri);
    let is_tombstone = met.quads.iter().filter(own).any(|quad| {
        quad.predicate == rdf::TYPE
            && matches!(&quad.object, Term::NamedNode(class) if *class == aarre::TOMBSTONE_CLASS)
    });
    let successor = met.quads.iter().filter(own).find_map(|quad| match &quad.object {
        Term::NamedNode(node) if quad.predicate == dcterms::IS_REPLACED_BY => Some(node.as_str().to_owned()),
        _ => None,
    });
    Ok(match (is_tombstone, successor) {
        (true, Some(successor)) if place.rest(&successor).is_some() => Found::Merged(successor),
        (true, _) => Found::Tombstone(met),
        (false, _) => Found::Entity(met),
    })
}

/// Whether the path is that of an entity that records share: only those are ever merged.
fn is_shared(rest: &str) -> bool {
    ["agent/", "place/", "concept/"].iter().any(|kind| rest.starts_with(kind))
}

fn redirect(status: StatusCode, location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (status, [(header::LOCATION, location)]).into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

fn gone(quads: &[Quad], media: Media) -> Response {
    match serialize::document(quads, media) {
        Ok(mut response) => {
            *response.status_mut() = StatusCode::GONE;
            response
        }
        Err(problem) => problem.into_response(),
    }
}

fn unknown(app: &App, rest: &str) -> Response {
    Problem::not_found(format!("{} was never published here", app.place.iri(rest))).into_response()
}

fn varied(mut response: Response) -> Response {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
