//! People and bodies: names in both orders, life dates, identifiers.

use super::draft::Draft;
use super::field::{self, Inherit, Names};
use super::table;
use crate::shared::xml::ElementRef;
use crate::shared::{core, dates, names};
use graph_model::{Agent, AgentKind, IssueKind, Node, content_key};
use vocabularies::{foaf, owl, rdagr2, schema, skos};

/// Describes an `actor`. `None` when it has no name, or one that says that nobody knows.
pub(super) fn describe(draft: &mut Draft<'_, '_>, actor: ElementRef<'_>) -> Option<Node> {
    let known = Names::of(actor.path("nameActorSet/appellationValue"), Inherit::No);
    let first = known.first()?;
    let read = names::read_name(&first.text);
    if is_nobody(&first.text) || is_nobody(&read.name) {
        return None;
    }
    let stated = actor.attribute("type").and_then(|kind| table::find("actor", kind));
    let kind = match stated {
        Some("person") => AgentKind::Person,
        Some("organization") => AgentKind::Organization,
        Some("family") => AgentKind::Family,
        _ if read.kind_hint != AgentKind::Unknown => read.kind_hint,
        // Only people have a gender.
        _ if actor.child("genderActor").is_some_and(|gender| !gender.is_empty()) => AgentKind::Person,
        _ => AgentKind::Unknown,
    };
    let heading = if kind == AgentKind::Person { names::inverted(&read.name) } else { read.name.clone() };
    let (birth, death) = life(draft, actor);
    let same_as = field::iris(draft, actor, "actorID");
    let agent = Agent {
        kind,
        name: &heading,
        language: first.language,
        birth: birth.as_deref().or(read.birth.as_deref()),
        death: death.as_deref().or(read.death.as_deref()),
        qualifier: read.qualifier.as_deref(),
        as_written: Some(&first.text),
        same_as: &same_as,
    };
    let node = draft.out.agent(&agent)?;
    for label in known.preferred.iter().skip(1).chain(&known.others) {
        if label.text != heading {
            draft.out.text(node, skos::ALT_LABEL, &label.text, label.language);
        }
    }
    if let Some(gender) = actor.child("genderActor").map(|gender| field::terms(draft, gender))
        && let Some(label) = gender.first().and_then(|term| term.names.first())
    {
        draft.out.text(node, rdagr2::GENDER, &label.text, label.language);
    }
    for nationality in actor.children("nationalityActor") {
        for term in field::terms(draft, nationality) {
            if let Some(label) = term.names.first() {
                draft.out.text(node, schema::NATIONALITY, &label.text, label.language);
            }
        }
    }
    Some(node)
}

/// Whether a name says that nobody knows: `unbekannt`, `Fotograf unbekannt`, `Unknown maker`.
pub(super) fn is_nobody(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (first, last) = (words.next(), words.next_back());
    let short = words.count() <= 1;
    let says = |word: Option<&str>| word.is_some_and(|word| table::find("nobody", word).is_some());
    table::find("nobody", name).is_some() || (short && (says(first) || says(last)))
}

/// Birth and death as EDTF.
fn life(draft: &mut Draft<'_, '_>, actor: ElementRef<'_>) -> (Option<String>, Option<String>) {
    let Some(vital) = actor.child("vitalDatesActor") else { return (None, None) };
    let read = |draft: &mut Draft<'_, '_>, name: &str| -> Option<String> {
        let element = vital.child(name)?;
        // Years of activity tell namesakes apart but are no birth and no death.
        if element.attribute("type").and_then(|kind| table::find("vital", kind)) == Some("activity") {
            return None;
        }
        let text = element.text();
        if text.is_empty() {
            return None;
        }
        let date = dates::read_date(&text, field::language(element)).map(|span| span.edtf);
        if date.is_none() {
            draft.out.issue(IssueKind::UnreadableDate, &text, "a date of birth or death");
        }
        date
    };
    let birth = read(draft, "earliestDate");
    let death = read(draft, "latestDate");
    if let (Some(born), Some(died)) = (&birth, &death)
        && let Some(span) = dates::read_date(born, None).zip(dates::read_date(died, None))
        && dates::from_bounds(born, died).is_none()
        && span.0 != span.1
    {
        draft.out.issue(IssueKind::ImpossibleDate, &format!("{born}/{died}"), "a birth before the death");
    }
    (birth, death)
}

/// Describes the organization of an element with `legalBodyName` and `legalBodyID`, such as `repositoryName`.
pub(super) fn legal_body(draft: &mut Draft<'_, '_>, body: ElementRef<'_>) -> Option<Node> {
    let known = Names::of(body.path("legalBodyName/appellationValue"), Inherit::No);
    let first = known.first()?;
    let name = first.text.trim_end_matches('/').trim();
    let node = core::organization(draft.out, name, first.language)?;
    let key = content_key(&[name]);
    if !draft.bodies.contains(&key) {
        draft.bodies.push(key);
    }
    known.state_rest(draft, node);
    for iri in field::iris(draft, body, "legalBodyID") {
        if let Some(other) = draft.out.iri(&iri) {
            draft.out.link(node, owl::SAME_AS, other);
        }
    }
    if let Some(page) = body.child("legalBodyWeblink").map(ElementRef::text)
        && page.starts_with("http")
        && let Some(page) = draft.out.iri(&page)
    {
        draft.out.link(node, foaf::HOMEPAGE, page);
    }
    Some(node)
}

/// Describes who holds rights. LIDO calls every one of them a legal body, photographers too, so only one with
/// an identifier or a page, or one that is known as an organization already, is taken for one.
pub(super) fn holder(draft: &mut Draft<'_, '_>, body: ElementRef<'_>) -> Option<Node> {
    let known = Names::of(body.path("legalBodyName/appellationValue"), Inherit::No);
    let first = known.first()?;
    let stated = ["legalBodyID", "legalBodyWeblink"];
    let organization = stated.iter().any(|name| body.children(name).any(|child| !child.text().is_empty()));
    if organization || draft.bodies.contains(&content_key(&[first.text.trim_end_matches('/').trim()])) {
        return legal_body(draft, body);
    }
    let read = names::read_name(&first.text);
    let agent = Agent {
        kind: read.kind_hint,
        name: &read.name,
        language: first.language,
        birth: read.birth.as_deref(),
        death: read.death.as_deref(),
        qualifier: read.qualifier.as_deref(),
        as_written: Some(&first.text),
        same_as: &[],
    };
    draft.out.agent(&agent)
}
