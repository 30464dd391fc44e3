//! The graph's own entities as an index of the form that authorities have.

use super::entity::{Entities, draft, role};
use super::{MOST_CARRIERS, ReconcileError, clusters};
use crate::home::Home;
use graph_reconcile::authority::{About, Authority, Builder, Draft};
use graph_reconcile::decisions::{self, Decisions};
use graph_reconcile::{Label, Role};
use graph_store::rdf::{GraphName, NamedNodeRef, Quad, Term};
use graph_store::{Snapshot, StoreError};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use vocabularies::skos;

/// Entities and the identifiers that their records give them.
pub(super) type Identifiers = Vec<(String, String)>;

/// Builds an index to match within the graph. Identifiers are given apart: one that half of the graph carries must link
/// nothing, and that is known only at the end.
pub(super) fn build(
    folder: &Path,
    entities: &Entities,
    state: &Decisions,
) -> Result<(Authority, Identifiers), ReconcileError> {
    let mut builder = Builder::new(folder)?;
    let mut identifiers = Vec::new();
    drafts(entities, state, &mut |mut draft| {
        let base = entities.base();
        identifiers.extend(
            draft.same_as.drain(..).filter(|same| !base.owns(same)).map(|same| (draft.iri.clone(), same)),
        );
        Ok(builder.add(&draft)?)
    })?;
    builder.finish(About { name: "graph".to_owned(), ..About::default() })?;
    Ok((Authority::open(folder)?, identifiers))
}

/// The pairs of entities that carry the same identifier, with it; and the identifiers that so many carry that they prove
/// nothing.
pub(super) fn by_identifier(identifiers: &Identifiers) -> (Vec<graph_reconcile::Link>, BTreeSet<String>) {
    let pairs = identifiers.iter().map(|(entity, identifier)| (entity.as_str(), identifier.as_str()));
    let (links, suspicious) = graph_reconcile::by_shared_identifier(pairs, MOST_CARRIERS);
    (links, suspicious.into_iter().collect())
}

/// The index of a generation: its entities with all their names, those of the authority entries that they are linked with
/// among them, and the IRIs that lead to them.
///
/// # Errors
/// When the store or the disk fails.
pub fn entities(home: &Home, view: &Snapshot, folder: &Path, added: &str) -> Result<About, ReconcileError> {
    let config = &home.config;
    let log = decisions::read(home.path())?;
    let datasets = config.datasets.iter().map(|set| set.id.to_string());
    let entities = Entities::new(view.clone(), &config.base, datasets);
    let links = config.base.graph(super::LINKS);
    let mut builder = Builder::new(folder)?;
    drafts(&entities, log.state(), &mut |mut draft| {
        linked(view, &links, &mut draft)?;
        Ok(builder.add(&draft)?)
    })?;
    let about = About {
        name: "graph".to_owned(),
        title: Some(config.title.clone()),
        added: added.to_owned(),
        ..About::default()
    };
    Ok(builder.finish(about)?)
}

/// All entities that live, each with what is said of those that were merged into it.
fn drafts(
    entities: &Entities,
    state: &Decisions,
    take: &mut dyn FnMut(Draft) -> Result<(), ReconcileError>,
) -> Result<(), ReconcileError> {
    let clusters = clusters(state);
    let mut failed = None;
    let mut one = |iri: &str, merged: &[String]| -> Result<(), ReconcileError> {
        let mut said = entities.said(iri)?;
        for merged in merged {
            said.extend(entities.said(merged)?);
        }
        if said.is_empty() {
            return Ok(());
        }
        let mut draft = draft(iri, &said);
        draft.same_as.extend(merged.iter().cloned());
        take(draft)
    };
    for (survivor, merged) in &clusters {
        one(survivor, merged)?;
    }
    entities.each(|iri| {
        if failed.is_none() && state.survivor(&iri) == iri && !clusters.contains_key(&iri) {
            failed = one(&iri, &[]).err();
        }
        Ok(())
    })?;
    failed.map_or(Ok(()), Err)
}

/// Adds the names of the entries that the entity is linked with, and their IRIs.
fn linked(view: &Snapshot, links: &str, draft: &mut Draft) -> Result<(), StoreError> {
    let iri = draft.iri.clone();
    let (entity, links) = (NamedNodeRef::new_unchecked(&iri), NamedNodeRef::new_unchecked(links));
    let mut known: HashMap<(Option<String>, String), ()> = HashMap::new();
    for label in &draft.labels {
        known.insert((label.language.as_deref().map(str::to_owned), label.text.to_string()), ());
    }
    for quad in view.matching(Some(entity), Some(skos::EXACT_MATCH), None, Some(links)) {
        let Term::NamedNode(entry) = quad?.object else { continue };
        draft.same_as.push(entry.as_str().to_owned());
        for quad in view.matching(Some(entry.as_ref()), None, None, None) {
            let Quad { predicate, object, graph_name, .. } = quad?;
            let (Some(role), Term::Literal(literal)) = (role(predicate.as_ref()), object) else { continue };
            let GraphName::NamedNode(_) = graph_name else { continue };
            let language = literal.language().map(str::to_ascii_lowercase);
            let text = literal.value().to_owned();
            if known.insert((language.clone(), text.clone()), ()).is_none() {
                // The owners' name stays the one to show.
                let role = if role == Role::Hidden { role } else { Role::Alternative };
                draft.labels.push(Label { role, language: language.map(Cow::Owned), text: Cow::Owned(text) });
            }
        }
    }
    Ok(())
}
