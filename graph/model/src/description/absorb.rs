//! Records within records: what a whole document says becomes a part of what another one says.

use super::Description;
use crate::document::{Document, Node, NodeKind, ObjectRef, StatementRef};
use crate::issue::Issue;
use std::collections::HashMap;
use vocabularies::skos;

/// How a document is taken into another.
#[derive(Debug, Clone, Copy)]
pub struct Within<'w> {
    /// What takes the place of the document's item: the item here, or a fragment of it.
    pub onto: Node,
    /// What the names of its fragments begin with here, so that they meet no others. The aggregation of the item stays the
    /// aggregation of the item.
    pub prefix: &'w str,
    /// What its places in the source begin with here.
    pub place: &'w str,
}

impl Description<'_> {
    /// Says what another document says, with the issues that it met. `keep` chooses among its statements; it sees the
    /// subject as it is here.
    pub fn absorb(
        &mut self,
        other: &Document,
        within: Within<'_>,
        keep: impl Fn(&Self, Node, &StatementRef<'_>) -> bool,
    ) {
        let kinds: HashMap<&str, NodeKind> = other.nodes().collect();
        for statement in other.statements() {
            let subject = self.within(other, within, statement.subject, statement.subject_kind);
            if !keep(self, subject, &statement) {
                continue;
            }
            self.rule(statement.rule, &joined(within.place, statement.path));
            match statement.object {
                ObjectRef::Iri(iri) => {
                    let kind = kinds.get(iri).copied().unwrap_or(NodeKind::Other);
                    let object = self.within(other, within, iri, kind);
                    self.link(subject, statement.predicate, object);
                }
                ObjectRef::Text(text, language) if statement.predicate == skos::PREF_LABEL => {
                    self.document.push_label(subject, text, language);
                }
                literal => self.document.push(subject, statement.predicate, literal),
            }
        }
        for issue in other.issues() {
            let issue = Issue { path: joined(within.place, &issue.path), ..issue.clone() };
            self.document.push_issue(issue);
        }
    }

    /// The node here of a node there.
    fn within(&mut self, other: &Document, within: Within<'_>, iri: &str, kind: NodeKind) -> Node {
        match (kind, iri.strip_prefix(other.iri()).and_then(|rest| rest.strip_prefix('#'))) {
            (NodeKind::Item, _) => within.onto,
            (NodeKind::Fragment, Some("aggregation")) if within.onto == self.item() => {
                self.fragment("aggregation")
            }
            // The name is encoded already.
            (NodeKind::Fragment, Some(name)) => self.document.mint(NodeKind::Fragment, |document, iri| {
                iri.extend([document.iri(), "#", within.prefix, "-", name]);
            }),
            (kind, _) => self.document.node(iri, kind),
        }
    }
}

fn joined(place: &str, path: &str) -> String {
    if path.is_empty() { place.to_owned() } else { [place, "/", path].concat() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::{Agent, Base, DatasetId, IssueKind};
    use vocabularies::{dc, dcterms, edm};

    #[test]
    fn a_document_becomes_a_part_of_another() {
        let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("d").unwrap());
        let mut other = Document::new();
        let mut out = Description::new(&base, &dataset, "inner", &mut other);
        let item = out.item();
        out.rule("inner.title", "title");
        out.text(item, dc::TITLE, "Letters", Some("en"));
        out.text(item, dc::TYPE, "left out", None);
        let (aggregation, event) = (out.fragment("aggregation"), out.fragment("event 1"));
        out.link(aggregation, edm::AGGREGATED_CHO, item);
        out.link(item, dcterms::RELATION, event);
        let agent = out.agent(&Agent { name: "Sibelius, Jean", ..Agent::default() }).unwrap();
        out.link(event, dc::CREATOR, agent);
        out.issue(IssueKind::MissingValue, "nothing", "something");
        for (onto, aggregation, item) in [("", "aggregation", ""), ("part", "lido-aggregation", "#part")] {
            let mut document = Document::new();
            let mut out = Description::new(&base, &dataset, "outer", &mut document);
            let onto = if onto.is_empty() { out.item() } else { out.fragment(onto) };
            let within = Within { onto, prefix: "lido", place: "dmdSec" };
            out.absorb(&other, within, |_, subject, statement| {
                assert_eq!(subject == onto, statement.subject == other.iri());
                statement.predicate != dc::TYPE
            });
            let mut lines = Vec::new();
            document.write(None, &mut lines);
            let lines = String::from_utf8(lines).unwrap();
            let outer = "https://x.org/id/d/outer";
            for line in [
                format!("<{outer}{item}> <{}> \"Letters\"@en .", dc::TITLE.as_str()),
                format!("<{outer}#{aggregation}> <{}> <{outer}{item}> .", edm::AGGREGATED_CHO.as_str()),
                format!("<{outer}{item}> <{}> <{outer}#lido-event%201> .", dcterms::RELATION.as_str()),
                format!(
                    "<{outer}#lido-event%201> <{}> <https://x.org/id/agent/sibelius-jean> .",
                    dc::CREATOR.as_str()
                ),
            ] {
                assert!(lines.contains(&line), "{line}\n{lines}");
            }
            assert!(!lines.contains("left out") && !lines.contains("inner"), "{lines}");
            assert_eq!(document.issues()[0].path, "dmdSec/title");
            let told = document.statements().find(|statement| statement.predicate == dc::TITLE).unwrap();
            assert_eq!((told.rule, told.path), ("inner.title", "dmdSec/title"));
        }
    }
}
