//! `aarre review`: what waits for a decision.

use crate::args::ReviewArguments;
use crate::terminal::{Done, Terminal, counted};
use graph_publish::reconcile::LINKS;
use graph_store::{Proposal, Side, WorkingStore, proposals};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How wide a column is, in characters.
const COLUMN: usize = 46;
/// How wide the column with the names of properties is.
const NAMES: usize = 18;

pub(crate) fn run(arguments: &ReviewArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let store = WorkingStore::open(&home.store())?;
    let (shown, all) = proposals(&store.view(), &home.config.base.graph(LINKS), &["en"], arguments.first)?;
    let mut text = match all {
        0 => "Nothing waits for a decision.".to_owned(),
        1 => "1 proposal waits for a decision".to_owned(),
        _ => format!("{} wait for a decision", counted(all as u64, "proposal")),
    };
    for (index, proposal) in shown.iter().enumerate() {
        let _ = write!(text, "\n\n{}. {}", index + 1, in_words(proposal));
    }
    if shown.len() < all {
        let _ = write!(text, "\n\n{} more: aarre review --first {all}", all - shown.len());
    }
    terminal.result(&text, &json!({ "waiting": all, "proposals": shown }))?;
    Ok(Done::Complete)
}

/// A proposal, the two side by side.
fn in_words(proposal: &Proposal) -> String {
    let Proposal { score, one, other, evidence, .. } = proposal;
    let name = |side: &Side| side.label.clone().unwrap_or_else(|| side.iri.clone());
    let mut text = format!("{} = {}?  {:.0} %", name(one), name(other), score * 100.0);
    let properties: BTreeSet<&String> = one.said.keys().chain(other.said.keys()).collect();
    row(&mut text, "", &one.iri, &other.iri);
    for property in properties {
        let said = |side: &Side| side.said.get(property).map(|values| values.join("; ")).unwrap_or_default();
        row(&mut text, property, &said(one), &said(other));
    }
    for ground in evidence {
        let _ = write!(text, "\n   · {ground}");
    }
    let _ = write!(
        text,
        "\n   aarre decide accept '{0}' '{1}'\n   aarre decide reject '{0}' '{1}'",
        one.iri, other.iri
    );
    text
}

/// A line of the table, or several where the columns are too narrow.
fn row(text: &mut String, name: &str, one: &str, other: &str) {
    let (one, other) = (cut(one), cut(other));
    for line in 0..one.len().max(other.len()) {
        let name = if line == 0 { name } else { "" };
        let of = |column: &[String]| column.get(line).cloned().unwrap_or_default();
        let _ = write!(text, "\n   {name:<NAMES$} {:<COLUMN$}  {}", of(&one), of(&other));
    }
}

fn cut(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(COLUMN).map(|line| line.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_stand_side_by_side() {
        let side = |iri: &str, label: &str, born: &str| Side {
            iri: iri.to_owned(),
            label: Some(label.to_owned()),
            said: [("rdagr2:dateOfBirth".to_owned(), vec![born.to_owned()])].into(),
        };
        let text = in_words(&Proposal {
            score: 0.714,
            method: "m".to_owned(),
            evidence: vec!["the family name is the same".to_owned()],
            one: side("http://x.org/id/agent/a", "Repin, I.", "1844"),
            other: side("http://y.org/1", "Репін, Ілля", "1844"),
        });
        assert!(text.starts_with("Repin, I. = Репін, Ілля?  71 %"), "{text}");
        let row = text.lines().find(|line| line.contains("rdagr2:dateOfBirth")).unwrap_or_default();
        assert_eq!(row.matches("1844").count(), 2, "{text}");
        assert!(
            text.contains("· the family name")
                && text.contains("decide accept 'http://x.org/id/agent/a' 'http://y.org/1'")
        );
    }
}
