//! Technical facts of images, sound, moving images and texts: MIX, AudioMD, VideoMD, TextMD, ADDML.
//!
//! What EBU Core has a property for is said with it, other key facts are notes that name themselves; which is which stands
//! in `mapping.tsv`. The rest of these large schemas describes how a measurement was made and is left out.

use super::draft::Draft;
use super::table;
use crate::shared::xml::ElementRef;
use graph_model::Node;
use vocabularies::{premis, xsd};

pub(super) fn is_technical(content: ElementRef<'_>) -> bool {
    table::find("technical schema", content.name()).is_some()
}

pub(super) fn describe(draft: &mut Draft<'_, '_>, content: ElementRef<'_>, node: Node) {
    for element in content.descendants() {
        let Some(meaning) = table::find("technical", element.name()) else { continue };
        let nested = element.elements().next().is_some();
        let text = if nested { rational(element) } else { element.text().into_owned() };
        if text.is_empty() || matches!(text.as_str(), "(:unav)" | "(:unap)") {
            continue;
        }
        if let Some(label) = meaning.strip_prefix("note ") {
            draft.out.text(node, premis::NOTE, &format!("{label}: {text}"), None);
        } else if let Some(property) = table::term(meaning) {
            let whole = text.len() < 20 && text.bytes().all(|b| b.is_ascii_digit());
            if whole {
                draft.out.typed(node, property, &text, xsd::INTEGER);
            } else {
                draft.out.text(node, property, &text, None);
            }
        }
    }
}

/// MIX writes some numbers as fractions.
fn rational(element: ElementRef<'_>) -> String {
    let part = |name: &str| element.child(name).map(|part| part.text().into_owned()).unwrap_or_default();
    let (numerator, denominator) = (part("numerator"), part("denominator"));
    if denominator.is_empty() || denominator == "1" {
        numerator
    } else {
        format!("{numerator}/{denominator}")
    }
}
