//! What a condition on one variable says, by where the id lies.

use super::exact::Comparison;
use super::{Context, Truth};
use graph_index::{Kind, TermId};
use oxrdf::{NamedNodeRef, Term};
use spareval::ExpressionTerm;
use std::ops::Range;

/// What is known of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Known(Truth),
    /// The term has to be looked at.
    Look,
}

const FALSE: Answer = Answer::Known(Truth::False);
const TRUE: Answer = Answer::Known(Truth::True);
const ERROR: Answer = Answer::Known(Truth::Error);

/// The ids of the index cut into stretches of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spans {
    /// Where each begins; the first at 0.
    starts: Vec<u32>,
    answers: Vec<Answer>,
    /// The number of ids.
    end: u32,
}

impl Spans {
    fn all(context: &Context, answer: Answer) -> Self {
        Self { starts: vec![0], answers: vec![answer], end: context.terms().len() }
    }

    fn paint(&mut self, range: Range<u32>, answer: Answer) {
        let range = range.start..range.end.min(self.end);
        if range.is_empty() {
            return;
        }
        let after = self.of(range.end);
        let from = self.starts.partition_point(|start| *start < range.start);
        let to = self.starts.partition_point(|start| *start <= range.end);
        let rest = (range.end < self.end).then_some((range.end, after));
        let new = std::iter::once((range.start, answer)).chain(rest);
        let (starts, answers): (Vec<_>, Vec<_>) = new.unzip();
        self.starts.splice(from..to, starts);
        self.answers.splice(from..to, answers);
    }

    fn paint_kind(&mut self, context: &Context, kind: Kind, answer: Answer) {
        self.paint(context.terms().ids_of(kind), answer);
    }

    /// The answer for an id of the index.
    pub(super) fn of(&self, id: u32) -> Answer {
        let at = self.starts.partition_point(|start| *start <= id);
        self.answers[at.saturating_sub(1)]
    }

    /// `||`, id by id: true if one is, else an error if one is.
    pub(super) fn or(&self, other: &Self) -> Self {
        let mut starts: Vec<u32> = self.starts.iter().chain(&other.starts).copied().collect();
        starts.sort_unstable();
        starts.dedup();
        let answers = starts.iter().map(|start| match (self.of(*start), other.of(*start)) {
            (TRUE, _) | (_, TRUE) => TRUE,
            (Answer::Look, _) | (_, Answer::Look) => Answer::Look,
            (ERROR, _) | (_, ERROR) => ERROR,
            _ => FALSE,
        });
        Self { answers: answers.collect(), starts, end: self.end }
    }

    /// Whether no term has to be looked at.
    pub(super) fn decided(&self) -> bool {
        !self.answers.contains(&Answer::Look)
    }

    /// Whether nothing outside the range can be true.
    pub(super) fn is_false_outside(&self, range: &Range<u32>) -> bool {
        let may = self.range();
        may.is_empty() || (range.start <= may.start && may.end <= range.end)
    }

    /// From the first id that may be true to behind the last.
    pub(super) fn range(&self) -> Range<u32> {
        let may = |at: &usize| matches!(self.answers[*at], TRUE | Answer::Look);
        let (first, last) = ((0..self.starts.len()).find(may), (0..self.starts.len()).rev().find(may));
        match (first, last) {
            (Some(first), Some(last)) => {
                self.starts[first]..self.starts.get(last + 1).copied().unwrap_or(self.end)
            }
            _ => 0..0,
        }
    }

    /// `?x ∘ constant`.
    pub(super) fn compare(context: &Context, comparison: Comparison, constant: &Term) -> Self {
        let id = context.id(constant.as_ref());
        let single = id.map_or(0..0, |id| id..id + 1);
        let Term::Literal(literal) = constant else {
            // An IRI equals itself, and is neither above nor below anything.
            let other = if comparison == Comparison::Equal { FALSE } else { ERROR };
            let mut spans = Self::all(context, other);
            spans.paint(single, Answer::Known(comparison.of(std::cmp::Ordering::Equal)));
            return spans;
        };
        let value = ExpressionTerm::from(constant.clone());
        let kind = kind(&value);
        let not_a_number = match &value {
            ExpressionTerm::DoubleLiteral(number) => f64::from(*number).is_nan(),
            ExpressionTerm::FloatLiteral(number) => f32::from(*number).is_nan(),
            _ => false,
        };
        let mut spans = Self::all(context, if comparison == Comparison::Equal { FALSE } else { ERROR });
        if comparison == Comparison::Equal {
            let unknown = match kind {
                Kind::LanguageString | Kind::DirectionalString => FALSE,
                _ => ERROR,
            };
            spans.paint_kind(context, Kind::OtherTyped, unknown);
            if kind == Kind::OtherTyped {
                for kind in Kind::ALL.into_iter().filter(|kind| kind.is_literal()) {
                    if !matches!(kind, Kind::LanguageString | Kind::DirectionalString) {
                        spans.paint_kind(context, kind, ERROR);
                    }
                }
            }
        }
        let around = if not_a_number { None } else { context.terms().around(literal.as_ref()) };
        match kind {
            Kind::OtherTyped => {
                spans.paint(single, Answer::Known(comparison.of(std::cmp::Ordering::Equal)));
            }
            Kind::LanguageString | Kind::DirectionalString if comparison == Comparison::Equal => {
                spans.paint(single, TRUE);
            }
            Kind::Boolean => {
                let equal = context.terms().same_value(literal.as_ref());
                let answer = Answer::Known(comparison.of(std::cmp::Ordering::Equal));
                spans.paint(equal.unwrap_or(0..0), answer);
            }
            _ => match around {
                Some(around) => {
                    let told = |ordering| Answer::Known(comparison.of(ordering));
                    spans.paint(around.less, told(std::cmp::Ordering::Less));
                    spans.paint(around.equal, told(std::cmp::Ordering::Equal));
                    spans.paint(around.greater, told(std::cmp::Ordering::Greater));
                }
                None => spans.paint_kind(context, kind, Answer::Look),
            },
        }
        spans
    }

    /// `isIRI` and its like: true for some kinds.
    pub(super) fn kinds(context: &Context, is: impl Fn(Kind) -> bool) -> Self {
        let mut spans = Self::all(context, FALSE);
        for kind in Kind::ALL.into_iter().filter(|kind| is(*kind)) {
            spans.paint_kind(context, kind, TRUE);
        }
        spans
    }

    /// `sameTerm(?x, constant)`.
    pub(super) fn same(context: &Context, constant: &Term) -> Self {
        let mut spans = Self::all(context, FALSE);
        if let Some(id) = context.id(constant.as_ref()) {
            spans.paint(id..id + 1, TRUE);
        }
        spans
    }

    /// `YEAR(?x) ∘ constant`. The year that is written and the place on the time line differ by hours at the turn of a
    /// year, so the years beside the one asked for are looked at.
    pub(super) fn year(context: &Context, comparison: Comparison, constant: i64) -> Self {
        let mut spans = Self::all(context, ERROR);
        for kind in [Kind::DateTime, Kind::Date, Kind::GYear, Kind::GYearMonth] {
            let ids = context.terms().ids_of(kind);
            let seek =
                |until: i64| partition(ids.clone(), |id| year(context, id).is_some_and(|year| year < until));
            let (low, high) = (seek(constant.saturating_sub(1)), seek(constant.saturating_add(2)));
            let told = |ordering| Answer::Known(comparison.of(ordering));
            spans.paint(ids.start..low, told(std::cmp::Ordering::Less));
            spans.paint(low..high, Answer::Look);
            spans.paint(high..ids.end, told(std::cmp::Ordering::Greater));
        }
        spans
    }

    /// A test of text: what is known of each kind, the text kinds being looked at.
    pub(super) fn text(context: &Context, of_kind: impl Fn(Kind) -> Answer) -> Self {
        let mut spans = Self::all(context, FALSE);
        for kind in Kind::ALL {
            spans.paint_kind(context, kind, of_kind(kind));
        }
        spans
    }

    /// Within a kind that is sorted by text: whether the text begins so.
    pub(super) fn paint_prefix(&mut self, context: &Context, kind: Kind, prefix: &str) {
        let ids = context.terms().ids_of(kind);
        let from = seek(context, ids.clone(), |text| text < prefix);
        let to = seek(context, from..ids.end, |text| text.starts_with(prefix));
        self.paint(ids, FALSE);
        self.paint(from..to, TRUE);
    }

    /// Within a kind that is sorted by text: how the text compares.
    pub(super) fn paint_compared(&mut self, context: &Context, kind: Kind, comparison: Comparison, to: &str) {
        let ids = context.terms().ids_of(kind);
        let from = seek(context, ids.clone(), |text| text < to);
        let until = seek(context, from..ids.end, |text| text <= to);
        let told = |ordering| Answer::Known(comparison.of(ordering));
        self.paint(ids.start..from, told(std::cmp::Ordering::Less));
        self.paint(from..until, told(std::cmp::Ordering::Equal));
        self.paint(until..ids.end, told(std::cmp::Ordering::Greater));
    }
}

fn seek(context: &Context, ids: Range<u32>, before: impl Fn(&str) -> bool) -> u32 {
    partition(ids, |id| context.terms().with_text(TermId(id), |text, _, _| before(text)))
}

/// The first id that does not fulfil what all before it do.
fn partition(ids: Range<u32>, fulfils: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (ids.start, ids.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if fulfils(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

fn year(context: &Context, id: u32) -> Option<i64> {
    year_of(&context.terms().term(TermId(id)).into())
}

/// `YEAR()`.
pub(super) fn year_of(term: &ExpressionTerm) -> Option<i64> {
    Some(match term {
        ExpressionTerm::DateTimeLiteral(moment) => moment.year(),
        ExpressionTerm::DateLiteral(date) => date.year(),
        ExpressionTerm::GYearMonthLiteral(month) => month.year(),
        ExpressionTerm::GYearLiteral(year) => year.year(),
        _ => return None,
    })
}

/// The kind of a value, as the index sorts it.
pub(super) fn kind(term: &ExpressionTerm) -> Kind {
    use ExpressionTerm as E;
    match term {
        E::NamedNode(_) => Kind::NamedNode,
        E::BlankNode(_) => Kind::BlankNode,
        E::StringLiteral(_) => Kind::String,
        E::LangStringLiteral { .. } => Kind::LanguageString,
        E::DirLangStringLiteral { .. } => Kind::DirectionalString,
        E::BooleanLiteral(_) => Kind::Boolean,
        E::IntegerLiteral(_) | E::DecimalLiteral(_) | E::FloatLiteral(_) | E::DoubleLiteral(_) => {
            Kind::Numeric
        }
        E::DateTimeLiteral(_) => Kind::DateTime,
        E::DateLiteral(_) => Kind::Date,
        E::TimeLiteral(_) => Kind::Time,
        E::GYearLiteral(_) => Kind::GYear,
        E::GYearMonthLiteral(_) => Kind::GYearMonth,
        E::GMonthLiteral(_) => Kind::GMonth,
        E::GMonthDayLiteral(_) => Kind::GMonthDay,
        E::GDayLiteral(_) => Kind::GDay,
        E::DurationLiteral(_) | E::YearMonthDurationLiteral(_) | E::DayTimeDurationLiteral(_) => {
            Kind::Duration
        }
        E::OtherTypedLiteral { .. } => Kind::OtherTyped,
        E::Triple(_) => Kind::Triple,
    }
}

/// The IRI of a datatype of the text kinds, for tests of `DATATYPE`.
pub(super) fn datatype_kinds(context: &Context, datatype: NamedNodeRef<'_>) -> Spans {
    use oxrdf::vocab::{rdf, xsd};
    let mut spans = Spans::all(context, FALSE);
    for kind in [Kind::BlankNode, Kind::NamedNode, Kind::Triple] {
        spans.paint_kind(context, kind, ERROR);
    }
    let mut yes = |kind| spans.paint_kind(context, kind, TRUE);
    match datatype {
        xsd::STRING => yes(Kind::String),
        rdf::LANG_STRING => yes(Kind::LanguageString),
        rdf::DIR_LANG_STRING => yes(Kind::DirectionalString),
        xsd::BOOLEAN => yes(Kind::Boolean),
        xsd::DATE_TIME => yes(Kind::DateTime),
        xsd::DATE => yes(Kind::Date),
        xsd::TIME => yes(Kind::Time),
        xsd::G_YEAR => yes(Kind::GYear),
        xsd::G_YEAR_MONTH => yes(Kind::GYearMonth),
        xsd::G_MONTH => yes(Kind::GMonth),
        xsd::G_MONTH_DAY => yes(Kind::GMonthDay),
        xsd::G_DAY => yes(Kind::GDay),
        _ => {}
    }
    // Numbers, durations and other datatypes mix within their kinds; a broken literal keeps its datatype.
    for kind in [Kind::Numeric, Kind::Duration, Kind::OtherTyped] {
        spans.paint_kind(context, kind, Answer::Look);
    }
    spans
}
