//! The root's attributes and `metsHdr`: what the METS document says of itself and who made it.

use super::draft::{Draft, Identifier};
use super::files::content_type;
use super::record::{IdentifiedBy, MetsRecord, extension};
use super::table;
use crate::shared::core;
use crate::shared::xml::ElementRef;
use graph_model::{Concept, IssueKind, Node};
use vocabularies::{dc, dcterms, foaf, premis, rdfs};

pub(super) fn describe(draft: &mut Draft<'_, '_>, root: ElementRef<'_>, record: &MetsRecord) {
    let item = draft.item;
    identifiers(draft, root, record);
    draft.out.rule("mets.mets.document", "mets:mets");
    let document = draft.out.fragment("mets");
    draft.out.link(item, foaf::IS_PRIMARY_TOPIC_OF, document);
    draft.out.a(document, foaf::DOCUMENT);
    if let Some(profile) = root.attribute("PROFILE").map(str::trim).filter(|profile| !profile.is_empty()) {
        draft.out.rule("mets.PROFILE.conformsTo", "mets:mets/@PROFILE");
        // Many write a mere word here, which names no profile to anybody else.
        if profile.contains(':') {
            let iri = draft.out.iri(profile);
            iri.into_iter().for_each(|iri| draft.out.link(document, dcterms::CONFORMS_TO, iri));
        } else {
            draft.out.text(document, premis::NOTE, &format!("profile: {profile}"), None);
        }
    }
    for name in ["CATALOG", "SPECIFICATION"] {
        if let Some(version) = extension(root, name) {
            draft.out.rule("mets.CATALOG.note", "mets:mets/@fi:CATALOG");
            draft.out.text(document, premis::NOTE, &format!("{}: {version}", name.to_lowercase()), None);
        }
    }
    kind(draft, root);
    for header in root.children("metsHdr") {
        self::header(draft, header, document);
    }
    keeper(draft, root);
}

fn identifiers(draft: &mut Draft<'_, '_>, root: ElementRef<'_>, record: &MetsRecord) {
    let item = draft.item;
    draft.out.rule("mets.OBJID.identifier", "mets:mets/@OBJID");
    let (local, by) = record.identified().unwrap_or_default();
    match by {
        IdentifiedBy::Itself => draft.out.text(item, dc::IDENTIFIER, &local, None),
        IdentifiedBy::Other | IdentifiedBy::Content => {
            draft.out.issue(IssueKind::MissingIdentifier, &local, "an OBJID on mets:mets");
            if by == IdentifiedBy::Other {
                draft.out.text(item, dc::IDENTIFIER, &local, None);
            }
        }
    }
    for name in ["CONTENTID", "CONTRACTID"] {
        let Some(value) = extension(root, name).map(str::trim).filter(|value| !value.is_empty()) else {
            continue;
        };
        let (rule, path) = match name {
            "CONTENTID" => ("mets.CONTENTID.identifier", "mets:mets/@fi:CONTENTID"),
            _ => ("mets.CONTRACTID.identifier", "mets:mets/@fi:CONTRACTID"),
        };
        draft.out.rule(rule, path);
        if name == "CONTENTID" {
            draft.out.text(item, dc::IDENTIFIER, value, None);
            draft.identifier(item, &Identifier { kind: name.into(), value: value.into() });
        } else {
            // The contract is that of the deposit, not of the thing.
            let document = draft.out.fragment("mets");
            draft.identifier(document, &Identifier { kind: name.into(), value: value.into() });
        }
    }
}

/// What kind of content the package says it has.
fn kind(draft: &mut Draft<'_, '_>, root: ElementRef<'_>) {
    let item = draft.item;
    let written = root.attribute("TYPE").map(str::trim).unwrap_or_default();
    let other = extension(root, "OTHERTYPE").map(str::trim).filter(|other| !other.is_empty());
    let label = if written.eq_ignore_ascii_case("other") { other.unwrap_or_default() } else { written };
    draft.out.rule("mets.TYPE.type", "mets:mets/@TYPE");
    if let Some(concept) = draft.out.concept(&Concept { label, ..Concept::default() }) {
        draft.out.link(item, dc::TYPE, concept);
    }
    draft.out.rule("mets.CONTENTINFORMATIONTYPE.conformsTo", "mets:mets/@csip:CONTENTINFORMATIONTYPE");
    let label = content_type(root).unwrap_or_default();
    if let Some(concept) = draft.out.concept(&Concept { label, ..Concept::default() }) {
        draft.out.link(item, dcterms::CONFORMS_TO, concept);
    }
}

fn header(draft: &mut Draft<'_, '_>, header: ElementRef<'_>, document: Node) {
    draft.out.rule("mets.metsHdr.dates", "mets:metsHdr");
    draft.moment(document, dcterms::CREATED, header.attribute("CREATEDATE").unwrap_or_default());
    draft.moment(document, dcterms::MODIFIED, header.attribute("LASTMODDATE").unwrap_or_default());
    draft.out.rule("mets.metsHdr.recordStatus", "mets:metsHdr/@RECORDSTATUS");
    let status = header.attribute("RECORDSTATUS").unwrap_or_default();
    if !status.is_empty() {
        draft.out.text(document, premis::NOTE, &format!("record status: {status}"), None);
    }
    draft.out.rule("mets.metsHdr.packageType", "mets:metsHdr/@csip:OAISPACKAGETYPE");
    draft.out.text(document, dc::TYPE, extension(header, "OAISPACKAGETYPE").unwrap_or_default(), None);
    for element in header.elements() {
        match element.name() {
            "altRecordID" | "metsDocumentID" => {
                draft.out.rule("mets.altRecordID.identifier", "mets:metsHdr/mets:altRecordID");
                let kind = element.attribute("TYPE").unwrap_or_default();
                draft.identifier(document, &Identifier { kind: kind.into(), value: element.text() });
            }
            "agent" => agent(draft, element, document),
            _ => {}
        }
    }
}

fn agent(draft: &mut Draft<'_, '_>, agent: ElementRef<'_>, document: Node) {
    let number = draft.number("header-agent");
    let path = format!("mets:metsHdr/mets:agent[{number}]");
    draft.out.rule("mets.agent.agent", &path);
    let of = |name: &str, other: &str| -> String {
        let own = agent.attribute(name).unwrap_or_default();
        let said = agent.attribute(other).filter(|_| own == "OTHER" || own.is_empty());
        said.unwrap_or(own).to_owned()
    };
    let (role, kind) = (of("ROLE", "OTHERROLE"), of("TYPE", "OTHERTYPE"));
    let names = || agent.children("name").map(ElementRef::text).filter(|name| !name.is_empty());
    if names().next().is_none() {
        draft.out.issue(IssueKind::MissingValue, &role, "the name of the agent");
        return;
    }
    let node = draft.out.fragment(&format!("header-agent-{number}"));
    let property = table::find_term("header role", &role).unwrap_or(dcterms::CONTRIBUTOR);
    draft.out.link(document, property, node);
    draft.out.a(node, premis::AGENT);
    let class = table::find_term("agent", &kind);
    class.into_iter().for_each(|class| draft.out.a(node, class));
    let machine = class == Some(premis::SOFTWARE_AGENT) || class == Some(premis::HARDWARE_AGENT);
    for name in names() {
        draft.out.text(node, if machine || class.is_none() { rdfs::LABEL } else { foaf::NAME }, &name, None);
    }
    draft.out.rule("mets.agent.role", &path);
    draft.out.text(node, vocabularies::aarre::ROLE_AS_WRITTEN, &role, None);
    for note in agent.children("note").filter(|note| !note.is_empty()) {
        match extension(note, "NOTETYPE") {
            Some("SOFTWARE VERSION") => {
                draft.out.rule("mets.agent.version", &path);
                draft.out.text(node, premis::VERSION, &note.text(), None);
            }
            Some("IDENTIFICATIONCODE") => {
                draft.out.rule("mets.agent.identifier", &path);
                draft.out.text(node, dcterms::IDENTIFIER, &note.text(), None);
            }
            // Of people these are telephone numbers and addresses, which are nobody's business.
            _ if class == Some(premis::PERSON) => {}
            _ => {
                draft.out.rule("mets.agent.note", &path);
                draft.out.text(node, premis::NOTE, &note.text(), None);
            }
        }
    }
}

/// Who provides the package: the organization that keeps it, or else the one that is answerable for its content, or else
/// the one that made it. Where the record names none, the owner of the dataset is meant.
fn keeper(draft: &mut Draft<'_, '_>, root: ElementRef<'_>) {
    draft.out.rule("mets.agent.dataProvider", "mets:metsHdr/mets:agent");
    for wanted in ["CUSTODIAN", "PRESERVATION", "ARCHIVIST", "SUBMITTER", "IPOWNER", "CREATOR"] {
        let organization = root.path("metsHdr/agent").find(|agent| {
            let role = agent.attribute("ROLE").unwrap_or_default();
            let role = if role == "OTHER" { agent.attribute("OTHERROLE").unwrap_or_default() } else { role };
            role == wanted && agent.attribute("TYPE") == Some("ORGANIZATION")
        });
        if let Some(name) = organization.and_then(|agent| agent.child("name")).map(ElementRef::text)
            && core::data_provider(draft.out, &name, None).is_some()
        {
            return;
        }
    }
}
