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

/// Whether the property says what may be done with the thing or with its description.
pub(super) fn is_rights(predicate: &str) -> bool {
    [edm::RIGHTS, dc::RIGHTS, dcterms::LICENSE, dcterms::ACCESS_RIGHTS, dcterms::RIGHTS]
        .iter()
        .any(|rights| rights.as_str() == predicate)
}

/// In which group of facts a property stands: what it is, how it was made, what it is about, where it is, its numbers,
/// and all else.
pub(super) fn section(predicate: &str) -> usize {
    let groups: [&[NamedNodeRef<'_>]; 5] = [
        &[
            skos::PREF_LABEL,
            dc::TITLE,
            dcterms::ALTERNATIVE,
            skos::ALT_LABEL,
            dc::TYPE,
            dc::DESCRIPTION,
            dcterms::DESCRIPTION,
            rico::HAS_RECORD_SET_TYPE,
            rico::SCOPE_AND_CONTENT,
            rico::HISTORY,
            dcterms::TABLE_OF_CONTENTS,
            rdagr2::PROFESSION_OR_OCCUPATION,
            rdagr2::BIOGRAPHICAL_INFORMATION,
            rdagr2::DATE_OF_BIRTH,
            rdagr2::DATE_OF_DEATH,
            rdagr2::PLACE_OF_BIRTH,
            rdagr2::PLACE_OF_DEATH,
            rdagr2::GENDER,
            skos::NOTE,
            skos::DEFINITION,
            skos::SCOPE_NOTE,
            dcterms::TITLE,
            foaf::NAME,
            rico::TITLE,
        ],
        &[
            dc::CREATOR,
            dc::CONTRIBUTOR,
            dc::PUBLISHER,
            dcterms::CREATED,
            dcterms::ISSUED,
            dcterms::MEDIUM,
            dcterms::EXTENT,
            dc::FORMAT,
            dc::LANGUAGE,
            rico::HAS_ORGANIC_PROVENANCE,
            edm::BEGIN,
            edm::END,
            crm::P45_CONSISTS_OF,
            bf::RESPONSIBILITY_STATEMENT,
            bf::EDITION_STATEMENT,
        ],
        &[
            dc::SUBJECT,
            dcterms::SPATIAL,
            dcterms::TEMPORAL,
            dcterms::RELATION,
            dc::RELATION,
            dcterms::REFERENCES,
            dcterms::IS_REFERENCED_BY,
            dcterms::IS_VERSION_OF,
            skos::BROADER,
            skos::NARROWER,
            skos::RELATED,
        ],
        &[
            edm::CURRENT_LOCATION,
            crm::P50_HAS_CURRENT_KEEPER,
            crm::P52_HAS_CURRENT_OWNER,
            dcterms::IS_PART_OF,
            rico::HAS_OR_HAD_HOLDER,
            crm::P44_HAS_CONDITION,
            dc::SOURCE,
        ],
        &[
            dc::IDENTIFIER,
            rico::IDENTIFIER,
            skos::NOTATION,
            skos::IN_SCHEME,
            owl::SAME_AS,
            skos::EXACT_MATCH,
            skos::CLOSE_MATCH,
        ],
    ];
    let holds = |group: &&[NamedNodeRef<'_>]| group.iter().any(|property| property.as_str() == predicate);
    groups.iter().position(holds).unwrap_or(groups.len())
}

/// The pictures of an item, the best first.
pub(super) const PICTURES: [NamedNodeRef<'static>; 4] =
    [edm::IS_SHOWN_BY, edm::OBJECT, edm::HAS_VIEW, foaf::DEPICTION];
