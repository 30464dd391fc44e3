//! Mixed content as plain text: paragraphs, lists and chronologies become lines, everything inline stays in
//! its line. The words of a finding aid are kept, its typography is not.

use crate::shared::xml::{Content, ElementRef};

/// How an element stands in a text.
enum Stand {
    /// It begins and ends a line of its own.
    Block,
    /// It is a blank apart from what is around it.
    Apart,
    /// It is the first of two that belong together: what it says is about what follows.
    Term,
    /// It is an aside.
    Aside,
    /// It is a cell of a table.
    Cell,
    /// It stands in its line.
    Inline,
}

fn stand(name: &str) -> Stand {
    match name {
        "address" | "addressline" | "bibref" | "bibliography" | "blockquote" | "chronitem" | "chronlist"
        | "defitem" | "head" | "index" | "indexentry" | "item" | "lb" | "list" | "listhead" | "p" | "row"
        | "table" | "tbody" | "tgroup" | "thead" => Stand::Block,
        "part" | "date" | "event" | "head01" | "head02" | "head03" | "quantity" | "unittype" | "extent"
        | "physfacet" | "dimensions" | "daterange" | "datesingle" | "dateset" | "fromdate" | "todate"
        | "chronitemset" => Stand::Apart,
        "label" => Stand::Term,
        "note" | "footnote" => Stand::Aside,
        "entry" => Stand::Cell,
        _ => Stand::Inline,
    }
}

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

/// The text of a note with its own heading, for notes that nothing but the heading tells the meaning of.
pub(super) fn headed(element: ElementRef<'_>) -> String {
    let mut writer = Writer::new();
    writer.content(element);
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

/// The address of a link.
pub(super) fn href<'e>(element: ElementRef<'e>) -> Option<&'e str> {
    let href = element.attribute("href").or_else(|| element.attribute("xlink:href"))?.trim();
    (!href.is_empty()).then_some(href)
}

fn is_in(element: ElementRef<'_>, name: &str) -> bool {
    element.parent().is_some_and(|parent| parent.name() == name)
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
        match stand(element.name()) {
            // What a term of a list means stands behind it.
            Stand::Block if element.name() == "item" && is_in(element, "defitem") => {
                self.gap_at_least(Gap::Blank);
                self.content(element);
                self.gap = Gap::Line;
            }
            Stand::Block => {
                self.gap = Gap::Line;
                self.content(element);
                self.gap = Gap::Line;
            }
            Stand::Apart => {
                // What opens a bracket stands close to it.
                if !self.text.ends_with(['(', '[']) {
                    self.gap_at_least(Gap::Blank);
                }
                if element.name() == "todate" && self.text.ends_with(char::is_alphanumeric) {
                    self.text.push('–');
                    self.gap = Gap::None;
                }
                self.content(element);
                // In a chronology the date is about the event.
                if element.name().starts_with("date") && is_in(element, "chronitem") {
                    self.colon();
                }
                self.gap_at_least(Gap::Blank);
            }
            Stand::Term => {
                self.gap_at_least(Gap::Blank);
                self.content(element);
                self.colon();
            }
            Stand::Aside => {
                self.gap_at_least(Gap::Blank);
                let (before, lines) = (self.text.len(), self.gap == Gap::Line);
                self.content(element);
                // An aside of several lines, or on a line of its own, needs no brackets.
                let aside = &self.text[before..];
                if !lines && before > 0 && aside.len() > 1 && aside.starts_with(' ') && !aside.contains('\n')
                {
                    self.text.insert(before + 1, '(');
                    self.text.push(')');
                }
                self.gap_at_least(Gap::Blank);
            }
            Stand::Cell => {
                if self.gap != Gap::Line && !self.text.is_empty() {
                    self.text.push_str(" |");
                }
                self.gap_at_least(Gap::Blank);
                self.content(element);
                self.gap = Gap::None;
            }
            Stand::Inline => {
                let entry = is_in(element, "indexentry");
                if entry {
                    self.gap_at_least(Gap::Blank);
                }
                self.content(element);
                if entry {
                    self.colon();
                }
            }
        }
    }

    /// Ends a term with a colon, unless it has a mark at its end.
    fn colon(&mut self) {
        if self.text.ends_with(char::is_alphanumeric) {
            self.text.push(':');
        }
        self.gap_at_least(Gap::Blank);
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
        // The blanks of ASCII are told without decoding letters; a vertical tab, which it does not count, is none of XML.
        let met = if text.is_ascii() {
            self.all(text.split_ascii_whitespace())
        } else {
            self.all(text.split_whitespace())
        };
        if met && text.ends_with(char::is_whitespace) {
            self.gap = Gap::Blank;
        }
    }

    /// Writes words with a blank between; false when there are none.
    fn all<'t>(&mut self, words: impl Iterator<Item = &'t str>) -> bool {
        let mut met = false;
        for word in words {
            if met {
                self.gap = Gap::Blank;
            }
            met = true;
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
        met
    }
}

/// Whether a word begins with a mark that stands close behind the word before it; `.5` and `…` do not.
fn closes(word: &str) -> bool {
    let mut letters = word.chars();
    matches!(letters.next(), Some('.' | ',' | ')'))
        && !letters.next().is_some_and(|next| next.is_ascii_digit() || next == '.')
}
