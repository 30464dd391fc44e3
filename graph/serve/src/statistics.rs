//! What `stats.json` of a generation says.
//!
//! It is written when the generation is published and read once when it is opened. Whatever is missing is
//! taken as not known, so that a generation of an older version still has a start page.

use serde::Deserialize;

/// What the graph holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Statistics {
    pub(crate) triples: u64,
    pub(crate) items: u64,
    pub(crate) published: Option<String>,
    pub(crate) sectors: Vec<Count>,
    pub(crate) datasets: Vec<Dataset>,
    pub(crate) entities: Entities,
    /// Classes and properties by how often they are used.
    pub(crate) classes: Vec<Count>,
    pub(crate) properties: Vec<Count>,
    pub(crate) agents: Vec<Count>,
    pub(crate) places: Vec<Count>,
    pub(crate) concepts: Vec<Count>,
}

/// Something with a number beside it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Count {
    pub(crate) iri: String,
    pub(crate) label: Option<String>,
    pub(crate) count: u64,
}

/// How many of each kind are shared by records.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Entities {
    pub(crate) agents: u64,
    pub(crate) places: u64,
    pub(crate) concepts: u64,
}

/// One dataset.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Dataset {
    pub(crate) id: String,
    pub(crate) title: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) sector: Option<String>,
    pub(crate) items: u64,
    pub(crate) triples: u64,
    pub(crate) runs: Vec<Run>,
}

/// A run over a dataset, the newest first.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Run {
    pub(crate) iri: String,
    pub(crate) ended: String,
    pub(crate) records: u64,
}

/// The runs over some datasets, the newest first.
pub(crate) fn newest<'s>(datasets: impl IntoIterator<Item = &'s Dataset>) -> Vec<(&'s Dataset, &'s Run)> {
    let of = |dataset: &'s Dataset| dataset.runs.iter().map(move |run| (dataset, run));
    let mut runs: Vec<_> = datasets.into_iter().flat_map(of).collect();
    runs.sort_by(|(_, one), (_, other)| other.ended.cmp(&one.ended).then_with(|| one.iri.cmp(&other.iri)));
    runs
}

impl Dataset {
    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.id)
    }
}

impl Statistics {
    /// Reads the file; what cannot be read is not known.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_else(|error| {
            tracing::warn!(%error, "stats.json cannot be read; the start page will say less");
            Self::default()
        })
    }
}
