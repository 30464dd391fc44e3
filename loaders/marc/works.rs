//! The work behind the thing, so that its editions and translations meet.
//!
//! BIBFRAME 2: the item is a `bf:Instance`, `bf:instanceOf` a `bf:Work` that records share. Its key is the name
//! of the creator and the uniform title, or the title where there is none; the language and the version are not
//! part of it, so that a translation meets the original when both say what the original is called. A title
//! alone, without creator, is no key unless it is a uniform title: two `Annual report`s are not one work.

use super::agents::{self, Heading};
use super::punctuation::{trim, unbracket};
use super::reading::Reading;
use super::record::{Field, MarcRecord};
use graph_model::{Description, Node, content_key, has_key};
use vocabularies::{bf, dc, dcterms, skos};

/// The subfields of a title that tell works apart: title, part, form, medium, number, key, and `o` (arranged).
const PARTS: &str = "anpkmro";

/// Finds and describes the work of the record.
pub(super) fn describe<'r>(reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let record = reading.record;
    let creator = record.fields().find(|field| matches!(field.tag(), "100" | "110" | "111"));
    let uniform = record.fields().find(|field| matches!(field.tag(), "130" | "240"));
    // A translation that names its original in 765 rather than 240 is of the original's work.
    let mut originals = record.tagged("765").filter(|field| field.first('t').is_some());
    let original = match (originals.next(), originals.next()) {
        (Some(one), None) if creator.is_some() => Some(one),
        _ => None,
    };
    let own = || creator.and_then(|_| record.tagged("245").next());
    let Some(source) = uniform.or(original).or_else(own) else { return };
    let title = match source.tag() {
        "245" => proper(&source),
        "765" => source.first('t').map(|title| unbracket(trim(title)).to_owned()).unwrap_or_default(),
        _ => title_of(&source),
    };
    let nonfiling = if source.tag() == "130" { 1 } else { 2 };
    // The indicators of 765 count nothing.
    let article = if source.tag() == "765" { '0' } else { source.indicator(nonfiling) };
    if !has_key(&title) {
        return;
    }
    let heading = creator.map(|field| (field, agents::heading(&field)));
    reading.rule(out, "marc.1xx-240-245.work", &source, "a");
    let Some(work) = work(heading.as_ref().map(|(_, heading)| heading), &title, article, out) else { return };
    let item = out.item();
    out.link(item, bf::INSTANCE_OF, work);
    if let Some((field, heading)) = &heading
        && let Some(agent) = agents::agent(field, heading, reading, out)
    {
        out.link(work, dc::CREATOR, agent);
    }
    reading.work = Some(work);
    if let Some(language) = original_language(record) {
        out.rule("marc.041h.work-language", "041$h");
        out.text(work, dc::LANGUAGE, language, None);
    }
}

/// The language of the original where the record is of a translation from one language.
fn original_language(record: &MarcRecord) -> Option<&'static str> {
    let mut originals = record.tagged("041").flat_map(|field| field.every('h'));
    let (first, second) = (originals.next()?, originals.next());
    if second.is_some() { None } else { crate::shared::languages::tag(first) }
}

/// The node of a work by its creator and title; `article` is the indicator that counts the characters of an
/// initial article, which is no part of the key.
pub(super) fn work(
    creator: Option<&Heading>,
    title: &str,
    article: char,
    out: &mut Description<'_>,
) -> Option<Node> {
    let name = creator.map_or("", |creator| creator.name.as_str());
    if !has_key(title) {
        return None;
    }
    let key = content_key(&[name, unfiled(title, article)]);
    let node = out.shared("work", &key);
    out.a(node, bf::WORK);
    let label = if name.is_empty() { title.to_owned() } else { format!("{name}: {title}") };
    out.text(node, skos::PREF_LABEL, &label, None);
    Some(node)
}

/// A work that the record names besides its own: 7XX with a title, 730.
pub(super) fn related(field: &Field<'_>, creator: &Heading, out: &mut Description<'_>) -> Option<Node> {
    let title = titled(field);
    let work = work(Some(creator), &title, '0', out)?;
    let item = out.item();
    // A second indicator of 2 says that the work is in the thing.
    out.link(item, if field.indicator(2) == '2' { dcterms::HAS_PART } else { dcterms::RELATION }, work);
    Some(work)
}

/// The title in a name-title field: `$t` and its parts.
pub(super) fn titled(field: &Field<'_>) -> String {
    let mut title = String::new();
    let mut begun = false;
    for (code, text) in field.subfields() {
        begun |= code == 't';
        if begun && (code == 't' || PARTS.contains(code)) {
            append(&mut title, text, ". ");
        }
    }
    title
}

/// A uniform title: `$a` and its parts.
pub(super) fn title_of(field: &Field<'_>) -> String {
    let mut title = String::new();
    for (code, text) in field.subfields() {
        if PARTS.contains(code) {
            append(&mut title, text, ". ");
        }
    }
    title
}

/// The title proper of 245: without remainder and brackets.
fn proper(field: &Field<'_>) -> String {
    let mut title = String::new();
    for (code, text) in field.subfields() {
        match code {
            'a' | 'n' | 'p' => append(&mut title, text, ". "),
            // The parts of a remainder belong to the remainder.
            'b' => break,
            _ => {}
        }
    }
    title
}

fn append(title: &mut String, text: &str, between: &str) {
    let text = unbracket(trim(text));
    if text.is_empty() {
        return;
    }
    if !title.is_empty() {
        // `op. 49.` has its full stop already.
        title.push_str(if title.ends_with('.') { between.trim_start_matches('.') } else { between });
    }
    title.push_str(text);
}

fn unfiled(title: &str, indicator: char) -> &str {
    let skip = indicator.to_digit(10).unwrap_or(0) as usize;
    match title.char_indices().nth(skip) {
        // The count must end where a word begins, or it is wrong.
        Some((at, _)) if skip > 0 && title[..at].ends_with([' ', '\'', '’', '"', '-', 'ʻ']) => {
            &title[at..]
        }
        _ => title,
    }
}
