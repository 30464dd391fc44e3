//! The order of `ORDER BY` for terms that have no rank, the same as the index has: by kind, then by value.

use oxrdf::vocab::xsd;
use oxrdf::{Literal, Term};
use oxsdatatypes::{
    Date, DateTime, Decimal, Double, Duration, Float, GDay, GMonth, GMonthDay, GYear, GYearMonth, Integer,
    Time,
};
use std::cmp::Ordering;
use std::str::FromStr;

/// A number as its type has it.
enum Number {
    Decimal(Decimal),
    Double(Double),
}

/// The order of two terms: total, so that it may sort, and [`Ordering::Equal`] for one term only.
pub(in crate::query) fn compare(one: &Term, other: &Term) -> Ordering {
    class(one).cmp(&class(other)).then_with(|| match (one, other) {
        (Term::Literal(left), Term::Literal(right)) => {
            by_value(left, right).then_with(|| one.to_string().cmp(&other.to_string()))
        }
        (Term::NamedNode(one), Term::NamedNode(other)) => one.as_str().cmp(other.as_str()),
        (Term::BlankNode(one), Term::BlankNode(other)) => one.as_str().cmp(other.as_str()),
        (Term::Triple(one), Term::Triple(other)) => one
            .subject
            .to_string()
            .cmp(&other.subject.to_string())
            .then_with(|| one.predicate.as_str().cmp(other.predicate.as_str()))
            .then_with(|| compare(&one.object, &other.object)),
        _ => Ordering::Equal,
    })
}

/// Whether two terms have one value, so that `ORDER BY` goes on to its next key.
pub(in crate::query) fn same_value(one: &Term, other: &Term) -> bool {
    match (one, other) {
        (Term::Literal(left), Term::Literal(right)) => {
            one == other
                || (class(one) == class(other)
                    && !matches!(class(one), 4..=6 | 20)
                    && by_value(left, right) == Ordering::Equal
                    && has_zone(left) == has_zone(right))
        }
        _ => one == other,
    }
}

/// The place of a term's kind among the others.
fn class(term: &Term) -> u8 {
    let literal = match term {
        Term::BlankNode(_) => return 1,
        Term::NamedNode(_) => return 2,
        Term::Triple(_) => return 30,
        Term::Literal(literal) => literal,
    };
    if number(literal).is_some() {
        return 3;
    }
    if literal.language().is_some() {
        return if literal.direction().is_some() { 6 } else { 5 };
    }
    let (text, datatype) = (literal.value(), literal.datatype());
    let valid = |parsed: bool, class: u8| if parsed { class } else { 20 };
    match datatype {
        xsd::STRING => 4,
        xsd::BOOLEAN => valid(matches!(text, "true" | "false" | "1" | "0"), 7),
        xsd::DATE_TIME | xsd::DATE_TIME_STAMP => valid(DateTime::from_str(text).is_ok(), 8),
        xsd::DATE => valid(Date::from_str(text).is_ok(), 9),
        xsd::TIME => valid(Time::from_str(text).is_ok(), 10),
        xsd::G_YEAR => valid(GYear::from_str(text).is_ok(), 11),
        xsd::G_YEAR_MONTH => valid(GYearMonth::from_str(text).is_ok(), 12),
        xsd::G_MONTH => valid(GMonth::from_str(text).is_ok(), 13),
        xsd::G_MONTH_DAY => valid(GMonthDay::from_str(text).is_ok(), 14),
        xsd::G_DAY => valid(GDay::from_str(text).is_ok(), 15),
        xsd::DURATION | xsd::YEAR_MONTH_DURATION | xsd::DAY_TIME_DURATION => {
            valid(Duration::from_str(text).is_ok(), 16)
        }
        _ => 20,
    }
}

/// The order of literals of one class.
fn by_value(one: &Literal, other: &Literal) -> Ordering {
    let (left, right) = (one.value(), other.value());
    match class(&Term::from(one.clone())) {
        3 => {
            let (Some(one), Some(other)) = (number(one), number(other)) else { return Ordering::Equal };
            let (left, right) = (f64::from(one.double()), f64::from(other.double()));
            // NaN comes last, as in the index; decimals that round to one double are told apart.
            left.partial_cmp(&right).unwrap_or_else(|| left.is_nan().cmp(&right.is_nan())).then_with(
                || match (one, other) {
                    (Number::Decimal(one), Number::Decimal(other)) => {
                        one.partial_cmp(&other).unwrap_or(Ordering::Equal)
                    }
                    _ => Ordering::Equal,
                },
            )
        }
        7 => matches!(left, "true" | "1").cmp(&matches!(right, "true" | "1")),
        8 => moments::<DateTime>(one, other),
        9 => moments::<Date>(one, other),
        10 => moments::<Time>(one, other),
        11 => moments::<GYear>(one, other),
        12 => moments::<GYearMonth>(one, other),
        13 => moments::<GMonth>(one, other),
        14 => moments::<GMonthDay>(one, other),
        15 => moments::<GDay>(one, other),
        16 => length(left).total_cmp(&length(right)),
        20 => one.datatype().as_str().cmp(other.datatype().as_str()).then_with(|| left.cmp(right)),
        _ => left.cmp(right).then_with(|| one.language().cmp(&other.language())),
    }
}

fn has_zone(literal: &Literal) -> bool {
    let text = literal.value();
    text.ends_with('Z') || text.rfind(['+', '-']).is_some_and(|at| at > 0 && text[at..].contains(':'))
}

/// What has no time zone is taken as in that of Greenwich, so that all can be compared.
fn moments<T: FromStr + PartialOrd>(one: &Literal, other: &Literal) -> Ordering {
    let parse = |literal: &Literal| {
        let text = literal.value();
        if has_zone(literal) { T::from_str(text).ok() } else { T::from_str(&format!("{text}Z")).ok() }
    };
    match (parse(one), parse(other)) {
        (Some(one), Some(other)) => one.partial_cmp(&other).unwrap_or(Ordering::Equal),
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}

/// A duration in seconds, with months of the usual length.
fn length(text: &str) -> f64 {
    Duration::from_str(text).map_or(0.0, |duration| {
        duration.years() as f64 * 31_556_952.0
            + duration.months() as f64 * 2_629_746.0
            + duration.days() as f64 * 86_400.0
            + duration.hours() as f64 * 3_600.0
            + duration.minutes() as f64 * 60.0
            + f64::from(Double::from(duration.seconds()))
    })
}

impl Number {
    fn double(&self) -> Double {
        match self {
            Self::Decimal(decimal) => (*decimal).into(),
            Self::Double(double) => *double,
        }
    }
}

fn number(literal: &Literal) -> Option<Number> {
    let text = literal.value();
    match literal.datatype() {
        xsd::FLOAT => Float::from_str(text).ok().map(|float| Number::Double(float.into())),
        xsd::DOUBLE => Double::from_str(text).ok().map(Number::Double),
        xsd::DECIMAL => Decimal::from_str(text).ok().map(Number::Decimal),
        xsd::INTEGER
        | xsd::BYTE
        | xsd::SHORT
        | xsd::INT
        | xsd::LONG
        | xsd::UNSIGNED_BYTE
        | xsd::UNSIGNED_SHORT
        | xsd::UNSIGNED_INT
        | xsd::UNSIGNED_LONG
        | xsd::POSITIVE_INTEGER
        | xsd::NEGATIVE_INTEGER
        | xsd::NON_POSITIVE_INTEGER
        | xsd::NON_NEGATIVE_INTEGER => {
            Integer::from_str(text).ok().map(|number| Number::Decimal(number.into()))
        }
        _ => None,
    }
}
