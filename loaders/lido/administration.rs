//! Rights, the source of the record, and the digital objects.

use super::actors;
use super::draft::Draft;
use super::field::{self, Term};
use super::metadata;
use super::table;
use crate::shared::core::{self, View};
use crate::shared::rights;
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node, content_key};
use oxrdf::NamedNodeRef;
use vocabularies::{dc, dcterms, edm};

pub(super) fn describe(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let aggregation = core::aggregation(draft.out);
    for record in wrap.children("recordWrap") {
        source(draft, record);
        metadata::describe(draft, record);
    }
    for set in wrap.path("rightsWorkWrap/rightsWorkSet") {
        draft.out.rule("lido.rightsWorkSet.rights", "lido:rightsWorkSet");
        draft.rights |= state_rights(draft, aggregation, set, draft.rights, edm::RIGHTS);
    }
    for (index, set) in wrap.path("resourceWrap/resourceSet").enumerate() {
        resource(draft, set, aggregation, &format!("lido:resourceSet[{}]", index + 1));
    }
}

fn source(draft: &mut Draft<'_, '_>, record: ElementRef<'_>) {
    let aggregation = core::aggregation(draft.out);
    draft.out.rule("lido.recordSource.dataProvider", "lido:recordSource");
    // The owner is the one that its type says, or the one that keeps the object; a portal often stands first.
    let named =
        |source: &ElementRef<'_>| source.path("legalBodyName/appellationValue").any(|name| !name.is_empty());
    let sources: Vec<_> = record.children("recordSource").filter(named).collect();
    let says = |source: &&ElementRef<'_>| {
        source.attribute("type").and_then(|kind| table::find("source", kind)) == Some("provider")
    };
    let keeps = |source: &&ElementRef<'_>| {
        let mut names = source.path("legalBodyName/appellationValue").map(ElementRef::text);
        names.any(|name| draft.bodies.contains(&content_key(&[&name])))
    };
    let owner = sources.iter().find(says).or_else(|| sources.iter().find(keeps)).or(sources.first()).copied();
    for source in &sources {
        let Some(body) = actors::legal_body(draft, *source) else { continue };
        let property = if owner.is_some_and(|owner| owner == *source) {
            edm::DATA_PROVIDER
        } else {
            edm::INTERMEDIATE_PROVIDER
        };
        draft.out.link(aggregation, property, body);
    }
    draft.out.rule("lido.recordInfoLink.isShownAt", "lido:recordInfoLink");
    let links = record.path("recordInfoSet/recordInfoLink").map(ElementRef::text);
    // Some give the interface for machines as well; a page for people comes first.
    if let Some(link) =
        links.filter(|link| link.starts_with("http")).min_by_key(|link| link.contains("verb="))
    {
        core::web_resource(draft.out, &link, View::ShownAt, None);
    }
}

/// Without a source of the record, who keeps the object gives its data.
pub(super) fn keeper_at_least(draft: &mut Draft<'_, '_>, root: ElementRef<'_>) {
    const SOURCE: &str = "administrativeMetadata/recordWrap/recordSource/legalBodyName/appellationValue";
    const KEEPER: &str =
        "descriptiveMetadata/objectIdentificationWrap/repositoryWrap/repositorySet/repositoryName";
    if root.path(SOURCE).any(|name| !name.text().is_empty()) {
        return;
    }
    draft.out.rule("lido.repositoryName.dataProvider", "lido:repositorySet");
    let keepers: Vec<_> = root.path(KEEPER).collect();
    if let Some(keeper) = keepers.into_iter().find_map(|name| actors::legal_body(draft, name)) {
        let aggregation = core::aggregation(draft.out);
        draft.out.link(aggregation, edm::DATA_PROVIDER, keeper);
    }
}

/// States the rights of a `rightsWorkSet`, `rightsResource` or `recordRights` with the property; whether a known statement was among them.
/// Only one statement holds, so where one is `stated` already, further ones are left to the words.
pub(super) fn state_rights(
    draft: &mut Draft<'_, '_>,
    subject: Node,
    set: ElementRef<'_>,
    stated: bool,
    property: NamedNodeRef<'static>,
) -> bool {
    let types: Vec<Term<'_>> =
        set.children("rightsType").flat_map(|kind| field::terms(draft, kind)).collect();
    let words = |term: &Term<'_>| -> Vec<String> {
        let names = term
            .names
            .preferred
            .iter()
            .chain(&term.names.others)
            .map(|label| label.text.clone().into_owned());
        term.iris.iter().cloned().chain(names).collect()
    };
    let known = types.iter().flat_map(words).find_map(|word| rights::statement(&word));
    if let Some(node) = known.and_then(|iri| draft.out.iri(iri)) {
        if !stated {
            draft.out.link(subject, property, node);
        }
    } else {
        for term in &types {
            // "Copyright" alone names the kind of right that somebody holds, which is no statement.
            let kind_only = term.find("right").is_some();
            if let Some(label) = term.names.first().filter(|_| !kind_only) {
                draft.out.text(subject, dc::RIGHTS, &label.text, label.language);
                let expected = "a statement of rightsstatements.org or Creative Commons";
                draft.out.issue(IssueKind::UnknownRights, &label.text, expected);
            } else if let Some(iri) = term.iris.first().filter(|_| !kind_only) {
                draft.out.text(subject, dc::RIGHTS, iri, None);
                draft.out.issue(
                    IssueKind::UnknownRights,
                    iri,
                    "a statement of rightsstatements.org or Creative Commons",
                );
            }
        }
    }
    for holder in set.children("rightsHolder") {
        if let Some(body) = actors::holder(draft, holder) {
            draft.out.link(subject, dcterms::RIGHTS_HOLDER, body);
        }
    }
    for label in field::texts(set, "creditLine") {
        draft.out.text(subject, dc::RIGHTS, &label.text, label.language);
    }
    known.is_some()
}

/// The size of a representation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    Preview,
    Full,
}

fn resource(draft: &mut Draft<'_, '_>, set: ElementRef<'_>, aggregation: Node, path: &str) {
    draft.out.rule("lido.resourceRepresentation.view", path);
    let mut shown: Vec<(String, Size, Option<&str>)> = Vec::new();
    for representation in set.children("resourceRepresentation") {
        let small = representation.attribute("type").and_then(|kind| table::find("representation", kind));
        let size = if small == Some("preview") { Size::Preview } else { Size::Full };
        for link in representation.children("linkResource") {
            let url = link.text();
            if !url.is_empty() {
                shown.push((url.into_owned(), size, link.attribute("formatResource")));
            }
        }
    }
    let full = shown.iter().any(|(_, size, _)| *size == Size::Full);
    let mut nodes = Vec::new();
    for (url, size, format) in &shown {
        let view = match size {
            Size::Preview if !draft.preview => View::Preview,
            // One preview stands for the object; those of further pictures add nothing to the pictures.
            Size::Preview if full => continue,
            Size::Preview => View::Other,
            Size::Full if !draft.shown_by => View::ShownBy,
            Size::Full => View::Other,
        };
        let format = format.map(|format| media_type(format));
        let Some(node) = core::web_resource(draft.out, url, view, format.as_deref()) else { continue };
        draft.preview |= view == View::Preview;
        draft.shown_by |= view == View::ShownBy;
        nodes.push(node);
    }
    draft.out.rule("lido.resourceDescription.description", path);
    for label in field::texts(set, "resourceDescription") {
        for node in &nodes {
            draft.out.text(*node, dc::DESCRIPTION, &label.text, label.language);
        }
    }
    draft.out.rule("lido.resourceSource.source", path);
    for source in set.children("resourceSource") {
        if let Some(body) = source.path("legalBodyName/appellationValue").next() {
            for node in &nodes {
                draft.out.text(*node, dc::SOURCE, &body.text(), None);
            }
        }
    }
    draft.out.rule("lido.rightsResource.rights", path);
    let mut stated = false;
    for set in set.children("rightsResource") {
        let mut known = false;
        for node in &nodes {
            known |= state_rights(draft, *node, set, stated, edm::RIGHTS);
        }
        stated |= known;
        // The rights to the first object are those of the whole, where nothing else is said of it.
        if known && !draft.rights {
            draft.rights = state_rights(draft, aggregation, set, false, edm::RIGHTS);
        }
    }
}

/// An Internet media type of what exports write: `jpg`, `html`, `image/jpeg`.
fn media_type(format: &str) -> std::borrow::Cow<'_, str> {
    let format = format.trim();
    match table::find("media", format) {
        Some(known) => known.into(),
        None => format.into(),
    }
}
