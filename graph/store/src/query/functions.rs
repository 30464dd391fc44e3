//! Functions beyond SPARQL's own, in every engine alike: those of GeoSPARQL (OGC 22-047r1, section 8), by spargeo.
//!
//! Geometries are WKT or GeoJSON in longitude and latitude (CRS84); one in another reference system is an error.
//! Relations are those of the plane, so nothing reaches over the antimeridian; distances are along great circles,
//! between points only.

use super::evaluate::Cancellation;
use oxigraph::sparql::SparqlEvaluator;
use oxrdf::NamedNodeRef;
use spareval::QueryEvaluator;
use spargeo::GEOSPARQL_EXTENSION_FUNCTIONS;

/// The functions that a query may call besides SPARQL's own.
pub fn extension_functions() -> impl Iterator<Item = NamedNodeRef<'static>> {
    GEOSPARQL_EXTENSION_FUNCTIONS.into_iter().map(|(name, _)| name)
}

/// The evaluator for what is not Oxigraph's own store.
pub(super) fn evaluator(cancellation: &Cancellation) -> QueryEvaluator {
    let mut evaluator = QueryEvaluator::new().with_cancellation_token(cancellation.token().clone());
    for (name, function) in GEOSPARQL_EXTENSION_FUNCTIONS {
        evaluator = evaluator.with_custom_function(name.into_owned(), function);
    }
    evaluator
}

/// Makes them known to Oxigraph's.
pub(super) fn register(mut evaluator: SparqlEvaluator) -> SparqlEvaluator {
    for (name, function) in GEOSPARQL_EXTENSION_FUNCTIONS {
        evaluator = evaluator.with_custom_function(name.into_owned(), function);
    }
    evaluator
}
