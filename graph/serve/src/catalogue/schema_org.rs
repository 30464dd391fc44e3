//! A dataset in the words of schema.org, as search engines for data read it from a page.
//!
//! What it says is read from the catalogue of the generation (DCAT), so that the two never disagree.

use crate::path::Place;
use crate::problem::Problem;
use graph_store::Snapshot;
use graph_store::rdf::{NamedNodeRef, NamedOrBlankNode, Quad, Term};
use serde_json::{Map, Value, json};
use vocabularies::{dcat, dcterms, foaf, rdf, schema, skos};

/// The description of the dataset as JSON-LD that may stand in a page; `None` for what is no dataset.
pub(crate) fn dataset(snapshot: &Snapshot, place: &Place, iri: &str) -> Result<Option<String>, Problem> {
    let said = snapshot.entity(iri).map_err(|error| Problem::internal(&error))?.quads;
    if !values(&said, iri, rdf::TYPE).any(|class| *class == Term::from(dcat::DATASET_CLASS.into_owned())) {
        return Ok(None);
    }
    let mut told = Map::new();
    let mut tell = |name: NamedNodeRef<'_>, value: Value| {
        told.insert(local(name).to_owned(), value);
    };
    let is_catalog =
        values(&said, iri, rdf::TYPE).any(|class| *class == Term::from(dcat::CATALOG_CLASS.into_owned()));
    for (property, name) in [(dcterms::TITLE, schema::NAME), (dcterms::DESCRIPTION, schema::DESCRIPTION)] {
        if let Some(text) = text(&said, iri, property) {
            tell(name, json!(text));
        }
    }
    tell(schema::URL, json!(place.page(iri).map(|_| page(place, iri))));
    tell(schema::IDENTIFIER, json!(iri));
    tell(schema::IS_ACCESSIBLE_FOR_FREE, json!(true));
    for (property, name) in [(dcterms::LICENSE, schema::LICENSE), (dcterms::MODIFIED, schema::DATE_MODIFIED)]
    {
        if let Some(text) = text(&said, iri, property) {
            tell(name, json!(text));
        }
    }
    if let Some(publisher) = text(&said, iri, dcterms::PUBLISHER) {
        let about = snapshot.entity(&publisher).map_err(|error| Problem::internal(&error))?.quads;
        let name =
            text(&about, &publisher, foaf::NAME).or_else(|| text(&about, &publisher, skos::PREF_LABEL));
        tell(
            schema::PUBLISHER,
            json!({"@type": local(schema::ORGANIZATION), "@id": publisher, local(schema::NAME): name}),
        );
    }
    let downloads: Vec<Value> = values(&said, iri, dcat::DISTRIBUTION)
        .filter_map(|node| {
            let Term::NamedNode(node) = node else { return None };
            let address = text(&said, node.as_str(), dcat::DOWNLOAD_URL)?;
            let media = text(&said, node.as_str(), dcat::MEDIA_TYPE)?;
            // IANA names a media type by the end of an address: …/media-types/application/n-quads
            let media = media.split("/media-types/").last().unwrap_or_default().to_owned();
            Some(json!({
                "@type": local(schema::DATA_DOWNLOAD),
                local(schema::CONTENT_URL): address,
                local(schema::ENCODING_FORMAT): media,
            }))
        })
        .collect();
    tell(schema::DISTRIBUTION, json!(downloads));
    if is_catalog {
        let parts = values(&said, iri, dcat::DATASET).map(|part| json!({"@id": plain(part)}));
        tell(schema::HAS_PART, parts.collect());
    } else {
        let all = json!({"@type": local(schema::DATA_CATALOG), "@id": place.iri("dataset/all")});
        tell(schema::INCLUDED_IN_DATA_CATALOG, all);
    }
    let mut document = Map::new();
    document.insert("@context".to_owned(), json!(schema::NAMESPACE));
    document.insert("@type".to_owned(), json!(local(schema::DATASET)));
    document.insert("@id".to_owned(), json!(iri));
    document.extend(told);
    // Nothing in a text may end the script element that it stands in (HTML, section 4.12.1.3).
    Ok(Some(Value::Object(document).to_string().replace('<', "\\u003c")))
}

fn page(place: &Place, iri: &str) -> String {
    format!("{}/page/{}", place.base(), place.rest(iri).unwrap_or_default())
}

fn local(term: NamedNodeRef<'_>) -> &str {
    term.as_str().strip_prefix(schema::NAMESPACE).unwrap_or_default()
}

fn values<'q>(
    quads: &'q [Quad],
    subject: &'q str,
    property: NamedNodeRef<'q>,
) -> impl Iterator<Item = &'q Term> {
    let own = move |quad: &&Quad| matches!(&quad.subject, NamedOrBlankNode::NamedNode(node) if node.as_str() == subject);
    quads.iter().filter(own).filter(move |quad| quad.predicate == property).map(|quad| &quad.object)
}

fn text(quads: &[Quad], subject: &str, property: NamedNodeRef<'_>) -> Option<String> {
    values(quads, subject, property).next().map(plain)
}

fn plain(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        other => other.to_string(),
    }
}
