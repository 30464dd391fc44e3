//! What the provenance graph holds of a run and of each record (PROV-O, W3C Recommendation, 30 April 2013).
//!
//! Of a record: its fingerprint, the run that wrote it and the file that it came from. Of a withdrawn one: a
//! tombstone. Of a run: when it began and ended, what it brought, and the version of the owner's rules that it applied.

use super::LoadReport;
use graph_model::{Base, DatasetId};
use graph_store::rdf::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term, TermRef};
use graph_store::{Snapshot, StoreError};
use loaders::rules::Rules;
use std::time::{SystemTime, UNIX_EPOCH};
use vocabularies::{aarre, dcterms, prov, rdf, xsd};

/// One run over one dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its name; part of its IRI `{base}/id/run/{name}`.
    pub name: String,
    /// When it began, as `xsd:dateTime`.
    pub began: String,
    /// The version of the owner's rules that it applied: what their file calls it, and a fingerprint of the file.
    pub rules: Option<String>,
}

impl Run {
    /// A run that begins now.
    #[must_use]
    pub fn now(dataset: &DatasetId) -> Self {
        let now = SystemTime::now();
        let nanos = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
        let began = date_time(now);
        let compact: String = began.chars().filter(char::is_ascii_alphanumeric).collect();
        // Two runs within a second are told apart by the rest.
        Self { name: format!("{dataset}-{compact}-{nanos:09}"), began, rules: None }
    }

    /// The same, with the owner's rules that it applies.
    #[must_use]
    pub fn with_rules(self, rules: Option<&Rules>) -> Self {
        let version = rules.map(|rules| match rules.version() {
            Some(version) => format!("{version} {:032x}", rules.hash()),
            None => format!("{:032x}", rules.hash()),
        });
        Self { rules: version, ..self }
    }
}

/// The time as `xsd:dateTime` in UTC, to the second.
#[must_use]
pub fn date_time(time: SystemTime) -> String {
    // A clock before 1970 is no clock; the formatter knows no such years.
    humantime::format_rfc3339_seconds(time.max(UNIX_EPOCH)).to_string()
}

/// The IRIs of a load.
pub(super) struct Names {
    pub(super) graph: NamedNode,
    pub(super) provenance: NamedNode,
    run: NamedNode,
    began: Literal,
    rules: Option<String>,
    dataset: NamedNode,
    item_prefix: String,
}

impl Names {
    pub(super) fn new(base: &Base, dataset: &DatasetId, run: &Run) -> Self {
        Self {
            graph: NamedNode::new_unchecked(base.graph(dataset.as_str())),
            provenance: NamedNode::new_unchecked(base.graph("provenance")),
            run: NamedNode::new_unchecked(base.shared("run", &run.name)),
            began: Literal::new_typed_literal(&run.began, xsd::DATE_TIME),
            rules: run.rules.clone(),
            dataset: NamedNode::new_unchecked(base.shared("dataset", dataset.as_str())),
            item_prefix: base.item_prefix(dataset),
        }
    }

    /// The item that its owner calls `local`.
    pub(super) fn item(&self, local: &str) -> String {
        let mut iri = self.item_prefix.clone();
        graph_model::encode_segment(local, &mut iri);
        iri
    }

    /// Whether the IRI is an item of the dataset, or a fragment of one.
    pub(super) fn is_item(&self, iri: &str) -> bool {
        iri.starts_with(&self.item_prefix)
    }

    fn quad(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>, object: impl Into<Term>) -> Quad {
        Quad::new(subject.clone(), predicate.into_owned(), object, self.provenance.clone())
    }

    /// What is kept of a record. `unreachable` are subjects that it speaks of and that nothing leads to.
    pub(super) fn record(
        &self,
        item: &str,
        fingerprint: u128,
        source: &str,
        unreachable: &[String],
    ) -> impl Iterator<Item = Quad> + use<> {
        let item = NamedNode::new_unchecked(item);
        let hash =
            self.quad(&item, aarre::CONTENT_HASH, Literal::new_simple_literal(format!("{fingerprint:032x}")));
        let run = self.quad(&item, prov::WAS_GENERATED_BY, self.run.clone());
        let source = self.quad(&item, aarre::SOURCE_FILE, Literal::new_simple_literal(source));
        let noted: Vec<Quad> = unreachable
            .iter()
            .map(|subject| self.quad(&item, dcterms::REFERENCES, NamedNode::new_unchecked(subject)))
            .collect();
        [hash, run, source].into_iter().chain(noted)
    }

    /// What stays of a record that is gone.
    pub(super) fn tombstone(&self, item: &NamedNode) -> [Quad; 3] {
        [
            self.quad(item, rdf::TYPE, aarre::TOMBSTONE_CLASS.into_owned()),
            self.quad(item, aarre::WITHDRAWN_AT, self.began.clone()),
            self.quad(item, prov::WAS_INVALIDATED_BY, self.run.clone()),
        ]
    }

    /// That a load of a part could not tell what is still said of the entity.
    pub(super) fn note(&self, entity: &NamedNode) -> Quad {
        self.quad(&self.dataset, dcterms::REFERENCES, entity.clone())
    }

    /// The notes of loads of a part.
    pub(super) fn noted(&self, view: &Snapshot) -> impl Iterator<Item = Result<Quad, StoreError>> + use<> {
        let (dataset, provenance) = (self.dataset.as_ref(), self.provenance.as_ref());
        view.matching(Some(dataset), Some(dcterms::REFERENCES), None, Some(provenance))
    }

    /// That the run began. Until it is said to have ended, the dataset may be half old and half new.
    pub(super) fn begun(&self) -> Vec<Quad> {
        let rules = self.rules.as_ref().map(|version| {
            self.quad(&self.run, aarre::RULE_SET_VERSION, Literal::new_simple_literal(version))
        });
        let mut quads = vec![
            self.quad(&self.run, rdf::TYPE, aarre::RUN.into_owned()),
            self.quad(&self.run, rdf::TYPE, prov::ACTIVITY_CLASS.into_owned()),
            self.quad(&self.run, aarre::DATASET, self.dataset.clone()),
            self.quad(&self.run, prov::STARTED_AT_TIME, self.began.clone()),
        ];
        quads.extend(rules);
        quads
    }

    /// That the run ended, and that it completed those of the dataset which were killed before.
    pub(super) fn ended(&self, view: &Snapshot, report: &LoadReport) -> Result<Vec<Quad>, StoreError> {
        let count = |predicate, count: u64| {
            self.quad(&self.run, predicate, Literal::new_typed_literal(count.to_string(), xsd::INTEGER))
        };
        let now = Literal::new_typed_literal(date_time(SystemTime::now()), xsd::DATE_TIME);
        let mut quads = self.begun();
        quads.push(self.quad(&self.run, prov::ENDED_AT_TIME, now));
        quads.push(count(aarre::RECORDS_OUT, report.new + report.changed + report.unchanged));
        for run in unfinished(view, &self.provenance, Some(&self.dataset))? {
            if run != self.run {
                quads.push(self.quad(&run, prov::WAS_INVALIDATED_BY, self.run.clone()));
            }
        }
        Ok(quads)
    }
}

/// The runs that began a large change and neither ended nor were completed by a later one, of one dataset or all.
pub(super) fn unfinished(
    view: &Snapshot,
    provenance: &NamedNode,
    dataset: Option<&NamedNode>,
) -> Result<Vec<NamedNode>, StoreError> {
    let object = dataset.map(|dataset| TermRef::from(dataset.as_ref()));
    let mut runs = Vec::new();
    for quad in view.matching(None, Some(aarre::DATASET), object, Some(provenance.as_ref())) {
        let NamedOrBlankNode::NamedNode(run) = quad?.subject else { continue };
        let says = |predicate| {
            let mut said =
                view.matching(Some(run.as_ref()), Some(predicate), None, Some(provenance.as_ref()));
            said.next().transpose().map(|quad| quad.is_some())
        };
        if !says(prov::ENDED_AT_TIME)? && !says(prov::WAS_INVALIDATED_BY)? {
            runs.push(run);
        }
    }
    runs.sort_unstable();
    Ok(runs)
}
