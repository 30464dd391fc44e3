//! Sums of numbers of mixed types, as spareval adds: integers until a decimal comes, decimals until a float, floats until
//! a double. Overflow and what is no number make the sum an error.

use oxrdf::{Literal, Term};
use oxsdatatypes::{Decimal, Double, Float, Integer};
use spareval::ExpressionTerm;

/// A number of one of the four types.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Integer(Integer),
    Decimal(Decimal),
    Float(Float),
    Double(Double),
}

/// The number that a term is.
pub(super) fn number(term: Term) -> Option<Number> {
    match ExpressionTerm::from(term) {
        ExpressionTerm::IntegerLiteral(value) => Some(Number::Integer(value)),
        ExpressionTerm::DecimalLiteral(value) => Some(Number::Decimal(value)),
        ExpressionTerm::FloatLiteral(value) => Some(Number::Float(value)),
        ExpressionTerm::DoubleLiteral(value) => Some(Number::Double(value)),
        _ => None,
    }
}

/// A sum so far, and of how many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    sum: Option<Number>,
    count: i64,
}

impl Default for Sum {
    fn default() -> Self {
        Self { sum: Some(Number::Integer(Integer::default())), count: 0 }
    }
}

impl Sum {
    /// Adds a number; `None` is an error.
    pub(super) fn add(&mut self, number: Option<Number>) {
        self.count += 1;
        self.sum = self.sum.zip(number).and_then(|(sum, number)| sum.plus(number));
    }

    /// The sum; 0 of nothing.
    pub(super) fn total(&self) -> Option<Literal> {
        Some(self.sum?.literal())
    }

    /// The sum divided by the number of values; 0 of nothing.
    pub(super) fn average(&self) -> Option<Literal> {
        let sum = self.sum?;
        if self.count == 0 {
            return Some(Literal::from(0));
        }
        let count = Integer::from(self.count);
        Some(
            match sum {
                Number::Integer(sum) => Number::Decimal(Decimal::from(sum).checked_div(count)?),
                Number::Decimal(sum) => Number::Decimal(sum.checked_div(count)?),
                Number::Float(sum) => Number::Float(sum / Float::from(count)),
                Number::Double(sum) => Number::Double(sum / Double::from(count)),
            }
            .literal(),
        )
    }
}

impl Number {
    fn plus(self, other: Self) -> Option<Self> {
        use Number as N;
        Some(match (self, other) {
            (N::Integer(one), N::Integer(other)) => N::Integer(one.checked_add(other)?),
            (N::Double(_), _) | (_, N::Double(_)) => N::Double(self.double() + other.double()),
            (N::Float(_), _) | (_, N::Float(_)) => N::Float(self.float() + other.float()),
            (one, other) => N::Decimal(one.decimal()?.checked_add(other.decimal()?)?),
        })
    }

    fn decimal(self) -> Option<Decimal> {
        match self {
            Self::Integer(value) => Some(value.into()),
            Self::Decimal(value) => Some(value),
            Self::Float(_) | Self::Double(_) => None,
        }
    }

    fn float(self) -> Float {
        match self {
            Self::Integer(value) => value.into(),
            Self::Decimal(value) => value.into(),
            Self::Float(value) => value,
            Self::Double(value) => value.into(),
        }
    }

    fn double(self) -> Double {
        match self {
            Self::Integer(value) => value.into(),
            Self::Decimal(value) => value.into(),
            Self::Float(value) => value.into(),
            Self::Double(value) => value,
        }
    }

    fn literal(self) -> Literal {
        match self {
            Self::Integer(value) => value.into(),
            Self::Decimal(value) => value.into(),
            Self::Float(value) => value.into(),
            Self::Double(value) => value.into(),
        }
    }
}
