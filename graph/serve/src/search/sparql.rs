//! The search as a query that finds the same items.

use super::values;
use super::wish::{DEEPEST, Wish, degrees};
use crate::path::Place;
use crate::ranks::Ranks;
use graph_index::TermId;
use graph_index::items::{FACETS, Facet, RIGHTS, Reuse, Source, Step, facet};
use graph_store::rdf::{NamedNodeRef, Term};
use queries::search::{self, Condition};
use vocabularies::dcterms;

/// The text of the query.
pub(super) fn query(wish: &Wish, place: &Place, ranks: Ranks<'_>, statements: &[u32]) -> String {
    let mut conditions = Vec::new();
    for (number, chosen) in &wish.chosen {
        let facet = &FACETS[*number];
        conditions.extend(condition(facet, chosen, place, ranks, statements));
    }
    if let Some([from, to]) = wish.years() {
        // Years that are open at an end reach as far as years can be counted.
        conditions.push(Condition::Years(vec![[from.max(-999_999), to.min(999_999)]]));
    }
    if let Some(bounds) = wish.bounds {
        conditions.push(Condition::Within(bounds.map(degrees)));
    }
    search::found(&wish.words, DEEPEST, &conditions)
}

fn condition(
    facet: &Facet,
    chosen: &[values::Value],
    place: &Place,
    ranks: Ranks<'_>,
    statements: &[u32],
) -> Option<Condition> {
    Some(match facet.source {
        Source::Paths(paths) => {
            let mut terms = Vec::new();
            for value in chosen {
                terms.extend(values::sparql(facet, &value.text, place));
                terms.extend(value.number.into_iter().flat_map(|number| merged(number, ranks)));
            }
            Condition::Values { path: path(paths), values: terms, or_none: false }
        }
        Source::There(paths) => Condition::There(path(paths)),
        Source::Graphs => {
            let graph = |value: &values::Value| format!("{}/graph/{}", place.base(), value.text);
            Condition::Graphs(chosen.iter().map(graph).collect())
        }
        Source::Centuries => {
            let years = |value: &values::Value| {
                let first = value.number.map_or(0, values::first_year);
                [first, first.saturating_add(99)]
            };
            Condition::Years(chosen.iter().map(years).collect())
        }
        Source::Reuse => {
            let has = |reuse: Reuse| chosen.iter().any(|value| value.number == Some(reuse as u32));
            let statement = |number: &u32| {
                let iri = values::iri(&FACETS[facet_of_rights()?], *number, ranks)?;
                has(Reuse::of(&iri)).then(|| search::iri(&iri))
            };
            Condition::Values {
                path: path(RIGHTS),
                values: statements.iter().filter_map(statement).collect(),
                or_none: has(Reuse::Unstated),
            }
        }
    })
}

fn facet_of_rights() -> Option<usize> {
    facet("rights")
}

/// The entities that were merged into one, which records still name.
fn merged(number: u32, ranks: Ranks<'_>) -> Vec<String> {
    let replaced = ranks.subjects(dcterms::IS_REPLACED_BY, TermId(number));
    let iri = |id: &u32| match ranks.index.terms().term(TermId(*id)) {
        Term::NamedNode(node) => Some(search::iri(node.as_str())),
        _ => None,
    };
    replaced.values.iter().filter_map(iri).collect()
}

/// Alternative ways as one property path.
fn path(paths: &[&[Step]]) -> String {
    let name = |node: NamedNodeRef<'_>| {
        vocabularies::qname(node.as_str()).unwrap_or_else(|| search::iri(node.as_str()))
    };
    let step = |step: &Step| match step {
        Step::Along(property) => name(*property),
        Step::Back(property) => format!("^{}", name(*property)),
    };
    let ways: Vec<String> =
        paths.iter().map(|way| way.iter().map(step).collect::<Vec<_>>().join("/")).collect();
    match ways.as_slice() {
        [one] => one.clone(),
        more => format!("({})", more.join("|")),
    }
}
