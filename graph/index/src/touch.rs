//! Which statements a query can read: what decides whether its answer may have changed.

use oxrdf::NamedNode;
use std::collections::BTreeSet;

/// The statements that a query can read, by predicate and by graph. It never says too little: whoever cannot tell
/// says [`Touch::ANY`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Touch {
    /// The predicates; `None` is any.
    pub predicates: Option<BTreeSet<NamedNode>>,
    /// The IRIs of the graphs; `None` is any, the unnamed one included.
    pub graphs: Option<BTreeSet<String>>,
}

impl Touch {
    /// Every statement.
    pub const ANY: Self = Self { predicates: None, graphs: None };

    /// No statement: the answer is the same over any data.
    pub const NOTHING: Self = Self { predicates: Some(BTreeSet::new()), graphs: Some(BTreeSet::new()) };

    /// Whether it is every statement.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.predicates.is_none() && self.graphs.is_none()
    }

    /// Whether a statement with this predicate in this graph is one of them; the empty string is the unnamed graph.
    #[must_use]
    pub fn covers(&self, predicate: &NamedNode, graph: &str) -> bool {
        self.predicates.as_ref().is_none_or(|predicates| predicates.contains(predicate))
            && self.graphs.as_ref().is_none_or(|graphs| graphs.contains(graph))
    }
}

#[cfg(test)]
mod tests {
    use super::Touch;
    use oxrdf::NamedNode;
    use std::collections::BTreeSet;

    #[test]
    fn covers_what_is_named_and_anything_else_where_nothing_is() {
        let title = NamedNode::new_unchecked("http://x/title");
        let date = NamedNode::new_unchecked("http://x/date");
        let some = Touch {
            predicates: Some(BTreeSet::from([title.clone()])),
            graphs: Some(BTreeSet::from(["http://x/g".to_owned()])),
        };
        assert!(some.covers(&title, "http://x/g") && !some.is_any());
        assert!(!some.covers(&date, "http://x/g") && !some.covers(&title, "http://x/h"));
        assert!(Touch::ANY.covers(&date, "") && Touch::ANY.is_any());
        assert!(!Touch::NOTHING.covers(&date, ""));
    }
}
