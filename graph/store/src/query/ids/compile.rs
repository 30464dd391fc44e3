//! From the algebra of a query to operators.
//!
//! What has no operator here is left to spareval over the columns, as a leaf of the tree: it is evaluated apart, as
//! SPARQL's algebra says of every part, and joined with the others.

use super::executor::Executor;
use super::expression::{Condition, Value};
use super::path::Path;
use super::pattern::{Pattern, Slot};
use super::plan::{Aggregate, Item, Join, Key, KeyValue, Plan, Test};
use super::rows::{Rows, UNBOUND};
use super::scope::Active;
use oxrdf::{Term, TermRef, Triple, Variable};
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern, OrderExpression};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};

/// Nothing here and nothing in spareval alone can take the part in this place: the whole query goes there.
#[derive(Debug)]
pub(in crate::query) struct Left;

type Compiled = Result<Plan, Left>;

/// The graph that a part stands in.
#[derive(Clone)]
pub(super) struct Place<'q> {
    active: Active,
    name: Option<&'q NamedNodePattern>,
}

impl<'a> Executor<'a> {
    /// Compiles the pattern of a query.
    pub(in crate::query) fn compile(&self, pattern: &GraphPattern) -> Result<super::Compiled, Left> {
        let place = Place { active: self.scope.default(), name: None };
        self.plan(pattern, &place).map(super::Compiled)
    }

    fn plan(&self, pattern: &GraphPattern, place: &Place<'_>) -> Compiled {
        Ok(match pattern {
            GraphPattern::Bgp { patterns } => {
                let mut items = Vec::with_capacity(patterns.len());
                for pattern in patterns {
                    let Some(pattern) = self.pattern(pattern, &place.active) else {
                        return self.foreign(&GraphPattern::Bgp { patterns: patterns.clone() }, place);
                    };
                    items.push(Item::Pattern(pattern));
                }
                Plan::Join(Join { items, conditions: Vec::new() })
            }
            GraphPattern::Path { subject, path, object } => {
                let ends = (self.slot(subject), self.slot(object));
                let (Some(subject), Some(object)) = ends else { return self.foreign(pattern, place) };
                if matches!(place.active, Active::Each(_)) {
                    return self.foreign(pattern, place);
                }
                let path =
                    Path::new(self.index, subject, path, object, place.active.clone(), self.shown(path));
                Plan::Join(Join { items: vec![Item::Path(path)], conditions: Vec::new() })
            }
            GraphPattern::Join { left, right } => {
                let (left, right) = (self.plan(left, place)?, self.plan(right, place)?);
                let mut join = Join::default();
                join.absorb(left);
                join.absorb(right);
                Plan::Join(join)
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                let mut conditions = Vec::new();
                if let Some(expression) = expression {
                    let Some(condition) = Condition::compile(expression, &self.context) else {
                        return self.foreign(pattern, place);
                    };
                    conditions.push(condition);
                }
                let (left, right) = (self.plan(left, place)?, self.plan(right, place)?);
                Plan::Optional { left: Box::new(left), right: Box::new(right), conditions }
            }
            GraphPattern::Filter { expr, inner } => {
                let mut tests = Vec::new();
                if !self.tests(expr, place, &mut tests)? {
                    return self.foreign(pattern, place);
                }
                filtered(self.plan(inner, place)?, tests)
            }
            GraphPattern::Union { left, right } => {
                let (left, right) = (self.plan(left, place)?, self.plan(right, place)?);
                let mut branches = Vec::new();
                for branch in [left, right] {
                    match branch {
                        Plan::Union(more) => branches.extend(more),
                        one => branches.push(one),
                    }
                }
                Plan::Union(branches)
            }
            GraphPattern::Graph { name, inner } => {
                let active = match name {
                    NamedNodePattern::NamedNode(name) => self.scope.named(name.as_ref()),
                    NamedNodePattern::Variable(variable) => Active::Each(variable.clone()),
                };
                let bound = if matches!(active, Active::Each(_)) { spread(inner) } else { !is_unit(inner) };
                if !bound {
                    return self.foreign(pattern, place);
                }
                return self.plan(inner, &Place { active, name: Some(name) });
            }
            GraphPattern::Extend { inner, variable, expression } => {
                let Some(value) = Value::compile(expression, &self.context) else {
                    return self.foreign(pattern, place);
                };
                let inner = Box::new(self.plan(inner, place)?);
                Plan::Extend { inner, variable: variable.clone(), value: Box::new(value) }
            }
            GraphPattern::Minus { left, right } => {
                let (left, right) = (self.plan(left, place)?, self.plan(right, place)?);
                Plan::Minus { left: Box::new(left), right: Box::new(right) }
            }
            GraphPattern::Values { variables, bindings } => {
                let mut columns = vec![Vec::with_capacity(bindings.len()); variables.len()];
                for row in bindings {
                    for (column, value) in columns.iter_mut().zip(row) {
                        column.push(value.as_ref().map_or(Ok(UNBOUND), |term| self.computed(term))?);
                    }
                }
                if variables.is_empty() {
                    Plan::Values(Rows::blank(bindings.len()))
                } else {
                    Plan::Values(Rows::new(variables.clone(), columns))
                }
            }
            GraphPattern::OrderBy { inner, expression } => {
                let mut keys = Vec::with_capacity(expression.len());
                let mut keyed: Option<GraphPattern> = None;
                for order in expression {
                    let (descending, expression) = match order {
                        OrderExpression::Asc(expression) => (false, expression),
                        OrderExpression::Desc(expression) => (true, expression),
                    };
                    let value = self.key(expression).unwrap_or_else(|| {
                        // spareval computes it and does not sort by it: its order of values of different kinds is not total,
                        // and a sort by such an order may panic.
                        let variable = self.fresh();
                        let inner = Box::new(keyed.take().unwrap_or_else(|| (**inner).clone()));
                        let expression = expression.clone();
                        keyed = Some(GraphPattern::Extend { inner, variable: variable.clone(), expression });
                        KeyValue::Variable(variable)
                    });
                    keys.push(Key { value, descending });
                }
                Plan::Order { inner: Box::new(self.plan(keyed.as_ref().unwrap_or(inner), place)?), keys }
            }
            GraphPattern::Project { inner, variables } => {
                Plan::Project { inner: Box::new(self.plan(inner, place)?), variables: variables.clone() }
            }
            GraphPattern::Distinct { inner } => Plan::Distinct(Box::new(self.plan(inner, place)?)),
            // REDUCED allows each solution to come between once and as often as without it.
            GraphPattern::Reduced { inner } => self.plan(inner, place)?,
            GraphPattern::Slice { inner, start, length } => {
                Plan::Slice { inner: Box::new(self.plan(inner, place)?), start: *start, length: *length }
            }
            GraphPattern::Group { inner, variables, aggregates } => {
                let mut compiled = Vec::with_capacity(aggregates.len());
                for (variable, aggregate) in aggregates {
                    let Some(aggregate) = self.aggregate(aggregate) else {
                        return self.foreign(pattern, place);
                    };
                    compiled.push((variable.clone(), aggregate));
                }
                let inner = Box::new(self.plan(inner, place)?);
                Plan::Group { inner, keys: variables.clone(), aggregates: compiled }
            }
            GraphPattern::Lateral { .. } | GraphPattern::Service { .. } => {
                return self.foreign(pattern, place);
            }
        })
    }

    /// Splits a filter into what can be asked apart: it is true when all its parts are.
    fn tests(&self, expression: &Expression, place: &Place<'_>, tests: &mut Vec<Test>) -> Result<bool, Left> {
        if let Expression::And(left, right) = expression {
            return Ok(self.tests(left, place, tests)? && self.tests(right, place, tests)?);
        }
        let (pattern, wanted) = match expression {
            Expression::Exists(pattern) => (Some(pattern), true),
            Expression::Not(inner) => match &**inner {
                Expression::Exists(pattern) => (Some(pattern), false),
                _ => (None, false),
            },
            _ => (None, false),
        };
        let Some(pattern) = pattern else {
            let Some(condition) = Condition::compile(expression, &self.context) else { return Ok(false) };
            tests.push(Test::Condition(condition));
            return Ok(true);
        };
        let plan = self.plan(pattern, place)?;
        // EXISTS puts the values of the row into the pattern before it is evaluated; where that is more than a join,
        // the evaluator does it.
        if !plan.takes_bindings() {
            return Ok(false);
        }
        tests.push(Test::Exists { plan, wanted });
        Ok(true)
    }

    fn aggregate(&self, aggregate: &AggregateExpression) -> Option<Aggregate> {
        Some(match aggregate {
            AggregateExpression::CountSolutions { distinct } => Aggregate::Solutions { distinct: *distinct },
            AggregateExpression::FunctionCall { name: AggregateFunction::Custom(_), .. } => return None,
            AggregateExpression::FunctionCall { name, expr, distinct } => {
                let argument = self.key(expr)?;
                // The evaluator counts the errors of an expression unlike the unbound values of a variable.
                if *name == AggregateFunction::Count && matches!(argument, KeyValue::Value(_)) {
                    return None;
                }
                Aggregate::Of { function: name.clone(), argument, distinct: *distinct }
            }
        })
    }

    fn key(&self, expression: &Expression) -> Option<KeyValue> {
        if let Expression::Variable(variable) = expression {
            return Some(KeyValue::Variable(variable.clone()));
        }
        Value::compile(expression, &self.context).map(|value| KeyValue::Value(Box::new(value)))
    }

    fn pattern(&self, pattern: &TriplePattern, active: &Active) -> Option<Pattern> {
        Some(Pattern {
            subject: self.slot(&pattern.subject)?,
            predicate: match &pattern.predicate {
                NamedNodePattern::NamedNode(node) => Slot::Id(self.known(node.as_ref().into())),
                NamedNodePattern::Variable(variable) => Slot::Variable(variable.clone()),
            },
            object: self.slot(&pattern.object)?,
            active: active.clone(),
            text: self.shown(pattern),
        })
    }

    fn slot(&self, term: &TermPattern) -> Option<Slot> {
        Some(match term {
            TermPattern::Variable(variable) => Slot::Variable(variable.clone()),
            // A blank node of a query is a variable that nobody can name otherwise.
            TermPattern::BlankNode(node) => Slot::Variable(Variable::new_unchecked(node.to_string())),
            TermPattern::NamedNode(node) => Slot::Id(self.known(node.as_ref().into())),
            TermPattern::Literal(literal) => Slot::Id(self.known(literal.as_ref().into())),
            TermPattern::Triple(triple) => {
                let term = Term::from(ground(triple)?);
                Slot::Id(self.known(term.as_ref()))
            }
        })
    }

    fn known(&self, term: TermRef<'_>) -> u32 {
        self.index.terms().id_of_stored(term).map_or(UNBOUND, |id| id.0)
    }

    fn computed(&self, term: &GroundTerm) -> Result<u32, Left> {
        let term: Term = match term {
            GroundTerm::NamedNode(node) => node.clone().into(),
            GroundTerm::Literal(literal) => literal.clone().into(),
            GroundTerm::Triple(triple) => Triple::from((**triple).clone()).into(),
        };
        self.intern(term).map_err(|_| Left)
    }

    /// A leaf for spareval.
    fn foreign(&self, pattern: &GraphPattern, place: &Place<'_>) -> Compiled {
        // A blank node is a variable that may stand on both sides of the border, and spareval does not tell its value.
        if names_blank_nodes(pattern) {
            return Err(Left);
        }
        let mut variables = Vec::new();
        pattern.on_in_scope_variable(|variable| {
            if !variables.contains(variable) {
                variables.push(variable.clone());
            }
        });
        let pattern = match place.name {
            Some(NamedNodePattern::Variable(_)) => return Err(Left),
            Some(name) => GraphPattern::Graph { name: name.clone(), inner: Box::new(pattern.clone()) },
            None => pattern.clone(),
        };
        Ok(Plan::Foreign { pattern: Box::new(pattern), variables })
    }
}

impl Join {
    fn absorb(&mut self, plan: Plan) {
        match plan {
            Plan::Join(other) => {
                self.items.extend(other.items);
                self.conditions.extend(other.conditions);
            }
            other => self.items.push(Item::Plan(other)),
        }
    }
}

/// A filter goes as far down as all its variables are bound for certain.
fn filtered(inner: Plan, tests: Vec<Test>) -> Plan {
    let (mut inner, mut rest) = (inner, Vec::new());
    for test in tests {
        match test {
            Test::Condition(condition) => {
                if let Some(condition) = sink(&mut inner, condition) {
                    rest.push(Test::Condition(condition));
                }
            }
            exists @ Test::Exists { .. } => rest.push(exists),
        }
    }
    if rest.is_empty() { inner } else { Plan::Filter { inner: Box::new(inner), tests: rest } }
}

/// Puts a condition where it belongs; gives it back if it cannot go down.
fn sink(plan: &mut Plan, condition: Condition) -> Option<Condition> {
    let certain = plan.certain();
    if !condition.variables().iter().all(|variable| certain.contains(variable)) {
        return Some(condition);
    }
    match plan {
        Plan::Join(join) => {
            join.conditions.push(condition);
            None
        }
        Plan::Optional { left: inner, .. } | Plan::Filter { inner, .. } | Plan::Minus { left: inner, .. } => {
            sink(inner, condition)
        }
        _ => Some(condition),
    }
}

fn ground(pattern: &TriplePattern) -> Option<Triple> {
    let subject = match &pattern.subject {
        TermPattern::NamedNode(node) => node.clone(),
        _ => return None,
    };
    let NamedNodePattern::NamedNode(predicate) = &pattern.predicate else { return None };
    let object: Term = match &pattern.object {
        TermPattern::NamedNode(node) => node.clone().into(),
        TermPattern::Literal(literal) => literal.clone().into(),
        TermPattern::Triple(triple) => ground(triple)?.into(),
        _ => return None,
    };
    Some(Triple::new(subject, predicate.clone(), object))
}

fn is_unit(pattern: &GraphPattern) -> bool {
    matches!(pattern, GraphPattern::Bgp { patterns } if patterns.is_empty())
}

/// Whether `GRAPH ?g` over the pattern is the same as each of its triple patterns giving its own graph, with `?g` equal
/// in all of them.
fn spread(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { patterns } => !patterns.is_empty(),
        GraphPattern::Join { left, right } | GraphPattern::Union { left, right } => {
            spread(left) && spread(right)
        }
        GraphPattern::LeftJoin { left, right, .. } => spread(left) && spread(right),
        GraphPattern::Filter { inner, expr } => spread(inner) && spread_test(expr),
        _ => false,
    }
}

fn spread_test(expression: &Expression) -> bool {
    match expression {
        Expression::And(left, right) => spread_test(left) && spread_test(right),
        Expression::Not(inner) => spread_test(inner),
        Expression::Exists(pattern) => spread(pattern),
        _ => true,
    }
}

fn names_blank_nodes(pattern: &GraphPattern) -> bool {
    pattern.to_string().contains("_:")
}
