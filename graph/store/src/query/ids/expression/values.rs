//! What `BIND`, a key of `GROUP BY` or `ORDER BY`, or the argument of an aggregate computes.

use super::compile::variables;
use super::general::General;
use super::judge::Node;
use super::{Context, Truth};
use crate::query::evaluate::EvaluateError;
use crate::query::ids::rows::{Locals, Rows, UNBOUND};
use graph_index::Terms;
use oxrdf::{Literal, Term, Variable};
use spargebra::algebra::{Expression, Function};
use std::sync::Arc;

/// An expression whose value is wanted.
#[derive(Debug)]
pub(in crate::query) struct Value {
    form: Form,
    variables: Vec<Variable>,
    context: Arc<Context>,
}

#[derive(Debug)]
enum Form {
    Variable(Variable),
    Constant(Term),
    If(Box<(Node, Form, Form)>),
    Coalesce(Vec<Form>),
    /// A condition: `true`, `false` or an error.
    Truth(Node),
    General(General),
}

impl Value {
    /// Compiles an expression; `None` when it has to be left to the evaluator.
    #[must_use]
    pub(in crate::query) fn compile(expression: &Expression, context: &Arc<Context>) -> Option<Self> {
        let mut read = Vec::new();
        variables(expression, &mut read).then_some(())?;
        let form = Form::compile(expression, context)?;
        Some(Self { form, variables: read, context: Arc::clone(context) })
    }

    /// The variables that it reads, each once, in the order of their first mention.
    #[must_use]
    pub(in crate::query) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The value of each solution, [`UNBOUND`] after an error.
    ///
    /// # Errors
    /// When the query was cancelled.
    pub(in crate::query) fn compute(
        &self,
        rows: &Rows,
        locals: &mut Locals,
    ) -> Result<Vec<u32>, EvaluateError> {
        let among: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
        self.form.compute(rows, locals, &self.context, &among)
    }
}

impl Form {
    fn compile(expression: &Expression, context: &Arc<Context>) -> Option<Self> {
        use Expression as E;
        Some(match expression {
            E::Variable(variable) => Self::Variable(variable.clone()),
            E::NamedNode(node) => Self::Constant(node.clone().into()),
            E::Literal(literal) => Self::Constant(literal.clone().into()),
            E::If(test, yes, no) => Self::If(Box::new((
                Node::compile(test, context)?,
                Self::compile(yes, context)?,
                Self::compile(no, context)?,
            ))),
            E::Coalesce(list) => {
                Self::Coalesce(list.iter().map(|one| Self::compile(one, context)).collect::<Option<_>>()?)
            }
            _ if is_truth(expression) => Self::Truth(Node::compile(expression, context)?),
            _ => Self::General(General::value(expression, context)?),
        })
    }

    fn compute(
        &self,
        rows: &Rows,
        locals: &mut Locals,
        context: &Context,
        among: &[u32],
    ) -> Result<Vec<u32>, EvaluateError> {
        Ok(match self {
            Self::Variable(variable) => match rows.column(variable) {
                Some(column) => among.iter().map(|row| column[*row as usize]).collect(),
                None => vec![UNBOUND; among.len()],
            },
            Self::Constant(term) => vec![intern(term.clone(), locals, context); among.len()],
            Self::If(parts) => {
                let (test, yes, no) = &**parts;
                let truths = test.judge(rows, locals, context, among)?;
                let mut values = vec![UNBOUND; among.len()];
                for (branch, when) in [(yes, Truth::True), (no, Truth::False)] {
                    let places: Vec<usize> = (0..truths.len()).filter(|n| truths[*n] == when).collect();
                    fill(&mut values, &places, branch, rows, locals, context, among)?;
                }
                values
            }
            Self::Coalesce(forms) => {
                let mut values = vec![UNBOUND; among.len()];
                for form in forms {
                    let places: Vec<usize> = (0..values.len()).filter(|n| values[*n] == UNBOUND).collect();
                    fill(&mut values, &places, form, rows, locals, context, among)?;
                }
                values
            }
            Self::Truth(node) => {
                let truths = node.judge(rows, locals, context, among)?;
                let mut id = |value: bool| intern(Literal::from(value).into(), locals, context);
                let (yes, no) = (id(true), id(false));
                truths
                    .into_iter()
                    .map(|truth| match truth {
                        Truth::True => yes,
                        Truth::False => no,
                        Truth::Error => UNBOUND,
                    })
                    .collect()
            }
            Self::General(general) => general.values(rows, locals, context, among)?,
        })
    }
}

/// Computes for some of the solutions only.
fn fill(
    values: &mut [u32],
    places: &[usize],
    form: &Form,
    rows: &Rows,
    locals: &mut Locals,
    context: &Context,
    among: &[u32],
) -> Result<(), EvaluateError> {
    if places.is_empty() {
        return Ok(());
    }
    let some: Vec<u32> = places.iter().map(|n| among[*n]).collect();
    let computed = form.compute(rows, locals, context, &some)?;
    for (place, value) in places.iter().zip(computed) {
        values[*place] = value;
    }
    Ok(())
}

/// The id of a constant, as it would be stored.
fn intern(term: Term, locals: &mut Locals, context: &Context) -> u32 {
    match context.id(term.as_ref()) {
        Some(id) => id,
        None => locals.intern(Terms::stored(term.as_ref()).unwrap_or(term)),
    }
}

/// Whether the expression gives `true`, `false` or an error and nothing else, so that its value is its truth.
fn is_truth(expression: &Expression) -> bool {
    use Expression as E;
    match expression {
        E::Or(..)
        | E::And(..)
        | E::Not(_)
        | E::Equal(..)
        | E::SameTerm(..)
        | E::Less(..)
        | E::LessOrEqual(..)
        | E::Greater(..)
        | E::GreaterOrEqual(..)
        | E::In(..)
        | E::Bound(_) => true,
        E::FunctionCall(function, _) => matches!(
            function,
            Function::IsIri
                | Function::IsBlank
                | Function::IsLiteral
                | Function::IsNumeric
                | Function::IsTriple
                | Function::HasLang
                | Function::HasLangDir
                | Function::Contains
                | Function::StrStarts
                | Function::StrEnds
                | Function::Regex
                | Function::LangMatches
        ),
        _ => false,
    }
}
