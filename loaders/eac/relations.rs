//! Relations to other agents: `cpfRelation` of 2010, `relation` of 2.0.

use super::dates;
use super::draft::{Draft, tag_of_name};
use super::names;
use super::parts;
use super::places;
use super::table::{self, Relation, Way};
use super::text;
use crate::shared::xml::ElementRef;
use graph_model::{Agent, AgentKind, IssueKind, Node};
use vocabularies::{aarre, foaf, owl, rico};

/// States a relation: directly, and as a thing of its own with its dates and notes.
pub(super) fn describe(draft: &mut Draft<'_, '_>, relation: ElementRef<'_>, path: &str) {
    let kind = relation.attribute("cpfRelationType").unwrap_or_default();
    if kind == "identity" || words(relation).any(|word| table::last_segment(&word) == "sameAs") {
        return identity(draft, relation, path);
    }
    draft.out.rule("eac.cpfRelation.relation", path);
    let subject = draft.subject;
    let (meaning, general) = meaning(draft, relation);
    let (exact, hub) = target(draft, relation);
    let Some(other) = exact.or(hub) else {
        draft.out.issue(IssueKind::MissingValue, "", "the name or the identifier of the agent related to");
        return;
    };
    let node = draft.fragment("relation");
    for said in [Some(meaning), general].into_iter().flatten() {
        draft.out.link(subject, said.property, other);
        draft.out.a(node, said.class);
        if [rico::GROUP_SUBDIVISION_RELATION, rico::LEADERSHIP_RELATION].contains(&said.class) {
            draft.out.a(node, rico::AGENT_HIERARCHICAL_RELATION);
        }
    }
    let (from_subject, from_node, to_other) = match meaning.way {
        Way::Source => {
            (rico::THING_IS_SOURCE_OF_RELATION, rico::RELATION_HAS_SOURCE, rico::RELATION_HAS_TARGET)
        }
        Way::Target => {
            (rico::THING_IS_TARGET_OF_RELATION, rico::RELATION_HAS_TARGET, rico::RELATION_HAS_SOURCE)
        }
        Way::Both => (rico::THING_IS_CONNECTED_TO_RELATION, rico::RELATION_CONNECTS, rico::RELATION_CONNECTS),
    };
    draft.out.link(subject, from_subject, node);
    draft.out.link(node, from_node, subject);
    for other in [exact, hub].into_iter().flatten() {
        draft.out.link(node, to_other, other);
    }
    for role in words(relation).filter(|word| table::relation(word).is_none()) {
        draft.out.text(node, aarre::ROLE_AS_WRITTEN, &role, None);
    }
    circumstances(draft, node, relation);
}

/// Dates, places and notes of a relation.
pub(super) fn circumstances(draft: &mut Draft<'_, '_>, node: Node, relation: ElementRef<'_>) {
    dates::state(draft, node, relation, dates::RELATION);
    parts::notes(draft, node, relation);
    let wrapped = relation.children("place").flat_map(ElementRef::elements);
    for place in relation.elements().chain(wrapped) {
        if matches!(place.name(), "placeEntry" | "placeName")
            && let Some(place) = places::named(draft, place, None)
        {
            draft.out.link(node, rico::IS_ASSOCIATED_WITH_PLACE, place);
        }
    }
}

/// The words that say what the relation is, the most particular first: roles, then marks that the Archives nationales
/// put into notes (`@isPartOf@`).
fn words<'e>(relation: ElementRef<'e>) -> impl Iterator<Item = String> + 'e {
    let roles = ["targetRole", "relationType"].into_iter().flat_map(move |name| {
        relation.children(name).flat_map(|word| {
            let text = word.text().into_owned();
            // The IRI of the word says the same; it is for those whose words are of another language.
            [text, word.attribute("valueURI").unwrap_or_default().to_owned()]
        })
    });
    let arcs = ["xlink:arcrole", "arcrole"].into_iter().filter_map(move |name| relation.attribute(name));
    let marks = relation.children("descriptiveNote").flat_map(|note| {
        let words = note.text();
        let mark = words.split('@').nth(1).filter(|mark| mark.bytes().all(|b| b.is_ascii_alphabetic()));
        mark.map(str::to_owned)
    });
    arcs.map(str::to_owned).chain(roles).chain(marks).filter(|word| !word.trim().is_empty())
}

/// What the relation means, by the most particular word, and what its type says beside that.
fn meaning(draft: &mut Draft<'_, '_>, relation: ElementRef<'_>) -> (Relation, Option<Relation>) {
    let kind = relation.attribute("cpfRelationType").unwrap_or_default();
    let told = words(relation).find_map(|word| table::relation(&word));
    let by_kind = table::relation(kind);
    if !kind.is_empty() && by_kind.is_none() {
        draft.out.issue(IssueKind::UnknownCode, kind, "a cpfRelationType of EAC-CPF");
    }
    let general = |relation: &Relation| relation.class == rico::AGENT_TO_AGENT_RELATION;
    // `associatedWith` is no more than the type says; a type that says more wins.
    let found = match (told, by_kind) {
        (Some(told), Some(by_kind)) if general(&told) => by_kind,
        (Some(told), _) => told,
        (None, Some(by_kind)) => by_kind,
        (None, None) => {
            for word in words(relation).take(1) {
                draft.out.issue(IssueKind::UnknownRole, &word, "a role that the table of relations has");
            }
            return (associative(), None);
        }
    };
    // A person is a member of a family, and not its relative.
    if found.class == rico::FAMILY_RELATION && draft.kind == AgentKind::Person && is_family(relation) {
        return (table::relation("isMemberOf").unwrap_or(found), None);
    }
    let by_kind = by_kind.filter(|by_kind| by_kind.property != found.property);
    // One human being has no members and no parts: the word was used from the other end. So it was where it says the
    // opposite of the type.
    let group = [rico::HAS_OR_HAD_MEMBER, rico::HAS_OR_HAD_LEADER, rico::HAS_OR_HAD_SUBDIVISION];
    let alone = draft.kind == AgentKind::Person && group.contains(&found.property);
    let opposite = by_kind.is_some_and(|by_kind| by_kind.way == found.turned().way && found.way != Way::Both);
    (if alone || opposite { found.turned() } else { found }, by_kind)
}

/// Whether what the relation leads to is a family, by its kind or a word in its name.
fn is_family(relation: ElementRef<'_>) -> bool {
    let named = relation.child("relationEntry").is_some_and(|entry| {
        let name = entry.text();
        let mut words = name.split(|c: char| !c.is_alphabetic());
        words.any(|word| table::find("kind", word) == Some("family"))
    });
    named || target_kind(relation) == AgentKind::Family
}

fn associative() -> Relation {
    table::relation("associative").unwrap_or(Relation {
        class: rico::AGENT_TO_AGENT_RELATION,
        way: Way::Both,
        property: rico::IS_AGENT_ASSOCIATED_WITH_AGENT,
        inverse: None,
    })
}

fn target_kind(relation: ElementRef<'_>) -> AgentKind {
    let told = relation.child("targetEntity").and_then(|target| target.attribute("targetType"));
    let told = told.or_else(|| relation.attribute("xlink:role")).unwrap_or_default();
    match table::find("kind", told) {
        Some("person") => AgentKind::Person,
        Some("family") => AgentKind::Family,
        Some(_) => AgentKind::Organization,
        None => AgentKind::Unknown,
    }
}

/// What the relation leads to: the exact thing that an identifier names, and the shared agent of the words.
fn target(draft: &mut Draft<'_, '_>, relation: ElementRef<'_>) -> (Option<Node>, Option<Node>) {
    let entity = relation.child("targetEntity");
    let href = relation
        .attribute("xlink:href")
        .or_else(|| relation.attribute("href"))
        .or_else(|| entity.and_then(|entity| entity.attribute("valueURI")))
        .map(str::trim)
        .filter(|href| !href.is_empty());
    let noted = || {
        // SNAC's conversions keep the other record's identifier in a note.
        let mut notes = relation.children("descriptiveNote").map(ElementRef::text);
        notes.find_map(|note| Some(note.strip_prefix("recordId:")?.trim().to_owned()))
    };
    let exact = match href {
        Some(href) if href.starts_with("http://") || href.starts_with("https://") => {
            draft.out.iri(&table::thing(href))
        }
        // A bare identifier names another record of the same owner; `#…` names a place in the file.
        Some(href) if !href.contains([':', ' ', '/']) && !href.starts_with('#') => {
            Some(draft.out.sibling(href.trim_end_matches(".xml")))
        }
        Some(_) => None,
        None => noted().filter(|id| !id.is_empty() && !id.contains(' ')).map(|id| draft.out.sibling(&id)),
    };
    let kind = if is_family(relation) { AgentKind::Family } else { target_kind(relation) };
    let mut entries = relation.children("relationEntry");
    let (name, tag) = match (entries.find(|entry| !entry.is_empty()), entity) {
        (Some(entry), _) => (entry.text().into_owned(), tag_of_name(entry)),
        (None, Some(entity)) => (names::heading(entity, kind), tag_of_name(entity)),
        (None, None) => return (exact, None),
    };
    let read = names::read(&name, kind);
    let same_as: Vec<String> = exact.map(|node| draft.out.iri_of(node).to_owned()).into_iter().collect();
    let hub = draft.out.agent(&Agent {
        kind: if kind == AgentKind::Unknown { read.kind_hint } else { kind },
        name: &read.name,
        language: tag.as_deref(),
        birth: read.birth.as_deref(),
        death: read.death.as_deref(),
        qualifier: read.qualifier.as_deref(),
        as_written: Some(&name),
        same_as: &same_as,
    });
    (exact, hub)
}

/// The same agent elsewhere: in an authority file, or in an encyclopaedia.
fn identity(draft: &mut Draft<'_, '_>, relation: ElementRef<'_>, path: &str) {
    draft.out.rule("eac.cpfRelation.sameAs", path);
    let subject = draft.subject;
    let entity = relation.child("targetEntity");
    let href = relation
        .attribute("xlink:href")
        .or_else(|| relation.attribute("href"))
        .or_else(|| entity.and_then(|entity| entity.attribute("valueURI")))
        .unwrap_or_default()
        .trim();
    if href.contains(".wikipedia.org/") {
        if let Some(page) = draft.out.iri(href) {
            draft.out.link(subject, foaf::IS_PRIMARY_TOPIC_OF, page);
        }
        if let Some(same) = table::dbpedia(href).and_then(|iri| draft.out.iri(&iri)) {
            draft.out.link(subject, owl::SAME_AS, same);
        }
    } else if href.starts_with("http://") || href.starts_with("https://") {
        if let Some(same) = draft.out.iri(&table::thing(href)) {
            draft.out.link(subject, owl::SAME_AS, same);
        }
    } else if !href.is_empty() && !href.contains([' ', ':', '/', '?']) {
        let same = draft.out.sibling(href);
        draft.out.link(subject, owl::SAME_AS, same);
    } else if !href.is_empty() {
        draft.out.issue(IssueKind::BadIri, href, "an absolute IRI or the identifier of a record");
    } else if let Some(name) = relation.child("relationEntry") {
        let language = draft.language_of(name);
        draft.out.text(subject, rico::NOTE, &text::prose(name), language);
    }
}
