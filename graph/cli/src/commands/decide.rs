//! `aarre decide`: what people say of two entities.

use crate::args::{DecideCommand, Signed};
use crate::terminal::{Done, Terminal};
use graph_publish::load::date_time;
use graph_publish::reconcile;
use graph_reconcile::decisions::{self, Decision, DecisionFile, Log, Pair, What};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::SystemTime;

pub(crate) fn run(command: &DecideCommand, terminal: &Terminal) -> anyhow::Result<Done> {
    let (what, signed) = match command {
        DecideCommand::List => return list(terminal),
        DecideCommand::Undo(undo) => (What::Undo { undoes: undo.decision }, &undo.signed),
        DecideCommand::Accept(pair) => (What::Accept(Pair::new(&pair.one, &pair.other)), &pair.signed),
        DecideCommand::Reject(pair) => (What::Reject(Pair::new(&pair.one, &pair.other)), &pair.signed),
        DecideCommand::Merge(pair) => (What::Merge(Pair::new(&pair.one, &pair.other)), &pair.signed),
        DecideCommand::Split(pair) => (What::Split(Pair::new(&pair.one, &pair.other)), &pair.signed),
        DecideCommand::Never(pair) => (What::Never(Pair::new(&pair.one, &pair.other)), &pair.signed),
    };
    decide(what, signed, terminal)
}

fn decide(what: What, signed: &Signed, terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    reconcile::check(&home, &what)?;
    let mut file = DecisionFile::open(home.path())?;
    warn_of_damage(file.log(), terminal);
    let decision = file.decide(what, &signed.by, &date_time(SystemTime::now()), signed.why.as_deref())?;
    let text = format!(
        "{}\nIt counts from the next `aarre reconcile` on; `aarre decide undo {}` takes it back.",
        in_words(&decision, true),
        decision.id
    );
    terminal.result(&text, &serde_json::to_value(&decision)?)?;
    Ok(Done::Complete)
}

fn list(terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let log = decisions::read(home.path())?;
    warn_of_damage(&log, terminal);
    let state = log.state();
    for contradiction in state.contradictions() {
        terminal.warn(&format!("{contradiction}; it has no effect"));
    }
    let mut all: Vec<(&Decision, bool)> = state.all().collect();
    all.reverse();
    let text = if all.is_empty() {
        "Nothing was decided yet; `aarre review` shows what waits.".to_owned()
    } else {
        all.iter().map(|(decision, counts)| in_words(decision, *counts)).collect::<Vec<_>>().join("\n")
    };
    let machines: Vec<Value> = all
        .iter()
        .map(|(decision, counts)| {
            let mut value = serde_json::to_value(decision)?;
            value["in_force"] = json!(counts);
            Ok(value)
        })
        .collect::<Result<_, serde_json::Error>>()?;
    terminal.result(&text, &json!({ "decisions": machines }))?;
    Ok(Done::Complete)
}

fn warn_of_damage(log: &Log, terminal: &Terminal) {
    for damage in log.damage() {
        terminal.warn(&format!(
            "decisions/decisions.jsonl, line {}: {}; it is left out",
            damage.line, damage.fault
        ));
    }
}

/// A decision in a line or two.
fn in_words(decision: &Decision, counts: bool) -> String {
    let mut text = format!("{} · {} · {} · ", decision.id, decision.when, decision.who);
    let said = match &decision.what {
        What::Accept(pair) => format!("{} is {}", pair.one, pair.other),
        What::Reject(pair) => format!("{} is not {}", pair.one, pair.other),
        What::Never(pair) => format!("{} is never {}", pair.one, pair.other),
        What::Merge(pair) => format!("{} is merged into {}", pair.other, pair.one),
        What::Split(pair) => format!("{} stands apart from {}", pair.one, pair.other),
        What::Undo { undoes } => format!("decision {undoes} is undone"),
    };
    text.push_str(&said);
    if !counts && decision.what.pair().is_some() {
        text.push_str(" (undone)");
    }
    if let Some(why) = &decision.why {
        let _ = write!(text, "\n    {why}");
    }
    text
}
