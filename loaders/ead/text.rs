//! Mixed content as plain text: paragraphs, lists and chronologies become lines, everything inline stays in
//! its line. The words of a finding aid are kept, its typography is not.

use crate::shared::xml::{Content, ElementRef};

/// Elements that begin and end a line of their own.
const BLOCKS: &[&str] = &[
    "address",
    "addressline",
    "bibref",
    "blockquote",
    "chronitem",
    "chronlist",
    "defitem",
    "head",
    "item",
    "lb",
    "list",
    "listhead",
    "p",
    "row",
    "table",
];

/// The text of an element in one line: white space is folded, parts of a date or name are one blank apart.
pub(super) fn line(element: ElementRef<'_>) -> String {
    let mut writer = Writer::new();
    writer.content(element);
    let mut text = writer.text;
    if text.contains('\n') {
        text = text.replace('\n', " ");
    }
    text
}

/// The text of a note: a line for each paragraph, list item and the like, without the note's own heading
/// and without what is marked as internal.
pub(super) fn note(element: ElementRef<'_>) -> String {
    let mut writer = Writer::new();
    let mut heading_seen = false;
    for child in element.content() {
        match child {
            Content::Element(inner) if inner.name() == "head" && !heading_seen => heading_seen = true,
            Content::Element(inner) => writer.element(inner),
            Content::Text(text) => writer.words(text),
        }
    }
    writer.text
}

/// Folds white space in a plain string.
pub(super) fn fold(text: &str) -> String {
    let mut writer = Writer::new();
    writer.words(text);
    writer.text
}

/// Whether the owner marked the element as not for the public.
pub(super) fn is_internal(element: ElementRef<'_>) -> bool {
    element.attribute("audience") == Some("internal")
}

struct Writer {
    text: String,
    /// White space or a block boundary was met since the last word.
    gap: Gap,
}

#[derive(Default, Clone, Copy, PartialEq, PartialOrd)]
enum Gap {
    #[default]
    None,
    Blank,
    Line,
}

impl Writer {
    fn new() -> Self {
        // Most lines fit; growing letter by letter to that size would be dearer than all the rest.
        Self { text: String::with_capacity(64), gap: Gap::None }
    }

    fn element(&mut self, element: ElementRef<'_>) {
        if is_internal(element) {
            return;
        }
        let name = element.name();
        if BLOCKS.contains(&name) {
            self.gap = Gap::Line;
            self.content(element);
            self.gap = Gap::Line;
        } else if matches!(name, "part" | "date" | "event" | "label" | "entry" | "quantity" | "unittype") {
            self.gap_at_least(Gap::Blank);
            self.content(element);
            self.gap_at_least(Gap::Blank);
        } else {
            self.content(element);
        }
    }

    fn content(&mut self, element: ElementRef<'_>) {
        for child in element.content() {
            match child {
                Content::Element(inner) => self.element(inner),
                Content::Text(text) => self.words(text),
            }
        }
    }

    fn gap_at_least(&mut self, gap: Gap) {
        if gap > self.gap {
            self.gap = gap;
        }
    }

    fn words(&mut self, text: &str) {
        let text = if text.starts_with(char::is_whitespace) {
            self.gap_at_least(Gap::Blank);
            text.trim_start()
        } else {
            text
        };
        let mut first = true;
        for word in text.split_whitespace() {
            if !first {
                self.gap = Gap::Blank;
            }
            first = false;
            if !self.text.is_empty() {
                match self.gap {
                    Gap::None => {}
                    // White space between the parts of an element is not meant to part a word from its full stop.
                    Gap::Blank if closes(word) => {}
                    Gap::Blank => self.text.push(' '),
                    Gap::Line => self.text.push('\n'),
                }
            }
            self.gap = Gap::None;
            self.text.push_str(word);
        }
        if !first && text.ends_with(char::is_whitespace) {
            self.gap = Gap::Blank;
        }
    }
}

/// Whether a word begins with a mark that stands close behind the word before it; `.5` and `…` do not.
fn closes(word: &str) -> bool {
    let mut letters = word.chars();
    matches!(letters.next(), Some('.' | ',' | ')'))
        && !letters.next().is_some_and(|next| next.is_ascii_digit() || next == '.')
}
