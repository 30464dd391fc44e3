//! Solutions as columns of ids, and the terms that a query computes.
//!
//! A batch of solutions has one column of `u32` a variable. A value is [`UNBOUND`], the id of a term of the index
//! (whose order is that of `ORDER BY`), or, from the number of the index's terms on, a term of [`Locals`]: one that a
//! query computed and that the index does not have. Equal values are the same term and the other way round;
//! only comparing by order has to decode a local term.

use hashbrown::HashTable;
use oxrdf::{Term, Variable};
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;
use std::ops::Range;

/// The value of a variable that has none.
pub(in crate::query) const UNBOUND: u32 = u32::MAX;

/// Solutions, a column a variable. All columns have the length of the batch; without a variable there is still a
/// number of solutions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::query) struct Rows {
    variables: Vec<Variable>,
    columns: Vec<Vec<u32>>,
    len: usize,
}

impl Rows {
    /// So many solutions that bind nothing. One is the neutral element of a join, none the empty answer.
    #[must_use]
    pub(in crate::query) fn blank(len: usize) -> Self {
        Self { variables: Vec::new(), columns: Vec::new(), len }
    }

    /// No solutions, for these variables.
    #[must_use]
    pub(in crate::query) fn none(variables: Vec<Variable>) -> Self {
        let columns = vec![Vec::new(); variables.len()];
        Self { variables, columns, len: 0 }
    }

    /// From columns of one length, in the order of the variables. What is longer than the shortest column is cut off.
    #[must_use]
    pub(in crate::query) fn new(variables: Vec<Variable>, mut columns: Vec<Vec<u32>>) -> Self {
        debug_assert_eq!(variables.len(), columns.len());
        let len = columns.iter().map(Vec::len).min().unwrap_or(0);
        for column in &mut columns {
            column.truncate(len);
        }
        Self { variables, columns, len }
    }

    /// How many solutions.
    #[must_use]
    pub(in crate::query) fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no solution.
    #[must_use]
    pub(in crate::query) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The variables, in the order of the columns.
    #[must_use]
    pub(in crate::query) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The columns, in the order of the variables.
    #[must_use]
    pub(in crate::query) fn columns(&self) -> &[Vec<u32>] {
        &self.columns
    }

    /// Which column holds a variable.
    #[must_use]
    pub(in crate::query) fn position(&self, variable: &Variable) -> Option<usize> {
        self.variables.iter().position(|candidate| candidate == variable)
    }

    /// The values of a variable; `None` when no solution of this batch can bind it.
    #[must_use]
    pub(in crate::query) fn column(&self, variable: &Variable) -> Option<&[u32]> {
        self.position(variable).map(|at| self.columns[at].as_slice())
    }

    /// Adds a column, as `BIND` does. It must have the batch's length, and the variable be a new one.
    pub(in crate::query) fn push(&mut self, variable: Variable, column: Vec<u32>) {
        debug_assert_eq!(column.len(), self.len);
        debug_assert!(self.position(&variable).is_none());
        self.variables.push(variable);
        self.columns.push(column);
    }

    /// Only the solutions whose mark is set, in their order.
    pub(in crate::query) fn keep(&mut self, mask: &[bool]) {
        debug_assert_eq!(mask.len(), self.len);
        let kept = mask.iter().filter(|&&kept| kept).count();
        if kept == self.len {
            return;
        }
        for column in &mut self.columns {
            let mut marks = mask.iter();
            column.retain(|_| marks.next().copied().unwrap_or(false));
        }
        self.len = kept;
    }

    /// The solutions with these numbers, in this order; a number may come twice.
    #[must_use]
    pub(in crate::query) fn pick(&self, numbers: &[u32]) -> Self {
        let columns = self
            .columns
            .iter()
            .map(|column| numbers.iter().map(|&number| column[number as usize]).collect())
            .collect();
        Self { variables: self.variables.clone(), columns, len: numbers.len() }
    }

    /// The solutions with the numbers of a range, which must be within them.
    #[must_use]
    pub(in crate::query) fn part(&self, range: Range<usize>) -> Self {
        let columns = self.columns.iter().map(|column| column[range.clone()].to_vec()).collect();
        Self { variables: self.variables.clone(), columns, len: range.len() }
    }

    /// These variables only, in this order; one that the batch does not have is unbound everywhere.
    #[must_use]
    pub(in crate::query) fn project(mut self, variables: &[Variable]) -> Self {
        let len = self.len;
        let columns = variables
            .iter()
            .enumerate()
            .map(|(n, variable)| match self.position(variable) {
                // The column may be taken unless it is asked for again.
                Some(at) if variables[n + 1..].contains(variable) => self.columns[at].clone(),
                Some(at) => std::mem::take(&mut self.columns[at]),
                None => vec![UNBOUND; len],
            })
            .collect();
        Self { variables: variables.to_vec(), columns, len }
    }

    /// At most `length` solutions, from number `start` on.
    pub(in crate::query) fn slice(&mut self, start: usize, length: Option<usize>) {
        let start = start.min(self.len);
        let end = length.map_or(self.len, |length| start.saturating_add(length).min(self.len));
        for column in &mut self.columns {
            column.truncate(end);
            column.drain(..start);
        }
        self.len = end - start;
    }

    /// The other's solutions after these; variables that only one side has are unbound on the other.
    pub(in crate::query) fn append(&mut self, mut other: Self) {
        for (variable, column) in self.variables.iter().zip(&mut self.columns) {
            match other.position(variable) {
                Some(at) if column.is_empty() => *column = std::mem::take(&mut other.columns[at]),
                Some(at) => column.extend_from_slice(&other.columns[at]),
                None => column.resize(self.len + other.len, UNBOUND),
            }
        }
        for (variable, column) in other.variables.into_iter().zip(other.columns) {
            if !self.variables.contains(&variable) {
                let mut padded = vec![UNBOUND; self.len];
                padded.extend(column);
                self.variables.push(variable);
                self.columns.push(padded);
            }
        }
        self.len += other.len;
    }

    /// The memory of the columns, in bytes.
    #[must_use]
    pub(in crate::query) fn bytes(&self) -> u64 {
        self.columns.iter().map(|column| column.capacity() as u64 * 4).sum()
    }
}

/// The terms that a query computed and that the index does not have, each once. Their ids follow those of the index
/// and say nothing of their order.
#[derive(Debug, Clone)]
pub(in crate::query) struct Locals {
    first: u32,
    terms: Vec<Term>,
    places: HashTable<u32>,
    bytes: u64,
}

impl Locals {
    /// None yet; `first` is the number of terms in the index.
    #[must_use]
    pub(in crate::query) fn new(first: u32) -> Self {
        Self { first, terms: Vec::new(), places: HashTable::new(), bytes: 0 }
    }

    /// The term of an id from here.
    #[must_use]
    pub(in crate::query) fn get(&self, id: u32) -> Option<&Term> {
        self.terms.get(id.checked_sub(self.first)? as usize)
    }

    /// The id of a term, if it is here.
    #[must_use]
    pub(in crate::query) fn find(&self, term: &Term) -> Option<u32> {
        let hash = FxBuildHasher.hash_one(term);
        self.places.find(hash, |&at| self.terms[at as usize] == *term).map(|&at| self.first + at)
    }

    /// The id of a term, which the caller knows is not in the index. [`UNBOUND`], as after an error of an
    /// expression, once four thousand million ids are used up.
    pub(in crate::query) fn intern(&mut self, term: Term) -> u32 {
        let hash = FxBuildHasher.hash_one(&term);
        if let Some(&at) = self.places.find(hash, |&at| self.terms[at as usize] == term) {
            return self.first + at;
        }
        let at = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        let Some(id) = self.first.checked_add(at).filter(|&id| id != UNBOUND) else { return UNBOUND };
        self.bytes += weight(&term);
        self.terms.push(term);
        let terms = &self.terms;
        self.places.insert_unique(hash, at, |&at| FxBuildHasher.hash_one(&terms[at as usize]));
        id
    }

    /// About how much memory they take, in bytes.
    #[must_use]
    pub(in crate::query) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// The text of a term and what holds it.
fn weight(term: &Term) -> u64 {
    let text = match term {
        Term::NamedNode(node) => node.as_str().len(),
        Term::BlankNode(node) => node.as_str().len(),
        Term::Literal(literal) => literal.value().len() + literal.datatype().as_str().len(),
        Term::Triple(triple) => triple.to_string().len(),
    };
    text as u64 + size_of::<Term>() as u64 + 16
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use oxrdf::Literal;

    fn v(name: &str) -> Variable {
        Variable::new(name).unwrap()
    }

    fn rows() -> Rows {
        Rows::new(vec![v("a"), v("b")], vec![vec![1, 2, 3], vec![4, 5, 6]])
    }

    #[test]
    fn columns_are_cut_picked_and_joined() {
        let mut kept = rows();
        kept.keep(&[true, false, true]);
        assert_eq!((kept.len(), kept.column(&v("b")).unwrap()), (2, &[4, 6][..]));
        assert_eq!(rows().pick(&[2, 2, 0]).column(&v("a")).unwrap(), [3, 3, 1]);
        let projected = rows().project(&[v("b"), v("c"), v("b")]);
        assert_eq!(projected.columns(), [vec![4, 5, 6], vec![UNBOUND; 3], vec![4, 5, 6]]);
        assert_eq!(rows().part(1..3).columns(), [vec![2, 3], vec![5, 6]]);
        assert_eq!(Rows::blank(5).part(1..3).len(), 2);
        let mut cut = rows();
        cut.slice(1, Some(1));
        assert_eq!((cut.len(), cut.columns()), (1, &[vec![2], vec![5]][..]));
        cut.slice(7, None);
        assert_eq!(cut.len(), 0);
        let mut both = rows();
        both.append(Rows::new(vec![v("c"), v("b")], vec![vec![7], vec![8]]));
        assert_eq!(
            both.columns(),
            [vec![1, 2, 3, UNBOUND], vec![4, 5, 6, 8], vec![UNBOUND, UNBOUND, UNBOUND, 7]]
        );
        both.append(Rows::blank(2));
        assert_eq!((both.len(), both.columns()[0].len()), (6, 6));
    }

    #[test]
    fn a_computed_term_has_one_id() {
        let mut locals = Locals::new(100);
        let term = |text: &str| Term::from(Literal::new_simple_literal(text));
        assert_eq!((locals.intern(term("Turku")), locals.intern(term("Åbo"))), (100, 101));
        assert_eq!((locals.intern(term("Turku")), locals.find(&term("Åbo"))), (100, Some(101)));
        assert_eq!(locals.get(101), Some(&term("Åbo")));
        assert_eq!((locals.get(102), locals.get(3), locals.find(&term("Pori"))), (None, None, None));
        assert!(locals.get(99).is_none() && locals.get(UNBOUND).is_none());
        let full = locals.bytes();
        assert!(full > 0);
        let mut last = Locals::new(UNBOUND);
        assert_eq!(last.intern(term("Turku")), UNBOUND);
    }
}
