//! What the object is called, where it is kept, what is written on it, how it looks.

use super::draft::Draft;
use super::field::{self, Inherit, Names, Rank};
use super::materials::{self, Making};
use super::{actors, measurements, places, table};
use crate::shared::xml::ElementRef;
use graph_model::IssueKind;
use vocabularies::{aarre, crm, dc, dcterms, edm};

pub(super) fn describe(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    titles(draft, wrap);
    for (index, set) in wrap.path("repositoryWrap/repositorySet").enumerate() {
        repository(draft, set, index + 1);
    }
    inscriptions(draft, wrap);
    state_and_edition(draft, wrap);
    descriptions(draft, wrap);
    draft.out.rule("lido.objectMaterialsTech.medium", "lido:objectMaterialsTechSet");
    for set in wrap.path("objectMaterialsTechWrap/objectMaterialsTechSet") {
        materials::describe(draft, set, None, Making::Yes);
    }
    measurements::describe(draft, wrap);
}

/// The words of a translation: titles, descriptions, the place, materials and measurements as displayed.
pub(super) fn translation(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    titles(draft, wrap);
    for (index, set) in wrap.path("repositoryWrap/repositorySet").enumerate() {
        location(draft, set, &format!("lido:repositorySet[{}]", index + 1));
    }
    descriptions(draft, wrap);
    draft.out.rule("lido.objectMaterialsTech.medium", "lido:objectMaterialsTechSet");
    for set in wrap.path("objectMaterialsTechWrap/objectMaterialsTechSet") {
        materials::describe(draft, set, None, Making::Yes);
    }
    measurements::displayed(draft, wrap);
}

/// Preferred titles, one a language, are titles; all others are alternatives.
fn titles(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let item = draft.item;
    let mut labels = Vec::new();
    for set in wrap.path("titleWrap/titleSet") {
        let alternative =
            set.attribute("type").and_then(|kind| table::find("title", kind)) == Some("alternative");
        for mut label in field::texts(set, "appellationValue") {
            if alternative {
                label.rank = Rank::Alternate;
            }
            labels.push(label);
        }
    }
    let only = labels.len() == 1;
    let names = Names::sort(labels);
    for label in names.preferred.iter().chain(&names.others) {
        let first = names.first().is_some_and(|first| std::ptr::eq(first, label));
        let preferred = names.preferred.iter().any(|known| std::ptr::eq(known, label));
        let title = first || only || (preferred && label.rank != Rank::Alternate);
        let (rule, property) = if title {
            ("lido.titleSet.title", dc::TITLE)
        } else {
            ("lido.titleSet.alternative", dcterms::ALTERNATIVE)
        };
        draft.out.rule(rule, "lido:titleSet");
        draft.out.text(item, property, &label.text, label.language);
    }
}

/// A record without a title goes by the kind of its object, as LIDO asks of the museums themselves.
pub(super) fn title_at_least(draft: &mut Draft<'_, '_>, root: ElementRef<'_>) {
    const TITLES: &str = "descriptiveMetadata/objectIdentificationWrap/titleWrap/titleSet/appellationValue";
    if root.path(TITLES).any(|title| !title.text().is_empty()) {
        return;
    }
    let item = draft.item;
    draft.out.rule("lido.objectWorkType.title", "lido:titleSet");
    draft.out.issue(IssueKind::MissingTitle, "", "a lido:titleSet with an appellationValue");
    if let Some((kind, language)) = draft.kind.take() {
        draft.out.text(item, dc::TITLE, &kind, language.as_deref());
    }
}

fn repository(draft: &mut Draft<'_, '_>, set: ElementRef<'_>, number: usize) {
    let item = draft.item;
    let path = format!("lido:repositorySet[{number}]");
    let former = is_former(set);
    draft.out.rule("lido.repositoryName.keeper", &path);
    if let Some(name) = set.child("repositoryName")
        && let Some(keeper) = actors::legal_body(draft, name)
    {
        let property =
            if former { crm::P49_HAS_FORMER_OR_CURRENT_KEEPER } else { crm::P50_HAS_CURRENT_KEEPER };
        draft.out.link(item, property, keeper);
    }
    location(draft, set, &path);
    draft.out.rule("lido.workID.identifier", &path);
    for id in set.children("workID") {
        let text = id.text();
        if text.is_empty() {
            continue;
        }
        draft.out.text(item, dc::IDENTIFIER, &text, None);
        if let Some(scheme) = id.attribute("type").filter(|scheme| !scheme.trim().is_empty()) {
            let identifier = draft.fragment("identifier");
            draft.out.link(item, crm::P1_IS_IDENTIFIED_BY, identifier);
            draft.out.a(identifier, crm::E42_IDENTIFIER);
            draft.out.text(identifier, crm::P190_HAS_SYMBOLIC_CONTENT, &text, None);
            let scheme = table::find("scheme", scheme).unwrap_or_else(|| table::code(scheme));
            draft.out.text(identifier, aarre::IDENTIFIER_SCHEME, scheme, None);
        }
    }
}

/// Where the object is now.
fn location(draft: &mut Draft<'_, '_>, set: ElementRef<'_>, path: &str) {
    let item = draft.item;
    draft.out.rule("lido.repositoryLocation.location", path);
    if let Some(location) = set.child("repositoryLocation")
        && !is_former(set)
        && let Some(place) = places::describe(draft, location, 8)
    {
        draft.out.link(item, edm::CURRENT_LOCATION, place);
    }
}

fn is_former(set: ElementRef<'_>) -> bool {
    set.attribute("type").and_then(|kind| table::find("repository", kind)) == Some("former")
}

fn inscriptions(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let item = draft.item;
    for set in wrap.path("inscriptionsWrap/inscriptions") {
        let transcriptions: Vec<_> = field::texts(set, "inscriptionTranscription").collect();
        let notes: Vec<_> = set
            .path("inscriptionDescription")
            .flat_map(|description| field::texts(description, "descriptiveNoteValue"))
            .collect();
        if transcriptions.is_empty() && notes.is_empty() {
            continue;
        }
        draft.out.rule("lido.inscriptions.inscription", "lido:inscriptions");
        let inscription = draft.fragment("inscription");
        draft.out.link(item, crm::P128_CARRIES, inscription);
        draft.out.a(inscription, crm::E34_INSCRIPTION);
        for label in &transcriptions {
            draft.out.text(
                inscription,
                crm::P190_HAS_SYMBOLIC_CONTENT,
                &label.text,
                own(set, label.language),
            );
        }
        for label in &notes {
            draft.out.text(inscription, crm::P3_HAS_NOTE, &label.text, label.language);
        }
        if let Some(kind) = set.attribute("type").filter(|kind| !kind.starts_with("http")) {
            draft.out.text(inscription, crm::P3_HAS_NOTE, kind, None);
        }
    }
}

/// What is written on an object is in the language that its transcription states, not in that of the record.
fn own<'e>(set: ElementRef<'e>, inherited: Option<&'e str>) -> Option<&'e str> {
    let stated = set.children("inscriptionTranscription").any(|text| field::own_language(text).is_some());
    inherited.filter(|_| stated)
}

fn state_and_edition(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let item = draft.item;
    for set in wrap.children("displayStateEditionWrap") {
        draft.out.rule("lido.displayState.condition", "lido:displayState");
        for label in field::texts(set, "displayState") {
            let condition = draft.fragment("condition");
            draft.out.link(item, crm::P44_HAS_CONDITION, condition);
            draft.out.a(condition, crm::E3_CONDITION_STATE);
            draft.out.text(condition, crm::P3_HAS_NOTE, &label.text, label.language);
        }
        draft.out.rule("lido.displayEdition.note", "lido:displayEdition");
        for label in field::texts(set, "displayEdition") {
            draft.out.text(item, crm::P3_HAS_NOTE, &label.text, label.language);
        }
    }
}

fn descriptions(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let item = draft.item;
    draft.out.rule("lido.objectDescription.description", "lido:objectDescriptionSet");
    for set in wrap.path("objectDescriptionWrap/objectDescriptionSet") {
        for label in field::texts(set, "descriptiveNoteValue") {
            draft.out.text(item, dc::DESCRIPTION, &label.text, label.language);
        }
    }
}

/// The names of a part of the object, for those who ask by `Inherit`.
pub(super) fn names(element: ElementRef<'_>) -> Names<'_> {
    Names::of(element.children("appellationValue"), Inherit::Yes)
}
