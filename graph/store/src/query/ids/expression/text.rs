//! Tests of text with a constant pattern: `CONTAINS`, `STRSTARTS`, `STRENDS`, `REGEX`, `LANGMATCHES`, comparisons of
//! `STR(?x)` and `LANG(?x)`.
//!
//! A pattern is compiled once. The text stays in the dictionary and is only looked at there; where the index has
//! n-grams and the pattern a part that must occur, all texts that pass are found at once.

use super::exact::Comparison;
use super::needle::needles;
use super::spans::{Answer, Spans};
use super::{Context, Truth};
use crate::query::evaluate::EvaluateError;
use graph_index::{Kind, TermId, fold};
use oxrdf::{Term, Variable};
use regex::{Regex, RegexBuilder};
use spareval::ExpressionTerm;
use spargebra::algebra::{Expression, Function};
use std::borrow::Cow;

/// As the evaluator of Oxigraph has it, so that both refuse the same patterns.
const REGEX_SIZE_LIMIT: usize = 1_000_000;
/// Fewer terms are looked at without a search; in the small data of tests everything is searched.
const WORTH: usize = if cfg!(test) { 1 } else { 256 };
/// Neighbours in the dictionary are read several times quicker than terms here and there.
const QUICKER: usize = if cfg!(test) { 1_000 } else { 2 };

/// Which text of a term is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Its own: an error unless it is a string.
    Own,
    /// `STR()`: of IRIs and all literals.
    Str,
    /// `LANG()`.
    Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Upper,
}

/// A text of a variable's value, with `LCASE` and `UCASE` applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    part: Part,
    cases: Vec<Case>,
    /// Whether the text keeps the language of its literal.
    tagged: bool,
}

impl Source {
    /// Reads `?x`, `STR(?x)`, `LANG(?x)` and these in `LCASE`, `UCASE`, `STR`.
    pub(super) fn of(expression: &Expression) -> Option<(Variable, Self)> {
        match expression {
            Expression::Variable(variable) => {
                Some((variable.clone(), Self { part: Part::Own, cases: Vec::new(), tagged: true }))
            }
            Expression::FunctionCall(function, list) => {
                let (variable, mut source) = Self::of(list.first()?)?;
                let bare = source.part == Part::Own && source.tagged && source.cases.is_empty();
                match function {
                    Function::Str if bare => source.part = Part::Str,
                    Function::Lang if bare => source.part = Part::Language,
                    Function::Str => {}
                    Function::LCase => source.cases.push(Case::Lower),
                    Function::UCase => source.cases.push(Case::Upper),
                    _ => return None,
                }
                if matches!(function, Function::Str | Function::Lang) {
                    source.tagged = false;
                }
                Some((variable, source))
            }
            _ => None,
        }
    }

    /// Whether it is `LANG(?x)` as it stands.
    pub(super) fn is_language(&self) -> bool {
        self.part == Part::Language && self.cases.is_empty()
    }

    fn cased<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for case in &self.cases {
            text = Cow::Owned(match case {
                Case::Lower => text.to_lowercase(),
                Case::Upper => text.to_uppercase(),
            });
        }
        text
    }
}

/// What is asked of the text.
#[derive(Debug, Clone)]
pub(super) enum TextTest {
    Contains(String),
    Starts(String),
    Ends(String),
    /// With what every text has that matches.
    Regex(Regex, Option<Vec<Vec<char>>>),
    Compare(Comparison, String),
    /// `LANGMATCHES` with a range in lower case.
    Matches(String),
}

impl TextTest {
    /// `None` for what is no pattern: it is an error for every text.
    pub(super) fn regex(given: &str, flags: &str) -> Option<Self> {
        let pattern =
            if flags.contains('q') { Cow::Owned(regex::escape(given)) } else { Cow::Borrowed(given) };
        let mut builder = RegexBuilder::new(&pattern);
        builder.size_limit(REGEX_SIZE_LIMIT);
        for flag in flags.chars() {
            match flag {
                's' => builder.dot_matches_new_line(true),
                'm' => builder.multi_line(true),
                'i' => builder.case_insensitive(true),
                'x' => builder.ignore_whitespace(true),
                'q' => &mut builder,
                _ => return None,
            };
        }
        Some(Self::Regex(builder.build().ok()?, needles(given, flags)))
    }

    /// `tag` says that the text has a language.
    fn passes(&self, text: &str, tag: bool) -> Truth {
        Truth::from(match self {
            Self::Contains(pattern) => memchr::memmem::find(text.as_bytes(), pattern.as_bytes()).is_some(),
            Self::Starts(pattern) => text.starts_with(pattern.as_str()),
            Self::Ends(pattern) => text.ends_with(pattern.as_str()),
            Self::Regex(regex, _) => regex.is_match(text),
            // A text with a language is another term than one without, and not comparable with it.
            Self::Compare(Comparison::Equal, _) if tag => false,
            Self::Compare(_, _) if tag => return Truth::Error,
            Self::Compare(comparison, pattern) => return comparison.of(text.cmp(pattern)),
            Self::Matches(range) => matches(text, range),
        })
    }
}

/// Basic filtering (RFC 4647, 3.3.1), as the evaluator of Oxigraph has it.
fn matches(tag: &str, range: &str) -> bool {
    if range == "*" {
        return !tag.is_empty();
    }
    let mut tags = tag.split('-');
    range.split('-').all(|wanted| tags.next().is_some_and(|tag| tag.eq_ignore_ascii_case(wanted)))
}

/// A test of a text of a term.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) source: Source,
    pub(super) test: TextTest,
    /// Of these letters one run is in every text that passes.
    needles: Option<Vec<Vec<char>>>,
}

impl Text {
    /// A test of texts.
    pub(super) fn new(source: Source, test: TextTest) -> Self {
        let needles = match &test {
            _ if source.part == Part::Language => None,
            TextTest::Contains(pattern)
            | TextTest::Starts(pattern)
            | TextTest::Ends(pattern)
            | TextTest::Compare(Comparison::Equal, pattern) => Some(vec![fold(pattern)]),
            TextTest::Regex(_, needles) => needles.clone(),
            TextTest::Compare(..) | TextTest::Matches(_) => None,
        };
        Self { source, test, needles }
    }

    /// What is known by kind, and by the order of the texts.
    pub(super) fn spans(&self, context: &Context) -> Spans {
        let error = Answer::Known(Truth::Error);
        let mut spans = Spans::text(context, |kind| match (self.source.part, kind) {
            (_, Kind::BlankNode | Kind::Triple) => error,
            (Part::Str, _) => Answer::Look,
            (Part::Own | Part::Language, Kind::LanguageString | Kind::DirectionalString)
            | (Part::Own, Kind::String) => Answer::Look,
            (Part::Own, _) | (Part::Language, Kind::NamedNode) => error,
            (Part::Language, _) => Answer::Known(self.test.passes(&self.source.cased(""), false)),
        });
        if self.source.cases.is_empty() && self.source.part != Part::Language {
            // These are sorted by text before all else.
            let sorted = [Kind::String, Kind::LanguageString, Kind::NamedNode];
            let sorted = &sorted[..if self.source.part == Part::Str { 3 } else { 2 }];
            for kind in sorted {
                match &self.test {
                    TextTest::Starts(prefix) => spans.paint_prefix(context, *kind, prefix),
                    TextTest::Compare(comparison, to) if !self.source.tagged => {
                        spans.paint_compared(context, *kind, *comparison, to);
                    }
                    _ => {}
                }
            }
        }
        spans
    }

    /// Of any term.
    pub(super) fn judge(&self, term: &ExpressionTerm) -> Truth {
        use ExpressionTerm as E;
        let (text, tag) = match (self.source.part, term) {
            (_, E::BlankNode(_) | E::Triple(_)) => return Truth::Error,
            (Part::Own | Part::Str, E::StringLiteral(text)) => (Cow::Borrowed(text.as_str()), false),
            (
                Part::Own | Part::Str,
                E::LangStringLiteral { value, .. } | E::DirLangStringLiteral { value, .. },
            ) => (Cow::Borrowed(value.as_str()), true),
            (Part::Own, _) | (Part::Language, E::NamedNode(_)) => return Truth::Error,
            (Part::Str, E::NamedNode(node)) => (Cow::Borrowed(node.as_str()), false),
            (Part::Str, other) => match Term::from(other.clone()) {
                Term::Literal(literal) => (Cow::Owned(literal.destruct().0), false),
                _ => return Truth::Error,
            },
            (
                Part::Language,
                E::LangStringLiteral { language, .. } | E::DirLangStringLiteral { language, .. },
            ) => (Cow::Borrowed(language.as_str()), false),
            (Part::Language, _) => (Cow::Borrowed(""), false),
        };
        self.test.passes(&self.source.cased(&text), tag && self.source.tagged)
    }

    /// Of a term of the index, which stays there.
    pub(super) fn look(&self, id: u32, context: &Context) -> Truth {
        let terms = context.terms();
        let told = terms.with_text(TermId(id), |text, kind, detail| {
            let (text, tag) = match (self.source.part, kind) {
                (Part::Own | Part::Str, Kind::String) | (Part::Str, Kind::NamedNode | Kind::OtherTyped) => {
                    (text, false)
                }
                (Part::Own | Part::Str, Kind::LanguageString) => (text, true),
                (Part::Language, Kind::LanguageString) => (detail, false),
                _ => return None,
            };
            Some(self.test.passes(&self.source.cased(text), tag && self.source.tagged))
        });
        told.unwrap_or_else(|| self.judge(&terms.term(TermId(id)).into()))
    }

    /// The ids of all texts of the index that pass, rising, when finding them is less work than to test so many terms.
    pub(super) fn search(&self, context: &Context, asked: usize) -> Result<Option<Vec<u32>>, EvaluateError> {
        let Some(needles) = &self.needles else { return Ok(None) };
        let most = asked.saturating_mul(QUICKER);
        if asked < WORTH {
            return Ok(None);
        }
        let Some(ranges) = context.index.words().candidates(needles, most) else { return Ok(None) };
        let mut found = Vec::new();
        for range in ranges {
            context.check()?;
            found.extend(range.filter(|id| self.look(*id, context) == Truth::True));
        }
        Ok(Some(found))
    }
}
