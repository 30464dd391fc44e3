//! `/statistics`: the data cubes of the catalogue as tables with bars, of all datasets or of one.

use crate::conditional::Tag;
use crate::generation::Generation;
use crate::pages::{Layout, grouped, page};
use crate::problem::Problem;
use crate::state::{App, Shared};
use crate::value::{Value, Words};
use crate::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use graph_store::rdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use std::collections::BTreeMap;
use vocabularies::{aarre, xsd};

/// A cube: what its IRI ends with, its dimension, and whether its values have an order of their own.
const CUBES: [(&str, NamedNodeRef<'static>, bool); 6] = [
    ("by-sector", aarre::OF_SECTOR, false),
    ("by-type", aarre::OF_TYPE, false),
    ("by-century", aarre::OF_CENTURY, true),
    ("by-place", aarre::OF_PLACE, false),
    ("by-rights", aarre::OF_RIGHTS, false),
    ("by-month", aarre::OF_MONTH, true),
];
/// The cube that has no dimension but the dataset.
const DATASETS: &str = "by-dataset";
/// How wide the bar of the largest value is.
const WIDTH: f64 = 100.0;

#[derive(Template)]
#[template(path = "statistics.html")]
struct StatisticsPage {
    at: Layout,
    /// The datasets to choose from, with the one that is chosen.
    choices: Vec<Choice>,
    tables: Vec<Table>,
}

struct Choice {
    id: String,
    title: String,
    chosen: bool,
}

struct Table {
    name: &'static str,
    heading: String,
    rows: Vec<Row>,
}

struct Row {
    value: Value,
    items: String,
    digitised: String,
    share: String,
    /// The lengths of the bars, of a hundred.
    width: String,
    part: String,
}

/// One number of a cube.
struct Observation {
    value: Option<Term>,
    items: u64,
    digitised: u64,
}

/// `/statistics`.
pub(crate) async fn statistics(State(app): State<Shared>, visit: Visit, headers: HeaderMap) -> Response {
    let generation = app.generations.current();
    let dataset = visit.parameters.get("dataset").filter(|id| !id.is_empty()).unwrap_or("all").to_owned();
    let known = generation.statistics.datasets.iter().any(|other| other.id == dataset);
    if dataset != "all" && !known {
        return Problem::not_found("there is no such dataset; /statistics lists them").into_response();
    }
    let parts = ["statistics", &dataset, visit.language.tag(), visit.suffix.as_str()];
    let tag = Tag::new(generation.number, generation.seed, &parts);
    if tag.is_held(&headers) {
        return tag.not_modified("Accept, Accept-Language");
    }
    let made = tokio::task::spawn_blocking(move || {
        let language = visit.language;
        match build(&app, &visit, &generation, &dataset) {
            Ok(view) => page(StatusCode::OK, language, &view),
            Err(problem) => problem.into_response(),
        }
    });
    let mut response = made.await.unwrap_or_else(|error| Problem::internal(&error).into_response());
    if response.status() == StatusCode::OK {
        tag.mark(response.headers_mut());
    }
    response
}

fn build(
    app: &App,
    visit: &Visit,
    generation: &Generation,
    dataset: &str,
) -> Result<StatisticsPage, Problem> {
    let mut words = Words::new(&app.place, visit.language, &visit.suffix);
    let at = Layout::new(app, visit, generation.number, visit.language.word("statistics"));
    let mut cubes = observations(app, generation, dataset)?;
    let mut tables = Vec::new();
    if dataset == "all" {
        let told = generation.statistics.datasets.iter();
        let mut rows = Vec::new();
        for other in told {
            let of_other = app.place.iri(&format!("dataset/{}", other.id));
            let observation =
                one(generation, &app.place.iri(&format!("statistics/{DATASETS}#{}", other.id)))?;
            rows.push(Observation { value: NamedNode::new(of_other).ok().map(Into::into), ..observation });
        }
        tables.extend(table(generation, &mut words, DATASETS, aarre::OF_DATASET, &rows)?);
    }
    for (name, property, ordered) in CUBES {
        let mut rows = cubes.remove(name).unwrap_or_default();
        rows.sort_by_cached_key(|row| {
            let value = row.value.as_ref().map(ToString::to_string).unwrap_or_default();
            let rest = row.value.as_ref().is_some_and(is_rest);
            let year = row.value.as_ref().filter(|_| ordered).and_then(year);
            (rest, year, std::cmp::Reverse(if ordered { 0 } else { row.items }), value)
        });
        tables.extend(table(generation, &mut words, name, property, &rows)?);
    }
    let choices = generation.statistics.datasets.iter().map(|other| Choice {
        chosen: other.id == dataset,
        title: other.name().to_owned(),
        id: other.id.clone(),
    });
    Ok(StatisticsPage { choices: choices.collect(), tables, at })
}

/// What the cubes say of a dataset, by the end of the cube's IRI.
fn observations(
    app: &App,
    generation: &Generation,
    dataset: &str,
) -> Result<BTreeMap<String, Vec<Observation>>, Problem> {
    let fault = |error: &dyn std::fmt::Display| Problem::internal(error);
    let of = NamedNode::new(app.place.iri(&format!("dataset/{dataset}"))).map_err(|error| fault(&error))?;
    let mut cubes: BTreeMap<String, Vec<Observation>> = BTreeMap::new();
    let found = generation.snapshot.matching(None, Some(aarre::OF_DATASET), Some(of.as_ref().into()), None);
    for quad in found {
        let NamedOrBlankNode::NamedNode(node) = quad.map_err(|error| fault(&error))?.subject else {
            continue;
        };
        let Some((cube, _)) = node.as_str().split_once('#') else { continue };
        let name = cube.rsplit('/').next().unwrap_or_default().to_owned();
        cubes.entry(name).or_default().push(one(generation, node.as_str())?);
    }
    Ok(cubes)
}

fn one(generation: &Generation, iri: &str) -> Result<Observation, Problem> {
    let mut told = Observation { value: None, items: 0, digitised: 0 };
    let Ok(node) = NamedNode::new(iri) else { return Ok(told) };
    for quad in generation.snapshot.matching(Some(node.as_ref()), None, None, None) {
        let quad = quad.map_err(|error| Problem::internal(&error))?;
        let number = || match &quad.object {
            Term::Literal(literal) => literal.value().parse().unwrap_or_default(),
            _ => 0,
        };
        if quad.predicate == aarre::ITEM_COUNT {
            told.items = number();
        } else if quad.predicate == aarre::DIGITISED_COUNT {
            told.digitised = number();
        } else if CUBES.iter().any(|(_, property, _)| quad.predicate == *property) {
            told.value = Some(quad.object);
        }
    }
    Ok(told)
}

fn table(
    generation: &Generation,
    words: &mut Words<'_>,
    name: &'static str,
    property: NamedNodeRef<'_>,
    rows: &[Observation],
) -> Result<Option<Table>, Problem> {
    let most = rows.iter().map(|row| row.items).max().unwrap_or_default();
    if most == 0 {
        return Ok(None);
    }
    let iris = rows.iter().filter_map(|row| match &row.value {
        Some(Term::NamedNode(node)) => Some(node.as_str()),
        _ => None,
    });
    words.learn(&generation.snapshot, iris)?;
    let rows = rows
        .iter()
        .map(|row| Row {
            value: row.value.as_ref().map(|value| shown(value, words)).unwrap_or_default(),
            items: grouped(row.items),
            digitised: grouped(row.digitised),
            share: format!("{:.0} %", of_hundred(row.digitised, row.items)),
            width: format!("{:.2}", of_hundred(row.items, most)),
            part: format!("{:.2}", of_hundred(row.digitised, most)),
        })
        .collect();
    Ok(Some(Table { name, heading: words.name(property.as_str()).text, rows }))
}

/// A value of a dimension; a century is told by its hundreds, and what the statistics say themselves is no link.
fn shown(value: &Term, words: &Words<'_>) -> Value {
    let hundreds = match value {
        Term::Literal(literal) if literal.datatype() == xsd::G_YEAR => {
            literal.value().strip_suffix("00").map(|hundreds| format!("{hundreds}XX"))
        }
        _ => None,
    };
    match hundreds {
        Some(edtf) => Value { text: crate::value::date(&edtf, words.language), ..Value::default() },
        // What is of our own vocabulary, a sector or a remainder, has no page.
        None if is_own(value) => Value { href: None, iri: None, ..words.term(value.as_ref()) },
        None => words.term(value.as_ref()),
    }
}

/// Whether it stands for what has no value, or for the values that are not told.
fn is_rest(value: &Term) -> bool {
    let rest = [aarre::NOT_STATED, aarre::OTHER_VALUES];
    matches!(value, Term::NamedNode(node) if rest.contains(&node.as_ref()))
}

/// Whether it is a term of the vocabulary of Aarre.
fn is_own(value: &Term) -> bool {
    matches!(value, Term::NamedNode(node) if node.as_str().starts_with(aarre::NAMESPACE))
}

fn year(value: &Term) -> Option<i64> {
    let Term::Literal(literal) = value else { return None };
    let (digits, sign) = literal.value().strip_prefix('-').map_or((literal.value(), 1), |rest| (rest, -1));
    // A month counts behind those before it.
    let month: i64 = digits.get(5..7).and_then(|month| month.parse().ok()).unwrap_or_default();
    digits.get(..4)?.parse::<i64>().ok().map(|year| sign * year * 100 + month)
}

fn of_hundred(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "two decimals are shown")]
    let share = part as f64 / whole.max(1) as f64;
    share * WIDTH
}
