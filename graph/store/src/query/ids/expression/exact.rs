//! The operators `=` and `<` of SPARQL on two terms, as the evaluator of Oxigraph has them.
//!
//! It keeps its own to itself, so they stand here once more (SPARQL 1.1, 17.3 and 17.4.1.7; XPath's promotion of
//! numbers: an integer is compared with a double as a double). What looks odd is meant: two equal terms are `<=` of each
//! other whatever they are, even IRIs; an unknown datatype makes an error rather than a difference. The differential
//! test keeps both alike.

use super::Truth;
use oxsdatatypes::{Decimal, Double, Float};
use spareval::{ExpressionTerm as Term, ExpressionTriple};
use std::cmp::Ordering;

/// A comparison with two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// With the sides changed.
    pub(super) fn turned(self) -> Self {
        match self {
            Self::Equal => Self::Equal,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    /// What it says when the left side stands so to the right one.
    pub(super) fn of(self, ordering: Ordering) -> Truth {
        Truth::from(match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        })
    }

    /// What it says of two terms.
    pub(super) fn judge(self, a: &Term, b: &Term) -> Truth {
        match self {
            Self::Equal => equal(a, b).map_or(Truth::Error, Truth::from),
            _ => compare(a, b).map_or(Truth::Error, |ordering| self.of(ordering)),
        }
    }
}

/// `=`.
pub(super) fn equal(a: &Term, b: &Term) -> Option<bool> {
    match (a, b) {
        (
            Term::NamedNode(_)
            | Term::BlankNode(_)
            | Term::LangStringLiteral { .. }
            | Term::DirLangStringLiteral { .. },
            _,
        ) => Some(a == b),
        (Term::Triple(a), Term::Triple(b)) => equal_triples(a, b),
        (Term::Triple(_), _) => Some(false),
        (Term::OtherTypedLiteral { .. }, Term::OtherTypedLiteral { .. }) => (a == b).then_some(true),
        (
            Term::OtherTypedLiteral { .. },
            Term::NamedNode(_)
            | Term::BlankNode(_)
            | Term::LangStringLiteral { .. }
            | Term::DirLangStringLiteral { .. }
            | Term::Triple(_),
        ) => Some(false),
        (Term::OtherTypedLiteral { .. }, _) | (_, Term::OtherTypedLiteral { .. }) => None,
        (Term::DurationLiteral(a), Term::YearMonthDurationLiteral(b)) => Some(a == b),
        (Term::DurationLiteral(a), Term::DayTimeDurationLiteral(b)) => Some(a == b),
        (Term::YearMonthDurationLiteral(a), Term::DurationLiteral(b)) => Some(a == b),
        (Term::YearMonthDurationLiteral(a), Term::DayTimeDurationLiteral(b)) => Some(a == b),
        (Term::DayTimeDurationLiteral(a), Term::DurationLiteral(b)) => Some(a == b),
        (Term::DayTimeDurationLiteral(a), Term::YearMonthDurationLiteral(b)) => Some(a == b),
        _ => match numbers(a, b) {
            Some(Numbers::Decimals(a, b)) => Some(a == b),
            Some(Numbers::Floats(a, b)) => Some(a == b),
            Some(Numbers::Doubles(a, b)) => Some(a == b),
            None => Some(a == b),
        },
    }
}

fn equal_triples(a: &ExpressionTriple, b: &ExpressionTriple) -> Option<bool> {
    Some(a.subject == b.subject && a.predicate == b.predicate && equal(&a.object, &b.object)?)
}

/// `<`, `=` or `>`; `None` is an error.
pub(super) fn compare(a: &Term, b: &Term) -> Option<Ordering> {
    if a == b {
        return Some(Ordering::Equal);
    }
    match (a, b) {
        (Term::Triple(a), Term::Triple(b)) => {
            (a.subject == b.subject && a.predicate == b.predicate).then(|| compare(&a.object, &b.object))?
        }
        (Term::StringLiteral(a), Term::StringLiteral(b)) => Some(a.cmp(b)),
        (
            Term::LangStringLiteral { value: a, language: la },
            Term::LangStringLiteral { value: b, language: lb },
        ) => (la == lb).then(|| a.cmp(b)),
        (
            Term::DirLangStringLiteral { value: a, language: la, direction: da },
            Term::DirLangStringLiteral { value: b, language: lb, direction: db },
        ) => (la == lb && da == db).then(|| a.cmp(b)),
        (Term::DateTimeLiteral(a), Term::DateTimeLiteral(b)) => a.partial_cmp(b),
        (Term::TimeLiteral(a), Term::TimeLiteral(b)) => a.partial_cmp(b),
        (Term::DateLiteral(a), Term::DateLiteral(b)) => a.partial_cmp(b),
        (Term::GYearMonthLiteral(a), Term::GYearMonthLiteral(b)) => a.partial_cmp(b),
        (Term::GYearLiteral(a), Term::GYearLiteral(b)) => a.partial_cmp(b),
        (Term::GMonthDayLiteral(a), Term::GMonthDayLiteral(b)) => a.partial_cmp(b),
        (Term::GDayLiteral(a), Term::GDayLiteral(b)) => a.partial_cmp(b),
        (Term::GMonthLiteral(a), Term::GMonthLiteral(b)) => a.partial_cmp(b),
        (Term::DurationLiteral(a), Term::DurationLiteral(b)) => a.partial_cmp(b),
        (Term::DurationLiteral(a), Term::YearMonthDurationLiteral(b)) => a.partial_cmp(b),
        (Term::DurationLiteral(a), Term::DayTimeDurationLiteral(b)) => a.partial_cmp(b),
        (Term::YearMonthDurationLiteral(a), Term::DurationLiteral(b)) => a.partial_cmp(b),
        (Term::YearMonthDurationLiteral(a), Term::YearMonthDurationLiteral(b)) => a.partial_cmp(b),
        (Term::YearMonthDurationLiteral(a), Term::DayTimeDurationLiteral(b)) => a.partial_cmp(b),
        (Term::DayTimeDurationLiteral(a), Term::DurationLiteral(b)) => a.partial_cmp(b),
        (Term::DayTimeDurationLiteral(a), Term::YearMonthDurationLiteral(b)) => a.partial_cmp(b),
        (Term::DayTimeDurationLiteral(a), Term::DayTimeDurationLiteral(b)) => a.partial_cmp(b),
        _ => match numbers(a, b)? {
            Numbers::Decimals(a, b) => a.partial_cmp(&b),
            Numbers::Floats(a, b) => a.partial_cmp(&b),
            Numbers::Doubles(a, b) => a.partial_cmp(&b),
        },
    }
}

/// Two numbers brought to one type.
enum Numbers {
    /// Integers are decimals as far as comparing goes: every 64-bit integer is one exactly.
    Decimals(Decimal, Decimal),
    Floats(Float, Float),
    Doubles(Double, Double),
}

fn numbers(a: &Term, b: &Term) -> Option<Numbers> {
    let double = |term: &Term| {
        Some(match term {
            Term::IntegerLiteral(number) => (*number).into(),
            Term::DecimalLiteral(number) => (*number).into(),
            Term::FloatLiteral(number) => (*number).into(),
            Term::DoubleLiteral(number) => *number,
            _ => return None,
        })
    };
    let float = |term: &Term| {
        Some(match term {
            Term::IntegerLiteral(number) => (*number).into(),
            Term::DecimalLiteral(number) => (*number).into(),
            Term::FloatLiteral(number) => *number,
            _ => return None,
        })
    };
    let decimal = |term: &Term| {
        Some(match term {
            Term::IntegerLiteral(number) => (*number).into(),
            Term::DecimalLiteral(number) => *number,
            _ => return None,
        })
    };
    Some(match (a, b) {
        (Term::DoubleLiteral(_), _) | (_, Term::DoubleLiteral(_)) => Numbers::Doubles(double(a)?, double(b)?),
        (Term::FloatLiteral(_), _) | (_, Term::FloatLiteral(_)) => Numbers::Floats(float(a)?, float(b)?),
        _ => Numbers::Decimals(decimal(a)?, decimal(b)?),
    })
}
