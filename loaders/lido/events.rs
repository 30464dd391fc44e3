//! Events: what happened to the object, who took part, when, where and with what.

use super::draft::Draft;
use super::field::{self, Term};
use super::materials::{self, Making};
use super::{actors, identification, places, table, times};
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node};
use oxrdf::NamedNodeRef;
use vocabularies::lido_events::{self, LidoEvent};
use vocabularies::relators::{self, Relator};
use vocabularies::{aarre, bf, crm, dc, dcterms, rdfs};

/// What an event means in the graph: from the table, by its CIDOC CRM class and its LIDO type.
struct Meaning {
    class: NamedNodeRef<'static>,
    /// The word for the fragment.
    word: &'static str,
    /// From the item to the event.
    property: NamedNodeRef<'static>,
    /// From the event to those who took part.
    participation: NamedNodeRef<'static>,
    /// What the core layer takes from it.
    core: &'static str,
}

impl Meaning {
    fn of(event: Option<&LidoEvent>) -> Self {
        let class = event.map_or(crm::E5_EVENT, |event| event.class);
        let name = vocabularies::qname(class.as_str()).unwrap_or_default();
        let mut columns = table::find("class", &name).unwrap_or_default().split(' ');
        let word = columns.next().filter(|word| !word.is_empty()).unwrap_or("event");
        let property = columns.next().and_then(table::term).unwrap_or(crm::P12I_WAS_PRESENT_AT);
        let participation = columns.next().and_then(table::term).unwrap_or(crm::P11_HAD_PARTICIPANT);
        let core = event.and_then(|event| table::find("core", event.code)).unwrap_or_default();
        let own = event.and_then(|event| table::find("event", event.code));
        let word = own.unwrap_or(word);
        Self { class, word, property, participation, core }
    }

    fn says(&self, what: &str) -> bool {
        self.core.split(' ').any(|word| word == what)
    }
}

pub(super) fn describe(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let mut designs = Vec::new();
    for (index, set) in wrap.children("eventSet").enumerate() {
        let path = format!("lido:eventSet[{}]", index + 1);
        let displayed: Vec<_> = field::texts(set, "displayEvent").collect();
        let events: Vec<_> = set.children("event").filter(|event| !event.is_empty()).collect();
        if events.is_empty() && !displayed.is_empty() {
            draft.out.rule("lido.displayEvent.event", &path);
            let node = begin(draft, &Meaning::of(None));
            for label in &displayed {
                draft.out.text(node, crm::P3_HAS_NOTE, &label.text, label.language);
            }
        }
        for event in events {
            let (node, design) = one(draft, event, &path);
            designs.extend(design);
            draft.out.rule("lido.displayEvent.note", &path);
            let said: Vec<_> =
                event.path("eventName/appellationValue").chain(event.path("eventType/term")).collect();
            for label in displayed.iter().filter(|label| said.iter().all(|said| said.text() != label.text)) {
                draft.out.text(node, crm::P3_HAS_NOTE, &label.text, label.language);
            }
        }
    }
    // What was designed but has no date of making is dated by its design.
    if !draft.created {
        for (dated, path) in designs {
            draft.out.rule("lido.eventDate.created", &path);
            created(draft, &dated);
        }
    }
}

fn begin(draft: &mut Draft<'_, '_>, meaning: &Meaning) -> Node {
    let (item, node) = (draft.item, draft.fragment(meaning.word));
    draft.out.link(item, meaning.property, node);
    draft.out.a(node, meaning.class);
    node
}

fn created(draft: &mut Draft<'_, '_>, dated: &times::Dated) {
    let item = draft.item;
    if let Some(span) = &dated.span {
        draft.out.dated(item, dcterms::CREATED, span, &dated.written);
    }
}

type Design = (times::Dated, String);

fn one(draft: &mut Draft<'_, '_>, event: ElementRef<'_>, path: &str) -> (Node, Option<Design>) {
    draft.out.rule("lido.eventType.event", path);
    let types: Vec<Term<'_>> =
        event.children("eventType").flat_map(|kind| field::terms(draft, kind)).collect();
    let known = kind_of(draft, &types);
    let meaning = Meaning::of(known);
    let node = begin(draft, &meaning);
    let kind = known.and_then(|known| draft.out.iri(known.iri));
    if let Some(kind) = kind {
        draft.out.link(node, crm::P2_HAS_TYPE, kind);
    } else {
        for term in &types {
            if let Some(kind) = term.node(draft) {
                draft.out.link(node, crm::P2_HAS_TYPE, kind);
            }
        }
    }
    draft.out.rule("lido.eventName.label", path);
    for name in event.children("eventName") {
        let names = identification::names(name);
        for label in names.preferred.iter().chain(&names.others) {
            draft.out.text(node, rdfs::LABEL, &label.text, label.language);
        }
    }
    for (index, actor) in event.children("eventActor").enumerate() {
        participant(draft, actor, node, &meaning, &format!("{path}/lido:eventActor[{}]", index + 1));
    }
    let design = date(draft, event, node, &meaning, path);
    place(draft, event, node, &meaning, path);
    context(draft, event, node, path);
    let making = if meaning.says("medium") { Making::Yes } else { Making::No };
    draft.out.rule("lido.eventMaterialsTech.medium", &format!("{path}/lido:eventMaterialsTech"));
    for used in event.children("eventMaterialsTech") {
        materials::describe(draft, used, Some(node), making);
    }
    (node, design)
}

/// The type of the event, by identifier before words.
fn kind_of(draft: &mut Draft<'_, '_>, types: &[Term<'_>]) -> Option<&'static LidoEvent> {
    let iris = types.iter().flat_map(|term| &term.iris);
    let labels = || {
        let names = types.iter().map(|term| &term.names);
        names.flat_map(|names| names.preferred.iter().chain(&names.others)).map(|label| &*label.text)
    };
    let known = iris
        .filter_map(|iri| lido_events::by_iri(iri))
        .next()
        .or_else(|| labels().find_map(lido_events::by_term));
    if known.is_none() {
        match labels().next() {
            Some(met) => {
                draft.out.issue(IssueKind::UnknownCode, met, "an event type of the LIDO Terminology");
            }
            None => draft.out.issue(IssueKind::MissingValue, "", "a lido:eventType"),
        }
    }
    known
}

fn participant(draft: &mut Draft<'_, '_>, set: ElementRef<'_>, event: Node, meaning: &Meaning, path: &str) {
    draft.out.rule("lido.eventActor.participant", path);
    let parts: Vec<_> = set.children("actorInRole").filter(|part| !part.is_empty()).collect();
    let displayed: Vec<_> = field::texts(set, "displayActorInRole").collect();
    let mut any = false;
    for part in parts {
        let Some(actor) = part.child("actor").and_then(|actor| actors::describe(draft, actor)) else {
            // That nobody knows who it was is worth a note.
            let names = part.path("actor/nameActorSet/appellationValue").map(ElementRef::text);
            if displayed.is_empty()
                && let Some(name) = names.into_iter().find(|name| !name.is_empty())
            {
                draft.out.text(event, crm::P3_HAS_NOTE, &name, None);
            }
            continue;
        };
        any = true;
        let roles: Vec<Term<'_>> =
            part.children("roleActor").flat_map(|role| field::terms(draft, role)).collect();
        let relator = roles.iter().find_map(relator_of);
        draft.out.link(event, participation(meaning, relator), actor);

        let item = draft.item;
        let contribution = draft.fragment("contribution");
        draft.out.link(event, aarre::CONTRIBUTION, contribution);
        draft.out.link(item, bf::CONTRIBUTION, contribution);
        draft.out.a(contribution, bf::CONTRIBUTION_CLASS);
        draft.out.link(contribution, bf::AGENT, actor);
        state_roles(draft, contribution, relator, &roles);
        let qualifiers: Vec<_> = field::texts(part, "attributionQualifierActor").collect();
        for label in &qualifiers {
            draft.out.text(contribution, aarre::ATTRIBUTION_QUALIFIER, &label.text, label.language);
        }
        for label in field::texts(part, "extentActor") {
            draft.out.text(contribution, aarre::ROLE_AS_WRITTEN, &label.text, label.language);
        }
        // "Workshop of" and "after" name somebody who did not make this very thing.
        let doubtful =
            qualifiers.iter().any(|label| table::find("qualifier", &label.text) != Some("creator"));
        if let Some((property, rule)) = core_property(meaning, relator, doubtful) {
            draft.out.rule(rule, path);
            draft.out.link(item, property, actor);
            draft.out.rule("lido.eventActor.participant", path);
        }
    }
    for label in displayed {
        // Where the structured form says all, its display adds nothing.
        if !any {
            draft.out.text(event, crm::P3_HAS_NOTE, &label.text, label.language);
        }
    }
}

fn relator_of(role: &Term<'_>) -> Option<&'static Relator> {
    let names = role.names.preferred.iter().chain(&role.names.others);
    let by_iri = role.iris.iter().find_map(|iri| relators::by_iri(iri));
    by_iri.or_else(|| {
        names.map(|label| &*label.text).find_map(|text| {
            // German texts write both genders in one word: Bildhauer*in.
            relators::by_term(text).or_else(|| relators::by_term(text.split(['*', '/', ':']).next()?))
        })
    })
}

fn state_roles(draft: &mut Draft<'_, '_>, contribution: Node, relator: Option<&Relator>, roles: &[Term<'_>]) {
    if let Some(role) = relator.and_then(|relator| draft.out.iri(relator.iri)) {
        draft.out.link(contribution, bf::ROLE, role);
    }
    for role in roles {
        if relator.is_none()
            && let Some(node) = role.node(draft)
        {
            draft.out.link(contribution, bf::ROLE, node);
        }
        for label in &role.names.preferred {
            draft.out.text(contribution, aarre::ROLE_AS_WRITTEN, &label.text, label.language);
        }
    }
}

/// How somebody took part: who gives and who gets an object is told by the role.
fn participation(meaning: &Meaning, relator: Option<&Relator>) -> NamedNodeRef<'static> {
    let side = relator.and_then(|relator| table::find("transfer", relator.code));
    match (meaning.class, side) {
        (class, Some("to")) if class == crm::E8_ACQUISITION => crm::P22_TRANSFERRED_TITLE_TO,
        (class, Some("from")) if class == crm::E8_ACQUISITION => crm::P23_TRANSFERRED_TITLE_FROM,
        (class, Some("to")) if class == crm::E10_TRANSFER_OF_CUSTODY => crm::P29_CUSTODY_RECEIVED_BY,
        (class, Some("from")) if class == crm::E10_TRANSFER_OF_CUSTODY => crm::P28_CUSTODY_SURRENDERED_BY,
        _ => meaning.participation,
    }
}

/// What the core layer says of somebody who took part, and the rule that says it.
fn core_property(
    meaning: &Meaning,
    relator: Option<&Relator>,
    doubtful: bool,
) -> Option<(NamedNodeRef<'static>, &'static str)> {
    let of_event = ["creator", "publisher", "contributor"].into_iter().find(|what| meaning.says(what))?;
    let of_role = relator.and_then(|relator| table::find("role", relator.code));
    match of_role.unwrap_or(of_event) {
        "none" => None,
        "publisher" => Some((dc::PUBLISHER, "lido.eventActor.publisher")),
        "creator" if of_event == "creator" && !doubtful => Some((dc::CREATOR, "lido.eventActor.creator")),
        _ => Some((dc::CONTRIBUTOR, "lido.eventActor.contributor")),
    }
}

fn date(
    draft: &mut Draft<'_, '_>,
    event: ElementRef<'_>,
    node: Node,
    meaning: &Meaning,
    path: &str,
) -> Option<Design> {
    let element = event.child("eventDate")?;
    let path = format!("{path}/lido:eventDate");
    draft.out.rule("lido.eventDate.timeSpan", &path);
    let dated = times::read(draft, element)?;
    match &dated.span {
        Some(span) => draft.out.dated(node, crm::P4_HAS_TIME_SPAN, span, &dated.written),
        None => draft.out.text(node, aarre::AS_WRITTEN, &dated.written, None),
    }
    if meaning.says("created") {
        draft.out.rule("lido.eventDate.created", &path);
        draft.created |= dated.span.is_some();
        created(draft, &dated);
    } else if meaning.says("issued")
        && let Some(span) = &dated.span
    {
        let item = draft.item;
        draft.out.rule("lido.eventDate.issued", &path);
        draft.out.dated(item, dcterms::ISSUED, span, &dated.written);
    } else if meaning.says("design") {
        return Some((dated, path));
    }
    None
}

fn place(draft: &mut Draft<'_, '_>, event: ElementRef<'_>, node: Node, meaning: &Meaning, path: &str) {
    let item = draft.item;
    for element in event.children("eventPlace").filter(|place| !place.is_empty()) {
        draft.out.rule("lido.eventPlace.place", path);
        let Some(place) = places::displayed(draft, element) else { continue };
        let at = if meaning.class == crm::E9_MOVE { crm::P26_MOVED_TO } else { crm::P7_TOOK_PLACE_AT };
        draft.out.link(node, at, place);
        if meaning.says("spatial") {
            draft.out.rule("lido.eventPlace.spatial", path);
            draft.out.link(item, dcterms::SPATIAL, place);
        }
    }
}

/// Culture, period, method, other things and other words about the event.
fn context(draft: &mut Draft<'_, '_>, event: ElementRef<'_>, node: Node, path: &str) {
    for child in event.elements() {
        match child.name() {
            "culture" | "periodName" => {
                draft.out.rule("lido.culture.period", path);
                for term in field::terms(draft, child) {
                    let label = term.label().unwrap_or_default();
                    let unknown =
                        label.rsplit(':').next().is_some_and(|word| table::find("nobody", word).is_some());
                    if !unknown && let Some(culture) = term.node(draft) {
                        draft.out.link(node, crm::P10_FALLS_WITHIN, culture);
                    }
                }
            }
            "eventMethod" => {
                draft.out.rule("lido.eventMethod.technique", path);
                for term in field::terms(draft, child) {
                    if let Some(method) = term.node(draft) {
                        draft.out.link(node, crm::P32_USED_GENERAL_TECHNIQUE, method);
                    }
                }
            }
            "eventDescriptionSet" => {
                draft.out.rule("lido.eventDescription.note", path);
                for label in field::texts(child, "descriptiveNoteValue") {
                    draft.out.text(node, crm::P3_HAS_NOTE, &label.text, label.language);
                }
            }
            "thingPresent" => {
                draft.out.rule("lido.thingPresent.note", path);
                for label in field::texts(child, "displayObject") {
                    draft.out.text(node, crm::P3_HAS_NOTE, &label.text, label.language);
                }
            }
            _ => {}
        }
    }
}
