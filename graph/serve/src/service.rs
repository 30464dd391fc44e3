//! The description of the endpoint for machines: SPARQL 1.1 Service Description (W3C Recommendation, 21 March
//! 2013).
//!
//! What a query can ask of is described as it is in the generation: the union of all graphs, and each dataset's graph by
//! its name with the number of its statements. What follows from statements is not found by itself, so the entailment is
//! the simple one. The words for SPARQL 1.2 are still a draft, so the description says 1.1.

use crate::generation::Generation;
use crate::negotiate::Media;
use crate::problem::Problem;
use crate::serialize;
use crate::state::App;
use axum::response::Response;
use graph_store::extension_functions;
use graph_store::rdf::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use vocabularies::{aarre, dcterms, entailment, formats, rdf, sd, void};

/// The formats of answers, by the names that the W3C gives them.
const FORMATS: [NamedNodeRef<'static>; 10] = [
    formats::SPARQL_RESULTS_JSON,
    formats::SPARQL_RESULTS_XML,
    formats::SPARQL_RESULTS_CSV,
    formats::SPARQL_RESULTS_TSV,
    formats::TURTLE,
    formats::N_TRIPLES,
    formats::RDF_XML,
    formats::JSON_LD,
    formats::N_QUADS,
    formats::TRI_G,
];

/// What the endpoint offers, in the given syntax.
pub(crate) fn describe(app: &App, generation: &Generation, media: Media) -> Result<Response, Problem> {
    serialize::document(&statements(app, generation)?, media)
}

fn statements(app: &App, generation: &Generation) -> Result<Vec<Quad>, Problem> {
    let base = app.place.base();
    let iri = |text: String| NamedNode::new(text).map_err(|error| Problem::internal(&error));
    let mut quads = Vec::new();
    let mut says = |subject: &NamedNode, predicate: NamedNodeRef<'_>, object: Term| {
        quads.push(Quad::new(subject.clone(), predicate, object, GraphName::DefaultGraph));
    };
    let service = iri(format!("{base}/sparql"))?;
    let dataset = iri(format!("{base}/sparql#dataset"))?;
    let all = iri(format!("{base}/sparql#default-graph"))?;
    says(&service, rdf::TYPE, sd::SERVICE.into());
    says(&service, sd::ENDPOINT, service.clone().into());
    for language in [sd::SPARQL10_QUERY, sd::SPARQL11_QUERY] {
        says(&service, sd::SUPPORTED_LANGUAGE, language.into());
    }
    says(&service, sd::FEATURE, sd::UNION_DEFAULT_GRAPH.into());
    if app.config.federation.is_some() {
        says(&service, sd::FEATURE, sd::BASIC_FEDERATED_QUERY.into());
    }
    says(&service, sd::DEFAULT_ENTAILMENT_REGIME, entailment::SIMPLE.into());
    says(&entailment::SIMPLE.into_owned(), rdf::TYPE, sd::ENTAILMENT_REGIME_CLASS.into());
    for function in extension_functions() {
        says(&service, sd::EXTENSION_FUNCTION, function.into());
        says(&function.into_owned(), rdf::TYPE, sd::FUNCTION.into());
    }
    // The search for words, in its two forms.
    for (feature, accessed) in [(aarre::MATCHES, sd::PROPERTY_FEATURE), (aarre::TEXT, sd::LANGUAGE_EXTENSION)]
    {
        says(&service, accessed, feature.into());
        says(&feature.into_owned(), rdf::TYPE, sd::FEATURE_CLASS.into());
    }
    for format in FORMATS {
        says(&service, sd::RESULT_FORMAT, format.into());
    }
    says(&service, sd::DEFAULT_DATASET, dataset.clone().into());
    says(&service, sd::AVAILABLE_GRAPHS, dataset.clone().into());
    for class in [sd::DATASET, sd::GRAPH_COLLECTION] {
        says(&dataset, rdf::TYPE, class.into());
    }
    // What the whole is, who made it and where its dumps are stands in the catalogue.
    says(&dataset, dcterms::IS_REFERENCED_BY, iri(format!("{base}/void.ttl"))?.into());
    says(&dataset, sd::DEFAULT_GRAPH, all.clone().into());
    says(&all, rdf::TYPE, sd::GRAPH_CLASS.into());
    if let Some(index) = generation.engine.index() {
        let statements = index.statements();
        let sum = |sets: &mut dyn Iterator<Item = (&[u32], u64)>| sets.map(|(_, count)| count).sum();
        says(&all, void::TRIPLES, number(statements.len()));
        says(&all, void::PROPERTIES, number(statements.predicates().len() as u64));
        says(&all, void::DISTINCT_SUBJECTS, number(sum(&mut statements.characteristic_sets())));
        says(&all, void::DISTINCT_OBJECTS, number(sum(&mut statements.object_sets())));
    }
    for part in &generation.statistics.datasets {
        let Ok(name) = NamedNode::new(format!("{base}/graph/{}", part.id)) else { continue };
        let named = iri(format!("{base}/sparql#graph-{}", part.id))?;
        let graph = iri(format!("{base}/sparql#graph-{}-content", part.id))?;
        says(&dataset, sd::NAMED_GRAPH, named.clone().into());
        says(&named, rdf::TYPE, sd::NAMED_GRAPH_CLASS.into());
        says(&named, sd::NAME, name.into());
        says(&named, sd::GRAPH, graph.clone().into());
        says(&graph, rdf::TYPE, sd::GRAPH_CLASS.into());
        says(&graph, void::TRIPLES, number(part.triples));
        if let Some(title) = &part.title {
            says(&graph, dcterms::TITLE, Literal::new_simple_literal(title).into());
        }
    }
    Ok(quads)
}

fn number(number: u64) -> Term {
    Literal::from(number).into()
}
