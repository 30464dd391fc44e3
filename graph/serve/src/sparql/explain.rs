//! How a query is answered, instead of its answer: `?explain=text` for people, `?explain=json` for programs.
//!
//! The query is evaluated under the same limits as always and pays the same, and the answer is thrown away: so real
//! numbers of rows stand beside those that were expected. What does not end in time is told as far as it was done.

use super::evaluate::Form;
use super::runner::{Asker, Job};
use crate::generation::Generation;
use crate::negotiate::{self, JSON, Media, TEXT};
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::state::App;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use graph_store::{DatasetParameters, Prepared};
use std::sync::Arc;

/// What can be asked for.
pub(crate) const OFFERS: [Media; 2] = [TEXT, JSON];

/// Whether the request asks for an explanation, and in which form: the parameter names one, or leaves it to `Accept`.
///
/// # Errors
/// 400 for a form that there is not.
pub(super) fn asked(parameters: &Parameters, headers: &HeaderMap) -> Result<Option<Form>, Problem> {
    let Some(name) = parameters.get("explain") else { return Ok(None) };
    let media = match name {
        "" => negotiate::best(headers, &OFFERS).unwrap_or(&TEXT),
        name => negotiate::named(name, &OFFERS).ok_or_else(|| {
            Problem::bad_request(format!("there is no explanation as '{name}'; there are text and json"))
        })?,
    };
    Ok(Some(if *media == JSON { Form::ExplainedInJson } else { Form::ExplainedInText }))
}

/// Runs the query and tells how.
pub(super) async fn answer(
    app: &App,
    generation: &Arc<Generation>,
    text: &str,
    dataset: DatasetParameters,
    prepared: Prepared,
    form: Form,
    asker: &Asker,
) -> Result<Response, Problem> {
    let job = Job { text: text.into(), dataset, prepared, form, lines: None };
    let answer = app.runner.run(generation, job, asker).await?;
    let media = if form == Form::ExplainedInJson { JSON } else { TEXT };
    let mut response = ([(header::CONTENT_TYPE, media.content_type)], answer.into_body()).into_response();
    // Another time the same question may be answered in another way.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
