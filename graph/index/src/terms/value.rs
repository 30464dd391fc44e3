//! Datatypes that have an order, and what their literals mean.
//!
//! The list is that of Oxigraph (its encoder of terms and its evaluator have the same), so that a literal is a number
//! here exactly when it is one there. A text that its datatype does not allow, or that is too large for what
//! `oxsdatatypes` holds it in, has no value: it is of the kind "other typed" and equal only to itself.

use super::kind::Kind;
use super::number::{Number, sorted};
use oxrdf::vocab::xsd;
use oxrdf::{Literal, LiteralRef, NamedNodeRef};
use oxsdatatypes::{
    Boolean, Date, DateTime, DayTimeDuration, Duration, GDay, GMonth, GMonthDay, GYear, GYearMonth, Integer,
    Time, YearMonthDuration,
};
use std::str::FromStr;
use std::sync::LazyLock;

/// The datatypes, by the byte that stands for each in a key; equal numbers sort by it.
pub(crate) const DATATYPES: [NamedNodeRef<'static>; 29] = [
    xsd::INTEGER,
    xsd::DECIMAL,
    xsd::FLOAT,
    xsd::DOUBLE,
    xsd::BYTE,
    xsd::SHORT,
    xsd::INT,
    xsd::LONG,
    xsd::UNSIGNED_BYTE,
    xsd::UNSIGNED_SHORT,
    xsd::UNSIGNED_INT,
    xsd::UNSIGNED_LONG,
    xsd::POSITIVE_INTEGER,
    xsd::NEGATIVE_INTEGER,
    xsd::NON_POSITIVE_INTEGER,
    xsd::NON_NEGATIVE_INTEGER,
    xsd::BOOLEAN,
    xsd::DATE_TIME,
    xsd::DATE_TIME_STAMP,
    xsd::DATE,
    xsd::TIME,
    xsd::G_YEAR,
    xsd::G_YEAR_MONTH,
    xsd::G_MONTH,
    xsd::G_MONTH_DAY,
    xsd::G_DAY,
    xsd::DURATION,
    xsd::YEAR_MONTH_DURATION,
    xsd::DAY_TIME_DURATION,
];

/// The datatypes of times and durations.
#[must_use]
pub fn time_datatypes() -> &'static [NamedNodeRef<'static>] {
    let first = DATATYPES.iter().position(|datatype| *datatype == xsd::DATE_TIME);
    first.and_then(|first| DATATYPES.get(first..)).unwrap_or_default()
}

/// What a literal means.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value {
    Number(Number),
    Boolean(bool),
    /// Sixteen bytes of a time line in UTC, or as if it were, and two of a time zone, as `oxsdatatypes` writes them.
    Moment(Kind, [u8; 18]),
    Duration(Duration),
}

/// The value of a literal, and the byte of its datatype.
pub(crate) fn value(lexical: &str, datatype: NamedNodeRef<'_>) -> Option<(Value, u8)> {
    let code = code(datatype)?;
    let number = |number| Some(Value::Number(number));
    let moment = |kind, bytes: Option<[u8; 18]>| Some(Value::Moment(kind, bytes?));
    let value = match DATATYPES[usize::from(code)] {
        xsd::DECIMAL => number(Number::Decimal(lexical.parse().ok()?)),
        xsd::FLOAT => number(Number::Float(lexical.parse().ok()?)),
        xsd::DOUBLE => number(Number::Double(lexical.parse().ok()?)),
        xsd::BOOLEAN => Some(Value::Boolean(Boolean::from_str(lexical).ok()?.into())),
        xsd::DATE_TIME | xsd::DATE_TIME_STAMP => {
            moment(Kind::DateTime, DateTime::from_str(lexical).ok().map(DateTime::to_be_bytes))
        }
        xsd::DATE => moment(Kind::Date, Date::from_str(lexical).ok().map(Date::to_be_bytes)),
        xsd::TIME => moment(Kind::Time, Time::from_str(lexical).ok().map(Time::to_be_bytes)),
        xsd::G_YEAR => moment(Kind::GYear, GYear::from_str(lexical).ok().map(GYear::to_be_bytes)),
        xsd::G_YEAR_MONTH => {
            moment(Kind::GYearMonth, GYearMonth::from_str(lexical).ok().map(GYearMonth::to_be_bytes))
        }
        xsd::G_MONTH => moment(Kind::GMonth, GMonth::from_str(lexical).ok().map(GMonth::to_be_bytes)),
        xsd::G_MONTH_DAY => {
            moment(Kind::GMonthDay, GMonthDay::from_str(lexical).ok().map(GMonthDay::to_be_bytes))
        }
        xsd::G_DAY => moment(Kind::GDay, GDay::from_str(lexical).ok().map(GDay::to_be_bytes)),
        xsd::DURATION => Some(Value::Duration(lexical.parse().ok()?)),
        xsd::YEAR_MONTH_DURATION => Some(Value::Duration(YearMonthDuration::from_str(lexical).ok()?.into())),
        xsd::DAY_TIME_DURATION => Some(Value::Duration(DayTimeDuration::from_str(lexical).ok()?.into())),
        _ => number(Number::Integer(lexical.parse().ok()?)),
    };
    Some((value?, code))
}

fn code(datatype: NamedNodeRef<'_>) -> Option<u8> {
    // All begin alike, so that most other datatypes are known by their beginning.
    let first = xsd::INTEGER.as_str();
    let common = first.len() - "integer".len();
    let name = datatype.as_str().strip_prefix(&first[..common])?;
    let position = DATATYPES.iter().position(|known| &known.as_str()[common..] == name)?;
    u8::try_from(position).ok()
}

impl Value {
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Number(_) => Kind::Numeric,
            Self::Boolean(_) => Kind::Boolean,
            Self::Moment(kind, _) => kind,
            Self::Duration(_) => Kind::Duration,
        }
    }

    /// Writes the bytes by which values of the kind sort; none is a prefix of another's.
    pub(crate) fn write(self, key: &mut Vec<u8>) {
        match self {
            Self::Number(number) => number.write(key),
            Self::Boolean(value) => key.push(u8::from(value)),
            Self::Moment(_, bytes) => {
                key.extend_from_slice(&line(bytes));
                key.push(u8::from(has_zone(bytes)));
            }
            Self::Duration(duration) => write_duration(duration, key),
        }
    }

    /// Whether a moment has a time zone.
    pub(crate) fn has_zone(self) -> bool {
        matches!(self, Self::Moment(_, bytes) if has_zone(bytes))
    }
}

fn line(bytes: [u8; 18]) -> [u8; 16] {
    let mut line = [0; 16];
    line.copy_from_slice(&bytes[..16]);
    sorted(i128::from_be_bytes(line))
}

fn has_zone(bytes: [u8; 18]) -> bool {
    bytes[16..] != [u8::MAX; 2]
}

/// A duration is ordered by where it leads from one moment, which agrees with the partial order of the standard (XSD
/// 1.1 part 2, 3.3.6.1), as that asks the same of four moments; then by its months and seconds.
fn write_duration(duration: Duration, key: &mut Vec<u8>) {
    static FROM: LazyLock<Option<DateTime>> = LazyLock::new(|| "1969-09-01T00:00:00".parse().ok());
    let bytes = duration.to_be_bytes();
    let (months, seconds) = bytes.split_at(8);
    let months = months.try_into().map(i64::from_be_bytes).unwrap_or_default();
    let seconds = seconds.try_into().map(i128::from_be_bytes).unwrap_or_default();
    let to = FROM.and_then(|from| from.checked_add_duration(duration));
    match to {
        Some(to) => key.extend_from_slice(&line(to.to_be_bytes())),
        // Further than any date: nothing can be compared with it, so its sign is enough.
        None if months < 0 || seconds < 0 => key.extend_from_slice(&sorted(i128::MIN)),
        None => key.extend_from_slice(&sorted(i128::MAX)),
    }
    key.extend_from_slice(&sorted(months.into())[8..]);
    key.extend_from_slice(&sorted(seconds));
}

/// The literal as Oxigraph gives it back after it was stored: the canonical text of its value, the integers' derived
/// types as `xsd:integer`, a dateTimeStamp as `xsd:dateTime`. Other literals are stored as they are: `None`.
pub(crate) fn stored(literal: LiteralRef<'_>) -> Option<Literal> {
    if literal.language().is_some() {
        return None;
    }
    let lexical = literal.value();
    let (value, code) = value(lexical, literal.datatype())?;
    let datatype = DATATYPES[usize::from(code)];
    let same = |text: String| Some(Literal::new_typed_literal(text, datatype));
    match value {
        Value::Number(Number::Integer(number)) => {
            Some(Literal::new_typed_literal(Integer::to_string(&number), xsd::INTEGER))
        }
        Value::Number(Number::Decimal(number)) => same(number.to_string()),
        Value::Number(Number::Float(number)) => same(number.to_string()),
        Value::Number(Number::Double(number)) => same(number.to_string()),
        Value::Boolean(value) => same(value.to_string()),
        Value::Moment(kind, bytes) => match kind {
            Kind::DateTime => {
                Some(Literal::new_typed_literal(DateTime::from_be_bytes(bytes).to_string(), xsd::DATE_TIME))
            }
            Kind::Date => same(Date::from_be_bytes(bytes).to_string()),
            Kind::Time => same(Time::from_be_bytes(bytes).to_string()),
            Kind::GYear => same(GYear::from_be_bytes(bytes).to_string()),
            Kind::GYearMonth => same(GYearMonth::from_be_bytes(bytes).to_string()),
            Kind::GMonth => same(GMonth::from_be_bytes(bytes).to_string()),
            Kind::GMonthDay => same(GMonthDay::from_be_bytes(bytes).to_string()),
            _ => same(GDay::from_be_bytes(bytes).to_string()),
        },
        Value::Duration(duration) => match datatype {
            xsd::YEAR_MONTH_DURATION => same(YearMonthDuration::from_str(lexical).ok()?.to_string()),
            xsd::DAY_TIME_DURATION => same(DayTimeDuration::from_str(lexical).ok()?.to_string()),
            _ => same(duration.to_string()),
        },
    }
}
