//! Objects: representations, files, bitstreams and intellectual entities, with what has to be known to keep them.

use super::{category, coded, identifier, identifiers, text};
use crate::mets::draft::{Draft, FileFormat, Identifier};
use crate::mets::table;
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node, content_key};
use vocabularies::{dc, dcterms, ebucore, premis, prov, rdf, rdfs, relationship_sub_type};

pub(super) fn describe(draft: &mut Draft<'_, '_>, object: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.object.object", path);
    let written = category(object);
    match table::find_term("category", &written) {
        Some(class) => draft.out.a(node, class),
        None => {
            draft.out.a(node, premis::OBJECT);
            let expected = "file, representation, bitstream or intellectualEntity as xsi:type";
            draft.out.issue(IssueKind::UnknownCode, &written, expected);
        }
    }
    for identifier in identifiers(object, "objectIdentifier") {
        draft.identifier(node, &identifier);
    }
    draft.out.rule("premis.originalName.originalName", path);
    for name in object.children("originalName") {
        draft.out.text(node, premis::ORIGINAL_NAME, &name.text(), None);
    }
    for part in object.elements() {
        match part.name() {
            "preservationLevel" => policy(draft, part, node, path),
            "significantProperties" => significant(draft, part, node, path),
            "objectCharacteristics" => characteristics(draft, part, node, path),
            "storage" => storage(draft, part, node, path),
            "signatureInformation" => signatures(draft, part, node, path),
            "environmentFunction" | "environmentDesignation" | "environmentRegistry" => {
                environment(draft, part, node, path);
            }
            "relationship" => relationship(draft, part, node, path),
            "linkingEventIdentifier" => link_event(draft, part, node, path),
            "linkingRightsStatementIdentifier" => {
                if let Some(id) = identifier(part) {
                    draft.out.rule("premis.linkingRightsStatementIdentifier.rights", path);
                    let rights = draft.named("rights", Some(&id));
                    draft.out.link(node, dcterms::RIGHTS, rights);
                }
            }
            "linkingIntellectualEntityIdentifier" => {
                if let Some(id) = identifier(part) {
                    draft.out.rule("premis.linkingIntellectualEntityIdentifier.represents", path);
                    let entity = draft.object(&id);
                    if entity != node {
                        told_at_least(draft, entity, &id);
                        draft.out.link(node, relationship_sub_type::REP, entity);
                    }
                }
            }
            _ => {}
        }
    }
}

fn policy(draft: &mut Draft<'_, '_>, level: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.preservationLevel.policy", path);
    let (value, kind) = (text(level, "preservationLevelValue"), text(level, "preservationLevelType"));
    let (role, date) = (text(level, "preservationLevelRole"), text(level, "preservationLevelDateAssigned"));
    let key = content_key(&[&kind, &value, &role, &date]);
    if key.is_empty() {
        return;
    }
    let policy = draft.out.fragment(&format!("policy-{key}"));
    draft.out.link(node, premis::POLICY, policy);
    draft.out.a(policy, premis::PRESERVATION_POLICY);
    draft.out.text(policy, rdfs::LABEL, &value, None);
    draft.out.text(policy, dc::TYPE, &kind, None);
    draft.out.text(policy, premis::NOTE, &role, None);
    for rationale in level.children("preservationLevelRationale") {
        draft.out.text(policy, premis::RATIONALE, &rationale.text(), None);
    }
    draft.moment(policy, dcterms::DATE, &date);
}

fn significant(draft: &mut Draft<'_, '_>, properties: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.significantProperties.policy", path);
    let kind = text(properties, "significantPropertiesType");
    let value = text(properties, "significantPropertiesValue");
    let key = content_key(&[&kind, &value]);
    if key.is_empty() {
        return;
    }
    let policy = draft.out.fragment(&format!("significant-{key}"));
    draft.out.link(node, premis::POLICY, policy);
    draft.out.a(policy, premis::SIGNIFICANT_PROPERTIES);
    draft.out.text(policy, rdfs::LABEL, &kind, None);
    draft.out.text(policy, rdf::VALUE, &value, None);
}

fn characteristics(draft: &mut Draft<'_, '_>, part: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.compositionLevel.compositionLevel", path);
    draft.whole(node, premis::COMPOSITION_LEVEL, &text(part, "compositionLevel"));
    draft.out.rule("premis.fixity.fixity", path);
    for fixity in part.children("fixity") {
        let (algorithm, digest) = (text(fixity, "messageDigestAlgorithm"), text(fixity, "messageDigest"));
        draft.fixity(node, &algorithm, &digest, &text(fixity, "messageDigestOriginator"));
    }
    draft.out.rule("premis.size.size", path);
    draft.whole(node, premis::SIZE, &text(part, "size"));
    for format in part.children("format") {
        format_of(draft, format, node, path);
    }
    for application in part.children("creatingApplication") {
        creating_application(draft, application, node, path);
    }
    for inhibitors in part.children("inhibitors") {
        inhibitor(draft, inhibitors, node, path);
    }
}

fn format_of(draft: &mut Draft<'_, '_>, format: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.format.format", path);
    let designation = format.child("formatDesignation");
    let part = |name: &str| designation.map(|d| text(d, name)).unwrap_or_default();
    let (name, version) = (part("formatName"), part("formatVersion"));
    // Many write the media type for the name, with parameters and all.
    let plain = name.split(';').next().unwrap_or_default().trim();
    let is_media_type =
        !plain.contains(' ') && plain.split_once('/').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
    if is_media_type {
        draft.out.text(node, ebucore::HAS_MIME_TYPE, plain, None);
        draft.out.text(node, dc::FORMAT, plain, None);
    }
    let mut registries = format.children("formatRegistry").peekable();
    if registries.peek().is_none() {
        draft.format(node, &FileFormat { name: &name, version: &version, ..FileFormat::default() });
    }
    for registry in registries {
        let (registry, key) = (text(registry, "formatRegistryName"), text(registry, "formatRegistryKey"));
        draft.format(node, &FileFormat { name: &name, version: &version, registry: &registry, key: &key });
    }
    for note in format.children("formatNote") {
        draft.out.text(node, premis::NOTE, &note.text(), None);
    }
}

fn creating_application(draft: &mut Draft<'_, '_>, application: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.creatingApplication.creator", path);
    let name = text(application, "creatingApplicationName");
    let version = text(application, "creatingApplicationVersion");
    let key = content_key(&[&name, &version]);
    if !key.is_empty() {
        let software = draft.out.fragment(&format!("software-{key}"));
        draft.out.link(node, dcterms::CREATOR, software);
        draft.out.a(software, prov::SOFTWARE_AGENT);
        draft.out.text(software, rdfs::LABEL, &name, None);
        draft.out.text(software, premis::VERSION, &version, None);
    }
    draft.out.rule("premis.dateCreatedByApplication.generatedAtTime", path);
    draft.moment(node, prov::GENERATED_AT_TIME, &text(application, "dateCreatedByApplication"));
}

/// A key that opens an object is never said: the graph is public.
fn inhibitor(draft: &mut Draft<'_, '_>, inhibitors: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.inhibitors.inhibitedBy", path);
    let kind = text(inhibitors, "inhibitorType");
    let key = content_key(&[&kind, &text(inhibitors, "inhibitorTarget")]);
    if key.is_empty() {
        return;
    }
    let fragment = draft.out.fragment(&format!("inhibitor-{key}"));
    draft.out.link(node, premis::INHIBITED_BY, fragment);
    draft.out.a(fragment, premis::INHIBITOR);
    draft.out.text(fragment, rdfs::LABEL, &kind, None);
    for target in inhibitors.children("inhibitorTarget").filter(|target| !target.is_empty()) {
        match coded(target, "event") {
            Some(action) => draft.out.term(fragment, premis::INHIBITS, action),
            None => draft.out.text(fragment, premis::NOTE, &target.text(), None),
        }
    }
}

fn storage(draft: &mut Draft<'_, '_>, storage: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.storage.storedAt", path);
    let medium = text(storage, "storageMedium");
    let mut locations = storage.children("contentLocation").peekable();
    if locations.peek().is_none() && !medium.is_empty() {
        let location = draft.out.fragment(&format!("storage-{}", content_key(&[&medium])));
        draft.out.link(node, premis::STORED_AT, location);
        draft.out.a(location, premis::STORAGE_LOCATION);
        draft.out.text(location, premis::MEDIUM, &medium, None);
    }
    for content in locations {
        let (kind, value) = (text(content, "contentLocationType"), text(content, "contentLocationValue"));
        let location = draft.fragment("storage");
        draft.out.link(node, premis::STORED_AT, location);
        draft.out.a(location, premis::STORAGE_LOCATION);
        draft.out.text(location, rdf::VALUE, &value, None);
        draft.out.text(location, dc::TYPE, &kind, None);
        draft.out.text(location, premis::MEDIUM, &medium, None);
    }
}

fn signatures(draft: &mut Draft<'_, '_>, information: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.signature.signature", path);
    for written in information.children("signature") {
        let signature = draft.fragment("signature");
        draft.out.link(node, premis::SIGNATURE, signature);
        draft.out.a(signature, premis::SIGNATURE_CLASS);
        draft.out.text(signature, rdfs::LABEL, &text(written, "signatureMethod"), None);
        draft.out.text(signature, rdf::VALUE, &text(written, "signatureValue"), None);
        draft.out.text(signature, premis::ENCODING, &text(written, "signatureEncoding"), None);
        draft.out.text(signature, premis::VALIDATION_RULES, &text(written, "signatureValidationRules"), None);
        draft.out.text(signature, dc::CREATOR, &text(written, "signer"), None);
        for properties in written.children("signatureProperties") {
            draft.out.text(signature, premis::NOTE, &properties.text(), None);
        }
    }
}

/// PREMIS 3 describes environments as intellectual entities.
fn environment(draft: &mut Draft<'_, '_>, part: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.environment.environment", path);
    draft.out.text(node, rdfs::LABEL, &text(part, "environmentName"), None);
    draft.out.text(node, premis::VERSION, &text(part, "environmentVersion"), None);
    draft.out.text(node, dc::CREATOR, &text(part, "environmentOrigin"), None);
    draft.out.text(node, dc::TYPE, &text(part, "environmentFunctionType"), None);
    for note in part.children("environmentDesignationNote") {
        draft.out.text(node, premis::NOTE, &note.text(), None);
    }
    let (registry, key) = (text(part, "environmentRegistryName"), text(part, "environmentRegistryKey"));
    if !key.is_empty() {
        draft.identifier(node, &Identifier { kind: registry, value: key });
    }
}

fn relationship(draft: &mut Draft<'_, '_>, relationship: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.relationship.relationship", path);
    let named = |name: &'static str| relationship.children(name);
    // PREMIS 3 writes the word in two ways, PREMIS 2 calls identifiers identifications.
    let sub_type =
        named("relationshipSubType").chain(named("relationshipSubtype")).find(|kind| !kind.is_empty());
    let property = sub_type.and_then(|kind| coded(kind, "relation"));
    if property.is_none() {
        let met = sub_type.map(ElementRef::text).unwrap_or_default();
        let expected = "a relationship of id.loc.gov/vocabulary/preservation/relationshipSubType";
        draft.out.issue(IssueKind::UnknownCode, &met, expected);
    }
    let related = named("relatedObjectIdentifier").chain(named("relatedObjectIdentification"));
    let mut objects = Vec::new();
    for identifier in related.filter_map(identifier) {
        let other = draft.object(&identifier);
        told_at_least(draft, other, &identifier);
        draft.out.link(node, property.unwrap_or(premis::RELATIONSHIP), other);
        if property == Some(relationship_sub_type::HSS) {
            draft.out.link(node, prov::WAS_DERIVED_FROM, other);
        } else if property == Some(relationship_sub_type::ISO) {
            draft.out.link(other, prov::WAS_DERIVED_FROM, node);
        }
        objects.push(other);
    }
    let events = named("relatedEventIdentifier").chain(named("relatedEventIdentification"));
    for identifier in events.filter_map(identifier) {
        draft.out.rule("premis.relatedEventIdentifier.event", path);
        let event = draft.named("event", Some(&identifier));
        // The event made the derivative out of its source, whichever of the two tells of it.
        if property == Some(relationship_sub_type::HSS) {
            draft.out.link(node, prov::WAS_GENERATED_BY, event);
        } else if property == Some(relationship_sub_type::ISO) {
            draft.out.link(node, prov::WAS_USED_BY, event);
            objects.iter().for_each(|object| draft.out.link(*object, prov::WAS_GENERATED_BY, event));
        } else {
            draft.out.link(node, prov::WAS_USED_BY, event);
        }
        draft.linked_events.insert(event);
        if !draft.is_told(event) {
            draft.out.a(event, premis::EVENT);
            draft.identifier(event, &identifier);
        }
    }
}

fn link_event(draft: &mut Draft<'_, '_>, link: ElementRef<'_>, node: Node, path: &str) {
    let Some(id) = identifier(link) else { return };
    draft.out.rule("premis.linkingEventIdentifier.event", path);
    let event = draft.named("event", Some(&id));
    if !draft.is_told(event) {
        draft.out.link(node, prov::WAS_USED_BY, event);
        draft.out.a(event, premis::EVENT);
        draft.identifier(event, &id);
    }
}

/// An object of which the record knows no more than its identifier.
fn told_at_least(draft: &mut Draft<'_, '_>, object: Node, identifier: &Identifier<'_>) {
    if !draft.is_told(object) {
        draft.out.a(object, premis::OBJECT);
        draft.identifier(object, identifier);
    }
}
