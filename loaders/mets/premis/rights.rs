//! Rights: the basis on which an object may be kept and used, and what it allows and forbids.

use super::{coded, identifier, identifiers, text};
use crate::mets::draft::Draft;
use crate::mets::table;
use crate::shared::xml::ElementRef;
use crate::shared::{core, rights};
use graph_model::{IssueKind, Node};
use vocabularies::{dc, dcterms, premis, prov, rdfs};

pub(super) fn describe(draft: &mut Draft<'_, '_>, statement: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.rightsBasis.basis", path);
    let basis = text(statement, "rightsBasis");
    let class = table::find_term("basis", &basis);
    draft.out.a(node, class.unwrap_or(premis::RIGHTS_BASIS));
    if class.is_none() || class == Some(premis::RIGHTS_BASIS) {
        let other = text(statement, "otherRightsBasis");
        let other =
            statement.path("otherRightsInformation/otherRightsBasis").next().map_or(other, ElementRef::text);
        draft.out.text(node, rdfs::LABEL, if other.is_empty() { &basis } else { &other }, None);
        if class.is_none() {
            draft.out.issue(IssueKind::UnknownCode, &basis, "copyright, license, statute, policy or other");
        }
    }
    for identifier in identifiers(statement, "rightsStatementIdentifier") {
        draft.identifier(node, &identifier);
    }
    for information in statement.elements() {
        if matches!(
            information.name(),
            "copyrightInformation" | "licenseInformation" | "statuteInformation" | "otherRightsInformation"
        ) {
            basis_information(draft, information, node, path);
        }
    }
    for granted in statement.children("rightsGranted") {
        rule(draft, granted, node, path);
    }
    for link in statement.children("linkingAgentIdentifier").filter_map(identifier) {
        draft.out.rule("premis.linkingAgentIdentifier.influence", path);
        let agent = draft.named("agent", Some(&link));
        draft.out.link(node, prov::WAS_INFLUENCED_BY, agent);
        if !draft.is_told(agent) {
            draft.out.a(agent, premis::AGENT);
            draft.identifier(agent, &link);
        }
    }
    for link in statement.children("linkingObjectIdentifier").filter_map(identifier) {
        draft.out.rule("premis.linkingObjectIdentifier.governs", path);
        let object = draft.object(&link);
        if draft.is_told(object) {
            draft.out.link(object, dcterms::RIGHTS, node);
        } else {
            draft.out.a(object, premis::OBJECT);
            draft.identifier(object, &link);
        }
        draft.out.link(node, premis::GOVERNS, object);
    }
}

fn basis_information(draft: &mut Draft<'_, '_>, information: ElementRef<'_>, node: Node, path: &str) {
    for part in information.elements().filter(|part| !part.is_empty()) {
        match part.name() {
            "copyrightJurisdiction" | "statuteJurisdiction" => {
                draft.out.rule("premis.jurisdiction.jurisdiction", path);
                draft.out.text(node, premis::JURISDICTION, &part.text(), None);
            }
            "copyrightNote" | "licenseNote" | "statuteNote" | "otherRightsNote" => {
                draft.out.rule("premis.rightsNote.note", path);
                draft.out.text(node, premis::NOTE, &part.text(), None);
            }
            "licenseTerms" => {
                draft.out.rule("premis.licenseTerms.terms", path);
                draft.out.text(node, premis::TERMS, &part.text(), None);
            }
            "statuteCitation" => {
                draft.out.rule("premis.statuteCitation.citation", path);
                draft.out.text(node, premis::CITATION, &part.text(), None);
            }
            name if name.ends_with("DocumentationIdentifier") || name == "licenseIdentifier" => {
                draft.out.rule("premis.documentationIdentifier.documentation", path);
                documentation(draft, part, node);
            }
            _ => {}
        }
    }
}

fn documentation(draft: &mut Draft<'_, '_>, part: ElementRef<'_>, node: Node) {
    let Some(id) = identifier(part) else { return };
    if id.value.starts_with("http") {
        if let Some(iri) = draft.out.iri(&id.value) {
            draft.out.link(node, premis::DOCUMENTATION, iri);
        }
    } else {
        let document = draft.named("document", Some(&id));
        draft.out.link(node, premis::DOCUMENTATION, document);
        draft.out.a(document, premis::DOCUMENTATION_CLASS);
        draft.identifier(document, &id);
    }
}

/// One grant may name several acts; what restricts it restricts them all.
fn rule(draft: &mut Draft<'_, '_>, granted: ElementRef<'_>, node: Node, path: &str) {
    draft.out.rule("premis.rightsGranted.rule", path);
    if granted.is_empty() {
        return;
    }
    let rule = draft.fragment("rule");
    let restrictions = || granted.children("restriction").map(ElementRef::text);
    // What some systems write as a restriction is that there is no grant at all.
    let forbidden = restrictions()
        .any(|word| matches!(word.to_lowercase().as_str(), "disallow" | "disallowed" | "prohibited"));
    draft.out.link(node, if forbidden { premis::PROHIBITS } else { premis::ALLOWS }, rule);
    draft.out.a(rule, premis::RULE);
    for act in granted.children("act").filter(|act| !act.is_empty()) {
        draft.out.text(rule, rdfs::LABEL, &act.text(), None);
        match coded(act, "event") {
            Some(action) => draft.out.term(rule, premis::ACT, action),
            None => {
                let expected = "an action such as replicate, migrate, modify, disseminate or delete";
                draft.out.issue(IssueKind::UnknownCode, &act.text(), expected);
            }
        }
    }
    for restriction in restrictions() {
        draft.out.text(rule, premis::RESTRICTION, &restriction, None);
    }
    for note in granted.children("rightsGrantedNote") {
        draft.out.text(rule, premis::NOTE, &note.text(), None);
    }
    for term in granted.children("termOfGrant").chain(granted.children("termOfRestriction")) {
        draft.moment(rule, premis::START_DATE, &text(term, "startDate"));
        draft.moment(rule, premis::END_DATE, &text(term, "endDate"));
    }
}

/// Says that rights govern what their section belongs to, since when and how it was found out.
pub(super) fn attach(draft: &mut Draft<'_, '_>, statement: ElementRef<'_>, node: Node, owner: Node) {
    draft.out.link(owner, dcterms::RIGHTS, node);
    let mut status = None;
    for information in statement.elements() {
        let copyright = information.child("copyrightStatus").filter(|status| !status.is_empty());
        let determined = information
            .elements()
            .find(|part| part.name().ends_with("DeterminationDate"))
            .map(ElementRef::text)
            .unwrap_or_default();
        let dates = information.elements().find(|part| part.name().ends_with("ApplicableDates"));
        if copyright.is_none() && determined.is_empty() && dates.is_none() {
            continue;
        }
        let status = *status.get_or_insert_with(|| {
            let fragment = draft.fragment("rights-status");
            draft.out.link(owner, premis::RIGHTS_STATUS, fragment);
            draft.out.a(fragment, premis::RIGHTS_STATUS_CLASS);
            draft.out.link(fragment, premis::BASIS, node);
            fragment
        });
        if let Some(written) = copyright {
            draft.out.text(status, rdfs::LABEL, &written.text(), None);
            match coded(written, "copyright") {
                Some(class) => draft.out.a(status, class),
                None => {
                    let expected = "copyrighted, public domain or unknown";
                    draft.out.issue(IssueKind::UnknownCode, &written.text(), expected);
                }
            }
        }
        draft.moment(status, premis::DETERMINATION_DATE, &determined);
        if let Some(dates) = dates {
            draft.moment(status, premis::START_DATE, &text(dates, "startDate"));
            draft.moment(status, premis::END_DATE, &text(dates, "endDate"));
        }
    }
    if owner == draft.item {
        core_rights(draft, statement);
    }
}

/// A licence or statement that has an address is what the core layer calls the rights to the object.
fn core_rights(draft: &mut Draft<'_, '_>, statement: ElementRef<'_>) {
    let told = [
        "licenseTerms",
        "licenseIdentifierValue",
        "licenseDocumentationIdentifierValue",
        "otherRightsDocumentationIdentifierValue",
    ];
    let words = statement.descendants().filter(|part| told.contains(&part.name())).map(ElementRef::text);
    for word in words {
        if !draft.rights && rights::statement(&word).is_some() {
            draft.rights = true;
            let aggregation = core::aggregation(draft.out);
            core::rights(draft.out, aggregation, &word, None);
        }
    }
    if !draft.rights {
        for terms in statement.path("licenseInformation/licenseTerms") {
            let aggregation = core::aggregation(draft.out);
            draft.out.text(aggregation, dc::RIGHTS, &terms.text(), None);
        }
    }
}
