//! What happened to a thing, in the order in which it happened: made, moved, owned, damaged, restored.
//!
//! Fragments that have a time are events. Those without one stand last, as nobody knows when they were.

use super::facts::{Detail, Fact};
use super::overview::year;
use crate::value::Value;
use graph_store::rdf::NamedNodeRef;
use vocabularies::{bf, crm, dcterms};

/// An event as a line of the timeline.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) anchor: String,
    pub(super) what: String,
    pub(super) when: Vec<Value>,
    pub(super) who: Vec<Value>,
    pub(super) place: Vec<Value>,
    year: Option<i32>,
}

/// The events among the fragments, the earliest first.
pub(super) fn events(details: &[Detail]) -> Vec<Event> {
    let when = [crm::P4_HAS_TIME_SPAN, bf::DATE, dcterms::CREATED, dcterms::DATE];
    let who = [
        crm::P14_CARRIED_OUT_BY,
        crm::P22_TRANSFERRED_TITLE_TO,
        crm::P23_TRANSFERRED_TITLE_FROM,
        crm::P28_CUSTODY_SURRENDERED_BY,
        crm::P29_CUSTODY_RECEIVED_BY,
        bf::AGENT,
    ];
    let place = [crm::P7_TOOK_PLACE_AT, crm::P26_MOVED_TO, bf::PLACE];
    let of = |facts: &[Fact], properties: &[NamedNodeRef<'_>]| -> Vec<Value> {
        let wanted = |fact: &&Fact| properties.iter().any(|property| property.as_str() == fact.iri);
        facts.iter().filter(wanted).flat_map(|fact| fact.values.iter().cloned()).collect()
    };
    let mut events: Vec<Event> = details
        .iter()
        .filter_map(|detail| {
            let when = of(&detail.facts, &when);
            let first = when.first()?;
            Some(Event {
                anchor: detail.anchor.clone(),
                what: detail.heading.clone(),
                year: year(first.iri.as_deref().unwrap_or(&first.text)),
                who: of(&detail.facts, &who),
                place: of(&detail.facts, &place),
                when,
            })
        })
        .collect();
    events.sort_by_key(|event| (event.year.is_none(), event.year));
    events
}
