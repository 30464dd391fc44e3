//! How much: `physdesc` of EAD 2002 and EAD3, `physdescstructured` of EAD3.

use super::text;
use crate::shared::xml::ElementRef;
use graph_model::{Description, Node};
use vocabularies::{dcterms, rico};

/// Says how much there is and what it is like, from one `physdesc`, `physdescset` or `physdescstructured`.
pub(super) fn describe(physdesc: ElementRef<'_>, language: Option<&str>, out: &mut Description<'_>) {
    match physdesc.name() {
        "physdescset" => physdesc.elements().for_each(|inner| describe(inner, language, out)),
        "physdescstructured" => {
            out.rule("ead.physdescstructured.extent", "did/physdescstructured");
            let parts: Vec<String> = ["quantity", "unittype"]
                .iter()
                .filter_map(|name| physdesc.child(name))
                .map(text::line)
                .filter(|words| !words.is_empty())
                .collect();
            extent(&parts.join(" "), language, out);
            facets(physdesc, language, out);
        }
        _ => {
            out.rule("ead.physdesc.extent", "did/physdesc");
            let mut extents = physdesc.children("extent").peekable();
            if extents.peek().is_some() {
                for inner in extents {
                    let mut words = text::line(inner);
                    // A number alone says nothing without its unit.
                    if let Some(unit) = inner.attribute("unit").map(text::fold)
                        && !words.is_empty()
                        && !words.contains(&unit)
                    {
                        words = format!("{words} {unit}");
                    }
                    extent(&words, language, out);
                }
                facets(physdesc, language, out);
            } else if physdesc.elements().any(|inner| matches!(inner.name(), "physfacet" | "dimensions")) {
                facets(physdesc, language, out);
            } else {
                extent(&text::line(physdesc), language, out);
            }
        }
    }
}

fn extent(words: &str, language: Option<&str>, out: &mut Description<'_>) {
    let item = out.item();
    out.text(item, dcterms::EXTENT, words, language);
    out.text(item, rico::RECORD_RESOURCE_EXTENT, words, language);
}

/// Material features belong to what can be held in the hand: the instantiation.
fn facets(physdesc: ElementRef<'_>, language: Option<&str>, out: &mut Description<'_>) {
    for inner in physdesc.elements() {
        let property = match inner.name() {
            "dimensions" => rico::CARRIER_EXTENT,
            "physfacet" => rico::PHYSICAL_CHARACTERISTICS_NOTE,
            _ => continue,
        };
        let words = text::line(inner);
        if !words.is_empty() {
            let carrier = instantiation(out);
            out.text(carrier, property, &words, language);
        }
    }
}

/// The material thing itself, as opposed to what it tells.
pub(super) fn instantiation(out: &mut Description<'_>) -> Node {
    let item = out.item();
    let node = out.fragment("instantiation-1");
    out.a(node, rico::INSTANTIATION);
    out.link(item, rico::HAS_OR_HAD_INSTANTIATION, node);
    node
}
