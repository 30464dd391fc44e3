//! Who: origination, and the names among the access points and relations.

use super::mapping;
use super::party::{self, Party};
use super::record::Record;
use super::text;
use crate::shared::languages;
use crate::shared::xml::ElementRef;
use graph_model::{Agent, Description, IssueKind, Node, content_key};
use std::collections::HashSet;
use vocabularies::{aarre, dc, relators, rico};

/// Who is linked in which role already; the same one in the same role is told once.
#[derive(Debug, Default)]
pub(super) struct Contributions(HashSet<(Node, String)>);

/// Gives a party's node with all that is known about it.
pub(super) fn agent(party: &Party, out: &mut Description<'_>) -> Option<Node> {
    let node = out.agent(&told(party))?;
    if let Some(number) = &party.number {
        out.text(node, rico::IDENTIFIER, number, None);
    }
    Some(node)
}

/// The same for somebody from above, whom all components below name.
fn agent_above(party: &Party, out: &mut Description<'_>) -> Option<Node> {
    let agent = told(party);
    let key = party.keys.0.get_or_init(|| agent.key()).as_deref()?;
    let node = out.agent_keyed(&agent, key);
    if let Some(number) = &party.number {
        out.text(node, rico::IDENTIFIER, number, None);
    }
    Some(node)
}

fn told(party: &Party) -> Agent<'_> {
    Agent {
        kind: party.kind,
        name: &party.name,
        language: party.language.as_deref().and_then(languages::tag),
        birth: party.birth.as_deref(),
        death: party.death.as_deref(),
        qualifier: party.qualifier.as_deref(),
        as_written: Some(&party.written),
        same_as: &party.same_as,
    }
}

/// Says whose activity the material comes from. Components that name nobody have the provenance of what holds them,
/// but not its creator: a letter in a family's papers was not written by the family.
pub(super) fn originations(record: &Record, contributions: &mut Contributions, out: &mut Description<'_>) {
    let item = out.item();
    let mut only = Vec::new();
    for origination in record.own.did().filter(|child| child.name() == "origination") {
        out.rule("ead.origination.creator", "did/origination");
        for party in party::parties(origination) {
            let Some(node) = agent(&party, out) else { continue };
            let role = party.role.as_deref().and_then(mapping::role);
            out.link(item, dc::CREATOR, node);
            out.link(item, rico::HAS_ORGANIC_PROVENANCE, node);
            if let Some(detail) = role.and_then(|role| role.detail) {
                out.link(item, detail, node);
            }
            if let Some(role) = &party.role
                && !matches!(mapping::role(role), Some(mapping::Role { detail: Some(detail), .. }) if detail == rico::HAS_ORGANIC_PROVENANCE)
            {
                contribution(node, role, contributions, out);
            }
            only.push(node);
        }
    }
    if let (true, Some(parent)) = (only.is_empty(), &record.parent) {
        out.rule("ead.origination.inherited", "../did/origination");
        for party in parent.originations.iter() {
            if let Some(node) = agent_above(party, out) {
                out.link(item, rico::HAS_ORGANIC_PROVENANCE, node);
            }
        }
    }
    biography(record, &only, out);
}

/// A life or history belongs to the one whose it is: the creator where there is exactly one, the item otherwise.
fn biography(record: &Record, creators: &[Node], out: &mut Description<'_>) {
    let about = match creators {
        [one] => *one,
        _ => out.item(),
    };
    for note in record.own.notes().filter(|note| note.name() == "bioghist") {
        out.rule("ead.bioghist.history", "bioghist");
        let language = super::describe::language_of(note, record);
        out.text(about, rico::HISTORY, &text::note(note), language.as_deref());
    }
}

/// A name among the access points: what its role says, and a subject where it has none.
pub(super) fn access(element: ElementRef<'_>, contributions: &mut Contributions, out: &mut Description<'_>) {
    out.rule("ead.controlaccess.agent", &format!("controlaccess/{}", element.name()));
    if let Some(party) = party::party(element) {
        in_role(&party, contributions, out);
    }
}

/// A relation of EAD3 to a corporate body, person or family.
pub(super) fn relation(
    relation: ElementRef<'_>,
    contributions: &mut Contributions,
    out: &mut Description<'_>,
) {
    out.rule("ead.relation.agent", "relations/relation");
    let words = relation.child("relationentry").map(text::line).unwrap_or_default();
    let read = crate::shared::names::read_name(&words);
    if read.name.is_empty() {
        let met = relation.attribute("href").unwrap_or("a relation to nobody").to_owned();
        out.issue(IssueKind::MissingValue, &met, "a relationentry that names who the relation is to");
        return;
    }
    let href = relation.attribute("href").map(text::fold).filter(|href| !href.is_empty());
    let same_as = href.as_deref().and_then(|href| mapping::authority(None, href));
    let party = Party {
        kind: read.kind_hint,
        name: read.name,
        birth: read.birth,
        death: read.death,
        qualifier: read.qualifier,
        written: words,
        language: relation.child("relationentry").and_then(party::language),
        number: href.filter(|_| same_as.is_none()),
        same_as: same_as.into_iter().collect(),
        role: ["arcrole", "linkrole"]
            .iter()
            .filter_map(|name| relation.attribute(name))
            .map(text::fold)
            .find(|role| !role.is_empty()),
        ..Party::default()
    };
    in_role(&party, contributions, out);
}

fn in_role(party: &Party, contributions: &mut Contributions, out: &mut Description<'_>) {
    let item = out.item();
    let Some(node) = agent(party, out) else { return };
    let Some(written) = &party.role else {
        out.link(item, dc::SUBJECT, node);
        out.link(item, rico::HAS_OR_HAD_SUBJECT, node);
        return;
    };
    let role = mapping::role(written);
    if role.is_none() {
        out.issue(IssueKind::UnknownRole, written, "a role that the table of roles has");
    }
    let role = role.unwrap_or(mapping::Role { core: Some(dc::CONTRIBUTOR), detail: None });
    for link in [role.core, role.detail].into_iter().flatten() {
        out.link(item, link, node);
    }
    if role.core != Some(dc::SUBJECT) {
        contribution(node, written, contributions, out);
    }
}

/// Keeps the role in the words of the source, and as a MARC relator where it is one.
fn contribution(agent: Node, role: &str, contributions: &mut Contributions, out: &mut Description<'_>) {
    let told = &mut contributions.0;
    if !told.insert((agent, role.to_owned())) {
        return;
    }
    let item = out.item();
    let node = out.fragment(&format!("contribution-{}", told.len()));
    out.link(item, aarre::CONTRIBUTION, node);
    out.link(item, rico::THING_IS_SOURCE_OF_RELATION, node);
    out.a(node, rico::RELATION);
    out.link(node, rico::RELATION_HAS_TARGET, agent);
    if let Some(relator) = relators::by_term(role).or_else(|| relators::by_code(role)) {
        let relator = out.known_iri(relator.iri);
        out.link(node, aarre::ROLE, relator);
    }
    out.text(node, aarre::ROLE_AS_WRITTEN, role, None);
}

/// Says who keeps the material, told here or above, and so who gives the data.
pub(super) fn repository(record: &Record, out: &mut Description<'_>) {
    // Of an internal description not even its own words are told.
    let told = if record.internal() { None } else { Some(record.own.did()) };
    let own =
        told.into_iter().flatten().filter(|child| child.name() == "repository").find_map(party::repository);
    let above = record.parent.as_ref().and_then(|parent| parent.repository.as_deref());
    let (name, language, key) = match (own.as_ref().or(above), &record.header.agency) {
        (Some(party), _) => {
            match own {
                Some(_) => out.rule("ead.repository.dataProvider", "did/repository"),
                None => out.rule("ead.repository.inherited", "../did/repository"),
            }
            (&party.name, &party.language, &party.keys.1)
        }
        (None, Some(agency)) => {
            let header = record.header.element.as_ref().map_or("", |header| header.root().name());
            out.rule("ead.agency.dataProvider", header);
            (agency, &None, &record.header.agency_key)
        }
        (None, None) => return,
    };
    let language = language.as_deref().and_then(languages::tag);
    let key = key.get_or_init(|| content_key(&[name]));
    if let Some(node) = crate::shared::core::data_provider_keyed(out, name, language, key) {
        let item = out.item();
        out.link(item, rico::HAS_OR_HAD_HOLDER, node);
    }
}
