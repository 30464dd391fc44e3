//! The form in which the store gives a literal back.
//!
//! The engine keeps numbers, dates and the like as values, not as texts: `"060.10"^^xsd:decimal` comes back as
//! `"60.1"`, and `xsd:nonNegativeInteger` as `xsd:integer`. Whoever compares what a record says with what the store
//! holds must compare these forms. They are asked of the engine itself, so that they cannot differ from it.

use crate::error::StoreError;
use oxigraph::model::{GraphName, Literal, LiteralRef, NamedNode, NamedNodeRef, Quad, Term};
use oxigraph::store::Store;
use std::collections::HashMap;
use std::fmt;

/// How many answers are remembered.
const REMEMBERED: usize = 1 << 16;

/// Asks the engine for the form that it will give back, and remembers.
pub struct Canonical {
    store: Store,
    node: NamedNode,
    known: HashMap<String, HashMap<String, Literal>>,
    size: usize,
}

impl Canonical {
    /// A fresh one.
    ///
    /// # Errors
    /// When the engine has no memory for it.
    pub fn new() -> Result<Self, StoreError> {
        let node = NamedNode::new_unchecked("urn:x");
        Ok(Self { store: Store::new()?, node, known: HashMap::new(), size: 0 })
    }

    /// The literal of this text and datatype as the store will give it back.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn literal(&mut self, text: &str, datatype: NamedNodeRef<'_>) -> Result<LiteralRef<'_>, StoreError> {
        // Looked up twice, as the borrow of a successful first look would last through the insertion.
        let found = self.known.get(datatype.as_str()).is_some_and(|of_type| of_type.contains_key(text));
        if !found {
            if self.size == REMEMBERED {
                self.known.clear();
                self.size = 0;
            }
            let literal = self.ask(Literal::new_typed_literal(text, datatype))?;
            self.size += 1;
            self.known.entry(datatype.as_str().to_owned()).or_default().insert(text.to_owned(), literal);
        }
        let known = self.known.get(datatype.as_str()).and_then(|of_type| of_type.get(text));
        Ok(known.map_or_else(|| LiteralRef::new_simple_literal(""), Literal::as_ref))
    }

    fn ask(&self, literal: Literal) -> Result<Literal, StoreError> {
        let quad = Quad::new(self.node.clone(), self.node.clone(), literal.clone(), GraphName::DefaultGraph);
        self.store.insert(&quad)?;
        let back = self.store.iter().next().transpose()?;
        self.store.clear()?;
        match back.map(|quad| quad.object) {
            Some(Term::Literal(literal)) => Ok(literal),
            _ => Ok(literal),
        }
    }
}

impl fmt::Debug for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canonical").field("size", &self.size).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use vocabularies::xsd;

    #[test]
    fn tells_what_the_store_gives_back() {
        let mut canonical = Canonical::new().unwrap();
        for (text, datatype, back) in [
            ("060.10", xsd::DECIMAL, "\"60.1\"^^<http://www.w3.org/2001/XMLSchema#decimal>"),
            ("060.10", xsd::STRING, "\"060.10\""),
            ("1899", xsd::G_YEAR, "\"1899\"^^<http://www.w3.org/2001/XMLSchema#gYear>"),
            ("no number", xsd::INTEGER, "\"no number\"^^<http://www.w3.org/2001/XMLSchema#integer>"),
            ("007", xsd::NON_NEGATIVE_INTEGER, "\"7\"^^<http://www.w3.org/2001/XMLSchema#integer>"),
        ] {
            for _ in 0..2 {
                assert_eq!(canonical.literal(text, datatype).unwrap().to_string(), back);
            }
        }
    }
}
