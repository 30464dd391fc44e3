//! Event types of LIDO and the CIDOC CRM classes they become.
//!
//! A type without a class of its own in CIDOC CRM is an `E7 Activity`; the event keeps its LIDO type beside the class.

use oxrdf::NamedNodeRef;

use crate::{codes, fold};

/// One event type of the LIDO Terminology.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LidoEvent {
    /// The last segment of the IRI, `lido00007`.
    pub code: &'static str,
    /// The IRI.
    pub iri: &'static str,
    /// The CIDOC CRM class.
    pub class: NamedNodeRef<'static>,
    /// The English label.
    pub label: &'static str,
}

/// A word for an event type.
pub(crate) struct LidoEventTerm {
    pub(crate) term: &'static str,
    pub(crate) code: &'static str,
}

/// The event type with this IRI: `http` or `https`, the old form `…/eventType/production` too.
#[must_use]
pub fn by_iri(iri: &str) -> Option<&'static LidoEvent> {
    let (before, last) = iri.trim().trim_end_matches('/').rsplit_once('/')?;
    if before.ends_with("terminology.lido-schema.org/eventType") {
        return by_term(last);
    }
    before.ends_with("terminology.lido-schema.org").then(|| by_code(last))?
}

/// The event type that a word stands for, in English, German, Finnish, Romanian, Swedish or Ukrainian.
///
/// ```
/// use vocabularies::{crm, lido_events};
///
/// assert_eq!(lido_events::by_term("Herstellung").map(|event| event.class), Some(crm::E12_PRODUCTION));
/// ```
#[must_use]
pub fn by_term(term: &str) -> Option<&'static LidoEvent> {
    by_code(fold::find(codes::LIDO_EVENT_TERMS, term, |row| row.term)?.code)
}

fn by_code(code: &str) -> Option<&'static LidoEvent> {
    fold::find(codes::LIDO_EVENTS, code, |row| row.code)
}

/// All event types, sorted by code.
#[must_use]
pub fn all() -> &'static [LidoEvent] {
    codes::LIDO_EVENTS
}
