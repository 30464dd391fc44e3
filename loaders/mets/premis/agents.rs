//! Agents: who or what took part.

use super::{coded, identifiers, text};
use crate::mets::draft::Draft;
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node};
use oxrdf::NamedNodeRef;
use vocabularies::{dc, foaf, premis, rdfs};

pub(super) fn describe(draft: &mut Draft<'_, '_>, agent: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.agent.agent", path);
    draft.out.a(node, premis::AGENT);
    for identifier in identifiers(agent, "agentIdentifier") {
        draft.identifier(node, &identifier);
    }
    let kind = agent.child("agentType");
    let class = kind.and_then(|kind| coded(kind, "agent"));
    match (class, kind) {
        (Some(class), _) => draft.out.a(node, class),
        (None, Some(kind)) if !kind.is_empty() => {
            draft.out.text(node, dc::TYPE, &kind.text(), None);
            let expected = "organization, person, software or hardware";
            draft.out.issue(IssueKind::UnknownCode, &kind.text(), expected);
        }
        _ => {}
    }
    draft.out.rule("premis.agentName.name", path);
    let name = name_property(class);
    for written in agent.children("agentName") {
        draft.out.text(node, name, &written.text(), None);
    }
    draft.out.rule("premis.agentVersion.version", path);
    draft.out.text(node, premis::VERSION, &text(agent, "agentVersion"), None);
    draft.out.rule("premis.agentNote.note", path);
    for note in agent.children("agentNote") {
        draft.out.text(node, premis::NOTE, &note.text(), None);
    }
}

/// People and organizations have names, machines have labels.
fn name_property(class: Option<NamedNodeRef<'static>>) -> NamedNodeRef<'static> {
    if class.is_some_and(|class| class == premis::PERSON || class == premis::ORGANIZATION) {
        foaf::NAME
    } else {
        rdfs::LABEL
    }
}
