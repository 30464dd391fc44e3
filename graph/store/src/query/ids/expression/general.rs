//! Expressions without code of their own: the evaluator of Oxigraph computes them, once for each distinct combination
//! of the values that they read.
//!
//! It is given a small query over statements that exist for the moment: `?row <column k> ?x`, one for each combination
//! and variable, and the expression bound to a further variable. So it compiles the expression, with the regular
//! expressions in it, once for all of them. Combinations are sorted by which of the variables they bind, as each such
//! set is another query.

use super::compile::{boolean, variables};
use super::{Context, Truth};
use crate::query::evaluate::EvaluateError;
use crate::query::ids::rows::{Locals, Rows, UNBOUND};
use hashbrown::HashTable;
use oxrdf::{Literal, NamedNode, Term, Variable};
use rustc_hash::FxBuildHasher;
use spareval::{ExpressionTerm, InternalQuad, QueryEvaluationError, QueryResults, QueryableDataset};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::TriplePattern;
use std::cell::RefCell;
use std::convert::Infallible;
use std::hash::BuildHasher;
use std::sync::Arc;

/// Above so many remembered combinations all are forgotten.
const MOST: usize = 1 << 20;
/// How often the clock is looked at.
const POLL: usize = 256;
/// No IRI of the data or of a query begins so.
const INNER: char = '\u{0}';

/// An expression and what it gave.
#[derive(Debug)]
pub(super) struct General {
    variables: Vec<Variable>,
    expression: Expression,
    memory: RefCell<Memory>,
}

/// The combinations met, and a number for each: the truth of a condition, the id of a value.
#[derive(Debug, Default)]
struct Memory {
    places: HashTable<u32>,
    /// As many ids for each combination as there are variables.
    combinations: Vec<u32>,
    /// The result of each.
    results: Vec<u32>,
}

impl General {
    /// `None` when the evaluator does not know a function in it.
    pub(super) fn condition(expression: &Expression, context: &Context) -> Option<Self> {
        let choice = |value: bool| Box::new(Expression::Literal(Literal::from(value)));
        let test = Expression::If(Box::new(expression.clone()), choice(true), choice(false));
        Self::value(&test, context)
    }

    /// As [`condition`](Self::condition), for the value itself.
    pub(super) fn value(expression: &Expression, context: &Context) -> Option<Self> {
        let mut read = Vec::new();
        variables(expression, &mut read).then_some(())?;
        let general = Self { variables: read, expression: expression.clone(), memory: RefCell::default() };
        // An unknown function shows when the query is built, not when it runs.
        let locals = Locals::new(context.terms().len());
        general.evaluate(&[], &[0], context, &locals, |_, _| {}).ok()?;
        Some(general)
    }

    pub(super) fn truths(
        &self,
        rows: &Rows,
        locals: &Locals,
        context: &Context,
        among: &[u32],
    ) -> Result<Vec<Truth>, EvaluateError> {
        let results = self.results(
            rows,
            among,
            |combinations, new, results| {
                self.evaluate(combinations, new, context, locals, |n, term| {
                    let truth = match term {
                        Found::Id(id) => context.value(id, locals).as_ref().map_or(Truth::Error, boolean),
                        Found::Term(term) => boolean(&term.into()),
                    };
                    results[n] = truth as u32;
                })
            },
            Truth::Error as u32,
        )?;
        Ok(results
            .into_iter()
            .map(|result| match result {
                0 => Truth::False,
                1 => Truth::True,
                _ => Truth::Error,
            })
            .collect())
    }

    /// The ids of the values; an error is [`UNBOUND`].
    pub(super) fn values(
        &self,
        rows: &Rows,
        locals: &mut Locals,
        context: &Context,
        among: &[u32],
    ) -> Result<Vec<u32>, EvaluateError> {
        self.results(
            rows,
            among,
            |combinations, new, results| {
                let mut terms = Vec::new();
                self.evaluate(combinations, new, context, locals, |n, term| match term {
                    Found::Id(id) => results[n] = id,
                    Found::Term(term) => terms.push((n, term)),
                })?;
                for (n, term) in terms {
                    results[n] = locals.intern(term);
                }
                Ok(())
            },
            UNBOUND,
        )
    }

    /// The result for each of the solutions; `compute` is asked for the combinations that are new.
    fn results(
        &self,
        rows: &Rows,
        among: &[u32],
        compute: impl FnOnce(&[u32], &[u32], &mut [u32]) -> Result<(), EvaluateError>,
        missing: u32,
    ) -> Result<Vec<u32>, EvaluateError> {
        let memory = &mut *self.memory.borrow_mut();
        if memory.results.len() > MOST {
            *memory = Memory::default();
        }
        let columns: Vec<Option<&[u32]>> =
            self.variables.iter().map(|variable| rows.column(variable)).collect();
        let width = columns.len();
        let known = memory.results.len();
        let mut places = Vec::with_capacity(among.len());
        let mut combination = Vec::with_capacity(width);
        for row in among {
            combination.clear();
            combination
                .extend(columns.iter().map(|column| column.map_or(UNBOUND, |column| column[*row as usize])));
            let hash = FxBuildHasher.hash_one(&combination);
            let at = |n: u32| &memory.combinations[n as usize * width..][..width];
            let place = memory.places.find(hash, |n| at(*n) == combination).copied();
            places.push(match place {
                Some(place) => place,
                None => {
                    let place = u32::try_from(memory.results.len()).unwrap_or(u32::MAX);
                    memory.combinations.extend_from_slice(&combination);
                    memory.results.push(missing);
                    let combinations = &memory.combinations;
                    let hash_of =
                        |n: &u32| FxBuildHasher.hash_one(&combinations[*n as usize * width..][..width]);
                    memory.places.insert_unique(hash, place, hash_of);
                    place
                }
            });
        }
        // The same bound variables, the same query.
        let bound = |n: u32| {
            let values = &memory.combinations[n as usize * width..][..width];
            values.iter().map(|value| *value != UNBOUND).collect::<Vec<_>>()
        };
        let mut new: Vec<(Vec<bool>, u32)> = (known..memory.results.len())
            .filter_map(|n| u32::try_from(n).ok())
            .map(|n| (bound(n), n))
            .collect();
        new.sort();
        let numbers: Vec<u32> = new.into_iter().map(|(_, n)| n).collect();
        if !numbers.is_empty()
            && let Err(error) = compute(&memory.combinations, &numbers, &mut memory.results)
        {
            // What was not computed must not be remembered as an error of the expression.
            *memory = Memory::default();
            return Err(error);
        }
        Ok(places.into_iter().map(|place| memory.results[place as usize]).collect())
    }

    /// Evaluates for the combinations with these numbers; those that bind the same variables stand together.
    fn evaluate(
        &self,
        combinations: &[u32],
        numbers: &[u32],
        context: &Context,
        locals: &Locals,
        mut found: impl FnMut(usize, Found),
    ) -> Result<(), EvaluateError> {
        let width = self.variables.len();
        let value = |n: u32, k: usize| combinations.get(n as usize * width + k).copied().unwrap_or(UNBOUND);
        let alike =
            |a: &u32, b: &u32| (0..width).all(|k| (value(*a, k) == UNBOUND) == (value(*b, k) == UNBOUND));
        for numbers in numbers.chunk_by(alike) {
            let bound: Vec<usize> = (0..width).filter(|k| value(numbers[0], *k) != UNBOUND).collect();
            let query = self.query(&bound, context);
            let dataset = Combinations { combinations, numbers, width, context, locals };
            let results = context.evaluator().prepare(&query).execute(dataset).map_err(stopped)?;
            let QueryResults::Solutions(solutions) = results else { continue };
            for (n, solution) in solutions.enumerate() {
                if n % POLL == 0 {
                    context.check()?;
                }
                let solution = solution.map_err(stopped)?;
                let Some(row) = solution.get(0).and_then(inner) else { continue };
                if let Some(term) = solution.get(1) {
                    match inner(term) {
                        Some(id) => found(row as usize, Found::Id(id)),
                        None => found(row as usize, Found::Term(term.clone())),
                    }
                }
            }
        }
        Ok(())
    }

    fn query(&self, bound: &[usize], context: &Context) -> Query {
        let inner = |name: &str| Variable::new_unchecked(format!("{INNER}{name}"));
        let (row, result) = (inner("row"), inner("result"));
        let pattern = |column: usize, object: Variable| TriplePattern {
            subject: row.clone().into(),
            predicate: name(u32::try_from(column).unwrap_or(u32::MAX)).into(),
            object: object.into(),
        };
        let mut patterns: Vec<TriplePattern> =
            bound.iter().map(|k| pattern(*k, self.variables[*k].clone())).collect();
        if patterns.is_empty() {
            patterns.push(pattern(self.variables.len(), inner("none")));
        }
        Query::Select {
            dataset: None,
            pattern: GraphPattern::Project {
                inner: Box::new(GraphPattern::Extend {
                    inner: Box::new(GraphPattern::Bgp { patterns }),
                    variable: result.clone(),
                    expression: self.expression.clone(),
                }),
                variables: vec![row, result],
            },
            base_iri: context.base.clone(),
        }
    }
}

/// What the evaluator gave.
enum Found {
    /// A term of the index or of the locals.
    Id(u32),
    Term(Term),
}

fn stopped(error: QueryEvaluationError) -> EvaluateError {
    match error {
        QueryEvaluationError::Cancelled => EvaluateError::Cancelled,
        error => EvaluateError::Engine(error),
    }
}

/// A number in the guise of an IRI.
fn name(number: u32) -> NamedNode {
    NamedNode::new_unchecked(format!("{INNER}{number}"))
}

fn inner(term: &Term) -> Option<u32> {
    match term {
        Term::NamedNode(node) => node.as_str().strip_prefix(INNER)?.parse().ok(),
        _ => None,
    }
}

/// The statements of the moment.
#[derive(Clone, Copy)]
struct Combinations<'a> {
    combinations: &'a [u32],
    numbers: &'a [u32],
    width: usize,
    context: &'a Context,
    locals: &'a Locals,
}

/// A term of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Cell {
    Row(u32),
    Column(u32),
    /// Of the index or of the locals.
    Id(u32),
    /// One that neither has.
    Other(Arc<Term>),
}

impl Combinations<'_> {
    fn object(&self, row: u32, column: u32) -> Cell {
        if column as usize >= self.width {
            return Cell::Row(row);
        }
        Cell::Id(self.combinations[row as usize * self.width + column as usize])
    }
}

impl<'a> QueryableDataset<'a> for Combinations<'a> {
    type InternalTerm = Cell;
    type Error = Infallible;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Cell>,
        predicate: Option<&Cell>,
        object: Option<&Cell>,
        graph_name: Option<Option<&Cell>>,
    ) -> impl Iterator<Item = Result<InternalQuad<Cell>, Infallible>> + use<'a> {
        let this = *self;
        let (subject, object) = (subject.cloned(), object.cloned());
        let column = match (predicate, graph_name) {
            (Some(Cell::Column(column)), Some(None)) => Some(*column),
            _ => None,
        };
        let single = match subject {
            Some(Cell::Row(row)) => Some(row),
            _ => None,
        };
        let rows: &'a [u32] =
            if column.is_none() || (subject.is_some() && single.is_none()) || single.is_some() {
                &[]
            } else {
                this.numbers
            };
        let rows = single.filter(|_| column.is_some()).into_iter().chain(rows.iter().copied());
        rows.filter_map(move |row| {
            let column = column?;
            let value = this.object(row, column);
            object.as_ref().is_none_or(|object| *object == value).then_some(Ok(InternalQuad {
                subject: Cell::Row(row),
                predicate: Cell::Column(column),
                object: value,
                graph_name: None,
            }))
        })
    }

    fn internalize_term(&self, term: Term) -> Result<Cell, Infallible> {
        Ok(if let Some(number) = inner(&term) {
            Cell::Column(number)
        } else if let Some(id) = self.context.id(term.as_ref()).or_else(|| self.locals.find(&term)) {
            Cell::Id(id)
        } else {
            Cell::Other(Arc::new(term))
        })
    }

    fn externalize_term(&self, term: Cell) -> Result<Term, Infallible> {
        // Only results are asked for in this way, and they are better numbers.
        Ok(match term {
            Cell::Row(number) | Cell::Column(number) | Cell::Id(number) => name(number).into(),
            Cell::Other(term) => (*term).clone(),
        })
    }

    fn externalize_expression_term(&self, term: Cell) -> Result<ExpressionTerm, Infallible> {
        Ok(match term {
            Cell::Id(id) => match self.context.value(id, self.locals) {
                Some(value) => value,
                None => Term::from(name(id)).into(),
            },
            Cell::Row(number) | Cell::Column(number) => Term::from(name(number)).into(),
            Cell::Other(term) => (*term).clone().into(),
        })
    }
}
