//! In which order a page tells what is known.

use graph_store::rdf::NamedNodeRef;
use vocabularies::{
    aarre, bf, crm, dc, dcterms, edm, foaf, geo, ore, owl, rdagr2, rdf, rdfs, rico, skos, wgs84,
};

/// The properties that come first, in this order; all others follow by label.
const FIRST: &[NamedNodeRef<'static>] = &[
    skos::PREF_LABEL,
    dc::TITLE,
    dcterms::ALTERNATIVE,
    skos::ALT_LABEL,
    dc::TYPE,
    rico::HAS_RECORD_SET_TYPE,
    dc::CREATOR,
    rico::HAS_ORGANIC_PROVENANCE,
    dc::CONTRIBUTOR,
    rdagr2::DATE_OF_BIRTH,
    rdagr2::PLACE_OF_BIRTH,
    rdagr2::DATE_OF_DEATH,
    rdagr2::PLACE_OF_DEATH,
    rdagr2::PROFESSION_OR_OCCUPATION,
    rdagr2::BIOGRAPHICAL_INFORMATION,
    crm::P14_CARRIED_OUT_BY,
    aarre::ROLE,
    dcterms::CREATED,
    dc::PUBLISHER,
    dcterms::ISSUED,
    dcterms::TEMPORAL,
    edm::BEGIN,
    edm::END,
    dc::DESCRIPTION,
    dcterms::SPATIAL,
    crm::P7_TOOK_PLACE_AT,
    edm::CURRENT_LOCATION,
    wgs84::LAT,
    wgs84::LONG,
    dc::SUBJECT,
    dcterms::MEDIUM,
    dcterms::EXTENT,
    dc::LANGUAGE,
    dc::IDENTIFIER,
    skos::BROADER,
    skos::NARROWER,
    dcterms::IS_PART_OF,
    skos::IN_SCHEME,
    skos::NOTATION,
    owl::SAME_AS,
    skos::EXACT_MATCH,
    skos::CLOSE_MATCH,
];

/// The rank of all properties that have no place of their own.
pub(super) const LAST: usize = FIRST.len();

/// Where a property stands among the facts.
pub(super) fn rank(predicate: NamedNodeRef<'_>) -> usize {
    FIRST.iter().position(|first| *first == predicate).unwrap_or(LAST)
}

/// Whether the property belongs to the detail layer, which often says again what the core has said.
pub(super) fn is_detail(predicate: &str) -> bool {
    [aarre::NAMESPACE, bf::NAMESPACE, crm::NAMESPACE, rico::NAMESPACE]
        .iter()
        .any(|namespace| predicate.starts_with(namespace))
}

/// What is shown elsewhere on the page, or is of the model and tells a reader nothing.
pub(super) fn is_silent(predicate: NamedNodeRef<'_>) -> bool {
    [
        rdf::TYPE,
        aarre::SECTOR,
        aarre::SEQUENCE,
        edm::TYPE,
        edm::AGGREGATED_CHO,
        ore::AGGREGATES,
        ore::IS_AGGREGATED_BY,
        wgs84::LAT,
        wgs84::LONG,
        geo::AS_WKT,
    ]
    .contains(&predicate)
}

/// What an entity's name may stand in.
pub(super) fn is_name(predicate: NamedNodeRef<'_>) -> bool {
    [skos::PREF_LABEL, dc::TITLE, rdfs::LABEL, foaf::NAME, dcterms::TITLE].contains(&predicate)
}

/// The facts about the record and its keeper rather than about the thing.
pub(super) fn is_about_record(predicate: NamedNodeRef<'_>) -> bool {
    [
        edm::DATA_PROVIDER,
        edm::PROVIDER,
        edm::INTERMEDIATE_PROVIDER,
        edm::RIGHTS,
        edm::IS_SHOWN_AT,
        dc::RIGHTS,
        dcterms::LICENSE,
        dcterms::ACCESS_RIGHTS,
    ]
    .contains(&predicate)
}

/// The pictures of an item, the best first.
pub(super) const PICTURES: [NamedNodeRef<'static>; 4] =
    [edm::IS_SHOWN_BY, edm::OBJECT, edm::HAS_VIEW, foaf::DEPICTION];
