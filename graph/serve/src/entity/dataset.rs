//! What the page of a dataset has beside its facts: how fresh it is, and the ways into it.

use crate::generation::Generation;
use crate::pages::Layout;
use crate::parameters::encode;
use crate::ranks::Ranks;
use crate::value::Words;
use graph_index::TermId;
use vocabularies::{aarre, prov};

/// How many runs are told.
const RUNS: usize = 10;

/// A dataset beside its facts.
#[derive(Debug)]
pub(super) struct Dataset {
    /// The last runs that read its records, the last first.
    pub(super) runs: Vec<Run>,
    pub(super) search: String,
    pub(super) statistics: String,
    pub(super) feed: String,
}

/// A run of the pipeline.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) ended: String,
    pub(super) day: String,
    pub(super) href: String,
    pub(super) records: u64,
}

/// What there is of the dataset at `/id/dataset/{id}`; nothing for other paths.
pub(super) fn dataset(
    generation: &Generation,
    rest: &str,
    at: &Layout,
    words: &Words<'_>,
) -> Option<Dataset> {
    let id = rest.strip_prefix("dataset/")?;
    let ranks = Ranks::of(generation)?;
    let node = ranks.id(&words.place.iri(rest))?;
    let read = ranks.subjects(aarre::DATASET, node).values;
    let mut ended: Vec<(String, u32)> = Vec::with_capacity(read.len());
    ranks.join(read, prov::ENDED_AT_TIME, |place, time| ended.push((ranks.text(time), read[place])));
    ended.sort_unstable_by(|one, other| other.cmp(one));
    let run = |(ended, run): (String, u32)| {
        let records = ranks.objects(TermId(run), aarre::RECORDS_OUT).values.first();
        Run {
            day: at.day(&ended),
            ended,
            href: words.iri(&ranks.text(run)).href.unwrap_or_default(),
            records: records.and_then(|records| ranks.text(*records).parse().ok()).unwrap_or_default(),
        }
    };
    let graph = format!("{}/graph/{id}", words.place.base());
    Some(Dataset {
        runs: ended.into_iter().take(RUNS).map(run).collect(),
        search: at.href(&format!("/search?dataset={}", encode(&graph))),
        statistics: at.href(&format!("/statistics?dataset={id}")),
        feed: at.file(&format!("/feed/{id}.atom")),
    })
}
