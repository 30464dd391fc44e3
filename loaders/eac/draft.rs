//! A description while it is written: the pen, whose description it is, and how many fragments of each kind stand.

use super::table;
use crate::shared::languages;
use crate::shared::xml::ElementRef;
use graph_model::{AgentKind, Description, Node};

/// The pen of this format.
pub(super) struct Draft<'a, 'd> {
    pub(super) out: &'a mut Description<'d>,
    /// The agent that is described: the item, or another identity of it.
    pub(super) subject: Node,
    /// What kind of agent it is.
    pub(super) kind: AgentKind,
    /// The node of the record itself.
    pub(super) record: Node,
    /// The language of the record's text, where it names exactly one.
    pub(super) language: Option<&'static str>,
    counts: Vec<(&'static str, u32)>,
}

impl<'a, 'd> Draft<'a, 'd> {
    pub(super) fn new(out: &'a mut Description<'d>) -> Self {
        let (subject, record) = (out.item(), out.fragment("record"));
        Self { out, subject, kind: AgentKind::Unknown, record, language: None, counts: Vec::new() }
    }

    /// The next fragment of a kind: `name-1`, `name-2`, …
    pub(super) fn fragment(&mut self, word: &'static str) -> Node {
        let number = match self.counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.counts.push((word, 1));
                1
            }
        };
        self.out.fragment(&format!("{word}-{number}"))
    }

    /// The language of the text of an element: what it or an element around it says, or else that of the record.
    pub(super) fn language_of(&self, element: ElementRef<'_>) -> Option<&'static str> {
        match told_language(element) {
            Some(code) => languages::tag(code),
            None => self.language,
        }
    }
}

/// The language code that an element or the nearest one around it has.
pub(super) fn told_language(element: ElementRef<'_>) -> Option<&str> {
    std::iter::successors(Some(element), |element| element.parent()).find_map(own_language)
}

/// The language code of the element itself.
pub(super) fn own_language(element: ElementRef<'_>) -> Option<&str> {
    ["xml:lang", "languageOfElement", "lang"].into_iter().find_map(|name| element.attribute(name))
}

/// The tag of a name: its own language, and its script where that is not the usual one of the language.
pub(super) fn tag_of_name(entry: ElementRef<'_>) -> Option<String> {
    let around = std::iter::successors(Some(entry), |element| {
        element.parent().filter(|parent| parent.name().starts_with("nameEntry"))
    });
    let find = |names: [&str; 2]| {
        around.clone().find_map(|element| names.into_iter().find_map(|name| element.attribute(name)))
    };
    let part = |name: &str| entry.child("part").and_then(|part| part.attribute(name));
    let tag =
        find(["xml:lang", "languageOfElement"]).or_else(|| part("xml:lang")).and_then(languages::tag)?;
    let script = find(["scriptCode", "scriptOfElement"]).unwrap_or_default().trim();
    let usual = table::find("script", tag).unwrap_or("Latn");
    let related = matches!((usual, script), ("Jpan" | "Kore" | "Hani", other) if other != "Latn");
    let known = script.len() == 4 && script.bytes().all(|b| b.is_ascii_alphabetic());
    if known && !script.eq_ignore_ascii_case(usual) && !related {
        return Some(format!("{tag}-{}", script.to_lowercase()));
    }
    Some(tag.to_owned())
}
