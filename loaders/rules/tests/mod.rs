//! Rule files on small records: what comes, what goes, and what a fault in a file is told as.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod effects;
mod faults;
mod known;

use super::{Rules, TableFiles};
use crate::{FormatEntry, Outcome, Setup, Target, format_by_id};
use graph_model::{Base, DatasetId, write_statement};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

const BOOKS: &str = include_str!("../fixtures/books.xml");

fn converted(
    format: &FormatEntry,
    bytes: &str,
    mapping: Option<&str>,
    rules: Option<&Rules>,
) -> BTreeSet<String> {
    let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("d").unwrap());
    let target = Target { rules, ..Target::new(&base, &dataset) };
    let converter = (format.setup)(Setup { mapping }).unwrap();
    let mut lines = BTreeSet::new();
    let _ = converter.convert_on_this_thread(Box::new(bytes.as_bytes()), target, &mut |outcome| {
        let Outcome::Document { document, .. } = outcome else { panic!("{outcome:?}") };
        assert!(document.unreached().is_empty(), "{:?}", document.unreached());
        let mut line = Vec::new();
        for statement in document.statements() {
            line.clear();
            write_statement(&statement, None, &mut line);
            let text = String::from_utf8(line.clone()).unwrap();
            let mut text = text.trim_end().trim_end_matches(" .").replace("https://x.org/id/", "");
            for (prefix, namespace) in vocabularies::PREFIXES {
                text = text.replace(namespace, &format!("{prefix}:"));
            }
            lines.insert(format!(
                "{} | {} | {}",
                text.replace(['<', '>'], ""),
                statement.rule,
                statement.path
            ));
        }
        for issue in document.issues() {
            lines.insert(format!("{} ! {issue}", document.local()));
        }
        ControlFlow::Continue(())
    });
    lines
}

fn rules(text: &str) -> Rules {
    let files = TableFiles::from([("places.tsv".to_owned(), "Turku\tÅbo\n".to_owned())]);
    Rules::read(text, &files).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What a rule file takes away (-) and adds (+) on the two books.
fn difference(text: &str) -> Vec<String> {
    difference_of("marcxml", BOOKS, None, text)
}

fn difference_of(format: &str, bytes: &str, mapping: Option<&str>, text: &str) -> Vec<String> {
    let format = format_by_id(format).unwrap();
    let rules = rules(text);
    let (before, after) =
        (converted(format, bytes, mapping, None), converted(format, bytes, mapping, Some(&rules)));
    let gone = before.difference(&after).map(|line| format!("- {line}"));
    gone.chain(after.difference(&before).map(|line| format!("+ {line}"))).collect()
}
