//! PREMIS 2 and 3: objects, events, agents and rights, whether a METS document holds them or they stand alone.

mod agents;
mod events;
mod objects;
mod rights;

use super::draft::{Draft, Identifier};
use super::record::{IdentifiedBy, PremisRecord};
use crate::shared::core::{self, EdmType, Sector};
use crate::shared::xml::ElementRef;
use graph_model::{Description, IssueKind, Node};
use oxrdf::NamedNodeRef;
use std::borrow::Cow;
use vocabularies::{dc, dcterms, premis, prov};

/// What a PREMIS element describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Event,
    Agent,
    Rights,
}

/// A described object, event, agent or rights statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entity<'e> {
    pub(super) kind: Kind,
    pub(super) element: ElementRef<'e>,
    pub(super) node: Option<Node>,
}

/// The entities directly inside of an element, those in a `premis` element among them.
pub(super) fn entities<'e>(around: ElementRef<'e>, found: &mut Vec<Entity<'e>>) {
    for element in around.elements() {
        let kind = match element.name() {
            "premis" => {
                entities(element, found);
                continue;
            }
            // PREMIS 2 has rights with statements inside, PREMIS 3 has statements and, around them, rights.
            "rights" => {
                entities(element, found);
                continue;
            }
            "object" => Kind::Object,
            "event" => Kind::Event,
            "agent" => Kind::Agent,
            "rightsStatement" => Kind::Rights,
            _ => continue,
        };
        found.push(Entity { kind, element, node: None });
    }
}

/// The category of an object in lower case: `file`, `bitstream`, `representation`, `intellectualentity`.
pub(super) fn category(object: ElementRef<'_>) -> Cow<'_, str> {
    let written = object.attribute("xsi:type").map(|name| name.rsplit(':').next().unwrap_or(name));
    // PREMIS 1 has an element instead of a type.
    let category = written.map_or_else(
        || object.child("objectCategory").map(ElementRef::text).unwrap_or_default(),
        Cow::Borrowed,
    );
    if category.bytes().any(|b| b.is_ascii_uppercase()) {
        category.to_ascii_lowercase().into()
    } else {
        category
    }
}

/// The identifiers of an element: those of `object` are `objectIdentifier` with `objectIdentifierType` and `…Value`.
pub(super) fn identifiers<'e>(
    element: ElementRef<'e>,
    name: &'static str,
) -> impl Iterator<Item = Identifier<'e>> {
    element.children(name).filter_map(identifier)
}

/// What an identifying element says: the child whose name ends in `Type` and the one that ends in `Value`.
pub(super) fn identifier(element: ElementRef<'_>) -> Option<Identifier<'_>> {
    let ending =
        |end: &str| element.elements().find(|child| child.name().ends_with(end)).map(ElementRef::text);
    let value = ending("Value").filter(|value| !value.is_empty())?;
    Some(Identifier { kind: ending("Type").unwrap_or_default(), value })
}

/// The text of the first child with this name that has one.
pub(super) fn text<'e>(element: ElementRef<'e>, name: &str) -> Cow<'e, str> {
    element.children(name).map(ElementRef::text).find(|text| !text.is_empty()).unwrap_or_default()
}

/// What a coded value means: by the IRI that PREMIS 3 puts beside it, else by its words.
pub(super) fn coded(element: ElementRef<'_>, kind: &str) -> Option<NamedNodeRef<'static>> {
    let by_iri = element.attribute("valueURI").and_then(|iri| {
        let iri = iri.trim().trim_end_matches(".html");
        super::table::known(&iri.replacen("https://", "http://", 1))
    });
    by_iri.or_else(|| super::table::find_term(kind, &element.text()))
}

/// Gives every entity its node. Objects that stand for a file have theirs already.
pub(super) fn name_all(draft: &mut Draft<'_, '_>, entities: &mut [Entity<'_>]) {
    for entity in entities {
        let name = match entity.kind {
            Kind::Object => "objectIdentifier",
            Kind::Event => "eventIdentifier",
            Kind::Agent => "agentIdentifier",
            Kind::Rights => "rightsStatementIdentifier",
        };
        let first = identifiers(entity.element, name).next();
        if entity.kind != Kind::Object {
            let word = match entity.kind {
                Kind::Event => "event",
                Kind::Agent => "agent",
                _ => "rights",
            };
            let node = entity.node.unwrap_or_else(|| draft.named(word, first.as_ref()));
            entity.node = Some(node);
            draft.told.insert(node);
            continue;
        }
        let known = entity.node.or_else(|| first.as_ref().and_then(|id| draft.known_object(id)));
        let node = known.unwrap_or_else(|| draft.named("object", first.as_ref()));
        for identifier in identifiers(entity.element, name) {
            draft.is_object(&identifier, node);
        }
        entity.node = Some(node);
        draft.told.insert(node);
    }
}

/// Says what an entity says of itself.
pub(super) fn tell(draft: &mut Draft<'_, '_>, entity: &Entity<'_>, path: &str) {
    let Some(node) = entity.node else { return };
    match entity.kind {
        Kind::Object => objects::describe(draft, entity.element, node, path),
        Kind::Event => events::describe(draft, entity.element, node, path),
        Kind::Agent => agents::describe(draft, entity.element, node, path),
        Kind::Rights => rights::describe(draft, entity.element, node, path),
    }
}

/// Links what a section belongs to (the item, a file, a division) with an entity of it.
pub(super) fn attach(draft: &mut Draft<'_, '_>, entity: &Entity<'_>, owner: Node, path: &str) {
    let Some(node) = entity.node else { return };
    match entity.kind {
        Kind::Object if node != owner => {
            draft.out.rule("premis.object.part", path);
            draft.out.link(owner, dcterms::HAS_PART, node);
        }
        Kind::Object => {}
        Kind::Event => events::attach(draft, entity.element, node, owner, path),
        Kind::Agent => {
            if !draft.agent_is_linked(node) {
                draft.out.rule("premis.agent.influence", path);
                draft.out.link(owner, prov::WAS_INFLUENCED_BY, node);
            }
        }
        Kind::Rights => {
            draft.out.rule("premis.rightsStatement.rights", path);
            rights::attach(draft, entity.element, node, owner);
        }
    }
}

/// Describes a PREMIS document that stands alone.
pub(super) fn describe(record: &PremisRecord, out: &mut Description<'_>) {
    let root = record.root();
    out.rule("premis.premis.item", "premis:premis");
    let mut found = Vec::new();
    entities(root, &mut found);
    let edm_type = found.iter().find_map(|entity| {
        entity
            .element
            .path("objectCharacteristics/format/formatDesignation/formatName")
            .find_map(|name| media(&name.text()))
    });
    core::begin(out, Sector::Archive, edm_type);
    for note in record.element().notes() {
        let (met, expected) = note.words();
        out.issue(IssueKind::BadEncoding, &met, expected);
    }
    let subject = record.subject();
    let mut draft = Draft::new(out);
    let item = draft.item;
    let mut title = None;
    for entity in &mut found {
        if subject == Some(entity.element) {
            entity.node = Some(item);
            let name = text(entity.element, "originalName");
            title = (!name.is_empty()).then_some(name);
        }
    }
    let (local, by) = record.identified().unwrap_or_default();
    draft.out.rule("premis.objectIdentifier.identifier", "premis:objectIdentifier");
    if by == IdentifiedBy::Content {
        let expected = "an intellectual entity, a representation or a single object with an identifier";
        draft.out.issue(IssueKind::MissingIdentifier, &local, expected);
    } else {
        draft.out.text(item, dc::IDENTIFIER, &local, None);
    }
    draft.out.rule("premis.originalName.title", "premis:originalName");
    if title.is_none() {
        draft.out.issue(IssueKind::MissingTitle, &local, "a premis:originalName");
    }
    draft.out.text(item, dc::TITLE, title.as_deref().unwrap_or(&local), None);
    draft.out.a(item, premis::INTELLECTUAL_ENTITY);
    name_all(&mut draft, &mut found);
    links(&mut draft, &found);
    for (index, entity) in found.iter().enumerate() {
        let path = format!("premis:{}[{}]", entity.element.name(), index + 1);
        tell(&mut draft, entity, &path);
        attach(&mut draft, entity, item, &path);
    }
}

/// Learns which agents are named by others, so that nobody else needs to name them.
pub(super) fn links(draft: &mut Draft<'_, '_>, entities: &[Entity<'_>]) {
    for entity in entities.iter().filter(|entity| matches!(entity.kind, Kind::Event | Kind::Rights)) {
        for link in entity.element.children("linkingAgentIdentifier").filter_map(identifier) {
            let node = draft.named("agent", Some(&link));
            draft.linked_agents.insert(node);
        }
    }
}

/// The kind of medium of a media type such as `image/tiff; version=6`.
pub(super) fn media(media_type: &str) -> Option<EdmType> {
    let plain = media_type.split(';').next().unwrap_or_default().trim();
    let (family, _) = plain.split_once('/')?;
    let word = super::table::find("media", plain).or_else(|| super::table::find("media", family))?;
    Some(match word {
        "TEXT" => EdmType::Text,
        "IMAGE" => EdmType::Image,
        "SOUND" => EdmType::Sound,
        "VIDEO" => EdmType::Video,
        "3D" => EdmType::ThreeD,
        _ => return None,
    })
}
