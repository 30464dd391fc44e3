//! The finding aid as a record of its own: what its header (`eadheader`, `control`) says about itself, as a fragment of
//! the description that stands at its top.
//!
//! Who wrote it stands in the words of the header: "Inventory by A. Moe, revised by the staff" is no name.

use super::header;
use super::languages;
use super::record::Record;
use super::text;
use crate::shared::xml::ElementRef;
use crate::shared::{core, dates, rights};
use graph_model::{Concept, Description, Node};
use std::borrow::Cow;
use vocabularies::{dc, dcterms, ric_dft, rico};

/// Says all that a header says about its finding aid. Components have none; what came without a header says nothing.
pub(super) fn describe(record: &Record, out: &mut Description<'_>) {
    let (None, Some(header)) = (&record.parent, &record.header.element) else { return };
    let header = header.root();
    let item = out.item();
    out.rule("ead.header.findingAid", header.name());
    let aid = out.fragment("finding-aid");
    out.a(aid, rico::RECORD);
    out.term(aid, rico::HAS_DOCUMENTARY_FORM_TYPE, ric_dft::FINDING_AID);
    out.link(item, rico::IS_OR_WAS_DESCRIBED_BY, aid);
    out.link(aid, rico::DESCRIBES_OR_DESCRIBED, item);
    let words = Words { language: record.header.language, within: header.name() };
    identity(header, aid, words, out);
    for part in header.elements().filter(|part| !text::is_internal(*part)) {
        match part.name() {
            "filedesc" => statements(part, aid, words, out),
            "profiledesc" => profile(part, aid, words, out),
            "languagedeclaration" => written_in(part, aid, words, out),
            "conventiondeclaration" => convention(part, aid, words, out),
            "rightsdeclaration" => conditions(part, aid, words, out),
            "maintenanceagency" => agency(part, aid, words, out),
            "maintenancestatus" | "publicationstatus" => status(part, aid, words, out),
            "maintenancehistory" => {
                for (number, event) in (1..).zip(part.children("maintenanceevent")) {
                    revision(event, number, aid, words, out);
                }
            }
            "revisiondesc" => {
                for (number, change) in (1..).zip(part.children("change")) {
                    revision(change, number, aid, words, out);
                }
            }
            "sources" => sources(part, aid, words, out),
            "representation" => representation(part, aid, words, out),
            _ => {}
        }
    }
}

/// How the words of a header are tagged where they do not say it themselves.
#[derive(Clone, Copy)]
struct Words<'e> {
    language: Option<&'static str>,
    /// The name of the header.
    within: &'e str,
}

impl Words<'_> {
    /// Names a rule and the place in the header.
    fn rule(self, rule: &str, path: &str, out: &mut Description<'_>) {
        out.rule(rule, &format!("{}/{path}", self.within));
    }

    fn language<'e>(self, element: ElementRef<'e>) -> Option<Cow<'e, str>> {
        super::describe::own_language(element).or_else(|| self.language.map(Cow::Borrowed))
    }

    /// States the words of an element in lines.
    fn tell(
        self,
        subject: Node,
        property: oxrdf::NamedNodeRef<'static>,
        element: ElementRef<'_>,
        out: &mut Description<'_>,
    ) {
        out.text(subject, property, &text::note(element), self.language(element).as_deref());
    }
}

fn identity(header: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    words.rule("ead.header.identifier", "eadid", out);
    for name in ["eadid", "recordid", "otherrecordid"] {
        for id in header.children(name) {
            out.text(aid, rico::IDENTIFIER, &text::line(id), None);
        }
    }
    let url =
        |id: ElementRef<'_>| id.attribute("url").or_else(|| id.attribute("instanceurl")).map(text::fold);
    for url in header.elements().filter_map(url).filter(|url| url.contains("://")) {
        words.rule("ead.header.digital", "eadid/@url", out);
        if let Some(node) = out.iri(&url) {
            out.link(aid, rico::HAS_OR_HAD_DIGITAL_INSTANTIATION, node);
        }
    }
}

/// `filedesc`: title, authors, edition, publication, series, notes.
fn statements(filedesc: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    for statement in filedesc.elements() {
        match statement.name() {
            "titlestmt" => titles(statement, aid, words, out),
            "editionstmt" => {
                words.rule("ead.editionstmt.history", "filedesc/editionstmt", out);
                words.tell(aid, rico::HISTORY, statement, out);
            }
            "publicationstmt" => publication(statement, aid, words, out),
            "seriesstmt" => {
                words.rule("ead.seriesstmt.generalDescription", "filedesc/seriesstmt", out);
                let parts: Vec<String> = statement.elements().map(text::line).collect();
                let language = words.language(statement);
                out.text(aid, rico::GENERAL_DESCRIPTION, &parts.join(", "), language.as_deref());
            }
            "notestmt" => {
                words.rule("ead.notestmt.note", "filedesc/notestmt", out);
                for note in statement.elements() {
                    words.tell(aid, rico::NOTE, note, out);
                }
            }
            _ => {}
        }
    }
}

fn titles(titlestmt: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    words.rule("ead.titlestmt.title", "filedesc/titlestmt/titleproper", out);
    // The first subtitle belongs to the first title; a filing title is a form for sorting.
    let mut subtitles = titlestmt.children("subtitle").map(text::line);
    for title in titlestmt.children("titleproper").filter(|title| !header::is_filing(*title)) {
        let mut line = text::line(title);
        if let Some(subtitle) = subtitles.next().filter(|subtitle| !subtitle.is_empty()) {
            line = format!("{line} : {subtitle}");
        }
        out.text(aid, rico::TITLE, &line, words.language(title).as_deref());
    }
    for element in titlestmt.elements() {
        match element.name() {
            "author" => {
                words.rule("ead.author.creator", "filedesc/titlestmt/author", out);
                let line = text::line(element);
                let language = words.language(element);
                out.text(aid, dc::CREATOR, &line, language.as_deref());
                out.text(aid, rico::HISTORY, &line, language.as_deref());
            }
            "sponsor" => {
                words.rule("ead.sponsor.history", "filedesc/titlestmt/sponsor", out);
                words.tell(aid, rico::HISTORY, element, out);
            }
            _ => {}
        }
    }
}

fn publication(publicationstmt: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    for element in publicationstmt.elements() {
        match element.name() {
            "publisher" => {
                words.rule("ead.publisher.publisher", "filedesc/publicationstmt/publisher", out);
                let name = text::line(element);
                if let Some(node) =
                    core::organization(out, &name, super::describe::own_language(element).as_deref())
                {
                    out.link(aid, rico::HAS_PUBLISHER, node);
                }
            }
            "date" => {
                words.rule("ead.publicationstmt.issued", "filedesc/publicationstmt/date", out);
                moment(element, aid, (rico::HAS_PUBLICATION_DATE, rico::PUBLICATION_DATE), words, out);
            }
            "p" | "num" => {
                words.rule("ead.publicationstmt.generalDescription", "filedesc/publicationstmt", out);
                words.tell(aid, rico::GENERAL_DESCRIPTION, element, out);
            }
            _ => {}
        }
    }
}

/// A date as a span and as it was written.
fn moment(
    date: ElementRef<'_>,
    subject: Node,
    (link, written): (oxrdf::NamedNodeRef<'static>, oxrdf::NamedNodeRef<'static>),
    words: Words<'_>,
    out: &mut Description<'_>,
) {
    let line = text::line(date);
    let language = words.language(date);
    let normal = ["normal", "standarddate", "standarddatetime"];
    let normal = normal.iter().find_map(|name| date.attribute(name)).map(text::fold).unwrap_or_default();
    let read = super::dates::normalised(&normal).or_else(|| dates::read_date(&line, language.as_deref()));
    if let Some(span) = read {
        let time = out.time(&span);
        out.link(subject, link, time);
    }
    out.text(subject, written, if line.is_empty() { &normal } else { &line }, language.as_deref());
}

/// `profiledesc` of EAD 2002: how it was encoded, in which language, by which rules.
fn profile(profiledesc: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    for element in profiledesc.elements() {
        match element.name() {
            "creation" => {
                words.rule("ead.creation.history", "profiledesc/creation", out);
                words.tell(aid, rico::HISTORY, element, out);
            }
            "langusage" => written_in(element, aid, words, out),
            "descrules" => convention(element, aid, words, out),
            _ => {}
        }
    }
}

fn written_in(usage: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    words.rule("ead.langusage.language", usage.name(), out);
    let named = usage.descendants().filter(|inner| inner.name() == "language").filter_map(header::tag);
    let mut tags: Vec<&'static str> = named.collect();
    if tags.is_empty() {
        tags.extend(words.language);
    }
    for tag in tags {
        let node = languages::node(tag, out);
        out.link(aid, rico::HAS_OR_HAD_LANGUAGE, node);
    }
    if let Some(note) = usage.child("descriptivenote") {
        words.tell(aid, rico::NOTE, note, out);
    }
}

/// The rules that the description follows, such as ISAD(G) or a national code.
fn convention(element: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    words.rule("ead.convention.rule", element.name(), out);
    let line = text::note(element);
    let citation = element.child("citation");
    let href = citation.and_then(text::href).filter(|href| href.contains("://"));
    let node = match href.and_then(|href| out.iri(href)) {
        Some(node) => node,
        None if line.is_empty() => return,
        None => out.fragment(&format!("finding-aid-rule-{}", graph_model::content_key(&[&line]))),
    };
    out.a(node, rico::RULE);
    out.link(aid, rico::IS_OR_WAS_REGULATED_BY, node);
    out.text(node, rico::TITLE, &line, words.language(element).as_deref());
}

/// The rights to the finding aid itself, not to the material.
fn conditions(element: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    words.rule("ead.rightsdeclaration.rights", "rightsdeclaration", out);
    let line = text::note(element);
    let links = element.descendants().filter_map(text::href);
    let statement = links.filter_map(rights::statement).next().or_else(|| rights::statement(&line));
    if let Some(node) = statement.and_then(|iri| out.iri(iri)) {
        out.link(aid, dcterms::LICENSE, node);
    }
    out.text(aid, rico::CONDITIONS_OF_USE, &line, words.language(element).as_deref());
}

fn agency(element: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    words.rule("ead.maintenanceagency.manager", "maintenanceagency", out);
    let names =
        element.children("agencyname").map(|name| (text::line(name), super::describe::own_language(name)));
    let Some((name, language)) = names.into_iter().find(|(name, _)| !name.is_empty()) else { return };
    let Some(node) = core::organization(out, &name, language.as_deref()) else { return };
    out.link(aid, rico::HAS_OR_HAD_MANAGER, node);
    for code in element.elements().filter(|code| matches!(code.name(), "agencycode" | "otheragencycode")) {
        out.text(node, rico::IDENTIFIER, &text::line(code), None);
    }
    if let Some(note) = element.child("descriptivenote") {
        words.tell(aid, rico::NOTE, note, out);
    }
}

/// Whether the finding aid is new, revised, deleted; in process, approved.
fn status(element: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    words.rule("ead.status.recordState", element.name(), out);
    let value = element.attribute("value").map_or_else(|| text::line(element), text::fold);
    if let Some(state) = out.concept(&Concept { label: &value, ..Concept::default() }) {
        out.link(aid, rico::HAS_RECORD_STATE, state);
    }
}

/// One change of the finding aid. Without words about what was done there is nothing to tell.
fn revision(event: ElementRef<'_>, number: usize, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    words.rule("ead.revision.activity", event.name(), out);
    let told = event.elements().filter(|part| !matches!(part.name(), "date" | "eventdatetime")).any(|part| {
        !text::line(part).is_empty() || part.attribute("value").is_some_and(|value| !value.is_empty())
    });
    if !told {
        return;
    }
    let node = out.fragment(&format!("revision-{number}"));
    out.a(node, rico::ACTIVITY);
    out.link(aid, rico::IS_OR_WAS_AFFECTED_BY, node);
    for part in event.elements() {
        match part.name() {
            "date" | "eventdatetime" => {
                moment(part, node, (rico::OCCURRED_AT_DATE, rico::DATE), words, out);
            }
            "item" | "list" | "eventdescription" => words.tell(node, rico::GENERAL_DESCRIPTION, part, out),
            "eventtype" => {
                let value = part.attribute("value").map(text::fold).unwrap_or_default();
                let line = text::line(part);
                out.text(node, rico::TYPE, if line.is_empty() { &value } else { &line }, None);
            }
            "agent" => out.text(node, dc::CONTRIBUTOR, &text::line(part), None),
            _ => {}
        }
    }
}

/// What the description was made from.
fn sources(element: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    words.rule("ead.sources.source", "sources/source", out);
    for source in element.children("source") {
        words.tell(aid, rico::RECORD_RESOURCE_SOURCE_OF_INFORMATION, source, out);
        if let Some(node) =
            text::href(source).filter(|href| href.contains("://")).and_then(|href| out.iri(href))
        {
            out.link(aid, rico::RECORD_RESOURCE_HAS_SOURCE_OF_INFORMATION, node);
        }
    }
}

/// The finding aid in another form, such as a page or a PDF.
fn representation(element: ElementRef<'_>, aid: Node, words: Words<'_>, out: &mut Description<'_>) {
    words.rule("ead.representation.digital", "representation", out);
    let Some(href) = text::href(element).filter(|href| href.contains("://")) else { return };
    let Some(node) = out.iri(href) else { return };
    out.link(aid, rico::HAS_OR_HAD_DIGITAL_INSTANTIATION, node);
    out.a(node, rico::INSTANTIATION);
    words.tell(node, dc::DESCRIPTION, element, out);
}
