//! What can be said only when all rules have spoken: rights, and the person, place or concept that a row describes.

use super::describe::Draft;
use super::mapping::{Describes, Rule, Target};
use super::values::{moment, state_moment};
use crate::shared::{core, names};
use graph_model::{Agent, AgentKind, Concept, Description, IssueKind};
use vocabularies::{foaf, owl, rdagr2, skos};

impl<'r> Draft<'r> {
    /// Birth and death of the agent that the row describes.
    pub(super) fn life(&mut self, rule: &'r Rule, value: &str, out: &mut Description<'_>) {
        let Some(edtf) = moment(value, out) else { return };
        let slot = if rule.target == Target::Birth { &mut self.person.birth } else { &mut self.person.death };
        slot.get_or_insert(edtf);
    }

    /// What can be said only when all rules have spoken.
    pub(super) fn finish(&mut self, out: &mut Description<'_>) {
        let item = out.item();
        if let Describes::Item(_) = self.body.describes {
            if self.titled.is_none() {
                out.issue_at(
                    "title",
                    IssueKind::MissingTitle,
                    "",
                    "a column with to = \"title\" that is not empty",
                );
            }
            if let (false, Some(rights)) = (self.rights, &self.body.rights) {
                out.rule("table.core.rights", "");
                let aggregation = core::aggregation(out);
                core::rights(out, aggregation, rights, None);
            }
            out.rule("table.image-rights.rights", "");
            for text in std::mem::take(&mut self.image_rights) {
                for image in &self.images {
                    core::rights(out, *image, &text, None);
                }
            }
            return;
        }
        let Some(title) = self.titled.take() else {
            out.issue_at("title", IssueKind::MissingTitle, "", "a name in a column with to = \"title\"");
            return;
        };
        out.rule("table.shared", "");
        let language = self.person.language.clone();
        // The row's own node is what the owner keeps; the shared one is what other records arrive at by the same name.
        let shared = match self.body.describes {
            Describes::Agent => {
                let name = names::read_name(&title);
                let kind =
                    if self.person.kind == AgentKind::Unknown { name.kind_hint } else { self.person.kind };
                let birth = self.person.birth.clone().or(name.birth.clone());
                let death = self.person.death.clone().or(name.death.clone());
                match kind {
                    AgentKind::Person => out.a(item, foaf::PERSON),
                    AgentKind::Organization => out.a(item, foaf::ORGANIZATION),
                    AgentKind::Family => out.a(item, foaf::GROUP),
                    AgentKind::Unknown | AgentKind::Event => {}
                }
                let body = kind == AgentKind::Organization;
                let begin = if body { rdagr2::DATE_OF_ESTABLISHMENT } else { rdagr2::DATE_OF_BIRTH };
                let end = if body { rdagr2::DATE_OF_TERMINATION } else { rdagr2::DATE_OF_DEATH };
                for (property, edtf) in [(begin, &birth), (end, &death)] {
                    if let Some(edtf) = edtf {
                        state_moment(item, property, edtf, out);
                    }
                }
                let is_body = matches!(kind, AgentKind::Organization | AgentKind::Family);
                let heading = match (is_body, name.kind_hint) {
                    // It looked like a person's, and the row knows better.
                    (true, AgentKind::Person) => title.clone(),
                    (false, _) if self.person.direct => names::inverted(&name.name),
                    _ => name.name.clone(),
                };
                out.agent(&Agent {
                    kind,
                    name: &heading,
                    language: language.as_deref(),
                    birth: birth.as_deref(),
                    death: death.as_deref(),
                    qualifier: name.qualifier.as_deref(),
                    as_written: None,
                    same_as: &self.person.same_as,
                })
            }
            Describes::Concept => out.concept(&Concept {
                label: &title,
                language: language.as_deref(),
                scheme: None,
                same_as: &self.person.same_as,
            }),
            // Two rooms or parishes of one name are not one place: only the owner knows.
            Describes::Place | Describes::Item(_) => None,
        };
        if let Some(shared) = shared {
            let property =
                if self.body.describes == Describes::Concept { skos::EXACT_MATCH } else { owl::SAME_AS };
            out.link(item, property, shared);
        }
    }
}
