//! Items that are of one edition together, and the work that they lead to.

use super::super::difference::Difference;
use super::super::entity::{Entities, role};
use super::super::{ReconcileError, Reconciled};
use super::item::{Item, read_texts, write_texts};
use super::{MEMORY, disk};
use graph_index::files::{Records, Spool};
use graph_reconcile::Role;
use graph_reconcile::editions::proper;
use graph_store::rdf::{Literal, NamedNode, NamedNodeRef, Quad, Term};
use std::collections::HashMap;
use std::path::Path;
use vocabularies::{bf, rdf, skos};

/// Sets of items, as numbers; what items there are goes to the disk.
pub(super) struct Clusters {
    parents: HashMap<u32, u32>,
    apart: Vec<(u32, u32)>,
    joined: Spool,
}

impl Clusters {
    /// No sets yet. No set will have both of a pair of `apart`.
    pub(super) fn new(folder: &Path, apart: Vec<(u32, u32)>) -> Result<Self, ReconcileError> {
        Ok(Self { parents: HashMap::new(), apart, joined: Spool::create(folder, "joined").map_err(disk)? })
    }

    fn root(&mut self, mut number: u32) -> u32 {
        while let Some(&parent) = self.parents.get(&number).filter(|parent| **parent != number) {
            // Whoever is met on the way is brought nearer to the root.
            let above = self.parents.get(&parent).copied().unwrap_or(parent);
            self.parents.insert(number, above);
            number = above;
        }
        number
    }

    /// Says that two are of one edition; false where that would bring together what must stay apart.
    pub(super) fn join(&mut self, one: &Item, other: &Item) -> Result<bool, ReconcileError> {
        let (a, b) = (self.root(one.number), self.root(other.number));
        for (never, together) in self.apart.clone() {
            let (never, together) = (self.root(never), self.root(together));
            if never == a && together == b || never == b && together == a {
                return Ok(false);
            }
        }
        self.parents.insert(a.max(b), a.min(b));
        let mut bytes = Vec::new();
        for item in [one, other] {
            bytes.clear();
            bytes.extend_from_slice(&item.number.to_be_bytes());
            write_texts(&mut bytes, [item.iri.as_str()].into_iter());
            write_texts(&mut bytes, item.works.iter().map(String::as_str));
            write_texts(&mut bytes, item.called.iter().map(String::as_str));
            self.joined.push(&bytes).map_err(disk)?;
        }
        Ok(true)
    }

    /// Leads the items of each set to one work.
    pub(super) fn works(
        mut self,
        folder: &Path,
        entities: &Entities,
        out: &mut Difference<'_>,
        report: &mut Reconciled,
    ) -> Result<(), ReconcileError> {
        let joined = std::mem::replace(&mut self.joined, Spool::create(folder, "none").map_err(disk)?);
        let mut joined = joined.finish().map_err(disk)?;
        let mut by_set = Records::new(folder, "sets", MEMORY);
        let mut bytes = Vec::new();
        while let Some(record) = joined.pull().map_err(disk)? {
            let Some((number, rest)) = record.split_first_chunk() else { continue };
            let number = u32::from_be_bytes(*number);
            bytes.clear();
            bytes.extend_from_slice(&self.root(number).to_be_bytes());
            bytes.extend_from_slice(rest);
            by_set.push(&bytes).map_err(disk)?;
        }
        let mut sorted = by_set.finish().map_err(disk)?;
        let (mut set, mut members): (Option<[u8; 4]>, Vec<Member>) = (None, Vec::new());
        while let Some(record) = sorted.pull().map_err(disk)? {
            let Some((of, mut rest)) = record.split_first_chunk().map(|(of, rest)| (*of, rest)) else {
                continue;
            };
            if set != Some(of) {
                one_work(&mut members, entities, out, report)?;
                set = Some(of);
            }
            if let Some(member) = Member::take(&mut rest)
                && members.last().is_none_or(|last| last.iri != member.iri)
            {
                members.push(member);
            }
        }
        one_work(&mut members, entities, out, report)
    }
}

struct Member {
    iri: String,
    works: Vec<String>,
    called: Vec<String>,
}

impl Member {
    fn take(rest: &mut &[u8]) -> Option<Self> {
        let iri = read_texts(rest)?.into_iter().next()?;
        Some(Self { iri, works: read_texts(rest)?, called: read_texts(rest)? })
    }
}

/// Says of the members of a set that they are of one work, where their records do not say it; the set is emptied.
fn one_work(
    members: &mut Vec<Member>,
    entities: &Entities,
    out: &mut Difference<'_>,
    report: &mut Reconciled,
) -> Result<(), ReconcileError> {
    let members = std::mem::take(members);
    let Some(first) = members.first() else { return Ok(()) };
    let graph = out.graph().clone();
    let named = members.iter().flat_map(|member| &member.works).min().cloned();
    let work = match named {
        Some(work) => work,
        None => {
            let Some((work, label)) = called(entities, &first.called)? else { return Ok(()) };
            let node = NamedNode::new_unchecked(work.as_str());
            let label = Literal::new_simple_literal(label);
            out.put(Quad::new(node.clone(), rdf::TYPE, bf::WORK.into_owned(), graph.clone()))?;
            out.put(Quad::new(node, skos::PREF_LABEL, label, graph.clone()))?;
            work
        }
    };
    report.works += 1;
    let node = NamedNode::new_unchecked(work.as_str());
    for member in members.iter().filter(|member| !member.works.contains(&work)) {
        let item = NamedNode::new_unchecked(member.iri.as_str());
        out.put(Quad::new(item, bf::INSTANCE_OF, node.clone(), graph.clone()))?;
    }
    Ok(())
}

/// The IRI and the name that a work has by its title and the one who made it.
fn called(entities: &Entities, called: &[String]) -> Result<Option<(String, String)>, ReconcileError> {
    let Some(title) = called.first().map(|title| proper(title)).filter(|title| graph_model::has_key(title))
    else {
        return Ok(None);
    };
    let mut name = String::new();
    if let Some(maker) = called.get(1) {
        let said = entities.said(maker)?;
        let preferred = said.iter().filter(|quad| role(quad.predicate.as_ref()) == Some(Role::Preferred));
        let names = preferred.filter_map(|quad| match &quad.object {
            Term::Literal(literal) => Some(literal.value()),
            _ => None,
        });
        name = names.min().unwrap_or_default().to_owned();
    }
    let key = graph_model::content_key(&[&name, title]);
    let mut iri = format!("{}work/", entities.prefix());
    graph_model::encode_segment(&key, &mut iri);
    debug_assert!(NamedNodeRef::new(&iri).is_ok(), "{iri}");
    let label = if name.is_empty() { title.to_owned() } else { format!("{name}: {title}") };
    Ok(Some((iri, label)))
}
