//! How much and what like: `physdesc` of EAD 2002 and EAD3, `physdescset` and `physdescstructured` of EAD3.
//!
//! Metres, boxes and sheets are of what can be held in the hand, the instantiation; "50 diaries" (EAD3's `materialtype`)
//! is of the records. Beside the words, a figure and a unit are told apart where the source does it, or where the words
//! are nothing but that.

use super::access::Counters;
use super::text;
use crate::shared::xml::{Content, ElementRef};
use graph_model::{Concept, Description, Node};
use oxrdf::NamedNodeRef;
use vocabularies::{dcterms, rico, xsd};

/// Whose extent it is.
#[derive(Clone, Copy)]
enum Of {
    Records,
    Instantiation,
    Carrier,
}

/// Says how much there is and what it is like, from one `physdesc`, `physdescset` or `physdescstructured`.
pub(super) fn describe(
    physdesc: ElementRef<'_>,
    language: Option<&str>,
    counters: &mut Counters,
    out: &mut Description<'_>,
) {
    match physdesc.name() {
        "physdescset" => physdesc.elements().for_each(|inner| describe(inner, language, counters, out)),
        "physdescstructured" => structured(physdesc, language, counters, out),
        _ => plain(physdesc, language, counters, out),
    }
}

fn structured(
    physdesc: ElementRef<'_>,
    language: Option<&str>,
    counters: &mut Counters,
    out: &mut Description<'_>,
) {
    out.rule("ead.physdescstructured.extent", "did/physdescstructured");
    let line = |name: &str| physdesc.child(name).map(text::line).unwrap_or_default();
    let (quantity, unit) = (line("quantity"), line("unittype"));
    let of = match physdesc.attribute("physdescstructuredtype") {
        Some("carrier") => Of::Carrier,
        Some("materialtype") => Of::Records,
        _ => Of::Instantiation,
    };
    let words = [quantity.as_str(), unit.as_str()].join(" ");
    let measured = number(&quantity).map(|quantity| (quantity, unit));
    extent(words.trim(), measured, of, language, counters, out);
    facets(physdesc, language, out);
    for note in physdesc.children("descriptivenote") {
        let carrier = instantiation(out);
        out.text(carrier, rico::PHYSICAL_CHARACTERISTICS_NOTE, &text::note(note), language);
    }
}

fn plain(
    physdesc: ElementRef<'_>,
    language: Option<&str>,
    counters: &mut Counters,
    out: &mut Description<'_>,
) {
    out.rule("ead.physdesc.extent", "did/physdesc");
    let parts = |name: &str| matches!(name, "extent" | "physfacet" | "dimensions");
    let (mut extents, mut others, mut loose) = (0, 0, false);
    for content in physdesc.content() {
        match content {
            Content::Element(inner) if inner.name() == "extent" => extents += 1,
            Content::Element(inner) if parts(inner.name()) => others += 1,
            Content::Element(inner) => loose |= inner.name() != "head",
            Content::Text(text) => loose |= text.contains(char::is_alphanumeric),
        }
    }
    // Words between the parts belong to them: "12 boxes (<extent>3 metres</extent>)" is one statement.
    if extents == 0 && others == 0 || loose {
        let words = text::line(physdesc);
        let measured = if extents + others == 0 { split(&words) } else { None };
        extent(&words, measured, Of::Instantiation, language, counters, out);
    } else {
        for inner in physdesc.children("extent") {
            let words = text::line(inner);
            match inner.attribute("unit").map(text::fold).filter(|unit| !unit.is_empty()) {
                // A number alone says nothing without its unit.
                Some(unit) if !words.is_empty() && !words.contains(&unit) => {
                    let measured = number(&words).map(|quantity| (quantity, unit.clone()));
                    let words = format!("{words} {unit}");
                    extent(&words, measured, Of::Instantiation, language, counters, out);
                }
                _ => extent(&words, split(&words), Of::Instantiation, language, counters, out),
            }
        }
    }
    facets(physdesc, language, out);
}

fn extent(
    words: &str,
    measured: Option<(String, String)>,
    of: Of,
    language: Option<&str>,
    counters: &mut Counters,
    out: &mut Description<'_>,
) {
    if words.is_empty() {
        return;
    }
    let item = out.item();
    out.text(item, dcterms::EXTENT, words, language);
    let (subject, property, class) = match of {
        Of::Records => (item, rico::RECORD_RESOURCE_EXTENT, rico::RECORD_RESOURCE_EXTENT_CLASS),
        Of::Instantiation => {
            (instantiation(out), rico::INSTANTIATION_EXTENT, rico::INSTANTIATION_EXTENT_CLASS)
        }
        Of::Carrier => (instantiation(out), rico::CARRIER_EXTENT, rico::CARRIER_EXTENT_CLASS),
    };
    out.text(subject, property, words, language);
    if let Some((quantity, unit)) = measured.filter(|(_, unit)| !unit.is_empty()) {
        counters.extents += 1;
        let node = out.fragment(&format!("extent-{}", counters.extents));
        measure(subject, node, class, (&quantity, &unit), language, out);
    }
}

fn measure(
    subject: Node,
    node: Node,
    class: NamedNodeRef<'static>,
    (quantity, unit): (&str, &str),
    language: Option<&str>,
    out: &mut Description<'_>,
) {
    out.link(subject, rico::HAS_EXTENT, node);
    out.a(node, class);
    out.typed(node, rico::QUANTITY, quantity, xsd::DECIMAL);
    out.text(node, rico::UNIT_OF_MEASUREMENT, unit, language);
}

/// A number as XML Schema writes it: `1,5` is 1.5. Figures with a separator of thousands are left to the words.
fn number(words: &str) -> Option<String> {
    let words = words.trim();
    let (whole, decimals) = words.split_once([',', '.']).unwrap_or((words, "0"));
    let figures =
        |text: &str| !text.is_empty() && text.len() < 10 && text.bytes().all(|b| b.is_ascii_digit());
    let thousands = words.len() != whole.len() && decimals.len() == 3;
    (figures(whole) && figures(decimals) && !thousands)
        .then(|| if words.len() == whole.len() { whole.to_owned() } else { format!("{whole}.{decimals}") })
}

/// A number and its unit, where the words are nothing but that: `3 boxes`, `0,3 hm`.
fn split(words: &str) -> Option<(String, String)> {
    let (figures, unit) = words.split_once(' ')?;
    let plain = unit.len() < 40
        && !unit.contains(|c: char| c.is_ascii_digit() || matches!(c, '(' | ',' | ';' | ':' | '+'));
    let unit = unit.trim_end_matches('.').trim();
    Some((number(figures)?, unit.to_owned())).filter(|_| plain && unit.contains(char::is_alphabetic))
}

/// Material features belong to what can be held in the hand: the instantiation.
fn facets(physdesc: ElementRef<'_>, language: Option<&str>, out: &mut Description<'_>) {
    for inner in physdesc.elements() {
        match inner.name() {
            "dimensions" => {
                let mut words = text::line(inner);
                if let Some(unit) = inner.attribute("unit").map(text::fold)
                    && !words.is_empty()
                    && !words.contains(&unit)
                {
                    words = format!("{words} {unit}");
                }
                feature(rico::CARRIER_EXTENT, &words, language, out);
            }
            "physfacet" => {
                let words = text::line(inner);
                let kind =
                    inner.attribute("type").or_else(|| inner.attribute("localtype")).unwrap_or_default();
                feature(rico::PHYSICAL_CHARACTERISTICS_NOTE, &words, language, out);
                if kind.to_lowercase().contains("techni") {
                    feature(rico::PRODUCTION_TECHNIQUE, &words, language, out);
                } else if ["material", "medium", "support", "matière"].contains(&kind.to_lowercase().as_str())
                    && let Some(material) = out.concept(&Concept { label: &words, ..Concept::default() })
                {
                    let item = out.item();
                    out.link(item, dcterms::MEDIUM, material);
                }
            }
            _ => {}
        }
    }
}

fn feature(property: NamedNodeRef<'static>, words: &str, language: Option<&str>, out: &mut Description<'_>) {
    if !words.is_empty() {
        let carrier = instantiation(out);
        out.text(carrier, property, words, language);
    }
}

/// The material thing itself, as opposed to what it tells.
pub(super) fn instantiation(out: &mut Description<'_>) -> Node {
    out.fragment_told("instantiation-1", |out, node| {
        let item = out.item();
        out.a(node, rico::INSTANTIATION);
        out.link(item, rico::HAS_OR_HAD_INSTANTIATION, node);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_unit() {
        let told = |words| split(words).map(|(number, unit)| format!("{number}|{unit}"));
        for (words, expected) in [
            ("3 boxes", Some("3|boxes")),
            ("0,3 hm", Some("0.3|hm")),
            ("1.25 linear feet", Some("1.25|linear feet")),
            ("12 ml.", Some("12|ml")),
            ("1.200 pages", None),
            ("3 boxes, 2 maps", None),
            ("3 boxes (1 m)", None),
            ("ca. 3 m", None),
            ("boxes", None),
            ("3 -", None),
        ] {
            assert_eq!(told(words).as_deref(), expected, "{words}");
        }
    }
}
