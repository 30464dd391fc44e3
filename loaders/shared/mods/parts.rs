//! Which part of a whole: `part`, in words that a reader can follow.

use super::Mods;
use crate::shared::punctuation::trim;
use crate::shared::xml::ElementRef;
use vocabularies::bf;

/// A `part` in words: `volume 3, no. 2, 1997, pages 5–9`.
pub(super) fn words(part: ElementRef<'_>) -> String {
    let mut pieces: Vec<String> = Vec::new();
    for element in part.elements() {
        let piece = match element.name() {
            "detail" => detail(element),
            "extent" => extent(element),
            _ => trim(&element.text()).to_owned(),
        };
        if !piece.is_empty() && !pieces.contains(&piece) {
            pieces.push(piece);
        }
    }
    pieces.join(", ")
}

fn detail(detail: ElementRef<'_>) -> String {
    let text = |name: &str| {
        detail.child(name).map(|part| trim(&part.text()).to_owned()).filter(|text| !text.is_empty())
    };
    let (number, caption, title) = (text("number"), text("caption"), text("title"));
    let kind = detail.attribute("type").map(str::trim).filter(|kind| !kind.is_empty());
    let mut words = match (caption, number) {
        // A caption often has the number in it.
        (Some(caption), Some(number)) if caption.contains(&number) => caption,
        (Some(caption), Some(number)) => format!("{caption} {number}"),
        (Some(caption), None) => caption,
        (None, Some(number)) => match kind {
            Some(kind) if number.bytes().all(|b| b.is_ascii_digit()) => format!("{kind} {number}"),
            _ => number,
        },
        (None, None) => String::new(),
    };
    if let Some(title) = title {
        words.push_str(if words.is_empty() { "" } else { ": " });
        words.push_str(&title);
    }
    words
}

fn extent(extent: ElementRef<'_>) -> String {
    let text = |name: &str| {
        extent.child(name).map(|part| trim(&part.text()).to_owned()).filter(|text| !text.is_empty())
    };
    let unit = extent.attribute("unit").map(str::trim).unwrap_or_default();
    let stretch = match (text("list"), text("start"), text("end")) {
        (Some(list), ..) => list,
        (None, Some(start), Some(end)) if start != end => format!("{start}–{end}"),
        (None, Some(one), _) | (None, None, Some(one)) => one,
        (None, None, None) => match text("total") {
            Some(total) => return format!("{total} {unit}").trim().to_owned(),
            None => return String::new(),
        },
    };
    // `pp. 5–9` has its unit already.
    if stretch.starts_with(|c: char| c.is_alphabetic() && !matches!(c, 'i' | 'v' | 'x' | 'l' | 'c')) {
        return stretch;
    }
    format!("{unit} {stretch}").trim().to_owned()
}

impl<'e> Mods<'e, '_, '_> {
    pub(super) fn part(&mut self, field: ElementRef<'e>, count: u32) {
        self.rule("mods.part.enumeration", "part", count);
        self.draft.text(bf::ENUMERATION_AND_CHRONOLOGY, &words(field), None);
    }
}
