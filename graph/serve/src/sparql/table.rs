//! An answer as a table for people.
//!
//! The query is evaluated to a format of one line a row (TSV, or N-Triples for a graph) and stopped after the
//! rows that a page shows; whoever wants all takes a file.

use super::answer::Answer;
use super::evaluate::Form;
use super::is_graph;
use super::runner::{Asker, Job};
use crate::generation::Generation;
use crate::problem::Problem;
use crate::state::App;
use graph_store::rdf::Term;
use graph_store::{DatasetParameters, GraphFormat, Prepared, QueryKind, ResultFormat, SolutionFormat};
use std::str::FromStr as _;
use std::sync::Arc;

/// How many rows a page shows.
pub(crate) const ROWS: usize = 500;

/// What is shown.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Whether there may be more rows than these.
    pub(crate) cut: bool,
    pub(crate) truth: Option<bool>,
    pub(crate) graph: bool,
}

/// One cell of a row.
#[derive(Debug)]
pub(crate) enum Cell {
    Term(Term),
    /// A number or the like that TSV writes bare.
    Bare(String),
    Unbound,
}

/// Runs the query for a page.
pub(crate) async fn evaluate_for_page(
    app: &App,
    generation: &Arc<Generation>,
    text: &str,
    dataset: &DatasetParameters,
    prepared: Prepared,
    asker: &Asker,
) -> Result<Shown, Problem> {
    let graph = is_graph(prepared.kind());
    let ask = prepared.kind() == QueryKind::Ask;
    let format = if graph {
        ResultFormat::Graph(GraphFormat::NTriples)
    } else {
        ResultFormat::Solutions(SolutionFormat::Tsv)
    };
    let lines = Some(ROWS + usize::from(!graph));
    let job =
        Job { text: text.into(), dataset: dataset.clone(), prepared, form: Form::Answer(format), lines };
    let Answer::Whole(bytes, ended) = app.runner.run(generation, job, asker).await? else {
        return Err(Problem::too_large("the rows are too long for a page; take the answer as a file"));
    };
    Ok(read(&String::from_utf8_lossy(&bytes), graph, ask, ended.cut))
}

fn read(text: &str, graph: bool, ask: bool, cut: bool) -> Shown {
    if ask {
        let truth = text.lines().next().map(|line| line.trim() == "true");
        return Shown { truth, ..Shown::default() };
    }
    if graph {
        let rows = text.lines().filter_map(statement).collect();
        return Shown { rows, cut, graph, ..Shown::default() };
    }
    let mut lines = text.split('\n');
    let columns: Vec<String> = lines
        .next()
        .unwrap_or_default()
        .split('\t')
        .map(|name| name.trim().trim_start_matches('?').to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let mut rows: Vec<Vec<Cell>> = lines.map(|line| line.split('\t').map(cell).collect()).collect();
    // After the last row there is a line end and nothing more.
    rows.pop();
    Shown { columns, rows, cut, truth: None, graph }
}

fn cell(text: &str) -> Cell {
    let text = text.trim_end_matches('\r');
    if text.is_empty() {
        return Cell::Unbound;
    }
    Term::from_str(text).map_or_else(|_| Cell::Bare(text.to_owned()), Cell::Term)
}

/// The three terms of a line of N-Triples. Its subject and predicate have no blanks.
fn statement(line: &str) -> Option<Vec<Cell>> {
    let line = line.trim().strip_suffix('.')?.trim_end();
    let (subject, rest) = line.split_once(' ')?;
    let (predicate, object) = rest.split_once(' ')?;
    Some([subject, predicate, object].into_iter().map(cell).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_rows_statements_and_truth() {
        let shown = read("?a\t?b\n<http://x/1>\t\"tab\\tin\"@fi\n\t12\n", false, false, false);
        assert_eq!((shown.columns.len(), shown.rows.len()), (2, 2));
        assert!(matches!(&shown.rows[0][1], Cell::Term(Term::Literal(text)) if text.value() == "tab\tin"));
        assert!(matches!(&shown.rows[1][0], Cell::Unbound));
        let graph = read("<http://x/1> <http://x/p> \"a . b\" .\n", true, false, false);
        assert!(matches!(&graph.rows[0][2], Cell::Term(Term::Literal(text)) if text.value() == "a . b"));
        assert_eq!(read("true", false, true, false).truth, Some(true));
        let one = read("?a\n\n<http://x/1>\n", false, false, false);
        assert_eq!(one.rows.len(), 2, "an unbound row of one column is an empty line");
    }
}
