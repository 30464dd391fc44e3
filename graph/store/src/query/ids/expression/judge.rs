//! What a condition says of each of some solutions.

use super::exact::Comparison;
use super::general::General;
use super::pair::Pair;
use super::place::Place;
use super::spans::{Answer, Spans, kind, year_of};
use super::text::Text;
use super::{Context, Truth};
use crate::query::evaluate::EvaluateError;
use crate::query::ids::rows::{Locals, Rows, UNBOUND};
use graph_index::{Kind, TermId};
use oxrdf::{NamedNode, Term, Variable};
use oxsdatatypes::Integer;
use rustc_hash::FxHashMap;
use spareval::ExpressionTerm;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

/// How many answers are kept in a table before there is a byte for every term.
const FEW: usize = 4_096;
/// How often the token is looked at.
const POLL: usize = 1_024;

/// A condition or a part of one.
#[derive(Debug)]
pub(super) enum Node {
    Constant(Truth),
    Bound(Variable),
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    If(Box<[Self; 3]>),
    One(One),
    Pair(Pair),
    Place(Place),
    General(General),
}

impl Node {
    /// The truths for the solutions with these numbers.
    pub(super) fn judge(
        &self,
        rows: &Rows,
        locals: &Locals,
        context: &Context,
        among: &[u32],
    ) -> Result<Vec<Truth>, EvaluateError> {
        Ok(match self {
            Self::Constant(truth) => vec![*truth; among.len()],
            Self::Bound(variable) => match rows.column(variable) {
                Some(column) => among.iter().map(|row| (column[*row as usize] != UNBOUND).into()).collect(),
                None => vec![Truth::False; among.len()],
            },
            Self::And(nodes) => connect(nodes, Truth::False, rows, locals, context, among)?,
            Self::Or(nodes) => connect(nodes, Truth::True, rows, locals, context, among)?,
            Self::Not(node) => {
                let mut truths = node.judge(rows, locals, context, among)?;
                truths.iter_mut().for_each(|truth| *truth = truth.not());
                truths
            }
            Self::If(nodes) => {
                let [test, yes, no] = &**nodes;
                let mut truths = test.judge(rows, locals, context, among)?;
                let at = |when| (0..truths.len()).filter(|n| truths[*n] == when).collect::<Vec<_>>();
                for (branch, places) in [(yes, at(Truth::True)), (no, at(Truth::False))] {
                    let some: Vec<u32> = places.iter().map(|n| among[*n]).collect();
                    let told = branch.judge(rows, locals, context, &some)?;
                    places.into_iter().zip(told).for_each(|(n, truth)| truths[n] = truth);
                }
                truths
            }
            Self::One(one) => one.judge(rows, locals, context, among)?,
            Self::Pair(pair) => pair.judge(rows, locals, context, among)?,
            Self::Place(place) => place.judge(rows, locals, context, among)?,
            Self::General(general) => general.truths(rows, locals, context, among)?,
        })
    }

    /// A range that holds all ids of the variable for which this can be true.
    pub(super) fn range(&self, variable: &Variable, all: &Range<u32>) -> Range<u32> {
        match self {
            Self::And(nodes) => nodes.iter().fold(all.clone(), |range, node| {
                let other = node.range(variable, all);
                let start = range.start.max(other.start);
                start..range.end.min(other.end).max(start)
            }),
            Self::Or(nodes) => nodes
                .iter()
                .map(|node| node.range(variable, all))
                .reduce(|a, b| match (a.is_empty(), b.is_empty()) {
                    (true, _) => b,
                    (_, true) => a,
                    _ => a.start.min(b.start)..a.end.max(b.end),
                })
                .unwrap_or_else(|| all.clone()),
            Self::One(one) if one.variable == *variable => one.spans.range(),
            _ => all.clone(),
        }
    }
}

/// `||` ends at the first true, `&&` at the first false; an error stays only if neither comes.
fn connect(
    nodes: &[Node],
    decisive: Truth,
    rows: &Rows,
    locals: &Locals,
    context: &Context,
    among: &[u32],
) -> Result<Vec<Truth>, EvaluateError> {
    let mut truths = vec![decisive.not(); among.len()];
    let mut open: Vec<u32> = (0..u32::try_from(among.len()).unwrap_or(u32::MAX)).collect();
    for node in nodes {
        let asked: Vec<u32> = open.iter().map(|n| among[*n as usize]).collect();
        let told = node.judge(rows, locals, context, &asked)?;
        let mut left = Vec::with_capacity(open.len());
        for (n, truth) in open.into_iter().zip(told) {
            if truth == decisive || truth == Truth::Error {
                truths[n as usize] = truth;
            }
            if truth != decisive {
                left.push(n);
            }
        }
        open = left;
    }
    Ok(truths)
}

/// A test of one term.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Compare(Comparison, ExpressionTermBox),
    /// With the constant as it would be stored.
    Same(Term),
    Kinds(fn(Kind) -> bool),
    Year(Comparison, i64),
    Datatype(NamedNode),
    Text(Arc<Text>),
    /// `||` of some.
    Any(Vec<Self>),
}

/// The evaluator's terms cannot be shown.
#[derive(Clone)]
pub(super) struct ExpressionTermBox(pub(super) Arc<ExpressionTerm>);

impl std::fmt::Debug for ExpressionTermBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Term::from((*self.0).clone()))
    }
}

impl From<Term> for ExpressionTermBox {
    fn from(term: Term) -> Self {
        Self(Arc::new(term.into()))
    }
}

impl Test {
    fn judge(&self, term: &ExpressionTerm) -> Truth {
        match self {
            Self::Compare(comparison, constant) => comparison.judge(term, &constant.0),
            Self::Same(constant) => (Term::from(term.clone()) == *constant).into(),
            Self::Kinds(is) => is(kind(term)).into(),
            Self::Year(comparison, year) => match year_of(term) {
                Some(met) => comparison.judge(
                    &ExpressionTerm::IntegerLiteral(Integer::from(met)),
                    &ExpressionTerm::IntegerLiteral(Integer::from(*year)),
                ),
                None => Truth::Error,
            },
            Self::Datatype(datatype) => match Term::from(term.clone()) {
                Term::Literal(literal) => (literal.datatype() == datatype.as_ref()).into(),
                _ => Truth::Error,
            },
            Self::Text(text) => text.judge(term),
            Self::Any(tests) => {
                let mut all = Truth::False;
                for test in tests {
                    match test.judge(term) {
                        Truth::True => return Truth::True,
                        Truth::Error => all = Truth::Error,
                        Truth::False => {}
                    }
                }
                all
            }
        }
    }

    /// Of a term of the index.
    fn look(&self, id: u32, context: &Context) -> Truth {
        match self {
            Self::Text(text) => text.look(id, context),
            _ => self.judge(&context.terms().term(TermId(id)).into()),
        }
    }
}

/// A condition on one variable.
#[derive(Debug)]
pub(super) struct One {
    pub(super) variable: Variable,
    pub(super) spans: Spans,
    pub(super) test: Test,
    memory: RefCell<Memory>,
}

/// What a byte of a [`Memory`] is for a term that the test is false of.
const KNOWN_FALSE: u8 = Truth::False as u8 + 1;

/// What the test said of terms that were looked at.
#[derive(Debug, Default)]
struct Memory {
    few: FxHashMap<u32, Truth>,
    /// A byte a term: 0 unknown, else one more than the truth.
    many: Vec<u8>,
    /// Whether the words of the index were asked.
    searched: bool,
}

impl Memory {
    fn get(&self, id: u32) -> Option<Truth> {
        match self.many.get(id as usize) {
            Some(byte) => {
                [None, Some(Truth::False), Some(Truth::True), Some(Truth::Error)][usize::from(*byte) & 3]
            }
            None => self.few.get(&id).copied(),
        }
    }

    fn put(&mut self, id: u32, truth: Truth, all: u32) {
        if self.many.is_empty() {
            self.few.insert(id, truth);
            if self.few.len() > FEW {
                self.widen(all);
            }
        } else if let Some(byte) = self.many.get_mut(id as usize) {
            *byte = truth as u8 + 1;
        }
    }

    fn widen(&mut self, all: u32) {
        if self.many.is_empty() {
            self.many = vec![0; all as usize];
            for (id, truth) in self.few.drain() {
                self.many[id as usize] = truth as u8 + 1;
            }
        }
    }
}

impl One {
    pub(super) fn new(variable: Variable, spans: Spans, test: Test) -> Self {
        Self { variable, spans, test, memory: RefCell::default() }
    }

    /// All terms of the index that the test is true of, rising, if the words of the index tell, and sooner than asking the
    /// test so often.
    pub(super) fn search(&self, context: &Context, asked: usize) -> Result<Option<Vec<u32>>, EvaluateError> {
        match &self.test {
            Test::Text(text) if self.spans.is_false_outside(&context.index.words().texts()) => {
                text.search(context, asked)
            }
            _ => Ok(None),
        }
    }

    fn judge(
        &self,
        rows: &Rows,
        locals: &Locals,
        context: &Context,
        among: &[u32],
    ) -> Result<Vec<Truth>, EvaluateError> {
        let Some(column) = rows.column(&self.variable) else { return Ok(vec![Truth::Error; among.len()]) };
        let all = context.terms().len();
        let memory = &mut *self.memory.borrow_mut();
        if let Test::Text(text) = &self.test
            && !memory.searched
        {
            memory.searched = true;
            if let Some(found) = text.search(context, among.len())? {
                memory.widen(all);
                let ids = context.index.words().texts();
                memory.many[ids.start as usize..ids.end as usize].fill(KNOWN_FALSE);
                for id in found {
                    memory.put(id, Truth::True, all);
                }
            }
        }
        let mut truths = Vec::with_capacity(among.len());
        let mut last = (UNBOUND, Truth::Error);
        for (n, row) in among.iter().enumerate() {
            if n % POLL == 0 {
                context.check()?;
            }
            let id = column[*row as usize];
            if id != last.0 {
                let truth = if id >= all {
                    context.value(id, locals).map_or(Truth::Error, |term| self.test.judge(&term))
                } else {
                    match self.spans.of(id) {
                        Answer::Known(truth) => truth,
                        Answer::Look => memory.get(id).unwrap_or_else(|| {
                            let truth = self.test.look(id, context);
                            memory.put(id, truth, all);
                            truth
                        }),
                    }
                };
                last = (id, truth);
            }
            truths.push(last.1);
        }
        Ok(truths)
    }
}
