//! The header of a finding aid: `eadheader` of EAD 2002, `control` of EAD3.

use super::record::Header;
use super::text;
use crate::shared::languages;
use crate::shared::xml::{Element, ElementRef};

/// Reads what the header tells about the descriptions that follow it.
pub(super) fn read(element: Element) -> Header {
    let header = element.root();
    let worded = |path: &'static str| header.path(path).map(text::line).find(|text| !text.is_empty());
    let id = worded("eadid").or_else(|| worded("recordid"));
    let url = header
        .children("eadid")
        .filter_map(|id| id.attribute("url"))
        .chain(header.children("recordid").filter_map(|id| id.attribute("instanceurl")))
        .map(text::fold)
        .find(|url| !url.is_empty());
    let title = header
        .path("filedesc/titlestmt/titleproper")
        .filter(|title| !is_filing(*title))
        .map(text::line)
        .find(|title| !title.is_empty());
    let (language, agency) = (
        language(header),
        worded("maintenanceagency/agencyname").or_else(|| worded("filedesc/publicationstmt/publisher")),
    );
    Header { id, url, title, language, agency, element: Some(element), ..Header::default() }
}

/// Whether a title is a form for sorting.
pub(super) fn is_filing(title: ElementRef<'_>) -> bool {
    title.attribute("type").or_else(|| title.attribute("localtype")) == Some("filing")
}

/// The language of the finding aid, where it names exactly one.
fn language(header: ElementRef<'_>) -> Option<&'static str> {
    let usage = header.path("profiledesc/langusage").chain(header.children("languagedeclaration"));
    let mut one = None;
    for usage in usage {
        let mut tags = usage.children("language").filter_map(tag).peekable();
        if tags.peek().is_none()
            && let Some(tag) = languages::tag(text::line(usage).trim_end_matches('.'))
        {
            if one.is_some_and(|one| one != tag) {
                return None;
            }
            one = Some(tag);
        }
        for tag in tags {
            if one.is_some_and(|one| one != tag) {
                return None;
            }
            one = Some(tag);
        }
    }
    one
}

/// The BCP 47 tag of a `language` element: its code, or else its words.
pub(super) fn tag(language: ElementRef<'_>) -> Option<&'static str> {
    ["langcode", "lang", "xml:lang"]
        .iter()
        .filter_map(|name| language.attribute(name))
        .find_map(|code| languages::tag(code.trim()))
        .or_else(|| languages::tag(text::line(language).trim_end_matches('.')))
}
