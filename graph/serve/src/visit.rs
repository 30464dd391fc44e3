//! What every page needs to know about who is visiting: the language, the path, the parameters.

use crate::language::{self, Language};
use crate::parameters::{Parameters, encode};
use crate::problem::Problem;
use crate::state::Shared;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// One visit.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) language: Language,
    /// The path as it was sent, without the path of the base.
    pub(crate) path: String,
    pub(crate) parameters: Parameters,
    /// The languages of the page with a link to each, in [`Language::ALL`]'s order.
    pub(crate) switches: Vec<Switch>,
    /// What links inside the site end with, so that a language that was chosen stays: empty or `?lang=fi`.
    pub(crate) suffix: String,
}

/// A link to the same page in a language.
#[derive(Debug, Clone)]
pub(crate) struct Switch {
    pub(crate) language: Language,
    pub(crate) href: String,
    pub(crate) current: bool,
}

impl Visit {
    /// Reads a request's path, parameters and headers.
    pub(crate) fn new(parts: &Parts, root: &str, path: &str) -> Result<Self, Problem> {
        let parameters = Parameters::parse(parts.uri.query().unwrap_or_default())?;
        let chosen = parameters.get("lang").and_then(Language::of_tag);
        let language = language::choose(parameters.get("lang"), &parts.headers);
        let switches = Language::ALL
            .into_iter()
            .map(|other| Switch {
                language: other,
                href: with_language(root, path, parts.uri.query().unwrap_or_default(), other),
                current: other == language,
            })
            .collect();
        let suffix = chosen.map(|language| format!("?lang={}", language.tag())).unwrap_or_default();
        Ok(Self { language, path: path.to_owned(), parameters, switches, suffix })
    }
}

impl FromRequestParts<Shared> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        Self::new(parts, app.place.root(), app.place.inside(parts.uri.path()))
    }
}

fn with_language(root: &str, path: &str, query: &str, language: Language) -> String {
    let mut pairs: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
    let own = format!("lang={}", encode(language.tag()));
    pairs.push(&own);
    format!("{root}{path}?{}", pairs.join("&"))
}
