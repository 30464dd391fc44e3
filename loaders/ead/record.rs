//! One description of the tree as the finding aid has it: an `archdesc` or a component, without its child
//! components, and what its place in the tree tells about it. No RDF here.

use super::text;
use crate::shared::xml::Element;
use graph_model::Position;
use std::sync::Arc;

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
    /// The agency that keeps the finding aid.
    pub agency: Option<String>,
}

/// What a description hands down to its components.
#[derive(Debug, Default)]
pub struct Context {
    /// The local identifier of the description.
    pub local: String,
    /// The local identifier of the top of the tree.
    pub root: String,
    /// The nearest reference code here or above; the codes of components may begin with it.
    pub unitid: Option<String>,
    /// What stands before that code in the local identifier that has it.
    pub stem: String,
    /// The title, for the titles of untitled components.
    pub title: Option<String>,
    /// The nearest `repository` here or above.
    pub repository: Option<Arc<Element>>,
    /// The nearest `origination` elements here or above.
    pub originations: Arc<[Element]>,
    /// The nearest `userestrict` here or above, as text.
    pub use_conditions: Option<Arc<str>>,
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
    /// Another description beside this one has the same; this one got a number behind it.
    Twin,
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
    /// The element without its components: attributes, `did`, notes, access points.
    pub element: Element,
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
}

impl Record {
    /// The descriptive identifications, in the order of the file; there should be one.
    pub fn dids(&self) -> impl Iterator<Item = &Element> {
        self.element.elements().filter(|child| child.name() == "did")
    }

    /// The elements of the `did` that are for the public.
    pub fn did_elements(&self) -> impl Iterator<Item = &Element> {
        self.dids().flat_map(Element::elements).filter(|child| !text::is_internal(child))
    }

    /// The elements beside the `did` that are for the public; the wrapper `descgrp` is looked through.
    pub fn notes(&self) -> Vec<&Element> {
        let mut notes = Vec::new();
        gather(&self.element, &mut notes);
        notes
    }

    /// Whether this or anything above is marked as not for the public.
    pub fn internal(&self) -> bool {
        text::is_internal(&self.element) || self.parent.as_ref().is_some_and(|parent| parent.internal)
    }
}

fn gather<'e>(element: &'e Element, notes: &mut Vec<&'e Element>) {
    for child in element.elements().filter(|child| !text::is_internal(child)) {
        match child.name() {
            "did" | "dsc" | "head" | "runner" => {}
            "descgrp" | "admininfo" | "add" => gather(child, notes),
            _ => notes.push(child),
        }
    }
}
