//! Signposting (FAIR Signposting Profile, level 1; link relations of RFC 8288): what programs learn of a page from its
//! headers alone.
//!
//! `cite-as` is the IRI, `describedby` its document in each syntax, `type` what it is in schema.org, `license` that of the
//! object where the records state one; what is no object is metadata and CC0.

use crate::negotiate::DOCUMENTS;
use crate::path::Place;
use graph_store::rdf::{NamedNodeRef, Quad, Term};
use vocabularies::{dcat, edm, foaf, rdf, schema, skos};

/// The licence of all metadata, by the IRI that the catalogue has for it.
const CC0: &str = "http://creativecommons.org/publicdomain/zero/1.0/";

/// What the classes of the graph are in schema.org; the first that fits is told.
const TYPES: [(NamedNodeRef<'static>, NamedNodeRef<'static>); 7] = [
    (edm::PROVIDED_CHO, schema::CREATIVE_WORK),
    (dcat::DATASET_CLASS, schema::DATASET),
    (foaf::PERSON, schema::PERSON),
    (foaf::ORGANIZATION, schema::ORGANIZATION),
    (edm::PLACE, schema::PLACE),
    (skos::CONCEPT, schema::DEFINED_TERM),
    (edm::AGENT, schema::THING),
];

/// The links of the page about `rest`, of which `quads` are said.
pub(crate) fn of_page(place: &Place, rest: &str, quads: &[Quad]) -> String {
    let mut links = of_thing(place, rest);
    let classes = || quads.iter().filter(|quad| quad.predicate == rdf::TYPE).map(|quad| &quad.object);
    let is =
        |class: NamedNodeRef<'_>| classes().any(|met| matches!(met, Term::NamedNode(node) if *node == class));
    links.push(format!("<{}>; rel=\"type\"", schema::ABOUT_PAGE.as_str()));
    if let Some((_, kind)) = TYPES.iter().find(|(class, _)| is(*class)) {
        links.push(format!("<{}>; rel=\"type\"", kind.as_str()));
    }
    if is(edm::PROVIDED_CHO) {
        let rights = quads.iter().filter(|quad| quad.predicate == edm::RIGHTS).find_map(iri);
        links.extend(rights.map(|rights| format!("<{rights}>; rel=\"license\"")));
        let shown = quads.iter().filter(|quad| quad.predicate == edm::IS_SHOWN_BY).find_map(iri);
        links.extend(shown.map(|shown| format!("<{shown}>; rel=\"item\"")));
    } else {
        links.push(format!("<{CC0}>; rel=\"license\""));
    }
    links.join(", ")
}

/// The links of the thing itself, which answers by sending on.
pub(crate) fn of_thing(place: &Place, rest: &str) -> Vec<String> {
    let iri = place.iri(rest);
    let mut links = vec![format!("<{iri}>; rel=\"cite-as\""), format!("<{iri}>; rel=\"describes\"")];
    for media in DOCUMENTS {
        let kind = media.names.first().copied().unwrap_or_default();
        for relation in ["describedby", "alternate"] {
            let address = format!("{}/data/{rest}.{}", place.root(), media.id);
            links.push(format!("<{address}>; rel=\"{relation}\"; type=\"{kind}\""));
        }
    }
    links
}

/// The links of a document: it is metadata.
pub(crate) fn of_document(place: &Place, rest: &str) -> String {
    let iri = place.iri(rest);
    format!("<{iri}>; rel=\"describes\", <{CC0}>; rel=\"license\"")
}

/// An IRI that may stand in a header: nothing in it ends the link.
fn iri(quad: &Quad) -> Option<&str> {
    match &quad.object {
        Term::NamedNode(node) => Some(node.as_str())
            .filter(|iri| iri.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'))),
        _ => None,
    }
}
