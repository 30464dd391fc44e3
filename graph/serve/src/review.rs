//! Decisions about links, on the operator's own listener: a page that shows the two sides beside each other, and the same for
//! programs. What is decided is in the log at once, and in the graph after the next `aarre reconcile` and `aarre publish`.
//!
//! ```text
//! GET  /review      what waits for a decision: a page, or JSON by Accept
//! POST /review      a decision from the page's form
//! GET  /decisions   the log
//! POST /decisions   {"what": "accept", "one": IRI, "other": IRI, "who": "Anna", "why": "…"}, or {"what": "undo", "undoes": 7, …}
//! ```
//!
//! The listener has no accounts, so a page of another site must not decide through the browser of somebody who can reach
//! it: a request from elsewhere, or by a name that is not this machine's, is refused.

use crate::body;
use crate::negotiate::{self, HTML, JSON};
use crate::parameters::{Parameters, encode};
use crate::problem::Problem;
use crate::state::{App, Shared};
use crate::value::safe;
use crate::visit::Visit;
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use graph_reconcile::decisions::{self, Decision, DecisionFile, FileError, Pair, What};
use graph_store::{Proposal, Side};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::SystemTime;

/// How many proposals a page shows when nobody says.
const PAGE: usize = 20;
/// How many it shows at most.
const MOST: usize = 500;

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    title: String,
    who: String,
    waiting: usize,
    shown: Vec<Shown>,
    decided: Vec<Decided>,
    /// What was not taken, and why.
    refused: String,
}

/// A proposal as the page shows it.
struct Shown {
    percent: String,
    method: String,
    evidence: Vec<String>,
    heads: [Head; 2],
    rows: Vec<Row>,
}

/// The head of a column.
struct Head {
    iri: String,
    name: String,
    link: Option<String>,
}

/// What both sides say of one thing.
struct Row {
    property: String,
    one: String,
    other: String,
    /// Whether they say the same.
    same: bool,
}

/// A decision as the page shows it.
struct Decided {
    id: u64,
    text: String,
    in_force: bool,
}

/// `GET /review`.
pub(crate) async fn review(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let offers = [HTML, JSON];
    let media = match negotiate::chosen(&visit.parameters, &headers, &offers) {
        Ok(media) => *media,
        Err(problem) => return problem.into_response(),
    };
    let shown = tokio::task::spawn_blocking(move || match media {
        HTML => page(&app, &visit, ""),
        _ => listed(&app, &visit),
    });
    let shown = shown.await.map_err(|error| Problem::internal(&error)).and_then(|shown| shown);
    shown.unwrap_or_else(IntoResponse::into_response)
}

fn waiting(app: &App, visit: &Visit) -> Result<(Vec<Proposal>, usize), Problem> {
    let generation = app.generations.current();
    let graph = app.config.base.graph("links");
    let first = visit.parameters.number("first", PAGE).min(MOST);
    graph_store::proposals(&generation.snapshot, &graph, visit.language.preferences(), first)
        .map_err(|error| Problem::internal(&error))
}

fn log(app: &App) -> Result<decisions::Log, Problem> {
    decisions::read(&app.config.home).map_err(|error| Problem::internal(&error))
}

fn listed(app: &App, visit: &Visit) -> Result<Response, Problem> {
    let (proposals, waiting) = waiting(app, visit)?;
    let answer = json!({ "waiting": waiting, "proposals": proposals });
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(answer)).into_response())
}

fn page(app: &App, visit: &Visit, refused: &str) -> Result<Response, Problem> {
    let (proposals, waiting) = waiting(app, visit)?;
    let log = log(app)?;
    let state = log.state();
    let is_open = |proposal: &&Proposal| state.standing(&proposal.one.iri, &proposal.other.iri).is_none();
    let shown: Vec<Shown> = proposals.iter().filter(is_open).map(shown).collect();
    let mut decided: Vec<Decided> =
        state.all().map(|(decision, in_force)| told(decision, in_force)).collect();
    decided.reverse();
    decided.truncate(PAGE);
    let view = ReviewPage {
        title: app.config.title.clone(),
        who: visit.parameters.get("who").unwrap_or_default().to_owned(),
        waiting: waiting - (proposals.len() - shown.len()),
        shown,
        decided,
        refused: refused.to_owned(),
    };
    let body = view.render().map_err(|error| Problem::internal(&error))?;
    let policy =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let status = if refused.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    Ok((
        status,
        [
            (header::CONTENT_TYPE, HTML.content_type),
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_SECURITY_POLICY, policy),
        ],
        body,
    )
        .into_response())
}

fn shown(proposal: &Proposal) -> Shown {
    let head = |side: &Side| Head {
        iri: side.iri.clone(),
        name: side.label.clone().unwrap_or_else(|| side.iri.clone()),
        link: safe(&side.iri).map(str::to_owned),
    };
    let (one, other) = (&proposal.one, &proposal.other);
    let properties: BTreeSet<&String> = one.said.keys().chain(other.said.keys()).collect();
    let rows = properties.into_iter().map(|property| {
        let in_words =
            |values: &Vec<String>| values.iter().map(|value| named(value)).collect::<Vec<_>>().join(" · ");
        let said = |side: &Side| side.said.get(property).map(in_words).unwrap_or_default();
        let (one, other) = (said(one), said(other));
        Row { property: called(property), same: !one.is_empty() && one == other, one, other }
    });
    Shown {
        percent: format!("{:.0}", proposal.score * 100.0),
        method: proposal.method.clone(),
        evidence: proposal.evidence.clone(),
        rows: rows.collect(),
        heads: [head(one), head(other)],
    }
}

/// What people call a property of which the short name is given.
fn called(short: &str) -> String {
    let known = short.split_once(':').and_then(|(prefix, name)| {
        let (_, namespace) = vocabularies::PREFIXES.iter().find(|(known, _)| *known == prefix)?;
        vocabularies::label(&format!("{namespace}{name}"), "en")
    });
    known.map_or_else(|| short.to_owned(), str::to_owned)
}

/// A value in words, where it is a term of a vocabulary.
fn named(value: &str) -> String {
    vocabularies::label(value, "en")
        .map(str::to_owned)
        .or_else(|| vocabularies::qname(value))
        .unwrap_or_else(|| value.to_owned())
}

fn told(decision: &Decision, in_force: bool) -> Decided {
    let about = match (&decision.what, decision.what.pair()) {
        (What::Undo { undoes }, _) => format!("decision {undoes}"),
        (_, Some(pair)) => format!("{} and {}", pair.one, pair.other),
        (_, None) => String::new(),
    };
    let day = decision.when.get(..10).unwrap_or(&decision.when);
    let why = decision.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    let text = format!("{} {about}, {} on {day}{why}", decision.what.word(), decision.who);
    Decided { id: decision.id, text, in_force }
}

/// A decision as it is sent.
#[derive(Deserialize)]
struct Sent {
    what: String,
    #[serde(default)]
    one: String,
    #[serde(default)]
    other: String,
    undoes: Option<u64>,
    #[serde(default)]
    who: String,
    why: Option<String>,
}

impl Sent {
    fn of_form(form: &Parameters) -> Self {
        let field = |name| form.get(name).unwrap_or_default().to_owned();
        Self {
            what: field("what"),
            one: field("one"),
            other: field("other"),
            undoes: form.get("undoes").and_then(|number| number.parse().ok()),
            who: field("who"),
            why: form.get("why").map(str::to_owned),
        }
    }

    fn what(&self) -> Result<What, Problem> {
        if self.what == "undo" {
            let undoes = self
                .undoes
                .ok_or_else(|| Problem::bad_request("undo needs 'undoes', the number of a decision"))?;
            return Ok(What::Undo { undoes });
        }
        for iri in [&self.one, &self.other] {
            if graph_store::rdf::NamedNode::new(iri).is_err() {
                return Err(Problem::bad_request(format!(
                    "'{iri}' is no IRI; 'one' and 'other' name the entities"
                )));
            }
        }
        let pair = Pair::new(&self.one, &self.other);
        Ok(match self.what.as_str() {
            "accept" => What::Accept(pair),
            "reject" => What::Reject(pair),
            "never" => What::Never(pair),
            "merge" => What::Merge(pair),
            "split" => What::Split(pair),
            other => {
                let known = "accept, reject, never, merge, split, undo";
                return Err(Problem::bad_request(format!("'{other}' is no decision; there are: {known}")));
            }
        })
    }

    /// Takes the decision; it is on the disk when this returns.
    fn take(&self, app: &App) -> Result<Decision, Problem> {
        let who = self.who.trim();
        if who.is_empty() {
            return Err(Problem::bad_request("'who' is missing: a decision says whose it is"));
        }
        let what = self.what()?;
        let when = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        let failed = |error: FileError| match error {
            FileError::Refused(refusal) => {
                Problem::new(StatusCode::CONFLICT, "decision-refused", refusal.to_string())
            }
            disk => Problem::internal(&disk),
        };
        let mut file = DecisionFile::open(&app.config.home).map_err(failed)?;
        file.decide(what, who, &when, self.why.as_deref()).map_err(failed)
    }
}

/// `POST /review`: from the form of the page, and back to it.
pub(crate) async fn decide(
    State(app): State<Shared>,
    visit: Visit,
    headers: HeaderMap,
    content: Body,
) -> Response {
    let form = match from_here(&headers) {
        Ok(()) => body::form(&headers, content).await,
        Err(problem) => Err(problem),
    };
    let form = match form {
        Ok(form) => form,
        Err(problem) => return problem.into_response(),
    };
    let taken = tokio::task::spawn_blocking(move || {
        let sent = Sent::of_form(&form);
        match sent.take(&app) {
            Ok(_) => {
                let location = format!("/review?who={}", encode(sent.who.trim()));
                Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
            }
            Err(problem) if problem.status == StatusCode::CONFLICT => page(&app, &visit, &problem.detail),
            Err(problem) => Err(problem),
        }
    });
    let taken = taken.await.map_err(|error| Problem::internal(&error)).and_then(|taken| taken);
    taken.unwrap_or_else(IntoResponse::into_response)
}

/// `GET /decisions`.
pub(crate) async fn decisions(State(app): State<Shared>) -> Response {
    let read = tokio::task::spawn_blocking(move || {
        let log = log(&app)?;
        let decisions: Vec<_> = log
            .state()
            .all()
            .map(|(decision, in_force)| json!({ "decision": decision, "inForce": in_force }))
            .collect();
        let damage: Vec<_> =
            log.damage().iter().map(|damage| json!({ "line": damage.line, "fault": damage.fault })).collect();
        let answer = json!({ "decisions": decisions, "damage": damage });
        Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(answer)).into_response())
    });
    let read =
        read.await.map_err(|error| Problem::internal(&error)).and_then(|read: Result<_, Problem>| read);
    read.unwrap_or_else(IntoResponse::into_response)
}

/// `POST /decisions`.
pub(crate) async fn take(State(app): State<Shared>, headers: HeaderMap, content: Body) -> Response {
    let text = match from_here(&headers) {
        Ok(()) => body::json(&headers, content).await,
        Err(problem) => Err(problem),
    };
    let sent = text.and_then(|text| {
        serde_json::from_str::<Sent>(&text)
            .map_err(|error| Problem::bad_request(format!("this is no decision in JSON: {error}")))
    });
    let sent = match sent {
        Ok(sent) => sent,
        Err(problem) => return problem.into_response(),
    };
    let taken = tokio::task::spawn_blocking(move || sent.take(&app));
    match taken.await.map_err(|error| Problem::internal(&error)).and_then(|taken| taken) {
        Ok(decision) => (StatusCode::CREATED, axum::Json(decision)).into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// Whether a request comes from this listener's own page or from a program, and by an address of this machine rather than by
/// a name that somebody else may point here.
fn from_here(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").unwrap_or_default();
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let own_name = name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok();
    let own_page =
        text("origin").is_none_or(|origin| origin.split_once("://").is_some_and(|(_, from)| from == host));
    let same_site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    if own_name && own_page && same_site {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "from-elsewhere",
        "decisions are taken on this listener's own page, or by programs, under its address as a number or localhost",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_sites_decide_nothing() {
        let from = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs.iter().map(|(name, value)| {
                (axum::http::HeaderName::from_static(name), axum::http::HeaderValue::from_static(value))
            });
            from_here(&headers.collect()).is_ok()
        };
        assert!(from(&[("host", "127.0.0.1:7879")]));
        assert!(from(&[
            ("host", "[::1]:7879"),
            ("origin", "http://[::1]:7879"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(from(&[("host", "localhost:7879"), ("origin", "http://localhost:7879")]));
        assert!(!from(&[("host", "127.0.0.1:7879"), ("origin", "http://evil.example")]));
        assert!(!from(&[("host", "127.0.0.1:7879"), ("origin", "null")]));
        assert!(!from(&[("host", "127.0.0.1:7879"), ("sec-fetch-site", "cross-site")]));
        assert!(!from(&[("host", "evil.example:7879")]));
        assert!(!from(&[]));
    }
}
