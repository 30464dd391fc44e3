//! Mixed content as plain text: paragraphs, items and headings become lines; everything inline stays in its line.

use crate::shared::xml::{Content, ElementRef};

/// Elements that begin and end a line of their own.
const BLOCKS: &[&str] = &[
    "address",
    "addressLine",
    "citation",
    "contactLine",
    "head",
    "item",
    "level",
    "list",
    "outline",
    "p",
    "reference",
];

/// The text of a note, a line for each paragraph, item and heading. What is told as data of its own (chronologies,
/// abstracts) is left out, and so is what its owner marked as internal.
pub(super) fn prose(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    let mut gap = Gap::None;
    write(element, &mut text, &mut gap);
    text
}

/// Whether the owner marked the element as not for the public.
pub(super) fn is_internal(element: ElementRef<'_>) -> bool {
    element.attribute("audience") == Some("internal")
}

#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Gap {
    None,
    Blank,
    Line,
}

fn write(element: ElementRef<'_>, text: &mut String, gap: &mut Gap) {
    for piece in element.content() {
        match piece {
            Content::Text(words) => {
                if words.starts_with(char::is_whitespace) && *gap < Gap::Blank {
                    *gap = Gap::Blank;
                }
                for word in words.split_whitespace() {
                    if !text.is_empty() {
                        match *gap {
                            Gap::None => {}
                            Gap::Blank => text.push(' '),
                            Gap::Line => text.push('\n'),
                        }
                    }
                    text.push_str(word);
                    *gap = Gap::Blank;
                }
                // The last word touches what follows unless white space stands between.
                if *gap == Gap::Blank && !words.ends_with(char::is_whitespace) {
                    *gap = Gap::None;
                }
            }
            Content::Element(inner) if matches!(inner.name(), "chronList" | "abstract" | "objectXMLWrap") => {
            }
            Content::Element(inner) if is_internal(inner) => {}
            Content::Element(inner) => {
                // A reference within a sentence is part of it; only one that stands alone is a line.
                let block = BLOCKS.contains(&inner.name())
                    && !(matches!(inner.name(), "reference" | "citation") && element.name() == "p");
                if block {
                    *gap = Gap::Line;
                }
                write(inner, text, gap);
                if block {
                    *gap = Gap::Line;
                }
            }
        }
    }
}
