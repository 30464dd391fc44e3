//! What EDM asks of every record: the mandatory properties of the EDM Mapping Guidelines 2.4, and values from closed
//! lists. What is not there becomes an issue; the record loads.

use super::describe::{Parts, has_value};
use super::rdf::Value;
use graph_model::{Description, IssueKind};

/// Properties of which a record has at least one: on which part, which, and in words.
const OBJECT: &[(&[&str], IssueKind, &str)] = &[
    (&["title", "description"], IssueKind::MissingTitle, "dc:title or dc:description"),
    (
        &["subject", "type", "coverage", "temporal", "spatial"],
        IssueKind::MissingValue,
        "dc:subject, dc:type, dc:coverage, dcterms:temporal or dcterms:spatial",
    ),
];

const AGGREGATION: &[(&[&str], &str)] = &[
    (&["aggregatedCHO"], "edm:aggregatedCHO"),
    (&["dataProvider"], "edm:dataProvider"),
    (&["provider"], "edm:provider"),
    (&["isShownAt", "isShownBy"], "edm:isShownAt or edm:isShownBy"),
    (&["rights"], "edm:rights"),
];

/// Notes what a record lacks.
pub(super) fn check(parts: &Parts<'_>, out: &mut Description<'_>) {
    let dc_type = |local: &str| match local {
        // `edm:type` is another property than `dc:type`.
        "type" => parts.provided.iter().chain(&parts.aggregators).any(|one| {
            one.statements.iter().any(|statement| {
                &*statement.property.local == "type"
                    && !is_edm(&statement.property.namespace)
                    && !statement.value.is_empty()
            })
        }),
        _ => parts.says(local),
    };
    for (locals, kind, expected) in OBJECT {
        if !locals.iter().any(|local| dc_type(local)) {
            out.issue_at("edm:ProvidedCHO", *kind, "", *expected);
        }
    }
    let edm_type = parts.provided.iter().chain(&parts.aggregators).chain(&parts.europeana).flat_map(|one| {
        one.statements
            .iter()
            .filter(|statement| &*statement.property.local == "type" && is_edm(&statement.property.namespace))
    });
    let kinds: Vec<&str> = edm_type.filter_map(|statement| statement.value.words()).collect();
    if kinds.is_empty() {
        out.issue_at("edm:type", IssueKind::MissingValue, "", "edm:type: TEXT, IMAGE, SOUND, VIDEO or 3D");
    }
    if kinds.contains(&"TEXT") && !parts.says("language") {
        out.issue_at("dc:language", IssueKind::MissingValue, "", "dc:language of a TEXT");
    }
    if parts.aggregations.is_empty() {
        out.issue_at("ore:Aggregation", IssueKind::MissingValue, "", "an ore:Aggregation");
    } else {
        for (locals, expected) in AGGREGATION {
            let said = parts.aggregations.iter().any(|one| locals.iter().any(|local| has_value(one, local)));
            if !said {
                out.issue_at("ore:Aggregation", IssueKind::MissingValue, "", *expected);
            }
        }
    }
    for (resource, _) in &parts.views {
        closed(resource.values("intendedUsage"), USES, "edm:intendedUsage", "a use of Europeana's list", out);
        closed(
            resource.values("digitalSourceType"),
            SOURCES,
            "schema:digitalSourceType",
            "a digital source type of the IPTC",
            out,
        );
    }
}

/// The last segments of Europeana's usage areas.
const USES: &[&str] = &[
    "3DPrinting",
    "AnalyticalResearch",
    "Animation",
    "AudioGuide",
    "Conservation",
    "Education",
    "Entertainment",
    "Exhibition",
    "Knowledge",
    "Preservation",
    "Publication",
    "Reconstruction",
    "Research",
    "Restoration",
    "Tourism",
    "VirtualReality",
    "Visualisation",
    "Visualization",
];

/// The last segments of the IPTC's digital source types.
const SOURCES: &[&str] = &[
    "algorithmicMedia",
    "algorithmicallyEnhanced",
    "compositeCapture",
    "compositeSynthetic",
    "compositeWithTrainedAlgorithmicMedia",
    "computationalCapture",
    "dataDrivenMedia",
    "digitalArt",
    "digitalCapture",
    "digitalCreation",
    "humanEdits",
    "minorHumanEdits",
    "multiFrameComputationalCapture",
    "negativeFilm",
    "positiveFilm",
    "print",
    "screenCapture",
    "softwareImage",
    "trainedAlgorithmicMedia",
    "virtualRecording",
];

fn closed<'v>(
    values: impl Iterator<Item = &'v Value>,
    list: &[&str],
    path: &str,
    expected: &'static str,
    out: &mut Description<'_>,
) {
    for value in values {
        let met = match value {
            Value::Resource(id) => id.as_str(),
            Value::Text { text, .. } => text.as_str(),
        };
        if !list.contains(&super::rdf::local_of(met)) {
            out.issue_at(path, IssueKind::UnknownCode, met, expected);
        }
    }
}

fn is_edm(namespace: &str) -> bool {
    namespace == vocabularies::edm::NAMESPACE
}
