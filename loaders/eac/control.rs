//! The record itself: who keeps it, its identifiers, language, rules, sources, and the days on which it began and was
//! last changed.

use super::dates::moment;
use super::draft::Draft;
use super::text;
use crate::shared::core;
use crate::shared::dates as reading;
use crate::shared::languages;
use crate::shared::xml::ElementRef;
use graph_model::{Bound, IssueKind, Node, content_key};
use vocabularies::{aarre, dc, dcterms, rdfs, ric_dft, rico};

/// The language of the record's text, where it declares exactly one.
pub(super) fn language(root: ElementRef<'_>) -> Option<&'static str> {
    let mut codes = root.path("control/languageDeclaration").flat_map(|declaration| {
        let own = declaration.attribute("languageCode");
        own.into_iter()
            .chain(declaration.children("language").filter_map(|one| one.attribute("languageCode")))
    });
    match (codes.next(), codes.next()) {
        (Some(code), None) => languages::tag(code),
        _ => None,
    }
}

pub(super) fn describe(draft: &mut Draft<'_, '_>, root: ElementRef<'_>) {
    let (item, record) = (draft.out.item(), draft.record);
    draft.out.rule("eac.control.record", "control");
    draft.out.link(item, rico::IS_OR_WAS_DESCRIBED_BY, record);
    draft.out.a(record, rico::RECORD);
    draft.out.term(record, rico::HAS_DOCUMENTARY_FORM_TYPE, ric_dft::AUTHORITY_RECORD);
    draft.out.link(record, rico::DESCRIBES_OR_DESCRIBED, item);
    let Some(control) = root.child("control") else { return };
    for child in control.elements().filter(|child| !text::is_internal(*child)) {
        match child.name() {
            "recordId" => {
                draft.out.rule("eac.recordId.identifier", "control/recordId");
                draft.out.text(record, rico::IDENTIFIER, &child.text(), None);
            }
            "otherRecordId" => other_id(draft, child),
            "maintenanceAgency" => agency(draft, child),
            "languageDeclaration" => declared(draft, child),
            "conventionDeclaration" => rule(draft, child),
            "maintenanceHistory" => changes(draft, child),
            "sources" => sources(draft, child),
            "rightsDeclaration" | "rightsdeclaration" => rights(draft, child),
            "representation" => {
                draft.out.rule("eac.representation.seeAlso", "control/representation");
                see_also(draft, record, child);
            }
            // States of editing and local administration are left out; see the essay of this module.
            _ => {}
        }
    }
}

fn other_id(draft: &mut Draft<'_, '_>, id: ElementRef<'_>) {
    draft.out.rule("eac.otherRecordId.identifier", "control/otherRecordId");
    let record = draft.record;
    let written = id.text();
    draft.out.text(record, rico::IDENTIFIER, &written, None);
    if written.starts_with("http://") || written.starts_with("https://") {
        link(draft, record, &written);
    }
}

fn agency(draft: &mut Draft<'_, '_>, agency: ElementRef<'_>) {
    draft.out.rule("eac.maintenanceAgency.creator", "control/maintenanceAgency/agencyName");
    let record = draft.record;
    let first = |name: &str| agency.children(name).map(ElementRef::text).find(|text| !text.is_empty());
    let Some(name) = first("agencyName").or_else(|| first("agencyCode")) else { return };
    if let Some(node) = core::organization(draft.out, &name, None) {
        draft.out.link(record, rico::HAS_CREATOR, node);
        if let Some(code) = first("agencyCode")
            && code != name
        {
            draft.out.text(node, dc::IDENTIFIER, &code, None);
        }
    }
}

fn declared(draft: &mut Draft<'_, '_>, declaration: ElementRef<'_>) {
    draft.out.rule("eac.languageDeclaration.language", "control/languageDeclaration");
    let record = draft.record;
    let own = declaration.attribute("languageCode").map(|code| (code, ""));
    let inner: Vec<_> = declaration
        .children("language")
        .map(|one| (one.attribute("languageCode").unwrap_or_default(), one.text()))
        .collect();
    for (code, words) in own.into_iter().chain(inner.iter().map(|(code, words)| (*code, words.as_ref()))) {
        spoken(draft, record, code, words);
    }
}

/// States a language of the agent or the record: a node of RiC-O that carries the BCP 47 tag.
pub(super) fn spoken(draft: &mut Draft<'_, '_>, node: Node, code: &str, words: &str) {
    let tag = languages::tag(code).or_else(|| languages::tag(words));
    let Some(key) = tag.or_else(|| [code, words].into_iter().find(|text| !text.is_empty())) else { return };
    if tag.is_none() {
        draft.out.issue(IssueKind::UnknownLanguage, key, "a code of ISO 639");
    }
    let language = draft.out.fragment(&format!("language-{}", content_key(&[key])));
    draft.out.link(node, rico::HAS_OR_HAD_LANGUAGE, language);
    draft.out.a(language, rico::LANGUAGE);
    if let Some(tag) = tag {
        draft.out.text(language, dc::LANGUAGE, tag, None);
    }
    match languages::tag(words) {
        // The words name another language than the code: the code counts, and they are not its name.
        Some(other) if tag != Some(other) => draft.out.issue(
            IssueKind::UnknownLanguage,
            words,
            format!("the name of the language with the code {code}"),
        ),
        _ if words.is_empty() => draft.out.text(language, rico::NAME, code, None),
        _ => {
            let of_words = draft.language;
            draft.out.text(language, rico::NAME, words, of_words);
        }
    }
}

/// The rules that the record follows, under their abbreviation where they have one, as names refer to it.
fn rule(draft: &mut Draft<'_, '_>, declaration: ElementRef<'_>) {
    draft.out.rule("eac.conventionDeclaration.rule", "control/conventionDeclaration");
    let first = |names: [&str; 2]| {
        names.into_iter().flat_map(|name| declaration.children(name)).find(|element| !element.is_empty())
    };
    let (code, title) = (first(["abbreviation", "shortCode"]), first(["citation", "reference"]));
    let Some(named) = code.or(title) else { return };
    let (record, language) = (draft.record, draft.language_of(declaration));
    let node = draft.out.fragment(&format!("rule-{}", short_key(&named.text())));
    draft.out.link(record, rico::IS_OR_WAS_REGULATED_BY, node);
    draft.out.a(node, rico::RULE);
    if let Some(code) = code {
        draft.out.text(node, rico::NAME, &code.text(), None);
    }
    if let Some(title) = title {
        draft.out.text(node, rico::TITLE, &title.text(), language);
        see_also(draft, node, title);
    }
    for note in declaration.children("descriptiveNote") {
        draft.out.text(node, rico::NOTE, &text::prose(note), language);
    }
}

/// A key of a text that may be a whole paragraph: its beginning says enough within one record.
fn short_key(text: &str) -> String {
    content_key(&[text]).chars().take(60).collect::<String>().trim_end_matches('-').to_owned()
}

/// The first and last day on which the record was worked on.
fn changes(draft: &mut Draft<'_, '_>, history: ElementRef<'_>) {
    draft.out.rule("eac.maintenanceHistory.dates", "control/maintenanceHistory");
    let record = draft.record;
    let mut days: Vec<String> = history
        .path("maintenanceEvent/eventDateTime")
        .filter_map(|moment| {
            let standard = moment.attribute("standardDateTime").map(str::to_owned);
            let text = standard.unwrap_or_else(|| moment.text().into_owned());
            let span = reading::read_date(text.split('T').next().unwrap_or_default(), None)?;
            match span.begin {
                Some(Bound::Day(day)) => Some(day),
                _ => None,
            }
        })
        .collect();
    days.sort_unstable();
    if let Some(first) = days.first() {
        moment(draft.out, record, rico::CREATION_DATE, first);
    }
    if days.len() > 1
        && let Some(last) = days.last()
    {
        moment(draft.out, record, rico::LAST_MODIFICATION_DATE, last);
    }
}

fn sources(draft: &mut Draft<'_, '_>, sources: ElementRef<'_>) {
    for (index, source) in sources.children("source").enumerate() {
        draft.out.rule("eac.source.source", &format!("control/sources/source[{}]", index + 1));
        let (record, language) = (draft.record, draft.language_of(source));
        for part in source.elements() {
            match part.name() {
                "sourceEntry" | "reference" | "citedRange" => {
                    draft.out.text(
                        record,
                        rico::RECORD_RESOURCE_SOURCE_OF_INFORMATION,
                        &part.text(),
                        language,
                    );
                    target(draft, record, part);
                }
                "descriptiveNote" => {
                    for paragraph in part.children("p") {
                        let words = paragraph.text();
                        draft.out.text(record, rico::RECORD_RESOURCE_SOURCE_OF_INFORMATION, &words, language);
                        addresses(&words).for_each(|address| source_link(draft, record, address));
                    }
                }
                _ => {}
            }
        }
        target(draft, record, source);
    }
}

/// The addresses that stand in a text, without the marks that close a sentence or bracket behind them.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | '<' | '>' | '"' | '«' | '»'))
        .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
        .map(|word| word.trim_end_matches([')', '.', ',', ';', ']']))
}

fn target(draft: &mut Draft<'_, '_>, record: Node, element: ElementRef<'_>) {
    if let Some(href) = ["xlink:href", "href"].into_iter().find_map(|name| element.attribute(name))
        && (href.starts_with("http://") || href.starts_with("https://"))
    {
        source_link(draft, record, href);
    }
}

fn source_link(draft: &mut Draft<'_, '_>, record: Node, address: &str) {
    if let Some(node) = draft.out.iri(address) {
        draft.out.link(record, rico::RECORD_RESOURCE_HAS_SOURCE_OF_INFORMATION, node);
    }
}

fn rights(draft: &mut Draft<'_, '_>, rights: ElementRef<'_>) {
    draft.out.rule("eac.rightsDeclaration.rights", "control/rightsDeclaration");
    let record = draft.record;
    let named = rights.elements().find(|part| matches!(part.name(), "citation" | "reference"));
    if let Some(named) = named {
        draft.out.text(record, dcterms::RIGHTS, &named.text(), None);
        see_also(draft, record, named);
    }
}

/// Links a page that an element refers to, where it is an address.
pub(super) fn see_also(draft: &mut Draft<'_, '_>, node: Node, element: ElementRef<'_>) {
    if let Some(href) =
        ["xlink:href", "href", "valueURI"].into_iter().find_map(|name| element.attribute(name))
    {
        if href.starts_with("http://") || href.starts_with("https://") {
            link(draft, node, href);
        } else {
            draft.out.text(node, aarre::AS_WRITTEN, href, None);
        }
    }
}

fn link(draft: &mut Draft<'_, '_>, node: Node, address: &str) {
    if let Some(page) = draft.out.iri(address) {
        draft.out.link(node, rdfs::SEE_ALSO, page);
    }
}
