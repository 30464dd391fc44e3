//! The whole record, part by part.

use super::control;
use super::dates;
use super::draft::Draft;
use super::history;
use super::identifiers;
use super::names;
use super::parts;
use super::places;
use super::record::EacRecord;
use super::relations;
use super::resources;
use super::table;
use super::text;
use crate::shared::xml::ElementRef;
use graph_model::{AgentKind, Description, IssueKind};
use vocabularies::{dc, edm, foaf, rico};

pub(super) fn describe(record: &EacRecord, out: &mut Description<'_>) {
    let root = record.root();
    out.rule("eac.recordId.identifier", "control/recordId");
    for note in record.element().notes() {
        let (met, expected) = note.words();
        out.issue(IssueKind::BadEncoding, &met, expected);
    }
    let local = out.local().to_owned();
    let item = out.item();
    out.text(item, dc::IDENTIFIER, &local, None);
    if record.given().is_none() {
        out.issue(IssueKind::MissingIdentifier, &local, "a recordId");
    }
    let mut draft = Draft::new(out);
    draft.language = control::language(root);
    let mut identities = root
        .elements()
        .flat_map(|child| match child.name() {
            "multipleIdentities" => child.children("cpfDescription").collect(),
            "cpfDescription" => vec![child],
            _ => Vec::new(),
        })
        .filter(|identity| !text::is_internal(*identity));
    match identities.next() {
        Some(first) => identity(&mut draft, first),
        None => {
            draft.out.a(item, edm::AGENT);
            draft.out.issue_at(
                "cpfDescription",
                IssueKind::MissingTitle,
                "",
                "a cpfDescription with an identity",
            );
        }
    }
    control::describe(&mut draft, root);
    for other in identities {
        draft.out.rule("eac.multipleIdentities.equivalent", "multipleIdentities/cpfDescription");
        let node = draft.fragment("identity");
        draft.out.link(item, rico::IS_EQUIVALENT_TO, node);
        draft.out.link(node, rico::IS_EQUIVALENT_TO, item);
        draft.subject = node;
        identity(&mut draft, other);
    }
}

/// One identity: who it is, what is known of it, whom and what it is related to.
fn identity(draft: &mut Draft<'_, '_>, description: ElementRef<'_>) {
    let identity = description.child("identity");
    draft.out.rule("eac.entityType.kind", "identity/entityType");
    kind(draft, identity);
    let mut same_as = Vec::new();
    if let Some(identity) = identity {
        for id in identity.elements().filter(|child| matches!(child.name(), "entityId" | "identityId")) {
            same_as.extend(identifiers::describe(draft, id));
        }
        names::describe(draft, identity, &same_as);
        for note in identity.children("descriptiveNote") {
            draft.out.rule("eac.identity.note", "identity/descriptiveNote");
            let language = draft.language_of(note);
            let subject = draft.subject;
            draft.out.text(subject, rico::NOTE, &text::prose(note), language);
        }
        if let Some(types) = identity.child("otherEntityTypes") {
            parts::each(draft, types);
        }
    }
    for child in description.elements().filter(|child| !text::is_internal(*child)) {
        match child.name() {
            "identity" => {}
            "description" => {
                let inner = child.elements().filter(|inner| !text::is_internal(*inner));
                // Old exports have one more level, `existDesc` or `places` in `locations`; it says nothing of its own.
                inner.for_each(|part| field(draft, part));
            }
            "relations" => related(draft, child),
            "alternativeSet" => resources::alternatives(draft, child),
            // Some systems write the parts of a description beside it.
            _ => field(draft, child),
        }
    }
}

fn kind(draft: &mut Draft<'_, '_>, identity: Option<ElementRef<'_>>) {
    let kind = identity.and_then(|identity| identity.child("entityType"));
    let written =
        kind.map(|kind| kind.attribute("value").map_or_else(|| kind.text(), Into::into)).unwrap_or_default();
    let subject = draft.subject;
    draft.out.a(subject, edm::AGENT);
    draft.kind = match table::find("kind", &written) {
        Some("person") => AgentKind::Person,
        Some("family") => AgentKind::Family,
        Some(_) => AgentKind::Organization,
        None => {
            draft.out.issue(IssueKind::UnknownCode, &written, "person, corporateBody or family");
            AgentKind::Unknown
        }
    };
    let classes = match draft.kind {
        AgentKind::Person => [foaf::PERSON, rico::PERSON],
        AgentKind::Family => [foaf::GROUP, rico::FAMILY],
        AgentKind::Organization => [foaf::ORGANIZATION, rico::CORPORATE_BODY],
        AgentKind::Unknown | AgentKind::Event => [rico::AGENT, rico::AGENT],
    };
    for class in classes {
        draft.out.a(subject, class);
    }
}

fn field(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    match part.name() {
        "existDates" => dates::existence(draft, part),
        "place" => places::describe(draft, part),
        "places" => {
            part.children("place")
                .filter(|place| !text::is_internal(*place))
                .for_each(|place| places::describe(draft, place));
            parts::wrapper_text(draft, part);
        }
        "biogHist" => history::biography(draft, part),
        "structureOrGenealogy" => history::structure(draft, part),
        "generalContext" => history::context(draft, part),
        "function"
        | "occupation"
        | "legalStatus"
        | "mandate"
        | "languageUsed"
        | "localDescription"
        | "demographicDescription" => parts::one(draft, part),
        "functions"
        | "occupations"
        | "legalStatuses"
        | "mandates"
        | "languagesUsed"
        | "localDescriptions"
        | "demographicDescriptions" => parts::each(draft, part),
        "descriptiveNote" => {
            draft.out.rule("eac.description.note", "description/descriptiveNote");
            let (subject, language) = (draft.subject, draft.language_of(part));
            draft.out.text(subject, rico::NOTE, &text::prose(part), language);
        }
        other => {
            let path = format!("cpfDescription/{other}");
            draft.out.issue_at(&path, IssueKind::UnmappedField, other, "an element of description");
        }
    }
}

fn related(draft: &mut Draft<'_, '_>, relations: ElementRef<'_>) {
    let children = relations.elements().filter(|child| !text::is_internal(*child));
    for (index, child) in children.enumerate() {
        let path = format!("relations/{}[{}]", child.name(), index + 1);
        match child.name() {
            "cpfRelation" => relations::describe(draft, child, &path),
            "resourceRelation" => resources::resource(draft, child, &path),
            "functionRelation" => resources::function(draft, child, &path),
            "relation" => match child.child("targetEntity").and_then(|target| target.attribute("targetType"))
            {
                Some("resource") => resources::resource(draft, child, &path),
                Some("function") => resources::function(draft, child, &path),
                _ => relations::describe(draft, child, &path),
            },
            "descriptiveNote" => {
                draft.out.rule("eac.relations.note", "relations/descriptiveNote");
                let (subject, language) = (draft.subject, draft.language_of(child));
                draft.out.text(subject, rico::NOTE, &text::prose(child), language);
            }
            other => draft.out.issue_at(&path, IssueKind::UnmappedField, other, "a relation"),
        }
    }
}
