//! `aarre reconcile`.

use crate::terminal::{Done, Terminal, counted};
use graph_publish::home::Home;
use graph_publish::run;
use graph_store::WorkingStore;
use serde_json::{Value, json};

pub(crate) fn run(terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let store = WorkingStore::open(&home.store())?;
    let machines = reconcile(&home, &store, terminal)?;
    terminal.result("", &machines)?;
    Ok(Done::Complete)
}

/// Links entities and says how many.
pub(crate) fn reconcile(home: &Home, store: &WorkingStore, terminal: &Terminal) -> anyhow::Result<Value> {
    let found = run::reconcile(home, store)?;
    let links = counted(found.links as u64, "link");
    terminal.say(&format!("reconcile: {links} between entities with the same authority identifier"));
    if found.suspicious > 0 {
        let identifiers = counted(found.suspicious as u64, "identifier");
        terminal.warn(&format!("{identifiers} on too many entities to prove anything"));
    }
    Ok(json!({ "links": found.links, "suspicious": found.suspicious }))
}
