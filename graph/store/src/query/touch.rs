//! What an answer depends on: which statements a query can read, and whether it depends on anything else.

use super::parts::{is_lasting, parts};
use super::search;
use super::standard::is_plain;
use graph_index::Touch;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode};
use spargebra::Query;
use spargebra::algebra::{
    AggregateExpression, Expression, GraphPattern, OrderExpression, PropertyPathExpression as Path,
};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::{BTreeSet, HashSet};
use vocabularies::aarre;

/// What an answer depends on besides the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dependence {
    /// The statements.
    pub(super) touch: Touch,
    /// Whether the same statements always give the same answer, to the byte.
    pub(super) lasting: bool,
}

/// The default graphs (`None`: the union of all) and the named ones (`None`: all).
type Graphs<'q> = (&'q Option<Vec<GraphName>>, &'q Option<Vec<NamedOrBlankNode>>);

/// Walks the query; the dataset is that of the request or else the query's own.
pub(super) fn dependence(query: &Query, graphs: Graphs<'_>) -> Dependence {
    let mut walk =
        Walk { graphs, predicates: Some(BTreeSet::new()), names: Some(BTreeSet::new()), lasting: true };
    match query {
        Query::Select { pattern, .. } | Query::Ask { pattern, .. } => {
            walk.pattern(pattern, Scope::Default, &Nodes::new());
        }
        Query::Construct { pattern, template, .. } => {
            walk.pattern(pattern, Scope::Default, &Nodes::new());
            // Each solution mints blank nodes of its own, with random names.
            walk.lasting &= !template.iter().any(mints);
        }
        Query::Describe { pattern, .. } => {
            walk.pattern(pattern, Scope::Default, &Nodes::new());
            walk.predicates = None;
            walk.names = None;
        }
    }
    Dependence { touch: Touch { predicates: walk.predicates, graphs: walk.names }, lasting: walk.lasting }
}

/// Which graph patterns are matched in.
#[derive(Debug, Clone, Copy)]
enum Scope<'q> {
    Default,
    Named(&'q NamedNode),
    AnyNamed,
}

/// Variables and blank nodes that are bound to nodes of the graph by a neighbour, whatever else happens.
type Nodes<'q> = HashSet<&'q TermPattern>;

struct Walk<'q> {
    graphs: Graphs<'q>,
    predicates: Option<BTreeSet<NamedNode>>,
    names: Option<BTreeSet<String>>,
    lasting: bool,
}

impl<'q> Walk<'q> {
    fn predicate(&mut self, predicate: &NamedNode) {
        if let Some(predicates) = &mut self.predicates
            && !predicates.contains(predicate)
        {
            predicates.insert(predicate.clone());
        }
    }

    /// Something is read in this scope.
    fn reads(&mut self, scope: Scope<'_>) {
        let Some(names) = &mut self.names else { return };
        let all = match (scope, self.graphs) {
            (Scope::Named(name), _) => {
                names.insert(name.as_str().to_owned());
                true
            }
            (Scope::Default, (Some(graphs), _)) => {
                names.extend(graphs.iter().map(|graph| match graph {
                    GraphName::NamedNode(node) => node.as_str().to_owned(),
                    GraphName::BlankNode(node) => node.to_string(),
                    GraphName::DefaultGraph => String::new(),
                }));
                true
            }
            (Scope::AnyNamed, (_, Some(graphs))) => {
                names.extend(graphs.iter().map(|graph| match graph {
                    NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
                    NamedOrBlankNode::BlankNode(node) => node.to_string(),
                }));
                true
            }
            (Scope::Default | Scope::AnyNamed, _) => false,
        };
        if !all {
            self.names = None;
        }
    }

    fn triple(&mut self, triple: &TriplePattern, scope: Scope<'_>) {
        self.reads(scope);
        match &triple.predicate {
            NamedNodePattern::NamedNode(predicate) if *predicate == aarre::MATCHES => {
                self.predicates = None;
                self.names = None;
            }
            NamedNodePattern::NamedNode(predicate) => self.predicate(predicate),
            NamedNodePattern::Variable(_) => self.predicates = None,
        }
    }

    fn pattern(&mut self, pattern: &'q GraphPattern, scope: Scope<'q>, nodes: &Nodes<'q>) {
        match pattern {
            GraphPattern::Bgp { patterns } => patterns.iter().for_each(|triple| self.triple(triple, scope)),
            GraphPattern::Path { subject, path, object } => {
                self.reads(scope);
                self.path(path);
                let known = |term: &TermPattern| match term {
                    TermPattern::Variable(_) | TermPattern::BlankNode(_) => nodes.contains(term),
                    _ => true,
                };
                // A path of no steps leads from every node of the graph to itself.
                if can_be_empty(path) && !known(subject) && !known(object) {
                    self.predicates = None;
                }
            }
            GraphPattern::Join { left, right } => {
                let mut both = nodes.clone();
                bound(left, &mut both);
                bound(right, &mut both);
                self.pattern(left, scope, &both);
                self.pattern(right, scope, &both);
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.pattern(left, scope, nodes);
                let mut both = nodes.clone();
                bound(left, &mut both);
                self.pattern(right, scope, &both);
                expression.iter().for_each(|expression| self.expression(expression, scope));
            }
            GraphPattern::Union { left, right } => {
                self.pattern(left, scope, nodes);
                self.pattern(right, scope, nodes);
            }
            GraphPattern::Lateral { left, right } | GraphPattern::Minus { left, right } => {
                self.pattern(left, scope, nodes);
                self.pattern(right, scope, &Nodes::new());
            }
            GraphPattern::Filter { expr: expression, inner }
            | GraphPattern::Extend { inner, expression, .. } => {
                self.pattern(inner, scope, nodes);
                self.expression(expression, scope);
            }
            GraphPattern::Graph { name, inner } => {
                let scope = match name {
                    NamedNodePattern::NamedNode(name) => Scope::Named(name),
                    NamedNodePattern::Variable(_) => Scope::AnyNamed,
                };
                self.pattern(inner, scope, &Nodes::new());
                // Without a statement that must be there, or with what is counted or cut in each graph, it is the graphs
                // themselves that are asked for.
                let apart = matches!(name, NamedNodePattern::Variable(name) if !is_plain(inner, name));
                if apart || !needs_statement(inner) {
                    self.reads(scope);
                    self.predicates = None;
                }
            }
            GraphPattern::Values { .. } => {}
            GraphPattern::OrderBy { inner, expression } => {
                self.pattern(inner, scope, &Nodes::new());
                for order in expression {
                    let (OrderExpression::Asc(by) | OrderExpression::Desc(by)) = order;
                    self.expression(by, scope);
                }
            }
            GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner, scope, &Nodes::new()),
            GraphPattern::Group { inner, aggregates, .. } => {
                self.pattern(inner, scope, &Nodes::new());
                for (_, aggregate) in aggregates {
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        self.expression(expr, scope);
                    }
                }
            }
            GraphPattern::Service { name, .. } => {
                self.predicates = None;
                self.names = None;
                // A search reads the texts of all statements, and gives the same for the same ones.
                self.lasting &= matches!(name, NamedNodePattern::NamedNode(name) if search::is_here(name));
            }
        }
    }

    fn path(&mut self, path: &Path) {
        match path {
            Path::NamedNode(predicate) => self.predicate(predicate),
            Path::NegatedPropertySet(_) => self.predicates = None,
            Path::Reverse(a) | Path::ZeroOrMore(a) | Path::OneOrMore(a) | Path::ZeroOrOne(a) => self.path(a),
            Path::Sequence(a, b) | Path::Alternative(a, b) => {
                self.path(a);
                self.path(b);
            }
        }
    }

    fn expression(&mut self, expression: &'q Expression, scope: Scope<'q>) {
        match expression {
            Expression::Exists(pattern) => self.pattern(pattern, scope, &Nodes::new()),
            Expression::FunctionCall(function, _) => self.lasting &= is_lasting(function),
            _ => {}
        }
        for part in parts(expression) {
            self.expression(part, scope);
        }
    }
}

/// Whether a triple of a template makes a blank node.
fn mints(triple: &TriplePattern) -> bool {
    let term = |term: &TermPattern| match term {
        TermPattern::BlankNode(_) => true,
        TermPattern::Triple(triple) => mints(triple),
        _ => false,
    };
    term(&triple.subject) || term(&triple.object)
}

pub(super) fn can_be_empty(path: &Path) -> bool {
    match path {
        Path::NamedNode(_) | Path::NegatedPropertySet(_) => false,
        Path::ZeroOrMore(_) | Path::ZeroOrOne(_) => true,
        Path::Reverse(a) | Path::OneOrMore(a) => can_be_empty(a),
        Path::Sequence(a, b) => can_be_empty(a) && can_be_empty(b),
        Path::Alternative(a, b) => can_be_empty(a) || can_be_empty(b),
    }
}

/// What the pattern binds to a subject or an object of a statement in every solution.
fn bound<'q>(pattern: &'q GraphPattern, nodes: &mut Nodes<'q>) {
    match pattern {
        GraphPattern::Bgp { patterns } => {
            nodes.extend(patterns.iter().flat_map(|triple| [&triple.subject, &triple.object]));
        }
        GraphPattern::Path { subject, path, object } if !can_be_empty(path) => {
            nodes.extend([subject, object]);
        }
        GraphPattern::Join { left, right } => {
            bound(left, nodes);
            bound(right, nodes);
        }
        GraphPattern::LeftJoin { left, .. } | GraphPattern::Minus { left, .. } => bound(left, nodes),
        GraphPattern::Filter { inner, .. } | GraphPattern::Extend { inner, .. } => bound(inner, nodes),
        _ => {}
    }
}

/// Whether no solution is without a statement.
fn needs_statement(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { patterns } => !patterns.is_empty(),
        GraphPattern::Path { path, .. } => !can_be_empty(path),
        GraphPattern::Join { left, right } => needs_statement(left) || needs_statement(right),
        GraphPattern::Union { left, right } => needs_statement(left) && needs_statement(right),
        GraphPattern::LeftJoin { left: inner, .. }
        | GraphPattern::Minus { left: inner, .. }
        | GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => needs_statement(inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use crate::query::{DatasetParameters, Prepared, prepare};

    fn prepared(text: &str) -> Prepared {
        prepare(
            &text.replace(':', "e:").replace("PREFIX", "PREFIX e: <http://e/>"),
            &DatasetParameters::default(),
        )
        .unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Predicates and graphs, `*` for any.
    fn touched(text: &str) -> (String, String) {
        let prepared = prepared(&format!("PREFIX {text}"));
        let touch = prepared.touch();
        let predicates = touch.predicates.as_ref().map_or("*".to_owned(), |all| {
            all.iter().map(|node| node.as_str().trim_start_matches("http://e/")).collect::<Vec<_>>().join(" ")
        });
        let graphs = touch.graphs.as_ref().map_or("*".to_owned(), |all| {
            all.iter().map(|name| name.trim_start_matches("http://e/")).collect::<Vec<_>>().join(" ")
        });
        (predicates, graphs)
    }

    #[test]
    fn says_enough_and_not_much_more() {
        for (text, predicates, graphs) in [
            ("ASK { ?s :p ?o ; :q 1 }", "p q", "*"),
            ("ASK { ?s ?p ?o }", "*", "*"),
            ("ASK { :s :p ?o OPTIONAL { ?o :q ?x } MINUS { ?o :r 1 } }", "p q r", "*"),
            ("ASK { ?s :p ?o FILTER NOT EXISTS { ?o :q ?x } }", "p q", "*"),
            ("SELECT (EXISTS { ?o :q ?x } AS ?y) { ?s :p ?o }", "p q", "*"),
            ("SELECT ?s { ?s :p ?o } ORDER BY EXISTS { ?o :q ?x }", "p q", "*"),
            ("SELECT (COUNT(EXISTS { ?o :q ?x }) AS ?y) { ?s :p ?o }", "p q", "*"),
            ("ASK { ?s :p ?o OPTIONAL { ?o :q ?x FILTER EXISTS { ?x :r 1 } } }", "p q r", "*"),
            ("ASK { ?s :p/^:q|:r+ ?o }", "p q r", "*"),
            ("ASK { ?s !:p ?o }", "*", "*"),
            ("ASK { ?s :p* ?o }", "*", "*"),
            ("ASK { ?s :q ?m . ?m :p* ?o }", "p q", "*"),
            ("ASK { ?s :q/:p? ?o }", "p q", "*"),
            ("ASK { :s :p* ?o }", "p", "*"),
            ("ASK { ?s :q ?m OPTIONAL { ?m :p* ?o } }", "p q", "*"),
            ("ASK { ?s :q 1 OPTIONAL { ?m :p* ?o } }", "*", "*"),
            ("ASK { ?s :q ?m MINUS { ?m :p* ?o } }", "*", "*"),
            ("ASK FROM :g { ?s :p ?o }", "p", "g"),
            ("ASK FROM :g FROM NAMED :h { ?s :p ?o GRAPH ?n { ?s :q 1 } }", "p q", "g h"),
            ("ASK FROM NAMED :h { GRAPH ?n { ?s :q 1 } }", "q", "h"),
            ("ASK { GRAPH :g { ?s :p ?o } }", "p", "g"),
            ("ASK { GRAPH ?g { ?s :p ?o } }", "p", "*"),
            ("ASK { GRAPH :g { ?s :p ?o FILTER EXISTS { ?s :q 1 } } }", "p q", "g"),
            ("SELECT ?g { GRAPH ?g {} }", "*", "*"),
            ("SELECT ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s :p ?o } } }", "*", "*"),
            ("SELECT ?g { GRAPH :g { OPTIONAL { ?s :p 1 } } }", "*", "g"),
            ("ASK { GRAPH :g { { ?s :p 1 } UNION { ?s :q 1 } } }", "p q", "g"),
            ("SELECT ?x { { SELECT ?x { ?x :p 1 } LIMIT 3 } VALUES ?x { :a } }", "p", "*"),
            ("SELECT ?x { VALUES ?x { :a } }", "", ""),
            ("DESCRIBE :a", "*", "*"),
            ("CONSTRUCT { ?s :x ?o } { ?s :p ?o }", "p", "*"),
        ] {
            assert_eq!(touched(text), (predicates.to_owned(), graphs.to_owned()), "{text}");
        }
    }

    #[test]
    fn lasting_is_what_is_computed_from_statements_alone() {
        for (text, lasting) in [
            ("SELECT ?now { ?now :rand 'NOW() RAND() UUID()' }", true),
            ("SELECT (NOW() AS ?x) {}", false),
            ("SELECT ?x { ?x :p ?y FILTER(RAND() < 0.5) }", false),
            ("SELECT ?x { ?x :p ?y FILTER NOT EXISTS { ?y :q ?z FILTER(STRLEN(STRUUID()) > 1) } }", false),
            ("SELECT ?x { ?x :p ?y } ORDER BY UUID()", false),
            ("SELECT (MAX(IF(true, BNODE(), ?y)) AS ?z) { ?x :p ?y }", false),
            ("SELECT ?x { ?x :p ?y OPTIONAL { ?x :q ?z FILTER(?z < NOW()) } }", false),
            ("CONSTRUCT { ?x :p [] } { ?x :p ?y }", false),
            ("CONSTRUCT { ?x :p ?y } { ?x :p [] , ?y }", true),
            ("SELECT ?x { ?x :p [ :q [] ] }", true),
            ("DESCRIBE :a", true),
        ] {
            assert_eq!(prepared(&format!("PREFIX {text}")).lasting(), lasting, "{text}");
        }
        let service = prepare("ASK { SERVICE <http://x/> { ?s ?p ?o } }", &DatasetParameters::default());
        assert!(service.is_err() || !service.unwrap().lasting());
    }
}
