//! One description of the tree as the finding aid has it: an `archdesc` or a component, without its child
//! components, and what its place in the tree tells about it. No RDF here.

use super::party::Party;
use super::text;
use crate::shared::xml::{Element, ElementRef, Note, Reader, Start, XmlError};
use graph_model::{Position, TimeSpan};
use std::sync::{Arc, OnceLock};

/// What the header of a finding aid (`eadheader`, or `control` in EAD3) tells about all its descriptions.
#[derive(Debug, Default)]
pub struct Header {
    /// The owner's identifier of the finding aid, `eadid` or `recordid`.
    pub id: Option<String>,
    /// The address of the finding aid on the web.
    pub url: Option<String>,
    /// The title of the finding aid.
    pub title: Option<String>,
    /// BCP 47 tag of the language that the finding aid is written in, where it names exactly one.
    pub language: Option<&'static str>,
    /// The agency that keeps the finding aid, or else its publisher.
    pub agency: Option<String>,
    /// The content key of the agency, made once for all descriptions.
    pub(super) agency_key: OnceLock<String>,
    /// All of it.
    pub element: Option<Element>,
}

/// What a description hands down to its components.
#[derive(Debug)]
pub struct Context {
    /// The local identifier of the description.
    pub local: String,
    /// The local identifier of the top of the tree.
    pub root: String,
    /// The nearest reference code here or above; the codes of components may begin with it.
    pub unitid: Option<String>,
    /// What stands before that code in the local identifier that has it.
    pub stem: String,
    /// Who keeps the material, told here or above.
    pub repository: Option<Arc<Party>>,
    /// Whose activity the material comes from, told here or above.
    pub originations: Arc<[Party]>,
    /// The dates of the material, told here or above.
    pub dates: Option<TimeSpan>,
    /// The description, here or above, that has the nearest conditions of access.
    pub access: Option<Arc<str>>,
    /// What the description is of.
    pub nature: Nature,
    /// The statement of rights in the nearest conditions of use here or above, as its IRI.
    pub rights: Option<&'static str>,
    /// Whether this or anything above is marked as not for the public.
    pub internal: bool,
}

/// How the local identifier came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// The owner gave it.
    Owner,
    /// It was made from the content, as the owner gave none.
    Content,
    /// Another description before this one has the same; this one got a number behind it.
    Twin,
}

/// What a description is of, as far as its level tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A set of records.
    Set,
    /// One record, or a part of one.
    Record,
    /// The level does not tell.
    Unknown,
}

/// One description.
#[derive(Debug)]
pub struct Record {
    /// Where its start tag stands.
    pub position: Position,
    /// Its local identifier.
    pub local: String,
    /// How the local identifier came about.
    pub identity: Identity,
    /// Its own data.
    pub own: Own,
    /// The header of its finding aid.
    pub header: Arc<Header>,
    /// What it inherits; `None` at the top.
    pub parent: Option<Arc<Context>>,
    /// The local identifier of the component before it under the same parent.
    pub previous: Option<String>,
    /// Whether it has components.
    pub has_components: bool,
    /// Whether the file ended or broke before its end tag.
    pub cut_short: bool,
    /// What the envelope of OAI-PMH around its finding aid tells: the identifier, and whether it was deleted.
    pub delivery: Option<Arc<(String, bool)>>,
}

impl Record {
    /// Whether this or anything above is marked as not for the public.
    #[must_use]
    pub fn internal(&self) -> bool {
        self.own.internal() || self.parent.as_ref().is_some_and(|parent| parent.internal)
    }
}

/// The data of a description without its components.
#[derive(Debug, Default)]
pub struct Own {
    /// The element of the description, with all that it holds but its components.
    tree: Element,
    /// What is read again and again is looked for once: where the elements of the `did` stand, and those beside it.
    did: Vec<usize>,
    notes: Vec<usize>,
    /// The language code of the element, as written.
    language: Option<String>,
    internal: bool,
}

impl Own {
    /// A description that holds nothing yet, from its start tag.
    #[must_use]
    pub fn begin(start: &Start<'_>) -> Self {
        let language = start.attribute("lang").or_else(|| start.attribute("xml:lang"));
        Self {
            tree: Element::begin(start),
            did: Vec::with_capacity(8),
            notes: Vec::new(),
            language: language.map(str::to_owned),
            internal: start.attribute("audience") == Some("internal"),
        }
    }

    /// Reads the element whose start was the last event as the next in the description.
    ///
    /// # Errors
    /// As [`Reader::append`].
    pub fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), XmlError> {
        let place = reader.append(&mut self.tree)?;
        let child = self.tree.at(place);
        if child.name() == "did" && !text::is_internal(child) {
            let told = child.elements().filter(|inner| !text::is_internal(*inner));
            self.did.extend(told.map(ElementRef::place));
        }
        gather(child, &mut self.notes);
        Ok(())
    }

    /// The local name of the element.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.tree.is_empty() { "" } else { self.tree.root().name() }
    }

    /// The attributes of the element.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        let root = (!self.tree.is_empty()).then(|| self.tree.root());
        root.into_iter().flat_map(ElementRef::attributes)
    }

    /// The value of an attribute of the element.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes().find(|(met, _)| *met == name).map(|(_, value)| value)
    }

    /// The elements directly in it.
    pub fn elements(&self) -> impl Iterator<Item = ElementRef<'_>> {
        let root = (!self.tree.is_empty()).then(|| self.tree.root());
        root.into_iter().flat_map(ElementRef::elements)
    }

    /// The oddities that the reader met in it.
    #[must_use]
    pub fn oddities(&self) -> &[Note] {
        self.tree.notes()
    }

    /// The elements of the `did` that are for the public. There should be one `did`; all are read.
    pub fn did(&self) -> impl Iterator<Item = ElementRef<'_>> {
        self.did.iter().map(|place| self.tree.at(*place))
    }

    /// The elements beside the `did` that are for the public; wrappers such as `descgrp` are looked through.
    pub fn notes(&self) -> impl Iterator<Item = ElementRef<'_>> {
        self.notes.iter().map(|place| self.tree.at(*place))
    }

    /// Whether the owner marked the description as not for the public.
    #[must_use]
    pub fn internal(&self) -> bool {
        self.internal
    }

    /// The language code of the element, as written.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }
}

fn gather(element: ElementRef<'_>, notes: &mut Vec<usize>) {
    if text::is_internal(element) {
        return;
    }
    match element.name() {
        "did" | "head" | "runner" => {}
        "descgrp" | "admininfo" | "add" => element.elements().for_each(|inner| gather(inner, notes)),
        _ => notes.push(element.place()),
    }
}
