//! Other objects: wholes, parts, models, literature.

use super::draft::Draft;
use super::field::{self, Label, Term};
use super::table;
use crate::shared::xml::ElementRef;
use graph_model::Node;
use oxrdf::NamedNodeRef;
use vocabularies::{dc, dcterms};

pub(super) fn describe(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let item = draft.item;
    for (index, set) in wrap.path("relatedWorksWrap/relatedWorkSet").enumerate() {
        let path = format!("lido:relatedWorkSet[{}]", index + 1);
        draft.out.rule("lido.relatedWork.relation", &path);
        let kinds: Vec<Term<'_>> =
            set.children("relatedWorkRelType").flat_map(|kind| field::terms(draft, kind)).collect();
        let property = kinds.iter().find_map(|kind| kind.find("relation")).and_then(table::term);
        let property: NamedNodeRef<'static> = property.unwrap_or(dcterms::RELATION);
        match set.child("relatedWork").and_then(|work| target(draft, work)) {
            Some(other) if other != item => draft.out.link(item, property, other),
            Some(_) => {}
            None => words(draft, set),
        }
    }
}

/// The other object: by an identifier that is an IRI, the owner's own identifier, or its page.
fn target(draft: &mut Draft<'_, '_>, work: ElementRef<'_>) -> Option<Node> {
    let object = work.child("object")?;
    let ids: Vec<_> = object.children("objectID").filter(|id| !id.text().is_empty()).collect();
    if let Some(id) = ids.iter().map(|id| id.text()).find(|id| id.starts_with("http")) {
        return draft.out.iri(&id);
    }
    if let Some(page) =
        object.children("objectWebResource").map(ElementRef::text).find(|p| p.starts_with("http"))
    {
        // Where the owner's identifier stands beside the page, the page is the surer name: an identifier of the
        // object need not be that of its record.
        return draft.out.iri(&page);
    }
    let local = ids
        .iter()
        .find(|id| id.attribute("type").and_then(|kind| table::find("identifier", kind)) == Some("local"))?;
    Some(draft.out.sibling(&local.text()))
}

/// States the words for people: those of the relation before those of the object.
fn words(draft: &mut Draft<'_, '_>, set: ElementRef<'_>) {
    let item = draft.item;
    let displayed = || field::texts(set, "displayRelatedWork");
    let objects = || set.path("relatedWork").flat_map(|work| field::texts(work, "displayObject"));
    let notes = || {
        let notes = set.path("relatedWork/object").flat_map(|object| object.children("objectNote"));
        // A note of the type "type" says that the other object is an object.
        let notes =
            notes.filter(|note| note.attribute("type").is_none_or(|kind| table::code(kind) != "type"));
        notes.map(|note| Label::of(note, field::language(note))).filter(|label| !label.text.is_empty())
    };
    let mut labels: Vec<Label<'_>> = displayed().collect();
    if labels.is_empty() {
        labels = objects().collect();
    }
    if labels.is_empty() {
        labels = notes().collect();
    }
    for label in labels {
        draft.out.text(item, dc::RELATION, &label.text, label.language);
    }
}
