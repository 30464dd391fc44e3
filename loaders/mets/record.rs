//! One METS or PREMIS document and the name that its owner gave it.

use super::package::{Package, PartOf, Stretch};
use crate::shared::record_name::content_name;
use crate::shared::xml::{Element, ElementRef};
use graph_model::{Broken, Delivery, Part, Position};
use std::borrow::Cow;
use std::sync::Arc;

/// A `mets` element: whole, or a part of one that is too large to be held whole.
#[derive(Debug)]
pub struct MetsRecord(Of);

#[derive(Debug)]
enum Of {
    Whole(Box<Element>),
    Part(Large),
}

/// A part of a package.
#[derive(Debug, Clone)]
pub(super) struct Large {
    pub(super) package: Arc<Package>,
    pub(super) part: PartOf,
    /// Which of the package's parts it is.
    pub(super) which: Part,
}

/// A `premis` element, whole.
#[derive(Debug)]
pub struct PremisRecord(Element);

/// Where a record's identifier was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum IdentifiedBy {
    /// What the standard means to identify the record.
    Itself,
    /// Another identifier of the owner.
    Other,
    /// A name made from what the record says.
    #[default]
    Content,
}

impl Large {
    /// The stretch that it is, where it is one.
    pub(super) fn stretch(&self) -> Option<&Stretch> {
        match self.part {
            PartOf::Stretch(number) => self.package.stretches.get(number),
            PartOf::Head | PartOf::Sections(..) => None,
        }
    }

    /// What goes before the numbers of its fragments, as those of each part are its own.
    pub(super) fn number_prefix(&self) -> String {
        match self.part {
            PartOf::Head => String::new(),
            PartOf::Sections(from, _) => format!("sections{from}-"),
            PartOf::Stretch(number) => format!("part{number}-"),
        }
    }
}

impl MetsRecord {
    pub(super) fn new(element: Element) -> Self {
        Self(Of::Whole(Box::new(element)))
    }

    /// The records that a package makes: one, or its parts one after another. More than `whole` elements, attributes and
    /// texts are parted.
    pub(super) fn of(mut package: Package, whole: usize) -> impl Iterator<Item = Self> {
        let (mut one, mut parts) = (None, Vec::new());
        if package.is_small(whole) {
            let mut element = package.whole();
            element.number(package.position.record);
            element.deliver(package.delivery.take());
            one = Some(Self::new(element));
        } else {
            package.name();
            let package = Arc::new(package);
            let all = package.plans();
            let last = all.len() - 1;
            parts = all
                .into_iter()
                .enumerate()
                .map(|(at, part)| {
                    let which = match at {
                        0 if last == 0 => Part::Whole,
                        0 => Part::First,
                        at if at == last => Part::Last,
                        _ => Part::Middle,
                    };
                    Self(Of::Part(Large { package: Arc::clone(&package), part, which }))
                })
                .collect();
        }
        one.into_iter().chain(parts)
    }

    /// The part of a package that this is, where it is no whole.
    pub(super) fn large(&self) -> Option<&Large> {
        match &self.0 {
            Of::Whole(_) => None,
            Of::Part(large) => Some(large),
        }
    }

    /// The whole element; of a part what stands in it.
    pub(super) fn element(&self) -> Cow<'_, Element> {
        match &self.0 {
            Of::Whole(element) => Cow::Borrowed(element),
            Of::Part(Large { package, part, .. }) => Cow::Owned(package.build(*part).element),
        }
    }

    pub(super) fn position(&self) -> Position {
        match &self.0 {
            Of::Whole(element) => element.position(),
            Of::Part(large) => large.package.position,
        }
    }

    pub(super) fn delivery(&self) -> Option<Delivery<'_>> {
        match &self.0 {
            Of::Whole(element) => element.delivery(),
            Of::Part(Large { package, which, .. }) => {
                let (identifier, deleted) = package.delivery.as_deref().filter(|_| which.begins())?;
                Some(Delivery { identifier: Cow::Borrowed(identifier), deleted: *deleted })
            }
        }
    }

    pub(super) fn identified(&self) -> Option<(Cow<'_, str>, IdentifiedBy)> {
        match &self.0 {
            Of::Whole(element) => identified(element.root(), || content_name(element.root())),
            Of::Part(Large { package, .. }) => {
                package.local.as_ref().map(|(id, by)| (Cow::Borrowed(id.as_str()), *by))
            }
        }
    }
}

/// `OBJID`; without one the Finnish `CONTENTID`, the identifier of the METS document, or a name made from all that the
/// document says.
pub(super) fn identified(
    root: ElementRef<'_>,
    by_content: impl FnOnce() -> Option<String>,
) -> Option<(Cow<'_, str>, IdentifiedBy)> {
    let attribute = |name| extension(root, name).map(str::trim).filter(|text| !text.is_empty());
    if let Some(id) = attribute("OBJID") {
        return Some((id.into(), IdentifiedBy::Itself));
    }
    if let Some(id) = attribute("CONTENTID") {
        return Some((id.into(), IdentifiedBy::Other));
    }
    let document = root.path("metsHdr/metsDocumentID").map(ElementRef::text).find(|text| !text.is_empty());
    // Archivematica names a package by the folder it is in, which ends in its UUID.
    let folder =
        || root.path("structMap/div").filter_map(|div| div.attribute("LABEL")).find(|label| has_uuid(label));
    document
        .or_else(|| folder().map(Cow::Borrowed))
        .map(|id| (id, IdentifiedBy::Other))
        .or_else(|| by_content().map(|id| (id.into(), IdentifiedBy::Content)))
}

impl PremisRecord {
    pub(super) fn new(element: Element) -> Self {
        Self(element)
    }

    pub(super) fn element(&self) -> &Element {
        &self.0
    }

    pub(super) fn root(&self) -> ElementRef<'_> {
        self.0.root()
    }

    /// The object that the record is about: its intellectual entity, else its representation, else its only object.
    pub(super) fn subject(&self) -> Option<ElementRef<'_>> {
        let objects = || self.root().children("object");
        // An environment is an intellectual entity that others need, not the one that is kept.
        let kept = |object: &ElementRef<'_>| object.child("environmentFunction").is_none();
        let of = |category: &str| {
            objects().filter(kept).find(|object| super::premis::category(*object) == category)
        };
        let only = || {
            let mut objects = objects();
            objects.next().filter(|_| objects.next().is_none())
        };
        of("intellectualentity").or_else(|| of("representation")).or_else(only)
    }

    /// The first identifier of the object that the record is about, else a name made from all that it says.
    pub(super) fn identified(&self) -> Option<(Cow<'_, str>, IdentifiedBy)> {
        let value = |object: ElementRef<'_>| {
            object
                .path("objectIdentifier/objectIdentifierValue")
                .map(|v| v.text().into_owned())
                .find(|v| !v.is_empty())
        };
        self.subject()
            .and_then(value)
            .map(|id| (id.into(), IdentifiedBy::Itself))
            .or_else(|| content_name(self.root()).map(|id| (id.into(), IdentifiedBy::Content)))
    }
}

/// Whether the text ends in a UUID.
fn has_uuid(text: &str) -> bool {
    let Some(uuid) = text.len().checked_sub(36).and_then(|at| text.get(at..)) else { return false };
    uuid.bytes()
        .enumerate()
        .all(|(at, b)| if matches!(at, 8 | 13 | 18 | 23) { b == b'-' } else { b.is_ascii_hexdigit() })
}

/// An attribute by its local name, whatever its prefix: profiles put theirs into namespaces of their own.
pub(super) fn extension<'e>(element: ElementRef<'e>, name: &str) -> Option<&'e str> {
    element.attributes().find(|(met, _)| met.rsplit(':').next() == Some(name)).map(|(_, value)| value)
}

/// Says of a document that was set aside what it is called and, when it was too large, what can be done about it.
pub(super) fn quarantined(broken: Broken) -> Broken {
    let id = id_in(&broken.raw).or(broken.id);
    let large = broken.met.contains("an element of more than");
    let expected = if large {
        format!(
            "{}; a package of many files has one METS a representation, with the root METS pointing to them",
            broken.expected
        )
        .into()
    } else {
        broken.expected
    };
    Broken { id, expected, ..broken }
}

/// The identifier in the text of a record that could not be read, for the report.
fn id_in(raw: &[u8]) -> Option<String> {
    let rest = &raw[memchr::memmem::find(raw, b"OBJID=")? + 6..];
    let quote = *rest.first().filter(|quote| matches!(quote, b'"' | b'\''))?;
    let id = std::str::from_utf8(&rest[1..][..memchr::memchr(quote, &rest[1..])?]).ok()?.trim();
    (!id.is_empty() && id.len() <= 200).then(|| id.to_owned())
}
