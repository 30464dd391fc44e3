//! Records of other formats in a `dmdSec`: finding aids, LIDO, MARCXML and EAC-CPF say here what they say by themselves.
//!
//! What such a record says of its item it says of the package; what a package has once only (its sector, the kind of its
//! media, who provides it) stays as the package tells it. Of a file or division only the plain DCMI terms are told, as a
//! part has no aggregation. A record that is about no item but about an agent is a thing beside the package, which its
//! metadata is about. The components of a finding aid are not read: they are items of their own, in a file of their own.

use super::draft::Draft;
use crate::embedded::{self, Embedded};
use crate::shared::xml::ElementRef;
use graph_model::{Document, IssueKind, Node, NodeKind, ObjectRef, StatementRef, Within};
use std::collections::HashSet;
use vocabularies::{aarre, dc, dcterms, edm, foaf, owl};

/// What the item or its aggregation has once.
const ONCE: [oxrdf::NamedNodeRef<'static>; 7] = [
    aarre::SECTOR,
    edm::TYPE,
    edm::DATA_PROVIDER,
    edm::IS_SHOWN_BY,
    edm::IS_SHOWN_AT,
    edm::OBJECT,
    edm::RIGHTS,
];

/// Says what the record that an element is says; false where it cannot be read. `metadata` is the node of the section.
pub(super) fn describe(
    draft: &mut Draft<'_, '_>,
    element: ElementRef<'_>,
    subject: Node,
    metadata: Node,
    path: &str,
) -> bool {
    let Some(record) = embedded::read(element, draft.out) else { return false };
    let prefix = format!("{}-{}", record.format, draft.number("embedded"));
    let item = draft.item;
    if !record.is_item() {
        agent(draft, &record, metadata, &prefix, path);
    } else if subject == item {
        let within = Within { onto: item, prefix: &prefix, place: path };
        // Further views are views.
        let (mut stated, mut views) = (Vec::new(), Vec::new());
        let aggregation = draft.aggregation();
        for predicate in ONCE {
            let of = [item, aggregation].into_iter().find(|node| draft.out.states(*node, predicate));
            stated.extend(of.map(|_| predicate));
        }
        for statement in record.document.statements() {
            if is_view(&statement)
                && stated.contains(&statement.predicate)
                && let ObjectRef::Iri(iri) = statement.object
            {
                views.push(iri.to_owned());
            }
        }
        let told = |statement: &StatementRef<'_>| !stated.contains(&statement.predicate);
        let reached = reached(&record.document, &told);
        draft.out.absorb(&record.document, within, |_, _, statement| {
            told(statement) && reached.contains(statement.subject)
        });
        for view in views {
            if let Some(view) = draft.out.iri(&view) {
                draft.out.link(aggregation, edm::HAS_VIEW, view);
            }
        }
        draft.titled |= draft.out.states(item, dc::TITLE);
    } else {
        let within = Within { onto: subject, prefix: &prefix, place: path };
        let told = |statement: &StatementRef<'_>| {
            let terms = [dc::NAMESPACE, dcterms::NAMESPACE];
            let plain = terms.iter().any(|terms| statement.predicate.as_str().starts_with(terms));
            statement.subject_kind == NodeKind::Shared || statement.subject_kind == NodeKind::Item && plain
        };
        let reached = reached(&record.document, &told);
        draft.out.absorb(&record.document, within, |_, _, statement| {
            told(statement) && reached.contains(statement.subject)
        });
    }
    if record.others > 0 {
        let met = format!("an embedded finding aid with {} components", record.others);
        let expected = "the finding aid as a file of its own as well, from which its components are read";
        draft.out.issue_at(path, IssueKind::UnmappedField, &met, expected);
    }
    true
}

/// What the statements that are told lead to from the item: of nothing else need anything be said.
fn reached<'d>(document: &'d Document, told: &dyn Fn(&StatementRef<'d>) -> bool) -> HashSet<&'d str> {
    let mut reached = HashSet::from([document.iri()]);
    loop {
        let before = reached.len();
        for statement in document.statements() {
            if let ObjectRef::Iri(object) = statement.object
                && reached.contains(statement.subject)
                && told(&statement)
            {
                reached.insert(object);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

fn is_view(statement: &StatementRef<'_>) -> bool {
    [edm::IS_SHOWN_BY, edm::IS_SHOWN_AT, edm::OBJECT].contains(&statement.predicate)
}

/// A record about somebody: the metadata is about them.
fn agent(draft: &mut Draft<'_, '_>, record: &Embedded, metadata: Node, prefix: &str, path: &str) {
    let node = draft.out.fragment(prefix);
    draft.out.rule("mets.mdWrap.topic", path);
    draft.out.link(metadata, foaf::PRIMARY_TOPIC, node);
    draft.out.absorb(&record.document, Within { onto: node, prefix, place: path }, |_, _, _| true);
    // The entity that records share stands beside what this record says of it.
    let shared = record.document.statements().filter(|statement| {
        statement.predicate == owl::SAME_AS && statement.object == ObjectRef::Iri(record.document.iri())
    });
    for statement in shared {
        if let Some(shared) = draft.out.iri(statement.subject) {
            draft.out.rule("mets.mdWrap.topic", path);
            draft.out.link(metadata, foaf::PRIMARY_TOPIC, shared);
        }
    }
}
