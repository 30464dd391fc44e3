//! Geometries near a constant one: `geof:sfWithin(?x, …)` and its like, `geof:distance(?x, …, unit) < r`.
//!
//! The tree of boxes tells which literals can be meant; these are given to the evaluator as any other expression is, and
//! of the rest it is known that they are not meant. Relations are of the plane, so a box is a box; a distance is along
//! a great circle, so its box is wider towards the poles, goes around the earth at them, and over the antimeridian is
//! two.

use super::general::General;
use super::{Context, Truth};
use crate::query::evaluate::EvaluateError;
use crate::query::ids::rows::{Locals, Rows};
use graph_index::{Bounds, bounds};
use oxrdf::{NamedNode, Term, Variable};
use spareval::ExpressionTerm;
use spargebra::algebra::{Expression, Function};
use spargeo::GEOSPARQL_EXTENSION_FUNCTIONS;
use std::cell::OnceCell;

/// What only geometries can have to each other whose boxes meet.
const RELATIONS: [&str; 7] =
    ["sfIntersects", "sfWithin", "sfContains", "sfTouches", "sfOverlaps", "sfCrosses", "sfEquals"];
const DISTANCE: &str = "distance";

/// A literal that has to be looked at.
const LOOK: u8 = 3;

/// A condition on where a geometry lies.
#[derive(Debug)]
pub(super) struct Place {
    variable: Variable,
    boxes: Vec<Bounds>,
    /// Of what is not a point a distance is an error.
    points: bool,
    general: General,
    /// For each WKT literal a truth, or [`LOOK`].
    table: OnceCell<Vec<u8>>,
}

impl Place {
    /// `None` for any other expression.
    pub(super) fn compile(expression: &Expression, context: &Context) -> Option<Self> {
        let (variable, boxes, points) = match expression {
            Expression::FunctionCall(Function::Custom(name), list) => {
                let [a, b] = list.as_slice() else { return None };
                RELATIONS.contains(&function(name)?.0).then_some(())?;
                let (variable, constant) = one_variable(a, b)?;
                (variable, vec![bounds(&constant)?], false)
            }
            Expression::Less(a, b) | Expression::LessOrEqual(a, b) => distance(a, b)?,
            Expression::Greater(a, b) | Expression::GreaterOrEqual(a, b) => distance(b, a)?,
            _ => return None,
        };
        let general = General::condition(expression, context)?;
        Some(Self { variable, boxes, points, general, table: OnceCell::new() })
    }

    pub(super) fn judge(
        &self,
        rows: &Rows,
        locals: &Locals,
        context: &Context,
        among: &[u32],
    ) -> Result<Vec<Truth>, EvaluateError> {
        let Some(column) = rows.column(&self.variable) else { return Ok(vec![Truth::Error; among.len()]) };
        context.check()?;
        let literals = context.index.places().literals();
        let table = self.table.get_or_init(|| self.table(context));
        let (mut truths, mut places, mut asked) = (vec![Truth::Error; among.len()], Vec::new(), Vec::new());
        for (n, row) in among.iter().enumerate() {
            let id = column[*row as usize];
            let known = if literals.contains(&id) { table.get((id - literals.start) as usize) } else { None };
            match known {
                Some(0) => truths[n] = Truth::False,
                Some(2) => {}
                _ => {
                    places.push(n);
                    asked.push(*row);
                }
            }
        }
        let told = self.general.truths(rows, locals, context, &asked)?;
        places.into_iter().zip(told).for_each(|(n, truth)| truths[n] = truth);
        Ok(truths)
    }

    fn table(&self, context: &Context) -> Vec<u8> {
        let places = context.index.places();
        let literals = places.literals();
        let other = if self.points { Truth::Error } else { Truth::False };
        let mut table = vec![other as u8; literals.len()];
        let mut mark = |id: u32, what: u8| {
            if let Some(entry) = id.checked_sub(literals.start).and_then(|at| table.get_mut(at as usize)) {
                *entry = what;
            }
        };
        if self.points {
            places.points().for_each(|id| mark(id, Truth::False as u8));
        }
        let near = self.boxes.iter().flat_map(|bounds| places.meeting(bounds));
        near.chain(places.odd().iter().copied()).for_each(|id| mark(id, LOOK));
        table
    }
}

type Spargeo = fn(&[Term]) -> Option<Term>;

fn function(name: &NamedNode) -> Option<(&'static str, Spargeo)> {
    let (iri, function) = GEOSPARQL_EXTENSION_FUNCTIONS.into_iter().find(|(iri, _)| *iri == name.as_ref())?;
    Some((iri.as_str().rsplit_once('/')?.1, function))
}

fn one_variable(a: &Expression, b: &Expression) -> Option<(Variable, Term)> {
    match (a, b) {
        (Expression::Variable(variable), Expression::Literal(literal))
        | (Expression::Literal(literal), Expression::Variable(variable)) => {
            Some((variable.clone(), literal.clone().into()))
        }
        _ => None,
    }
}

/// `geof:distance(…) < limit`.
fn distance(call: &Expression, limit: &Expression) -> Option<(Variable, Vec<Bounds>, bool)> {
    let (Expression::FunctionCall(Function::Custom(name), list), Expression::Literal(limit)) = (call, limit)
    else {
        return None;
    };
    let (short, spargeo) = function(name)?;
    let [a, b, unit] = list.as_slice() else { return None };
    if short != DISTANCE {
        return None;
    }
    let (variable, constant) = one_variable(a, b)?;
    let unit: Term = match unit {
        Expression::NamedNode(unit) => unit.clone().into(),
        Expression::Literal(unit) => unit.clone().into(),
        _ => return None,
    };
    let limit = number(&ExpressionTerm::from(Term::from(limit.clone())))?;
    let bounds = bounds(&constant)?;
    // What one degree of the equator is in the unit tells its size; what is no point has no distance to itself.
    let at = |longitude: u8| -> Term {
        let text = format!("POINT({longitude} 0)");
        oxrdf::Literal::new_typed_literal(text, vocabularies::geo::WKT_LITERAL).into()
    };
    spargeo(&[constant.clone(), constant, unit.clone()])?;
    let degree = number(&spargeo(&[at(0), at(1), unit])?.into())?;
    let angle = limit / degree * (1.0 + 1e-9) + 1e-7;
    Some((variable, reach(bounds[0], bounds[1], angle)?, true))
}

fn number(term: &ExpressionTerm) -> Option<f64> {
    Some(match term {
        ExpressionTerm::IntegerLiteral(number) => oxsdatatypes::Double::from(*number).into(),
        ExpressionTerm::DecimalLiteral(number) => oxsdatatypes::Double::from(*number).into(),
        ExpressionTerm::FloatLiteral(number) => oxsdatatypes::Double::from(*number).into(),
        ExpressionTerm::DoubleLiteral(number) => (*number).into(),
        _ => return None,
    })
}

/// The boxes of all that is so many degrees of a great circle from a place; `None` when that is no small part of the earth.
fn reach(x: f64, y: f64, angle: f64) -> Option<Vec<Bounds>> {
    let on_earth = (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y);
    if !on_earth || angle.is_nan() || angle >= 45.0 {
        return None;
    }
    if angle < 0.0 {
        return Some(Vec::new());
    }
    let (low, high) = (y - angle, y + angle);
    if low <= -90.0 || high >= 90.0 {
        return Some(vec![[-180.0, low, 180.0, high]]);
    }
    let width = (angle.to_radians().sin() / y.to_radians().cos()).asin().to_degrees() + 1e-7;
    let (left, right) = (x - width, x + width);
    let mut boxes = vec![[left, low, right, high]];
    if left < -180.0 {
        boxes.push([left + 360.0, low, 180.0, high]);
    }
    if right > 180.0 {
        boxes.push([-180.0, low, right - 360.0, high]);
    }
    Some(boxes)
}
