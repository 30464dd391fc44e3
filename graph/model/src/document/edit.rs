//! Taking statements and issues away again: for the rules of owners, which have the last word on a document.

use super::{Document, Known, Node, Object, StatementRef, hash_of};
use crate::issue::Issue;
use std::collections::HashSet;
use vocabularies::skos;

impl Document {
    /// Keeps the statements that are to be kept, in their order.
    pub fn retain(&mut self, keep: impl FnMut(&StatementRef<'_>) -> bool) {
        let mut keep = keep;
        let kept: Vec<bool> = self.statements().map(|statement| keep(&statement)).collect();
        if !kept.contains(&false) {
            return;
        }
        let statements = std::mem::take(&mut self.statements);
        self.statements.reserve(statements.len());
        self.statement_index.clear();
        self.told.clear();
        self.preferred.clear();
        for (statement, _) in statements.into_iter().zip(kept).filter(|(_, kept)| *kept) {
            let Self { statements, nodes, text, statement_index, .. } = self;
            let known = Known { statements, nodes, text };
            let object = known.object(statement.object);
            if known.enter(statement_index, statement.subject, statement.predicate, object, hash_of(object)) {
                if let (skos::PREF_LABEL, Object::Text(_, language)) = (statement.predicate, statement.object)
                {
                    let tag = language.map(|language| super::slice(&self.text, language)).unwrap_or_default();
                    let hash = super::hash_of_label(statement.subject, tag);
                    let at = super::index(self.statements.len());
                    self.preferred.insert_unique(hash, (hash, at), |(hash, _)| *hash);
                }
                self.statements.push(statement);
            }
        }
    }

    /// Keeps the issues that are to be kept.
    pub fn retain_issues(&mut self, keep: impl FnMut(&Issue) -> bool) {
        self.issues.retain(keep);
    }

    /// The nodes that something is said of and that no chain of statements leads to from the item.
    #[must_use]
    pub fn unreached(&self) -> HashSet<Node> {
        let mut reached = HashSet::from([Node(0)]);
        let mut grown = true;
        // Nearly always every subject is the object of an earlier statement, and one round is enough.
        while grown {
            grown = false;
            for statement in &self.statements {
                if let Object::Node(object) = statement.object
                    && reached.contains(&statement.subject)
                {
                    grown |= reached.insert(object);
                }
            }
        }
        self.statements
            .iter()
            .map(|statement| statement.subject)
            .filter(|subject| !reached.contains(subject))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::{Base, Concept, DatasetId, Description};
    use vocabularies::dc;

    #[test]
    fn what_was_taken_away_can_be_said_again() {
        let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("d").unwrap());
        let mut document = Document::new();
        let mut out = Description::new(&base, &dataset, "1", &mut document);
        let item = out.item();
        out.rule("a", "245$a");
        out.text(item, dc::TITLE, "one", None);
        out.rule("b", "650$a");
        let concept = out.concept(&Concept { label: "two", ..Concept::default() }).unwrap();
        out.link(item, dc::SUBJECT, concept);
        assert!(document.unreached().is_empty());
        document.retain(|statement| statement.predicate != dc::SUBJECT);
        assert_eq!(document.unreached().len(), 1);
        let mut out = Description::resume(&base, &dataset, &mut document);
        out.rule("c", "");
        out.text(item, dc::TITLE, "one", None);
        out.link(item, dc::SUBJECT, concept);
        let rules: Vec<&str> = document.statements().map(|statement| statement.rule).collect();
        assert_eq!(rules, ["a", "b", "b", "c"]);
        assert!(document.unreached().is_empty());
    }
}
