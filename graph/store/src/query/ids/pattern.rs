//! One pattern of a triple: which runs of the columns hold its statements, and how many they are.

use super::rows::UNBOUND;
use super::scope::Active;
use graph_index::{Index, Pairs, TermId};
use oxrdf::Variable;
use std::ops::Range;

/// A place of a pattern. A constant that the index does not have is [`UNBOUND`], which matches nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Slot {
    Id(u32),
    Variable(Variable),
}

impl Slot {
    pub(super) fn id(&self) -> Option<u32> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Variable(_) => None,
        }
    }

    pub(super) fn variable(&self) -> Option<&Variable> {
        match self {
            Self::Id(_) => None,
            Self::Variable(variable) => Some(variable),
        }
    }
}

/// A triple pattern and what it reads.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) subject: Slot,
    pub(super) predicate: Slot,
    pub(super) object: Slot,
    pub(super) active: Active,
    /// As the query says it, for people.
    pub(super) text: String,
}

/// A run of statements of one property, in one of the two orders.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) predicate: u32,
    pub(super) pairs: Pairs<'a>,
    /// Keys are objects, values subjects.
    pub(super) by_object: bool,
}

impl<'a> Run<'a> {
    pub(super) fn subjects(self) -> &'a [u32] {
        if self.by_object { self.pairs.values } else { self.pairs.keys }
    }

    pub(super) fn objects(self) -> &'a [u32] {
        if self.by_object { self.pairs.keys } else { self.pairs.values }
    }

    pub(super) fn slice(self, places: Range<usize>) -> Self {
        Self { pairs: self.pairs.slice(places), ..self }
    }
}

impl Pattern {
    /// Its variables, each once.
    pub(super) fn variables(&self) -> Vec<Variable> {
        let mut variables: Vec<Variable> = Vec::with_capacity(4);
        let graph = match &self.active {
            Active::Each(graph) => Some(graph),
            _ => None,
        };
        let places = [&self.subject, &self.predicate, &self.object];
        for variable in places.into_iter().filter_map(Slot::variable).chain(graph) {
            if !variables.contains(variable) {
                variables.push(variable.clone());
            }
        }
        variables
    }

    pub(super) fn graph(&self) -> Option<&Variable> {
        match &self.active {
            Active::Each(graph) => Some(graph),
            _ => None,
        }
    }

    /// Whether a variable stands at two places.
    pub(super) fn repeats(&self) -> bool {
        let places =
            [self.subject.variable(), self.predicate.variable(), self.object.variable(), self.graph()];
        places.iter().enumerate().any(|(n, place)| place.is_some() && places[..n].contains(place))
    }

    /// The runs that hold its statements and, for a variable at two places or a graph, others too. With a range the
    /// objects are in it, and runs are by object; `by_object` asks for that order where there is a choice.
    pub(super) fn runs<'a>(
        &self,
        index: &'a Index,
        range: Option<&Range<u32>>,
        by_object: bool,
    ) -> Vec<Run<'a>> {
        let statements = index.statements();
        let (subject, object) = (self.subject.id(), self.object.id());
        let one = [self.predicate.id().unwrap_or(UNBOUND)];
        let predicates = match (&self.predicate, subject, object) {
            (Slot::Id(_), ..) => one.as_slice(),
            (_, Some(subject), _) => statements.predicates_of_subject(TermId(subject)),
            (_, None, Some(object)) => statements.predicates_of_object(TermId(object)),
            (_, None, None) => statements.predicates(),
        };
        predicates
            .iter()
            .map(|&predicate| {
                let term = TermId(predicate);
                let (pairs, by_object) = match (subject, object) {
                    (Some(subject), Some(object)) => {
                        let pairs = statements.by_subject(term);
                        let place = pairs.place(subject, object);
                        (place.map_or_else(Pairs::default, |place| pairs.slice(place..place + 1)), false)
                    }
                    (Some(subject), None) => {
                        let pairs = statements.by_subject(term).of(subject);
                        (range.map_or(pairs, |range| values_in(pairs, range)), false)
                    }
                    (None, Some(object)) => (statements.by_object(term).of(object), true),
                    (None, None) => match range {
                        Some(range) => (statements.by_object(term).range(range.clone()), true),
                        None if by_object => (statements.by_object(term), true),
                        None => (statements.by_subject(term), false),
                    },
                };
                Run { predicate, pairs, by_object }
            })
            .filter(|run| !run.pairs.is_empty())
            .collect()
    }

    /// How many statements the runs have: exact for a pattern over all graphs without a variable at two places.
    pub(super) fn count(&self, index: &Index, range: Option<&Range<u32>>) -> u64 {
        if matches!(
            (&self.subject, &self.predicate, &self.object),
            (Slot::Variable(_), Slot::Variable(_), Slot::Variable(_))
        ) && range.is_none()
        {
            return index.statements().len();
        }
        self.runs(index, range, false).iter().map(|run| run.pairs.len() as u64).sum()
    }

    /// How many different subjects and objects its statements have, as far as known at once.
    pub(super) fn distinct(&self, index: &Index, count: u64) -> (u64, u64) {
        let (mut subjects, mut objects) = (count, count);
        if let Slot::Id(predicate) = self.predicate {
            let term = TermId(predicate);
            subjects = subjects.min(index.statements().distinct_subjects(term).into());
            objects = objects.min(index.statements().distinct_objects(term).into());
        }
        if self.subject.id().is_some() {
            subjects = subjects.min(1);
        }
        if self.object.id().is_some() {
            objects = objects.min(1);
        }
        (subjects.max(1), objects.max(1))
    }
}

/// Of pairs with one key, those whose values are in the range.
fn values_in<'a>(pairs: Pairs<'a>, range: &Range<u32>) -> Pairs<'a> {
    let start = pairs.values.partition_point(|&value| value < range.start);
    let end = pairs.values.partition_point(|&value| value < range.end);
    pairs.slice(start..end.max(start))
}
