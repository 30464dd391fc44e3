//! Events in CIDOC CRM 7.1: production, acquisition, custody, move, modification, condition, destruction, protection.
//!
//! An event stands where at least one of its columns says something. Production also says the core's `dcterms:created`
//! and `dc:creator`, by the same rule from the same cell.

use super::describe::Draft;
use super::mapping::{EventKind, EventRule, Slot};
use super::values::dated;
use crate::shared::{dates, names, places};
use graph_model::{Agent, AgentKind, Concept, Description, IssueKind, Node, Place};
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use vocabularies::{aarre, crm, dc, dcterms, foaf};

/// The class of a kind of event, and how the item is linked with it.
fn terms(kind: EventKind) -> (NamedNodeRef<'static>, NamedNodeRef<'static>) {
    match kind {
        EventKind::Production => (crm::E12_PRODUCTION, crm::P108I_WAS_PRODUCED_BY),
        EventKind::Acquisition => (crm::E8_ACQUISITION, crm::P24I_CHANGED_OWNERSHIP_THROUGH),
        EventKind::Custody => (crm::E10_TRANSFER_OF_CUSTODY, crm::P30I_CUSTODY_TRANSFERRED_THROUGH),
        EventKind::Move => (crm::E9_MOVE, crm::P25I_MOVED_BY),
        EventKind::Modification => (crm::E11_MODIFICATION, crm::P31I_WAS_MODIFIED_BY),
        EventKind::Condition => (crm::E14_CONDITION_ASSESSMENT, crm::P34I_WAS_ASSESSED_BY),
        EventKind::Destruction => (crm::E6_DESTRUCTION, crm::P13I_WAS_DESTROYED_BY),
        EventKind::Protection => (crm::E17_TYPE_ASSIGNMENT, crm::P41I_WAS_CLASSIFIED_BY),
        EventKind::Activity => (crm::E7_ACTIVITY, crm::P12I_WAS_PRESENT_AT),
    }
}

/// Describes one event.
pub(super) fn describe(draft: &mut Draft<'_>, rule: &EventRule, out: &mut Description<'_>) {
    let mut event = Event { node: None, rule, name: String::new() };
    event.when(draft, out);
    event.who(draft, out);
    event.whence(draft, out);
    event.what(draft, out);
}

struct Event<'r> {
    node: Option<Node>,
    rule: &'r EventRule,
    name: String,
}

impl Event<'_> {
    /// The event's node, described when it is first needed.
    fn node(&mut self, draft: &mut Draft<'_>, out: &mut Description<'_>) -> Node {
        if let Some(node) = self.node {
            return node;
        }
        let kind = self.rule.kind.name();
        let number = draft.events.iter().filter(|told| **told == kind).count() + 1;
        draft.events.push(kind);
        self.name = format!("{kind}-{number}");
        let node = out.fragment(&self.name);
        let (class, link) = terms(self.rule.kind);
        let item = out.item();
        out.link(item, link, node);
        out.a(node, class);
        self.node = Some(node);
        node
    }

    /// The values of one of the event's columns, with the rule named for the statements that follow.
    fn cells<'r>(
        &self,
        draft: &Draft<'r>,
        slot: Option<Slot>,
        property: &str,
        out: &mut Description<'_>,
    ) -> Vec<Cow<'r, str>> {
        let Some(slot) = slot else { return Vec::new() };
        let found = draft.row.values(draft.mapping, slot);
        if found.is_empty() {
            return found;
        }
        let column = &draft.mapping.columns[slot];
        out.rule(&format!("table.{column}.{}-{property}", self.rule.kind.name()), column);
        match &self.rule.split {
            None => found,
            Some(separator) => found
                .iter()
                .flat_map(|value| value.split(separator.as_str()).map(str::trim))
                .filter(|part| !part.is_empty())
                .map(|part| Cow::Owned(part.to_owned()))
                .collect(),
        }
    }

    fn when(&mut self, draft: &mut Draft<'_>, out: &mut Description<'_>) {
        let language = draft.language(&self.rule.language).map(str::to_owned);
        let production = self.rule.kind == EventKind::Production;
        let item = out.item();
        for value in self.cells(draft, self.rule.date, "date", out) {
            let node = self.node(draft, out);
            dated(node, crm::P4_HAS_TIME_SPAN, &value, language.as_deref(), out);
            if production {
                for span in dates::read_dates(&value, language.as_deref()) {
                    out.dated(item, dcterms::CREATED, &span, &value);
                }
            }
        }
        let begin = self.cells(draft, self.rule.begin, "date", out).into_iter().next().unwrap_or_default();
        let end = self.cells(draft, self.rule.end, "date", out).into_iter().next().unwrap_or_default();
        if begin.is_empty() && end.is_empty() {
            return;
        }
        let node = self.node(draft, out);
        let written = format!("{begin}–{end}");
        match dates::from_bounds(&begin, &end) {
            Some(span) => {
                out.dated(node, crm::P4_HAS_TIME_SPAN, &span, &written);
                if production {
                    out.dated(item, dcterms::CREATED, &span, &written);
                }
            }
            None => {
                out.text(node, aarre::AS_WRITTEN, &written, None);
                out.issue(
                    IssueKind::UnreadableDate,
                    &written,
                    "a beginning and an end, such as 1890 and 1895",
                );
            }
        }
    }

    fn agent(&self, value: &str, out: &mut Description<'_>) -> Option<(Node, Vec<String>)> {
        let name = names::read_name(value);
        let body = matches!(name.kind_hint, AgentKind::Organization | AgentKind::Family);
        let heading = if self.rule.direct && !body { names::inverted(&name.name) } else { name.name.clone() };
        let node = out.agent(&Agent {
            kind: name.kind_hint,
            name: &heading,
            birth: name.birth.as_deref(),
            death: name.death.as_deref(),
            qualifier: name.qualifier.as_deref(),
            as_written: Some(value),
            ..Agent::default()
        })?;
        Some((node, name.roles))
    }

    fn who(&mut self, draft: &mut Draft<'_>, out: &mut Description<'_>) {
        let item = out.item();
        for value in self.cells(draft, self.rule.by, "by", out) {
            let Some((agent, mut roles)) = self.agent(&value, out) else { continue };
            let node = self.node(draft, out);
            out.link(node, crm::P14_CARRIED_OUT_BY, agent);
            if self.rule.kind == EventKind::Production {
                out.link(item, dc::CREATOR, agent);
            }
            roles.extend(self.rule.role.clone());
            for role in roles {
                draft.contribution(agent, &role, out);
            }
        }
    }

    fn place(&self, draft: &Draft<'_>, value: &str, out: &mut Description<'_>) -> Option<Node> {
        let name = places::read_place(value)?;
        let language = draft.language(&self.rule.language);
        out.place(&Place { name: name.name, language, within: name.within, ..Place::default() })
    }

    fn whence(&mut self, draft: &mut Draft<'_>, out: &mut Description<'_>) {
        for value in self.cells(draft, self.rule.place, "place", out) {
            if let Some(place) = self.place(draft, &value, out) {
                let node = self.node(draft, out);
                out.link(node, crm::P7_TOOK_PLACE_AT, place);
            }
        }
        for (slot, name, is_from) in [(self.rule.from, "from", true), (self.rule.to, "to", false)] {
            for value in self.cells(draft, slot, name, out) {
                let other = match self.rule.kind {
                    EventKind::Move => self.place(draft, &value, out),
                    _ => self.agent(&value, out).map(|(node, _)| node),
                };
                let Some(other) = other else { continue };
                let property = match (self.rule.kind, is_from) {
                    (EventKind::Move, true) => crm::P27_MOVED_FROM,
                    (EventKind::Move, false) => crm::P26_MOVED_TO,
                    (EventKind::Custody, true) => crm::P28_CUSTODY_SURRENDERED_BY,
                    (EventKind::Custody, false) => crm::P29_CUSTODY_RECEIVED_BY,
                    (_, true) => crm::P23_TRANSFERRED_TITLE_FROM,
                    (_, false) => crm::P22_TRANSFERRED_TITLE_TO,
                };
                let node = self.node(draft, out);
                out.link(node, property, other);
            }
        }
    }

    fn concept(&self, draft: &Draft<'_>, label: &str, out: &mut Description<'_>) -> Option<Node> {
        let language = draft.language(&self.rule.language);
        out.concept(&Concept { label, language, ..Concept::default() })
    }

    fn what(&mut self, draft: &mut Draft<'_>, out: &mut Description<'_>) {
        let item = out.item();
        for value in self.cells(draft, self.rule.type_of, "type", out) {
            if let Some(kind) = self.concept(draft, &value, out) {
                let node = self.node(draft, out);
                out.link(node, crm::P2_HAS_TYPE, kind);
            }
        }
        for value in self.cells(draft, self.rule.state, "state", out) {
            if let Some(kind) = self.concept(draft, &value, out) {
                let node = self.node(draft, out);
                let state = out.fragment(&format!("{}-state", self.name));
                out.link(node, crm::P35_HAS_IDENTIFIED, state);
                out.link(item, crm::P44_HAS_CONDITION, state);
                out.a(state, crm::E3_CONDITION_STATE);
                out.link(state, crm::P2_HAS_TYPE, kind);
            }
        }
        for value in self.cells(draft, self.rule.category, "category", out) {
            if let Some(kind) = self.concept(draft, &value, out) {
                let node = self.node(draft, out);
                out.link(node, crm::P42_ASSIGNED, kind);
                out.link(item, crm::P2_HAS_TYPE, kind);
            }
        }
        for value in self.cells(draft, self.rule.number, "number", out) {
            let node = self.node(draft, out);
            out.text(node, dc::IDENTIFIER, &value, None);
        }
        let acts = self.cells(draft, self.rule.act, "act", out);
        let language = draft.language(&self.rule.language).map(str::to_owned);
        for (index, value) in acts.iter().enumerate() {
            let act = self.act(draft, index, out);
            out.text(act, dc::TITLE, value, language.as_deref());
        }
        for (index, value) in self.cells(draft, self.rule.act_url, "act", out).iter().enumerate() {
            if let Some(page) = out.iri(value) {
                let act = self.act(draft, index, out);
                out.link(act, foaf::PAGE, page);
            }
        }
        for value in self.cells(draft, self.rule.note, "note", out) {
            let node = self.node(draft, out);
            out.text(node, crm::P3_HAS_NOTE, &value, language.as_deref());
        }
    }

    /// The legal act on which a protection rests.
    fn act(&mut self, draft: &mut Draft<'_>, index: usize, out: &mut Description<'_>) -> Node {
        let node = self.node(draft, out);
        let act = out.fragment(&format!("{}-act-{}", self.name, index + 1));
        out.link(node, crm::P70I_IS_DOCUMENTED_IN, act);
        out.a(act, crm::E31_DOCUMENT);
        act
    }
}
