//! The description of the endpoint for machines: SPARQL 1.1 Service Description (W3C Recommendation, 21 March
//! 2013).

use crate::negotiate::Media;
use crate::problem::Problem;
use crate::serialize;
use crate::state::App;
use axum::response::Response;
use graph_store::rdf::{GraphName, NamedNode, NamedNodeRef, Quad};
use vocabularies::{formats, rdf, sd};

/// What the endpoint offers, in the given syntax.
pub(crate) fn describe(app: &App, media: Media) -> Result<Response, Problem> {
    let iri = |text: String| NamedNode::new(text).map_err(|error| Problem::internal(&error));
    let service = iri(format!("{}/sparql", app.place.base()))?;
    let dataset = iri(format!("{}/sparql#dataset", app.place.base()))?;
    let graph = iri(format!("{}/sparql#default-graph", app.place.base()))?;
    let says = |subject: &NamedNode, predicate: NamedNodeRef<'_>, object: NamedNodeRef<'_>| {
        Quad::new(subject.clone(), predicate, object, GraphName::DefaultGraph)
    };
    let mut quads = vec![
        says(&service, rdf::TYPE, sd::SERVICE),
        says(&service, sd::ENDPOINT, service.as_ref()),
        says(&service, sd::SUPPORTED_LANGUAGE, sd::SPARQL11_QUERY),
        says(&service, sd::FEATURE, sd::UNION_DEFAULT_GRAPH),
        says(&service, sd::DEFAULT_DATASET, dataset.as_ref()),
        says(&dataset, rdf::TYPE, sd::DATASET),
        says(&dataset, sd::DEFAULT_GRAPH, graph.as_ref()),
        says(&graph, rdf::TYPE, sd::GRAPH_CLASS),
    ];
    for format in [
        formats::SPARQL_RESULTS_JSON,
        formats::SPARQL_RESULTS_XML,
        formats::SPARQL_RESULTS_CSV,
        formats::SPARQL_RESULTS_TSV,
        formats::TURTLE,
        formats::N_TRIPLES,
        formats::RDF_XML,
        formats::JSON_LD,
    ] {
        quads.push(says(&service, sd::RESULT_FORMAT, format));
    }
    serialize::document(&quads, media)
}
