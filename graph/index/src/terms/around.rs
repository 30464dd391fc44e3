//! Ranges of ids for a value: what is less, equal, greater.

use super::kind::Kind;
use super::number::{self, Number};
use super::order::{escaped, write_key, write_value};
use super::read::Terms;
use super::value::{Value, value};
use super::{TermId, number::write_double};
use oxrdf::vocab::xsd;
use oxrdf::{LiteralRef, NamedNodeRef};
use std::cmp::Ordering;
use std::ops::Range;

/// How many numbers that rounding may confuse with the one asked for are looked at; more are left to the caller.
const CLOSE: u32 = 4_096;

/// The ids of all terms that can be compared with a literal. A term in none of the three is an error to compare with
/// it; the three follow one another, and NaN is in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// Terms `<` the literal.
    pub less: Range<u32>,
    /// Terms `=` to the literal in value.
    pub equal: Range<u32>,
    /// Terms `>` the literal.
    pub greater: Range<u32>,
}

impl Terms {
    /// Which terms are below, equal to and above the literal, as the operators `<`, `=`, `>` of SPARQL tell: a literal
    /// of the index need not have the same datatype or text, nor need the literal be in the index.
    ///
    /// `None` where the answer is not three ranges, and each term has to be compared: texts with a language (comparable
    /// within one language only), booleans (the engine has no order of them), durations, triple terms, literals of other datatypes;
    /// moments when some have a time zone and others have not; and numbers so close to the literal that rounding to its
    /// type would turn their order.
    #[must_use]
    pub fn around(&self, literal: LiteralRef<'_>) -> Option<Around> {
        if literal.language().is_some() {
            return None;
        }
        let text = literal.value();
        if literal.datatype() == xsd::STRING {
            let ids = self.ids_of(Kind::String);
            let mut key = vec![Kind::String as u8];
            key.extend_from_slice(text.as_bytes());
            let (at, met) = self.seek(&key);
            return Some(split(ids, at, at + u32::from(met)));
        }
        match value(text, literal.datatype())?.0 {
            Value::Number(number) => self.around_number(number),
            moment @ Value::Moment(kind, _) => {
                let zones = self.zones[kind.index()];
                if zones & !(1 << u32::from(moment.has_zone())) != 0 {
                    return None;
                }
                let (from, to) = self.with_value(moment);
                Some(split(self.ids_of(kind), from, to))
            }
            Value::Boolean(_) | Value::Duration(_) => None,
        }
    }

    /// The terms that `=` calls equal to the literal; `None` where they are not one range.
    #[must_use]
    pub fn same_value(&self, literal: LiteralRef<'_>) -> Option<Range<u32>> {
        let exact = || self.id(literal.into()).map_or(0..0, |id| id.0..id.0 + 1);
        if literal.language().is_some() || literal.datatype() == xsd::STRING {
            return Some(exact());
        }
        match value(literal.value(), literal.datatype()) {
            None => Some(exact()),
            Some((Value::Number(number), _)) => Some(self.around_number(number)?.equal),
            Some((value, _)) => {
                let (from, to) = self.with_value(value);
                Some(from..to)
            }
        }
    }

    /// The terms of a kind whose text begins so: IRIs, labels of blank nodes, strings, and texts with a language. `None`
    /// for the other kinds, which are not in the order of their texts.
    #[must_use]
    pub fn starting_with(&self, kind: Kind, text: &str) -> Option<Range<u32>> {
        let mut key = vec![kind as u8];
        match kind {
            Kind::BlankNode | Kind::NamedNode | Kind::String => key.extend_from_slice(text.as_bytes()),
            Kind::LanguageString | Kind::DirectionalString => escaped(text.as_bytes(), &mut key),
            _ => return None,
        }
        Some(self.seek(&key).0..self.above(key))
    }

    /// The ids of the literals with a datatype that has no kind of its own.
    #[must_use]
    pub fn of_datatype(&self, datatype: NamedNodeRef<'_>) -> Range<u32> {
        // The empty text is what all of them begin with.
        let mut key = Vec::new();
        write_key(LiteralRef::new_typed_literal("", datatype).into(), &mut key);
        if key.first() != Some(&(Kind::OtherTyped as u8)) {
            return 0..0;
        }
        self.seek(&key).0..self.above(key)
    }

    /// The first id with the value and the first above.
    fn with_value(&self, value: Value) -> (u32, u32) {
        let mut key = Vec::with_capacity(48);
        write_value(value, &mut key);
        (self.seek(&key).0, self.above(key))
    }

    /// The first id above all keys that begin like this one.
    fn above(&self, mut key: Vec<u8>) -> u32 {
        while let Some(last) = key.pop() {
            if last < u8::MAX {
                key.push(last + 1);
                return self.seek(&key).0;
            }
        }
        self.len()
    }

    fn around_number(&self, literal: Number) -> Option<Around> {
        let ids = self.ids_of(Kind::Numeric);
        let seek = |write: &dyn Fn(&mut Vec<u8>)| {
            let mut key = vec![Kind::Numeric as u8];
            write(&mut key);
            self.seek(&key).0
        };
        let numbers = ids.start..seek(&number::not_a_number);
        let double = literal.double();
        if double.is_nan() {
            let none = numbers.end..numbers.end;
            return Some(Around { less: none.clone(), equal: none.clone(), greater: none });
        }
        let (from, to) = self.with_value(Value::Number(literal));
        // Comparing brings both numbers to one type, at worst to a float of 24 bits. What is further off than that
        // rounds cannot change sides.
        let slack = double.abs() * f64::from(f32::EPSILON) * 2.0 + f64::from(f32::MIN_POSITIVE);
        let (low, high) = if double.is_finite() {
            let low = seek(&|key| write_double(double - slack, key));
            (low, seek(&|key| write_double(double + slack, key)).max(to))
        } else {
            // What is too large for the type of the literal becomes infinite.
            let edge = f64::from(f32::MAX) * 0.99;
            if double > 0.0 {
                (seek(&|key| write_double(edge, key)), numbers.end)
            } else {
                (numbers.start, seek(&|key| write_double(-edge, key)))
            }
        };
        let (low, high) = (low.min(from), high.min(numbers.end));
        if high - low > CLOSE {
            return None;
        }
        let (mut less, mut equal) = (low, low);
        for id in low..high {
            match self.number(TermId(id))?.compare(literal)? {
                Ordering::Less if equal == id && less == id => (less, equal) = (id + 1, id + 1),
                Ordering::Equal if equal == id => equal = id + 1,
                Ordering::Greater => {}
                _ => return None,
            }
        }
        Some(split(numbers, less, equal))
    }

    fn number(&self, id: TermId) -> Option<Number> {
        let value =
            self.with_text(id, |text, _, datatype| value(text, NamedNodeRef::new_unchecked(datatype)));
        match value?.0 {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }
}

fn split(ids: Range<u32>, from: u32, to: u32) -> Around {
    Around { less: ids.start..from, equal: from..to, greater: to..ids.end }
}
