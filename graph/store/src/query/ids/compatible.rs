//! Joins of solutions that were made apart: inner, left, and of existence.
//!
//! Two solutions are compatible when no variable has two values. A variable that is bound in all rows of both sides is a
//! key of a hash table; one that some row leaves unbound (after `OPTIONAL`, `UNION`, or `UNDEF`) is compared pair by pair.

use super::executor::{Executor, POLL};
use super::rows::{Rows, UNBOUND};
use super::want::Want;
use crate::query::evaluate::EvaluateError;
use hashbrown::HashTable;
use oxrdf::Variable;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// The variables of both sides: bound everywhere, and others. Each as the places of its columns.
struct Shared {
    keys: Vec<(usize, usize)>,
    loose: Vec<(usize, usize)>,
}

impl Shared {
    fn of(left: &Rows, right: &Rows) -> Self {
        let (mut keys, mut loose) = (Vec::new(), Vec::new());
        for (at, variable) in left.variables().iter().enumerate() {
            if let Some(other) = right.position(variable) {
                let open = left.columns()[at].contains(&UNBOUND) || right.columns()[other].contains(&UNBOUND);
                if open { loose.push((at, other)) } else { keys.push((at, other)) }
            }
        }
        Self { keys, loose }
    }
}

/// Rows by the hash of their keys; rows of one key are a chain.
struct Table<'r> {
    rows: &'r Rows,
    columns: Vec<usize>,
    heads: HashTable<u32>,
    next: Vec<u32>,
}

const END: u32 = u32::MAX;

impl<'r> Table<'r> {
    fn new(executor: &Executor<'_>, rows: &'r Rows, columns: Vec<usize>) -> Result<Self, EvaluateError> {
        executor.fits(rows.len() as u64 * 12)?;
        let mut table =
            Self { rows, columns, heads: HashTable::with_capacity(rows.len()), next: vec![END; rows.len()] };
        // From the end, so that a chain is in the order of the rows.
        for row in (0..rows.len()).rev() {
            if row.is_multiple_of(POLL) {
                executor.poll()?;
            }
            let (hash, number) = (table.hash(row), row as u32);
            let Self { columns, heads, next, .. } = &mut table;
            let same = |&other: &u32| {
                columns.iter().all(|&at| rows.columns()[at][other as usize] == rows.columns()[at][row])
            };
            if let Some(head) = heads.find_mut(hash, same) {
                next[row] = *head;
                *head = number;
            } else {
                let hash_of = |&row: &u32| hash_row(rows, columns, row as usize);
                heads.insert_unique(hash, number, hash_of);
            }
        }
        Ok(table)
    }

    fn hash(&self, row: usize) -> u64 {
        hash_row(self.rows, &self.columns, row)
    }

    /// The rows whose keys are those of another's row.
    fn of(&self, other: &Rows, columns: &[usize], row: usize) -> impl Iterator<Item = usize> {
        let hash = hash_row(other, columns, row);
        let same = |&mine: &u32| {
            self.columns
                .iter()
                .zip(columns)
                .all(|(&at, &theirs)| self.rows.columns()[at][mine as usize] == other.columns()[theirs][row])
        };
        let head = self.heads.find(hash, same).copied().unwrap_or(END);
        std::iter::successors(Some(head), |&at| self.next.get(at as usize).copied())
            .take_while(|&at| at != END)
            .map(|at| at as usize)
    }
}

fn hash_row(rows: &Rows, columns: &[usize], row: usize) -> u64 {
    FxBuildHasher.hash_one(columns.iter().fold(0_u64, |hash, &at| {
        (hash.rotate_left(29) ^ u64::from(rows.columns()[at][row])).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }))
}

/// Pairs of numbers of rows that are compatible.
type Met = (Vec<u32>, Vec<u32>);

impl Executor<'_> {
    fn meet_all(
        &self,
        left: &Rows,
        right: &Rows,
        mut each: impl FnMut(usize, usize) -> Result<bool, EvaluateError>,
    ) -> Result<(), EvaluateError> {
        let shared = Shared::of(left, right);
        let (lefts, rights): (Vec<usize>, Vec<usize>) = shared.keys.iter().copied().unzip();
        let table = Table::new(self, right, rights)?;
        let mut looked = 0_usize;
        for row in 0..left.len() {
            looked += 1;
            if looked.is_multiple_of(POLL) {
                self.poll()?;
            }
            for other in table.of(left, &lefts, row) {
                looked += 1;
                if looked.is_multiple_of(POLL) {
                    self.poll()?;
                }
                let compatible = shared.loose.iter().all(|&(at, place)| {
                    let (mine, theirs) = (left.columns()[at][row], right.columns()[place][other]);
                    mine == theirs || mine == UNBOUND || theirs == UNBOUND
                });
                if compatible && !each(row, other)? {
                    break;
                }
            }
        }
        Ok(())
    }

    fn met(&self, left: &Rows, right: &Rows) -> Result<Met, EvaluateError> {
        let (mut lefts, mut rights) = (Vec::new(), Vec::new());
        self.meet_all(left, right, |row, other| {
            lefts.push(row as u32);
            rights.push(other as u32);
            self.grow(lefts.len(), left.variables().len() + right.variables().len() + 2)?;
            Ok(true)
        })?;
        Ok((lefts, rights))
    }

    /// The columns of pairs of rows; what one side leaves unbound is the other's.
    fn paired(
        &self,
        left: &Rows,
        right: &Rows,
        (lefts, rights): &Met,
        want: &Want,
    ) -> Result<Rows, EvaluateError> {
        self.fits(lefts.len() as u64 * 4 * (left.variables().len() + right.variables().len()) as u64)?;
        let mut joined = Rows::blank(lefts.len());
        for (variable, column) in left.variables().iter().zip(left.columns()) {
            if !want.needs(variable) {
                continue;
            }
            let mut values: Vec<u32> = lefts.iter().map(|&row| column[row as usize]).collect();
            if let Some(other) = right.column(variable)
                && values.contains(&UNBOUND)
            {
                for (value, &row) in values.iter_mut().zip(rights) {
                    if *value == UNBOUND {
                        *value = other[row as usize];
                    }
                }
            }
            joined.push(variable.clone(), values);
        }
        for (variable, column) in right.variables().iter().zip(right.columns()) {
            if want.needs(variable) && left.position(variable).is_none() {
                joined.push(variable.clone(), rights.iter().map(|&row| column[row as usize]).collect());
            }
        }
        Ok(joined)
    }

    /// All compatible pairs.
    pub(super) fn join_apart(&self, left: &Rows, right: &Rows, want: &Want) -> Result<Rows, EvaluateError> {
        if !left.variables().iter().any(|variable| right.position(variable).is_some()) {
            return self.cross(left, right, want);
        }
        // The table is made of the smaller side.
        if left.len() < right.len() {
            let (rights, lefts) = self.met(right, left)?;
            return self.paired(left, right, &(lefts, rights), want);
        }
        let met = self.met(left, right)?;
        self.paired(left, right, &met, want)
    }

    /// Left rows with what is compatible on the right and passes, or alone.
    pub(super) fn left_join_apart(
        &self,
        left: &Rows,
        right: &Rows,
        want: &Want,
        passes: impl FnOnce(&Rows) -> Result<Option<Vec<bool>>, EvaluateError>,
    ) -> Result<Rows, EvaluateError> {
        let mut met = self.met(left, right)?;
        let mut joined = self.paired(left, right, &met, want)?;
        if let Some(mask) = passes(&joined)? {
            joined.keep(&mask);
            let mut marks = mask.iter();
            met.0.retain(|_| marks.next().copied().unwrap_or(false));
        }
        self.with_the_rest(left, joined, &met.0)
    }

    /// Rows that were joined, and after them the left rows that were not among them.
    pub(super) fn with_the_rest(
        &self,
        left: &Rows,
        mut joined: Rows,
        met: &[u32],
    ) -> Result<Rows, EvaluateError> {
        let mut alone = vec![true; left.len()];
        for &row in met {
            alone[row as usize] = false;
        }
        let rest: Vec<u32> = (0..left.len() as u32).filter(|&row| alone[row as usize]).collect();
        self.fits((joined.len() + rest.len()) as u64 * 4 * joined.variables().len() as u64)?;
        let variables: Vec<Variable> = joined.variables().to_vec();
        joined.append(left.pick(&rest).project(&variables));
        Ok(joined)
    }

    /// Which left rows have something compatible on the right; with `overlap` the two must also share a bound variable,
    /// as for `MINUS`.
    pub(super) fn met_rows(
        &self,
        left: &Rows,
        right: &Rows,
        overlap: Overlap,
    ) -> Result<Vec<bool>, EvaluateError> {
        let mut met = vec![false; left.len()];
        let shared = Shared::of(left, right);
        let needs_look = overlap == Overlap::Needed && shared.keys.is_empty();
        self.meet_all(left, right, |row, other| {
            met[row] = !needs_look
                || shared.loose.iter().any(|&(at, place)| {
                    left.columns()[at][row] != UNBOUND && right.columns()[place][other] != UNBOUND
                });
            Ok(!met[row])
        })?;
        Ok(met)
    }
}

/// Whether compatible solutions must have a variable in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlap {
    Needed,
    Free,
}
