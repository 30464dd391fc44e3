//! What an agent did and was: functions, occupations, mandates, legal statuses, languages, other descriptions.

use super::control;
use super::dates;
use super::draft::Draft;
use super::places;
use super::table;
use super::text;
use crate::shared::xml::ElementRef;
use graph_model::{AgentKind, Concept, Node};
use vocabularies::{dc, dcterms, rdagr2, rdfs, rico};

/// States each part of a wrapper such as `functions`, and what the wrapper says itself.
pub(super) fn each(draft: &mut Draft<'_, '_>, wrapper: ElementRef<'_>) {
    for part in wrapper.elements().filter(|part| !text::is_internal(*part)) {
        if !is_words(part) {
            one(draft, part);
        }
    }
    wrapper_text(draft, wrapper);
}

/// The words that stand in a wrapper beside its parts.
pub(super) fn wrapper_text(draft: &mut Draft<'_, '_>, wrapper: ElementRef<'_>) {
    for words in wrapper.elements().filter(|part| is_words(*part)) {
        draft.out.rule("eac.description.note", &format!("description/{}/{}", wrapper.name(), words.name()));
        let (subject, language) = (draft.subject, draft.language_of(words));
        draft.out.text(subject, rico::GENERAL_DESCRIPTION, &text::prose(words), language);
    }
}

fn is_words(element: ElementRef<'_>) -> bool {
    matches!(element.name(), "descriptiveNote" | "p" | "list" | "outline" | "citation" | "head")
}

/// States one function, occupation, mandate, legal status, language or local description.
pub(super) fn one(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    match part.name() {
        "function" => function(draft, part),
        "occupation" => occupation(draft, part),
        "legalStatus" => legal_status(draft, part),
        "mandate" => mandate(draft, part),
        "languageUsed" => language(draft, part),
        "demographicDescription" => group(draft, part),
        "otherEntityType" => entity_type(draft, part),
        _ => local(draft, part),
    }
}

fn function(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    draft.out.rule("eac.function.activity", "description/functions/function");
    let activity = activity(draft, part);
    for concept in terms(draft, part) {
        draft.out.link(activity, rico::HAS_ACTIVITY_TYPE, concept);
    }
}

fn occupation(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    draft.out.rule("eac.occupation.occupation", "description/occupations/occupation");
    let (subject, activity) = (draft.subject, activity(draft, part));
    for concept in terms(draft, part) {
        draft.out.link(subject, rdagr2::PROFESSION_OR_OCCUPATION, concept);
        draft.out.link(subject, rico::HAS_OR_HAD_OCCUPATION_OF_TYPE, concept);
        draft.out.link(activity, rico::HAS_ACTIVITY_TYPE, concept);
    }
}

/// An activity of the agent, and the relation that says when it was performed.
pub(super) fn activity(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) -> Node {
    let subject = draft.subject;
    let (activity, relation) = (draft.fragment("activity"), draft.fragment("performance"));
    draft.out.link(subject, rico::PERFORMS_OR_PERFORMED, activity);
    draft.out.a(activity, rico::ACTIVITY);
    draft.out.link(subject, rico::THING_IS_TARGET_OF_RELATION, relation);
    draft.out.a(relation, rico::PERFORMANCE_RELATION);
    draft.out.link(relation, rico::RELATION_HAS_SOURCE, activity);
    draft.out.link(relation, rico::RELATION_HAS_TARGET, subject);
    circumstances(draft, relation, part);
    activity
}

/// ISAAR(CPF) 5.2.4 has the legal status and the type of a body in one element, so for bodies it is both.
fn legal_status(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    draft.out.rule("eac.legalStatus.status", "description/legalStatuses/legalStatus");
    let subject = draft.subject;
    let concepts = terms(draft, part);
    for concept in &concepts {
        draft.out.link(subject, rico::HAS_OR_HAD_LEGAL_STATUS, *concept);
        if draft.kind == AgentKind::Organization {
            draft.out.link(subject, rico::HAS_OR_HAD_CORPORATE_BODY_TYPE, *concept);
        }
    }
    typed(draft, part, &concepts);
}

fn group(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    draft.out.rule("eac.demographicDescription.group", "description/demographicDescriptions");
    let subject = draft.subject;
    let gender = part.attribute("localType").and_then(|kind| table::find("local", kind)) == Some("gender");
    let concepts = terms(draft, part);
    for concept in &concepts {
        draft.out.link(subject, rico::HAS_OR_HAD_DEMOGRAPHIC_GROUP, *concept);
    }
    if gender {
        told(draft, part);
    }
    typed(draft, part, &concepts);
}

fn entity_type(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    draft.out.rule("eac.otherEntityType.type", "identity/otherEntityTypes/otherEntityType");
    let subject = draft.subject;
    let property = match draft.kind {
        AgentKind::Organization => rico::HAS_OR_HAD_CORPORATE_BODY_TYPE,
        AgentKind::Family => rico::HAS_FAMILY_TYPE,
        _ => rico::HAS_OR_HAD_DEMOGRAPHIC_GROUP,
    };
    let concepts = terms(draft, part);
    for concept in &concepts {
        draft.out.link(subject, property, *concept);
    }
    typed(draft, part, &concepts);
}

/// When and why an agent is of a type, where the source says it: a relation of its own.
fn typed(draft: &mut Draft<'_, '_>, part: ElementRef<'_>, concepts: &[Node]) {
    let detail = part.elements().any(|child| !matches!(child.name(), "term" | "#text"));
    if !detail {
        return;
    }
    let (subject, relation) = (draft.subject, draft.fragment("type"));
    draft.out.link(subject, rico::THING_IS_TARGET_OF_RELATION, relation);
    draft.out.a(relation, rico::TYPE_RELATION);
    draft.out.link(relation, rico::RELATION_HAS_TARGET, subject);
    for concept in concepts {
        draft.out.link(relation, rico::RELATION_HAS_SOURCE, *concept);
    }
    circumstances(draft, relation, part);
}

/// A mandate that is cited or named is a thing with a relation; one that is only told is text.
fn mandate(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    draft.out.rule("eac.mandate.mandate", "description/mandates/mandate");
    let (subject, language) = (draft.subject, draft.language_of(part));
    let cited: Vec<ElementRef<'_>> = part
        .elements()
        .filter(|child| matches!(child.name(), "citation" | "reference" | "term") && !child.is_empty())
        .collect();
    if cited.is_empty() {
        let dated = part.elements().any(|child| child.name().starts_with("date"));
        for note in part.children("descriptiveNote") {
            let words = text::prose(note);
            draft.out.text(subject, rico::AUTHORIZING_MANDATE, &words, language);
            let mut addresses = control::addresses(&words);
            // One address is that of the mandate; which of several is whose nobody says.
            if let (Some(address), None) = (addresses.next(), addresses.next())
                && let Some(page) = draft.out.iri(address)
            {
                let mandate = draft.fragment("mandate");
                draft.out.a(mandate, rico::MANDATE);
                draft.out.link(subject, rico::AUTHORIZED_BY, mandate);
                draft.out.text(mandate, rico::TITLE, &words, language);
                draft.out.link(mandate, rdfs::SEE_ALSO, page);
            }
        }
        if dated {
            let mandate = draft.fragment("mandate");
            authorized(draft, mandate, part);
        }
        return;
    }
    let mandate = draft.fragment("mandate");
    for named in cited {
        draft.out.text(mandate, rico::TITLE, &named.text(), language);
        control::see_also(draft, mandate, named);
    }
    authorized(draft, mandate, part);
}

fn authorized(draft: &mut Draft<'_, '_>, mandate: Node, part: ElementRef<'_>) {
    let (subject, relation) = (draft.subject, draft.fragment("authorization"));
    draft.out.a(mandate, rico::MANDATE);
    draft.out.link(subject, rico::AUTHORIZED_BY, mandate);
    draft.out.link(subject, rico::THING_IS_TARGET_OF_RELATION, relation);
    draft.out.a(relation, rico::MANDATE_RELATION);
    draft.out.link(relation, rico::RELATION_HAS_SOURCE, mandate);
    draft.out.link(relation, rico::RELATION_HAS_TARGET, subject);
    dates::state(draft, relation, part, dates::RELATION);
    for note in part.children("descriptiveNote") {
        let language = draft.language_of(note);
        draft.out.text(relation, rico::NOTE, &text::prose(note), language);
    }
    related_places(draft, relation, part);
}

fn language(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    draft.out.rule("eac.languageUsed.language", "description/languageUsed");
    let subject = draft.subject;
    for one in part.children("language") {
        let code = one.attribute("languageCode").unwrap_or_default();
        control::spoken(draft, subject, code, &one.text());
    }
}

/// A local description, by the word that says what kind it is.
fn local(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    let kind = part.attribute("localType").unwrap_or_default();
    draft.out.rule("eac.localDescription.description", "description/localDescription");
    let subject = draft.subject;
    match table::find("local", kind) {
        Some("subject") => {
            for concept in terms(draft, part) {
                draft.out.link(subject, dc::SUBJECT, concept);
            }
        }
        Some("gender") => told(draft, part),
        Some("group") => group(draft, part),
        Some("occupation") => occupation(draft, part),
        Some("function") => function(draft, part),
        Some("place") => places::describe(draft, part),
        _ => {
            // The kind is part of what is said: `height: 1.80 m`.
            let (language, words) = (draft.language_of(part), text::prose(part));
            let kind = table::last_segment(kind);
            if !words.is_empty() {
                let told = if kind.is_empty() { words } else { format!("{kind}: {words}") };
                draft.out.text(subject, rico::GENERAL_DESCRIPTION, &told, language);
            }
        }
    }
}

fn told(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    let (subject, language) = (draft.subject, draft.language_of(part));
    for term in part.children("term") {
        draft.out.text(subject, rdagr2::GENDER, &term.text(), language);
    }
}

/// The concepts that the terms of an element name, and its countries where it has no terms.
fn terms(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for term in part.children("term") {
        let language = draft.language_of(term);
        let attribute = |name: &str| term.attribute(name).or_else(|| part.attribute(name)).map(str::trim);
        let is_iri = |text: &&str| text.starts_with("http://") || text.starts_with("https://");
        let source = attribute("vocabularySource").unwrap_or_default();
        let same_as: Vec<String> =
            attribute("valueURI").filter(is_iri).map(table::thing).into_iter().collect();
        let scheme = attribute("vocabularySourceURI")
            .filter(is_iri)
            .or_else(|| Some(source).filter(is_iri))
            .or_else(|| table::find("scheme", source));
        let words = term.text();
        let label = words.trim_end_matches('.');
        nodes.extend(draft.out.concept(&Concept { label, language, scheme, same_as: &same_as }));
    }
    if nodes.is_empty() {
        for place in part.elements().filter(|child| matches!(child.name(), "placeEntry" | "placeName")) {
            let country = place.attribute("countryCode").and_then(vocabularies::countries::by_iso_3166);
            let words = place.text();
            let label = if words.is_empty() { country.map_or("", |country| country.name) } else { &words };
            nodes.extend(draft.out.concept(&Concept { label, ..Concept::default() }));
        }
    }
    nodes
}

/// When, where and with which notes: the dates, places, notes and citations of an element, on the node of its relation.
pub(super) fn circumstances(draft: &mut Draft<'_, '_>, node: Node, part: ElementRef<'_>) {
    dates::state(draft, node, part, dates::RELATION);
    notes(draft, node, part);
    if part.child("term").is_some() {
        related_places(draft, node, part);
    }
}

fn related_places(draft: &mut Draft<'_, '_>, node: Node, part: ElementRef<'_>) {
    for place in part.elements().filter(|child| matches!(child.name(), "placeEntry" | "placeName")) {
        if let Some(place) = places::named(draft, place, None) {
            draft.out.link(node, rico::IS_ASSOCIATED_WITH_PLACE, place);
        }
    }
}

/// Descriptive notes and citations.
pub(super) fn notes(draft: &mut Draft<'_, '_>, node: Node, part: ElementRef<'_>) {
    for child in part.elements().filter(|child| !text::is_internal(*child)) {
        let language = draft.language_of(child);
        match child.name() {
            "descriptiveNote" => draft.out.text(node, rico::NOTE, &text::prose(child), language),
            "citation" => {
                draft.out.text(node, dcterms::BIBLIOGRAPHIC_CITATION, &child.text(), language);
                control::see_also(draft, node, child);
            }
            _ => {}
        }
    }
}
