//! Digital objects: `dao`, `daogrp` with its `daoloc`, and `daoset` of EAD3.

use super::describe::language_of;
use super::extent;
use super::record::Record;
use super::text;
use crate::shared::core::{self, EdmType, View};
use crate::shared::xml::ElementRef;
use graph_model::{Description, IssueKind, Node};
use std::borrow::Cow;
use vocabularies::{dc, edm, rico};

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
            let node = file(&href, files, out);
            particulars(dao, set, node, record, out);
            continue;
        }
        let (view, format) = view(dao, &href);
        let view = match view {
            View::ShownAt if !std::mem::replace(&mut page, true) => View::ShownAt,
            View::ShownBy if !std::mem::replace(&mut object, true) => View::ShownBy,
            View::Preview if !std::mem::replace(&mut preview, true) => View::Preview,
            _ => View::Other,
        };
        let Some(node) = core::web_resource(out, &href, view, format.as_deref()) else { continue };
        if view != View::ShownAt {
            let item = out.item();
            out.a(node, rico::INSTANTIATION);
            out.link(item, rico::HAS_OR_HAD_DIGITAL_INSTANTIATION, node);
            if let Some(kind) = format.as_deref().and_then(kind_of) {
                out.text(node, edm::TYPE, kind.as_str(), None);
            }
        }
        particulars(dao, set, node, record, out);
    }
    if let (None, Some(url), false) = (&record.parent, &record.header.url, page) {
        out.rule("ead.eadid.isShownAt", "eadheader/eadid/@url");
        core::web_resource(out, url, View::ShownAt, None);
    }
}

/// What is told about a digital object beside where it is: its title, what it shows, its role and number, and whether it
/// was made from the material or is the material.
fn particulars(
    dao: ElementRef<'_>,
    set: Option<ElementRef<'_>>,
    node: Node,
    record: &Record,
    out: &mut Description<'_>,
) {
    let language = language_of(dao, record);
    let language = language.as_deref();
    let either = |read: fn(ElementRef<'_>) -> String| {
        let own = read(dao);
        if own.is_empty() { set.map(read).unwrap_or_default() } else { own }
    };
    out.text(node, dc::TITLE, &either(title), language);
    out.text(node, dc::DESCRIPTION, &either(caption), language);
    for name in ["xlink:role", "role", "linkrole", "localtype"] {
        // A media type is told as the format, and an IRI is no word.
        let role = dao.attribute(name).map(text::fold).unwrap_or_default();
        if !role.contains(['/', ':']) {
            out.text(node, rico::TYPE, &role, None);
        }
    }
    if let Some(identifier) = dao.attribute("identifier").map(text::fold) {
        out.text(node, rico::IDENTIFIER, &identifier, None);
    }
    match dao.attribute("daotype") {
        Some("derived") => {
            let original = extent::instantiation(out);
            out.link(node, rico::IS_OR_WAS_DERIVED_FROM_INSTANTIATION, original);
        }
        Some("borndigital") => out.text(node, rico::TYPE, "born digital", Some("en")),
        Some("otherdaotype") => {
            let other = dao.attribute("otherdaotype").map(text::fold).unwrap_or_default();
            out.text(node, rico::TYPE, &other, None);
        }
        _ => {}
    }
}

/// What a digital object is made to: audio is heard and video is watched, whatever it is of; a picture may be one of a
/// text.
pub(super) fn kind(record: &Record) -> Option<EdmType> {
    let mut found = Vec::new();
    for element in record.own.did().chain(record.own.notes()) {
        gather(element, None, &mut found);
    }
    let mut kinds = found.iter().map(|(dao, _)| {
        let (view, format) = view(*dao, &address(*dao)?);
        if view == View::Preview { None } else { format.as_deref().and_then(kind_of) }
    });
    let first = kinds.next()??;
    let certain = matches!(first, EdmType::Sound | EdmType::Video | EdmType::ThreeD);
    (certain && kinds.all(|kind| kind == Some(first))).then_some(first)
}

fn kind_of(format: &str) -> Option<EdmType> {
    Some(match format.split_once('/')?.0 {
        "audio" => EdmType::Sound,
        "image" => EdmType::Image,
        "model" => EdmType::ThreeD,
        "text" => EdmType::Text,
        "video" => EdmType::Video,
        _ if format == "application/pdf" => EdmType::Text,
        _ => return None,
    })
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
fn file(name: &str, number: usize, out: &mut Description<'_>) -> Node {
    if number == 1 {
        out.issue(IssueKind::BadIri, name, "an absolute IRI of the digital object");
    }
    let item = out.item();
    let node = out.fragment(&format!("digital-{number}"));
    out.a(node, rico::INSTANTIATION);
    out.link(item, rico::HAS_OR_HAD_DIGITAL_INSTANTIATION, node);
    out.text(node, rico::IDENTIFIER, name, None);
    node
}

/// What a digital object is to the item, by its role and the ending of its address, and its media type.
fn view(dao: ElementRef<'_>, href: &str) -> (View, Option<Cow<'static, str>>) {
    let (mut role, mut told) = (String::new(), None);
    for name in ["xlink:role", "role", "linkrole", "label", "xlink:label", "localtype"] {
        let Some(value) = dao.attribute(name) else { continue };
        let value = value.trim().to_lowercase();
        let tree = value.split_once('/').map_or("", |(tree, _)| tree);
        if ["application", "audio", "image", "model", "text", "video"].contains(&tree) && !value.contains(' ')
        {
            told = Some(Cow::Owned(value.clone()));
        }
        role.push_str(&value);
        role.push(' ');
    }
    let format = told.or_else(|| media_type(href).map(Cow::Borrowed));
    let says = |words: &[&str]| words.iter().any(|word| role.contains(word));
    let view = if says(&["thumb", "preview", "icon", "esikatselu"]) {
        View::Preview
    } else if format.as_deref().is_some_and(|format| format != "text/html")
        || href.contains("/full/")
        || says(&["master", "image-full", "image-service"])
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
        "xml" => "text/xml",
        "glb" => "model/gltf-binary",
        _ => return None,
    })
}

/// What a digital object shows, in the words of its own description.
fn caption(element: ElementRef<'_>) -> String {
    let notes = ["daodesc", "descriptivenote"].iter().filter_map(|name| element.child(name));
    notes.map(text::note).find(|words| !words.is_empty()).unwrap_or_default()
}

fn title(element: ElementRef<'_>) -> String {
    let title = ["linktitle", "xlink:title", "title"].iter().find_map(|name| element.attribute(name));
    title.map(text::fold).unwrap_or_default()
}
