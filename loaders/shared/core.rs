//! The core layer that every item of every sector has: the item, its aggregation, its digital objects.
//!
//! Europeana Data Model: an `edm:ProvidedCHO`, one `ore:Aggregation` as the fragment `#aggregation`, and an
//! `edm:WebResource` a digital object. The caller names the rule (`out.rule`) before it calls.

use crate::shared::rights;
use graph_model::{Description, IssueKind, Node, content_key};
use oxrdf::NamedNodeRef;
use vocabularies::{aarre, dc, edm, foaf, ore, skos};

/// The sector of the institution that keeps the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sector {
    /// Archives.
    Archive,
    /// Libraries.
    Library,
    /// Museums.
    Museum,
    /// Registers of monuments and sites.
    Register,
}

impl Sector {
    fn term(self) -> NamedNodeRef<'static> {
        match self {
            Self::Archive => aarre::ARCHIVE,
            Self::Library => aarre::LIBRARY,
            Self::Museum => aarre::MUSEUM,
            Self::Register => aarre::REGISTER,
        }
    }
}

/// The kind of the digital or physical thing, as `edm:type` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EdmType {
    /// To be read.
    Text,
    /// To be looked at.
    Image,
    /// To be listened to.
    Sound,
    /// Moving images.
    Video,
    /// A solid thing or a model of one.
    ThreeD,
}

impl EdmType {
    /// The literal of EDM.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Image => "IMAGE",
            Self::Sound => "SOUND",
            Self::Video => "VIDEO",
            Self::ThreeD => "3D",
        }
    }
}

/// How a digital object belongs to the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// `edm:isShownAt`: a page about the item.
    ShownAt,
    /// `edm:isShownBy`: the object itself, the best rendering there is.
    ShownBy,
    /// `edm:object`: a preview.
    Preview,
    /// `edm:hasView`: one more view.
    Other,
}

/// Begins the core layer: the item's class, sector and, where known, `edm:type`, and its aggregation.
pub fn begin(out: &mut Description<'_>, sector: Sector, edm_type: Option<EdmType>) {
    let item = out.item();
    out.a(item, edm::PROVIDED_CHO);
    out.term(item, aarre::SECTOR, sector.term());
    if let Some(edm_type) = edm_type {
        out.text(item, edm::TYPE, edm_type.as_str(), None);
    }
    aggregation(out);
}

/// The aggregation of the item, described on first use.
pub fn aggregation(out: &mut Description<'_>) -> Node {
    out.fragment_told("aggregation", |out, node| {
        let item = out.item();
        out.a(node, ore::AGGREGATION);
        out.link(node, edm::AGGREGATED_CHO, item);
        out.link(item, ore::IS_AGGREGATED_BY, node);
    })
}

/// The node of an organization that owns or keeps records; `None` for an empty name.
pub fn organization(out: &mut Description<'_>, name: &str, language: Option<&str>) -> Option<Node> {
    organization_keyed(out, name, language, &content_key(&[name]))
}

/// The same for an organization that many records name, with the content key of its name.
fn organization_keyed(
    out: &mut Description<'_>,
    name: &str,
    language: Option<&str>,
    key: &str,
) -> Option<Node> {
    if key.is_empty() {
        return None;
    }
    let node = out.shared("organization", key);
    out.a(node, edm::AGENT);
    out.a(node, foaf::ORGANIZATION);
    out.text(node, skos::PREF_LABEL, name, language);
    Some(node)
}

/// Says who gives the item's data: `edm:dataProvider` on the aggregation.
pub fn data_provider(out: &mut Description<'_>, name: &str, language: Option<&str>) -> Option<Node> {
    data_provider_keyed(out, name, language, &content_key(&[name]))
}

/// The same for an organization that many records name, with the content key of its name.
pub fn data_provider_keyed(
    out: &mut Description<'_>,
    name: &str,
    language: Option<&str>,
    key: &str,
) -> Option<Node> {
    let node = organization_keyed(out, name, language, key)?;
    let aggregation = aggregation(out);
    out.link(aggregation, edm::DATA_PROVIDER, node);
    Some(node)
}

/// Says who passes the data on: `edm:provider` on the aggregation.
pub fn provider(out: &mut Description<'_>, name: &str, language: Option<&str>) -> Option<Node> {
    let node = organization(out, name, language)?;
    let aggregation = aggregation(out);
    out.link(aggregation, edm::PROVIDER, node);
    Some(node)
}

/// Links a digital object with the aggregation and gives its node; what is no absolute IRI becomes an issue. `format`
/// is an Internet media type.
pub fn web_resource(out: &mut Description<'_>, url: &str, view: View, format: Option<&str>) -> Option<Node> {
    let node = out.iri(url)?;
    let aggregation = aggregation(out);
    let predicate = match view {
        View::ShownAt => edm::IS_SHOWN_AT,
        View::ShownBy => edm::IS_SHOWN_BY,
        View::Preview => edm::OBJECT,
        View::Other => edm::HAS_VIEW,
    };
    out.link(aggregation, predicate, node);
    out.a(node, edm::WEB_RESOURCE);
    if let Some(format) = format {
        out.text(node, dc::FORMAT, format, None);
    }
    Some(node)
}

/// States the rights to the object on an aggregation or web resource: `edm:rights` with an IRI where the statement is
/// known; otherwise the words as `dc:rights`, and an issue.
pub fn rights(out: &mut Description<'_>, subject: Node, text: &str, language: Option<&str>) {
    if let Some(iri) = rights::statement(text) {
        if let Some(node) = out.iri(iri) {
            out.link(subject, edm::RIGHTS, node);
        }
    } else if !text.trim().is_empty() {
        out.text(subject, dc::RIGHTS, text, language);
        out.issue(IssueKind::UnknownRights, text, "a statement of rightsstatements.org or Creative Commons");
    }
}
