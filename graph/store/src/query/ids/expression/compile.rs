//! From an expression to what is asked of a solution.

use super::exact::Comparison;
use super::general::General;
use super::judge::{Node, One, Test};
use super::pair::Pair;
use super::place::Place;
use super::spans::{Spans, datatype_kinds};
use super::text::{Source, Text, TextTest};
use super::{Context, Truth};
use crate::query::parts::{is_lasting, parts};
use graph_index::{Kind, Terms};
use oxrdf::vocab::xsd;
use oxrdf::{Literal, Term, Variable};
use spareval::ExpressionTerm;
use spargebra::algebra::{Expression, Function};
use std::sync::Arc;

/// Adds the variables of an expression; whether it can be evaluated once for each combination of their values.
pub(super) fn variables(expression: &Expression, found: &mut Vec<Variable>) -> bool {
    use Expression as E;
    match expression {
        E::Variable(variable) | E::Bound(variable) if !found.contains(variable) => {
            found.push(variable.clone());
        }
        E::FunctionCall(function, _) if !is_lasting(function) => return false,
        E::Exists(_) => return false,
        _ => {}
    }
    parts(expression).into_iter().all(|part| variables(part, found))
}

impl Node {
    /// What the expression is as a condition. The expression holds none of what [`variables`] refuses.
    pub(super) fn compile(expression: &Expression, context: &Arc<Context>) -> Option<Self> {
        use Expression as E;
        if let Some(node) = known(expression, context) {
            return Some(node);
        }
        if let Some(place) = Place::compile(expression, context) {
            return Some(Self::Place(place));
        }
        Some(match expression {
            E::Or(a, b) => Self::Or(vec![Self::compile(a, context)?, Self::compile(b, context)?]),
            E::And(a, b) => Self::And(vec![Self::compile(a, context)?, Self::compile(b, context)?]),
            E::Not(a) => Self::Not(Box::new(Self::compile(a, context)?)),
            E::If(a, b, c) => Self::If(Box::new([
                Self::compile(a, context)?,
                Self::compile(b, context)?,
                Self::compile(c, context)?,
            ])),
            E::In(a, list) if !list.is_empty() => {
                let nodes: Option<Vec<_>> = list
                    .iter()
                    .map(|b| Self::compile(&E::Equal(a.clone(), Box::new(b.clone())), context))
                    .collect();
                one_of(nodes?)
            }
            _ => Self::General(General::condition(expression, context)?),
        })
    }
}

/// The choices of `IN` as one test, where each is known by the place of the id.
fn one_of(nodes: Vec<Node>) -> Node {
    let mut ones = nodes.iter().map(|node| match node {
        Node::One(one) if matches!(one.test, Test::Compare(..)) && one.spans.decided() => Some(one),
        _ => None,
    });
    let Some(Some(first)) = ones.next() else { return Node::Or(nodes) };
    let mut spans = first.spans.clone();
    let mut tests = vec![first.test.clone()];
    for one in ones {
        let Some(one) = one.filter(|one| one.variable == first.variable) else { return Node::Or(nodes) };
        spans = spans.or(&one.spans);
        tests.push(one.test.clone());
    }
    Node::One(One::new(first.variable.clone(), spans, Test::Any(tests)))
}

fn constant(expression: &Expression) -> Option<Term> {
    match expression {
        Expression::NamedNode(node) => Some(node.clone().into()),
        Expression::Literal(literal) => Some(literal.clone().into()),
        _ => None,
    }
}

fn string(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Literal(literal) => plain(literal),
        _ => None,
    }
}

fn plain(literal: &Literal) -> Option<&str> {
    (literal.datatype() == xsd::STRING).then(|| literal.value())
}

/// What has code of its own.
fn known(expression: &Expression, context: &Arc<Context>) -> Option<Node> {
    use Expression as E;
    Some(match expression {
        E::Literal(literal) => Node::Constant(boolean(&ExpressionTerm::from(Term::from(literal.clone())))),
        E::Bound(variable) => Node::Bound(variable.clone()),
        E::Equal(a, b) => compare(Comparison::Equal, a, b, context)?,
        E::Less(a, b) => compare(Comparison::Less, a, b, context)?,
        E::LessOrEqual(a, b) => compare(Comparison::LessOrEqual, a, b, context)?,
        E::Greater(a, b) => compare(Comparison::Greater, a, b, context)?,
        E::GreaterOrEqual(a, b) => compare(Comparison::GreaterOrEqual, a, b, context)?,
        E::SameTerm(a, b) => match (&**a, &**b) {
            (E::Variable(a), E::Variable(b)) => Node::Pair(Pair::same(a.clone(), b.clone())),
            (E::Variable(variable), other) | (other, E::Variable(variable)) => {
                let constant = constant(other)?;
                let spans = Spans::same(context, &constant);
                let stored = Terms::stored(constant.as_ref()).unwrap_or(constant);
                Node::One(One::new(variable.clone(), spans, Test::Same(stored)))
            }
            _ => return None,
        },
        E::FunctionCall(function, list) => function_call(function, list, context)?,
        _ => return None,
    })
}

fn compare(comparison: Comparison, a: &Expression, b: &Expression, context: &Arc<Context>) -> Option<Node> {
    use Expression as E;
    if let (E::Variable(a), E::Variable(b)) = (a, b) {
        return Some(Node::Pair(Pair::compare(comparison, a.clone(), b.clone())));
    }
    let (comparison, expression, constant) = match (constant(a), constant(b)) {
        (None, Some(constant)) => (comparison, a, constant),
        (Some(constant), None) => (comparison.turned(), b, constant),
        _ => return None,
    };
    Some(match expression {
        E::Variable(variable) => {
            let spans = Spans::compare(context, comparison, &constant);
            Node::One(One::new(variable.clone(), spans, Test::Compare(comparison, constant.into())))
        }
        E::FunctionCall(Function::Year, list) => {
            let (E::Variable(variable), ExpressionTerm::IntegerLiteral(year)) =
                (list.first()?, ExpressionTerm::from(constant))
            else {
                return None;
            };
            let spans = Spans::year(context, comparison, year.into());
            Node::One(One::new(variable.clone(), spans, Test::Year(comparison, year.into())))
        }
        E::FunctionCall(Function::Datatype, list) if comparison == Comparison::Equal => {
            let (E::Variable(variable), Term::NamedNode(datatype)) = (list.first()?, constant) else {
                return None;
            };
            let spans = datatype_kinds(context, datatype.as_ref());
            Node::One(One::new(variable.clone(), spans, Test::Datatype(datatype)))
        }
        _ => {
            let source = Source::of(expression)?;
            let Term::Literal(literal) = constant else { return None };
            text(source, TextTest::Compare(comparison, plain(&literal)?.to_owned()), context)
        }
    })
}

fn text((variable, source): (Variable, Source), test: TextTest, context: &Context) -> Node {
    let text = Text::new(source, test);
    let spans = text.spans(context);
    Node::One(One::new(variable, spans, Test::Text(Arc::new(text))))
}

fn function_call(function: &Function, list: &[Expression], context: &Arc<Context>) -> Option<Node> {
    let first = list.first()?;
    let kinds = |is: fn(Kind) -> bool| match first {
        Expression::Variable(variable) => {
            Some(Node::One(One::new(variable.clone(), Spans::kinds(context, is), Test::Kinds(is))))
        }
        _ => None,
    };
    match function {
        Function::IsIri => kinds(|kind| kind == Kind::NamedNode),
        Function::IsBlank => kinds(|kind| kind == Kind::BlankNode),
        Function::IsLiteral => kinds(Kind::is_literal),
        Function::IsNumeric => kinds(|kind| kind == Kind::Numeric),
        Function::IsTriple => kinds(|kind| kind == Kind::Triple),
        Function::HasLang => kinds(|kind| matches!(kind, Kind::LanguageString | Kind::DirectionalString)),
        Function::HasLangDir => kinds(|kind| kind == Kind::DirectionalString),
        Function::Contains | Function::StrStarts | Function::StrEnds => {
            let source = Source::of(first)?;
            let pattern = string(list.get(1)?)?.to_owned();
            let test = match function {
                Function::Contains => TextTest::Contains(pattern),
                Function::StrStarts => TextTest::Starts(pattern),
                _ => TextTest::Ends(pattern),
            };
            Some(text(source, test, context))
        }
        Function::Regex => {
            let source = Source::of(first)?;
            let flags = match list.get(2) {
                Some(flags) => string(flags)?,
                None => "",
            };
            Some(text(source, TextTest::regex(string(list.get(1)?)?, flags)?, context))
        }
        Function::LangMatches => {
            let source = Source::of(first)?;
            let range = string(list.get(1)?)?.to_ascii_lowercase();
            source.1.is_language().then(|| text(source, TextTest::Matches(range), context))
        }
        _ => None,
    }
}

/// The effective boolean value (SPARQL 1.1, 17.2.2).
pub(super) fn boolean(term: &ExpressionTerm) -> Truth {
    use oxsdatatypes::Boolean;
    Truth::from(match term {
        ExpressionTerm::BooleanLiteral(value) => (*value).into(),
        ExpressionTerm::StringLiteral(text) => !text.is_empty(),
        ExpressionTerm::FloatLiteral(number) => Boolean::from(*number).into(),
        ExpressionTerm::DoubleLiteral(number) => Boolean::from(*number).into(),
        ExpressionTerm::IntegerLiteral(number) => Boolean::from(*number).into(),
        ExpressionTerm::DecimalLiteral(number) => Boolean::from(*number).into(),
        _ => return Truth::Error,
    })
}
