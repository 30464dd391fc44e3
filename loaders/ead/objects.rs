//! Digital objects: `dao`, `daogrp` with its `daoloc`, and `daoset` of EAD3.

use super::describe::language_of;
use super::record::Record;
use super::text;
use crate::shared::core::{self, View};
use crate::shared::xml::ElementRef;
use graph_model::{Description, IssueKind};
use vocabularies::{dc, rico};

/// Links all digital objects of a record, in the order of the file. A page, the object itself and a preview
/// can each be told once; all further ones are views.
pub(super) fn describe(record: &Record, out: &mut Description<'_>) {
    let mut found = Vec::new();
    for element in record.own.did().chain(record.own.notes()) {
        gather(element, None, &mut found);
    }
    let (mut page, mut object, mut preview, mut files) = (false, false, false, 0_usize);
    for (dao, set) in found {
        out.rule("ead.dao.webResource", dao.name());
        let Some(href) = address(dao) else { continue };
        if !href.contains("://") && !href.starts_with("urn:") {
            files += 1;
            file(&href, files, out);
            continue;
        }
        let (view, format) = view(dao, &href);
        let view = match view {
            View::ShownAt if !std::mem::replace(&mut page, true) => View::ShownAt,
            View::ShownBy if !std::mem::replace(&mut object, true) => View::ShownBy,
            View::Preview if !std::mem::replace(&mut preview, true) => View::Preview,
            _ => View::Other,
        };
        let Some(node) = core::web_resource(out, &href, view, format) else { continue };
        if view != View::ShownAt {
            let item = out.item();
            out.a(node, rico::INSTANTIATION);
            out.link(item, rico::HAS_OR_HAD_DIGITAL_INSTANTIATION, node);
        }
        let own = caption(dao);
        let words = if own.is_empty() { set.map(caption).unwrap_or_default() } else { own };
        let language = language_of(dao, record);
        out.text(node, dc::DESCRIPTION, &words, language.as_deref());
    }
    if let (None, Some(url), false) = (&record.parent, &record.header.url, page) {
        out.rule("ead.eadid.isShownAt", "eadheader/eadid/@url");
        core::web_resource(out, url, View::ShownAt, None);
    }
}

fn gather<'e>(
    element: ElementRef<'e>,
    set: Option<ElementRef<'e>>,
    found: &mut Vec<(ElementRef<'e>, Option<ElementRef<'e>>)>,
) {
    match element.name() {
        "dao" | "daoloc" if !text::is_internal(element) => found.push((element, set)),
        "daogrp" | "daoset" if !text::is_internal(element) => {
            element.elements().for_each(|child| gather(child, Some(element), found));
        }
        _ => {}
    }
}

fn address(dao: ElementRef<'_>) -> Option<String> {
    let href = dao.attribute("xlink:href").or_else(|| dao.attribute("href"))?;
    let href = href.trim();
    (!href.is_empty()).then(|| href.replace(' ', "%20"))
}

/// A file name or a number of the owner's own system: it identifies a digital copy, though nobody can follow it.
fn file(name: &str, number: usize, out: &mut Description<'_>) {
    if number == 1 {
        out.issue(IssueKind::BadIri, name, "an absolute IRI of the digital object");
    }
    let item = out.item();
    let node = out.fragment(&format!("digital-{number}"));
    out.a(node, rico::INSTANTIATION);
    out.link(item, rico::HAS_OR_HAD_DIGITAL_INSTANTIATION, node);
    out.text(node, rico::IDENTIFIER, name, None);
}

/// What a digital object is to the item, by its role and the ending of its address, and its media type.
fn view(dao: ElementRef<'_>, href: &str) -> (View, Option<&'static str>) {
    let role: String = ["xlink:role", "role", "linkrole", "label", "xlink:label", "localtype"]
        .iter()
        .filter_map(|name| dao.attribute(name))
        .flat_map(|role| [role.to_lowercase(), " ".to_owned()])
        .collect();
    let format = media_type(href);
    let says = |words: &[&str]| words.iter().any(|word| role.contains(word));
    let view = if says(&["thumb", "preview", "icon", "esikatselu"]) {
        View::Preview
    } else if format.is_some()
        || href.contains("/full/")
        || says(&["image/", "audio/", "video/", "application/pdf", "master"])
    {
        View::ShownBy
    } else {
        View::ShownAt
    };
    (view, format)
}

fn media_type(href: &str) -> Option<&'static str> {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match ending.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "tif" | "tiff" => "image/tiff",
        "jp2" => "image/jp2",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        _ => return None,
    })
}

fn caption(element: ElementRef<'_>) -> String {
    for name in ["daodesc", "descriptivenote"] {
        let words = element.child(name).map(text::note).unwrap_or_default();
        if !words.is_empty() {
            return words;
        }
    }
    let title = ["linktitle", "xlink:title", "title"].iter().find_map(|name| element.attribute(name));
    title.map(text::fold).unwrap_or_default()
}
