//! Who made it, took part, published it.

use super::Record;
use super::read::{How, Statement, labels};
use crate::shared::draft::{Part, Party, parts};
use crate::shared::punctuation::trim;
use crate::shared::roles::{self, Role};
use graph_model::{AgentKind, IssueKind};

impl Record<'_, '_> {
    /// Somebody, whose name may have dates and roles around it.
    pub(super) fn person(&mut self, statement: &Statement<'_>) {
        for text in parts(&statement.text) {
            let party = Party::read(text, statement.own_language());
            let mut found: Vec<Role> = party.name.roles.iter().map(|role| roles::of_word(role)).collect();
            if statement.row.how == How::Role {
                found.insert(0, roles::of_code(statement.row.word));
            } else if let Some(qualifier) = statement.qualifier.as_deref().or(statement.scheme) {
                // `contributor.compiler`: a role that the table does not have is a word as any other.
                let role = roles::of_word(qualifier);
                if !role.unknown() {
                    found.insert(0, role);
                }
            }
            let Some(agent) = self.draft.agent(&party) else {
                self.draft.out.issue(IssueKind::MissingValue, text, "a name");
                continue;
            };
            let makes = found.iter().any(Role::makes);
            let creator = match statement.row.how {
                // Who is called a creator is one, whatever else they did, unless the role says that they only helped.
                How::Creator => found.is_empty() || makes || found.iter().all(Role::unknown),
                _ => makes,
            };
            let part = if creator { Part::Creator } else { Part::Contributor };
            self.draft.part(agent, part, &found, "dc.contributor.contribution");
        }
    }

    /// A body that took part, such as the department of a thesis.
    pub(super) fn body(&mut self, statement: &Statement<'_>) {
        for (language, label) in labels(&statement.text).into_iter().take(1) {
            let party =
                Party::body(label, AgentKind::Organization, language.or_else(|| statement.own_language()));
            if let Some(agent) = self.draft.agent(&party) {
                self.draft.part(agent, Part::Contributor, &[], "dc.contributor.contribution");
            }
        }
    }

    pub(super) fn publisher(&mut self, statement: &Statement<'_>) {
        for (language, label) in labels(&statement.text).into_iter().take(1) {
            // `Leiden ; Boston : Brill` is one publisher in two towns.
            let names: Vec<&str> = if label.contains(':') { vec![label] } else { parts(label).collect() };
            for name in names {
                let name = trim(name).trim_matches(['[', ']']);
                let party =
                    Party::body(name, AgentKind::Unknown, language.or_else(|| statement.own_language()));
                if let Some(agent) = self.draft.agent(&party) {
                    self.draft.part(agent, Part::Publisher, &[], "dc.publisher");
                }
            }
        }
    }

    /// The holder of rights, or who mediates access.
    pub(super) fn agent(&mut self, statement: &Statement<'_>) {
        let party = Party::read(&statement.text, statement.own_language());
        if let Some(property) = statement.row.property
            && let Some(agent) = self.draft.agent(&party)
        {
            self.draft.out.link(self.draft.item, property, agent);
        }
    }
}
