//! Materials and techniques, of an event or, from LIDO 1.1 on, of the object.

use super::draft::Draft;
use super::field;
use super::table;
use crate::shared::xml::ElementRef;
use graph_model::Node;
use vocabularies::{crm, dcterms};

/// Describes an `eventMaterialsTech` or `objectMaterialsTechSet`. With an event, the materials and techniques
/// are its own too. `core` says whether the object itself is made so: what a restorer used is not its medium.
pub(super) fn describe(
    draft: &mut Draft<'_, '_>,
    element: ElementRef<'_>,
    event: Option<Node>,
    core: Making,
) {
    let item = draft.item;
    let mut any = false;
    for part in element.path("materialsTech/termMaterialsTech") {
        let kind = part.attribute("type").and_then(|kind| table::find("material", kind));
        for term in field::terms(draft, part) {
            let Some(node) = term.node(draft) else { continue };
            any = true;
            if core == Making::Yes {
                draft.out.link(item, dcterms::MEDIUM, node);
                if kind == Some("material") {
                    draft.out.link(item, crm::P45_CONSISTS_OF, node);
                }
            }
            if let Some(event) = event {
                match kind {
                    Some("material") => draft.out.link(event, crm::P126_EMPLOYED, node),
                    Some("technique") => draft.out.link(event, crm::P32_USED_GENERAL_TECHNIQUE, node),
                    _ => {}
                }
            }
        }
    }
    for label in field::texts(element, "displayMaterialsTech") {
        if core == Making::Yes && !any {
            draft.out.text(item, dcterms::MEDIUM, &label.text, label.language);
        }
        let noted = event.unwrap_or(item);
        draft.out.text(noted, crm::P3_HAS_NOTE, &label.text, label.language);
    }
    for part in element.path("materialsTech") {
        for label in field::texts(part, "extentMaterialsTech") {
            draft.out.text(event.unwrap_or(item), crm::P3_HAS_NOTE, &label.text, label.language);
        }
    }
}

/// Whether something is about the making of the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Making {
    Yes,
    No,
}
