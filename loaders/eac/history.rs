//! Biography or history, with its abstract and chronology; structure or genealogy; general context.

use super::dates;
use super::draft::Draft;
use super::places;
use super::text;
use crate::shared::xml::ElementRef;
use vocabularies::{dcterms, rdagr2, rico};

pub(super) fn biography(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    let (subject, language) = (draft.subject, draft.language_of(part));
    for summary in part.children("abstract") {
        draft.out.rule("eac.biogHist.abstract", "description/biogHist/abstract");
        draft.out.text(subject, dcterms::ABSTRACT, &text::prose(summary), language);
    }
    draft.out.rule("eac.biogHist.history", "description/biogHist");
    let prose = text::prose(part);
    draft.out.text(subject, rdagr2::BIOGRAPHICAL_INFORMATION, &prose, language);
    draft.out.text(subject, rico::HISTORY, &prose, language);
    for list in part.children("chronList") {
        for item in list.children("chronItem") {
            chronology(draft, item);
        }
    }
}

pub(super) fn structure(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    draft.out.rule("eac.structureOrGenealogy.description", "description/structureOrGenealogy");
    let (subject, language) = (draft.subject, draft.language_of(part));
    draft.out.text(subject, rico::GENERAL_DESCRIPTION, &text::prose(part), language);
}

pub(super) fn context(draft: &mut Draft<'_, '_>, part: ElementRef<'_>) {
    draft.out.rule("eac.generalContext.history", "description/generalContext");
    let (subject, language) = (draft.subject, draft.language_of(part));
    draft.out.text(subject, rico::HISTORY, &text::prose(part), language);
}

/// An item of a chronology: what happened when and where. A set of events shares its date.
fn chronology(draft: &mut Draft<'_, '_>, item: ElementRef<'_>) {
    draft.out.rule("eac.chronItem.event", "description/biogHist/chronList/chronItem");
    let sets: Vec<ElementRef<'_>> = item.children("chronItemSet").collect();
    let parts = if sets.is_empty() { vec![item] } else { sets };
    for part in parts {
        let (subject, node) = (draft.subject, draft.fragment("event"));
        draft.out.link(subject, rico::IS_ASSOCIATED_WITH_EVENT, node);
        draft.out.a(node, rico::EVENT);
        for event in part.children("event") {
            let language = draft.language_of(event);
            draft.out.text(node, rico::NAME, &event.text(), language);
        }
        for reference in part.children("reference") {
            let language = draft.language_of(reference);
            draft.out.text(node, dcterms::BIBLIOGRAPHIC_CITATION, &reference.text(), language);
            super::control::see_also(draft, node, reference);
        }
        dates::state(draft, node, item, dates::RELATION);
        // 2010 has the name directly inside, 2.0 in an element `place`.
        let around = [Some(part), (part != item).then_some(item)];
        for named in around
            .into_iter()
            .flatten()
            .flat_map(|part| part.elements().chain(part.children("place").flat_map(ElementRef::elements)))
        {
            if matches!(named.name(), "placeEntry" | "placeName")
                && let Some(place) = places::named(draft, named, None)
            {
                draft.out.link(node, rico::IS_ASSOCIATED_WITH_PLACE, place);
            }
        }
    }
}
