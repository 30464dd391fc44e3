//! What several columns tell together, in CIDOC CRM 7.1: events, documents and inscriptions.
//!
//! A group stands where at least one of its columns says something. Production also says the core's `dcterms:created`
//! and `dc:creator`, by the same rule from the same cell.

use super::describe::Draft;
use super::mapping::{Group, GroupKind, Otherwise, Prop};
use super::values::dated;
use crate::shared::{dates, names, places};
use graph_model::{Agent, AgentKind, Concept, Description, IssueKind, Node, Place};
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use vocabularies::{aarre, crm, dc, dcterms};

/// The class of a kind of group, and how the item is linked with it.
fn terms(kind: GroupKind) -> (NamedNodeRef<'static>, NamedNodeRef<'static>) {
    match kind {
        GroupKind::Production => (crm::E12_PRODUCTION, crm::P108I_WAS_PRODUCED_BY),
        GroupKind::Acquisition => (crm::E8_ACQUISITION, crm::P24I_CHANGED_OWNERSHIP_THROUGH),
        GroupKind::Custody | GroupKind::Loan => {
            (crm::E10_TRANSFER_OF_CUSTODY, crm::P30I_CUSTODY_TRANSFERRED_THROUGH)
        }
        GroupKind::Move => (crm::E9_MOVE, crm::P25I_MOVED_BY),
        GroupKind::Modification => (crm::E11_MODIFICATION, crm::P31I_WAS_MODIFIED_BY),
        GroupKind::Condition => (crm::E14_CONDITION_ASSESSMENT, crm::P34I_WAS_ASSESSED_BY),
        GroupKind::Destruction => (crm::E6_DESTRUCTION, crm::P13I_WAS_DESTROYED_BY),
        GroupKind::Loss => (crm::E5_EVENT, crm::P12I_WAS_PRESENT_AT),
        GroupKind::Protection => (crm::E17_TYPE_ASSIGNMENT, crm::P41I_WAS_CLASSIFIED_BY),
        GroupKind::ExportPermit => (crm::E30_RIGHT, crm::P104_IS_SUBJECT_TO),
        GroupKind::Discovery | GroupKind::Activity => (crm::E7_ACTIVITY, crm::P12I_WAS_PRESENT_AT),
        GroupKind::Document => (crm::E31_DOCUMENT, crm::P70I_IS_DOCUMENTED_IN),
        GroupKind::Inscription => (crm::E34_INSCRIPTION, crm::P128_CARRIES),
    }
}

/// The class of our own that says more than the CRM's.
fn own_class(kind: GroupKind) -> Option<NamedNodeRef<'static>> {
    match kind {
        GroupKind::Loan => Some(aarre::LOAN),
        GroupKind::Loss => Some(aarre::LOSS),
        GroupKind::Discovery => Some(aarre::DISCOVERY),
        GroupKind::ExportPermit => Some(aarre::EXPORT_PERMIT),
        _ => None,
    }
}

/// Describes one group.
pub(super) fn describe<'r>(draft: &mut Draft<'r>, group: &'r Group, out: &mut Description<'_>) {
    let language = draft.language(&group.language);
    let mut event = Event { node: None, group, name: String::new(), language };
    event.when(draft, out);
    event.who(draft, out);
    event.whence(draft, out);
    event.what(draft, out);
    event.status(draft, out);
    event.papers(draft, out);
}

/// A group while it is described.
pub(super) struct Event<'r> {
    node: Option<Node>,
    pub(super) group: &'r Group,
    pub(super) name: String,
    pub(super) language: Option<&'r str>,
}

impl<'r> Event<'r> {
    /// The event's node, described when it is first needed.
    pub(super) fn node(&mut self, draft: &mut Draft<'_>, out: &mut Description<'_>) -> Node {
        if let Some(node) = self.node {
            return node;
        }
        let kind = self.group.kind.name();
        let mut number = draft.events.iter().filter(|told| **told == kind).count() + 1;
        if self.group.together && number > 1 {
            number = 1;
        } else {
            draft.events.push(kind);
        }
        self.name = format!("{kind}-{number}");
        let node = out.fragment(&self.name);
        let (class, link) = terms(self.group.kind);
        let item = out.item();
        out.link(item, link, node);
        out.a(node, class);
        if let Some(class) = own_class(self.group.kind) {
            out.a(node, class);
        }
        self.node = Some(node);
        node
    }

    /// Whether anything was told.
    pub(super) fn is_told(&self) -> bool {
        self.node.is_some()
    }

    /// A node that hangs on the event, e.g. `protection-1-act-2`.
    pub(super) fn part_of(&self, part: &str, number: usize, out: &mut Description<'_>) -> Node {
        match number {
            0 => out.fragment(&format!("{}-{part}", self.name)),
            number => out.fragment(&format!("{}-{part}-{number}", self.name)),
        }
    }

    /// The values of one part, with the rule named for the statements that follow.
    pub(super) fn cells(
        &self,
        draft: &Draft<'r>,
        prop: Prop,
        out: &mut Description<'_>,
    ) -> Vec<Cow<'r, str>> {
        let Some(part) = self.group.part(prop) else { return Vec::new() };
        out.rule(&part.id, &part.path);
        draft.read(&part.reading, false, out)
    }

    /// The first value of a part.
    pub(super) fn cell(
        &self,
        draft: &Draft<'r>,
        prop: Prop,
        out: &mut Description<'_>,
    ) -> Option<Cow<'r, str>> {
        self.cells(draft, prop, out).into_iter().next()
    }

    /// How the event is linked with its time.
    fn time(&self) -> NamedNodeRef<'static> {
        match self.group.kind {
            GroupKind::Document | GroupKind::Inscription => dcterms::CREATED,
            GroupKind::ExportPermit => dcterms::ISSUED,
            _ => crm::P4_HAS_TIME_SPAN,
        }
    }

    fn when(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        let production = self.group.kind == GroupKind::Production;
        let item = out.item();
        let guessed =
            self.group.part(Prop::Date).is_some_and(|part| part.reading.otherwise == Otherwise::Drop);
        for value in self.cells(draft, Prop::Date, out) {
            // A date that was looked for in a sentence may not be there.
            if guessed && dates::read_dates(&value, self.language).is_empty() {
                continue;
            }
            let node = self.node(draft, out);
            dated(node, self.time(), &value, self.language, out);
            if production {
                for span in dates::read_dates(&value, self.language) {
                    out.dated(item, dcterms::CREATED, &span, &value);
                }
            }
        }
        // The bounds of a legal status are those of its validity, not of the act that began it.
        if matches!(self.group.kind, GroupKind::Protection | GroupKind::ExportPermit) {
            return;
        }
        if let Some((span, written)) = self.bounds(draft, out) {
            let node = self.node(draft, out);
            match span {
                Some(span) => {
                    out.dated(node, self.time(), &span, &written);
                    if production {
                        out.dated(item, dcterms::CREATED, &span, &written);
                    }
                }
                None => out.text(node, aarre::AS_WRITTEN, &written, None),
            }
        }
    }

    /// Beginning and end, read and as they were written; an issue where they cannot be read.
    pub(super) fn bounds(
        &self,
        draft: &Draft<'r>,
        out: &mut Description<'_>,
    ) -> Option<(Option<graph_model::TimeSpan>, String)> {
        let begin = self.cell(draft, Prop::Begin, out).unwrap_or_default();
        let end = self.cell(draft, Prop::End, out).unwrap_or_default();
        if begin.is_empty() && end.is_empty() {
            return None;
        }
        let written = if begin == end { begin.clone().into_owned() } else { format!("{begin}–{end}") };
        let span = dates::from_bounds_in(&begin, &end, self.language);
        if span.is_none() {
            out.issue(IssueKind::UnreadableDate, &written, "a beginning and an end, such as 1890 and 1895");
        }
        Some((span, written))
    }

    /// Somebody who had a part in it, with the roles that the name tells.
    pub(super) fn agent(&self, value: &str, out: &mut Description<'_>) -> Option<(Node, Vec<String>)> {
        let name = names::read_name(value);
        let is_body = |kind| matches!(kind, AgentKind::Organization | AgentKind::Family);
        let told = match (self.group.agents, self.group.kind) {
            // Whoever protects or permits is an authority.
            (AgentKind::Unknown, GroupKind::Protection | GroupKind::ExportPermit) => AgentKind::Organization,
            (told, _) => told,
        };
        let kind = if told == AgentKind::Unknown { name.kind_hint } else { told };
        let heading = if is_body(told) && !is_body(name.kind_hint) {
            // It looked like a person's, and the mapping knows better.
            value.to_owned()
        } else if self.group.direct && !is_body(kind) {
            names::inverted(&name.name)
        } else {
            name.name.clone()
        };
        let node = out.agent(&Agent {
            kind,
            name: &heading,
            birth: name.birth.as_deref(),
            death: name.death.as_deref(),
            qualifier: name.qualifier.as_deref(),
            as_written: Some(value),
            ..Agent::default()
        })?;
        Some((node, name.roles))
    }

    fn who(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        let item = out.item();
        for value in self.cells(draft, Prop::By, out) {
            let Some((agent, mut roles)) = self.agent(&value, out) else { continue };
            let node = self.node(draft, out);
            let property = match self.group.kind {
                GroupKind::Document | GroupKind::Inscription => dc::CREATOR,
                GroupKind::ExportPermit => aarre::AUTHORITY,
                GroupKind::Loss => crm::P11_HAD_PARTICIPANT,
                _ => crm::P14_CARRIED_OUT_BY,
            };
            out.link(node, property, agent);
            if self.group.kind == GroupKind::Production {
                out.link(item, dc::CREATOR, agent);
            }
            roles.extend(self.group.role.clone());
            for role in roles {
                draft.contribution(agent, Some(&role), out);
            }
        }
    }

    pub(super) fn place(&self, value: &str, out: &mut Description<'_>) -> Option<Node> {
        let name = places::read_place(value)?;
        out.place(&Place {
            name: name.name,
            language: self.language,
            within: name.within,
            ..Place::default()
        })
    }

    fn whence(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        for value in self.cells(draft, Prop::Place, out) {
            if let Some(place) = self.place(&value, out) {
                let node = self.node(draft, out);
                let property = match self.group.kind {
                    GroupKind::Document => dcterms::SPATIAL,
                    _ => crm::P7_TOOK_PLACE_AT,
                };
                out.link(node, property, place);
            }
        }
        for (prop, is_from) in [(Prop::From, true), (Prop::To, false)] {
            for value in self.cells(draft, prop, out) {
                let other = match self.group.kind {
                    GroupKind::Move | GroupKind::ExportPermit => self.place(&value, out),
                    _ => self.agent(&value, out).map(|(node, _)| node),
                };
                let Some(other) = other else { continue };
                let property = match (self.group.kind, is_from) {
                    (GroupKind::Move, true) => crm::P27_MOVED_FROM,
                    (GroupKind::Move, false) => crm::P26_MOVED_TO,
                    (GroupKind::Custody | GroupKind::Loan, true) => crm::P28_CUSTODY_SURRENDERED_BY,
                    (GroupKind::Custody | GroupKind::Loan, false) => crm::P29_CUSTODY_RECEIVED_BY,
                    (GroupKind::ExportPermit, true) => dcterms::SPATIAL,
                    (GroupKind::ExportPermit, false) => aarre::DESTINATION,
                    (GroupKind::Loss, _) => crm::P11_HAD_PARTICIPANT,
                    (_, true) => crm::P23_TRANSFERRED_TITLE_FROM,
                    (_, false) => crm::P22_TRANSFERRED_TITLE_TO,
                };
                let node = self.node(draft, out);
                out.link(node, property, other);
            }
        }
    }

    pub(super) fn concept(&self, label: &str, out: &mut Description<'_>) -> Option<Node> {
        out.concept(&Concept { label, language: self.language, ..Concept::default() })
    }

    /// Links the event with the concepts that a part names.
    fn concepts(
        &mut self,
        draft: &mut Draft<'r>,
        prop: Prop,
        property: NamedNodeRef<'static>,
        out: &mut Description<'_>,
    ) {
        for value in self.cells(draft, prop, out) {
            if let Some(kind) = self.concept(&value, out) {
                let node = self.node(draft, out);
                out.link(node, property, kind);
            }
        }
    }

    fn what(&mut self, draft: &mut Draft<'r>, out: &mut Description<'_>) {
        self.concepts(draft, Prop::Type, crm::P2_HAS_TYPE, out);
        // A permit is no activity that could have a purpose of its own.
        if self.group.kind != GroupKind::ExportPermit {
            self.concepts(draft, Prop::Reason, crm::P21_HAD_GENERAL_PURPOSE, out);
        }
        if self.group.kind != GroupKind::Condition {
            self.concepts(draft, Prop::Cause, aarre::CAUSE, out);
        }
        self.concepts(draft, Prop::Technique, crm::P32_USED_GENERAL_TECHNIQUE, out);
        self.concepts(draft, Prop::Material, crm::P126_EMPLOYED, out);
        for (prop, property, tagged) in [
            (Prop::Title, dc::TITLE, true),
            (Prop::Number, dc::IDENTIFIER, false),
            (Prop::Text, crm::P190_HAS_SYMBOLIC_CONTENT, false),
            (Prop::Position, crm::P3_HAS_NOTE, true),
            (Prop::Format, dc::FORMAT, false),
        ] {
            for value in self.cells(draft, prop, out) {
                let node = self.node(draft, out);
                out.text(node, property, &value, self.language.filter(|_| tagged));
            }
        }
        for value in self.cells(draft, Prop::Keeper, out) {
            if let Some((keeper, _)) = self.agent(&value, out) {
                let node = self.node(draft, out);
                out.link(node, crm::P50_HAS_CURRENT_KEEPER, keeper);
            }
        }
        for value in self.cells(draft, Prop::Note, out) {
            let node = self.node(draft, out);
            out.text(node, crm::P3_HAS_NOTE, &value, self.language);
        }
    }
}
