//! In which languages: `langmaterial`, with EAD3's `languageset`.

use super::header;
use super::record::Nature;
use super::text;
use crate::shared::languages;
use crate::shared::xml::ElementRef;
use graph_model::{Description, IssueKind, Node};
use vocabularies::{dc, rico, skos};

/// Says in which languages the material is, from one `langmaterial`.
pub(super) fn describe(
    element: ElementRef<'_>,
    nature: Nature,
    note_language: Option<&str>,
    out: &mut Description<'_>,
) {
    out.rule("ead.langmaterial.language", "did/langmaterial");
    let (tags, told) = tags(element, out);
    let item = out.item();
    for &tag in &tags {
        out.text(item, dc::LANGUAGE, tag, None);
        let link = match nature {
            Nature::Record => rico::HAS_OR_HAD_LANGUAGE,
            Nature::Set if tags.len() == 1 && !told.others => rico::HAS_OR_HAD_ALL_MEMBERS_WITH_LANGUAGE,
            Nature::Set => rico::HAS_OR_HAD_SOME_MEMBERS_WITH_LANGUAGE,
            // Of what may be a set or a record RiC-O can say neither.
            Nature::Unknown => continue,
        };
        let node = node(tag, out);
        out.link(item, link, node);
    }
    // What was said about the languages beside naming them.
    for note in element.children("descriptivenote") {
        out.text(item, rico::GENERAL_DESCRIPTION, &text::note(note), note_language);
    }
}

/// A language as a node: a concept that is a language to RiC-O too.
pub(super) fn node(tag: &'static str, out: &mut Description<'_>) -> Node {
    let node = out.shared("concept", &format!("language-{tag}"));
    out.a(node, skos::CONCEPT);
    out.a(node, rico::LANGUAGE);
    out.text(node, skos::NOTATION, tag, None);
    if let Some(language) = vocabularies::languages::by_bcp47(tag) {
        out.text(node, skos::PREF_LABEL, language.name, Some("en"));
    }
    node
}

/// What a `langmaterial` says beside the languages that have a tag.
#[derive(Default)]
struct Told {
    /// There are languages that have no tag, "several" and "undetermined" among them.
    others: bool,
}

fn tags(element: ElementRef<'_>, out: &mut Description<'_>) -> (Vec<&'static str>, Told) {
    let mut tags = Vec::new();
    let mut told = Told::default();
    let mut add = |tag| {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    };
    let mut elements = element.descendants().filter(|inner| inner.name() == "language").peekable();
    let named = elements.peek().is_some();
    for language in elements {
        let code = language.attribute("langcode").or_else(|| language.attribute("lang")).unwrap_or_default();
        if let Some(tag) = header::tag(language) {
            add(tag);
            continue;
        }
        let words = text::line(language);
        if code.is_empty() && words.is_empty() {
            continue;
        }
        told.others = true;
        let met = if code.is_empty() { &words } else { code };
        // "zxx", "und" and "mul" say that there is no one language, which is no fault.
        if !matches!(code, "zxx" | "und" | "mul") {
            out.issue(IssueKind::UnknownLanguage, met, "a language code of ISO 639, or a language's name");
        }
    }
    if !named {
        // Words only: "Finnish and Swedish".
        let words = text::line(element);
        for word in words.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 3) {
            languages::tag(word).into_iter().for_each(&mut add);
        }
    }
    (tags, told)
}
