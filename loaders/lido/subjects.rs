//! What the object shows or is about.

use super::draft::Draft;
use super::field;
use super::{actors, identification, places, times};
use crate::shared::xml::ElementRef;
use vocabularies::{dc, dcterms};

pub(super) fn describe(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let item = draft.item;
    for (index, set) in wrap.path("subjectWrap/subjectSet").enumerate() {
        let path = format!("lido:subjectSet[{}]", index + 1);
        let mut any = false;
        for child in set.children("subject").flat_map(ElementRef::elements) {
            any |= one(draft, child, &path);
        }
        // The words for display are all that there is where nothing is structured.
        if !any {
            draft.out.rule("lido.displaySubject.subject", &path);
            for label in field::texts(set, "displaySubject") {
                draft.out.text(item, dc::SUBJECT, &label.text, label.language);
            }
        }
    }
}

/// Describes one kind of subject; whether it said anything.
fn one(draft: &mut Draft<'_, '_>, child: ElementRef<'_>, path: &str) -> bool {
    let item = draft.item;
    match child.name() {
        "subjectConcept" => {
            draft.out.rule("lido.subjectConcept.subject", path);
            let mut any = false;
            for term in field::terms(draft, child) {
                if let Some(node) = term.node(draft) {
                    any = true;
                    draft.out.link(item, dc::SUBJECT, node);
                }
            }
            any
        }
        "subjectActor" => {
            draft.out.rule("lido.subjectActor.subject", path);
            if let Some(node) = child.child("actor").and_then(|actor| actors::describe(draft, actor)) {
                draft.out.link(item, dc::SUBJECT, node);
                return true;
            }
            words(draft, child, "displayActor")
        }
        "subjectPlace" => {
            draft.out.rule("lido.subjectPlace.spatial", path);
            let place = places::displayed(draft, child);
            if let Some(place) = place {
                draft.out.link(item, dcterms::SPATIAL, place);
            }
            place.is_some()
        }
        "subjectDate" => {
            draft.out.rule("lido.subjectDate.temporal", path);
            let Some(dated) = times::read(draft, child) else { return false };
            match &dated.span {
                Some(span) => draft.out.dated(item, dcterms::TEMPORAL, span, &dated.written),
                None => draft.out.text(item, dc::COVERAGE, &dated.written, None),
            }
            true
        }
        "subjectEvent" => {
            draft.out.rule("lido.subjectEvent.subject", path);
            if words(draft, child, "displayEvent") {
                return true;
            }
            let names: Vec<_> = child.path("event/eventName").collect();
            let mut any = false;
            for name in names {
                if let Some(label) = identification::names(name).first() {
                    any = true;
                    draft.out.text(item, dc::SUBJECT, &label.text, label.language);
                }
            }
            any
        }
        "subjectObject" => {
            draft.out.rule("lido.subjectObject.subject", path);
            let link = child.path("object/objectID").chain(child.path("object/objectWebResource"));
            let mut links = link.map(ElementRef::text).filter(|text| text.starts_with("http"));
            if let Some(node) = links.next().and_then(|link| draft.out.iri(&link)) {
                draft.out.link(item, dc::SUBJECT, node);
                return true;
            }
            words(draft, child, "displayObject")
        }
        _ => false,
    }
}

/// States the words for display as the subject; whether there were any.
fn words(draft: &mut Draft<'_, '_>, child: ElementRef<'_>, name: &'static str) -> bool {
    let item = draft.item;
    let labels: Vec<_> = field::texts(child, name).collect();
    for label in &labels {
        draft.out.text(item, dc::SUBJECT, &label.text, label.language);
    }
    !labels.is_empty()
}
