//! Who: names in free text or in parts, with their roles.

use super::Draft;
use crate::shared::names::{self, Name};
use crate::shared::roles::Role;
use graph_model::{Agent, AgentKind, IssueKind, Node};
use vocabularies::{aarre, bf, dc};

/// In what part somebody is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Creator,
    Contributor,
    Publisher,
}

/// Somebody as read from a field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Party {
    pub(crate) name: Name,
    pub(crate) kind: AgentKind,
    pub(crate) language: Option<String>,
    pub(crate) as_written: Option<String>,
    pub(crate) same_as: Vec<String>,
}

impl Party {
    /// A name in free text, with its dates and roles in it.
    pub(crate) fn read(text: &str, language: Option<&str>) -> Self {
        let name = names::read_name(text);
        let kind = name.kind_hint;
        Self {
            name,
            kind,
            language: language.map(str::to_owned),
            as_written: Some(text.split_whitespace().collect::<Vec<_>>().join(" ")),
            same_as: Vec::new(),
        }
    }

    /// A body whose name is left as it is.
    pub(crate) fn body(text: &str, kind: AgentKind, language: Option<&str>) -> Self {
        let name = Name { name: text.trim().to_owned(), kind_hint: kind, ..Name::default() };
        Self { name, kind, language: language.map(str::to_owned), ..Self::default() }
    }
}

impl Draft<'_, '_> {
    /// Describes somebody; `None` for a name without letters.
    pub(crate) fn agent(&mut self, party: &Party) -> Option<Node> {
        self.out.agent(&Agent {
            kind: party.kind,
            name: &party.name.name,
            language: party.language.as_deref(),
            birth: party.name.birth.as_deref(),
            death: party.name.death.as_deref(),
            qualifier: party.name.qualifier.as_deref(),
            as_written: party.as_written.as_deref(),
            same_as: &party.same_as,
        })
    }

    /// States that an agent took part, in the core and, with its roles, in the detail layer. `rule` is of the latter.
    pub(crate) fn part(&mut self, agent: Node, part: Part, roles: &[Role], rule: &str) -> Option<Node> {
        let property = match part {
            Part::Creator => dc::CREATOR,
            Part::Contributor => dc::CONTRIBUTOR,
            Part::Publisher => dc::PUBLISHER,
        };
        self.out.link(self.item, property, agent);
        if roles.is_empty() {
            return None;
        }
        self.again(rule);
        let contribution = self.out.next_fragment("contribution");
        self.out.link(self.item, bf::CONTRIBUTION, contribution);
        self.out.a(contribution, bf::CONTRIBUTION_CLASS);
        self.out.link(contribution, bf::AGENT, agent);
        for role in roles {
            match role {
                Role::Known { iri, .. } => {
                    if let Some(node) = self.out.iri(iri) {
                        self.out.link(contribution, bf::ROLE, node);
                    }
                }
                Role::Unknown(word) => {
                    self.out.issue(IssueKind::UnknownRole, word, "a MARC relator code or term");
                    self.out.text(contribution, aarre::ROLE_AS_WRITTEN, word, None);
                }
            }
        }
        Some(contribution)
    }
}
