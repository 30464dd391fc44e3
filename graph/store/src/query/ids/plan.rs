//! What the executor does for a query: a tree of operators, with constants as ids and conditions compiled.

use super::expression::{Condition, Value};
use super::path::Path;
use super::pattern::Pattern;
use super::rows::Rows;
use oxrdf::Variable;
use spargebra::algebra::{AggregateFunction, GraphPattern};

/// An operator.
#[derive(Debug)]
pub(super) enum Plan {
    Join(Join),
    Values(Rows),
    Optional {
        left: Box<Self>,
        right: Box<Self>,
        conditions: Vec<Condition>,
    },
    Union(Vec<Self>),
    Minus {
        left: Box<Self>,
        right: Box<Self>,
    },
    Filter {
        inner: Box<Self>,
        tests: Vec<Test>,
    },
    Extend {
        inner: Box<Self>,
        variable: Variable,
        value: Box<Value>,
    },
    Project {
        inner: Box<Self>,
        variables: Vec<Variable>,
    },
    Distinct(Box<Self>),
    Slice {
        inner: Box<Self>,
        start: usize,
        length: Option<usize>,
    },
    Order {
        inner: Box<Self>,
        keys: Vec<Key>,
    },
    Group {
        inner: Box<Self>,
        keys: Vec<Variable>,
        aggregates: Vec<(Variable, Aggregate)>,
    },
    /// Evaluated by spareval over the columns, with the variables that it can bind.
    Foreign {
        pattern: Box<GraphPattern>,
        variables: Vec<Variable>,
    },
}

/// Patterns and other parts in no order, and conditions over variables that the parts bind for certain.
#[derive(Debug, Default)]
pub(super) struct Join {
    pub(super) items: Vec<Item>,
    pub(super) conditions: Vec<Condition>,
}

/// A part of a join.
#[derive(Debug)]
pub(super) enum Item {
    Pattern(Pattern),
    Path(Path),
    Plan(Plan),
}

/// What a filter asks.
#[derive(Debug)]
pub(super) enum Test {
    Condition(Condition),
    Exists { plan: Plan, wanted: bool },
}

/// A key of `ORDER BY`.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) value: KeyValue,
    pub(super) descending: bool,
}

#[derive(Debug)]
pub(super) enum KeyValue {
    Variable(Variable),
    Value(Box<Value>),
}

/// What is computed of a group.
#[derive(Debug)]
pub(super) enum Aggregate {
    Solutions { distinct: bool },
    Of { function: AggregateFunction, argument: KeyValue, distinct: bool },
}

fn add<'v>(to: &mut Vec<Variable>, more: impl IntoIterator<Item = &'v Variable>) {
    for variable in more {
        if !to.contains(variable) {
            to.push(variable.clone());
        }
    }
}

impl KeyValue {
    pub(super) fn variables(&self) -> &[Variable] {
        match self {
            Self::Variable(variable) => std::slice::from_ref(variable),
            Self::Value(value) => value.variables(),
        }
    }
}

impl Aggregate {
    pub(super) fn variables(&self) -> &[Variable] {
        match self {
            Self::Solutions { .. } => &[],
            Self::Of { argument, .. } => argument.variables(),
        }
    }
}

impl Item {
    pub(super) fn possible(&self) -> Vec<Variable> {
        match self {
            Self::Pattern(pattern) => pattern.variables(),
            Self::Path(path) => path.variables(),
            Self::Plan(plan) => plan.possible(),
        }
    }

    fn certain(&self) -> Vec<Variable> {
        match self {
            Self::Plan(plan) => plan.certain(),
            item => item.possible(),
        }
    }
}

impl Plan {
    /// The variables that some solution may bind.
    pub(super) fn possible(&self) -> Vec<Variable> {
        let mut all = Vec::new();
        match self {
            Self::Join(join) => join.items.iter().for_each(|item| add(&mut all, &item.possible())),
            Self::Values(rows) => add(&mut all, rows.variables()),
            Self::Optional { left, right, .. } => {
                all = left.possible();
                add(&mut all, &right.possible());
            }
            Self::Union(branches) => branches.iter().for_each(|branch| add(&mut all, &branch.possible())),
            Self::Minus { left: inner, .. }
            | Self::Filter { inner, .. }
            | Self::Distinct(inner)
            | Self::Slice { inner, .. }
            | Self::Order { inner, .. } => all = inner.possible(),
            Self::Extend { inner, variable, .. } => {
                all = inner.possible();
                add(&mut all, [variable]);
            }
            Self::Project { variables, .. } | Self::Foreign { variables, .. } => add(&mut all, variables),
            Self::Group { keys, aggregates, .. } => {
                add(&mut all, keys);
                add(&mut all, aggregates.iter().map(|(variable, _)| variable));
            }
        }
        all
    }

    /// The variables that every solution binds.
    pub(super) fn certain(&self) -> Vec<Variable> {
        match self {
            Self::Join(join) => {
                let mut all = Vec::new();
                join.items.iter().for_each(|item| add(&mut all, &item.certain()));
                all
            }
            Self::Values(rows) => rows
                .variables()
                .iter()
                .zip(rows.columns())
                .filter(|(_, column)| !column.contains(&super::rows::UNBOUND))
                .map(|(variable, _)| variable.clone())
                .collect(),
            Self::Union(branches) => {
                let mut branches = branches.iter().map(Self::certain);
                let first = branches.next().unwrap_or_default();
                branches.fold(first, |all, one| all.into_iter().filter(|name| one.contains(name)).collect())
            }
            Self::Optional { left: inner, .. }
            | Self::Minus { left: inner, .. }
            | Self::Filter { inner, .. }
            | Self::Distinct(inner)
            | Self::Slice { inner, .. }
            | Self::Order { inner, .. }
            | Self::Extend { inner, .. } => inner.certain(),
            Self::Project { inner, variables } => {
                let mut all = inner.certain();
                all.retain(|name| variables.contains(name));
                all
            }
            Self::Group { inner, keys, .. } => {
                let mut all = inner.certain();
                all.retain(|name| keys.contains(name));
                all
            }
            Self::Foreign { .. } => Vec::new(),
        }
    }

    /// Whether it may be evaluated with the bindings of other rows put in, with the same outcome as apart: nothing in it
    /// may ask about a variable that it does not bind itself, since such a variable has to look unbound.
    pub(super) fn takes_bindings(&self) -> bool {
        let inside = |certain: &[Variable], condition: &Condition| {
            condition.variables().iter().all(|variable| certain.contains(variable))
        };
        match self {
            Self::Join(join) => {
                let certain = self.certain();
                join.conditions.iter().all(|condition| inside(&certain, condition))
            }
            Self::Values(_) => true,
            Self::Union(branches) => branches.iter().all(Self::takes_bindings),
            Self::Filter { inner, tests } => {
                let certain = inner.certain();
                inner.takes_bindings()
                    && tests.iter().all(|test| match test {
                        Test::Condition(condition) => inside(&certain, condition),
                        Test::Exists { .. } => false,
                    })
            }
            _ => false,
        }
    }
}
