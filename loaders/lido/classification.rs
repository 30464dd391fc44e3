//! What kind of thing it is: category, object or work type, classification.

use super::draft::Draft;
use super::field;
use super::table;
use crate::shared::core::EdmType;
use crate::shared::languages;
use crate::shared::xml::ElementRef;
use graph_model::IssueKind;
use vocabularies::{crm, dc};

/// The kind of the digital object: as classified for Europeana, otherwise that of the resources. What a museum
/// shows of an object is its picture, so that is the kind of one that tells nothing.
pub(super) fn edm_type(root: ElementRef<'_>) -> EdmType {
    const CLASSES: &str = "descriptiveMetadata/objectClassificationWrap/classificationWrap/classification";
    const RESOURCES: &str = "administrativeMetadata/resourceWrap/resourceSet";
    let stated = root
        .path(CLASSES)
        .filter(|class| {
            class.attribute("type").and_then(|kind| table::find("classification", kind)) == Some("edm")
        })
        .flat_map(ElementRef::descendants)
        .find_map(|term| edm_literal(&term.text()));
    let of_resources = || {
        root.path(RESOURCES).find_map(|resource| {
            let kinds = resource.path("resourceType").flat_map(ElementRef::descendants);
            let words = kinds.flat_map(|term| {
                let about = term.attribute("rdf:about").map(str::to_owned);
                [Some(term.text().into_owned()), about].into_iter().flatten()
            });
            let formats = resource.path("resourceRepresentation/linkResource").filter_map(|link| {
                let format = link.attribute("formatResource")?;
                Some(format.split_once('/').map_or(format, |(kind, _)| kind).to_owned())
            });
            words.chain(formats).find_map(|word| edm_literal(table::find("resource", &word)?))
        })
    };
    stated.or_else(of_resources).unwrap_or(EdmType::Image)
}

fn edm_literal(text: &str) -> Option<EdmType> {
    [EdmType::Text, EdmType::Image, EdmType::Sound, EdmType::Video, EdmType::ThreeD]
        .into_iter()
        .find(|kind| kind.as_str().eq_ignore_ascii_case(text.trim()))
}

/// `lido:category`: the CIDOC CRM class of the item.
pub(super) fn category(draft: &mut Draft<'_, '_>, root: ElementRef<'_>) {
    draft.out.rule("lido.category.class", "lido:category");
    let words = root.path("category").flat_map(|category| {
        let about = |element: ElementRef<'_>| element.attribute("rdf:about").map(str::to_owned);
        category.descendants().flat_map(move |element| [about(element), Some(element.text().into_owned())])
    });
    let class = words.flatten().find_map(|word| table::term(table::find("category", &word)?));
    // Without a category it is a thing with a body at least, as LIDO describes nothing else.
    let class = class.unwrap_or(crm::E18_PHYSICAL_THING);
    let item = draft.item;
    draft.out.a(item, class);
}

pub(super) fn describe(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let item = draft.item;
    draft.out.rule("lido.objectWorkType.type", "lido:objectWorkType");
    for kind in wrap.path("objectWorkTypeWrap/objectWorkType") {
        for term in field::terms(draft, kind) {
            if draft.kind.is_none() {
                let label = term.names.first();
                draft.kind = label.map(|label| (label.text.to_string(), label.language.map(str::to_owned)));
            }
            if let Some(node) = term.node(draft) {
                draft.out.link(item, dc::TYPE, node);
            }
        }
    }
    for class in wrap.path("classificationWrap/classification") {
        let meaning = class.attribute("type").and_then(|kind| table::find("classification", kind));
        if meaning == Some("edm") {
            continue;
        }
        draft.out.rule("lido.classification.type", "lido:classification");
        for term in field::terms(draft, class) {
            match meaning {
                Some("language") => {
                    let met = term.label().unwrap_or_default();
                    match languages::tag(met) {
                        Some(tag) => draft.out.text(item, dc::LANGUAGE, tag, None),
                        None => draft.out.issue(IssueKind::UnknownLanguage, met, "a language or its code"),
                    }
                }
                Some("collection") => {
                    if let Some(label) = term.names.first() {
                        draft.out.text(item, dc::RELATION, &label.text, label.language);
                    }
                }
                // Such as the denomination of a coin: a type of CIDOC CRM, but nothing to look for objects by.
                Some("detail") => {
                    if let Some(node) = term.node(draft) {
                        draft.out.link(item, crm::P2_HAS_TYPE, node);
                    }
                }
                _ => {
                    if let Some(node) = term.node(draft) {
                        draft.out.link(item, dc::TYPE, node);
                    }
                }
            }
        }
    }
}
